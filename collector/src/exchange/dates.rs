//! Times as others write them.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

/// How the times of a file are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dates {
    /// 2026-11-24, 2026-11-24 17:00, 2026-11-24T17:00:00Z.
    Iso,
    /// Day first: 24.11.2026 17:00, 24/11/2026.
    DayFirst,
    /// Month first: 11/24/2026 5:00 PM.
    MonthFirst,
    /// Seconds since 1970.
    Seconds,
    /// Milliseconds since 1970.
    Milliseconds,
}

impl Dates {
    /// Each with its name in forms and on the command line.
    pub const NAMES: [(&str, Self); 5] = [
        ("iso", Self::Iso),
        ("day-first", Self::DayFirst),
        ("month-first", Self::MonthFirst),
        ("seconds", Self::Seconds),
        ("milliseconds", Self::Milliseconds),
    ];

    /// The one of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, dates)| *dates)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, dates)| *dates == self).map_or("iso", |(name, _)| name)
    }

    /// Reads a time. One without an offset is of the shop's own clock; one without a time of day is at
    /// noon, which stays the same day whatever the offset.
    pub(crate) fn read(self, text: &str, zone: &TimeZone) -> Option<Timestamp> {
        let text = text.trim();
        let time = match self {
            Self::Iso => iso(text, zone)?,
            Self::DayFirst => parts(text, |[day, month, year]| (year, month, day), zone)?,
            Self::MonthFirst => parts(text, |[month, day, year]| (year, month, day), zone)?,
            Self::Seconds => Timestamp::from_second(text.parse().ok()?).ok()?,
            Self::Milliseconds => Timestamp::from_millisecond(text.parse().ok()?).ok()?,
        };
        // Earlier or later than any survey: the number meant something else.
        let year = time.to_zoned(TimeZone::UTC).year();
        (1990..=2199).contains(&year).then_some(time)
    }

    /// The way that reads all of these times; where several do, the likelier one.
    pub(crate) fn guess(times: &[&str]) -> Option<Self> {
        let times: Vec<&str> =
            times.iter().filter(|time| !time.trim().is_empty()).copied().collect();
        let reads =
            |dates: &Self| times.iter().all(|time| dates.read(time, &TimeZone::UTC).is_some());
        let fits: Vec<Self> =
            Self::NAMES.into_iter().map(|(_, dates)| dates).filter(reads).collect();
        let dotted = times.iter().any(|time| time.contains('.'));
        match fits.as_slice() {
            _ if times.is_empty() => None,
            // 03/04/2026 can be both; the point is German, the slash rather American.
            fits if fits.contains(&Self::DayFirst) && fits.contains(&Self::MonthFirst) => {
                Some(if dotted { Self::DayFirst } else { Self::MonthFirst })
            }
            fits => fits.first().copied(),
        }
    }
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
    let time: DateTime = text.parse().ok()?;
    let time = if date { time.with().hour(12).build().ok()? } else { time };
    Some(time.to_zoned(zone.clone()).ok()?.timestamp())
}

/// Reads three numbers, and a time of day if one follows.
fn parts(
    text: &str,
    order: impl Fn([i16; 3]) -> (i16, i16, i16),
    zone: &TimeZone,
) -> Option<Timestamp> {
    let (date, time) = text.split_once([' ', ',', 'T']).unwrap_or((text, ""));
    let numbers: Vec<i16> =
        date.split(['.', '/', '-']).map(str::parse).collect::<Result<_, _>>().ok()?;
    let (year, month, day) = order(numbers.try_into().ok()?);
    // Two digits of a year are this century's: surveys are young.
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
    }

    #[test]
    fn what_is_no_time_is_none() {
        for (dates, text) in [
            (Dates::Iso, "24.11.2026"),
            (Dates::Iso, "yesterday"),
            (Dates::DayFirst, "31.02.2026"),
            (Dates::DayFirst, "11/24/2026"),
            (Dates::MonthFirst, "1/4/2026 13:00 PM"),
            (Dates::Seconds, "1795539600123"),
            (Dates::Milliseconds, "1795539600"),
            (Dates::Seconds, "9"),
        ] {
            assert_eq!(dates.read(text, &TimeZone::UTC), None, "{text}");
        }
    }

    #[test]
    fn the_way_of_writing_is_guessed_from_all_of_them() {
        for (times, expected) in [
            (&["2026-11-24", "2026-11-24 17:00:00 UTC"][..], Some(Dates::Iso)),
            (&["01.02.2026", "03.04.2026"], Some(Dates::DayFirst)),
            (&["01/02/2026", "03/04/2026"], Some(Dates::MonthFirst)),
            (&["01/02/2026", "24/04/2026"], Some(Dates::DayFirst)),
            (&["01/02/2026", "11/24/2026"], Some(Dates::MonthFirst)),
            (&["1795539600", ""], Some(Dates::Seconds)),
            (&["1795539600000"], Some(Dates::Milliseconds)),
            (&["2026-11-24", "24.11.2026"], None),
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
