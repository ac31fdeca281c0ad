//! Where alerts are sent: the targets, and what became of the messages to them.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;

use super::{Fresh, Notes, view};
use crate::{
    access::{Role, person::Person, seal::SealKey},
    alerts::{message::Kind, secrets::Secrets, signature},
    http::{
        error::{Error, PageError},
        extract::{NoFields, OwnForm},
        redirect::see_other,
    },
    outgoing::{Target, TargetProblem},
    site::{
        frame::{field, form_token, moment},
        welcome::is_name,
    },
    state::Shared,
    store::{
        StoreError,
        alerts::{DeliveryState, NewTarget, ShownDelivery, StoredTarget},
    },
    words::words,
};

/// Targets of a shop.
const MAX_TARGETS: usize = 20;

words! {
    pub(super) struct Words {
        where_to: "Where to", "Wohin";
        lead: "Every alert is sent to each of these, unless you choose some for its rule. It contains what customers wrote, but never their contact, which is on the page of the answer.",
            "Jede Meldung geht an jedes dieser Ziele, wenn Sie für die Regel nicht einzelne auswählen. Was Ihre Kundschaft geschrieben hat, geht mit; der Kontakt nie: Er steht auf der Seite der Antwort.";
        none: "Nowhere yet. Alerts are listed on this page.", "Noch nirgendwohin. Meldungen stehen auf dieser Seite.";
        no_key: "There is no key for secrets.", "Es gibt keinen Schlüssel für Geheimnisse.";
        no_key_do: "Addresses of webhooks are secrets and are stored encrypted. Make a key with openssl rand -base64 32, set it as AFTERWORD_SECRETS_KEY, and start the collector again; then you can add targets here.",
            "Adressen von Webhooks sind Geheimnisse und werden verschlüsselt gespeichert. Erzeugen Sie mit openssl rand -base64 32 einen Schlüssel, setzen Sie ihn als AFTERWORD_SECRETS_KEY und starten Sie den Collector neu; danach können Sie hier Ziele anlegen.";
        other_key: "Stored with another key. Remove it and add it again, or bring the key back.",
            "Mit einem anderen Schlüssel gespeichert. Entfernen Sie es und legen Sie es neu an, oder setzen Sie den alten Schlüssel wieder ein.";
        waiting: "waiting: ", "noch nicht zugestellt: ";
        test: "Send a test", "Test senden";
        rotate: "New secret", "Neues Geheimnis";
        remove: "Remove", "Entfernen";
        new: "Add a target", "Ein Ziel hinzufügen";
        kind: "Kind", "Art";
        webhook: "Webhook (signed, Standard Webhooks)", "Webhook (signiert, Standard Webhooks)";
        short_webhook: "Webhook", "Webhook";
        name: "Name", "Name";
        name_hint: "As you will find it here, such as the name of the channel.", "So finden Sie es hier wieder, etwa der Name des Kanals.";
        name_wrong: "Enter a name of at most 100 characters.", "Geben Sie einen Namen mit höchstens 100 Zeichen ein.";
        address: "Address", "Adresse";
        address_hint: "The whole address with https://, as the chat or your program gives it. It is not shown again.",
            "Die ganze Adresse mit https://, wie der Chat oder Ihr Programm sie angibt. Sie wird nicht wieder angezeigt.";
        address_wrong: "Enter a whole address that begins with https://, without a user name.",
            "Geben Sie eine ganze Adresse ein, die mit https:// beginnt, ohne Benutzernamen.";
        address_literal: "Enter a name in place of the IP address. Hosts in a private network are allowed in the settings file: outgoing-hosts.",
            "Geben Sie statt der IP-Adresse einen Namen ein. Hosts im eigenen Netz werden in der Einstellungsdatei erlaubt: outgoing-hosts.";
        full: "There are 20 targets. Remove one first.", "Es gibt schon 20 Ziele. Entfernen Sie zuerst eines.";
        add: "Add", "Hinzufügen";
        secret_of: "The secret of ", "Das Geheimnis von ";
        secret_do: "With it your program checks that a message comes from here. Copy it now; it is not shown again.",
            "Damit prüft Ihr Programm, dass eine Nachricht von hier kommt. Kopieren Sie es jetzt; es wird nicht noch einmal angezeigt.";
        secret_both: "For 24 hours messages carry a signature of the old secret, too.",
            "24 Stunden lang tragen Nachrichten zusätzlich eine Signatur mit dem alten Geheimnis.";
        messages: "Messages", "Nachrichten";
        messages_lead: "A message that does not arrive is tried again for 24 hours. After that you can send it again here.",
            "Kommt eine Nachricht nicht an, wird sie 24 Stunden lang wieder versucht. Danach können Sie sie hier erneut senden.";
        removed_target: "a target that was removed", "ein entferntes Ziel";
        by_mail: " (mail)", " (E-Mail)";
        no_mail: "There is no mail server in the settings", "In den Einstellungen steht kein Mailserver";
        mail: "The mail server did not take it", "Der Mailserver hat sie nicht angenommen";
        an_alert: "alert", "Meldung";
        a_test: "test", "Test";
        an_erasure: "erasure", "Löschung";
        is_waiting: "on its way", "unterwegs";
        is_delivered: "delivered", "zugestellt";
        is_failed: "given up", "aufgegeben";
        attempts: "attempts: ", "Versuche: ";
        next: "next attempt ", "nächster Versuch ";
        again: "Send again", "Erneut senden";
        answered: "It answered with the status ", "Antwort mit dem Status ";
        lookup: "The name of its host was not found", "Der Name des Hosts wurde nicht gefunden";
        private: "The name of its host leads into a private network", "Der Name des Hosts führt in ein privates Netz";
        connect: "No connection was possible", "Keine Verbindung möglich";
        tls: "No secure connection was possible", "Keine sichere Verbindung möglich";
        http: "It did not answer as a web server does", "Es kam keine gültige Antwort";
        answer: "Its answer was too long, or ended early", "Die Antwort war zu lang oder brach ab";
        late: "It did not answer within ten seconds", "Keine Antwort innerhalb von zehn Sekunden";
        another: "The settings of the collector do not fit any more", "Die Einstellungen des Collectors passen nicht mehr";
        added: "The target was added. Send a test to try it.", "Das Ziel wurde hinzugefügt. Senden Sie einen Test, um es auszuprobieren.";
        removed: "The target was removed.", "Das Ziel wurde entfernt.";
        tested: "A test is on its way. Its result appears below, under Messages.",
            "Ein Test ist unterwegs. Was aus ihm wird, steht unten bei den Nachrichten.";
        sent_again: "The message is sent again.", "Die Nachricht wird erneut gesendet.";
    }
}

/// A target as it is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TypedTarget {
    kind: String,
    name: String,
    address: String,
}

/// Why a typed target was not added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    NoKey,
    Name,
    Address(TargetProblem),
    NoRoom,
}

/// What is done to a target.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TargetAct {
    act: String,
}

/// `POST /settings/alerts/targets`: adds a target, and shows its secret, only this once.
pub(crate) async fn add(
    State(shared): State<Arc<Shared>>,
    OwnForm { person, form }: OwnForm<TypedTarget>,
) -> Result<Response, PageError> {
    let kind = Kind::from_name(&form.kind).unwrap_or(Kind::Webhook);
    let name = form.name.trim();
    let is_full = shared.store.alert_targets().await?.len() >= MAX_TARGETS;
    let read = match Target::read(&form.address, shared.post.outgoing().allowed()) {
        _ if is_full => Err(Refusal::NoRoom),
        _ if !is_name(name) => Err(Refusal::Name),
        Err(problem) => Err(Refusal::Address(problem)),
        Ok(target) => shared.post.key().map(|key| (target, key.clone())).ok_or(Refusal::NoKey),
    };
    let (target, key) = match read {
        Ok(read) => read,
        Err(refusal) => {
            let notes = Notes { target: Some((&form, refusal)), ..Notes::default() };
            let mut page = view(&person, &shared, notes).await?;
            *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(page);
        }
    };
    let signing = (kind == Kind::Webhook).then(signature::secret).transpose()?;
    let secrets = Secrets::new(target.reveal().to_owned(), signing.clone());
    let new = NewTarget {
        kind: kind.name(),
        name: name.to_owned(),
        language: person.language,
        host: target.host().to_owned(),
    };
    let seal =
        move |number| secrets.seal(&key, number).map_err(|error| StoreError::Engine(error.into()));
    shared.store.add_alert_target(new, Timestamp::now(), seal).await?;
    let Some(secret) = signing else {
        return Ok(see_other("/settings/alerts?done=target"));
    };
    let fresh = Fresh { name: name.to_owned(), secret, is_second: false };
    view(&person, &shared, Notes { fresh: Some(fresh), ..Notes::default() }).await
}

/// `POST /settings/alerts/targets/{target}`: removes a target, or gives it a new secret, which is shown only this once.
pub(crate) async fn change(
    State(shared): State<Arc<Shared>>,
    Path(number): Path<i64>,
    OwnForm { person, form }: OwnForm<TargetAct>,
) -> Result<Response, PageError> {
    if form.act != "rotate" {
        shared.store.remove_alert_target(number).await?;
        return Ok(see_other("/settings/alerts?done=target-removed"));
    }
    let targets = shared.store.alert_targets().await?;
    let target = targets.into_iter().find(|it| it.target == number);
    let opened = target.and_then(|target| {
        let key = shared.post.key()?;
        let secrets = Secrets::open(key, &target.sealed, number).ok()?;
        secrets.signing.is_some().then_some((target.name, secrets, key))
    });
    let Some((name, secrets, key)) = opened else {
        return Err(PageError(Error::NotFound(
            "The target was removed, or its secret cannot be opened.",
        )));
    };
    let secret = signature::secret()?;
    let sealed = secrets
        .rotated(secret.clone(), Timestamp::now())
        .seal(key, number)
        .map_err(|error| StoreError::Engine(error.into()))?;
    shared.store.reseal_alert_target(number, sealed).await?;
    let fresh = Fresh { name, secret, is_second: true };
    view(&person, &shared, Notes { fresh: Some(fresh), ..Notes::default() }).await
}

/// `POST /settings/alerts/targets/{target}/test`: sends a made-up answer, marked as a test.
pub(crate) async fn test(
    State(shared): State<Arc<Shared>>,
    Path(target): Path<i64>,
    _: OwnForm<NoFields>,
) -> Result<Response, PageError> {
    shared.store.test_alert_target(target, Timestamp::now()).await?;
    shared.post_due.notify_one();
    Ok(see_other("/settings/alerts?done=target-tested"))
}

/// `POST /settings/alerts/deliveries/{delivery}`: sends a message again that was given up.
pub(crate) async fn send_again(
    State(shared): State<Arc<Shared>>,
    Path(delivery): Path<i64>,
    _: OwnForm<NoFields>,
) -> Result<Response, PageError> {
    shared.store.send_again(delivery, Timestamp::now()).await?;
    shared.post_due.notify_one();
    Ok(see_other("/settings/alerts?done=sent-again"))
}

/// The section with the targets.
pub(super) fn section(
    person: &Person,
    targets: &[StoredTarget],
    key: Option<&SealKey>,
    typed: Option<(&TypedTarget, Refusal)>,
) -> Markup {
    let words = Words::of(person.language);
    html! {
        section .sheet {
            h2 #targets { (words.where_to) }
            p .quiet { (words.lead) }
            @if key.is_none() {
                div .notice .warn { p { strong { (words.no_key) } } p { (words.no_key_do) } }
            }
            @if targets.is_empty() {
                p { (words.none) }
            } @else {
                ul .entries { @for target in targets { li { (entry(person, target, key)) } } }
            }
            @if key.is_some() && person.may(Role::Admin) { (form(person, typed)) }
        }
    }
}

const fn kind_name(kind: Kind, words: &Words) -> &'static str {
    match kind {
        Kind::Webhook => words.short_webhook,
        Kind::Slack => "Slack",
        Kind::Teams => "Microsoft Teams",
        Kind::Discord => "Discord",
    }
}

fn entry(person: &Person, target: &StoredTarget, key: Option<&SealKey>) -> Markup {
    let words = Words::of(person.language);
    let kind = Kind::from_name(&target.kind);
    let is_open = key.is_none_or(|key| Secrets::open(key, &target.sealed, target.target).is_ok());
    let action = format!("/settings/alerts/targets/{}", target.target);
    let of = html! { span .hidden-text { ": " (target.name) } };
    html! {
        div .row .apart {
            div {
                strong { (target.name) } " "
                span .badge { (kind.map_or("?", |kind| kind_name(kind, words))) }
                p .quiet .small {
                    (target.host)
                    @if target.waiting > 0 { " · " (words.waiting) (target.waiting) }
                }
                @if !is_open { p .error { (words.other_key) } }
            }
            div .row {
                @if key.is_some() && is_open {
                    form method="post" action={ (action) "/test" } {
                        (form_token(person))
                        button .second { (words.test) (of) }
                    }
                }
                @if person.may(Role::Admin) {
                    form .row method="post" action=(action) {
                        (form_token(person))
                        @if kind == Some(Kind::Webhook) && key.is_some() && is_open {
                            button .second name="act" value="rotate" { (words.rotate) (of) }
                        }
                        button .second name="act" value="remove" { (words.remove) (of) }
                    }
                }
            }
        }
    }
}

fn form(person: &Person, typed: Option<(&TypedTarget, Refusal)>) -> Markup {
    let words = Words::of(person.language);
    let nothing = TypedTarget::default();
    let (kept, refusal) = typed.map_or((&nothing, None), |(kept, it)| (kept, Some(it)));
    let chosen = Kind::from_name(&kept.kind).unwrap_or(Kind::Webhook);
    let name_wrong = (refusal == Some(Refusal::Name)).then_some(words.name_wrong);
    let address_wrong = match refusal {
        Some(Refusal::Address(TargetProblem::Form)) => Some(words.address_wrong),
        Some(Refusal::Address(TargetProblem::Literal)) => Some(words.address_literal),
        _ => None,
    };
    html! {
        details .more open[typed.is_some()] {
            summary { (words.new) }
            form .fields method="post" action="/settings/alerts/targets" {
                (form_token(person))
                @if refusal == Some(Refusal::NoRoom) { p .error role="alert" { (words.full) } }
                fieldset .stack {
                    legend { (words.kind) }
                    @for kind in Kind::ALL {
                        @let id = format!("kind-{}", kind.name());
                        div .choice {
                            input type="radio" id=(id) name="kind" value=(kind.name()) checked[kind == chosen];
                            label for=(id) {
                                @if kind == Kind::Webhook { (words.webhook) } @else { (kind_name(kind, words)) }
                            }
                        }
                    }
                }
                (field("target-name", words.name, words.name_hint, name_wrong, &html! {
                    input #target-name name="name" required maxlength="100" autocomplete="off" value=(kept.name)
                        aria-describedby="target-name-hint" aria-invalid=[name_wrong.map(|_| "true")];
                }))
                // What was typed is a secret, and is not sent back.
                (field("address", words.address, words.address_hint, address_wrong, &html! {
                    input #address type="url" name="address" required maxlength="2000" autocomplete="off"
                        aria-describedby="address-hint" aria-invalid=[address_wrong.map(|_| "true")];
                }))
                div { button { (words.add) span .hidden-text { ": " (words.where_to) } } }
            }
        }
    }
}

/// The section with the messages; nothing as long as there was none.
pub(super) fn messages(person: &Person, deliveries: &[ShownDelivery]) -> Markup {
    let words = Words::of(person.language);
    html! {
        @if !deliveries.is_empty() {
            section .sheet {
                h2 { (words.messages) }
                p .quiet { (words.messages_lead) }
                ul .entries .messages { @for delivery in deliveries { li { (message(person, delivery)) } } }
            }
        }
    }
}

fn message(person: &Person, delivery: &ShownDelivery) -> Markup {
    let words = Words::of(person.language);
    let what = match &*delivery.what {
        "test" => words.a_test,
        "erased" => words.an_erasure,
        _ => words.an_alert,
    };
    let target = delivery.receiver.as_deref().unwrap_or(words.removed_target);
    html! {
        div .row .apart {
            div {
                p {
                    (target) @if delivery.is_mail { (words.by_mail) } " · " (what) " "
                    @match delivery.state {
                        DeliveryState::Waiting => span .badge { (words.is_waiting) },
                        DeliveryState::Delivered => span .badge .good { (words.is_delivered) },
                        DeliveryState::Failed => span .badge .bad { (words.is_failed) },
                    }
                }
                p .quiet .small {
                    (moment(delivery.last_at.unwrap_or(delivery.created_at), person))
                    @if delivery.attempts > 1 { " · " (words.attempts) (delivery.attempts) }
                    @if let Some(next) = delivery.next_at.filter(|_| delivery.attempts > 0) {
                        " · " (words.next) (moment(next, person))
                    }
                }
                @if delivery.state != DeliveryState::Delivered && delivery.problem.is_some() {
                    p .small { (problem(delivery, words)) "." }
                }
            }
            @if delivery.state == DeliveryState::Failed {
                form method="post" action={ "/settings/alerts/deliveries/" (delivery.delivery) } {
                    (form_token(person))
                    button .second { (words.again) span .hidden-text { ": " (target) ", " (what) } }
                }
            }
        }
    }
}

fn problem(delivery: &ShownDelivery, words: &Words) -> String {
    if let Some(status) = delivery.status {
        return format!("{}{status}", words.answered);
    }
    match delivery.problem.as_deref().unwrap_or_default() {
        "lookup" => words.lookup,
        "private" => words.private,
        "connect" => words.connect,
        "tls" => words.tls,
        "http" => words.http,
        "answer" => words.answer,
        "late" => words.late,
        "mail" => words.mail,
        "no-mail" => words.no_mail,
        "no-key" => words.no_key.trim_end_matches('.'),
        "other-key" => words.other_key.trim_end_matches('.'),
        _ => words.another,
    }
    .to_owned()
}
