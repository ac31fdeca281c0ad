//! Rules and alerts in the reader's language: on the page, in mails and in chats.

use afterword_response::Touchpoint;

use super::names::Names;
use crate::{
    language::Language,
    rules::{AnswerCondition, Condition, Finding, Trigger},
};

/// What a rule waits for. `survey` is the name of the survey that it looks at.
pub(crate) fn of_condition(
    condition: &Condition,
    survey: Option<&str>,
    language: Language,
) -> String {
    let mut parts = match &condition.of {
        Trigger::Answer(wanted) => of_wanted(wanted, language),
        Trigger::Silence { days } => vec![match (language, days) {
            (Language::English, 1) => "No answers for a day".to_owned(),
            (Language::English, days) => format!("No answers for {days} days"),
            (Language::German, 1) => "Einen Tag lang keine Antworten".to_owned(),
            (Language::German, days) => format!("{days} Tage lang keine Antworten"),
        }],
        Trigger::Fall => vec![
            match language {
                Language::English => "The score has fallen",
                Language::German => "Der NPS ist gefallen",
            }
            .to_owned(),
        ],
        Trigger::WroteBack => vec![wrote_back(language).to_owned()],
    };
    if let Some(survey) = survey {
        parts.push(match language {
            Language::English => format!("survey “{survey}”"),
            Language::German => format!("Umfrage „{survey}“"),
        });
    }
    let said = parts.join(", ");
    let mut letters = said.chars();
    letters.next().map(char::to_uppercase).into_iter().flatten().chain(letters).collect()
}

const fn wrote_back(language: Language) -> &'static str {
    match language {
        Language::English => "A customer wrote back",
        Language::German => "Eine Kundin oder ein Kunde hat zurückgeschrieben",
    }
}

fn of_wanted(wanted: &AnswerCondition, language: Language) -> Vec<String> {
    let AnswerCondition { at_most, touchpoint, wants_contact, word } = wanted;
    let mut parts = Vec::new();
    if let Some(most) = at_most {
        parts.push(match (language, most) {
            (Language::English, 0) => "Score 0".to_owned(),
            (Language::English, most) => format!("Scores 0 to {most}"),
            (Language::German, 0) => "Bewertung 0".to_owned(),
            (Language::German, most) => format!("Bewertungen 0 bis {most}"),
        });
    }
    if let Some(touchpoint) = touchpoint {
        parts.push(Names::of(language).touchpoint(*touchpoint).to_owned());
    }
    if let Some(word) = word {
        parts.push(match language {
            Language::English => format!("the word “{word}”"),
            Language::German => format!("das Wort „{word}“"),
        });
    }
    if *wants_contact {
        let text = match language {
            Language::English => "would like an answer",
            Language::German => "bittet um eine Antwort",
        };
        parts.push(text.to_owned());
    }
    parts
}

/// An answer in a few words: its score and where it was given.
pub(crate) fn of_answer(score: u8, touchpoint: Option<Touchpoint>, language: Language) -> String {
    let score = match language {
        Language::English => format!("Score {score}"),
        Language::German => format!("Bewertung {score}"),
    };
    match touchpoint {
        Some(touchpoint) => format!("{score}, {}", Names::of(language).touchpoint(touchpoint)),
        None => score,
    }
}

/// An alert about an answer: what was found, if it is more than the answer itself, and the answer.
pub(crate) fn of_found(
    finding: &Finding,
    score: u8,
    touchpoint: Option<Touchpoint>,
    language: Language,
) -> String {
    let answer = of_answer(score, touchpoint, language);
    match finding {
        Finding::WroteBack | Finding::Assigned | Finding::Waiting { .. } => {
            format!("{}: {answer}", of_finding(finding, language))
        }
        _ => answer,
    }
}

/// What an alert is about, unless it is about an answer.
pub(crate) fn of_finding(finding: &Finding, language: Language) -> String {
    match (language, finding) {
        (Language::English, Finding::Answer) => "An answer".to_owned(),
        (Language::German, Finding::Answer) => "Eine Antwort".to_owned(),
        (language, Finding::WroteBack) => wrote_back(language).to_owned(),
        (Language::English, Finding::Assigned) => "A case was given to you".to_owned(),
        (Language::German, Finding::Assigned) => "Ihnen wurde ein Fall übergeben".to_owned(),
        (Language::English, Finding::Waiting { days: 1 }) => {
            "A case has waited for an answer for a day".to_owned()
        }
        (Language::German, Finding::Waiting { days: 1 }) => {
            "Ein Fall wartet seit einem Tag auf eine Antwort".to_owned()
        }
        (Language::English, Finding::Waiting { days }) => {
            format!("A case has waited for an answer for {days} days")
        }
        (Language::German, Finding::Waiting { days }) => {
            format!("Ein Fall wartet seit {days} Tagen auf eine Antwort")
        }
        (Language::English, Finding::More { answers: 1 }) => {
            "One more answer within an hour".to_owned()
        }
        (Language::German, Finding::More { answers: 1 }) => {
            "Eine weitere Antwort innerhalb einer Stunde".to_owned()
        }
        (Language::English, Finding::More { answers }) => {
            format!("{answers} more answers within an hour")
        }
        (Language::German, Finding::More { answers }) => {
            format!("{answers} weitere Antworten innerhalb einer Stunde")
        }
        (Language::English, Finding::Silence { days: 1 }) => {
            "For a day there was no answer, and the question was not shown".to_owned()
        }
        (Language::German, Finding::Silence { days: 1 }) => {
            "Seit einem Tag kam keine Antwort, und die Frage wurde nicht gezeigt".to_owned()
        }
        (Language::English, Finding::Silence { days }) => {
            format!("For {days} days there was no answer, and the question was not shown")
        }
        (Language::German, Finding::Silence { days }) => {
            format!("Seit {days} Tagen kam keine Antwort, und die Frage wurde nicht gezeigt")
        }
        (Language::English, Finding::Fall { week, before, before_answers, now, now_answers }) => {
            format!(
                "In the week of {} the score was {} ({now_answers} answers); in the eight weeks before it was {} \
                 ({before_answers} answers)",
                week,
                whole(*now),
                whole(*before),
            )
        }
        (Language::German, Finding::Fall { week, before, before_answers, now, now_answers }) => {
            format!(
                "In der Woche vom {} lag der NPS bei {} ({now_answers} Antworten), in den acht Wochen davor bei {} \
                 ({before_answers} Antworten)",
                in_german(week),
                whole(*now),
                whole(*before),
            )
        }
    }
}

/// A day such as `2026-11-16` as it is written in German.
fn in_german(day: &str) -> String {
    let date = day.parse::<jiff::civil::Date>();
    date.map_or_else(|_| day.to_owned(), |date| date.strftime("%d.%m.%Y").to_string())
}

/// A score without decimal places, with a minus sign that is as wide as a plus.
fn whole(score: f64) -> String {
    let text = format!("{score:.0}");
    if text == "-0" { "0".to_owned() } else { text.replace('-', "\u{2212}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_said_in_both_languages() {
        let wanted = AnswerCondition {
            at_most: Some(6),
            touchpoint: Some(Touchpoint::Delivery),
            wants_contact: true,
            word: Some("kaputt".into()),
        };
        let condition = |of| Condition { survey: None, of };
        for (of, english, german) in [
            (
                Trigger::Answer(wanted),
                "Scores 0 to 6, Delivery, the word “kaputt”, would like an answer, survey “Shop”",
                "Bewertungen 0 bis 6, Lieferung, das Wort „kaputt“, bittet um eine Antwort, Umfrage „Shop“",
            ),
            (
                Trigger::Silence { days: 3 },
                "No answers for 3 days, survey “Shop”",
                "3 Tage lang keine Antworten, Umfrage „Shop“",
            ),
            (
                Trigger::Fall,
                "The score has fallen, survey “Shop”",
                "Der NPS ist gefallen, Umfrage „Shop“",
            ),
        ] {
            let condition = condition(of);
            assert_eq!(of_condition(&condition, Some("Shop"), Language::English), english);
            assert_eq!(of_condition(&condition, Some("Shop"), Language::German), german);
        }
    }

    #[test]
    fn a_rule_begins_with_a_capital() {
        let wanted = AnswerCondition { word: Some("kaputt".into()), ..AnswerCondition::default() };
        let condition = Condition { survey: None, of: Trigger::Answer(wanted) };
        assert_eq!(of_condition(&condition, None, Language::German), "Das Wort „kaputt“");
    }

    #[test]
    fn a_score_is_written_whole() {
        assert_eq!([whole(-12.4), whole(-0.2), whole(7.5)], ["\u{2212}12", "0", "8"]);
    }
}
