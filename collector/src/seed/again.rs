//! Second ratings of the made-up year: some of those who were disappointed rate again, once the shop has made it good, or has
//! not.

use afterword_response::Segment;
use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};

use crate::store::{Stored, answer_pages::SecondRating, load::SeedRating};

/// The share of disappointed customers with words who rate again.
const SHARE: f32 = 0.16;
/// The days until they do: from the first, to before the last.
const DAYS: std::ops::Range<i64> = 2..45;

const WON_GERMAN: [&str; 4] = [
    "Danke für die schnelle Hilfe, jetzt ist alles gut.",
    "Der Ersatz kam am nächsten Tag.",
    "Sehr freundlich gelöst. Ich bestelle wieder.",
    "So schnell hatte ich nicht mit einer Antwort gerechnet.",
];
const WON_ENGLISH: [&str; 4] = [
    "Thanks for the quick help, all is well now.",
    "The replacement came the next day.",
    "Solved very kindly. I will order again.",
    "I had not expected an answer that soon.",
];
const LOST_GERMAN: [&str; 2] =
    ["Leider hat sich nichts geändert.", "Ich warte immer noch auf mein Geld."];
const LOST_ENGLISH: [&str; 2] = ["Sadly nothing has changed.", "I am still waiting for my refund."];

/// The second ratings that follow these answers before `end`.
pub(super) fn second_ratings(answers: &[Stored], end: Timestamp, rng: &mut Rng) -> Vec<SeedRating> {
    let mut again = Vec::new();
    for Stored { response, received_at, .. } in answers {
        let is_disappointed =
            Segment::of(response.score) == Segment::Detractor && response.comment.is_some();
        if !is_disappointed || rng.f32() >= SHARE {
            continue;
        }
        let waited = SignedDuration::from_hours(24 * rng.i64(DAYS))
            + SignedDuration::from_mins(rng.i64(0..1_440));
        let at = *received_at + waited;
        let score = match rng.f32() {
            it if it < 0.20 => rng.u8(0..=response.score),
            it if it < 0.38 => rng.u8(response.score..7),
            it if it < 0.60 => 7,
            _ => rng.u8(8..=10),
        };
        let is_english = response.locale == "en";
        let words: &[&str] = match (score >= 7, is_english) {
            (true, false) => &WON_GERMAN,
            (true, true) => &WON_ENGLISH,
            (false, false) => &LOST_GERMAN,
            (false, true) => &LOST_ENGLISH,
        };
        let comment = (rng.f32() < 0.3).then(|| words[rng.usize(0..words.len())].to_owned());
        if at < end {
            let rating = SecondRating { at, score, comment };
            again.push(SeedRating { id: response.id.clone(), rating });
        }
    }
    again
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::{shop::Year, year};

    #[test]
    fn some_who_were_disappointed_rate_again_and_not_all_of_them_better() {
        // Not today, since another year has other answers.
        let end = "2026-11-24T18:00:00Z".parse().unwrap();
        let mut rng = Rng::with_seed(7);
        let answers = year::answers(&Year::ending(end), 20_000, &mut rng);
        let again = second_ratings(&answers, end, &mut rng);
        let won_back = again.iter().filter(|it| it.rating.score >= 7).count();
        assert!(
            again.len() > 20 && won_back * 2 > again.len() && won_back < again.len(),
            "{won_back}"
        );
        for SeedRating { id, rating } in &again {
            let first = answers.iter().find(|it| it.response.id == *id);
            let is_after = first.is_some_and(|it| {
                it.received_at < rating.at
                    && it.response.score <= 6
                    && it.response.comment.is_some()
            });
            assert!(is_after && rating.at < end, "{id}");
        }
    }
}
