//! `GET /v1/quotes`: what customers allowed to be quoted and the shop chose, for its own pages. Anybody may read it.

use std::sync::Arc;

use afterword_response::limits;
use axum::{
    Json,
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use schemars::SchemaGenerator;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::{
    abuse::Sender,
    http::{
        describe::{Operation, in_json},
        error::Error,
        negotiate,
    },
    query::{self, BadQuery, Empty, Parameter, ParameterProblem, survey_id},
    quotes::{NOTICE_DE, NOTICE_EN},
    report::Dates,
    state::Shared,
    store::quotes::{Quote, Shown},
};

/// The quotes, and all counted answers beside them.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct QuotesAnswer {
    /// Latest answers first; empty below 30 counted answers.
    quotes: Vec<QuoteJson>,
    /// All counted answers, from which the quotes were chosen; null below 30.
    answers: Option<AllAnswers>,
    /// The sentence to show beside them.
    notice: Notice,
}

/// A quote. It is not edited, except that `[…]` stands where something was left out.
#[derive(Serialize, schemars::JsonSchema)]
struct QuoteJson {
    /// Its own id, which leads to no answer.
    id: String,
    text: String,
    /// The first name that the customer gave; null if they gave none.
    name: Option<String>,
    /// The day of the answer, in the shop's calendar.
    #[schemars(extend("format" = "date"))]
    date: String,
    /// The language of the question, as a BCP 47 tag.
    language: String,
}

/// All counted answers.
#[derive(Serialize, schemars::JsonSchema)]
struct AllAnswers {
    count: u64,
    /// Answers by score, 0 to 10.
    distribution: [u64; 11],
    #[serde(flatten)]
    period: Dates,
}

/// The sentence beside quotes.
#[derive(Serialize, schemars::JsonSchema)]
struct Notice {
    de: &'static str,
    en: &'static str,
}

pub(crate) async fn quotes(
    State(shared): State<Arc<Shared>>,
    sender: Sender,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Error> {
    shared.abuse.budgets.take_quotes(sender.network)?;
    let survey = survey(query.as_deref().unwrap_or_default())?;
    let shown = shared.store.quotes(survey.as_deref()).await?;
    let zone = shared.store.time_zone().await?;
    let quote = |quote: Quote| QuoteJson {
        id: quote.id,
        text: quote.words,
        name: quote.name,
        date: quote.answered_at.to_zoned(zone.clone()).date().to_string(),
        language: quote.locale,
    };
    let Shown { quotes, days, scores } = shown;
    let segments = scores.segments();
    let days = days.filter(|_| segments.is_enough());
    let answer = QuotesAnswer {
        quotes: days.map(|_| quotes.into_iter().map(quote).collect()).unwrap_or_default(),
        answers: days.map(|days| AllAnswers {
            count: segments.answers(),
            distribution: scores.0,
            period: days.into(),
        }),
        notice: Notice { de: NOTICE_DE, en: NOTICE_EN },
    };
    let json = serde_json::to_vec(&answer).map_err(|error| Error::File(error.into()))?;
    // Weak, since the body may be compressed on its way.
    let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&Sha256::digest(&json)[..12]));
    let mut response = if negotiate::is_known(&headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Json(answer).into_response()
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CACHE_CONTROL, "no-cache"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(tag) = HeaderValue::try_from(format!("W/{tag}")) {
        headers.insert(header::ETAG, tag);
    }
    Ok(response)
}

/// Reads the survey in a query.
fn survey(query: &str) -> Result<Option<String>, BadQuery> {
    let mut survey = None;
    query::read(query, Empty::Refused, |name, value| {
        match name {
            "survey" if limits::is_identifier(value) => survey = Some(value.to_owned()),
            "survey" => return Err(ParameterProblem::Identifier),
            _ => return Err(ParameterProblem::Unknown { known: vec!["survey"] }),
        }
        Ok(())
    })?;
    Ok(survey)
}

/// Describes the address for `/openapi.json`.
pub(crate) fn describe(generator: &mut SchemaGenerator) -> Operation {
    Operation {
        id: "getQuotes",
        summary: "What customers allowed to be quoted, and the shop chose",
        description: "For the shop's own pages, from any origin and without a token. A quote that is withdrawn, changed or \
            erased is gone at once: ask again each time, the ETag saves the rest. Show the notice beside them.",
        parameters: vec![Parameter::named(
            "survey",
            "A survey, by its id; all if absent.",
            survey_id(),
        )],
        body: None,
        answer: in_json::<QuotesAnswer>(generator),
        problems: &[400, 429],
    }
}
