//! Maps the columns of a file to targets.

use super::{
    columns::{COLUMNS, PROPERTY},
    dates::Dates,
    defaults::Defaults,
    money,
    origin::{self, Origin},
    score,
    table::{Table, cell},
    target::{LEFT_OUT, NAMES, Target, names_a_person, plain},
};

/// The meaning of each column of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mapping {
    pub(crate) origin: Origin,
    /// One target per column.
    pub(crate) targets: Vec<Target>,
    pub(crate) dates: Option<Dates>,
    /// The column that holds stars, if no column holds scores.
    pub(crate) stars: Option<usize>,
}

/// Whether a cell is an e-mail address.
fn is_mail(cell: &str) -> bool {
    let is_word = !cell.contains(char::is_whitespace);
    is_word && cell.split_once('@').is_some_and(|(who, host)| !who.is_empty() && host.contains('.'))
}

/// The name of a property for a column, within the contract's limits.
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

/// A column's name in plain form, and the question in it: `1. Why?` and `G01Q02. Why?` are a code and a
/// question.
struct ColumnName {
    plain: Vec<String>,
    words: String,
}

impl ColumnName {
    fn of(table: &Table, column: usize) -> Self {
        let name = table.names.get(column).map_or("", String::as_str);
        let label = table.labels.get(column).map_or("", String::as_str);
        let mut plain_names = vec![plain(name)];
        if let Some((code, words)) = name.split_once(". ") {
            plain_names.extend([plain(code), plain(words)]);
        }
        plain_names.push(plain(label));
        plain_names.retain(|name| !name.is_empty());
        Self { plain: plain_names, words: format!("{name} {label}").to_lowercase() }
    }

    fn is(&self, known: &str) -> bool {
        self.plain.iter().any(|name| name == known)
    }

    fn is_one_of(&self, known: &[&str]) -> bool {
        self.plain.iter().any(|name| known.contains(&name.as_str()))
    }

    fn says(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.words.contains(word))
    }
}

/// Phrases of the recommendation question, and of its scale.
const ASKS: &[&str] = &[
    "recommend",
    "empfehl",
    "empfiehl",
    "recommand",
    "aanbevel",
    "0-10",
    "0–10",
    "0 - 10",
    "0 to 10",
    "0 bis 10",
];
/// Phrases of questions for a comment, the clearest first.
const ASKS_WHY: &[&[&str]] = &[
    &["why", "warum", "wieso", "weshalb", "reason for", "grund für", "hauptgrund", "main reason"],
    &[
        "comment",
        "kommentar",
        "feedback",
        "anmerkung",
        "verbesser",
        "improve",
        "tell us",
        "mitteilen",
    ],
    &["open-ended", "freitext", "own words", "eigenen worten"],
];
/// Column names that can mean scores or stars.
const RATINGS: &[&str] =
    &["rating", "bewertung", "note", "overallrating", "gesamtbewertung", "score", "reviewrating"];
/// Answers that are needed to decide that a scale ends at 5: among this many scores, some would be above.
const MIN_ANSWERS_FOR_STARS: usize = 20;
/// Answers that are read to recognise a column by its content.
const MAX_SAMPLED_ANSWERS: usize = 200;

/// The first cells of a column that are not empty.
fn cells(table: &Table, column: usize) -> Vec<&str> {
    let cells = table.sample.iter().map(|row| cell(row, column)).filter(|it| !it.is_empty());
    cells.take(MAX_SAMPLED_ANSWERS).collect()
}

/// Whether `is` holds for at least four in five cells. A single wrong cell becomes a problem of its row.
fn mostly(cells: &[&str], is: impl Fn(&str) -> bool) -> bool {
    !cells.is_empty() && cells.iter().filter(|cell| is(cell)).count() * 5 >= cells.len() * 4
}

fn holds_scores(table: &Table, column: usize) -> bool {
    mostly(&cells(table, column), |cell| score::read(cell).is_some())
}

/// Whether a column holds stars: by its name, or by a name that stars and scores share and by having no
/// value above 5.
fn holds_stars(table: &Table, column: usize, called: &ColumnName, origin: Origin) -> bool {
    let cells = cells(table, column);
    let is_star = |cell: &str| score::of_stars(cell).is_some();
    let is_named = called.says(&["star", "stern", "⭐"]) && !called.says(&["start"]);
    let is_rating = called.is_one_of(RATINGS);
    mostly(&cells, is_star)
        && (is_named
            || (is_rating && origin.asks_for_stars())
            || (is_rating
                && !called.says(ASKS)
                && cells.len() >= MIN_ANSWERS_FOR_STARS
                && cells.iter().all(|cell| is_star(cell))))
}

/// Whether a column holds text that people wrote: neither numbers nor times nor addresses.
fn holds_words(table: &Table, column: usize) -> bool {
    let cells = cells(table, column);
    let is_other =
        |cell: &str| cell.parse::<f64>().is_ok() || score::read(cell).is_some() || is_mail(cell);
    !mostly(&cells, is_other) && (cells.is_empty() || Dates::guess(&cells).is_none())
}

impl Mapping {
    /// Guesses the meaning of each column.
    pub(crate) fn guess(table: &Table) -> Self {
        let origin = origin::of(table);
        if origin == Origin::Afterword {
            let targets = table.names.iter().map(|name| own(name)).collect();
            return Self { origin, targets, dates: Some(Dates::Iso), stars: None };
        }
        let called: Vec<ColumnName> =
            (0..table.names.len()).map(|column| ColumnName::of(table, column)).collect();
        let mut targets = vec![None; called.len()];
        // Our own file of rejected rows, with corrections.
        if table.names.len() > 2 && called[0].is("line") && called[1].is("reason") {
            targets[..2].fill(Some(Target::Ignore));
        }
        let free = |targets: &[Option<Target>]| -> Vec<usize> {
            (0..targets.len()).filter(|at| targets[*at].is_none()).collect()
        };
        let stars: Vec<usize> = free(&targets)
            .into_iter()
            .filter(|at| holds_stars(table, *at, &called[*at], origin))
            .collect();
        // The text of a question is a better sign than any column name.
        let asked = free(&targets)
            .into_iter()
            .find(|at| called[*at].says(ASKS) && !stars.contains(at) && holds_scores(table, *at));
        if let Some(column) = asked {
            targets[column] = Some(Target::Score);
        }
        for (target, known) in NAMES {
            if targets.contains(&Some(*target)) {
                continue;
            }
            let column = known.iter().find_map(|known| {
                free(&targets).into_iter().find(|at| {
                    called[*at].is(known)
                        && match target {
                            Target::Score => {
                                !stars.contains(at)
                                    && (cells(table, *at).is_empty()
                                        || *known == "score"
                                        || *known == "npsscore"
                                        || holds_scores(table, *at))
                            }
                            Target::Comment => holds_words(table, *at),
                            _ => true,
                        }
                })
            });
            if let Some(column) = column {
                targets[column] = Some(*target);
            }
        }
        // Qualtrics marks test answers.
        if origin == Origin::Qualtrics
            && let Some(column) = free(&targets).into_iter().find(|at| called[*at].is("status"))
        {
            targets[column] = Some(Target::Excluded);
        }
        for (column, called) in called.iter().enumerate() {
            let is_left_out = || {
                called.plain.is_empty()
                    || called.is_one_of(LEFT_OUT)
                    || called.plain.iter().any(|name| names_a_person(name))
                    || called.says(&["nps group", "nps_group", "user agent", "useragent"])
                    || cells(table, column).iter().any(|cell| is_mail(cell))
            };
            if targets[column].is_none() && is_left_out() {
                targets[column] = Some(Target::Ignore);
            }
        }
        // If no name is known, the content of the columns decides.
        if !targets.contains(&Some(Target::Score)) {
            let column = free(&targets).into_iter().find(|at| {
                // Stars end at 5, so this column cannot be the score.
                !stars.contains(at)
                    && !called[*at].says(&["star", "stern"])
                    && holds_scores(table, *at)
                    && !holds_row_numbers(table, *at)
            });
            if let Some(column) = column {
                targets[column] = Some(Target::Score);
            }
        }
        if !targets.contains(&Some(Target::Time)) {
            let is_time = |column: &usize| Dates::guess(&cells(table, *column)).is_some();
            if let Some(column) = free(&targets).into_iter().find(is_time) {
                targets[column] = Some(Target::Time);
            }
        }
        if !targets.contains(&Some(Target::Comment)) {
            let column = ASKS_WHY.iter().find_map(|words| {
                free(&targets)
                    .into_iter()
                    .find(|at| called[*at].says(words) && holds_words(table, *at))
            });
            if let Some(column) = column {
                targets[column] = Some(Target::Comment);
            }
        }
        let stars = stars.into_iter().find(|at| {
            !targets.contains(&Some(Target::Score))
                && targets[*at].is_none_or(|it| it == Target::Ignore)
        });
        if let Some(column) = stars {
            targets[column] = Some(Target::Ignore);
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
        let mut mapping = Self { origin, targets, dates: None, stars };
        mapping.dates = mapping.guess_dates(table);
        mapping
    }

    /// The notation of the column of times.
    pub(crate) fn guess_dates(&self, table: &Table) -> Option<Dates> {
        let column = self.column(Target::Time)?;
        let times: Vec<&str> = table.sample.iter().map(|row| cell(row, column)).collect();
        // If all times are missing, each row gets that problem, and the notation does not matter.
        let has_none = times.iter().all(|time| time.is_empty());
        if has_none { Some(Dates::Iso) } else { Dates::guess(&times) }
    }

    pub(crate) fn column(&self, target: Target) -> Option<usize> {
        self.targets.iter().position(|it| *it == target)
    }

    /// The problems that keep the mapping from being used.
    pub(crate) fn problems(&self, table: &Table, defaults: &Defaults) -> Vec<Problem> {
        let mut problems = Vec::new();
        let is_own =
            self.origin == Origin::Afterword && self.targets.contains(&Target::Own("score"));
        let is_missing = |target| !is_own && self.column(target).is_none();
        if is_missing(Target::Score) && is_missing(Target::Stars) {
            problems.push(match self.stars {
                Some(_) => Problem::Stars,
                None => Problem::Missing(Target::Score),
            });
        }
        if self.column(Target::Score).is_some() && self.column(Target::Stars).is_some() {
            problems.push(Problem::Double(Target::Score));
        }
        if is_missing(Target::Time) {
            problems.push(Problem::Missing(Target::Time));
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
        if !is_own && defaults.currency.is_none() && self.lacks_currency(table) {
            problems.push(Problem::Currency);
        }
        problems
    }

    /// Whether there are amounts without any currency.
    fn lacks_currency(&self, table: &Table) -> bool {
        let Some(value) = self.column(Target::Value) else { return false };
        table.sample.iter().any(|row| {
            money::read(cell(row, value)).is_some_and(|it| it.currency.is_none())
                && self.column(Target::Currency).is_none_or(|at| cell(row, at).is_empty())
        })
    }
}

/// Whether a column only numbers the rows.
fn holds_row_numbers(table: &Table, column: usize) -> bool {
    let numbers: Vec<Option<u64>> =
        cells(table, column).iter().take(12).map(|cell| cell.parse().ok()).collect();
    let is_next =
        |pair: &[Option<u64>]| matches!(pair, [Some(a), Some(b)] if *b == a + 1 || *a == b + 1);
    numbers.len() > 3 && numbers.windows(2).all(is_next)
}

/// A problem that keeps a mapping from being used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// No column has this target.
    Missing(Target),
    /// No column holds scores, but one holds stars.
    Stars,
    /// More than one column has this target.
    Double(Target),
    /// Most of the times are in no known notation.
    Dates,
    /// Amounts without a currency.
    Currency,
}

/// Where a mapping can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The command line: `--map score=COLUMN`.
    CommandLine,
    /// The query of a program: `map.score=COLUMN`.
    Query,
}

impl Problem {
    /// The parameter that solves a problem.
    #[must_use]
    pub fn parameter(self) -> String {
        match self {
            Self::Missing(target) | Self::Double(target) => format!("map.{target}"),
            Self::Stars => "map.stars".into(),
            Self::Dates => "dates".into(),
            Self::Currency => "currency".into(),
        }
    }

    /// The problem, and the parameter to give in that place.
    #[must_use]
    pub fn advice(self, place: Place) -> String {
        let map = |target: Target| match place {
            Place::CommandLine => format!("--map {target}=COLUMN"),
            Place::Query => format!("map.{target}=COLUMN"),
        };
        let option = |name: &str, value: &str| match place {
            Place::CommandLine => format!("--{name} {value}"),
            Place::Query => format!("{name}={value}"),
        };
        match self {
            Self::Missing(target) => {
                format!("no column is the {target}: say which with {}", map(target))
            }
            Self::Stars => format!(
                "the answers are 1 to 5 stars, which is another question than 0 to 10: with {} each \
                 star counts as two points, and the answers' method says so",
                map(Target::Stars)
            ),
            Self::Double(target) => {
                format!(
                    "more than one column is the {target}: leave out one with {}",
                    map(Target::Ignore)
                )
            }
            Self::Dates => {
                let names = Dates::NAMES.map(|(name, _)| name).join(", ");
                format!(
                    "most times are written in no way that is known: say which of {names} with {}",
                    option("dates", "WAY")
                )
            }
            Self::Currency => format!(
                "amounts have no currency: say which with {}, or leave them out with {}",
                option("currency", "EUR"),
                map(Target::Ignore)
            ),
        }
    }
}

/// The target of a column of our own export.
fn own(name: &str) -> Target {
    // Excel saves our file with the byte order mark as a part of the first name.
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
    fn columns_that_name_a_person_are_left_out() {
        let names = "Score,Date,Person Name,Person Email,customer_phone,Kontaktname,Absender,\
                     product name,campaign name,store";
        let row = "9,2026-03-01,Erika Muster,erika@example.org,030 123,Max,max@example.org,Pot,Spring,Berlin";
        let table = table::read(format!("{names}\n{row}\n")).unwrap();
        let targets = Mapping::guess(&table).targets;
        let name = |at: usize| targets[at].name();
        assert_eq!([name(0), name(1)], ["score", "time"]);
        for at in 2..=6 {
            assert_eq!(name(at), "ignore", "{}", table.names[at]);
        }
        assert_eq!([name(7), name(8), name(9)], ["products", "property", "property"]);
    }

    /// Guesses a table's mapping: the name of each column's target, and the problems.
    fn guess(text: &str) -> (Vec<&'static str>, Vec<Problem>) {
        let table = table::read(text.to_owned()).unwrap();
        let mapping = Mapping::guess(&table);
        let targets = mapping.targets.iter().map(|target| target.name()).collect();
        (targets, mapping.problems(&table, &Defaults::of_survey("s")))
    }

    #[test]
    fn a_table_without_times_gets_no_advice_about_their_notation() {
        for rows in ["", "9,\n8, \n"] {
            assert_eq!(guess(&format!("score,created_at\n{rows}")).1, [], "{rows}");
        }
        assert_eq!(guess("score,created_at\n9,yesterday\n").1, [Problem::Dates]);
    }

    #[test]
    fn a_column_that_asks_for_the_reason_is_the_comment() {
        for why in [
            "Why?",
            "Warum?",
            "Was ist der Grund für Ihre Bewertung?",
            "What is the main reason for your score?",
            "2. Was sollten wir verbessern?",
            "G01Q02. Wieso?",
        ] {
            let (targets, problems) = guess(&format!(
                "Zeitstempel,How likely are you to recommend us?,{why}\n2026-03-01,9,gut\n2026-03-02,7,\n"
            ));
            assert_eq!((targets, problems), (vec!["time", "score", "comment"], vec![]), "{why}");
        }
        // A question for a number gives no comment.
        let (targets, _) = guess("date,score,Why (1 to 5)\n2026-03-01,9,4\n2026-03-02,7,1\n");
        assert_eq!(targets[2], "property");
    }

    #[test]
    fn stars_are_not_scores_unless_a_person_chooses_so() {
        let rows: String = (0..30).map(|at| format!("2026-03-01,{},gut\n", at % 5 + 1)).collect();
        for name in ["Stars", "Sterne", "Rating", "Bewertung"] {
            let (targets, problems) = guess(&format!("date,{name},comment\n{rows}"));
            assert_eq!((targets[1], problems), ("ignore", vec![Problem::Stars]), "{name}");
        }
        for name in ["nps", "Bewertung (0-10)", "How likely are you to recommend us?"] {
            let (targets, problems) = guess(&format!("date,{name},comment\n{rows}"));
            assert_eq!((targets[1], problems), ("score", vec![]), "{name}");
        }
        let (targets, _) = guess(&format!("date,Rating,comment\n{rows}2026-03-01,9,x\n"));
        assert_eq!(targets[1], "score", "one above five");
    }

    #[test]
    fn amounts_without_a_currency_are_asked_about() {
        let table = |amount: &str| format!("date,score,total\n2026-03-01,9,{amount}\n");
        assert_eq!(guess(&table("80")).1, [Problem::Currency]);
        for clear in ["80 EUR", "€80", ""] {
            assert_eq!(guess(&table(clear)).1, [], "{clear}");
        }
        assert_eq!(guess("date,score,total,currency\n2026-03-01,9,80,EUR\n").1, []);
    }

    #[test]
    fn advice_is_written_for_its_reader() {
        for problem in [
            Problem::Missing(Target::Score),
            Problem::Stars,
            Problem::Double(Target::Time),
            Problem::Dates,
            Problem::Currency,
        ] {
            assert!(problem.advice(Place::CommandLine).contains(" --"), "{problem:?}");
            assert!(!problem.advice(Place::Query).contains("--"), "{problem:?}");
        }
    }
}
