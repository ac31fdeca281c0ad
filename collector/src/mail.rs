//! Mails to colleagues, and replies to customers, by the shop's own mail server (SMTP). Off unless the settings file names one.

use std::{fmt, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    address::AddressError,
    message::{
        Mailbox, MessageBuilder,
        header::{ContentType, Header, HeaderName, HeaderValue},
    },
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, CertificateStore, Tls, TlsParameters},
    },
};

/// How long the server may take for each of its answers.
const PATIENCE: Duration = Duration::from_secs(10);
/// Characters of an address.
const MAX_ADDRESS_LENGTH: usize = 254;

/// How the connection to the server is secured. There is no way without.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Encryption {
    /// By the command STARTTLS, usually on port 587. A server that does not offer it gets nothing.
    #[default]
    StartTls,
    /// From the beginning, usually on port 465.
    Tls,
}

/// A password. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct MailPassword(String);

/// The shop's mail server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailSettings {
    pub(crate) server: String,
    /// The usual one of the encryption, if `None`.
    pub(crate) port: Option<u16>,
    pub(crate) encryption: Encryption,
    pub(crate) user: Option<String>,
    pub(crate) password: Option<MailPassword>,
    /// The sender, such as `Harbour & Hill <feedback@shop.example>`.
    pub(crate) from: String,
    /// Where customers' answers to replies go; to the sender, if `None`.
    pub(crate) reply_to: Option<String>,
    /// A certificate authority beside those that Mozilla trusts, in PEM.
    pub(crate) authority: Option<Vec<u8>>,
}

/// Why a mail was not sent.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MailError {
    #[error("the address is none")]
    Address(#[source] AddressError),
    #[error("the mail could not be written")]
    Message(#[source] lettre::error::Error),
    #[error("the mail server did not take the mail")]
    Server(#[source] lettre::transport::smtp::Error),
}

impl MailPassword {
    /// A password, without the line's end that files have.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.trim_end_matches(['\r', '\n']).to_owned())
    }
}

impl fmt::Debug for MailPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailPassword(…)")
    }
}

impl MailError {
    /// The mail server's code, such as 550. Its text may name the receiver, so that it does not belong in a log.
    pub(crate) fn code(&self) -> Option<u16> {
        match self {
            Self::Server(error) => error.status().map(u16::from),
            Self::Address(_) | Self::Message(_) => None,
        }
    }

    /// Whether another attempt would end in the same way.
    pub(crate) fn is_final(&self) -> bool {
        match self {
            Self::Address(_) | Self::Message(_) => true,
            Self::Server(error) => error.is_permanent(),
        }
    }
}

/// Sends mails.
#[derive(Clone)]
pub(crate) struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    reply_to: Option<Mailbox>,
}

impl Mailer {
    /// Reads the settings; connects to nothing yet.
    pub(crate) fn new(settings: &MailSettings) -> Result<Self, MailError> {
        let from = settings.from.parse().map_err(MailError::Address)?;
        let reply_to = settings.reply_to.as_deref().map(str::parse).transpose();
        let reply_to = reply_to.map_err(MailError::Address)?;
        let mut tls = TlsParameters::builder(settings.server.clone())
            .certificate_store(CertificateStore::WebpkiRoots);
        if let Some(authority) = &settings.authority {
            let authority = Certificate::from_pem(authority).map_err(MailError::Server)?;
            tls = tls.add_root_certificate(authority);
        }
        let tls = tls.build_rustls().map_err(MailError::Server)?;
        let (tls, usual_port) = match settings.encryption {
            Encryption::StartTls => (Tls::Required(tls), 587),
            Encryption::Tls => (Tls::Wrapper(tls), 465),
        };
        let mut transport =
            AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.server)
                .port(settings.port.unwrap_or(usual_port))
                .tls(tls)
                .timeout(Some(PATIENCE));
        if let (Some(user), Some(password)) = (&settings.user, &settings.password) {
            let credentials = Credentials::new(user.clone(), password.0.clone());
            transport = transport.credentials(credentials);
        }
        Ok(Self { transport: transport.build(), from, reply_to })
    }

    /// Sends a mail of plain text that no person wrote.
    pub(crate) async fn send(&self, to: &str, subject: &str, text: &str) -> Result<(), MailError> {
        let id = format!("{:032x}", fastrand::u128(..));
        let message = self.message(to, subject, &id)?.header(AutoSubmitted);
        self.deliver(message, text).await
    }

    /// Sends a person's reply to a customer. `id` is the same in every attempt, so that mail programs can leave a second one
    /// out.
    pub(crate) async fn send_reply(
        &self,
        to: &str,
        subject: &str,
        text: &str,
        id: &str,
    ) -> Result<(), MailError> {
        let message = self.message(to, subject, id)?;
        let message = match &self.reply_to {
            Some(reply_to) => message.reply_to(reply_to.clone()),
            None => message.reply_to(self.from.clone()),
        };
        self.deliver(message, text).await
    }

    async fn deliver(&self, message: MessageBuilder, text: &str) -> Result<(), MailError> {
        let message = written(message, text)?;
        self.transport.send(message).await.map(drop).map_err(MailError::Server)
    }

    fn message(&self, to: &str, subject: &str, id: &str) -> Result<MessageBuilder, MailError> {
        // A break in the subject would begin another header.
        let subject: String =
            subject.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
        Ok(Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to.parse().map_err(MailError::Address)?))
            .subject(subject)
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain()))))
    }
}

fn written(message: MessageBuilder, text: &str) -> Result<Message, MailError> {
    let message = message.header(ContentType::TEXT_PLAIN).body(text.to_owned());
    message.map_err(MailError::Message)
}

/// Whether a text is the address of a mailbox.
pub(crate) fn is_address(text: &str) -> bool {
    text.len() <= MAX_ADDRESS_LENGTH && text.parse::<lettre::Address>().is_ok()
}

/// Whether a text is a sender: an address, with or without a name.
pub(crate) fn is_sender(text: &str) -> bool {
    text.parse::<Mailbox>().is_ok()
}

/// Says that no person wrote the mail, so that nobody's holiday answers it (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn settings() -> MailSettings {
        MailSettings {
            server: "mail.shop.example".into(),
            port: None,
            encryption: Encryption::StartTls,
            user: Some("kim".into()),
            password: Some(MailPassword::new("a secret\r\n")),
            from: "Harbour & Hill <feedback@shop.example>".into(),
            reply_to: None,
            authority: None,
        }
    }

    fn written(subject: &str, text: &str) -> String {
        let mailer = Mailer::new(&settings()).unwrap();
        let message = mailer.message("lee@shop.example", subject, "a").unwrap();
        let message = super::written(message.header(AutoSubmitted), text).unwrap();
        String::from_utf8(message.formatted()).unwrap()
    }

    #[tokio::test]
    async fn a_break_in_the_subject_begins_no_header() {
        let mail = written("Bewertung 2\r\nBcc: everybody@evil.example\nX: y", "Hallo");
        let (head, _) = mail.split_once("\r\n\r\n").unwrap();
        for line in head.lines() {
            assert!(!line.starts_with("Bcc") && !line.starts_with("X:"), "{mail}");
        }
        assert!(head.contains("Auto-Submitted: auto-generated"), "{head}");
        assert!(head.contains(" <feedback@shop.example>\r\nTo: lee@shop.example\r\n"), "{head}");
        let id = head.lines().find(|line| line.starts_with("Message-ID: <")).unwrap();
        assert!(id.ends_with("@shop.example>"), "{id}");
    }

    #[tokio::test]
    async fn a_line_with_a_dot_ends_no_mail_and_umlauts_arrive() {
        let mail = written("Lieferung für Jürgen", "Zeile\n.\nQUIT\nGrüße");
        assert!(mail.is_ascii(), "{mail}");
        assert!(mail.contains("Subject: Lieferung =?utf-8?b?"), "{mail}");
        assert!(!mail.contains("\r\n.\r\n") && !mail.contains("QUIT"), "{mail}");
    }

    #[test]
    fn addresses_are_told_from_other_texts() {
        for good in ["kim@shop.example", "k.i+m@sub.shop.example"] {
            assert!(is_address(good), "{good}");
        }
        for bad in
            ["", "kim", "kim@", "a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example"]
        {
            assert!(!is_address(bad), "{bad}");
        }
        assert!(is_sender("Kim <kim@shop.example>") && !is_sender("Kim"));
    }

    #[test]
    fn a_password_is_not_shown() {
        assert!(!format!("{:?}", settings()).contains("a secret"));
    }
}
