//! The settings of a survey and the rules for their values, for the form in the interface and for the settings
//! file.

use std::collections::BTreeSet;

use afterword_response::limits;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::language::Language;

/// Characters of a name or a subject; the widget cuts a longer subject.
pub(crate) const MAX_TEXT: usize = limits::LABEL;
/// Characters of a link; the widget ignores a longer one.
pub(crate) const MAX_LINK: usize = limits::PAGE;
/// Origins of one survey.
const MAX_ORIGINS: usize = 50;
/// Properties that a shop may choose for one survey.
const MAX_CHOSEN: usize = 100;
/// Days after which answers may be erased.
pub(crate) const RETENTION_DAYS: std::ops::RangeInclusive<u32> = 1..=36_500;

/// A survey's settings. `None` means not set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Its name for colleagues.
    pub(crate) name: Option<String>,
    /// The subject of the question: what customers would recommend.
    pub(crate) subject: Option<String>,
    /// The sites that answers may come from; an empty list allows all.
    pub(crate) origins: Option<Vec<AllowedOrigin>>,
    /// The link for a review, shown after every score.
    pub(crate) review_link: Option<String>,
    /// The link to the privacy notice, which is shown before customers answer.
    pub(crate) privacy_link: Option<String>,
    /// Answers older than so many days are erased.
    pub(crate) retention_days: Option<u32>,
    /// The language of its pages.
    pub(crate) language: Option<Language>,
    /// The properties that are counted; `None` counts the first ones that arrive.
    pub(crate) properties: Option<Vec<String>>,
}

/// One of a survey's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Field {
    Name,
    Subject,
    Origins,
    ReviewLink,
    PrivacyLink,
    RetentionDays,
    Language,
    Properties,
}

/// A problem of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SettingProblem {
    Text,
    Origin,
    TooManyOrigins,
    Link,
    /// A link for a review that would depend on the score.
    ReviewCondition,
    Retention,
    Language,
    Properties,
    Id,
}

/// A site that answers may come from: an origin as browsers write it, or `null`, which sandboxed frames send.
/// The host may begin with `*.` for all subdomains.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct AllowedOrigin(String);

impl AllowedOrigin {
    pub(crate) fn read(text: &str) -> Result<Self, SettingProblem> {
        let text = text.trim();
        if text == "null" {
            return Ok(Self(text.into()));
        }
        let url = Url::parse(text).map_err(|_| SettingProblem::Origin)?;
        let is_plain = matches!(url.scheme(), "http" | "https")
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        let host = url.host_str().ok_or(SettingProblem::Origin)?;
        let stars = host.matches('*').count();
        let is_pattern = stars == 0 || (stars == 1 && host.starts_with("*.") && host.len() > 2);
        if !is_plain || !is_pattern {
            return Err(SettingProblem::Origin);
        }
        Ok(Self(url.origin().ascii_serialization()))
    }

    /// Reads a list, separated by spaces, commas or lines, and removes duplicates.
    pub(crate) fn read_list(text: &str) -> Result<Vec<Self>, SettingProblem> {
        let words =
            text.split(|it: char| it.is_whitespace() || it == ',').filter(|it| !it.is_empty());
        Self::list(words)
    }

    pub(crate) fn list<'a>(
        words: impl Iterator<Item = &'a str>,
    ) -> Result<Vec<Self>, SettingProblem> {
        let origins: BTreeSet<Self> = words.map(Self::read).collect::<Result<_, _>>()?;
        if origins.len() > MAX_ORIGINS {
            return Err(SettingProblem::TooManyOrigins);
        }
        Ok(origins.into_iter().collect())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this allows the site in an `Origin` header.
    pub(crate) fn allows(&self, origin: &str) -> bool {
        let origin = origin.to_ascii_lowercase();
        match self.0.split_once("://*.") {
            None => self.0 == origin,
            Some((scheme, below)) => origin
                .strip_prefix(scheme)
                .and_then(|rest| rest.strip_prefix("://"))
                .and_then(|host| host.strip_suffix(below))
                .is_some_and(|name| name.len() > 1 && name.ends_with('.')),
        }
    }
}

/// Reads a name or a subject.
pub(crate) fn read_text(text: &str) -> Result<String, SettingProblem> {
    let text = text.trim();
    let length = text.chars().count();
    let is_fine = (1..=MAX_TEXT).contains(&length) && !text.contains(char::is_control);
    if is_fine { Ok(text.to_owned()) } else { Err(SettingProblem::Text) }
}

/// Reads the link for a review, or to the privacy notice.
pub(crate) fn read_link(text: &str) -> Result<String, SettingProblem> {
    let text = text.trim();
    let url = Url::parse(text).map_err(|_| SettingProblem::Link)?;
    let is_fine = matches!(url.scheme(), "http" | "https")
        && text.chars().count() <= MAX_LINK
        && !text.contains(|it: char| it.is_whitespace() || it.is_control());
    if is_fine { Ok(text.to_owned()) } else { Err(SettingProblem::Link) }
}

/// Reads the link for a review: one address for every score. A part in braces would be a place to fill in, by which
/// customers of one score could be led elsewhere than those of another.
pub(crate) fn read_review_link(text: &str) -> Result<String, SettingProblem> {
    if text.contains(['{', '}']) { Err(SettingProblem::ReviewCondition) } else { read_link(text) }
}

/// Reads the days until erasure.
pub(crate) fn read_retention(text: &str) -> Result<u32, SettingProblem> {
    text.trim()
        .parse()
        .ok()
        .filter(|days| RETENTION_DAYS.contains(days))
        .ok_or(SettingProblem::Retention)
}

/// Reads the language of a survey's pages.
pub(crate) fn read_language(text: &str) -> Result<Language, SettingProblem> {
    Language::from_tag(text.trim()).ok_or(SettingProblem::Language)
}

/// Reads the names of properties, separated by commas or lines, and removes duplicates.
pub(crate) fn read_properties(text: &str) -> Result<Vec<String>, SettingProblem> {
    let names = text.split([',', '\n', '\r']).map(str::trim).filter(|it| !it.is_empty());
    let names: BTreeSet<&str> = names.collect();
    if names.len() > MAX_CHOSEN || !names.iter().all(|name| limits::is_identifier(name)) {
        return Err(SettingProblem::Properties);
    }
    Ok(names.into_iter().map(str::to_owned).collect())
}

/// Makes an id of a name: `Nach dem Kauf` becomes `nach-dem-kauf`.
pub(crate) fn id_of(name: &str) -> String {
    let mut id = String::new();
    for character in name.to_lowercase().chars() {
        let written = match character {
            'ä' => "ae",
            'ö' => "oe",
            'ü' => "ue",
            'ß' => "ss",
            'a'..='z' | '0'..='9' => {
                id.push(character);
                continue;
            }
            _ if id.is_empty() || id.ends_with('-') => continue,
            _ => "-",
        };
        id.push_str(written);
    }
    id.truncate(64);
    id.trim_end_matches('-').to_owned()
}

impl Settings {
    /// Combines the settings: `fixed`, from the file, goes first. Returns the fields that it sets, too.
    pub(crate) fn under(self, fixed: &Self) -> (Self, BTreeSet<Field>) {
        let mut said = BTreeSet::new();
        let mut note = |is_said: bool, field| {
            if is_said {
                said.insert(field);
            }
        };
        note(fixed.name.is_some(), Field::Name);
        note(fixed.subject.is_some(), Field::Subject);
        note(fixed.origins.is_some(), Field::Origins);
        note(fixed.review_link.is_some(), Field::ReviewLink);
        note(fixed.privacy_link.is_some(), Field::PrivacyLink);
        note(fixed.retention_days.is_some(), Field::RetentionDays);
        note(fixed.language.is_some(), Field::Language);
        note(fixed.properties.is_some(), Field::Properties);
        let fixed = fixed.clone();
        let settings = Self {
            name: fixed.name.or(self.name),
            subject: fixed.subject.or(self.subject),
            origins: fixed.origins.or(self.origins),
            review_link: fixed.review_link.or(self.review_link),
            privacy_link: fixed.privacy_link.or(self.privacy_link),
            retention_days: fixed.retention_days.or(self.retention_days),
            language: fixed.language.or(self.language),
            properties: fixed.properties.or(self.properties),
        };
        (settings, said)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_origin_is_written_as_browsers_write_it() {
        for (text, expected) in [
            ("https://shop.example", "https://shop.example"),
            (" https://Shop.example/ ", "https://shop.example"),
            ("https://shop.example:443", "https://shop.example"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("https://töpfe.example", "https://xn--tpfe-5qa.example"),
            ("https://*.shop.example", "https://*.shop.example"),
            ("null", "null"),
        ] {
            assert_eq!(AllowedOrigin::read(text).unwrap().as_str(), expected, "{text}");
        }
        for text in [
            "",
            "shop.example",
            "https://",
            "https://shop.example/path",
            "https://shop.example?x",
            "https://shop.example#x",
            "https://a:b@shop.example",
            "ftp://shop.example",
            "*",
            "https://*",
            "https://*.",
            "https://shop.*.example",
            "https://a*.example",
        ] {
            assert_eq!(AllowedOrigin::read(text), Err(SettingProblem::Origin), "{text}");
        }
    }

    #[test]
    fn an_origin_allows_itself_and_a_star_all_subdomains() {
        let allows =
            |pattern: &str, origin: &str| AllowedOrigin::read(pattern).unwrap().allows(origin);
        assert!(allows("https://shop.example", "https://shop.example"));
        assert!(allows("https://shop.example", "HTTPS://SHOP.EXAMPLE"));
        for other in [
            "http://shop.example",
            "https://shop.example:8443",
            "https://www.shop.example",
            "https://shop.example.evil.example",
            "https://evilshop.example",
            "null",
            "",
        ] {
            assert!(!allows("https://shop.example", other), "{other}");
        }
        assert!(allows("https://*.shop.example", "https://www.shop.example"));
        assert!(allows("https://*.shop.example", "https://de.www.shop.example"));
        for other in [
            "https://shop.example",
            "https://evilshop.example",
            "https://.shop.example",
            "http://www.shop.example",
            "https://www.shop.example:8443",
            "https://www.shop.example.evil.example",
        ] {
            assert!(!allows("https://*.shop.example", other), "{other}");
        }
        assert!(allows("null", "null"));
    }

    #[test]
    fn a_list_of_origins_has_no_duplicates_and_a_limit() {
        let list =
            AllowedOrigin::read_list("https://b.example, https://a.example\nhttps://b.example/")
                .unwrap();
        let list: Vec<_> = list.iter().map(AllowedOrigin::as_str).collect();
        assert_eq!(list, ["https://a.example", "https://b.example"]);
        assert_eq!(AllowedOrigin::read_list("  ").unwrap(), []);
        let many: String = (0..51).map(|it| format!("https://{it}.example ")).collect();
        assert_eq!(AllowedOrigin::read_list(&many), Err(SettingProblem::TooManyOrigins));
    }

    #[test]
    fn a_list_of_properties_has_no_duplicates_and_a_limit() {
        assert_eq!(
            read_properties(" coupon, size\ncoupon,"),
            Ok(vec!["coupon".into(), "size".into()])
        );
        assert_eq!(read_properties(&"x".repeat(65)), Err(SettingProblem::Properties));
        assert_eq!(read_properties("shop size"), Err(SettingProblem::Properties));
        let many: String = (0..101).map(|it| format!("{it},")).collect();
        assert_eq!(read_properties(&many), Err(SettingProblem::Properties));
    }

    #[test]
    fn an_id_is_made_of_allowed_characters() {
        for (name, id) in [
            ("Nach dem Kauf", "nach-dem-kauf"),
            ("  Größe & Paßform!  ", "groesse-passform"),
            ("Überraschung", "ueberraschung"),
            ("—", ""),
            ("日本", ""),
        ] {
            assert_eq!(id_of(name), id, "{name}");
        }
        assert_eq!(id_of(&"a ".repeat(80)).len(), 63, "without the dash at its end");
    }

    #[test]
    fn the_file_overrides_the_interface() {
        let own =
            Settings { name: Some("a".into()), subject: Some("b".into()), ..Settings::default() };
        let fixed =
            Settings { name: Some("c".into()), origins: Some(vec![]), ..Settings::default() };
        let (settings, said) = own.under(&fixed);
        assert_eq!(settings.name.as_deref(), Some("c"));
        assert_eq!(settings.subject.as_deref(), Some("b"));
        assert_eq!(said.into_iter().collect::<Vec<_>>(), [Field::Name, Field::Origins]);
    }

    #[test]
    fn fuzz_survey() {
        bolero::check!(name = "survey").with_iterations(2_000).for_each(|text: &[u8]| {
            let text = String::from_utf8_lossy(text);
            // A stored value is read the same again.
            if let Ok(origins) = AllowedOrigin::read_list(&text) {
                for origin in &origins {
                    assert_eq!(AllowedOrigin::read(origin.as_str()).as_ref(), Ok(origin));
                    assert!(origin.as_str().contains('*') || origin.allows(origin.as_str()));
                }
            }
            if let Ok(link) = read_link(&text) {
                assert_eq!(read_link(&link), Ok(link));
            }
            if let Ok(name) = read_text(&text) {
                assert_eq!(read_text(&name), Ok(name));
            }
            let id = id_of(&text);
            assert!(id.is_empty() || afterword_response::limits::is_identifier(&id), "{id}");
        });
    }
}
