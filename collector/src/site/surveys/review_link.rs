//! The page that shows after which scores the link for a review was shown, and the history of the setting.

use std::sync::Arc;

use axum::{
    extract::{Path, RawQuery, State},
    response::Response,
};
use maud::{Markup, html};

use super::{find, words::Words};
use crate::{
    access::person::Person,
    http::error::PageError,
    query::{Empty, LinkProofQuery},
    reading,
    report::statistics,
    site::frame::{self, Place, format::Format, moment},
    state::Shared,
    store::review_links::{LinkChange, LinkProof},
};

/// The address of a survey's page.
pub(super) fn address(survey: &str) -> String {
    format!("/surveys/{survey}/review-link")
}

/// `GET /surveys/{id}/review-link`
pub(crate) async fn page(
    person: Person,
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let survey = find(&shared, &id).await?;
    let proof = shared.store.link_proof(Some(&survey.id), None).await?;
    let words = Words::of(person.language);
    let scores = Scores::of(&proof);
    let file = |format: &str| format!("{}/file?format={format}", address(&survey.id));
    let main = html! {
        div .settings .stack {
            header {
                p .small { a href={ "/surveys/" (survey.id) } { "← " (survey.title()) } }
                h1 { (words.link_record) }
                p .lead { (words.link_record_lead) }
            }
            @if scores.favour_promoters() {
                p .notice .warn role="status" data-notice="by-score" {
                    strong { (words.link_by_score) } " " (words.link_by_score_do)
                }
            }
            section .sheet aria-labelledby="by-score" {
                h2 #by-score { (words.link_scores) }
                p .quiet .small { (words.link_scores_lead) }
                (scores.table(&person))
                p .row {
                    a download href=(file("csv")) { (words.link_csv) }
                    a download href=(file("json")) { (words.link_json) }
                }
            }
            section .sheet aria-labelledby="link-history" {
                h2 #link-history { (words.link_history) }
                p .quiet .small { (words.link_history_lead) }
                (history(&proof.changes, &person))
            }
        }
    };
    Ok(frame::page(&person, Place::Surveys, words.link_record, &main))
}

/// `GET /surveys/{id}/review-link/file`
pub(crate) async fn file(
    _: Person,
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let survey = find(&shared, &id).await?;
    let mut query = LinkProofQuery::read(query.as_deref().unwrap_or_default(), Empty::Ignored)?;
    query.survey = Some(survey.id);
    Ok(reading::link_proof(&shared.store, &query).await?)
}

/// The answers with each score, 0 to 10: all of them, those whose thanks showed the link, those whose thanks did not.
struct Scores([[u64; 3]; 11]);

impl Scores {
    fn of(proof: &LinkProof) -> Self {
        let mut scores = [[0; 3]; 11];
        for day in &proof.days {
            if let Some(sums) = scores.get_mut(usize::from(day.score)) {
                for (sum, more) in sums.iter_mut().zip([day.answers, day.shown, day.not_shown]) {
                    *sum += more;
                }
            }
        }
        Self(scores)
    }

    /// Whether customers with 9 or 10 saw the link more often than those with 0 to 6, by more than chance: the 95 %
    /// intervals of both shares do not meet.
    fn favour_promoters(&self) -> bool {
        let share = |scores: &[[u64; 3]]| {
            let sum = |at: usize| scores.iter().map(|it| it[at]).sum::<u64>();
            statistics::share_interval(sum(1), sum(1) + sum(2))
        };
        let (below, above) = (share(&self.0[..7]), share(&self.0[9..]));
        below.zip(above).is_some_and(|(below, above)| above.low > below.high)
    }

    fn table(&self, person: &Person) -> Markup {
        let (words, format) = (Words::of(person.language), Format::of(person.language));
        html! {
            div .table-frame tabindex="0" role="region" aria-label=(words.link_record) {
                table {
                    thead { tr {
                        th scope="col" { (words.link_score) }
                        th scope="col" .number { (words.link_answers) }
                        th scope="col" .number { (words.link_shown) }
                        th scope="col" .number { (words.link_not_shown) }
                    } }
                    tbody {
                        @for (score, counts) in self.0.iter().enumerate() {
                            tr {
                                th scope="row" { (score) }
                                @for count in counts { td .number { (format.count(*count)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn history(changes: &[LinkChange], person: &Person) -> Markup {
    let words = Words::of(person.language);
    html! {
        @if changes.is_empty() {
            p { (words.link_never) }
        } @else {
            ul .entries {
                @for change in changes.iter().rev() {
                    li {
                        span .small .quiet { (words.since) " " (moment(change.since, person)) } br;
                        @match &change.link {
                            Some(link) => code { (link) },
                            None => (words.link_none),
                        }
                    }
                }
            }
        }
    }
}
