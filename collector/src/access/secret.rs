//! Secrets that we make: 256 random bits, kept and compared as a SHA-256 hash only.
//!
//! A fast hash is enough for a secret of this strength: there is nothing to guess.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// What a token begins with, so that a person, or a scanner for leaked secrets, knows what was found.
pub(crate) const TOKEN_PREFIX: &str = "aw_";

/// A secret in plain form. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(String);

/// The hash of a secret, which is stored in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SecretHash(pub(crate) [u8; 32]);

impl SecretHash {
    /// The hash in small hexadecimal digits.
    pub(crate) fn hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl Secret {
    /// Characters of a secret without its prefix: 32 bytes in base64url.
    pub(crate) const LENGTH: usize = 43;

    /// A new secret. The prefix tells a person, or a scanner for leaked secrets, what kind it is.
    pub(crate) fn new(prefix: &str) -> Result<Self, getrandom::Error> {
        let mut random = [0; 32];
        getrandom::fill(&mut random)?;
        Ok(Self(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(random))))
    }

    /// A secret that a caller sent.
    pub(crate) fn given(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The plain text, to be shown to its owner once.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    pub(crate) fn hash(&self) -> SecretHash {
        SecretHash(Sha256::digest(&self.0).into())
    }

    /// The token in each form of this session, by which no other site can forge one. It is derived from the
    /// secret, which only our cookie holds, and masked with new random bits each time, so that the size of
    /// a compressed page reveals nothing (BREACH).
    pub(crate) fn form_token(&self) -> Result<String, getrandom::Error> {
        let mut masked = [0; 64];
        getrandom::fill(&mut masked[..32])?;
        let key = self.form_key();
        for at in 0..32 {
            masked[32 + at] = masked[at] ^ key[at];
        }
        Ok(URL_SAFE_NO_PAD.encode(masked))
    }

    /// Whether [`form_token`](Self::form_token) of the same secret made this token.
    pub(crate) fn made_form_token(&self, token: &str) -> bool {
        let Ok(masked) = URL_SAFE_NO_PAD.decode(token) else { return false };
        let Some((pad, key)) = masked.split_at_checked(32) else { return false };
        let unmasked: Vec<u8> = pad.iter().zip(key).map(|(a, b)| a ^ b).collect();
        key.len() == 32 && unmasked.ct_eq(&self.form_key()).into()
    }

    fn form_key(&self) -> [u8; 32] {
        Sha256::new().chain_update("form token of ").chain_update(&self.0).finalize().into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::Secret;

    #[test]
    fn a_secret_is_long_random_and_not_printed() {
        let secret = Secret::new("aw_").unwrap();
        assert_eq!(secret.reveal().len(), 3 + Secret::LENGTH);
        assert_ne!(secret, Secret::new("aw_").unwrap());
        assert!(!format!("{secret:?}").contains(secret.reveal()));
        assert_eq!(secret.hash(), Secret::given(secret.reveal()).hash());
    }

    #[test]
    fn a_form_token_belongs_to_its_session_and_is_another_each_time() {
        let (mine, other) = (Secret::new("").unwrap(), Secret::new("").unwrap());
        let token = mine.form_token().unwrap();
        assert!(mine.made_form_token(&token));
        assert!(!other.made_form_token(&token));
        assert_ne!(token, mine.form_token().unwrap());
        for wrong in ["", "AAAA", &token[1..], &format!("{token}AAAA"), "ü"] {
            assert!(!mine.made_form_token(wrong), "{wrong}");
        }
    }
}
