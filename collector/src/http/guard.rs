//! Access control: each address declares who may use it. An address without a declaration is closed.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    handler::Handler,
    http::{HeaderMap, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
    routing::{MethodFilter, MethodRouter, on},
};
use axum_extra::extract::CookieJar;
use jiff::{Timestamp, tz::TimeZone};

use super::{
    address, cookies,
    describe::Describe,
    error::{Challenge, Error, Failure, PageError},
    negotiate, redirect,
};
use crate::{
    access::{Caller, Colleague, Need, Scope, Verdict, person::Visitor, secret::Secret},
    state::Shared,
    store::{Account, StoreError},
};

const HSTS_FOR_A_YEAR: &str = "max-age=31536000";

/// Routes, each with its [`Need`]. A route cannot be added without one.
#[derive(Default)]
pub(crate) struct Routes {
    router: Router<Arc<Shared>>,
    rules: Rules,
    /// The address that was added last.
    last: Option<&'static str>,
}

/// The [`Need`] of each address, by path and method.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rules(BTreeMap<&'static str, Vec<Rule>>);

/// The rule for one method of an address.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) method: Method,
    pub(crate) need: Need,
    /// Its description for `/openapi.json`, if it is for programs.
    pub(crate) describe: Option<Describe>,
}

impl Routes {
    /// Adds a handler for GET, which changes nothing.
    pub(crate) fn get<T: 'static>(
        self,
        path: &'static str,
        need: Need,
        handler: impl Handler<T, Arc<Shared>>,
    ) -> Self {
        self.on(Method::GET, path, need, on(MethodFilter::GET, handler))
    }

    /// Adds a handler for POST.
    pub(crate) fn post<T: 'static>(
        self,
        path: &'static str,
        need: Need,
        handler: impl Handler<T, Arc<Shared>>,
    ) -> Self {
        self.on(Method::POST, path, need, on(MethodFilter::POST, handler))
    }

    /// Adds a handler for one method, with its own layers.
    pub(crate) fn on(
        mut self,
        method: Method,
        path: &'static str,
        need: Need,
        handler: MethodRouter<Arc<Shared>>,
    ) -> Self {
        self.router = self.router.route(path, handler);
        self.rules.0.entry(path).or_default().push(Rule { method, need, describe: None });
        self.last = Some(path);
        self
    }

    /// Describes the address that was added last, for `/openapi.json`.
    pub(crate) fn described(mut self, describe: Describe) -> Self {
        let rules = self.last.and_then(|path| self.rules.0.get_mut(path));
        if let Some(rule) = rules.and_then(|rules| rules.last_mut()) {
            rule.describe = Some(describe);
        }
        self
    }

    pub(crate) fn into_parts(self) -> (Router<Arc<Shared>>, Rules) {
        (self.router, self.rules)
    }
}

impl Rules {
    /// Every address with the rule of each method.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&'static str, &Rule)> {
        self.0.iter().flat_map(|(path, rules)| rules.iter().map(|rule| (*path, rule)))
    }

    /// The [`Need`] of a request; `Err` with the allowed methods if this one is not among them.
    fn need(&self, path: &str, method: &Method) -> Result<Need, String> {
        let rules = self.0.get(path).map_or(&[][..], Vec::as_slice);
        // HEAD has the rule of GET.
        let asked = if method == Method::HEAD { &Method::GET } else { method };
        rules
            .iter()
            .find(|rule| rule.method == asked)
            .map(|rule| rule.need)
            .ok_or_else(|| self.methods(path))
    }

    /// Whether an address is for people: they get a page about a failure instead of a problem document.
    fn is_page(&self, path: &str) -> bool {
        let rules = self.0.get(path).map_or(&[][..], Vec::as_slice);
        rules.iter().any(|rule| matches!(rule.need, Need::Role(_) | Need::OwnForm))
    }

    /// The methods of an address, as the header Allow lists them.
    pub(crate) fn methods(&self, path: &str) -> String {
        let rules = self.0.get(path).map_or(&[][..], Vec::as_slice);
        let mut methods: Vec<&str> = rules.iter().map(|rule| rule.method.as_str()).collect();
        if methods.contains(&"GET") {
            methods.push("HEAD");
        }
        methods.join(", ")
    }
}

/// Passes a request on if its sender may use the address, and refuses it otherwise.
pub(crate) async fn guard(
    State((shared, rules)): State<(Arc<Shared>, Arc<Rules>)>,
    mut request: Request,
    next: Next,
) -> Response {
    let guest = Guest::of(&shared, &request);
    let need = match request.extensions().get::<MatchedPath>() {
        Some(path) => match rules.need(path.as_str(), request.method()) {
            Ok(need) => need,
            Err(methods) => {
                if methods.is_empty() {
                    tracing::error!(path = path.as_str(), "a route without a rule stays closed");
                }
                // A form's address, opened again.
                let is_opened = request.method() == Method::GET && rules.is_page(path.as_str());
                let mut response = if is_opened {
                    PageError(Error::Method).into_response()
                } else {
                    Error::Method.into_response()
                };
                if let Ok(methods) = HeaderValue::try_from(methods) {
                    response.headers_mut().insert(header::ALLOW, methods);
                }
                return recognised(&shared, guest, response).await;
            }
        },
        // The widget's files.
        None => Need::Nothing,
    };
    if need == Need::Nothing {
        let answer = next.run(request).await;
        return recognised(&shared, guest, answer).await;
    }

    let own = address::own(shared.public_url.as_deref(), request.headers(), request.uri());
    let language = negotiate::language(request.headers());
    // Borrows only the headers: the body is not `Sync`.
    let headers = request.headers();
    let known = async {
        let caller = identify(&shared, headers, &own).await?;
        // Only pages for people show it.
        let (zone, shop) = match need {
            Need::Role(_) => of_the_shop(&shared).await?,
            _ => (TimeZone::UTC, None),
        };
        Ok::<_, StoreError>((caller, zone, shop))
    };
    let (caller, zone, shop) = match known.await {
        Ok(known) => known,
        Err(error) if matches!(need, Need::Scope(_)) => return Error::Store(error).into_response(),
        Err(error) => return PageError::from(error).into_response(),
    };
    let visitor = Visitor {
        language,
        here: address::here(request.method(), request.uri()),
        elsewhere: address::elsewhere(
            shared.public_url.as_deref(),
            request.headers(),
            request.uri(),
        ),
        origin: own,
        zone,
        shop,
        themes: shared.store.taxonomy(),
        caller,
    };
    let mut answer = match refusal(need, &visitor, &request) {
        Some(refusal) => refusal,
        None => {
            request.extensions_mut().insert(visitor.clone());
            next.run(request).await
        }
    };
    if visitor.origin.starts_with("https://") {
        // A person who signed in over HTTPS must not be led to the unencrypted address later.
        answer
            .headers_mut()
            .insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS_FOR_A_YEAR));
    }
    // The layers around this one read it to write pages for people.
    answer.extensions_mut().insert(visitor);
    answer
}

/// What every page for people shows of the shop: times in its zone, and on paper its name.
async fn of_the_shop(shared: &Shared) -> Result<(TimeZone, Option<String>), StoreError> {
    Ok((shared.store.time_zone().await?, shared.store.shop_name().await?))
}

/// A request with a session's cookie to an address that is open to everybody: the parts that [`recognised`] needs.
struct Guest {
    headers: HeaderMap,
    own: String,
    here: String,
    elsewhere: Option<String>,
}

impl Guest {
    fn of(shared: &Shared, request: &Request) -> Option<Self> {
        let public = shared.public_url.as_deref();
        let own = address::own(public, request.headers(), request.uri());
        CookieJar::from_headers(request.headers()).get(cookies::session_name(&own))?;
        let here = address::here(request.method(), request.uri());
        let elsewhere = address::elsewhere(public, request.headers(), request.uri());
        Some(Self { headers: request.headers().clone(), own, here, elsewhere })
    }
}

/// The answer for the layers around this one. If it is a failure, it carries the signed-in person, so that the page
/// about it has their navigation.
async fn recognised(shared: &Shared, guest: Option<Guest>, mut answer: Response) -> Response {
    let Some(Guest { headers, own, here, elsewhere }) = guest else { return answer };
    if answer.extensions().get::<Failure>().is_none() {
        return answer;
    }
    let Ok(caller) = identify(shared, &headers, &own).await else { return answer };
    let (zone, shop) = of_the_shop(shared).await.unwrap_or((TimeZone::UTC, None));
    let language = negotiate::language(&headers);
    answer.extensions_mut().insert(Visitor {
        language,
        here,
        elsewhere,
        origin: own,
        zone,
        shop,
        themes: shared.store.taxonomy(),
        caller,
    });
    answer
}

/// The refusal for a caller who may not use the address; `None` if they may.
fn refusal(need: Need, visitor: &Visitor, request: &Request) -> Option<Response> {
    let page = |error: Error| Some(PageError(error).into_response());
    match (need.judge(&visitor.caller), need) {
        (Verdict::Welcome, Need::Role(_) | Need::OwnForm) => {
            let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
            // A browser never sends a token by itself, so no other site can have caused the request.
            let is_program = matches!(visitor.caller, Caller::Program(_));
            let is_own = || address::is_own_form(request.headers(), &visitor.origin);
            if is_safe || is_program || is_own() { None } else { page(Error::ForeignForm) }
        }
        (Verdict::Welcome, _) => None,
        (Verdict::NotAllowed, Need::Scope(_)) => Some(Error::Forbidden(need).into_response()),
        (Verdict::NotAllowed, _) => page(Error::Forbidden(need)),
        (Verdict::Unknown, Need::Scope(_)) => {
            let challenge = match visitor.caller {
                Caller::WrongToken => Challenge::WrongBearer,
                _ => Challenge::Bearer,
            };
            Some(Error::Unauthorized(challenge).into_response())
        }
        (Verdict::Unknown, _) => match visitor.caller {
            Caller::WrongToken => page(Error::Unauthorized(Challenge::WrongBearer)),
            _ if matches!(*request.method(), Method::GET | Method::HEAD) => {
                Some(redirect::to_login(&visitor.here))
            }
            // A redirect to the login page would lose what the person typed.
            _ => page(Error::Unauthorized(Challenge::Login)),
        },
    }
}

/// Identifies the caller by their token, or else by the session in their cookie.
async fn identify(shared: &Shared, headers: &HeaderMap, own: &str) -> Result<Caller, StoreError> {
    let now = Timestamp::now();
    if let Some(token) = bearer(headers) {
        if shared.admin.matches(token) {
            return Ok(Caller::Program(Scope::Admin));
        }
        let scope = shared.store.token_scope(Secret::given(token).hash(), now).await?;
        return Ok(scope.map_or(Caller::WrongToken, Caller::Program));
    }
    let jar = CookieJar::from_headers(headers);
    let Some(cookie) = jar.get(cookies::session_name(own)) else { return Ok(Caller::Stranger) };
    let session = Secret::given(cookie.value());
    let account = shared.store.session(session.hash(), now).await?;
    Ok(account.map_or(Caller::Stranger, |account| {
        let Account { id, name, role, .. } = account;
        Caller::Colleague(Colleague { account: id, name, role, session })
    }))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use axum::{body::Body, middleware, routing::get};
    use tower::ServiceExt as _;

    use super::*;
    use crate::{Collector, Config, access::Role};

    #[tokio::test]
    async fn a_route_without_a_declared_access_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config::new(format!("sqlite://{}/a.db", folder.path().display()));
        let shared = Collector::open(&config.token("the token")).await.unwrap().shared;
        let (router, rules) = Routes::default()
            .get("/listed", Need::Role(Role::Reader), async || "secret")
            .into_parts();
        let state = (Arc::clone(&shared), Arc::new(rules));
        let router = router
            .route("/forgotten", get(async || "secret"))
            .layer(middleware::from_fn_with_state(state, guard))
            .with_state(shared);
        for (path, token, status) in [
            ("/listed", "the token", 200),
            ("/listed", "another", 401),
            ("/forgotten", "the token", 405),
            ("/forgotten", "another", 405),
        ] {
            let request = Request::get(path).header("authorization", format!("Bearer {token}"));
            let request = request.body(Body::empty()).unwrap();
            let answer = router.clone().oneshot(request).await.unwrap();
            assert_eq!(answer.status(), status, "{path} {token}");
        }
    }
}
