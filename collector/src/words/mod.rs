//! Texts in the reader's language. English and German stand side by side, so that neither is forgotten:
//! [`words!`] holds the texts of pages, [`problems`] explains the problems of a message.

pub(crate) mod alerts;
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
