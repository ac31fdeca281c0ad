//! Decides which value of a setting counts: first the command line, then the environment, then the settings
//! file, then the default. For surveys the file overrides the values that were set on the pages
//! ([`crate::survey::Settings::under`]).

use std::{
    net::{Ipv4Addr, SocketAddr},
    num::NonZeroU32,
    path::PathBuf,
};

use super::{Config, ContactPeriods, Demo, Redaction, SettingsFile};
use crate::{
    abuse::{
        Limits,
        network::{ForwardedHeader, TrustedProxies},
    },
    access::seal::SealKey,
    assets::Assets,
    mail::MailPassword,
};

/// The database, if none is configured.
const DEFAULT_DATABASE: &str = "sqlite://afterword.db";
/// The address to listen on, if none is configured.
const DEFAULT_ADDRESS: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

/// The values of the command line, or else of the environment: the parser of arguments decides between
/// them. An empty text counts as not set, because container files write it so.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// Address and port to listen on.
    pub listen: Option<SocketAddr>,
    /// Address and port on which `/metrics` is open.
    pub metrics_listen: Option<SocketAddr>,
    /// The database's address.
    pub database: Option<String>,
    /// The origin that people and shops reach the collector by.
    pub public_url: Option<String>,
    /// The admin token.
    pub token: Option<String>,
    /// A folder to serve the widget's files from.
    pub assets: Option<PathBuf>,
    /// Whether log lines are JSON.
    pub log_as_json: Option<bool>,
    /// Whether comments are redacted.
    pub redaction: Option<Redaction>,
    /// Whether answers from the demo shop are stored.
    pub demo: Option<Demo>,
    /// Days after which answers are erased.
    pub keep_days: Option<u32>,
    /// The proxies whose forwarding header is believed.
    pub trusted_proxies: Option<TrustedProxies>,
    /// The header in which they name the client.
    pub forwarded_header: Option<ForwardedHeader>,
    /// How much strangers may send.
    pub limits: Option<Limits>,
    /// One of so many accepted answers has a line in the log.
    pub access_log_every: Option<NonZeroU32>,
    /// The key under which the secrets of webhooks are stored.
    pub secrets_key: Option<SealKey>,
    /// The password of the mail server.
    pub mail_password: Option<MailPassword>,
}

/// The settings that count.
pub struct Resolved {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// Address and port on which `/metrics` is open, if any.
    pub metrics_listen: Option<SocketAddr>,
    /// Whether log lines are JSON.
    pub log_as_json: bool,
    /// The origin that people and shops reach the collector by, if it is configured.
    pub public_url: Option<String>,
    /// Everything else.
    pub config: Config,
}

/// Decides every setting.
#[must_use]
pub fn resolve(arguments: Arguments, file: SettingsFile) -> Resolved {
    let said = |text: Option<String>| text.filter(|text| !text.is_empty());
    let listen = arguments.listen.or(file.listen).unwrap_or(DEFAULT_ADDRESS);
    let metrics_listen = arguments.metrics_listen.or(file.metrics_listen);
    let log_as_json = arguments.log_as_json.or(file.log_as_json).unwrap_or(false);
    let database = said(arguments.database).or_else(|| file.database.clone());
    let usual = Config::new(database.unwrap_or_else(|| DEFAULT_DATABASE.to_owned()));
    let mut config = usual.settings(file);
    config.public_url = said(arguments.public_url).or(config.public_url);
    config.token = said(arguments.token);
    config.assets = arguments.assets.map_or(config.assets, Assets::folder);
    config.redaction = arguments.redaction.unwrap_or(config.redaction);
    config.demo = arguments.demo.unwrap_or(config.demo);
    config.keep_days = arguments.keep_days.or(config.keep_days);
    config.trusted_proxies = arguments.trusted_proxies.unwrap_or(config.trusted_proxies);
    config.forwarded_header = arguments.forwarded_header.unwrap_or(config.forwarded_header);
    config.limits = arguments.limits.unwrap_or(config.limits);
    config.secrets_key = arguments.secrets_key.or(config.secrets_key);
    if let (Some(mail), Some(password)) = (&mut config.mail, arguments.mail_password) {
        mail.password = Some(password);
    }
    config.access_log_every = arguments.access_log_every.unwrap_or(config.access_log_every);
    Resolved { listen, metrics_listen, log_as_json, public_url: config.public_url.clone(), config }
}

impl Config {
    /// Applies a settings file, except for the address to listen on and the database.
    #[must_use]
    pub fn settings(mut self, file: SettingsFile) -> Self {
        self.public_url = file.public_url.or(self.public_url);
        self.time_zone = file.time_zone;
        self.keep_days = file.retention_days.or(self.keep_days);
        let ContactPeriods { after_close, at_most } = self.contact_periods;
        self.contact_periods = ContactPeriods {
            after_close: file.contact_days_after_close.unwrap_or(after_close),
            at_most: file.contact_days.unwrap_or(at_most),
        };
        self.redaction = match file.redaction {
            Some(true) => Redaction::On,
            Some(false) => Redaction::Off,
            None => self.redaction,
        };
        self.assets = file.assets.map_or(self.assets, Assets::folder);
        self.surveys = file.surveys;
        self.mail = file.mail.or(self.mail);
        self.secrets_key = file.secrets_key.or(self.secrets_key);
        self.outgoing_hosts = file.outgoing_hosts.unwrap_or(self.outgoing_hosts);
        self.trusted_proxies = file.trusted_proxies.unwrap_or(self.trusted_proxies);
        self.forwarded_header = file.forwarded_header.unwrap_or(self.forwarded_header);
        self.limits = file.limits.unwrap_or(self.limits);
        self.access_log_every = file.access_log_every.unwrap_or(self.access_log_every);
        self
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn arguments_override_the_file_which_overrides_the_defaults() {
        let file = SettingsFile::read(
            "listen = \"127.0.0.1:1\"\ndatabase = \"sqlite://file.db\"\n\
             public-url = \"https://file.example\"\nlog-format = \"json\"\nredaction = false\n\
             retention-days = 30\nlimits = \"off\"\naccess-log-every = 7\n",
        )
        .unwrap();
        let said = Arguments {
            listen: Some("127.0.0.1:2".parse().unwrap()),
            database: Some("sqlite://said.db".into()),
            public_url: Some("https://said.example".into()),
            token: Some("a token".into()),
            log_as_json: Some(false),
            redaction: Some(Redaction::On),
            keep_days: Some(60),
            limits: Some(Limits::Times(2)),
            ..Arguments::default()
        };
        let empty = Arguments {
            database: Some(String::new()),
            public_url: Some(String::new()),
            token: Some(String::new()),
            ..Arguments::default()
        };
        let check = |arguments: &Arguments, file: &SettingsFile, expected: &str| {
            let resolved = resolve(arguments.clone(), file.clone());
            let Config { database, redaction, keep_days, limits, token, .. } = &resolved.config;
            let got = format!(
                "{} {database} {:?} {} {redaction:?} {keep_days:?} {limits:?} {token:?} {}",
                resolved.listen,
                resolved.public_url.unwrap_or_default(),
                resolved.log_as_json,
                resolved.config.access_log_every,
            );
            assert_eq!(got, expected);
        };
        let of_file =
            "127.0.0.1:1 sqlite://file.db \"https://file.example\" true Off Some(30) Off None 7";
        check(&Arguments::default(), &file, of_file);
        check(&empty, &file, of_file);
        check(
            &said,
            &file,
            "127.0.0.1:2 sqlite://said.db \"https://said.example\" false On Some(60) Times(2) \
             Some(\"a token\") 7",
        );
        let usual = "127.0.0.1:8080 sqlite://afterword.db \"\" false On None Times(1) None 100";
        check(&Arguments::default(), &SettingsFile::default(), usual);
        check(&empty, &SettingsFile::default(), usual);
    }
}
