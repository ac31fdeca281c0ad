//! Permissions: roles of people, scopes of tokens, needs of addresses, and secrets.

pub(crate) mod attempts;
pub(crate) mod password;
pub(crate) mod person;
pub(crate) mod public_ids;
pub(crate) mod seal;
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
    /// Also manages colleagues and tokens.
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
    /// Read the cases of the inbox with their answers.
    Cases,
    /// Write responses that were given elsewhere, and nothing else.
    Import,
    /// Everything, as the admin token may.
    Admin,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 4] = [Self::Read, Self::Cases, Self::Import, Self::Admin];

    /// Its name in the database and in forms.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Cases => "cases",
            Self::Import => "import",
            Self::Admin => "admin",
        }
    }

    /// The scope of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }

    /// Whether a token of this scope satisfies the need for `needed`.
    #[must_use]
    pub fn allows(self, needed: Self) -> bool {
        self == Self::Admin || self == needed
    }
}

/// What a caller needs to use an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing: for the ingest address, the widget's files and health checks.
    Nothing,
    /// Only that a form comes from our own page: for pages before signing in.
    OwnForm,
    /// A signed-in person with at least this role; forms must come from our own page.
    Role(Role),
    /// A program whose token has this scope.
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

/// The caller of an address.
#[derive(Clone, Debug)]
pub(crate) enum Caller {
    /// An unknown caller.
    Stranger,
    /// A caller with an unknown token.
    WrongToken,
    /// A program with a token of this scope.
    Program(Scope),
    /// A person who is signed in.
    Colleague(Colleague),
}

/// A signed-in person with their session.
#[derive(Clone, Debug)]
pub(crate) struct Colleague {
    /// Their account's number.
    pub(crate) account: i64,
    pub(crate) name: String,
    pub(crate) role: Role,
    /// The session's secret, which leaves this process only in the cookie.
    pub(crate) session: secret::Secret,
}

/// Whether a caller may use an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Welcome,
    /// The caller is unknown and has to sign in, or to send a token.
    Unknown,
    /// The caller is known, but has no permission.
    NotAllowed,
}

impl Need {
    /// Decides whether `caller` may use the address. Every combination that is not allowed here is refused.
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
            // Pages also accept the admin token, so that an operator can use curl.
            (Self::Role(_), Caller::Program(Scope::Admin)) => Verdict::Welcome,
            (Self::Role(_), Caller::Program(_)) => Verdict::NotAllowed,
            (Self::Scope(needed), Caller::Program(scope)) => {
                if scope.allows(needed) {
                    Verdict::Welcome
                } else {
                    Verdict::NotAllowed
                }
            }
            // A browser sends its cookie by itself, so a session opens no address for programs.
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
