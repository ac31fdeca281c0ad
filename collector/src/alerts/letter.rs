//! The mails about alerts: what was found, and a link, without what customers wrote. A mail cannot be taken back when
//! its answer is erased, and is read on the way.

use super::message::{About, summary};
use crate::language::Language;

/// A mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Letter {
    pub(crate) subject: String,
    pub(crate) text: String,
}

/// One mail about everything that waits for a colleague.
pub(crate) fn letter(abouts: &[About], origin: Option<&str>, language: Language) -> Letter {
    let told: Vec<_> = abouts.iter().map(|about| summary(about, origin, language)).collect();
    let subject = match (told.as_slice(), language) {
        ([one], _) => one.title.clone(),
        (several, Language::English) => format!("{} alerts", several.len()),
        (several, Language::German) => format!("{} Meldungen", several.len()),
    };
    let mut text = String::new();
    for part in &told {
        text.push_str(&part.title);
        for line in part.because.iter().chain(&part.link) {
            text.push('\n');
            text.push_str(line);
        }
        text.push_str("\n\n");
    }
    text.push_str(match language {
        Language::English => "-- \nYou chose this mail under Settings, Alerts",
        Language::German => {
            "-- \nDiese Mail haben Sie unter Einstellungen, Benachrichtigungen gewählt"
        }
    });
    match origin {
        Some(origin) => text.push_str(&format!(":\n{origin}/settings/alerts\n")),
        None => text.push_str(".\n"),
    }
    Letter { subject, text }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::rules::Finding;

    #[test]
    fn several_alerts_are_one_mail() {
        let at = "2026-11-26T08:00:00Z".parse().unwrap();
        let silence = About::Alert {
            at,
            rule: 1,
            condition: None,
            finding: Finding::Silence { days: 3 },
            answer: None,
        };
        let abouts = [silence, About::Test { at }];
        let letter = letter(&abouts, Some("https://a.example"), Language::German);
        assert_eq!(letter.subject, "2 Meldungen");
        assert!(letter.text.contains("Seit 3 Tagen kam keine Antwort"), "{}", letter.text);
        assert!(letter.text.contains("Test: Bewertung 3, Lieferung"), "{}", letter.text);
        assert!(!letter.text.contains("Niemand hat das geschrieben"), "no customer's words");
        assert!(letter.text.ends_with(":\nhttps://a.example/settings/alerts\n"));
        let one = super::letter(&abouts[1..], None, Language::English);
        assert_eq!(one.subject, "Test: Score 3, Delivery");
    }
}
