//! `GET /responses/of/{order, customer}?number=…`: everything that is stored about an order or a customer, to answer a
//! customer's request for access; as a page, as JSON and as CSV.

use std::sync::Arc;

use afterword_response::{Response as Answer, Segment};
use axum::{
    body::Body,
    extract::{Path, RawQuery, State},
    response::Response,
};
use jiff::Timestamp;
use maud::{Markup, html};
use serde::{Deserialize, Serialize};

use super::{
    view::{access_address, history, known, second_ratings},
    words::Words,
};
use crate::{
    access::person::Person,
    exchange::{
        run::{Dialect, Format, file_of},
        stored_json::StoredJson,
    },
    http::{
        download,
        error::{Error, PageError},
    },
    language::Language,
    site::{
        case,
        frame::{Place, form_token, names::Names, page as frame_page, segment_class},
    },
    state::Shared,
    store::{
        AnswerHistory, EarlierRevision, Owner, Stored, StoredDisplay,
        answer_pages::SecondRating,
        cases::{CaseChange, Event, State as CaseState},
        replies::Reply,
        surveys::Survey,
    },
    themes::Named,
};

/// The parameters of the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AccessQuery {
    number: String,
    /// `json` or `csv`.
    format: String,
}

/// Reads the part of an address after the `?`.
fn read_query(query: Option<&str>) -> Result<AccessQuery, PageError> {
    serde_urlencoded::from_str(query.unwrap_or_default())
        .map_err(|_| PageError(Error::NotFound("The address has parameters that are not known.")))
}

/// An answer, and everything that is stored with it.
struct StoredAnswer {
    stored: Stored,
    past: AnswerHistory,
    /// The events of its case, with the notes.
    events: Vec<Event>,
    ratings: Vec<SecondRating>,
    replies: Vec<Reply>,
}

async fn stored_answers(
    shared: &Shared,
    owner: &str,
    number: &str,
) -> Result<(Owner, Vec<StoredAnswer>), PageError> {
    let owner = Owner::from_name(owner).ok_or(PageError(Error::NotFound("")))?;
    let answers = shared.store.answers_of(owner, number).await?;
    let ids = answers.iter().map(|stored| stored.response.id.clone()).collect();
    let pasts = shared.store.past_of(ids).await?;
    let mut kept = Vec::new();
    for (stored, past) in answers.into_iter().zip(pasts) {
        let case = shared.store.case(&stored.response.id).await?;
        let events = case.map(|(_, events)| events).unwrap_or_default();
        let ratings = shared.store.second_ratings(&stored.response.id).await?;
        let replies = shared.store.replies(&stored.response.id).await?;
        kept.push(StoredAnswer { stored, past, events, ratings, replies });
    }
    Ok((owner, kept))
}

/// An answer as JSON, with its earlier revisions, its display and its case.
#[derive(Serialize)]
struct StoredAnswerJson {
    #[serde(flatten)]
    answer: StoredJson,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    earlier: Vec<EarlierJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    display: Option<DisplayJson>,
    /// The events of its case.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    case: Vec<EventJson>,
    /// What the customer rated later, on the answer page.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    second_ratings: Vec<SecondRatingJson>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    replies: Vec<ReplyJson>,
}

#[derive(Serialize)]
struct SecondRatingJson {
    at: String,
    score: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
}

/// A reply to the customer, and what they wrote back. Who replied is data of a colleague.
#[derive(Serialize)]
struct ReplyJson {
    at: String,
    way: &'static str,
    words: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    written_back_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    written_back: Option<String>,
}

impl From<Reply> for ReplyJson {
    fn from(Reply { at, way, words, written_back, .. }: Reply) -> Self {
        let (written_back_at, written_back) =
            written_back.map(|back| (format!("{:.3}", back.at), back.words)).unzip();
        Self { at: format!("{at:.3}"), way: way.name(), words, written_back_at, written_back }
    }
}

/// An event of a case. It is part of the customer's data; who did it is not, because that is data of a colleague.
#[derive(Serialize)]
struct EventJson {
    at: String,
    what: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

impl From<Event> for EventJson {
    fn from(event: Event) -> Self {
        let (what, state, note) = match event.what {
            CaseChange::State(state) => ("state", state.map(CaseState::name), None),
            CaseChange::Owner(_) => ("owner", None, None),
            CaseChange::Note(note) => ("note", None, note),
            CaseChange::Words => ("words", None, None),
            CaseChange::Reply(_) => ("reply", None, None),
            CaseChange::WroteBack => ("wrote-back", None, None),
            CaseChange::RatedAgain => ("rated-again", None, None),
            CaseChange::MailFailed => ("mail-failed", None, None),
        };
        Self { at: format!("{:.3}", event.at), what, state, note }
    }
}

#[derive(Serialize)]
struct EarlierJson {
    #[serde(flatten)]
    response: Answer,
    updated_at: String,
}

#[derive(Serialize)]
struct DisplayJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    shown_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dismissed_at: Option<String>,
    received_at: String,
}

impl From<StoredAnswer> for StoredAnswerJson {
    fn from(StoredAnswer { stored, past, events, ratings, replies }: StoredAnswer) -> Self {
        // Milliseconds, as in the response's own times.
        let time = |at: Timestamp| format!("{at:.3}");
        let earlier =
            |it: EarlierRevision| EarlierJson { response: it.response, updated_at: time(it.at) };
        let display = |StoredDisplay { shown_at, dismissed_at, received_at }| DisplayJson {
            shown_at: shown_at.map(time),
            dismissed_at: dismissed_at.map(time),
            received_at: time(received_at),
        };
        Self {
            answer: stored.into(),
            earlier: past.earlier.into_iter().map(earlier).collect(),
            display: past.display.map(display),
            case: events.into_iter().map(EventJson::from).collect(),
            second_ratings: ratings
                .into_iter()
                .map(|SecondRating { at, score, comment }| SecondRatingJson {
                    at: time(at),
                    score,
                    comment,
                })
                .collect(),
            replies: replies.into_iter().map(ReplyJson::from).collect(),
        }
    }
}

/// The lines of a file: the answer, then its earlier revisions.
fn lines(StoredAnswer { stored, past, .. }: StoredAnswer) -> Vec<Stored> {
    let (received_at, aside) = (stored.received_at, stored.aside);
    let earlier = past.earlier.into_iter().map(|EarlierRevision { response, at }| Stored {
        response,
        received_at,
        updated_at: at,
        aside,
        // Themes are stored for the latest revision only.
        named: Named::default(),
    });
    let earlier: Vec<Stored> = earlier.collect();
    [stored].into_iter().chain(earlier).collect()
}

/// The page.
pub(crate) async fn page(
    person: Person,
    State(shared): State<Arc<Shared>>,
    Path(owner): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let AccessQuery { number, .. } = read_query(query.as_deref())?;
    let number = number.trim();
    let (owner, answers) = stored_answers(&shared, &owner, number).await?;
    let surveys = shared.store.surveys().await?;
    Ok(view(&person, owner, number, &answers, &surveys))
}

/// The same data as a file.
pub(crate) async fn file(
    person: Person,
    State(shared): State<Arc<Shared>>,
    Path(owner): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let AccessQuery { number, format } = read_query(query.as_deref())?;
    let (owner, answers) = stored_answers(&shared, &owner, number.trim()).await?;
    let name = match (owner, person.language) {
        (Owner::Order, Language::English) => "order",
        (Owner::Customer, Language::English) => "customer",
        (Owner::Order, Language::German) => "bestellung",
        (Owner::Customer, Language::German) => "kunde",
    };
    if format == "csv" {
        let dialect = match person.language {
            Language::German => Dialect::Semicolon,
            Language::English => Dialect::Comma,
        };
        let format = Format::Csv(dialect);
        let lines = answers.into_iter().flat_map(lines).collect();
        let content = file_of(lines, format).map_err(|error| PageError(Error::File(error)))?;
        let name = format!("afterword-{name}.csv");
        return Ok(download::attachment(&name, format.content_type(), Body::from(content)));
    }
    let answers: Vec<StoredAnswerJson> = answers.into_iter().map(StoredAnswerJson::from).collect();
    let content = serde_json::to_vec_pretty(&answers).unwrap_or_default();
    let name = format!("afterword-{name}.json");
    Ok(download::attachment(&name, "application/json", Body::from(content)))
}

fn view(
    person: &Person,
    owner: Owner,
    number: &str,
    answers: &[StoredAnswer],
    surveys: &[Survey],
) -> Response {
    let words = Words::of(person.language);
    let title = match owner {
        Owner::Order => words.access_order,
        Owner::Customer => words.access_customer,
    };
    let address = access_address(owner, number).replacen('?', "/file?", 1);
    let main = html! {
        div .answer .access {
            p .back .no-print { a href="/responses" { "‹ " (words.back) } }
            header { h1 { (title) " " (number) } p .lead { (words.access_lead) } }
            @if answers.is_empty() {
                section .sheet { p { (words.none) } }
            } @else {
                div .row .no-print {
                    a .button href={ (address) "&format=json" } download { (words.as_json) }
                    a .button .second href={ (address) "&format=csv" } download { (words.as_csv) }
                    form method="post" action="/data/erase" {
                        (form_token(person))
                        input type="hidden" name="by" value=(owner.name());
                        input type="hidden" name="value" value=(number);
                        button .second { (words.erase_all) }
                    }
                }
                @for kept in answers { (entry(kept, surveys, person, words)) }
            }
        }
    };
    frame_page(person, Place::Responses, title, &main)
}

fn entry(kept: &StoredAnswer, surveys: &[Survey], person: &Person, words: &Words) -> Markup {
    let StoredAnswer { stored, past, events, ratings, replies } = kept;
    let response = &stored.response;
    let segment = Segment::of(response.score);
    let names = Names::of(person.language);
    html! {
        section .sheet {
            p .mark .(segment_class(segment)) {
                span .hidden-text { (words.score) " " }
                strong { (response.score) } " " span { (names.segment(segment)) }
            }
            @if let Some(comment) = &response.comment {
                blockquote lang=(response.locale) dir="auto" { (comment) }
            }
            dl .facts {
                @for (name, value) in known(stored, past, surveys, person) { dt { (name) } dd { (value) } }
                dt { (words.id) } dd { code { (response.id) } }
            }
            @if !past.earlier.is_empty() {
                h3 { (words.history) }
                (history(stored, past, person))
            }
            @if !ratings.is_empty() {
                h3 { (words.rated_again) }
                (second_ratings(ratings, &response.locale, person))
            }
            @if !events.is_empty() {
                h3 { (words.case) }
                (case::history(events, person))
            }
            @if !replies.is_empty() {
                h3 { (words.replies) }
                (case::replies(person, replies, None))
            }
        }
    }
}
