//! Which column of a file means what.

use std::fmt;

use super::{
    columns::{COLUMNS, PROPERTY},
    dates::Dates,
    table::{Row, Table},
};

/// Who wrote a file, as far as its columns show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A collector's export.
    Afterword,
    /// Delighted.
    Delighted,
    /// Wootric, later `InMoment`.
    Wootric,
    /// Somebody else.
    Other,
}

impl Origin {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Afterword => "Afterword",
            Self::Delighted => "Delighted",
            Self::Wootric => "Wootric",
            Self::Other => "CSV",
        }
    }
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// Nothing that is kept.
    Ignore,
    /// The score, which must be there.
    Score,
    /// When it was answered, which must be there.
    Time,
    /// The answer's id at its origin.
    Id,
    /// What was written.
    Comment,
    /// The survey.
    Survey,
    /// The moment in the journey.
    Touchpoint,
    /// The reasons tapped.
    Reasons,
    /// The shop's labels.
    Tags,
    /// The order's number.
    Order,
    /// The order's total.
    Value,
    /// Its currency.
    Currency,
    /// Where it went.
    Country,
    /// What was bought.
    Products,
    /// The customer's number.
    Customer,
    /// New or returning.
    Kind,
    /// How the customer wants to be answered.
    Contact,
    /// The language.
    Locale,
    /// The page's address.
    Page,
    /// A fact of the shop's own, under the column's name.
    Property,
    /// A mark on rows that do not count: they are left out.
    Excluded,
    /// The kind of survey: rows of another than NPS are left out.
    SurveyKind,
    /// A field of our own export that needs no guessing.
    Own(&'static str),
}

impl Target {
    /// Those that can be chosen, each with its name in forms and on the command line.
    pub const NAMES: [(&str, Self); 22] = [
        ("ignore", Self::Ignore),
        ("score", Self::Score),
        ("time", Self::Time),
        ("comment", Self::Comment),
        ("id", Self::Id),
        ("order", Self::Order),
        ("order-value", Self::Value),
        ("order-currency", Self::Currency),
        ("order-country", Self::Country),
        ("products", Self::Products),
        ("customer", Self::Customer),
        ("customer-kind", Self::Kind),
        ("contact", Self::Contact),
        ("reasons", Self::Reasons),
        ("tags", Self::Tags),
        ("touchpoint", Self::Touchpoint),
        ("survey", Self::Survey),
        ("locale", Self::Locale),
        ("page", Self::Page),
        ("property", Self::Property),
        ("excluded", Self::Excluded),
        ("survey-kind", Self::SurveyKind),
    ];

    /// The one of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, target)| *target)
            .or_else(|| COLUMNS.iter().find(|known| **known == name).map(|known| Self::Own(known)))
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Own(name) => name,
            target => {
                Self::NAMES.iter().find(|(_, it)| *it == target).map_or("ignore", |(name, _)| name)
            }
        }
    }

    /// Whether only one column can have it.
    const fn is_single(self) -> bool {
        !matches!(self, Self::Ignore | Self::Property | Self::Tags | Self::Own(_))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What the columns of one file mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mapping {
    pub(crate) origin: Origin,
    /// One a column.
    pub(crate) targets: Vec<Target>,
    pub(crate) dates: Option<Dates>,
}

/// How columns are named for each target, in small letters and without signs. The first that fits
/// takes it; the names of the documented interfaces of Delighted and Wootric are among them.
const NAMES: &[(Target, &[&str])] = &[
    (
        Target::Score,
        &[
            "score",
            "npsscore",
            "nps",
            "rating",
            "bewertung",
            "note",
            "punkte",
            "wert",
            "npswert",
            "answer",
        ],
    ),
    (
        Target::Time,
        &[
            "createdat",
            "respondedat",
            "submittedat",
            "receivedat",
            "completedat",
            "answeredat",
            "date",
            "datum",
            "timestamp",
            "time",
            "zeit",
            "zeitpunkt",
            "responsedate",
            "datetime",
            "beantwortetam",
            "eingegangenam",
            "created",
            "surveyresponsedate",
            "submitdate",
        ],
    ),
    (
        Target::Comment,
        &[
            "comment",
            "comments",
            "text",
            "feedback",
            "kommentar",
            "kommentare",
            "anmerkung",
            "freitext",
            "verbatim",
            "response",
            "antwort",
            "begruendung",
            "begründung",
            "reason",
            "npscomment",
        ],
    ),
    (Target::Id, &["id", "responseid", "surveyresponseid", "uuid", "antwortid"]),
    (
        Target::Order,
        &[
            "orderid",
            "ordernumber",
            "orderno",
            "order",
            "ordername",
            "bestellnummer",
            "bestellung",
            "auftragsnummer",
            "bestellnr",
        ],
    ),
    (Target::Value, &["ordervalue", "ordertotal", "total", "bestellwert", "summe", "orderamount"]),
    (Target::Currency, &["currency", "ordercurrency", "waehrung", "währung"]),
    (Target::Country, &["country", "ordercountry", "land", "countrycode", "lieferland"]),
    (
        Target::Products,
        &["products", "product", "productname", "produkt", "produkte", "artikel", "sku"],
    ),
    (
        Target::Customer,
        &[
            "customerid",
            "personid",
            "person",
            "userid",
            "enduserid",
            "externalid",
            "kundennummer",
            "kundenid",
            "kundennr",
            "customer",
        ],
    ),
    (Target::Kind, &["customerkind", "customertype", "kundenart"]),
    (Target::Tags, &["tags", "tag", "labels", "schlagworte", "schlagwörter"]),
    (Target::Reasons, &["reasons", "gruende", "gründe"]),
    (Target::Touchpoint, &["touchpoint", "kontaktpunkt"]),
    (Target::Survey, &["survey", "umfrage"]),
    (Target::Locale, &["locale", "language", "sprache", "lang"]),
    (Target::Page, &["originurl", "pageurl", "page", "seite"]),
    (Target::Excluded, &["excludedfromcalculations"]),
    (Target::SurveyKind, &["surveytype"]),
];

/// What names a person and is not needed for a score, or belongs to the other product alone. It is
/// left out unless somebody chooses otherwise.
const LEFT_OUT: &[&str] = &[
    "email",
    "emailaddress",
    "mail",
    "name",
    "firstname",
    "lastname",
    "vorname",
    "nachname",
    "phone",
    "phonenumber",
    "telefon",
    "ip",
    "ipaddress",
    "address",
    "adresse",
    "permalink",
    "notes",
    "note",
    "notizen",
    "updatedat",
    "useragent",
    "surveyid",
    "accounttoken",
    "segment",
    "category",
    "kategorie",
    "lastsurveyed",
    "company",
    "firma",
];

/// Whether a column, by its plain name, holds what a person is called or reached by: `personname`,
/// `customeremail`, `billingphone`, `kontaktname`.
fn names_a_person(name: &str) -> bool {
    const REACHED_BY: [&str; 8] =
        ["email", "phone", "telefon", "ipaddress", "vorname", "nachname", "firstname", "lastname"];
    const WHO: [&str; 9] = [
        "person",
        "customer",
        "user",
        "kunde",
        "kontakt",
        "contact",
        "client",
        "recipient",
        "full",
    ];
    REACHED_BY.iter().any(|part| name.contains(part))
        || (name.ends_with("name") && WHO.iter().any(|who| name.contains(who)))
}

/// Whether a cell is an e-mail address, whatever its column is called.
fn is_mail(cell: &str) -> bool {
    let is_word = !cell.contains(char::is_whitespace);
    is_word && cell.split_once('@').is_some_and(|(who, host)| !who.is_empty() && host.contains('.'))
}

/// What a column's name is compared as.
fn plain(name: &str) -> String {
    let name = name.to_lowercase();
    let name = ["end_user.", "enduser.", "end_user_", "response.", "nps."]
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix))
        .unwrap_or(&name);
    name.chars().filter(|letter| letter.is_alphanumeric()).collect()
}

/// The name of a property for a column: within the contract's bounds.
pub(crate) fn property_name(column: &str) -> String {
    let name = ["person_properties.", "end_user.properties.", PROPERTY]
        .iter()
        .find_map(|prefix| column.strip_prefix(prefix))
        .unwrap_or(column);
    let name = name
        .replace('ä', "ae")
        .replace('ö', "oe")
        .replace('ü', "ue")
        .replace('Ä', "Ae")
        .replace('Ö', "Oe")
        .replace('Ü', "Ue")
        .replace('ß', "ss");
    let name: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '-' })
        .take(afterword_response::limits::NAME)
        .collect();
    name.trim_matches('-').to_owned()
}

impl Mapping {
    /// What the columns probably mean.
    pub(crate) fn guess(table: &Table) -> Self {
        let origin = origin(&table.names);
        if origin == Origin::Afterword {
            let targets = table.names.iter().map(|name| own(name)).collect();
            return Self { origin, targets, dates: Some(Dates::Iso) };
        }
        let names: Vec<String> = table.names.iter().map(|name| plain(name)).collect();
        let mut targets = vec![None; names.len()];
        // Our own list of rejected rows, corrected.
        if names.starts_with(&["line".into(), "reason".into()]) {
            targets[..2].fill(Some(Target::Ignore));
        }
        for (target, known) in NAMES {
            let column = known.iter().find_map(|known| {
                (0..names.len()).find(|at| names[*at] == *known && targets[*at].is_none())
            });
            if let Some(column) = column {
                targets[column] = Some(*target);
            }
        }
        let cells = |column: usize| -> Vec<&str> {
            table
                .rows
                .iter()
                .take(200)
                .map(|row| cell(row, column))
                .filter(|it| !it.is_empty())
                .collect()
        };
        for (column, name) in names.iter().enumerate() {
            let is_left_out = || {
                name.is_empty()
                    || LEFT_OUT.contains(&name.as_str())
                    || names_a_person(name)
                    || cells(column).iter().any(|cell| is_mail(cell))
            };
            if targets[column].is_none() && is_left_out() {
                targets[column] = Some(Target::Ignore);
            }
        }
        // By what is in them, where the names say nothing.
        if !targets.contains(&Some(Target::Score)) {
            let asks = |column: &usize| {
                let name = table.names[*column].to_lowercase();
                name.contains("recommend") || name.contains("empfehl")
            };
            let is_score = |column: &usize| {
                let cells = cells(*column);
                !cells.is_empty() && cells.iter().all(|cell| matches!(cell.parse(), Ok(0..=10_u8)))
            };
            let free: Vec<usize> = (0..names.len()).filter(|at| targets[*at].is_none()).collect();
            let column =
                free.iter().find(|at| asks(at)).or_else(|| free.iter().find(|at| is_score(at)));
            if let Some(column) = column {
                targets[*column] = Some(Target::Score);
            }
        }
        if !targets.contains(&Some(Target::Time)) {
            let is_time = |column: &usize| Dates::guess(&cells(*column)).is_some();
            if let Some(column) = (0..names.len()).filter(|at| targets[*at].is_none()).find(is_time)
            {
                targets[column] = Some(Target::Time);
            }
        }
        let targets: Vec<Target> = targets
            .into_iter()
            .enumerate()
            .map(|(column, target)| {
                target.unwrap_or(if property_name(&table.names[column]).is_empty() {
                    Target::Ignore
                } else {
                    Target::Property
                })
            })
            .collect();
        let mut mapping = Self { origin, targets, dates: None };
        mapping.dates = mapping.guess_dates(table);
        mapping
    }

    /// How the column of times is written.
    pub(crate) fn guess_dates(&self, table: &Table) -> Option<Dates> {
        let column = self.column(Target::Time)?;
        let times: Vec<&str> = table.rows.iter().take(2_000).map(|row| cell(row, column)).collect();
        // Without a single time there is nothing to be unclear about: each row says that it has none.
        let has_none = times.iter().all(|time| time.trim().is_empty());
        if has_none { Some(Dates::Iso) } else { Dates::guess(&times) }
    }

    pub(crate) fn column(&self, target: Target) -> Option<usize> {
        self.targets.iter().position(|it| *it == target)
    }

    /// What is missing or double, each as a sentence.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let is_own =
            self.origin == Origin::Afterword && self.targets.contains(&Target::Own("score"));
        for target in [Target::Score, Target::Time] {
            if !is_own && self.column(target).is_none() {
                problems.push(Problem::Missing(target));
            }
        }
        for (_, target) in Target::NAMES {
            let count = self.targets.iter().filter(|it| **it == target).count();
            if target.is_single() && count > 1 {
                problems.push(Problem::Double(target));
            }
        }
        if !is_own && self.column(Target::Time).is_some() && self.dates.is_none() {
            problems.push(Problem::Dates);
        }
        problems
    }
}

/// What keeps a mapping from being used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// No column is that.
    Missing(Target),
    /// More than one column is that.
    Double(Target),
    /// The times are written in no way that is known, or in several.
    Dates,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(target) => {
                write!(f, "no column is the {target}: say which with --map {target}=COLUMN")
            }
            Self::Double(target) => write!(f, "more than one column is the {target}"),
            Self::Dates => f.write_str(
                "the times are not all written in one way that is known: say which with --dates",
            ),
        }
    }
}

pub(crate) fn cell(row: &Row, column: usize) -> &str {
    row.cells.get(column).map_or("", |cell| cell.trim())
}

fn origin(names: &[String]) -> Origin {
    let has = |wanted: &[&str]| {
        wanted.iter().all(|wanted| names.iter().any(|name| plain(name) == *wanted))
    };
    match () {
        () if names.iter().any(|it| it == "received_at")
            && names.iter().any(|it| it == "method.question") =>
        {
            Origin::Afterword
        }
        () if has(&["score", "surveytype"]) || has(&["score", "permalink"]) => Origin::Delighted,
        () if has(&["score", "originurl"])
            || has(&["score", "excludedfromcalculations"])
            || has(&["score", "text", "createdat"]) =>
        {
            Origin::Wootric
        }
        () => Origin::Other,
    }
}

/// What a column of our own export is.
fn own(name: &str) -> Target {
    // Excel saves our file with the mark before the first name as part of it.
    let name = name.trim_start_matches('\u{feff}');
    match name {
        "received_date" | "segment" => Target::Ignore,
        _ if name.starts_with(PROPERTY) => Target::Property,
        _ => COLUMNS
            .iter()
            .find(|known| **known == name)
            .map_or(Target::Ignore, |it| Target::Own(it)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::exchange::table;

    #[test]
    fn whom_an_answer_is_of_is_left_out_whatever_the_column_is_called() {
        let names = "Score,Date,Person Name,Person Email,customer_phone,Kontaktname,Absender,\
                     product name,campaign name,store";
        let row = "9,2026-03-01,Erika Muster,erika@example.org,030 123,Max,max@example.org,Pot,Spring,Berlin";
        let table = table::read(&format!("{names}\n{row}\n")).unwrap();
        let targets = Mapping::guess(&table).targets;
        let name = |at: usize| targets[at].name();
        assert_eq!([name(0), name(1)], ["score", "time"]);
        for at in 2..=6 {
            assert_eq!(name(at), "ignore", "{}", table.names[at]);
        }
        assert_eq!([name(7), name(8), name(9)], ["products", "property", "property"]);
    }

    #[test]
    fn a_table_without_times_is_not_blamed_for_how_they_are_written() {
        for rows in ["", "9,\n8, \n"] {
            let table = table::read(&format!("score,created_at\n{rows}")).unwrap();
            assert_eq!(Mapping::guess(&table).problems(), [], "{rows}");
        }
        let table = table::read("score,created_at\n9,yesterday\n").unwrap();
        assert_eq!(Mapping::guess(&table).problems(), [Problem::Dates]);
    }
}
