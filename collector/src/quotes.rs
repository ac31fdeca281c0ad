//! What strangers may read of an answer: who allows it, and how a comment may be shortened.

use afterword_response::Response;

/// Stands where something was left out of a comment.
pub(crate) const CUT: &str = "[…]";
/// Quotes that a page can show.
pub(crate) const MAX_SHOWN: usize = 200;

/// The sentence beside quotes, in German.
pub(crate) const NOTICE_DE: &str = "Diese Stimmen stammen aus unserer eigenen Umfrage und wurden von uns ausgewählt. Wir prüfen nicht, ob sie von \
     Personen stammen, die bei uns gekauft haben.";
/// The same in English.
pub(crate) const NOTICE_EN: &str = "These voices come from our own survey and were chosen by us. We do not check whether they come from people who \
     bought from us.";

/// The comment of an answer that its customer allows to be quoted.
pub(crate) fn allowed(response: &Response) -> Option<&str> {
    let comment = response.comment.as_deref().map(str::trim).filter(|it| !it.is_empty())?;
    (response.quotable == Some(true)).then_some(comment)
}

/// Whether a quote of one revision still holds for a later one: the same words, under the same name, still allowed.
pub(crate) fn holds(before: &Response, after: &Response) -> bool {
    allowed(after).is_some()
        && before.comment == after.comment
        && before.quote_name == after.quote_name
}

/// A typed excerpt of a comment, with single spaces around its marks; `None` if it says anything that the comment does
/// not say in this order, or leaves something out without a mark.
pub(crate) fn excerpt(comment: &str, typed: &str) -> Option<String> {
    let comment = comment.trim();
    // Browsers send CR LF for a line end.
    let typed = typed.replace("\r\n", "\n").replace("[...]", CUT);
    let parts: Vec<&str> = typed.split(CUT).map(str::trim).collect();
    if parts.iter().all(|part| part.is_empty()) {
        return None;
    }
    let mut rest = comment;
    let last = parts.len() - 1;
    for (place, part) in parts.iter().enumerate().filter(|(_, part)| !part.is_empty()) {
        let at = match (place == 0, place == last) {
            (true, true) => (rest == *part).then_some(0)?,
            (true, false) => rest.starts_with(part).then_some(0)?,
            (false, true) => rest.len().checked_sub(part.len()).filter(|_| rest.ends_with(part))?,
            (false, false) => whole_words(rest, part)?,
        };
        let end = at + part.len();
        if !is_border(comment, place_in(comment, rest) + at)
            || !is_border(comment, place_in(comment, rest) + end)
        {
            return None;
        }
        rest = &rest[end..];
    }
    Some(parts.join(&format!(" {CUT} ")).trim().to_owned())
}

/// Where a rest of a text begins in it.
const fn place_in(text: &str, rest: &str) -> usize {
    text.len() - rest.len()
}

/// Where words stand in a text that are not parts of longer ones.
fn whole_words(text: &str, words: &str) -> Option<usize> {
    text.match_indices(words)
        .map(|(at, _)| at)
        .find(|at| is_border(text, *at) && is_border(text, at + words.len()))
}

/// Whether no word goes on across a place of a text.
fn is_border(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|it| it.chars().next_back());
    let after = text.get(at..).and_then(|it| it.chars().next());
    !before
        .zip(after)
        .is_some_and(|(before, after)| before.is_alphanumeric() && after.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMENT: &str = "Alles gut verpackt, aber spät.\nDer Kern war nett!";

    #[test]
    fn an_excerpt_says_what_the_comment_says_with_marks_where_it_was_cut() {
        for (typed, expected) in [
            (COMMENT, COMMENT),
            ("Alles gut verpackt […]", "Alles gut verpackt […]"),
            (
                "Alles gut verpackt[...]Der Kern war nett!",
                "Alles gut verpackt […] Der Kern war nett!",
            ),
            ("[…] aber spät. […]", "[…] aber spät. […]"),
            (" […] Der Kern war nett! ", "[…] Der Kern war nett!"),
            ("Alles gut verpackt, aber spät.\r\nDer Kern war nett!", COMMENT),
        ] {
            assert_eq!(excerpt(COMMENT, typed).as_deref(), Some(expected), "{typed}");
        }
        for typed in [
            "",
            "[…]",
            "Alles gut verpackt",
            "Alles sehr gut verpackt […]",
            "Der Kern war nett! […] Alles gut",
            "[…] gut […] gut […]",
            "[…] verpa […]",
            "[…] ern war nett!",
            "Alles gut verp […]",
        ] {
            assert_eq!(excerpt(COMMENT, typed), None, "{typed}");
        }
    }

    #[test]
    fn a_quote_ends_with_its_words_its_name_and_its_permission() {
        let response = |changes: &[(&str, serde_json::Value)]| -> Response {
            let mut json = serde_json::json!({
                "version": 1, "id": "0192f0c1-7a2b-7c3d-8e4f-0123456789ab", "revision": 1, "survey": "s",
                "touchpoint": "order", "score": 9, "comment": "Gut", "quotable": true, "quote_name": "Kim"
            });
            for (name, value) in changes {
                json[*name] = value.clone();
            }
            serde_json::from_value(json).unwrap()
        };
        let before = response(&[]);
        assert!(holds(&before, &response(&[("score", 10.into()), ("revision", 2.into())])));
        for (name, value) in [
            ("comment", "Gut!".into()),
            ("comment", serde_json::Value::Null),
            ("quotable", false.into()),
            ("quotable", serde_json::Value::Null),
            ("quote_name", "Alex".into()),
        ] {
            assert!(!holds(&before, &response(&[(name, value.clone())])), "{name}: {value}");
        }
        assert_eq!(allowed(&response(&[("comment", " ".into())])), None);
    }
}
