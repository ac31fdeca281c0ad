//! The demo shop: its products, customers and seasons, and the events of its year.
//!
//! It is the shop of the demo page, Lenz & Sims, which packs pots, cans and seeds in Hamburg.

use fastrand::Rng;
use jiff::{Timestamp, Zoned, civil::Date, tz::TimeZone};

/// A product.
pub(super) struct Product {
    pub(super) german: &'static str,
    pub(super) english: &'static str,
    /// The noun that a customer uses for it, and its German gender.
    pub(super) noun: &'static str,
    pub(super) gender: Gender,
    pub(super) thing: &'static str,
    /// In cents.
    pub(super) price: u32,
    /// How often it is bought, relative to the others.
    pub(super) weight: u32,
    /// How much more or less likely it is to disappoint.
    pub(super) trouble: f32,
    pub(super) kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Gender {
    Masculine,
    Feminine,
    Neuter,
}

/// The kind of a product, which decides what can go wrong with it and what is praised.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Pot,
    Can,
    Seed,
    Tool,
}

use Gender::{Feminine, Masculine, Neuter};
use Kind::{Can, Pot, Seed, Tool};

macro_rules! products {
    ($($german:literal, $english:literal, $noun:literal $gender:ident, $thing:literal, $price:literal, $weight:literal, $trouble:literal, $kind:ident;)+) => {
        pub(super) const PRODUCTS: &[Product] = &[$(Product {
            german: $german, english: $english, noun: $noun, gender: $gender, thing: $thing,
            price: $price, weight: $weight, trouble: $trouble, kind: $kind,
        }),+];
    };
}

products! {
    "Kräutertopf Ida", "Ida herb pot", "Kräutertopf" Masculine, "herb pot", 2950, 14, 1.0, Pot;
    "Gießkanne Tau", "Tau watering can", "Gießkanne" Feminine, "watering can", 4650, 13, 0.8, Can;
    "Saatgut Küchenkräuter", "Kitchen herb seeds", "Saatgut" Neuter, "seed set", 1950, 16, 1.0, Seed;
    "Pflanzkübel Elbe", "Elbe planter", "Pflanzkübel" Masculine, "planter", 8900, 7, 1.1, Pot;
    "Blumenampel Mira", "Mira hanging pot", "Blumenampel" Feminine, "hanging pot", 3450, 6, 1.0, Pot;
    "Zimmergießer Lotte", "Lotte indoor can", "Zimmergießer" Masculine, "indoor watering can", 2890, 8, 0.7, Can;
    "Sprühflasche Nebel", "Nebel mister", "Sprühflasche" Feminine, "mister", 1690, 8, 3.2, Can;
    "Tomatensaat Alte Sorten", "Heirloom tomato seeds", "Tomatensaatgut" Neuter, "tomato seed set", 1490, 9, 1.2, Seed;
    "Wildblumenmischung Deich", "Deich wildflower mix", "Blumenmischung" Feminine, "wildflower mix", 1290, 9, 0.9, Seed;
    "Handschaufel Ole", "Ole hand trowel", "Handschaufel" Feminine, "trowel", 2490, 6, 0.5, Tool;
    "Gartenschere Jette", "Jette secateurs", "Gartenschere" Feminine, "pair of secateurs", 5900, 5, 0.8, Tool;
    "Anzuchtset Fensterbank", "Windowsill growing kit", "Anzuchtset" Neuter, "growing kit", 3990, 10, 1.2, Seed;
    "Untersetzer Glasur", "Glazed saucer", "Untersetzer" Masculine, "saucer", 1150, 7, 0.9, Pot;
    "Adventskalender Saat", "Seed advent calendar", "Adventskalender" Masculine, "advent calendar", 3290, 0, 0.8, Seed;
}

/// The advent calendar, which is sold from October to the start of December.
pub(super) const ADVENT: usize = 13;

/// Countries, with the orders of a thousand that go there, and the share of answers in English.
pub(super) const COUNTRIES: &[(&str, u32, f32)] = &[
    ("DE", 655, 0.07),
    ("AT", 98, 0.05),
    ("CH", 77, 0.12),
    ("NL", 42, 0.88),
    ("GB", 40, 1.0),
    ("DK", 22, 0.9),
    ("FR", 16, 0.92),
    ("BE", 14, 0.85),
    ("SE", 12, 0.97),
    ("IE", 10, 1.0),
    ("IT", 8, 0.75),
    ("US", 6, 1.0),
];

/// The carriers. The second one is new and cheaper, and failed in the crisis.
pub(super) const CARRIERS: [&str; 2] = ["Kranich Paket", "Velox"];

/// The shop's time zone. Its rule is written out, because a server may have no time zone database.
pub(super) fn clock() -> TimeZone {
    TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap_or(TimeZone::UTC)
}

/// The year. All its events are counted back from its end.
pub(super) struct Year {
    pub(super) end: Timestamp,
    clock: TimeZone,
    /// The cumulative demand, by hours counted back from the end.
    demand_until: Vec<f64>,
}

/// In milliseconds.
const HOUR: i64 = 3_600_000;
const DAY: f64 = 86_400.0;
pub(super) const DAYS: f64 = 365.0;

impl Year {
    pub(super) fn ending(end: Timestamp) -> Self {
        let mut year = Self { end, clock: clock(), demand_until: Vec::new() };
        let mut sum = 0.0;
        for hour in 0..365 * 24 {
            let middle = end.as_millisecond() - hour * HOUR - HOUR / 2;
            sum += year.demand(Timestamp::from_millisecond(middle).unwrap_or(end));
            year.demand_until.push(sum);
        }
        year
    }

    /// Days before the end, as a fraction.
    pub(super) fn days_ago(&self, time: Timestamp) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a few years of milliseconds fit")]
        let milliseconds = (self.end.as_millisecond() - time.as_millisecond()) as f64;
        milliseconds / 1000.0 / DAY
    }

    pub(super) fn local(&self, time: Timestamp) -> Zoned {
        time.to_zoned(self.clock.clone())
    }

    /// How bad the delivery crisis is at a time, 0 to 1. It began within days of the change of carrier, lasted
    /// for more than three weeks, and faded over two.
    pub(super) fn crisis(&self, time: Timestamp) -> f64 {
        let day = 104.0 - self.days_ago(time);
        match day {
            d if d < 0.0 => 0.0,
            d if d < 5.0 => d / 5.0,
            d if d < 30.0 => 1.0,
            d if d < 44.0 => (44.0 - d) / 14.0,
            _ => 0.0,
        }
    }

    /// Whether the question is asked by the shop's present tag. Before, it was in the window's corner, with other words and
    /// labels.
    pub(super) fn asks_as_now(&self, time: Timestamp) -> bool {
        self.days_ago(time) < 178.0
    }

    /// The relative number of orders at a time, by season, weekday and hour.
    fn demand(&self, time: Timestamp) -> f64 {
        let local = self.local(time);
        let (date, hour) =
            (local.date(), f64::from(local.hour()) + f64::from(local.minute()) / 60.0);
        let weekday = match date.weekday() {
            jiff::civil::Weekday::Sunday => 1.24,
            jiff::civil::Weekday::Monday => 1.12,
            jiff::civil::Weekday::Friday => 0.87,
            jiff::civil::Weekday::Saturday => 0.9,
            _ => 1.0,
        };
        // Peaks at lunch and in the evening, and hardly an order at four in the morning.
        let bump = |at: f64, width: f64| (-((hour - at) / width).powi(2)).exp();
        let hour = 0.05
            + 0.55 * bump(12.6, 2.4)
            + bump(20.6, 2.3)
            + 0.35 * bump(9.5, 2.0)
            + 0.3 * bump(16.5, 2.5);
        let growth = 1.22 - 0.22 * self.days_ago(time) / DAYS;
        season(date) * weekday * hour * growth
    }

    /// The time of an order: a random moment, weighted by demand.
    pub(super) fn order_time(&self, rng: &mut Rng) -> Timestamp {
        let at = rng.f64() * self.demand_until.last().copied().unwrap_or_default();
        let hours_ago = self.demand_until.partition_point(|until| *until <= at);
        let back = i64::try_from(hours_ago).unwrap_or(0) * HOUR + rng.i64(0..HOUR);
        Timestamp::from_millisecond(self.end.as_millisecond() - back).unwrap_or(self.end)
    }

    /// The time until which this share of the year's orders has come, from 0 to 1.
    pub(super) fn time_at(&self, share: f64) -> Timestamp {
        let total = self.demand_until.last().copied().unwrap_or_default();
        let at = (1.0 - share) * total;
        let hours_ago = self.demand_until.partition_point(|until| *until <= at);
        let until = |hours: usize| self.demand_until.get(hours).copied().unwrap_or(total);
        let before = hours_ago.checked_sub(1).map_or(0.0, until);
        let width = (until(hours_ago) - before).max(f64::MIN_POSITIVE);
        #[expect(clippy::cast_possible_truncation, reason = "a part of an hour")]
        let into = ((at - before) / width * 3_600_000.0) as i64;
        let back = i64::try_from(hours_ago).unwrap_or(0) * HOUR + into.min(HOUR - 1);
        Timestamp::from_millisecond(self.end.as_millisecond() - back).unwrap_or(self.end)
    }
}

/// A gardening shop's year: spring sowing, summer holidays, gifts before Christmas.
fn season(date: Date) -> f64 {
    let (month, day) = (date.month(), date.day());
    match (month, day) {
        (1, ..=6) => 0.6,
        (1, _) => 0.78,
        (2, _) => 1.0,
        (3, _) => 1.28,
        (4, _) => 1.42,
        // Before Mother's Day.
        (5, ..=10) => 1.62,
        (5, _) => 1.22,
        (6, _) => 0.98,
        (7, _) => 0.8,
        (8, _) => 0.76,
        (9, _) => 0.95,
        (10, _) => 0.95,
        (11, 23..=30) => 2.35,
        (11, _) => 1.2,
        (12, ..=19) => 2.05,
        (12, 20..=23) => 1.1,
        (12, 24..=26) => 0.3,
        _ => 0.8,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn year() -> Year {
        Year::ending("2026-11-24T18:00:00Z".parse().unwrap())
    }

    #[test]
    fn orders_come_within_the_year_and_most_in_the_evening() {
        let (year, mut rng) = (year(), Rng::with_seed(2));
        let mut hours = [0_u32; 24];
        for _ in 0..5_000 {
            let time = year.order_time(&mut rng);
            assert!((0.0..=DAYS).contains(&year.days_ago(time)));
            hours[usize::from(year.local(time).hour().unsigned_abs())] += 1;
        }
        assert!(hours[20] > 10 * hours[4].max(1) && hours[20] > hours[16], "{hours:?}");
    }

    #[test]
    fn the_crisis_comes_stays_and_goes() {
        let year = year();
        let at = |days: i64| year.crisis(year.end - jiff::Span::new().hours(24 * days));
        assert_eq!([at(110), at(90), at(80), at(55)], [0.0, 1.0, 1.0, 0.0]);
        assert!(at(66) > 0.0 && at(66) < 1.0);
    }

    #[test]
    fn the_shops_clock_knows_summer_time() {
        let hour = |time: &str| year().local(time.parse().unwrap()).hour();
        assert_eq!((hour("2026-01-15T12:00:00Z"), hour("2026-07-15T12:00:00Z")), (13, 14));
    }
}
