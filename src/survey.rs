//! The survey's course, from the question to the thanks, as a state machine.
//!
//! [`Survey::step`] takes an [`Event`] and gives the [`Effect`]s to perform; it performs none. Two
//! things run beside one another: what the customer sees ([`Step`]) and what is under way to the
//! endpoint ([`Delivery`]). The promise that ties them: [`Step::Thanked`] is reached only when the
//! endpoint has acknowledged exactly what the customer sent.
//!
//! A comment is sent when the customer presses Send, never before: words somebody chose not to send
//! are theirs.

use afterword_response::limits::SCORE;
use afterword_response::{Layout, Segment};

use crate::attributes;
use crate::delivery::{Outcome, SETTLE};

/// Which part of the survey the customer sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Step {
    /// The question, no score yet.
    #[default]
    Asking,
    /// The question with its score, and the comment.
    Commenting,
    /// The same, while the whole answer is being sent.
    Sending,
    /// The same, after the answer could not be sent: it is kept, and can be sent again.
    Failed,
    /// The same, after the answer was refused for good: it is kept, and to send it again as it is would not help.
    Refused,
    /// Thanks: the answer arrived.
    Thanked,
}

/// A score as the customer chose it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// 0 to 10.
    pub score: u8,
    /// When, in RFC 3339.
    pub at: String,
    /// How the values were arranged at that moment.
    pub layout: Layout,
}

/// One revision as it goes out; repeated unchanged on every attempt at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// From 1.
    pub number: u32,
    /// Whether the customer pressed Send.
    pub complete: bool,
    /// The score.
    pub choice: Choice,
    /// The comment, trimmed; `None` if empty or not sent yet.
    pub comment: Option<String>,
    /// When it was first sent, in RFC 3339; empty if the painted form did.
    pub sent_at: String,
}

impl Revision {
    /// Whether it says the same, whatever its number and times.
    fn says(&self, other: &Self) -> bool {
        self.complete == other.complete
            && self.choice.score == other.choice.score
            && self.comment == other.comment
    }
}

/// What is under way to the endpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delivery {
    /// Nothing.
    #[default]
    Idle,
    /// A score rests before it is sent.
    Settling,
    /// A revision is on its way, for the n-th time.
    Sending(u8),
    /// n attempts have failed; the next one waits.
    Waiting(u8),
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The customer chose a score, or corrected it; it rests for so many milliseconds.
    Scored(u8, Layout, u32),
    /// The comment is now this.
    Commented(String),
    /// The customer pressed Send, or Try again.
    Submitted,
    /// A timer of this number ran out.
    Due(u32),
    /// An attempt at the revision of this number ended.
    Delivered(u32, Outcome),
    /// The page is being hidden or closed: what is unsent goes now.
    Hidden,
}

/// What is to be done about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// After so many milliseconds, [`Event::Due`] with this number.
    Timer(u32, u32),
    /// After [`delivery::wait`](crate::delivery::wait), [`Event::Due`] with this number; if that
    /// says to give up, [`Event::Delivered`] as exhausted.
    Retry {
        /// The timer's number.
        timer: u32,
        /// The revision it is about.
        revision: u32,
        /// How many attempts have failed.
        attempts: u8,
        /// What the endpoint asked for, in seconds.
        retry_after: Option<u32>,
    },
    /// Send this, then [`Event::Delivered`].
    Send(Box<Revision>),
    /// Tell the page, with the score as it stands.
    Tell(Signal, u8),
}

/// What the page is told, as an event on the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// A score was chosen or corrected.
    Scored,
    /// The whole answer arrived.
    Submitted,
    /// The whole answer could not be sent, or was refused.
    Failed,
}

impl Signal {
    /// The event's name, after `afterword:`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scored => "scored",
            Self::Submitted => "submitted",
            Self::Failed => "failed",
        }
    }
}

/// Whether answers really go out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// They do.
    #[default]
    Ask,
    /// `data-preview`: nothing is stored or sent, everything looks as if.
    Preview,
}

/// What the painted form did before this module took over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Painted {
    /// The score tapped there.
    pub choice: Option<Choice>,
    /// The text typed there.
    pub comment: String,
    /// The revision sent from there, if any, and the score it carried.
    pub sent: Option<(u32, u8)>,
    /// Whether that revision is still on its way. Its end must be told as [`Event::Delivered`].
    pub pending: bool,
}

/// One customer's survey.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    purpose: Purpose,
    step: Step,
    choice: Option<Choice>,
    comment: String,
    delivery: Delivery,
    /// The last revision given out for sending.
    last: Option<Box<Revision>>,
    /// The number of the highest revision acknowledged.
    acknowledged: u32,
    /// The number of the timer that counts; others have been overtaken.
    timer: u32,
}

impl Survey {
    /// A survey that goes on where the painted form stands, and what is to be done at once.
    #[must_use]
    pub fn resume(purpose: Purpose, painted: Painted) -> (Self, Vec<Effect>) {
        let Painted { choice, comment, sent, pending } = painted;
        let mut survey = Self { purpose, comment, ..Self::default() };
        let mut effects = Vec::new();
        if let Some(choice) = choice.filter(|choice| choice.score <= SCORE) {
            survey.step = Step::Commenting;
            if let Some((number, score)) = sent {
                survey.last = Some(Box::new(Revision {
                    number,
                    complete: false,
                    choice: Choice { score, ..choice.clone() },
                    comment: None,
                    sent_at: String::new(),
                }));
                if pending {
                    survey.delivery = Delivery::Sending(1);
                } else {
                    survey.acknowledged = number;
                }
            }
            survey.choice = Some(choice);
            if !pending && survey.unsent() {
                survey.settle(SETTLE, &mut effects);
            }
        }
        (survey, effects)
    }

    /// Which part the customer sees.
    #[must_use]
    pub fn step_shown(&self) -> Step {
        self.step
    }

    /// The score, if one is chosen.
    #[must_use]
    pub fn score(&self) -> Option<u8> {
        self.choice.as_ref().map(|choice| choice.score)
    }

    /// The score's segment; passive, the middle, before there is a score.
    #[must_use]
    pub fn segment(&self) -> Segment {
        self.score().map_or(Segment::Passive, Segment::of)
    }

    /// The comment as typed.
    #[must_use]
    pub fn comment(&self) -> &str {
        &self.comment
    }

    /// Whether the endpoint has acknowledged the score as it stands.
    #[must_use]
    pub fn is_saved(&self) -> bool {
        self.last.as_ref().is_some_and(|last| {
            last.number <= self.acknowledged && Some(last.choice.score) == self.score()
        })
    }

    /// What is under way to the endpoint.
    #[must_use]
    pub fn delivery(&self) -> Delivery {
        self.delivery
    }

    /// Takes one event, at the time `now` (RFC 3339), and says what is to be done.
    pub fn step(&mut self, event: Event, now: &str) -> Vec<Effect> {
        let mut effects = Vec::new();
        // After the thanks the answer is closed; what still arrives belongs to the past.
        if self.step == Step::Thanked {
            return effects;
        }
        match event {
            Event::Scored(score, layout, rest) => {
                if score <= SCORE && self.score() != Some(score) {
                    self.choice = Some(Choice { score, at: now.into(), layout });
                    if self.step == Step::Asking {
                        self.step = Step::Commenting;
                    }
                    effects.push(Effect::Tell(Signal::Scored, score));
                    // While the answer is being sent the score goes with it; and what is new while
                    // something is on its way follows when that has ended.
                    if self.step != Step::Sending && !matches!(self.delivery, Delivery::Sending(_))
                    {
                        self.settle(rest, &mut effects);
                    }
                }
            }
            Event::Commented(comment) => {
                if matches!(self.step, Step::Commenting | Step::Failed | Step::Refused) {
                    // Other words are another answer, which can be sent.
                    if self.step == Step::Refused && self.comment != comment {
                        self.step = Step::Commenting;
                    }
                    self.comment = comment;
                }
            }
            Event::Submitted => {
                if matches!(self.step, Step::Commenting | Step::Failed) {
                    self.step = Step::Sending;
                    self.send_now(now, &mut effects);
                }
            }
            Event::Due(timer) => {
                if timer == self.timer {
                    match self.delivery {
                        Delivery::Settling => self.attempt(1, now, &mut effects),
                        Delivery::Waiting(attempts) => {
                            self.attempt(attempts + 1, now, &mut effects);
                        }
                        Delivery::Idle | Delivery::Sending(_) => {}
                    }
                }
            }
            Event::Delivered(number, outcome) => {
                self.delivered(number, outcome, now, &mut effects);
            }
            Event::Hidden => {
                // Unless it is on its way already.
                if !matches!(self.delivery, Delivery::Sending(_)) && self.unsent() {
                    self.attempt(1, now, &mut effects);
                }
            }
        }
        effects
    }

    /// What stands in the box, as it would be sent.
    fn written(&self) -> Option<String> {
        let comment = attributes::trim(&self.comment);
        (!comment.is_empty()).then(|| comment.into())
    }

    /// What would be sent now: the score as it stands, and the words that Send was pressed on last, not
    /// those written since. Without a score there is nothing to send.
    fn wanted(&self, now: &str) -> Option<Revision> {
        let choice = self.choice.clone()?;
        let sending = self.step == Step::Sending;
        let last = self.last.as_ref();
        Some(Revision {
            number: last.map_or(0, |last| last.number) + 1,
            complete: sending || last.is_some_and(|last| last.complete),
            choice,
            comment: if sending {
                self.written()
            } else {
                last.and_then(|last| last.comment.clone())
            },
            sent_at: now.into(),
        })
    }

    /// Whether there is anything that no attempt was made at.
    fn untried(&self) -> bool {
        let wanted = self.wanted("");
        wanted.is_some_and(|wanted| self.last.as_ref().is_none_or(|last| !last.says(&wanted)))
    }

    /// Whether there is anything that the endpoint has not acknowledged.
    fn unsent(&self) -> bool {
        self.untried() || self.last.as_ref().is_some_and(|last| last.number > self.acknowledged)
    }

    /// Sends at once, unless something is on its way: then what is new follows when that has ended.
    fn send_now(&mut self, now: &str, effects: &mut Vec<Effect>) {
        if !matches!(self.delivery, Delivery::Sending(_)) {
            self.attempt(1, now, effects);
        }
    }

    fn tell(&self, signal: Signal, effects: &mut Vec<Effect>) {
        if let Some(score) = self.score() {
            effects.push(Effect::Tell(signal, score));
        }
    }

    /// Lets a score rest before it is sent.
    fn settle(&mut self, rest: u32, effects: &mut Vec<Effect>) {
        self.delivery = Delivery::Settling;
        self.timer += 1;
        effects.push(Effect::Timer(self.timer, rest));
    }

    /// Sends the last revision again if it still says what is wanted, or else a new one.
    fn attempt(&mut self, attempt: u8, now: &str, effects: &mut Vec<Effect>) {
        // What was waiting is overtaken.
        self.timer += 1;
        let Some(wanted) = self.wanted(now) else {
            self.delivery = Delivery::Idle;
            return;
        };
        let revision = match &self.last {
            Some(last) if last.says(&wanted) => {
                if last.number <= self.acknowledged {
                    // Corrected, and corrected back: the endpoint has it.
                    self.delivery = Delivery::Idle;
                    self.thank(effects);
                    return;
                }
                // One that the painted form sent cannot be repeated to the letter: it goes as the next.
                if last.sent_at.is_empty() { Box::new(wanted) } else { last.clone() }
            }
            _ => Box::new(wanted),
        };
        self.last = Some(revision.clone());
        let number = revision.number;
        match self.purpose {
            Purpose::Ask => {
                self.delivery = Delivery::Sending(attempt);
                effects.push(Effect::Send(revision));
            }
            Purpose::Preview => {
                self.delivery = Delivery::Sending(attempt);
                self.delivered(number, Outcome::Acknowledged, now, effects);
            }
        }
    }

    /// The endpoint has everything that was sent. If that is the whole answer, thanks are due.
    fn thank(&mut self, effects: &mut Vec<Effect>) {
        if matches!(self.step, Step::Failed | Step::Refused)
            && self.last.as_ref().is_some_and(|last| last.comment != self.written())
        {
            // It arrived after all, but they have written something else since.
            self.step = Step::Commenting;
        } else if matches!(self.step, Step::Sending | Step::Failed | Step::Refused) {
            self.step = Step::Thanked;
            self.tell(Signal::Submitted, effects);
        }
    }

    /// An attempt has ended.
    fn delivered(&mut self, number: u32, outcome: Outcome, now: &str, effects: &mut Vec<Effect>) {
        // Only the last revision counts, and only while it is awaited.
        if self.last.as_ref().is_none_or(|last| last.number != number) {
            return;
        }
        let attempts = match self.delivery {
            Delivery::Sending(attempts) | Delivery::Waiting(attempts) => attempts,
            Delivery::Idle | Delivery::Settling => return,
        };
        match outcome {
            Outcome::Acknowledged => {
                self.acknowledged = number;
                self.delivery = Delivery::Idle;
                if self.unsent() {
                    self.attempt(1, now, effects);
                } else {
                    self.thank(effects);
                }
            }
            Outcome::Unavailable { retry_after } => {
                self.delivery = Delivery::Waiting(attempts);
                self.timer += 1;
                effects.push(Effect::Retry {
                    timer: self.timer,
                    revision: number,
                    attempts,
                    retry_after,
                });
            }
            Outcome::Refused | Outcome::Exhausted => {
                self.delivery = Delivery::Idle;
                if self.step == Step::Sending {
                    // Something else may have been on its way when Send was pressed, the bare score or
                    // earlier words: then this has not been tried yet.
                    if self.untried() {
                        self.attempt(1, now, effects);
                    } else {
                        let is_final = outcome == Outcome::Refused;
                        self.step = if is_final { Step::Refused } else { Step::Failed };
                        self.tell(Signal::Failed, effects);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
