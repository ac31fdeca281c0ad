//! The languages of customers: the files in `locales/`, which the widget uses, too. A new file there adds a language
//! here.

use std::{collections::BTreeMap, sync::LazyLock};

use afterword_languages::Languages;
use afterword_response::Segment;
use fixed_decimal::Decimal;
use icu_datetime::{DateTimeFormatter, fieldsets::YMD, input::Date as IcuDate};
use icu_decimal::DecimalFormatter;
use jiff::civil::Date;
use jiff_icu::ConvertFrom as _;
use rust_embed::RustEmbed;
use serde::Deserialize;

#[derive(RustEmbed)]
#[folder = "../locales"]
struct Files;

/// The words in the file of one language: those of the widget that pages also show, and those of the pages.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Locale {
    /// The language's tag, as in `lang` attributes; the file's name.
    #[serde(skip)]
    pub(crate) tag: String,
    /// The language's own name: `Français`.
    pub(crate) name: String,
    /// `ltr` or `rtl`.
    pub(crate) dir: String,
    question: String,
    pub(crate) low_label: String,
    pub(crate) high_label: String,
    thanks_detractor: String,
    thanks_passive: String,
    thanks_promoter: String,
    #[serde(rename = "_optional")]
    optional: String,
    #[serde(rename = "_send")]
    pub(crate) send: String,
    #[serde(rename = "_privacy")]
    pub(crate) privacy: String,
    pub(crate) pages: Pages,
}

/// The words of the collector's pages for customers.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Pages {
    /// The text of the link to the shop's imprint.
    pub(crate) imprint: String,
    /// The question about a shop without a name.
    question: String,
    /// The same for customers who are addressed informally; only the widget asks them so.
    #[serde(default, rename = "question-informal")]
    _question_informal: serde::de::IgnoredAny,
    /// The question about the reason, for every score: the form is shown before there is a score.
    follow_up: String,
    /// The thanks if the score is not known.
    thanks: String,
    pub(crate) arrived: String,
    back: String,
    pub(crate) incomplete: String,
    pub(crate) no_score: String,
    too_long: String,
    pub(crate) trap: String,
    pub(crate) too_large: String,
    pub(crate) too_large_do: String,
    pub(crate) cut: String,
    pub(crate) cut_do: String,
    pub(crate) busy: String,
    pub(crate) busy_do: String,
    pub(crate) failed_do: String,
    pub(crate) shop: String,
    pub(crate) shop_do: String,
    pub(crate) score: String,
    pub(crate) comment: String,
    pub(crate) again: String,
    pub(crate) receipt: String,
    pub(crate) receipt_readers: String,
    pub(crate) your_words: String,
    pub(crate) reply: String,
    pub(crate) no_reply: String,
    pub(crate) write_back: String,
    pub(crate) write_back_send: String,
    pub(crate) you_wrote: String,
    pub(crate) rate_again: String,
    pub(crate) rate_again_do: String,
    pub(crate) rated_again: String,
    pub(crate) yours: String,
    pub(crate) quote_allowed: String,
    pub(crate) quote_withdraw: String,
    pub(crate) quote_withdrawn: String,
    pub(crate) contact_kept: String,
    pub(crate) contact_withdraw: String,
    pub(crate) contact_withdrawn: String,
    pub(crate) erase: String,
    pub(crate) erase_ask: String,
    pub(crate) erase_yes: String,
    pub(crate) erase_no: String,
    pub(crate) erased: String,
    pub(crate) erased_rest: String,
    pub(crate) receipt_gone: String,
    pub(crate) receipt_gone_do: String,
    /// The subject of a mail with a reply.
    pub(crate) mail_subject: String,
    /// The line above the address of the answer page in such a mail.
    pub(crate) mail_link: String,
}

/// Every language, by its tag. A test checks that each file can be read.
static LOCALES: LazyLock<BTreeMap<String, Locale>> = LazyLock::new(|| {
    Files::iter()
        .filter_map(|name| Some((name.strip_suffix(".json")?.to_owned(), read(&name)?)))
        .collect()
});

fn read(name: &str) -> Option<Locale> {
    let mut locale: Locale = serde_json::from_slice(&Files::get(name)?.data).ok()?;
    name.strip_suffix(".json")?.clone_into(&mut locale.tag);
    Some(locale)
}

/// Every language there is, by its tag.
pub(crate) fn all() -> impl Iterator<Item = &'static Locale> {
    LOCALES.values()
}

/// The language of the first of these tags for which there is one, else English.
pub(crate) fn best<'a>(wanted: impl IntoIterator<Item = &'a str>) -> &'static Locale {
    static NONE: LazyLock<Locale> = LazyLock::new(Locale::default);
    let found = wanted.into_iter().find_map(find);
    found.or_else(|| LOCALES.get("en")).unwrap_or(&NONE)
}

/// The best language for a tag; the script chooses by the same rule.
pub(crate) fn find(tag: &str) -> Option<&'static Locale> {
    static LANGUAGES: LazyLock<Languages> =
        LazyLock::new(|| Languages::new(LOCALES.keys().map(String::as_str)));
    LOCALES.get(LANGUAGES.best(tag)?)
}

impl Locale {
    /// The question, with the shop's name if there is one. Without a name it is another sentence, because in many
    /// languages no word for "us" fits into the place of a name.
    pub(crate) fn question(&self, subject: Option<&str>) -> String {
        match subject {
            Some(subject) => self.question.replace("{subject}", subject),
            None => self.pages.question.clone(),
        }
    }

    /// The question above the comment box.
    pub(crate) fn follow_up(&self) -> String {
        format!("{} {}", self.pages.follow_up, self.optional)
    }

    /// The thanks for a segment, if it is known: the first sentence, and the text after it.
    pub(crate) fn thanks(&self, segment: Option<Segment>) -> (&str, &str) {
        let thanks = match segment {
            Some(Segment::Detractor) => &self.thanks_detractor,
            Some(Segment::Passive) => &self.thanks_passive,
            Some(Segment::Promoter) => &self.thanks_promoter,
            None => &self.pages.thanks,
        };
        let is_end = |letter: char| matches!(letter, '.' | '!' | '。' | '！' | '।' | '։');
        let end = thanks.char_indices().find(|(_, letter)| is_end(*letter));
        let end = end.map_or(thanks.len(), |(at, letter)| at + letter.len_utf8());
        let (first, rest) = thanks.split_at(end);
        (first, rest.trim_start())
    }

    fn icu(&self) -> icu_locale::Locale {
        self.tag.parse().unwrap_or(icu_locale::Locale::UNKNOWN)
    }

    /// A date in the calendar that is usual in the language.
    pub(crate) fn date(&self, date: Date) -> String {
        match DateTimeFormatter::try_new((&self.icu()).into(), YMD::medium()) {
            Ok(format) => format.format(&IcuDate::convert_from(date)).to_string(),
            Err(_) => date.to_string(),
        }
    }

    /// A number in the digits of the language.
    pub(crate) fn number(&self, number: usize) -> String {
        let locale = self.icu();
        match DecimalFormatter::try_new((&locale).into(), Default::default()) {
            Ok(format) => format.format(&Decimal::from(number as u64)).to_string(),
            Err(_) => number.to_string(),
        }
    }

    /// The text of the link back to a site.
    pub(crate) fn back(&self, site: &str) -> String {
        self.pages.back.replace("{site}", site)
    }

    /// The sentence about a comment with too many characters.
    pub(crate) fn too_long(&self, has: usize, most: usize) -> String {
        let (has, most) = (self.number(has), self.number(most));
        self.pages.too_long.replace("{has}", &has).replace("{most}", &most)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_language_of_the_widget_is_one_of_the_pages() {
        for name in Files::iter() {
            let file = Files::get(&name).unwrap();
            let locale: Result<Locale, _> = serde_json::from_slice(&file.data);
            let locale = locale.unwrap_or_else(|error| panic!("locales/{name}: {error}"));
            let pages: BTreeMap<String, String> = {
                let file: serde_json::Value = serde_json::from_slice(&file.data).unwrap();
                serde_json::from_value(file["pages"].clone()).unwrap()
            };
            for (key, text) in pages {
                assert!(!text.trim().is_empty(), "{name}: {key}");
                assert_eq!(text.contains("{site}"), key == "back", "{name}: {key}");
                assert_eq!(text.contains("{most}"), key == "too-long", "{name}: {key}");
            }
            // The widget takes the digits from the file, and pages take them from CLDR: both must be the same.
            let file: serde_json::Value = serde_json::from_slice(&file.data).unwrap();
            let digits = file["digits"].as_str().unwrap_or("0123456789");
            let by_cldr: String = (0..10)
                .map(|digit| LOCALES[name.trim_end_matches(".json")].number(digit))
                .collect();
            assert_eq!(digits, by_cldr, "{name}");
            for segment in
                [None, Some(Segment::Detractor), Some(Segment::Passive), Some(Segment::Promoter)]
            {
                assert!(!locale.thanks(segment).0.is_empty(), "{name}: {segment:?}");
            }
        }
        assert_eq!(LOCALES.len(), Files::iter().count());
    }

    #[test]
    fn the_language_is_the_best_there_is() {
        for (wanted, expected) in [
            (&["de"][..], "de"),
            (&["DE_at"], "de"),
            (&["xx", "de-CH-1996", "en"], "de"),
            (&["en-GB"], "en"),
            (&["de-Latn-AT"], "de"),
            (&["zh-TW"], "zh-Hant"),
            (&["no"], "nb"),
            (&["nn-NO"], "nb"),
            (&["iw_IL"], "he"),
            (&["sh"], "sr-Latn"),
            (&["pt-AO"], "pt"),
            (&["xx"], "en"),
            (&["*"], "en"),
            (&["", "<script>"], "en"),
            (&[], "en"),
        ] {
            assert_eq!(best(wanted.iter().copied()).tag, expected, "{wanted:?}");
        }
    }

    #[test]
    fn words_are_put_together_as_each_language_has_them() {
        let (en, de) = (find("en").unwrap(), find("de").unwrap());
        assert_eq!(en.thanks(None), ("Thank you.", "We read every answer."));
        assert_eq!(de.thanks(None), ("Vielen Dank.", "Wir lesen jede Antwort."));
        assert_eq!(en.thanks(Some(Segment::Promoter)), ("Thank you.", "We are delighted!"));
        let detractors = ("Danke für Ihre Offenheit.", "Wir lesen jede Antwort.");
        assert_eq!(de.thanks(Some(Segment::Detractor)), detractors);
        assert_eq!(de.question(None), "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?");
        assert!(en.question(Some("Harbour & Hill")).contains("recommend Harbour & Hill to"));
        assert!(
            en.too_long(2_312, 2_000).contains("2,312 characters"),
            "{}",
            en.too_long(2_312, 2_000)
        );
        assert!(de.too_long(2_312, 2_000).contains("2.000"), "{}", de.too_long(2_312, 2_000));
        assert_eq!(de.back("shop.example"), "Zurück zu shop.example");
        let day = jiff::civil::date(2027, 5, 25);
        for (tag, expected) in [
            ("de", "25.05.2027"),
            ("fr", "25 mai 2027"),
            ("th", "25 พ.ค. 2570"),
            ("fi", "25.5.2027"),
        ] {
            assert_eq!(find(tag).unwrap().date(day), expected);
        }
    }
}
