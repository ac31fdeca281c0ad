//! The views of an import: the section of the page, the preview, and the result.

use axum::response::Response;
use maud::{Markup, html};

use crate::{
    access::person::Person,
    exchange::{
        mapping::Mapping,
        outcome::Tally,
        reason,
        run::{
            Content, Dates, Defaults, File, MAX_REJECTED, Origin, Outcome, Preview, Problem,
            RejectedRow, Target,
        },
        table::Table,
    },
    language::Language,
    locales,
    site::{
        data::{
            survey_options,
            texts::{self, number},
            touchpoint_options,
            words::Words,
        },
        frame::{Place, form_token, moment, page},
    },
};
use afterword_response::Touchpoint;

/// Rejected rows that are shown.
const MAX_REJECTED_SHOWN: usize = 20;
/// Currencies that can be chosen for amounts without one: the most used ones in the region.
const CURRENCIES: [&str; 12] =
    ["EUR", "CHF", "USD", "GBP", "PLN", "CZK", "DKK", "SEK", "NOK", "HUF", "CAD", "AUD"];
/// Cells of a column that are shown.
const MAX_SAMPLES: usize = 3;

/// The steps of an import, with the current one marked.
fn steps(at: usize, words: &Words) -> Markup {
    html! {
        ol .steps aria-label=(words.steps) {
            @for (index, step) in [words.step_file, words.step_check, words.step_done].iter().enumerate() {
                li aria-current=[(index == at).then_some("step")] { (step) }
            }
        }
    }
}

/// The section of the page.
pub(in crate::site::data) fn section(
    person: &Person,
    surveys: &[(String, String)],
    words: &Words,
) -> Markup {
    let german = person.language == Language::German;
    let usual = Defaults {
        survey: surveys.first().map_or_else(String::new, |(id, _)| id.clone()),
        touchpoint: Touchpoint::Order,
        locale: if german { "de" } else { "en" }.into(),
        currency: None,
    };
    html! {
        section .sheet aria-labelledby="import" {
            h2 #import { (words.import) }
            p .quiet { (words.import_lead) }
            (steps(0, words))
            form method="post" action="/data/import" enctype="multipart/form-data" {
                (form_token(person))
                div .field {
                    label for="i-file" { (words.file) }
                    input #i-file type="file" name="file" required
                        accept=".csv,.tsv,.txt,.jsonl,.json,.xlsx,text/csv" aria-describedby="i-file-hint";
                    p #i-file-hint .hint { (words.file_hint) }
                }
                (belonging(surveys, &usual, Amounts::Absent, person.language, words))
                button { (words.check_file) }
            }
        }
    }
}

/// Whether a file has amounts, which may lack a currency.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Amounts {
    /// The currency is asked about.
    Present,
    /// The file has none, or was not read yet.
    Absent,
}

/// The fields for the defaults of a file's answers.
fn belonging(
    surveys: &[(String, String)],
    defaults: &Defaults,
    amounts: Amounts,
    language: Language,
    words: &Words,
) -> Markup {
    let is_known = surveys.iter().any(|(id, _)| *id == defaults.survey);
    let new = if is_known { "" } else { defaults.survey.as_str() };
    html! {
        fieldset {
        legend { (words.belongs) }
        p .hint { (words.unless) }
        div .pair {
            @if !surveys.is_empty() {
                div .field {
                    label for="i-survey" { (words.into_survey) }
                    select #i-survey name="survey" { (survey_options(surveys, &defaults.survey)) }
                }
            }
            div .field {
                label for="i-new" {
                    (if surveys.is_empty() { words.into_survey } else { words.new_survey })
                }
                input #i-new name="new_survey" value=(new) maxlength="64" autocomplete="off"
                    required[surveys.is_empty()] pattern="[A-Za-z0-9._\\-]+"
                    aria-describedby="i-new-hint";
                p #i-new-hint .hint { (words.new_survey_hint) }
            }
            (asked(defaults, language, words))
            @if amounts == Amounts::Present {
                div .field {
                    label for="i-currency" { (words.currency) }
                    select #i-currency name="currency" {
                        option value="" { (words.currency_of_file) }
                        @for code in CURRENCIES {
                            option value=(code) selected[defaults.currency.as_deref() == Some(code)] { (code) }
                        }
                    }
                }
            }
        }
        }
    }
}

/// The fields for the touchpoint and the language.
fn asked(defaults: &Defaults, language: Language, words: &Words) -> Markup {
    html! {
        div .field {
            label for="i-touchpoint" { (words.asked_at) }
            select #i-touchpoint name="touchpoint" {
                (touchpoint_options(Some(defaults.touchpoint), language))
            }
        }
        div .field {
            label for="i-locale" { (words.language) }
            select #i-locale name="locale" {
                @for locale in locales::all() {
                    option value=(locale.tag) selected[defaults.locale == locale.tag] { (locale.name) }
                }
            }
        }
    }
}

/// A file that waits, with the meaning of its columns.
pub(super) struct Trial<'a> {
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    pub(super) file: &'a File,
    pub(super) mapping: &'a Mapping,
    pub(super) defaults: &'a Defaults,
    pub(super) problems: &'a [Problem],
    pub(super) outcome: &'a Outcome,
    pub(super) surveys: &'a [(String, String)],
}

/// The preview of an import.
pub(super) fn trial(person: &Person, trial: &Trial<'_>) -> Response {
    let words = Words::of(person.language);
    let Trial { file, mapping, defaults, problems, outcome, .. } = trial;
    let is_ready = problems.is_empty() && outcome.added > 0;
    let is_own = mapping.origin == Origin::Afterword;
    let has_amounts = mapping.column(Target::Value).is_some();
    let amounts = if has_amounts { Amounts::Present } else { Amounts::Absent };
    let main = html! {
        div .data .stack {
            header { h1 { (words.understood) } p .lead { (trial.name) } }
            (steps(1, words))
            form .stack method="post" action={ "/data/import/" (trial.id) } {
                (form_token(person))
                section .sheet {
                    (facts(trial, person.language, words))
                    @if !problems.is_empty() {
                        div .notice .warn role="alert" {
                            strong { (words.not_yet) }
                            ul { @for problem in *problems { li { (texts::mapping_problem(*problem, words, person.language)) } } }
                        }
                    } @else {
                        (counts(&Tally::of(outcome), [words.would_add, words.known, words.not_taken], person.language, words))
                        @if outcome.added == 0 {
                            p .notice .warn role="status" {
                                strong { (words.none_new) } " " (words.none_new_do)
                            }
                        }
                    }
                    @if is_own && outcome.added > 0 { p .quiet { (words.own_columns) } }
                }
                @if let (Content::Table(table), false) = (&file.content, is_own) {
                    section .sheet aria-labelledby="columns" {
                        h2 #columns { (words.columns) }
                        p .quiet { (words.left_out) }
                        table .meaning {
                            thead { tr {
                                th scope="col" { (words.column) }
                                th scope="col" { (words.is) }
                                th scope="col" { (words.examples) }
                            } }
                            tbody {
                                @for (index, name) in table.names.iter().enumerate() {
                                    @let target = mapping.targets.get(index).copied().unwrap_or(Target::Ignore);
                                    tr {
                                        th scope="row" {
                                            label for={ "c" (index) } { (short(name)) }
                                            @if let Some(label) = table.labels.get(index).filter(|it| !it.is_empty()) {
                                                small { (short(label)) }
                                            }
                                        }
                                        td { (target_select(index, target, person.language)) }
                                        td .sample { (samples(table, index)) }
                                    }
                                }
                            }
                        }
                        div .pair {
                            div .field {
                                label for="dates" { (words.times) }
                                select #dates name="dates" {
                                    @if mapping.dates.is_none() { option value="" selected { (words.as_guessed) } }
                                    @for (name, dates) in Dates::NAMES {
                                        option value=(name) selected[mapping.dates == Some(dates)] {
                                            (texts::dates(dates, person.language))
                                        }
                                    }
                                }
                            }
                        }
                        (belonging(trial.surveys, defaults, amounts, person.language, words))
                    }
                } @else {
                    input type="hidden" name="survey" value=(defaults.survey);
                    input type="hidden" name="touchpoint" value=(defaults.touchpoint.name());
                    input type="hidden" name="locale" value=(defaults.locale);
                }
                @if !outcome.first.is_empty() { (first(person, &outcome.first, words)) }
                @if !outcome.rejected.is_empty() {
                    (rejected(&outcome.rejected, outcome.refused, person.language, words))
                }
                div .row {
                    @if is_ready {
                        button name="do" value="import" { (texts::import_now(outcome.added, person.language)) }
                    }
                    @if !is_own {
                        button .second name="do" value="check" { (words.again) }
                    }
                    a .button .second href="/data#import" { (words.another_file) }
                }
            }
        }
    };
    page(person, Place::Data, words.understood, &main)
}

fn facts(trial: &Trial<'_>, language: Language, words: &Words) -> Markup {
    let delimiter = match &trial.file.content {
        Content::Table(table) if table.sheet.is_some() => words.workbook,
        Content::Table(table) => match table.delimiter {
            b';' => words.semicolon,
            b'\t' => words.tab,
            _ => words.comma,
        },
        Content::Lines(_) => words.lines,
    };
    let sheet = match &trial.file.content {
        Content::Table(table) => table.sheet.as_deref(),
        Content::Lines(_) => None,
    };
    let origin = match trial.mapping.origin {
        Origin::Other => words.another,
        origin => origin.name(),
    };
    html! {
        dl .facts {
            dt { (words.of) } dd { (origin) }
            @if sheet.is_none() { dt { (words.encoding) } dd { (trial.file.encoding) } }
            dt { (words.format_is) } dd { (delimiter) }
            @if let Some(sheet) = sheet { dt { (words.sheet) } dd { (sheet) } }
            dt { (words.rows) } dd { (number(trial.outcome.rows, language)) }
        }
    }
}

/// The counts of rows, in the preview or the result.
fn counts(
    done: &Tally,
    [added, known, not_taken]: [&str; 3],
    language: Language,
    words: &Words,
) -> Markup {
    let number = |count| number(count, language);
    html! {
        dl .counts {
            div { dt { (added) } dd { (number(done.added)) } }
            div { dt { (known) } dd { (number(done.known)) } }
            @if done.erased > 0 { div { dt { (words.was_erased) } dd { (number(done.erased)) } } }
            div { dt { (not_taken) } dd { (number(done.rejected)) } }
        }
    }
}

fn target_select(column: usize, chosen: Target, language: Language) -> Markup {
    html! {
        select id={ "c" (column) } name={ "c" (column) } {
            @for (name, target) in Target::NAMES {
                option value=(name) selected[target == chosen] { (texts::target(target, language)) }
            }
        }
    }
}

/// The beginning of a column's name: some are whole questions with an explanation.
fn short(name: &str) -> String {
    let mut short: String = name.chars().take(120).collect();
    if short.len() < name.len() {
        short.push('…');
    }
    short
}

fn samples(table: &Table, column: usize) -> String {
    let cells = table.sample.iter().filter_map(|row| row.cells.get(column));
    let filled = cells.map(str::trim).filter(|cell| !cell.is_empty());
    let short = filled.take(MAX_SAMPLES).map(|cell| {
        let text: String = cell.chars().take(40).collect();
        if text.len() < cell.len() { format!("{text}…") } else { text }
    });
    short.collect::<Vec<_>>().join(" · ")
}

fn first(person: &Person, answers: &[Preview], words: &Words) -> Markup {
    html! {
        section .sheet {
            h2 #first { (words.first) }
            div .table-frame tabindex="0" role="region" aria-labelledby="first" {
                table .plain-rows {
                    thead { tr {
                        th scope="col" { (words.line) }
                        th scope="col" { (words.time) }
                        th .number scope="col" { (words.score) }
                        th scope="col" { (words.comment) }
                        th scope="col" { (words.order) }
                    } }
                    tbody {
                        @for answer in answers {
                            tr {
                                td { (answer.line) }
                                td { (moment(answer.time, person)) }
                                td .number { (answer.score) }
                                td .comment { (answer.comment.as_deref().unwrap_or("")) }
                                td { (answer.order.as_deref().unwrap_or("")) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn rejected(rows: &[RejectedRow], refused: u64, language: Language, words: &Words) -> Markup {
    html! {
        section .sheet {
            h2 #rejected { (words.rejected) }
            div .table-frame tabindex="0" role="region" aria-labelledby="rejected" {
                table .plain-rows {
                    thead { tr {
                        th scope="col" { (words.line) }
                        th scope="col" { (words.reason) }
                    } }
                    tbody {
                        @for row in rows.iter().take(MAX_REJECTED_SHOWN) {
                            tr { td { (row.line) } td { (reason::of_row(&row.reason, language)) } }
                        }
                    }
                }
            }
            @let more = refused.saturating_sub(MAX_REJECTED_SHOWN as u64);
            @if more > 0 { p .hint { (number(more, language)) (words.and_more) } }
        }
    }
}

/// The result of an import.
pub(super) fn done(
    person: &Person,
    id: &str,
    name: &str,
    outcome: &Tally,
    has_rejected: bool,
) -> Response {
    let words = Words::of(person.language);
    let main = html! {
        div .data .stack {
            header { h1 { (words.imported) } p .lead { (name) } }
            (steps(2, words))
            section .sheet role="status" {
                (counts(outcome, [words.added, words.was_known, words.was_not_taken], person.language, words))
                p { (if outcome.added > 0 { words.imported_do } else { words.nothing_new }) }
                @if has_rejected {
                    p { a .button .second href={ "/data/import/" (id) "/rejected" } download { (words.download_rejected) } }
                    p .hint {
                        (words.download_rejected_hint)
                        @if outcome.rejected > MAX_REJECTED as u64 {
                            " " (words.listed_first.replace("{count}", &number(MAX_REJECTED as u64, person.language)))
                        }
                    }
                }
            }
            div .row {
                // All periods, since the default one may show none of them.
                a .button href="/?period=all" { (words.to_report) }
                a .button .second href="/data" { (words.to_data) }
            }
        }
    };
    page(person, Place::Data, words.imported, &main)
}
