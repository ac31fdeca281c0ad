//! Observations about a collector, and what to do about them. `doctor` prints them, and the page Health shows them
//! in the reader's language. Checks that only `doctor` can make (the file, a recount) are in `maintenance`.

use jiff::Timestamp;

use crate::{
    abuse::Limits,
    disk::Disk,
    language::Language,
    store::{
        alerts::Undelivered,
        expiry::{Expiry, WaitingErasure},
        surveys::WaitingSurvey,
    },
};

/// Connections that a shop needs, at least.
const MIN_CONNECTIONS: usize = 900;

/// The severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// All is well.
    Good,
    /// Should be looked at.
    Warning,
    /// Has to be repaired.
    Bad,
}

/// The result of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Observation {
    /// The free space for the database; `None` if it cannot be read.
    Room(Option<Disk>),
    /// Whether the widget's files exist.
    Assets { are_there: bool },
    /// How senders are distinguished.
    Senders(Senders),
    /// The collector's public address, if it is set.
    PublicAddress(Option<String>),
    /// The number of connections that are possible at a time.
    Connections(usize),
    /// An erasure by age waits because the clock jumped from `before` to `now`.
    OddClock { now: Timestamp, before: Timestamp },
    /// An erasure by age waits because it would erase a large part of a survey at once.
    WaitingErasure(WaitingErasure),
    /// Nobody can sign in.
    NoAdmin,
    /// The numbers of surveys that wait to be added, and of their answers.
    Waiting { surveys: u64, answers: u64 },
    /// Alerts that were given up after 24 hours.
    FailedAlerts(u64),
    /// Replies to customers whose mail was given up.
    FailedReplies(u64),
    /// The search index is being built anew, and has that percentage of the answers.
    Indexing(u8),
    /// Alerts are to be sent, but there is no key to open the secrets that this takes.
    NoSecretsKey,
}

/// How senders are distinguished, so that limits apply to one of them and not to all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Senders {
    /// Limits are off.
    Unlimited,
    /// By the addresses that trusted proxies name.
    ByProxies,
    /// Not distinguished: the collector is behind a proxy that it does not trust.
    BehindUnknownProxy,
    /// By the addresses of their connections.
    ByAddress,
}

impl Senders {
    /// `is_handed_on`: whether a request had a forwarding header.
    pub(crate) fn of(
        limits: Limits,
        has_proxies: bool,
        public_url: Option<&str>,
        is_handed_on: bool,
    ) -> Self {
        // The collector itself speaks no HTTPS.
        let is_behind_https = public_url.is_some_and(|it| it.starts_with("https://"));
        if limits == Limits::Off {
            Self::Unlimited
        } else if has_proxies {
            Self::ByProxies
        } else if is_behind_https || is_handed_on {
            Self::BehindUnknownProxy
        } else {
            Self::ByAddress
        }
    }
}

/// The sentences about an observation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FindingText {
    pub(crate) what: String,
    /// What to do about it; empty if all is well.
    pub(crate) advice: &'static str,
}

impl Observation {
    /// The erasures by age that wait for a confirmation.
    pub(crate) fn of_expiry(expiry: &Expiry) -> Vec<Self> {
        let odd_clock = expiry.odd_clock.zip(expiry.clock);
        let odd_clock = odd_clock.map(|(now, before)| Self::OddClock { now, before });
        odd_clock.into_iter().chain(expiry.held.iter().cloned().map(Self::WaitingErasure)).collect()
    }

    /// Surveys that wait to be added, if there are any.
    pub(crate) fn of_waiting(waiting: &[WaitingSurvey]) -> Option<Self> {
        let answers = waiting.iter().map(|survey| survey.answers).sum();
        (!waiting.is_empty()).then_some(Self::Waiting { surveys: waiting.len() as u64, answers })
    }

    /// What keeps alerts and replies from arriving.
    pub(crate) fn of_alerts(
        undelivered: Undelivered,
        has_targets: bool,
        has_key: bool,
    ) -> Vec<Self> {
        let Undelivered { failed, failed_replies, .. } = undelivered;
        let alerts = (failed > 0).then_some(Self::FailedAlerts(failed));
        let replies = (failed_replies > 0).then_some(Self::FailedReplies(failed_replies));
        let no_key = (has_targets && !has_key).then_some(Self::NoSecretsKey);
        alerts.into_iter().chain(replies).chain(no_key).collect()
    }

    pub(crate) fn level(&self) -> Level {
        match self {
            Self::Assets { are_there: false } => Level::Bad,
            Self::Room(None)
            | Self::PublicAddress(None)
            | Self::Senders(Senders::Unlimited | Senders::BehindUnknownProxy)
            | Self::OddClock { .. }
            | Self::WaitingErasure(_)
            | Self::NoAdmin
            | Self::Waiting { .. }
            | Self::FailedAlerts(_)
            | Self::FailedReplies(_)
            | Self::NoSecretsKey => Level::Warning,
            Self::Room(Some(disk)) if disk.is_short() => Level::Warning,
            Self::Connections(most) if *most < MIN_CONNECTIONS => Level::Warning,
            Self::Room(Some(_))
            | Self::Assets { .. }
            | Self::Senders(Senders::ByProxies | Senders::ByAddress)
            | Self::PublicAddress(Some(_))
            | Self::Connections(_)
            | Self::Indexing(_) => Level::Good,
        }
    }

    pub(crate) fn text(&self, language: Language) -> FindingText {
        let (what, advice) = match language {
            Language::English => (self.in_english(), self.advice_in_english()),
            Language::German => (self.in_german(), self.advice_in_german()),
        };
        FindingText { what, advice: if self.level() == Level::Good { "" } else { advice } }
    }

    fn in_english(&self) -> String {
        match self {
            Self::Room(Some(Disk { free: Some(free), .. })) => {
                format!("{} MB are free beside a database of {} MB", free >> 20, self.megabytes())
            }
            Self::Room(Some(_)) => format!("the database takes {} MB", self.megabytes()),
            Self::Room(None) => "the disk's free space cannot be read".to_owned(),
            Self::Assets { are_there: true } => "the widget's files are there".to_owned(),
            Self::Assets { are_there: false } => {
                "the widget's files are missing, so that pages cannot load /afterword.js".to_owned()
            }
            Self::Senders(Senders::Unlimited) => {
                "limits are off: everything that strangers send is accepted".to_owned()
            }
            Self::Senders(Senders::ByProxies) => {
                "trusted proxies name the sender of each request".to_owned()
            }
            Self::Senders(Senders::BehindUnknownProxy) => {
                "people come through a proxy, and no proxy is trusted: to the collector they all have one \
                 address, so that no network is limited by itself"
                    .to_owned()
            }
            Self::Senders(Senders::ByAddress) => {
                "no proxy is trusted; every network with a public address has its own limits".to_owned()
            }
            Self::PublicAddress(Some(origin)) => format!("addresses begin with {origin}"),
            Self::PublicAddress(None) => {
                "the collector does not know its own address and uses the one that each request names"
                    .to_owned()
            }
            Self::Connections(most) => {
                format!("a collector started by this user may have {most} connections at a time")
            }
            Self::OddClock { now, before } => format!(
                "nothing is erased by age: the clock said {}, and {} the time before",
                now.strftime("%Y-%m-%d"),
                before.strftime("%Y-%m-%d")
            ),
            Self::WaitingErasure(WaitingErasure { survey, days, answers, displays }) => format!(
                "{} of {} answers and {} of {} displays of the survey {survey} are older than {days} \
                 days, and wait to be erased: that is more than a fifth at once",
                answers.due, answers.all, displays.due, displays.all
            ),
            Self::NoAdmin => "nobody can sign in yet".to_owned(),
            Self::Waiting { surveys, answers } => {
                format!("{answers} answers to {surveys} surveys wait for the survey to be added")
            }
            Self::FailedAlerts(1) => "an alert did not arrive within 24 hours".to_owned(),
            Self::FailedAlerts(failed) => {
                format!("{failed} alerts did not arrive within 24 hours")
            }
            Self::FailedReplies(1) => "a reply to a customer could not be sent by mail".to_owned(),
            Self::FailedReplies(failed) => {
                format!("{failed} replies to customers could not be sent by mail")
            }
            Self::Indexing(percent) => format!(
                "the search index is being built anew while the collector runs, {percent} % are done: the \
                 search finds older answers once it is complete"
            ),
            Self::NoSecretsKey => {
                "alerts cannot be sent: there is no key for the secrets of their targets".to_owned()
            }
        }
    }

    const fn advice_in_english(&self) -> &'static str {
        match self {
            Self::Room(Some(_)) => {
                "Make room, or move the database: a full disk refuses answers, and a backup needs as much \
                 again as the database."
            }
            Self::Room(None) => "Look at it with df.",
            Self::Assets { .. } => {
                "Run `cargo xtask dist` and build again, or name their folder with --assets."
            }
            Self::Senders(Senders::Unlimited) => {
                "Take the setting limits away once you have measured what you wanted to."
            }
            Self::Senders(_) => {
                "Name the proxy's address as the collector sees it: trusted-proxies = [\"127.0.0.1\"]."
            }
            Self::PublicAddress(_) => {
                "Set public-url = \"https://feedback.shop.example\", as shops and people reach it."
            }
            Self::Connections(_) => {
                "Raise the limit of open files: LimitNOFILE=20000 in systemd's unit, or ulimit -n 20000."
            }
            Self::OddClock { .. } => "Set the clock; or, if it is right, say so on the page Data.",
            Self::WaitingErasure(_) => {
                "Confirm it on the page Data; or correct for how long they are kept."
            }
            Self::NoAdmin => {
                "Start the collector and open the link it prints, or run `afterword-collector admin \
                 reset-link`."
            }
            Self::Waiting { .. } => "Add them or delete them on the page Surveys.",
            Self::FailedAlerts(_) => "The page Settings, Alerts says why, and sends them again.",
            Self::FailedReplies(_) => {
                "Their cases are new again in the inbox; send the replies again there, or reply in another way."
            }
            // It needs nobody.
            Self::Indexing(_) => "",
            Self::NoSecretsKey => {
                "Set AFTERWORD_SECRETS_KEY, or secrets-key-file in the settings file, to the key that there was."
            }
        }
    }

    fn in_german(&self) -> String {
        match self {
            Self::Room(Some(Disk { free: Some(free), .. })) => format!(
                "{} MB sind frei neben einer Datenbank von {} MB",
                free >> 20,
                self.megabytes()
            ),
            Self::Room(Some(_)) => format!("die Datenbank belegt {} MB", self.megabytes()),
            Self::Room(None) => "der freie Platz auf dem Datenträger ist unbekannt".to_owned(),
            Self::Assets { are_there: true } => "die Dateien des Widgets sind da".to_owned(),
            Self::Assets { are_there: false } => {
                "die Dateien des Widgets fehlen; Seiten können /afterword.js nicht laden".to_owned()
            }
            Self::Senders(Senders::Unlimited) => {
                "die Grenzen sind aus: Was Fremde senden, wird angenommen".to_owned()
            }
            Self::Senders(Senders::ByProxies) => {
                "eingetragene Proxys nennen den Absender jeder Anfrage".to_owned()
            }
            Self::Senders(Senders::BehindUnknownProxy) => {
                "die Kundschaft kommt über einen Proxy, und keiner ist eingetragen: Für den Collector haben \
                 alle dieselbe Adresse, sodass sich kein Netz einzeln begrenzen lässt"
                    .to_owned()
            }
            Self::Senders(Senders::ByAddress) => {
                "kein Proxy ist eingetragen; Netze mit öffentlichen Adressen werden einzeln begrenzt"
                    .to_owned()
            }
            Self::PublicAddress(Some(origin)) => format!("Adressen beginnen mit {origin}"),
            Self::PublicAddress(None) => {
                "der Collector kennt seine eigene Adresse nicht und glaubt jeder Anfrage die ihre"
                    .to_owned()
            }
            Self::Connections(most) => {
                format!("bis zu {most} Verbindungen sind gleichzeitig möglich")
            }
            Self::OddClock { now, before } => format!(
                "nach Alter wird nichts gelöscht: Die Uhr zeigte den {}, davor den {}",
                now.strftime("%d.%m.%Y"),
                before.strftime("%d.%m.%Y")
            ),
            Self::WaitingErasure(WaitingErasure { survey, days, answers, displays }) => format!(
                "{} von {} Antworten und {} von {} Anzeigen der Umfrage {survey} sind älter als {days} Tage \
                 und warten auf das Löschen: mehr als ein Fünftel auf einmal",
                answers.due, answers.all, displays.due, displays.all
            ),
            Self::NoAdmin => "noch kann sich niemand anmelden".to_owned(),
            Self::Waiting { surveys, answers } => format!(
                "{answers} Antworten zu {surveys} Umfragen warten darauf, dass die Umfrage angelegt wird"
            ),
            Self::FailedAlerts(1) => {
                "eine Benachrichtigung kam innerhalb von 24 Stunden nicht an".to_owned()
            }
            Self::FailedAlerts(failed) => {
                format!("{failed} Benachrichtigungen kamen innerhalb von 24 Stunden nicht an")
            }
            Self::FailedReplies(1) => {
                "eine Antwort an eine Kundin oder einen Kunden konnte nicht per E-Mail gesendet werden"
                    .to_owned()
            }
            Self::FailedReplies(failed) => {
                format!("{failed} Antworten an die Kundschaft konnten nicht per E-Mail gesendet werden")
            }
            Self::Indexing(percent) => format!(
                "der Suchindex wird im laufenden Betrieb neu aufgebaut, {percent} % sind fertig: Ältere \
                 Antworten findet die Suche, sobald er vollständig ist"
            ),
            Self::NoSecretsKey => {
                "Benachrichtigungen können nicht gesendet werden: Der Schlüssel für die Geheimnisse ihrer Ziele fehlt"
                    .to_owned()
            }
        }
    }

    const fn advice_in_german(&self) -> &'static str {
        match self {
            Self::Room(Some(_)) => {
                "Schaffen Sie Platz, oder verschieben Sie die Datenbank: Ein voller Datenträger weist \
                 Antworten ab, und eine Sicherung braucht noch einmal so viel Platz wie die Datenbank."
            }
            Self::Room(None) => "Sehen Sie mit df nach.",
            Self::Assets { .. } => {
                "Führen Sie `cargo xtask dist` aus und bauen Sie neu, oder nennen Sie ihren Ordner mit \
                 --assets."
            }
            Self::Senders(Senders::Unlimited) => {
                "Nehmen Sie die Einstellung limits heraus, sobald Sie gemessen haben, was Sie wollten."
            }
            Self::Senders(_) => {
                "Tragen Sie die Adresse des Proxys ein, wie der Collector sie sieht: trusted-proxies = \
                 [\"127.0.0.1\"]."
            }
            Self::PublicAddress(_) => {
                "Setzen Sie public-url = \"https://feedback.shop.example\", so wie Shop und Menschen ihn \
                 erreichen."
            }
            Self::Connections(_) => {
                "Erhöhen Sie die Grenze offener Dateien: LimitNOFILE=20000 in der Unit von systemd, oder \
                 ulimit -n 20000."
            }
            Self::OddClock { .. } => {
                "Stellen Sie die Uhr; oder sagen Sie auf der Seite Daten, dass sie richtig geht."
            }
            Self::WaitingErasure(_) => {
                "Bestätigen Sie es auf der Seite Daten, oder berichtigen Sie, wie lange sie aufbewahrt werden."
            }
            Self::NoAdmin => {
                "Starten Sie den Collector und öffnen Sie den Link, den er ausgibt, oder führen Sie \
                 `afterword-collector admin reset-link` aus."
            }
            Self::Waiting { .. } => {
                "Legen Sie sie auf der Seite Umfragen an, oder löschen Sie sie dort."
            }
            Self::FailedAlerts(_) => {
                "Die Seite Einstellungen, Benachrichtigungen sagt, warum, und sendet sie erneut."
            }
            Self::FailedReplies(_) => {
                "Ihre Fälle sind im Eingang wieder neu; senden Sie die Antworten dort erneut, oder antworten Sie auf \
                 anderem Weg."
            }
            // It needs nobody.
            Self::Indexing(_) => "",
            Self::NoSecretsKey => {
                "Setzen Sie AFTERWORD_SECRETS_KEY oder in der Einstellungsdatei secrets-key-file auf den bisherigen \
                 Schlüssel."
            }
        }
    }

    /// The size of the database in megabytes.
    fn megabytes(&self) -> u64 {
        match self {
            Self::Room(Some(disk)) => disk.size() >> 20,
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_problems_have_advice_in_both_languages() {
        let disk = |free| Some(Disk { database: 1 << 20, log: 0, free: Some(free) });
        for (observation, level) in [
            (Observation::Room(disk(u64::MAX)), Level::Good),
            (Observation::Room(disk(0)), Level::Warning),
            (Observation::Room(None), Level::Warning),
            (Observation::Assets { are_there: true }, Level::Good),
            (Observation::Assets { are_there: false }, Level::Bad),
            (Observation::PublicAddress(None), Level::Warning),
            (Observation::PublicAddress(Some("https://a.example".into())), Level::Good),
            (Observation::Connections(899), Level::Warning),
            (Observation::Connections(900), Level::Good),
            (Observation::NoAdmin, Level::Warning),
            (Observation::Waiting { surveys: 1, answers: 2 }, Level::Warning),
            (Observation::FailedAlerts(1), Level::Warning),
            (Observation::FailedAlerts(2), Level::Warning),
            (Observation::FailedReplies(1), Level::Warning),
            (Observation::FailedReplies(2), Level::Warning),
            (Observation::NoSecretsKey, Level::Warning),
            (Observation::Indexing(40), Level::Good),
        ] {
            assert_eq!(observation.level(), level, "{observation:?}");
            let [english, german] =
                [Language::English, Language::German].map(|it| observation.text(it));
            assert_eq!(english.advice.is_empty(), level == Level::Good, "{observation:?}");
            assert_eq!(german.advice.is_empty(), level == Level::Good, "{observation:?}");
            assert_ne!(english.what, german.what);
        }
    }

    #[test]
    fn a_proxy_is_recognised_by_the_public_address_or_by_a_request() {
        let of = |proxies, url, handed_on| Senders::of(Limits::default(), proxies, url, handed_on);
        assert_eq!(of(false, None, false), Senders::ByAddress);
        assert_eq!(of(false, Some("https://a.example"), false), Senders::BehindUnknownProxy);
        assert_eq!(of(false, Some("http://a.example"), true), Senders::BehindUnknownProxy);
        assert_eq!(of(true, Some("https://a.example"), true), Senders::ByProxies);
        assert_eq!(Senders::of(Limits::Off, true, None, false), Senders::Unlimited);
    }
}
