//! `POST /v1/responses` from a page without JavaScript: an ordinary form, which the browser sends without a
//! script, so that a person reads the answer. `docs/NOSCRIPT.md` has the form.
//!
//! This module adds the fields that a script would have sent. The response then passes the same checks,
//! allowed sites, redaction and durable write as any other. After the write the browser is redirected to
//! `/thanks` (303), so that a reload sends nothing, or to the page of the answer, `/r/{secret}`, whose secret is made
//! here. If anything fails, the customer gets a page in their language that contains their answer.

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
    access::{Caller, person::Visitor, secret::Secret},
    http::{error::Error, negotiate},
    intake::{Intake, Source, new_id},
    locales,
    repeats::{FormOwner, Mark, Repeats},
    site::customer::{self, FormValues},
    state::Shared,
};

/// The release in the method of such an answer.
const NOSCRIPT_RELEASE: &str = "noscript";
/// A hidden field, which people leave empty and programs fill in.
const TRAP_FIELD: &str = "website";
/// The field by which a form asks for a page of the answer.
const RECEIPT_FIELD: &str = "receipt";
/// The fields that the server sets; the form's own values for them are ignored. Whoever made the form must not know the
/// secret of `answer_page`.
const SERVER_FIELDS: [&str; 11] = [
    "version",
    "revision",
    "complete",
    "shown_at",
    "scored_at",
    "sent_at",
    "method.release",
    "review_link",
    "display",
    "answer_page",
    TRAP_FIELD,
];

const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
/// The headers by which a browser is recognised. Only a hash of all of them is used, in memory, for some
/// minutes at most: see [`crate::repeats`].
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

/// Whether a person reads the answer to this request, because the browser navigates to this address. Modern
/// browsers state that in `Sec-Fetch-Mode` (Fetch Metadata). Without this header, a form counts as a person's
/// if it accepts HTML and has no field `version`, which every script and program sends.
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

/// Answers a form with `method="get"`, which records nothing, with a page that tells the customer and the shop
/// so. Without this layer the customer would see the problem document that programs get.
pub(crate) async fn explain_method(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let locale =
        is_sent_wrongly(&request).then(|| negotiate::customers_locale("", request.headers()));
    let response = next.run(request).await;
    let Some(locale) = locale else { return response };
    let visitor = response.extensions().get::<Visitor>();
    // A person who is signed in, or a program with a token, asked for the list.
    let is_stranger = visitor.is_some_and(|it| matches!(it.caller, Caller::Stranger));
    if !is_stranger {
        return response;
    }
    let shop = customer::shop(&shared.store).await;
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

/// Stores the form that arrived, and answers with a redirect to the thanks or to the page of the answer, or with a page
/// about the failure.
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
                Ok(secret) => return onward(shared.public_url.as_deref(), &form, secret),
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
    let shop = customer::shop(&shared.store).await;
    customer::refusal(locale, &shop, &error, &values)
}

async fn take(
    intake: &Arc<Intake>,
    source: Source<'_>,
    headers: &HeaderMap,
    form: &Form,
) -> Result<Option<Secret>, Error> {
    if form.has_sprung_the_trap() {
        return Err(Error::Fields(vec![problem(TRAP_FIELD, Problem::NotEmpty)]));
    }
    let response = form.response()?;
    let mark = form.mark(intake.repeats(), &response, headers);
    let secret = form.wants_page(&response).then(|| Secret::new("")).transpose()?;
    Ok(intake.take_form(response, mark, secret, size_of(&form.fields), source).await?)
}

/// Redirects to the page of the answer, or if there is none, to the thanks, so that a reload does not send the form again.
///
/// If a proxy serves only `/v1/responses` under the shop's host, a redirect to a path would lead to the shop.
/// Therefore the address begins with `public_url`, if it is known.
fn onward(public_url: Option<&str>, form: &Form, secret: Option<Secret>) -> Response {
    let origin = public_url.unwrap_or_default();
    let mut address = match &secret {
        Some(secret) => format!("{origin}/r/{}?sent", secret.reveal()),
        None => format!("{origin}/thanks?locale={}", form.locale),
    };
    // Only the segment and not the score, because the address stays in the browser's history.
    if let (None, Some(score)) = (&secret, form.score()) {
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

/// A form from a browser, and the values from its request's headers.
struct Form {
    /// The fields as they were sent, with LF for line ends, and without empty fields.
    fields: Vec<(String, String)>,
    locale: String,
    /// The address of the form's page; empty if it is not known.
    page: String,
}

impl Form {
    fn read(mut fields: Vec<(String, String)>, headers: &HeaderMap) -> Self {
        for (_, value) in &mut fields {
            // Browsers send CR LF for a line end, but `maxlength` counts it as one character.
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

    /// Makes a response from the form, and checks it like any other.
    fn response(&self) -> Result<Answer, Error> {
        if last(&self.fields, "score").is_none() {
            // A comment that is too long is reported too, so that the customer corrects both at once.
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
        // If a field occurs twice, the last one counts. So the order is: defaults, the form's fields, and the
        // fields that only the server sets.
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
            // The page with the thanks has no such link.
            ("review_link", "false"),
        ];
        let fields = open.into_iter().chain(said).chain(fixed);
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        match read(Payload::Form(fields))?.message {
            Message::Response(response) => Ok(*response),
            // Cannot happen: only a field `display` makes a display, and `SERVER_FIELDS` removes it.
            Message::Display(_) => Err(Error::Fields(vec![problem("score", Problem::Missing)])),
        }
    }

    /// Whether the customer gets a page of their answer: if the form asks for it, or if they gave a contact or allowed
    /// quoting, which they can withdraw there.
    fn wants_page(&self, response: &Answer) -> bool {
        let asks = matches!(last(&self.fields, RECEIPT_FIELD), Some("true" | "on" | "1"));
        asks || response.contact.is_some() || response.quotable == Some(true)
    }

    /// The hash by which this form is recognised if it is sent again.
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

    /// The values for a page on which the customer corrects the form and sends it again.
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

/// The address of a page without query and fragment. `None` if it is no web address, is too long, or contains a
/// user name.
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

/// Writes a locale in the usual case: `de-AT`, `zh-Hant`.
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
    fn a_page_is_an_address_without_personal_parts() {
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
    fn a_locale_is_normalised() {
        for (said, expected) in [("de", "de"), ("de-at", "de-AT"), ("zh-hant-tw", "zh-Hant-TW")] {
            assert_eq!(cased(said), expected);
        }
        // `cased` runs before the check, so it must accept any text of a header.
        cased("x-éé-ä");
    }

    #[test]
    fn fuzz_noscript() {
        bolero::check!(name = "noscript").with_iterations(2_000).for_each(|body: &[u8]| {
            // Three lines with the values of headers, then the form.
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
