//! The words of the page of a week.

use crate::{
    language::Language,
    report::statistics::{Interval, Verdict, Waits},
    site::frame::format::Format,
    words::words,
};

words! {
    pub(super) struct Words {
        week: "Week", "Woche";
        lead: "What changed, what people said, and what waits for somebody.",
            "Was sich geändert hat, was gesagt wurde und was auf jemanden wartet.";
        weeks: "Weeks", "Wochen";
        before: "The week before", "Woche davor";
        after: "The week after", "Woche danach";
        changed: "What changed", "Was sich geändert hat";
        nps: "NPS", "NPS";
        answers: "Answers", "Antworten";
        none: "Nobody answered in this week.", "In dieser Woche hat niemand geantwortet.";
        compared: "Against the week before", "Gegenüber der Woche davor";
        nothing_before: "There were no answers in the week before.",
            "In der Woche davor gab es keine Antworten.";
        report: "The report of this week", "Der Bericht dieser Woche";
        said: "What people said", "Was gesagt wurde";
        silent: "Nobody wrote anything in this week.", "In dieser Woche hat niemand etwas geschrieben.";
        critical: "Not satisfied", "Nicht zufrieden";
        glad: "Glad", "Zufrieden";
        all_said: "All comments of this week", "Alle Kommentare dieser Woche";
        done: "What was done in this week", "Was in dieser Woche getan wurde";
        new_cases: "New cases", "Neue Fälle";
        answered: "Answered", "Beantwortet";
        closed: "Closed", "Geschlossen";
        waited: "Cases of this week with words or a contact", "Fälle dieser Woche mit Worten oder Kontakt";
        share_answered: "Answered so far", "Bisher beantwortet";
        first_answer: "Time to the first reply", "Zeit bis zur ersten Antwort";
        waits: "What waits now", "Was jetzt wartet";
        new: "New, seen by nobody", "Neu, von niemandem gesehen";
        in_progress: "In progress", "In Arbeit";
        nobodys: "Open without an owner", "Offen, niemand zuständig";
        yours: "Open and yours", "Offen, Sie sind zuständig";
        long: "Open for more than seven days", "Seit mehr als sieben Tagen offen";
        uncounted: "too many to count here", "zu viele, um sie hier zu zählen";
        to_inbox: "To the inbox", "Zum Eingang";
    }
}

/// A count, of which more than `most` are not told apart.
pub(super) fn count(count: Option<u64>, most: u64, language: Language) -> String {
    let format = Format::of(language);
    match (count, language) {
        (Some(count), _) => format.count(count),
        (None, Language::English) => format!("more than {}", format.count(most)),
        (None, Language::German) => format!("mehr als {}", format.count(most)),
    }
}

/// How sure a score is: `between 12.3 and 34.5`.
pub(super) fn between(interval: Interval, language: Language) -> String {
    let format = Format::of(language);
    let (low, high) = (format.score(interval.low), format.score(interval.high));
    match language {
        Language::English => format!("between {low} and {high} (95% interval)"),
        Language::German => format!("zwischen {low} und {high} (95-%-Intervall)"),
    }
}

/// That a score rests on too few answers.
pub(super) const fn too_few(language: Language) -> &'static str {
    match language {
        Language::English => "Too few answers to judge by: at least 30 are needed.",
        Language::German => "Zu wenige Antworten für ein Urteil: Es braucht mindestens 30.",
    }
}

/// What a difference to the week before means.
pub(super) fn verdict(verdict: Verdict, points: f64, language: Language) -> String {
    let by = Format::of(language).difference(points);
    match (language, verdict) {
        (Language::English, Verdict::Real) => format!("{by}, more than chance"),
        (Language::English, Verdict::CouldBeChance) => format!("{by}, which could be chance"),
        (Language::English, Verdict::TooFew) => "Too few answers to compare.".into(),
        (Language::English, Verdict::NotComparable) => {
            "Not comparable: the question was asked in another way.".into()
        }
        (Language::German, Verdict::Real) => format!("{by}, mehr als Zufall"),
        (Language::German, Verdict::CouldBeChance) => format!("{by}, das kann Zufall sein"),
        (Language::German, Verdict::TooFew) => "Zu wenige Antworten für einen Vergleich.".into(),
        (Language::German, Verdict::NotComparable) => {
            "Nicht vergleichbar: Die Frage wurde anders gestellt.".into()
        }
    }
}

/// How many of the cases were answered: `3 of 12`.
pub(super) fn answered(waits: &Waits, language: Language) -> String {
    let format = Format::of(language);
    let (answered, cases) = (format.count(waits.answered()), format.count(waits.cases()));
    match language {
        Language::English => format!("{answered} of {cases}"),
        Language::German => format!("{answered} von {cases}"),
    }
}

/// Within which time half of the cases were answered.
pub(super) fn half_within(hours: Option<u32>, language: Language) -> String {
    /// Hours from which on days say enough.
    const IN_DAYS: u32 = 72;
    match (hours, language) {
        (None, Language::English) => "Less than half have been answered yet.".into(),
        (None, Language::German) => "Bisher wurde weniger als die Hälfte beantwortet.".into(),
        (Some(1), Language::English) => "Half within an hour".into(),
        (Some(1), Language::German) => "Die Hälfte innerhalb einer Stunde".into(),
        (Some(hours), Language::English) if hours < IN_DAYS => {
            format!("Half within {hours} hours")
        }
        (Some(hours), Language::German) if hours < IN_DAYS => {
            format!("Die Hälfte innerhalb von {hours} Stunden")
        }
        (Some(hours), Language::English) => format!("Half within {} days", hours.div_ceil(24)),
        (Some(hours), Language::German) => {
            format!("Die Hälfte innerhalb von {} Tagen", hours.div_ceil(24))
        }
    }
}
