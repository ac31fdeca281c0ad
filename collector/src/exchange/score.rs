//! Reads scores and stars in the notations of other products.

use afterword_response::limits;

/// Stars of a review.
const MAX_STARS: u8 = 5;

/// Reads a score from 0 to 10: `9`, `9.0`, `8,0`, `9/10`, `9 von 10`, `10 - Extremely likely`.
pub(crate) fn read(text: &str) -> Option<u8> {
    let (whole, rest) = whole(text.trim())?;
    (whole <= limits::SCORE && is_said_of_a_score(rest)).then_some(whole)
}

/// Reads stars (`4`, `4.0`, `4/5`, `4 stars`, `★★★★☆`) as a score of two points for each, so that five stars
/// make a promoter, four a passive and fewer a detractor.
pub(crate) fn of_stars(text: &str) -> Option<u8> {
    let text = text.trim();
    let drawn = text.chars().filter(|letter| matches!(letter, '★' | '⭐')).count();
    let stars = if drawn > 0 {
        let only = text.chars().all(|it| matches!(it, '★' | '⭐' | '☆' | '\u{fe0f}' | ' '));
        u8::try_from(drawn).ok().filter(|_| only)?
    } else {
        let (whole, rest) = whole(text)?;
        let rest = rest.trim().to_lowercase();
        let is_said = matches!(rest.as_str(), "" | "/5" | "/ 5" | "von 5" | "of 5" | "out of 5")
            || ["star", "stern"].iter().any(|word| rest.starts_with(word));
        Some(whole).filter(|_| is_said)?
    };
    (1..=MAX_STARS).contains(&stars).then(|| stars * 2)
}

/// Splits off a whole number at the beginning. A fraction of zero (`.0`) belongs to it.
fn whole(text: &str) -> Option<(u8, &str)> {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let number = digits.parse().ok()?;
    let Some(fraction) = rest.strip_prefix(['.', ',']) else { return Some((number, rest)) };
    let end = fraction.find(|letter: char| letter != '0').unwrap_or(fraction.len());
    let (zeros, rest) = fraction.split_at(end);
    (!zeros.is_empty() && !rest.starts_with(|it: char| it.is_ascii_digit()))
        .then_some((number, rest))
}

/// Whether the text after a number belongs to a score: its scale, or the label at an end of the scale.
fn is_said_of_a_score(rest: &str) -> bool {
    let rest = rest.trim().to_lowercase();
    let words = ["/10", "/ 10", "von 10", "out of 10", "of 10", "sur 10", "van 10"];
    if rest.is_empty() || words.contains(&rest.as_str()) {
        return true;
    }
    let label = rest.trim_start_matches(['-', '–', '—', ':', '=', '(', ' ']);
    label.len() < rest.len()
        && label.starts_with(char::is_alphabetic)
        && !label.contains(|letter: char| letter.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_is_read_with_words_around_it() {
        for (text, expected) in [
            ("0", 0),
            (" 10 ", 10),
            ("9.0", 9),
            ("9.00", 9),
            ("8,0", 8),
            ("9/10", 9),
            ("9 / 10", 9),
            ("7 von 10", 7),
            ("6 out of 10", 6),
            ("10 - Extremely likely", 10),
            ("0 – Äußerst unwahrscheinlich", 0),
            ("10 (Extremely likely)", 10),
            ("8: wahrscheinlich", 8),
        ] {
            assert_eq!(read(text), Some(expected), "{text}");
        }
        for wrong in [
            "",
            "11",
            "-1",
            "9.5",
            "9,05",
            "9.",
            "ten",
            "9/5",
            "2-3",
            "1 - 2",
            "9 likely",
            "90 %",
            "4/10/2026",
            "2026-03-01",
            "300",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn stars_are_two_points_each() {
        for (text, expected) in [
            ("1", 2),
            ("5", 10),
            ("4.0", 8),
            ("3/5", 6),
            ("4 stars", 8),
            ("5 Sterne", 10),
            ("★★★★☆", 8),
        ] {
            assert_eq!(of_stars(text), Some(expected), "{text}");
        }
        for wrong in ["", "0", "6", "4.5", "10", "191", "gut", "★ gut"] {
            assert_eq!(of_stars(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn fuzz_score() {
        bolero::check!(name = "score").with_iterations(5_000).for_each(|text: &[u8]| {
            let text = String::from_utf8_lossy(text);
            assert!(read(&text).is_none_or(|score| score <= 10));
            assert!(of_stars(&text).is_none_or(|score| (2..=10).contains(&score)));
        });
    }
}
