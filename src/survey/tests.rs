//! Tests of every single transition, and of random sequences of events with an endpoint that fails at random.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod invariant;

use proptest::prelude::*;

use super::*;

/// The number of cases: `usual`, or `PROPTEST_CASES` for a long run.
fn cases(usual: u32) -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

const NOW: &str = "2026-11-21T17:00:00.000Z";

/// Plays events; returns the survey and the last event's effects.
fn play(events: impl IntoIterator<Item = Event>) -> (Survey, Vec<Effect>) {
    let mut survey = Survey::default();
    let mut effects = Vec::new();
    for event in events {
        effects = survey.step(event, NOW);
    }
    (survey, effects)
}

fn scored(score: u8) -> Event {
    Event::Scored(score, Layout::OneRow, SETTLE)
}

fn delivered(number: u32) -> Event {
    Event::Delivered(number, Outcome::Acknowledged)
}

fn unavailable(number: u32) -> Event {
    Event::Delivered(number, Outcome::Unavailable { retry_after: None })
}

fn exhausted(number: u32) -> Event {
    Event::Delivered(number, Outcome::Exhausted)
}

fn comment(text: &str) -> Event {
    Event::Commented(text.into())
}

/// The revision that the effects send: number, whether complete, score and comment.
#[track_caller]
fn sent(effects: &[Effect]) -> (u32, bool, u8, Option<&str>) {
    let [revision] = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Send(revision) => Some(revision),
            _ => None,
        })
        .collect::<Vec<_>>()[..]
    else {
        panic!("not one send in {effects:?}")
    };
    (revision.number, revision.complete, revision.choice.score, revision.comment.as_deref())
}

fn sends(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Send(_)))
}

#[test]
fn a_score_opens_the_comment_and_rests_before_it_is_sent() {
    let (mut survey, effects) = play([scored(9)]);
    assert_eq!(survey.step_shown(), Step::Commenting);
    assert_eq!(effects, [Effect::Tell(Signal::Scored, 9), Effect::Timer(1, SETTLE)]);
    let effects = survey.step(Event::Due(1), NOW);
    assert_eq!(sent(&effects), (1, false, 9, None));
}

#[test]
fn a_correction_while_resting_is_sent_alone() {
    let (mut survey, effects) = play([scored(9), scored(8)]);
    assert_eq!(effects, [Effect::Tell(Signal::Scored, 8), Effect::Timer(2, SETTLE)]);
    assert!(survey.step(Event::Due(1), NOW).is_empty(), "the first timer is overtaken");
    assert_eq!(sent(&survey.step(Event::Due(2), NOW)), (1, false, 8, None));
}

#[test]
fn the_same_score_again_changes_nothing() {
    let (_, effects) = play([scored(9), scored(9)]);
    assert!(effects.is_empty());
}

#[test]
fn a_score_above_ten_is_ignored() {
    let (survey, effects) = play([scored(11)]);
    assert_eq!((survey.step_shown(), effects.len()), (Step::Asking, 0));
}

#[test]
fn a_correction_on_the_way_follows_when_the_first_has_arrived() {
    let (_, effects) = play([scored(9), Event::Due(1), scored(3)]);
    assert_eq!(effects, [Effect::Tell(Signal::Scored, 3)]);
    let (_, effects) = play([scored(9), Event::Due(1), scored(3), delivered(1)]);
    assert_eq!(sent(&effects), (2, false, 3, None));
}

#[test]
fn a_correction_taken_back_is_not_sent() {
    let (survey, effects) =
        play([scored(9), Event::Due(1), delivered(1), scored(8), scored(9), Event::Due(4)]);
    assert!(!sends(&effects));
    assert_eq!(survey.delivery(), Delivery::Idle);
}

#[test]
fn send_carries_score_and_comment_as_the_next_revision() {
    let (survey, effects) =
        play([scored(9), Event::Due(1), delivered(1), comment("  good  "), Event::Submitted]);
    assert_eq!(sent(&effects), (2, true, 9, Some("good")));
    assert_eq!(survey.step_shown(), Step::Sending);
}

#[test]
fn send_without_a_comment_completes_the_answer() {
    let (_, effects) = play([scored(9), comment("  "), Event::Submitted]);
    assert_eq!(sent(&effects), (1, true, 9, None));
}

#[test]
fn send_before_a_score_does_nothing() {
    let (survey, effects) = play([Event::Submitted]);
    assert_eq!((survey.step_shown(), effects.len()), (Step::Asking, 0));
}

#[test]
fn a_comment_is_never_sent_before_send_is_pressed() {
    let (mut survey, _) = play([scored(9), comment("a draft")]);
    assert_eq!(sent(&survey.step(Event::Hidden, NOW)), (1, false, 9, None));
}

#[test]
fn thanks_come_only_with_the_acknowledgement_of_the_whole_answer() {
    let (survey, _) = play([scored(9), Event::Due(1), comment("why"), Event::Submitted]);
    assert_eq!(survey.step_shown(), Step::Sending);
    let (mut survey, effects) =
        play([scored(9), Event::Due(1), comment("why"), Event::Submitted, delivered(1)]);
    assert_eq!(survey.step_shown(), Step::Sending, "only the score has arrived");
    assert_eq!(sent(&effects), (2, true, 9, Some("why")));
    let effects = survey.step(delivered(2), NOW);
    assert_eq!(survey.step_shown(), Step::Thanked);
    assert_eq!(effects, [Effect::Tell(Signal::Submitted, 9)]);
}

#[test]
fn a_score_corrected_while_sending_is_sent_before_the_thanks() {
    let (mut survey, effects) = play([scored(9), Event::Submitted, scored(4), delivered(1)]);
    assert_eq!(sent(&effects), (2, true, 4, None));
    assert_eq!(survey.step_shown(), Step::Sending);
    survey.step(delivered(2), NOW);
    assert_eq!(survey.step_shown(), Step::Thanked);
}

#[test]
fn a_failed_attempt_is_repeated_unchanged() {
    let mut survey = Survey::default();
    survey.step(scored(9), NOW);
    let first = survey.step(Event::Due(1), "2026-11-21T17:00:01.000Z");
    let effects = survey.step(
        Event::Delivered(1, Outcome::Unavailable { retry_after: Some(3) }),
        "2026-11-21T17:00:02.000Z",
    );
    let [Effect::Retry { timer, revision: 1, attempts: 1, retry_after: Some(3) }] = effects[..]
    else {
        panic!("{effects:?}")
    };
    let again = survey.step(Event::Due(timer), "2026-11-21T17:00:03.000Z");
    assert_eq!(first, again, "time of sending included");
    assert_eq!(survey.delivery(), Delivery::Sending(2));
}

#[test]
fn a_score_corrected_while_waiting_replaces_what_failed() {
    let (mut survey, _) = play([scored(9), Event::Due(1), unavailable(1), scored(2)]);
    assert_eq!(survey.delivery(), Delivery::Settling);
    let timer = survey.timer;
    assert_eq!(sent(&survey.step(Event::Due(timer), NOW)), (2, false, 2, None));
}

#[test]
fn after_the_last_attempt_the_text_stays_and_can_be_sent_again() {
    let (mut survey, effects) =
        play([scored(9), comment("kept"), Event::Submitted, unavailable(1), exhausted(1)]);
    assert_eq!(survey.step_shown(), Step::Failed);
    assert_eq!(survey.comment(), "kept");
    assert_eq!(effects, [Effect::Tell(Signal::Failed, 9)]);
    assert_eq!(sent(&survey.step(Event::Submitted, NOW)), (1, true, 9, Some("kept")));
    survey.step(delivered(1), NOW);
    assert_eq!(survey.step_shown(), Step::Thanked);
}

/// To send it again would be no use; other words are another answer.
#[test]
fn after_a_refusal_the_text_stays_and_only_other_words_can_be_sent() {
    let refused = Event::Delivered(1, Outcome::Refused);
    let (mut survey, effects) = play([scored(9), comment("kept"), Event::Submitted, refused]);
    assert_eq!(survey.step_shown(), Step::Refused);
    assert_eq!(survey.comment(), "kept");
    assert_eq!(effects, [Effect::Tell(Signal::Failed, 9)]);
    assert!(survey.step(Event::Submitted, NOW).is_empty());
    survey.step(comment("kept"), NOW);
    assert_eq!(survey.step_shown(), Step::Refused);
    survey.step(comment("other"), NOW);
    assert_eq!(survey.step_shown(), Step::Commenting);
    assert_eq!(sent(&survey.step(Event::Submitted, NOW)), (2, true, 9, Some("other")));
    survey.step(delivered(2), NOW);
    assert_eq!(survey.step_shown(), Step::Thanked);
}

/// A shop that has mended its endpoint meanwhile has the answer, too.
#[test]
fn what_was_refused_and_arrives_after_all_is_thanked_for() {
    let refused = Event::Delivered(1, Outcome::Refused);
    let (mut survey, effects) =
        play([scored(9), comment("kept"), Event::Submitted, refused, Event::Hidden]);
    assert_eq!(sent(&effects), (1, true, 9, Some("kept")));
    survey.step(delivered(1), NOW);
    assert_eq!(survey.step_shown(), Step::Thanked);
}

#[test]
fn a_score_rests_for_as_long_as_it_is_told_to() {
    let (_, effects) = play([Event::Scored(9, Layout::OneRow, 1500)]);
    assert_eq!(effects, [Effect::Tell(Signal::Scored, 9), Effect::Timer(1, 1500)]);
}

#[test]
fn text_changed_after_a_failure_goes_as_a_new_revision() {
    let (_, effects) = play([
        scored(9),
        comment("one"),
        Event::Submitted,
        exhausted(1),
        comment("two"),
        Event::Submitted,
    ]);
    assert_eq!(sent(&effects), (2, true, 9, Some("two")));
}

#[test]
fn a_score_that_could_not_be_saved_troubles_nobody_and_goes_with_the_comment() {
    let (mut survey, effects) = play([scored(9), Event::Due(1), exhausted(1)]);
    assert_eq!((survey.step_shown(), effects.len()), (Step::Commenting, 0));
    survey.step(comment("why"), NOW);
    assert_eq!(sent(&survey.step(Event::Submitted, NOW)), (2, true, 9, Some("why")));
}

#[test]
fn what_is_saved_stays_saved_while_the_comment_fails() {
    let (mut survey, _) = play([scored(9), Event::Due(1), delivered(1), Event::Submitted]);
    assert!(survey.is_saved(), "the comment is on its way");
    survey.step(exhausted(2), NOW);
    assert_eq!((survey.step_shown(), survey.is_saved()), (Step::Failed, true));
    // A correction that did not arrive may have been received all the same.
    survey.step(scored(3), NOW);
    assert!(!survey.is_saved(), "another score");
    let due = Event::Due(survey.timer);
    survey.step(due, NOW);
    survey.step(exhausted(3), NOW);
    survey.step(scored(9), NOW);
    assert!(!survey.is_saved(), "the endpoint may have the other one");
}

#[test]
fn a_handover_with_a_score_that_cannot_be_says_of_none_that_it_is_saved() {
    let choice = Choice { score: 0, at: NOW.into(), layout: Layout::OneRow };
    let painted = Painted { choice: Some(choice), sent: Some((1, u8::MAX)), ..Painted::default() };
    let (survey, _) = Survey::resume(Purpose::Ask, painted);
    assert!(!survey.is_saved());
}

#[test]
fn send_pressed_while_a_doomed_score_is_on_its_way_still_sends_the_answer() {
    let (_, effects) = play([scored(9), Event::Due(1), Event::Submitted, exhausted(1)]);
    assert_eq!(sent(&effects), (2, true, 9, None));
}

#[test]
fn hiding_the_page_sends_a_resting_score_at_once() {
    let (_, effects) = play([scored(9), Event::Hidden]);
    assert_eq!(sent(&effects), (1, false, 9, None));
}

#[test]
fn hiding_the_page_sends_nothing_twice() {
    for events in [
        vec![Event::Hidden],
        vec![scored(9), Event::Due(1), Event::Hidden],
        vec![scored(9), Event::Due(1), delivered(1), Event::Hidden],
        vec![scored(9), Event::Submitted, delivered(1), Event::Hidden],
    ] {
        let (_, effects) = play(events.clone());
        assert!(!sends(&effects), "{events:?}");
    }
}

#[test]
fn hiding_the_page_tries_once_more_what_is_waiting_or_has_failed() {
    let (_, effects) = play([scored(9), Event::Due(1), unavailable(1), Event::Hidden]);
    assert_eq!(sent(&effects), (1, false, 9, None));
    let (mut survey, effects) = play([
        scored(9),
        comment("sent"),
        Event::Submitted,
        exhausted(1),
        comment("not sent"),
        Event::Hidden,
    ]);
    assert_eq!(sent(&effects), (1, true, 9, Some("sent")));
    survey.step(delivered(1), NOW);
    assert_eq!(survey.step_shown(), Step::Commenting, "there is something new to send");
}

#[test]
fn late_and_foreign_acknowledgements_change_nothing() {
    let (survey, effects) = play([scored(9), delivered(1), delivered(7)]);
    assert_eq!((survey.step_shown(), effects.len()), (Step::Commenting, 0));
}

/// The attempt at the hiding of the page was followed by another, which sent the later content of the text box.
#[test]
fn words_written_after_a_failure_are_not_sent_by_a_retry() {
    let (mut survey, _) = play([
        scored(9),
        comment("sent"),
        Event::Submitted,
        exhausted(1),
        Event::Hidden,
        comment("a draft"),
        unavailable(1),
    ]);
    let timer = survey.timer;
    assert_eq!(sent(&survey.step(Event::Due(timer), NOW)), (1, true, 9, Some("sent")));
}

/// Without the comment and with a higher revision, it would replace the comment.
#[test]
fn a_score_corrected_after_a_failure_is_sent_with_the_sent_comment() {
    let failed = [scored(9), comment("sent"), Event::Submitted, exhausted(1), comment("a draft")];
    let corrected = failed.into_iter().chain([scored(8)]);
    let (mut survey, effects) = play(corrected.clone());
    assert_eq!(survey.step_shown(), Step::Failed);
    assert!(effects.contains(&Effect::Timer(survey.timer, SETTLE)), "it may be a slip");
    let timer = survey.timer;
    assert_eq!(sent(&survey.step(Event::Due(timer), NOW)), (2, true, 8, Some("sent")));

    let (mut survey, effects) = play(corrected.chain([Event::Hidden]));
    assert_eq!(sent(&effects), (2, true, 8, Some("sent")));
    survey.step(delivered(2), NOW);
    assert_eq!(survey.step_shown(), Step::Commenting, "there are new words");
    survey.step(scored(7), NOW);
    assert_eq!(sent(&survey.step(Event::Hidden, NOW)), (3, true, 7, Some("sent")));
    assert!(survey.step(delivered(3), NOW).is_empty());
    assert_eq!(survey.step_shown(), Step::Commenting, "no thanks for what is not sent");
    assert_eq!(sent(&survey.step(Event::Submitted, NOW)), (4, true, 7, Some("a draft")));
}

/// The earlier comment is tried again when the page is hidden.
#[test]
fn what_send_was_pressed_on_is_tried_whatever_was_on_its_way_before() {
    let (mut survey, effects) = play([
        scored(9),
        comment("one"),
        Event::Submitted,
        exhausted(1),
        Event::Hidden,
        comment("two"),
        Event::Submitted,
        exhausted(1),
    ]);
    assert_eq!(sent(&effects), (2, true, 9, Some("two")));
    survey.step(exhausted(2), NOW);
    assert_eq!(survey.step_shown(), Step::Failed);
}

#[test]
fn a_score_corrected_on_the_way_of_a_second_try_is_thanked_for_with_the_words() {
    let (mut survey, effects) = play([
        scored(9),
        comment("sent"),
        Event::Submitted,
        exhausted(1),
        Event::Hidden,
        scored(8),
        delivered(1),
    ]);
    assert_eq!(sent(&effects), (2, true, 8, Some("sent")));
    survey.step(delivered(2), NOW);
    assert_eq!(survey.step_shown(), Step::Thanked);
}

/// The answer arrived while the customer changed it, and changed it back. Send would show "Sending …" for ever.
#[test]
fn what_has_arrived_already_is_thanked_for_as_send_is_pressed_on_it_again() {
    let (survey, effects) = play([
        scored(1),
        comment("one"),
        Event::Submitted,
        exhausted(1),
        Event::Hidden,
        comment("two"),
        delivered(1),
        comment("one"),
        Event::Submitted,
    ]);
    assert_eq!(survey.step_shown(), Step::Thanked);
    assert_eq!(effects, [Effect::Tell(Signal::Submitted, 1)]);
}

#[test]
fn nothing_happens_after_the_thanks() {
    let (mut survey, _) = play([scored(9), Event::Submitted, delivered(1)]);
    for event in [scored(3), comment("more"), Event::Submitted, Event::Hidden, Event::Due(1)] {
        assert!(survey.step(event, NOW).is_empty());
    }
    assert_eq!(survey.score(), Some(9));
}

#[test]
fn a_preview_sends_nothing_and_thanks_all_the_same() {
    let (mut survey, _) = Survey::resume(Purpose::Preview, Painted::default());
    let mut effects = survey.step(scored(9), NOW);
    effects.extend(survey.step(Event::Due(1), NOW));
    effects.extend(survey.step(comment("why"), NOW));
    effects.extend(survey.step(Event::Submitted, NOW));
    assert!(!sends(&effects));
    assert_eq!(survey.step_shown(), Step::Thanked);
}

fn painted(sent: Option<(u32, u8)>, pending: bool) -> (Survey, Vec<Effect>) {
    let choice = Choice { score: 9, at: NOW.into(), layout: Layout::TwoRows };
    let comment = "typed".into();
    Survey::resume(Purpose::Ask, Painted { choice: Some(choice), comment, sent, pending })
}

#[test]
fn an_untouched_painted_form_is_taken_over_asking() {
    let (survey, effects) = Survey::resume(Purpose::Ask, Painted::default());
    assert_eq!((survey.step_shown(), effects.len()), (Step::Asking, 0));
}

#[test]
fn a_score_tapped_before_is_kept_and_sent_once() {
    let (mut survey, effects) = painted(None, false);
    assert_eq!((survey.step_shown(), survey.comment()), (Step::Commenting, "typed"));
    assert_eq!(effects, [Effect::Timer(1, SETTLE)]);
    assert_eq!(sent(&survey.step(Event::Due(1), NOW)), (1, false, 9, None));
}

#[test]
fn a_score_sent_before_is_not_sent_again() {
    let (mut survey, effects) = painted(Some((1, 9)), false);
    assert!(effects.is_empty());
    assert!(!sends(&survey.step(Event::Hidden, NOW)));
    assert_eq!(sent(&survey.step(Event::Submitted, NOW)), (2, true, 9, Some("typed")));
}

#[test]
fn a_score_on_its_way_before_is_awaited_and_retried() {
    let (mut survey, effects) = painted(Some((1, 9)), true);
    assert!(effects.is_empty());
    assert!(!sends(&survey.step(Event::Hidden, NOW)));
    let retry = survey.step(unavailable(1), NOW);
    let [Effect::Retry { timer, revision: 1, attempts: 1, .. }] = retry[..] else {
        panic!("{retry:?}")
    };
    // Only the painted form knows when it was sent, and with which other fields.
    assert_eq!(sent(&survey.step(Event::Due(timer), NOW)), (2, false, 9, None));
}

#[test]
fn a_score_corrected_before_goes_as_the_next_revision() {
    let (mut survey, effects) = painted(Some((1, 4)), false);
    assert_eq!(effects, [Effect::Timer(1, SETTLE)]);
    assert_eq!(sent(&survey.step(Event::Due(1), NOW)), (2, false, 9, None));
    let (mut survey, _) = painted(Some((1, 4)), true);
    assert_eq!(sent(&survey.step(delivered(1), NOW)), (2, false, 9, None));
}

/// An action of the customer, the clock or the network.
#[derive(Clone, Debug)]
enum Act {
    Customer(Event),
    /// The last timer runs out.
    Time,
    /// The running attempt ends with this outcome.
    Network(Outcome),
    /// The page is hidden.
    Leave,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let outcome = prop_oneof![
        3 => Just(Outcome::Acknowledged),
        2 => Just(Outcome::Unavailable { retry_after: None }),
        1 => Just(Outcome::Refused),
        1 => Just(Outcome::Exhausted),
    ];
    proptest::collection::vec(
        prop_oneof![
            (0..=12_u8).prop_map(|score| Act::Customer(scored(score))),
            "[ab ]{0,3}".prop_map(|text| Act::Customer(Event::Commented(text))),
            Just(Act::Customer(Event::Edited)),
            Just(Act::Customer(Event::Submitted)),
            Just(Act::Time),
            outcome.prop_map(Act::Network),
            Just(Act::Leave),
        ],
        0..60,
    )
}

proptest! {
    #[test]
    fn whatever_happens_thanks_mean_stored_and_one_thing_is_sent_at_a_time(acts in acts()) {
        let mut survey = Survey::default();
        let mut timers: Vec<u32> = Vec::new();
        let mut under_way: Option<Box<Revision>> = None;
        let mut stored: Option<Box<Revision>> = None;
        for act in acts {
            let event = match act {
                Act::Customer(event) => event,
                Act::Time => match timers.pop() {
                    Some(timer) => Event::Due(timer),
                    None => continue,
                },
                Act::Network(outcome) => match under_way.take() {
                    Some(revision) => {
                        let number = revision.number;
                        if outcome == Outcome::Acknowledged {
                            prop_assert!(stored.as_ref().is_none_or(|s| s.number <= number));
                            stored = Some(revision);
                        }
                        Event::Delivered(number, outcome)
                    }
                    None => continue,
                },
                Act::Leave => Event::Hidden,
            };
            for effect in survey.step(event, NOW) {
                match effect {
                    Effect::Send(revision) => {
                        prop_assert!(under_way.is_none(), "two at a time");
                        under_way = Some(revision);
                    }
                    Effect::Timer(timer, _) | Effect::Retry { timer, .. } => timers.push(timer),
                    Effect::Tell(..) => {}
                }
            }
            prop_assert_eq!(
                matches!(survey.delivery(), Delivery::Sending(_)),
                under_way.is_some(),
                "the survey knows what is under way"
            );
        }
        if survey.step_shown() == Step::Thanked {
            let stored = stored.clone().expect("thanked without anything stored");
            prop_assert!(stored.complete);
            prop_assert_eq!(Some(stored.choice.score), survey.score());
            prop_assert_eq!(stored.comment.as_deref().unwrap_or(""), survey.comment().trim());
        }
        // If the customer leaves after a score, it is stored, under way, or was refused.
        let mut last = survey.clone();
        let leaving = last.step(Event::Hidden, NOW);
        let kept = survey.score().is_none()
            || under_way.is_some()
            || sends(&leaving)
            || stored.is_some_and(|s| Some(s.choice.score) == survey.score());
        prop_assert!(kept, "a score is lost: {survey:?}");
    }
}

#[test]
fn what_else_was_changed_is_another_revision() {
    let refused = Event::Delivered(1, Outcome::Refused);
    for (end, after) in [(exhausted(1), Step::Failed), (refused, Step::Refused)] {
        let (mut survey, _) = play([scored(9), Event::Edited, Event::Submitted, end]);
        assert_eq!(survey.step_shown(), after);
        survey.step(Event::Edited, NOW);
        let effects = survey.step(Event::Submitted, NOW);
        assert_eq!(sent(&effects), (2, true, 9, None));
        survey.step(delivered(2), NOW);
        assert_eq!(survey.step_shown(), Step::Thanked);
    }
}

#[test]
fn trying_again_without_a_change_repeats_the_revision() {
    let (mut survey, _) = play([scored(9), Event::Edited, Event::Submitted, exhausted(1)]);
    assert_eq!(sent(&survey.step(Event::Submitted, NOW)), (1, true, 9, None));
}

#[test]
fn a_change_while_the_answer_arrives_after_all_can_be_sent_too() {
    let (mut survey, _) = play([
        scored(9),
        Event::Edited,
        Event::Submitted,
        exhausted(1),
        Event::Edited,
        Event::Hidden,
        delivered(1),
    ]);
    assert_eq!(survey.step_shown(), Step::Commenting);
    assert_eq!(sent(&survey.step(Event::Submitted, NOW)), (2, true, 9, None));
    survey.step(delivered(2), NOW);
    assert_eq!(survey.step_shown(), Step::Thanked);
}

#[test]
fn a_change_alone_sends_nothing() {
    let (mut survey, _) = play([scored(9), Event::Due(1), delivered(1)]);
    for event in [Event::Edited, Event::Hidden] {
        assert!(!sends(&survey.step(event, NOW)));
    }
}
