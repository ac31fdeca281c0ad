//! The quotes of the made-up shop: a few of the latest comments whose customers allow it, as a shop would choose them.

use afterword_response::Segment;

use crate::store::Stored;

/// The first names under which they are quoted. There are as many quotes.
const NAMES: [&str; 3] = ["Jonas", "Mira", "Elif"];
/// The characters of a comment that a shop would choose: longer than a word, and soon read.
const LENGTHS: std::ops::Range<usize> = 50..180;

/// Gives the latest answers that may be quoted a name, and returns their ids.
pub(super) fn quoted(answers: &mut [Stored]) -> Vec<String> {
    let mut suitable: Vec<&mut Stored> = answers
        .iter_mut()
        .filter(|it| {
            let length = it.response.comment.as_deref().map_or(0, |words| words.chars().count());
            it.response.quotable == Some(true)
                && Segment::of(it.response.score) == Segment::Promoter
                && LENGTHS.contains(&length)
        })
        .collect();
    suitable.sort_by_key(|it| std::cmp::Reverse(it.received_at));
    let chosen = suitable.into_iter().zip(NAMES).map(|(it, name)| {
        it.response.quote_name = Some(name.to_owned());
        it.response.id.clone()
    });
    chosen.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::{shop::Year, year};

    #[test]
    fn the_latest_suitable_comments_are_quoted_with_a_name() {
        let year = Year::ending("2026-11-24T18:00:00Z".parse().unwrap());
        let mut answers = year::answers(&year, 4_000, &mut fastrand::Rng::with_seed(7));
        let quoted = quoted(&mut answers);
        assert_eq!(quoted.len(), NAMES.len());
        let named: Vec<_> = answers.iter().filter(|it| it.response.quote_name.is_some()).collect();
        assert_eq!(named.len(), NAMES.len());
        for it in named {
            assert!(quoted.contains(&it.response.id));
            assert_eq!(it.response.quotable, Some(true));
            assert!(it.response.score >= 9 && it.response.comment.is_some());
        }
    }
}
