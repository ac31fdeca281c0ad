//! A year of the demo shop, order by order: who ordered what, what happened to them, and what they
//! answered when they were asked.

use std::collections::BTreeMap;

use afterword_response::{
    Customer, CustomerKind, Display, Layout, Method, Mode, Order, Response, Segment, Touchpoint,
    VERSION, display::Step,
};
use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};

use super::{
    english, german,
    happened::What,
    shop::{ADVENT, CARRIERS, COUNTRIES, Gender, Kind, PRODUCTS, Product, Year},
    words::{self, Hand},
};
use crate::aside::Aside;
use crate::store::{Stored, load::Shown};

/// How many answers an order brings on average, a little too low: some are drawn too many and
/// thinned out, so that their number is exact.
const ANSWERS_AN_ORDER: f64 = 0.66;

/// Somebody, as far as one order shows.
struct Shopper {
    id: String,
    kind: CustomerKind,
    country: &'static str,
    english: bool,
    phone: bool,
    /// Kind or strict by nature: what makes two answers of one person alike.
    temper: f32,
    hand: Hand,
}

/// One order on its way to the customer.
struct Purchase {
    number: String,
    at: Timestamp,
    products: Vec<usize>,
    /// In cents.
    value: u32,
    express: bool,
    carrier: usize,
    coupon: Option<&'static str>,
    payment: &'static str,
    tags: Vec<&'static str>,
}

/// A moment at which somebody is asked.
struct Moment<'a> {
    touchpoint: Touchpoint,
    at: Timestamp,
    shopper: &'a Shopper,
    purchase: Option<&'a Purchase>,
    happened: Vec<What>,
    /// Days of waiting, for those who write about it.
    waited: u32,
}

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

/// The displays of a year: one for each answer, and those that nobody answered, beside the answers
/// that they were shown about the same time as.
pub(super) fn displays(answers: &[Stored], rng: &mut Rng) -> Vec<Shown> {
    let mut displays = Vec::with_capacity(answers.len() * 3);
    for Stored { response, received_at, .. } in answers {
        let Ok(shown_at) = response.shown_at.parse::<Timestamp>() else { continue };
        let arrived =
            |shown_at: Timestamp, rng: &mut Rng| shown_at.as_millisecond() + rng.i64(40..600);
        displays.push(shown(response, response.id.clone(), shown_at, None, arrived(shown_at, rng)));
        // One in so many answers: a page passed by, a mail opened, a form closed.
        let silent = match response.touchpoint {
            Touchpoint::Visit => 6.1,
            Touchpoint::Order => 1.3,
            Touchpoint::Delivery => 2.1,
            Touchpoint::Support => 1.6,
            Touchpoint::Return => 2.3_f32,
        };
        let mut left = silent * (0.6 + 0.8 * rng.f32());
        while left > 0.0 {
            if rng.f32() < left {
                let at = shown_at + SignedDuration::from_millis(rng.i64(-5_400_000..0));
                let id = id(at, rng);
                let dismissed =
                    (rng.f32() < 0.22).then(|| at.as_millisecond() + rng.i64(900..25_000));
                let dismissed = dismissed.filter(|at| *at < received_at.as_millisecond());
                displays.push(shown(response, id, at, dismissed, arrived(at, rng)));
            }
            left -= 1.0;
        }
    }
    displays
}

fn shown(
    response: &Response,
    id: String,
    at: Timestamp,
    dismissed_at: Option<i64>,
    received_at: i64,
) -> Shown {
    Shown {
        display: Display {
            version: VERSION,
            id,
            display: Step::Shown,
            survey: response.survey.clone(),
            touchpoint: response.touchpoint,
            at: time(at),
            page: response.page.clone(),
            locale: response.locale.clone(),
        },
        shown_at: at.as_millisecond(),
        dismissed_at,
        received_at,
    }
}

fn draw(year: &Year, orders: usize, rng: &mut Rng) -> Vec<Stored> {
    let mut times: Vec<Timestamp> = (0..orders).map(|_| year.order_time(rng)).collect();
    times.sort_unstable();
    let mut answers = Vec::new();
    // Who may come back; the shop had customers before this year.
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
                // Half of the returning ones are from before this year, with numbers of before.
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
        // Now and then somebody only looks around and is asked about that.
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
        journey(year, &shopper, &purchase, rng, &mut answers);
    }
    answers
}

/// Everything after the click: the moments of one order that were answered.
fn journey(
    year: &Year,
    shopper: &Shopper,
    purchase: &Purchase,
    rng: &mut Rng,
    answers: &mut Vec<Stored>,
) {
    let mut ask = |touchpoint, at, happened: Vec<What>, waited, rng: &mut Rng| {
        let moment = Moment { touchpoint, at, shopper, purchase: Some(purchase), happened, waited };
        answers.extend(answer(year, &moment, rng));
    };
    let crisis = year.crisis(purchase.at);

    let answers_order = rng.f32() < 0.36;
    if answers_order {
        let happened = ordered(year, purchase, shopper, rng);
        let at = purchase.at + seconds(rng, 8, 90);
        ask(Touchpoint::Order, at, happened, 0, rng);
    }

    // Promised in three days. The new carrier is slower; in the crisis both of them drown.
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

    // Those who answered once answer again, and those who are cross want to be heard.
    let share = if answers_order { 0.44 } else { 0.2 } + if went_wrong < 0.0 { 0.07 } else { 0.0 };
    if rng.f32() < share {
        let at = in_the_evening(year, arrived, rng);
        ask(Touchpoint::Delivery, at, happened.clone(), waited, rng);
    }
    if rng.f32() < 0.045 - went_wrong * 0.09 {
        let at = at_work(year, arrived + SignedDuration::from_hours(24 * rng.i64(1..9)), rng);
        let mut happened: Vec<What> =
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
            if happened.contains(&What::RefundSlow) { rng.u32(12..30) } else { rng.u32(2..7) };
        ask(Touchpoint::Return, at, happened, waited, rng);
    }
}

fn purchase(
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
    // Nearly all went to the new carrier at once, and some were taken back when it failed.
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

fn basket(rng: &mut Rng) -> usize {
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

fn home(rng: &mut Rng) -> (&'static str, bool) {
    let mut at = rng.u32(..1000);
    for (country, weight, english) in COUNTRIES {
        if at < *weight {
            return (country, rng.f32() < *english);
        }
        at -= weight;
    }
    ("DE", false)
}

/// Some countries are sparing with a ten.
fn manner(country: &str) -> f32 {
    match country {
        "CH" => -0.15,
        "NL" | "DK" | "SE" => -0.22,
        "AT" => 0.08,
        "US" | "IE" => 0.3,
        "GB" => 0.12,
        _ => 0.0,
    }
}

fn is_before_christmas(year: &Year, at: Timestamp) -> bool {
    let local = year.local(at);
    matches!((local.month(), local.day()), (11, 20..) | (12, ..=22))
}

/// Each of these happens with its share.
fn some(rng: &mut Rng, shares: &[(f32, What)]) -> Vec<What> {
    shares.iter().filter(|(share, _)| rng.f32() < *share).map(|(_, what)| *what).collect()
}

fn visited(rng: &mut Rng) -> Vec<What> {
    some(
        rng,
        &[
            (0.3, What::BeautifulSite),
            (0.2, What::GoodAdvice),
            (0.14, What::HardToFind),
            (0.1, What::SlowSite),
            (0.12, What::SoldOut),
            (0.1, What::Expensive),
            (0.08, What::ShippingCost),
        ],
    )
}

fn ordered(year: &Year, purchase: &Purchase, shopper: &Shopper, rng: &mut Rng) -> Vec<What> {
    let is_new = shopper.kind == CustomerKind::New;
    let abroad = !matches!(shopper.country, "DE" | "AT");
    let mut happened = some(
        rng,
        &[
            (0.42, What::EasyOrder),
            (0.2, What::BeautifulSite),
            (0.1, What::GoodAdvice),
            (0.16, What::FairPrice),
            (if is_new { 0.3 } else { 0.0 }, What::FirstTime),
            (if is_new { 0.0 } else { 0.3 }, What::Loyal),
            (0.07, What::Expensive),
            (if abroad { 0.16 } else { 0.07 }, What::ShippingCost),
            (if purchase.coupon.is_none() { 0.03 } else { 0.0 }, What::CouponFailed),
            (0.035, What::PaymentTrouble),
            (if is_new { 0.04 } else { 0.0 }, What::MustRegister),
            (if is_before_christmas(year, purchase.at) { 0.08 } else { 0.03 }, What::SoldOut),
            (if shopper.phone { 0.035 } else { 0.015 }, What::SlowSite),
        ],
    );
    // Word gets around, and who ordered in the crisis before orders with a frown.
    if rng.f64() < 0.12 * year.crisis(purchase.at) && !is_new {
        happened.push(What::Late);
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
) -> Vec<What> {
    let mut happened = Vec::new();
    let rough = if purchase.carrier == 1 { 2.0 } else { 1.0 };
    if is_very_late {
        happened.push(What::VeryLate);
    } else if is_late {
        happened.push(What::Late);
    } else if waited <= 2 && rng.f32() < 0.7 {
        happened.push(What::Fast);
    }
    if is_late {
        #[expect(clippy::cast_possible_truncation, reason = "a share")]
        happened.extend(some(rng, &[(0.2 + 0.15 * crisis as f32, What::NoTracking)]));
    }
    happened.extend(some(
        rng,
        &[
            (0.034 * rough, What::LeftOutside),
            (0.02, What::WrongItem),
            (0.045, What::MuchPaper),
            (0.15, What::FairPrice),
        ],
    ));
    let Some(product) = purchase.products.first().map(|index| &PRODUCTS[*index]) else {
        return happened;
    };
    let breakable = matches!(product.kind, Kind::Pot);
    if rng.f32() < if breakable { 0.05 } else { 0.012 } * rough {
        happened.push(What::Damaged);
    } else {
        happened.extend(some(rng, &[(0.26, What::WellPacked)]));
        let trouble = product.trouble;
        happened.extend(match product.kind {
            Kind::Pot => some(
                rng,
                &[
                    (0.34, What::Lovely),
                    (0.24, What::GoodQuality),
                    (0.045 * trouble, What::Poor),
                    (0.05, What::Smaller),
                ],
            ),
            Kind::Can => some(
                rng,
                &[(0.28, What::Lovely), (0.28, What::GoodQuality), (0.055 * trouble, What::Leaks)],
            ),
            Kind::Seed => some(
                rng,
                &[(0.34, What::Grows), (0.1, What::Lovely), (0.075 * trouble, What::NotGrowing)],
            ),
            Kind::Tool => some(
                rng,
                &[(0.45, What::GoodQuality), (0.2, What::Lovely), (0.05 * trouble, What::Poor)],
            ),
        });
    }
    if purchase.tags.contains(&"gift") && !is_late {
        happened.extend(some(rng, &[(0.45, What::Gift)]));
    }
    happened
}

fn supported(crisis: f64, rng: &mut Rng) -> Vec<What> {
    #[expect(clippy::cast_possible_truncation, reason = "a share")]
    let overrun = crisis as f32;
    if rng.f32() < 0.74 - 0.34 * overrun {
        some(rng, &[(0.75, What::QuickAnswer), (0.7, What::Kind), (0.15, What::Loyal)])
    } else {
        some(rng, &[(0.6, What::NoAnswer), (0.45, What::Unsolved), (0.35, What::Canned)])
    }
}

fn returned(rng: &mut Rng) -> Vec<What> {
    if rng.f32() < 0.7 {
        some(rng, &[(0.85, What::EasyReturn), (0.25, What::Kind), (0.12, What::Smaller)])
    } else {
        some(rng, &[(0.45, What::RefundSlow), (0.4, What::LabelMissing), (0.35, What::PaidReturn)])
    }
}

/// What somebody answers, if they do so before the year is over.
fn answer(year: &Year, moment: &Moment<'_>, rng: &mut Rng) -> Option<Stored> {
    let Moment { touchpoint, at, shopper, purchase, happened, .. } = moment;
    let as_now = year.asks_as_now(*at);
    let score = score(moment, as_now, rng);
    let comment = comment(year, moment, score, rng);
    let read = if comment.is_some() { rng.i64(2_500..9_000) } else { rng.i64(1_500..16_000) };
    let scored_at = *at + SignedDuration::from_millis(read);
    let typing = comment.as_ref().map_or(0, |text| text.chars().count()) as u64;
    let wrote =
        SignedDuration::from_millis(4_000 + i64::try_from(typing).unwrap_or(0) * rng.i64(110..320));
    let complete = comment.is_some() || rng.f32() < 0.22;
    let sent_at =
        if complete { scored_at + wrote } else { scored_at + SignedDuration::from_millis(400) };
    let on_the_way = SignedDuration::from_millis(rng.i64(45..700));
    let received_at = scored_at + SignedDuration::from_millis(400) + on_the_way;
    let updated_at = if complete { sent_at + on_the_way } else { received_at };
    if updated_at > year.end {
        return None;
    }

    let mut properties = BTreeMap::new();
    let mut add = |name: &str, value: &str| properties.insert(name.to_owned(), value.to_owned());
    add("device", if shopper.phone { "phone" } else { "computer" });
    if let Some(purchase) = purchase {
        add("payment", purchase.payment);
        if let Some(coupon) = purchase.coupon {
            add("coupon", coupon);
        }
        if *touchpoint != Touchpoint::Order {
            add("carrier", CARRIERS[purchase.carrier]);
            add("shipping", if purchase.express { "express" } else { "standard" });
        }
    }
    let mut reasons: Vec<String> = Vec::new();
    if complete && rng.f32() < 0.4 {
        for what in happened.iter().filter(|what| suits(**what, score)).take(3) {
            let reason = what.reason().to_owned();
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
    }
    let detractor = Segment::of(score) == Segment::Detractor;
    let writes = comment.is_some();
    let contact = (writes && rng.f32() < if detractor { 0.14 } else { 0.02 }).then(|| {
        format!(
            "{}@example.{}",
            shopper.id.to_lowercase(),
            if shopper.english { "com" } else { "org" }
        )
    });
    let tags = purchase.map(|purchase| purchase.tags.iter().map(|tag| (*tag).to_owned()).collect());
    let response = Response {
        version: VERSION,
        id: id(*at, rng),
        revision: if complete { rng.u32(2..4) } else { 1 },
        complete,
        survey: match touchpoint {
            Touchpoint::Visit => "website",
            _ => "post-purchase",
        }
        .into(),
        touchpoint: *touchpoint,
        score,
        quotable: (writes && as_now).then(|| score >= 8 && rng.f32() < 0.35),
        comment,
        reasons,
        contact,
        shown_at: time(*at),
        scored_at: time(scored_at),
        sent_at: time(sent_at),
        page: page(*touchpoint, shopper.english),
        locale: if shopper.english { "en" } else { "de" }.into(),
        method: method(as_now, shopper),
        order: purchase.map(|purchase| Order {
            id: Some(purchase.number.clone()),
            value: Some(format!("{}.{:02}", purchase.value / 100, purchase.value % 100)),
            currency: Some(if shopper.country == "CH" { "CHF" } else { "EUR" }.into()),
            country: Some(shopper.country.into()),
            products: purchase.products.iter().map(|it| PRODUCTS[*it].german.to_owned()).collect(),
            signature: None,
        }),
        customer: purchase
            .map(|_| Customer { id: Some(shopper.id.clone()), kind: Some(shopper.kind) }),
        properties: properties.into_iter().collect(),
        tags: tags.unwrap_or_default(),
    };
    Some(Stored { response, received_at, updated_at, aside: Aside::NONE })
}

/// From a mood to a score. The steps make the shape that shops know: most tens, few in the middle,
/// a second little peak at five, and a bump at nought of those who want to be noticed.
fn score(moment: &Moment<'_>, as_now: bool, rng: &mut Rng) -> u8 {
    let start = match moment.touchpoint {
        Touchpoint::Visit => 0.45,
        Touchpoint::Order => 0.92,
        Touchpoint::Delivery => 0.88,
        Touchpoint::Support => 0.85,
        Touchpoint::Return => 0.4,
    };
    let happened: f32 = moment.happened.iter().map(|what| what.effect()).sum();
    // In the corner, with other words, the same people answered a little lower.
    let method = if as_now { 0.0 } else { -0.14 };
    let mood = start + happened + method + moment.shopper.temper + normal(rng) * 0.85;
    let score = match mood {
        m if m > 1.05 => 10,
        m if m > 0.52 => 9,
        m if m > -0.08 => 8,
        m if m > -0.5 => 7,
        m if m > -0.8 => 6,
        m if m > -1.25 => 5,
        m if m > -1.5 => 4,
        m if m > -1.9 => 3,
        m if m > -2.25 => 2,
        m if m > -2.5 => 1,
        _ => 0,
    };
    match score {
        6 if rng.f32() < 0.3 => 5,
        1 | 2 if rng.f32() < 0.35 => 0,
        9 if rng.f32() < 0.12 => 10,
        score => score,
    }
}

/// Whether something may be the reason of such a score.
fn suits(what: What, score: u8) -> bool {
    match Segment::of(score) {
        Segment::Promoter => what.effect() >= 0.0,
        Segment::Passive => true,
        Segment::Detractor => what.effect() < 0.0,
    }
}

/// What somebody writes, if they write.
fn comment(year: &Year, moment: &Moment<'_>, score: u8, rng: &mut Rng) -> Option<String> {
    let segment = Segment::of(score);
    let share = match segment {
        Segment::Detractor => 0.72,
        Segment::Passive => 0.46,
        Segment::Promoter => 0.52,
    };
    if rng.f32() > share {
        return None;
    }
    let shopper = moment.shopper;
    let glad = segment == Segment::Promoter;
    let mut topics: Vec<What> =
        moment.happened.iter().copied().filter(|what| suits(*what, score)).collect();
    rng.shuffle(&mut topics);
    // What hurts most is what is written about.
    if !glad {
        topics.sort_by(|a, b| a.effect().total_cmp(&b.effect()));
    }
    let lines = if shopper.english { english::lines } else { german::lines };
    let (short, begin, end, but, emojis) = phrases(segment, shopper.english);

    let mood = rng.f32();
    let count = match mood {
        m if m < 0.14 => 0,
        m if m < 0.54 => 1,
        m if m < 0.86 => 2,
        _ => 3,
    };
    let with_frame = mood > 0.8;
    topics.truncate(count);
    let facts = facts(year, moment, rng);
    let facts: Vec<(&'static str, &str)> =
        facts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let pick = |from: &[&str], rng: &mut Rng| match rng.choice(from) {
        Some(line) => words::say(line, &facts, rng),
        None => String::new(),
    };
    let mut sentences = Vec::new();
    if topics.is_empty() {
        sentences.push(pick(short, rng));
        if mood < 0.05 {
            sentences.push(pick(end, rng));
        }
    } else {
        if with_frame && rng.f32() < 0.55 {
            sentences.push(pick(begin, rng));
        }
        let mut before: Option<f32> = None;
        for what in topics {
            let mut sentence = pick(lines(what), rng);
            // A turn of mood is announced.
            if before.is_some_and(|before| (before < 0.0) != (what.effect() < 0.0)) && rng.bool() {
                sentence = format!("{}{sentence}", pick(but, rng));
            }
            before = Some(what.effect());
            sentences.push(sentence);
        }
        if with_frame || rng.f32() < 0.26 {
            sentences.push(pick(end, rng));
        }
    }
    sentences.retain(|sentence| !sentence.is_empty());
    Some(shopper.hand.type_out(&sentences, glad, emojis, rng))
}

type Lines = &'static [&'static str];

fn phrases(segment: Segment, english: bool) -> (Lines, Lines, Lines, Lines, Lines) {
    macro_rules! of {
        ($language:ident) => {
            match segment {
                Segment::Promoter => (
                    $language::SHORT_GLAD,
                    $language::BEGIN_GLAD,
                    $language::END_GLAD,
                    $language::BUT,
                    $language::EMOJI_GLAD,
                ),
                Segment::Passive => ($language::SHORT_MIDDLING, &[], &[], $language::BUT, &[]),
                Segment::Detractor => (
                    $language::SHORT_CROSS,
                    $language::BEGIN_CROSS,
                    $language::END_CROSS,
                    $language::BUT,
                    $language::EMOJI_CROSS,
                ),
            }
        };
    }
    if english { of!(english) } else { of!(german) }
}

/// What a comment may mention.
fn facts(year: &Year, moment: &Moment<'_>, rng: &mut Rng) -> Vec<(&'static str, String)> {
    let index = moment.purchase.and_then(|purchase| purchase.products.first().copied());
    let product: &Product = &PRODUCTS[index.unwrap_or_else(|| basket(rng))];
    let carrier = CARRIERS[moment.purchase.map_or(0, |purchase| purchase.carrier)];
    let ordered = moment.purchase.map_or(moment.at, |purchase| purchase.at);
    let weekday =
        usize::try_from(year.local(ordered).weekday().to_monday_zero_offset()).unwrap_or(0);
    let days = if moment.waited > 1 { moment.waited } else { rng.u32(2..9) };
    let occasion = usize::from(!is_before_christmas(year, ordered)) * (1 + rng.usize(..2));
    if moment.shopper.english {
        let plants = ["basil", "parsley", "chives", "dill", "cress", "thyme", "mint", "lettuce"];
        return vec![
            ("the", format!("the {}", product.thing)),
            ("The", format!("The {}", product.thing)),
            ("thing", product.thing.into()),
            ("name", product.english.into()),
            ("days", number(days, &ENGLISH_NUMBERS, rng)),
            ("day", ENGLISH_DAYS[weekday].into()),
            ("carrier", carrier.into()),
            ("country", english_country(moment.shopper.country).into()),
            ("occasion", ["Christmas", "the birthday", "the weekend"][occasion].into()),
            ("plant", plants[rng.usize(..plants.len())].into()),
        ];
    }
    let plants =
        ["Basilikum", "Petersilie", "Schnittlauch", "Dill", "Kresse", "Thymian", "Minze", "Salat"];
    let (nominative, accusative, dative) = match product.gender {
        Gender::Masculine => ("der", "den", "dem"),
        Gender::Feminine => ("die", "die", "der"),
        Gender::Neuter => ("das", "das", "dem"),
    };
    let noun = product.noun;
    vec![
        ("der", format!("{nominative} {noun}")),
        ("Der", format!("{}{} {noun}", nominative[..1].to_uppercase(), &nominative[1..])),
        ("den", format!("{accusative} {noun}")),
        ("dem", format!("{dative} {noun}")),
        ("name", product.german.into()),
        ("tage", number(days, &GERMAN_NUMBERS, rng)),
        ("tag", GERMAN_DAYS[weekday].into()),
        ("bote", carrier.into()),
        ("land", german_country(moment.shopper.country).into()),
        ("anlass", ["Weihnachten", "Der Geburtstag", "Das Wochenende"][occasion].into()),
        ("pflanze", plants[rng.usize(..plants.len())].into()),
    ]
}

const GERMAN_NUMBERS: [&str; 13] = [
    "null", "einen", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn",
    "elf", "zwölf",
];
const ENGLISH_NUMBERS: [&str; 13] = [
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
];
const GERMAN_DAYS: [&str; 7] =
    ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];
const ENGLISH_DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

fn number(number: u32, words: &[&str; 13], rng: &mut Rng) -> String {
    match words.get(usize::try_from(number).unwrap_or(usize::MAX)) {
        Some(word) if rng.f32() < 0.6 => (*word).into(),
        _ => number.to_string(),
    }
}

fn german_country(code: &str) -> &'static str {
    match code {
        "AT" => "Österreich",
        "CH" => "die Schweiz",
        "NL" => "Holland",
        "GB" => "England",
        "DK" => "Dänemark",
        "FR" => "Frankreich",
        "BE" => "Belgien",
        "SE" => "Schweden",
        "IE" => "Irland",
        "IT" => "Südtirol",
        "US" => "Übersee",
        _ => "Bayern",
    }
}

fn english_country(code: &str) -> &'static str {
    match code {
        "AT" => "Austria",
        "CH" => "Switzerland",
        "NL" => "the Netherlands",
        "GB" => "England",
        "DK" => "Denmark",
        "FR" => "France",
        "BE" => "Belgium",
        "SE" => "Sweden",
        "IE" => "Ireland",
        "IT" => "Italy",
        "US" => "the US",
        _ => "Germany",
    }
}

/// How the shop asked: as its tag does it now, or as it did before.
fn method(as_now: bool, shopper: &Shopper) -> Method {
    let (question, low, high) = match (as_now, shopper.english) {
        (true, false) => (
            "Wie wahrscheinlich ist es, dass Sie Lenz & Sims weiterempfehlen?",
            "Überhaupt nicht wahrscheinlich",
            "Äußerst wahrscheinlich",
        ),
        (true, true) => (
            "How likely are you to recommend Lenz & Sims to a friend or colleague?",
            "Not at all likely",
            "Extremely likely",
        ),
        (false, false) => ("Würden Sie uns weiterempfehlen?", "Unwahrscheinlich", "Wahrscheinlich"),
        (false, true) => ("Would you recommend us?", "Unlikely", "Likely"),
    };
    Method {
        question: question.into(),
        low_label: low.into(),
        high_label: high.into(),
        layout: Some(if shopper.phone && as_now { Layout::TwoRows } else { Layout::OneRow }),
        mode: Some(if as_now { Mode::Inline } else { Mode::Corner }),
        release: if as_now { "0.1.0" } else { "0.0.9" }.into(),
    }
}

fn page(touchpoint: Touchpoint, english: bool) -> String {
    let path = match (touchpoint, english) {
        (Touchpoint::Visit, false) => "ratgeber",
        (Touchpoint::Visit, true) => "en/growing",
        (Touchpoint::Order, false) => "danke",
        (Touchpoint::Order, true) => "en/thank-you",
        (Touchpoint::Delivery, false) => "meine-bestellung",
        (Touchpoint::Delivery, true) => "en/my-order",
        (Touchpoint::Support, false) => "hilfe",
        (Touchpoint::Support, true) => "en/help",
        (Touchpoint::Return, false) => "ruecksendung",
        (Touchpoint::Return, true) => "en/returns",
    };
    format!("https://lenz-und-sims.example/{path}")
}

/// Milliseconds in UTC, as a browser writes them.
fn time(time: Timestamp) -> String {
    format!("{time:.3}")
}

fn id(shown_at: Timestamp, rng: &mut Rng) -> String {
    let mut random = [0; 10];
    rng.fill(&mut random);
    let milliseconds = u64::try_from(shown_at.as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid().to_string()
}

/// About a standard normal distribution: by the sum of uniform ones.
fn normal(rng: &mut Rng) -> f32 {
    (0..4).map(|_| rng.f32()).sum::<f32>().mul_add(1.732, -3.464)
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeSet;

    use afterword_response::receive;

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
    fn every_line_of_both_languages_fills_in_its_facts_and_closes_its_braces() {
        let year = Year::ending("2026-11-24T18:00:00Z".parse().unwrap());
        let mut rng = Rng::with_seed(1);
        for english in [false, true] {
            let shopper = Shopper {
                id: "C-1".into(),
                kind: CustomerKind::New,
                country: "AT",
                english,
                phone: false,
                temper: 0.0,
                hand: Hand::somebodys(&mut rng, false),
            };
            let moment = Moment {
                touchpoint: Touchpoint::Delivery,
                at: year.end,
                shopper: &shopper,
                purchase: None,
                happened: vec![],
                waited: 5,
            };
            let lines = if english { english::lines } else { german::lines };
            let mut all: Vec<&str> =
                What::ALL.iter().flat_map(|what| lines(*what)).copied().collect();
            for segment in [Segment::Promoter, Segment::Passive, Segment::Detractor] {
                let (short, begin, end, but, _) = phrases(segment, english);
                all.extend([short, begin, end, but].concat());
            }
            for line in all {
                assert_eq!(line.matches('{').count(), line.matches('}').count(), "{line}");
                for _ in 0..40 {
                    let facts = facts(&year, &moment, &mut rng);
                    let facts: Vec<_> = facts.iter().map(|(a, b)| (*a, b.as_str())).collect();
                    let said = words::say(line, &facts, &mut rng);
                    assert!(!said.contains(['{', '}', '|', '$']), "{line}: {said}");
                    assert!(!said.contains("  ") && !said.contains(" ,"), "{line}: {said:?}");
                }
            }
        }
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

        // J-shaped: most tens, hardly anybody between nought and five.
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
