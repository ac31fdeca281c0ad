//! The answers of a year of the demo shop, order by order.

use afterword_response::{CustomerKind, Touchpoint};
use fastrand::Rng;
use jiff::Timestamp;

use super::{
    answer::{answer, normal},
    journey::{Moment, Shopper, home, is_before_christmas, journey, manner, purchase, visited},
    shop::Year,
    words::Hand,
};
use crate::store::Stored;

/// Answers per order on average, a little too low: so too many answers are drawn, and the surplus is removed
/// to get the exact number.
const ANSWERS_AN_ORDER: f64 = 0.66;
/// The same, too high: so about a tenth too few answers are drawn, and the next round draws the rest.
const MOST_ANSWERS_AN_ORDER: f64 = 0.8;

/// Answers that are drawn and sorted at once. They take some hundred megabytes.
const MAX_AT_ONCE: usize = 50_000;
/// The orders of a part of a larger year: few, so that the first rows are soon there, and writing never waits for the next part.
const ORDERS_OF_A_PART: usize = 4_000;
/// Customers who are remembered, because they may return.
const MAX_REGULARS: usize = 100_000;

/// The answers of a year, a part at a time, so that the memory holds only one part however large the year is.
///
/// A round draws a whole year of orders in the order of their times, and about a tenth too few answers. The next round draws the
/// rest in the same way. The last one is small enough to be drawn at once and cut to the exact number. So every part of the
/// year has as many answers as its demand wants.
pub(super) struct Parts {
    year: Year,
    /// Answers that are still to be drawn.
    left: usize,
    round: Option<SortedShares>,
    is_first_round: bool,
    customers: Customers,
}

/// Some answers, in the order of their arrival.
pub(super) struct Part {
    pub(super) answers: Vec<Stored>,
    /// Whether the latest answers of the year are among them.
    pub(super) is_latest: bool,
}

impl Parts {
    pub(super) fn new(year: Year, count: usize) -> Self {
        let customers = Customers::new();
        Self { year, left: count, round: None, is_first_round: true, customers }
    }

    /// The next part; `None` after the last one.
    pub(super) fn next(&mut self, rng: &mut Rng) -> Option<Part> {
        let Self { year, left, round, is_first_round, customers } = self;
        if *left == 0 {
            return None;
        }
        let Some(times) = round else {
            if *left > MAX_AT_ONCE {
                *round = Some(SortedShares::new(orders(*left, MOST_ANSWERS_AN_ORDER)));
                return self.next(rng);
            }
            let answers = exactly(year, std::mem::take(left), customers, rng);
            return Some(Part { answers, is_latest: *is_first_round });
        };
        let part: Vec<Timestamp> = std::iter::from_fn(|| times.next(rng))
            .take(ORDERS_OF_A_PART)
            .map(|share| year.time_at(share))
            .collect();
        let is_last = times.left == 0;
        let mut answers = draw(year, part, customers, rng);
        answers.truncate(*left);
        *left -= answers.len();
        sort(&mut answers);
        let is_latest = is_last && *is_first_round;
        if is_last {
            (*round, *is_first_round) = (None, false);
        }
        Some(Part { answers, is_latest })
    }
}

/// Random numbers from 0 to 1, in ascending order, without a list of them.
struct SortedShares {
    last: f64,
    left: usize,
}

impl SortedShares {
    const fn new(count: usize) -> Self {
        Self { last: 0.0, left: count }
    }

    /// The smallest of `left` numbers between the last one and 1, which has a known distribution.
    fn next(&mut self, rng: &mut Rng) -> Option<f64> {
        if self.left == 0 {
            return None;
        }
        #[expect(clippy::cast_precision_loss, reason = "a number of orders")]
        let left = self.left as f64;
        self.last = 1.0 - (1.0 - self.last) * (1.0 - rng.f64()).powf(1.0 / left);
        self.left -= 1;
        Some(self.last)
    }
}

/// `count` answers of the year, in the order of their arrival.
#[cfg(test)]
pub(super) fn answers(year: &Year, count: usize, rng: &mut Rng) -> Vec<Stored> {
    exactly(year, count, &mut Customers::new(), rng)
}

fn exactly(year: &Year, count: usize, customers: &mut Customers, rng: &mut Rng) -> Vec<Stored> {
    let mut answers = Vec::new();
    let mut orders = orders(count, ANSWERS_AN_ORDER) + 20;
    let before = customers.clone();
    while answers.len() < count {
        *customers = before.clone();
        let mut times: Vec<Timestamp> = (0..orders).map(|_| year.order_time(rng)).collect();
        times.sort_unstable();
        answers = draw(year, times, customers, rng);
        orders += orders / 4;
    }
    rng.shuffle(&mut answers);
    answers.truncate(count);
    sort(&mut answers);
    answers
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a number of orders"
)]
fn orders(answers: usize, an_order: f64) -> usize {
    (answers as f64 / an_order).ceil() as usize
}

fn sort(answers: &mut [Stored]) {
    answers.sort_by(|a, b| (a.received_at, &a.response.id).cmp(&(b.received_at, &b.response.id)));
}

/// The shop's books: the last numbers that it gave out, and who may return.
#[derive(Clone)]
struct Customers {
    /// The number, country, language and temper of customers who may return; the shop had some before this year.
    regulars: Vec<(u32, &'static str, bool, f32)>,
    last_customer: u32,
    last_order: u32,
}

impl Customers {
    const fn new() -> Self {
        Self { regulars: Vec::new(), last_customer: 24_100, last_order: 10_400 }
    }
}

/// The answers to orders at these times, which are sorted.
fn draw(
    year: &Year,
    times: Vec<Timestamp>,
    customers: &mut Customers,
    rng: &mut Rng,
) -> Vec<Stored> {
    let mut answers = Vec::with_capacity(times.len());
    let Customers { regulars, last_customer, last_order } = customers;
    for at in times {
        *last_order += 1;
        let gifts = is_before_christmas(year, at);
        let is_new = rng.f32() < if gifts { 0.55 } else { 0.43 } || regulars.is_empty();
        let (customer, country, english, temper) =
            if is_new && !regulars.is_empty() || rng.f32() < 0.5 {
                *last_customer += 1;
                let (country, english) = home(rng);
                // Half of the returning customers are from before this year, with older numbers.
                let number = if is_new { *last_customer } else { 3_000 + rng.u32(..21_000) };
                let somebody = (number, country, english, normal(rng) * 0.75);
                if regulars.len() < MAX_REGULARS {
                    regulars.push(somebody);
                } else {
                    let forgotten = rng.usize(..MAX_REGULARS);
                    regulars[forgotten] = somebody;
                }
                somebody
            } else {
                match rng.choice(regulars.iter()) {
                    Some(somebody) => *somebody,
                    None => continue,
                }
            };
        let phone = rng.f32() < 0.61;
        let shopper = Shopper {
            id: format!("C-{customer}"),
            kind: if is_new { CustomerKind::New } else { CustomerKind::Returning },
            country,
            english,
            phone,
            temper: temper + if is_new { -0.08 } else { 0.12 } + manner(country),
            hand: Hand::somebodys(rng, phone),
        };
        // Some visitors only look around and are asked about that.
        if rng.f32() < 0.055 {
            let happened = visited(rng);
            let moment = Moment {
                touchpoint: Touchpoint::Visit,
                at,
                shopper: &shopper,
                purchase: None,
                happened,
                waited: 0,
            };
            answers.extend(answer(year, &moment, rng));
            continue;
        }
        let purchase = purchase(year, at, *last_order, &shopper, gifts, rng);
        journey(year, &shopper, &purchase, rng, &mut |moment, rng| {
            answers.extend(answer(year, moment, rng));
        });
    }
    answers
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::{BTreeMap, BTreeSet};

    use afterword_response::{Segment, receive};

    use super::*;

    fn a_year(count: usize, seed: u64) -> Vec<Stored> {
        let year = Year::ending("2026-11-24T18:00:00Z".parse().unwrap());
        answers(&year, count, &mut Rng::with_seed(seed))
    }

    fn nps<'a>(answers: impl Iterator<Item = &'a Stored>) -> f64 {
        let (mut sum, mut count) = (0, 0);
        for answer in answers {
            count += 1;
            sum += match Segment::of(answer.response.score) {
                Segment::Promoter => 1,
                Segment::Passive => 0,
                Segment::Detractor => -1,
            };
        }
        assert!(count >= 30, "{count} are too few");
        100.0 * f64::from(sum) / f64::from(count)
    }

    #[test]
    fn the_same_seed_and_end_make_the_same_year() {
        let [a, b, c] = [a_year(300, 5), a_year(300, 5), a_year(300, 6)];
        let text = |year: &[Stored]| format!("{year:?}");
        assert_eq!(text(&a), text(&b));
        assert_ne!(text(&a), text(&c));
    }

    #[test]
    fn a_large_year_comes_in_parts_that_make_one_year() {
        let count = 3 * MAX_AT_ONCE;
        let year = Year::ending("2026-11-24T18:00:00Z".parse().unwrap());
        let (mut parts, mut rng) = (Parts::new(year, count), Rng::with_seed(3));
        let (mut ids, mut slots) = (BTreeSet::new(), BTreeSet::new());
        let (mut months, mut latest) = ([0; 13], Vec::new());
        let mut sizes = Vec::new();
        while let Some(part) = parts.next(&mut rng) {
            sizes.push(part.answers.len());
            assert!(part.answers.is_sorted_by_key(|it| it.received_at));
            latest.extend(part.is_latest.then(|| part.answers.last().unwrap().received_at));
            for Stored { response, received_at, .. } in part.answers {
                let days = parts.year.days_ago(received_at);
                assert!((0.0..366.0).contains(&days), "{days}");
                months[(days / 30.0) as usize] += 1;
                if let Some(order) = response.order.and_then(|it| it.id) {
                    assert!(slots.insert((order, response.touchpoint.name())), "an order twice");
                }
                assert!(ids.insert(response.id));
            }
        }
        println!("{sizes:?}");
        assert_eq!(ids.len(), count);
        assert!(sizes.len() > 4 && sizes.iter().all(|size| *size <= MAX_AT_ONCE), "{sizes:?}");
        let [latest] = latest[..] else { panic!("{} parts are the latest", latest.len()) };
        assert!(parts.year.days_ago(latest) < 0.5, "{latest}");
        // The same demand as in a year that is drawn at once.
        let mut at_once = [0; 13];
        for it in answers(&parts.year, MAX_AT_ONCE, &mut rng) {
            at_once[(parts.year.days_ago(it.received_at) / 30.0) as usize] += 1;
        }
        for (month, (parts, one)) in months.into_iter().zip(at_once).enumerate().take(12) {
            let ratio = f64::from(parts) / f64::from(one) / 3.0;
            assert!((0.93..1.07).contains(&ratio), "month {month}: {ratio:.3}");
        }
    }

    #[test]
    fn a_seeded_year_has_the_shape_of_a_real_one() {
        let answers = a_year(50_000, 1);
        let year = Year::ending("2026-11-24T18:00:00Z".parse().unwrap());
        assert_eq!(answers.len(), 50_000);
        for answer in &answers {
            assert_eq!(receive::check(&answer.response), []);
            assert!(answer.received_at <= answer.updated_at && answer.updated_at <= year.end);
        }
        let ids: BTreeSet<&str> = answers.iter().map(|it| it.response.id.as_str()).collect();
        assert_eq!(ids.len(), answers.len());

        // J-shaped: mostly tens, hardly any score between 0 and 5.
        let mut scores = [0; 11];
        for answer in &answers {
            scores[usize::from(answer.response.score)] += 1;
        }
        println!("scores {scores:?}, NPS {:.1}", nps(answers.iter()));
        assert!(
            scores[10] > scores[9] && scores[9] > scores[7] && scores[8] > scores[6],
            "{scores:?}"
        );
        assert!(scores[5] > scores[4] && scores[0] > scores[1], "{scores:?}");

        let comments: Vec<&str> =
            answers.iter().filter_map(|it| it.response.comment.as_deref()).collect();
        let distinct: BTreeSet<&str> = comments.iter().copied().collect();
        println!("{} comments, {} distinct", comments.len(), distinct.len());
        assert!(distinct.len() > 20_000);

        let of = |touchpoint| answers.iter().filter(move |it| it.response.touchpoint == touchpoint);
        for name in Touchpoint::NAMES {
            let touchpoint = Touchpoint::from_name(name).unwrap();
            println!("{name}: {} answers, NPS {:.1}", of(touchpoint).count(), nps(of(touchpoint)));
        }
        let in_crisis = |it: &&Stored| year.crisis(it.received_at) > 0.9;
        let calm = nps(of(Touchpoint::Delivery).filter(|it| year.crisis(it.received_at) == 0.0));
        let crisis = nps(of(Touchpoint::Delivery).filter(in_crisis));
        let orders = nps(of(Touchpoint::Order).filter(in_crisis));
        println!("delivery: calm {calm:.1}, crisis {crisis:.1}; orders meanwhile {orders:.1}");
        assert!(calm - crisis > 40.0 && orders - crisis > 40.0);

        let by_order: BTreeMap<&str, Vec<Touchpoint>> =
            answers.iter().fold(BTreeMap::new(), |mut all, it| {
                if let Some(order) = it.response.order.as_ref().and_then(|it| it.id.as_deref()) {
                    all.entry(order).or_default().push(it.response.touchpoint);
                }
                all
            });
        let joined = by_order
            .values()
            .filter(|it| it.contains(&Touchpoint::Order) && it.contains(&Touchpoint::Delivery))
            .count();
        println!("{joined} orders were answered at both moments");
        assert!(joined > 3_000);
        let english = answers.iter().filter(|it| it.response.locale == "en").count();
        assert!((7_000..20_000).contains(&english), "{english}");
        let methods: BTreeSet<_> =
            answers.iter().map(|it| it.response.method.mode.unwrap().name()).collect();
        assert_eq!(methods.len(), 2);
    }
}
