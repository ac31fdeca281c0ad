//! A mail server for tests: it speaks SMTP with STARTTLS and AUTH, on this machine, with a certificate of its own.

use std::sync::{Arc, Mutex};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer},
};

/// The user whom the server lets in, and the password.
pub(crate) const USER: (&str, &str) = ("feedback", "the mail password");

/// A mail that the server took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mail {
    pub(crate) from: String,
    pub(crate) to: String,
    /// As it was sent: headers and text.
    pub(crate) text: String,
}

/// The server.
pub(crate) struct MailServer {
    pub(crate) port: u16,
    /// The certificate that clients have to trust, in PEM.
    pub(crate) authority: String,
    mails: Arc<Mutex<Vec<Mail>>>,
    /// What the server answers to a recipient: 250 unless a test says otherwise.
    pub(crate) to_recipients: Arc<Mutex<&'static str>>,
}

/// What happened on a connection before it was secured.
#[derive(PartialEq, Eq)]
enum Stage {
    Plain,
    Secured,
}

impl MailServer {
    pub(crate) async fn start() -> Self {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
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
        let mails = Arc::<Mutex<Vec<Mail>>>::default();
        let to_recipients = Arc::new(Mutex::new("250 ok"));
        let server = Self {
            port,
            authority: made.cert.pem(),
            mails: Arc::clone(&mails),
            to_recipients: Arc::clone(&to_recipients),
        };
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let talk = Talk {
                    acceptor: acceptor.clone(),
                    mails: Arc::clone(&mails),
                    to_recipients: Arc::clone(&to_recipients),
                };
                // A client that hangs up ends only its own connection.
                tokio::spawn(async move { drop(talk.plain(stream).await) });
            }
        });
        server
    }

    pub(crate) fn mails(&self) -> Vec<Mail> {
        self.mails.lock().unwrap().clone()
    }
}

/// A connection.
struct Talk {
    acceptor: TlsAcceptor,
    mails: Arc<Mutex<Vec<Mail>>>,
    to_recipients: Arc<Mutex<&'static str>>,
}

impl Talk {
    async fn plain(self, stream: TcpStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 localhost ready\r\n").await?;
        if self.talk(&mut stream, Stage::Plain).await? {
            let secured = self.acceptor.accept(stream.into_inner()).await?;
            self.talk(&mut BufReader::new(secured), Stage::Secured).await?;
        }
        Ok(())
    }

    /// Talks until the end, or until the client asks for encryption: then returns true.
    async fn talk(
        &self,
        stream: &mut BufReader<impl AsyncRead + AsyncWrite + Unpin>,
        stage: Stage,
    ) -> std::io::Result<bool> {
        let mut is_known = false;
        let (mut from, mut to) = (String::new(), String::new());
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(false);
            }
            let line = line.trim_end();
            let command = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            let answer = match &*command {
                "EHLO" if stage == Stage::Plain => "250-localhost\r\n250 STARTTLS".to_owned(),
                "EHLO" => "250-localhost\r\n250 AUTH PLAIN".to_owned(),
                "STARTTLS" if stage == Stage::Plain => {
                    stream.write_all(b"220 go on\r\n").await?;
                    return Ok(true);
                }
                "AUTH" if stage == Stage::Secured => {
                    let (user, password) = USER;
                    let expected = STANDARD.encode(format!("\0{user}\0{password}"));
                    is_known = line == format!("AUTH PLAIN {expected}");
                    if is_known { "235 welcome" } else { "535 not you" }.to_owned()
                }
                "MAIL" if is_known => {
                    from = address(line);
                    "250 ok".to_owned()
                }
                "RCPT" if is_known => {
                    to = address(line);
                    (*self.to_recipients.lock().unwrap()).to_owned()
                }
                "DATA" if is_known => {
                    stream.write_all(b"354 end with a dot\r\n").await?;
                    let mut text = String::new();
                    loop {
                        let mut line = String::new();
                        if stream.read_line(&mut line).await? == 0 {
                            return Ok(false);
                        }
                        if line == ".\r\n" {
                            break;
                        }
                        text.push_str(line.strip_prefix('.').unwrap_or(&line));
                    }
                    let mail = Mail { from: from.clone(), to: to.clone(), text };
                    self.mails.lock().unwrap().push(mail);
                    "250 taken".to_owned()
                }
                "QUIT" => {
                    stream.write_all(b"221 bye\r\n").await?;
                    return Ok(false);
                }
                "RSET" | "NOOP" => "250 ok".to_owned(),
                _ => "530 not like this".to_owned(),
            };
            stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
        }
    }
}

/// The address between the angles.
fn address(line: &str) -> String {
    let (_, rest) = line.split_once('<').unwrap_or_default();
    rest.split('>').next().unwrap_or_default().to_owned()
}
