//! The errors of requests: one type that knows its status, says what to do, and shows its cause only in the
//! log. Programs get it as a problem document (RFC 9457).

use std::{error::Error as StdError, fmt::Write as _, io, sync::Arc};

use afterword_response::{
    VERSION, limits,
    receive::{FieldProblem, Refusal},
};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::{body, request_id};
use crate::{
    abuse::budgets::{Budget, ExceededBudget},
    access::{Need, password::PasswordError, person::ForeignForm},
    intake::IntakeError,
    language::Language,
    query::BadQuery,
    store::{Conflict, StoreError},
    words::problems,
};

/// Seconds until the next attempt; a database is seldom locked for longer.
const RETRY_AFTER_SECONDS: &str = "2";

/// Why a request failed.
#[derive(Debug)]
pub(crate) enum Error {
    /// The body is not JSON; the parser's message.
    Syntax(String),
    /// The body has another version of the contract: this one, as it was written.
    Version(String),
    /// Fields of a response that break the contract.
    Fields(Vec<FieldProblem>),
    /// Parameters of the query that are unknown or wrong.
    Query(BadQuery),
    /// The body is larger than [`limits::BODY`].
    TooLarge,
    /// The content type is not accepted.
    MediaType,
    /// The body did not arrive in time.
    Slow,
    /// The connection broke before the end of the body.
    Broken,
    /// The body is not valid `multipart/form-data`.
    Multipart,
    /// Another file is being imported.
    Importing,
    /// The token is missing or wrong, or nobody is signed in.
    Unauthorized(Challenge),
    /// The caller is known, but may not do this: it requires this access.
    Forbidden(Need),
    /// The answer comes from a site that its survey does not list.
    Origin,
    /// The answer is to a deleted survey.
    SurveyDeleted,
    /// The response does not belong to the answer that is stored under its id.
    Conflict(Conflict),
    /// The filter finds this number of answers, and the caller has confirmed another one.
    Changed(u64),
    /// The form does not come from our own page in this person's session.
    ForeignForm,
    /// The one-time link was used, revoked or has expired.
    LinkGone,
    /// The uploaded file no longer waits to be imported.
    UploadGone,
    /// A budget is used up.
    TooMany(ExceededBudget),
    /// The address does not exist; a hint on the possible reason.
    NotFound(&'static str),
    /// The address does not accept this method.
    Method,
    /// The database failed.
    Store(StoreError),
    /// A file could not be read.
    File(io::Error),
    /// A task panicked or was cancelled.
    Task(tokio::task::JoinError),
    /// A password could not be hashed or checked.
    Password(PasswordError),
    /// The system gave no random bits.
    Random(getrandom::Error),
}

/// How a caller is asked to log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Challenge {
    /// A program: `Authorization: Bearer`.
    Bearer,
    /// A program that sent the wrong token.
    WrongBearer,
    /// A person, on a page.
    Login,
}

/// The parts of a refusal that may be logged: the kind, and the names of fields without their values.
#[derive(Clone, Debug)]
pub(crate) struct LoggedRefusal {
    pub(crate) problem: &'static str,
    pub(crate) fields: String,
}

/// A problem document.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct Problem<'a> {
    /// A stable URI reference, such as `/problems/invalid-field`.
    r#type: String,
    title: &'a str,
    status: u16,
    /// What to do about it.
    detail: String,
    /// Which fields or parameters are wrong, and what is allowed there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError<'a>>,
    /// The request's id in the log, as in the header `X-Request-Id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
}

#[derive(Serialize, schemars::JsonSchema)]
struct FieldError<'a> {
    field: &'a str,
    problem: String,
}

impl Error {
    /// Why reading a body failed.
    pub(crate) fn of_body(error: &(dyn StdError + 'static)) -> Self {
        if body::is_late(error) { Self::Slow } else { Self::Broken }
    }

    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Syntax(_)
            | Self::Version(_)
            | Self::Query(_)
            | Self::Broken
            | Self::Multipart => StatusCode::BAD_REQUEST,
            Self::Fields(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Slow => StatusCode::REQUEST_TIMEOUT,
            Self::Unauthorized(_) => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) | Self::Origin | Self::SurveyDeleted | Self::ForeignForm => {
                StatusCode::FORBIDDEN
            }
            Self::Conflict(_) | Self::Changed(_) => StatusCode::CONFLICT,
            Self::LinkGone => StatusCode::GONE,
            Self::NotFound(_) | Self::UploadGone => StatusCode::NOT_FOUND,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Importing => StatusCode::SERVICE_UNAVAILABLE,
            Self::Store(error) if error.is_passing() => StatusCode::SERVICE_UNAVAILABLE,
            Self::Password(error) if error.is_passing() => StatusCode::SERVICE_UNAVAILABLE,
            Self::Store(_)
            | Self::File(_)
            | Self::Task(_)
            | Self::Password(_)
            | Self::Random(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The problem's type: the last part of its URI reference, which is stable.
    fn kind(&self) -> &'static str {
        match self {
            Self::Syntax(_) => "invalid-json",
            Self::Version(_) => "unknown-version",
            Self::Fields(_) => "invalid-field",
            Self::Query(_) => "invalid-parameter",
            Self::TooLarge => "too-large",
            Self::MediaType => "unsupported-media-type",
            Self::Slow => "timeout",
            Self::Broken => "incomplete-body",
            Self::Multipart => "invalid-form",
            Self::Importing => "unavailable",
            Self::Unauthorized(_) => "unauthorized",
            Self::Forbidden(_) => "forbidden",
            Self::Origin => "origin-not-allowed",
            Self::SurveyDeleted => "survey-deleted",
            Self::Conflict(_) => "conflict",
            Self::Changed(_) => "changed",
            Self::ForeignForm => "foreign-form",
            Self::LinkGone => "link-gone",
            Self::NotFound(_) | Self::UploadGone => "not-found",
            Self::TooMany(_) => "too-many-requests",
            Self::Method => "method-not-allowed",
            Self::Store(error) if error.is_passing() => "unavailable",
            Self::Password(error) if error.is_passing() => "unavailable",
            Self::Store(_)
            | Self::File(_)
            | Self::Task(_)
            | Self::Password(_)
            | Self::Random(_) => "internal",
        }
    }

    pub(crate) fn title(&self) -> &'static str {
        match self {
            Self::Syntax(_) => "The body is not JSON",
            Self::Version(_) => "Unknown version of the contract",
            Self::Fields(_) => "Invalid fields",
            Self::Query(_) => "Invalid parameters",
            Self::TooLarge => "The body is too large",
            Self::MediaType => "Unsupported content type",
            Self::Slow => "The body took too long",
            Self::Broken => "The body is incomplete",
            Self::Multipart => "The form cannot be read",
            Self::Importing => "Another file is being imported",
            Self::Unauthorized(_) => "A token is needed",
            Self::Forbidden(_) => "The token does not allow this",
            Self::Origin => "This survey takes no answers from this site",
            Self::SurveyDeleted => "This survey was deleted",
            Self::Conflict(_) => "Not a revision of the answer that is kept",
            Self::Changed(_) => "The filter finds another number of answers",
            Self::ForeignForm => "Not sent from the collector's own page",
            Self::LinkGone => "The link does not work any more",
            Self::NotFound(_) | Self::UploadGone => "Nothing here",
            Self::TooMany(_) => "Too many requests",
            Self::Method => "Method not allowed",
            Self::Store(error) if error.is_passing() => "The database is busy or out of reach",
            Self::Password(error) if error.is_passing() => "Too many are signing in at once",
            Self::Store(_)
            | Self::File(_)
            | Self::Task(_)
            | Self::Password(_)
            | Self::Random(_) => "The collector failed",
        }
    }

    /// What to do about it. Never contains an internal cause.
    pub(crate) fn detail(&self) -> String {
        match self {
            Self::Syntax(words) => {
                format!("Send one response as a JSON object in UTF-8. The parser says: {words}.")
            }
            Self::Version(written) => format!(
                "This collector knows version {VERSION}; the body says {written}. \
                 Update the collector, or send version {VERSION}."
            ),
            Self::Fields(_) => {
                "Correct the fields listed under errors and send the response again.".into()
            }
            Self::Query(_) => "Correct the parameters listed under errors.".into(),
            Self::TooLarge => {
                format!(
                    "A response may have at most {} bytes ({} KiB).",
                    limits::BODY,
                    limits::BODY >> 10
                )
            }
            Self::MediaType => "Send application/json, text/plain holding JSON, or \
                                application/x-www-form-urlencoded, without a content encoding."
                .into(),
            Self::Slow => format!(
                "The whole body has to arrive within {} seconds, or as fast as a poor mobile line \
                 carries it. Send it again.",
                body::PATIENCE.as_secs()
            ),
            Self::Broken => {
                "The connection broke before the whole body arrived. Send it again.".into()
            }
            Self::Multipart => "Send multipart/form-data, as a browser does: each part between the \
                                boundary that the Content-Type names, and with a name."
                .into(),
            Self::Importing => {
                "Files are imported one at a time. Send the same request again in a minute.".into()
            }
            Self::Unauthorized(Challenge::Login) => "Sign in at /login.".into(),
            Self::Unauthorized(_) => {
                "Send the header Authorization: Bearer TOKEN, with the admin token or one made under \
                 Settings."
                    .into()
            }
            Self::Forbidden(need) => {
                format!("It takes: {need}. Tokens are made at /settings/tokens.")
            }
            Self::Origin => "The survey's allowed origins do not list this page's. Whoever runs the shop adds \
                             it on the survey's page, where this refusal is shown."
                .into(),
            Self::SurveyDeleted => "Whoever runs the shop takes the tag out of the page, or adds the survey again \
                                    on the page Surveys."
                .into(),
            Self::Conflict(conflict) => {
                let why = match conflict {
                    Conflict::Survey => "it is to another survey",
                    Conflict::Touchpoint => "it was given at another touchpoint",
                    Conflict::Order => "it is about another order",
                    Conflict::Customer => "it is another customer's",
                    Conflict::Late => "it was given more than a day ago",
                    Conflict::Revision(most) => {
                        return format!(
                            "The next revision of this id may be {most} at most. Count revisions by one, or \
                             send a new answer under an id of its own."
                        );
                    }
                };
                format!(
                    "An answer is kept under this id, and {why}: survey and touchpoint never change, order and \
                     customer may be added once, and revisions come within a day. Send a new answer under an \
                     id of its own."
                )
            }
            Self::Changed(answers) => format!(
                "It finds {answers} now; nothing was done. Look at them again, and send the same request with \
                 answers={answers}. A `to` in the past keeps later answers out."
            ),
            Self::ForeignForm => "Reload the page and send the form again.".into(),
            Self::LinkGone => "Ask for a new one.".into(),
            Self::NotFound(hint) => (*hint).into(),
            Self::UploadGone => "Upload the file again.".into(),
            Self::TooMany(exceeded) => {
                let whose = match exceeded.budget {
                    Budget::Network => "More arrives from this network",
                    Budget::Survey => "More arrives for this survey",
                    Budget::All => "More arrives",
                    Budget::Bytes => "More bytes arrive",
                    Budget::Waiting => {
                        return format!(
                            "This survey is not among those of the shop, and as many answers wait for a \
                             survey to be added as may. Whoever runs the shop adds it on the page Surveys. \
                             Send the same request again in {} seconds or later; a repeat does no harm.",
                            exceeded.retry_after()
                        );
                    }
                };
                format!(
                    "{whose} than the collector takes. Send the same request again in {} seconds or \
                     later; a repeat does no harm. A busier shop raises `limits`: see SECURITY.md.",
                    exceeded.retry_after()
                )
            }
            Self::Method => "The header Allow lists the methods that this address takes.".into(),
            Self::Store(error) if error.is_passing() => format!(
                "Send the same request again in {RETRY_AFTER_SECONDS} seconds or later; a repeat does no harm."
            ),
            Self::Password(error) if error.is_passing() => {
                "Try again in a few seconds.".into()
            }
            Self::Store(_) | Self::File(_) | Self::Task(_) | Self::Password(_) | Self::Random(_) => {
                "The cause is in the collector's log. Sending the request again does no harm."
                    .into()
            }
        }
    }

    /// Which fields or parameters are wrong, and what is allowed there.
    pub(crate) fn problems(&self, language: Language) -> Vec<(&str, String)> {
        match self {
            Self::Fields(problems) => problems
                .iter()
                .map(|it| (it.field.as_str(), problems::of_field(&it.problem, language)))
                .collect(),
            Self::Query(BadQuery(problems)) => problems
                .iter()
                .map(|it| (it.name.as_str(), problems::of_parameter(&it.problem, language)))
                .collect(),
            _ => Vec::new(),
        }
    }

    fn cause(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Store(cause) => Some(cause),
            Self::File(cause) => Some(cause),
            Self::Task(cause) => Some(cause),
            Self::Password(cause) => Some(cause),
            Self::Random(cause) => Some(cause),
            _ => None,
        }
    }

    /// Sets the status and headers of an answer, whatever its body. Logs the cause.
    pub(crate) fn attach(&self, response: &mut Response) {
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.status() == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_SECONDS));
        }
        if let Self::TooMany(exceeded) = self {
            headers.insert(header::RETRY_AFTER, exceeded.retry_after().into());
        }
        if let Self::Unauthorized(challenge) = self {
            let challenge = match challenge {
                Challenge::Bearer | Challenge::Login => "Bearer realm=\"Afterword\"",
                Challenge::WrongBearer => "Bearer realm=\"Afterword\", error=\"invalid_token\"",
            };
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        if let Self::TooMany(exceeded) = self {
            response.extensions_mut().insert(*exceeded);
        }
        if let Some(cause) = self.cause() {
            tracing::error!(problem = self.kind(), cause = chain(cause), "a request failed");
        }
        // The sender chooses the names of properties, so only the group's name is logged.
        let mut fields: Vec<&str> = match self {
            Self::Fields(problems) => {
                problems.iter().filter_map(|problem| problem.field.split('.').next()).collect()
            }
            _ => Vec::new(),
        };
        fields.dedup();
        response
            .extensions_mut()
            .insert(LoggedRefusal { problem: self.kind(), fields: fields.join(" ") });
    }
}

/// An error with its causes, in one line.
fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        // Writing to a string cannot fail.
        let _ = write!(line, ": {error}");
        source = error.source();
    }
    line
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let problem = Problem {
            r#type: format!("/problems/{}", self.kind()),
            title: self.title(),
            status: self.status().as_u16(),
            detail: self.detail(),
            errors: self
                .problems(Language::English)
                .into_iter()
                .map(|(field, problem)| FieldError { field, problem })
                .collect(),
            request_id: request_id::current(),
        };
        let mut response = axum::Json(problem).into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        self.attach(&mut response);
        response
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Syntax(words) => Self::Syntax(words),
            Refusal::Version(written) => Self::Version(written),
            Refusal::Fields(problems) => Self::Fields(problems),
        }
    }
}

impl From<ExceededBudget> for Error {
    fn from(exceeded: ExceededBudget) -> Self {
        Self::TooMany(exceeded)
    }
}

impl From<BadQuery> for Error {
    fn from(bad: BadQuery) -> Self {
        Self::Query(bad)
    }
}

impl From<IntakeError> for Error {
    fn from(error: IntakeError) -> Self {
        match error {
            IntakeError::Exceeded(exceeded) => exceeded.into(),
            IntakeError::Origin => Self::Origin,
            IntakeError::Deleted => Self::SurveyDeleted,
            IntakeError::Conflict(conflict) => Self::Conflict(conflict),
            IntakeError::Store(error) => Self::Store(error),
            IntakeError::Task(error) => Self::Task(error),
            IntakeError::Random(error) => Self::Random(error),
        }
    }
}

impl From<tokio::task::JoinError> for Error {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::Task(error)
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<PasswordError> for Error {
    fn from(error: PasswordError) -> Self {
        Self::Password(error)
    }
}

impl From<ForeignForm> for Error {
    fn from(_: ForeignForm) -> Self {
        Self::ForeignForm
    }
}

impl From<getrandom::Error> for Error {
    fn from(error: getrandom::Error) -> Self {
        Self::Random(error)
    }
}

/// An error that a person reads in a browser. Handlers of pages return it; `site::frame` writes the page about
/// it, once the person is known.
#[derive(Debug)]
pub(crate) struct PageError(pub(crate) Error);

/// An extension of the answer to a person's failed request: the error that the page has to explain.
#[derive(Clone)]
pub(crate) struct Failure(pub(crate) Arc<Error>);

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let Self(error) = self;
        let mut response = StatusCode::OK.into_response();
        error.attach(&mut response);
        response.extensions_mut().insert(Failure(Arc::new(error)));
        response
    }
}

impl<T: Into<Error>> From<T> for PageError {
    fn from(error: T) -> Self {
        Self(error.into())
    }
}
