//! Requests to addresses that people entered: webhooks and chats.
//!
//! Whoever may enter an address must not reach the shop's own network by it. So the name is resolved here, every address
//! that it stands for is checked, and the connection is made to exactly the address that was checked: a name that stands
//! for another address a moment later changes nothing. Redirects are not followed, and no proxy is used. Hosts that are
//! private on purpose are named in the settings file.

mod addresses;

use std::{
    collections::BTreeSet,
    fmt,
    future::Future,
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use axum::body::{Body, to_bytes};
use hyper::{
    Request, StatusCode,
    client::conn::http1,
    header::{CONTENT_LENGTH, HOST, HeaderMap, HeaderValue, RETRY_AFTER, USER_AGENT},
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};
use url::{Host, Url};

pub(crate) use self::addresses::is_public;

/// How long a request may take, from the lookup of the name to the end of the answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of an answer that are read; a longer one counts as no answer.
const MAX_ANSWER: usize = 64 << 10;
/// Characters of an address.
const MAX_ADDRESS_LENGTH: usize = 2_000;
/// The longest wait that an answer may ask for, in seconds.
const MAX_WAIT: u64 = 3_600;

/// Looks up the addresses of a host.
pub trait Resolve: Send + Sync {
    /// The addresses that the name stands for now.
    fn resolve(
        &self,
        host: String,
    ) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + '_>>;
}

/// The system's lookup.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(
        &self,
        host: String,
    ) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + '_>> {
        Box::pin(async move {
            let found = lookup_host((host, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// Hosts, by name, that may be private and may be reached without HTTPS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowedHosts(BTreeSet<String>);

impl AllowedHosts {
    /// These hosts, such as `hooks.intern.example` or `192.168.1.20`.
    #[must_use]
    pub fn new<'a>(hosts: impl IntoIterator<Item = &'a str>) -> Self {
        Self(hosts.into_iter().map(|host| host.trim().to_lowercase()).collect())
    }

    fn contains(&self, host: &str) -> bool {
        self.0.contains(host)
    }
}

/// An address that may be sent to, as far as its text tells.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Target {
    url: Url,
    host: String,
}

/// Why an address cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TargetProblem {
    /// It is no whole address with HTTPS, or is too long, or has a name or a password in it.
    Form,
    /// Its host is an address and no name.
    Literal,
}

/// Why a request had no answer. None of them repeats the address, which may be a secret.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OutgoingError {
    #[error("its name stands for no address")]
    Lookup(#[source] io::Error),
    #[error("its name stands for an address in a private network")]
    Private,
    #[error("no connection was possible")]
    Connect(#[source] io::Error),
    #[error("no secure connection was possible")]
    Tls(#[source] io::Error),
    #[error("it did not answer as a web server does")]
    Http(#[source] hyper::Error),
    #[error("its answer was too long, or ended early")]
    Answer(#[source] axum::Error),
    #[error("it did not answer in time")]
    Late,
}

impl OutgoingError {
    /// Its name in the database, for a page to say it in the reader's language.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Lookup(_) => "lookup",
            Self::Private => "private",
            Self::Connect(_) => "connect",
            Self::Tls(_) => "tls",
            Self::Http(_) => "http",
            Self::Answer(_) => "answer",
            Self::Late => "late",
        }
    }
}

/// The part of an answer that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// How long it asks to wait.
    pub(crate) wait: Option<Duration>,
}

impl Target {
    /// Reads an address as a person entered it.
    pub(crate) fn read(text: &str, allowed: &AllowedHosts) -> Result<Self, TargetProblem> {
        let text = text.trim();
        let url = Url::parse(text).map_err(|_| TargetProblem::Form)?;
        let has_user = !url.username().is_empty() || url.password().is_some();
        if text.len() > MAX_ADDRESS_LENGTH || has_user {
            return Err(TargetProblem::Form);
        }
        let (host, is_literal) = match url.host() {
            Some(Host::Domain(host)) => (host.trim_end_matches('.').to_lowercase(), false),
            Some(Host::Ipv4(address)) => (address.to_string(), true),
            Some(Host::Ipv6(address)) => (address.to_string(), true),
            None => return Err(TargetProblem::Form),
        };
        let is_allowed = allowed.contains(&host);
        match url.scheme() {
            "https" => {}
            "http" if is_allowed => {}
            _ => return Err(TargetProblem::Form),
        }
        if is_literal && !is_allowed {
            return Err(TargetProblem::Literal);
        }
        Ok(Self { url, host })
    }

    /// The name of the host, which is no secret.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// The whole address.
    pub(crate) fn reveal(&self) -> &str {
        self.url.as_str()
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Target({}/…)", self.host)
    }
}

/// Sends requests.
#[derive(Clone)]
pub(crate) struct Outgoing {
    resolver: Arc<dyn Resolve>,
    allowed: AllowedHosts,
    tls: TlsConnector,
}

impl Outgoing {
    /// Trusts the certificate authorities that Mozilla trusts, which are built in.
    pub(crate) fn new(resolver: Arc<dyn Resolve>, allowed: AllowedHosts) -> Self {
        let mut roots = RootCertStore::empty();
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        Self::trusting(roots, resolver, allowed)
    }

    fn trusting(roots: RootCertStore, resolver: Arc<dyn Resolve>, allowed: AllowedHosts) -> Self {
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions();
        // The provider has suites for these versions, so this cannot fail.
        #[expect(clippy::expect_used, reason = "a constant choice, tried by every test")]
        let config = config
            .expect("ring speaks TLS 1.2 and 1.3")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self { resolver, allowed, tls: TlsConnector::from(Arc::new(config)) }
    }

    /// The hosts that may be private.
    pub(crate) const fn allowed(&self) -> &AllowedHosts {
        &self.allowed
    }

    /// Posts a body once.
    pub(crate) async fn post(
        &self,
        target: &Target,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Result<Answer, OutgoingError> {
        timeout(PATIENCE, self.attempt(target, headers, body))
            .await
            .unwrap_or(Err(OutgoingError::Late))
    }

    async fn attempt(
        &self,
        target: &Target,
        mut headers: HeaderMap,
        body: Vec<u8>,
    ) -> Result<Answer, OutgoingError> {
        let connection = TcpStream::connect(self.address(target).await?);
        let connection = connection.await.map_err(OutgoingError::Connect)?;
        let length = HeaderValue::from(body.len());
        headers.insert(CONTENT_LENGTH, length);
        headers.insert(
            USER_AGENT,
            HeaderValue::from_static(concat!("Afterword/", env!("CARGO_PKG_VERSION"))),
        );
        let authority = match target.url.port() {
            Some(port) => format!("{}:{port}", target.url.host_str().unwrap_or_default()),
            None => target.url.host_str().unwrap_or_default().to_owned(),
        };
        if let Ok(host) = HeaderValue::try_from(authority) {
            headers.insert(HOST, host);
        }
        let path = match target.url.query() {
            Some(query) => format!("{}?{query}", target.url.path()),
            None => target.url.path().to_owned(),
        };
        let mut request = Request::new(Body::from(body));
        *request.method_mut() = hyper::Method::POST;
        // `Url` has encoded whatever a path may not hold.
        *request.uri_mut() = path.parse().unwrap_or_default();
        *request.headers_mut() = headers;
        if target.url.scheme() == "http" {
            return exchange(connection, request).await;
        }
        let name = ServerName::try_from(target.host.clone())
            .map_err(|error| OutgoingError::Tls(io::Error::other(error)))?;
        let secured = self.tls.connect(name, connection).await.map_err(OutgoingError::Tls)?;
        exchange(secured, request).await
    }

    /// The one address that is connected to. A name that stands for any private address is refused, also if it stands
    /// for public ones beside it.
    async fn address(&self, target: &Target) -> Result<SocketAddr, OutgoingError> {
        let literal = match target.url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            _ => None,
        };
        let found = match literal {
            Some(address) => vec![address],
            None => {
                let found = self.resolver.resolve(target.host.clone()).await;
                found.map_err(OutgoingError::Lookup)?
            }
        };
        let Some(first) = found.first() else {
            return Err(OutgoingError::Lookup(io::ErrorKind::NotFound.into()));
        };
        if !self.allowed.contains(&target.host) && !found.iter().copied().all(is_public) {
            return Err(OutgoingError::Private);
        }
        Ok(SocketAddr::new(*first, target.url.port_or_known_default().unwrap_or(443)))
    }
}

/// Sends a request on a connection of its own, and reads the answer to its end.
async fn exchange(
    connection: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Body>,
) -> Result<Answer, OutgoingError> {
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(connection)).await.map_err(OutgoingError::Http)?;
    let asking = async {
        let answer = sender.send_request(request).await.map_err(OutgoingError::Http)?;
        let status = answer.status();
        let wait = answer.headers().get(RETRY_AFTER);
        let wait = wait.and_then(|wait| wait.to_str().ok()?.trim().parse().ok());
        let wait = wait.map(|seconds: u64| Duration::from_secs(seconds.min(MAX_WAIT)));
        to_bytes(Body::new(answer.into_body()), MAX_ANSWER).await.map_err(OutgoingError::Answer)?;
        Ok(Answer { status, wait })
    };
    tokio::pin!(connection, asking);
    tokio::select! {
        answer = &mut asking => answer,
        // The connection has ended; what it has read may still be an answer.
        _ = &mut connection => asking.await,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::Mutex;

    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
    };
    use tokio_rustls::{
        TlsAcceptor,
        rustls::{
            ServerConfig,
            pki_types::{CertificateDer, PrivateKeyDer},
        },
    };

    use super::*;

    /// Says one list of addresses after the other; the last one for ever.
    struct Changing(Mutex<Vec<Vec<IpAddr>>>);

    impl Resolve for Changing {
        fn resolve(
            &self,
            _: String,
        ) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + '_>> {
            let mut lists = self.0.lock().unwrap();
            let list = if lists.len() > 1 { lists.remove(0) } else { lists[0].clone() };
            Box::pin(async move { Ok(list) })
        }
    }

    fn outgoing(lists: &[&[&str]], allowed: &[&str]) -> Outgoing {
        let lists = lists.iter().map(|list| list.iter().map(|it| it.parse().unwrap()).collect());
        let resolver = Arc::new(Changing(Mutex::new(lists.collect())));
        Outgoing::new(resolver, AllowedHosts::new(allowed.iter().copied()))
    }

    #[test]
    fn only_whole_addresses_with_https_and_a_name_are_read() {
        let allowed = AllowedHosts::new(["hooks.lan", "192.168.1.20"]);
        let problem = |text: &str| Target::read(text, &allowed).err();
        for good in [
            "https://hooks.example/a?b=c",
            " https://HOOKS.example:8443/ ",
            "http://hooks.lan/a",
            "https://192.168.1.20/a",
        ] {
            assert_eq!(problem(good), None, "{good}");
        }
        for (bad, expected) in [
            ("", TargetProblem::Form),
            ("hooks.example", TargetProblem::Form),
            ("http://hooks.example/", TargetProblem::Form),
            ("ftp://hooks.lan/", TargetProblem::Form),
            ("https://kim:secret@hooks.example/", TargetProblem::Form),
            ("https://127.0.0.1/", TargetProblem::Literal),
            // Other ways to write the same.
            ("https://2130706433/", TargetProblem::Literal),
            ("https://0x7f.1/", TargetProblem::Literal),
            ("https://0177.0.0.1/", TargetProblem::Literal),
            ("https://[::1]/", TargetProblem::Literal),
            ("https://[::ffff:8.8.8.8]/", TargetProblem::Literal),
            ("https://8.8.8.8/", TargetProblem::Literal),
        ] {
            assert_eq!(problem(bad), Some(expected), "{bad}");
        }
        let target = Target::read("https://hooks.example/secret", &allowed).unwrap();
        assert!(!format!("{target:?}").contains("secret"));
    }

    #[tokio::test]
    async fn a_name_that_stands_for_a_private_address_is_not_connected_to() {
        let target = Target::read("https://hooks.example/", &AllowedHosts::default()).unwrap();
        for list in [&["127.0.0.1"][..], &["93.184.216.34", "10.0.0.1"], &["64:ff9b::7f00:1"]] {
            let refused = outgoing(&[list], &[]).address(&target).await;
            assert!(matches!(refused, Err(OutgoingError::Private)), "{list:?}");
        }
        let none = outgoing(&[&[]], &[]).address(&target).await;
        assert!(matches!(none, Err(OutgoingError::Lookup(_))));
    }

    #[tokio::test]
    async fn a_resolver_that_changes_its_answer_is_asked_once() {
        let target = Target::read("https://hooks.example/", &AllowedHosts::default()).unwrap();
        let rebinding = outgoing(&[&["93.184.216.34"], &["127.0.0.1"]], &[]);
        // The address that was checked is the one that is connected to.
        let address = rebinding.address(&target).await.unwrap();
        assert_eq!(address, "93.184.216.34:443".parse().unwrap());
        let refused = rebinding.post(&target, HeaderMap::new(), Vec::new()).await;
        assert!(matches!(refused, Err(OutgoingError::Private)), "{refused:?}");
    }

    /// Answers one request with these bytes, and says what it was asked.
    async fn answering(answer: Vec<u8>) -> (u16, tokio::task::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut asked = Vec::new();
            while !asked.ends_with(b"the body") {
                let mut part = [0; 1024];
                let length = stream.read(&mut part).await.unwrap();
                asked.extend(&part[..length]);
            }
            // A reader that has seen enough closes the connection.
            let _ = stream.write_all(&answer).await;
            String::from_utf8(asked).unwrap()
        });
        (port, asked)
    }

    async fn post_to(port: u16) -> Result<Answer, OutgoingError> {
        let outgoing = outgoing(&[&["127.0.0.1"]], &["hooks.lan"]);
        let address = format!("http://hooks.lan:{port}/a%20b?c=d");
        let target = Target::read(&address, outgoing.allowed()).unwrap();
        outgoing.post(&target, HeaderMap::new(), b"the body".to_vec()).await
    }

    #[tokio::test]
    async fn a_request_is_sent_as_it_should_be_and_its_answer_is_read() {
        let answer = b"HTTP/1.1 429 Slow down\r\nRetry-After: 30\r\nContent-Length: 2\r\n\r\nok";
        let (port, asked) = answering(answer.to_vec()).await;
        let answer = post_to(port).await.unwrap();
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(answer.wait, Some(Duration::from_secs(30)));
        let asked = asked.await.unwrap();
        assert!(asked.starts_with("POST /a%20b?c=d HTTP/1.1\r\n"), "{asked}");
        assert!(asked.contains(&format!("host: hooks.lan:{port}\r\n")), "{asked}");
        assert!(asked.contains("content-length: 8\r\n"), "{asked}");
    }

    #[tokio::test]
    async fn a_redirect_is_an_answer_and_is_not_followed() {
        let answer =
            b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n";
        let (port, asked) = answering(answer.to_vec()).await;
        assert_eq!(post_to(port).await.unwrap().status, StatusCode::FOUND);
        asked.await.unwrap();
    }

    #[tokio::test]
    async fn an_answer_without_end_is_none() {
        let mut answer = b"HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n".to_vec();
        answer.resize(answer.len() + 70_000, b'x');
        let (port, asked) = answering(answer).await;
        assert!(matches!(post_to(port).await, Err(OutgoingError::Answer(_))));
        asked.await.unwrap();
    }

    /// A server on 127.0.0.1 that speaks HTTPS with a certificate for this name, until the test ends. Returns its port, its
    /// certificate, and what it was asked.
    async fn secured(name: &str) -> (u16, CertificateDer<'static>, Arc<Mutex<Vec<String>>>) {
        let made = rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let said = Arc::clone(&asked);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                // A client that does not trust the certificate ends the handshake.
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let name = stream.get_ref().1.server_name().unwrap_or_default().to_owned();
                let mut request = Vec::new();
                let mut part = [0; 1024];
                while !request.ends_with(b"the body") {
                    match stream.read(&mut part).await {
                        Ok(length) if length > 0 => request.extend(&part[..length]),
                        _ => break,
                    }
                }
                let request = String::from_utf8_lossy(&request).into_owned();
                said.lock().unwrap().push(format!("{name} {request}"));
                let answer = b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n";
                let _ = stream.write_all(answer).await;
            }
        });
        (port, made.cert.der().clone(), asked)
    }

    /// Posts to `https://hooks.lan` on this port, which is resolved to 127.0.0.1 only once.
    async fn post_secured(
        port: u16,
        trusted: Option<&CertificateDer<'static>>,
    ) -> Result<Answer, OutgoingError> {
        let lists = [&["127.0.0.1"][..], &["192.0.2.1"]];
        let lists = lists.iter().map(|list| list.iter().map(|it| it.parse().unwrap()).collect());
        let resolver = Arc::new(Changing(Mutex::new(lists.collect())));
        let mut roots = RootCertStore::empty();
        if let Some(certificate) = trusted {
            roots.add(certificate.clone()).unwrap();
        }
        let outgoing = Outgoing::trusting(roots, resolver, AllowedHosts::new(["hooks.lan"]));
        let address = format!("https://hooks.lan:{port}/secret?c=d");
        let target = Target::read(&address, outgoing.allowed()).unwrap();
        outgoing.post(&target, HeaderMap::new(), b"the body".to_vec()).await
    }

    #[tokio::test]
    async fn a_request_by_https_reaches_the_checked_address_under_its_name() {
        let (port, certificate, asked) = secured("hooks.lan").await;
        let answer = post_secured(port, Some(&certificate)).await.unwrap();
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
        let asked = asked.lock().unwrap().clone();
        let [asked] = &asked[..] else { panic!("{asked:?}") };
        assert!(asked.starts_with("hooks.lan POST /secret?c=d HTTP/1.1\r\n"), "{asked}");
        assert!(asked.contains(&format!("host: hooks.lan:{port}\r\n")), "{asked}");
    }

    #[tokio::test]
    async fn a_certificate_that_is_for_another_name_or_not_trusted_is_refused() {
        let (port, certificate, asked) = secured("other.lan").await;
        let refused = post_secured(port, Some(&certificate)).await;
        assert!(matches!(refused, Err(OutgoingError::Tls(_))), "{refused:?}");
        let (other_port, _, other_asked) = secured("hooks.lan").await;
        for trusted in [None, Some(&certificate)] {
            let refused = post_secured(other_port, trusted).await;
            assert!(matches!(refused, Err(OutgoingError::Tls(_))), "{refused:?}");
        }
        for asked in [asked, other_asked] {
            assert_eq!(asked.lock().unwrap()[..], [""; 0], "nothing was sent");
        }
    }
}
