//! Tests the promise of delivery: a customer, a page and a network do anything at any time.
//!
//! If the customer is thanked, the answer is stored exactly once, as the highest revision of one response. An
//! answer that is not stored is never thanked for, nor silently dropped while the page is open.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{NOW, scored};
use crate::delivery;
use crate::survey::*;

/// One event of a case.
#[derive(Clone, Debug)]
enum Act {
    Tap(u8),
    Write(String),
    Send,
    /// The page is hidden, closed, or online again.
    Hide,
    /// The next timer runs out.
    Time,
    /// A request reaches the endpoint, with this result.
    Arrive(usize, Fate),
    /// An answer reaches the page.
    Answer(usize),
}

/// The result of a request.
#[derive(Clone, Copy, Debug)]
enum Fate {
    /// Stored, and acknowledged.
    Stored,
    /// Stored, but the acknowledgement is lost; to the page the endpoint seems unreachable.
    Unheard,
    /// Not stored, with this status; 0 if there is no answer.
    Refused(u16),
}

fn act() -> impl Strategy<Value = Act> {
    let fate = prop_oneof![
        4 => Just(Fate::Stored),
        2 => Just(Fate::Unheard),
        3 => prop::sample::select(vec![0, 500, 503, 429, 408, 404, 413, 302]).prop_map(Fate::Refused),
    ];
    prop_oneof![
        3 => (0..=11_u8).prop_map(Act::Tap),
        3 => "[ab ]{0,3}".prop_map(Act::Write),
        3 => Just(Act::Send),
        2 => Just(Act::Hide),
        4 => Just(Act::Time),
        4 => (0..4_usize, fate).prop_map(|(nth, fate)| Act::Arrive(nth, fate)),
        4 => (0..4_usize).prop_map(Act::Answer),
    ]
}

/// Any possible handover from the painted form.
fn painted() -> impl Strategy<Value = Painted> {
    let sent = prop::option::of((1..4_u32, 0..=10_u8));
    (prop::option::of(0..=10_u8), "[ab ]{0,3}", sent, any::<bool>()).prop_map(
        |(score, comment, sent, pending)| {
            // Only a form with a score has sent anything, and only a sent revision can be pending.
            let sent = sent.filter(|_| score.is_some());
            let choice =
                score.map(|score| Choice { score, at: NOW.into(), layout: Layout::OneRow });
            Painted { choice, comment, pending: pending && sent.is_some(), sent }
        },
    )
}

/// The content of an answer: whether it is complete, the score, and the comment.
type Content = (bool, u8, Option<String>);

fn content(revision: &Revision) -> Content {
    (revision.complete, revision.choice.score, revision.comment.clone())
}

/// The page with its survey, the network, and the endpoint.
#[derive(Clone)]
struct World {
    survey: Survey,
    /// The timers, with the time at which each runs out, in milliseconds.
    timers: Vec<(u32, Event)>,
    clock: u32,
    under_way: Vec<(u32, Content)>,
    answers: Vec<(u32, u16)>,
    /// Every revision that was stored; the highest counts.
    stored: BTreeMap<u32, Content>,
    /// Every sent revision: one number always has the same content.
    sent: BTreeMap<u32, Content>,
    /// The content of the form at each press of Send.
    pressed: Vec<Content>,
    thanked: u32,
    failed: u32,
}

impl World {
    fn new(painted: Painted) -> Self {
        let mut world = Self {
            survey: Survey::default(),
            timers: Vec::new(),
            clock: 0,
            under_way: Vec::new(),
            answers: Vec::new(),
            stored: BTreeMap::new(),
            sent: BTreeMap::new(),
            pressed: Vec::new(),
            thanked: 0,
            failed: 0,
        };
        if let Some((number, score)) = painted.sent {
            world.sent.insert(number, (false, score, None));
            if painted.pending {
                world.under_way.push((number, (false, score, None)));
            } else {
                world.stored.insert(number, (false, score, None));
            }
        }
        let (survey, effects) = Survey::resume(Purpose::Ask, painted);
        world.survey = survey;
        world.perform(effects);
        world
    }

    fn tell(&mut self, event: Event) {
        let effects = self.survey.step(event, NOW);
        self.perform(effects);
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Timer(number, wait) => {
                    self.timers.push((self.clock + wait, Event::Due(number)));
                }
                Effect::Retry { timer, revision, attempts, retry_after } => {
                    match delivery::wait(attempts, retry_after, 0.5) {
                        Some(wait) => self.timers.push((self.clock + wait, Event::Due(timer))),
                        None => self.tell(Event::Delivered(revision, Outcome::Exhausted)),
                    }
                }
                Effect::Send(revision) => {
                    let content = content(&revision);
                    let before = self.sent.insert(revision.number, content.clone());
                    assert!(
                        before.is_none_or(|b| b == content),
                        "{}: two contents",
                        revision.number
                    );
                    self.under_way.push((revision.number, content));
                    assert!(self.under_way.len() + self.answers.len() == 1, "two at a time");
                }
                Effect::Tell(Signal::Submitted, _) => self.thanked += 1,
                Effect::Tell(Signal::Failed, _) => self.failed += 1,
                Effect::Tell(Signal::Scored, _) => {}
            }
        }
    }

    /// The content of the form, as Send would send it.
    fn form(&self) -> Option<Content> {
        let comment = self.survey.comment().trim();
        Some((true, self.survey.score()?, (!comment.is_empty()).then(|| comment.into())))
    }

    fn act(&mut self, act: Act) {
        match act {
            Act::Tap(score) => {
                self.tell(scored(score));
                // A score that is corrected after Send is sent with the comment that was sent.
                if let Some((_, _, words)) = self.pressed.last().cloned() {
                    self.pressed.extend(self.survey.score().map(|score| (true, score, words)));
                }
            }
            Act::Write(text) => self.tell(Event::Commented(text)),
            Act::Send => {
                self.tell(Event::Submitted);
                if self.survey.step_shown() == Step::Sending {
                    self.pressed.extend(self.form());
                }
            }
            Act::Hide => self.tell(Event::Hidden),
            Act::Time => {
                self.timers.sort_by_key(|(due, _)| *due);
                if !self.timers.is_empty() {
                    let (due, event) = self.timers.remove(0);
                    self.clock = self.clock.max(due);
                    self.tell(event);
                }
            }
            Act::Arrive(nth, fate) => {
                if self.under_way.is_empty() {
                    return;
                }
                let (number, content) = self.under_way.remove(nth % self.under_way.len());
                if matches!(fate, Fate::Stored | Fate::Unheard) {
                    self.stored.insert(number, content);
                }
                let status = match fate {
                    Fate::Stored => 200,
                    Fate::Unheard => 0,
                    Fate::Refused(status) => status,
                };
                self.answers.push((number, status));
            }
            Act::Answer(nth) => {
                if self.answers.is_empty() {
                    return;
                }
                let (number, status) = self.answers.remove(nth % self.answers.len());
                let outcome = delivery::outcome((status > 0).then_some(status), None);
                self.tell(Event::Delivered(number, outcome));
            }
        }
    }

    fn check(&self) {
        let step = self.survey.step_shown();
        assert_eq!(self.thanked, u32::from(step == Step::Thanked), "thanked and told alike");
        if step == Step::Thanked {
            let highest = self.stored.values().next_back();
            assert_eq!(highest, self.form().as_ref(), "the highest revision is what they see");
            assert!(
                highest.is_some_and(|content| self.pressed.contains(content)),
                "and what they sent"
            );
        }
        // Unsent drafts never leave the page.
        for content in self.sent.values() {
            let (whole, _, comment) = content;
            assert!(!whole || self.pressed.contains(content), "sent without Send: {content:?}");
            assert!(*whole || comment.is_none(), "a draft left the page");
        }
        // A sent comment is never replaced by a score without it.
        let whole = self.sent.iter().find(|(_, (whole, ..))| *whole).map(|(number, _)| *number);
        let bare = self.sent.iter().rfind(|(_, (whole, ..))| !whole).map(|(number, _)| *number);
        assert!(whole.is_none_or(|whole| bare < Some(whole)), "{:?}", self.sent);
        // An answer that is not stored and not thanked for is under way or planned, or the failure is
        // shown, or the text is still in the form with a button to send it.
        if step == Step::Sending {
            let alive = !self.under_way.is_empty()
                || !self.answers.is_empty()
                || self.timers.iter().any(|(_, event)| *event == Event::Due(self.survey.timer));
            assert!(alive, "Sending for ever: {:?}", self.survey);
        }
        if matches!(step, Step::Failed | Step::Refused) {
            assert!(self.failed > 0, "a failure that the page was not told of");
        }
    }

    /// From here on everything works, and the customer presses the button if necessary.
    fn ends_well(&mut self) {
        for _ in 0..200 {
            if self.survey.score().is_none() || self.survey.step_shown() == Step::Thanked {
                return;
            }
            match self.survey.step_shown() {
                Step::Commenting | Step::Failed => self.act(Act::Send),
                // There is no button: the page itself tries again as it goes.
                Step::Refused => self.act(Act::Hide),
                Step::Asking | Step::Sending | Step::Thanked => {}
            }
            self.act(Act::Time);
            self.act(Act::Arrive(0, Fate::Stored));
            self.act(Act::Answer(0));
            self.check();
        }
        panic!("never thanked: {:?}", self.survey);
    }

    /// From here on the network works, and the customer does nothing: the score must be saved.
    fn settles(&mut self) {
        for _ in 0..200 {
            self.act(Act::Hide);
            self.act(Act::Time);
            self.act(Act::Arrive(0, Fate::Stored));
            self.act(Act::Answer(0));
            self.check();
        }
        assert_ne!(self.survey.step_shown(), Step::Sending, "{:?}", self.survey);
        let stored = self.stored.values().next_back().map(|(_, score, _)| *score);
        assert_eq!(stored, self.survey.score(), "{:?}", self.survey);
        // With the comment at the last press of Send.
        if let Some(pressed) = self.pressed.last() {
            assert_eq!(self.stored.values().next_back(), Some(pressed), "{:?}", self.survey);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: super::cases(500), ..ProptestConfig::default() })]

    #[test]
    fn thanked_is_stored_once_and_what_is_not_stored_is_neither_thanked_for_nor_dropped(
        painted in painted(),
        acts in prop::collection::vec(act(), 0..80),
    ) {
        let mut world = World::new(painted);
        world.check();
        for act in acts {
            world.act(act);
            world.check();
        }
        let mut quiet = world.clone();
        quiet.settles();
        world.ends_well();
    }

    #[test]
    fn no_events_whatever_end_the_survey_and_no_handover_does(
        score in prop::option::of(any::<u8>()),
        comment in any::<String>(),
        sent in prop::option::of((any::<u32>(), any::<u8>())),
        pending in any::<bool>(),
        preview in any::<bool>(),
        events in prop::collection::vec(any_event(), 0..60),
    ) {
        let choice = score.map(|score| Choice { score, at: String::new(), layout: Layout::OneRow });
        let purpose = if preview { Purpose::Preview } else { Purpose::Ask };
        let (mut survey, effects) =
            Survey::resume(purpose, Painted { choice, comment, sent, pending });
        prop_assert!(!effects.iter().any(|effect| matches!(effect, Effect::Send(_))));
        for event in events {
            let effects = survey.step(event, NOW);
            prop_assert!(survey.score().is_none_or(|score| score <= SCORE));
            prop_assert!(survey.score().is_some() || survey.step_shown() == Step::Asking);
            for effect in effects {
                if let Effect::Send(revision) = effect {
                    prop_assert!(!preview && revision.choice.score <= SCORE);
                    prop_assert!(revision.complete || revision.comment.is_none());
                }
            }
        }
    }
}

fn any_event() -> impl Strategy<Value = Event> {
    let number = prop_oneof![0..4_u32, any::<u32>()];
    let outcome = prop_oneof![
        Just(Outcome::Acknowledged),
        prop::option::of(any::<u32>()).prop_map(|retry_after| Outcome::Unavailable { retry_after }),
        Just(Outcome::Refused),
        Just(Outcome::Exhausted),
    ];
    prop_oneof![
        any::<u8>().prop_map(scored),
        (0..=10_u8).prop_map(scored),
        any::<String>().prop_map(Event::Commented),
        Just(Event::Submitted),
        number.clone().prop_map(Event::Due),
        (number, outcome).prop_map(|(number, outcome)| Event::Delivered(number, outcome)),
        Just(Event::Hidden),
    ]
}
