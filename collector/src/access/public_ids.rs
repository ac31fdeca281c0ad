//! The public ids of answers.
//!
//! Anybody who knows an answer's own id may send its next revision: the id proves authorship. So only a member's
//! complete export has it. Pages, lists, reports and everything for read tokens have a public id in its place,
//! which finds the same answer. The store returns public ids unless [`Ids::Original`] is requested;
//! [`Ids::exported_to`] decides who gets those.
//!
//! Public ids are a permutation of ids with a key in the database. Unlike hashes they need no column and no index,
//! since the key also gives the way back. The permutation applies AES-128 to an id's 16 bytes until the result is
//! an id again (a UUID of version 7, after 64 steps on average).

use aes::{
    Aes128,
    cipher::{Array, BlockCipherDecrypt as _, BlockCipherEncrypt as _, KeyInit as _},
};
use uuid::{Uuid, Variant};

use super::{Caller, Role, Scope};

/// The kind of ids to read answers with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Ids {
    /// Public ids.
    #[default]
    Public,
    /// The answers' own ids, as they were sent.
    Original,
}

impl Ids {
    /// The ids in a complete export, or in a list for programs: own ids for members and for the holder of the
    /// admin token.
    pub(crate) fn exported_to(caller: &Caller) -> Self {
        match caller {
            Caller::Colleague(colleague) => Self::of_role(colleague.role),
            Caller::Program(Scope::Admin) => Self::Original,
            Caller::Program(_) | Caller::Stranger | Caller::WrongToken => Self::Public,
        }
    }

    /// The same for a person.
    pub(crate) fn of_role(role: Role) -> Self {
        if role >= Role::Member { Self::Original } else { Self::Public }
    }
}

/// Converts own ids to public ids, and back.
pub(crate) struct PublicIds(Aes128);

/// Bytes of a key.
pub(crate) type Key = [u8; 16];

/// Steps until the next id; no id needs more.
const MAX_STEPS: usize = 100_000;

impl PublicIds {
    pub(crate) fn new(key: Key) -> Self {
        Self(Aes128::new(&Array::from(key)))
    }

    /// The public id of an answer.
    pub(crate) fn public(&self, id: &str) -> String {
        let walked = self.walk(id, |cipher, block| cipher.encrypt_block(block));
        // A text that is no UUID, as from another program, proves nothing and stays as it is.
        walked.unwrap_or_else(|| id.to_owned())
    }

    /// The own id for a public id, if there is one.
    pub(crate) fn original(&self, public: &str) -> Option<String> {
        self.walk(public, |cipher, block| cipher.decrypt_block(block))
    }

    fn walk(&self, id: &str, step: impl Fn(&Aes128, &mut aes::Block)) -> Option<String> {
        let mut block = Array::from(Uuid::try_parse(id).ok()?.into_bytes());
        for _ in 0..MAX_STEPS {
            step(&self.0, &mut block);
            let uuid = Uuid::from_bytes(block.into());
            if uuid.get_version_num() == 7 && uuid.get_variant() == Variant::RFC4122 {
                return Some(uuid.to_string());
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_id_has_a_public_id_that_leads_back() {
        let ids = PublicIds::new([7; 16]);
        let others = PublicIds::new([8; 16]);
        let mut seen = HashSet::new();
        for number in 0..500 {
            let id = format!("0192f0c1-7a2b-7c3d-8e4f-{number:012x}");
            let public = ids.public(&id);
            assert_eq!(ids.original(&public).unwrap(), id);
            assert_eq!(ids.original(&public.to_uppercase()).unwrap(), id);
            assert_ne!(others.public(&id), public, "another key, another id");
            assert_ne!(public[..13], id[..13], "nothing of it shows when it was made");
            let uuid = Uuid::try_parse(&public).unwrap();
            assert_eq!((uuid.get_version_num(), uuid.get_variant()), (7, Variant::RFC4122));
            assert!(seen.insert(public));
        }
        assert_eq!(ids.original("no id"), None);
        assert_eq!(ids.public("no id"), "no id");
    }
}
