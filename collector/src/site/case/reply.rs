//! The section on the page of an answer with the replies to it, and the form to reply.

use jiff::Timestamp;
use maud::{Markup, html};

use super::{
    details::AnswerDetails,
    words::{Words as CaseWords, happened},
};
use crate::{
    access::{Role, person::Person},
    language::Language,
    replying::{Advertising, advertising, mailto},
    site::frame::{form_token, moment},
    store::{
        cases::{Actor, CaseChange},
        replies::{MAX_REPLY_LENGTH, MailState, Reply, Way},
    },
    words::words,
};

words! {
    struct Words {
        title: "Reply to the customer", "Antwort an die Kundin oder den Kunden";
        yours: "Your reply", "Ihre Antwort";
        on_page: "The customer reads it on the answer page.", "Zu lesen ist sie auf der Antwortseite.";
        by_mail: "By mail it goes to", "Per E-Mail geht sie an";
        by_program: "From the preview you can open it in your mail program, addressed to",
            "Aus der Vorschau können Sie sie in Ihrem E-Mail-Programm öffnen, adressiert an";
        by_contact: "The customer left this contact:", "Die Kundin oder der Kunde möchte so erreicht werden:";
        no_way: "The customer left no contact and has no answer page. If you reply in another way, note it here.",
            "Es gibt weder eine Kontaktangabe noch eine Antwortseite. Wenn Sie auf anderem Weg antworten, vermerken Sie es hier.";
        unreachable: "Without a contact and an answer page: note a reply", "Ohne Kontaktangabe und Antwortseite: eine Antwort vermerken";
        hint: "At most 2,000 characters. You can take a reply back for 10 seconds.",
            "Höchstens 2.000 Zeichen. 10 Sekunden lang können Sie eine Antwort zurücknehmen.";
        template: "Template", "Vorlage";
        use_template: "Insert", "Einfügen";
        preview: "Preview", "Vorschau";
        send_page: "Send on the answer page", "Auf der Antwortseite senden";
        send_mail: "Send by mail", "Per E-Mail senden";
        note_elsewhere: "Note as sent elsewhere", "Als anderswo gesendet vermerken";
        open_program: "Open in the mail program", "Im E-Mail-Programm öffnen";
        mailto_long: "The text is too long for a link. Copy it into your mail program.",
            "Für einen Link ist der Text zu lang. Kopieren Sie ihn in Ihr E-Mail-Programm.";
        copy: "Copy text", "Text kopieren";
        copied: "Copied", "Kopiert";
        after_program: "Have you sent it there? Then note it here: the text stays with the case, and no page shows it to the customer.",
            "Haben Sie sie dort gesendet? Dann vermerken Sie es hier: Der Text bleibt beim Fall, der Kundschaft zeigt ihn keine Seite.";
        link: "The text has a link. A mail that leads to a review site counts as advertising in Germany (§ 7 UWG), which needs the customer’s consent.",
            "Der Text enthält einen Link. Eine E-Mail, die zu einem Bewertungsportal führt, gilt als Werbung (§ 7 UWG) und braucht eine Einwilligung.";
        invitation: "The text seems to invite to something. A mail that asks for a review or offers an advantage counts as advertising in Germany (§ 7 UWG), which needs the customer’s consent.",
            "Der Text scheint zu etwas einzuladen. Eine E-Mail, die um eine Bewertung bittet oder einen Vorteil anbietet, gilt als Werbung (§ 7 UWG) und braucht eine Einwilligung.";
        empty: "Write a reply first.", "Schreiben Sie zuerst eine Antwort.";
        long: "At most 2,000 characters. Nothing was sent; your text is still in the field.",
            "Höchstens 2.000 Zeichen. Es wurde nichts gesendet; Ihr Text steht noch im Feld.";
        changed: "This case was changed meanwhile. Nothing was sent; your text is still in the field. Look at what was done, and send it again if it still fits.",
            "Dieser Fall wurde inzwischen geändert. Es wurde nichts gesendet; Ihr Text steht noch im Feld. Sehen Sie sich an, was geschah, und senden Sie ihn erneut, wenn er noch passt.";
        not_possible: "The reply cannot go this way any more. Nothing was sent; your text is still in the field.",
            "Auf diesem Weg kann die Antwort nicht mehr gesendet werden. Es wurde nichts gesendet; Ihr Text steht noch im Feld.";
        taken_back: "Taken back. Nothing was sent; your text is in the field again.",
            "Zurückgenommen. Es wurde nichts gesendet; Ihr Text steht wieder im Feld.";
        too_late: "It was too late to take the reply back: the customer can read it already.",
            "Zum Zurücknehmen war es zu spät: Die Antwort ist schon zu lesen.";
        take_back: "Take back", "Zurücknehmen";
        mail_waiting: "on its way", "unterwegs";
        mail_delivered: "accepted by the mail server", "vom Mailserver angenommen";
        mail_failed: "not sent", "nicht gesendet";
        send_again: "Send again", "Erneut senden";
    }
}

/// A reply that is being written, to be shown again.
pub(crate) struct Draft {
    pub(crate) words: String,
    pub(crate) about: DraftAbout,
}

/// Why a draft is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DraftAbout {
    /// The person wants to see what it looks like.
    Preview,
    /// The text of a template was inserted.
    Template,
    /// It has no text.
    Empty,
    /// It has more than [`MAX_REPLY_LENGTH`] characters.
    Long,
    /// Somebody else has changed the case since the person opened it.
    Changed,
    /// The way was not offered, or is not any more.
    NotPossible,
    /// The person has taken it back.
    TakenBack,
    /// The person wanted to take a reply back that the customer can read. There is no text.
    TooLate,
}

/// The section; nothing for read-only people if there are no replies. `next` is the address that the browser is sent to
/// after its forms.
pub(crate) fn section(
    person: &Person,
    answer_details: &AnswerDetails,
    next: &str,
    draft: Option<&Draft>,
) -> Markup {
    let words = Words::of(person.language);
    let may_reply = person.may(Role::Member);
    let is_reachable = [Way::Page, Way::Mail].into_iter().any(|way| answer_details.offers(way))
        || answer_details.answer.response.contact.is_some();
    if !may_reply && answer_details.replies.is_empty() {
        return html! {};
    }
    html! {
        section .sheet .reply #reply aria-labelledby="replying" {
            h2 #replying { (words.title) }
            (list(person, &answer_details.replies, Some((answer_details, next))))
            @if may_reply {
                @if is_reachable || draft.is_some() {
                    (form(person, answer_details, next, draft, words))
                } @else {
                    // Most customers leave no way to reply: then the form would only be in the way.
                    details .more {
                        summary { (words.unreachable) }
                        (form(person, answer_details, next, draft, words))
                    }
                }
            }
        }
    }
}

/// The replies, oldest first, each with what the customer wrote back. `forms` is the answer with the address that the
/// forms lead back to; without it, there are none.
pub(crate) fn list(
    person: &Person,
    replies: &[Reply],
    forms: Option<(&AnswerDetails, &str)>,
) -> Markup {
    let words = Words::of(person.language);
    let names = CaseWords::of(person.language);
    html! {
        @if !replies.is_empty() {
            ol .replies {
                @for reply in replies {
                    li {
                        p { strong { (names.name(&reply.who)) } " · "
                            (happened(&CaseChange::Reply(Some(reply.way)), person.language))
                            @if let Some(mail) = reply.mail { ", " (mail_state(mail, words)) }
                            " · " small { time datetime=(reply.at) { (moment(reply.at, person)) } } }
                        p .note-text dir="auto" { (reply.words) }
                        @if let Some((answer_details, next)) = forms {
                            (take_back(person, answer_details, reply, next))
                            (send_again(person, answer_details, reply, next))
                        }
                        @if let Some(back) = &reply.written_back {
                            p .wrote-back { strong { (names.customer) } " · "
                                small { time datetime=(back.at) { (moment(back.at, person)) } } }
                            blockquote dir="auto" { (back.words) }
                        }
                    }
                }
            }
        }
    }
}

/// The button by which its author takes a reply back, while that is possible.
pub(super) fn take_back(
    person: &Person,
    answer_details: &AnswerDetails,
    reply: &Reply,
    next: &str,
) -> Markup {
    let now = Timestamp::now();
    let words = Words::of(person.language);
    // The page's script hides the button when it is too late.
    let left = reply.visible_from.map(|from| from.duration_since(now).as_millis().max(0));
    html! {
        @if is_own(&reply.who, person) && reply.can_be_taken_back(now) {
            form method="post" action={ "/inbox/" (answer_details.answer.response.id) "/take-back" }
                data-gone-after=[left] {
                (form_token(person))
                input type="hidden" name="step" value=(reply.step);
                input type="hidden" name="next" value=(next);
                button .second { (words.take_back) }
            }
        }
    }
}

/// The button by which a member sends a mail again that was given up, if there is somewhere to send it.
fn send_again(
    person: &Person,
    answer_details: &AnswerDetails,
    reply: &Reply,
    next: &str,
) -> Markup {
    let is_possible = reply.mail == Some(MailState::Failed) && answer_details.offers(Way::Mail);
    html! {
        @if is_possible && person.may(Role::Member) {
            form method="post" action={ "/inbox/" (answer_details.answer.response.id) "/send-again" } {
                (form_token(person))
                input type="hidden" name="step" value=(reply.step);
                input type="hidden" name="next" value=(next);
                button .second { (Words::of(person.language).send_again) }
            }
        }
    }
}

/// Whether the person did it.
pub(super) fn is_own(who: &Actor, person: &Person) -> bool {
    match who {
        Actor::Colleague { account, .. } => person.account() == Some(*account),
        Actor::TokenHolder => !person.is_colleague(),
        Actor::Customer | Actor::Collector => false,
    }
}

const fn mail_state(state: MailState, words: &Words) -> &'static str {
    match state {
        MailState::Waiting => words.mail_waiting,
        MailState::Delivered => words.mail_delivered,
        MailState::Failed => words.mail_failed,
    }
}

fn form(
    person: &Person,
    answer_details: &AnswerDetails,
    next: &str,
    draft: Option<&Draft>,
    words: &Words,
) -> Markup {
    let response = &answer_details.answer.response;
    let about = draft.map(|draft| draft.about);
    let typed = draft.map_or("", |draft| &draft.words);
    let problem = about.and_then(|about| problem(about, words));
    let told = match about {
        Some(DraftAbout::TakenBack) => Some(words.taken_back),
        Some(DraftAbout::TooLate) => Some(words.too_late),
        _ => None,
    };
    let ways = [(Way::Page, words.send_page), (Way::Mail, words.send_mail)];
    let sends: Vec<_> = ways.into_iter().filter(|(way, _)| answer_details.offers(*way)).collect();
    html! {
        @if let Some(told) = told { p .notice role="status" { (told) } }
        @if about == Some(DraftAbout::Preview) { (preview(answer_details, typed, words)) }
        @if let Some(advertising) = advertising(typed) { (warning(advertising, person.language)) }
        form .fields method="post" action={ "/inbox/" (response.id) "/reply" } {
            (form_token(person))
            input type="hidden" name="version" value=(answer_details.case.version);
            input type="hidden" name="next" value=(next);
            (templates(answer_details, words))
            div .field {
                label for="reply-words" { (words.yours) }
                textarea #reply-words name="words" rows="6" maxlength=(MAX_REPLY_LENGTH) required dir="auto"
                    aria-describedby="reply-hint" aria-invalid=[problem.map(|_| "true")] { (typed) }
                div #reply-hint {
                    @if let Some(problem) = problem { p .error role="alert" { (problem) } }
                    p .hint { (reached(answer_details, words)) " " (words.hint) }
                }
            }
            div .row {
                @for (way, label) in &sends { button name="do" value=(way.name()) { (label) } }
                button .second name="do" value="preview" { (words.preview) }
                button .plain name="do" value=(Way::Elsewhere.name()) { (words.note_elsewhere) }
            }
        }
    }
}

/// The choice of a template, whose text is put below what is typed; nothing without templates.
fn templates(answer_details: &AnswerDetails, words: &Words) -> Markup {
    html! {
        @if !answer_details.templates.is_empty() {
            div .row {
                label .give for="template" { (words.template) }
                select #template name="template" {
                    @for template in &answer_details.templates {
                        option value=(template.template) {
                            (template.text.name) " (" (template.text.language) ")"
                        }
                    }
                }
                button .plain name="do" value="template" formnovalidate { (words.use_template) }
            }
        }
    }
}

/// Says why a text would be advertising.
pub(crate) fn warning(advertising: Advertising, language: Language) -> Markup {
    let words = Words::of(language);
    html! {
        p .notice .warn {
            (match advertising {
                Advertising::Link => words.link,
                Advertising::Invitation => words.invitation,
            })
        }
    }
}

const fn problem(about: DraftAbout, words: &Words) -> Option<&'static str> {
    match about {
        DraftAbout::Empty => Some(words.empty),
        DraftAbout::Long => Some(words.long),
        DraftAbout::Changed => Some(words.changed),
        DraftAbout::NotPossible => Some(words.not_possible),
        DraftAbout::Preview
        | DraftAbout::Template
        | DraftAbout::TakenBack
        | DraftAbout::TooLate => None,
    }
}

/// How the customer is reached.
fn reached(answer_details: &AnswerDetails, words: &Words) -> Markup {
    let contact = answer_details.answer.response.contact.as_deref();
    let address = answer_details.mail_address();
    html! {
        @if answer_details.offers(Way::Page) { (words.on_page) " " }
        @if answer_details.offers(Way::Mail) {
            (words.by_mail) " " (contact.unwrap_or_default()) "."
        } @else if let Some(address) = address {
            (words.by_program) " " (address) "."
        } @else if let Some(contact) = contact {
            (words.by_contact) " " (contact) "."
        } @else if !answer_details.offers(Way::Page) {
            (words.no_way)
        }
    }
}

/// The reply as the customer reads it, and the link that opens a mail program with it.
fn preview(answer_details: &AnswerDetails, typed: &str, words: &Words) -> Markup {
    let locale = answer_details.customer_locale();
    html! {
        section .preview aria-labelledby="preview" {
            h3 #preview { (words.preview) }
            p #reply-text .note-text dir="auto" { (typed) }
            @if let Some(address) = answer_details.mail_address() {
                @match mailto(address, typed, locale) {
                    Some(link) => p { a .button .second href=(link) { (words.open_program) } },
                    None => p { (words.mailto_long) },
                }
                button .second type="button" data-copy="reply-text" data-copied=(words.copied) hidden {
                    (words.copy)
                }
                p .hint { (words.after_program) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{store::replies::TAKE_BACK, words::numbers};

    #[test]
    fn the_texts_name_the_limits_that_hold() {
        for language in [Language::English, Language::German] {
            let words = Words::of(language);
            let most = MAX_REPLY_LENGTH.to_string();
            assert_eq!(numbers(words.long), std::slice::from_ref(&most), "{language:?}");
            assert_eq!(
                numbers(words.hint),
                [most, TAKE_BACK.as_secs().to_string()],
                "{language:?}"
            );
        }
    }
}
