//! The displays of a year: answered and unanswered ones.

use afterword_response::{Display, Response, Touchpoint, VERSION, display::Step};
use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};

use super::answer::{id, time};
use crate::store::{Stored, load::SeedDisplay};

/// One display for each answer, and unanswered ones at about the times of the answers.
pub(super) fn displays(answers: &[Stored], rng: &mut Rng) -> Vec<SeedDisplay> {
    // About three for each answer, so that the list seldom grows.
    let mut displays = Vec::with_capacity(answers.len() * 4);
    for Stored { response, received_at, .. } in answers {
        let Ok(shown_at) = response.shown_at.parse::<Timestamp>() else { continue };
        let arrived =
            |shown_at: Timestamp, rng: &mut Rng| shown_at.as_millisecond() + rng.i64(40..600);
        displays.push(shown(response, response.id.clone(), shown_at, None, arrived(shown_at, rng)));
        // The average number of unanswered displays for each answer.
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
) -> SeedDisplay {
    SeedDisplay {
        display: Display {
            version: VERSION,
            id,
            display: Step::Shown,
            test: None,
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
