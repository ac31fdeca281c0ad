//! Reads times in the notations of other products.

use jiff::{
    Timestamp,
    civil::DateTime,
    tz::{Offset, TimeZone},
};

/// How the times of a file are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dates {
    /// Year first: 2026-11-24, 2026-11-24T17:00:00Z, 2026/11/24 5:00 PM GMT+1.
    Iso,
    /// Day first: 24.11.2026 17:00, 24/11/2026.
    DayFirst,
    /// Month first: 11/24/2026 5:00 PM.
    MonthFirst,
    /// Seconds since 1970.
    Seconds,
    /// Milliseconds since 1970.
    Milliseconds,
    /// Days since the end of 1899, as Excel counts them: 46082.75.
    Serial,
}

impl Dates {
    /// Every notation with its name in forms and on the command line.
    pub const NAMES: [(&str, Self); 6] = [
        ("iso", Self::Iso),
        ("day-first", Self::DayFirst),
        ("month-first", Self::MonthFirst),
        ("seconds", Self::Seconds),
        ("milliseconds", Self::Milliseconds),
        ("serial", Self::Serial),
    ];

    /// The notation of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, dates)| *dates)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, dates)| *dates == self).map_or("iso", |(name, _)| name)
    }

    /// Reads a time. Without an offset it is read in the shop's time zone; without a time of day it is noon,
    /// which stays on the same day at any offset.
    pub(crate) fn read(self, text: &str, zone: &TimeZone) -> Option<Timestamp> {
        let text = text.trim();
        let time = match self {
            Self::Iso => iso(text, zone)?,
            Self::DayFirst => parts(text, |[day, month, year]| (year, month, day), zone)?,
            Self::MonthFirst => parts(text, |[month, day, year]| (year, month, day), zone)?,
            Self::Seconds => Timestamp::from_second(text.parse().ok()?).ok()?,
            Self::Milliseconds => Timestamp::from_millisecond(text.parse().ok()?).ok()?,
            Self::Serial => serial(text, zone)?,
        };
        // No survey is so old, or from the future: the number is no time.
        let year = time.to_zoned(TimeZone::UTC).year();
        (1990..=2199).contains(&year).then_some(time)
    }

    /// The notation that reads most of these times, if that is more than half; among equals the likelier
    /// one. A time that it cannot read becomes a problem of its row.
    pub(crate) fn guess(times: &[&str]) -> Option<Self> {
        let times: Vec<&str> =
            times.iter().filter(|time| !time.trim().is_empty()).copied().collect();
        let reads = |dates: Self| {
            times.iter().filter(|time| dates.read(time, &TimeZone::UTC).is_some()).count()
        };
        let dotted = times.iter().filter(|time| time.contains('.')).count() * 2 > times.len();
        let likely = |dates: Self| match dates {
            // 03/04/2026 can be both. Full stops are German, slashes rather American.
            Self::DayFirst => usize::from(dotted),
            Self::MonthFirst => usize::from(!dotted),
            _ => 2,
        };
        Self::NAMES
            .into_iter()
            .map(|(_, dates)| (reads(dates), dates))
            .filter(|(read, _)| read * 2 > times.len())
            .max_by_key(|(read, dates)| (*read, likely(*dates)))
            .map(|(_, dates)| dates)
    }
}

/// Reads days since the end of 1899, with the time of day as a fraction. Excel has no offsets.
fn serial(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let days: f64 = text.replace(',', ".").parse().ok()?;
    // From 1990 to 2200.
    if !(32_874.0..109_575.0).contains(&days) {
        return None;
    }
    let start = DateTime::constant(1899, 12, 30, 0, 0, 0, 0);
    let seconds = if days.fract() == 0.0 { days * 86_400.0 + 43_200.0 } else { days * 86_400.0 };
    #[expect(clippy::cast_possible_truncation, reason = "within the bounds above")]
    let time = start.checked_add(jiff::SignedDuration::from_secs(seconds.round() as i64)).ok()?;
    Some(time.to_zoned(zone.clone()).ok()?.timestamp())
}

fn iso(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.strip_suffix(" UTC").map_or_else(|| text.to_owned(), |text| format!("{text}Z"));
    if let Ok(time) = text.parse() {
        return Some(time);
    }
    for format in ["%Y-%m-%d %H:%M:%S %z", "%Y-%m-%d %H:%M:%S%z", "%Y-%m-%d %H:%M %z"] {
        if let Ok(time) = Timestamp::strptime(format, &text) {
            return Some(time);
        }
    }
    let date = text.len() <= 10;
    let Ok(time) = text.parse::<DateTime>() else {
        let year = text.get(..4)?;
        if !year.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        return parts(&text, |[year, month, day]| (year, month, day), zone);
    };
    let time = if date { time.with().hour(12).build().ok()? } else { time };
    Some(time.to_zoned(zone.clone()).ok()?.timestamp())
}

/// Splits an offset off the end of a time: `GMT+1`, `UTC+05:30`, `MEZ`. Returns the text before it, too.
fn offset(text: &str) -> (&str, Option<TimeZone>) {
    let fixed = |seconds| Offset::from_seconds(seconds).ok().map(Offset::to_time_zone);
    for (name, hours) in [("MESZ", 2), ("CEST", 2), ("MEZ", 1), ("CET", 1), ("UTC", 0), ("GMT", 0)]
    {
        if let Some(clock) = text.strip_suffix(name) {
            return (clock.trim_end(), fixed(hours * 3_600));
        }
    }
    let Some(at) = text.find("GMT").or_else(|| text.find("UTC")) else { return (text, None) };
    let (clock, rest) = (&text[..at], &text[at + 3..]);
    let sign = if rest.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = match rest.get(1..).and_then(|rest| rest.split_once(':')) {
        Some((hours, minutes)) => (hours.parse(), minutes.parse()),
        None => (rest.get(1..).unwrap_or_default().parse(), Ok(0)),
    };
    match (hours, minutes) {
        (Ok(hours @ 0..=14), Ok(minutes @ 0..=59)) if rest.starts_with(['+', '-']) => {
            (clock.trim_end(), fixed(sign * (hours * 3_600 + minutes * 60)))
        }
        _ => (text, None),
    }
}

/// Reads three numbers, and a time of day if one follows.
fn parts(
    text: &str,
    order: impl Fn([i16; 3]) -> (i16, i16, i16),
    zone: &TimeZone,
) -> Option<Timestamp> {
    let (text, own) = offset(text);
    let zone = own.as_ref().unwrap_or(zone);
    let (date, time) = text.split_once([' ', ',', 'T']).unwrap_or((text, ""));
    let numbers: Vec<i16> =
        date.split(['.', '/', '-']).map(str::parse).collect::<Result<_, _>>().ok()?;
    let (year, month, day) = order(numbers.try_into().ok()?);
    // Two digits are a year of this century: older surveys are unlikely.
    let year = if (0..100).contains(&year) { year + 2000 } else { year };
    let (hour, minute, second) = time_of_day(time.trim_matches([' ', ',']))?;
    let time = DateTime::new(
        year,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
        hour,
        minute,
        second,
        0,
    );
    Some(time.ok()?.to_zoned(zone.clone()).ok()?.timestamp())
}

fn time_of_day(text: &str) -> Option<(i8, i8, i8)> {
    if text.is_empty() {
        return Some((12, 0, 0));
    }
    let lower = text.to_ascii_lowercase();
    let lower = lower.trim_end_matches("uhr").trim();
    let (clock, half) = match (lower.strip_suffix("am"), lower.strip_suffix("pm")) {
        (Some(clock), _) => (clock, Some(false)),
        (_, Some(clock)) => (clock, Some(true)),
        _ => (lower, None),
    };
    let numbers: Vec<i8> =
        clock.trim().split(':').map(str::parse).collect::<Result<_, _>>().ok()?;
    let (hour, minute, second) = match numbers.as_slice() {
        [hour, minute] => (*hour, *minute, 0),
        [hour, minute, second] => (*hour, *minute, *second),
        _ => return None,
    };
    let hour = match half {
        Some(afternoon) if (1..=12).contains(&hour) => hour % 12 + if afternoon { 12 } else { 0 },
        Some(_) => return None,
        None => hour,
    };
    Some((hour, minute, second))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[track_caller]
    fn check(dates: Dates, text: &str, expected: &str) {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let read = dates.read(text, &zone).map(|time| time.to_string());
        assert_eq!(read.as_deref(), Some(expected), "{text}");
    }

    #[test]
    fn times_are_read_as_they_are_written() {
        check(Dates::Iso, "2026-11-24T17:00:00Z", "2026-11-24T17:00:00Z");
        check(Dates::Iso, "2026-11-24T17:00:00+01:00", "2026-11-24T16:00:00Z");
        check(Dates::Iso, "2026-11-24 17:00:00 UTC", "2026-11-24T17:00:00Z");
        check(Dates::Iso, "2026-11-24 09:00:00 -0800", "2026-11-24T17:00:00Z");
        check(Dates::Iso, "2026-11-24 17:00:00", "2026-11-24T16:00:00Z");
        check(Dates::Iso, "2026-07-24 17:00", "2026-07-24T15:00:00Z");
        check(Dates::Iso, "2026-11-24", "2026-11-24T11:00:00Z");
        check(Dates::DayFirst, "24.11.2026 17:00", "2026-11-24T16:00:00Z");
        check(Dates::DayFirst, "4.1.26, 9:05 Uhr", "2026-01-04T08:05:00Z");
        check(Dates::DayFirst, "24/11/2026", "2026-11-24T11:00:00Z");
        check(Dates::MonthFirst, "11/24/2026 5:00 PM", "2026-11-24T16:00:00Z");
        check(Dates::MonthFirst, "1/4/2026 12:05am", "2026-01-03T23:05:00Z");
        check(Dates::Seconds, "1795539600", "2026-11-24T17:00:00Z");
        check(Dates::Milliseconds, "1795539600123", "2026-11-24T17:00:00.123Z");
        check(Dates::Iso, "2026/11/1 1:00:00 PM GMT+1", "2026-11-01T12:00:00Z");
        check(Dates::Iso, "2026/07/01 12:05:00 AM GMT-3:30", "2026-07-01T03:35:00Z");
        check(Dates::Iso, "2026/11/24 5:00:00 PM MEZ", "2026-11-24T16:00:00Z");
        check(Dates::Iso, "2026/11/24", "2026-11-24T11:00:00Z");
        check(Dates::DayFirst, "24.11.2026 17:00:00 MESZ", "2026-11-24T15:00:00Z");
        check(Dates::Serial, "46000.75", "2025-12-09T17:00:00Z");
        check(Dates::Serial, "46000,75", "2025-12-09T17:00:00Z");
        check(Dates::Serial, "46000", "2025-12-09T11:00:00Z");
    }

    #[test]
    fn a_text_that_is_not_a_time_is_refused() {
        for (dates, text) in [
            (Dates::Iso, "24.11.2026"),
            (Dates::Iso, "yesterday"),
            (Dates::DayFirst, "31.02.2026"),
            (Dates::DayFirst, "11/24/2026"),
            (Dates::MonthFirst, "1/4/2026 13:00 PM"),
            (Dates::Seconds, "1795539600123"),
            (Dates::Milliseconds, "1795539600"),
            (Dates::Seconds, "9"),
            (Dates::Serial, "9"),
            (Dates::Serial, "1795539600"),
            (Dates::Serial, "NaN"),
            (Dates::Iso, "24/11/2026"),
            (Dates::Iso, "2026/11/24 1:00:00 PM GMT+99"),
        ] {
            assert_eq!(dates.read(text, &TimeZone::UTC), None, "{text}");
        }
    }

    #[test]
    fn the_notation_is_guessed_from_all_times() {
        for (times, expected) in [
            (&["2026-11-24", "2026-11-24 17:00:00 UTC"][..], Some(Dates::Iso)),
            (&["01.02.2026", "03.04.2026"], Some(Dates::DayFirst)),
            (&["01/02/2026", "03/04/2026"], Some(Dates::MonthFirst)),
            (&["01/02/2026", "24/04/2026"], Some(Dates::DayFirst)),
            (&["01/02/2026", "11/24/2026"], Some(Dates::MonthFirst)),
            (&["1795539600", ""], Some(Dates::Seconds)),
            (&["1795539600000"], Some(Dates::Milliseconds)),
            (&["2026-11-24", "24.11.2026"], None),
            // One wrong time among others is a problem of its row.
            (&["21.11.2026", "31.02.2026", "22.11.2026"], Some(Dates::DayFirst)),
            (&["2026-11-24 10:00", "bald", "2026-11-25"], Some(Dates::Iso)),
            (&["01/02/2026", "13/02/2026", "soon"], Some(Dates::DayFirst)),
            (&["46000.75", "46001"], Some(Dates::Serial)),
            (&["", " "], None),
        ] {
            assert_eq!(Dates::guess(times), expected, "{times:?}");
        }
    }

    #[test]
    fn fuzz_dates() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        bolero::check!(name = "dates").with_iterations(5_000).for_each(|text: &[u8]| {
            let text = String::from_utf8_lossy(text);
            for (_, dates) in Dates::NAMES {
                let _ = dates.read(&text, &zone);
            }
            let _ = Dates::guess(&text.lines().collect::<Vec<_>>());
        });
    }
}
