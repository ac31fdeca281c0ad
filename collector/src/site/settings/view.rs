//! The settings: one's own account, the colleagues, and the tokens of programs.

use axum::response::Response;
use jiff::Timestamp;
use maud::{Markup, html};

use crate::{
    access::{Role, Scope, password::Weakness, person::Person},
    language::Language,
    site::{
        frame::{Place, failure::too_many, field, form_token, moment, page, role_name},
        welcome::view::password_field,
    },
    store::{
        Account, Token,
        accounts::{Link, Purpose, SessionTimes},
    },
    words::words,
};

words! {
    struct Texts {
        title: "Settings", "Einstellungen";
        areas: "Settings", "Einstellungen";
        own: "Your account", "Ihr Konto";
        colleagues: "Colleagues", "Team";
        tokens: "Tokens", "Token";
        shop: "Shop", "Shop";
        zone: "Time zone", "Zeitzone";
        zone_lead: "Where your days begin: the report counts by them, and times are told in it.",
            "Wann Ihre Tage beginnen: Danach zählt der Bericht, und so werden Zeiten angegeben.";
        zone_hint: "By its name, such as Europe/Berlin. Changing it counts all days anew.",
            "Mit ihrem Namen, etwa Europe/Berlin. Eine Änderung zählt alle Tage neu.";
        zone_wrong: "There is no time zone of this name.", "Eine Zeitzone dieses Namens gibt es nicht.";
        zone_saved: "The time zone was changed, and the days counted anew.",
            "Die Zeitzone wurde geändert, und alle Tage wurden neu gezählt.";
        in_file: "The settings file decides over this.", "Darüber entscheidet die Einstellungsdatei.";
        done: "Done.", "Erledigt.";

        no_account: "You came with the admin token, which belongs to no account.",
            "Sie sind mit dem Admin-Token hier; zu ihm gehört kein Konto.";
        name: "Name", "Name";
        name_hint: "As your colleagues know you.", "So, wie man Sie im Team kennt.";
        name_wrong: "Enter a name of at most 100 characters.", "Geben Sie einen Namen mit höchstens 100 Zeichen ein.";
        login_is: "You sign in as ", "Sie melden sich an als ";
        save: "Save", "Speichern";
        name_saved: "Your name was changed.", "Ihr Name wurde geändert.";
        password: "Password", "Passwort";
        password_lead: "Afterwards you are signed in here only.", "Danach sind Sie nur noch hier angemeldet.";
        current: "Current password", "Bisheriges Passwort";
        current_wrong: "This is not your current password.", "Das ist nicht Ihr bisheriges Passwort.";
        change: "Change the password", "Passwort ändern";
        password_saved: "Your password was changed, and you were signed out everywhere else.",
            "Ihr Passwort wurde geändert; überall sonst wurden Sie abgemeldet.";
        sessions: "Where you are signed in", "Wo Sie angemeldet sind";
        sessions_lead: "A browser that was not used for 7 days is signed out, and every one after 30 days. Neither addresses nor browsers' names are kept.",
            "Nach 7 Tagen ohne Nutzung wird ein Browser abgemeldet, spätestens nach 30 Tagen. Weder Adressen noch Namen der Browser werden gespeichert.";
        since: "Signed in", "Angemeldet";
        seen: "Last used", "Zuletzt benutzt";
        this_one: "This browser", "Dieser Browser";
        another: "Another browser", "Anderer Browser";
        out_everywhere: "Sign out everywhere", "Überall abmelden";

        invite: "Invite somebody", "Jemanden einladen";
        invite_lead: "You get a link to hand over yourself. It works once, for three days.",
            "Sie erhalten einen Link, den Sie selbst weitergeben. Er gilt einmal und drei Tage lang.";
        who: "Name", "Name";
        who_hint: "So that you recognise the invitation here. It can be changed by whoever accepts it.",
            "Damit Sie die Einladung hier wiedererkennen. Wer sie annimmt, kann den Namen ändern.";
        role: "Role", "Rolle";
        make_link: "Make the link", "Link erstellen";
        link_for: "The link for ", "Der Link für ";
        link_do: "Copy it now and hand it over; it is not shown again.",
            "Kopieren Sie ihn jetzt und geben Sie ihn weiter; er wird nicht noch einmal angezeigt.";
        copy: "Copy", "Kopieren";
        copied: "Copied", "Kopiert";
        until: "It works until ", "Er gilt bis ";
        open: "Open invitations", "Offene Einladungen";
        until_short: "until ", "bis ";
        withdraw: "Withdraw", "Zurückziehen";
        withdrawn: "The invitation was withdrawn.", "Die Einladung wurde zurückgezogen.";
        you: "you", "Sie";
        edit: "Change", "Ändern";
        give_role: "Give this role", "Rolle vergeben";
        role_hint: "They are signed out, and sign in again with the new role.",
            "Sie oder er wird abgemeldet und meldet sich mit der neuen Rolle wieder an.";
        password_link: "Link for a new password", "Link für ein neues Passwort";
        password_link_hint: "For somebody who lost theirs. Until it is used, the old password works.",
            "Wenn jemand das Passwort verloren hat. Bis der Link benutzt wird, gilt das alte.";
        remove: "Remove", "Entfernen";
        remove_hint: "They are signed out at once and cannot sign in any more. What they did stays.",
            "Sie oder er wird sofort abgemeldet und kann sich nicht mehr anmelden. Was getan wurde, bleibt.";
        role_saved: "The role was changed.", "Die Rolle wurde geändert.";
        removed: "The colleague was removed.", "Die Person wurde entfernt.";
        last_admin: "Not possible.", "Das geht nicht.";
        last_admin_do: "This is the last admin, and nobody could let others in any more. Give somebody else that role first.",
            "Das ist das letzte Konto mit der Rolle Verwaltung; danach könnte niemand mehr jemandem Zugang geben. Geben Sie diese Rolle zuerst jemand anderem.";
        gone: "There is no such colleague any more.", "Diese Person gibt es hier nicht mehr.";
        who_may: "Who may do what", "Wer was darf";
        see: "See the report, responses, surveys; export", "Bericht, Antworten und Umfragen sehen; exportieren";
        work: "Import, erase, change surveys", "Importieren, löschen, Umfragen ändern";
        decide: "Colleagues and tokens", "Team und Token";
        yes: "yes", "ja";
        no: "no", "nein";

        tokens_lead: "With a token a program reads or writes here by itself. Each program gets its own, so that it can be revoked alone.",
            "Mit einem Token liest oder schreibt ein Programm hier selbst. Jedes Programm bekommt ein eigenes, damit es einzeln widerrufen werden kann.";
        new_token: "A new token", "Neues Token";
        token_name: "What for", "Wofür";
        token_name_hint: "For example: nightly export.", "Zum Beispiel: nächtlicher Export.";
        token_name_wrong: "Say what for, in at most 100 characters.", "Schreiben Sie in höchstens 100 Zeichen, wofür.";
        scope: "What it may do", "Was es darf";
        make_token: "Make the token", "Token erstellen";
        token_is: "The token for ", "Das Token für ";
        token_do: "Copy it now; it is not shown again. Programs send it as the header ",
            "Kopieren Sie es jetzt; es wird nicht noch einmal angezeigt. Programme senden es als Kopfzeile ";
        no_tokens: "There are no tokens yet. The admin token from the first start is not listed here.",
            "Noch gibt es keine Token. Das Admin-Token vom ersten Start steht nicht in dieser Liste.";
        made: "made ", "erstellt ";
        by: " by ", " von ";
        used: "last used ", "zuletzt benutzt ";
        never_used: "never used", "nie benutzt";
        revoke: "Revoke", "Widerrufen";
        revoke_hint: "Programs that use it are refused at once.", "Programme, die es benutzen, werden sofort abgewiesen.";
        revoked: "The token was revoked.", "Das Token wurde widerrufen.";
    }
}

/// Which part of the settings is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Own,
    Colleagues,
    Tokens,
    Shop,
}

/// What is said on top of a page, after something was done or refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Said {
    #[default]
    Nothing,
    NameSaved,
    PasswordSaved,
    Withdrawn,
    RoleSaved,
    Removed,
    Revoked,
    ZoneSaved,
    LastAdmin,
    Gone,
    /// An invitation for nobody, which is said at its field.
    NoInviteName,
}

impl Said {
    const ALL: [(&str, Self); 7] = [
        ("name", Self::NameSaved),
        ("password", Self::PasswordSaved),
        ("withdrawn", Self::Withdrawn),
        ("role", Self::RoleSaved),
        ("removed", Self::Removed),
        ("revoked", Self::Revoked),
        ("zone", Self::ZoneSaved),
    ];

    /// What the address of the page says was done: `done=name`.
    pub(crate) fn from_query(query: &str) -> Self {
        let done = form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "done");
        done.and_then(|(_, done)| Self::ALL.iter().find(|(name, _)| *name == done))
            .map_or(Self::Nothing, |(_, said)| *said)
    }

    fn notice(self, texts: &Texts) -> Markup {
        let good = |words: &str| {
            html! { p .notice .good role="status" { strong { (texts.done) } " " (words) } }
        };
        match self {
            Self::Nothing | Self::NoInviteName => html! {},
            Self::NameSaved => good(texts.name_saved),
            Self::PasswordSaved => good(texts.password_saved),
            Self::Withdrawn => good(texts.withdrawn),
            Self::RoleSaved => good(texts.role_saved),
            Self::Removed => good(texts.removed),
            Self::Revoked => good(texts.revoked),
            Self::ZoneSaved => good(texts.zone_saved),
            Self::LastAdmin => html! {
                p .notice .bad role="alert" { strong { (texts.last_admin) } " " (texts.last_admin_do) }
            },
            Self::Gone => html! {
                p .notice .warn role="alert" { strong { (texts.last_admin) } " " (texts.gone) }
            },
        }
    }
}

/// What was wrong with a form about one's own account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct OwnProblems {
    pub(crate) name: bool,
    pub(crate) current: bool,
    pub(crate) password: Option<Weakness>,
    /// Seconds to wait before the current password may be tried again.
    pub(crate) wait: Option<u64>,
}

/// One's own account. `account` is `None` for whoever holds the admin token.
pub(crate) fn own(
    person: &Person,
    account: Option<&Account>,
    sessions: &[SessionTimes],
    said: Said,
    problems: OwnProblems,
) -> Response {
    let language = person.language;
    let texts = Texts::of(language);
    let this = person.session().map(crate::access::secret::Secret::hash);
    let main = html! {
        @if let Some(account) = account {
            section .sheet {
                h2 { (texts.name) }
                p .quiet { (texts.login_is) strong { (account.login) } ", "
                    (role_name(account.role, language)) "." }
                form .fields method="post" action="/settings/name" {
                    (form_token(person))
                    (field("name", texts.name, texts.name_hint, problems.name.then_some(texts.name_wrong), &html! {
                        input #name name="name" value=(account.name) autocomplete="name" required
                            maxlength="100" aria-describedby="name-hint"
                            aria-invalid=[problems.name.then_some("true")];
                    }))
                    div { button { (texts.save) } }
                }
            }
            section .sheet {
                h2 { (texts.password) }
                p .quiet { (texts.password_lead) }
                form .fields method="post" action="/settings/password" {
                    (form_token(person))
                    // So that a password manager knows whose it is.
                    input type="hidden" autocomplete="username" value=(account.login);
                    (current_password(texts, language, problems))
                    (password_field(language, problems.password))
                    div { button { (texts.change) } }
                }
            }
            section .sheet {
                h2 { (texts.sessions) }
                p .quiet { (texts.sessions_lead) }
                ul .entries {
                    @for session in sessions {
                        @let is_this = Some(session.hash) == this;
                        li {
                            div { strong { (if is_this { texts.this_one } else { texts.another }) } }
                            div .quiet .small {
                                (texts.since) ": " (moment(session.created_at, person)) " · "
                                (texts.seen) ": " (moment(session.seen_at, person))
                            }
                        }
                    }
                }
                form method="post" action="/settings/sessions" {
                    (form_token(person))
                    button .second { (texts.out_everywhere) }
                }
            }
        } @else {
            p .notice { (texts.no_account) }
        }
    };
    framed(person, Part::Own, said, &main)
}

fn current_password(texts: &Texts, language: Language, problems: OwnProblems) -> Markup {
    let problem = match problems.wait {
        Some(seconds) => Some(too_many(seconds, language)),
        None => problems.current.then(|| texts.current_wrong.to_owned()),
    };
    html! {
        div .field {
            label for="current" { (texts.current) }
            input #current name="current" type="password" autocomplete="current-password" required
                maxlength="200" aria-describedby=[problem.as_ref().map(|_| "current-problem")]
                aria-invalid=[problem.as_ref().map(|_| "true")];
            @if let Some(problem) = &problem { p .error #current-problem { (problem) } }
        }
    }
}

/// A link that was just made: for whom, its address, and its end.
pub(crate) struct FreshLink {
    pub(crate) name: String,
    pub(crate) address: String,
    pub(crate) until: Timestamp,
}

/// The colleagues, and the invitations that nobody has used yet.
pub(crate) fn colleagues(
    person: &Person,
    accounts: &[Account],
    invitations: &[Link],
    fresh: Option<&FreshLink>,
    said: Said,
) -> Response {
    let language = person.language;
    let texts = Texts::of(language);
    let main = html! {
        @if let Some(fresh) = fresh {
            section .sheet .fresh role="status" {
                h2 { (texts.link_for) (fresh.name) }
                p { (texts.link_do) " " (texts.until) (moment(fresh.until, person)) "." }
                (to_copy("fresh-link", &fresh.address, texts))
            }
        }
        section .sheet {
            h2 { (texts.colleagues) }
            ul .entries {
                @for account in accounts {
                    li { (colleague(person, account, texts)) }
                }
            }
        }
        @if !invitations.is_empty() {
            section .sheet {
                h2 { (texts.open) }
                ul .entries {
                    @for link in invitations {
                        @if let Purpose::Invitation { role, name } = &link.purpose {
                            li .row .apart {
                                div {
                                    strong { (name) } " " span .badge { (role_name(*role, language)) }
                                    div .quiet .small { (texts.until_short) (moment(link.expires_at, person)) }
                                }
                                form method="post" action={ "/settings/invitations/" (link.id) } {
                                    (form_token(person))
                                    button .second { (texts.withdraw) span .hidden-text { ": " (name) } }
                                }
                            }
                        }
                    }
                }
            }
        }
        section .sheet {
            h2 #invite { (texts.invite) }
            p .quiet { (texts.invite_lead) }
            form .fields method="post" action="/settings/colleagues" {
                (form_token(person))
                @let problem = (said == Said::NoInviteName).then_some(texts.name_wrong);
                (field("name", texts.who, texts.who_hint, problem, &html! {
                    input #name name="name" required maxlength="100" autocomplete="off"
                        aria-describedby="name-hint" aria-invalid=[problem.map(|_| "true")];
                }))
                div .field {
                    label for="role" { (texts.role) }
                    (roles("role", Role::Member, language))
                }
                div { button { (texts.make_link) } }
            }
        }
        details .more {
            summary { (texts.who_may) }
            (who_may(texts, language))
        }
    };
    framed(person, Part::Colleagues, said, &main)
}

fn colleague(person: &Person, account: &Account, texts: &Texts) -> Markup {
    let language = person.language;
    let is_self = person.account() == Some(account.id);
    let action = format!("/settings/colleagues/{}", account.id);
    let role_id = format!("role-{}", account.id);
    html! {
        div {
            strong { (account.name) }
            @if is_self { " (" (texts.you) ")" }
            " " span .badge { (role_name(account.role, language)) }
            div .quiet .small { (account.login) }
        }
        details .more {
            summary { (texts.edit) span .hidden-text { ": " (account.name) } }
            div .choices {
                form method="post" action=(action) {
                    (form_token(person))
                    label for=(role_id) { (texts.role) }
                    div .row {
                        (roles(&role_id, account.role, language))
                        button .second name="do" value="role" { (texts.give_role) }
                    }
                    p .hint { (texts.role_hint) }
                }
                form method="post" action=(action) {
                    (form_token(person))
                    button .second name="do" value="link" { (texts.password_link) }
                    p .hint { (texts.password_link_hint) }
                }
                form method="post" action=(action) {
                    (form_token(person))
                    button .danger name="do" value="remove" { (texts.remove) }
                    p .hint { (texts.remove_hint) }
                }
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

fn who_may(texts: &Texts, language: Language) -> Markup {
    let rows = [(texts.see, Role::Reader), (texts.work, Role::Member), (texts.decide, Role::Admin)];
    html! {
        div .table-frame tabindex="0" role="region" aria-label=(texts.who_may) {
            table .may {
                thead { tr {
                    th { span .hidden-text { (texts.who_may) } }
                    @for role in Role::ALL { th scope="col" { (role_name(role, language)) } }
                } }
                tbody {
                    @for (what, needed) in rows {
                        tr {
                            th scope="row" { (what) }
                            @for role in Role::ALL {
                                td { (if role >= needed { texts.yes } else { texts.no }) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A token that was just made: what for, and itself.
pub(crate) struct FreshToken {
    pub(crate) name: String,
    pub(crate) secret: String,
}

/// The tokens of programs.
pub(crate) fn tokens(
    person: &Person,
    tokens: &[Token],
    fresh: Option<&FreshToken>,
    said: Said,
    is_name_wrong: bool,
) -> Response {
    let language = person.language;
    let texts = Texts::of(language);
    let main = html! {
        @if let Some(fresh) = fresh {
            section .sheet .fresh role="status" {
                h2 { (texts.token_is) "“" (fresh.name) "”" }
                p { (texts.token_do) code { "Authorization: Bearer …" } }
                (to_copy("fresh-token", &fresh.secret, texts))
            }
        }
        section .sheet {
            h2 { (texts.tokens) }
            p .quiet { (texts.tokens_lead) }
            @if tokens.is_empty() {
                p { (texts.no_tokens) }
            } @else {
                ul .entries {
                    @for token in tokens { li { (token_entry(person, token, texts)) } }
                }
            }
        }
        section .sheet {
            h2 { (texts.new_token) }
            form .fields method="post" action="/settings/tokens" {
                (form_token(person))
                (field("name", texts.token_name, texts.token_name_hint,
                    is_name_wrong.then_some(texts.token_name_wrong), &html! {
                    input #name name="name" required maxlength="100" autocomplete="off"
                        aria-describedby="name-hint" aria-invalid=[is_name_wrong.then_some("true")];
                }))
                fieldset .stack {
                    legend { (texts.scope) }
                    @for scope in Scope::ALL {
                        @let id = format!("scope-{}", scope.name());
                        div .choice {
                            input type="radio" id=(id) name="scope" value=(scope.name())
                                checked[scope == Scope::Read];
                            label for=(id) { (scope_name(scope, language)) }
                        }
                    }
                }
                div { button { (texts.make_token) } }
            }
        }
    };
    framed(person, Part::Tokens, said, &main)
}

fn token_entry(person: &Person, token: &Token, texts: &Texts) -> Markup {
    let language = person.language;
    html! {
        div {
            strong { (token.name) } " " span .badge { (scope_name(token.scope, language)) }
            div .quiet .small {
                (texts.made) (moment(token.created_at, person))
                @if let Some(by) = &token.created_by { (texts.by) (by) }
                " · "
                @match token.used_at {
                    Some(used_at) => { (texts.used) (moment(used_at, person)) }
                    None => (texts.never_used),
                }
            }
        }
        details .more {
            summary { (texts.revoke) " …" span .hidden-text { ": " (token.name) } }
            form .choices method="post" action={ "/settings/tokens/" (token.id) } {
                (form_token(person))
                button .danger { (texts.revoke) }
                p .hint { (texts.revoke_hint) }
            }
        }
    }
}

/// What a token may do, as people say it.
const fn scope_name(scope: Scope, language: Language) -> &'static str {
    match (scope, language) {
        (Scope::Read, Language::English) => "Read responses and report",
        (Scope::Read, Language::German) => "Antworten und Bericht lesen",
        (Scope::Import, Language::English) => "Import responses",
        (Scope::Import, Language::German) => "Antworten importieren",
        (Scope::Admin, Language::English) => "Everything",
        (Scope::Admin, Language::German) => "Alles",
    }
}

/// Something to copy, with a button for it where JavaScript runs.
fn to_copy(id: &str, text: &str, texts: &Texts) -> Markup {
    html! {
        pre { code .secret id=(id) { (text) } }
        div { button type="button" data-copy=(id) data-copied=(texts.copied) hidden { (texts.copy) } }
    }
}

/// What holds for the whole shop. `typed` is a time zone that there is not.
pub(crate) fn shop(
    person: &Person,
    is_zone_fixed: bool,
    said: Said,
    typed: Option<&str>,
) -> Response {
    let texts = Texts::of(person.language);
    let current = person.zone.iana_name().unwrap_or("UTC");
    let main = html! {
        section .sheet {
            h2 { (texts.zone) }
            p .quiet { (texts.zone_lead) }
            form .fields method="post" action="/settings/shop" {
                (form_token(person))
                @let hint = if is_zone_fixed { texts.in_file } else { texts.zone_hint };
                (field("zone", texts.zone, hint, typed.map(|_| texts.zone_wrong), &html! {
                    input #zone name="zone" list="zones" required maxlength="64" autocomplete="off"
                        spellcheck="false" value=(typed.unwrap_or(current)) readonly[is_zone_fixed]
                        aria-describedby="zone-hint" aria-invalid=[typed.map(|_| "true")];
                    datalist #zones {
                        @for name in jiff::tz::db().available() { option value=(name.as_str()) {} }
                    }
                }))
                @if !is_zone_fixed { div { button { (texts.save) } } }
            }
        }
    };
    framed(person, Part::Shop, said, &main)
}

fn framed(person: &Person, part: Part, said: Said, main: &Markup) -> Response {
    let texts = Texts::of(person.language);
    let parts = [
        (Part::Own, "/settings", texts.own, Role::Reader),
        (Part::Shop, "/settings/shop", texts.shop, Role::Admin),
        (Part::Colleagues, "/settings/colleagues", texts.colleagues, Role::Admin),
        (Part::Tokens, "/settings/tokens", texts.tokens, Role::Admin),
    ];
    let here = parts.iter().find(|(it, ..)| *it == part).map_or("", |(_, _, name, _)| name);
    let main = html! {
        div .settings .stack {
            h1 { (texts.title) }
            nav .tabs aria-label=(texts.areas) {
                ul {
                    @for (it, address, name, needed) in parts {
                        @if person.may(needed) {
                            li { a href=(address) aria-current=[(it == part).then_some("page")] { (name) } }
                        }
                    }
                }
            }
            (said.notice(texts))
            (main)
        }
    };
    page(person, Place::Settings, &format!("{here} · {}", texts.title), &main)
}
