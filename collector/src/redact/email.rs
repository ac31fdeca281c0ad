//! Finds e-mail addresses, also in the spellings that are meant to hide them from robots: `kim (at) example
//! (dot) org`, `kim punkt lee at example punkt org`.

use std::{ops::Range, sync::LazyLock};

use regex::{Captures, Regex};

/// The sign `@`. A space may follow it or surround it; with a space only before it, it begins a user name,
/// as in `thanks @kim.lee`.
const SIGN: &str = r"@\s?|\s@\s";
/// A user name, or an address with a space too many.
const LOOSE_SIGN: &str = r"\s@";
/// The sign in brackets, which nobody writes for any other reason.
const BRACKETED_SIGN: &str = r"\s?[(\[{<]\s?(?:at|ät|a|et|ad|klammeraffe|arroba|arobase|arobas|chiocciola|apenstaartje|małpa|malpa|@)\s?[)\]}>]\s?|\s?[*_|-]at[*_|-]\s?";
/// The sign as a word: English and German, French, Spanish, Italian, Dutch, Polish.
const SIGN_WORD: &str =
    r"\s+(?:at|ät|klammeraffe|arobase|arobas|arroba|chiocciola|apenstaartje|małpa|malpa)\s+";
/// A dot in brackets or as a word.
const DOT_WORD: &str = r"\s?[(\[{]\s?(?:dot|punkt|point|punto|punt|kropka|\.)\s?[)\]}]\s?|\s?[*_|-](?:dot|punkt|point|punto|punt|kropka)[*_|-]\s?|\s+(?:dot|punkt|point|punto|punt|kropka)\s+|\s\.\s";
/// Other signs as words.
const SIGN_WORDS_WITHIN: &str = r"\s+(?:minus|bindestrich|unterstrich|underscore|dash|hyphen)\s+";

/// A whole address. The first group is the part before the sign, the second the domain; the named
/// groups tell which sign it was.
static ADDRESS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let pattern = format!(
        r"(?i)([\p{{L}}\p{{N}}._%+'-]+(?:(?:{DOT_WORD}|{SIGN_WORDS_WITHIN})[\p{{L}}\p{{N}}_%+-]+){{0,3}})(?:{BRACKETED_SIGN}|(?<sign>{SIGN})|(?<word>{SIGN_WORD})|(?<loose>{LOOSE_SIGN}))([\p{{L}}\p{{N}}-]+(?:(?:\.{{1,2}}|,|{DOT_WORD}|{SIGN_WORDS_WITHIN})[\p{{L}}\p{{N}}-]+)+)"
    );
    Regex::new(&pattern).ok()
});

/// An address whose ending was left out: `kim@gmail`, `kim_lee@example`.
static UNFINISHED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)([\p{L}\p{N}._%+-]*[\p{L}\p{N}])@([\p{L}][\p{L}\p{N}-]*)").ok()
});

/// A dot as it is written in an address.
static DOT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!(r"(?i)\.{{1,2}}|,|{DOT_WORD}")).ok());

/// Providers that people name without an ending.
const PROVIDERS: &[&str] = &[
    "gmail",
    "googlemail",
    "gmx",
    "hotmail",
    "outlook",
    "yahoo",
    "icloud",
    "t-online",
    "aol",
    "freenet",
    "posteo",
    "bluewin",
    "protonmail",
    "orange",
    "wanadoo",
    "libero",
    "ziggo",
    "btinternet",
];
/// Words before or after `kim at example.org` that show that an address is meant and not a place.
const MAIL_WORDS: &[&str] =
    &["mail", "write", "reply", "contact", "schreib", "antwort", "cc ", "to:", "an:"];
/// Words that stand before `at example.org` where a place is meant.
const PLACE_WORDS: &[&str] = &[
    "me",
    "us",
    "you",
    "it",
    "them",
    "one",
    "bought",
    "ordered",
    "order",
    "shop",
    "shopped",
    "shopping",
    "cheaper",
    "found",
    "saw",
    "look",
    "looked",
    "here",
    "there",
    "is",
    "was",
    "are",
    "available",
    "price",
    "prices",
    "customer",
    "service",
    "support",
    "team",
    "people",
    "folks",
    "guys",
    "experience",
    "days",
    "work",
];
/// Words for people, who are greeted with the sign `@`: `thanks@all.keep it up` holds no domain.
const EVERYBODY: &[&str] =
    &["all", "alle", "everyone", "everybody", "team", "tous", "todos", "tutti"];
/// Endings of domains behind which another word may stand by mistake.
const ENDINGS: &[&str] = &[
    "com", "de", "org", "net", "at", "ch", "uk", "fr", "nl", "it", "pl", "eu", "info", "example",
    "io",
];
/// Endings of domains that are written with a capital letter, too, where every word of an address is.
const COMMON_ENDINGS: &[&str] = &["com", "de", "org", "net", "at", "ch"];

/// Every address in `text`, in order.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let Some(pattern) = ADDRESS.as_ref() else { return Vec::new() };
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(captures) = pattern.captures_at(text, at) {
        let Some(whole) = captures.get(0) else { break };
        match address(text, &captures) {
            Some(range) => {
                at = range.end.max(at + 1);
                found.push(range);
            }
            // Another address may begin within what looked like one.
            None => at = captures.get(1).map_or(whole.end(), |local| local.end()),
        }
        while !text.is_char_boundary(at) {
            at += 1;
        }
    }
    found.extend(unfinished(text));
    found.sort_by_key(|range| range.start);
    found.dedup_by(|next, last| next.start < last.end);
    found
}

/// Addresses without an ending: those of a known provider, and those that look like an address near a word
/// about mail. `Danke@alle` is neither.
fn unfinished(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    UNFINISHED.as_ref().into_iter().flat_map(|pattern| {
        pattern.captures_iter(text).filter_map(|captures| {
            let (whole, local, domain) = (captures.get(0)?, captures.get(1)?, captures.get(2)?);
            let is_provider = PROVIDERS.contains(&domain.as_str().to_lowercase().as_str());
            let has_look = local.as_str().contains(['.', '_'])
                && is_said_to_be_mail_near(text, &whole.range());
            let goes_on = text[whole.end()..].starts_with(['@', '/']);
            ((is_provider || has_look) && !goes_on).then(|| whole.range())
        })
    })
}

/// Where the address lies, if what matched is one.
fn address(text: &str, captures: &Captures<'_>) -> Option<Range<usize>> {
    let local = captures.get(1)?;
    let domain = captures.iter().flatten().last()?;
    let (end, is_spelled_out) = domain_end(domain.as_str())?;
    // Dots in a row end a sentence before it: `an...kim@example.org`.
    let lead = local.as_str().rfind("..").map_or(0, |dots| dots + 2);
    let lead = lead + local.as_str()[lead..].len()
        - local.as_str()[lead..].trim_start_matches(['\'', '.', '-']).len();
    // `E-Mail-kim@example.org`, where a colon was meant.
    let lead = ["e-mail-", "email-", "mail-"]
        .iter()
        .find(|word| {
            local
                .as_str()
                .get(lead..lead + word.len())
                .is_some_and(|it| it.eq_ignore_ascii_case(word))
        })
        .map_or(lead, |word| lead + word.len());
    let range = local.start() + lead..domain.start() + end;
    let local = &text[local.start() + lead..local.end()];
    if local.is_empty() || local.ends_with('.') && captures.name("sign").is_none() {
        return None;
    }
    let ends_as_domains_do =
        |domain: &str| domain.rsplit('.').next().is_some_and(|last| ENDINGS.contains(&last));
    let first = domain.as_str()[..end].split('.').next().unwrap_or_default().to_lowercase();
    if EVERYBODY.contains(&first.as_str()) && !ends_as_domains_do(&domain.as_str()[..end]) {
        return None;
    }
    // `thanks @kim.lee` names somebody, `kim @example.org` hardly.
    if captures.name("loose").is_some()
        && !ends_as_domains_do(&domain.as_str()[..end])
        && !local.contains(|c: char| c.is_ascii_digit() || matches!(c, '.' | '_' | '+'))
    {
        return None;
    }
    if captures.name("word").is_some()
        && !is_spelled_out
        && !is_said_to_be_mail(text, &range, local)
    {
        return None;
    }
    if captures.name("word").is_some() && PLACE_WORDS.contains(&local.to_lowercase().as_str()) {
        return None;
    }
    Some(range)
}

/// The end of the domain that `written` begins with, and whether its dots are words. The word after a
/// sentence's full stop without a space (`example.org.Thanks`) and after a hyphen (`example.org-please`)
/// does not belong to it.
fn domain_end(written: &str) -> Option<(usize, bool)> {
    let mut labels: Vec<Range<usize>> = Vec::new();
    // A comma is a slip of the finger before an ending (`example,de`), else the sentence's.
    let mut commas = Vec::new();
    let mut start = 0;
    let mut is_spelled_out = false;
    for dot in DOT.as_ref()?.find_iter(written) {
        labels.push(start..dot.start());
        is_spelled_out |= !matches!(dot.as_str(), "." | ".." | ",");
        start = dot.end();
        if dot.as_str() == "," {
            commas.push(start);
        }
    }
    labels.push(start..written.len());
    let is_capitalised = |label: &str| {
        let mut letters = label.chars();
        letters.next().is_some_and(char::is_uppercase)
            && letters.next().is_some_and(char::is_lowercase)
    };
    while labels.len() >= 2 {
        let range = labels.pop()?;
        let label = &written[range.clone()];
        let ending = label.split('-').next().unwrap_or_default();
        let ending = glued(ending).unwrap_or(ending);
        // A sentence that goes on without a space: `example.org.thanks`.
        let follows_an_ending = labels.len() >= 2
            && ending.chars().count() > 3
            && labels.last().is_some_and(|label| {
                ENDINGS.contains(&written[label.clone()].to_lowercase().as_str())
            });
        let before_it = labels.iter().all(|label| is_capitalised(&written[label.clone()]));
        let is_slip = commas.contains(&range.start);
        let is_ending = ending.chars().count() >= 2
            && (!is_slip || ending.len() == label.len() && ENDINGS.contains(&ending))
            && ending.chars().all(char::is_alphabetic)
            && !follows_an_ending
            && (!is_capitalised(ending)
                || before_it && COMMON_ENDINGS.contains(&ending.to_lowercase().as_str()));
        if is_ending && labels.iter().all(|label| !label.is_empty()) {
            return Some((range.start + ending.len(), is_spelled_out));
        }
    }
    None
}

/// The known ending that a domain's last part begins with, where the next word follows without any sign:
/// `example.comgelöscht`. No ending in use is so long and begins so.
fn glued(ending: &str) -> Option<&str> {
    const MIN_LENGTH: usize = 10;
    let is_long = ending.chars().count() >= MIN_LENGTH || !ending.is_ascii();
    ENDINGS
        .iter()
        .find(|known| is_long && ending.len() > known.len() && ending.starts_with(**known))
        .copied()
}

/// Whether `local at example.org` is an address: by its look, or by a word about mail near it.
fn is_said_to_be_mail(text: &str, range: &Range<usize>, local: &str) -> bool {
    if local.contains(|c: char| c.is_ascii_digit() || matches!(c, '.' | '_' | '+')) {
        return true;
    }
    is_said_to_be_mail_near(text, range)
}

/// Whether a word about mail stands a few words before or after it.
fn is_said_to_be_mail_near(text: &str, range: &Range<usize>) -> bool {
    let near = |start: usize, end: usize| {
        let part = text[start..end].to_lowercase();
        MAIL_WORDS.iter().any(|word| part.contains(word))
    };
    let start = text[..range.start].char_indices().rev().nth(29).map_or(0, |(at, _)| at);
    let end = text[range.end..].char_indices().nth(20).map_or(text.len(), |(at, _)| range.end + at);
    near(start, range.start) || near(range.end, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = find(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn the_word_after_an_address_does_not_belong_to_it() {
        check("An kim@example.org-schade.", &["kim@example.org"]);
        check("An kim@example.org.Danke!", &["kim@example.org"]);
        check("An kim@example.org.", &["kim@example.org"]);
        check("kim@shop.example.org.danke", &["kim@shop.example.org"]);
        check("habt ihr kim@example.comgelöscht?", &["kim@example.com"]);
        check("bitte an...kim@example.org", &["kim@example.org"]);
        check("Kim@Example.Org ist richtig", &["Kim@Example.Org"]);
    }

    #[test]
    fn signs_may_be_words_or_stand_in_brackets() {
        check("kim punkt lee at example punkt org bitte", &["kim punkt lee at example punkt org"]);
        check("kim(ät)example(punkt)org", &["kim(ät)example(punkt)org"]);
        check("kim [at] example [dot] org", &["kim [at] example [dot] org"]);
        check("mail kim at example.org", &["kim at example.org"]);
        check(
            "kim unterstrich lee at example dot org",
            &["kim unterstrich lee at example dot org"],
        );
        check("kim.lee @example.org", &["kim.lee @example.org"]);
        check("kim@example,de und kim@example.org,bitte", &["kim@example,de", "kim@example.org"]);
        check("kim.lee at example.org", &["kim.lee at example.org"]);
        check("kim -at- example -dot- org", &["kim -at- example -dot- org"]);
        check("kim arroba example punto org", &["kim arroba example punto org"]);
        check("kim@example..com", &["kim@example..com"]);
        check("my email is kim@gmail, you know the rest", &["kim@gmail"]);
        check("says kim_l@example is no e-mail", &["kim_l@example"]);
        check("kim@ example.org, kim @ example.org", &["kim@ example.org", "kim @ example.org"]);
    }

    #[test]
    fn a_text_that_is_not_an_address_stays() {
        check("Danke@alle.Weiter so", &[]);
        check("great shop.thanks@all.keep it up", &[]);
        check("thanks@everybody", &[]);
        check("I ordered at shop.example.co.uk", &[]);
        check("thanks @kim.lee for the tip", &[]);
        check("3 @ 4.99 and 2@5.49", &[]);
        check("Meet you @ 7.30pm", &[]);
    }
}
