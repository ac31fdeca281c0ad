//! The shop's own words for themes.

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
        error::PageError,
        extract::{NoFields, OwnForm},
        redirect::see_other,
    },
    report::facts::THEME,
    site::frame::{field, form_token, names::Names},
    state::Shared,
    store::themes::{RuleAdded, StoredRule},
    themes::{MAX_RULE_LENGTH, Rule, RuleProblem, Theme},
};

/// A rule as it is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TypedRule {
    theme: String,
    words: String,
}

/// Why a typed rule was not added.
#[derive(Clone, Copy, Debug)]
enum Refusal {
    Rule(RuleProblem),
    Known,
    NoRoom,
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
    let theme = Theme::from_id(&form.theme).unwrap_or(Theme::ALL[0]);
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
    let mut page = view(&person, &shared, None, Some((&form, refusal))).await?;
    *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(page)
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

async fn view(
    person: &Person,
    shared: &Shared,
    notice: Option<Notice>,
    typed: Option<(&TypedRule, Refusal)>,
) -> Result<Response, PageError> {
    let words = Words::of(person.language);
    let rules = shared.store.theme_rules().await?;
    let are_found = shared.store.are_themes_found().await?;
    let main = html! {
        @if !are_found { p .notice .warn { (words.finding_themes) } }
        section .sheet {
            h2 { (words.rules) }
            p .quiet { (words.rules_lead) }
            (form(person, typed))
        }
        section .sheet {
            h2 { (words.your_rules) }
            @if rules.is_empty() {
                p .quiet { (words.no_rules) }
            } @else {
                ul .entries { @for rule in &rules { li { (entry(person, rule)) } } }
            }
        }
    };
    Ok(framed(person, Part::Themes, notice, &main))
}

fn form(person: &Person, typed: Option<(&TypedRule, Refusal)>) -> Markup {
    let (words, names) = (Words::of(person.language), Names::of(person.language));
    let (kept, refusal) = typed.unzip();
    let problem = refusal.map(|refusal| match refusal {
        Refusal::Rule(RuleProblem::NoWord) => words.rule_empty,
        Refusal::Rule(RuleProblem::Long) => words.rule_long,
        Refusal::Rule(RuleProblem::ShortPart) => words.rule_short,
        Refusal::Known => words.rule_known,
        Refusal::NoRoom => words.rules_full,
    });
    html! {
        form .fields method="post" action="/settings/themes" {
            (form_token(person))
            (field("words", words.rule_words, words.rule_words_hint, problem, &html! {
                input #words name="words" required maxlength=(MAX_RULE_LENGTH) autocomplete="off"
                    value=(kept.map_or("", |it| it.words.as_str()))
                    aria-describedby="words-hint" aria-invalid=[problem.map(|_| "true")];
            }))
            (field("theme", words.rule_theme, "", None, &html! {
                select #theme name="theme" {
                    @for theme in Theme::ALL {
                        option value=(theme.id()) selected[kept.is_some_and(|it| it.theme == theme.id())] {
                            (names.theme(theme))
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
                a href={ "/responses?" (THEME) "=" (rule.theme.id()) } { (names.theme(rule.theme)) }
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
