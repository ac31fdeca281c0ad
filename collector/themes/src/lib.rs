//! Finds which of twelve themes a customer's comment names, in German and English.
//!
//! A theme counts if it is named, in praise or in blame; nothing is inferred. `labelled/codebook.md` defines
//! each theme. The terms are in `lexicon/`, one file per language; [`lexicon`] documents their form and which
//! of two matches counts. `tests/labelled.rs` measures the quality; `docs/internals/THEMES.md` has the
//! figures.
//!
//! A pure function on text: no network, no model, some 40 KB of words.

mod language;
mod lexicon;
mod rules;
mod words;

pub use language::Language;
pub use rules::{MAX_RULE_LENGTH, Rule, RuleProblem, Rules};

/// A theme of a comment. Themes are listed in the order of [`Theme::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Theme {
    /// The delivery and its time.
    DeliveryTime,
    /// The delivery was wrong, incomplete or damaged.
    DeliveryDamage,
    /// The packaging.
    Packaging,
    /// The quality of the goods.
    ProductQuality,
    /// Prices and costs.
    Price,
    /// The range of goods.
    Selection,
    /// The site and the app.
    WebsiteUsability,
    /// Ordering and paying.
    CheckoutPayment,
    /// The people who help, and whether they do.
    CustomerService,
    /// Returns and refunds.
    ReturnsRefund,
    /// The shop's descriptions of the goods.
    ProductInformation,
    /// Environment, animals, fair work.
    Sustainability,
}

impl Theme {
    /// Every theme.
    pub const ALL: [Self; 12] = [
        Self::DeliveryTime,
        Self::DeliveryDamage,
        Self::Packaging,
        Self::ProductQuality,
        Self::Price,
        Self::Selection,
        Self::WebsiteUsability,
        Self::CheckoutPayment,
        Self::CustomerService,
        Self::ReturnsRefund,
        Self::ProductInformation,
        Self::Sustainability,
    ];

    /// Its id for programs: `delivery_time`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::DeliveryTime => "delivery_time",
            Self::DeliveryDamage => "delivery_damage",
            Self::Packaging => "packaging",
            Self::ProductQuality => "product_quality",
            Self::Price => "price",
            Self::Selection => "selection",
            Self::WebsiteUsability => "website_usability",
            Self::CheckoutPayment => "checkout_payment",
            Self::CustomerService => "customer_service",
            Self::ReturnsRefund => "returns_refund",
            Self::ProductInformation => "product_information",
            Self::Sustainability => "sustainability",
        }
    }

    /// The theme with this id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.id() == id)
    }
}

/// The themes that a comment names, in the order of [`Theme::ALL`]. `locale` is the BCP 47 tag of the answer.
/// `None` if the comment's language has no lexicon: then its themes are unknown, which differs from an empty
/// list.
#[must_use]
pub fn themes(comment: &str, locale: &str) -> Option<Vec<Theme>> {
    let language = Language::of(comment, locale)?;
    Some(lexicon::of(language).themes(comment))
}

/// The edition of the lexicons and of the code that reads them: comments whose themes were found by another
/// edition may have other themes now.
#[must_use]
pub fn edition() -> u64 {
    /// Raised with every change of this crate's code that changes what is found.
    const CODE: &[u8] = b"1";
    let lexicons =
        [include_bytes!("../lexicon/de.txt").as_slice(), include_bytes!("../lexicon/en.txt")];
    lexicons.into_iter().fold(rules::hash(rules::BEGIN, CODE), rules::hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(comment: &str, locale: &str, expected: &[Theme]) {
        assert_eq!(themes(comment, locale).as_deref(), Some(expected), "{comment}");
    }

    #[test]
    fn ids_are_converted_and_back() {
        for theme in Theme::ALL {
            assert_eq!(Theme::from_id(theme.id()), Some(theme));
        }
        assert_eq!(Theme::from_id("weather"), None);
    }

    #[test]
    fn of_two_overlapping_themes_only_the_more_specific_counts() {
        check("Versandkosten zu hoch", "de", &[Theme::Price]);
        check("Lieferung top", "de-AT", &[Theme::DeliveryTime]);
        check("Rücksendung kostet 3,95", "de", &[Theme::Price, Theme::ReturnsRefund]);
        check("kam defekt an", "de", &[Theme::DeliveryDamage]);
        check("shipping costs are too high", "en", &[Theme::Price]);
        check("Shipping is too expensive", "en", &[Theme::Price]);
        check("Zum Herbst hin bestelle ich wieder", "de", &[]);
    }

    #[test]
    fn compounds_and_typing_errors_are_recognised() {
        check("die Geschenkverpackung war schön", "de", &[Theme::Packaging]);
        check("verpakung zerdrückt", "de", &[Theme::Packaging]);
        check("dilivery was slow", "en-US", &[Theme::DeliveryTime]);
    }

    #[test]
    fn negation_does_not_change_the_named_themes() {
        check("Am Preis lag es nicht", "de", &[Theme::Price]);
        check("It wasn’t the price that put me off", "en", &[Theme::Price]);
    }

    #[test]
    fn nothing_is_inferred_and_other_languages_are_left_out() {
        check("Nie wieder!", "de", &[]);
        check("", "en", &[]);
        assert_eq!(themes("Livraison rapide, merci beaucoup à vous", "fr"), None);
    }
}
