//! The shop's time zone as a list of offsets, for an engine that knows no time zones.

use jiff::{Timestamp, tz::TimeZone};

/// Changes of the offset are listed from 1990 to 2100, in Unix seconds: no answer is older, and by 2100 a
/// newer release will run.
const LISTED_SECONDS: (i64, i64) = (631_152_000, 4_102_444_800);

/// Milliseconds of a day.
pub(crate) const DAY: i64 = 86_400_000;

/// Pairs of a moment and the offset to UTC from then on, both in milliseconds; the first offset also applies
/// to all time before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Offsets(pub(super) Vec<(i64, i64)>);

impl Offsets {
    pub(crate) fn of(zone: &TimeZone) -> Self {
        Self(offsets(zone))
    }

    /// The day of a moment in Unix milliseconds: days since 1970-01-01 of the zone's calendar.
    pub(crate) fn day(&self, at: i64) -> i64 {
        let after = self.0.partition_point(|(since, _)| *since <= at);
        let ahead = after.checked_sub(1).and_then(|place| self.0.get(place)).map_or(0, |it| it.1);
        at.saturating_add(ahead).div_euclid(DAY)
    }
}

fn offsets(zone: &TimeZone) -> Vec<(i64, i64)> {
    let (begin, end) = LISTED_SECONDS;
    let milliseconds = |offset: jiff::tz::Offset| i64::from(offset.seconds()) * 1000;
    let begin = Timestamp::from_second(begin).unwrap_or(Timestamp::UNIX_EPOCH);
    let mut offsets = vec![(i64::MIN, milliseconds(zone.to_offset(begin)))];
    for change in zone.following(begin).take_while(|change| change.timestamp().as_second() < end) {
        offsets.push((change.timestamp().as_millisecond(), milliseconds(change.offset())));
    }
    // A change of only the zone's abbreviation does not matter.
    offsets.dedup_by_key(|(_, ahead)| *ahead);
    offsets
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn utc_never_changes() {
        assert_eq!(offsets(&TimeZone::UTC), [(i64::MIN, 0)]);
    }

    #[test]
    fn a_time_zone_is_written_as_its_offsets() {
        for name in ["Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia"] {
            let zone = TimeZone::get(name).unwrap();
            let offsets = offsets(&zone);
            assert!(offsets.is_sorted_by(|a, b| a.0 < b.0), "{name}");
            // Every 7 hours of ten years, and so every hour of the day.
            for hour in (0..10 * 365 * 24).step_by(7) {
                let at = 1_735_689_600 + hour * 3_600;
                let after = offsets.partition_point(|(since, _)| *since <= at * 1000);
                let said = offsets[after - 1].1 / 1000;
                let expected = zone.to_offset(Timestamp::from_second(at).unwrap()).seconds();
                assert_eq!(said, i64::from(expected), "{name} at {at}");
            }
        }
    }
}
