//! Phrases that customers use more often than in the period before.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::LazyLock,
};

use serde::Serialize;

use super::statistics::{self, Part};

/// Words of a phrase.
const MAX_WORDS: usize = 3;
/// Comments, of both periods together, that have a phrase, before it is looked at.
const MIN_COMMENTS: u32 = 6;
/// Customers, or orders, in the period that a phrase must come from: what fewer write may be a name.
pub(crate) const MIN_SOURCES: usize = 5;
/// Letters of a word that is a phrase by itself.
const MIN_LETTERS: usize = 4;
/// Phrases in a report.
const MAX_PHRASES: usize = 10;
/// Words that say nothing at either end of a phrase, in German and English.
static EMPTY_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    " aber alle allem allen aller alles als also am an auch auf aus bei beim bin bis bitte da damit dann das dass dem den denn der des dich die dies diese diesem diesen dieser dieses dir doch dort du durch ein eine einem einen einer eines einfach er es etwas euch euer eure für ganz gar gegen habe haben hab hat hatte hatten hier hätte ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer in ins ist ja jede jeder jetzt kann kein keine keinen können man mehr mein meine meinem meinen meiner mich mir mit muss nach nicht nichts noch nun nur ob oder ohne schon sehr seit sich sie sind so sogar sondern soll sollte und uns unser unsere unter vom von vor war waren was weil wenn wer werden wie wieder wir wird wo wurde wurden während zu zum zur zwar über a about after again all also am an and any are as at be because been before being but by can could did do does dont for from get got had has have he her here him his how i if in into is it its just me more most my no nor not now of off on once only or other our out over own same she so some such than that the their them then there these they this those through to too under until up very was we were what when where which while who why will with would you your ".split_whitespace().collect()
});

/// A comment of one of the two periods that are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PeriodComment {
    pub(crate) text: String,
    /// The number of its customer, or else of its order; `None` if neither is known.
    pub(crate) source: Option<String>,
    /// Whether it is of the period itself, and not of the one before.
    pub(crate) is_now: bool,
}

/// A phrase that is written more often than in the period before.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct RisingPhrase {
    /// Up to three words, in lower case.
    pub(crate) phrase: String,
    /// The comments that have it, of those that were looked at.
    pub(crate) comments: u32,
    /// Those of the period before.
    pub(crate) comments_before: u32,
    /// How much more often that is (log-likelihood ratio after Dunning, 1993).
    pub(crate) log_likelihood: f64,
}

/// The phrases that rose by more than chance (exact test, Holm over all that were looked at), those first that rose most.
/// Each stands in comments of at least five customers or orders of the period.
pub(crate) fn rising(comments: &[PeriodComment]) -> Vec<RisingPhrase> {
    let wholes =
        [false, true].map(|now| comments.iter().filter(|it| it.is_now == now).count() as u64);
    // First counts by hash alone, so that the many phrases that occur once take little memory.
    let mut counts: HashMap<u64, [u32; 2]> = HashMap::new();
    for comment in comments {
        let own: HashSet<u64> = phrases(&comment.text).map(|phrase| hash(&phrase)).collect();
        for phrase in own {
            counts.entry(phrase).or_default()[usize::from(comment.is_now)] += 1;
        }
    }
    counts.retain(|_, [before, now]| *before + *now >= MIN_COMMENTS);
    let shares = |[before, now]: [u32; 2]| {
        let part = |count: u32, whole| Part { part: count.into(), whole };
        (part(before, wholes[0]), part(now, wholes[1]))
    };
    let tested: Vec<(u64, [u32; 2])> = counts.into_iter().collect();
    let pairs: Vec<(Part, Part)> = tested.iter().map(|(_, counts)| shares(*counts)).collect();
    let marks = statistics::grown(&pairs);
    let grown: HashMap<u64, [u32; 2]> =
        tested.into_iter().zip(marks).filter(|(_, mark)| *mark).map(|(it, _)| it).collect();

    let mut found: HashMap<String, (u64, HashSet<&str>)> = HashMap::new();
    for comment in comments.iter().filter(|it| it.is_now) {
        let Some(source) = &comment.source else { continue };
        for phrase in phrases(&comment.text) {
            let hash = hash(&phrase);
            if grown.contains_key(&hash) {
                found.entry(phrase).or_insert_with(|| (hash, HashSet::new())).1.insert(source);
            }
        }
    }
    let mut rising: Vec<RisingPhrase> = found
        .into_iter()
        .filter(|(_, (_, sources))| sources.len() >= MIN_SOURCES)
        .filter_map(|(phrase, (hash, _))| {
            let [before, now] = *grown.get(&hash)?;
            let (earlier, later) = shares([before, now]);
            let log_likelihood = statistics::log_likelihood(earlier, later);
            Some(RisingPhrase { phrase, comments: now, comments_before: before, log_likelihood })
        })
        .collect();
    rising.sort_by(|a, b| {
        b.log_likelihood.total_cmp(&a.log_likelihood).then_with(|| {
            // Of phrases that always stand together the longest one goes first.
            (b.phrase.len(), &a.phrase).cmp(&(a.phrase.len(), &b.phrase))
        })
    });
    let mut told: Vec<RisingPhrase> = Vec::new();
    for phrase in rising {
        if told.len() < MAX_PHRASES && !told.iter().any(|it| overlap(&it.phrase, &phrase.phrase)) {
            told.push(phrase);
        }
    }
    told
}

/// Whether one of two phrases is a part of the other.
fn overlap(one: &str, other: &str) -> bool {
    let [one, other] = [one, other].map(|it| format!(" {it} "));
    one.contains(&other) || other.contains(&one)
}

/// The phrases of a comment: up to three words that stand side by side in one sentence. Words with digits are left out,
/// which may be numbers of orders.
fn phrases(text: &str) -> impl Iterator<Item = String> {
    let text = text.to_lowercase();
    let sentences = text.split(['.', '!', '?', ';', ':', ',', '(', ')', '"', '\n', '…']);
    let mut phrases = BTreeSet::new();
    for sentence in sentences {
        let words: Vec<Word<'_>> = sentence
            .split(|it: char| !it.is_alphanumeric() && !matches!(it, '-' | '\'' | '’'))
            .map(|it| it.trim_matches(|it: char| !it.is_alphanumeric()))
            .filter(|it| !it.is_empty())
            .map(Word::of)
            .collect();
        for length in 1..=MAX_WORDS {
            phrases.extend(words.windows(length).filter(|it| says_something(it)).map(join));
        }
    }
    phrases.into_iter()
}

/// A word, with what is asked of it in each of its phrases.
struct Word<'a> {
    text: &'a str,
    says_nothing: bool,
    has_digits: bool,
}

impl<'a> Word<'a> {
    fn of(text: &'a str) -> Self {
        Self {
            text,
            says_nothing: EMPTY_WORDS.contains(text),
            has_digits: text.contains(char::is_numeric),
        }
    }
}

/// Whether words can be a phrase.
fn says_something(words: &[Word<'_>]) -> bool {
    if words.iter().any(|word| word.has_digits) {
        return false;
    }
    match words {
        [word] => !word.says_nothing && word.text.chars().count() >= MIN_LETTERS,
        [first, .., last] => !first.says_nothing && !last.says_nothing,
        [] => false,
    }
}

fn join(words: &[Word<'_>]) -> String {
    let mut phrase = String::new();
    for word in words {
        if !phrase.is_empty() {
            phrase.push(' ');
        }
        phrase += word.text;
    }
    phrase
}

/// FNV-1a.
fn hash(phrase: &str) -> u64 {
    phrase.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many comments of each period, of which some have that text.
    fn comments(before: usize, now: usize, text: &str, sources: usize) -> Vec<PeriodComment> {
        let of = |is_now: bool, with: usize| {
            (0..200).map(move |number| PeriodComment {
                text: if number < with { text.to_owned() } else { "Alles gut".to_owned() },
                source: Some(format!("C-{}", number % sources)),
                is_now,
            })
        };
        of(false, before).chain(of(true, now)).collect()
    }

    #[test]
    fn what_many_write_of_late_is_told_once() {
        let text = "Der Roter-Blitz Kurier kam nicht. Danke!";
        let rising = rising(&comments(1, 20, text, 200));
        let phrases: Vec<&str> = rising.iter().map(|it| it.phrase.as_str()).collect();
        assert_eq!(phrases, ["roter-blitz kurier kam", "danke"]);
        assert_eq!((rising[0].comments, rising[0].comments_before), (20, 1));
        assert!(rising[0].log_likelihood > 15.0);
    }

    #[test]
    fn what_four_customers_write_may_be_a_name_and_is_not_told() {
        let text = "Frau Kern war sehr nett";
        assert_eq!(rising(&comments(0, 40, text, 4)), []);
        assert_ne!(rising(&comments(0, 40, text, 5)), []);
        let nobodys: Vec<PeriodComment> = comments(0, 40, text, 200)
            .into_iter()
            .map(|it| PeriodComment { source: None, ..it })
            .collect();
        assert_eq!(rising(&nobodys), [], "who wrote it is not known");
    }

    #[test]
    fn chance_falls_and_numbers_are_not_told() {
        assert_eq!(rising(&comments(20, 22, "Schöne Töpfe", 200)), []);
        assert_eq!(rising(&comments(40, 2, "Schöne Töpfe", 200)), []);
        assert_eq!(rising(&comments(0, 40, "LS-86176", 200)), []);
        assert_eq!(rising(&[]), []);
    }

    #[test]
    fn phrases_have_words_that_say_something_at_both_ends() {
        let found: Vec<String> = phrases("Die Lieferung an die Tür, in 2 Tagen da").collect();
        assert_eq!(found, ["lieferung", "tagen"]);
    }
}
