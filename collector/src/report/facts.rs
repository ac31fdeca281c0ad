//! The input of the report: counts from the database's roll-ups, and the selection. Plain data;
//! `store::rollups` fills it.

use std::collections::BTreeMap;

use afterword_response::Touchpoint;
use serde::Serialize;

use crate::{
    aside::{Flagged, Kind},
    themes::Theme,
};

use super::{
    calendar::{Day, Days},
    phrases::PeriodComment,
    statistics::{Distribution, Pairs, Segments},
};

/// The facets by which responses can be broken down: an order's products, country and value (in bands, see
/// [`band`]), the customer's kind, tags, reasons and language. The shop's own properties are facets, too, with the
/// name `prop-NAME`.
pub(crate) const FACETS: [&str; 7] =
    ["product", "country", ORDER_VALUE, "customer", "tag", "reason", "language"];
/// The facet of an order's value.
pub(crate) const ORDER_VALUE: &str = "order-value";
/// The prefix of the facets of properties, as in their attributes.
pub(crate) const PROPERTY: &str = "prop-";

/// The facet of the themes that an answer names. Answers can be filtered by it; the report has its own section for it.
pub(crate) const THEME: &str = "theme";
/// The facet, with one value, of answers whose comment has words in a language with a lexicon. The shares of
/// themes are shares of these answers.
pub(crate) const THEME_READ: &str = "theme-read";
/// Its value.
pub(crate) const READ: &str = "yes";
/// The facet of the themes of all other answers. They are found by reasons or by the shop's own rules only.
pub(crate) const THEME_BEYOND: &str = "theme-beyond";

/// The facet of complete answers by whether the thanks to them showed the link for a review.
pub(crate) const REVIEW_LINK: &str = "review-link";
/// Its values: the link was shown, or was not.
pub(crate) const LINK_SHOWN: &str = "shown";
pub(crate) const LINK_NOT_SHOWN: &str = "not-shown";

/// The ends of the bands of order values, in whole units of the currency.
const BAND_EDGES: [u64; 6] = [25, 50, 100, 250, 500, 1_000];
/// Currencies whose unit is worth about a hundredth of a euro. Their bands are a hundred times as wide.
const SMALL_UNITS: [&str; 8] = ["CLP", "HUF", "IDR", "ISK", "JPY", "KRW", "PYG", "VND"];

/// The band of an order's value: `EUR 50-100` from 50 to below 100 euros, `EUR 1000+` for the highest band. `None`
/// without a currency, since the amount alone does not say what the order is worth.
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

/// A band's currency, its beginning and its end; the highest band has no end.
pub(crate) fn read_band(band: &str) -> Option<(&str, u64, Option<u64>)> {
    let (currency, range) = band.split_once(' ')?;
    match range.split_once('-') {
        Some((from, to)) => Some((currency, from.parse().ok()?, Some(to.parse().ok()?))),
        None => Some((currency, range.strip_suffix('+')?.parse().ok()?, None)),
    }
}

/// A fact that several responses may have in common: a facet's name and a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema)]
pub(crate) struct Facet {
    /// `country`, or `prop-coupon`.
    pub(crate) name: String,
    pub(crate) value: String,
}

/// The selection of answers for the report; `None` selects all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Selection {
    pub(crate) survey: Option<String>,
    pub(crate) touchpoint: Option<Touchpoint>,
    pub(crate) facet: Option<Facet>,
    pub(crate) flagged: Flagged,
}

/// The numbers of answers that no figure counts, each under the first kind of [`Kind::ALL`] that applies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct AsideCounts {
    /// Answers to surveys that wait to be added.
    pub(crate) waiting: u64,
    /// Excluded by hand.
    pub(crate) excluded: u64,
    /// Tests.
    pub(crate) test: u64,
    /// The same order was answered later at the same touchpoint of the same survey.
    pub(crate) repeated: u64,
    /// Implausible answers. The report counts them with `flagged=with`.
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

/// The number of answers of a day to a question that was asked in one way.
#[derive(Clone, Debug)]
pub(crate) struct MethodDay {
    pub(crate) day: Day,
    pub(crate) survey: String,
    pub(crate) touchpoint: Touchpoint,
    /// The index in [`Facts::methods`].
    pub(crate) method: usize,
    pub(crate) answers: u64,
}

/// The displays at a touchpoint, and the answers to them.
#[derive(Clone, Debug)]
pub(crate) struct Displays {
    pub(crate) touchpoint: Touchpoint,
    pub(crate) shown: u64,
    pub(crate) dismissed: u64,
    pub(crate) answered: Segments,
}

/// Orders whose customers answered at two touchpoints.
#[derive(Clone, Debug)]
pub(crate) struct MomentPairs {
    pub(crate) first: Touchpoint,
    pub(crate) second: Touchpoint,
    pub(crate) pairs: Pairs,
}

/// The answers with one value of a facet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ValueAnswers {
    pub(crate) value: String,
    pub(crate) segments: Segments,
}

/// A common source of several answers, which makes them dependent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Source {
    Customer,
    Order,
}

/// A detractor who rated again within the days in which customers can be won back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RatedAgain {
    /// Of the first answer.
    pub(crate) day: Day,
    pub(crate) touchpoint: Touchpoint,
    /// The last rating in these days.
    pub(crate) score: u8,
}

/// The most answers of the report that come from one customer, or are about one order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MostFrom {
    pub(crate) source: Source,
    pub(crate) answers: u64,
}

/// The counted answers of a period whose comments could be read, and those of them that name a theme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ThemeAnswers {
    pub(crate) base: Segments,
    pub(crate) naming: BTreeMap<Theme, Segments>,
}

/// The counted answers of a day whose comments could be read, and those of them that name a theme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ThemeDay {
    pub(crate) base: u64,
    pub(crate) naming: BTreeMap<Theme, u64>,
}

/// The themes of two periods.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ThemeFacts {
    pub(crate) now: ThemeAnswers,
    /// The days of the period that have answers.
    pub(crate) days: BTreeMap<Day, ThemeDay>,
    /// The days from which on a theme, or every one, was found by other rules.
    pub(crate) changes: Vec<(Option<Theme>, Day)>,
    /// In the period before; empty unless it is compared.
    pub(crate) before: ThemeAnswers,
    /// Whether the themes of every stored answer have been found.
    pub(crate) are_found: bool,
    /// A sample of the comments of the base, of both periods; empty unless these are compared.
    pub(crate) comments: Vec<PeriodComment>,
}

/// All facts, read as of one moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    /// At every touchpoint, in the period and the one before.
    pub(crate) answers: Vec<Answers>,
    /// At every touchpoint, in both periods.
    pub(crate) asked: Vec<MethodDay>,
    pub(crate) methods: Vec<AskedHow>,
    /// At every touchpoint, in the period.
    pub(crate) displays: Vec<Displays>,
    /// The first day on which a question counted as shown only once half of it was in view; `None` if it always did.
    pub(crate) shown_in_view_from: Option<Day>,
    /// Of orders completed in the period.
    pub(crate) pairs: Vec<MomentPairs>,
    /// The names of the facets that any response has.
    pub(crate) facets: Vec<String>,
    /// The values of the facet to break down by, in the period and at the touchpoint.
    pub(crate) values: Vec<ValueAnswers>,
    /// All answers in the period and at the touchpoint, without a filter by property: the total of `values`.
    pub(crate) everybody: Segments,
    /// The themes of the comments at the touchpoint; `None` if a property is selected.
    pub(crate) themes: Option<ThemeFacts>,
    /// In the period. Empty if no answer names a customer or an order.
    pub(crate) most_from: Vec<MostFrom>,
    /// In the period before.
    pub(crate) most_from_before: Vec<MostFrom>,
    /// The ids of all surveys with answers.
    pub(crate) surveys: Vec<String>,
    /// Facets with more values than are counted: `product`, `prop-` for too many properties, `method` for too
    /// many methods.
    pub(crate) left_out: Vec<String>,
    /// The ids of archived surveys, which a report over all surveys leaves out.
    pub(crate) archived: Vec<String>,
    /// In the period and at the touchpoint. Zero if a property is selected, since these are not counted by
    /// property.
    pub(crate) aside: AsideCounts,
    /// The flagged answers among those of the report, in the period.
    pub(crate) flagged: Segments,
    /// At every touchpoint, in the period. Empty if a property is selected.
    pub(crate) rated_again: Vec<RatedAgain>,
    pub(crate) today: Day,
}

impl Facts {
    /// The number of answers of the report on some days, which lie in the period or in the one before.
    pub(crate) fn count(&self, selection: &Selection, days: Days) -> u64 {
        let is_own = |it: &&Answers| {
            days.contains(it.day)
                && selection.touchpoint.is_none_or(|wanted| wanted == it.touchpoint)
        };
        let own = self.answers.iter().filter(is_own);
        own.map(|it| it.scores.segments().answers()).sum()
    }
}

/// The facts that a report needs.
#[derive(Clone, Debug)]
pub(crate) struct FactsRequest<'a> {
    pub(crate) selection: &'a Selection,
    pub(crate) days: Days,
    /// Whether the days before are needed, too.
    pub(crate) compare: bool,
    /// The facet to break down by; `None` takes the first one.
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
