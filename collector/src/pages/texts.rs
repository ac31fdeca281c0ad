//! The pages' words in each language.

use afterword_response::{Segment, Touchpoint};

use crate::negotiate::Language;

/// Every word of the page, in one language.
pub(super) struct Texts {
    pub(super) title: &'static str,
    pub(super) lead: &'static str,
    pub(super) filter: &'static str,
    pub(super) survey: &'static str,
    pub(super) touchpoint: &'static str,
    pub(super) segment: &'static str,
    pub(super) all: &'static str,
    pub(super) apply: &'static str,
    pub(super) clear: &'static str,
    pub(super) score: &'static str,
    pub(super) no_comment: &'static str,
    pub(super) complete: &'static str,
    pub(super) score_only: &'static str,
    pub(super) revision: &'static str,
    pub(super) order: &'static str,
    pub(super) language: &'static str,
    pub(super) pages: &'static str,
    pub(super) newest: &'static str,
    pub(super) older: &'static str,
    pub(super) words: &'static str,
    pub(super) from: &'static str,
    pub(super) to: &'static str,
    pub(super) download_these: &'static str,
    pub(super) download_all: &'static str,
    pub(super) none_title: &'static str,
    pub(super) none: &'static str,
    pub(super) none_filtered: &'static str,
    touchpoints: [&'static str; 5],
    segments: [&'static str; 3],
}

impl Texts {
    pub(super) const fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &ENGLISH,
            Language::German => &GERMAN,
        }
    }

    pub(super) const fn touchpoint_name(&self, touchpoint: Touchpoint) -> &'static str {
        self.touchpoints[match touchpoint {
            Touchpoint::Visit => 0,
            Touchpoint::Order => 1,
            Touchpoint::Delivery => 2,
            Touchpoint::Support => 3,
            Touchpoint::Return => 4,
        }]
    }

    pub(super) const fn segment_name(&self, segment: Segment) -> &'static str {
        self.segments[match segment {
            Segment::Detractor => 0,
            Segment::Passive => 1,
            Segment::Promoter => 2,
        }]
    }
}

const ENGLISH: Texts = Texts {
    title: "Responses",
    lead: "What customers answered, newest first.",
    filter: "Filter",
    survey: "Survey",
    touchpoint: "Touchpoint",
    segment: "Segment",
    all: "All",
    apply: "Show",
    clear: "Show all",
    score: "Score",
    no_comment: "No comment.",
    complete: "Complete",
    score_only: "Score only",
    revision: "Revision",
    order: "Order",
    language: "Language",
    pages: "Pages",
    newest: "Newest",
    older: "Older",
    words: "Words",
    from: "From",
    to: "To",
    download_these: "Download these answers as CSV",
    download_all: "Download all answers as CSV",
    none_title: "No responses yet",
    none: "As soon as a customer taps a score, it is listed here. Reload the page to look again.",
    none_filtered: "None of the responses matches the filter.",
    touchpoints: ["Visit", "Order", "Delivery", "Support", "Return"],
    segments: ["Detractor", "Passive", "Promoter"],
};

const GERMAN: Texts = Texts {
    title: "Antworten",
    lead: "Was Kundinnen und Kunden geantwortet haben, das Neueste zuerst.",
    filter: "Auswahl",
    survey: "Umfrage",
    touchpoint: "Kontaktpunkt",
    segment: "Gruppe",
    all: "Alle",
    apply: "Anzeigen",
    clear: "Alle anzeigen",
    score: "Bewertung",
    no_comment: "Kein Kommentar.",
    complete: "Vollständig",
    score_only: "Nur Bewertung",
    revision: "Fassung",
    order: "Bestellung",
    language: "Sprache",
    pages: "Seiten",
    newest: "Neueste",
    older: "Ältere",
    words: "Wörter",
    from: "Von",
    to: "Bis",
    download_these: "Diese Antworten als CSV herunterladen",
    download_all: "Alle Antworten als CSV herunterladen",
    none_title: "Noch keine Antworten",
    none: "Sobald jemand eine Bewertung antippt, steht sie hier. Zum Nachsehen die Seite neu laden.",
    none_filtered: "Keine Antwort passt zur Auswahl.",
    touchpoints: ["Besuch", "Bestellung", "Lieferung", "Kundendienst", "Rückgabe"],
    segments: ["Kritisch", "Neutral", "Begeistert"],
};
