//! Turns a line with alternatives into the text that one person types.
//!
//! A line holds its alternatives: `{Gut|Sehr gut} verpackt, $der {kam|ist} heil {an|angekommen}`. Braces
//! nest, an alternative may be empty, and `$word` is replaced by a fact of the answer. A [`Hand`] then adds
//! the habits of a person: all in small letters, an emoji, a typing error.

use fastrand::Rng;

/// The facts that a line may mention, by name.
pub(super) type Facts<'a> = [(&'static str, &'a str)];

/// Chooses one alternative each, and fills in the facts. The name of an unknown fact stays, and a test
/// fails if that happens.
pub(super) fn say(line: &str, facts: &Facts<'_>, rng: &mut Rng) -> String {
    let mut said = String::with_capacity(line.len());
    choose(line, facts, rng, &mut said);
    said
}

fn choose(line: &str, facts: &Facts<'_>, rng: &mut Rng, said: &mut String) {
    let mut rest = line;
    while let Some(at) = rest.find(['{', '$']) {
        said.push_str(&rest[..at]);
        if rest.as_bytes()[at] == b'$' {
            let name = &rest[at + 1..];
            let end = name.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(name.len());
            match facts.iter().find(|(known, _)| *known == &name[..end]) {
                Some((_, value)) => said.push_str(value),
                None => said.push_str(&rest[at..=at + end]),
            }
            rest = &name[end..];
        } else {
            let (choices, after) = alternatives(&rest[at + 1..]);
            choose(choices[rng.usize(..choices.len())], facts, rng, said);
            rest = after;
        }
    }
    said.push_str(rest);
}

/// The alternatives up to the closing brace, and the text after it. Without a closing brace the line's end
/// closes them.
fn alternatives(text: &str) -> (Vec<&str>, &str) {
    let (mut depth, mut start, mut choices) = (0_u32, 0, Vec::new());
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth > 0 => depth -= 1,
            b'|' if depth == 0 => {
                choices.push(&text[start..at]);
                start = at + 1;
            }
            b'}' => {
                choices.push(&text[start..at]);
                return (choices, &text[at + 1..]);
            }
            _ => {}
        }
    }
    choices.push(&text[start..]);
    (choices, "")
}

/// A person's habits of typing.
pub(super) struct Hand {
    small_letters: bool,
    no_full_stops: bool,
    slips: bool,
    shouts: bool,
    double_marks: bool,
    emoji: bool,
    no_umlauts: bool,
}

impl Hand {
    /// Draws the habits of a person. Phones correct the text, so typing errors are rarer there.
    pub(super) fn somebodys(rng: &mut Rng, on_a_phone: bool) -> Self {
        let mut chance = |share: f32| rng.f32() < share;
        Self {
            small_letters: chance(if on_a_phone { 0.10 } else { 0.17 }),
            no_full_stops: chance(0.34),
            slips: chance(if on_a_phone { 0.07 } else { 0.13 }),
            shouts: chance(0.006),
            double_marks: chance(0.07),
            emoji: chance(if on_a_phone { 0.13 } else { 0.03 }),
            no_umlauts: chance(0.025),
        }
    }

    /// Types these sentences. `emojis` are those that suit the mood.
    pub(super) fn type_out(
        &self,
        sentences: &[String],
        glad: bool,
        emojis: &[&str],
        rng: &mut Rng,
    ) -> String {
        let mut text = String::new();
        for (index, sentence) in sentences.iter().enumerate() {
            let is_last = index + 1 == sentences.len();
            if index > 0 {
                text.push_str(if sentences.len() > 3 && rng.f32() < 0.12 { "\n\n" } else { " " });
            }
            text.push_str(sentence);
            if !sentence.ends_with(['.', '!', '?', '…', ')']) {
                match () {
                    () if self.double_marks && is_last => {
                        text.push_str(if glad { "!!" } else { "!!!" });
                    }
                    () if is_last && self.no_full_stops => {}
                    () if is_last && rng.f32() < if glad { 0.28 } else { 0.12 } => text.push('!'),
                    () if is_last && sentence.chars().count() < 14 && rng.bool() => {}
                    () => text.push('.'),
                }
            }
        }
        if self.slips && text.len() > 24 {
            slip(&mut text, rng);
        }
        if self.no_umlauts {
            for (umlaut, letters) in [
                ("ä", "ae"),
                ("ö", "oe"),
                ("ü", "ue"),
                ("Ä", "Ae"),
                ("Ö", "Oe"),
                ("Ü", "Ue"),
                ("ß", "ss"),
            ] {
                text = text.replace(umlaut, letters);
            }
        }
        if self.shouts {
            text = text.to_uppercase();
        } else if self.small_letters {
            text = text.to_lowercase();
        }
        if self.emoji && !emojis.is_empty() {
            text.push(' ');
            for _ in 0..if rng.f32() < 0.2 { 2 } else { 1 } {
                text.push_str(emojis[rng.usize(..emojis.len())]);
            }
        }
        text
    }
}

/// Makes one or two typing errors: two letters swapped, one left out, one doubled.
fn slip(text: &mut String, rng: &mut Rng) {
    let mut letters: Vec<char> = text.chars().collect();
    for _ in 0..if letters.len() > 120 { 2 } else { 1 } {
        // Within a word and not at its start, where people notice an error.
        let places: Vec<usize> = (1..letters.len().saturating_sub(1))
            .filter(|&at| {
                letters[at - 1..=at + 1].iter().all(|letter| letter.is_lowercase())
                    && letters[at] != letters[at + 1]
            })
            .collect();
        if places.is_empty() {
            break;
        }
        let at = places[rng.usize(..places.len())];
        match rng.u8(..4) {
            0 | 1 => letters.swap(at, at + 1),
            2 => drop(letters.remove(at)),
            _ => letters.insert(at, letters[at]),
        }
    }
    *text = letters.into_iter().collect();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_alternative_is_used_and_facts_are_filled_in() {
        let mut rng = Rng::with_seed(7);
        let mut said: Vec<String> = (0..200)
            .map(|_| say("{Die|{Meine|Unsere}} $what {|sehr }gut", &[("what", "Kanne")], &mut rng))
            .collect();
        said.sort_unstable();
        said.dedup();
        assert_eq!(
            said,
            [
                "Die Kanne gut",
                "Die Kanne sehr gut",
                "Meine Kanne gut",
                "Meine Kanne sehr gut",
                "Unsere Kanne gut",
                "Unsere Kanne sehr gut"
            ]
        );
    }

    #[test]
    fn a_typing_error_changes_a_word_only_a_little() {
        let mut rng = Rng::with_seed(3);
        for _ in 0..200 {
            let mut text = "Die Lieferung war schnell".to_owned();
            slip(&mut text, &mut rng);
            assert!(text != "Die Lieferung war schnell" && text.starts_with('D'), "{text}");
            assert!(text.chars().count().abs_diff(25) <= 1, "{text}");
        }
    }
}
