//! The bounds of every field, and the shapes that need no library to check.
//!
//! Lengths count Unicode scalar values. The script keeps attributes within these bounds, for the painted form
//! and the widget, so that a shop's mistake is a warning on its page and not an answer refused; receivers
//! enforce them.

/// A whole request, in bytes. Also what browsers let a page send while it is going away.
pub const BODY: usize = 64 * 1024;
/// The highest score.
pub const SCORE: u8 = 10;
/// The highest revision.
pub const REVISION: u32 = 10_000;
/// How many revisions a sender skips that does not know which ones were sent: the painted form, where the
/// widget has ended.
pub const REVISION_JUMP: u32 = 100;
/// How far a revision may be above the one before it, and how high the first may be. Two jumps and a talk
/// between them fit in; a revision far above would keep the customer's own from counting.
pub const REVISION_STEP: u32 = REVISION_JUMP * 5 / 2;
/// A comment.
pub const COMMENT: usize = 2_000;
/// Names: a survey's id, a tag, a reason, a property's name.
pub const NAME: usize = 64;
/// References into the shop's systems: order, customer, product, signature.
pub const REFERENCE: usize = 128;
/// Longer texts: the question, the value of a property.
pub const TEXT: usize = 500;
/// The labels at the ends of the scale.
pub const LABEL: usize = 100;
/// The page's address.
pub const PAGE: usize = 2_000;
/// A way to answer the customer: the longest e-mail address.
pub const CONTACT: usize = 254;
/// A language tag.
pub const LOCALE: usize = 35;
/// How many tags.
pub const TAGS: usize = 20;
/// How many reasons.
pub const REASONS: usize = 10;
/// How many products.
pub const PRODUCTS: usize = 50;
/// How many properties.
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
