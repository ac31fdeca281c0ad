//! `/settings/templates`: the texts that a reply to a customer can begin with.

use std::sync::Arc;

use axum::{
    extract::{Path, RawQuery, State},
    http::StatusCode,
    response::Response,
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{Notice, Part, framed};
use crate::{
    access::person::Person,
    http::{error::PageError, extract::OwnForm, redirect::see_other},
    language::Language,
    locales,
    replying::{advertising, tidy},
    site::{
        case::warning,
        frame::{field, form_token},
    },
    state::Shared,
    store::{
        replies::MAX_REPLY_LENGTH,
        templates::{MAX_TEMPLATE_NAME_LENGTH, MAX_TEMPLATES, Template, TemplateText},
    },
    words::words,
};

words! {
    struct Words {
        title: "Templates", "Vorlagen";
        lead: "Texts that a reply to a customer can begin with. Choose one on the page of an answer, and change it there as you like.",
            "Texte, mit denen eine Antwort an Kundinnen und Kunden beginnen kann. Wählen Sie auf der Seite einer Rückmeldung eine Vorlage, und ändern Sie sie dort nach Belieben.";
        none: "There are no templates yet.", "Noch gibt es keine Vorlagen.";
        new: "New template", "Neue Vorlage";
        name: "Name", "Name";
        name_hint: "For colleagues, such as “Late delivery”.", "Für das Team, etwa „Späte Lieferung“.";
        language: "Language", "Sprache";
        text: "Text", "Text";
        text_hint: "At most 2,000 characters.", "Höchstens 2.000 Zeichen.";
        add: "Add", "Hinzufügen";
        change: "Change", "Ändern";
        save: "Save", "Speichern";
        remove: "Remove", "Entfernen";
        no_name: "Enter a name of at most 80 characters.", "Geben Sie einen Namen mit höchstens 80 Zeichen ein.";
        no_text: "Enter a text of at most 2,000 characters.", "Geben Sie einen Text mit höchstens 2.000 Zeichen ein.";
        no_room: "There are 100 templates already. Remove one first.", "Es gibt schon 100 Vorlagen. Entfernen Sie zuerst eine.";
        added: "The template was added.", "Die Vorlage wurde hinzugefügt.";
        saved: "The template was saved.", "Die Vorlage wurde gespeichert.";
        removed: "The template was removed.", "Die Vorlage wurde entfernt.";
    }
}

/// The name of this part of the settings.
pub(super) const fn title(language: Language) -> &'static str {
    Words::of(language).title
}

/// What was done, in words.
pub(super) fn done(notice: Notice, person: &Person) -> &'static str {
    let words = Words::of(person.language);
    match notice {
        Notice::TemplateSaved => words.saved,
        Notice::TemplateRemoved => words.removed,
        _ => words.added,
    }
}

/// Why a template was not saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Problem {
    Name,
    Text,
    NoRoom,
}

/// The form of a template.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TypedTemplate {
    /// `remove`, or empty to save.
    act: String,
    name: String,
    language: String,
    words: String,
}

impl TypedTemplate {
    /// The template, without spaces at its ends; or what is wrong with it.
    fn read(&self) -> (TemplateText, Option<Problem>) {
        let known = locales::all().find(|locale| locale.tag == self.language);
        let language = known.map_or("en", |locale| &locale.tag).to_owned();
        let name = self.name.trim().to_owned();
        let words = tidy(&self.words);
        let is_name = (1..=MAX_TEMPLATE_NAME_LENGTH).contains(&name.chars().count())
            && !name.contains(char::is_control);
        let is_text = (1..=MAX_REPLY_LENGTH).contains(&words.chars().count());
        let problem = match (is_name, is_text) {
            (false, _) => Some(Problem::Name),
            (true, false) => Some(Problem::Text),
            (true, true) => None,
        };
        (TemplateText { name, language, words }, problem)
    }
}

/// A form that was refused, to be shown again: the template's number, `None` for a new one.
struct Refused {
    template: Option<i64>,
    text: TemplateText,
    problem: Problem,
}

/// `GET /settings/templates`
pub(crate) async fn page(
    person: Person,
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    view(&person, &shared, Notice::from_query(query.as_deref()), None).await
}

/// `POST /settings/templates`: adds a template.
pub(crate) async fn add(
    State(shared): State<Arc<Shared>>,
    OwnForm { person, form }: OwnForm<TypedTemplate>,
) -> Result<Response, PageError> {
    let (text, problem) = form.read();
    let problem = match problem {
        Some(problem) => Some(problem),
        None if shared.store.add_template(text.clone()).await? => None,
        None => Some(Problem::NoRoom),
    };
    match problem {
        None => Ok(see_other("/settings/templates?done=template")),
        Some(problem) => refuse(&person, &shared, Refused { template: None, text, problem }).await,
    }
}

/// `POST /settings/templates/{template}`: replaces or removes a template.
pub(crate) async fn change(
    State(shared): State<Arc<Shared>>,
    Path(template): Path<i64>,
    OwnForm { person, form }: OwnForm<TypedTemplate>,
) -> Result<Response, PageError> {
    if form.act == "remove" {
        shared.store.remove_template(template).await?;
        return Ok(see_other("/settings/templates?done=template-removed"));
    }
    let (text, problem) = form.read();
    if let Some(problem) = problem {
        let refused = Refused { template: Some(template), text, problem };
        return refuse(&person, &shared, refused).await;
    }
    // A colleague may have removed it meanwhile: the text is not lost.
    if !shared.store.set_template(template, text.clone()).await? {
        shared.store.add_template(text).await?;
    }
    Ok(see_other("/settings/templates?done=template-saved"))
}

async fn refuse(person: &Person, shared: &Shared, refused: Refused) -> Result<Response, PageError> {
    let mut page = view(person, shared, None, Some(&refused)).await?;
    *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(page)
}

async fn view(
    person: &Person,
    shared: &Shared,
    notice: Option<Notice>,
    refused: Option<&Refused>,
) -> Result<Response, PageError> {
    let words = Words::of(person.language);
    let templates = shared.store.templates().await?;
    let of = |template: Option<i64>| refused.filter(|refused| refused.template == template);
    let fresh =
        TemplateText { language: person.language.tag().to_owned(), ..TemplateText::default() };
    let has_room = u32::try_from(templates.len()).is_ok_and(|count| count < MAX_TEMPLATES);
    let main = html! {
        section .sheet {
            h2 { (words.title) }
            p .quiet { (words.lead) }
            @if templates.is_empty() {
                p { (words.none) }
            } @else {
                ul .entries .templates {
                    @for template in &templates {
                        li { (entry(person, template, of(Some(template.template)))) }
                    }
                }
            }
        }
        section .sheet {
            h2 { (words.new) }
            @if has_room || of(None).is_some() {
                (form(person, None, &fresh, of(None)))
            } @else {
                p { (words.no_room) }
            }
        }
    };
    Ok(framed(person, Part::Templates, notice, &main))
}

fn entry(person: &Person, template: &Template, refused: Option<&Refused>) -> Markup {
    let words = Words::of(person.language);
    let text = &template.text;
    let language = locales::find(&text.language).map_or(&*text.language, |locale| &locale.name);
    html! {
        p { strong { (text.name) } " · " (language) }
        blockquote lang=(text.language) dir="auto" { (text.words) }
        @if let Some(advertising) = advertising(&text.words) { (warning(advertising, person.language)) }
        details .more open[refused.is_some()] {
            summary { (words.change) }
            (form(person, Some(template.template), text, refused))
        }
    }
}

fn form(
    person: &Person,
    template: Option<i64>,
    kept: &TemplateText,
    refused: Option<&Refused>,
) -> Markup {
    let words = Words::of(person.language);
    let text = refused.map_or(kept, |refused| &refused.text);
    let problem = refused.map(|refused| refused.problem);
    let of = template.map_or("new".to_owned(), |template| template.to_string());
    let id = |name: &str| format!("{name}-{of}");
    let action = match template {
        Some(template) => format!("/settings/templates/{template}"),
        None => "/settings/templates".to_owned(),
    };
    let name_wrong = (problem == Some(Problem::Name)).then_some(words.no_name);
    let text_wrong = match problem {
        Some(Problem::Text) => Some(words.no_text),
        Some(Problem::NoRoom) => Some(words.no_room),
        _ => None,
    };
    html! {
        form .fields method="post" action=(action) {
            (form_token(person))
            (field(&id("name"), words.name, words.name_hint, name_wrong, &html! {
                input id=(id("name")) name="name" required maxlength=(MAX_TEMPLATE_NAME_LENGTH) value=(text.name)
                    aria-describedby={ (id("name")) "-hint" } aria-invalid=[name_wrong.map(|_| "true")];
            }))
            (field(&id("language"), words.language, "", None, &html! {
                select id=(id("language")) name="language" {
                    @for locale in locales::all() {
                        option value=(locale.tag) selected[locale.tag == text.language] { (locale.name) }
                    }
                }
            }))
            (field(&id("words"), words.text, words.text_hint, text_wrong, &html! {
                textarea id=(id("words")) name="words" rows="6" required maxlength=(MAX_REPLY_LENGTH) dir="auto"
                    aria-describedby={ (id("words")) "-hint" } aria-invalid=[text_wrong.map(|_| "true")] { (text.words) }
            }))
            div .row {
                button { (if template.is_some() { words.save } else { words.add }) }
                @if template.is_some() {
                    button .second name="act" value="remove" formnovalidate { (words.remove) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::numbers;

    #[test]
    fn the_texts_name_the_limits_that_hold() {
        for language in [Language::English, Language::German] {
            let words = Words::of(language);
            let most = [MAX_REPLY_LENGTH.to_string()];
            assert_eq!(numbers(words.text_hint), most, "{language:?}");
            assert_eq!(numbers(words.no_text), most, "{language:?}");
            assert_eq!(
                numbers(words.no_name),
                [MAX_TEMPLATE_NAME_LENGTH.to_string()],
                "{language:?}"
            );
            assert_eq!(numbers(words.no_room), [MAX_TEMPLATES.to_string()], "{language:?}");
        }
    }
}
