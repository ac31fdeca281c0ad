//! Texts in the reader's language. English and German stand side by side, so that neither is forgotten:
//! [`words!`] holds the texts of pages, [`problems`] explains the problems of a message.

pub(crate) mod alerts;
pub(crate) mod cldr;
pub(crate) mod names;
pub(crate) mod problems;

/// Makes a struct of texts from lines of `name: "English", "Deutsch";`, and `of(language)`.
macro_rules! words {
    ($(#[$meta:meta])* $visible:vis struct $name:ident { $($field:ident: $english:expr, $german:expr;)* }) => {
        $(#[$meta])*
        $visible struct $name { $($visible $field: &'static str),* }

        impl $name {
            $visible const fn of(language: $crate::language::Language) -> &'static Self {
                match language {
                    $crate::language::Language::English => &Self { $($field: $english),* },
                    $crate::language::Language::German => &Self { $($field: $german),* },
                }
            }
        }
    };
}

pub(crate) use words;

/// The numbers in a text, without the signs between thousands: a test holds them to the limits that hold.
#[cfg(test)]
pub(crate) fn numbers(text: &str) -> Vec<String> {
    let is_part = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | ',');
    text.split(|letter: char| !is_part(letter))
        .map(|part| part.replace(['.', ','], ""))
        .filter(|part| !part.is_empty())
        .collect()
}
