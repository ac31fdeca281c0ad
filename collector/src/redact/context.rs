//! Decides by the words around a number whether it is a phone number or the number of an order, an invoice
//! and the like.

use super::before;

/// The meaning that the words near a number give it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    /// A phone number: the word right before it says so (`Tel.: 123456`).
    Phone,
    /// Probably a phone number: the words before it are about calling (`ruf mich doch unter … an`).
    Calling,
    /// The number of something else: the word right before or after it says so (`Kd.-Nr. 0171448210`).
    Count,
    /// Probably the number of something else: the words before it mention an order, an invoice and the like.
    Nearby,
    /// The words say nothing about it.
    Nothing,
}

/// How many characters before a number are read.
const REACH: usize = 60;
/// How many words may stand between a word about calling and the number.
const MAX_WORDS: usize = 6;

/// Endings of words for a phone and for calling: `Diensthandy`, `Festnetz`, `Telefon`. An ending of
/// [`INFLECTIONS`] may follow.
const PHONE_WORDS: &[&str] = &[
    "tel",
    "tél",
    "telefon",
    "telefoon",
    "téléphone",
    "telephone",
    "telefono",
    "fon",
    "phone",
    "mobil",
    "mobile",
    "mobiel",
    "handy",
    "natel",
    "gsm",
    "fax",
    "festnetz",
    "fixe",
    "fisso",
    "hotline",
    "landline",
    "cell",
    "cellphone",
    "cellulare",
    "whatsapp",
    "sms",
    "durchwahl",
    "apparat",
    "komórka",
    "komorka",
    "stacjonarny",
    "portable",
    "switchboard",
    "móvil",
    "movil",
    "teléfono",
    "tlf",
    "celular",
    "telemóvel",
    "fijo",
    "vaste",
];
const INFLECTIONS: &[&str] = &[
    "",
    "s",
    "e",
    "n",
    "isch",
    "nr",
    "nummer",
    "nummern",
    "number",
    "numbers",
    "no",
    "num",
    "numer",
    "rufnummer",
    "anschluss",
];
/// Beginnings of words for calling.
const CALLING_WORDS: &[&str] = &[
    "anruf",
    "ruf",
    "rückruf",
    "zurückruf",
    "durchruf",
    "angerufen",
    "dial",
    "reach",
    "erreich",
    "appel",
    "rappel",
    "joindre",
    "joignable",
    "chiama",
    "contatt",
    "telefon",
    "zadzwo",
    "dzwo",
    "bellen",
    "bereikbaar",
    "llama",
    "melde",
    "phoned",
];
/// Whole words for calling: longer words with these beginnings mean something else.
const CALLING_WHOLE: &[&str] =
    &["call", "calls", "ring", "rang", "text", "texted", "contact", "kontakt", "bel"];
/// Words that begin or end like the ones above and mean something else.
const NO_CALLING: &[&str] = &[
    "called",
    "calling",
    "smartphone",
    "iphone",
    "headphone",
    "headphones",
    "earphone",
    "microphone",
    "ringe",
    "rings",
    "texture",
    "textile",
    "textil",
    "rufen",
    "xylophone",
    "saxophone",
    "megaphone",
    "phone's",
];

/// Parts of words for other things that have numbers: `Bestellung`, `Kundenkonto`, `Rechnungsnr`.
const COUNTED: &[&str] = &[
    "bestell",
    "order",
    "auftrag",
    "rechnung",
    "invoice",
    "sendung",
    "tracking",
    "paket",
    "parcel",
    "artikel",
    "konto",
    "kunde",
    "customer",
    "verfolgung",
    "zeichen",
    "partita",
    "passwort",
    "vorgang",
    "ticket",
    "beleg",
    "retour",
    "gutschein",
    "voucher",
    "coupon",
    "serie",
    "serial",
    "steuer",
    "referen",
    "reference",
    "konto",
    "charge",
    "vertrag",
    "contract",
    "katalog",
    "catalog",
    "reparatur",
    "repair",
    "mitglied",
    "member",
    "police",
    "policy",
    "policen",
    "lieferschein",
    "zähler",
    "meter",
    "modell",
    "model",
    "zamówien",
    "zamowien",
    "faktur",
    "facture",
    "fattura",
    "ordine",
    "commande",
    "bestelling",
    "klant",
    "pacco",
    "pakket",
    "przesyłk",
    "paczk",
    "colis",
    "dossier",
    "warranty",
    "garantie",
    "zulassung",
    "licence",
    "license",
    "lizenz",
    "buchung",
    "booking",
    "reservier",
    "shipment",
    "account",
    "angebot",
    "quote",
    "akte",
    "versicherung",
    "insurance",
    "claim",
    "schaden",
    "karte",
    "loyalty",
    "payback",
    "bonus",
    "projekt",
    "project",
    "matrikel",
    "ident",
    "gerät",
    "device",
    "chassis",
    "rahmen",
    "frame",
    "receipt",
    "quittung",
    "etikett",
    "label",
    "fahrgestell",
    "zähl",
    "waybill",
    "consignment",
    "zoll",
    "customs",
    "sendnr",
    "docket",
    "schein",
    "storno",
    "registr",
    "transakt",
    "transact",
    "payment",
    "zahlung",
    "überweis",
    "mandat",
    "verwendungszweck",
    "abhol",
    "ersatzteil",
    "teile",
    "inventar",
    "barcode",
    "pin",
    "chip",
];
/// Whole words of the same meaning, most of them short.
const COUNTED_WORDS: &[&str] = &[
    "art", "item", "sku", "ean", "isbn", "gtin", "upc", "asin", "case", "return", "code", "plz",
    "postcode", "zip", "vat", "ust", "uid", "ustid", "ref", "réf", "lot", "batch", "rma", "sn",
    "s/n", "imei", "re", "rg", "kd", "best", "ls", "ser", "id", "po", "p/n", "pn", "hsn", "mpn",
    "cat", "kat", "mitgl", "cust", "inv", "iln", "blz", "mac", "awb", "dhl", "dpd", "ups", "gls",
    "hermes", "cliente", "client", "version", "firmware", "build", "gln", "wkn", "isin", "kdnr",
    "renr", "nip", "regon", "kvk", "siret", "siren", "az", "iva", "piva", "tva", "cif", "fall",
    "job", "vin", "fin", "tan", "otp", "pin", "bic", "bon", "unit", "bin", "tag", "los", "card",
    "dl", "ds", "fs", "ve", "va", "bol", "lading", "pedido", "albarán",
];
/// Words that mean "number"; the word before them says of what.
const NUMBER_WORDS: &[&str] = &[
    "nr", "no", "num", "nummer", "number", "numbers", "numéro", "numero", "numer", "numerem", "n°",
    "nº", "№", "#", "n",
];
/// How words for a number end: `Bestellnummer`, `Kundennr`, `order-id`.
const NUMBER_ENDINGS: &[&str] = &["nr", "nummer", "number", "num", "numer", "id", "code"];
/// A number after one of these words belongs to a person and can be called.
const POSSESSIVES: &[&str] = &[
    "mein", "meine", "meiner", "my", "mon", "ma", "mia", "mio", "mój", "moj", "mijn", "ihre",
    "eure", "unsere", "our", "your", "seine", "der", "die", "neue", "new", "nan's", "old", "alte",
    "under", "unter", "this", "that", "al", "sul", "au", "pod", "op", "sous", "local", "home",
    "work", "office", "direct", "contact", "right", "correct",
];
/// Words that may stand between a label and its number.
const FILLERS: &[&str] = &[
    "ist",
    "lautet",
    "war",
    "wäre",
    "is",
    "was",
    "are",
    "now",
    "jetzt",
    "von",
    "of",
    "hat",
    "est",
    "è",
    "to",
    "jest",
    "op",
    "al",
    "on",
    "at",
    "unter",
    "auf",
    "die",
    "der",
    "the",
    "meine",
    "my",
    "neu",
    "new",
    "geändert",
    "abends",
    "me",
    "mich",
    "mir",
    "le",
    "sous",
    "sul",
    "au",
    "pod",
    "es",
    "é",
];

impl Label {
    /// What the words around the number in `text[start..end]` say; the nearest word decides.
    pub(super) fn of(text: &str, start: usize, end: usize) -> Self {
        if let Some(label) = said_after(&text[end..]) {
            return label;
        }
        let from = text[..start].char_indices().rev().nth(REACH - 1).map_or(0, |(at, _)| at);
        let clause = &text[from..start];
        // A new sentence is about something else.
        let clause = clause.rsplit(['!', '?', '\n', ';']).next().unwrap_or_default();
        let words = words(clause);
        let mut is_adjacent = true;
        // Whether only a word of `NUMBER_WORDS` stands between the label and the number.
        let mut is_direct = true;
        for (index, word) in words.iter().rev().enumerate().take(MAX_WORDS) {
            let earlier = words.len().checked_sub(index + 2).map(|at| words[at].text.as_str());
            is_adjacent &= word.end != End::Sentence;
            is_direct &= word.end == End::None;
            match kind(&word.text, earlier) {
                Some(Kind::Phone) if is_adjacent => return Self::Phone,
                Some(Kind::Phone | Kind::Calling) => return Self::Calling,
                Some(Kind::Counted) if is_direct || is_adjacent && is_number_of(&word.text) => {
                    return Self::Count;
                }
                Some(Kind::Counted | Kind::Number) => return Self::Nearby,
                None => {}
            }
            let is_number_word = NUMBER_WORDS.contains(&word.text.as_str());
            is_direct &= is_number_word;
            is_adjacent &= is_number_word || FILLERS.contains(&word.text.as_str());
        }
        Self::Nothing
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Kind {
    Phone,
    Calling,
    Counted,
    /// A word that means "number" and does not say of what.
    Number,
}

/// The meaning of one word. `earlier` is the word before it, which a bare `Nr.` needs.
fn kind(word: &str, earlier: Option<&str>) -> Option<Kind> {
    if NO_CALLING.contains(&word) {
        return None;
    }
    if NUMBER_WORDS.contains(&word) {
        return match earlier.and_then(|earlier| kind(earlier, None)) {
            Some(kind) => Some(kind),
            None if earlier.is_some_and(|it| POSSESSIVES.contains(&it)) => Some(Kind::Phone),
            // `Nr. 0312345678` counts; `the number 0312 345678` may be called.
            None if word.chars().count() > 4 => Some(Kind::Number),
            None => Some(Kind::Counted),
        };
    }
    if is_phone_word(word) {
        return Some(Kind::Phone);
    }
    if COUNTED_WORDS.contains(&word) || names_something_counted(word) {
        return Some(Kind::Counted);
    }
    // Every other word that ends in `nr` numbers something: `RNr`, `Vorgangsnr`.
    if word.ends_with("nr") && word.len() > "nr".len() {
        return Some(Kind::Counted);
    }
    if is_number_of(word) && word.chars().count() > 5 {
        return Some(Kind::Number);
    }
    let is_calling = CALLING_WHOLE.contains(&word)
        || CALLING_WORDS.iter().any(|begins| word.starts_with(begins));
    is_calling.then_some(Kind::Calling)
}

/// Whether a word names a phone: `telefon`, `diensthandy`, `faxnr`. The last part of a compound decides: a
/// `kundentelefon` is a phone, a `handyhülle` is not.
pub(super) fn is_phone_word(word: &str) -> bool {
    let is_phone = INFLECTIONS.iter().any(|ending| {
        word.strip_suffix(ending).is_some_and(|stem| {
            PHONE_WORDS.iter().any(|phone| {
                stem.strip_suffix(phone)
                    .is_some_and(|rest| rest.is_empty() || phone.len() >= 4 && rest.len() >= 3)
            })
        })
    });
    !NO_CALLING.contains(&word)
        && (is_phone || matches!(word, "rufnummer" | "rufnr" | "ph" | "mob" | "nebenstelle"))
}

/// Whether a word names something that has a number. The last part of a compound decides: a `kundenkonto`
/// has a number, the `kundenservice` is called.
fn names_something_counted(word: &str) -> bool {
    /// The longest ending that the stems of [`COUNTED`] take: `bestell-ung`, `registr-ier-ung` is longer.
    const MAX_ENDING: usize = 5;
    // `bestellnummer` is read like `bestellung`; a `servicenummer` is a number to call.
    let stem = NUMBER_ENDINGS.iter().find_map(|ending| word.strip_suffix(ending)).unwrap_or(word);
    let stem = stem.trim_end_matches('s');
    COUNTED.iter().any(|part| {
        stem.rfind(part).is_some_and(|at| stem[at + part.len()..].chars().count() <= MAX_ENDING)
    })
}

/// The label that the words after a number give it: `… ist meine Kundennummer`, `… is my number`.
fn said_after(rest: &str) -> Option<Label> {
    let end = rest.find(['.', ',', '!', '?', ';', '\n']).unwrap_or(rest.len());
    let words = words(&rest[..end]);
    let mut words = words.iter().map(|word| word.text.as_str());
    let first = words.next()?;
    if !matches!(first, "ist" | "is" | "war" | "was" | "als" | "as" | "that" | "das" | "wäre") {
        return None;
    }
    let mut earlier = first;
    for word in words.take(4) {
        let of = kind(word, Some(earlier));
        earlier = word;
        match of {
            Some(Kind::Phone) => return Some(Label::Phone),
            // A bare `number` may as well be a phone number.
            Some(Kind::Counted) if !NUMBER_WORDS.contains(&word) => return Some(Label::Count),
            _ => {}
        }
    }
    None
}

/// Whether the word names a number of something: `Bestellnummer`, `Kundennr`, `order-id`.
fn is_number_of(word: &str) -> bool {
    NUMBER_ENDINGS.iter().any(|ending| word.ends_with(ending)) || NUMBER_WORDS.contains(&word)
}

/// A word in lower case.
struct Word {
    text: String,
    end: End,
}

/// What follows a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The next word, or a sign that belongs to both.
    None,
    /// A comma or a bracket.
    Clause,
    /// A full stop that ends a sentence, not one that ends an abbreviation.
    Sentence,
}

/// The words of a clause, in order. `Kd.-Nr.` is two words, `S/N` one.
fn words(clause: &str) -> Vec<Word> {
    /// Longer words are not abbreviated with a full stop.
    const MAX_ABBREVIATION: usize = 6;
    let mut words = Vec::new();
    let is_inner = |c: char| c.is_alphanumeric() || matches!(c, '°' | 'º' | '№' | '#' | '\'');
    let mut start = None;
    for (at, letter) in clause.char_indices().chain([(clause.len(), ' ')]) {
        let is_slash = letter == '/'
            && start.is_some_and(|start| at - start == 1)
            && clause[at + 1..].chars().next().is_some_and(char::is_alphabetic);
        match start {
            None if is_inner(letter) => start = Some(at),
            Some(from) if !is_inner(letter) && !is_slash => {
                let text = clause[from..at].to_lowercase();
                let text = text.strip_suffix("'s").unwrap_or(&text).to_owned();
                let follows = clause[at..].chars().nth(1);
                let is_short = text.chars().count() <= MAX_ABBREVIATION || text.ends_with("nr");
                let end = match letter {
                    '.' if !is_short && follows.is_none_or(char::is_whitespace) => End::Sentence,
                    ',' | ')' => End::Clause,
                    _ => End::None,
                };
                words.push(Word { text, end });
                start = None;
            }
            _ => {}
        }
    }
    // `#4711`: a `#` right before the number is a word of its own.
    if before(clause, clause.len()) == Some('#') && words.last().is_none_or(|word| word.text != "#")
    {
        words.push(Word { text: "#".into(), end: End::None });
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Label) {
        let start = text.find('‹').map_or(0, |at| at);
        let end = text.find('›').map_or(text.len(), |at| at - '‹'.len_utf8());
        let plain = text.replace(['‹', '›'], "");
        assert_eq!(Label::of(&plain, start, end), expected, "{text}");
    }

    #[test]
    fn the_nearest_word_decides() {
        check("Kd.-Nr. ‹0171448210›", Label::Count);
        check("Kundenservice ‹0800 3304415›", Label::Nothing);
        check("Kundenkonto ‹0312345678›", Label::Count);
        check("Tel.-Nr.: ‹0171448210›", Label::Phone);
        check("RNr ‹0228-99123›", Label::Count);
        check("Bill of lading ‹0617-555-016›", Label::Count);
        check("mi móvil es ‹612 44 71 22›", Label::Phone);
        check("S/N ‹0012129555›", Label::Count);
        check("meine Nummer ist ‹0171448210›", Label::Phone);
        check("Nr. ‹0171448210›", Label::Count);
        check("Im Kundenkonto steht noch immer ‹0170 3344556›", Label::Nearby);
        check("Handyhülle ‹4711234›", Label::Nothing);
        check("Diensthandy: ‹4711234›", Label::Phone);
        check("I called about ‹100000› times", Label::Nothing);
        check("Call me on ‹020 7946 0388›", Label::Calling);
        check("‹0171448210› ist meine Kundennummer", Label::Count);
        check("Falsche Bestellung. ‹0171 448210›", Label::Nearby);
        check("Im Kundenkonto ist ‹0170 3344556›", Label::Nearby);
        check("Bestellnummer ist ‹0312345678›", Label::Count);
        check("Chargennr. ‹0611240033›", Label::Count);
        check("‹202-555-0110› is my number", Label::Phone);
        check("Servicenummer ‹0180 6 1234567›", Label::Nearby);
        check("Local number's ‹555-0148›", Label::Phone);
        check("Aktenzeichen ‹030/2026-114›", Label::Count);
        check("alles gut", Label::Nothing);
    }
}
