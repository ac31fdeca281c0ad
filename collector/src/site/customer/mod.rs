//! The pages for customers whose browser runs no script: the thanks, and what to do if something went
//! wrong. They carry neither the collector's name nor any way into it.

pub(crate) mod thanks;

use axum::{http::HeaderValue, response::Response};
use maud::{DOCTYPE, Markup, html};
use url::Url;

use afterword_response::{limits, receive::FieldProblem};

use super::frame::{failure, files, guarded};
use crate::{http::error::Error, language::Language, words::words};

words! {
    /// What such a form asks, unless it says what it asked: the widget's own words.
    pub(crate) struct Asked {
        question: "How likely are you to recommend us to a friend or colleague?",
            "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?";
        // The same about the shop by its name.
        question_about: "How likely are you to recommend {subject} to a friend or colleague?",
            "Wie wahrscheinlich ist es, dass Sie {subject} weiterempfehlen?";
        low_label: "Not at all likely", "Überhaupt nicht wahrscheinlich";
        high_label: "Extremely likely", "Äußerst wahrscheinlich";
        comment: "What is the main reason for your score? (optional)",
            "Was ist der wichtigste Grund für Ihre Bewertung? (freiwillig)";
        send: "Send", "Absenden";
    }
}

words! {
    struct Texts {
        thanks: "Thank you.", "Vielen Dank.";
        read: "We read every answer.", "Wir lesen jede Antwort.";
        close: "Your answer has arrived. You can close this page.",
            "Ihre Antwort ist angekommen. Sie können diese Seite schließen.";
        back: "Back to ", "Zurück zu ";

        incomplete: "Almost there", "Fast geschafft";
        no_score: "Please choose a score from 0 to 10.",
            "Bitte wählen Sie eine Bewertung von 0 bis 10.";
        trap: "A field was filled in that people do not see, so this may have been a program. If it was you, just send your answer once more.",
            "Ein Feld war ausgefüllt, das Menschen nicht sehen; das könnte ein Programm gewesen sein. Waren Sie es selbst, senden Sie Ihre Antwort einfach noch einmal ab.";
        too_large: "Your answer is too long", "Ihre Antwort ist zu lang";
        too_large_do: "It was not saved. Go back with your browser's back button, shorten what you wrote, and send it again.",
            "Sie wurde nicht gespeichert. Gehen Sie mit der Zurück-Taste Ihres Browsers zurück, kürzen Sie Ihren Text und senden Sie ihn noch einmal ab.";
        cut: "Your answer did not arrive completely", "Ihre Antwort ist nicht vollständig angekommen";
        cut_do: "It was not saved. Go back with your browser's back button and send it again.",
            "Sie wurde nicht gespeichert. Gehen Sie mit der Zurück-Taste Ihres Browsers zurück und senden Sie sie noch einmal ab.";
        busy: "Your answer is not saved yet", "Ihre Antwort ist noch nicht gespeichert";
        busy_do: "Too much is going on just now. Nothing is lost: wait a few seconds, and send it once more.",
            "Gerade ist zu viel los. Nichts ist verloren: Warten Sie ein paar Sekunden und senden Sie sie noch einmal ab.";
        failed_do: "Something went wrong on our side. Nothing is lost: please send it once more, now or a little later.",
            "Bei uns ist ein Fehler aufgetreten. Nichts ist verloren: Bitte senden Sie sie noch einmal ab, jetzt oder etwas später.";
        shop: "Your answer could not be saved", "Ihre Antwort konnte nicht gespeichert werden";
        shop_do: "You did nothing wrong: the form is not set up correctly. With your browser's back button you get back to what you wrote. Please let the shop know; this is what they need:",
            "Sie haben nichts falsch gemacht: Das Formular ist nicht richtig eingerichtet. Mit der Zurück-Taste Ihres Browsers kommen Sie zurück zu Ihrem Text. Bitte sagen Sie dem Shop Bescheid; das hilft ihm weiter:";

        score: "Your score", "Ihre Bewertung";
        comment: "Your comment (optional)", "Ihr Kommentar (freiwillig)";
        again: "Send again", "Noch einmal absenden";
    }
}

/// What a form that asks for one more try holds already.
#[derive(Debug, Default)]
pub(crate) struct Kept<'a> {
    pub(crate) score: Option<u8>,
    pub(crate) comment: &'a str,
    /// Everything else, by its name.
    pub(crate) hidden: Vec<(&'a str, &'a str)>,
}

/// What a form asks in a language.
pub(crate) const fn asked(language: Language) -> &'static Asked {
    Asked::of(language)
}

/// The thanks; `back` is where they came from.
pub(crate) fn thanks(language: Language, back: Option<&Url>) -> Response {
    let texts = Texts::of(language);
    let back = back.and_then(|url| Some((url.as_str(), url.host_str()?)));
    let main = html! {
        (check())
        h1 { (texts.thanks) }
        p .lead { (texts.read) }
        p .quiet { (texts.close) }
        @if let Some((address, host)) = back {
            p { a .button .second href=(address) { span { (texts.back) (host) } } }
        }
    };
    page(language, texts.thanks, &main)
}

/// What went wrong and what to do, with what was written wherever that helps.
pub(crate) fn refusal(language: Language, error: &Error, kept: &Kept<'_>) -> Response {
    let texts = Texts::of(language);
    let (title, what_to_do, next) = match error {
        Error::Fields(problems) if problems.iter().all(is_the_customers) => {
            (texts.incomplete, None, Next::Form(problems))
        }
        _ => match error.status().as_u16() {
            413 => (texts.too_large, Some(texts.too_large_do), Next::Back),
            408 => (texts.cut, Some(texts.cut_do), Next::Back),
            429 | 503 => (texts.busy, Some(texts.busy_do), Next::Form(&[])),
            500.. => (texts.busy, Some(texts.failed_do), Next::Form(&[])),
            _ if matches!(error, Error::Broken) => (texts.cut, Some(texts.cut_do), Next::Back),
            _ => (texts.shop, Some(texts.shop_do), Next::Shop),
        },
    };
    let main = html! {
        h1 { (title) }
        @if let Some(what_to_do) = what_to_do { p { (what_to_do) } }
        @match next {
            Next::Form(problems) => (form(language, problems, kept)),
            Next::Back => {}
            Next::Shop => (for_the_shop(error, language)),
        }
    };
    let mut response = page(language, title, &main);
    error.attach(&mut response);
    response
}

/// What the page about a refusal offers.
#[derive(Clone, Copy)]
enum Next<'a> {
    /// The answer as it was, to be mended and sent from here.
    Form(&'a [FieldProblem]),
    /// The way back alone.
    Back,
    /// Nothing but the shop can help.
    Shop,
}

/// Whether a field is the customer's own, who can mend it.
fn is_the_customers(problem: &FieldProblem) -> bool {
    matches!(problem.field.as_str(), "score" | "comment" | "website")
}

/// For whoever set up the form.
fn for_the_shop(error: &Error, language: Language) -> Markup {
    let (title, what_to_do) = failure::for_the_shop(error, language);
    html! {
        div .notice {
            p { strong { (title) "." } " " (what_to_do) }
            (failure::problems(error, language))
        }
    }
}

fn form(language: Language, problems: &[FieldProblem], kept: &Kept<'_>) -> Markup {
    let texts = Texts::of(language);
    let has = |field: &str| problems.iter().any(|problem| problem.field == field);
    let is_trapped = has("website");
    let (no_score, too_long) = (has("score") || kept.score.is_none(), has("comment"));
    let asked = asked(language);
    html! {
        @if is_trapped { p role="alert" { (texts.trap) } }
        form .fields method="post" action="/v1/responses" {
            @for (name, value) in &kept.hidden { input type="hidden" name=(name) value=(value); }
            @if no_score {
                fieldset aria-describedby=[has("score").then_some("no-score")] {
                    legend { (texts.score) }
                    @if has("score") { p .error #no-score role="alert" { (texts.no_score) } }
                    div .scale {
                        @for score in 0..=limits::SCORE {
                            label {
                                input type="radio" name="score" value=(score) required;
                                span aria-hidden="true" { (score) }
                                span .hidden-text {
                                    (score)
                                    @if score == 0 { ", " (asked.low_label) }
                                    @if score == limits::SCORE { ", " (asked.high_label) }
                                }
                            }
                        }
                    }
                    p .ends aria-hidden="true" {
                        span { (asked.low_label) } span { (asked.high_label) }
                    }
                }
            } @else if let Some(score) = kept.score {
                p { (texts.score) ": " strong { (score) } }
                input type="hidden" name="score" value=(score);
            }
            div .field {
                label for="comment" { (texts.comment) }
                textarea #comment name="comment" rows="6"
                    aria-invalid=[too_long.then_some("true")]
                    aria-describedby=[too_long.then_some("too-long")] {
                    // The first line end in a text area is not counted as its text.
                    "\n" (kept.comment)
                }
                @if too_long {
                    p .error #too-long role="alert" { (too_many_characters(language, kept.comment)) }
                }
            }
            div { button { @if problems.is_empty() || is_trapped { (texts.again) } @else { (asked.send) } } }
        }
    }
}

fn too_many_characters(language: Language, comment: &str) -> String {
    let number = |number: usize, separator: char| {
        let digits = number.to_string();
        match digits.split_at_checked(digits.len().saturating_sub(3)) {
            Some((thousands, rest)) if !thousands.is_empty() => {
                format!("{thousands}{separator}{rest}")
            }
            _ => digits,
        }
    };
    let length = comment.chars().count();
    match language {
        Language::English => format!(
            "This has {} characters; please shorten it to {} at most.",
            number(length, ','),
            number(limits::COMMENT, ',')
        ),
        Language::German => format!(
            "Das sind {} Zeichen; bitte kürzen Sie auf höchstens {}.",
            number(length, '.'),
            number(limits::COMMENT, '.')
        ),
    }
}

/// A tick in a circle, for "arrived".
fn check() -> Markup {
    html! {
        svg .tick viewBox="0 0 48 48" width="48" height="48" aria-hidden="true" focusable="false"
            fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" stroke-linejoin="round" {
            circle cx="24" cy="24" r="21" {}
            path d="m15 25 6.5 6.5L34 18" {}
        }
    }
}

fn page(language: Language, title: &str, main: &Markup) -> Response {
    let mut response = guarded(html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="icon" type="image/svg+xml" href=(files::ICON.address());
                link rel="stylesheet" href=(files::STYLE.address());
            }
            body .customer { main #main .sheet { (main) } }
        }
    });
    response.headers_mut().insert("x-robots-tag", HeaderValue::from_static("noindex"));
    response
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_form_without_words_of_its_own_asks_in_the_widgets() {
        for (language, subject, file) in [
            (Language::English, "us", include_str!("../../../../locales/en.json")),
            (Language::German, "uns", include_str!("../../../../locales/de.json")),
        ] {
            let words: BTreeMap<String, String> = serde_json::from_str(file).unwrap();
            let asked = asked(language);
            assert_eq!(asked.question, words["question"].replace("{subject}", subject));
            assert_eq!(asked.question_about, words["question"]);
            assert!(asked.comment.starts_with(&words["follow-up"]), "{}", asked.comment);
            assert_eq!(asked.send, words["_send"]);
            assert_eq!(asked.low_label, words["low-label"]);
            assert_eq!(asked.high_label, words["high-label"]);
            let texts = Texts::of(language);
            assert_eq!(format!("{} {}", texts.thanks, texts.read), words["thanks"]);
        }
    }
}
