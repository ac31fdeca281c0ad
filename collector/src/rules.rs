//! The rules by which the shop is told of something, and what they find: decisions on plain data.
//!
//! The store holds rules and alerts, `alerts` runs the rules and delivers, `words::alerts` says both in the reader's
//! language.

use afterword_response::{Response, Touchpoint};
use afterword_themes::Phrase;
use jiff::{Timestamp, tz::TimeZone};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{aside::Aside, themes::RuleProblem};

/// Rules of a shop.
pub(crate) const MAX_RULES: usize = 50;
/// Alerts of a rule within an hour; what it finds beyond that is told as one sum.
pub(crate) const MAX_ALERTS_PER_HOUR: u64 = 20;
/// The days of a silence that a rule can wait for.
pub(crate) const SILENT_DAYS: std::ops::RangeInclusive<u32> = 1..=MAX_SILENT_DAYS as u32;
/// The longest of them.
const MAX_SILENT_DAYS: u8 = 60;
/// Answers and displays, at least, in the 30 days before a silence: with fewer, a few days without any are usual.
pub(crate) const MIN_SIGNS: u64 = 10;
/// The days in which they are counted.
pub(crate) const SIGN_DAYS: i64 = 30;
/// The days that a silence can be found in: the longest one, and those before it.
pub(crate) const WATCHED_DAYS: i64 = MAX_SILENT_DAYS as i64 + SIGN_DAYS + 1;
/// The days that a case can wait for an answer before somebody is told; 0 for never.
pub(crate) const WAITING_DAYS: std::ops::RangeInclusive<u32> = 0..=60;
/// Those of a shop that has chosen none.
pub(crate) const USUAL_WAITING_DAYS: u32 = 3;
/// The weeks that the last one is compared with.
pub(crate) const WEEKS_BEFORE: i64 = 8;

/// Milliseconds from Send to the run of the rules: whatever makes the answer implausible is known by then.
const AFTER_SEND_MS: i64 = 3_000;
/// Milliseconds from the last revision of an answer that was not sent to the run of the rules.
const AFTER_REVISION_MS: i64 = 10 * 60 * 1_000;

/// What a rule waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Condition {
    /// The only survey that it looks at; null for all of them.
    pub(crate) survey: Option<String>,
    #[serde(flatten)]
    pub(crate) of: Trigger,
}

/// What makes a rule fire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "of", rename_all = "kebab-case")]
pub(crate) enum Trigger {
    /// An answer that has all of this.
    Answer(AnswerCondition),
    /// No answer and no display for some days.
    Silence {
        /// Whole days.
        days: u32,
    },
    /// The last week's score is lower than that of the eight weeks before, by more than chance.
    Fall,
    /// A customer wrote back to a reply, on the answer page.
    WroteBack,
}

/// What an answer must have; at least one of these is set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct AnswerCondition {
    /// The highest score.
    #[schemars(range(min = 0, max = 10))]
    pub(crate) at_most: Option<u8>,
    /// The touchpoint.
    pub(crate) touchpoint: Option<Touchpoint>,
    /// Whether the customer must have left a contact to be answered.
    pub(crate) wants_contact: bool,
    /// A word of the comment, or several that stand side by side; `*` at either end stands for any letters.
    pub(crate) word: Option<String>,
}

/// The hours in which a colleague gets no mail, in minutes of the shop's day. They may go over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct QuietHours {
    pub(crate) from: u16,
    pub(crate) until: u16,
}

impl QuietHours {
    /// When the quiet hours end that a moment lies in; `None` if it lies in none.
    pub(crate) fn end(self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let Self { from, until } = self;
        let now = now.to_zoned(zone.clone());
        let minute =
            u16::from(now.hour().unsigned_abs()) * 60 + u16::from(now.minute().unsigned_abs());
        let is_quiet = if from <= until {
            (from..until).contains(&minute)
        } else {
            minute >= from || minute < until
        };
        let date = if minute < until { now.date() } else { now.date().tomorrow().ok()? };
        let [hour, minute] =
            [until / 60, until % 60].map(|it| i8::try_from(it).unwrap_or_default());
        let end = date.at(hour, minute, 0, 0).to_zoned(zone.clone()).ok()?;
        is_quiet.then(|| end.timestamp())
    }
}

/// Why a rule cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConditionProblem {
    /// It would find every answer.
    Everything,
    Word(RuleProblem),
    /// The days are none of [`SILENT_DAYS`].
    Days,
}

/// What an alert is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "found", rename_all = "kebab-case")]
pub(crate) enum Finding {
    /// An answer, which the alert names.
    Answer,
    /// The customer wrote back to a reply, on the page of the answer that the alert names.
    WroteBack,
    /// The case of the answer that the alert names was given to a colleague.
    Assigned,
    /// The case of the answer that the alert names waits for an answer of the shop.
    Waiting {
        /// Whole days since it was opened.
        days: u32,
    },
    /// More answers within an hour than are told one by one.
    More {
        /// How many were not told.
        answers: u64,
    },
    /// A silence.
    Silence {
        /// Whole days without an answer or a display.
        days: u32,
    },
    /// A fall of the score.
    Fall {
        /// The Monday of the week, such as `2026-11-16`.
        week: String,
        /// The score of the eight weeks before, with the number of answers.
        before: f64,
        before_answers: u64,
        /// That of the week.
        now: f64,
        now_answers: u64,
    },
}

impl Condition {
    /// Checks what a person chose, and brings the word into its stored form.
    ///
    /// # Errors
    /// The rule cannot be used.
    pub(crate) fn checked(mut self) -> Result<Self, ConditionProblem> {
        match &mut self.of {
            Trigger::Answer(wanted) => {
                if *wanted == AnswerCondition::default() {
                    return Err(ConditionProblem::Everything);
                }
                if let Some(word) = &mut wanted.word {
                    let phrase = Phrase::new(word).map_err(ConditionProblem::Word)?;
                    phrase.words().clone_into(word);
                }
            }
            Trigger::Silence { days } if !SILENT_DAYS.contains(days) => {
                return Err(ConditionProblem::Days);
            }
            Trigger::Silence { .. } | Trigger::Fall | Trigger::WroteBack => {}
        }
        Ok(self)
    }

    /// The rule as it is run on answers; `None` if it is not about single answers.
    pub(crate) fn on_answers(&self) -> Option<AnswerRule> {
        let Trigger::Answer(wanted) = &self.of else { return None };
        let phrase = wanted.word.as_deref().and_then(|word| Phrase::new(word).ok());
        Some(AnswerRule { survey: self.survey.clone(), wanted: wanted.clone(), phrase })
    }
}

/// A rule that is run on answers, with its word ready to be looked for.
#[derive(Debug)]
pub(crate) struct AnswerRule {
    survey: Option<String>,
    wanted: AnswerCondition,
    phrase: Option<Phrase>,
}

impl AnswerRule {
    /// Whether an answer has everything that the rule wants.
    pub(crate) fn finds(&self, response: &Response) -> bool {
        let AnswerCondition { at_most, touchpoint, wants_contact, word } = &self.wanted;
        let comment = response.comment.as_deref().unwrap_or_default();
        self.survey.as_ref().is_none_or(|survey| *survey == response.survey)
            && at_most.is_none_or(|most| response.score <= most)
            && touchpoint.is_none_or(|touchpoint| touchpoint == response.touchpoint)
            && (!wants_contact || asks_for_an_answer(response))
            && (word.is_none() || self.phrase.as_ref().is_some_and(|it| it.is_in(comment)))
    }
}

/// Whether the customer left a contact.
pub(crate) fn asks_for_an_answer(response: &Response) -> bool {
    response.contact.as_ref().is_some_and(|contact| !contact.trim().is_empty())
}

/// Whether an answer may cause an alert. Tests, implausible ones and those that were taken out do not. One that was
/// given again later to the same order does: its customer is a customer.
pub(crate) fn may_alert(aside: Aside) -> bool {
    aside.may_stand() && !aside.is_flagged()
}

/// When the rules are run on an answer whose revision arrived at `at`, in Unix milliseconds.
pub(crate) const fn due(response: &Response, at: i64) -> i64 {
    at.saturating_add(if response.complete { AFTER_SEND_MS } else { AFTER_REVISION_MS })
}

/// The days of the current silence, and the last day that was not silent; `None` if there is none of at least `days`
/// whole days. `signs` are the days with answers and displays, and their number; days count from 1970-01-01 of the
/// shop's calendar.
pub(crate) fn silence(signs: &[(i64, u64)], today: i64, days: u32) -> Option<(u32, i64)> {
    let last =
        signs.iter().filter(|(day, signs)| *signs > 0 && *day <= today).map(|it| it.0).max()?;
    let silent = u32::try_from(today - last - 1).ok().filter(|silent| *silent >= days)?;
    let before = signs.iter().filter(|(day, _)| (last - SIGN_DAYS + 1..=last).contains(day));
    (before.map(|it| it.1).sum::<u64>() >= MIN_SIGNS).then_some((silent, last))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn response(changes: &serde_json::Value) -> Response {
        let mut response = json!({
            "version": 1, "id": "0192f0c1-7a2b-7c3d-8e4f-000000000001", "revision": 1, "survey": "s",
            "touchpoint": "delivery", "score": 3, "comment": "Das Paket kam kaputt an."
        });
        for (name, value) in changes.as_object().unwrap() {
            response[name] = value.clone();
        }
        serde_json::from_value(response).unwrap()
    }

    fn condition(wanted: &serde_json::Value) -> Condition {
        let mut condition = json!({ "of": "answer", "wants_contact": false });
        for (name, value) in wanted.as_object().unwrap() {
            condition[name] = value.clone();
        }
        serde_json::from_value::<Condition>(condition).unwrap()
    }

    #[test]
    fn a_rule_finds_an_answer_that_has_all_it_wants() {
        for (wanted, changes, expected) in [
            (json!({ "at_most": 6 }), json!({}), true),
            (json!({ "at_most": 6 }), json!({ "score": 6 }), true),
            (json!({ "at_most": 6 }), json!({ "score": 7 }), false),
            (json!({ "at_most": 6, "touchpoint": "delivery" }), json!({}), true),
            (json!({ "at_most": 6, "touchpoint": "order" }), json!({}), false),
            (json!({ "word": "kaputt" }), json!({}), true),
            (json!({ "word": "kaputt" }), json!({ "comment": null }), false),
            (json!({ "word": "rech*" }), json!({ "comment": "Die RECHNUNG fehlt" }), true),
            (json!({ "wants_contact": true }), json!({}), false),
            (json!({ "wants_contact": true }), json!({ "contact": " " }), false),
            (json!({ "wants_contact": true }), json!({ "contact": "kim@example.org" }), true),
            (json!({ "at_most": 6, "survey": "s" }), json!({}), true),
            (json!({ "at_most": 6, "survey": "other" }), json!({}), false),
        ] {
            let rule = condition(&wanted).checked().unwrap().on_answers().unwrap();
            assert_eq!(rule.finds(&response(&changes)), expected, "{wanted} {changes}");
        }
    }

    #[test]
    fn a_rule_that_cannot_be_used_is_refused() {
        let problem = |condition: Condition| condition.checked().err();
        assert_eq!(problem(condition(&json!({}))), Some(ConditionProblem::Everything));
        let short = Some(ConditionProblem::Word(RuleProblem::ShortPart));
        assert_eq!(problem(condition(&json!({ "word": "a*" }))), short);
        let silence = |days| Condition { survey: None, of: Trigger::Silence { days } };
        assert_eq!(problem(silence(0)), Some(ConditionProblem::Days));
        assert_eq!(problem(silence(61)), Some(ConditionProblem::Days));
        assert_eq!(problem(silence(60)), None);
        assert_eq!(problem(Condition { survey: None, of: Trigger::Fall }), None);
    }

    #[test]
    fn a_condition_is_read_as_it_is_written() {
        for condition in [
            condition(&json!({ "at_most": 6, "touchpoint": "delivery", "survey": "s" })),
            Condition { survey: None, of: Trigger::Silence { days: 3 } },
            Condition { survey: Some("s".into()), of: Trigger::Fall },
            Condition { survey: None, of: Trigger::WroteBack },
        ] {
            let text = serde_json::to_string(&condition).unwrap();
            assert_eq!(serde_json::from_str::<Condition>(&text).unwrap(), condition, "{text}");
        }
    }

    #[test]
    fn tests_implausible_answers_and_those_taken_out_never_alert() {
        assert!(may_alert(Aside::NONE) && may_alert(Aside::REPEATED));
        for aside in [Aside::TEST, Aside::EXCLUDED, Aside::WAITING, Aside::from_bits(1)] {
            assert!(!may_alert(aside), "{:?}", aside.names());
        }
    }

    #[test]
    fn rules_run_after_send_or_when_a_customer_has_left() {
        assert_eq!(due(&response(&json!({ "complete": true })), 1_000), 4_000);
        assert_eq!(due(&response(&json!({ "complete": false })), 1_000), 601_000);
    }

    #[test]
    fn quiet_hours_end_on_the_shops_clock_and_may_go_over_midnight() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let night = QuietHours { from: 22 * 60, until: 7 * 60 + 30 };
        let noon = QuietHours { from: 12 * 60, until: 13 * 60 };
        let none = QuietHours { from: 60, until: 60 };
        for (quiet, now, expected) in [
            (night, "2026-11-26T21:30:00Z", Some("2026-11-27T06:30:00Z")),
            (night, "2026-11-26T05:00:00Z", Some("2026-11-26T06:30:00Z")),
            (night, "2026-11-26T06:30:00Z", None),
            (night, "2026-11-26T20:59:59Z", None),
            (noon, "2026-11-26T11:00:00Z", Some("2026-11-26T12:00:00Z")),
            (noon, "2026-11-26T12:00:00Z", None),
            (none, "2026-11-26T00:00:00Z", None),
            // In this night the clock goes forward.
            (night, "2026-03-28T22:00:00Z", Some("2026-03-29T05:30:00Z")),
        ] {
            let expected = expected.map(|it| it.parse::<Timestamp>().unwrap());
            assert_eq!(quiet.end(now.parse().unwrap(), &zone), expected, "{now}");
        }
    }

    #[test]
    fn a_silence_is_told_where_customers_used_to_answer() {
        let usual: Vec<(i64, u64)> = (70..=100).map(|day| (day, 1)).collect();
        for (signs, today, days, expected) in [
            (&*usual, 103, 3, None),
            (&usual, 104, 3, Some((3, 100))),
            (&usual, 110, 3, Some((9, 100))),
            // Nine in the 30 days before.
            (&[(80, 5), (100, 4)], 110, 3, None),
            (&[(80, 5), (100, 5)], 110, 3, Some((9, 100))),
            // What is older does not count.
            (&[(70, 50), (100, 4)], 110, 3, None),
            (&[], 110, 3, None),
        ] {
            assert_eq!(silence(signs, today, days), expected, "{today} {days}");
        }
    }
}
