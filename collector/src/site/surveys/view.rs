//! The surveys: the list, and each with its tag to paste and its settings.

use std::collections::BTreeMap;

use afterword_response::Touchpoint;
use axum::{http::header, response::Response};
use jiff::Timestamp;
use maud::{Markup, PreEscaped, html};

use super::tag;
use crate::{
    access::{Role, person::Person},
    http::policy,
    language::Language,
    site::frame::{Place, field, form_token, format::Format, moment, names::Names, page},
    store::surveys::{Refusal, Survey},
    survey::{AllowedOrigin, Field, Problem},
    words::words,
};

words! {
    struct Texts {
        title: "Surveys", "Umfragen";
        lead: "What you ask, and where. A survey also appears here by itself when its first answer arrives.",
            "Was Sie fragen, und wo. Eine Umfrage erscheint hier auch von selbst, sobald ihre erste Antwort eintrifft.";
        none: "Your first survey", "Ihre erste Umfrage";
        none_do: "Give it a name; then you get the two lines to paste into your shop.",
            "Geben Sie ihr einen Namen; danach erhalten Sie die zwei Zeilen zum Einfügen in Ihren Shop.";
        add: "Add a survey", "Umfrage anlegen";
        name: "Name", "Name";
        name_hint: "For you and your colleagues. For example: after the purchase.",
            "Für Sie und Ihr Team. Zum Beispiel: Nach dem Kauf.";
        subject: "What is recommended", "Was weiterempfohlen wird";
        subject_hint: "As the question says it: your shop's name. Left open, it is the name of the site.",
            "So steht es in der Frage: der Name Ihres Shops. Bleibt es leer, ist es der Name der Website.";
        exists: "There is a survey of this name already. Choose another name.",
            "Eine Umfrage dieses Namens gibt es schon. Wählen Sie einen anderen Namen.";
        create: "Add", "Anlegen";
        answers_none: "no answers yet", "noch keine Antworten";
        latest: ", the latest ", ", zuletzt am ";

        added: "The survey was added.", "Die Umfrage wurde angelegt.";
        added_do: "Paste the two lines below into your shop.", "Fügen Sie die zwei Zeilen unten in Ihren Shop ein.";
        saved: "Saved.", "Gespeichert.";
        saved_do: "If the subject, the review link or the language changed, paste the tag anew.",
            "Haben sich Name in der Frage, Bewertungslink oder Sprache geändert, fügen Sie die Zeilen bitte neu ein.";
        not_saved: "Not saved yet.", "Noch nicht gespeichert.";
        not_saved_do: "Correct the marked fields under Settings, and save once more.",
            "Berichtigen Sie unter Einstellungen die markierten Felder, und speichern Sie noch einmal.";
        allowed: "Allowed.", "Zugelassen.";
        allowed_do: "Answers from there are taken from now on.", "Antworten von dort werden ab jetzt angenommen.";
        forgotten: "The list was cleared.", "Die Liste wurde geleert.";
        all_surveys: "All surveys", "Alle Umfragen";
        report: "Report", "Bericht";
        responses: "Responses", "Antworten";

        refused: "Answers were refused", "Antworten wurden abgewiesen";
        refused_lead: "They came from sites that this survey does not list. Whoever answered was told so, and could try again.",
            "Sie kamen von Websites, die für diese Umfrage nicht eingetragen sind. Wer geantwortet hat, hat das gesehen und konnte es erneut versuchen.";
        allow: "Allow this site", "Diese Website zulassen";
        forget: "Clear this list", "Liste leeren";
        hidden_frame: "a sandboxed frame, which names no site", "ein abgeschotteter Rahmen, der keine Website nennt";

        tag: "Put it into your shop", "In Ihren Shop einbauen";
        moment: "Moment", "Zeitpunkt";
        where_visit: "On any page, best at its end. It appears where the lines stand.",
            "Auf eine beliebige Seite, am besten ans Ende. Die Frage erscheint dort, wo die Zeilen stehen.";
        where_order: "On the page that thanks for the order, below the thanks.",
            "Auf die Seite, die für die Bestellung dankt, unter den Dank.";
        where_delivery: "On the page that your message about the delivery links to, for example the order's status.",
            "Auf die Seite, auf die Ihre Nachricht zur Lieferung verweist, zum Beispiel den Bestellstatus.";
        where_support: "On the page that ends a request to your support.",
            "Auf die Seite, mit der eine Anfrage beim Kundendienst endet.";
        where_return: "On the page that confirms a return.", "Auf die Seite, die eine Rückgabe bestätigt.";
        copy: "Copy", "Kopieren";
        copied: "Copied", "Kopiert";
        preview: "See it as customers do", "Ansehen wie im Shop";
        order: "Send the order's number along", "Bestellnummer mitsenden";
        order_do: "Then one order's answers at several moments are compared, and can be erased by its number. Add this to the first line; your shop's template knows the number:",
            "Dann werden die Antworten einer Bestellung zu mehreren Zeitpunkten verglichen und lassen sich über die Nummer löschen. Ergänzen Sie dazu die erste Zeile; die Nummer kennt die Vorlage Ihres Shops:";
        elsewhere: "any other template", "jede andere Vorlage";
        noscript: "For customers without JavaScript", "Für Kundinnen und Kunden ohne JavaScript";
        noscript_do: "Paste this instead of the two lines. Whoever browses without JavaScript then sees an ordinary form in the question's place, and is thanked on a page in their language.",
            "Fügen Sie dies anstelle der zwei Zeilen ein. Wer ohne JavaScript unterwegs ist, sieht dann an der Stelle der Frage ein gewöhnliches Formular; den Dank zeigt eine Seite in derselben Sprache.";
        rate: "Count those too who do not answer", "Auch zählen, wer nicht antwortet";
        rate_do: "Then the report knows the response rate, and what silence may hide. It is noted that the question was shown, without a person or an order. Add this to the first line:",
            "Dann kennt der Bericht die Antwortquote und weiß, was das Schweigen verbergen kann. Vermerkt wird nur, dass die Frage gezeigt wurde, ohne Person und Bestellung. Ergänzen Sie dazu die erste Zeile:";
        policy: "If your shop has a content security policy", "Wenn Ihr Shop eine Content Security Policy hat";
        policy_do: "Add this address to script-src and connect-src, and 'wasm-unsafe-eval' to script-src.",
            "Nehmen Sie diese Adresse in script-src und connect-src auf, und 'wasm-unsafe-eval' in script-src.";

        settings: "Settings", "Einstellungen";
        in_file: "The settings file decides over this.", "Darüber entscheidet die Einstellungsdatei.";
        review_link: "Review link", "Bewertungslink";
        review_link_hint: "Where customers may write a public review. Every score sees it, as the platforms' rules demand.",
            "Wo Kundinnen und Kunden öffentlich bewerten können. Alle sehen ihn, unabhängig von der Bewertung; so verlangen es die Regeln der Plattformen.";
        origins: "Allowed sites", "Zugelassene Websites";
        origins_hint: "One a line, such as https://shop.example or https://*.shop.example. Left open, answers from any site are taken. Answers from elsewhere are refused, and counted here.",
            "Eine je Zeile, etwa https://shop.example oder https://*.shop.example. Bleibt es leer, werden Antworten von überall angenommen. Andere werden abgewiesen und hier gezählt.";
        retention: "Keep answers for", "Antworten aufbewahren";
        retention_hint: "Days; older answers are erased, once a day. Left open: ",
            "Tage; ältere Antworten werden gelöscht, einmal am Tag. Bleibt es leer: ";
        language: "Language of the pages", "Sprache der Seiten";
        language_any: "as the page says", "wie die Seite angibt";
        save: "Save", "Speichern";
        any: "any", "alle";
        unlimited: "without limit", "unbegrenzt";
        not_set: "not set", "nicht gesetzt";
        id: "Id", "Kennung";

        preview_title: "Preview", "Vorschau";
        preview_lead: "This is the question as your shop shows it. Nothing is sent.",
            "So steht die Frage in Ihrem Shop. Es wird nichts gesendet.";
        back: "Back to the survey", "Zurück zur Umfrage";
        no_widget: "The question does not appear? Then the widget's files are not part of this collector; its log says what to do.",
            "Die Frage erscheint nicht? Dann fehlen diesem Collector die Dateien des Widgets; sein Protokoll sagt, was zu tun ist.";
    }
}

/// A survey in the list.
pub(crate) struct Entry {
    pub(crate) survey: Survey,
    pub(crate) answers: i64,
    pub(crate) latest: Option<Timestamp>,
    /// Answers that were refused for where they came from.
    pub(crate) refused: i64,
    /// Days that answers are kept for where the survey says nothing; `None` is for ever.
    pub(crate) usual_days: Option<u32>,
}

/// What was typed into a form, and what was wrong with it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Typed {
    pub(crate) values: BTreeMap<&'static str, String>,
    pub(crate) problems: BTreeMap<&'static str, Problem>,
    /// A survey of this id is there already.
    pub(crate) exists: bool,
}

impl Typed {
    fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// What is wrong with a field, as a sentence of its own.
    fn problem(&self, name: &str, language: Language) -> Option<String> {
        let words = self.problems.get(name)?.words(language);
        let mut letters = words.chars();
        let first = letters.next()?;
        Some(first.to_uppercase().chain(letters).chain(['.']).collect())
    }
}

/// What is said on top of a survey's page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Said {
    #[default]
    Nothing,
    Added,
    Saved,
    Allowed,
    Forgotten,
}

impl Said {
    pub(crate) fn from_name(name: &str) -> Self {
        match name {
            "added" => Self::Added,
            "saved" => Self::Saved,
            "allowed" => Self::Allowed,
            "forgotten" => Self::Forgotten,
            _ => Self::Nothing,
        }
    }
}

/// The list of surveys.
pub(crate) fn surveys(person: &Person, entries: &[Entry], typed: &Typed) -> Response {
    let language = person.language;
    let texts = Texts::of(language);
    let main = html! {
        div .settings .stack {
            header { h1 { (texts.title) } p .lead { (texts.lead) } }
            @if !entries.is_empty() {
                ul .survey-list {
                    @for entry in entries { li { (entry_link(entry, person, texts)) } }
                }
            }
            @if person.may(Role::Member) {
                section .sheet {
                    @if entries.is_empty() {
                        h2 { (texts.none) }
                        p .quiet { (texts.none_do) }
                    } @else {
                        h2 { (texts.add) }
                    }
                    form .fields method="post" action="/surveys" {
                        (form_token(person))
                        @let problem = if typed.exists { Some(texts.exists.to_owned()) } else { typed.problem("name", language) };
                        (field("name", texts.name, texts.name_hint, problem.as_deref(), &html! {
                            input #name name="name" required maxlength="100" value=(typed.value("name"))
                                aria-describedby="name-hint" aria-invalid=[problem.as_ref().map(|_| "true")];
                        }))
                        @let problem = typed.problem("subject", language);
                        (field("subject", texts.subject, texts.subject_hint, problem.as_deref(), &html! {
                            input #subject name="subject" maxlength="100" value=(typed.value("subject"))
                                aria-describedby="subject-hint" aria-invalid=[problem.as_ref().map(|_| "true")];
                        }))
                        div { button { (texts.create) } }
                    }
                }
            }
        }
    };
    page(person, Place::Surveys, texts.title, &main)
}

fn entry_link(entry: &Entry, person: &Person, texts: &Texts) -> Markup {
    html! {
        a .sheet href={ "/surveys/" (entry.survey.id) } {
            strong { (entry.survey.title()) }
            span .quiet .small {
                (answers(entry.answers, entry.latest, person, texts))
            }
            @if entry.refused > 0 {
                span .badge .warn { (refused_words(entry.refused, person.language)) }
            }
        }
    }
}

fn refused_words(answers: i64, language: Language) -> String {
    match (answers, language) {
        (1, Language::English) => "1 answer refused".to_owned(),
        (1, Language::German) => "1 Antwort abgewiesen".to_owned(),
        (_, Language::English) => format!("{} answers refused", number(answers, language)),
        (_, Language::German) => format!("{} Antworten abgewiesen", number(answers, language)),
    }
}

fn answers(answers: i64, latest: Option<Timestamp>, person: &Person, texts: &Texts) -> Markup {
    html! {
        @match answers {
            0 => (texts.answers_none),
            1 => (match person.language { Language::English => "1 answer", Language::German => "1 Antwort" }),
            _ => {
                (number(answers, person.language))
                (match person.language { Language::English => " answers", Language::German => " Antworten" })
            }
        }
        @if let Some(latest) = latest { (texts.latest) (moment(latest, person)) }
    }
}

fn number(number: i64, language: Language) -> String {
    Format::of(language).count(number.unsigned_abs())
}

/// A survey: its tag, and its settings.
pub(crate) fn survey(
    person: &Person,
    entry: &Entry,
    refusals: &[Refusal],
    touchpoint: Touchpoint,
    said: Said,
    typed: Option<&Typed>,
) -> Response {
    let language = person.language;
    let texts = Texts::of(language);
    let survey = &entry.survey;
    let main = html! {
        div .settings .wide .stack {
            header {
                p .small { a href="/surveys" { "← " (texts.all_surveys) } }
                h1 { (survey.title()) }
                p .lead {
                    code { (survey.id) } " · " (answers(entry.answers, entry.latest, person, texts))
                }
                @if entry.answers > 0 {
                    p .row .small {
                        a href={ "/?survey=" (survey.id) } { (texts.report) }
                        a href={ "/responses?survey=" (survey.id) } { (texts.responses) }
                    }
                }
            }
            @match said {
                Said::Nothing => {}
                Said::Added => p .notice .good role="status" { strong { (texts.added) } " " (texts.added_do) },
                Said::Saved => p .notice .good role="status" { strong { (texts.saved) } " " (texts.saved_do) },
                Said::Allowed => p .notice .good role="status" { strong { (texts.allowed) } " " (texts.allowed_do) },
                Said::Forgotten => p .notice .good role="status" { (texts.forgotten) },
            }
            @if typed.is_some() {
                p .notice .bad role="alert" {
                    strong { (texts.not_saved) } " "
                    a href="#settings" { (texts.not_saved_do) }
                }
            }
            @if !refusals.is_empty() { (refused(person, survey, refusals, texts)) }
            div .survey-parts .stack {
                (tag_section(person, survey, touchpoint, texts))
                section .sheet #settings {
                    h2 { (texts.settings) }
                    @if person.may(Role::Member) {
                        (settings_form(person, entry, typed, texts))
                    } @else {
                        (settings_list(entry, language, texts))
                    }
                }
            }
        }
    };
    page(person, Place::Surveys, survey.title(), &main)
}

fn refused(person: &Person, survey: &Survey, refusals: &[Refusal], texts: &Texts) -> Markup {
    let action = format!("/surveys/{}/refusals", survey.id);
    let may_allow = person.may(Role::Member) && !survey.fixed.contains(&Field::Origins);
    html! {
        section .notice .warn {
            h2 { (texts.refused) }
            p { (texts.refused_lead) }
            ul .entries {
                @for refusal in refusals {
                    li .row .apart {
                        div {
                            strong { (refusal.origin) }
                            @if refusal.origin == "null" { " (" (texts.hidden_frame) ")" }
                            div .small {
                                (answers(refusal.answers, Some(refusal.last_at), person, texts))
                            }
                        }
                        @if may_allow && AllowedOrigin::read(&refusal.origin).is_ok() {
                            form method="post" action=(action) {
                                (form_token(person))
                                input type="hidden" name="origin" value=(refusal.origin);
                                button .second name="do" value="allow" {
                                    (texts.allow) span .hidden-text { ": " (refusal.origin) }
                                }
                            }
                        }
                    }
                }
            }
            @if person.may(Role::Member) {
                form method="post" action=(action) {
                    (form_token(person))
                    button .second name="do" value="forget" { (texts.forget) }
                }
            }
        }
    }
}

fn tag_section(person: &Person, survey: &Survey, touchpoint: Touchpoint, texts: &Texts) -> Markup {
    let language = person.language;
    let names = Names::of(language);
    let here =
        |touchpoint: Touchpoint| format!("/surveys/{}?touchpoint={}", survey.id, touchpoint.name());
    let place = match touchpoint {
        Touchpoint::Visit => texts.where_visit,
        Touchpoint::Order => texts.where_order,
        Touchpoint::Delivery => texts.where_delivery,
        Touchpoint::Support => texts.where_support,
        Touchpoint::Return => texts.where_return,
    };
    html! {
        section .sheet #tag {
            h2 { (texts.tag) }
            nav .tabs aria-label=(texts.moment) {
                ul {
                    @for name in Touchpoint::NAMES {
                        @if let Some(it) = Touchpoint::from_name(name) {
                            li { a href={ (here(it)) "#tag" } aria-current=[(it == touchpoint).then_some("true")] {
                                (names.touchpoint(it))
                            } }
                        }
                    }
                }
            }
            p { (place) }
            pre tabindex="0" aria-label=(texts.tag) { code #tag-text { (tag::lines(survey, touchpoint, &person.origin)) } }
            div .row {
                button type="button" data-copy="tag-text" data-copied=(texts.copied) hidden { (texts.copy) }
                a .button .second href={ "/surveys/" (survey.id) "/preview?touchpoint=" (touchpoint.name()) } {
                    (texts.preview)
                }
            }
            details .more {
                summary { (texts.order) }
                p { (texts.order_do) }
                dl .facts {
                    dt { "WooCommerce" }
                    dd { code { "data-order-id=\"<?php echo esc_attr( $order->get_order_number() ); ?>\"" } }
                    dt { "Shopware 6" }
                    dd { code { "data-order-id=\"{{ page.order.orderNumber }}\"" } }
                    dt { (texts.elsewhere) }
                    dd { code { "data-order-id=\"A-1001\"" } }
                }
            }
            details .more {
                summary { (texts.rate) }
                p { (texts.rate_do) }
                p { code { "data-report=\"all\"" } }
            }
            details .more {
                summary { (texts.noscript) }
                p { (texts.noscript_do) }
                pre tabindex="0" aria-label=(texts.noscript) {
                    code #noscript-text { (tag::lines_with_form(survey, touchpoint, &person.origin, language)) }
                }
                div {
                    button .second type="button" data-copy="noscript-text" data-copied=(texts.copied) hidden {
                        (texts.copy) span .hidden-text { ": " (texts.noscript) }
                    }
                }
            }
            details .more {
                summary { (texts.policy) }
                p { (texts.policy_do) }
                p { code { (person.origin) } }
            }
        }
    }
}

fn settings_form(person: &Person, entry: &Entry, typed: Option<&Typed>, texts: &Texts) -> Markup {
    let language = person.language;
    let survey = &entry.survey;
    let settings = &survey.settings;
    let stored = |name: &str| -> String {
        match name {
            "name" => settings.name.clone().unwrap_or_default(),
            "subject" => settings.subject.clone().unwrap_or_default(),
            "review-link" => settings.review_link.clone().unwrap_or_default(),
            "retention-days" => {
                settings.retention_days.map(|it| it.to_string()).unwrap_or_default()
            }
            "origins" => {
                let origins: Vec<&str> =
                    settings.origins.iter().flatten().map(AllowedOrigin::as_str).collect();
                origins.join("\n")
            }
            _ => settings.language.map(|it| it.tag().to_owned()).unwrap_or_default(),
        }
    };
    let value = |name: &str| match typed {
        Some(typed) if typed.values.contains_key(name) => typed.value(name).to_owned(),
        _ => stored(name),
    };
    let fixed = |field: Field| survey.fixed.contains(&field);
    let in_file = texts.in_file;
    let hint =
        |field: Field, hint: &str| if fixed(field) { in_file.to_owned() } else { hint.to_owned() };
    let retention_hint = match (entry.usual_days, language) {
        (None, _) => format!("{}{}.", texts.retention_hint, texts.unlimited),
        (Some(days), Language::English) => format!("{}{days} days.", texts.retention_hint),
        (Some(days), Language::German) => format!("{}{days} Tage.", texts.retention_hint),
    };
    let problem = |name: &str| typed.and_then(|typed| typed.problem(name, language));
    let line = |id: &'static str, label: &str, said: &str, of: Field, kind: &str| {
        field(
            id,
            label,
            &hint(of, said),
            problem(id).as_deref(),
            &html! {
                input id=(id) name=(id) type=(kind) value=(value(id)) maxlength="2000" readonly[fixed(of)]
                    inputmode=[(id == "retention-days").then_some("numeric")]
                    aria-describedby={ (id) "-hint" } aria-invalid=[problem(id).map(|_| "true")];
            },
        )
    };
    let chosen = value("language");
    html! {
        form .fields method="post" action={ "/surveys/" (survey.id) } {
            (form_token(person))
            (line("name", texts.name, texts.name_hint, Field::Name, "text"))
            (line("subject", texts.subject, texts.subject_hint, Field::Subject, "text"))
            (line("review-link", texts.review_link, texts.review_link_hint, Field::ReviewLink, "url"))
            (field("origins", texts.origins, &hint(Field::Origins, texts.origins_hint), problem("origins").as_deref(), &html! {
                textarea #origins name="origins" rows="3" spellcheck="false" autocapitalize="none"
                    readonly[fixed(Field::Origins)] aria-describedby="origins-hint"
                    aria-invalid=[problem("origins").map(|_| "true")] { (value("origins")) }
            }))
            (line("retention-days", texts.retention, &retention_hint, Field::RetentionDays, "text"))
            (field("language", texts.language, &hint(Field::Language, ""), problem("language").as_deref(), &html! {
                select #language name="language" disabled[fixed(Field::Language)]
                    aria-describedby="language-hint" aria-invalid=[problem("language").map(|_| "true")] {
                    option value="" selected[chosen.is_empty()] { (texts.language_any) }
                    @for it in Language::ALL {
                        option value=(it.tag()) selected[chosen == it.tag()] { (it.name()) }
                    }
                }
            }))
            div { button { (texts.save) } }
        }
    }
}

fn settings_list(entry: &Entry, language: Language, texts: &Texts) -> Markup {
    let survey = &entry.survey;
    let settings = &survey.settings;
    let origins: Vec<&str> = settings.origins.iter().flatten().map(AllowedOrigin::as_str).collect();
    let days = settings.retention_days.or(entry.usual_days).map(|days| match language {
        Language::English => format!("{days} days"),
        Language::German => format!("{days} Tage"),
    });
    html! {
        dl .facts {
            dt { (texts.id) } dd { code { (survey.id) } }
            dt { (texts.subject) } dd { (settings.subject.as_deref().unwrap_or(texts.not_set)) }
            dt { (texts.review_link) } dd { (settings.review_link.as_deref().unwrap_or(texts.not_set)) }
            dt { (texts.origins) } dd { (if origins.is_empty() { texts.any.to_owned() } else { origins.join(", ") }) }
            dt { (texts.retention) } dd { (days.as_deref().unwrap_or(texts.unlimited)) }
            dt { (texts.language) } dd { (settings.language.map_or(texts.language_any, Language::name)) }
        }
    }
}

/// The question itself, as the shop will show it.
pub(crate) fn preview(person: &Person, survey: &Survey, touchpoint: Touchpoint) -> Response {
    let texts = Texts::of(person.language);
    let names = Names::of(person.language);
    let element = tag::element(survey, touchpoint, "class=\"preview\" data-preview=\"true\"");
    let main = html! {
        div .settings .stack {
            header {
                p .small { a href={ "/surveys/" (survey.id) "?touchpoint=" (touchpoint.name()) "#tag" } { "← " (texts.back) } }
                h1 { (texts.preview_title) }
                p .lead { (survey.title()) " · " (names.touchpoint(touchpoint)) ". " (texts.preview_lead) }
            }
            (PreEscaped(element))
            script async src={ "/" (tag::script(survey)) } {}
            p .hint { (texts.no_widget) }
        }
    };
    let mut response = page(person, Place::Surveys, texts.preview_title, &main);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy::PREVIEW);
    response
}
