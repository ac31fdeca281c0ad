//! `/settings`: the person's own account, the colleagues, the tokens of programs, the settings of the shop, and the
//! collector's health. Each part has its own page and its own file.

pub(crate) mod alerts;
pub(crate) mod colleagues;
pub(crate) mod health;
pub(crate) mod legal;
pub(crate) mod own;
pub(crate) mod shop;
pub(crate) mod templates;
pub(crate) mod themes;
pub(crate) mod tokens;
mod words;

use axum::response::Response;
use maud::{Markup, html};

use self::words::Words;
use crate::{
    access::{Role, person::Person},
    site::frame::{Place, page},
};

/// A part of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Own,
    Colleagues,
    Tokens,
    Shop,
    Themes,
    Templates,
    Alerts,
    Legal,
    Health,
}

/// The notice at the top of a page, after something was done or refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Notice {
    NameSaved,
    PasswordSaved,
    Withdrawn,
    RoleSaved,
    Removed,
    Revoked,
    ZoneSaved,
    LinksSaved,
    LogoSaved,
    RuleAdded,
    RuleRemoved,
    AlertRuleAdded,
    AlertRuleChanged,
    AlertRuleRemoved,
    TargetAdded,
    TargetRemoved,
    TargetTested,
    SentAgain,
    MailsSaved,
    MailTested,
    WaitingSaved,
    ThemeAdded,
    ThemeSaved,
    TemplateAdded,
    TemplateSaved,
    TemplateRemoved,
    LastAdmin,
    Gone,
    /// An invitation without a name; the field shows the problem.
    NoInviteName,
}

impl Notice {
    const DONE: [(&str, Self); 26] = [
        ("name", Self::NameSaved),
        ("password", Self::PasswordSaved),
        ("withdrawn", Self::Withdrawn),
        ("role", Self::RoleSaved),
        ("removed", Self::Removed),
        ("revoked", Self::Revoked),
        ("zone", Self::ZoneSaved),
        ("links", Self::LinksSaved),
        ("logo", Self::LogoSaved),
        ("rule", Self::RuleAdded),
        ("unruled", Self::RuleRemoved),
        ("alert-rule", Self::AlertRuleAdded),
        ("alert-rule-changed", Self::AlertRuleChanged),
        ("alert-rule-removed", Self::AlertRuleRemoved),
        ("target", Self::TargetAdded),
        ("target-removed", Self::TargetRemoved),
        ("target-tested", Self::TargetTested),
        ("sent-again", Self::SentAgain),
        ("mails", Self::MailsSaved),
        ("mail-tested", Self::MailTested),
        ("waiting", Self::WaitingSaved),
        ("theme", Self::ThemeAdded),
        ("themed", Self::ThemeSaved),
        ("template", Self::TemplateAdded),
        ("template-saved", Self::TemplateSaved),
        ("template-removed", Self::TemplateRemoved),
    ];

    /// The notice in the page's query: `done=name`.
    fn from_query(query: Option<&str>) -> Option<Self> {
        let mut pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        let (_, done) = pairs.find(|(key, _)| key == "done")?;
        Self::DONE.iter().find(|(name, _)| *name == done).map(|(_, notice)| *notice)
    }

    fn paragraph(self, words: &Words, person: &Person) -> Markup {
        let good = |text: &str| {
            html! { p .notice .good role="status" { strong { (words.done) } " " (text) } }
        };
        match self {
            Self::NoInviteName => html! {},
            Self::NameSaved => good(words.name_saved),
            Self::PasswordSaved => good(words.password_saved),
            Self::Withdrawn => good(words.withdrawn),
            Self::RoleSaved => good(words.role_saved),
            Self::Removed => good(words.removed),
            Self::Revoked => good(words.revoked),
            Self::ZoneSaved => good(words.zone_saved),
            Self::LinksSaved => good(words.links_saved),
            Self::LogoSaved => good(words.logo_saved),
            Self::RuleAdded => good(words.rule_added),
            Self::RuleRemoved => good(words.rule_removed),
            Self::AlertRuleAdded
            | Self::AlertRuleChanged
            | Self::AlertRuleRemoved
            | Self::TargetAdded
            | Self::TargetRemoved
            | Self::TargetTested
            | Self::SentAgain
            | Self::MailsSaved
            | Self::MailTested
            | Self::WaitingSaved => good(alerts::done(self, person)),
            Self::ThemeAdded => good(words.theme_added),
            Self::ThemeSaved => good(words.theme_saved),
            Self::TemplateAdded | Self::TemplateSaved | Self::TemplateRemoved => {
                good(templates::done(self, person))
            }
            Self::LastAdmin => html! {
                p .notice .bad role="alert" { strong { (words.last_admin) } " " (words.last_admin_do) }
            },
            Self::Gone => html! {
                p .notice .warn role="alert" { strong { (words.last_admin) } " " (words.gone) }
            },
        }
    }
}

/// A text to copy, with a button for it if JavaScript runs.
fn to_copy(id: &str, text: &str, words: &Words) -> Markup {
    html! {
        pre { code .secret id=(id) { (text) } }
        div { button type="button" data-copy=(id) data-copied=(words.copied) hidden { (words.copy) } }
    }
}

/// A part of the settings, below links to the others.
fn framed(person: &Person, part: Part, notice: Option<Notice>, main: &Markup) -> Response {
    let words = Words::of(person.language);
    let parts = [
        (Part::Own, "/settings", words.own, Role::Reader),
        (Part::Shop, "/settings/shop", words.shop, Role::Admin),
        (Part::Themes, "/settings/themes", words.themes, Role::Member),
        (Part::Templates, "/settings/templates", templates::title(person.language), Role::Member),
        (Part::Alerts, "/settings/alerts", alerts::title(person), Role::Member),
        (Part::Legal, "/settings/legal", legal::title(person.language), Role::Admin),
        (Part::Colleagues, "/settings/colleagues", words.colleagues, Role::Admin),
        (Part::Tokens, "/settings/tokens", words.tokens, Role::Admin),
        (Part::Health, "/settings/health", words.health, Role::Admin),
    ];
    let here = parts.iter().find(|(it, ..)| *it == part).map_or("", |(_, _, name, _)| name);
    let main = html! {
        div .settings .stack {
            h1 { (words.title) }
            nav .tabs aria-label=(words.areas) {
                ul {
                    @for (it, address, name, needed) in parts {
                        @if person.may(needed) {
                            li { a href=(address) aria-current=[(it == part).then_some("page")] { (name) } }
                        }
                    }
                }
            }
            @if let Some(notice) = notice { (notice.paragraph(words, person)) }
            (main)
        }
    };
    page(person, Place::Settings, &format!("{here} · {}", words.title), &main)
}
