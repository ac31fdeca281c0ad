//! The words of the page of a week.

use crate::{
    language::Language,
    report::statistics::{HalfWithin, Interval, Verdict},
    site::frame::format::Format,
    store::cases::FirstAnswers,
    words::words,
};

/// Hours from which on days say enough.
const IN_DAYS: u32 = 72;

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
        share_answered: "Answered from here", "Von hier aus beantwortet";
        elsewhere: "Answered elsewhere", "Anderswo beantwortet";
        first_answer: "Time to the first reply", "Zeit bis zu Ihrer ersten Antwort";
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

/// How many of the cases were answered by a reply: `3 of 12`.
pub(super) fn replied(answers: &FirstAnswers, language: Language) -> String {
    let format = Format::of(language);
    let (replied, cases) = (format.count(answers.replied), format.count(answers.waits.cases()));
    match language {
        Language::English => format!("{replied} of {cases}"),
        Language::German => format!("{replied} von {cases}"),
    }
}

/// Within which time half of the cases were answered, with its interval.
pub(super) fn half_within(half: HalfWithin, language: Language) -> String {
    let Some(hours) = half.hours else {
        return match language {
            Language::English => "Less than half have been answered yet.".into(),
            Language::German => "Bisher wurde weniger als die Hälfte beantwortet.".into(),
        };
    };
    let within = match (hours, language) {
        (1, Language::English) => "Half within an hour".into(),
        (1, Language::German) => "Die Hälfte innerhalb einer Stunde".into(),
        (_, Language::English) => format!("Half within {}", lasting(hours, language)),
        (_, Language::German) => {
            format!("Die Hälfte innerhalb von {}{}", lasting(hours, language), dative(hours))
        }
    };
    match (half.low.map(|low| lasting(low, language)), half.high, language) {
        (None, ..) => within,
        (Some(low), Some(high), Language::English) => {
            format!("{within} (95% interval: {low} to {})", lasting(high, language))
        }
        (Some(low), Some(high), Language::German) => {
            format!("{within} (95-%-Intervall: {low} bis {})", lasting(high, language))
        }
        (Some(low), None, Language::English) => format!("{within} (95% interval: {low} or more)"),
        (Some(low), None, Language::German) => {
            format!("{within} (95-%-Intervall: {low} oder mehr)")
        }
    }
}

/// The ending of a German time after `von`: `5 Tagen`, but `5 Stunden`.
const fn dative(hours: u32) -> &'static str {
    if hours < IN_DAYS { "" } else { "n" }
}

/// A time in hours, or in days where these say enough.
fn lasting(hours: u32, language: Language) -> String {
    match (hours, language) {
        (1, Language::English) => "1 hour".into(),
        (1, Language::German) => "1 Stunde".into(),
        (hours, Language::English) if hours < IN_DAYS => format!("{hours} hours"),
        (hours, Language::German) if hours < IN_DAYS => format!("{hours} Stunden"),
        (hours, Language::English) => format!("{} days", hours.div_ceil(24)),
        (hours, Language::German) => format!("{} Tage", hours.div_ceil(24)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_stands_beside_the_time_and_may_be_open() {
        let said =
            |hours, low, high, language| half_within(HalfWithin { hours, low, high }, language);
        for (told, expected) in [
            (said(None, None, None, Language::English), "Less than half have been answered yet."),
            (
                said(Some(5), Some(1), Some(80), Language::English),
                "Half within 5 hours (95% interval: 1 hour to 4 days)",
            ),
            (
                said(Some(100), Some(30), Some(200), Language::German),
                "Die Hälfte innerhalb von 5 Tagen (95-%-Intervall: 30 Stunden bis 9 Tage)",
            ),
            (
                said(Some(1), Some(1), None, Language::English),
                "Half within an hour (95% interval: 1 hour or more)",
            ),
        ] {
            assert_eq!(told, expected);
        }
    }
}
