//! The texts that a customer reads: the shop's, or else the locale's.

use std::rc::Rc;

use afterword_response::Segment;
use yew::AttrValue;

use crate::settings::{Address, Settings};

/// One language's texts by key, from its file in `locales/`. Texts that an attribute can replace have the
/// attribute's name, the others start with `_`. A key with the suffix `-informal` goes before the plain one if
/// customers are addressed informally.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Locale(pub Vec<(String, String)>);

/// Every key that a locale's file has: exactly these, their informal forms where they differ, and `_remaining` in
/// every plural form that the language has, of which later/counter.js chooses.
pub const KEYS: &[&str] = &[
    "question",
    "low-label",
    "high-label",
    "follow-up-detractor",
    "follow-up-passive",
    "follow-up-promoter",
    "placeholder",
    "_optional",
    "thanks-detractor",
    "thanks-passive",
    "thanks-promoter",
    "review-label",
    "support-label",
    "tab-label",
    "_saved",
    "_remaining-other",
    "_send",
    "_sending",
    "_privacy",
    "_offline",
    "_failed",
    "_refused",
    "_retry",
    "_close",
];

/// The digits. A locale that writes others has them under these keys.
const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

impl Locale {
    /// The text for `key`; empty if it is missing, which a test of the files rules out.
    #[must_use]
    pub fn get(&self, key: &str, address: Address) -> &str {
        let find = |suffix: &str| {
            self.0
                .iter()
                .find(|(name, _)| name.strip_prefix(key) == Some(suffix))
                .map(|(_, text)| text.as_str())
        };
        match address {
            Address::Informal => find("-informal").or_else(|| find("")),
            Address::Formal => find(""),
        }
        .unwrap_or_default()
    }
}

/// All texts to show: the shop's, or else the locale's.
#[derive(Clone, Debug, PartialEq)]
pub struct Texts {
    settings: Rc<Settings>,
    locale: Locale,
    site: String,
}

impl Texts {
    /// The texts from `settings` and `locale`; `site` is the subject if the shop has set none.
    #[must_use]
    pub fn new(settings: Rc<Settings>, locale: Locale, site: String) -> Self {
        Self { settings, locale, site }
    }

    /// The text of that name, with `{subject}` replaced.
    #[must_use]
    pub fn say(&self, name: &str) -> AttrValue {
        self.of(self.settings.text(name), name)
    }

    /// The text of that name for a segment: the shop's for it, or else the shop's for all, or else the locale's,
    /// which has one for each.
    #[must_use]
    pub fn say_to(&self, segment: Segment, name: &str) -> AttrValue {
        let key = [name, "-", segment.name()].concat();
        self.of(self.settings.text(&key).or_else(|| self.settings.text(name)), &key)
    }

    /// The address of that name, if the shop set one.
    #[must_use]
    pub fn url(&self, name: &str) -> Option<AttrValue> {
        self.settings.text(name).map(|url| String::from(url).into())
    }

    /// A number in the locale's digits, without the machinery of formatting, which the module does not carry.
    #[must_use]
    pub fn number(&self, number: u32) -> String {
        let mut text = if number < 10 { String::new() } else { self.number(number / 10) };
        let digit = DIGITS.get((number % 10) as usize).copied().unwrap_or_default();
        let own = self.locale.get(digit, Address::Formal);
        text.push_str(if own.is_empty() { digit } else { own });
        text
    }

    fn of(&self, own: Option<&str>, name: &str) -> AttrValue {
        let text = own.unwrap_or_else(|| self.locale.get(name, self.settings.address));
        fill(text, "subject", self.settings.text("subject").unwrap_or(&self.site)).into()
    }
}

/// Replaces every `{name}` in `text` by `value`.
#[must_use]
pub fn fill(text: &str, name: &str, value: &str) -> String {
    let mut parts = text.split('{');
    let mut filled = String::from(parts.next().unwrap_or_default());
    for part in parts {
        match part.strip_prefix(name).and_then(|rest| rest.strip_prefix('}')) {
            Some(rest) => filled.extend([value, rest]),
            None => filled.extend(["{", part]),
        }
    }
    filled
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    fn locale() -> Locale {
        Locale(
            [
                ("question", "Empfehlen Sie {subject}?"),
                ("question-informal", "Empfiehlst du {subject}?"),
                ("follow-up-detractor", "Was fehlte?"),
                ("follow-up-passive", "Warum?"),
                ("follow-up-promoter", "Was gefiel Ihnen?"),
                ("follow-up-promoter-informal", "Was gefiel dir?"),
                ("thanks-passive", "Danke!"),
            ]
            .map(|(key, text)| (key.into(), text.into()))
            .into(),
        )
    }

    fn texts(raw: &[(&str, &str)]) -> Texts {
        let raw: Vec<_> = raw.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect();
        Texts::new(crate::settings::parse(&raw).0.into(), locale(), "shop.example".into())
    }

    #[test]
    fn the_subject_is_the_shops_word_or_else_the_site() {
        let question = |raw: &[(&str, &str)]| texts(raw).say("question");
        assert_eq!(question(&[]), "Empfehlen Sie shop.example?");
        assert_eq!(question(&[("subject", "uns")]), "Empfehlen Sie uns?");
        assert_eq!(question(&[("question", "{subject}?"), ("subject", "x")]), "x?");
        let texts = texts(&[("placeholder", "{subject} {subject}")]);
        assert_eq!(texts.say("placeholder"), "shop.example shop.example");
    }

    #[test]
    fn numbers_have_the_locales_digits() {
        assert_eq!(texts(&[]).number(0), "0");
        assert_eq!(texts(&[]).number(1024), "1024");
        let persian = "۰۱۲۳۴۵۶۷۸۹".chars().zip(DIGITS);
        let persian = persian.map(|(own, digit)| (digit.into(), own.into())).collect();
        let texts = Texts::new(Rc::default(), Locale(persian), String::new());
        assert_eq!(texts.number(10), "۱۰");
        assert_eq!(texts.number(200), "۲۰۰");
    }

    #[test]
    fn informal_words_go_first_where_there_are_any() {
        let informal = texts(&[("address", "informal")]);
        assert_eq!(informal.say("question"), "Empfiehlst du shop.example?");
        assert_eq!(informal.say_to(Segment::Passive, "follow-up"), "Warum?");
        assert_eq!(informal.say_to(Segment::Promoter, "follow-up"), "Was gefiel dir?");
    }

    #[test]
    fn a_segments_own_text_goes_before_the_one_for_all() {
        let texts = texts(&[("thanks", "all"), ("thanks-promoter", "promoters")]);
        assert_eq!(texts.say_to(Segment::Promoter, "thanks"), "promoters");
        assert_eq!(texts.say_to(Segment::Passive, "thanks"), "all");
        assert_eq!(texts.say_to(Segment::Detractor, "thanks"), "all");
        assert_eq!(texts.say_to(Segment::Detractor, "follow-up"), "Was fehlte?");
        assert_eq!(texts.say_to(Segment::Promoter, "follow-up"), "Was gefiel Ihnen?");
    }

    #[test]
    fn addresses_are_the_shops_or_none() {
        assert_eq!(texts(&[]).url("review-url"), None);
        assert_eq!(texts(&[("review-url", "/r")]).url("review-url").as_deref(), Some("/r"));
    }

    /// `cargo xtask locales` compares every file with this one.
    #[test]
    fn the_english_file_has_these_keys() {
        let file: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(include_str!("../locales/en.json")).unwrap();
        let mut own: Vec<&str> = file.keys().map(String::as_str).collect();
        let others = ["name", "dir", "further", "pages", "_remaining-one"];
        own.retain(|key| !others.contains(key));
        let (mut keys, mut own) = (KEYS.to_vec(), own);
        keys.sort_unstable();
        own.sort_unstable();
        assert_eq!(own, keys);
    }
}
