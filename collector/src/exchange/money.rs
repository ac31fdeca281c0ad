//! Reads amounts of money in the notations of other products.

use afterword_response::limits;

/// An amount, and its currency if one is written beside it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Money {
    pub(crate) value: String,
    pub(crate) currency: Option<&'static str>,
}

/// Signs and codes of one currency only. A bare `$` could be that of twenty countries.
const SIGNS: [(&str, &str); 12] = [
    ("€", "EUR"),
    ("EUR", "EUR"),
    ("£", "GBP"),
    ("GBP", "GBP"),
    ("CHF", "CHF"),
    ("US$", "USD"),
    ("USD", "USD"),
    ("zł", "PLN"),
    ("PLN", "PLN"),
    ("SEK", "SEK"),
    ("DKK", "DKK"),
    ("CZK", "CZK"),
];

/// Reads `1.299,00 €` and `$1,299.00` as `1299.00`. If there is only one kind of separator, and three
/// digits follow it, it separates thousands.
pub(crate) fn read(text: &str) -> Option<Money> {
    let currency = SIGNS.iter().find(|(sign, _)| text.contains(sign)).map(|(_, code)| *code);
    let text: String = text.chars().filter(|c| c.is_ascii_digit() || ".,-".contains(*c)).collect();
    let last = text.rfind(['.', ',']);
    let value = match last {
        Some(at) if text.len() - at - 1 == 3 && text.matches(&text[at..=at]).count() >= 1 => {
            let other = if &text[at..=at] == "." { ',' } else { '.' };
            if text.contains(other) {
                let (whole, fraction) = text.split_at(at);
                format!("{}.{}", whole.replace(['.', ','], ""), &fraction[1..])
            } else {
                text.replace(['.', ','], "")
            }
        }
        Some(at) => {
            let (whole, fraction) = text.split_at(at);
            format!("{}.{}", whole.replace(['.', ','], ""), &fraction[1..])
        }
        None => text,
    };
    limits::is_money(&value).then_some(Money { value, currency })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_in_both_notations() {
        for (text, expected, currency) in [
            ("129.90", Some("129.90"), None),
            ("129,90", Some("129.90"), None),
            ("1.299,00 €", Some("1299.00"), Some("EUR")),
            ("$1,299.00", Some("1299.00"), None),
            ("US$ 5.00", Some("5.00"), Some("USD")),
            ("1.299", Some("1299"), None),
            ("1,299.125", Some("1299.125"), None),
            ("CHF 80", Some("80"), Some("CHF")),
            ("-5", None, None),
            ("free", None, None),
        ] {
            let read = read(text);
            assert_eq!(read.as_ref().map(|it| it.value.as_str()), expected, "{text}");
            assert_eq!(read.and_then(|it| it.currency), currency, "{text}");
        }
    }
}
