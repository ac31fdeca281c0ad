//! The shop's time zone, spelled out for an engine that knows none.

use jiff::{Timestamp, tz::TimeZone};

/// Changes are written out from 1990 to 2100: no answer is older, and whoever runs this in 2100 will
/// have started a newer release.
const SPELLED_OUT: (i64, i64) = (631_152_000, 4_102_444_800);

/// Milliseconds of a day.
pub(crate) const DAY: i64 = 86_400_000;

/// How far a zone is ahead of UTC and from when on, both in milliseconds; the first entry reaches back
/// for ever.
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
    let (begin, end) = SPELLED_OUT;
    let milliseconds = |offset: jiff::tz::Offset| i64::from(offset.seconds()) * 1000;
    let begin = Timestamp::from_second(begin).unwrap_or(Timestamp::UNIX_EPOCH);
    let mut offsets = vec![(i64::MIN, milliseconds(zone.to_offset(begin)))];
    for change in zone.following(begin).take_while(|change| change.timestamp().as_second() < end) {
        offsets.push((change.timestamp().as_millisecond(), milliseconds(change.offset())));
    }
    // A change of name alone, such as of the zone's abbreviation, moves no day.
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
    fn a_zone_is_spelled_out_as_its_clocks_go() {
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
