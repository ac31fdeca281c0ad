//! The targets that a column can have, and the names by which each is recognised.

use std::fmt;

use super::columns::COLUMNS;

/// The meaning of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// The column is not imported.
    Ignore,
    /// The score, which is required.
    Score,
    /// Stars from 1 to 5, counted as scores because the person who imports chose so.
    Stars,
    /// When it was answered, which is required.
    Time,
    /// The answer's id in the other product.
    Id,
    /// The comment.
    Comment,
    /// The survey.
    Survey,
    /// The touchpoint.
    Touchpoint,
    /// The reasons tapped.
    Reasons,
    /// The shop's tags.
    Tags,
    /// The order's number.
    Order,
    /// The order's total.
    Value,
    /// Its currency.
    Currency,
    /// The country of delivery.
    Country,
    /// What was bought.
    Products,
    /// The customer's number.
    Customer,
    /// Whether the customer is new or returning.
    Kind,
    /// How the customer wants to be answered.
    Contact,
    /// The language.
    Locale,
    /// The page's address.
    Page,
    /// One of the shop's properties, under the column's name.
    Property,
    /// A mark on rows that do not count, which are left out.
    Excluded,
    /// The kind of survey: rows of other kinds than NPS are left out.
    SurveyKind,
    /// A field of our own export.
    Own(&'static str),
}

impl Target {
    /// The targets that can be chosen, each with its name in forms and on the command line.
    pub const NAMES: [(&str, Self); 23] = [
        ("ignore", Self::Ignore),
        ("score", Self::Score),
        ("stars", Self::Stars),
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

    /// The target of that name.
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
    pub(crate) const fn is_single(self) -> bool {
        !matches!(self, Self::Ignore | Self::Property | Self::Tags | Self::Own(_))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The names of columns for each target, in small letters and without signs. The first match wins. The
/// names in the documentation of Delighted and Wootric are among them.
pub(crate) const NAMES: &[(Target, &[&str])] = &[
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
            "bewertung010",
            "score010",
            "rating010",
        ],
    ),
    (
        Target::Time,
        &[
            "submitdateutc",
            "submitdate",
            "recordeddate",
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
            "zeitstempel",
            "createdon",
            "datecreated",
            "reviewcreatedutc",
            "reviewcreated",
            "reviewdate",
            "bewertungsdatum",
            "enddate",
            "datestamp",
            "startdateutc",
            "startdate",
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
            "reviewtext",
            "reviewcontent",
            "bewertungstext",
        ],
    ),
    (
        Target::Id,
        &["id", "responseid", "respondentid", "surveyresponseid", "reviewid", "uuid", "antwortid"],
    ),
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
            "orderreference",
            "referencenumber",
            "referenceid",
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
    (Target::Locale, &["locale", "language", "sprache", "lang", "userlanguage", "startlanguage"]),
    (Target::Page, &["originurl", "pageurl", "page", "seite"]),
    (Target::Excluded, &["excludedfromcalculations"]),
    (Target::SurveyKind, &["surveytype"]),
];

/// Columns that name a person and are not needed for a score, or that only matter to the other product. They
/// are left out unless the person who imports chooses otherwise.
pub(crate) const LEFT_OUT: &[&str] = &[
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
    "startdate",
    "startdateutc",
    "datecreated",
    "datemodified",
    "enddate",
    "datestamp",
    "progress",
    "durationinseconds",
    "finished",
    "status",
    "locationlatitude",
    "locationlongitude",
    "distributionchannel",
    "externaldatareference",
    "collectorid",
    "networkid",
    "lastpage",
    "seed",
    "refurl",
    "no",
    "formbricksidinternal",
    "consumer",
    "reviewer",
    "responsetype",
    "stage2date",
    "tempid",
    "endings",
];

/// Whether a column's plain name means a person's name or contact: `personname`, `customeremail`,
/// `billingphone`, `kontaktname`.
pub(crate) fn names_a_person(name: &str) -> bool {
    const REACHED_BY: [&str; 8] =
        ["email", "phone", "telefon", "ipaddress", "vorname", "nachname", "firstname", "lastname"];
    const WHO: [&str; 14] = [
        "buyer",
        "käufer",
        "consumer",
        "reviewer",
        "respondent",
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

/// A column's name in the form for comparisons.
pub(crate) fn plain(name: &str) -> String {
    let name = name.to_lowercase();
    let name = ["end_user.", "enduser.", "end_user_", "response.", "nps."]
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix))
        .unwrap_or(&name);
    name.chars().filter(|letter| letter.is_alphanumeric()).collect()
}

/// Whether a cell is a known name of a column.
pub(crate) fn is_known(cell: &str) -> bool {
    let name = plain(cell);
    COLUMNS.contains(&cell.trim())
        || NAMES.iter().any(|(_, known)| known.contains(&name.as_str()))
        || LEFT_OUT.contains(&name.as_str())
}
