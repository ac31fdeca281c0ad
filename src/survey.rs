//! The state machine of a survey, from the question to the thanks.
//!
//! [`Survey::step`] takes an [`Event`] and returns the [`Effect`]s to perform; it performs none itself. It holds
//! two states: what the customer sees ([`Step`]) and what is being sent ([`Delivery`]). Its promise:
//! [`Step::Thanked`] is reached only when the endpoint has acknowledged exactly the answer that the customer
//! sent.
//!
//! A comment is sent when the customer presses Send, and never before.

use afterword_response::limits::SCORE;
use afterword_response::{Layout, Segment};

use crate::attributes;
use crate::delivery::{Outcome, SETTLE};

/// The part of the survey that the customer sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Step {
    /// The question, without a score.
    #[default]
    Asking,
    /// The question with its score, and the comment.
    Commenting,
    /// The same, while the answer is being sent.
    Sending,
    /// The same, after sending has failed. The answer stays in the form and can be sent again.
    Failed,
    /// The same, after the endpoint has refused the answer. It stays in the form; sending it again unchanged would
    /// not help.
    Refused,
    /// The thanks: the answer has arrived.
    Thanked,
}

/// A score as the customer chose it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// 0 to 10.
    pub score: u8,
    /// When it was chosen, in RFC 3339.
    pub at: String,
    /// How the values were arranged at that moment.
    pub layout: Layout,
}

/// One revision to send; every attempt repeats it unchanged.
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
    /// When it was first sent, in RFC 3339; empty if the painted form sent it.
    pub sent_at: String,
}

impl Revision {
    /// Whether two revisions have the same content, apart from number and times.
    fn says(&self, other: &Self) -> bool {
        self.complete == other.complete
            && self.choice.score == other.choice.score
            && self.comment == other.comment
    }
}

/// The state of the delivery to the endpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delivery {
    /// Nothing is being sent.
    #[default]
    Idle,
    /// A score rests before it is sent.
    Settling,
    /// The n-th attempt at a revision is running.
    Sending(u8),
    /// n attempts have failed, and the next one is planned.
    Waiting(u8),
}

/// An event that changes the survey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The customer chose a score, or corrected it; it rests for so many milliseconds.
    Scored(u8, Layout, u32),
    /// The customer changed the comment to this text.
    Commented(String),
    /// The customer changed what else was asked beside the comment. Only the script knows its content, and adds it to
    /// each revision that Send has completed (`script/later/further.js`).
    Edited,
    /// The customer pressed Send, or Try again.
    Submitted,
    /// The timer of this number ran out.
    Due(u32),
    /// An attempt at the revision with this number ended.
    Delivered(u32, Outcome),
    /// The page is being hidden or closed: an unsent revision is sent now.
    Hidden,
}

/// An effect for the caller to perform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Start a timer: its number, and the milliseconds after which to send [`Event::Due`] with that number.
    Timer(u32, u32),
    /// Send [`Event::Due`] after [`delivery::wait`](crate::delivery::wait); if there is no further attempt, send
    /// [`Event::Delivered`] as exhausted.
    Retry {
        /// The timer's number.
        timer: u32,
        /// The number of the revision.
        revision: u32,
        /// The number of failed attempts.
        attempts: u8,
        /// The endpoint's `Retry-After`, in seconds.
        retry_after: Option<u32>,
    },
    /// Send this revision, then send [`Event::Delivered`].
    Send(Box<Revision>),
    /// Tell the page, with the current score.
    Tell(Signal, u8),
}

/// A message to the page, as an event on the host element.
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

/// Whether answers are really sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// They are sent.
    #[default]
    Ask,
    /// `data-preview`: nothing is stored or sent, although everything looks as usual.
    Preview,
}

/// What happened in the painted form before this module took over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Painted {
    /// The score that was tapped there.
    pub choice: Option<Choice>,
    /// The comment that was typed there.
    pub comment: String,
    /// The number and the score of the revision that it has sent, if any.
    pub sent: Option<(u32, u8)>,
    /// Whether that attempt is still running. Its end must be reported as [`Event::Delivered`].
    pub pending: bool,
}

/// One customer's survey.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    purpose: Purpose,
    step: Step,
    choice: Option<Choice>,
    comment: String,
    /// Whether what else was asked has changed since Send was last pressed.
    edited: bool,
    delivery: Delivery,
    /// The last revision that was returned for sending.
    last: Option<Box<Revision>>,
    /// The number of the highest acknowledged revision.
    acknowledged: u32,
    /// One more than the score that the endpoint has; 0 while another one is on its way.
    saved: u8,
    /// The number of the current timer; older ones are ignored.
    timer: u32,
}

impl Survey {
    /// A survey that continues in the painted form's state, and the effects to perform at once.
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
                    survey.saved = one_more(score);
                }
            }
            survey.choice = Some(choice);
            if !pending && survey.unsent() {
                survey.settle(SETTLE, &mut effects);
            }
        }
        (survey, effects)
    }

    /// The part that the customer sees.
    #[must_use]
    pub fn step_shown(&self) -> Step {
        self.step
    }

    /// The chosen score, if any.
    #[must_use]
    pub fn score(&self) -> Option<u8> {
        self.choice.as_ref().map(|choice| choice.score)
    }

    /// The segment of the score; passive, the middle one, if there is no score.
    #[must_use]
    pub fn segment(&self) -> Segment {
        self.score().map_or(Segment::Passive, Segment::of)
    }

    /// The comment as it is typed.
    #[must_use]
    pub fn comment(&self) -> &str {
        &self.comment
    }

    /// Whether the endpoint has acknowledged the score as it stands. It stays so while the comment is on its way, and if
    /// that fails.
    #[must_use]
    pub fn is_saved(&self) -> bool {
        self.score().is_some_and(|score| one_more(score) == self.saved)
    }

    /// The state of the delivery.
    #[must_use]
    pub fn delivery(&self) -> Delivery {
        self.delivery
    }

    /// Takes one event, at the time `now` (RFC 3339), and returns the effects to perform.
    pub fn step(&mut self, event: Event, now: &str) -> Vec<Effect> {
        let mut effects = Vec::new();
        // After the thanks the answer is complete; late events are ignored.
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
                    // In `Step::Sending` the new score is sent with the answer. During an attempt it is sent
                    // when the attempt has ended.
                    if self.step != Step::Sending && !matches!(self.delivery, Delivery::Sending(_))
                    {
                        self.settle(rest, &mut effects);
                    }
                }
            }
            Event::Commented(comment) => {
                if matches!(self.step, Step::Commenting | Step::Failed | Step::Refused) {
                    // A changed comment is another answer, which can be sent.
                    if self.step == Step::Refused && self.comment != comment {
                        self.step = Step::Commenting;
                    }
                    self.comment = comment;
                }
            }
            Event::Edited => {
                if self.step == Step::Refused {
                    self.step = Step::Commenting;
                }
                self.edited = true;
            }
            Event::Submitted => {
                if matches!(self.step, Step::Commenting | Step::Failed) {
                    if self.edited
                        && let Some(last) = &mut self.last
                    {
                        // What follows says something else, whatever the comment says.
                        last.complete = false;
                    }
                    self.edited = false;
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
                // Unless an attempt is running already.
                if !matches!(self.delivery, Delivery::Sending(_)) && self.unsent() {
                    self.attempt(1, now, &mut effects);
                }
            }
        }
        effects
    }

    /// The content of the text box, as it would be sent.
    fn written(&self) -> Option<String> {
        let comment = attributes::trim(&self.comment);
        (!comment.is_empty()).then(|| comment.into())
    }

    /// The revision to send now: the current score, and the comment at the last press of Send, without later
    /// changes. `None` without a score.
    fn next_revision(&self, now: &str) -> Option<Revision> {
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

    /// Whether there is content that was never sent.
    fn untried(&self) -> bool {
        let wanted = self.next_revision("");
        wanted.is_some_and(|wanted| self.last.as_ref().is_none_or(|last| !last.says(&wanted)))
    }

    /// Whether there is content that the endpoint has not acknowledged.
    fn unsent(&self) -> bool {
        self.untried() || self.last.as_ref().is_some_and(|last| last.number > self.acknowledged)
    }

    /// Sends at once, or after the running attempt.
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

    /// Starts the wait of a score before it is sent.
    fn settle(&mut self, rest: u32, effects: &mut Vec<Effect>) {
        self.delivery = Delivery::Settling;
        self.timer += 1;
        effects.push(Effect::Timer(self.timer, rest));
    }

    /// Sends the last revision again if its content is still current, or else a new one.
    fn attempt(&mut self, attempt: u8, now: &str, effects: &mut Vec<Effect>) {
        // Invalidates the current timer.
        self.timer += 1;
        let Some(wanted) = self.next_revision(now) else {
            self.delivery = Delivery::Idle;
            return;
        };
        let revision = match &self.last {
            Some(last) if last.says(&wanted) => {
                if last.number <= self.acknowledged {
                    // The score was corrected, and corrected back: the endpoint has it already.
                    self.delivery = Delivery::Idle;
                    self.thank(effects);
                    return;
                }
                // A revision of the painted form cannot be repeated exactly, so a new one is sent.
                if last.sent_at.is_empty() { Box::new(wanted) } else { last.clone() }
            }
            _ => Box::new(wanted),
        };
        self.last = Some(revision.clone());
        if self.saved != one_more(revision.choice.score) {
            self.saved = 0;
        }
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

    /// The endpoint has everything that was sent. If that is the whole answer, shows the thanks.
    fn thank(&mut self, effects: &mut Vec<Effect>) {
        if matches!(self.step, Step::Failed | Step::Refused)
            && (self.edited
                || self.last.as_ref().is_some_and(|last| last.comment != self.written()))
        {
            // It arrived after all, but the customer has changed the comment since.
            self.step = Step::Commenting;
        } else if matches!(self.step, Step::Sending | Step::Failed | Step::Refused) {
            self.step = Step::Thanked;
            self.tell(Signal::Submitted, effects);
        }
    }

    /// Handles the end of an attempt.
    fn delivered(&mut self, number: u32, outcome: Outcome, now: &str, effects: &mut Vec<Effect>) {
        // Only the end of the last revision counts, and only while an attempt is running.
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
                self.saved = self.last.as_ref().map_or(0, |last| one_more(last.choice.score));
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
                    // When Send was pressed, another revision may have been under way (only the score, or an
                    // earlier comment): then this one has not been tried yet.
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

/// One more than a score, so that 0 stands for none. A handover may name any score.
const fn one_more(score: u8) -> u8 {
    score.wrapping_add(1)
}

#[cfg(test)]
mod tests;
