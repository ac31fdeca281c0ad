//! The words a customer reads: the locale's, where the shop has not set its own.

use afterword_response::Segment;
use yew::AttrValue;

use crate::settings::{Address, BySegment, Settings};

/// One language's words by key, from its file in `locales/`. Words that an attribute can replace
/// have the attribute's name, the others start with `_`. A key with the suffix `-informal` goes
/// before the plain one where customers are addressed informally.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Locale(pub Vec<(String, String)>);

/// Every key that a locale's file has: exactly these, and their informal forms where they differ.
pub const KEYS: &[&str] = &[
    "question",
    "low-label",
    "high-label",
    "follow-up",
    "placeholder",
    "thanks",
    "review-label",
    "support-label",
    "_remaining",
    "_send",
    "_sending",
    "_privacy",
    "_failed",
    "_retry",
];

impl Locale {
    /// The words for `key`; nothing if there are none, which a test of the files rules out.
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

/// Everything shown, resolved.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Texts {
    /// The question, with the subject in it.
    pub question: AttrValue,
    /// The label at 0.
    pub low_label: AttrValue,
    /// The label at 10.
    pub high_label: AttrValue,
    /// The question after the score, by segment.
    pub follow_up: [AttrValue; 3],
    /// The comment's placeholder.
    pub placeholder: AttrValue,
    /// How many characters are left; `{count}` stands for the number.
    pub remaining: AttrValue,
    /// The button.
    pub send: AttrValue,
    /// The button while sending.
    pub sending: AttrValue,
    /// The link to the privacy notice.
    pub privacy: AttrValue,
    /// The thanks, by segment.
    pub thanks: [AttrValue; 3],
    /// The link to write a review.
    pub review: AttrValue,
    /// The link to get help.
    pub support: AttrValue,
    /// That the answer could not be sent.
    pub failed: AttrValue,
    /// The button after that.
    pub retry: AttrValue,
}

impl Texts {
    /// The question after a score of `segment`.
    #[must_use]
    pub fn follow_up(&self, segment: Segment) -> AttrValue {
        self.follow_up[segment as usize].clone()
    }

    /// The thanks to `segment`.
    #[must_use]
    pub fn thanks(&self, segment: Segment) -> AttrValue {
        self.thanks[segment as usize].clone()
    }
}

/// Every text, from the shop's settings or else the locale; `site` is the subject of last resort.
#[must_use]
pub fn resolve(settings: &Settings, locale: &Locale, site: &str) -> Texts {
    let word = |key| locale.get(key, settings.address);
    let subject = settings.subject.as_deref().unwrap_or(site);
    let own = |text: &Option<String>, key| -> AttrValue {
        fill(text.as_deref().unwrap_or_else(|| word(key)), "subject", subject).into()
    };
    let by_segment = |texts: &BySegment, key| {
        [Segment::Detractor, Segment::Passive, Segment::Promoter]
            .map(|segment| -> AttrValue { own(&texts.of(segment).cloned(), key) })
    };
    Texts {
        question: own(&settings.question, "question"),
        low_label: own(&settings.low_label, "low-label"),
        high_label: own(&settings.high_label, "high-label"),
        follow_up: by_segment(&settings.follow_up, "follow-up"),
        placeholder: own(&settings.placeholder, "placeholder"),
        remaining: own(&None, "_remaining"),
        send: own(&None, "_send"),
        sending: own(&None, "_sending"),
        privacy: own(&None, "_privacy"),
        thanks: by_segment(&settings.thanks, "thanks"),
        review: own(&settings.review.label, "review-label"),
        support: own(&settings.support.label, "support-label"),
        failed: own(&None, "_failed"),
        retry: own(&None, "_retry"),
    }
}

/// `text` with `value` in every place of `{name}`.
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
                ("follow-up", "Warum?"),
                ("thanks", "Danke!"),
            ]
            .map(|(key, text)| (key.into(), text.into()))
            .into(),
        )
    }

    fn texts(raw: &[(&str, &str)]) -> Texts {
        let raw: Vec<_> = raw.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect();
        resolve(&crate::settings::parse(&raw).0, &locale(), "shop.example")
    }

    #[test]
    fn the_subject_is_the_shops_word_or_else_the_site() {
        assert_eq!(texts(&[]).question, "Empfehlen Sie shop.example?");
        assert_eq!(texts(&[("subject", "uns")]).question, "Empfehlen Sie uns?");
        assert_eq!(texts(&[("question", "{subject}?"), ("subject", "x")]).question, "x?");
        assert_eq!(
            texts(&[("placeholder", "{subject} {subject}")]).placeholder,
            "shop.example shop.example"
        );
    }

    #[test]
    fn places_are_filled_and_other_braces_stay() {
        let check = |text, expected| assert_eq!(fill(text, "a", "<{a}>"), expected, "{text}");
        check("", "");
        check("{a}", "<{a}>");
        check("x {a}{a} y", "x <{a}><{a}> y");
        check("{{a}} {b} {a {ab} }{", "{<{a}>} {b} {a {ab} }{");
    }

    #[test]
    fn informal_words_go_first_where_there_are_any() {
        let informal = texts(&[("address", "informal")]);
        assert_eq!(informal.question, "Empfiehlst du shop.example?");
        assert_eq!(informal.follow_up(Segment::Passive), "Warum?");
    }

    #[test]
    fn a_segments_own_text_goes_before_the_one_for_all() {
        let texts = texts(&[("thanks", "all"), ("thanks-promoter", "promoters")]);
        assert_eq!(texts.thanks(Segment::Promoter), "promoters");
        assert_eq!(texts.thanks(Segment::Passive), "all");
        assert_eq!(texts.follow_up(Segment::Detractor), "Warum?");
    }

    /// The files in `locales/`: complete, nothing besides, and fit for the scale.
    #[test]
    fn every_locale_file_is_complete() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/locales");
        let mut count = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let file: std::collections::BTreeMap<String, String> =
                serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            assert!(afterword_response::limits::is_locale(&name), "{name}");
            assert!(["ltr", "rtl"].contains(&file["dir"].as_str()), "{name}: dir");
            for key in KEYS {
                assert!(file.get(*key).is_some_and(|text| !text.is_empty()), "{name}: {key}");
            }
            for key in file.keys() {
                let plain = key.strip_suffix("-informal").unwrap_or(key);
                assert!(KEYS.contains(&plain) || matches!(plain, "dir" | "name"), "{name}: {key}");
            }
            for (key, text) in &file {
                let has = |needle| text.contains(needle);
                assert_eq!(has("{subject}"), key.starts_with("question"), "{name}: {key}");
                assert_eq!(has("{count}"), key == "_remaining", "{name}: {key}");
                let most = if key.ends_with("-label") { 40 } else { 200 };
                assert!(text.chars().count() <= most, "{name}: {key} is too long");
            }
            count += 1;
        }
        assert!(count >= 2);
    }
}
