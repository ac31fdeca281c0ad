//! The events of an order, and the moments at which its customer is asked.

use afterword_response::{CustomerKind, Touchpoint};
use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};

use super::{
    happened::Event,
    shop::{ADVENT, COUNTRIES, Kind, PRODUCTS, Year},
    words::Hand,
};

/// A customer of the demo shop.
pub(super) struct Shopper {
    pub(super) id: String,
    pub(super) kind: CustomerKind,
    pub(super) country: &'static str,
    pub(super) english: bool,
    pub(super) phone: bool,
    /// How kind or strict they are, which makes two answers of one person similar.
    pub(super) temper: f32,
    pub(super) hand: Hand,
}

/// One order on its way to the customer.
pub(super) struct Purchase {
    pub(super) number: String,
    pub(super) at: Timestamp,
    pub(super) products: Vec<usize>,
    /// In cents.
    pub(super) value: u32,
    pub(super) express: bool,
    pub(super) carrier: usize,
    pub(super) coupon: Option<&'static str>,
    pub(super) payment: &'static str,
    pub(super) tags: Vec<&'static str>,
}

/// A moment at which a customer is asked.
pub(super) struct Moment<'a> {
    pub(super) touchpoint: Touchpoint,
    pub(super) at: Timestamp,
    pub(super) shopper: &'a Shopper,
    pub(super) purchase: Option<&'a Purchase>,
    pub(super) happened: Vec<Event>,
    /// Days that they waited for the parcel, for comments that mention it.
    pub(super) waited: u32,
}

/// The moments of one order that were answered.
pub(super) fn journey(
    year: &Year,
    shopper: &Shopper,
    purchase: &Purchase,
    rng: &mut Rng,
    answer: &mut impl FnMut(&Moment<'_>, &mut Rng),
) {
    let mut ask = |touchpoint, at, happened: Vec<Event>, waited, rng: &mut Rng| {
        let moment = Moment { touchpoint, at, shopper, purchase: Some(purchase), happened, waited };
        answer(&moment, rng);
    };
    let crisis = year.crisis(purchase.at);

    let answers_order = rng.f32() < 0.36;
    if answers_order {
        let happened = ordered(year, purchase, shopper, rng);
        let at = purchase.at + seconds(rng, 8, 90);
        ask(Touchpoint::Order, at, happened, 0, rng);
    }

    // Delivery is promised in three days. The new carrier is slower; in the crisis both are late.
    let risk = match (purchase.carrier, purchase.express) {
        (_, true) => 0.04,
        (0, false) => 0.05,
        _ => 0.11,
    };
    #[expect(clippy::cast_possible_truncation, reason = "a share")]
    let crisis_risk = crisis as f32 * if purchase.carrier == 1 { 0.8 } else { 0.34 };
    let christmas = if is_before_christmas(year, purchase.at) { 0.06 } else { 0.0 };
    let is_late = rng.f32() < risk + crisis_risk + christmas;
    let is_very_late = is_late && rng.f64() < 0.12 + 0.3 * crisis;
    let waited = match (is_very_late, is_late) {
        (true, _) => rng.u32(12..24),
        (_, true) => rng.u32(6..13),
        _ if purchase.express => 1,
        _ => rng.u32(2..5),
    };
    let arrived = purchase.at + SignedDuration::from_hours(24 * i64::from(waited));
    let happened = delivered(purchase, waited, is_late, is_very_late, crisis, rng);
    let went_wrong: f32 = happened.iter().map(|what| what.effect()).filter(|it| *it < -0.9).sum();

    // Customers who answered once, or who are angry, answer more often.
    let share = if answers_order { 0.44 } else { 0.2 } + if went_wrong < 0.0 { 0.07 } else { 0.0 };
    if rng.f32() < share {
        let at = in_the_evening(year, arrived, rng);
        ask(Touchpoint::Delivery, at, happened.clone(), waited, rng);
    }
    if rng.f32() < 0.045 - went_wrong * 0.09 {
        let at = at_work(year, arrived + SignedDuration::from_hours(24 * rng.i64(1..9)), rng);
        let mut happened: Vec<Event> =
            happened.into_iter().filter(|it| it.effect() < -0.6).collect();
        happened.extend(supported(crisis, rng));
        if rng.f32() < 0.56 {
            ask(Touchpoint::Support, at, happened, waited, rng);
        }
    } else if rng.f32() < 0.055 - went_wrong * 0.035 && rng.f32() < 0.42 {
        let days = rng.i64(7..26);
        let at = in_the_evening(year, arrived + SignedDuration::from_hours(24 * days), rng);
        let happened = returned(rng);
        let waited =
            if happened.contains(&Event::RefundSlow) { rng.u32(12..30) } else { rng.u32(2..7) };
        ask(Touchpoint::Return, at, happened, waited, rng);
    }
}

pub(super) fn purchase(
    year: &Year,
    at: Timestamp,
    number: u32,
    shopper: &Shopper,
    gifts: bool,
    rng: &mut Rng,
) -> Purchase {
    let local = year.local(at);
    let (month, day) = (local.month(), local.day());
    let mut products: Vec<usize> = Vec::new();
    for _ in 0..[1, 1, 1, 2, 2, 3, 4][rng.usize(..7)] {
        let product =
            if matches!(month, 10 | 11) && rng.f32() < 0.3 { ADVENT } else { basket(rng) };
        if !products.contains(&product) {
            products.push(product);
        }
    }
    let goods: u32 = products
        .iter()
        .map(|product| PRODUCTS[*product].price * if rng.f32() < 0.2 { 2 } else { 1 })
        .sum();
    let black_week = month == 11 && day >= 23;
    let coupon = match rng.f32() {
        it if black_week && it < 0.5 => Some("BLACKGREEN"),
        it if shopper.kind == CustomerKind::New && it < 0.22 => Some("WELCOME"),
        it if month == 5 && day < 12 && it < 0.2 => Some("MAMA"),
        it if it > 0.93 => Some("NEWSLETTER"),
        _ => None,
    };
    let goods = if coupon.is_some() { goods / 10 * 9 } else { goods };
    let value = goods + if goods >= 7_500 { 0 } else { 490 };
    let mut tags = Vec::new();
    if black_week {
        tags.push("black-week");
    }
    if gifts && rng.f32() < 0.5 || month == 5 && day < 12 && rng.f32() < 0.35 {
        tags.push("gift");
    }
    if rng.f32() < 0.12 {
        tags.push("newsletter");
    }
    let payments = if shopper.country == "DE" {
        &["invoice", "invoice", "wallet", "wallet", "card", "prepaid"][..]
    } else {
        &["card", "card", "wallet", "invoice"]
    };
    // Nearly all orders went to the new carrier at once; some were taken back when it failed.
    let days_ago = year.days_ago(at);
    let to_velox = match days_ago {
        d if d > 106.0 => 0.0,
        d if d > 78.0 => 0.78,
        d if d > 50.0 => 0.35,
        _ => 0.2,
    };
    Purchase {
        number: format!("LS-{number}"),
        at,
        products,
        value,
        express: rng.f32() < 0.09,
        carrier: usize::from(rng.f64() < to_velox),
        coupon,
        payment: payments[rng.usize(..payments.len())],
        tags,
    }
}

pub(super) fn basket(rng: &mut Rng) -> usize {
    let total: u32 = PRODUCTS.iter().map(|product| product.weight).sum();
    let mut at = rng.u32(..total);
    for (index, product) in PRODUCTS.iter().enumerate() {
        if at < product.weight {
            return index;
        }
        at -= product.weight;
    }
    0
}

pub(super) fn home(rng: &mut Rng) -> (&'static str, bool) {
    let mut at = rng.u32(..1000);
    for (country, weight, english) in COUNTRIES {
        if at < *weight {
            return (country, rng.f32() < *english);
        }
        at -= weight;
    }
    ("DE", false)
}

/// Customers of some countries seldom give a ten.
pub(super) fn manner(country: &str) -> f32 {
    match country {
        "CH" => -0.15,
        "NL" | "DK" | "SE" => -0.22,
        "AT" => 0.08,
        "US" | "IE" => 0.3,
        "GB" => 0.12,
        _ => 0.0,
    }
}

pub(super) fn is_before_christmas(year: &Year, at: Timestamp) -> bool {
    let local = year.local(at);
    matches!((local.month(), local.day()), (11, 20..) | (12, ..=22))
}

/// Draws events, each with its probability.
fn some(rng: &mut Rng, shares: &[(f32, Event)]) -> Vec<Event> {
    shares.iter().filter(|(share, _)| rng.f32() < *share).map(|(_, what)| *what).collect()
}

pub(super) fn visited(rng: &mut Rng) -> Vec<Event> {
    some(
        rng,
        &[
            (0.3, Event::BeautifulSite),
            (0.2, Event::GoodAdvice),
            (0.14, Event::HardToFind),
            (0.1, Event::SlowSite),
            (0.12, Event::SoldOut),
            (0.1, Event::Expensive),
            (0.08, Event::ShippingCost),
        ],
    )
}

fn ordered(year: &Year, purchase: &Purchase, shopper: &Shopper, rng: &mut Rng) -> Vec<Event> {
    let is_new = shopper.kind == CustomerKind::New;
    let abroad = !matches!(shopper.country, "DE" | "AT");
    let mut happened = some(
        rng,
        &[
            (0.42, Event::EasyOrder),
            (0.2, Event::BeautifulSite),
            (0.1, Event::GoodAdvice),
            (0.16, Event::FairPrice),
            (if is_new { 0.3 } else { 0.0 }, Event::FirstTime),
            (if is_new { 0.0 } else { 0.3 }, Event::Loyal),
            (0.07, Event::Expensive),
            (if abroad { 0.16 } else { 0.07 }, Event::ShippingCost),
            (if purchase.coupon.is_none() { 0.03 } else { 0.0 }, Event::CouponFailed),
            (0.035, Event::PaymentTrouble),
            (if is_new { 0.04 } else { 0.0 }, Event::MustRegister),
            (if is_before_christmas(year, purchase.at) { 0.08 } else { 0.03 }, Event::SoldOut),
            (if shopper.phone { 0.035 } else { 0.015 }, Event::SlowSite),
        ],
    );
    // Customers who heard of the crisis, or ordered in it before, start out less happy.
    if rng.f64() < 0.12 * year.crisis(purchase.at) && !is_new {
        happened.push(Event::Late);
    }
    happened
}

fn delivered(
    purchase: &Purchase,
    waited: u32,
    is_late: bool,
    is_very_late: bool,
    crisis: f64,
    rng: &mut Rng,
) -> Vec<Event> {
    let mut happened = Vec::new();
    let rough = if purchase.carrier == 1 { 2.0 } else { 1.0 };
    if is_very_late {
        happened.push(Event::VeryLate);
    } else if is_late {
        happened.push(Event::Late);
    } else if waited <= 2 && rng.f32() < 0.7 {
        happened.push(Event::Fast);
    }
    if is_late {
        #[expect(clippy::cast_possible_truncation, reason = "a share")]
        happened.extend(some(rng, &[(0.2 + 0.15 * crisis as f32, Event::NoTracking)]));
    }
    happened.extend(some(
        rng,
        &[
            (0.034 * rough, Event::LeftOutside),
            (0.02, Event::WrongItem),
            (0.045, Event::MuchPaper),
            (0.15, Event::FairPrice),
        ],
    ));
    let Some(product) = purchase.products.first().map(|index| &PRODUCTS[*index]) else {
        return happened;
    };
    let breakable = matches!(product.kind, Kind::Pot);
    if rng.f32() < if breakable { 0.05 } else { 0.012 } * rough {
        happened.push(Event::Damaged);
    } else {
        happened.extend(some(rng, &[(0.26, Event::WellPacked)]));
        let trouble = product.trouble;
        happened.extend(match product.kind {
            Kind::Pot => some(
                rng,
                &[
                    (0.34, Event::Lovely),
                    (0.24, Event::GoodQuality),
                    (0.045 * trouble, Event::Poor),
                    (0.05, Event::Smaller),
                ],
            ),
            Kind::Can => some(
                rng,
                &[
                    (0.28, Event::Lovely),
                    (0.28, Event::GoodQuality),
                    (0.055 * trouble, Event::Leaks),
                ],
            ),
            Kind::Seed => some(
                rng,
                &[(0.34, Event::Grows), (0.1, Event::Lovely), (0.075 * trouble, Event::NotGrowing)],
            ),
            Kind::Tool => some(
                rng,
                &[(0.45, Event::GoodQuality), (0.2, Event::Lovely), (0.05 * trouble, Event::Poor)],
            ),
        });
    }
    if purchase.tags.contains(&"gift") && !is_late {
        happened.extend(some(rng, &[(0.45, Event::Gift)]));
    }
    happened
}

fn supported(crisis: f64, rng: &mut Rng) -> Vec<Event> {
    #[expect(clippy::cast_possible_truncation, reason = "a share")]
    let overrun = crisis as f32;
    if rng.f32() < 0.74 - 0.34 * overrun {
        some(rng, &[(0.75, Event::QuickAnswer), (0.7, Event::Kind), (0.15, Event::Loyal)])
    } else {
        some(rng, &[(0.6, Event::NoAnswer), (0.45, Event::Unsolved), (0.35, Event::Canned)])
    }
}

fn returned(rng: &mut Rng) -> Vec<Event> {
    if rng.f32() < 0.7 {
        some(rng, &[(0.85, Event::EasyReturn), (0.25, Event::Kind), (0.12, Event::Smaller)])
    } else {
        some(
            rng,
            &[(0.45, Event::RefundSlow), (0.4, Event::LabelMissing), (0.35, Event::PaidReturn)],
        )
    }
}

fn seconds(rng: &mut Rng, from: i64, to: i64) -> SignedDuration {
    SignedDuration::from_millis(rng.i64(from * 1000..to * 1000))
}

/// The same day, at an hour when people read mail at home.
fn in_the_evening(year: &Year, day: Timestamp, rng: &mut Rng) -> Timestamp {
    at_hours(year, day, &[7, 9, 12, 13, 17, 18, 19, 19, 20, 20, 20, 21, 21, 22], rng)
}

/// The same day, at an hour when the shop's telephone is answered.
fn at_work(year: &Year, day: Timestamp, rng: &mut Rng) -> Timestamp {
    at_hours(year, day, &[9, 9, 10, 10, 11, 13, 14, 14, 15, 16, 17], rng)
}

fn at_hours(year: &Year, day: Timestamp, hours: &[i8], rng: &mut Rng) -> Timestamp {
    let hour = hours[rng.usize(..hours.len())];
    let local = year.local(day);
    local
        .with()
        .hour(hour)
        .minute(rng.i8(..60))
        .second(rng.i8(..60))
        .build()
        .map_or(day, |zoned| zoned.timestamp())
}
