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

/// `count` answers of the year, in the order of their arrival.
pub(super) fn answers(year: &Year, count: usize, rng: &mut Rng) -> Vec<Stored> {
    let mut answers = Vec::new();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a number of orders"
    )]
    let mut orders = (count as f64 / ANSWERS_AN_ORDER).ceil() as usize + 20;
    while answers.len() < count {
        answers = draw(year, orders, rng);
        orders += orders / 4;
    }
    rng.shuffle(&mut answers);
    answers.truncate(count);
    answers.sort_by(|a, b| (a.received_at, &a.response.id).cmp(&(b.received_at, &b.response.id)));
    answers
}

fn draw(year: &Year, orders: usize, rng: &mut Rng) -> Vec<Stored> {
    let mut times: Vec<Timestamp> = (0..orders).map(|_| year.order_time(rng)).collect();
    times.sort_unstable();
    let mut answers = Vec::new();
    // Customers who may return; the shop had some before this year.
    let mut regulars: Vec<(u32, &'static str, bool, f32)> = Vec::new();
    let (mut next_customer, mut next_order) = (24_100_u32, 10_400_u32);
    for at in times {
        next_order += 1;
        let gifts = is_before_christmas(year, at);
        let is_new = rng.f32() < if gifts { 0.55 } else { 0.43 } || regulars.is_empty();
        let (customer, country, english, temper) =
            if is_new && !regulars.is_empty() || rng.f32() < 0.5 {
                next_customer += 1;
                let (country, english) = home(rng);
                // Half of the returning customers are from before this year, with older numbers.
                let number = if is_new { next_customer } else { 3_000 + rng.u32(..21_000) };
                let somebody = (number, country, english, normal(rng) * 0.75);
                regulars.push(somebody);
                somebody
            } else {
                match rng.choice(&regulars) {
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
        let purchase = purchase(year, at, next_order, &shopper, gifts, rng);
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
