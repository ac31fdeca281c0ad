//! What the report is made of: counts as the database's roll-ups hold them, and what is asked for.
//! Plain data; `store::rollups` fills it.

use afterword_response::Touchpoint;
use serde::Serialize;

use crate::aside::{Flagged, Kind};

use super::{
    calendar::{Day, Days},
    statistics::{Distribution, Pairs, Segments},
};

/// What responses can be broken down by: an order's country, products or value (in bands, see [`band`]), the
/// customer's kind, tags, reasons, the language, and the shop's own properties as `prop-NAME`.
pub(crate) const FACETS: [&str; 7] =
    ["product", "country", ORDER_VALUE, "customer", "tag", "reason", "language"];
/// The facet of an order's value.
pub(crate) const ORDER_VALUE: &str = "order-value";
/// What the facets of a shop's own properties begin with, as its attributes do.
pub(crate) const PROPERTY: &str = "prop-";

/// Where bands of order values end, in whole units of the currency.
const BAND_EDGES: [u64; 6] = [25, 50, 100, 250, 500, 1_000];
/// Currencies whose unit buys about a hundredth of what a euro does: their bands are a hundred times as wide.
const SMALL_UNITS: [&str; 8] = ["CLP", "HUF", "IDR", "ISK", "JPY", "KRW", "PYG", "VND"];

/// The band of an order's value: `EUR 50-100` from 50 to below 100 euros, `EUR 1000+` at the upper end. `None` without
/// a currency: amounts of which nobody knows what they are worth share nothing.
pub(crate) fn band(value: &str, currency: Option<&str>) -> Option<String> {
    let currency = currency?;
    let units: u64 = value.split('.').next()?.parse().ok()?;
    let times = if SMALL_UNITS.contains(&currency) { 100 } else { 1 };
    let edges = BAND_EDGES.map(|edge| edge * times);
    let above = edges.partition_point(|edge| *edge <= units);
    let from = above.checked_sub(1).map_or(0, |below| edges[below]);
    let band = match edges.get(above) {
        Some(to) => format!("{from}-{to}"),
        None => format!("{from}+"),
    };
    Some(format!("{currency} {band}"))
}

/// A band's currency, and where it begins and ends; `None` at the upper end of all.
pub(crate) fn read_band(band: &str) -> Option<(&str, u64, Option<u64>)> {
    let (currency, range) = band.split_once(' ')?;
    match range.split_once('-') {
        Some((from, to)) => Some((currency, from.parse().ok()?, Some(to.parse().ok()?))),
        None => Some((currency, range.strip_suffix('+')?.parse().ok()?, None)),
    }
}

/// One fact that responses can share: a facet's name and a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
pub(crate) struct Facet {
    /// `country`, or `prop-coupon`.
    pub(crate) name: String,
    pub(crate) value: String,
}

/// Whose answers the report is about; `None` is everybody's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Selection {
    pub(crate) survey: Option<String>,
    pub(crate) touchpoint: Option<Touchpoint>,
    pub(crate) facet: Option<Facet>,
    pub(crate) flagged: Flagged,
}

/// How many answers no figure counts, by why: the first of [`Kind::ALL`] that is true of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct AsideCounts {
    /// To surveys that nobody added yet.
    pub(crate) waiting: u64,
    /// Taken out by hand.
    pub(crate) excluded: u64,
    /// Tests.
    pub(crate) test: u64,
    /// The same order was answered later at the same touchpoint of the same survey.
    pub(crate) repeated: u64,
    /// Implausible ones. They are counted where `flagged=with` is asked for.
    pub(crate) flagged: u64,
}

impl AsideCounts {
    pub(crate) const fn of(&mut self, kind: Kind) -> &mut u64 {
        match kind {
            Kind::Waiting => &mut self.waiting,
            Kind::Excluded => &mut self.excluded,
            Kind::Test => &mut self.test,
            Kind::Repeated => &mut self.repeated,
            Kind::Flagged => &mut self.flagged,
        }
    }
}

/// How a question was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct AskedHow {
    /// A language without its region: `de`.
    pub(crate) language: String,
    pub(crate) question: String,
    pub(crate) low_label: String,
    pub(crate) high_label: String,
    pub(crate) layout: String,
    pub(crate) mode: String,
}

/// The answers of a day to a survey at a touchpoint.
#[derive(Clone, Debug)]
pub(crate) struct Answers {
    pub(crate) day: Day,
    pub(crate) survey: String,
    pub(crate) touchpoint: Touchpoint,
    pub(crate) scores: Distribution,
}

/// How many answered on a day a question asked in one way, whatever they share otherwise.
#[derive(Clone, Debug)]
pub(crate) struct MethodDay {
    pub(crate) day: Day,
    pub(crate) survey: String,
    pub(crate) touchpoint: Touchpoint,
    /// The place in [`Facts::methods`].
    pub(crate) method: usize,
    pub(crate) answers: u64,
}

/// The displays at a touchpoint, and how those were answered that were.
#[derive(Clone, Debug)]
pub(crate) struct Displays {
    pub(crate) touchpoint: Touchpoint,
    pub(crate) shown: u64,
    pub(crate) dismissed: u64,
    pub(crate) answered: Segments,
}

/// Orders whose customers answered at two moments.
#[derive(Clone, Debug)]
pub(crate) struct MomentPairs {
    pub(crate) first: Touchpoint,
    pub(crate) second: Touchpoint,
    pub(crate) pairs: Pairs,
}

/// The answers that share a facet's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ValueAnswers {
    pub(crate) value: String,
    pub(crate) segments: Segments,
}

/// What several answers can have in common that makes them fewer opinions than answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Source {
    Customer,
    Order,
}

/// The most answers that one customer, or one order, gave among those that the report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MostFrom {
    pub(crate) source: Source,
    pub(crate) answers: u64,
}

/// Everything that was read, as of one moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    /// Every touchpoint's, in the period and the one before.
    pub(crate) answers: Vec<Answers>,
    /// Every touchpoint's, in both periods.
    pub(crate) asked: Vec<MethodDay>,
    pub(crate) methods: Vec<AskedHow>,
    /// Every touchpoint's, in the period.
    pub(crate) displays: Vec<Displays>,
    /// Of orders completed in the period.
    pub(crate) pairs: Vec<MomentPairs>,
    /// The names of the facets that any response has.
    pub(crate) facets: Vec<String>,
    /// The values of the one facet that was asked for, in the period and at the touchpoint.
    pub(crate) values: Vec<ValueAnswers>,
    /// Everybody's, in the period and at the touchpoint, whatever property was asked for: what the
    /// values are values of.
    pub(crate) everybody: Segments,
    /// In the period. Empty where no answer names a customer or an order.
    pub(crate) most_from: Vec<MostFrom>,
    /// In the one before.
    pub(crate) most_from_before: Vec<MostFrom>,
    /// The ids of the surveys that were ever answered.
    pub(crate) surveys: Vec<String>,
    /// Facets of which more arrived than is counted: `product`, `prop-` for too many properties,
    /// `method` for too many ways of asking.
    pub(crate) left_out: Vec<String>,
    /// The ids of surveys that are archived and therefore not among all.
    pub(crate) archived: Vec<String>,
    /// In the period and at the touchpoint; none where a property is asked for, by which they are not
    /// counted.
    pub(crate) aside: AsideCounts,
    /// Those that are flagged, of the answers that the report is about, in the period.
    pub(crate) flagged: Segments,
}

/// Which facts a report needs.
#[derive(Clone, Debug)]
pub(crate) struct FactsRequest<'a> {
    pub(crate) selection: &'a Selection,
    pub(crate) days: Days,
    /// Whether the days before are read too.
    pub(crate) compare: bool,
    /// The facet to break down by; `None` takes the first there is.
    pub(crate) by: Option<&'a str>,
}

#[cfg(test)]
mod tests {
    use super::{band, read_band};

    #[test]
    fn an_orders_value_is_in_one_band() {
        for (value, currency, expected) in [
            ("0", "EUR", "EUR 0-25"),
            ("24.99", "EUR", "EUR 0-25"),
            ("25.00", "EUR", "EUR 25-50"),
            ("129.90", "CHF", "CHF 100-250"),
            ("1000", "EUR", "EUR 1000+"),
            ("99999999", "EUR", "EUR 1000+"),
            ("12990", "JPY", "JPY 10000-25000"),
        ] {
            assert_eq!(band(value, Some(currency)).as_deref(), Some(expected), "{value}");
        }
        for (value, currency) in [("12", None), ("", Some("EUR")), ("-1", Some("EUR"))] {
            assert_eq!(band(value, currency), None, "{value}");
        }
        assert_eq!(read_band("EUR 50-100"), Some(("EUR", 50, Some(100))));
        assert_eq!(read_band("EUR 1000+"), Some(("EUR", 1000, None)));
        for other in ["", "EUR", "EUR 5", "EUR x-y"] {
            assert_eq!(read_band(other), None);
        }
    }
}
