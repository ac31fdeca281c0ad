//! Reads the settings file, `afterword.toml`.
//!
//! All problems are reported at once, each with its line and what to do, so that a person who edits the file
//! need not start the collector again for every mistake.

use std::{
    collections::BTreeMap,
    fmt,
    net::SocketAddr,
    num::NonZeroU32,
    ops::Range,
    path::{Path, PathBuf},
};

use afterword_response::limits;
use jiff::tz::TimeZone;
use toml::{
    Spanned,
    de::{DeString, DeTable, DeValue},
};
use url::Url;

use crate::{
    abuse::{
        Limits,
        network::{ForwardedHeader, TrustedProxies},
    },
    access::seal::SealKey,
    language::Language,
    mail::{Encryption, MailPassword, MailSettings, is_sender},
    outgoing::AllowedHosts,
    survey::{self, AllowedOrigin, SettingProblem, Settings},
    words::problems::of_setting,
};

/// The settings in the file; `None` where the file has no value. [`super::resolve`] adds the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SettingsFile {
    /// Address and port to listen on.
    pub listen: Option<SocketAddr>,
    /// The database's address.
    pub database: Option<String>,
    /// The collector's public origin.
    pub public_url: Option<String>,
    /// A folder to serve the widget's files from.
    pub assets: Option<PathBuf>,
    /// Whether log lines are JSON.
    pub log_as_json: Option<bool>,
    /// Whether contacts are removed from comments.
    pub redaction: Option<bool>,
    /// Days after which answers are erased, unless their survey has its own number.
    pub retention_days: Option<u32>,
    /// Days after the answer after which a contact is erased.
    pub contact_days: Option<u32>,
    /// Days after the close of a case after which its contact is erased.
    pub contact_days_after_close: Option<u32>,
    /// The shop's time zone, by its IANA name.
    pub time_zone: Option<String>,
    /// The proxies whose forwarding header is believed.
    pub trusted_proxies: Option<TrustedProxies>,
    /// The header in which they name the client.
    pub forwarded_header: Option<ForwardedHeader>,
    /// The limits on senders without a token.
    pub limits: Option<Limits>,
    /// The log has a line for one in so many accepted answers.
    pub access_log_every: Option<NonZeroU32>,
    /// Address and port on which `/metrics` is open.
    pub metrics_listen: Option<SocketAddr>,
    /// The key under which the secrets of webhooks are stored, from a file of its own.
    pub secrets_key: Option<SealKey>,
    /// Hosts of webhooks that may be in a private network.
    pub outgoing_hosts: Option<AllowedHosts>,
    /// The shop's mail server.
    pub mail: Option<MailSettings>,
    pub(crate) surveys: BTreeMap<String, Settings>,
}

/// A problem of a line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileProblem {
    /// The line, from 1.
    pub line: usize,
    /// The problem, and what to do.
    pub what: String,
}

impl fmt::Display for FileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

const KEYS: [&str; 19] = [
    "listen",
    "database",
    "public-url",
    "assets",
    "log-format",
    "redaction",
    "retention-days",
    "contact-days",
    "contact-days-after-close",
    "time-zone",
    "trusted-proxies",
    "forwarded-header",
    "limits",
    "access-log-every",
    "metrics-listen",
    "secrets-key-file",
    "outgoing-hosts",
    "mail",
    "surveys",
];
const MAIL_KEYS: [&str; 8] =
    ["server", "port", "encryption", "user", "password-file", "from", "reply-to", "authority-file"];
const SURVEY_KEYS: [&str; 8] = [
    "name",
    "subject",
    "allowed-origins",
    "review-link",
    "privacy-link",
    "retention-days",
    "language",
    "properties",
];

impl SettingsFile {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// All problems, by line.
    pub fn read(text: &str) -> Result<Self, Vec<FileProblem>> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let table = DeTable::parse(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let what = format!("this is not TOML: {}", error.message().replace('\n', ", "));
            vec![FileProblem { line: line(text, at), what }]
        })?;
        let mut reader = Reader { text, wrong: Vec::new() };
        let file = reader.file(table.get_ref());
        reader.wrong.sort_by_key(|wrong| wrong.line);
        if reader.wrong.is_empty() { Ok(file) } else { Err(reader.wrong) }
    }
}

fn line(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}

/// Collects problems while reading.
struct Reader<'a> {
    text: &'a str,
    wrong: Vec<FileProblem>,
}

impl Reader<'_> {
    fn complain(&mut self, span: &Range<usize>, what: impl Into<String>) {
        self.wrong.push(FileProblem { line: line(self.text, span.start), what: what.into() });
    }

    fn file(&mut self, table: &DeTable<'_>) -> SettingsFile {
        let mut file = SettingsFile::default();
        for (key, value) in table {
            match &**key.get_ref() {
                "listen" => file.listen = self.parsed(key, value, read_socket_address),
                "metrics-listen" => {
                    file.metrics_listen = self.parsed(key, value, read_socket_address);
                }
                "access-log-every" => file.access_log_every = self.every(value),
                "database" => {
                    file.database = self.parsed(key, value, |text| {
                        if text.starts_with("sqlite:") {
                            Ok(text.to_owned())
                        } else {
                            Err("must be an address such as \"sqlite:///var/lib/afterword/afterword.db\"".to_owned())
                        }
                    });
                }
                "public-url" => file.public_url = self.parsed(key, value, read_public_url),
                "assets" => {
                    file.assets = self.parsed(key, value, |text| {
                        if text.is_empty() {
                            Err("must be a folder".to_owned())
                        } else {
                            Ok(text.into())
                        }
                    });
                }
                "log-format" => {
                    file.log_as_json = self.parsed(key, value, |text| match text {
                        "json" => Ok(true),
                        "text" => Ok(false),
                        _ => Err("must be \"text\" or \"json\"".to_owned()),
                    });
                }
                "retention-days" => file.retention_days = self.days(key, value),
                "contact-days" => file.contact_days = self.days(key, value),
                "contact-days-after-close" => {
                    file.contact_days_after_close = self.days(key, value);
                }
                "redaction" => {
                    file.redaction = value.get_ref().as_bool();
                    if file.redaction.is_none() {
                        self.complain(&value.span(), "redaction must be true or false");
                    }
                }
                "time-zone" => file.time_zone = self.parsed(key, value, read_time_zone),
                "trusted-proxies" => file.trusted_proxies = self.proxies(value),
                "forwarded-header" => {
                    file.forwarded_header = self.parsed(key, value, read_forwarded_header);
                }
                "limits" => file.limits = self.limits(value),
                "secrets-key-file" => {
                    file.secrets_key =
                        self.parsed(key, value, |text| SealKey::read_file(Path::new(text)));
                }
                "secrets-key" => self.complain(
                    &key.span(),
                    "the key does not belong in this file; write secrets-key-file and the file's name, or set the \
                     variable AFTERWORD_SECRETS_KEY",
                ),
                "outgoing-hosts" => file.outgoing_hosts = self.hosts(value),
                "mail" => file.mail = self.mail(key, value),
                "surveys" => file.surveys = self.surveys(value),
                "token" => self.complain(
                    &key.span(),
                    "the admin token does not belong in a file; set the variable AFTERWORD_TOKEN",
                ),
                other => {
                    let what = unknown(other, &KEYS, "");
                    self.complain(&key.span(), what);
                }
            }
        }
        file
    }

    fn mail(
        &mut self,
        of: &Spanned<DeString<'_>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<MailSettings> {
        let Some(table) = value.get_ref().as_table() else {
            self.complain(&value.span(), "mail must be a table: write [mail] on a line of its own");
            return None;
        };
        let said = |text: &str| match text.trim() {
            "" => Err("must not be empty".to_owned()),
            text => Ok(text.to_owned()),
        };
        let file = |text: &str| {
            std::fs::read(text).map_err(|error| format!("cannot be read from {text}: {error}"))
        };
        let (mut server, mut from) = (None, None);
        let (mut port, mut encryption, mut user) = (None, None, None);
        let (mut password, mut authority, mut reply_to) = (None, None, None);
        let sender = |text: &str| match is_sender(text) {
            true => Ok(text.to_owned()),
            false => {
                Err("must be an address, such as \"Harbour & Hill <feedback@shop.example>\""
                    .to_owned())
            }
        };
        for (key, value) in table {
            match &**key.get_ref() {
                "server" => server = self.parsed(key, value, said),
                "port" => {
                    port = value
                        .get_ref()
                        .as_integer()
                        .and_then(|it| u16::from_str_radix(it.as_str(), it.radix()).ok())
                        .filter(|port| *port > 0);
                    if port.is_none() {
                        self.complain(&value.span(), "port must be a number from 1 to 65535");
                    }
                }
                "encryption" => {
                    encryption = self.parsed(key, value, |text| match text {
                        "starttls" => Ok(Encryption::StartTls),
                        "tls" => Ok(Encryption::Tls),
                        _ => Err("must be \"starttls\" or \"tls\"".to_owned()),
                    });
                }
                "user" => user = self.parsed(key, value, said),
                "password-file" => {
                    password = self.parsed(key, value, |text| {
                        file(text).map(|it| MailPassword::new(&String::from_utf8_lossy(&it)))
                    });
                }
                "from" => from = self.parsed(key, value, sender),
                "reply-to" => reply_to = self.parsed(key, value, sender),
                "authority-file" => authority = self.parsed(key, value, file),
                "password" => self.complain(
                    &key.span(),
                    "the password does not belong in this file; write password-file and the file's name, or set the \
                     variable AFTERWORD_MAIL_PASSWORD",
                ),
                other => {
                    let what = unknown(other, &MAIL_KEYS, " of mails");
                    self.complain(&key.span(), what);
                }
            }
        }
        for (name, is_there) in
            [("server", table.contains_key("server")), ("from", table.contains_key("from"))]
        {
            if !is_there {
                self.complain(&of.span(), format!("mail needs {name}"));
            }
        }
        let encryption = encryption.unwrap_or_default();
        let (server, from) = server.zip(from)?;
        Some(MailSettings { server, port, encryption, user, password, from, reply_to, authority })
    }

    fn surveys(&mut self, value: &Spanned<DeValue<'_>>) -> BTreeMap<String, Settings> {
        let mut surveys = BTreeMap::new();
        let Some(table) = value.get_ref().as_table() else {
            self.complain(&value.span(), "surveys must be tables, such as [surveys.post-purchase]");
            return surveys;
        };
        for (id, value) in table {
            if !limits::is_identifier(id.get_ref()) {
                let what =
                    format!("the survey's id {:?} {}", id.get_ref(), words(SettingProblem::Id));
                self.complain(&id.span(), what);
            }
            match value.get_ref().as_table() {
                Some(table) => {
                    surveys.insert(id.get_ref().to_string(), self.survey(table));
                }
                None => {
                    let what = format!(
                        "write [surveys.{}] on a line of its own, and its settings below",
                        id.get_ref()
                    );
                    self.complain(&id.span(), what);
                }
            }
        }
        surveys
    }

    fn survey(&mut self, table: &DeTable<'_>) -> Settings {
        let mut settings = Settings::default();
        let said = |problem| words(problem).to_owned();
        for (key, value) in table {
            match &**key.get_ref() {
                "name" => {
                    settings.name = self.parsed(key, value, |it| survey::read_text(it).map_err(said));
                }
                "subject" => {
                    settings.subject = self.parsed(key, value, |it| survey::read_text(it).map_err(said));
                }
                "review-link" => {
                    settings.review_link = self.parsed(key, value, |it| survey::read_review_link(it).map_err(said));
                }
                "privacy-link" => {
                    settings.privacy_link = self.parsed(key, value, |it| survey::read_link(it).map_err(said));
                }
                "language" => {
                    settings.language = self.parsed(key, value, |it| survey::read_language(it).map_err(said));
                }
                "retention-days" => settings.retention_days = self.days(key, value),
                "allowed-origins" => settings.origins = self.origins(value),
                "properties" => settings.properties = self.properties(value),
                "time-zone" => self.complain(
                    &key.span(),
                    "the time zone is the shop's, for all surveys; write time-zone at the top of the file",
                ),
                other if depends_on_score(other) => self.complain(
                    &key.span(),
                    format!("{other} would show a link to customers with some scores only, which misleads the readers of reviews; \
                        review-link is shown after every score, or leave it out"),
                ),
                other => {
                    let what = unknown(other, &SURVEY_KEYS, " of a survey");
                    self.complain(&key.span(), what);
                }
            }
        }
        settings
    }

    /// Reads a text with a function.
    fn parsed<T>(
        &mut self,
        key: &Spanned<DeString<'_>>,
        value: &Spanned<DeValue<'_>>,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let read = match value.get_ref().as_str() {
            Some(text) => read(text),
            None => Err("must be a text in quotes".to_owned()),
        };
        read.map_err(|problem| {
            self.complain(&value.span(), format!("{} {problem}", key.get_ref()));
        })
        .ok()
    }

    fn days(&mut self, key: &Spanned<DeString<'_>>, value: &Spanned<DeValue<'_>>) -> Option<u32> {
        let days = value
            .get_ref()
            .as_integer()
            .and_then(|it| u32::from_str_radix(it.as_str(), it.radix()).ok())
            .filter(|days| survey::RETENTION_DAYS.contains(days));
        if days.is_none() {
            self.complain(
                &value.span(),
                format!("{} {}", key.get_ref(), words(SettingProblem::Retention)),
            );
        }
        days
    }

    fn every(&mut self, value: &Spanned<DeValue<'_>>) -> Option<NonZeroU32> {
        let number = value
            .get_ref()
            .as_integer()
            .and_then(|it| u32::from_str_radix(it.as_str(), it.radix()).ok())
            .and_then(NonZeroU32::new);
        if number.is_none() {
            self.complain(&value.span(), "access-log-every must be a whole number from 1");
        }
        number
    }

    fn proxies(&mut self, value: &Spanned<DeValue<'_>>) -> Option<TrustedProxies> {
        let Some(list) = value.get_ref().as_array() else {
            let what = "trusted-proxies must be a list, such as [\"127.0.0.1\", \"10.0.0.0/8\"]";
            self.complain(&value.span(), what);
            return None;
        };
        let mut texts = Vec::new();
        for item in list {
            let text = item.get_ref().as_str().unwrap_or("?");
            match TrustedProxies::read(text) {
                Ok(_) => texts.push(text),
                Err(problem) => self.complain(&item.span(), format!("trusted-proxies: {problem}")),
            }
        }
        TrustedProxies::read(&texts.join(",")).ok()
    }

    fn limits(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Limits> {
        let text = match value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str(),
            other => other.as_str().unwrap_or_default(),
        };
        Limits::read(text)
            .map_err(|problem| self.complain(&value.span(), format!("limits {problem}")))
            .ok()
    }

    fn properties(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Vec<String>> {
        let list = value.get_ref().as_array();
        let names: Option<Vec<&str>> = list
            .map(|list| list.iter().map(|item| item.get_ref().as_str()).collect::<Option<_>>())
            .unwrap_or_default();
        let Some(names) = names else {
            let what = "properties must be a list of names, such as [\"coupon\"]";
            self.complain(&value.span(), what);
            return None;
        };
        survey::read_properties(&names.join("\n"))
            .map_err(|problem| {
                self.complain(&value.span(), format!("properties {}", words(problem)));
            })
            .ok()
    }

    fn hosts(&mut self, value: &Spanned<DeValue<'_>>) -> Option<AllowedHosts> {
        let hosts: Option<Vec<&str>> = value.get_ref().as_array().and_then(|list| {
            list.iter()
                .map(|item| item.get_ref().as_str())
                .map(|host| host.filter(|host| !host.is_empty() && !host.contains(['/', ' '])))
                .collect()
        });
        if hosts.is_none() {
            let what = "outgoing-hosts must be a list of names without https://, such as [\"hooks.intern.example\"]";
            self.complain(&value.span(), what);
        }
        hosts.map(AllowedHosts::new)
    }

    fn origins(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Vec<AllowedOrigin>> {
        let Some(list) = value.get_ref().as_array() else {
            let what = "allowed-origins must be a list, such as [\"https://shop.example\"]";
            self.complain(&value.span(), what);
            return None;
        };
        let mut texts = Vec::new();
        for item in list {
            match item.get_ref().as_str() {
                Some(text) if AllowedOrigin::read(text).is_ok() => texts.push(text),
                _ => {
                    let what = format!("an allowed origin {}", words(SettingProblem::Origin));
                    self.complain(&item.span(), what);
                }
            }
        }
        AllowedOrigin::list(texts.into_iter())
            .map_err(|problem| {
                self.complain(&value.span(), format!("allowed-origins {}", words(problem)));
            })
            .ok()
    }
}

const fn words(problem: SettingProblem) -> &'static str {
    of_setting(problem, Language::English)
}

/// Whether a key of a survey asks for a link, or for thanks in which one can stand, after some scores only.
fn depends_on_score(key: &str) -> bool {
    const WORDS: [&str; 8] =
        ["promoter", "passive", "detractor", "score", "segment", "happy", "min", "from"];
    let key = key.to_lowercase().replace('_', "-");
    ["review", "thanks", "support", "community"].iter().any(|it| key.starts_with(it))
        && key.split('-').skip(1).any(|part| WORDS.iter().any(|word| part.starts_with(word)))
}

/// The message about an unknown key.
fn unknown(key: &str, known: &[&str], of: &str) -> String {
    let nearest = known
        .iter()
        .map(|it| (strsim::damerau_levenshtein(&key.to_lowercase().replace('_', "-"), it), it))
        .min()
        .filter(|(distance, _)| *distance <= 3);
    match nearest {
        Some((_, nearest)) => format!("{key} is no setting{of}; did you mean {nearest}?"),
        None => format!("{key} is no setting{of}; there are {}", known.join(", ")),
    }
}

/// Reads the collector's public origin.
///
/// # Errors
/// A sentence that describes the allowed form.
pub fn read_public_url(text: &str) -> Result<String, String> {
    let problem = || {
        "must be a whole address without a path, such as \"https://feedback.shop.example\""
            .to_owned()
    };
    let url = Url::parse(text.trim()).map_err(|_| problem())?;
    if matches!(url.scheme(), "http" | "https") && url.path() != "/" {
        return Err(format!(
            "has the path {}: the collector's pages cannot live under one. Give them a host name of \
             their own, such as \"https://feedback.shop.example\"",
            url.path()
        ));
    }
    let is_plain = matches!(url.scheme(), "http" | "https")
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if is_plain { Ok(url.origin().ascii_serialization()) } else { Err(problem()) }
}

fn read_socket_address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "must be an address and a port, such as \"127.0.0.1:8080\"".to_owned())
}

/// Reads the name of the header in which trusted proxies name the client.
///
/// # Errors
/// A sentence that lists the allowed headers.
pub fn read_forwarded_header(text: &str) -> Result<ForwardedHeader, String> {
    ForwardedHeader::from_name(text)
        .ok_or_else(|| "must be \"x-forwarded-for\" or \"forwarded\"".to_owned())
}

fn read_time_zone(text: &str) -> Result<String, String> {
    match TimeZone::get(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("must be the name of a time zone, such as \"Europe/Berlin\"".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_file_with_all_settings_is_read() {
        let file = SettingsFile::read(
            r#"
listen = "0.0.0.0:8080"
database = "sqlite:///var/lib/afterword/afterword.db"
public-url = "https://Feedback.shop.example/"
assets = "dist"
log-format = "json"
redaction = false
retention-days = 1000
time-zone = "Europe/Berlin"
trusted-proxies = ["127.0.0.1", "10.0.0.0/8"]
forwarded-header = "Forwarded"
limits = 10
access-log-every = 1
metrics-listen = "127.0.0.1:9100"
outgoing-hosts = ["hooks.lan", "192.168.1.20"]

[mail]
server = "mail.shop.example"
from = "Harbour & Hill <feedback@shop.example>"
reply-to = "service@shop.example"
encryption = "tls"
port = 2465
user = "feedback"

[surveys.post-purchase]
name = "Nach dem Kauf"
subject = "Harbour & Hill"
allowed-origins = ["https://shop.example", "https://*.shop.example"]
review-link = "https://reviews.example/harbour"
retention-days = 730
language = "de"
properties = ["coupon", "size"]

[surveys.support]
"#,
        )
        .unwrap();
        assert_eq!(file.listen, Some("0.0.0.0:8080".parse().unwrap()));
        assert_eq!(file.public_url.as_deref(), Some("https://feedback.shop.example"));
        assert_eq!(file.retention_days, Some(1000));
        assert_eq!((file.log_as_json, file.redaction), (Some(true), Some(false)));
        assert_eq!(file.time_zone.as_deref(), Some("Europe/Berlin"));
        let proxies = TrustedProxies::read("127.0.0.1 10.0.0.0/8").unwrap();
        assert_eq!(file.trusted_proxies, Some(proxies));
        assert_eq!(file.forwarded_header, Some(ForwardedHeader::Forwarded));
        assert_eq!(file.limits, Some(Limits::Times(10)));
        assert_eq!(file.access_log_every, NonZeroU32::new(1));
        assert_eq!(file.metrics_listen, Some("127.0.0.1:9100".parse().unwrap()));
        assert_eq!(file.outgoing_hosts, Some(AllowedHosts::new(["192.168.1.20", "hooks.lan"])));
        let mail = file.mail.unwrap();
        assert_eq!((&*mail.server, mail.port), ("mail.shop.example", Some(2_465)));
        assert_eq!((mail.encryption, mail.password), (Encryption::Tls, None));
        assert_eq!(mail.reply_to.as_deref(), Some("service@shop.example"));
        let survey = &file.surveys["post-purchase"];
        assert_eq!(survey.name.as_deref(), Some("Nach dem Kauf"));
        assert_eq!(survey.origins.as_ref().unwrap().len(), 2);
        assert_eq!((survey.retention_days, survey.language), (Some(730), Some(Language::German)));
        assert_eq!(survey.properties.as_deref(), Some(&["coupon".to_owned(), "size".into()][..]));
        assert_eq!(file.surveys["support"], Settings::default());
        assert_eq!(SettingsFile::read("").unwrap(), SettingsFile::default());
    }

    /// The settings of the manual and of the Debian package, with those that the package only proposes.
    #[test]
    fn what_the_manual_prints_is_read_and_names_every_key() {
        let running = include_str!("../../../docs/RUNNING.md");
        let alerts = include_str!("../../../docs/ALERTS.md");
        let package = include_str!("../../../xtask/package/debian/afterword.toml");
        let blocks = |text: &str| -> Vec<String> {
            let blocks = text.split("```toml\n").skip(1);
            blocks.filter_map(|it| Some(it.split_once("```")?.0.to_owned())).collect()
        };
        let mut files = vec![package.replace("# public-url", "public-url")];
        files[0] = files[0].replace("# trusted-proxies", "trusted-proxies");
        let printed = [running, alerts].map(blocks).concat();
        assert!(printed.len() >= 4, "{printed:?}");
        files.extend(printed);
        for file in &files {
            // The machine of the test has neither a key nor a password.
            let is_secret = |line: &&str| line.contains("-file = ");
            let text: String =
                file.lines().filter(|line| !is_secret(line)).flat_map(|it| [it, "\n"]).collect();
            assert_eq!(SettingsFile::read(&text).err(), None, "{text}");
        }
        let all = files.concat();
        let names = |key: &str| {
            let mut lines = all.lines().map(|line| line.trim_start_matches("# "));
            lines.any(|line| {
                line.split('=').next().is_some_and(|name| name.trim() == key)
                    || line.starts_with(&format!("[{key}"))
            })
        };
        for key in KEYS.iter().chain(&MAIL_KEYS).chain(&SURVEY_KEYS) {
            assert!(names(key), "no document has an example of {key}");
        }
        let proposed = SettingsFile::read(&files[0]).unwrap();
        assert_eq!(proposed.trusted_proxies, TrustedProxies::read("127.0.0.1").ok());
        assert!(proposed.public_url.is_some());
    }

    #[track_caller]
    fn check(text: &str, expected: &[(usize, &str)]) {
        let wrong = SettingsFile::read(text).unwrap_err();
        assert_eq!(wrong.len(), expected.len(), "{text}: {wrong:?}");
        for (wrong, (line, said)) in wrong.iter().zip(expected) {
            assert_eq!(wrong.line, *line, "{text}: {wrong}");
            assert!(wrong.what.contains(said), "{said:?} is not in {wrong}");
        }
    }

    #[test]
    fn each_error_has_its_line_and_advice() {
        check("listen = 8080", &[(1, "listen must be a text in quotes")]);
        check("\nlisten = \"8080\"", &[(2, "127.0.0.1:8080")]);
        check("Listen = \"127.0.0.1:1\"", &[(1, "did you mean listen?")]);
        check("publicurl = \"x\"", &[(1, "did you mean public-url?")]);
        check("colour = \"red\"", &[(1, "there are listen, database")]);
        check("public-url = \"https://shop.example/feedback\"", &[(1, "a host name of their own")]);
        check("database = \"postgres://u:secret@h/db\"", &[(1, "sqlite:///")]);
        check("log-format = \"xml\"", &[(1, "\"text\" or \"json\"")]);
        check("redaction = \"off\"", &[(1, "true or false")]);
        check("time-zone = \"Berlin\"", &[(1, "Europe/Berlin")]);
        check("trusted-proxies = \"10.0.0.1\"", &[(1, "must be a list")]);
        check("trusted-proxies = [\"10.0.0.1\",\n\"proxy\"]", &[(2, "\"proxy\" is neither")]);
        check("forwarded-header = \"via\"", &[(1, "\"forwarded\"")]);
        check("access-log-every = 0", &[(1, "whole number from 1")]);
        check("metrics-listen = \"9100\"", &[(1, "127.0.0.1:8080")]);
        check("limits = 0", &[(1, "limits must be a whole number from 1 to 1000")]);
        assert_eq!(SettingsFile::read("limits = \"off\"").unwrap().limits, Some(Limits::Off));
        check("secrets-key = \"x\"", &[(1, "secrets-key-file")]);
        check("secrets-key-file = \"/no/such/file\"", &[(1, "cannot be read from /no/such/file")]);
        check("outgoing-hosts = \"a.lan\"", &[(1, "must be a list of names")]);
        check("outgoing-hosts = [\"https://a.lan\"]", &[(1, "without https://")]);
        check("mail = 1", &[(1, "[mail]")]);
        check("[mail]\nserver = \"a.example\"", &[(1, "mail needs from")]);
        check("[mail]\nserver = \"a\"\nfrom = \"Kim\"", &[(3, "must be an address")]);
        let mail = "[mail]\nserver = \"a\"\nfrom = \"a@b.example\"\n";
        check(&format!("{mail}reply-to = \"Kim\""), &[(4, "must be an address")]);
        check(&format!("{mail}port = 0"), &[(4, "from 1 to 65535")]);
        check(&format!("{mail}encryption = \"none\""), &[(4, "\"starttls\" or \"tls\"")]);
        check(&format!("{mail}password = \"secret\""), &[(4, "password-file")]);
        check(
            &format!("{mail}password-file = \"/no/such\""),
            &[(4, "cannot be read from /no/such")],
        );
        check(&format!("{mail}pasword-file = \"x\""), &[(4, "did you mean password-file?")]);
        check("token = \"secret\"", &[(1, "AFTERWORD_TOKEN")]);
        check("surveys = 1", &[(1, "[surveys.post-purchase]")]);
        check("[surveys]\npost = 1", &[(2, "[surveys.post]")]);
        check("[surveys.\"a b\"]", &[(1, "1 to 64 letters")]);
        check("[surveys.a]\ntime-zone = \"UTC\"", &[(2, "at the top of the file")]);
        check("[surveys.a]\nretention_days = 3", &[(2, "did you mean retention-days?")]);
        check("[surveys.a]\nproperties = \"coupon\"", &[(2, "list of names")]);
        check("[surveys.a]\nretention-days = \"3\"", &[(2, "whole number of days")]);
        check("[surveys.a]\nretention-days = 0", &[(2, "from 1 to 36500")]);
        check("[surveys.a]\nname = \"\"", &[(2, "name must have 1 to 100")]);
        check("[surveys.a]\nlanguage = \"fr\"", &[(2, "must be en or de")]);
        check("[surveys.a]\nreview-link = \"javascript:alert(1)\"", &[(2, "a whole address")]);
        check("[surveys.a]\nreview-link = \"https://r.example/{score}\"", &[(2, "every score")]);
        for key in [
            "review-link-promoter",
            "review_link_min_score",
            "thanks-promoter",
            "support-link-detractors",
        ] {
            check(
                &format!("[surveys.a]\n{key} = \"https://r.example\""),
                &[(2, "some scores only")],
            );
        }
        check(
            "[surveys.a]\nreview-link = { promoter = \"https://r.example\" }",
            &[(2, "text in quotes")],
        );
        check("[surveys.a]\nallowed-origins = \"https://a.example\"", &[(2, "must be a list")]);
        check(
            "[surveys.a]\nallowed-origins = [\n  \"https://a.example\",\n  \"a.example\",\n  7,\n]",
            &[(4, "without a path"), (5, "without a path")],
        );
        check(
            "listen = \"x\"\ncolour = 1\n[surveys.a]\nname = 3",
            &[(1, "listen"), (2, "colour"), (4, "name")],
        );
        check("a = 1\na = 2", &[(2, "not TOML")]);
        check("listen = ", &[(1, "not TOML")]);
    }

    #[test]
    fn a_message_never_repeats_a_value_that_may_be_secret() {
        let wrong =
            SettingsFile::read("database = \"postgres://u:secret@h/db\"\ntoken = \"secret\"");
        for wrong in wrong.unwrap_err() {
            assert!(
                !wrong.what.contains("secret@") && !wrong.what.contains("\"secret\""),
                "{wrong}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_by_lines_that_exist(text in "([a-z.\"\\[\\]=, \n-]|listen|surveys|name|retention-days|[0-9]|é){0,60}") {
            if let Err(wrong) = SettingsFile::read(&text) {
                prop_assert!(!wrong.is_empty());
                for wrong in wrong {
                    prop_assert!((1..=text.matches('\n').count() + 1).contains(&wrong.line), "{}", wrong);
                    prop_assert!(!wrong.what.is_empty());
                }
            }
        }

        #[test]
        fn a_written_file_is_read_back(
            id in "[a-z][a-z0-9._-]{0,20}",
            name in "[^\\p{C}\\s]([^\\p{C}]{0,40}[^\\p{C}\\s])?",
            days in 1_u32..=36_500,
        ) {
            let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
            let text = format!("[surveys.{}]\nname = {}\nretention-days = {days}\n", quoted(&id), quoted(&name));
            let file = SettingsFile::read(&text).map_err(|wrong| TestCaseError::fail(format!("{wrong:?}")))?;
            let survey = &file.surveys[&id];
            prop_assert_eq!(survey.name.as_deref(), Some(name.trim()));
            prop_assert_eq!(survey.retention_days, Some(days));
        }
    }

    #[test]
    fn fuzz_settings() {
        bolero::check!(name = "settings").with_iterations(2_000).for_each(|text: &[u8]| {
            let text = String::from_utf8_lossy(text);
            if let Err(wrong) = SettingsFile::read(&text) {
                assert!(!wrong.is_empty());
                for wrong in wrong {
                    let lines = text.matches('\n').count() + 1;
                    assert!((1..=lines).contains(&wrong.line), "{wrong}");
                }
            }
        });
    }
}
