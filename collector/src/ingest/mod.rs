//! `POST /v1/responses`: takes one revision of a response, or a step of a display, however it was
//! sent. What a person's browser sends by itself, without a script, goes to [`noscript`].
//!
//! A 200 is given after the commit and not before. A revision that is not higher than the one kept
//! changes nothing and is a success all the same, so that a sender may always repeat itself.

pub(crate) mod cross_origin;
pub(crate) mod noscript;

use std::sync::Arc;

use afterword_response::{
    display::Step,
    limits,
    receive::{self, Message, Received, Remedy},
};
use axum::{
    Json,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Uri, header},
    response::{IntoResponse as _, Response},
};
use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use serde::Serialize;

use crate::{
    abuse::{Sender, budgets::Kind},
    http::{address, error::Error},
    state::Shared,
};

/// How much of an oversized body is read and forgotten. A sender still writing would see its
/// connection reset and never learn that the body was too large.
const DRAINED: usize = 16 * limits::BODY;
/// Characters of a refused origin that are kept; hosts have 253 at most.
const LONGEST_ORIGIN: usize = 280;

/// What a response arrives as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Json,
    Form,
}

/// What arrived.
enum Arrived {
    Json(Vec<u8>),
    Form(Vec<(String, String)>),
}

impl Arrived {
    fn size(&self) -> usize {
        match self {
            Self::Json(body) => body.len(),
            Self::Form(fields) => size_of(fields),
        }
    }
}

/// Bytes of a form that say something.
fn size_of(fields: &[(String, String)]) -> usize {
    fields.iter().map(|(name, value)| name.len() + value.len()).sum()
}

/// The answer: which response is kept, and as of which revision; or which step of which display.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct Receipt {
    #[serde(flatten)]
    kept: Kept,
    /// What was done to fields that break the contract, so that the message need not be refused. For the
    /// developer of a sender.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<Note>,
}

#[derive(Serialize, schemars::JsonSchema)]
#[serde(untagged)]
enum Kept {
    Response { id: String, revision: u32 },
    Display { id: String, display: Step },
}

/// A field that broke the contract.
#[derive(Serialize, schemars::JsonSchema)]
struct Note {
    /// Its dotted name; items of lists have a number, from 0: `tags.3`.
    field: String,
    /// What is allowed there.
    problem: String,
    /// `cut`: its first characters or items are kept. `left-out`: it is not. `as-text`: a number, true or
    /// false is kept as the text it was written as.
    #[schemars(extend("enum" = Remedy::NAMES))]
    done: &'static str,
}

pub(crate) async fn ingest(
    State(collector): State<Arc<Shared>>,
    sender: Sender,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Response {
    // What a person wrote is read all the same, to be given back to them.
    let taken = match noscript::is_a_persons(&headers, None) {
        true => Ok(()),
        false => collector.abuse.budgets.take_request(sender.network),
    };
    let arrived = match taken {
        Ok(()) => arrive(&headers, body).await,
        Err(exceeded) => Err(exceeded.into()),
    };
    if noscript::is_a_persons(&headers, arrived.as_ref().ok()) {
        return noscript::answer(&collector, sender, &uri, &headers, arrived).await;
    }
    take(collector, sender, &uri, &headers, arrived).await.map(Json).into_response()
}

async fn arrive(headers: &HeaderMap, body: Body) -> Result<Arrived, Error> {
    let format = format(headers)?;
    let body = whole(body).await?;
    Ok(match format {
        Format::Json => Arrived::Json(body),
        Format::Form => Arrived::Form(form_urlencoded::parse(&body).into_owned().collect()),
    })
}

async fn take(
    collector: Arc<Shared>,
    sender: Sender,
    uri: &Uri,
    headers: &HeaderMap,
    arrived: Result<Arrived, Error>,
) -> Result<Receipt, Error> {
    let arrived = arrived?;
    let size = arrived.size();
    let Received { message, notes } = read(arrived)?;
    if !notes.is_empty() {
        // A field's name below its group is the sender's own word and stays out of the log.
        let mut fields: Vec<&str> =
            notes.iter().filter_map(|note| note.field.split('.').next()).collect();
        fields.dedup();
        tracing::debug!(fields = fields.join(" "), "fields were cut or left out");
    }
    let notes = notes.into_iter().map(Note::from).collect();
    let (kind, survey) = match &message {
        Message::Response(response) => (Kind::Answer, &response.survey),
        Message::Display(display) => (Kind::Display, &display.survey),
    };
    collector.abuse.budgets.take(kind, sender.network, survey, size)?;
    check_origin(&collector, headers, uri, survey, kind).await?;

    // In a task of its own: a page that goes away closes the connection, which would drop a write
    // that has begun, and with it an answer that has arrived.
    let shared = Arc::clone(&collector);
    let write = collector.writes.spawn(async move {
        match message {
            Message::Response(mut response) => {
                shared.redaction.apply(&mut response);
                let revision = shared.store.put(&response).await?;
                Ok::<_, Error>(Kept::Response { id: response.id, revision })
            }
            Message::Display(display) => {
                shared.store.put_display(&display).await?;
                Ok(Kept::Display { id: display.id, display: display.display })
            }
        }
    });
    let kept = write.await.map_err(Error::Task)??;
    Ok(Receipt { kept, notes })
}

impl From<receive::Note> for Note {
    fn from(note: receive::Note) -> Self {
        Self { field: note.field, problem: note.problem.to_string(), done: note.remedy.name() }
    }
}

/// Refuses what comes from a site that the survey does not list. A browser names the site a page belongs
/// to; a program that names none is no page, and is let in: this keeps other people's pages out, and
/// is no lock. What is refused is told to the sender, who can try again, and to the shop.
async fn check_origin(
    collector: &Shared,
    headers: &HeaderMap,
    uri: &Uri,
    survey: &str,
    kind: Kind,
) -> Result<(), Error> {
    let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
    let allowed = collector.store.allowed_origins(survey).await?;
    if allowed.is_empty() {
        return Ok(());
    }
    let origin = origin.to_str().unwrap_or("?");
    // Our own pages: the demo shop and the preview.
    let own = address::own(collector, headers, uri);
    if origin == own || allowed.iter().any(|allowed| allowed.allows(origin)) {
        return Ok(());
    }
    if kind == Kind::Answer {
        let origin: String = origin.chars().take(LONGEST_ORIGIN).collect();
        collector.store.note_refusal(survey, &origin, Timestamp::now()).await?;
    }
    Err(Error::Origin)
}

/// Reads the format off the content type. `text/plain` is JSON that spares the page a preflight.
fn format(headers: &HeaderMap) -> Result<Format, Error> {
    if headers.get(header::CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
        return Err(Error::MediaType);
    }
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    match essence.to_ascii_lowercase().as_str() {
        "application/json" | "text/plain" => Ok(Format::Json),
        "application/x-www-form-urlencoded" => Ok(Format::Form),
        _ => Err(Error::MediaType),
    }
}

/// The whole body, if it is not larger than a response may be.
async fn whole(body: Body) -> Result<Vec<u8>, Error> {
    let mut stream = body.into_data_stream();
    let mut kept = Vec::new();
    let mut size = 0;
    while size <= DRAINED {
        let chunk: Option<Bytes> =
            stream.try_next().await.map_err(|error| Error::of_body(&error))?;
        let Some(chunk) = chunk else { break };
        size += chunk.len();
        if size <= limits::BODY {
            kept.extend_from_slice(&chunk);
        }
    }
    if size > limits::BODY { Err(Error::TooLarge) } else { Ok(kept) }
}

fn read(arrived: Arrived) -> Result<Received<Message>, Error> {
    let mut received = match arrived {
        Arrived::Json(body) => Message::from_json(&body)?,
        Arrived::Form(fields) => Message::from_form(fields)?,
    };
    // The same UUID in capitals is the same response.
    match &mut received.message {
        Message::Response(response) => response.id.make_ascii_lowercase(),
        Message::Display(display) => display.id.make_ascii_lowercase(),
    }
    Ok(received)
}
