//! Reads the body of a request to the ingest address, within its limits, as JSON or as a form.

use afterword_response::{
    limits,
    receive::{Message, Received},
};
use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, header},
};
use futures_util::TryStreamExt as _;

use crate::http::error::Error;

/// Bytes of an oversized body that are read and dropped. Otherwise a sender that is still writing would see
/// its connection reset, and never learn that the body was too large.
const MAX_DRAINED: usize = 16 * limits::BODY;

/// The format of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Json,
    Form,
}

/// The body of a request, not yet checked.
pub(super) enum Payload {
    Json(Vec<u8>),
    Form(Vec<(String, String)>),
}

impl Payload {
    /// The size in bytes, as budgets count it.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Json(body) => body.len(),
            Self::Form(fields) => size_of(fields),
        }
    }
}

/// The size of a form's names and values, in bytes.
pub(super) fn size_of(fields: &[(String, String)]) -> usize {
    fields.iter().map(|(name, value)| name.len() + value.len()).sum()
}

/// Reads a body in the format that its content type names.
pub(super) async fn arrive(headers: &HeaderMap, body: Body) -> Result<Payload, Error> {
    let format = format(headers)?;
    let body = whole(body).await?;
    Ok(match format {
        Format::Json => Payload::Json(body),
        Format::Form => Payload::Form(form_urlencoded::parse(&body).into_owned().collect()),
    })
}

/// The format that the content type names. `text/plain` is JSON: pages use it to avoid a preflight request.
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

/// Reads a complete body, unless it is too large for a response.
async fn whole(body: Body) -> Result<Vec<u8>, Error> {
    let mut stream = body.into_data_stream();
    let mut kept = Vec::new();
    let mut size = 0;
    while size <= MAX_DRAINED {
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

/// Reads the message that arrived, and checks it against the contract.
pub(super) fn read(arrived: Payload) -> Result<Received<Message>, Error> {
    let mut received = match arrived {
        Payload::Json(body) => Message::from_json(&body)?,
        Payload::Form(fields) => Message::from_form(fields)?,
    };
    // Ids are compared as text, so a UUID in upper case is converted.
    match &mut received.message {
        Message::Response(response) => response.id.make_ascii_lowercase(),
        Message::Display(display) => display.id.make_ascii_lowercase(),
    }
    Ok(received)
}
