//! Flags answers that are implausible. Flagged answers are stored like all others.
//!
//! A flag is a guess, so no answer is refused or dropped because of one. The answer carries its flags
//! (`crate::aside`), and the reader of the report decides whether flagged answers count. The counters
//! behind the guesses are in memory, bounded, and keyed by hashes with a random key of this process.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    hash::{BuildHasher as _, RandomState},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use afterword_response::{Display, Response, display::Step};
use jiff::Timestamp;
use uuid::Uuid;

use super::{Limits, network::Network};
use crate::aside::{Aside, Flag};

/// Answers that one network may give to one survey before they are flagged. For scale: a shop with half a
/// million orders a day, every second customer answering, gets 7 answers a second in its best hour; each
/// of a large mobile carrier's 50 networks then sends 25 in ten minutes.
const MAX_FROM_NETWORK: PlausibleRate = PlausibleRate { burst: 60.0, per_second: 0.1 };
/// Answers that one survey may get before they are flagged: three times that hour's rate, for the minute
/// in which a newsletter arrives.
const MAX_TO_SURVEY: PlausibleRate = PlausibleRate { burst: 600.0, per_second: 20.0 };
/// Milliseconds from the painted question to the tapped score. Nobody sees the question and moves a finger
/// in less.
const MIN_MILLIS_TO_SCORE: i64 = 250;
/// Pairs of a text's length (in characters, at least) and the number of answers that may share such a text
/// within [`TEXT_MEMORY`] before it is flagged. Many customers write the same short praise.
const MAX_SAME_TEXTS: [(usize, u32); 2] = [(60, 3), (20, 30)];
/// How long a text is remembered.
const TEXT_MEMORY: Duration = Duration::from_secs(60 * 60);
/// An answer without a display is flagged only if its survey has at least this many answers,
const MIN_ANSWERS_TO_EXPECT_DISPLAYS: u32 = 50;
/// and at least this share of them followed a display. Some pages report no displays at all.
const MIN_DISPLAYED_SHARE: f64 = 0.95;

/// Counters of networks, surveys and texts in memory. While all are in use, a new network, survey or text
/// is not counted: a missing flag does less harm than unbounded memory.
const MAX_NETWORKS: usize = 4_096;
const MAX_SURVEYS: usize = 256;
const MAX_TEXTS: usize = 8_192;
/// Ids that one counter remembers.
const MAX_IDS_PER_COUNTER: usize = 1_000;
/// Displays in memory. An answer whose question was shown before the oldest of them gets no
/// [`Flag::NoDisplay`].
const MAX_DISPLAYS: usize = 65_536;
/// Time between two searches for counters that can be freed.
const SWEEP_INTERVAL: Duration = Duration::from_secs(1);

/// The flags for an answer, and flags for earlier answers that became clear with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) flags: Aside,
    /// Ids of earlier answers that get the same flag now: the first answers of a flood looked like any other.
    pub(crate) earlier: Vec<(Uuid, Flag)>,
}

impl Verdict {
    fn add(&mut self, flag: Flag, earlier: impl IntoIterator<Item = Uuid>) {
        self.flags = self.flags.with(flag.into());
        self.earlier.extend(earlier.into_iter().map(|id| (id, flag)));
    }
}

/// Answers up to this rate are plausible: `burst` at once, and `per_second` more each second.
#[derive(Clone, Copy)]
struct PlausibleRate {
    burst: f64,
    per_second: f64,
}

impl PlausibleRate {
    fn times(self, times: f64) -> Self {
        Self { burst: self.burst * times, per_second: self.per_second * times }
    }
}

/// A counter that runs empty at a steady rate, and the ids that filled it.
struct Bucket {
    level: f64,
    at: Instant,
    ids: VecDeque<Uuid>,
}

impl Bucket {
    const fn new(now: Instant) -> Self {
        Self { level: 0.0, at: now, ids: VecDeque::new() }
    }

    fn run(&mut self, rate: PlausibleRate, now: Instant) {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.level = (self.level - passed * rate.per_second).max(0.0);
        self.at = now;
        while self.ids.len() as f64 > self.level.ceil() {
            self.ids.pop_front();
        }
    }

    /// Counts an answer. Returns `Some` if the rate is exceeded, with the earlier ids that belong to the flood.
    fn count(&mut self, id: Uuid, rate: PlausibleRate, now: Instant) -> Option<Vec<Uuid>> {
        self.run(rate, now);
        if self.ids.contains(&id) {
            return None;
        }
        // The cap lets the counter recover soon after a flood, however long the flood was.
        self.level = (self.level + 1.0).min(2.0 * rate.burst);
        if self.level > rate.burst {
            return Some(self.ids.drain(..).collect());
        }
        if self.ids.len() == MAX_IDS_PER_COUNTER {
            self.ids.pop_front();
        }
        self.ids.push_back(id);
        None
    }
}

/// The ids of the answers that have one text.
struct Text {
    ids: Vec<Uuid>,
    is_everywhere: bool,
    since: Instant,
}

/// The number of answers to a survey, and the share (0 to 1) of them that followed a display.
#[derive(Clone, Copy, Default)]
struct Share {
    answers: u32,
    displayed: f64,
}

/// A map from hashes to values that holds at most `max` of them.
struct BoundedMap<T> {
    max: usize,
    swept: Option<Instant>,
    all: HashMap<u64, T>,
}

impl<T> BoundedMap<T> {
    fn new(max: usize) -> Self {
        Self { max, swept: None, all: HashMap::new() }
    }

    /// The value of `key`, made by `make` if it is new; `None` if the map is full.
    fn of(
        &mut self,
        key: u64,
        now: Instant,
        is_spent: impl Fn(&mut T) -> bool,
        make: impl FnOnce() -> T,
    ) -> Option<&mut T> {
        if self.all.len() >= self.max && !self.all.contains_key(&key) {
            let since = self.swept.map(|swept| now.saturating_duration_since(swept));
            if since.is_none_or(|since| since >= SWEEP_INTERVAL) {
                self.swept = Some(now);
                self.all.retain(|_, value| !is_spent(value));
            }
            if self.all.len() >= self.max {
                return None;
            }
        }
        Some(self.all.entry(key).or_insert_with(make))
    }
}

/// The latest displays.
#[derive(Default)]
struct Displays {
    known: HashSet<u64>,
    order: VecDeque<(u64, Timestamp)>,
    /// Every display since this moment is in `known`.
    complete_since: Option<Timestamp>,
}

struct Counters {
    networks: BoundedMap<Bucket>,
    surveys: BoundedMap<Bucket>,
    texts: BoundedMap<Text>,
    displays: Displays,
    shares: BoundedMap<Share>,
}

/// Judges answers as they arrive.
pub(crate) struct Watch {
    /// What all rates are multiplied by, for a busy shop; `None` if nothing is flagged.
    times: Option<f64>,
    keys: RandomState,
    counters: Mutex<Counters>,
}

impl Watch {
    pub(crate) fn new(limits: Limits) -> Self {
        let times = match limits {
            Limits::Times(times) => Some(f64::from(times.max(1))),
            Limits::Off => None,
        };
        Self {
            times,
            keys: RandomState::new(),
            counters: Mutex::new(Counters {
                networks: BoundedMap::new(MAX_NETWORKS),
                surveys: BoundedMap::new(MAX_SURVEYS),
                texts: BoundedMap::new(MAX_TEXTS),
                displays: Displays::default(),
                shares: BoundedMap::new(MAX_SURVEYS),
            }),
        }
    }

    /// Remembers a display that arrived.
    pub(crate) fn note(&self, display: &Display, now: Timestamp) {
        if self.times.is_none() || display.display != Step::Shown {
            return;
        }
        let Ok(id) = Uuid::parse_str(&display.id) else { return };
        let key = self.keys.hash_one(id);
        let displays = &mut self.counters().displays;
        displays.complete_since.get_or_insert(now);
        if displays.known.insert(key) {
            displays.order.push_back((key, now));
        }
        if displays.order.len() > MAX_DISPLAYS
            && let Some((oldest, at)) = displays.order.pop_front()
        {
            displays.known.remove(&oldest);
            displays.complete_since = Some(at);
        }
    }

    /// Flags an answer that arrived at `time`; `now` is the same moment by the monotonic clock.
    pub(crate) fn judge(
        &self,
        answer: &Response,
        network: Option<Network>,
        time: Timestamp,
        now: Instant,
    ) -> Verdict {
        let mut verdict = Verdict::default();
        let Some(times) = self.times else { return verdict };
        let Ok(id) = Uuid::parse_str(&answer.id) else { return verdict };
        let mut counters = self.counters();
        if let Some(network) = network {
            let key = self.keys.hash_one((network, &answer.survey));
            if let Some(earlier) =
                count(&mut counters.networks, key, id, MAX_FROM_NETWORK.times(times), now)
            {
                verdict.add(Flag::OneNetwork, earlier);
            }
        }
        let survey = self.keys.hash_one(&answer.survey);
        if let Some(earlier) =
            count(&mut counters.surveys, survey, id, MAX_TO_SURVEY.times(times), now)
        {
            verdict.add(Flag::Flood, earlier);
        }
        if let Some(earlier) = self.repeated(&mut counters.texts, answer, id, times, now) {
            verdict.add(Flag::SameText, earlier);
        }
        if is_too_fast(answer) {
            verdict.add(Flag::TooFast, []);
        }
        let is_known = counters.displays.known.contains(&self.keys.hash_one(id));
        let should_be_known = counters.displays.complete_since.is_some_and(|since| {
            answer.shown_at.parse().is_ok_and(|shown: Timestamp| since <= shown && shown <= time)
        });
        if (is_known || should_be_known)
            && let Some(share) = counters.shares.of(survey, now, |_| false, Share::default)
            && share.is_broken_by(is_known)
        {
            verdict.add(Flag::NoDisplay, []);
        }
        verdict
    }

    /// The earlier ids with the same text, if there are too many of them and they are not flagged yet.
    fn repeated(
        &self,
        texts: &mut BoundedMap<Text>,
        answer: &Response,
        id: Uuid,
        times: f64,
        now: Instant,
    ) -> Option<Vec<Uuid>> {
        let words: String = answer
            .comment
            .as_deref()?
            .chars()
            .filter(|it| it.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect();
        let length = words.chars().count();
        let (_, often) = MAX_SAME_TEXTS.into_iter().find(|(shortest, _)| length >= *shortest)?;
        let key = self.keys.hash_one((&answer.survey, words));
        let is_old = |text: &Text| now.saturating_duration_since(text.since) >= TEXT_MEMORY;
        let new = || Text { ids: Vec::new(), is_everywhere: false, since: now };
        let text = texts.of(key, now, |text| is_old(text), new)?;
        if is_old(text) {
            *text = new();
        }
        if text.is_everywhere {
            return Some(Vec::new());
        }
        if !text.ids.contains(&id) {
            text.ids.push(id);
        }
        let is_too_often = text.ids.len() as f64 >= f64::from(often) * times;
        if !is_too_often && text.ids.len() < MAX_IDS_PER_COUNTER {
            return None;
        }
        text.is_everywhere = true;
        let mut earlier = std::mem::take(&mut text.ids);
        earlier.retain(|known| *known != id);
        Some(earlier)
    }

    fn counters(&self) -> MutexGuard<'_, Counters> {
        // The counters stay usable if another thread panicked while it held the lock.
        self.counters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn count(
    buckets: &mut BoundedMap<Bucket>,
    key: u64,
    id: Uuid,
    rate: PlausibleRate,
    now: Instant,
) -> Option<Vec<Uuid>> {
    let is_empty = |bucket: &mut Bucket| {
        bucket.run(rate, now);
        bucket.level == 0.0
    };
    buckets.of(key, now, is_empty, || Bucket::new(now))?.count(id, rate, now)
}

impl Share {
    /// Counts an answer, and returns whether it lacks a display that the survey's answers normally have.
    fn is_broken_by(&mut self, has_display: bool) -> bool {
        if !has_display
            && self.answers >= MIN_ANSWERS_TO_EXPECT_DISPLAYS
            && self.displayed >= MIN_DISPLAYED_SHARE
        {
            // Not counted, so that a flood cannot lower the expected share.
            return true;
        }
        self.answers = self.answers.saturating_add(1);
        let weight = 1.0 / f64::from(self.answers.min(200));
        self.displayed += (f64::from(u8::from(has_display)) - self.displayed) * weight;
        false
    }
}

/// Whether the score was tapped faster than a person can do it. Both times come from the sender's clock. Equal
/// times do not count, because a program that knows only one of the times sends it twice.
fn is_too_fast(answer: &Response) -> bool {
    let time = |text: &str| text.parse().map(Timestamp::as_millisecond).ok();
    let (Some(shown), Some(scored)) = (time(&answer.shown_at), time(&answer.scored_at)) else {
        return false;
    };
    scored != shown && scored.saturating_sub(shown) < MIN_MILLIS_TO_SCORE
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use afterword_response::receive::{Message, from_json};
    use serde_json::json;

    use super::*;

    const HOME: Option<Network> = Some(Network::V4([203, 0, 113]));
    const SECOND: Duration = Duration::from_secs(1);

    fn id(number: u32) -> Uuid {
        Uuid::parse_str(&format!("0192f0c1-0000-7000-8000-{number:012}")).unwrap()
    }

    /// An answer whose score came three seconds after the question.
    fn answer(number: u32, comment: &str) -> Response {
        let value = json!({
            "version": 1, "id": id(number).to_string(), "revision": 1, "complete": true,
            "survey": "post-purchase", "touchpoint": "order", "score": 10, "comment": comment,
            "shown_at": "2026-11-21T17:00:00.000Z", "scored_at": "2026-11-21T17:00:03.000Z",
            "sent_at": "2026-11-21T17:00:03.400Z", "page": "https://shop.example/", "locale": "en",
            "method": { "question": "?", "low_label": "l", "high_label": "h", "layout": "one-row",
                        "mode": "inline", "release": "0.1.0" }
        });
        from_json(value.to_string().as_bytes()).unwrap().message
    }

    fn display(number: u32) -> Display {
        let value = json!({
            "version": 1, "id": id(number).to_string(), "display": "shown", "survey": "post-purchase",
            "touchpoint": "order", "at": "2026-11-21T17:00:00.000Z", "page": "https://shop.example/",
            "locale": "en"
        });
        match Message::from_json(value.to_string().as_bytes()).unwrap().message {
            Message::Display(display) => display,
            other => panic!("{other:?}"),
        }
    }

    struct Shop {
        watch: Watch,
        now: Instant,
        time: Timestamp,
    }

    impl Shop {
        fn new(limits: Limits) -> Self {
            let time = "2026-11-21T17:00:04Z".parse().unwrap();
            Self { watch: Watch::new(limits), now: Instant::now(), time }
        }

        fn judge(&self, answer: &Response, network: Option<Network>) -> Verdict {
            self.watch.judge(answer, network, self.time, self.now)
        }

        fn flags(&self, answer: &Response, network: Option<Network>) -> Vec<Flag> {
            self.judge(answer, network).flags.flags().collect()
        }
    }

    #[test]
    fn the_first_of_a_flood_are_flagged_with_the_rest() {
        let mut shop = Shop::new(Limits::default());
        let mut flagged = HashSet::new();
        for number in 0..4_708 {
            shop.now += SECOND * 3 / 4_708;
            let verdict = shop.judge(&answer(number, ""), None);
            flagged.extend(verdict.earlier.iter().map(|(id, _)| *id));
            if verdict.flags.flags().any(|flag| flag == Flag::Flood) {
                flagged.insert(id(number));
            }
        }
        // The first few arrived before the rate was exceeded.
        assert!((4_700..=4_708).contains(&flagged.len()), "{}", flagged.len());
        // An hour later the network may send again.
        shop.now += 3_600 * SECOND;
        assert_eq!(shop.judge(&answer(5_000, ""), None), Verdict::default());
    }

    #[test]
    fn the_best_day_of_a_busy_shop_has_no_flags() {
        let mut shop = Shop::new(Limits::default());
        // Seven answers a second for an hour, from 50 networks of a carrier and from elsewhere.
        for number in 0..7 * 3_600 {
            shop.now += SECOND / 7;
            let carriers = number % 3 == 0;
            let network = u8::try_from(number / 3 % 50).unwrap();
            let network = carriers.then_some(Network::V4([198, 51, network]));
            let text = ["Alles super, gerne wieder!", "", "Schnell und gut."][number as usize % 3];
            let text = if number % 5_000 == 0 { text } else { "" };
            assert_eq!(shop.judge(&answer(number, text), network), Verdict::default(), "{number}");
        }
    }

    #[test]
    fn many_of_one_network_are_flagged_and_corrections_are_not_counted() {
        let shop = Shop::new(Limits::default());
        for number in 0..60 {
            for _ in 0..3 {
                assert_eq!(shop.flags(&answer(number, ""), HOME), []);
            }
        }
        let verdict = shop.judge(&answer(60, ""), HOME);
        assert_eq!(verdict.flags.flags().collect::<Vec<_>>(), [Flag::OneNetwork]);
        assert_eq!(verdict.earlier.len(), 60);
        assert_eq!(shop.judge(&answer(61, ""), HOME).earlier, []);
        assert_eq!(shop.flags(&answer(62, ""), Some(Network::V4([198, 51, 100]))), []);
        let busy = Shop::new(Limits::Times(2));
        assert!((0..120).all(|number| busy.flags(&answer(number, ""), HOME).is_empty()));
        assert_eq!(busy.flags(&answer(120, ""), HOME), [Flag::OneNetwork]);
        let off = Shop::new(Limits::Off);
        assert!((0..2_000).all(|number| off.flags(&answer(number, ""), HOME).is_empty()));
    }

    #[test]
    fn the_same_long_text_from_several_customers_is_flagged() {
        let mut shop = Shop::new(Limits::default());
        let text = "This is by far the best shop that I have ever ordered from, truly wonderful!";
        assert_eq!(shop.flags(&answer(1, text), None), []);
        assert_eq!(shop.flags(&answer(1, text), None), [], "a correction");
        assert_eq!(shop.flags(&answer(2, &text.to_uppercase()), None), []);
        let verdict = shop.judge(&answer(3, &format!("{text} ")), None);
        assert_eq!(verdict.flags.flags().collect::<Vec<_>>(), [Flag::SameText]);
        assert_eq!(verdict.earlier, [(id(1), Flag::SameText), (id(2), Flag::SameText)]);
        assert_eq!(shop.flags(&answer(4, text), None), [Flag::SameText]);
        assert_eq!(shop.flags(&answer(5, "Gut!"), None), []);
        shop.now += TEXT_MEMORY;
        assert_eq!(shop.flags(&answer(6, text), None), []);
    }

    #[test]
    fn a_tap_before_the_question_could_be_seen_is_flagged() {
        let shop = Shop::new(Limits::default());
        for (scored, expected) in [
            ("2026-11-21T17:00:00.000Z", false),
            ("2026-11-21T17:00:00.010Z", true),
            ("2026-11-21T16:59:59.000Z", true),
            ("2026-11-21T17:00:00.249Z", true),
            ("2026-11-21T17:00:00.250Z", false),
        ] {
            let mut answer = answer(1, "");
            answer.scored_at = scored.to_owned();
            let flags = shop.flags(&answer, None);
            assert_eq!(flags.contains(&Flag::TooFast), expected, "{scored}");
        }
    }

    #[test]
    fn an_answer_without_a_display_is_flagged_if_others_have_one() {
        let mut shop = Shop::new(Limits::default());
        shop.watch.note(&display(9_999), "2026-11-21T16:00:00Z".parse().unwrap());
        for number in 0..50 {
            assert_eq!(shop.flags(&answer(1_000 + number, ""), None), [], "not yet reported");
        }
        for number in 0..800 {
            shop.now += SECOND;
            shop.watch.note(&display(number), shop.time);
            assert_eq!(shop.flags(&answer(number, ""), None), []);
        }
        for number in 2_000..2_300 {
            shop.now += SECOND;
            assert_eq!(shop.flags(&answer(number, ""), None), [Flag::NoDisplay]);
        }
        let mut old = answer(3_000, "");
        old.shown_at = "2026-11-21T15:00:00.000Z".to_owned();
        assert_eq!(shop.flags(&old, None), [], "from before all was known");
    }

    #[test]
    fn a_flood_from_everywhere_fills_no_memory() {
        let shop = Shop::new(Limits::default());
        for number in 0..20_000_u32 {
            let [_, a, b, c] = number.to_be_bytes();
            let mut answer = answer(number, &format!("{number} has something to say about it"));
            answer.survey = number.to_string();
            shop.judge(&answer, Some(Network::V4([a, b, c])));
        }
        for number in 0..70_000 {
            shop.watch.note(&display(number), shop.time);
        }
        let counters = shop.watch.counters();
        assert_eq!(counters.networks.all.len(), MAX_NETWORKS);
        assert_eq!(counters.surveys.all.len(), MAX_SURVEYS);
        assert_eq!(counters.texts.all.len(), MAX_TEXTS);
        assert_eq!(counters.displays.known.len(), MAX_DISPLAYS);
        assert_eq!(counters.displays.order.len(), MAX_DISPLAYS);
    }
}
