//! The page for signing in.

use axum::{
    http::{StatusCode, header},
    response::Response,
};
use maud::html;

use crate::{
    language::Language,
    site::frame::{bare_page, elsewhere, failure::too_many},
    words::words,
};

words! {
    struct Texts {
        title: "Sign in", "Anmelden";
        login: "Login", "Anmeldename";
        password: "Password", "Passwort";
        submit: "Sign in", "Anmelden";
        wrong: "Wrong login or password.", "Anmeldename oder Passwort ist falsch.";
        wrong_do: "Upper and lower case matter.", "Groß- und Kleinschreibung zählt.";
        wait: "Too many attempts.", "Zu viele Versuche.";
        lost: "Forgot password?", "Passwort vergessen?";
        lost_do: "An admin gives you a link for a new one, under Settings. Whoever runs the collector can make one too: ",
            "Unter Einstellungen gibt Ihnen jemand mit der Rolle Admin einen Link für ein neues. Auch wer den Collector betreibt, kann einen ausgeben: ";
        nobody: "There is no account yet.", "Es gibt noch kein Konto.";
        nobody_do: "When the collector starts it prints a link that creates the first one. Open that link; after three days, or if it is lost, start the collector again for a new one.",
            "Beim Start gibt der Collector einen Link aus, der das erste Konto anlegt. Öffnen Sie diesen Link; nach drei Tagen, oder wenn er verloren ging, starten Sie den Collector neu und erhalten einen neuen.";
        signed_out: "You are signed out.", "Sie sind abgemeldet.";
    }
}

/// The problem or hint above the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    Nothing,
    Wrong,
    /// Seconds to wait.
    Wait(u64),
    SignedOut,
    /// There is no account at all.
    Nobody,
}

/// The page; `login` and `next` are from the previous attempt. `right_address` is the page's public address, if it was
/// requested under another host.
pub(crate) fn login(
    language: Language,
    notice: Notice,
    login: &str,
    next: &str,
    right_address: Option<&str>,
) -> Response {
    let texts = Texts::of(language);
    let main = html! {
        div .narrow .stack {
            h1 { (texts.title) }
            (elsewhere(right_address, language))
            @match notice {
                Notice::Nothing => {}
                Notice::Wrong => div .notice .bad role="alert" #problem {
                    strong { (texts.wrong) } " " (texts.wrong_do)
                },
                Notice::Wait(seconds) => div .notice .warn role="alert" #problem {
                    strong { (texts.wait) } " " (too_many(seconds, language))
                },
                Notice::SignedOut => p .notice .good role="status" { strong { (texts.signed_out) } },
                Notice::Nobody => div .notice {
                    strong { (texts.nobody) } " " (texts.nobody_do)
                },
            }
            form .fields method="post" action="/login" {
                input type="hidden" name="next" value=(next);
                div .field {
                    label for="login" { (texts.login) }
                    input #login name="login" value=(login) autocomplete="username" required
                        autocapitalize="none" spellcheck="false" maxlength="100"
                        autofocus[login.is_empty()]
                        aria-invalid=[(notice == Notice::Wrong).then_some("true")]
                        aria-describedby=[(notice == Notice::Wrong).then_some("problem")];
                }
                div .field {
                    label for="password" { (texts.password) }
                    input #password name="password" type="password" autocomplete="current-password"
                        required maxlength="200" autofocus[!login.is_empty()]
                        aria-invalid=[(notice == Notice::Wrong).then_some("true")]
                        aria-describedby=[(notice == Notice::Wrong).then_some("problem")];
                }
                div { button { (texts.submit) } }
            }
            details .more {
                summary { (texts.lost) }
                p { (texts.lost_do) code { "afterword-collector admin reset-link" } }
            }
        }
    };
    let mut response = bare_page(language, texts.title, &main);
    *response.status_mut() = match notice {
        Notice::Wrong => StatusCode::UNPROCESSABLE_ENTITY,
        Notice::Wait(_) => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::OK,
    };
    if let Notice::Wait(seconds) = notice {
        response.headers_mut().insert(header::RETRY_AFTER, (seconds + 1).into());
    }
    response
}
