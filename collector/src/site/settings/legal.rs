//! The page with texts for the shop's privacy notice and its records: drafts that say what this collector stores, with
//! its settings filled in.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use maud::{Markup, html};

use super::{Part, framed, words::Words as SettingsWords};
use crate::{
    Redaction, access::person::Person, http::error::PageError, language::Language, privacy,
    state::Shared, words::words,
};

/// The settings that the drafts depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct LegalFacts {
    /// The most days that answers of any survey are kept; `None` if those of some survey are kept for ever.
    max_days: Option<u32>,
    redaction: Redaction,
}

words! {
    struct Words {
        title: "Legal texts", "Recht";
        lead: "Drafts for your own documents. They describe what this collector stores with its present settings. Fill in the [brackets], and have a lawyer check the texts: they are not legal advice.",
            "Entwürfe für Ihre eigenen Unterlagen. Sie beschreiben, was dieser Collector mit den jetzigen Einstellungen speichert. Ergänzen Sie, was in [eckigen Klammern] steht, und lassen Sie die Texte rechtlich prüfen: Sie sind keine Rechtsberatung.";
        notice: "For your privacy notice", "Für Ihre Datenschutzerklärung";
        notice_lead: "A paragraph under Art. 13 GDPR. Link the notice below the question: its address belongs under Shop.",
            "Ein Absatz nach Art. 13 DSGVO. Verlinken Sie die Erklärung unter der Frage: Die Adresse tragen Sie unter Shop ein.";
        no_limit: "Answers of at least one survey are kept for ever.",
            "Die Antworten mindestens einer Umfrage werden unbegrenzt aufbewahrt.";
        no_limit_do: "Set how many days answers are kept on the survey's page: two years (730 days) are enough to compare one year with the next.",
            "Legen Sie auf der Seite der Umfrage fest, wie viele Tage Antworten aufbewahrt werden: Zwei Jahre (730 Tage) genügen, um ein Jahr mit dem nächsten zu vergleichen.";
        record: "For your record of processing activities", "Für Ihr Verzeichnis von Verarbeitungstätigkeiten";
        record_lead: "An entry under Art. 30 GDPR.", "Ein Eintrag nach Art. 30 DSGVO.";
        device: "Storage on your customers' devices", "Speicherung auf den Geräten Ihrer Kundschaft";
        device_without: "Without the attribute data-storage the survey stores and reads nothing on the device: no cookie, no local storage. In our understanding it then needs no consent under § 25 TDDDG, which implements the ePrivacy directive in Germany.",
            "Ohne das Attribut data-storage speichert und liest die Umfrage nichts auf dem Gerät: kein Cookie, kein lokaler Speicher. Nach unserem Verständnis ist dann keine Einwilligung nach § 25 TDDDG nötig.";
        device_with: "With data-storage it keeps unsent answers in the browser. Then also set data-consent=\"required\": nothing is stored before your consent tool has called afterword.consent(true).",
            "Mit data-storage bewahrt sie ungesendete Antworten im Browser auf. Setzen Sie dann auch data-consent=\"required\": Gespeichert wird erst, wenn Ihr Einwilligungs-Werkzeug afterword.consent(true) aufgerufen hat.";
        mail: "Asking by e-mail", "Um Bewertungen per E-Mail bitten";
        mail_text: "German courts take an e-mail that asks for feedback for advertising (BGH, 10 July 2018, VI ZR 225/17; § 7 UWG), which needs the customer's consent. The question on your own page is no e-mail.",
            "Eine E-Mail, die um Feedback bittet, gilt als Werbung (BGH, Urteil vom 10. Juli 2018, VI ZR 225/17; § 7 UWG) und braucht die Einwilligung der Kundin oder des Kunden. Die Frage auf Ihrer eigenen Seite ist keine E-Mail.";
    }
}

/// The name of the page.
pub(super) const fn title(language: Language) -> &'static str {
    Words::of(language).title
}

/// `GET /settings/legal`
pub(crate) async fn page(
    person: Person,
    State(shared): State<Arc<Shared>>,
) -> Result<Response, PageError> {
    let surveys = shared.store.surveys().await?;
    let rules = privacy::retention(&shared.store, shared.keep_days).await?;
    let days = |id: &str| {
        let own = rules.iter().find(|rule| rule.survey.as_deref() == Some(id));
        own.map(|rule| rule.days).or(shared.keep_days)
    };
    let all: Option<Vec<u32>> = surveys.iter().map(|survey| days(&survey.id)).collect();
    let max_days = all.and_then(|all| all.into_iter().max().or(shared.keep_days));
    let facts = LegalFacts { max_days, redaction: shared.intake.redaction() };
    Ok(framed(&person, Part::Legal, None, &view(&person, facts)))
}

fn view(person: &Person, facts: LegalFacts) -> Markup {
    let words = Words::of(person.language);
    let copy = SettingsWords::of(person.language);
    html! {
        p .lead { (words.lead) }
        section .sheet #drafts {
            h2 { (words.notice) }
            p .quiet { (words.notice_lead) }
            @if facts.max_days.is_none() {
                p .notice .warn { strong { (words.no_limit) } " " a href="/surveys" { (words.no_limit_do) } }
            }
            (draft("notice", &notice(facts, person.language), copy))
        }
        section .sheet {
            h2 { (words.record) }
            p .quiet { (words.record_lead) }
            (draft("record", &record(facts, person.language), copy))
        }
        section .sheet {
            h2 { (words.device) }
            p { (words.device_without) }
            p { (words.device_with) }
        }
        section .sheet {
            h2 { (words.mail) }
            p { (words.mail_text) }
        }
    }
}

/// A text to copy, with a button for it if JavaScript runs.
fn draft(id: &str, text: &str, words: &SettingsWords) -> Markup {
    html! {
        pre .draft id=(id) { (text) }
        div { button .second type="button" data-copy=(id) data-copied=(words.copied) hidden { (words.copy) } }
    }
}

/// How long answers are kept, as a sentence of the notice.
fn kept(facts: LegalFacts, language: Language) -> String {
    match (facts.max_days, language) {
        (Some(days), Language::English) => {
            format!("We delete the answers after {days} days at the latest.")
        }
        (Some(days), Language::German) => {
            format!("Wir löschen die Antworten spätestens nach {days} Tagen.")
        }
        (None, Language::English) => "We delete the answers after [period].".into(),
        (None, Language::German) => "Wir löschen die Antworten nach [Frist].".into(),
    }
}

/// The draft for the privacy notice.
fn notice(facts: LegalFacts, language: Language) -> String {
    let is_redacted = facts.redaction == Redaction::On;
    let redacted = match (is_redacted, language) {
        (false, _) => "",
        (true, Language::English) => {
            " Where a comment holds an e-mail address, a phone number or an IBAN, we remove it, as far \
             as it is recognised, before the comment is stored."
        }
        (true, Language::German) => {
            " Enthält ein Kommentar eine E-Mail-Adresse, eine Telefonnummer oder eine IBAN, entfernen \
             wir sie, soweit sie erkannt wird, bevor der Kommentar gespeichert wird."
        }
    };
    let kept = kept(facts, language);
    match language {
        Language::English => format!(
            "Customer survey\n\n\
             After an order [after delivery, after a support case] we ask you on our website how likely you are to \
             recommend us. Taking part is voluntary. If you answer, we store your score, your comment, the time, the \
             language and the address of the page without its parameters, and, as far as our website adds them, the \
             order's number, value, country and products, your customer number and whether you have ordered before. \
             If you leave a contact, we use it only to reply to you. If somebody of our team looks after your answer, we \
             store notes about what was done, our replies to you, and what you write back. Your IP address is not \
             stored.{redacted}\n\n\
             We use the answers to improve our shop and our service, and to respond to criticism. The legal basis is \
             our legitimate interest in this (Art. 6(1)(f) GDPR). The answers are stored on a server in [country], \
             which [we run ourselves / NAME runs on our behalf].\n\n\
             {kept} You may object to the processing (Art. 21 GDPR), and ask for access to your answers, their \
             correction and their deletion; your order number is enough to find them."
        ),
        Language::German => format!(
            "Kundenumfrage\n\n\
             Nach einer Bestellung [nach der Lieferung, nach einer Anfrage beim Kundenservice] fragen wir Sie auf \
             unserer Website, wie wahrscheinlich es ist, dass Sie uns weiterempfehlen. Die Teilnahme ist freiwillig. \
             Wenn Sie antworten, speichern wir Ihre Bewertung, Ihren Kommentar, den Zeitpunkt, die Sprache und die \
             Adresse der Seite ohne deren Parameter sowie, soweit unsere Website sie mitgibt, Nummer, Wert, Land und \
             Artikel der Bestellung, Ihre Kundennummer und ob Sie schon einmal bestellt haben. Eine Kontaktangabe \
             nutzen wir nur, um Ihnen zu antworten. Kümmert sich jemand aus unserem Team um Ihre Rückmeldung, speichern \
             wir dazu Vermerke, unsere Antworten an Sie und was Sie zurückschreiben. Ihre IP-Adresse wird nicht \
             gespeichert.{redacted}\n\n\
             Wir nutzen die Antworten, um unser Angebot und unseren Service zu verbessern und auf Kritik einzugehen. \
             Rechtsgrundlage ist unser berechtigtes Interesse daran (Art. 6 Abs. 1 Buchst. f DSGVO). Die Antworten \
             liegen auf einem Server in [Land], den [wir selbst betreiben / NAME in unserem Auftrag betreibt].\n\n\
             {kept} Sie können der Verarbeitung widersprechen (Art. 21 DSGVO) und Auskunft über Ihre Antworten, ihre \
             Berichtigung und ihre Löschung verlangen; um sie zu finden, genügt Ihre Bestellnummer."
        ),
    }
}

/// The draft for the record of processing activities.
fn record(facts: LegalFacts, language: Language) -> String {
    let period = match (facts.max_days, language) {
        (Some(days), Language::English) => format!("{days} days"),
        (Some(days), Language::German) => format!("{days} Tage"),
        (None, Language::English) => "[period]".into(),
        (None, Language::German) => "[Frist]".into(),
    };
    match language {
        Language::English => format!(
            "Activity: customer survey (recommendation question)\n\
             Purpose: improving the shop and its service, responding to criticism\n\
             Legal basis: Art. 6(1)(f) GDPR\n\
             Persons: customers who answer\n\
             Data: score, comment, time, language, page address without parameters; order number, value, country, \
             products; customer number, new or returning; a contact, if given; notes on what was done, replies and \
             what was written back; no IP address\n\
             Recipients: [hosting provider and mail provider as processors]; colleagues with an account\n\
             Third countries: none [or: which]\n\
             Deletion: automatically, after {period}; on request by order or customer number, with a receipt\n\
             Measures: TLS, passwords as Argon2id, roles, sessions that end, derived ids for those who may only read, \
             backups that are kept for [period]"
        ),
        Language::German => format!(
            "Tätigkeit: Kundenumfrage (Weiterempfehlungsfrage)\n\
             Zweck: Verbesserung von Angebot und Service, Eingehen auf Kritik\n\
             Rechtsgrundlage: Art. 6 Abs. 1 Buchst. f DSGVO\n\
             Betroffene: Kundinnen und Kunden, die antworten\n\
             Daten: Bewertung, Kommentar, Zeitpunkt, Sprache, Adresse der Seite ohne Parameter; Bestellnummer, Wert, \
             Land, Artikel; Kundennummer, neu oder wiederkehrend; Kontaktangabe, falls gemacht; Vermerke zur Bearbeitung, \
             Antworten und was zurückgeschrieben wurde; keine IP-Adresse\n\
             Empfänger: [Hosting- und Mail-Anbieter als Auftragsverarbeiter]; Team-Mitglieder mit Konto\n\
             Drittländer: keine [oder: welche]\n\
             Löschung: automatisch, Frist {period}; auf Verlangen nach Bestell- oder Kundennummer, mit Beleg\n\
             Maßnahmen: TLS, Passwörter als Argon2id, Rollen, endende Sitzungen, abgeleitete Kennungen für alle, die \
             nur lesen dürfen, Sicherungen, die [Frist] aufbewahrt werden"
        ),
    }
}
