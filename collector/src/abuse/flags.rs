//! Which answers are implausible: flagged, and kept all the same.
//!
//! What a flag says is a guess, so nothing is refused or dropped for one. The answer carries it
//! (`crate::aside`), and whoever looks at the report decides whether flagged answers count. All that is
//! remembered for a guess is in memory, bounded, and hashed with a key that this process drew.

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

/// Answers of one network to one survey that are nothing unusual, and how many more each ten minutes.
/// Half a million orders a day and every second customer answering are 7 answers a second at the best
/// hour; of a large mobile carrier's 50 networks each sends 25 in ten minutes.
const OF_ONE_NETWORK: Usual = Usual { at_once: 60.0, a_second: 0.1 };
/// Answers to one survey that are nothing unusual, and how many more each second: three times that
/// hour's, for the minute in which a newsletter arrives.
const TO_ONE_SURVEY: Usual = Usual { at_once: 600.0, a_second: 20.0 };
/// Milliseconds. A tap sooner after the question was painted is nobody's: to see it and to move a finger
/// takes longer.
const FASTEST: i64 = 250;
/// How often a text may come within [`TEXTS_KEPT`] under different ids: of at least so many characters, so
/// often. Short praise is the same in many mouths.
const SAME_TEXTS: [(usize, u32); 2] = [(60, 3), (20, 30)];
const TEXTS_KEPT: Duration = Duration::from_secs(60 * 60);
/// So many answers to a survey have to have come, and of a hundred of them so many after their display,
/// before one without a display is unusual: not every page reports displays.
const USUAL_DISPLAYS: (u32, f64) = (50, 0.95);

/// How many counters of networks, of surveys, and of texts there are. Beyond, what is new is not counted
/// until one has run empty: an answer without a flag is better than memory without end.
const MOST_NETWORKS: usize = 4_096;
const MOST_SURVEYS: usize = 256;
const MOST_TEXTS: usize = 8_192;
/// How many ids are remembered by one counter.
const MOST_IDS: usize = 1_000;
/// How many displays are remembered. An answer that says it was shown before the oldest of them is not
/// judged by them.
const MOST_DISPLAYS: usize = 65_536;
/// How often counters that have run empty are looked for.
const SWEEP: Duration = Duration::from_secs(1);

/// What is thought of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) flags: Aside,
    /// Ids of answers of before to which the same flag belongs, as is known only now: the first ones of
    /// a flood look like any other.
    pub(crate) earlier: Vec<(Uuid, Flag)>,
}

impl Verdict {
    fn add(&mut self, flag: Flag, earlier: impl IntoIterator<Item = Uuid>) {
        self.flags = self.flags.with(flag.into());
        self.earlier.extend(earlier.into_iter().map(|id| (id, flag)));
    }
}

/// So many at once are nothing unusual, and so many more a second.
#[derive(Clone, Copy)]
struct Usual {
    at_once: f64,
    a_second: f64,
}

impl Usual {
    fn times(self, times: f64) -> Self {
        Self { at_once: self.at_once * times, a_second: self.a_second * times }
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

    fn run(&mut self, usual: Usual, now: Instant) {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.level = (self.level - passed * usual.a_second).max(0.0);
        self.at = now;
        while self.ids.len() as f64 > self.level.ceil() {
            self.ids.pop_front();
        }
    }

    /// Counts an answer. `Some` if it is one too many, with those of before that are so too.
    fn count(&mut self, id: Uuid, usual: Usual, now: Instant) -> Option<Vec<Uuid>> {
        self.run(usual, now);
        if self.ids.contains(&id) {
            return None;
        }
        // A flood that is over is forgotten after a while, however much of it there was.
        self.level = (self.level + 1.0).min(2.0 * usual.at_once);
        if self.level > usual.at_once {
            return Some(self.ids.drain(..).collect());
        }
        if self.ids.len() == MOST_IDS {
            self.ids.pop_front();
        }
        self.ids.push_back(id);
        None
    }
}

/// Under which ids a text came.
struct Text {
    ids: Vec<Uuid>,
    is_everywhere: bool,
    since: Instant,
}

/// How many answers to a survey came, and which part of them after their display.
#[derive(Clone, Copy, Default)]
struct Share {
    answers: u32,
    displayed: f64,
}

/// Values by a hash, not more than so many.
struct Bounded<T> {
    most: usize,
    swept: Option<Instant>,
    all: HashMap<u64, T>,
}

impl<T> Bounded<T> {
    fn new(most: usize) -> Self {
        Self { most, swept: None, all: HashMap::new() }
    }

    /// The value of a key, made if need be; `None` if there is no room for it.
    fn of(
        &mut self,
        key: u64,
        now: Instant,
        is_spent: impl Fn(&mut T) -> bool,
        make: impl FnOnce() -> T,
    ) -> Option<&mut T> {
        if self.all.len() >= self.most && !self.all.contains_key(&key) {
            let since = self.swept.map(|swept| now.saturating_duration_since(swept));
            if since.is_none_or(|since| since >= SWEEP) {
                self.swept = Some(now);
                self.all.retain(|_, value| !is_spent(value));
            }
            if self.all.len() >= self.most {
                return None;
            }
        }
        Some(self.all.entry(key).or_insert_with(make))
    }
}

/// Displays of a moment ago.
#[derive(Default)]
struct Displays {
    known: HashSet<u64>,
    order: VecDeque<(u64, Timestamp)>,
    /// Since when every display is known.
    whole_since: Option<Timestamp>,
}

struct Seen {
    networks: Bounded<Bucket>,
    surveys: Bounded<Bucket>,
    texts: Bounded<Text>,
    displays: Displays,
    shares: Bounded<Share>,
}

/// Watches what comes in.
pub(crate) struct Watch {
    /// How much busier than usual the shop is; `None` if nothing is flagged.
    times: Option<f64>,
    keys: RandomState,
    seen: Mutex<Seen>,
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
            seen: Mutex::new(Seen {
                networks: Bounded::new(MOST_NETWORKS),
                surveys: Bounded::new(MOST_SURVEYS),
                texts: Bounded::new(MOST_TEXTS),
                displays: Displays::default(),
                shares: Bounded::new(MOST_SURVEYS),
            }),
        }
    }

    /// A display that came in.
    pub(crate) fn note(&self, display: &Display, now: Timestamp) {
        if self.times.is_none() || display.display != Step::Shown {
            return;
        }
        let Ok(id) = Uuid::parse_str(&display.id) else { return };
        let key = self.keys.hash_one(id);
        let displays = &mut self.seen().displays;
        displays.whole_since.get_or_insert(now);
        if displays.known.insert(key) {
            displays.order.push_back((key, now));
        }
        if displays.order.len() > MOST_DISPLAYS
            && let Some((oldest, at)) = displays.order.pop_front()
        {
            displays.known.remove(&oldest);
            displays.whole_since = Some(at);
        }
    }

    /// What is to be thought of an answer that came in at `time`; `now` is the same by the clock that
    /// nobody sets.
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
        let mut seen = self.seen();
        if let Some(network) = network {
            let key = self.keys.hash_one((network, &answer.survey));
            if let Some(earlier) =
                count(&mut seen.networks, key, id, OF_ONE_NETWORK.times(times), now)
            {
                verdict.add(Flag::OneNetwork, earlier);
            }
        }
        let survey = self.keys.hash_one(&answer.survey);
        if let Some(earlier) = count(&mut seen.surveys, survey, id, TO_ONE_SURVEY.times(times), now)
        {
            verdict.add(Flag::Flood, earlier);
        }
        if let Some(earlier) = self.repeated(&mut seen.texts, answer, id, times, now) {
            verdict.add(Flag::SameText, earlier);
        }
        if is_too_fast(answer) {
            verdict.add(Flag::TooFast, []);
        }
        let is_known = seen.displays.known.contains(&self.keys.hash_one(id));
        let should_be_known = seen.displays.whole_since.is_some_and(|since| {
            answer.shown_at.parse().is_ok_and(|shown: Timestamp| since <= shown && shown <= time)
        });
        if (is_known || should_be_known)
            && let Some(share) = seen.shares.of(survey, now, |_| false, Share::default)
            && share.is_broken_by(is_known)
        {
            verdict.add(Flag::NoDisplay, []);
        }
        verdict
    }

    /// If an answer's words came under too many ids, those of them that are not flagged yet.
    fn repeated(
        &self,
        texts: &mut Bounded<Text>,
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
        let (_, often) = SAME_TEXTS.into_iter().find(|(shortest, _)| length >= *shortest)?;
        let key = self.keys.hash_one((&answer.survey, words));
        let is_old = |text: &Text| now.saturating_duration_since(text.since) >= TEXTS_KEPT;
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
        if !is_too_often && text.ids.len() < MOST_IDS {
            return None;
        }
        text.is_everywhere = true;
        let mut earlier = std::mem::take(&mut text.ids);
        earlier.retain(|known| *known != id);
        Some(earlier)
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        // What a panic elsewhere left can still be counted on.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn count(
    buckets: &mut Bounded<Bucket>,
    key: u64,
    id: Uuid,
    usual: Usual,
    now: Instant,
) -> Option<Vec<Uuid>> {
    let is_empty = |bucket: &mut Bucket| {
        bucket.run(usual, now);
        bucket.level == 0.0
    };
    buckets.of(key, now, is_empty, || Bucket::new(now))?.count(id, usual, now)
}

impl Share {
    /// Counts an answer, unless it has no display where they always have one.
    fn is_broken_by(&mut self, has_display: bool) -> bool {
        let (answers, displayed) = USUAL_DISPLAYS;
        if !has_display && self.answers >= answers && self.displayed >= displayed {
            // It teaches nothing: a flood must not become the usual.
            return true;
        }
        self.answers = self.answers.saturating_add(1);
        let weight = 1.0 / f64::from(self.answers.min(200));
        self.displayed += (f64::from(u8::from(has_display)) - self.displayed) * weight;
        false
    }
}

/// Whether the score was tapped before anybody could. Both times are the sender's, by one clock; a
/// program that has only one of them sends it twice.
fn is_too_fast(answer: &Response) -> bool {
    let time = |text: &str| text.parse().map(Timestamp::as_millisecond).ok();
    let (Some(shown), Some(scored)) = (time(&answer.shown_at), time(&answer.scored_at)) else {
        return false;
    };
    scored != shown && scored.saturating_sub(shown) < FASTEST
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
        // But for those few that were nothing unusual yet when it began.
        assert!((4_700..=4_708).contains(&flagged.len()), "{}", flagged.len());
        // An hour later all is as before.
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
    fn the_same_long_text_is_nobodys_own() {
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
        shop.now += TEXTS_KEPT;
        assert_eq!(shop.flags(&answer(6, text), None), []);
    }

    #[test]
    fn nobody_taps_before_the_question_was_seen() {
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
    fn where_displays_are_always_reported_one_without_is_flagged() {
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
        let seen = shop.watch.seen();
        assert_eq!(seen.networks.all.len(), MOST_NETWORKS);
        assert_eq!(seen.surveys.all.len(), MOST_SURVEYS);
        assert_eq!(seen.texts.all.len(), MOST_TEXTS);
        assert_eq!(seen.displays.known.len(), MOST_DISPLAYS);
        assert_eq!(seen.displays.order.len(), MOST_DISPLAYS);
    }
}
