//! The themes of an answer: those that its comment names, those of the tapped reasons, and corrections by a person.
//!
//! `afterword_themes` finds the themes of comments; this module decides which themes count. The writer stores them with the
//! answer (`store/sqlite/themes.rs`), and everything else reads the stored themes.

use std::collections::BTreeMap;

use afterword_response::Response;
pub(crate) use afterword_themes::{MAX_RULE_LENGTH, Rule, RuleProblem, Rules, Theme};

/// The largest number of a shop's rules.
pub(crate) const MAX_RULES: usize = 200;
/// The largest number of characters of a theme's name.
pub(crate) const MAX_NAME: usize = 60;

/// The themes that the collector looks for, and the shop's names for them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Taxonomy(BTreeMap<Theme, ThemeSetting>);

/// The shop's settings of a theme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ThemeSetting {
    /// Its name; `None` for the usual name in the reader's language. The shop's own themes always have a name.
    pub(crate) name: Option<String>,
    /// Whether it is switched off: it is neither looked for nor shown. Its rules and corrections are kept.
    pub(crate) is_off: bool,
}

impl Taxonomy {
    pub(crate) fn new(settings: impl IntoIterator<Item = (Theme, ThemeSetting)>) -> Self {
        Self(settings.into_iter().collect())
    }

    /// Every theme, also those that are switched off: the usual ones, then the shop's own.
    pub(crate) fn all(&self) -> impl Iterator<Item = Theme> {
        let own = self.0.keys().filter(|theme| matches!(theme, Theme::Own(_)));
        Theme::ALL.into_iter().chain(own.copied())
    }

    /// The themes that are not switched off.
    pub(crate) fn wanted(&self) -> impl Iterator<Item = Theme> {
        self.all().filter(|theme| !self.is_off(*theme))
    }

    /// Whether a theme is switched off.
    pub(crate) fn is_off(&self, theme: Theme) -> bool {
        self.0.get(&theme).is_some_and(|it| it.is_off)
    }

    /// The shop's name for a theme; `None` if it has the usual one.
    pub(crate) fn name(&self, theme: Theme) -> Option<&str> {
        self.0.get(&theme)?.name.as_deref()
    }
}

/// The themes of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Named {
    /// In order, each once.
    pub(crate) themes: Vec<Theme>,
    /// Whether its comment has words in a language with a lexicon. Only then a missing theme means that it was not named.
    /// Every share is a share of these answers.
    pub(crate) is_read: bool,
}

/// A person's correction: the answer names this theme, or does not name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Correction {
    pub(crate) theme: Theme,
    pub(crate) is_named: bool,
}

impl Named {
    /// The themes of a response, found in its comment and reasons by the lexicons and the shop's rules.
    pub(crate) fn of(response: &Response, rules: &Rules) -> Self {
        let comment = response.comment.as_deref().filter(|it| it.contains(char::is_alphanumeric));
        let read = comment.and_then(|it| afterword_themes::themes(it, &response.locale));
        let is_read = read.is_some();
        let mut themes = read.unwrap_or_default();
        themes.extend(comment.map(|it| rules.themes(it)).unwrap_or_default());
        themes.extend(response.reasons.iter().filter_map(|reason| of_reason(reason)));
        themes.retain(|theme| rules.wants(*theme));
        Self { themes: in_order(themes), is_read }
    }

    /// The same with corrections, which override them.
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
        // `price`, `selection` and `packaging` are ids of reasons and of themes.
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
        Named::of(&response, &Rules::new(rules, Theme::ALL))
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
    fn a_theme_that_is_off_is_not_looked_for() {
        let own = Theme::own(0).unwrap();
        let set = |name: Option<&str>, is_off| ThemeSetting { name: name.map(Into::into), is_off };
        let taxonomy = Taxonomy::new([
            (Theme::Price, set(None, true)),
            (Theme::Packaging, set(Some("Karton"), false)),
            (own, set(Some("Gutscheine"), false)),
        ]);
        let wanted: Vec<Theme> = taxonomy.wanted().collect();
        assert!(!wanted.contains(&Theme::Price) && wanted.last() == Some(&own));
        assert_eq!(taxonomy.all().count(), Theme::ALL.len() + 1);
        assert_eq!((taxonomy.name(own), taxonomy.name(Theme::Price)), (Some("Gutscheine"), None));
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
