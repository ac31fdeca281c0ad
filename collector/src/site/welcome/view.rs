//! The pages behind one-time links: create the first account, accept an invitation, set a password.

use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};

use crate::{
    access::password::{MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, Weakness},
    language::Language,
    site::frame::{bare_page, field, role_name},
    store::accounts::Purpose,
    words::words,
};

words! {
    struct Texts {
        setup: "Create the first account", "Das erste Konto anlegen";
        setup_lead: "With it you decide over everything here. You can invite colleagues afterwards.",
            "Damit verwalten Sie alles hier. Ihr Team können Sie danach einladen.";
        invitation: "Create your account", "Ihr Konto anlegen";
        invitation_lead: "You were invited to see what customers say.",
            "Sie wurden eingeladen, zu sehen, was Kundinnen und Kunden sagen.";
        reset: "Choose a new password", "Neues Passwort wählen";
        reset_lead: "You will be signed out everywhere else.", "Überall sonst werden Sie abgemeldet.";
        role: "Your role: ", "Ihre Rolle: ";
        name: "Your name", "Ihr Name";
        name_hint: "As your colleagues know you.", "So, wie man Sie im Team kennt.";
        name_wrong: "Enter a name of at most 100 characters.", "Geben Sie einen Namen mit höchstens 100 Zeichen ein.";
        login: "Login", "Anmeldename";
        login_hint: "Your e-mail address, for example. No mail is ever sent to it.",
            "Zum Beispiel Ihre E-Mail-Adresse. Es wird nie etwas dorthin gesendet.";
        login_wrong: "Enter a login of at most 100 characters, without spaces.",
            "Geben Sie einen Anmeldenamen ein: höchstens 100 Zeichen, ohne Leerzeichen.";
        login_taken: "Somebody else has this login. Choose another one.",
            "Diesen Anmeldenamen hat schon jemand. Bitte wählen Sie einen anderen.";
        password: "Password", "Passwort";
        password_hint: "At least 12 characters; three or four words that have nothing to do with one another make a good one. Any characters will do.",
            "Mindestens 12 Zeichen; drei oder vier Wörter, die nichts miteinander zu tun haben, sind gut. Alle Zeichen sind erlaubt.";
        obvious: "That is too easy to guess: it is your name or login, or one character again and again.",
            "Das ist zu leicht zu erraten: Es ist Ihr Name oder Anmeldename, oder immer dasselbe Zeichen.";
        create: "Create the account", "Konto anlegen";
        set: "Set the password", "Passwort setzen";
    }
}

/// The problems of a form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Problems {
    pub(crate) name: bool,
    pub(crate) login: bool,
    pub(crate) login_taken: bool,
    pub(crate) password: Option<Weakness>,
}

/// The page for the link's purpose. `name` and `login` are those of the attempt before.
pub(crate) fn welcome(
    language: Language,
    purpose: &Purpose,
    (name, login): (&str, &str),
    problems: Problems,
) -> Response {
    let texts = Texts::of(language);
    let (title, lead) = match purpose {
        Purpose::Setup => (texts.setup, texts.setup_lead),
        Purpose::Invitation { .. } => (texts.invitation, texts.invitation_lead),
        Purpose::Password(_) => (texts.reset, texts.reset_lead),
    };
    let is_new = !matches!(purpose, Purpose::Password(_));
    let login_problem = match problems {
        Problems { login: true, .. } => Some(texts.login_wrong),
        Problems { login_taken: true, .. } => Some(texts.login_taken),
        _ => None,
    };
    let main = html! {
        div .narrow .stack {
            header { h1 { (title) } p .lead { (lead) } }
            @if let Purpose::Invitation { role, .. } = purpose {
                p { (texts.role) strong { (role_name(*role, language)) } }
            }
            // The form has no `action`, so it is sent to this address, whose secret permits it.
            form .fields method="post" {
                @if is_new {
                    (field("name", texts.name, texts.name_hint, problems.name.then_some(texts.name_wrong), &html! {
                        input #name name="name" value=(name) autocomplete="name" required maxlength="100"
                            aria-describedby="name-hint" aria-invalid=[problems.name.then_some("true")];
                    }))
                    (field("login", texts.login, texts.login_hint, login_problem, &html! {
                        input #login name="login" value=(login) autocomplete="username" required maxlength="100"
                            autocapitalize="none" spellcheck="false" aria-describedby="login-hint"
                            aria-invalid=[login_problem.map(|_| "true")];
                    }))
                }
                (password_field(language, problems.password))
                div { button { (if is_new { texts.create } else { texts.set }) } }
            }
        }
    };
    let mut response = bare_page(language, title, &main);
    if problems != Problems::default() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    response
}

/// The field for a password that is being chosen.
pub(crate) fn password_field(language: Language, problem: Option<Weakness>) -> Markup {
    let texts = Texts::of(language);
    let problem = problem.map(|weakness| match (weakness, language) {
        (Weakness::Short, Language::English) => {
            format!("Too short. Make it at least {MIN_PASSWORD_LENGTH} characters.")
        }
        (Weakness::Short, Language::German) => {
            format!("Zu kurz. Nehmen Sie mindestens {MIN_PASSWORD_LENGTH} Zeichen.")
        }
        (Weakness::Long, Language::English) => {
            format!("Too long. Make it at most {MAX_PASSWORD_LENGTH} characters.")
        }
        (Weakness::Long, Language::German) => {
            format!("Zu lang. Nehmen Sie höchstens {MAX_PASSWORD_LENGTH} Zeichen.")
        }
        (Weakness::Obvious, _) => texts.obvious.to_owned(),
    });
    field(
        "password",
        texts.password,
        texts.password_hint,
        problem.as_deref(),
        &html! {
            input #password name="password" type="password" autocomplete="new-password" required
                maxlength=(MAX_PASSWORD_LENGTH) aria-describedby="password-hint"
                aria-invalid=[problem.as_ref().map(|_| "true")];
        },
    )
}
