//! A reply as a letter: its mail, its `mailto:` address, and whether it would be advertising.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::locales::Locale;

/// The largest number of bytes of a `mailto:` address. Some mail programs cut longer ones, or do not open them.
pub(crate) const MAX_MAILTO_LENGTH: usize = 1_800;

/// All characters but those that RFC 3986 calls unreserved.
const ENCODED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'@');

/// The text of a mail to a customer: the shop's words, and links to the answer page and to the shop's imprint.
pub(crate) fn mail_text(
    words: &str,
    answer_page: Option<&str>,
    imprint: Option<&str>,
    locale: &Locale,
) -> String {
    let names = &locale.pages;
    let mut text = words.trim_end().to_owned();
    if let Some(link) = answer_page {
        text.push_str(&format!("\n\n{}:\n{link}", names.mail_link));
    }
    if let Some(link) = imprint {
        // The line that mail programs know as the beginning of a signature.
        text.push_str(&format!("\n\n-- \n{}: {link}", names.imprint));
    }
    text.push('\n');
    text
}

/// The address that opens a mail program with a mail to a customer (RFC 6068); `None` if it is longer than
/// [`MAX_MAILTO_LENGTH`].
pub(crate) fn mailto(to: &str, text: &str, locale: &Locale) -> Option<String> {
    let encode = |text: &str| utf8_percent_encode(text, ENCODED).to_string();
    let lines: Vec<&str> = text.trim_end().lines().collect();
    let body = encode(&lines.join("\r\n"));
    let address =
        format!("mailto:{}?subject={}&body={body}", encode(to), encode(&locale.pages.mail_subject));
    (address.len() <= MAX_MAILTO_LENGTH).then_some(address)
}

/// A typed text with plain line breaks, and without characters that are not shown.
pub(crate) fn tidy(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let shown: String =
        text.chars().filter(|it| !it.is_control() || matches!(it, '\n' | '\t')).collect();
    shown.trim().to_owned()
}

/// Why a reply would be advertising. In Germany, a mail that asks for a review or leads to one is advertising (§ 7 UWG), for
/// which the customer must have consented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Advertising {
    /// It has a link.
    Link,
    /// It has words that invite to review, to recommend or to buy.
    Invitation,
}

/// Parts of words that invite a customer to something, in lower case.
const INVITATIONS: [&str; 22] = [
    "bewerten sie",
    "bewerte uns",
    "bewertung abgeben",
    "bewertung schreiben",
    "bewertung hinterlassen",
    "rezension",
    "empfehlen sie uns",
    "weiterempfehl",
    "gutschein",
    "rabatt",
    "newsletter",
    "angebote",
    "rate us",
    "review us",
    "leave a review",
    "leave us a review",
    "write a review",
    "recommend us",
    "voucher",
    "discount",
    "coupon",
    "special offer",
];

/// Whether a text would make a reply advertising, as far as its words show it.
pub(crate) fn advertising(text: &str) -> Option<Advertising> {
    let text = text.to_lowercase();
    if ["http://", "https://", "www."].iter().any(|link| text.contains(link)) {
        return Some(Advertising::Link);
    }
    INVITATIONS.iter().any(|words| text.contains(words)).then_some(Advertising::Invitation)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::locales;

    fn locale(tag: &str) -> &'static Locale {
        locales::find(tag).unwrap()
    }

    #[test]
    fn a_mail_has_the_shops_words_and_two_links() {
        let text = mail_text(
            "Guten Tag,\n\ndas tut uns leid.\n",
            Some("https://feedback.shop.example/r/geheim"),
            Some("https://shop.example/impressum"),
            locale("de-AT"),
        );
        assert_eq!(
            text,
            "Guten Tag,\n\ndas tut uns leid.\n\nIhre Rückmeldung ansehen:\n\
             https://feedback.shop.example/r/geheim\n\n-- \nImpressum: https://shop.example/impressum\n"
        );
        assert_eq!(mail_text("Sorry.", None, None, locale("en")), "Sorry.\n");
    }

    #[test]
    fn a_mailto_address_has_one_receiver_and_one_subject_whatever_is_typed() {
        let typed = "Grüße & mehr?\nbcc=x@y.example&cc=z@y.example#";
        let address = mailto("kim+a?b@shop.example", typed, locale("de")).unwrap();
        assert!(address.starts_with("mailto:kim%2Ba%3Fb@shop.example?subject=Unsere%20Antwort"));
        let (_, query) = address.split_once('?').unwrap();
        let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
        let names: Vec<&str> = pairs.iter().map(|(name, _)| &**name).collect();
        assert_eq!(names, ["subject", "body"]);
        assert_eq!(pairs[1].1, typed.replace('\n', "\r\n"));
        assert!(!address.contains('#') && address.is_ascii());
    }

    #[test]
    fn a_text_that_is_too_long_for_a_link_has_none() {
        let longest = |letters: usize| mailto("a@b.example", &"x".repeat(letters), locale("en"));
        let empty = longest(0).unwrap().len();
        let room = MAX_MAILTO_LENGTH - empty;
        assert_eq!(longest(room).unwrap().len(), MAX_MAILTO_LENGTH);
        assert_eq!(longest(room + 1), None);
        // An umlaut takes six bytes.
        assert_eq!(mailto("a@b.example", &"ü".repeat(300), locale("en")), None);
    }

    #[test]
    fn line_breaks_are_plain_and_unseen_characters_are_left_out() {
        assert_eq!(tidy(" a\r\nb\rc\u{0}\u{7}\td \n"), "a\nb\nc\td");
    }

    #[test]
    fn links_and_invitations_are_noticed() {
        for (text, expected) in [
            ("Bitte hier: https://reviews.example/x", Some(Advertising::Link)),
            ("WWW.reviews.example", Some(Advertising::Link)),
            ("Bewerten Sie uns gern!", Some(Advertising::Invitation)),
            ("Als Dank ein Gutschein.", Some(Advertising::Invitation)),
            ("Please leave us a review.", Some(Advertising::Invitation)),
            ("Danke für Ihre Bewertung. Das Paket ist unterwegs.", None),
            ("Thank you for your feedback.", None),
        ] {
            assert_eq!(advertising(text), expected, "{text}");
        }
    }
}
