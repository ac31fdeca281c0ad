//! Duplicate detection for plain HTML forms (double click, reload), which have no revision numbers.
//!
//! A double click sends the same form again before the first answer has arrived; a reload of a failed page
//! sends it later. Each form is remembered for a short time, in memory, as a hash with a random key of this
//! process: neither its content nor its sender can be read from it. A repeat gets the id of the first form,
//! so that the store keeps one response, and the secret of its answer's page, so that each of the two leads the customer
//! there.

use std::{
    collections::{HashMap, HashSet, VecDeque, hash_map::Entry},
    hash::{BuildHasher as _, Hash, RandomState},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::access::secret::Secret;

/// For how long an equal form of an unknown customer counts as a double click. Two customers with the same kind of
/// browser may send the same score, but hardly within this time.
const DOUBLE_CLICK_TIME: Duration = Duration::from_secs(10);
/// How long a form is remembered that names an order or a customer, which identifies its sender.
const NAMED_REMEMBERED: Duration = Duration::from_secs(10 * 60);
/// Forms in memory. If there are more, a repeat may be stored twice, but no answer is lost.
const MAX_FORMS_REMEMBERED: usize = 10_000;

/// Whether a form identifies its customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FormOwner {
    /// It names an order, a customer or its own id: another answer with the same one is a correction.
    Named,
    /// Nothing identifies its customer: only an equal answer is a repeat.
    Anybodys,
}

/// The hash by which a form is recognised again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    key: u64,
    content: u64,
    keep: Duration,
}

/// The id and revision under which a form is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) id: String,
    pub(crate) revision: u32,
    /// The secret of its answer's page, if it gets one. The store has only the hash, so that nobody else can lead a repeat
    /// there.
    pub(crate) secret: Option<Secret>,
}

impl Place {
    /// The place of a form that was not sent before.
    pub(crate) const fn first(id: String, secret: Option<Secret>) -> Self {
        Self { id, revision: 1, secret }
    }
}

struct SentForm {
    place: Place,
    content: u64,
    until: Instant,
}

/// The forms of the last minutes.
#[derive(Default)]
pub(crate) struct Repeats {
    keys: RandomState,
    sent: Mutex<HashMap<u64, SentForm>>,
}

impl Repeats {
    /// The mark of a form with `content` from `sender`.
    pub(crate) fn mark(&self, whose: FormOwner, sender: impl Hash, content: impl Hash) -> Mark {
        let content = self.keys.hash_one(content);
        match whose {
            FormOwner::Named => {
                Mark { key: self.keys.hash_one((sender, "")), content, keep: NAMED_REMEMBERED }
            }
            FormOwner::Anybodys => Mark {
                key: self.keys.hash_one((sender, content)),
                content,
                keep: DOUBLE_CLICK_TIME,
            },
        }
    }

    /// The place for a form: that of the first form if this is a repeat, one revision higher if this is a
    /// correction, and otherwise `first`. A correction can be the first form that asks for a page.
    pub(crate) fn place(&self, mark: Mark, first: Place, now: Instant) -> Place {
        let mut sent = self.sent();
        sent.retain(|_, sent| sent.until > now);
        let is_full = sent.len() >= MAX_FORMS_REMEMBERED;
        match sent.entry(mark.key) {
            Entry::Occupied(mut entry) => {
                let sent = entry.get_mut();
                if sent.content != mark.content {
                    sent.content = mark.content;
                    sent.place.revision += 1;
                }
                if sent.place.secret.is_none() {
                    sent.place.secret = first.secret;
                }
                sent.place.clone()
            }
            Entry::Vacant(entry) => {
                if !is_full {
                    let until = now + mark.keep;
                    entry.insert(SentForm { place: first.clone(), content: mark.content, until });
                }
                first
            }
        }
    }

    /// Another place for a form, because `taken` belongs to another customer: `first`, or the place that a
    /// repeat got meanwhile. `None` if the form was corrected since: then only the correction counts.
    pub(crate) fn move_on(&self, mark: Mark, taken: &Place, first: Place) -> Option<Place> {
        let mut sent = self.sent();
        let Some(entry) = sent.get_mut(&mark.key) else {
            return Some(first);
        };
        if entry.place.id == taken.id {
            if entry.place.revision > taken.revision {
                return None;
            }
            entry.place = first;
        }
        Some(entry.place.clone())
    }

    fn sent(&self) -> MutexGuard<'_, HashMap<u64, SentForm>> {
        // The map stays usable if another thread panicked while it held the lock.
        self.sent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The answers that were refused lately. The revisions of one answer are refused one after the other, but count as one
/// refusal. An answer that has been forgotten may be counted twice.
#[derive(Default)]
pub(crate) struct RefusedAnswers {
    keys: RandomState,
    ids: Mutex<(HashSet<u64>, VecDeque<u64>)>,
}

impl RefusedAnswers {
    /// Whether none of this answer's revisions was refused before.
    pub(crate) fn is_new(&self, survey: &str, id: &str) -> bool {
        let key = self.keys.hash_one((survey, id));
        let mut ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        let (known, order) = &mut *ids;
        if !known.insert(key) {
            return false;
        }
        order.push_back(key);
        if order.len() > MAX_FORMS_REMEMBERED
            && let Some(oldest) = order.pop_front()
        {
            known.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn place(repeats: &Repeats, mark: Mark, id: &str, now: Instant) -> (String, u32) {
        let Place { id, revision, .. } = repeats.place(mark, first(id), now);
        (id, revision)
    }

    fn first(id: &str) -> Place {
        Place::first(id.into(), None)
    }

    #[test]
    fn a_double_click_is_one_answer_and_the_next_customers_is_another() {
        let (repeats, now) = (Repeats::default(), Instant::now());
        let mark = |sender, said| repeats.mark(FormOwner::Anybodys, sender, said);
        assert_eq!(place(&repeats, mark("kim", 9), "a", now), ("a".into(), 1));
        assert_eq!(place(&repeats, mark("kim", 9), "b", now + SECOND), ("a".into(), 1));
        assert_eq!(place(&repeats, mark("kim", 8), "c", now + SECOND), ("c".into(), 1));
        assert_eq!(place(&repeats, mark("lou", 9), "d", now + SECOND), ("d".into(), 1));
        assert_eq!(place(&repeats, mark("kim", 9), "e", now + DOUBLE_CLICK_TIME), ("e".into(), 1));
    }

    #[test]
    fn a_form_that_names_its_customer_is_a_correction() {
        let (repeats, now) = (Repeats::default(), Instant::now());
        let mark = |said| repeats.mark(FormOwner::Named, "order 1", said);
        assert_eq!(place(&repeats, mark(3), "a", now), ("a".into(), 1));
        assert_eq!(place(&repeats, mark(8), "b", now + 60 * SECOND), ("a".into(), 2));
        assert_eq!(place(&repeats, mark(8), "c", now + 61 * SECOND), ("a".into(), 2));
        assert_eq!(place(&repeats, mark(8), "d", now + NAMED_REMEMBERED), ("d".into(), 1));
    }

    #[test]
    fn a_taken_place_is_left_once_however_often_the_form_was_sent() {
        let (repeats, now) = (Repeats::default(), Instant::now());
        let mark = repeats.mark(FormOwner::Named, "an id from a cached page", 3);
        let taken = repeats.place(mark, first("cached"), now);
        let moved = repeats.move_on(mark, &taken, first("a"));
        assert_eq!(moved, Some(first("a")));
        assert_eq!(repeats.move_on(mark, &taken, first("b")), moved, "the double click");
        assert_eq!(place(&repeats, mark, "cached", now), ("a".into(), 1), "a third one");
    }

    #[test]
    fn a_form_that_was_corrected_meanwhile_keeps_its_place() {
        let (repeats, now) = (Repeats::default(), Instant::now());
        let slow = repeats.mark(FormOwner::Named, "order 1", 3);
        let taken = repeats.place(slow, first("a"), now);
        repeats.place(repeats.mark(FormOwner::Named, "order 1", 8), first("b"), now);
        assert_eq!(repeats.move_on(slow, &taken, first("c")), None);
    }

    #[test]
    fn a_repeat_and_a_correction_get_the_secret_of_the_first_form_that_has_one() {
        let (repeats, now) = (Repeats::default(), Instant::now());
        let secret = || Some(Secret::new("").unwrap());
        let secret_of = |said, secret| {
            let mark = repeats.mark(FormOwner::Named, "order 1", said);
            repeats.place(mark, Place::first("a".into(), secret), now).secret
        };
        assert_eq!(secret_of(3, None), None);
        let made = secret();
        assert_eq!(secret_of(8, made.clone()), made);
        assert_eq!(secret_of(8, secret()), made);
        assert_eq!(secret_of(9, None), made);
    }

    #[test]
    fn a_flood_fills_no_memory_and_loses_no_answer() {
        let (repeats, now) = (Repeats::default(), Instant::now());
        for number in 0..MAX_FORMS_REMEMBERED + 10 {
            let id = number.to_string();
            let mark = repeats.mark(FormOwner::Anybodys, "bot", number);
            assert_eq!(repeats.place(mark, first(&id), now).id, id);
        }
        assert_eq!(repeats.sent().len(), MAX_FORMS_REMEMBERED);
        let mark = repeats.mark(FormOwner::Anybodys, "kim", 1);
        repeats.place(mark, first("a"), now + DOUBLE_CLICK_TIME);
        assert_eq!(repeats.sent().len(), 1, "what is past its time is forgotten");
    }

    #[test]
    fn an_answer_is_refused_once_and_the_memory_is_limited() {
        let refused = RefusedAnswers::default();
        assert!(refused.is_new("order", "a"));
        assert!(!refused.is_new("order", "a"));
        assert!(refused.is_new("website", "a"));
        for id in 0..MAX_FORMS_REMEMBERED {
            assert!(refused.is_new("order", &id.to_string()));
        }
        assert_eq!(refused.ids.lock().unwrap().1.len(), MAX_FORMS_REMEMBERED);
        assert!(refused.is_new("order", "a"), "forgotten");
    }
}
