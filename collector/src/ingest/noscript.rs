//! `POST /v1/responses` from a page without JavaScript: an ordinary form, which a browser sends by
//! itself and whose answer a person reads. `docs/NOSCRIPT.md` has the form.
//!
//! What a script would have known is made here, and the result goes the way of every response: the
//! same checks, allowed origins, redaction and durable store. An answer that is stored leads on to
//! `/thanks` (303), so that a reload there sends nothing; whatever else happens is a page in the
//! customer's language, with their words still in it.

use std::sync::Arc;

use afterword_response::{
    Response as Answer, Segment, VERSION, limits,
    receive::{FieldProblem, Message, Problem},
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use jiff::Timestamp;
use url::Url;

use super::body::{Payload, read, size_of};
use crate::{
    access::{Caller, person::Visitor},
    http::{error::Error, negotiate},
    intake::{Intake, Source, new_id},
    locales,
    repeats::{FormOwner, Mark, Repeats},
    site::customer::{self, FormValues},
    state::Shared,
};

/// What such an answer's method is stamped with as the release.
const NOSCRIPT_RELEASE: &str = "noscript";
/// The field that nobody sees, and that programs fill in.
const TRAP_FIELD: &str = "website";
/// What the server says itself, whatever the form says.
const SERVER_FIELDS: [&str; 9] = [
    "version",
    "revision",
    "complete",
    "shown_at",
    "scored_at",
    "sent_at",
    "method.release",
    "display",
    TRAP_FIELD,
];

const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
/// What tells one customer's browser from another's, as far as requests say. Used as a whole, hashed,
/// in memory, for some minutes at most: see [`crate::repeats`].
const BROWSER_HEADERS: [&str; 10] = [
    "user-agent",
    "accept-language",
    "accept-encoding",
    "sec-ch-ua",
    "sec-ch-ua-platform",
    "origin",
    "forwarded",
    "x-forwarded-for",
    "x-real-ip",
    "cf-connecting-ip",
];

/// Whether a person waits for the answer: their browser went to this address, and no script did.
/// Browsers say so themselves (Fetch Metadata). Of one that does not, a form that somebody will be
/// shown the answer to, unless it states the contract's version, as every program's does.
pub(super) fn is_a_persons(headers: &HeaderMap, arrived: Option<&Payload>) -> bool {
    if let Some(mode) = headers.get(SEC_FETCH_MODE) {
        return mode == "navigate";
    }
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_form = content_type.is_some_and(|it| {
        let it = it.to_ascii_lowercase();
        it.starts_with("application/x-www-form-urlencoded") || it.starts_with("multipart/form-data")
    });
    let states_version = match arrived {
        Some(Payload::Form(fields)) => last(fields, "version").is_some(),
        _ => false,
    };
    is_form && negotiate::wants_page(headers) && !states_version
}

/// Tells a customer whose form has `method="get"`, which records nothing, and with it the shop. They
/// should not be left with the answer that a program gets.
pub(crate) async fn explain_method(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let is_wrong = is_sent_wrongly(&request);
    let locale = negotiate::customers_locale("", request.headers());
    let response = next.run(request).await;
    let visitor = response.extensions().get::<Visitor>();
    // Whoever is signed in, or has a token, wanted the list.
    let is_stranger = visitor.is_some_and(|it| matches!(it.caller, Caller::Stranger));
    if !is_wrong || !is_stranger {
        return response;
    }
    let shop = shared.store.shop_links().await.unwrap_or_default();
    let mut page = customer::refusal(locale, &shop, &Error::Method, &FormValues::default());
    page.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
    page
}

fn is_sent_wrongly(request: &Request) -> bool {
    let asks_to_record = || {
        let query = request.uri().query().unwrap_or_default();
        form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "score")
    };
    *request.method() == Method::GET
        && request.uri().path() == "/v1/responses"
        && negotiate::wants_page(request.headers())
        && asks_to_record()
}

/// Takes the form that arrived, and says so to the person who sent it.
pub(super) async fn answer(
    shared: &Shared,
    source: Source<'_>,
    headers: &HeaderMap,
    arrived: Result<Payload, Error>,
) -> Response {
    let (form, error) = match arrived {
        Ok(Payload::Form(fields)) => {
            let form = Form::read(fields, headers);
            match take(&shared.intake, source, headers, &form).await {
                Ok(()) => return to_thanks(shared.public_url.as_deref(), &form),
                Err(error) => (Some(form), error),
            }
        }
        Ok(Payload::Json(_)) => (None, Error::MediaType),
        Err(error) => (None, error),
    };
    let (locale, values) = match &form {
        Some(form) => (negotiate::customers_locale(&form.locale, headers), form.values()),
        None => (negotiate::customers_locale("", headers), FormValues::default()),
    };
    let shop = shared.store.shop_links().await.unwrap_or_default();
    customer::refusal(locale, &shop, &error, &values)
}

async fn take(
    intake: &Arc<Intake>,
    source: Source<'_>,
    headers: &HeaderMap,
    form: &Form,
) -> Result<(), Error> {
    if form.has_sprung_the_trap() {
        return Err(Error::Fields(vec![problem(TRAP_FIELD, Problem::NotEmpty)]));
    }
    let response = form.response()?;
    let mark = form.mark(intake.repeats(), &response, headers);
    Ok(intake.take_form(response, mark, size_of(&form.fields), source).await?)
}

/// Leads on to the thanks, so that a reload sends nothing again.
///
/// Where only this one address of ours is served under the shop's name, a path would be the shop's;
/// `public_url` is the collector's.
fn to_thanks(public_url: Option<&str>, form: &Form) -> Response {
    let origin = public_url.unwrap_or_default();
    let mut address = format!("{origin}/thanks?locale={}", form.locale);
    // Not the score: the address stays in the browser's history.
    if let Some(score) = form.score() {
        address.push_str(&format!("&segment={}", Segment::of(score).name()));
    }
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(address) = HeaderValue::try_from(address) {
        headers.insert(header::LOCATION, address);
    }
    response
}

/// A form as a person sent it, and what its request says besides.
struct Form {
    /// As they came, but for line ends and fields left empty.
    fields: Vec<(String, String)>,
    locale: String,
    /// Empty if nothing says where the form stood.
    page: String,
}

impl Form {
    fn read(mut fields: Vec<(String, String)>, headers: &HeaderMap) -> Self {
        for (_, value) in &mut fields {
            // Browsers send CR LF for one line end, and count one character for it.
            *value = value.replace("\r\n", "\n");
        }
        fields.retain(|(_, value)| !value.trim().is_empty());
        let locale = last(&fields, "locale")
            .map(|locale| locale.replace('_', "-"))
            .into_iter()
            .chain(negotiate::accepted_locales(headers).into_iter().map(|locale| cased(&locale)))
            .find(|locale| limits::is_locale(locale))
            .unwrap_or_else(|| "en".to_owned());
        let header = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let page = [last(&fields, "page"), header(header::REFERER), header(header::ORIGIN)]
            .into_iter()
            .flatten()
            .find_map(page)
            .unwrap_or_default();
        Self { fields, locale, page }
    }

    fn has_sprung_the_trap(&self) -> bool {
        last(&self.fields, TRAP_FIELD).is_some()
    }

    /// The response that the form stands for, checked as any other.
    fn response(&self) -> Result<Answer, Error> {
        if last(&self.fields, "score").is_none() {
            // What else the customer has to mend is said in the same breath.
            let mut problems = vec![problem("score", Problem::Missing)];
            let has = last(&self.fields, "comment").map_or(0, |comment| comment.chars().count());
            if has > limits::COMMENT {
                problems.push(problem("comment", Problem::Long { most: limits::COMMENT, has }));
            }
            return Err(Error::Fields(problems));
        }
        let words = locales::best([self.locale.as_str()]);
        let question = words.question(None);
        let id = new_id()?;
        let now = format!("{:.3}", Timestamp::now());
        let version = VERSION.to_string();
        // Of a field that is there twice the last counts: first what the form may say otherwise, then
        // the form, then what it has no say in.
        let open = [
            ("id", id.as_str()),
            ("survey", "default"),
            ("touchpoint", "order"),
            ("method.question", question.as_str()),
            ("method.low_label", words.low_label.as_str()),
            ("method.high_label", words.high_label.as_str()),
            ("method.layout", "one-row"),
            ("method.mode", "inline"),
        ];
        let said = self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let said = said.filter(|(name, _)| !SERVER_FIELDS.contains(name));
        let fixed = [
            ("version", version.as_str()),
            ("revision", "1"),
            ("complete", "true"),
            ("shown_at", now.as_str()),
            ("scored_at", now.as_str()),
            ("sent_at", now.as_str()),
            ("page", self.page.as_str()),
            ("locale", self.locale.as_str()),
            ("method.release", NOSCRIPT_RELEASE),
        ];
        let fields = open.into_iter().chain(said).chain(fixed);
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        match read(Payload::Form(fields))?.message {
            Message::Response(response) => Ok(*response),
            // There is no field `display`, which alone makes one.
            Message::Display(_) => Err(Error::Fields(vec![problem("score", Problem::Missing)])),
        }
    }

    /// By what this form is known if it comes again.
    fn mark(&self, repeats: &Repeats, response: &Answer, headers: &HeaderMap) -> Mark {
        let order = response.order.as_ref().and_then(|order| order.id.as_deref());
        let customer = response.customer.as_ref().and_then(|customer| customer.id.as_deref());
        let id = last(&self.fields, "id");
        let whose = match (id, order, customer) {
            (None, None, None) => FormOwner::Anybodys,
            _ => FormOwner::Named,
        };
        let browser = BROWSER_HEADERS.map(|name| headers.get(name).map(HeaderValue::as_bytes));
        let touchpoint = response.touchpoint.name();
        let sender = (id, order, customer, &response.survey, touchpoint, browser);
        repeats.mark(whose, sender, &self.fields)
    }

    fn score(&self) -> Option<u8> {
        last(&self.fields, "score").and_then(|score| score.parse().ok())
    }

    /// What a page that asks for one more try keeps of it.
    fn values(&self) -> FormValues<'_> {
        let shown = ["score", "comment", "page", "locale"];
        let hidden = self
            .fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(name, _)| !shown.contains(name) && !SERVER_FIELDS.contains(name))
            .chain([("page", self.page.as_str()), ("locale", self.locale.as_str())])
            .filter(|(_, value)| !value.is_empty())
            .collect();
        FormValues {
            score: self.score(),
            comment: last(&self.fields, "comment").unwrap_or_default(),
            hidden,
        }
    }
}

fn last<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    fields.iter().rev().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
}

fn problem(field: &str, problem: Problem) -> FieldProblem {
    FieldProblem { field: field.to_owned(), problem }
}

/// An address as a response may name it: without query, fragment and password.
fn page(address: &str) -> Option<String> {
    let mut url = Url::parse(address).ok()?;
    if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() {
        return None;
    }
    url.set_query(None);
    url.set_fragment(None);
    let page = String::from(url);
    (page.chars().count() <= limits::PAGE).then_some(page)
}

/// A locale in the case that locales are written in: `de-AT`, `zh-Hant`.
fn cased(locale: &str) -> String {
    let mut parts = locale.split('-');
    let mut cased = parts.next().unwrap_or_default().to_ascii_lowercase();
    for part in parts {
        let mut part = part.to_ascii_lowercase();
        match part.len() {
            2 => part.make_ascii_uppercase(),
            4 => {
                if let Some(first) = part.get_mut(..1) {
                    first.make_ascii_uppercase();
                }
            }
            _ => {}
        }
        cased.push('-');
        cased.push_str(&part);
    }
    cased
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_an_address_without_what_may_name_a_person() {
        for (address, expected) in [
            ("https://shop.example/thanks?order=1#top", Some("https://shop.example/thanks")),
            ("http://shop.example", Some("http://shop.example/")),
            ("https://kim:secret@shop.example/", None),
            ("null", None),
            ("about:client", None),
            ("javascript:alert(1)", None),
            ("android-app://com.shop/", None),
            ("", None),
        ] {
            assert_eq!(page(address).as_deref(), expected, "{address}");
        }
        assert_eq!(page(&format!("https://shop.example/{}", "x".repeat(limits::PAGE))), None);
    }

    #[test]
    fn a_locale_is_written_as_locales_are() {
        for (said, expected) in [("de", "de"), ("de-at", "de-AT"), ("zh-hant-tw", "zh-Hant-TW")] {
            assert_eq!(cased(said), expected);
        }
        // Whatever a header holds is cased and then checked, not the other way round.
        cased("x-éé-ä");
    }

    #[test]
    fn fuzz_noscript() {
        bolero::check!(name = "noscript").with_iterations(2_000).for_each(|body: &[u8]| {
            // The headers, each on a line, and the form behind them.
            let mut lines = body.splitn(4, |byte| *byte == b'\n');
            let mut headers = HeaderMap::new();
            for name in [header::REFERER, header::ORIGIN, header::ACCEPT_LANGUAGE] {
                if let Ok(value) = HeaderValue::from_bytes(lines.next().unwrap_or_default()) {
                    headers.insert(name, value);
                }
            }
            let fields = form_urlencoded::parse(lines.next().unwrap_or_default());
            let form = Form::read(fields.into_owned().collect(), &headers);
            assert!(limits::is_locale(&form.locale));
            let _ = form.values();
            match form.response() {
                Ok(response) => {
                    for problem in afterword_response::receive::check(&response) {
                        assert!(
                            matches!(problem.problem, Problem::Missing | Problem::Empty),
                            "{problem:?}"
                        );
                    }
                }
                Err(Error::Fields(problems)) => assert!(!problems.is_empty()),
                Err(error) => panic!("{error:?}"),
            }
        });
    }
}
