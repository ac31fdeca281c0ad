//! The shop's own words for a theme: the name of a carrier, of a voucher, of a line of goods.

use std::collections::BTreeSet;

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
        Ok(Self { theme, words: read(typed)? })
    }
}

/// Reads the words of a rule as a person typed them.
fn read(typed: &str) -> Result<String, RuleProblem> {
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
    if words.split(' ').any(is_short) { Err(RuleProblem::ShortPart) } else { Ok(words) }
}

/// A word, or several that stand side by side, to look for in comments of any language: written and found as those of a
/// [`Rule`], without a theme.
#[derive(Debug)]
pub struct Phrase {
    lexicon: Lexicon,
    words: String,
}

impl Phrase {
    /// Reads a phrase as a person typed it.
    ///
    /// # Errors
    /// As [`Rule::new`].
    pub fn new(typed: &str) -> Result<Self, RuleProblem> {
        let words = read(typed)?;
        // A lexicon finds themes, so the phrase gets one; which, nobody sees.
        let lexicon = Lexicon::of_rules(std::iter::once((Theme::ALL[0], words.as_str())));
        Ok(Self { lexicon, words })
    }

    /// Whether a comment has it.
    #[must_use]
    pub fn is_in(&self, comment: &str) -> bool {
        !self.lexicon.themes(comment).is_empty()
    }

    /// Its words, in lower case and with single spaces.
    #[must_use]
    pub fn words(&self) -> &str {
        &self.words
    }
}

/// The themes that a shop wants found, and its rules for them.
#[derive(Debug)]
pub struct Rules {
    lexicon: Lexicon,
    themes: BTreeSet<Theme>,
    edition: u64,
}

impl Rules {
    /// These rules for these themes. A theme that is not among them is never found.
    #[must_use]
    pub fn new(rules: &[Rule], themes: impl IntoIterator<Item = Theme>) -> Self {
        let themes: BTreeSet<Theme> = themes.into_iter().collect();
        let mut used: Vec<&Rule> =
            rules.iter().filter(|rule| themes.contains(&rule.theme)).collect();
        used.sort();
        let lexicon = Lexicon::of_rules(used.iter().map(|rule| (rule.theme, rule.words.as_str())));
        let edition = used.iter().fold(crate::edition(), |edition, rule| {
            let edition = hash(edition, rule.theme.id().as_bytes());
            hash(edition, rule.words.as_bytes())
        });
        // The usual themes alone leave the edition as it is.
        let usual: BTreeSet<Theme> = Theme::ALL.into();
        let edition = usual.symmetric_difference(&themes).fold(edition, |edition, theme| {
            let sign = if themes.contains(theme) { b"+" } else { b"-" };
            hash(hash(edition, sign), theme.id().as_bytes())
        });
        Self { lexicon, themes, edition }
    }

    /// The themes that these rules find in a comment of any language, in order.
    #[must_use]
    pub fn themes(&self, comment: &str) -> Vec<Theme> {
        self.lexicon.themes(comment)
    }

    /// Whether the shop wants a theme found.
    #[must_use]
    pub fn wants(&self, theme: Theme) -> bool {
        self.themes.contains(&theme)
    }

    /// The edition of these rules, of the themes and of the lexicons: it changes with each.
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
        let rules = Rules::new(&rules, Theme::ALL);
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
    fn a_phrase_is_found_as_a_rules_words_are() {
        let phrase = Phrase::new("  Kaputt* ").unwrap();
        assert_eq!(phrase.words(), "kaputt*");
        assert!(phrase.is_in("Alles war KAPUTTGEGANGEN"));
        assert!(!phrase.is_in("Alles gut"));
        assert_eq!(Phrase::new("**").err(), Some(RuleProblem::NoWord));
    }

    #[test]
    fn another_rule_makes_another_edition_but_another_order_does_not() {
        let rule = |theme, words: &str| Rule::new(theme, words).unwrap();
        let (one, other) = (rule(Theme::Price, "abo"), rule(Theme::Selection, "abo"));
        let edition = |rules: &[Rule]| Rules::new(rules, Theme::ALL).edition();
        assert_eq!(edition(&[]), crate::edition());
        assert_eq!(edition(&[one.clone(), other.clone()]), edition(&[other.clone(), one.clone()]));
        assert_ne!(edition(std::slice::from_ref(&one)), edition(std::slice::from_ref(&other)));
        assert_ne!(edition(&[one]), edition(&[]));
    }

    #[test]
    fn a_theme_that_is_not_wanted_is_another_edition_and_never_found() {
        let own = Theme::own(0).unwrap();
        let rules = [Rule::new(own, "gutschein").unwrap(), Rule::new(Theme::Price, "abo").unwrap()];
        let usual = Rules::new(&rules, Theme::ALL);
        assert_eq!(usual.themes("Gutschein fürs Abo"), [Theme::Price]);
        assert_eq!(usual.edition(), Rules::new(&rules[1..], Theme::ALL).edition());
        let more = Rules::new(&rules, Theme::ALL.into_iter().chain([own]));
        assert_eq!(more.themes("Gutschein fürs Abo"), [Theme::Price, own]);
        let fewer = Rules::new(&rules, [own]);
        assert!(!fewer.wants(Theme::Price) && fewer.themes("Abo").is_empty());
        let editions = BTreeSet::from([usual, more, fewer].map(|it| it.edition()));
        assert_eq!(editions.len(), 3);
    }
}
