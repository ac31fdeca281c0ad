//! Finds which of twelve themes a customer's comment names, in German and English.
//!
//! A theme counts if it is named, in praise or in blame; nothing is inferred. `labelled/codebook.md` defines
//! each theme. The terms are in `lexicon/`, one file per language; [`lexicon`] documents their form and which
//! of two matches counts. `tests/labelled.rs` measures the quality; `docs/internals/THEMES.md` has the
//! figures.
//!
//! Pure functions on text: no network, no model, some 45 KB of words.
//!
//! [`compound_ends`] finds the parts of German compounds by the same lexicon, for the search.

mod compounds;
mod language;
mod lexicon;
mod rules;
mod words;

pub use compounds::{compound_ends, compounds_edition};
pub use language::Language;
pub use rules::{MAX_RULE_LENGTH, Phrase, Rule, RuleProblem, Rules};

/// Themes that a shop can add.
pub const MAX_OWN: usize = 20;

/// A theme of a comment. Themes are listed in the order of [`Theme::IDS`].
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
    /// One of the shop's own, which only the shop's own words name.
    Own(OwnTheme),
}

/// A theme of the shop's own, by its place among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnTheme(u8);

/// The ids of the shop's own themes.
const OWN_IDS: [&str; MAX_OWN] = [
    "own_1", "own_2", "own_3", "own_4", "own_5", "own_6", "own_7", "own_8", "own_9", "own_10",
    "own_11", "own_12", "own_13", "own_14", "own_15", "own_16", "own_17", "own_18", "own_19",
    "own_20",
];

impl Theme {
    /// Every theme that has words of its own in the lexicons.
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

    /// The ids that a theme can have: those of [`Theme::ALL`], then those of the shop's own.
    pub const IDS: [&str; Self::ALL.len() + MAX_OWN] = {
        let mut ids = [""; Self::ALL.len() + MAX_OWN];
        let mut place = 0;
        while place < ids.len() {
            ids[place] = match place.checked_sub(Self::ALL.len()) {
                None => Self::ALL[place].id(),
                Some(own) => OWN_IDS[own],
            };
            place += 1;
        }
        ids
    };

    /// The shop's own theme at a place, from 0; `None` from [`MAX_OWN`] on.
    #[must_use]
    pub fn own(place: usize) -> Option<Self> {
        let number = u8::try_from(place).ok().filter(|_| place < MAX_OWN)?;
        Some(Self::Own(OwnTheme(number)))
    }

    /// Its id for programs: `delivery_time`, `own_1`.
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
            Self::Own(OwnTheme(number)) => OWN_IDS[number as usize],
        }
    }

    /// The theme with this id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        let own = || OWN_IDS.iter().position(|own| *own == id).and_then(Self::own);
        Self::ALL.into_iter().find(|theme| theme.id() == id).or_else(own)
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
        for id in Theme::IDS {
            assert_eq!(Theme::from_id(id).map(Theme::id), Some(id));
        }
        let themes: Vec<Theme> = Theme::IDS.into_iter().filter_map(Theme::from_id).collect();
        assert!(themes.is_sorted(), "themes are in the order of their ids");
        assert_eq!(Theme::own(MAX_OWN), None);
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
