//! How the collector is: whether it stores answers, how much room there is, when each survey was last
//! answered, and what should be set. `afterword-collector doctor` looks deeper; this is for whoever has
//! no shell.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use jiff::Timestamp;
use maud::{Markup, html};

use super::{Part, framed, words::Words};
use crate::{
    access::person::Person,
    disk::Disk,
    http::{error::PageError, health},
    site::frame::{format::Format, moment},
    state::Shared,
};

const MEGABYTE: u64 = 1 << 20;

/// What the page shows.
struct Health {
    /// Whether the database takes answers.
    is_storing: bool,
    /// `None` where the system does not say.
    disk: Option<Disk>,
    /// The origin that people reach the collector by, if it was set.
    public_url: Option<String>,
    /// Whether a proxy seems to stand before the collector whose word does not count.
    is_behind_unknown_proxy: bool,
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
    let health = Health {
        is_storing: health::ready(&shared.store).await.is_ok(),
        disk: shared.metrics.disk(),
        public_url: shared.public_url.clone(),
        is_behind_unknown_proxy: shared.abuse.seems_behind_unknown_proxy(),
        surveys,
    };
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
                @if let Some(disk) = health.disk { (room(disk, format, words)) }
                @match &health.public_url {
                    Some(url) => (good(&format!("{} {url}", words.reached_by), words)),
                    None => (warning(words.no_address, words.no_address_do, words)),
                }
                (entry(!health.is_behind_unknown_proxy, words.senders_known, words.unknown_proxy, words.unknown_proxy_do, words))
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

/// What is free, and what the database takes.
fn room(disk: Disk, format: &Format, words: &Words) -> Markup {
    let megabytes = |bytes: u64| format!("{} MB", format.count(bytes.div_ceil(MEGABYTE)));
    let taken = format!("{} {}", words.database_takes, megabytes(disk.size()));
    match disk.free {
        Some(free) => {
            let said = format!("{taken}, {} {}.", megabytes(free), words.are_free);
            if disk.is_short() {
                warning(&said, words.little_room_do, words)
            } else {
                good(&said, words)
            }
        }
        None => good(&format!("{taken}."), words),
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
