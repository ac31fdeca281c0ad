//! The frame of every page: the navigation, the signed-in person, and the footer.

use maud::{DOCTYPE, Markup, html};

use super::{files, role_name};
use crate::{access::person::Person, language::Language, words::words};

words! {
    /// The frame's texts.
    struct Words {
        skip: "Skip to content", "Zum Inhalt springen";
        areas: "Areas", "Bereiche";
        report: "Report", "Bericht";
        inbox: "Inbox", "Eingang";
        responses: "Answers", "Antworten";
        surveys: "Surveys", "Umfragen";
        data: "Data", "Daten";
        settings: "Settings", "Einstellungen";
        account: "Account", "Konto";
        language: "Language", "Sprache";
        token_holder: "Admin token", "Admin-Token";
        sign_out: "Sign out", "Abmelden";
        elsewhere: "This is not the collector's address. Go on at",
            "Das ist nicht die Adresse des Collectors. Weiter geht es unter";
        unstyled: "This page has come without its styles. If you opened it under a path, as in shop.example/feedback/: \
            these pages need a host name of their own, such as feedback.shop.example. The survey itself works under a path, too.",
            "Diese Seite ist ohne ihre Gestaltung angekommen. Falls Sie sie unter einem Pfad geöffnet haben, etwa shop.example/feedback/: \
            Diese Seiten brauchen einen eigenen Hostnamen, etwa feedback.shop.example. Die Umfrage selbst funktioniert auch unter einem Pfad.";
        marks: "Net Promoter®, NPS® and Net Promoter Score® are registered trademarks of Bain & Company, Inc., \
            NICE Systems, Inc. and Fred Reichheld. Afterword is not connected with them.",
            "Net Promoter®, NPS® und Net Promoter Score® sind eingetragene Marken von Bain & Company, Inc., \
            NICE Systems, Inc. und Fred Reichheld. Afterword steht mit ihnen in keiner Verbindung.";
    }
}

/// The area of the collector that a page belongs to; the navigation marks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Report,
    Inbox,
    Responses,
    Surveys,
    Data,
    Settings,
    /// No area.
    Elsewhere,
}

impl Place {
    const ALL: [Self; 6] =
        [Self::Report, Self::Inbox, Self::Responses, Self::Surveys, Self::Data, Self::Settings];

    const fn address(self) -> &'static str {
        match self {
            Self::Report | Self::Elsewhere => "/",
            Self::Inbox => "/inbox",
            Self::Responses => "/responses",
            Self::Surveys => "/surveys",
            Self::Data => "/data",
            Self::Settings => "/settings",
        }
    }

    const fn name(self, words: &Words) -> &'static str {
        match self {
            Self::Report | Self::Elsewhere => words.report,
            Self::Inbox => words.inbox,
            Self::Responses => words.responses,
            Self::Surveys => words.surveys,
            Self::Data => words.data,
            Self::Settings => words.settings,
        }
    }
}

/// The document around a page's main part. Without a person there is no navigation: nobody is
/// signed in.
pub(super) fn document(
    language: Language,
    person: Option<(&Person, Place)>,
    title: &str,
    main: &Markup,
) -> Markup {
    let words = Words::of(language);
    html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                meta name="color-scheme" content="light dark";
                title { (title) " · Afterword" }
                link rel="icon" type="image/svg+xml" href=(files::ICON.address());
                link rel="stylesheet" href=(files::STYLE.address());
                script src=(files::SCRIPT.address()) defer {}
            }
            body {
                a .skip href="#main" { (words.skip) }
                // The style sheet hides this text. It is visible only if the style sheet cannot be loaded, as under a
                // path.
                @if person.is_none() { p .unstyled { (words.unstyled) } }
                header .top {
                    div .bar {
                        a .brand href="/" { (mark()) "Afterword" }
                        // On paper nothing else says whose figures these are.
                        @if let Some(shop) = person.and_then(|(person, _)| person.shop.as_deref()) {
                            p .print-only .shop { (shop) }
                        }
                        @if let Some((person, _)) = person { (account(person, words)) }
                    }
                    @if let Some((_, place)) = person {
                        nav .areas aria-label=(words.areas) {
                            ul {
                                @for area in Place::ALL {
                                    li {
                                        a href=(area.address())
                                            aria-current=[(area == place).then_some("page")] {
                                            @if area == Place::Settings {
                                                (gear()) span .in-words { (area.name(words)) }
                                            } @else {
                                                (area.name(words))
                                            }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
                main #main tabindex="-1" {
                    @if let Some((person, _)) = person { (elsewhere(person.elsewhere.as_deref(), language)) }
                    (main)
                }
                footer .bottom {
                    p { (words.marks) }
                    @if person.is_none() { (languages(language, "/", words)) }
                }
            }
        }
    }
}

/// The right address of a page that was requested under another host.
pub(crate) fn elsewhere(right: Option<&str>, language: Language) -> Markup {
    html! {
        @if let Some(right) = right {
            p .notice .warn data-notice="elsewhere" {
                (Words::of(language).elsewhere) " " a href=(right) { (right) }
            }
        }
    }
}

/// The product's logo: a closing quotation mark in a bubble, in the colour of the text around it.
fn mark() -> Markup {
    html! {
        svg viewBox="0 0 24 24" width="26" height="26" aria-hidden="true" focusable="false" {
            path fill="currentColor" d="M5 2h14a4 4 0 0 1 4 4v8a4 4 0 0 1-4 4h-7l-5 4.4c-.6.6-1.6.1-1.6-.7V18H5a4 4 0 0 1-4-4V6a4 4 0 0 1 4-4Z" {}
            path .mark-quote fill="none" stroke-width="2" stroke-linecap="round" d="M10 7v3.2c0 1.4-.8 2.3-2 2.8M16 7v3.2c0 1.4-.8 2.3-2 2.8" {}
        }
    }
}

/// The icon of the settings, for places without room for their name.
fn gear() -> Markup {
    html! {
        svg .gear viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false"
            fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" {
            path d="M4 7h9m6 0h1M4 17h1m6 0h9" {}
            circle cx="16" cy="7" r="2.5" {}
            circle cx="8" cy="17" r="2.5" {}
        }
    }
}

/// The hidden field of a form, by which [`Person::check`] knows that this person sent it.
pub(crate) fn form_token(person: &Person) -> Markup {
    // Without random bits there is no token, and the form is refused when it is sent.
    let token = person.session().and_then(|session| session.form_token().ok());
    html! { input type="hidden" name="form_token" value=(token.unwrap_or_default()); }
}

fn account(person: &Person, words: &Words) -> Markup {
    let name = person.name.as_deref().unwrap_or(words.token_holder);
    html! {
        details .account {
            summary {
                span .hidden-text { (words.account) ": " }
                span .who { (name) }
            }
            div .menu {
                p { strong { (name) } br; span .quiet { (role_name(person.role, person.language)) } }
                (languages(person.language, &person.here, words))
                @if person.is_colleague() {
                    form method="post" action="/logout" {
                        (form_token(person))
                        button .second { (words.sign_out) }
                    }
                }
            }
        }
    }
}

/// The switch of language. It leads back to the current page.
fn languages(current: Language, here: &str, words: &Words) -> Markup {
    html! {
        form .languages method="post" action="/language" aria-label=(words.language) {
            input type="hidden" name="next" value=(here);
            @for language in Language::ALL {
                button .plain name="to" value=(language.tag()) lang=(language.tag())
                    aria-pressed=(language == current) { (language.name()) }
            }
        }
    }
}
