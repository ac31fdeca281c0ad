//! An answer: its score, which depends on the events of the order, and its comment.

use std::collections::BTreeMap;

use afterword_response::{
    Customer, Layout, Method, Mode, Order, Response, Segment, Touchpoint, VERSION,
};
use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};

use super::{
    english, german,
    happened::Event,
    journey::{Moment, Shopper, basket, is_before_christmas},
    shop::{CARRIERS, Gender, PRODUCTS, Product, Year},
    words,
};
use crate::{aside::Aside, store::Stored, themes::Named};

/// The answer of a customer; `None` if it would be later than the end of the year.
pub(super) fn answer(year: &Year, moment: &Moment<'_>, rng: &mut Rng) -> Option<Stored> {
    let Moment { touchpoint, at, shopper, purchase, .. } = moment;
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
        test: None,
        survey: match touchpoint {
            Touchpoint::Visit => "website",
            _ => "post-purchase",
        }
        .into(),
        touchpoint: *touchpoint,
        score,
        quotable: (writes && as_now).then(|| score >= 8 && rng.f32() < 0.35),
        quote_name: None,
        comment,
        reasons: Vec::new(),
        contact,
        answer_page: None,
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
        review_link: (complete && as_now).then_some(false),
    };
    let named = Named::default();
    Some(Stored { response, received_at, updated_at, aside: Aside::NONE, named })
}

/// Turns a mood into a score. The steps make the distribution that shops know: most scores are 10, few are in the
/// middle, there is a small peak at 5, and another at 0 from customers who want to be noticed.
fn score(moment: &Moment<'_>, as_now: bool, rng: &mut Rng) -> u8 {
    let start = match moment.touchpoint {
        Touchpoint::Visit => 0.45,
        Touchpoint::Order => 0.92,
        Touchpoint::Delivery => 0.88,
        Touchpoint::Support => 0.85,
        Touchpoint::Return => 0.4,
    };
    let happened: f32 = moment.happened.iter().map(|what| what.effect()).sum();
    // In the corner and with other words, the same customers gave slightly lower scores.
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
fn suits(what: Event, score: u8) -> bool {
    match Segment::of(score) {
        Segment::Promoter => what.effect() >= 0.0,
        Segment::Passive => true,
        Segment::Detractor => what.effect() < 0.0,
    }
}

/// A customer's comment, if there is one.
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
    let mut topics: Vec<Event> =
        moment.happened.iter().copied().filter(|what| suits(*what, score)).collect();
    rng.shuffle(&mut topics);
    // A comment is about the event with the largest effect.
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
            // A change of mood begins with a word such as "but".
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

pub(super) fn phrases(segment: Segment, english: bool) -> (Lines, Lines, Lines, Lines, Lines) {
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

/// The facts that a comment may mention.
pub(super) fn facts(
    year: &Year,
    moment: &Moment<'_>,
    rng: &mut Rng,
) -> Vec<(&'static str, String)> {
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

/// The way in which the shop asked: by its present tag, or by the one before.
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
        contact_text: None,
        quote_text: None,
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
pub(super) fn time(time: Timestamp) -> String {
    format!("{time:.3}")
}

pub(super) fn id(shown_at: Timestamp, rng: &mut Rng) -> String {
    let mut random = [0; 10];
    rng.fill(&mut random);
    let milliseconds = u64::try_from(shown_at.as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid().to_string()
}

/// An approximately normal random number: the sum of uniform ones.
pub(super) fn normal(rng: &mut Rng) -> f32 {
    (0..4).map(|_| rng.f32()).sum::<f32>().mul_add(1.732, -3.464)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use afterword_response::CustomerKind;

    use super::*;
    use crate::seed::words::Hand;

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
                Event::ALL.iter().flat_map(|what| lines(*what)).copied().collect();
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
}
