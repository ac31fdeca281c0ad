//! The page about the collector's state: whether it stores answers, the free disk space, the last answer to each
//! survey, and settings that should be changed. It is for people without a shell; `afterword-collector doctor`
//! checks more.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use jiff::Timestamp;
use maud::{Markup, html};

use super::{Part, framed, words::Words};
use crate::{
    access::person::Person,
    descriptors,
    findings::{FindingText, Level, Observation, Senders},
    http::{error::PageError, health},
    language::Language,
    site::frame::{format::Format, moment},
    state::Shared,
};

/// The content of the page.
struct Health {
    /// Whether the database takes answers.
    is_storing: bool,
    observations: Vec<Observation>,
    surveys: Vec<SurveyHealth>,
}

/// When a survey was last answered.
struct SurveyHealth {
    name: String,
    answers: u64,
    latest: Option<Timestamp>,
}

/// `GET /settings/health`
pub(crate) async fn page(
    person: Person,
    State(shared): State<Arc<Shared>>,
) -> Result<Response, PageError> {
    let mut surveys = Vec::new();
    for survey in shared.store.surveys().await? {
        let (answers, latest) = shared.store.survey_answers(&survey.id).await?;
        let name = survey.title().to_owned();
        surveys.push(SurveyHealth { name, answers: answers.unsigned_abs(), latest });
    }
    let senders = Senders::of(
        shared.abuse.limits(),
        !shared.abuse.proxies.is_empty(),
        shared.public_url.as_deref(),
        shared.abuse.seems_behind_unknown_proxy(),
    );
    let mut observations: Vec<Observation> =
        shared.metrics.disk().map(|disk| Observation::Room(Some(disk))).into_iter().collect();
    let are_there = shared.assets.contains("afterword.js").await;
    observations.extend([
        Observation::PublicAddress(shared.public_url.clone()),
        Observation::Senders(senders),
        Observation::Assets { are_there },
        Observation::Connections(descriptors::connections()),
    ]);
    observations.extend(Observation::of_expiry(&shared.store.expiry().await?));
    observations.extend(Observation::of_waiting(&shared.store.waiting_surveys().await?));
    let undelivered = shared.store.undelivered().await?;
    let has_targets = !shared.store.alert_targets().await?.is_empty();
    let has_key = shared.post.key().is_some();
    observations.extend(Observation::of_alerts(undelivered, has_targets, has_key));
    observations.extend(shared.store.indexing().await?.map(Observation::Indexing));
    let is_storing = health::ready(&shared.store).await.is_ok();
    let health = Health { is_storing, observations, surveys };
    Ok(framed(&person, Part::Health, None, &view(&person, &health)))
}

fn view(person: &Person, health: &Health) -> Markup {
    let words = Words::of(person.language);
    let format = Format::of(person.language);
    html! {
        section .sheet {
            h2 { (words.health) }
            ul .entries {
                (entry(health.is_storing, words.storing, words.not_storing, words.not_storing_do, words))
                @for observation in &health.observations { (observed(observation, person.language, words)) }
            }
        }
        section .sheet {
            h2 #latest { (words.latest_answers) }
            @if health.surveys.is_empty() {
                p .quiet { (words.no_surveys) }
            } @else {
                div .table-frame tabindex="0" role="region" aria-labelledby="latest" {
                    table .plain-rows {
                        thead { tr {
                            th scope="col" { (words.survey) }
                            th .number scope="col" { (words.answers) }
                            th scope="col" { (words.latest_answer) }
                        } }
                        tbody {
                            @for survey in &health.surveys {
                                tr {
                                    th scope="row" { (survey.name) }
                                    td .number { (format.count(survey.answers)) }
                                    td {
                                        @match survey.latest {
                                            Some(at) => (moment(at, person)),
                                            None => span .quiet { (words.never_answered) },
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// One observation, as a sentence.
fn observed(observation: &Observation, language: Language, words: &Words) -> Markup {
    let FindingText { what, advice } = observation.text(language);
    let mut letters = what.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    let what: String = first.chain(letters).chain(['.']).collect();
    match observation.level() {
        Level::Good => good(&what, words),
        Level::Warning | Level::Bad => warning(&what, advice, words),
    }
}

fn entry(is_good: bool, yes: &str, no: &str, advice: &str, words: &Words) -> Markup {
    if is_good { good(yes, words) } else { warning(no, advice, words) }
}

fn good(said: &str, words: &Words) -> Markup {
    html! { li { span .badge .good { (words.is_fine) } " " (said) } }
}

fn warning(said: &str, advice: &str, words: &Words) -> Markup {
    html! {
        li {
            span .badge .warn { (words.is_to_do) } " " strong { (said) }
            p .small .quiet { (advice) }
        }
    }
}
