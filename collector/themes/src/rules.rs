//! The shop's own words for a theme: the name of a carrier, of a voucher, of a line of goods.

use crate::{
    Theme,
    lexicon::{Lexicon, own_places},
};

/// Characters of a rule's words.
pub const MAX_RULE_LENGTH: usize = 100;
/// Letters, at least, of a word of which only a part is written: fewer are in every other word.
const MIN_PART_LENGTH: usize = 3;

/// Words that name a theme in this shop.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rule {
    /// The theme that they name.
    pub theme: Theme,
    /// One word, or several that stand side by side: `mindermengenzuschlag`, `lenz card`. `*` at either end of a word
    /// stands for any letters.
    pub words: String,
}

/// Why a rule cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleProblem {
    /// It has no letter and no digit.
    NoWord,
    /// It is longer than [`MAX_RULE_LENGTH`].
    Long,
    /// A part of a word is so short that it is in many others.
    ShortPart,
}

impl Rule {
    /// Reads a rule as a person typed it.
    ///
    /// # Errors
    /// It has no word, is too long, or has a part of a word with fewer than three letters.
    pub fn new(theme: Theme, typed: &str) -> Result<Self, RuleProblem> {
        let words = typed.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        if words.chars().count() > MAX_RULE_LENGTH {
            return Err(RuleProblem::Long);
        }
        if own_places(&words).is_empty() {
            return Err(RuleProblem::NoWord);
        }
        let is_short = |word: &str| {
            word.contains('*')
                && word.chars().filter(|it| it.is_alphanumeric()).count() < MIN_PART_LENGTH
        };
        if words.split(' ').any(is_short) {
            return Err(RuleProblem::ShortPart);
        }
        Ok(Self { theme, words })
    }
}

/// All rules of a shop.
#[derive(Debug)]
pub struct Rules {
    lexicon: Lexicon,
    edition: u64,
}

impl Rules {
    /// These rules.
    #[must_use]
    pub fn new(rules: &[Rule]) -> Self {
        let lexicon = Lexicon::of_rules(rules.iter().map(|rule| (rule.theme, rule.words.as_str())));
        let mut sorted: Vec<&Rule> = rules.iter().collect();
        sorted.sort();
        let edition = sorted.iter().fold(crate::edition(), |edition, rule| {
            let edition = hash(edition, rule.theme.id().as_bytes());
            hash(edition, rule.words.as_bytes())
        });
        Self { lexicon, edition }
    }

    /// The themes that these rules find in a comment of any language, in the order of [`Theme::ALL`].
    #[must_use]
    pub fn themes(&self, comment: &str) -> Vec<Theme> {
        self.lexicon.themes(comment)
    }

    /// The edition of these rules and of the lexicons: it changes with either.
    #[must_use]
    pub const fn edition(&self) -> u64 {
        self.edition
    }
}

/// Where [`hash`] begins.
pub(crate) const BEGIN: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a, whose result is the same in every release. A separator follows each text.
pub(crate) fn hash(before: u64, text: &[u8]) -> u64 {
    text.iter()
        .chain(&[0xff])
        .fold(before, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn rules_find_the_shops_own_words_in_any_language() {
        let typed = [
            (Theme::Price, "Mindermengenzuschlag*"),
            (Theme::DeliveryTime, "  Roter   Blitz "),
            (Theme::CustomerService, "*hütte"),
        ];
        let rules: Vec<Rule> =
            typed.iter().map(|(theme, words)| Rule::new(*theme, words).unwrap()).collect();
        let rules = Rules::new(&rules);
        for (comment, expected) in [
            // A plural with another vowel is within one letter.
            ("der MINDERMENGENZUSCHLÄGE wegen", vec![Theme::Price]),
            ("die Mindermengenzuschlags-Regel", vec![Theme::Price]),
            ("le roter Blitz, merci", vec![Theme::DeliveryTime]),
            ("der rote Blitz", vec![]),
            ("Frau Kern in der Berghütte", vec![Theme::CustomerService]),
        ] {
            assert_eq!(rules.themes(comment), expected, "{comment}");
        }
    }

    #[test]
    fn a_rule_needs_words_and_long_enough_parts() {
        let problem = |words: &str| Rule::new(Theme::Price, words).err();
        assert_eq!(problem("abo"), None);
        assert_eq!(problem("a b"), None);
        assert_eq!(problem(" ** "), Some(RuleProblem::NoWord));
        assert_eq!(problem("!"), Some(RuleProblem::NoWord));
        assert_eq!(problem("ab*"), Some(RuleProblem::ShortPart));
        assert_eq!(problem(&"x".repeat(101)), Some(RuleProblem::Long));
    }

    #[test]
    fn another_rule_makes_another_edition_but_another_order_does_not() {
        let rule = |theme, words: &str| Rule::new(theme, words).unwrap();
        let (one, other) = (rule(Theme::Price, "abo"), rule(Theme::Selection, "abo"));
        let edition = |rules: &[Rule]| Rules::new(rules).edition();
        assert_eq!(edition(&[]), crate::edition());
        assert_eq!(edition(&[one.clone(), other.clone()]), edition(&[other.clone(), one.clone()]));
        assert_ne!(edition(std::slice::from_ref(&one)), edition(std::slice::from_ref(&other)));
        assert_ne!(edition(&[one]), edition(&[]));
    }
}
