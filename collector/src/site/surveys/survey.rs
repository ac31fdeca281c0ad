//! The page of a survey: its tag, its settings, and refused answers.

use std::sync::Arc;

use afterword_response::Touchpoint;
use axum::{
    extract::{Path, RawQuery, State},
    http::StatusCode,
    response::Response,
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    Entry, FormInput, NO_SURVEY, entry, find, install, parameter, read, removal, review_link,
    tag::Additions, texts, touchpoint, trial::Trial, words::Words,
};
use crate::{
    access::{Role, person::Person},
    http::{
        error::{Error, PageError},
        extract::OwnForm,
        redirect::see_other,
    },
    language::Language,
    site::frame::{self, Place, field, form_token, moment},
    state::Shared,
    store::surveys::{Refusal, Survey},
    survey::{self, AllowedOrigin, Field, Settings},
};

/// The notice at the top of a survey's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Notice {
    Added,
    Saved,
    Allowed,
    Forgotten,
    Archived,
    Restored,
}

impl Notice {
    /// The notice in the page's query: `done=added`.
    fn from_query(query: Option<&str>) -> Option<Self> {
        match parameter(query, "done")?.as_str() {
            "added" => Some(Self::Added),
            "saved" => Some(Self::Saved),
            "allowed" => Some(Self::Allowed),
            "forgotten" => Some(Self::Forgotten),
            "archived" => Some(Self::Archived),
            "restored" => Some(Self::Restored),
            _ => None,
        }
    }

    fn paragraph(self, words: &Words) -> Markup {
        let good = |what: &str, then: &str| {
            html! { p .notice .good role="status" { strong { (what) } " " (then) } }
        };
        match self {
            Self::Added => good(words.added, words.added_do),
            Self::Saved => good(words.saved, words.saved_do),
            Self::Allowed => good(words.allowed, words.allowed_do),
            Self::Archived => good(words.archived, words.archived_do),
            Self::Restored => good(words.restored, words.restored_do),
            Self::Forgotten => html! { p .notice .good role="status" { (words.forgotten) } },
        }
    }
}

/// `GET /surveys/{id}`
pub(crate) async fn page(
    person: Person,
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let survey = find(&shared, &id).await?;
    let trial = Trial::read(&shared, &person, &survey, query.as_deref()).await?;
    let (entry, refusals) = entry(&shared, survey).await?;
    let notice = Notice::from_query(query.as_deref());
    let touchpoint = touchpoint(query.as_deref());
    let tag = (touchpoint, &install::additions(query.as_deref()));
    Ok(view(&person, (&entry, &trial), &refusals, tag, notice, None))
}

/// The form with a survey's settings.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct SurveySettings {
    name: String,
    subject: String,
    origins: String,
    review_link: String,
    privacy_link: String,
    retention_days: String,
    language: String,
    properties: String,
}

/// `POST /surveys/{id}`: changes the settings, except those in the settings file.
pub(crate) async fn save(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    OwnForm { person, form }: OwnForm<SurveySettings>,
) -> Result<Response, PageError> {
    let survey = find(&shared, &id).await?;
    let mut typed = FormInput::default();
    let settings = Settings {
        name: read("name", &form.name, &mut typed, survey::read_text),
        subject: read("subject", &form.subject, &mut typed, survey::read_text),
        origins: read("origins", &form.origins, &mut typed, AllowedOrigin::read_list),
        review_link: read("review-link", &form.review_link, &mut typed, survey::read_review_link),
        privacy_link: read("privacy-link", &form.privacy_link, &mut typed, survey::read_link),
        retention_days: read(
            "retention-days",
            &form.retention_days,
            &mut typed,
            survey::read_retention,
        ),
        language: read("language", &form.language, &mut typed, survey::read_language),
        properties: read("properties", &form.properties, &mut typed, survey::read_properties),
    };
    // Fields that the settings file fixes are read-only, so they are neither read nor checked.
    for (field, name) in [
        (Field::Name, "name"),
        (Field::Subject, "subject"),
        (Field::Origins, "origins"),
        (Field::ReviewLink, "review-link"),
        (Field::PrivacyLink, "privacy-link"),
        (Field::RetentionDays, "retention-days"),
        (Field::Language, "language"),
        (Field::Properties, "properties"),
    ] {
        if survey.fixed.contains(&field) {
            typed.problems.remove(name);
            typed.values.remove(name);
        }
    }
    if typed.problems.is_empty() {
        let is_counted_anew = settings.properties != survey.settings.properties
            && !survey.fixed.contains(&Field::Properties);
        shared.store.set_survey(&id, &settings).await?;
        if is_counted_anew {
            count_anew(&shared, id.clone());
        }
        return Ok(see_other(&format!("/surveys/{id}?done=saved")));
    }
    let trial = Trial::read(&shared, &person, &survey, None).await?;
    let (entry, refusals) = entry(&shared, survey).await?;
    let shown = (&entry, &trial);
    let tag = (Touchpoint::Order, &Additions::default());
    let mut page = view(&person, shown, &refusals, tag, None, Some(&typed));
    *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(page)
}

/// Counts a survey's answers again by the chosen properties, in a task, because that may take minutes.
fn count_anew(shared: &Shared, id: String) {
    let store = Arc::clone(&shared.store);
    tokio::spawn(async move {
        if let Err(error) = store.count_facts_anew(&id).await {
            tracing::error!(%error, survey = id, "its properties could not be counted anew; save them again");
        }
    });
}

/// The form about refused answers.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Decision {
    /// `allow` the origin, or `forget` them all.
    #[serde(rename = "do")]
    action: String,
    origin: String,
}

/// `POST /surveys/{id}/refusals`: allows a refused site, or deletes the list of refusals.
pub(crate) async fn refusals(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    OwnForm { form: Decision { action, origin }, .. }: OwnForm<Decision>,
) -> Result<Response, PageError> {
    let survey = find(&shared, &id).await?;
    let done = match (action.as_str(), AllowedOrigin::read(&origin)) {
        ("allow", Ok(origin)) if !survey.fixed.contains(&Field::Origins) => {
            shared.store.allow_origin(&id, &origin).await?;
            "allowed"
        }
        ("forget", _) => {
            shared.store.forget_refusals(&id).await?;
            "forgotten"
        }
        _ => return Err(PageError(Error::NotFound(NO_SURVEY))),
    };
    Ok(see_other(&format!("/surveys/{id}?done={done}")))
}

/// The main part of the page.
fn view(
    person: &Person,
    (entry, trial): (&Entry, &Trial),
    refusals: &[Refusal],
    (touchpoint, additions): (Touchpoint, &Additions),
    notice: Option<Notice>,
    typed: Option<&FormInput>,
) -> Response {
    let language = person.language;
    let words = Words::of(language);
    let survey = &entry.survey;
    let main = html! {
        div .settings .wide .stack {
            header {
                p .small { a href="/surveys" { "← " (words.all_surveys) } }
                h1 { (survey.title()) }
                p .lead {
                    code { (survey.id) } " · " (texts::answers(entry.answers, entry.latest, person, words))
                }
                @if entry.answers > 0 {
                    p .row .small {
                        a href={ "/?survey=" (survey.id) } { (words.report) }
                        a href={ "/responses?survey=" (survey.id) } { (words.responses) }
                    }
                }
            }
            @if let Some(notice) = notice { (notice.paragraph(words)) }
            @if let Some(since) = survey.archived_at {
                p .notice data-notice="archived" { (words.is_archived) " " (moment(since, person)) ". " (words.is_archived_do) }
            }
            @if typed.is_some() {
                p .notice .bad role="alert" {
                    strong { (words.not_saved) } " "
                    a href="#settings" { (words.not_saved_do) }
                }
            }
            @if !refusals.is_empty() { (refused(person, survey, refusals, words)) }
            @if !entry.left_out.is_empty() { (left_out(person, entry, words)) }
            div .survey-parts .stack {
                div .stack {
                    (install::section(person, survey, touchpoint, additions, words))
                    (trial.section(person, survey, touchpoint))
                }
                section .sheet #settings {
                    h2 { (words.settings) }
                    @if person.may(Role::Member) {
                        (settings_form(person, entry, typed, words))
                    } @else {
                        (settings_list(entry, language, words))
                    }
                    p .small { a href=(review_link::address(&survey.id)) { (words.link_record) } }
                }
                @if person.may(Role::Member) { (removal::section(person, survey, words)) }
            }
        }
    };
    frame::page(person, Place::Surveys, survey.title(), &main)
}

fn refused(person: &Person, survey: &Survey, refusals: &[Refusal], words: &Words) -> Markup {
    let action = format!("/surveys/{}/refusals", survey.id);
    let may_allow = person.may(Role::Member) && !survey.fixed.contains(&Field::Origins);
    html! {
        section .notice .warn {
            h2 { (words.refused) }
            p { (words.refused_lead) }
            ul .entries {
                @for refusal in refusals {
                    li .row .apart {
                        div {
                            strong { (refusal.origin) }
                            @if refusal.origin == "null" { " (" (words.hidden_frame) ")" }
                            div .small {
                                (texts::answers(refusal.answers, Some(refusal.last_at), person, words))
                            }
                        }
                        @if may_allow && AllowedOrigin::read(&refusal.origin).is_ok() {
                            form method="post" action=(action) {
                                (form_token(person))
                                input type="hidden" name="origin" value=(refusal.origin);
                                button .second name="do" value="allow" {
                                    (words.allow) span .hidden-text { ": " (refusal.origin) }
                                }
                            }
                        }
                    }
                }
            }
            @if person.may(Role::Member) {
                form method="post" action=(action) {
                    (form_token(person))
                    button .second name="do" value="forget" { (words.forget) }
                }
            }
        }
    }
}

/// The notice about facets with more values than are counted.
fn left_out(person: &Person, entry: &Entry, words: &Words) -> Markup {
    html! {
        section .notice .warn data-notice="left-out" {
            h2 { (words.left_out) }
            p { (words.left_out_lead) }
            ul {
                @for it in &entry.left_out {
                    li { (texts::left_out(&it.facet, person.language)) " " (words.since) " " (moment(it.since, person)) }
                }
            }
        }
    }
}

fn settings_form(
    person: &Person,
    entry: &Entry,
    typed: Option<&FormInput>,
    words: &Words,
) -> Markup {
    let language = person.language;
    let survey = &entry.survey;
    let settings = &survey.settings;
    let stored = |name: &str| -> String {
        match name {
            "name" => settings.name.clone().unwrap_or_default(),
            "subject" => settings.subject.clone().unwrap_or_default(),
            "review-link" => settings.review_link.clone().unwrap_or_default(),
            "privacy-link" => settings.privacy_link.clone().unwrap_or_default(),
            "retention-days" => {
                settings.retention_days.map(|it| it.to_string()).unwrap_or_default()
            }
            "properties" => {
                settings.properties.iter().flatten().cloned().collect::<Vec<_>>().join(", ")
            }
            "origins" => {
                let origins: Vec<&str> =
                    settings.origins.iter().flatten().map(AllowedOrigin::as_str).collect();
                origins.join("\n")
            }
            _ => settings.language.map(|it| it.tag().to_owned()).unwrap_or_default(),
        }
    };
    let value = |name: &str| match typed {
        Some(typed) if typed.values.contains_key(name) => typed.value(name).to_owned(),
        _ => stored(name),
    };
    let fixed = |field: Field| survey.fixed.contains(&field);
    let in_file = words.in_file;
    let hint =
        |field: Field, hint: &str| if fixed(field) { in_file.to_owned() } else { hint.to_owned() };
    let usual = entry.usual_days.map(|days| texts::days(days, language));
    let usual = usual.as_deref().unwrap_or(words.unlimited);
    let retention_hint = format!("{}{usual}.", words.retention_hint);
    let privacy_hint = match &survey.shop.privacy {
        Some(link) => format!("{} {} {link}", words.privacy_link_hint, words.privacy_link_shop),
        None => words.privacy_link_hint.to_owned(),
    };
    let problem = |name: &str| typed.and_then(|typed| typed.problem(name, language));
    let line = |id: &'static str, label: &str, said: &str, of: Field, kind: &str| {
        field(
            id,
            label,
            &hint(of, said),
            problem(id).as_deref(),
            &html! {
                input id=(id) name=(id) type=(kind) value=(value(id)) maxlength="2000" readonly[fixed(of)]
                    aria-describedby={ (id) "-hint" } aria-invalid=[problem(id).map(|_| "true")];
            },
        )
    };
    let chosen = value("language");
    html! {
        form .fields method="post" action={ "/surveys/" (survey.id) } {
            (form_token(person))
            (line("name", words.name, words.name_hint, Field::Name, "text"))
            (line("subject", words.subject, words.subject_hint, Field::Subject, "text"))
            (line("review-link", words.review_link, words.review_link_hint, Field::ReviewLink, "url"))
            (line("privacy-link", words.privacy_link, &privacy_hint, Field::PrivacyLink, "url"))
            (field("origins", words.origins, &hint(Field::Origins, words.origins_hint), problem("origins").as_deref(), &html! {
                textarea #origins name="origins" rows="3" spellcheck="false" autocapitalize="none"
                    readonly[fixed(Field::Origins)] aria-describedby="origins-hint"
                    aria-invalid=[problem("origins").map(|_| "true")] { (value("origins")) }
            }))
            (line("properties", words.properties, &texts::properties_hint(language), Field::Properties, "text"))
            (field("retention-days", words.retention, &hint(Field::RetentionDays, &retention_hint), problem("retention-days").as_deref(), &html! {
                div .with-unit {
                    input #retention-days name="retention-days" type="text" inputmode="numeric" maxlength="6"
                        list="retention-presets" autocomplete="off" value=(value("retention-days"))
                        readonly[fixed(Field::RetentionDays)] aria-describedby="retention-days-hint"
                        aria-invalid=[problem("retention-days").map(|_| "true")];
                    span { (words.days) }
                }
                datalist #retention-presets {
                    @for (days, name) in [("90", words.days_90), ("365", words.days_365), ("730", words.days_730), ("1095", words.days_1095)] {
                        option value=(days) { (name) }
                    }
                }
            }))
            (field("language", words.language, &hint(Field::Language, ""), problem("language").as_deref(), &html! {
                select #language name="language" disabled[fixed(Field::Language)]
                    aria-describedby="language-hint" aria-invalid=[problem("language").map(|_| "true")] {
                    option value="" selected[chosen.is_empty()] { (words.language_any) }
                    @for it in Language::ALL {
                        option value=(it.tag()) selected[chosen == it.tag()] { (it.name()) }
                    }
                }
            }))
            div { button { (words.save) } }
        }
    }
}

fn settings_list(entry: &Entry, language: Language, words: &Words) -> Markup {
    let survey = &entry.survey;
    let settings = &survey.settings;
    let origins: Vec<&str> = settings.origins.iter().flatten().map(AllowedOrigin::as_str).collect();
    let days = settings.retention_days.or(entry.usual_days);
    let days = days.map(|days| texts::days(days, language));
    html! {
        dl .facts {
            dt { (words.id) } dd { code { (survey.id) } }
            dt { (words.subject) } dd { (settings.subject.as_deref().unwrap_or(words.not_set)) }
            dt { (words.review_link) } dd { (settings.review_link.as_deref().unwrap_or(words.not_set)) }
            dt { (words.privacy_link) } dd { (survey.privacy_link().unwrap_or(words.not_set)) }
            dt { (words.origins) } dd { (if origins.is_empty() { words.any.to_owned() } else { origins.join(", ") }) }
            dt { (words.properties) } dd { (settings.properties.as_ref().map_or(words.first_come.to_owned(), |it| it.join(", "))) }
            dt { (words.retention) } dd { (days.as_deref().unwrap_or(words.unlimited)) }
            dt { (words.language) } dd { (settings.language.map_or(words.language_any, Language::name)) }
        }
    }
}
