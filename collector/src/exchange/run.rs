//! Runs exports and imports against a database, for the routes and the commands.

use std::{
    collections::{BTreeSet, HashSet},
    io,
    sync::Arc,
};

use afterword_response::Response;
use axum::body::Bytes;
use futures_util::{Stream, TryStreamExt as _, stream};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

pub use super::{
    columns::Dialect,
    dates::Dates,
    defaults::Defaults,
    export::Format,
    import::{Reason, RejectedRow},
    mapping::{Place, Problem},
    origin::Origin,
    table::NoTable,
    target::Target,
};
use super::{
    columns::MAX_PROPERTY_COLUMNS,
    export::Writer,
    import::Reader,
    mapping::Mapping,
    reason,
    sheet::Sheet,
    table::{self, Table},
    workbook,
};
use crate::{
    Config, Redaction,
    access::public_ids::Ids,
    aside::Aside,
    intake,
    language::Language,
    privacy::{self, Keep},
    query::{BadQuery, Empty, ListQuery},
    store::{Cursor, Filter, OpenError, Preparing, PutOutcome, Store, StoreError, Stored, Writing},
    themes::Named,
    words::problems::of_parameter,
};

/// Answers in memory at a time.
const PAGE_ANSWERS: u32 = 500;

/// Why an export or import failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExchangeError {
    /// The database could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file could not be read or written.
    #[error("the file could not be read or written")]
    File(#[from] io::Error),
    /// The request makes no sense; a sentence that says what to do instead.
    #[error("{0}")]
    Refused(String),
}

/// An exported file: the number of its answers, and its bytes in pieces. Only one piece is in memory at a time,
/// however slow the receiver is.
pub(crate) async fn stream_of(
    store: Arc<Store>,
    filter: Filter,
    format: Format,
    ids: Ids,
) -> Result<(u64, impl Stream<Item = Result<Bytes, io::Error>> + use<>), StoreError> {
    let writer = Writer::new(format, store.property_names(MAX_PROPERTY_COLUMNS).await?);
    written_by(store, filter, writer, ids).await
}

/// The same as a sheet for people.
pub(crate) async fn sheet_of(
    store: Arc<Store>,
    filter: Filter,
    sheet: Sheet,
) -> Result<(u64, impl Stream<Item = Result<Bytes, io::Error>> + use<>), StoreError> {
    written_by(store, filter, Writer::of_sheet(sheet), Ids::Public).await
}

async fn written_by(
    store: Arc<Store>,
    filter: Filter,
    writer: Writer,
    ids: Ids,
) -> Result<(u64, impl Stream<Item = Result<Bytes, io::Error>> + use<>), StoreError> {
    let rows = store.count_of(&filter).await?;
    let pieces = pieces(store, filter, writer, ids);
    Ok((rows, pieces.map_ok(|(piece, _)| Bytes::from(piece))))
}

/// A complete file of few answers.
pub(crate) fn file_of(answers: Vec<Stored>, format: Format) -> io::Result<Vec<u8>> {
    let names = answers.iter().flat_map(|it| it.response.properties.iter().map(|(name, _)| name));
    let names: BTreeSet<&String> = names.collect();
    let names = names.into_iter().take(MAX_PROPERTY_COLUMNS).cloned().collect();
    let writer = Writer::new(format, names);
    let mut file = writer.head()?;
    file.extend(writer.lines(answers)?);
    Ok(file)
}

/// The names of the columns of our CSV, without those of properties.
#[must_use]
pub const fn column_names() -> [&'static str; 42] {
    super::columns::COLUMNS
}

enum Next {
    Head,
    Page(Option<Cursor>),
    End,
}

/// The pieces of the file, each with its number of answers.
fn pieces(
    store: Arc<Store>,
    filter: Filter,
    writer: Writer,
    ids: Ids,
) -> impl Stream<Item = Result<(Vec<u8>, usize), io::Error>> {
    let start = (store, filter, writer, Next::Head);
    stream::try_unfold(start, move |(store, filter, writer, next)| async move {
        let (piece, next) = match next {
            Next::End => return Ok(None),
            Next::Head => ((writer.head()?, 0), Next::Page(None)),
            Next::Page(after) => {
                let page = store.list(&filter, after.as_ref(), PAGE_ANSWERS, ids).await;
                let (answers, after) = page.map_err(io::Error::other)?;
                let count = answers.len();
                let next = after.map_or(Next::End, |after| Next::Page(Some(after)));
                ((writer.lines(answers)?, count), next)
            }
        };
        Ok(Some((piece, (store, filter, writer, next))))
    })
}

/// Writes the answers that `query` selects (in the form of the list's address: `survey=a&segment=passive`) to
/// `out`. `progress` is called with the number written so far and the total.
///
/// # Errors
/// The query is wrong, the database cannot be read, or `out` not be written.
pub async fn export(
    config: &Config,
    query: &str,
    format: Format,
    mut out: impl AsyncWrite + Unpin,
    mut progress: impl FnMut(u64, u64),
) -> Result<u64, ExchangeError> {
    let list = ListQuery::read(query, Empty::Refused).map_err(refused)?;
    let store = Arc::new(Store::open_existing(&config.database, config.busy_timeout).await?);
    let filter = list.filter.filter(&store.time_zone().await?);
    let rows = store.count_of(&filter).await?;
    let writer = Writer::new(format, store.property_names(MAX_PROPERTY_COLUMNS).await?);
    let mut written = 0;
    let pieces = pieces(Arc::clone(&store), filter, writer, Ids::Original);
    let mut pieces = std::pin::pin!(pieces);
    while let Some((piece, count)) = pieces.try_next().await? {
        out.write_all(&piece).await?;
        written += count as u64;
        progress(written, rows);
    }
    out.flush().await?;
    store.close().await;
    Ok(written)
}

/// The message about a wrong query, for a terminal.
fn refused(BadQuery(problems): BadQuery) -> ExchangeError {
    let problems: Vec<String> = problems
        .iter()
        .map(|it| format!("{} {}", it.name, of_parameter(&it.problem, Language::English)))
        .collect();
    ExchangeError::Refused(problems.join("; "))
}

/// A file that was read for an import.
pub(crate) struct File {
    /// The encoding of its text.
    pub(crate) encoding: &'static str,
    pub(crate) content: Content,
}

/// The content of a file.
pub(crate) enum Content {
    Table(Table),
    /// Our own JSON Lines.
    Lines(String),
}

/// The lines that are not empty, each with its number.
fn lines(text: &str) -> impl Iterator<Item = (u64, &str)> {
    (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty())
}

impl File {
    /// Reads the bytes of a file.
    pub(crate) fn open(bytes: Vec<u8>) -> Result<Self, NoTable> {
        match workbook::kind(&bytes) {
            workbook::Kind::Archive => {
                let content = Content::Table(workbook::read(bytes)?);
                return Ok(Self { encoding: "Excel", content });
            }
            workbook::Kind::Old => return Err(NoTable::OldWorkbook),
            workbook::Kind::Text => {}
        }
        let decoded = table::decode(bytes);
        let content = if decoded.text.trim_start().starts_with('{') {
            if lines(&decoded.text).count() as u64 > table::MAX_ROWS {
                return Err(NoTable::Rows);
            }
            Content::Lines(decoded.text)
        } else {
            Content::Table(table::read(decoded.text)?)
        };
        Ok(Self { encoding: decoded.encoding, content })
    }

    /// The same on another thread, since a large file takes time.
    pub(crate) async fn open_aside(bytes: Vec<u8>) -> Result<Self, NoTable> {
        let opened = tokio::task::spawn_blocking(|| Self::open(bytes)).await;
        // A panic in the reader of workbooks counts as an unreadable workbook.
        opened.unwrap_or(Err(NoTable::Archive))
    }

    pub(crate) fn rows(&self) -> u64 {
        match &self.content {
            Content::Table(table) => table.count,
            Content::Lines(text) => lines(text).count() as u64,
        }
    }

    /// The problems that keep it from being imported with this mapping.
    pub(crate) fn problems(&self, mapping: &Mapping, defaults: &Defaults) -> Vec<Problem> {
        match &self.content {
            Content::Table(table) => mapping.problems(table, defaults),
            Content::Lines(_) => Vec::new(),
        }
    }
}

/// Whether an import is a dry run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportMode {
    /// A dry run, which changes nothing.
    DryRun,
    /// A real import.
    Import,
}

/// The result of an import or a dry run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The number of rows in the file.
    pub rows: u64,
    /// Rows that became new responses, or new revisions.
    pub added: u64,
    /// Rows whose response was stored already.
    pub known: u64,
    /// Rows whose response was erased, and is not stored again.
    pub erased: u64,
    /// Rows that were not imported.
    pub refused: u64,
    /// The first [`MAX_REJECTED`] of them, with the reason.
    pub rejected: Vec<RejectedRow>,
    /// A preview of the first answers.
    pub first: Vec<Preview>,
}

/// An answer as it would be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The line of the file.
    pub line: u64,
    /// When it was given.
    pub time: Timestamp,
    /// The score.
    pub score: u8,
    /// The comment, as it would be stored.
    pub comment: Option<String>,
    /// The order, if one is named.
    pub order: Option<String>,
}

/// Rejected rows that are kept for a person to look at. If there are more, the whole file is wrong.
pub const MAX_REJECTED: usize = 20_000;
/// Answers in a preview.
const MAX_PREVIEWS: usize = 8;
/// Answers in one transaction of an import on the command line, from which a running collector waits for some hundredths of
/// a second.
const BATCH_ANSWERS: usize = 1_000;
/// The same in the collector itself, whose arriving answers wait for it.
const BATCH_ANSWERS_IN_SERVICE: usize = 200;

/// The rules for an import.
#[derive(Clone, Copy)]
pub(crate) struct Rules<'a> {
    pub(crate) redaction: Redaction,
    pub(crate) keep: &'a [Keep],
    pub(crate) mode: ImportMode,
    /// Answers in one transaction.
    batch: usize,
}

impl<'a> Rules<'a> {
    /// The rules for an import into a collector that is running.
    pub(crate) const fn in_service(
        redaction: Redaction,
        keep: &'a [Keep],
        mode: ImportMode,
    ) -> Self {
        Self { redaction, keep, mode, batch: BATCH_ANSWERS_IN_SERVICE }
    }
}

/// Imports a file, or makes a dry run.
pub(crate) async fn import(
    store: &Store,
    file: &File,
    mapping: &Mapping,
    defaults: &Defaults,
    rules: Rules<'_>,
    progress: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<Outcome, StoreError> {
    let zone = store.time_zone().await?;
    let rows = file.rows();
    let mut outcome = Outcome { rows, ..Outcome::default() };
    let now = Timestamp::now();
    let keep = rules.keep;
    // Each row with its line, its cells (for the list of rejected rows), and its response or problem.
    let mut read: Box<dyn Iterator<Item = ReadRow> + Send> =
        match &file.content {
            Content::Table(table) => {
                let mut reader = Reader::new(table, mapping, defaults, &zone);
                Box::new(table.rows().map(move |row| {
                    let read = reader.read(&row);
                    (row.line, row.cells, read)
                }))
            }
            Content::Lines(text) => Box::new(lines(text).map(|(number, line)| {
                (number, csv::StringRecord::from(vec![line]), own_line(line))
            })),
        };
    let mut done = 0;
    // While one batch is written, the next one is prepared and the one after that is read.
    let (mut preparing, mut writing) = (None, None::<(Batch<Writing>, u64)>);
    loop {
        let rest = read.by_ref().take(rules.batch);
        let before = done;
        let mut batch = Vec::new();
        for (line, cells, read) in rest {
            done += 1;
            match read.and_then(|stored| in_time(stored, keep, now)) {
                Err(reason) => {
                    outcome.refused += 1;
                    if outcome.rejected.len() < MAX_REJECTED {
                        outcome.rejected.push(RejectedRow { line, reason, cells });
                    }
                }
                Ok(stored) => {
                    if outcome.first.len() < MAX_PREVIEWS {
                        let mut shown = stored.response.clone();
                        intake::redact(rules.redaction, &mut shown);
                        outcome.first.push(Preview::of(line, stored.received_at, shown));
                    }
                    batch.push(stored);
                }
            }
        }
        let is_end = done == before;
        let next = (!is_end).then(|| Batch::begin(store, batch, rules)).map(|it| (it, done));
        if let Some((batch, done)) = writing.take() {
            batch.finish(store, &mut outcome).await?;
            progress(done, rows);
        }
        if let Some((batch, done)) = std::mem::replace(&mut preparing, next) {
            writing = Some((batch.write(store).await?, done));
        }
        if is_end && writing.is_none() {
            break;
        }
        // Lets arriving answers be written in between, also if all rows are wrong.
        tokio::task::yield_now().await;
    }
    Ok(outcome)
}

/// A row's line, its cells, and its response or problem.
type ReadRow = (u64, csv::StringRecord, Result<Stored, Reason>);

impl Preview {
    fn of(line: u64, time: Timestamp, response: Response) -> Self {
        Self {
            line,
            time,
            score: response.score,
            comment: response.comment,
            order: response.order.and_then(|order| order.id),
        }
    }
}

/// Answers that are about to be stored, or to be looked at in a dry run.
enum Batch<T> {
    Import(T),
    DryRun(Vec<Stored>),
}

impl Batch<Preparing> {
    fn begin(store: &Store, answers: Vec<Stored>, rules: Rules<'_>) -> Self {
        match rules.mode {
            ImportMode::Import => {
                Self::Import(intake::prepare_batch(store, rules.redaction, answers))
            }
            ImportMode::DryRun => Self::DryRun(answers),
        }
    }

    /// Begins to store the batch.
    async fn write(self, store: &Store) -> Result<Batch<Writing>, StoreError> {
        Ok(match self {
            Self::Import(batch) => Batch::Import(store.begin_put_all(batch).await?),
            Self::DryRun(batch) => Batch::DryRun(batch),
        })
    }
}

impl Batch<Writing> {
    /// Waits until the batch is stored, or finds out what would happen to it.
    async fn finish(self, store: &Store, outcome: &mut Outcome) -> Result<(), StoreError> {
        match self {
            Self::Import(batch) => {
                for put in batch.done().await? {
                    match put {
                        PutOutcome::Stored => outcome.added += 1,
                        // The shop's own files are never refused.
                        PutOutcome::Known(_)
                        | PutOutcome::Refused(_)
                        | PutOutcome::Deleted
                        | PutOutcome::NoRoom => {
                            outcome.known += 1;
                        }
                        PutOutcome::Erased => outcome.erased += 1,
                    }
                }
            }
            Self::DryRun(batch) => {
                let ids: Vec<&str> = batch.iter().map(|it| it.response.id.as_str()).collect();
                let (revisions, erased) = store.known(&ids).await?;
                let mut seen = HashSet::new();
                for stored in &batch {
                    let id = stored.response.id.as_str();
                    let kept = revisions.get(id);
                    let is_newer = kept.is_none_or(|kept| *kept < stored.response.revision);
                    match seen.insert(id) && is_newer && !erased.contains(id) {
                        true => outcome.added += 1,
                        false if erased.contains(id) => outcome.erased += 1,
                        false => outcome.known += 1,
                    }
                }
            }
        }
        Ok(())
    }
}

/// Refuses an answer that is so old that it would be erased again at once.
fn in_time(stored: Stored, keep: &[Keep], now: Timestamp) -> Result<Stored, Reason> {
    // The survey's own rule comes first, if it has one.
    let rule = keep
        .iter()
        .find(|rule| rule.survey.as_ref().is_none_or(|survey| *survey == stored.response.survey));
    let too_old = rule.filter(|rule| stored.received_at < rule.since(now));
    match too_old {
        Some(rule) => Err(Reason::Old(rule.days)),
        None => Ok(stored),
    }
}

/// What our own JSON Lines say of a response beyond the contract.
#[derive(Default, Deserialize)]
#[serde(default)]
struct AddedMembers {
    received_at: Value,
    updated_at: Value,
    aside: Value,
}

/// A line of our own JSON Lines.
fn own_line(line: &str) -> Result<Stored, Reason> {
    // The limit of a sent response, and room for the two added times.
    if line.len() > afterword_response::limits::BODY + 200 {
        return Err(Reason::Long);
    }
    let received = afterword_response::receive::from_json(line.as_bytes()).map_err(Reason::of)?;
    let added: AddedMembers =
        serde_json::from_str(line).map_err(|error| Reason::Json(error.to_string()))?;
    let time = |name: &str, value: &Value| {
        let text = value.as_str().unwrap_or_default();
        text.parse().map_err(|_| Reason::Time(name.to_owned(), text.to_owned()))
    };
    Ok(Stored {
        received_at: time("received_at", &added.received_at)?,
        updated_at: time("updated_at", &added.updated_at)?,
        aside: Aside::brought_by(
            added.aside.as_array().into_iter().flatten().filter_map(|name| name.as_str()),
        ),
        named: Named::default(),
        response: received.message,
    })
}

/// The options of an import on the command line.
#[derive(Clone, Debug)]
pub struct Import {
    /// The values that the file does not have.
    pub defaults: Defaults,
    /// The given mapping: pairs of a target and a column's name.
    pub map: Vec<(Target, String)>,
    /// The notation of times; `None` to guess it.
    pub dates: Option<Dates>,
    /// Whether it is a dry run.
    pub mode: ImportMode,
}

/// How a file was read, and the result of its import.
#[derive(Clone, Debug)]
pub struct ImportReport {
    /// The product that wrote it.
    pub origin: Origin,
    /// The encoding of its text.
    pub encoding: &'static str,
    /// The delimiter between columns; `None` for JSON Lines.
    pub delimiter: Option<char>,
    /// The notation of its times.
    pub dates: Option<Dates>,
    /// Each column's name and target.
    pub columns: Vec<(String, Target)>,
    /// The result.
    pub outcome: Outcome,
}

/// Imports the bytes of a file into a database. `progress` is called with the number of rows done and the total.
///
/// # Errors
/// The file is no table, a required column is missing, or the database failed.
pub async fn import_file(
    config: &Config,
    bytes: Vec<u8>,
    import_: &Import,
    mut progress: impl FnMut(u64, u64) + Send,
) -> Result<ImportReport, ExchangeError> {
    let file = File::open(bytes).map_err(|error| ExchangeError::Refused(error.to_string()))?;
    let mapping = mapping_of(&file, &import_.map, import_.dates).map_err(ExchangeError::Refused)?;
    let problems = file.problems(&mapping, &import_.defaults);
    if !problems.is_empty() {
        let advice: Vec<String> =
            problems.iter().map(|problem| problem.advice(Place::CommandLine)).collect();
        return Err(ExchangeError::Refused(format!(
            "{}\nThe columns are: {}",
            advice.join("\n"),
            columns(&file, &mapping)
                .iter()
                .map(|(name, target)| format!("{name} ({target})"))
                .collect::<Vec<_>>()
                .join(", ")
        )));
    }
    let store = Store::open(&config.database, config.busy_timeout).await?;
    let keep: Vec<Keep> = privacy::retention(&store, config.keep_days).await?;
    let rules = Rules {
        redaction: config.redaction,
        keep: &keep,
        mode: import_.mode,
        batch: BATCH_ANSWERS,
    };
    let outcome = import(&store, &file, &mapping, &import_.defaults, rules, &mut progress).await;
    store.close().await;
    Ok(ImportReport {
        origin: mapping.origin,
        encoding: file.encoding,
        delimiter: match &file.content {
            Content::Table(table) => Some(char::from(table.delimiter)),
            Content::Lines(_) => None,
        },
        dates: mapping.dates,
        columns: columns(&file, &mapping),
        outcome: outcome?,
    })
}

/// The mapping of a file: guessed, and corrected by the given one.
pub(crate) fn mapping_of(
    file: &File,
    said: &[(Target, String)],
    dates: Option<Dates>,
) -> Result<Mapping, String> {
    let Content::Table(table) = &file.content else {
        return Ok(Mapping {
            origin: Origin::Afterword,
            targets: Vec::new(),
            dates: None,
            stars: None,
        });
    };
    let mut mapping = Mapping::guess(table);
    for (target, name) in said {
        let column = table.names.iter().position(|known| known == name).ok_or_else(|| {
            format!("there is no column {name:?}; the columns are {}", table.names.join(", "))
        })?;
        // Only one of these two can be the score.
        let rival = match target {
            Target::Score => Some(Target::Stars),
            Target::Stars => Some(Target::Score),
            _ => None,
        };
        for other in mapping.targets.iter_mut().filter(|it| Some(**it) == rival) {
            *other = Target::Ignore;
        }
        // A given target replaces the same guessed one.
        if !matches!(target, Target::Ignore | Target::Property | Target::Tags) {
            for other in mapping.targets.iter_mut().filter(|it| *it == target) {
                *other = Target::Ignore;
            }
        }
        mapping.targets[column] = *target;
    }
    if !said.is_empty() && mapping.origin != Origin::Afterword {
        mapping.dates = mapping.guess_dates(table);
    }
    mapping.dates = dates.or(mapping.dates);
    Ok(mapping)
}

fn columns(file: &File, mapping: &Mapping) -> Vec<(String, Target)> {
    match &file.content {
        Content::Table(table) => {
            table.names.iter().cloned().zip(mapping.targets.iter().copied()).collect()
        }
        Content::Lines(_) => Vec::new(),
    }
}

/// Rejected rows as a table: the reason, the line, and the cells under their names.
///
/// # Errors
/// None in practice, since it is written to memory.
pub fn rejected_csv(names: &[String], rejected: &[RejectedRow]) -> io::Result<Vec<u8>> {
    rejected_csv_for(Language::English, names, rejected)
}

/// The same in a language, and for its spreadsheets.
pub(crate) fn rejected_csv_for(
    language: Language,
    names: &[String],
    rejected: &[RejectedRow],
) -> io::Result<Vec<u8>> {
    let delimiter = if language == Language::German { b';' } else { b',' };
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .delimiter(delimiter)
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    let names = names.iter().map(|name| super::cell::neutralised(name));
    writer.write_record(["line".to_owned(), "reason".to_owned()].into_iter().chain(names))?;
    for row in rejected {
        let cells = row.cells.iter().map(super::cell::neutralised);
        let reason = reason::of_row(&row.reason, language);
        let start = [row.line.to_string(), super::cell::neutralised(&reason)];
        writer.write_record(start.into_iter().chain(cells))?;
    }
    writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use afterword_response::{
        Customer, Order, Response,
        receive::{self, Problem},
    };

    use super::*;

    /// The valid rows of a file.
    fn taken(bytes: &[u8]) -> Vec<Stored> {
        let Ok(file) = File::open(bytes.to_vec()) else { return Vec::new() };
        let Ok(mapping) = mapping_of(&file, &[], None) else { return Vec::new() };
        let zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
        let defaults = Defaults { locale: "de".into(), ..Defaults::of_survey("default") };
        match &file.content {
            Content::Table(table) if mapping.problems(table, &defaults).is_empty() => {
                let mut reader = Reader::new(table, &mapping, &defaults, &zone);
                table.rows().filter_map(|row| reader.read(&row).ok()).collect()
            }
            Content::Table(_) => Vec::new(),
            Content::Lines(text) => {
                lines(text).filter_map(|(_, line)| own_line(line).ok()).collect()
            }
        }
    }

    /// Removes empty values, which a table cannot distinguish from missing ones.
    fn without_empty(mut response: Response) -> Response {
        response.comment = response.comment.filter(|comment| !comment.is_empty());
        response.properties.retain(|(_, value)| !value.is_empty());
        response.order = response.order.filter(|order| *order != Order::default());
        response.customer = response.customer.filter(|customer| *customer != Customer::default());
        response
    }

    /// All answers that are read from any file hold the contract, and an export of them is read back unchanged.
    #[test]
    fn fuzz_file() {
        bolero::check!(name = "file").with_iterations(500).for_each(|bytes: &[u8]| {
            let answers = taken(bytes);
            for stored in &answers {
                for problem in receive::check(&stored.response) {
                    let is_unknown = matches!(problem.problem, Problem::Missing | Problem::Empty);
                    assert!(is_unknown, "{problem:?}");
                }
            }
            let mut properties: Vec<String> = answers
                .iter()
                .flat_map(|it| it.response.properties.iter().map(|(name, _)| name.clone()))
                .collect();
            properties.sort();
            properties.dedup();
            // The other properties share one column.
            properties.truncate(3);
            let responses: Vec<Response> =
                answers.iter().map(|it| without_empty(it.response.clone())).collect();
            for format in
                [Format::Csv(Dialect::Comma), Format::Csv(Dialect::Semicolon), Format::JsonLines]
            {
                let writer = Writer::new(format, properties.clone());
                let mut file = writer.head().unwrap();
                let copies = answers.iter().map(|it| Stored {
                    response: it.response.clone(),
                    received_at: it.received_at,
                    updated_at: it.updated_at,
                    aside: it.aside,
                    named: Named::default(),
                });
                file.extend(writer.lines(copies.collect()).unwrap());
                let again = taken(&file).into_iter().map(|it| without_empty(it.response));
                assert_eq!(again.collect::<Vec<_>>(), responses, "{format:?}");
            }
        });
    }
}
