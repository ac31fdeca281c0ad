//! Formats numbers and dates in each language, with the Unicode locale data.

use std::sync::LazyLock;

use fixed_decimal::{Decimal, FloatPrecision, SignDisplay};
use icu_datetime::{
    DateTimeFormatter,
    fieldsets::{M, MD, YM, YMD},
    input::Date as IcuDate,
};
use icu_decimal::DecimalFormatter;
use icu_locale_core::{Locale, locale};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use jiff_icu::ConvertFrom as _;

use crate::language::Language;

/// Writes numbers and dates in one language.
pub(crate) struct Format {
    decimal: Option<DecimalFormatter>,
    day: Option<DateTimeFormatter<YMD>>,
    short_day: Option<DateTimeFormatter<MD>>,
    month: Option<DateTimeFormatter<YM>>,
    short_month: Option<DateTimeFormatter<M>>,
    /// The text between a number and its percent sign, and the sign.
    percent: &'static str,
}

impl Format {
    pub(crate) fn of(language: Language) -> &'static Self {
        static ENGLISH: LazyLock<Format> = LazyLock::new(|| Format::new(&locale!("en-GB"), "%"));
        static GERMAN: LazyLock<Format> = LazyLock::new(|| Format::new(&locale!("de"), "\u{a0}%"));
        match language {
            Language::English => &ENGLISH,
            Language::German => &GERMAN,
        }
    }

    /// The data of these locales is compiled in; without it, numbers would have no grouping, and dates the
    /// form of ISO 8601.
    fn new(locale: &Locale, percent: &'static str) -> Self {
        Self {
            decimal: DecimalFormatter::try_new(locale.into(), Default::default()).ok(),
            day: DateTimeFormatter::try_new(locale.into(), YMD::medium()).ok(),
            short_day: DateTimeFormatter::try_new(locale.into(), MD::medium()).ok(),
            month: DateTimeFormatter::try_new(locale.into(), YM::long()).ok(),
            short_month: DateTimeFormatter::try_new(locale.into(), M::medium()).ok(),
            percent,
        }
    }

    fn write(&self, number: &Decimal) -> String {
        let text = match &self.decimal {
            Some(decimal) => decimal.format(number).to_string(),
            None => number.to_string(),
        };
        // Replaces the hyphen by the minus sign, which is as wide as a plus.
        text.replace('-', "\u{2212}")
    }

    /// A count: `12,345`.
    pub(crate) fn count(&self, count: u64) -> String {
        self.write(&Decimal::from(count))
    }

    /// A score, to one decimal place: `−12.3`.
    pub(crate) fn score(&self, score: f64) -> String {
        self.write(&rounded(score, 1))
    }

    /// A difference of scores, with its sign: `+1.4`; `0.0` has none.
    pub(crate) fn difference(&self, points: f64) -> String {
        let mut number = rounded(points, 1);
        number.apply_sign_display(SignDisplay::ExceptZero);
        self.write(&number)
    }

    /// A whole number of a scale: `−20`.
    pub(crate) fn whole(&self, number: f64) -> String {
        self.write(&rounded(number, 0))
    }

    /// A share from 0 to 1: `34.2%`.
    pub(crate) fn share(&self, share: f64) -> String {
        format!("{}{}", self.write(&rounded(share * 100.0, 1)), self.percent)
    }

    /// A share from 0 to 1 without decimals: `34%`. A small share is not shown as 0%.
    pub(crate) fn rough_share(&self, share: f64) -> String {
        format!("{}{}", self.percents(share), self.percent)
    }

    /// The same without the percent sign, where there is no room for it.
    pub(crate) fn percents(&self, share: f64) -> String {
        if share > 0.0 && share < 0.01 {
            return format!("<{}", self.write(&Decimal::from(1)));
        }
        self.write(&rounded(share * 100.0, 0))
    }

    /// `24 Nov 2026`, `24.11.2026`.
    pub(crate) fn day(&self, date: Date) -> String {
        match &self.day {
            Some(day) => day.format(&IcuDate::convert_from(date)).to_string(),
            None => date.to_string(),
        }
    }

    /// `24 Nov`, `24. Nov.`
    pub(crate) fn short_day(&self, date: Date) -> String {
        match &self.short_day {
            Some(day) => day.format(&IcuDate::convert_from(date)).to_string(),
            None => date.to_string(),
        }
    }

    /// `November 2026`.
    pub(crate) fn month(&self, date: Date) -> String {
        match &self.month {
            Some(month) => month.format(&IcuDate::convert_from(date)).to_string(),
            None => date.to_string(),
        }
    }

    /// `Nov`, or for the first month of a year `Jan 2026`.
    pub(crate) fn short_month(&self, date: Date) -> String {
        let name = match &self.short_month {
            Some(month) => month.format(&IcuDate::convert_from(date)).to_string(),
            None => date.month().to_string(),
        };
        if date.month() == 1 { format!("{name} {}", date.year()) } else { name }
    }

    /// `24 Nov 2026, 17:04`, in the time zone.
    pub(crate) fn moment(&self, at: Timestamp, zone: &TimeZone) -> String {
        let local = at.to_zoned(zone.clone());
        format!("{}, {}", self.day(local.date()), local.strftime("%H:%M"))
    }
}

fn rounded(number: f64, places: i16) -> Decimal {
    let mut decimal = Decimal::try_from_f64(number, FloatPrecision::RoundTrip).unwrap_or_default();
    decimal.round(-places);
    decimal.pad_end(-places);
    // A number that is rounded to zero gets no sign.
    decimal.apply_sign_display(SignDisplay::Negative);
    decimal
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn each_language_has_its_own_signs() {
        let (en, de) = (Format::of(Language::English), Format::of(Language::German));
        assert_eq!((en.count(12_345), de.count(12_345)), ("12,345".into(), "12.345".into()));
        assert_eq!((en.score(-12.34), de.score(-12.34)), ("−12.3".into(), "−12,3".into()));
        assert_eq!((en.difference(1.25), de.difference(-0.04)), ("+1.2".into(), "0,0".into()));
        assert_eq!((en.score(40.0), de.whole(-20.0)), ("40.0".into(), "−20".into()));
        assert_eq!((en.share(0.3416), de.share(1.0)), ("34.2%".into(), "100,0\u{a0}%".into()));
        assert_eq!(
            (en.rough_share(0.004), de.rough_share(0.125)),
            ("<1%".into(), "12\u{a0}%".into())
        );
        let day = date(2026, 11, 24);
        assert_eq!((en.day(day), de.day(day)), ("24 Nov 2026".into(), "24.11.2026".into()));
        assert_eq!((en.short_day(day), de.short_day(day)), ("24 Nov".into(), "24. Nov.".into()));
        assert_eq!(
            (en.month(day), de.month(day)),
            ("November 2026".into(), "November 2026".into())
        );
    }
}
