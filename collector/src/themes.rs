//! What an answer is about: the themes that its comment names, those of the reasons that were tapped, and what a person
//! corrected.
//!
//! `afterword_themes` reads comments; this module decides what counts. The writer stores the outcome with the answer
//! (`store/sqlite/themes.rs`), and everything else reads it there.

use afterword_response::Response;
pub(crate) use afterword_themes::{MAX_RULE_LENGTH, Rule, RuleProblem, Rules, Theme};

/// Rules of a shop.
pub(crate) const MAX_RULES: usize = 200;

/// What an answer is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Named {
    /// In the order of [`Theme::ALL`], each once.
    pub(crate) themes: Vec<Theme>,
    /// Whether its comment has words in a language with a lexicon. Only then does a theme that is missing mean that it
    /// was not named: these answers are the base of every share.
    pub(crate) is_read: bool,
}

/// A theme that a person said an answer names, or does not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Correction {
    pub(crate) theme: Theme,
    pub(crate) is_named: bool,
}

impl Named {
    /// What a response is about by machine: by its comment, the shop's rules and the tapped reasons.
    pub(crate) fn of(response: &Response, rules: &Rules) -> Self {
        let comment = response.comment.as_deref().filter(|it| it.contains(char::is_alphanumeric));
        let read = comment.and_then(|it| afterword_themes::themes(it, &response.locale));
        let is_read = read.is_some();
        let mut themes = read.unwrap_or_default();
        themes.extend(comment.map(|it| rules.themes(it)).unwrap_or_default());
        themes.extend(response.reasons.iter().filter_map(|reason| of_reason(reason)));
        Self { themes: in_order(themes), is_read }
    }

    /// The same with what a person said, which wins.
    pub(crate) fn corrected(mut self, corrections: &[Correction]) -> Self {
        for Correction { theme, is_named } in corrections {
            self.themes.retain(|it| it != theme);
            if *is_named {
                self.themes.push(*theme);
            }
        }
        Self { themes: in_order(self.themes), ..self }
    }

    /// The themes; `None` if none is known and the comment could not be read.
    pub(crate) fn known(&self) -> Option<&[Theme]> {
        (self.is_read || !self.themes.is_empty()).then_some(&*self.themes)
    }
}

fn in_order(mut themes: Vec<Theme>) -> Vec<Theme> {
    themes.sort_unstable();
    themes.dedup();
    themes
}

/// The theme of a tapped reason: one of the usual ones, or a theme's own id.
fn of_reason(reason: &str) -> Option<Theme> {
    Some(match reason {
        "delivery" => Theme::DeliveryTime,
        "quality" => Theme::ProductQuality,
        "service" | "support" => Theme::CustomerService,
        "checkout" => Theme::CheckoutPayment,
        "website" => Theme::WebsiteUsability,
        // `price`, `selection` and `packaging` are both.
        id => return Theme::from_id(id),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn named(locale: &str, comment: Option<&str>, reasons: &[&str], rules: &[Rule]) -> Named {
        let response: Response = serde_json::from_value(json!({
            "version": 1, "id": "0192f0c1-7a2b-7c3d-8e4f-0123456789ab", "revision": 1, "survey": "s",
            "touchpoint": "order", "score": 9, "locale": locale, "comment": comment, "reasons": reasons
        }))
        .unwrap();
        Named::of(&response, &Rules::new(rules))
    }

    #[test]
    fn words_rules_and_reasons_name_themes_together() {
        let rule = Rule::new(Theme::Selection, "rosenschere*").unwrap();
        let found = named("de", Some("Preis gut, Rosenscheren fehlen"), &["delivery"], &[rule]);
        assert_eq!(found.themes, [Theme::DeliveryTime, Theme::Price, Theme::Selection]);
        assert!(found.is_read);
    }

    #[test]
    fn only_words_that_can_be_read_are_in_the_base() {
        for (locale, comment, reasons, known) in [
            ("de", Some("Danke!"), &[][..], Some(&[][..])),
            ("de", Some("👍"), &[], None),
            ("de", None, &["price"], Some(&[Theme::Price])),
            ("fr", Some("Livraison rapide, merci beaucoup à vous"), &[], None),
        ] {
            assert_eq!(named(locale, comment, reasons, &[]).known(), known, "{comment:?}");
        }
        let rule = Rule::new(Theme::DeliveryTime, "livraison").unwrap();
        let found = named("fr", Some("Livraison rapide, merci beaucoup à vous"), &[], &[rule]);
        assert_eq!(found, Named { themes: vec![Theme::DeliveryTime], is_read: false });
    }

    #[test]
    fn a_person_wins() {
        let found = named("de", Some("Preis gut"), &[], &[]);
        let corrected = found.corrected(&[
            Correction { theme: Theme::Price, is_named: false },
            Correction { theme: Theme::Packaging, is_named: true },
        ]);
        assert_eq!(corrected, Named { themes: vec![Theme::Packaging], is_read: true });
    }
}
