//! Chooses the best of Afterword's locales for a language tag.
//!
//! Pages and browsers name languages in many ways: `zh-TW` for our `zh-Hant`, `no` for `nb`, `iw` for `he`.
//! The Unicode CLDR data (likely subtags, parent locales, aliases) knows which belong together. The collector asks
//! it by [`Languages::best`]. For a page it is too large: there, the build asks it for our locales, and puts those
//! results into a [`table`] that the script would not find by cutting parts off a tag. A test holds that both give
//! the same result.

use std::collections::{BTreeMap, BTreeSet};

use icu_locale::fallback::{LocaleFallbackConfig, LocaleFallbackerWithConfig};
use icu_locale::{Locale, LocaleCanonicalizer, LocaleExpander, LocaleFallbacker};

/// Maps tags in lower case to our locales.
pub type Table = BTreeMap<String, String>;

/// The table for `locales`.
///
/// The script looks a tag up in lower case with `-` for `_`, and cuts parts off its end until it is found:
/// [`find`]. The table has the locales themselves, and only those further tags that this would not find.
#[must_use]
pub fn table(locales: &[&str]) -> Table {
    let languages = Languages::new(locales.iter().copied());
    let ours = &languages.ours;
    let mut table = Table::new();
    // Shorter tags go first: a longer tag that leads to them is then left out.
    let scripts: BTreeSet<&str> = ours.iter().map(|language| language.script.as_str()).collect();
    let names = pairs('a'..='z').chain(ours.iter().map(|it| it.language.clone()));
    let known: Vec<String> = names.filter(|tag| languages.best(tag).is_some()).collect();
    let mut wanted = known.clone();
    for language in &known {
        // In a script that it is not written in, nobody reads it. (Much is written in Latin letters besides.)
        let own = languages.data.language(language).map(|it| it.language);
        let is_used = |script: &&&str| {
            let ours = &languages.ours;
            **script == "Latn"
                || ours.iter().any(|it| Some(&it.language) == own.as_ref() && it.script == **script)
        };
        wanted.extend(scripts.iter().filter(is_used).map(|script| format!("{language}-{script}")));
        wanted.extend(pairs('A'..='Z').map(|region| format!("{language}-{region}")));
    }
    for tag in wanted {
        let Some(best) = languages.best(&tag) else { continue };
        if find(&table, &tag) != Some(best) {
            table.insert(tag.to_ascii_lowercase(), best.to_owned());
        }
    }
    for tag in locales {
        table.insert(tag.to_ascii_lowercase(), (*tag).to_owned());
    }
    table
}

/// The part of a table that a script needs for the locales it embeds. It never gives another result than
/// the whole table: a tag of another locale that would lead to an embedded one maps to no locale.
#[must_use]
pub fn part<'tag>(
    table: &Table,
    locales: impl IntoIterator<Item = &'tag String>,
) -> BTreeMap<String, Option<String>> {
    let own: BTreeSet<&String> = locales.into_iter().collect();
    let known: Table = table
        .iter()
        .filter(|(_, it)| own.contains(it))
        .map(|(tag, it)| (tag.clone(), it.clone()))
        .collect();
    let others = table.iter().filter(|(tag, it)| !own.contains(it) && find(&known, tag).is_some());
    let others: Vec<_> = others.map(|(tag, _)| (tag.clone(), None)).collect();
    known.into_iter().map(|(tag, it)| (tag, Some(it))).chain(others).collect()
}

/// Looks a tag up, as script/locale.js does.
#[must_use]
pub fn find<'table>(table: &'table Table, wanted: &str) -> Option<&'table str> {
    let wanted = wanted.to_ascii_lowercase().replace('_', "-");
    let mut rest = wanted.as_str();
    loop {
        if let Some(locale) = table.get(rest) {
            return Some(locale);
        }
        rest = rest.rsplit_once('-')?.0;
    }
}

/// Every pair of letters: all two-letter languages and regions are among them.
fn pairs(letters: std::ops::RangeInclusive<char>) -> impl Iterator<Item = String> {
    letters.clone().flat_map(move |first| {
        letters.clone().map(move |second| String::from_iter([first, second]))
    })
}

/// A tag and what CLDR knows about it.
struct Language {
    /// As it was given.
    tag: String,
    /// In canonical form, and with likely script and region.
    full: Locale,
    language: String,
    script: String,
    /// The tag and those it falls back to, from itself to the most general, with likely script and region.
    chain: Vec<Locale>,
}

/// Some locales, and the CLDR data by which the best of them is found.
pub struct Languages {
    ours: Vec<Language>,
    data: LanguageData,
}

impl Languages {
    /// The locales with these tags. A tag that is no language tag is left out.
    pub fn new<'tag>(locales: impl IntoIterator<Item = &'tag str>) -> Self {
        let data = LanguageData {
            canonicalizer: LocaleCanonicalizer::new_extended(),
            expander: LocaleExpander::new_extended(),
            fallbacker: LocaleFallbacker::new().static_to_owned(),
        };
        let ours = locales.into_iter().filter_map(|tag| data.language(tag)).collect();
        Self { ours, data }
    }

    /// The best locale for a tag, also with `_` for `-`; `None` if there is none of its language, or if it is no
    /// language tag.
    #[must_use]
    pub fn best(&self, tag: &str) -> Option<&str> {
        self.data.best(&tag.replace('_', "-"), &self.ours)
    }
}

struct LanguageData {
    canonicalizer: LocaleCanonicalizer,
    expander: LocaleExpander,
    fallbacker: LocaleFallbacker,
}

impl LanguageData {
    fn fallback(&self) -> LocaleFallbackerWithConfig<'_> {
        self.fallbacker.for_config(LocaleFallbackConfig::default())
    }

    /// `None` if `tag` is no language tag, or not one of a known language.
    fn language(&self, tag: &str) -> Option<Language> {
        let mut locale: Locale = tag.parse().ok()?;
        self.canonicalizer.canonicalize(&mut locale);
        let full = self.full(&locale);
        let mut chain = Vec::new();
        let mut steps = self.fallback().fallback_for((&locale).into());
        while !steps.get().is_unknown() {
            chain.push(self.full(&steps.get().to_string().parse().ok()?));
            steps.step();
        }
        Some(Language {
            tag: tag.to_owned(),
            language: full.id.language.as_str().to_owned(),
            script: full.id.script?.as_str().to_owned(),
            full,
            chain,
        })
    }

    fn full(&self, locale: &Locale) -> Locale {
        let mut full = locale.clone();
        self.expander.maximize(&mut full.id);
        full
    }

    /// The best of `ours` for a tag: the first that it falls back to; else one of the same language and script;
    /// else one of the same language, or one with a common fallback. Among several, the most likely one.
    fn best<'ours>(&self, tag: &str, ours: &'ours [Language]) -> Option<&'ours str> {
        let wanted = self.language(tag)?;
        let by_chain = wanted.chain.iter().find_map(|step| ours.iter().find(|it| it.full == *step));
        let among = |fits: &dyn Fn(&Language) -> bool| {
            let usual = wanted.chain.last();
            let of_usual = ours
                .iter()
                .filter(|it| fits(it))
                .find(|it| usual.is_some_and(|usual| usual.id.script == it.full.id.script));
            of_usual.or_else(|| ours.iter().find(|it| fits(it)))
        };
        by_chain
            .or_else(|| among(&|it| it.language == wanted.language && it.script == wanted.script))
            .or_else(|| {
                among(&|it| {
                    it.language == wanted.language || it.chain.last() == wanted.chain.last()
                })
            })
            .map(|it| it.tag.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(locales: &[&str], expected: &[(&str, &str)]) {
        let table = table(locales);
        let languages = Languages::new(locales.iter().copied());
        for (wanted, locale) in expected {
            assert_eq!(find(&table, wanted).unwrap_or("none"), *locale, "{wanted} of {locales:?}");
            assert_eq!(
                languages.best(wanted).unwrap_or("none"),
                *locale,
                "{wanted} of {locales:?}"
            );
        }
    }

    #[test]
    fn a_page_gets_its_language_in_every_notation() {
        let spellings = [
            "de",
            "DE",
            "de-DE",
            "de_DE",
            "de-AT",
            "DE_at",
            "de-CH-1901",
            "de-Latn-DE",
            "de-u-co-phonebk",
        ];
        check(&["de", "en"], &spellings.map(|wanted| (wanted, "de")));
        check(
            &["de", "en"],
            &["fr", "", "d", "deutsch", "x-de", "nds"].map(|wanted| (wanted, "none")),
        );
    }

    #[test]
    fn two_languages_need_no_more_than_their_names() {
        let table = table(&["de", "en"]);
        assert_eq!(
            table,
            [("de", "de"), ("en", "en")].map(|(tag, it)| (tag.into(), it.into())).into()
        );
    }

    #[test]
    fn a_part_finds_what_the_whole_would_find_or_nothing() {
        let all = ["de", "en", "pt", "pt-BR", "zh-Hans", "zh-Hant"];
        let table = table(&all);
        let of = |locale: &str| part(&table, [&locale.to_owned()]);
        let entry = |tag: &str, locale: Option<&str>| (tag.to_owned(), locale.map(str::to_owned));
        assert_eq!(of("de"), [entry("de", Some("de"))].into());
        assert_eq!(of("pt"), [entry("pt", Some("pt")), entry("pt-br", None)].into());
        // Every Chinese tag, except those of the other script.
        let simplified = of("zh-Hans");
        assert_eq!(simplified["zh"].as_deref(), Some("zh-Hans"));
        assert_eq!(simplified["zh-tw"], None);
        assert_eq!(of("zh-Hant").get("zh"), None);
        assert_eq!(of("zh-Hant")["zh-tw"].as_deref(), Some("zh-Hant"));
        // Not in scripts that a language is never written in.
        let serbian = super::table(&["sr-Cyrl", "sr-Latn", "th"]);
        assert_eq!(find(&serbian, "sh-Cyrl"), Some("sr-Cyrl"));
        assert!(!serbian.keys().any(|tag| tag.starts_with("sh-t")), "{serbian:?}");
    }

    #[test]
    fn a_region_says_which_script() {
        let both = ["zh-Hans", "zh-Hant"];
        check(&both, &["zh", "zh-CN", "zh-SG", "zh_Hans_TW"].map(|wanted| (wanted, "zh-Hans")));
        check(
            &both,
            &["zh-TW", "zh_TW", "zh-HK", "zh-MO", "zh-Hant-HK"].map(|wanted| (wanted, "zh-Hant")),
        );
        check(&["en", "zh-Hant"], &[("zh-TW", "zh-Hant"), ("zh-Hant", "zh-Hant"), ("en-TW", "en")]);
        check(&["zh", "zh-TW"], &[("zh-HK", "zh-TW"), ("zh-Hant", "zh-TW"), ("zh-CN", "zh")]);
        check(&["sr", "sr-Latn"], &[("sr-ME", "sr-Latn"), ("sr-RS", "sr"), ("sh", "sr-Latn")]);
    }

    #[test]
    fn a_region_says_which_variety() {
        let both = ["pt-BR", "pt-PT"];
        check(
            &both,
            &[("pt", "pt-BR"), ("pt-BR", "pt-BR"), ("pt-PT", "pt-PT"), ("pt-AO", "pt-PT")],
        );
        check(&["es", "es-419"], &[("es-MX", "es-419"), ("es-ES", "es"), ("es", "es")]);
    }

    #[test]
    fn the_only_locale_of_a_language_serves_all_of_it() {
        check(&["pt-BR"], &[("pt", "pt-BR"), ("pt-PT", "pt-BR"), ("pt_AO", "pt-BR")]);
        check(&["zh-Hant"], &[("zh", "zh-Hant"), ("zh-CN", "zh-Hant")]);
        check(&["sr-Latn"], &[("sr", "sr-Latn"), ("sr-Cyrl", "sr-Latn")]);
    }

    #[test]
    fn old_and_wider_names_are_known() {
        check(&["he", "id"], &[("iw", "he"), ("iw-IL", "he"), ("in", "id")]);
        check(&["nb"], &[("no", "nb"), ("no-NO", "nb"), ("nn", "nb"), ("nb-NO", "nb")]);
        check(&["nb", "nn"], &[("no", "nb"), ("nn-NO", "nn")]);
        check(&["no"], &[("nb", "no"), ("nn_NO", "no")]);
        check(&["fil"], &[("tl", "fil"), ("fil-PH", "fil")]);
    }
}
