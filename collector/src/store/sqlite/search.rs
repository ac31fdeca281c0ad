//! What somebody looks for in comments, as the full-text index wants to be asked.
//!
//! Every word has to occur, in any form that begins with it; what stands in quotation marks has to
//! occur as it stands. The index folds case and diacritics. German is also written without umlauts,
//! so `schoen` finds `schön` and the other way round, and `gross` finds `groß`.

/// The most words that are looked for; the rest of a longer text is not.
const MOST: usize = 12;

/// The expression of FTS5 that looks for `text`; `None` if there is no word in it.
pub(crate) fn expression(text: &str) -> Option<String> {
    let mut parts = Vec::new();
    // Odd pieces stood in quotation marks; one that was never closed is as good as closed.
    for (index, piece) in text.split(['"', '„', '“', '”', '«', '»']).enumerate() {
        let words = words(piece);
        if index % 2 == 1 && words.len() > 1 {
            parts.push(format!("\"{}\"", words.join(" ")));
        } else {
            parts.extend(words.iter().map(|word| any_form(word)));
        }
    }
    parts.truncate(MOST);
    (!parts.is_empty()).then(|| parts.join(" AND "))
}

/// The words of a text, in lower case, as the index takes them apart.
fn words(text: &str) -> Vec<String> {
    text.split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Looks for whatever begins with a word, in each way of writing it.
fn any_form(word: &str) -> String {
    let mut forms = vec![word.to_owned()];
    for form in [spelled_out(word), contracted(word), word.replace("ss", "ß")] {
        let sharp = form.replace("ss", "ß");
        for form in [form, sharp] {
            if !forms.contains(&form) {
                forms.push(form);
            }
        }
    }
    // Letters and digits only: nothing in them can end the quotation.
    let quoted: Vec<String> = forms.iter().map(|form| format!("\"{form}\"*")).collect();
    if quoted.len() == 1 { quoted.concat() } else { format!("({})", quoted.join(" OR ")) }
}

/// `schön` as `schoen`.
fn spelled_out(word: &str) -> String {
    word.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue").replace('ß', "ss")
}

/// `schoen` as the index has `schön`: `schon`. Not behind a vowel or a q, where it is no umlaut:
/// `neue`, `Steuer`, `bequem`.
fn contracted(word: &str) -> String {
    let mut contracted = String::with_capacity(word.len());
    let mut before = ' ';
    let mut letters = word.chars().peekable();
    while let Some(letter) = letters.next() {
        contracted.push(letter);
        if matches!(letter, 'a' | 'o' | 'u')
            && letters.peek() == Some(&'e')
            && !matches!(before, 'a' | 'e' | 'i' | 'o' | 'u' | 'q')
        {
            letters.next();
        }
        before = letter;
    }
    contracted
}

#[cfg(test)]
mod tests {
    use super::expression;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(expression(text).as_deref(), Some(expected), "{text}");
    }

    #[test]
    fn words_are_looked_for_by_their_beginnings() {
        check("Paket", "\"paket\"*");
        check("  late, delivery! ", "\"late\"* AND \"delivery\"*");
        check("AND OR NOT", "\"and\"* AND \"or\"* AND \"not\"*");
        check("comment:x*", "\"comment\"* AND \"x\"*");
        for text in ["", " ", "\"\"", "*", "(-)", "!?", "„“"] {
            assert_eq!(expression(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_quoted_is_looked_for_as_it_stands() {
        check("\"nie wieder\" Post", "\"nie wieder\" AND \"post\"*");
        check("„nie wieder“", "\"nie wieder\"");
        check("\"nie", "\"nie\"*");
        check("\"Lieferung\"", "\"lieferung\"*");
    }

    #[test]
    fn umlauts_are_found_however_they_are_written() {
        check("schoen", "(\"schoen\"* OR \"schon\"*)");
        check("schön", "(\"schön\"* OR \"schoen\"*)");
        check("gross", "(\"gross\"* OR \"groß\"*)");
        check("groß", "(\"groß\"* OR \"gross\"*)");
        check("neue", "\"neue\"*");
        check("bequem", "\"bequem\"*");
    }
}
