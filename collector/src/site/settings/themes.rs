//! The page with the shop's themes: their names, which of them are switched off, and the shop's own words for them.

use std::sync::Arc;

use axum::{
    extract::{Path, RawQuery, State},
    http::StatusCode,
    response::Response,
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{Notice, Part, framed, words::Words};
use crate::{
    access::person::Person,
    http::{
        error::{Error, PageError},
        extract::{NoFields, OwnForm},
        redirect::see_other,
    },
    report::facts::THEME,
    site::frame::{field, form_token, names::Names},
    state::Shared,
    store::themes::{RuleAdded, StoredRule, ThemeSet},
    themes::{MAX_NAME, MAX_RULE_LENGTH, Rule, RuleProblem, Theme, ThemeSetting},
};

/// The typed values of a rule, or of a theme with its first rule.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TypedRule {
    theme: String,
    name: String,
    words: String,
}

/// The typed settings of a theme.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TypedTheme {
    name: String,
    /// `yes` if it is looked for.
    wanted: String,
}

/// The reason why the typed values were not stored.
#[derive(Clone, Copy, Debug)]
enum Refusal {
    Rule(RuleProblem),
    Known,
    NoRoom,
    /// A name is empty, or longer than [`MAX_NAME`].
    Name,
    NameTaken,
    NoRoomForTheme,
}

/// A form that was refused, with the typed values.
#[derive(Clone, Copy)]
enum Refused<'a> {
    Rule(&'a TypedRule, Refusal),
    Own(&'a TypedRule, Refusal),
    Theme(Theme, &'a TypedTheme, Refusal),
}

/// `GET /settings/themes`
pub(crate) async fn page(
    person: Person,
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    view(&person, &shared, Notice::from_query(query.as_deref()), None).await
}

/// `POST /settings/themes`: adds a rule.
pub(crate) async fn add(
    State(shared): State<Arc<Shared>>,
    OwnForm { person, form }: OwnForm<TypedRule>,
) -> Result<Response, PageError> {
    // The page offers only themes that exist.
    let theme =
        Theme::from_id(&form.theme).filter(|theme| person.themes.all().any(|it| it == *theme));
    let theme = theme.unwrap_or(Theme::ALL[0]);
    let refusal = match Rule::new(theme, &form.words) {
        Err(problem) => Refusal::Rule(problem),
        Ok(rule) => match shared.store.add_theme_rule(rule).await? {
            RuleAdded::Added => {
                shared.rules_changed.notify_one();
                return Ok(see_other("/settings/themes?done=rule"));
            }
            RuleAdded::Known => Refusal::Known,
            RuleAdded::NoRoom => Refusal::NoRoom,
        },
    };
    refused(&person, &shared, Refused::Rule(&form, refusal)).await
}

/// `POST /settings/themes/own`: adds a theme of the shop.
pub(crate) async fn add_own(
    State(shared): State<Arc<Shared>>,
    OwnForm { person, form }: OwnForm<TypedRule>,
) -> Result<Response, PageError> {
    let refusal = match (name_of(&form.name), Rule::new(Theme::ALL[0], &form.words)) {
        (None, _) => Refusal::Name,
        (_, Err(problem)) => Refusal::Rule(problem),
        (Some(name), Ok(rule)) => match shared.store.add_theme(name, rule).await? {
            ThemeSet::Set => {
                shared.rules_changed.notify_one();
                return Ok(see_other("/settings/themes?done=theme"));
            }
            ThemeSet::Known => Refusal::NameTaken,
            ThemeSet::NoRoom | ThemeSet::Unknown => Refusal::NoRoomForTheme,
        },
    };
    refused(&person, &shared, Refused::Own(&form, refusal)).await
}

/// `POST /settings/themes/of/{theme}`: sets the name of a theme, and whether it is switched off.
pub(crate) async fn set(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    OwnForm { person, form }: OwnForm<TypedTheme>,
) -> Result<Response, PageError> {
    let unknown = || PageError(Error::NotFound("There is no theme of this id."));
    let theme = Theme::from_id(&id).ok_or_else(unknown)?;
    let is_own = matches!(theme, Theme::Own(_));
    let name = name_of(&form.name);
    let refusal = if name.is_none() && (is_own || !form.name.trim().is_empty()) {
        Refusal::Name
    } else {
        // The usual name in the reader's language is not stored as the shop's name.
        let usual = Names::of(person.language).usual_theme(theme);
        let name = name.filter(|name| is_own || name != usual);
        let setting = ThemeSetting { name, is_off: form.wanted.is_empty() };
        match shared.store.set_theme(theme, setting).await? {
            ThemeSet::Set => {
                shared.rules_changed.notify_one();
                return Ok(see_other("/settings/themes?done=themed"));
            }
            ThemeSet::Known => Refusal::NameTaken,
            ThemeSet::NoRoom | ThemeSet::Unknown => return Err(unknown()),
        }
    };
    refused(&person, &shared, Refused::Theme(theme, &form, refusal)).await
}

/// `POST /settings/themes/{rule}`: removes a rule.
pub(crate) async fn remove(
    State(shared): State<Arc<Shared>>,
    Path(number): Path<i64>,
    OwnForm { .. }: OwnForm<NoFields>,
) -> Result<Response, PageError> {
    if shared.store.remove_theme_rule(number).await? {
        shared.rules_changed.notify_one();
    }
    Ok(see_other("/settings/themes?done=unruled"))
}

/// A typed name; `None` if it is empty or too long.
fn name_of(typed: &str) -> Option<String> {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_fine =
        (1..=MAX_NAME).contains(&name.chars().count()) && !name.contains(char::is_control);
    is_fine.then_some(name)
}

/// The page with a form that was refused.
async fn refused(
    person: &Person,
    shared: &Shared,
    refused: Refused<'_>,
) -> Result<Response, PageError> {
    let mut page = view(person, shared, None, Some(refused)).await?;
    *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(page)
}

async fn view(
    person: &Person,
    shared: &Shared,
    notice: Option<Notice>,
    refused: Option<Refused<'_>>,
) -> Result<Response, PageError> {
    let words = Words::of(person.language);
    let rules = shared.store.theme_rules().await?;
    let are_found = shared.store.are_themes_found().await?;
    let main = html! {
        @if !are_found { p .notice .warn { (words.finding_themes) } }
        section .sheet aria-labelledby="themes" {
            h2 #themes { (words.your_themes) }
            p .quiet { (words.your_themes_lead) }
            ul .entries { @for theme in person.themes.all() { li { (theme_form(person, theme, refused)) } } }
        }
        section .sheet aria-labelledby="own-theme" {
            h2 #own-theme { (words.own_theme) }
            p .quiet { (words.own_theme_lead) }
            (own_form(person, refused))
        }
        section .sheet aria-labelledby="own-words" {
            h2 #own-words { (words.rules) }
            p .quiet { (words.rules_lead) }
            (rule_form(person, refused))
        }
        section .sheet aria-labelledby="rules" {
            h2 #rules { (words.your_rules) }
            @if rules.is_empty() {
                p .quiet { (words.no_rules) }
            } @else {
                ul .entries { @for rule in &rules { li { (entry(person, rule)) } } }
            }
        }
    };
    Ok(framed(person, Part::Themes, notice, &main))
}

impl Refusal {
    const fn words(self, words: &Words) -> &'static str {
        match self {
            Self::Rule(RuleProblem::NoWord) => words.rule_empty,
            Self::Rule(RuleProblem::Long) => words.rule_long,
            Self::Rule(RuleProblem::ShortPart) => words.rule_short,
            Self::Known => words.rule_known,
            Self::NoRoom => words.rules_full,
            Self::Name => words.theme_name_wrong,
            Self::NameTaken => words.theme_name_taken,
            Self::NoRoomForTheme => words.themes_full,
        }
    }

    /// Whether it concerns the name.
    const fn is_of_name(self) -> bool {
        matches!(self, Self::Name | Self::NameTaken | Self::NoRoomForTheme)
    }
}

/// A theme with the form to name it and to switch it off.
fn theme_form(person: &Person, theme: Theme, refused: Option<Refused<'_>>) -> Markup {
    let (words, names) = (Words::of(person.language), Names::of(person.language));
    let refused = match refused {
        Some(Refused::Theme(of, typed, refusal)) if of == theme => Some((typed, refusal)),
        _ => None,
    };
    let (is_off, name) = (person.themes.is_off(theme), names.theme(theme, &person.themes));
    let typed = refused.map_or(name, |(typed, _)| &typed.name);
    let is_wanted = refused.map_or(!is_off, |(typed, _)| !typed.wanted.is_empty());
    let problem = refused.map(|(_, refusal)| refusal.words(words));
    let usual = names.usual_theme(theme);
    let hint = match theme {
        Theme::Own(_) => words.own_name_hint.to_owned(),
        _ => format!("{} {usual}", words.usual_name_hint),
    };
    let id = format!("name-{}", theme.id());
    html! {
        details .more open[problem.is_some()] {
            summary {
                (name)
                @if matches!(theme, Theme::Own(_)) { " " span .badge { (words.is_own) } }
                @if is_off { " " span .badge .warn { (words.is_off) } }
            }
            form .fields method="post" action={ "/settings/themes/of/" (theme.id()) } {
                (form_token(person))
                (field(&id, words.theme_name, &hint, problem, &html! {
                    input id=(id) name="name" maxlength=(MAX_NAME) autocomplete="off" value=(typed)
                        aria-describedby={ (id) "-hint" } aria-invalid=[problem.map(|_| "true")];
                }))
                label .check {
                    input type="checkbox" name="wanted" value="yes" checked[is_wanted];
                    span { (words.is_wanted) }
                }
                div { button .second { (words.save) span .hidden-text { ": " (name) } } }
            }
        }
    }
}

/// The form for a theme of the shop's own.
fn own_form(person: &Person, refused: Option<Refused<'_>>) -> Markup {
    let words = Words::of(person.language);
    let refused = match refused {
        Some(Refused::Own(typed, refusal)) => Some((typed, refusal)),
        _ => None,
    };
    let problem = |is_of_name| {
        let of = refused.filter(|(_, refusal)| refusal.is_of_name() == is_of_name);
        of.map(|(_, refusal)| refusal.words(words))
    };
    let typed = |of: fn(&TypedRule) -> &String| refused.map_or("", |(typed, _)| of(typed));
    html! {
        form .fields method="post" action="/settings/themes/own" {
            (form_token(person))
            (field("own-name", words.theme_name, words.own_name_hint, problem(true), &html! {
                input #own-name name="name" required maxlength=(MAX_NAME) autocomplete="off"
                    value=(typed(|it| &it.name)) aria-describedby="own-name-hint"
                    aria-invalid=[problem(true).map(|_| "true")];
            }))
            (field("own-rule", words.own_rule, words.rule_words_hint, problem(false), &html! {
                input #own-rule name="words" required maxlength=(MAX_RULE_LENGTH) autocomplete="off"
                    value=(typed(|it| &it.words)) aria-describedby="own-rule-hint"
                    aria-invalid=[problem(false).map(|_| "true")];
            }))
            div { button { (words.add_theme) } }
        }
    }
}

fn rule_form(person: &Person, refused: Option<Refused<'_>>) -> Markup {
    let (words, names) = (Words::of(person.language), Names::of(person.language));
    let refused = match refused {
        Some(Refused::Rule(typed, refusal)) => Some((typed, refusal)),
        _ => None,
    };
    let problem = refused.map(|(_, refusal)| refusal.words(words));
    html! {
        form .fields method="post" action="/settings/themes" {
            (form_token(person))
            (field("words", words.rule_words, words.rule_words_hint, problem, &html! {
                input #words name="words" required maxlength=(MAX_RULE_LENGTH) autocomplete="off"
                    value=(refused.map_or("", |(typed, _)| typed.words.as_str()))
                    aria-describedby="words-hint" aria-invalid=[problem.map(|_| "true")];
            }))
            (field("theme", words.rule_theme, "", None, &html! {
                select #theme name="theme" {
                    @for theme in person.themes.wanted() {
                        option value=(theme.id())
                            selected[refused.is_some_and(|(typed, _)| typed.theme == theme.id())] {
                            (names.theme(theme, &person.themes))
                        }
                    }
                }
            }))
            div { button { (words.add_rule) } }
        }
    }
}

fn entry(person: &Person, StoredRule { number, rule }: &StoredRule) -> Markup {
    let (words, names) = (Words::of(person.language), Names::of(person.language));
    html! {
        div .row .apart {
            div {
                strong { (rule.words) } " → "
                a href={ "/responses?" (THEME) "=" (rule.theme.id()) } { (names.theme(rule.theme, &person.themes)) }
            }
            form method="post" action={ "/settings/themes/" (number) } {
                (form_token(person))
                button .second {
                    (words.remove) span .hidden-text { ": " (rule.words) }
                }
            }
        }
    }
}
