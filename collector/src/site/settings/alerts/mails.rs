//! The mails that a colleague gets about alerts, and their quiet hours.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use jiff::Timestamp;
use maud::{Markup, html};

use super::{Notes, view};
use crate::{
    access::person::Person,
    http::{
        error::{Error, PageError},
        extract::{Fields, OwnForm},
        redirect::see_other,
    },
    mail,
    rules::QuietHours,
    site::frame::{field, form_token},
    state::Shared,
    store::alerts::MailChoice,
    words::words,
};

words! {
    pub(super) struct Words {
        title: "Mails to you", "E-Mails an Sie";
        lead: "Choose which alerts you get by mail. A mail says what was found and has a link; what customers wrote stays here.",
            "Wählen Sie, welche Meldungen Sie per E-Mail bekommen. Eine E-Mail sagt, was gefunden wurde, und enthält einen Link; was Ihre Kundschaft geschrieben hat, bleibt hier.";
        no_server: "There is no mail server in the settings file, so no mails are sent.",
            "In der Einstellungsdatei steht kein Mailserver; deshalb werden keine E-Mails gesendet.";
        address: "Your address", "Ihre Adresse";
        address_wrong: "Enter an address such as kim@shop.example.", "Geben Sie eine Adresse wie kim@shop.example ein.";
        which: "Alerts", "Meldungen";
        own_cases: "A case of mine: it is given to me, waits too long for an answer, or the customer writes back",
            "Ein Fall, für den ich zuständig bin: Er wird mir übergeben, wartet zu lange auf eine Antwort, oder jemand schreibt zurück";
        unowned_cases: "A case that nobody looks after waits too long for an answer",
            "Ein Fall, für den niemand zuständig ist, wartet zu lange auf eine Antwort";
        quiet: "Quiet hours", "Ruhezeit";
        quiet_hint: "In these hours no mail is sent; what was found comes afterwards in one mail. Leave both empty for none.",
            "In dieser Zeit kommt keine E-Mail; was gefunden wurde, kommt danach in einer einzigen. Ohne Ruhezeit lassen Sie beides leer.";
        quiet_wrong: "Enter both times, such as 22:00 and 07:00.", "Geben Sie beide Uhrzeiten ein, etwa 22:00 und 07:00.";
        from: "From", "Von";
        until: "Until", "Bis";
        save: "Save", "Speichern";
        test: "Send a test mail", "Test-Mail senden";
        saved: "Your choice of mails was saved.", "Ihre Auswahl der E-Mails wurde gespeichert.";
        tested: "A test mail is on its way. Its result appears below, under Messages.",
            "Eine Test-Mail ist unterwegs. Was aus ihr wird, steht unten bei den Nachrichten.";
    }
}

/// Why a choice was not saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    Address,
    Quiet,
}

/// `POST /settings/alerts/mails`: saves which mails the person gets, or sends them a test.
pub(crate) async fn save(
    State(shared): State<Arc<Shared>>,
    OwnForm { person, form }: OwnForm<Fields>,
) -> Result<Response, PageError> {
    let account = person
        .account()
        .ok_or(PageError(Error::NotFound("The admin token belongs to no account.")))?;
    if form.get("act") == "test" {
        shared.store.test_mail(account, Timestamp::now()).await?;
        shared.post_due.notify_one();
        return Ok(see_other("/settings/alerts?done=mail-tested"));
    }
    let rules: Vec<i64> = form.all("rule").filter_map(|rule| rule.parse().ok()).collect();
    let own_cases = !form.get("own").is_empty();
    let unowned_cases = !form.get("unowned").is_empty();
    let address = form.get("address").trim();
    let times = [form.get("from"), form.get("until")];
    let choice = match quiet(times) {
        _ if rules.is_empty() && !own_cases && !unowned_cases && address.is_empty() => Ok(None),
        _ if !mail::is_address(address) => Err(Refusal::Address),
        Err(refusal) => Err(refusal),
        Ok(quiet) => Ok(Some(MailChoice {
            address: address.to_owned(),
            language: person.language,
            quiet,
            rules,
            own_cases,
            unowned_cases,
        })),
    };
    match choice {
        Ok(choice) => {
            shared.store.set_mail_choice(account, choice).await?;
            Ok(see_other("/settings/alerts?done=mails"))
        }
        Err(refusal) => {
            let notes = Notes { mail: Some((&form, refusal)), ..Notes::default() };
            let mut page = view(&person, &shared, notes).await?;
            *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(page)
        }
    }
}

/// Reads the two times of a form: both, or none.
fn quiet(times: [&str; 2]) -> Result<Option<QuietHours>, Refusal> {
    match times.map(str::trim) {
        ["", ""] => Ok(None),
        [from, until] => {
            let quiet = minute(from).zip(minute(until));
            let quiet = quiet.map(|(from, until)| QuietHours { from, until });
            quiet.map(Some).ok_or(Refusal::Quiet)
        }
    }
}

/// The minute of the day of a time such as `22:00`; browsers may add seconds.
fn minute(time: &str) -> Option<u16> {
    let (hour, rest) = time.split_once(':')?;
    let hour: u16 = hour.parse().ok().filter(|hour| *hour < 24)?;
    let minute: u16 = rest.split(':').next()?.parse().ok().filter(|minute| *minute < 60)?;
    Some(hour * 60 + minute)
}

fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// The section with the person's mails. `rules` are numbers and what they wait for.
pub(super) fn section(
    person: &Person,
    has_server: bool,
    rules: &[(i64, String)],
    choice: Option<&MailChoice>,
    typed: Option<(&Fields, Refusal)>,
) -> Markup {
    let words = Words::of(person.language);
    html! {
        section .sheet {
            h2 { (words.title) }
            p .quiet { (words.lead) }
            @if !has_server {
                p { (words.no_server) }
            } @else {
                (form(person, rules, choice, typed))
            }
        }
    }
}

fn form(
    person: &Person,
    rules: &[(i64, String)],
    choice: Option<&MailChoice>,
    typed: Option<(&Fields, Refusal)>,
) -> Markup {
    let words = Words::of(person.language);
    let (kept, refusal) = typed.unzip();
    let address = match kept {
        Some(kept) => kept.get("address"),
        None => choice.map_or("", |choice| &choice.address),
    };
    let is_chosen = |rule: i64| match kept {
        Some(kept) => kept.all("rule").any(|it| it == rule.to_string()),
        None => choice.is_some_and(|choice| choice.rules.contains(&rule)),
    };
    let of_cases = [
        ("own", words.own_cases, choice.is_some_and(|choice| choice.own_cases)),
        ("unowned", words.unowned_cases, choice.is_some_and(|choice| choice.unowned_cases)),
    ]
    .map(|(name, label, chosen)| {
        (name, label, kept.map_or(chosen, |kept| !kept.get(name).is_empty()))
    });
    let quiet = choice.and_then(|choice| choice.quiet);
    let time = |name: &str, minute: Option<u16>| match kept {
        Some(kept) => kept.get(name).to_owned(),
        None => minute.map(clock).unwrap_or_default(),
    };
    let address_wrong = (refusal == Some(Refusal::Address)).then_some(words.address_wrong);
    let quiet_wrong = (refusal == Some(Refusal::Quiet)).then_some("true");
    html! {
        form .fields method="post" action="/settings/alerts/mails" {
            (form_token(person))
            (field("mail-address", words.address, "", address_wrong, &html! {
                input #mail-address type="email" name="address" autocomplete="email" maxlength="254" value=(address)
                    aria-describedby="mail-address-hint" aria-invalid=[address_wrong.map(|_| "true")];
            }))
            fieldset .stack {
                legend { (words.which) }
                @for (name, label, is_chosen) in of_cases {
                    @let id = format!("mail-{name}");
                    div .choice {
                        input type="checkbox" id=(id) name=(name) value="yes" checked[is_chosen];
                        label for=(id) { (label) }
                    }
                }
                @for (rule, said) in rules {
                    @let id = format!("mail-rule-{rule}");
                    div .choice {
                        input type="checkbox" id=(id) name="rule" value=(rule) checked[is_chosen(*rule)];
                        label for=(id) { (said) }
                    }
                }
            }
            fieldset .stack aria-describedby="quiet-hint" {
                legend { (words.quiet) }
                div .row {
                    @for (name, label, minute) in [
                        ("from", words.from, quiet.map(|it| it.from)),
                        ("until", words.until, quiet.map(|it| it.until)),
                    ] {
                        div .field {
                            label for={ "quiet-" (name) } { (label) }
                            input id={ "quiet-" (name) } type="time" name=(name) value=(time(name, minute))
                                aria-invalid=[quiet_wrong];
                        }
                    }
                }
                div #quiet-hint {
                    @if quiet_wrong.is_some() { p .error { (words.quiet_wrong) } }
                    p .hint { (words.quiet_hint) }
                }
            }
            div .row {
                button { (words.save) }
                @if choice.is_some() { button .second name="act" value="test" { (words.test) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_are_two_times_or_none() {
        let hours = |from, until| Ok(Some(QuietHours { from, until }));
        assert_eq!(quiet(["", " "]), Ok(None));
        assert_eq!(quiet(["22:00", "07:30:00"]), hours(1_320, 450));
        for wrong in
            [["22:00", ""], ["", "7:00"], ["24:00", "07:00"], ["22:60", "07:00"], ["x", "y"]]
        {
            assert_eq!(quiet(wrong), Err(Refusal::Quiet), "{wrong:?}");
        }
        assert_eq!(clock(450), "07:30");
    }
}
