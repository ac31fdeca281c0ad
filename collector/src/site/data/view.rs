//! Data: answers as files, out and in; erasing, and the receipts of it; backups.

use afterword_response::Touchpoint;
use axum::response::Response;
use jiff::Timestamp;
use maud::{Markup, html};

use crate::{
    access::{Role, person::Person},
    exchange::{
        mapping::{Mapping, Origin},
        outcome::Tally,
        reason,
        run::{
            Content, Dates, Defaults, File, NoTable, Outcome, Preview, Problem, Rejected, Target,
        },
    },
    language::Language,
    query::SEGMENTS,
    site::frame::{Place, form_token, format::Format, moment, names::Names, page},
    store::erasures::{Receipt, Subject},
    words::words,
};

/// How many rows that are not taken are shown.
const SHOWN: usize = 20;
/// How many cells of a column are shown.
const SAMPLES: usize = 3;

words! {
    struct Texts {
        title: "Data", "Daten";
        lead: "Take answers with you, bring old ones along, erase what has to go.",
            "Antworten mitnehmen, alte mitbringen, löschen, was gehen muss.";
        all: "All", "Alle";

        export: "Export", "Exportieren";
        export_lead: "Every answer that fits, as a file. It is written while it is sent, however many there are.",
            "Alle passenden Antworten als Datei. Sie wird beim Herunterladen geschrieben, egal wie viele es sind.";
        survey: "Survey", "Umfrage";
        touchpoint: "Touchpoint", "Kontaktpunkt";
        segment: "Segment", "Gruppe";
        from: "From", "Von";
        to: "To", "Bis";
        words: "Words in the comment", "Wörter im Kommentar";
        format: "Format", "Format";
        csv: "CSV for Excel", "CSV für Excel";
        csv_hint: "Commas between columns. No cell is ever a formula.",
            "Semikolons zwischen den Spalten, Beträge mit Komma. Keine Zelle wird je zur Formel.";
        jsonl: "JSON Lines", "JSON Lines";
        jsonl_hint: "For programs: one answer a line.", "Für Programme: eine Antwort pro Zeile.";
        download: "Download", "Herunterladen";
        program_hint: "Programs read the same at ", "Programme lesen dasselbe unter ";

        import: "Import", "Importieren";
        import_lead: "Bring old answers along, so that your trend does not start at zero: exports of Delighted and Wootric, any CSV, and Afterword's own files.",
            "Bringen Sie alte Antworten mit, damit Ihr Verlauf nicht bei null beginnt: Exporte von Delighted und Wootric, jede CSV-Datei und Dateien von Afterword selbst.";
        step_file: "Choose a file", "Datei wählen";
        step_check: "Check", "Prüfen";
        step_done: "Done", "Fertig";
        steps: "Steps", "Schritte";
        file: "File", "Datei";
        file_hint: "CSV with the columns' names in the first line, or JSON Lines; at most 20 MB. Nothing is imported yet: first you see how it is understood.",
            "CSV mit den Spaltennamen in der ersten Zeile oder JSON Lines; höchstens 20 MB. Noch wird nichts importiert: Erst sehen Sie, wie die Datei verstanden wird.";
        belongs: "What the answers belong to", "Wozu die Antworten gehören";
        into_survey: "Survey", "Umfrage";
        new_survey: "Or a new one", "Oder eine neue";
        new_survey_hint: "Its id: letters, digits, hyphens.", "Ihre Kennung: Buchstaben, Ziffern, Bindestriche.";
        asked_at: "Touchpoint", "Kontaktpunkt";
        language: "Language", "Sprache";
        german: "German", "Deutsch";
        english: "English", "Englisch";
        unless: "Where the file itself says otherwise, the file counts.",
            "Wo die Datei selbst etwas anderes sagt, gilt die Datei.";
        check_file: "Check the file", "Datei prüfen";
        not_allowed: "Your role sees this page only. Members may import and erase.",
            "Ihre Rolle darf hier nur lesen. Importieren und löschen darf, wer die Rolle Mitarbeit hat.";

        understood: "How the file is understood", "So wird die Datei verstanden";
        of: "Origin", "Herkunft";
        another: "another program", "ein anderes Programm";
        encoding: "Encoding", "Zeichensatz";
        format_is: "Format", "Format";
        comma: "CSV with commas", "CSV mit Kommas";
        semicolon: "CSV with semicolons", "CSV mit Semikolons";
        tab: "CSV with tabs", "CSV mit Tabulatoren";
        lines: "JSON Lines, one answer a line", "JSON Lines, eine Antwort pro Zeile";
        rows: "Rows", "Zeilen";
        columns: "What the columns are", "Was in den Spalten steht";
        column: "Column", "Spalte";
        examples: "Examples", "Beispiele";
        is: "Meaning", "Bedeutung";
        times: "Times are written", "Zeiten sind geschrieben";
        as_guessed: "as guessed", "wie erkannt";
        own_columns: "This is Afterword's own export; every column is known.",
            "Das ist ein Export von Afterword selbst; jede Spalte ist bekannt.";
        left_out: "Names, e-mail addresses and IP addresses are left out unless you choose otherwise. Comments are redacted like all others.",
            "Namen, E-Mail-Adressen und IP-Adressen werden weggelassen, wenn Sie nichts anderes wählen. Kommentare werden bereinigt wie alle anderen.";
        first: "The first answers, as they would be stored", "Die ersten Antworten, so wie sie gespeichert würden";
        line: "Line", "Zeile";
        time: "Time", "Zeit";
        score: "Score", "Bewertung";
        comment: "Comment", "Kommentar";
        order: "Order", "Bestellung";
        would_add: "would be added", "kämen hinzu";
        added: "added", "hinzugekommen";
        known: "are there already", "sind schon da";
        was_erased: "were erased and stay so", "wurden gelöscht und bleiben es";
        not_taken: "are not taken", "werden nicht übernommen";
        was_known: "were there already", "waren schon da";
        was_not_taken: "were not taken", "nicht übernommen";
        rejected: "What is not taken", "Was nicht übernommen wird";
        reason: "Reason", "Grund";
        and_more: " more are in the list that you can download after the import.",
            " weitere stehen in der Liste, die Sie nach dem Import herunterladen können.";
        again: "Check again", "Noch einmal prüfen";
        none_new: "Nothing to import.", "Nichts zu importieren.";
        none_new_do: "None of the rows would add an answer.", "Keine der Zeilen brächte eine neue Antwort.";
        another_file: "Another file", "Andere Datei";
        not_yet: "Not yet.", "Noch nicht.";
        missing_score: "Say which column is the score.", "Wählen Sie, in welcher Spalte die Bewertung steht.";
        missing_time: "Say which column is the time.", "Wählen Sie, in welcher Spalte die Zeit steht.";
        double: "Only one column can be: ", "Nur eine Spalte kann das sein: ";
        dates_unclear: "The times are not all written in one way that is known. Say how they are written, or choose another column.",
            "Die Zeiten sind nicht alle auf eine bekannte Weise geschrieben. Wählen Sie, wie sie geschrieben sind, oder eine andere Spalte.";

        imported: "Imported", "Importiert";
        imported_do: "The report counts them from now on. A second import of the same file would change nothing.",
            "Der Bericht zählt sie ab jetzt mit. Ein zweiter Import derselben Datei würde nichts ändern.";
        nothing_new: "Nothing new was in the file; nothing has changed.",
            "In der Datei war nichts Neues; es hat sich nichts geändert.";
        download_rejected: "Download the rows that were not taken", "Nicht übernommene Zeilen herunterladen";
        download_rejected_hint: "Correct them there and import the file again. They are kept here for a day.",
            "Berichtigen Sie sie dort und importieren Sie die Datei erneut. Sie werden hier einen Tag aufgehoben.";
        to_report: "See the report", "Zum Bericht";
        to_data: "Back to Data", "Zurück zu Daten";

        erase: "Erase", "Löschen";
        erase_lead: "When somebody asks to be forgotten. You see what would go before it does.",
            "Wenn jemand vergessen werden möchte. Sie sehen vorher, was gelöscht wird.";
        erase_by: "Whose answers", "Wessen Antworten";
        by_order: "Of an order, by its number", "Einer Bestellung, nach ihrer Nummer";
        by_customer: "Of a customer, by their number", "Einer Kundin oder eines Kunden, nach der Nummer";
        by_response: "One response, by its id", "Eine Antwort, nach ihrer Kennung";
        value: "Number or id", "Nummer oder Kennung";
        look: "See what would go", "Ansehen, was gelöscht würde";
        sure: "Erase these answers for good?", "Diese Antworten endgültig löschen?";
        sure_lead: "They leave the report, the search and the files of the database, together with their displays. They do not come back by a late retry or an import. Backups made before still hold them.",
            "Sie verschwinden aus Bericht, Suche und den Dateien der Datenbank, samt ihren Anzeigen. Auch eine verspätete Sendung oder ein Import bringt sie nicht zurück. Ältere Sicherungen enthalten sie noch.";
        erase_now: "Erase for good", "Endgültig löschen";
        keep: "Keep them", "Behalten";
        erased: "Erased.", "Gelöscht.";
        receipt_is: "Your receipt: ", "Ihr Beleg: ";
        receipt_do: "Note it with the request: it says how much was erased, and not whose.",
            "Vermerken Sie ihn bei der Anfrage: Er sagt, wie viel gelöscht wurde, und nicht, von wem.";
        nothing: "Nothing found.", "Nichts gefunden.";
        nothing_do: "No answer is kept under ", "Keine Antwort ist gespeichert unter ";

        receipts: "Receipts", "Belege";
        no_receipts: "Nothing was erased so far.", "Bisher wurde nichts gelöscht.";
        receipt: "Receipt", "Beleg";
        when: "When", "Wann";
        why: "By", "Nach";
        responses: "Answers", "Antworten";
        one_response: "answer", "Antwort";
        many_responses: "answers", "Antworten";
        one_display: "display", "Anzeige";
        many_displays: "displays", "Anzeigen";
        open_quote: "“", "„";
        close_quote: "”", "“";
        with_comment: "with a comment", "mit Kommentar";
        with_contact: "with a contact", "mit Kontakt";
        displays: "Displays", "Anzeigen";
        subject_response: "response", "Antwort";
        subject_order: "order", "Bestellung";
        subject_customer: "customer", "Kundin oder Kunde";
        subject_retention: "age", "Alter";

        backups: "Backups", "Sicherungen";
        backups_lead: "Everything is in one file. This makes a whole copy of it, also while the collector runs; put it into a daily job, and keep the copies on another machine.",
            "Alles liegt in einer Datei. Dieser Befehl macht eine vollständige Kopie davon, auch im laufenden Betrieb; führen Sie ihn täglich aus und bewahren Sie die Kopien auf einem anderen Rechner auf.";
        restore_lead: "To bring one back, stop the collector; what was there is kept beside it.",
            "Zum Zurückholen halten Sie den Collector an; was vorher da war, bleibt daneben liegen.";
        doctor_lead: "This looks everything over and says what to do.",
            "Dieser Befehl sieht alles durch und sagt, was zu tun ist.";

        refused: "Not possible.", "Das geht nicht.";
        no_file: "Choose a file first.", "Wählen Sie zuerst eine Datei.";
        too_large: "The file is larger than 20 MB. Split it, or import it on the command line: afterword-collector import FILE.",
            "Die Datei ist größer als 20 MB. Teilen Sie sie, oder importieren Sie sie auf der Kommandozeile: afterword-collector import DATEI.";
        empty: "The file is empty. Export it again, with the names of the columns.",
            "Die Datei ist leer. Exportieren Sie sie noch einmal, mit den Namen der Spalten.";
        one_column: "Only one column was found. The file must be a table with commas, semicolons or tabs between its columns, and their names in the first line.",
            "Es wurde nur eine Spalte gefunden. Die Datei muss eine Tabelle sein, mit Kommas, Semikolons oder Tabulatoren zwischen den Spalten und deren Namen in der ersten Zeile.";
        wrong_survey: "A survey's id has 1 to 64 letters, digits, full stops, hyphens or underscores, and no umlauts.",
            "Die Kennung einer Umfrage hat 1 bis 64 Buchstaben, Ziffern, Punkte, Binde- oder Unterstriche und keine Umlaute.";
        no_value: "Enter the number or id.", "Geben Sie die Nummer oder Kennung ein.";
        confirmed: "Confirmed.", "Bestätigt.";
        confirmed_do: "It is erased now, beside everything else; the receipt appears below.",
            "Es wird nun nebenher gelöscht; der Beleg erscheint unten.";
    }
}

/// What is said on top of the page.
pub(crate) enum Said {
    Nothing,
    NoFile,
    TooLarge,
    NoTable(NoTable),
    WrongSurvey,
    NoValue,
    NothingFound(String),
    Erased(Receipt),
    /// That an erasure by age that waited shall go on.
    ExpiryConfirmed,
}

impl Said {
    /// Whether something was not done.
    pub(crate) const fn is_refusal(&self) -> bool {
        !matches!(
            self,
            Self::Nothing | Self::NothingFound(_) | Self::Erased(_) | Self::ExpiryConfirmed
        )
    }

    fn notice(&self, texts: &Texts) -> Markup {
        let refusal = |words: &str| {
            html! { p .notice .bad role="alert" { strong { (texts.refused) } " " (words) } }
        };
        match self {
            Self::Nothing => html! {},
            Self::NoFile => refusal(texts.no_file),
            Self::TooLarge => refusal(texts.too_large),
            Self::NoTable(NoTable::Empty) => refusal(texts.empty),
            Self::NoTable(_) => refusal(texts.one_column),
            Self::WrongSurvey => refusal(texts.wrong_survey),
            Self::NoValue => refusal(texts.no_value),
            Self::ExpiryConfirmed => html! {
                p .notice .good role="status" { strong { (texts.confirmed) } " " (texts.confirmed_do) }
            },
            Self::NothingFound(value) => html! {
                p .notice role="status" {
                    strong { (texts.nothing) } " " (texts.nothing_do) (texts.open_quote) (value) (texts.close_quote) "."
                }
            },
            Self::Erased(receipt) => html! {
                div .notice .good role="status" {
                    p { strong { (texts.erased) } " "
                        (many(receipt.responses, texts.one_response, texts.many_responses)) ", "
                        (many(receipt.displays, texts.one_display, texts.many_displays)) "." }
                    p { (texts.receipt_is) code { (receipt.receipt) } ". " (texts.receipt_do) }
                }
            },
        }
    }
}

/// The page.
pub(crate) fn data(
    person: &Person,
    surveys: &[(String, String)],
    receipts: &[Receipt],
    said: &Said,
    waiting: &Markup,
) -> Response {
    let texts = Texts::of(person.language);
    let may = person.may(Role::Member);
    let main = html! {
        div .data .stack {
            header { h1 { (texts.title) } p .lead { (texts.lead) } }
            (said.notice(texts))
            (waiting)
            (export(person, surveys, texts))
            @if may {
                (import(person, surveys, texts))
                (erase(person, texts))
            } @else {
                p .notice { (texts.not_allowed) }
            }
            (list(person, receipts, texts))
            (backups(texts))
        }
    };
    page(person, Place::Data, texts.title, &main)
}

fn survey_options(surveys: &[(String, String)], chosen: &str) -> Markup {
    html! {
        @for (id, title) in surveys { option value=(id) selected[id == chosen] { (title) } }
    }
}

fn touchpoint_options(chosen: Option<Touchpoint>, language: Language) -> Markup {
    let names = Names::of(language);
    html! {
        @for touchpoint in Touchpoint::NAMES.iter().filter_map(|name| Touchpoint::from_name(name)) {
            option value=(touchpoint.name()) selected[chosen == Some(touchpoint)] {
                (names.touchpoint(touchpoint))
            }
        }
    }
}

fn export(person: &Person, surveys: &[(String, String)], texts: &Texts) -> Markup {
    let names = Names::of(person.language);
    html! {
        section .sheet aria-labelledby="export" {
            h2 #export { (texts.export) }
            p .quiet { (texts.export_lead) }
            form method="get" action="/data/export" {
                div .pair {
                    div .field {
                        label for="x-survey" { (texts.survey) }
                        select #x-survey name="survey" {
                            option value="" { (texts.all) }
                            (survey_options(surveys, ""))
                        }
                    }
                    div .field {
                        label for="x-touchpoint" { (texts.touchpoint) }
                        select #x-touchpoint name="touchpoint" {
                            option value="" { (texts.all) }
                            (touchpoint_options(None, person.language))
                        }
                    }
                    div .field {
                        label for="x-segment" { (texts.segment) }
                        select #x-segment name="segment" {
                            option value="" { (texts.all) }
                            @for (name, segment) in SEGMENTS {
                                option value=(name) { (names.segment(segment)) }
                            }
                        }
                    }
                    div .field {
                        label for="x-from" { (texts.from) }
                        input #x-from type="date" name="from";
                    }
                    div .field {
                        label for="x-to" { (texts.to) }
                        input #x-to type="date" name="to";
                    }
                    div .field {
                        label for="x-q" { (texts.words) }
                        input #x-q name="q" autocomplete="off" maxlength="200";
                    }
                }
                fieldset {
                    legend { (texts.format) }
                    div .files {
                        div .choice {
                            input #x-csv type="radio" name="format" value="csv" checked;
                            label for="x-csv" { (texts.csv) small { (texts.csv_hint) } }
                        }
                        div .choice {
                            input #x-jsonl type="radio" name="format" value="jsonl";
                            label for="x-jsonl" { (texts.jsonl) small { (texts.jsonl_hint) } }
                        }
                    }
                }
                button { (texts.download) }
                p .hint { (texts.program_hint) code { "GET /v1/export" } "." }
            }
        }
    }
}

/// Where one is on the way.
fn steps(at: usize, texts: &Texts) -> Markup {
    html! {
        ol .steps aria-label=(texts.steps) {
            @for (index, step) in [texts.step_file, texts.step_check, texts.step_done].iter().enumerate() {
                li aria-current=[(index == at).then_some("step")] { (step) }
            }
        }
    }
}

fn import(person: &Person, surveys: &[(String, String)], texts: &Texts) -> Markup {
    let german = person.language == Language::German;
    let usual = Defaults {
        survey: surveys.first().map_or_else(String::new, |(id, _)| id.clone()),
        touchpoint: Touchpoint::Order,
        locale: if german { "de" } else { "en" }.into(),
    };
    html! {
        section .sheet aria-labelledby="import" {
            h2 #import { (texts.import) }
            p .quiet { (texts.import_lead) }
            (steps(0, texts))
            form method="post" action="/data/import" enctype="multipart/form-data" {
                (form_token(person))
                div .field {
                    label for="i-file" { (texts.file) }
                    input #i-file type="file" name="file" required
                        accept=".csv,.tsv,.txt,.jsonl,.json,text/csv" aria-describedby="i-file-hint";
                    p #i-file-hint .hint { (texts.file_hint) }
                }
                (belonging(surveys, &usual, person.language, texts))
                button { (texts.check_file) }
            }
        }
    }
}

/// What the answers of a file are of.
fn belonging(
    surveys: &[(String, String)],
    defaults: &Defaults,
    language: Language,
    texts: &Texts,
) -> Markup {
    let is_known = surveys.iter().any(|(id, _)| *id == defaults.survey);
    let new = if is_known { "" } else { defaults.survey.as_str() };
    html! {
        fieldset {
        legend { (texts.belongs) }
        p .hint { (texts.unless) }
        div .pair {
            @if !surveys.is_empty() {
                div .field {
                    label for="i-survey" { (texts.into_survey) }
                    select #i-survey name="survey" { (survey_options(surveys, &defaults.survey)) }
                }
            }
            div .field {
                label for="i-new" {
                    (if surveys.is_empty() { texts.into_survey } else { texts.new_survey })
                }
                input #i-new name="new_survey" value=(new) maxlength="64" autocomplete="off"
                    required[surveys.is_empty()] pattern="[A-Za-z0-9._\\-]+"
                    aria-describedby="i-new-hint";
                p #i-new-hint .hint { (texts.new_survey_hint) }
            }
            div .field {
                label for="i-touchpoint" { (texts.asked_at) }
                select #i-touchpoint name="touchpoint" {
                    (touchpoint_options(Some(defaults.touchpoint), language))
                }
            }
            div .field {
                label for="i-locale" { (texts.language) }
                select #i-locale name="locale" {
                    @for (tag, name) in [("de", texts.german), ("en", texts.english)] {
                        option value=(tag) selected[defaults.locale == tag] { (name) }
                    }
                }
            }
        }
        }
    }
}

fn erase(person: &Person, texts: &Texts) -> Markup {
    html! {
        section .sheet aria-labelledby="erase" {
            h2 #erase { (texts.erase) }
            p .quiet { (texts.erase_lead) }
            form method="post" action="/data/erase" {
                (form_token(person))
                div .pair {
                    div .field {
                        label for="e-by" { (texts.erase_by) }
                        select #e-by name="by" {
                            option value="order" { (texts.by_order) }
                            option value="customer" { (texts.by_customer) }
                            option value="response" { (texts.by_response) }
                        }
                    }
                    div .field {
                        label for="e-value" { (texts.value) }
                        input #e-value name="value" required maxlength="128" autocomplete="off";
                    }
                }
                button .second { (texts.look) }
            }
        }
    }
}

fn list(person: &Person, receipts: &[Receipt], texts: &Texts) -> Markup {
    html! {
        section .sheet {
            h2 #receipts { (texts.receipts) }
            @if receipts.is_empty() {
                p .quiet { (texts.no_receipts) }
            } @else {
                div .table-frame tabindex="0" role="region" aria-labelledby="receipts" {
                    table .plain-rows {
                        thead { tr {
                            th scope="col" { (texts.receipt) }
                            th scope="col" { (texts.when) }
                            th scope="col" { (texts.why) }
                            th .number scope="col" { (texts.responses) }
                            th .number scope="col" { (texts.with_comment) }
                            th .number scope="col" { (texts.with_contact) }
                            th .number scope="col" { (texts.displays) }
                        } }
                        tbody {
                            @for receipt in receipts {
                                tr {
                                    td { code { (receipt.receipt) } }
                                    td { (moment(receipt.at, person)) }
                                    td { (subject(receipt.by, texts)) }
                                    td .number { (number(receipt.responses, person.language)) }
                                    td .number { (number(receipt.comments, person.language)) }
                                    td .number { (number(receipt.contacts, person.language)) }
                                    td .number { (number(receipt.displays, person.language)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// So many of something.
fn many(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// A count as the language writes it.
fn number(count: u64, language: Language) -> String {
    Format::of(language).count(count)
}

const fn subject(subject: Subject, texts: &Texts) -> &'static str {
    match subject {
        Subject::Response => texts.subject_response,
        Subject::Order => texts.subject_order,
        Subject::Customer => texts.subject_customer,
        Subject::Retention => texts.subject_retention,
    }
}

fn backups(texts: &Texts) -> Markup {
    html! {
        section .sheet aria-labelledby="backups" {
            h2 #backups { (texts.backups) }
            p .quiet { (texts.backups_lead) }
            pre tabindex="0" { "afterword-collector backup afterword-$(date +%F).db" }
            p .quiet { (texts.restore_lead) }
            pre tabindex="0" { "afterword-collector restore afterword-2026-11-24.db --force" }
            p .quiet { (texts.doctor_lead) }
            pre tabindex="0" { "afterword-collector doctor" }
        }
    }
}

/// Answers that would be erased.
pub(crate) struct Found<'a> {
    pub(crate) subject: Subject,
    pub(crate) value: &'a str,
    pub(crate) responses: &'a [(Timestamp, String, u8)],
}

/// Asks once more.
pub(crate) fn confirm(person: &Person, found: &Found<'_>) -> Response {
    let texts = Texts::of(person.language);
    let names = Names::of(person.language);
    let main = html! {
        div .data .stack {
            h1 { (texts.sure) }
            p .lead {
                (subject(found.subject, texts)) " " (texts.open_quote) (found.value) (texts.close_quote) " · "
                (many(found.responses.len() as u64, texts.one_response, texts.many_responses))
            }
            div .sheet {
                div .table-frame tabindex="0" role="region" aria-label=(texts.responses) {
                    table .plain-rows {
                        thead { tr {
                            th scope="col" { (texts.when) }
                            th scope="col" { (texts.touchpoint) }
                            th .number scope="col" { (texts.score) }
                        } }
                        tbody {
                            @for (time, touchpoint, score) in found.responses.iter().take(50) {
                                tr {
                                    td { (moment(*time, person)) }
                                    td {
                                        (Touchpoint::from_name(touchpoint)
                                            .map_or(touchpoint.as_str(), |it| names.touchpoint(it)))
                                    }
                                    td .number { (score) }
                                }
                            }
                        }
                    }
                }
            }
            p { (texts.sure_lead) }
            form method="post" action="/data/erase" {
                (form_token(person))
                input type="hidden" name="by" value=(found.subject.name());
                input type="hidden" name="value" value=(found.value);
                div .row {
                    button .danger name="do" value="erase" { (texts.erase_now) }
                    a .button .second href="/data" { (texts.keep) }
                }
            }
        }
    };
    page(person, Place::Data, texts.sure, &main)
}

/// A file that waits, and how it is understood.
pub(crate) struct Trial<'a> {
    pub(crate) id: &'a str,
    pub(crate) name: &'a str,
    pub(crate) file: &'a File,
    pub(crate) mapping: &'a Mapping,
    pub(crate) defaults: &'a Defaults,
    pub(crate) problems: &'a [Problem],
    pub(crate) outcome: &'a Outcome,
}

/// What would come of a file.
pub(crate) fn trial(person: &Person, trial: &Trial<'_>) -> Response {
    let texts = Texts::of(person.language);
    let Trial { file, mapping, defaults, problems, outcome, .. } = trial;
    let is_ready = problems.is_empty() && outcome.added > 0;
    let is_own = mapping.origin == Origin::Afterword;
    let main = html! {
        div .data .stack {
            header { h1 { (texts.understood) } p .lead { (trial.name) } }
            (steps(1, texts))
            form .stack method="post" action={ "/data/import/" (trial.id) } {
                (form_token(person))
                section .sheet {
                    (facts(trial, person.language, texts))
                    @if !problems.is_empty() {
                        div .notice .warn role="alert" {
                            strong { (texts.not_yet) }
                            ul { @for problem in *problems { li { (problem_words(*problem, texts, person.language)) } } }
                        }
                    } @else {
                        (counts(&Tally::of(outcome), [texts.would_add, texts.known, texts.not_taken], person.language, texts))
                        @if outcome.added == 0 {
                            p .notice .warn role="status" {
                                strong { (texts.none_new) } " " (texts.none_new_do)
                            }
                        }
                    }
                    @if is_own && outcome.added > 0 { p .quiet { (texts.own_columns) } }
                }
                @if let (Content::Table(table), false) = (&file.content, is_own) {
                    section .sheet aria-labelledby="columns" {
                        h2 #columns { (texts.columns) }
                        p .quiet { (texts.left_out) }
                        table .meaning {
                            thead { tr {
                                th scope="col" { (texts.column) }
                                th scope="col" { (texts.is) }
                                th scope="col" { (texts.examples) }
                            } }
                            tbody {
                                @for (index, name) in table.names.iter().enumerate() {
                                    @let target = mapping.targets.get(index).copied().unwrap_or(Target::Ignore);
                                    tr {
                                        th scope="row" { label for={ "c" (index) } { (name) } }
                                        td { (target_select(index, target, person.language)) }
                                        td .sample { (samples(table, index)) }
                                    }
                                }
                            }
                        }
                        div .pair {
                            div .field {
                                label for="dates" { (texts.times) }
                                select #dates name="dates" {
                                    @if mapping.dates.is_none() { option value="" selected { (texts.as_guessed) } }
                                    @for (name, dates) in Dates::NAMES {
                                        option value=(name) selected[mapping.dates == Some(dates)] {
                                            (dates_words(dates, person.language))
                                        }
                                    }
                                }
                            }
                        }
                        (belonging_again(defaults, person.language, texts))
                    }
                } @else {
                    input type="hidden" name="survey" value=(defaults.survey);
                    input type="hidden" name="touchpoint" value=(defaults.touchpoint.name());
                    input type="hidden" name="locale" value=(defaults.locale);
                }
                @if !outcome.first.is_empty() { (first(person, &outcome.first, texts)) }
                @if !outcome.rejected.is_empty() {
                    (rejected(&outcome.rejected, person.language, texts))
                }
                div .row {
                    @if is_ready {
                        button name="do" value="import" { (import_now(outcome.added, person.language)) }
                    }
                    @if !is_own {
                        button .second name="do" value="check" { (texts.again) }
                    }
                    a .button .second href="/data#import" { (texts.another_file) }
                }
            }
        }
    };
    page(person, Place::Data, texts.understood, &main)
}

fn import_now(answers: u64, language: Language) -> String {
    match (answers, language) {
        (1, Language::English) => "Import 1 answer".to_owned(),
        (1, Language::German) => "1 Antwort importieren".to_owned(),
        (_, Language::English) => format!("Import {} answers", number(answers, language)),
        (_, Language::German) => format!("{} Antworten importieren", number(answers, language)),
    }
}

/// What the answers are of, once more: with the survey as it was chosen.
fn belonging_again(defaults: &Defaults, language: Language, texts: &Texts) -> Markup {
    html! {
        fieldset {
        legend { (texts.belongs) }
        p .hint { (texts.unless) }
        div .pair {
            div .field {
                label for="i-survey" { (texts.into_survey) }
                input #i-survey name="survey" value=(defaults.survey) maxlength="64" required
                    pattern="[A-Za-z0-9._\\-]+" autocomplete="off";
            }
            div .field {
                label for="i-touchpoint" { (texts.asked_at) }
                select #i-touchpoint name="touchpoint" {
                    (touchpoint_options(Some(defaults.touchpoint), language))
                }
            }
            div .field {
                label for="i-locale" { (texts.language) }
                select #i-locale name="locale" {
                    @for (tag, name) in [("de", texts.german), ("en", texts.english)] {
                        option value=(tag) selected[defaults.locale == tag] { (name) }
                    }
                }
            }
        }
        }
    }
}

fn facts(trial: &Trial<'_>, language: Language, texts: &Texts) -> Markup {
    let delimiter = match &trial.file.content {
        Content::Table(table) => match table.delimiter {
            b';' => texts.semicolon,
            b'\t' => texts.tab,
            _ => texts.comma,
        },
        Content::Lines(_) => texts.lines,
    };
    let origin = match trial.mapping.origin {
        Origin::Other => texts.another,
        origin => origin.name(),
    };
    html! {
        dl .facts {
            dt { (texts.of) } dd { (origin) }
            dt { (texts.encoding) } dd { (trial.file.encoding) }
            dt { (texts.format_is) } dd { (delimiter) }
            dt { (texts.rows) } dd { (number(trial.outcome.rows, language)) }
        }
    }
}

/// What came of the rows; the words say whether it did or would.
fn counts(
    done: &Tally,
    [added, known, not_taken]: [&str; 3],
    language: Language,
    texts: &Texts,
) -> Markup {
    let number = |count| number(count, language);
    html! {
        dl .counts {
            div { dt { (added) } dd { (number(done.added)) } }
            div { dt { (known) } dd { (number(done.known)) } }
            @if done.erased > 0 { div { dt { (texts.was_erased) } dd { (number(done.erased)) } } }
            div { dt { (not_taken) } dd { (number(done.rejected)) } }
        }
    }
}

fn target_select(column: usize, chosen: Target, language: Language) -> Markup {
    html! {
        select id={ "c" (column) } name={ "c" (column) } {
            @for (name, target) in Target::NAMES {
                option value=(name) selected[target == chosen] { (target_words(target, language)) }
            }
        }
    }
}

fn samples(table: &crate::exchange::table::Table, column: usize) -> String {
    let cells = table.rows.iter().filter_map(|row| row.cells.get(column));
    let filled = cells.map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
    let short = filled.take(SAMPLES).map(|cell| {
        let text: String = cell.chars().take(40).collect();
        if text.len() < cell.len() { format!("{text}…") } else { text }
    });
    short.collect::<Vec<_>>().join(" · ")
}

fn first(person: &Person, answers: &[Preview], texts: &Texts) -> Markup {
    html! {
        section .sheet {
            h2 #first { (texts.first) }
            div .table-frame tabindex="0" role="region" aria-labelledby="first" {
                table .plain-rows {
                    thead { tr {
                        th scope="col" { (texts.line) }
                        th scope="col" { (texts.time) }
                        th .number scope="col" { (texts.score) }
                        th scope="col" { (texts.comment) }
                        th scope="col" { (texts.order) }
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

fn rejected(rows: &[Rejected], language: Language, texts: &Texts) -> Markup {
    html! {
        section .sheet {
            h2 #rejected { (texts.rejected) }
            div .table-frame tabindex="0" role="region" aria-labelledby="rejected" {
                table .plain-rows {
                    thead { tr {
                        th scope="col" { (texts.line) }
                        th scope="col" { (texts.reason) }
                    } }
                    tbody {
                        @for row in rows.iter().take(SHOWN) {
                            tr { td { (row.line) } td { (reason::of_row(&row.reason, language)) } }
                        }
                    }
                }
            }
            @if rows.len() > SHOWN { p .hint { (rows.len() - SHOWN) (texts.and_more) } }
        }
    }
}

/// What came of a file.
pub(crate) fn done(
    person: &Person,
    id: &str,
    name: &str,
    outcome: &Tally,
    has_rejected: bool,
) -> Response {
    let texts = Texts::of(person.language);
    let main = html! {
        div .data .stack {
            header { h1 { (texts.imported) } p .lead { (name) } }
            (steps(2, texts))
            section .sheet role="status" {
                (counts(outcome, [texts.added, texts.was_known, texts.was_not_taken], person.language, texts))
                p { (if outcome.added > 0 { texts.imported_do } else { texts.nothing_new }) }
                @if has_rejected {
                    p { a .button .second href={ "/data/import/" (id) "/rejected" } download { (texts.download_rejected) } }
                    p .hint { (texts.download_rejected_hint) }
                }
            }
            div .row {
                // Whatever their times: the usual period may show none of them.
                a .button href="/?period=all" { (texts.to_report) }
                a .button .second href="/data" { (texts.to_data) }
            }
        }
    };
    page(person, Place::Data, texts.imported, &main)
}

fn problem_words(problem: Problem, texts: &Texts, language: Language) -> String {
    match problem {
        Problem::Missing(Target::Score) => texts.missing_score.into(),
        Problem::Missing(_) => texts.missing_time.into(),
        Problem::Double(target) => format!("{}{}.", texts.double, target_words(target, language)),
        Problem::Dates => texts.dates_unclear.into(),
    }
}

fn target_words(target: Target, language: Language) -> &'static str {
    let (english, german) = match target {
        Target::Ignore | Target::Own(_) => ("left out", "weggelassen"),
        Target::Score => ("the score", "die Bewertung"),
        Target::Time => ("the time", "die Zeit"),
        Target::Comment => ("the comment", "der Kommentar"),
        Target::Id => ("its id there", "die Kennung dort"),
        Target::Order => ("the order's number", "die Bestellnummer"),
        Target::Value => ("the order's total", "der Bestellwert"),
        Target::Currency => ("the currency", "die Währung"),
        Target::Country => ("the country (DE)", "das Land (DE)"),
        Target::Products => ("products", "Produkte"),
        Target::Customer => ("the customer's number", "die Kundennummer"),
        Target::Kind => ("new or returning", "neu oder wiederkehrend"),
        Target::Contact => ("a contact to answer", "ein Kontakt zum Antworten"),
        Target::Reasons => ("reasons", "Gründe"),
        Target::Tags => ("tags", "Schlagwörter"),
        Target::Touchpoint => ("the touchpoint", "der Kontaktpunkt"),
        Target::Survey => ("the survey", "die Umfrage"),
        Target::Locale => ("the language", "die Sprache"),
        Target::Page => ("the page's address", "die Adresse der Seite"),
        Target::Property => ("a property of your own", "eine eigene Eigenschaft"),
        Target::Excluded => ("a mark: does not count", "ein Vermerk: zählt nicht"),
        Target::SurveyKind => ("the kind of survey", "die Art der Umfrage"),
    };
    match language {
        Language::English => english,
        Language::German => german,
    }
}

fn dates_words(dates: Dates, language: Language) -> &'static str {
    let (english, german) = match dates {
        Dates::Iso => ("2026-11-24 17:00", "2026-11-24 17:00"),
        Dates::DayFirst => ("24.11.2026 17:00, day first", "24.11.2026 17:00, Tag zuerst"),
        Dates::MonthFirst => {
            ("11/24/2026 5:00 PM, month first", "11/24/2026 5:00 PM, Monat zuerst")
        }
        Dates::Seconds => ("1795539600, seconds since 1970", "1795539600, Sekunden seit 1970"),
        Dates::Milliseconds => {
            ("1795539600000, milliseconds since 1970", "1795539600000, Millisekunden seit 1970")
        }
    };
    match language {
        Language::English => english,
        Language::German => german,
    }
}
