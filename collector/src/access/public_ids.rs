//! The ids that answers are shown under.
//!
//! Whoever knows an answer's id may send its next revision: the id is the proof of who wrote it. So it
//! stands in a member's complete export and nowhere else. Everything else that is read (pages, lists,
//! reports, what a read token gets) has another id in its place, which finds the same answer. The store gives
//! this one unless [`Ids::Original`] is asked for, and [`Ids::exported_to`] says for whom it is.
//!
//! It is a permutation of ids under a key that the database keeps, and no hash, so that it costs no column
//! and no index: who has the key can go back. AES-128 on an id's 16 bytes, again and again until the
//! result is an id too (a UUID of version 7, 64 steps on average), is such a permutation.

use aes::{
    Aes128,
    cipher::{Array, BlockCipherDecrypt as _, BlockCipherEncrypt as _, KeyInit as _},
};
use uuid::{Uuid, Variant};

use super::{Caller, Role, Scope};

/// Which ids answers are read with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Ids {
    /// Those that they are shown under.
    #[default]
    Public,
    /// Those that they were sent with.
    Original,
}

impl Ids {
    /// Those that a complete export has, or a list for programs: an answer's own ids are for members, and for
    /// whoever holds the admin token.
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

/// From an answer's id to the one that it is shown under, and back.
pub(crate) struct PublicIds(Aes128);

/// Bytes of a key.
pub(crate) type Key = [u8; 16];

/// Where the next id lies: nobody has to go further for one that is an id.
const MAX_STEPS: usize = 100_000;

impl PublicIds {
    pub(crate) fn new(key: Key) -> Self {
        Self(Aes128::new(&Array::from(key)))
    }

    /// The id that an answer is shown under.
    pub(crate) fn public(&self, id: &str) -> String {
        let walked = self.walk(id, |cipher, block| cipher.encrypt_block(block));
        // What is no id at all, as another program may have written, proves nothing.
        walked.unwrap_or_else(|| id.to_owned())
    }

    /// The id of the answer that is shown under this one, if there is any.
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
    fn every_id_has_one_that_it_is_shown_under_and_that_leads_back() {
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
