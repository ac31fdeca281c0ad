//! The colleagues: accounts and roles, invitations, links for a new password.

use std::sync::Arc;

use axum::{
    extract::{Path, RawQuery, State},
    http::StatusCode,
    response::Response,
};
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;

use super::{Notice, Part, framed, to_copy, words::Words};
use crate::{
    access::{Role, person::Person, secret::Secret},
    http::{
        error::{Error, PageError},
        extract::{NoFields, OwnForm},
        redirect::see_other,
    },
    language::Language,
    query::{BadQuery, ParameterProblem},
    site::{
        frame::{field, form_token, moment, role_name},
        welcome::is_name,
    },
    state::Shared,
    store::{
        Account,
        accounts::{AccountChange, Link, Purpose},
    },
};

/// `GET /settings/colleagues`
pub(crate) async fn page(
    person: Person,
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    show(&shared, &person, None, Notice::from_query(query.as_deref())).await
}

async fn show(
    shared: &Shared,
    person: &Person,
    fresh: Option<&FreshLink>,
    notice: Option<Notice>,
) -> Result<Response, PageError> {
    let accounts = shared.store.accounts().await?;
    let invitations = shared.store.invitations(Timestamp::now()).await?;
    let has_mail = shared.post.mailer().is_some();
    let mut page = view(person, &accounts, &invitations, (fresh, has_mail), notice);
    match notice {
        Some(Notice::LastAdmin | Notice::Gone) => *page.status_mut() = StatusCode::CONFLICT,
        Some(Notice::NoInviteName) => *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY,
        _ => {}
    }
    Ok(page)
}

/// Makes a link, and sends it to an address; without one, or if that fails, shows it on a page, only this once.
async fn hand_over_link(
    shared: &Shared,
    person: &Person,
    name: &str,
    purpose: &Purpose,
    mail: &str,
) -> Result<Response, PageError> {
    let secret = Secret::new("")?;
    let until = shared.store.put_link(secret.hash(), purpose, Timestamp::now()).await?;
    let kind = match purpose {
        Purpose::Setup => "setup",
        Purpose::Invitation { .. } => "invitation",
        Purpose::Password(_) => "password",
    };
    let address = format!("{}/{kind}/{}", person.origin, secret.reveal());
    let mail = mail.trim();
    let handed_over = match shared.post.mailer() {
        Some(mailer) if !mail.is_empty() => {
            let words = Words::of(person.language);
            let (subject, lead) = match purpose {
                Purpose::Password(_) => (words.mail_password, words.mail_password_lead),
                _ => (words.mail_invitation, words.mail_invitation_lead),
            };
            let text =
                format!("{lead}\n\n{address}\n\n{}{}.\n", words.mail_until, moment(until, person));
            match mailer.send(mail, subject, &text).await {
                Ok(()) => HandedOver::Sent(mail.to_owned()),
                Err(error) => {
                    tracing::warn!(
                        cause = ?std::error::Error::source(&error),
                        "a link could not be sent by mail: {error}"
                    );
                    HandedOver::NotSent { address }
                }
            }
        }
        _ => HandedOver::Shown { address },
    };
    let fresh = FreshLink { name: name.to_owned(), handed_over, until };
    show(shared, person, Some(&fresh), None).await
}

fn role_of(name: &str) -> Result<Role, BadQuery> {
    Role::from_name(name).ok_or_else(|| {
        BadQuery::of("role", ParameterProblem::Word(Role::ALL.map(Role::name).to_vec()))
    })
}

/// The name and role of an invited colleague.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewColleague {
    name: String,
    role: String,
    mail: String,
}

/// `POST /settings/colleagues`: makes an invitation.
pub(crate) async fn invite(
    State(shared): State<Arc<Shared>>,
    OwnForm { person, form: NewColleague { name, role, mail } }: OwnForm<NewColleague>,
) -> Result<Response, PageError> {
    let name = name.trim();
    if !is_name(name) {
        return show(&shared, &person, None, Some(Notice::NoInviteName)).await;
    }
    let purpose = Purpose::Invitation { role: role_of(&role)?, name: name.to_owned() };
    hand_over_link(&shared, &person, name, &purpose, &mail).await
}

/// A change to a colleague.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Change {
    /// `role`, `link`, `remove` (which asks for confirmation) or `remove-now`.
    #[serde(rename = "do")]
    action: String,
    role: String,
    /// The address to send a link to; empty to show it.
    mail: String,
}

/// `POST /settings/colleagues/{id}`: changes the role, makes a link for a new password, or removes the account.
pub(crate) async fn change(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<i64>,
    OwnForm { person, form: Change { action, role, mail } }: OwnForm<Change>,
) -> Result<Response, PageError> {
    let (changed, done) = match action.as_str() {
        "role" => (shared.store.set_role(id, role_of(&role)?).await?, "role"),
        "remove-now" => (shared.store.remove_account(id).await?, "removed"),
        "remove" => {
            return match shared.store.account(id).await? {
                Some(account) => Ok(confirm(&person, &account)),
                None => show(&shared, &person, None, Some(Notice::Gone)).await,
            };
        }
        "link" => {
            let Some(account) = shared.store.account(id).await? else {
                return show(&shared, &person, None, Some(Notice::Gone)).await;
            };
            let purpose = Purpose::Password(id);
            return hand_over_link(&shared, &person, &account.name, &purpose, &mail).await;
        }
        _ => return Err(PageError(Error::NotFound(""))),
    };
    match changed {
        AccountChange::Done => Ok(see_other(&format!("/settings/colleagues?done={done}"))),
        AccountChange::LastAdmin => show(&shared, &person, None, Some(Notice::LastAdmin)).await,
        AccountChange::Gone => show(&shared, &person, None, Some(Notice::Gone)).await,
    }
}

/// `POST /settings/invitations/{id}`: withdraws an invitation.
pub(crate) async fn withdraw(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<i64>,
    _: OwnForm<NoFields>,
) -> Result<Response, PageError> {
    shared.store.revoke_invitation(id).await?;
    Ok(see_other("/settings/colleagues?done=withdrawn"))
}

/// A new link: the person, its address, and when it ends.
struct FreshLink {
    name: String,
    handed_over: HandedOver,
    until: Timestamp,
}

/// How a link reaches whom it is for.
enum HandedOver {
    /// The person who made it hands it over.
    Shown { address: String },
    /// It could not be sent, so the person hands it over.
    NotSent { address: String },
    /// It was sent to this address, and is not shown.
    Sent(String),
}

/// The page, with the invitations that nobody has used yet.
fn view(
    person: &Person,
    accounts: &[Account],
    invitations: &[Link],
    (fresh, has_mail): (Option<&FreshLink>, bool),
    notice: Option<Notice>,
) -> Response {
    let language = person.language;
    let words = Words::of(language);
    let admins = accounts.iter().filter(|account| account.role == Role::Admin).count();
    let main = html! {
        @if let Some(fresh) = fresh {
            section .sheet .fresh role="status" {
                h2 { (words.link_for) (fresh.name) }
                @match &fresh.handed_over {
                    HandedOver::Sent(to) => {
                        p { (words.link_sent) (to) ". " (words.until) (moment(fresh.until, person)) "." }
                    }
                    HandedOver::Shown { address } | HandedOver::NotSent { address } => {
                        @if matches!(fresh.handed_over, HandedOver::NotSent { .. }) {
                            p .error { (words.link_not_sent) }
                        }
                        p { (words.link_do) " " (words.until) (moment(fresh.until, person)) "." }
                        (to_copy("fresh-link", address, words))
                    }
                }
            }
        }
        section .sheet {
            h2 { (words.colleagues) }
            ul .entries {
                @for account in accounts {
                    @let is_last_admin = account.role == Role::Admin && admins == 1;
                    li { (colleague(person, account, is_last_admin, has_mail)) }
                }
            }
        }
        @if !invitations.is_empty() {
            section .sheet {
                h2 { (words.open) }
                ul .entries {
                    @for link in invitations {
                        @if let Purpose::Invitation { role, name } = &link.purpose {
                            li .row .apart {
                                div {
                                    strong { (name) } " " span .badge { (role_name(*role, language)) }
                                    div .quiet .small { (words.until_short) (moment(link.expires_at, person)) }
                                }
                                form method="post" action={ "/settings/invitations/" (link.id) } {
                                    (form_token(person))
                                    button .second { (words.withdraw) span .hidden-text { ": " (name) } }
                                }
                            }
                        }
                    }
                }
            }
        }
        section .sheet {
            h2 #invite { (words.invite) }
            p .quiet { @if has_mail { (words.invite_lead_mail) } @else { (words.invite_lead) } }
            form .fields method="post" action="/settings/colleagues" {
                (form_token(person))
                @let problem = (notice == Some(Notice::NoInviteName)).then_some(words.name_wrong);
                (field("name", words.who, words.who_hint, problem, &html! {
                    input #name name="name" required maxlength="100" autocomplete="off"
                        aria-describedby="name-hint" aria-invalid=[problem.map(|_| "true")];
                }))
                div .field {
                    label for="role" { (words.role) }
                    (roles("role", Role::Member, language))
                }
                @if has_mail { (mail_field("mail", words)) }
                div { button { (words.make_link) } }
            }
        }
        details .more {
            summary { (words.who_may) }
            (who_may(words, language))
        }
    };
    framed(person, Part::Colleagues, notice, &main)
}

/// The page that asks for confirmation before a colleague is removed.
fn confirm(person: &Person, account: &Account) -> Response {
    let words = Words::of(person.language);
    let main = html! {
        section .sheet {
            h2 { (words.remove_sure) " " (account.name) "?" }
            p .quiet { (account.login) " · " (role_name(account.role, person.language)) }
            p { (words.remove_hint) }
            form .row method="post" action={ "/settings/colleagues/" (account.id) } {
                (form_token(person))
                button .danger name="do" value="remove-now" { (words.remove) }
                a .button .second href="/settings/colleagues" { (words.keep_them) }
            }
        }
    };
    framed(person, Part::Colleagues, None, &main)
}

/// The field for the address that a link is sent to.
fn mail_field(id: &str, words: &Words) -> Markup {
    field(
        id,
        words.mail,
        words.mail_hint,
        None,
        &html! {
            input id=(id) type="email" name="mail" maxlength="254" autocomplete="off" aria-describedby={ (id) "-hint" };
        },
    )
}

fn colleague(person: &Person, account: &Account, is_last_admin: bool, has_mail: bool) -> Markup {
    let words = Words::of(person.language);
    let language = person.language;
    let is_self = person.account() == Some(account.id);
    let action = format!("/settings/colleagues/{}", account.id);
    let role_id = format!("role-{}", account.id);
    html! {
        div {
            strong { (account.name) }
            @if is_self { " (" (words.you) ")" }
            " " span .badge { (role_name(account.role, language)) }
            div .quiet .small { (account.login) }
        }
        details .more {
            summary { (words.edit) span .hidden-text { ": " (account.name) } }
            div .choices {
                // The only admin cannot be changed, so the controls are left out.
                @if is_last_admin { p .hint { (words.last_admin_hint) } }
                @if !is_last_admin { form method="post" action=(action) {
                    (form_token(person))
                    label for=(role_id) { (words.role) }
                    div .row {
                        (roles(&role_id, account.role, language))
                        button .second name="do" value="role" { (words.give_role) }
                    }
                    p .hint { (words.role_hint) }
                } }
                form method="post" action=(action) {
                    (form_token(person))
                    @if has_mail { (mail_field(&format!("mail-{}", account.id), words)) }
                    button .second name="do" value="link" { (words.password_link) }
                    p .hint { (words.password_link_hint) }
                }
                @if !is_last_admin { form method="post" action=(action) {
                    (form_token(person))
                    button .second name="do" value="remove" { (words.remove_ask) }
                    p .hint { (words.remove_hint) }
                } }
            }
        }
    }
}

fn roles(id: &str, chosen: Role, language: Language) -> Markup {
    html! {
        select id=(id) name="role" {
            @for role in Role::ALL {
                option value=(role.name()) selected[role == chosen] { (role_name(role, language)) }
            }
        }
    }
}

fn who_may(words: &Words, language: Language) -> Markup {
    let rows = [(words.see, Role::Reader), (words.work, Role::Member), (words.decide, Role::Admin)];
    html! {
        div .table-frame tabindex="0" role="region" aria-label=(words.who_may) {
            table .may {
                thead { tr {
                    th { span .hidden-text { (words.who_may) } }
                    @for role in Role::ALL { th scope="col" { (role_name(role, language)) } }
                } }
                tbody {
                    @for (what, needed) in rows {
                        tr {
                            th scope="row" { (what) }
                            @for role in Role::ALL {
                                td { (if role >= needed { words.yes } else { words.no }) }
                            }
                        }
                    }
                }
            }
        }
    }
}
