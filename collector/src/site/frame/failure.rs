//! The page about a failed request, in the reader's language: what went wrong and what to do.

use axum::{body::Body, extract::Request, middleware::Next, response::Response};
use maud::{Markup, html};

use super::shell::{self, Place};
use crate::{
    access::{
        Need,
        person::{Person, Visitor},
    },
    http::{
        error::{Error, Failure},
        negotiate, policy,
    },
    language::Language,
    words::words,
};

words! {
    struct Texts {
        not_found: "Nothing here", "Hier ist nichts";
        not_found_do: "Check the address, or start again from the report.",
            "Bitte prüfen Sie die Adresse, oder beginnen Sie wieder beim Bericht.";
        query: "These choices cannot be shown", "Diese Auswahl lässt sich nicht anzeigen";
        query_do: "Correct what is listed here, in the address or in the form.",
            "Bitte berichtigen Sie das Folgende in der Adresse oder im Formular.";
        unknown: "Please sign in", "Bitte melden Sie sich an";
        unknown_do: "You are not signed in any more, so nothing was changed. Sign in, and do it once more.",
            "Sie sind nicht mehr angemeldet; es wurde nichts geändert. Melden Sie sich an und wiederholen Sie den Schritt.";
        forbidden: "That takes another role", "Dazu fehlt Ihnen die Berechtigung";
        forbidden_member: "This needs the role Member. An admin can give it to you, under Settings.",
            "Dafür ist die Rolle Mitarbeit nötig. Wer die Rolle Admin hat, kann sie Ihnen unter Einstellungen geben.";
        forbidden_admin: "This needs the role Admin. Ask somebody who has it.",
            "Dafür ist die Rolle Admin nötig. Bitten Sie jemanden, der sie hat.";
        foreign: "This form is out of date", "Dieses Formular ist veraltet";
        foreign_do: "It did not come from this page as it is now, so nothing was changed. Go back, reload the page, and send it again.",
            "Es kam nicht von der aktuellen Seite; es wurde nichts geändert. Gehen Sie zurück, laden Sie die Seite neu, und senden Sie es noch einmal ab.";
        gone: "This link does not work any more", "Dieser Link gilt nicht mehr";
        gone_do: "Such a link works once, and for three days. Ask whoever gave it to you for a new one; the link for the first admin is printed again each time the collector starts.",
            "Solche Links gelten einmal und drei Tage lang. Bitten Sie um einen neuen; den Link für die erste Anmeldung gibt der Collector bei jedem Start neu aus.";
        upload_gone: "This import is not here any more", "Diesen Import gibt es nicht mehr";
        upload_gone_do: "A file waits for a day at most, and only the last five do. Nothing was changed; upload it again under Data.",
            "Eine Datei wartet höchstens einen Tag, und nur die letzten fünf. Es wurde nichts geändert; laden Sie sie unter Daten noch einmal hoch.";
        too_large: "That is too much at once", "Das ist zu viel auf einmal";
        too_large_do: "Send less, in several parts.", "Bitte senden Sie weniger, in mehreren Teilen.";
        cut: "Not everything arrived", "Es ist nicht alles angekommen";
        cut_do: "The connection broke on the way, so nothing was changed. Go back and send it once more.",
            "Die Verbindung ist unterwegs abgebrochen; es wurde nichts geändert. Gehen Sie zurück und senden Sie es noch einmal ab.";
        form: "The form could not be read", "Das Formular war nicht lesbar";
        form_do: "It was not made by this page, so nothing was changed. Go back, reload the page, and choose the file again.",
            "Es stammt so nicht von dieser Seite; es wurde nichts geändert. Gehen Sie zurück, laden Sie die Seite neu und wählen Sie die Datei noch einmal.";
        importing: "Another file is being imported", "Gerade wird eine andere Datei importiert";
        importing_do: "Files are imported one after the other. Wait a minute, go back, and send yours again.",
            "Dateien werden nacheinander importiert. Warten Sie eine Minute, gehen Sie zurück und senden Sie Ihre noch einmal ab.";
        too_many: "Too many requests at once", "Zu viele Anfragen auf einmal";
        too_many_do: "Try again in a few seconds; doing it twice does no harm.",
            "Bitte versuchen Sie es in ein paar Sekunden noch einmal; ein zweites Mal schadet nicht.";
        busy: "The database is busy", "Die Datenbank ist ausgelastet";
        busy_do: "Try again in a few seconds; doing it twice does no harm.",
            "Bitte versuchen Sie es in ein paar Sekunden noch einmal; ein zweites Mal schadet nicht.";
        failed: "The collector failed", "Im Collector ist ein Fehler aufgetreten";
        failed_do: "The cause is in its log. Trying again does no harm.",
            "Die Ursache steht in seinem Protokoll. Ein neuer Versuch schadet nicht.";
        to_report: "To the report", "Zum Bericht";
        to_login: "Sign in", "Anmelden";
        to_data: "To Data", "Zu den Daten";
    }
}

/// Writes the page about a failure, in the person's language and with their navigation. Other answers are not
/// changed.
pub(crate) async fn explain(request: Request, next: Next) -> Response {
    let language = negotiate::language(request.headers());
    let mut response = next.run(request).await;
    let Some(Failure(error)) = response.extensions_mut().remove::<Failure>() else {
        return response;
    };
    let person = response.extensions().get::<Visitor>().and_then(Person::of);
    let (title, main) = failure(&error, language);
    let person = person.as_ref().map(|person| (person, Place::Elsewhere));
    let page = shell::document(language, person, &title, &main);
    policy::guard_page(response.headers_mut());
    *response.body_mut() = Body::from(page.into_string());
    response
}

/// The title and the main part of the page about an error.
fn failure(error: &Error, language: Language) -> (String, Markup) {
    let texts = Texts::of(language);
    let own =
        |title: &'static str, what_to_do: &'static str| (title.to_owned(), what_to_do.to_owned());
    let (title, what_to_do) = match error {
        Error::NotFound(_) | Error::Method => own(texts.not_found, texts.not_found_do),
        Error::Query(_) | Error::Fields(_) => own(texts.query, texts.query_do),
        Error::Unauthorized(_) => own(texts.unknown, texts.unknown_do),
        Error::Forbidden(Need::Role(crate::access::Role::Admin)) => {
            own(texts.forbidden, texts.forbidden_admin)
        }
        Error::Forbidden(_) => own(texts.forbidden, texts.forbidden_member),
        Error::ForeignForm => own(texts.foreign, texts.foreign_do),
        Error::LinkGone => own(texts.gone, texts.gone_do),
        Error::UploadGone => own(texts.upload_gone, texts.upload_gone_do),
        Error::TooLarge => own(texts.too_large, texts.too_large_do),
        Error::Multipart => own(texts.form, texts.form_do),
        Error::Importing => own(texts.importing, texts.importing_do),
        Error::TooMany(_) => own(texts.too_many, texts.too_many_do),
        Error::Store(error) if error.is_passing() => own(texts.busy, texts.busy_do),
        Error::Password(error) if error.is_passing() => own(texts.too_many, texts.too_many_do),
        Error::Store(_)
        | Error::File(_)
        | Error::Task(_)
        | Error::Password(_)
        | Error::Random(_) => own(texts.failed, texts.failed_do),
        Error::Slow | Error::Broken => own(texts.cut, texts.cut_do),
        // Errors that only programs, and people who set up a form, can get.
        Error::Origin
        | Error::SurveyDeleted
        | Error::Conflict(_)
        | Error::Changed(_)
        | Error::Syntax(_)
        | Error::Version(_)
        | Error::MediaType => for_the_shop(error, language),
    };
    let main = html! {
        div .narrow .stack {
            h1 { (title) }
            p { (what_to_do) }
            (problems(error, language))
            p {
                @match error {
                    Error::Unauthorized(_) => a .button href="/login" { (texts.to_login) },
                    Error::UploadGone | Error::Multipart | Error::Importing => a .button href="/data#import" { (texts.to_data) },
                    _ => a .button .second href="/" { (texts.to_report) },
                }
            }
        }
    };
    (title, main)
}

/// The fields or parameters that are wrong, and what is allowed there.
pub(crate) fn problems(error: &Error, language: Language) -> Markup {
    let problems = error.problems(language);
    html! {
        @if !problems.is_empty() {
            ul .problems {
                @for (name, problem) in problems { li { code { (name) } " " (problem) } }
            }
        }
    }
}

/// Title and advice for the person who set up a form or a program that was refused.
pub(crate) fn for_the_shop(error: &Error, language: Language) -> (String, String) {
    let (title, what_to_do) = match (error, language) {
        (Error::Fields(_), Language::German) => {
            ("Felder sind falsch", "Berichtigen Sie im Formular die Felder, die hier stehen.".into())
        }
        (Error::Origin, Language::German) => (
            "Diese Umfrage nimmt von dieser Website keine Antworten an",
            "Die Website steht nicht unter den zugelassenen. Wer den Shop betreibt, lässt sie auf der Seite \
             der Umfrage zu; dort ist diese Abweisung verzeichnet."
                .into(),
        ),
        (Error::SurveyDeleted, Language::German) => (
            "Diese Umfrage wurde gelöscht",
            "Wer den Shop betreibt, nimmt die Zeilen aus der Seite oder legt die Umfrage auf der Seite Umfragen \
             wieder an."
                .into(),
        ),
        (Error::Conflict(_), Language::German) => (
            "Unter dieser Kennung steht schon eine andere Antwort",
            "Umfrage, Kontaktpunkt, Bestell- und Kundennummer einer Antwort stehen fest, und ändern lässt sie sich nur \
             einen Tag lang. Laden Sie die Seite neu und antworten Sie dort."
                .into(),
        ),
        (Error::MediaType, Language::German) => (
            "Falsche Art der Übertragung",
            "Das Formular darf kein enctype angeben; Programme senden application/json, text/plain mit JSON \
             oder application/x-www-form-urlencoded."
                .into(),
        ),
        (Error::Method, Language::German) => {
            ("Falsche Methode", "Das Formular muss method=\"post\" angeben.".into())
        }
        (Error::Method, Language::English) => {
            (error.title(), "The form has to say method=\"post\".".into())
        }
        (Error::Syntax(_), Language::German) => (
            "Das ist kein JSON",
            "Senden Sie eine Antwort als JSON-Objekt in UTF-8.".into(),
        ),
        (Error::Version(written), Language::German) => (
            "Unbekannte Version des Formats",
            format!("Dieser Collector kennt die Version 1; angegeben ist {written}."),
        ),
        _ => (error.title(), error.detail()),
    };
    (title.to_owned(), what_to_do)
}

/// The sentence about the time to wait.
pub(crate) fn too_many(seconds: u64, language: Language) -> String {
    let seconds = seconds + 1;
    match language {
        Language::English => format!("Try again in {seconds} seconds."),
        Language::German => format!("Bitte versuchen Sie es in {seconds} Sekunden noch einmal."),
    }
}
