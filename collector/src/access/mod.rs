//! Who may do what: roles of people, scopes of tokens, and how secrets are kept.

pub(crate) mod attempts;
pub(crate) mod password;
pub(crate) mod person;
pub(crate) mod public_ids;
pub(crate) mod secret;
pub(crate) mod session;
pub(crate) mod trial;

use std::fmt;

/// What a colleague may do. Each role may do everything the one before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Sees everything, changes nothing.
    Reader,
    /// Also works with answers and surveys: import, erasure, a survey's settings.
    Member,
    /// Also decides who else may: colleagues and tokens.
    Admin,
}

impl Role {
    /// Every role, the least first.
    pub const ALL: [Self; 3] = [Self::Reader, Self::Member, Self::Admin];

    /// Its name in the database and in forms.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Member => "member",
            Self::Admin => "admin",
        }
    }

    /// The role of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// What a program may do with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Read responses and the report.
    Read,
    /// Write responses that were given elsewhere, and nothing else.
    Import,
    /// Everything, as the admin token may.
    Admin,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 3] = [Self::Read, Self::Import, Self::Admin];

    /// Its name in the database and in forms.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Import => "import",
            Self::Admin => "admin",
        }
    }

    /// The scope of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }

    /// Whether a token of this scope may do what asks for `needed`.
    #[must_use]
    pub fn allows(self, needed: Self) -> bool {
        self == Self::Admin || self == needed
    }
}

/// What an address asks of whoever calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing: the widget's way in, its files, and health.
    Nothing,
    /// Nothing but that a form comes from our own page: what is met before signing in.
    OwnForm,
    /// Somebody signed in with at least this role; a form must come from our own page.
    Role(Role),
    /// A program whose token allows this.
    Scope(Scope),
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("open"),
            Self::OwnForm => f.write_str("open, own forms"),
            Self::Role(role) => f.write_str(role.name()),
            Self::Scope(scope) => write!(f, "token: {}", scope.name()),
        }
    }
}

/// Who calls.
#[derive(Clone, Debug)]
pub(crate) enum Caller {
    /// Nobody we know.
    Stranger,
    /// Somebody who gave a token that is none of ours.
    WrongToken,
    /// A program.
    Program(Scope),
    /// A person who is signed in.
    Colleague(Colleague),
}

/// Somebody signed in, and by which session.
#[derive(Clone, Debug)]
pub(crate) struct Colleague {
    /// Their account's number.
    pub(crate) account: i64,
    pub(crate) name: String,
    pub(crate) role: Role,
    /// What the browser keeps and sends. It never leaves this process but in its cookie.
    pub(crate) session: secret::Secret,
}

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Welcome,
    /// Sign in first, or send a token.
    Unknown,
    /// Known, and not allowed to.
    NotAllowed,
}

impl Need {
    /// Decides over a call. Everything that is not allowed here is refused.
    pub(crate) fn judge(self, caller: &Caller) -> Verdict {
        match (self, caller) {
            (Self::Nothing | Self::OwnForm, _) => Verdict::Welcome,
            (Self::Role(needed), Caller::Colleague(colleague)) => {
                if colleague.role >= needed {
                    Verdict::Welcome
                } else {
                    Verdict::NotAllowed
                }
            }
            // Pages answer the admin token too, so that an operator can look with curl.
            (Self::Role(_), Caller::Program(Scope::Admin)) => Verdict::Welcome,
            (Self::Role(_), Caller::Program(_)) => Verdict::NotAllowed,
            (Self::Scope(needed), Caller::Program(scope)) => {
                if scope.allows(needed) {
                    Verdict::Welcome
                } else {
                    Verdict::NotAllowed
                }
            }
            // What a browser sends along by itself opens nothing that programs use.
            (Self::Scope(_), Caller::Colleague(_)) => Verdict::Unknown,
            (Self::Role(_) | Self::Scope(_), Caller::Stranger | Caller::WrongToken) => {
                Verdict::Unknown
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_may_what_the_one_before_it_may() {
        assert!(Role::Reader < Role::Member && Role::Member < Role::Admin);
        for role in Role::ALL {
            assert_eq!(Role::from_name(role.name()), Some(role));
        }
        assert_eq!(Role::from_name("owner"), None);
    }

    #[test]
    fn a_scope_allows_itself_and_only_admin_allows_more() {
        for scope in Scope::ALL {
            assert_eq!(Scope::from_name(scope.name()), Some(scope));
            for needed in Scope::ALL {
                assert_eq!(scope.allows(needed), scope == Scope::Admin || scope == needed);
            }
        }
    }
}
