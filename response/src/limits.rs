//! The limits of every field, and the checks of forms that need no library.
//!
//! Lengths count Unicode scalar values. The script keeps attributes within these limits, for the painted
//! form and the widget, so that a shop's mistake leads to a warning on its page and not to a refused
//! answer. Receivers enforce the limits.

/// Bytes of a whole request. Browsers also allow a page that is being closed to send no more.
pub const BODY: usize = 64 * 1024;
/// The highest score.
pub const SCORE: u8 = 10;
/// The highest revision.
pub const REVISION: u32 = 10_000;
/// How many revisions a sender skips if it does not know which ones were sent: the painted form does, after
/// the widget has failed.
pub const REVISION_JUMP: u32 = 100;
/// How far a revision may be above the one before it, and how high the first may be. Two jumps and the
/// revisions between them fit in. A stranger's revision far above would outrank all of the customer's own.
pub const REVISION_STEP: u32 = REVISION_JUMP * 5 / 2;
/// Characters of a comment.
pub const COMMENT: usize = 2_000;
/// Characters of a name: a survey's id, a tag, a reason, a property's name.
pub const NAME: usize = 64;
/// Characters of a reference into the shop's systems: order, customer, product, signature.
pub const REFERENCE: usize = 128;
/// Characters of a longer text: the question, the value of a property.
pub const TEXT: usize = 500;
/// Characters of a label at an end of the scale.
pub const LABEL: usize = 100;
/// Characters of the page's address.
pub const PAGE: usize = 2_000;
/// Characters of a contact: the length of the longest e-mail address.
pub const CONTACT: usize = 254;
/// Characters of the first name under which a comment may be quoted.
pub const FIRST_NAME: usize = 40;
/// Characters of an answer page's mark: a SHA-256 in hexadecimal digits.
pub const ANSWER_PAGE: usize = 64;
/// Characters of a language tag.
pub const LOCALE: usize = 35;
/// Tags of a response.
pub const TAGS: usize = 20;
/// Reasons of a response.
pub const REASONS: usize = 10;
/// Products of an order.
pub const PRODUCTS: usize = 50;
/// Properties of a response.
pub const PROPERTIES: usize = 30;

/// The first `most` characters of `text`.
#[must_use]
pub fn cut(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(end, _)| &text[..end])
}

/// Whether `text` is an id that is safe in addresses and file names: 1 to [`NAME`] letters, digits,
/// `.`, `_` or `-`.
#[must_use]
pub fn is_identifier(text: &str) -> bool {
    (1..=NAME).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

/// Whether `text` is an amount of money: up to 12 digits, optionally a point and up to 4 more.
#[must_use]
pub fn is_money(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str, most| {
        (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    digits(whole, 12) && digits(fraction, 4)
}

/// Whether `text` is `length` capital letters, as currency and country codes are.
#[must_use]
pub fn is_code(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| b.is_ascii_uppercase())
}

/// Whether `text` is a SHA-256 in small hexadecimal digits.
#[must_use]
pub fn is_sha256(text: &str) -> bool {
    text.len() == ANSWER_PAGE && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Whether `text` looks like a language tag: `de`, `pt-BR`, `zh-Hans-CN`.
#[must_use]
pub fn is_locale(text: &str) -> bool {
    let mut parts = text.split('-');
    text.len() <= LOCALE
        && parts.next().is_some_and(|language| {
            (2..=3).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_alphabetic())
        })
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}
