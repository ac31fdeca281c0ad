//! Secrets that the collector makes at its first start and keeps in the database.
//!
//! The admin token: 256 random bits, kept and compared as a SHA-256 hash only.
//!
//! A fast hash is enough for a token of this strength, which nobody can guess. A token that an operator sets is
//! hashed in memory and never stored.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::{
    access::{secret::TOKEN_PREFIX, trial::Trials},
    store::{OpenError, Store},
};

const HASH_SETTING: &str = "admin_token_sha256";
const TRIAL_SETTING: &str = "trial_key";

/// The hash of an admin token.
pub(crate) struct TokenHash([u8; 32]);

impl TokenHash {
    pub(crate) fn of(token: &str) -> Self {
        Self(Sha256::digest(token).into())
    }

    /// A hash that no token matches.
    pub(crate) const fn of_none() -> Self {
        Self([0; 32])
    }

    /// Whether `token` is right; takes the same time for every wrong one.
    pub(crate) fn matches(&self, token: &str) -> bool {
        self.0.ct_eq(&Self::of(token).0).into()
    }
}

/// The stored hash, or that of a new token together with the token.
pub(crate) async fn remembered_or_made(
    store: &Store,
) -> Result<(TokenHash, Option<String>), OpenError> {
    let mut random = [0; 32];
    getrandom::fill(&mut random).map_err(OpenError::Random)?;
    let token = format!("{TOKEN_PREFIX}{}", URL_SAFE_NO_PAD.encode(random));
    let made = TokenHash::of(&token);
    // If two collectors start at once, the database decides whose token counts.
    let kept = store.setting_or(HASH_SETTING, &URL_SAFE_NO_PAD.encode(made.0)).await?;
    let kept: [u8; 32] = URL_SAFE_NO_PAD
        .decode(kept)
        .ok()
        .and_then(|hash| hash.try_into().ok())
        .ok_or(OpenError::Token)?;
    let is_new = kept == made.0;
    Ok((TokenHash(kept), is_new.then_some(token)))
}

/// The signer of trials, with the stored key or with a new one.
pub(crate) async fn trials(store: &Store) -> Result<Trials, OpenError> {
    let mut random = [0; 64];
    getrandom::fill(&mut random).map_err(OpenError::Random)?;
    let kept = store.setting_or(TRIAL_SETTING, &URL_SAFE_NO_PAD.encode(random)).await?;
    let key = URL_SAFE_NO_PAD.decode(kept).ok().and_then(|key| key.try_into().ok());
    Ok(Trials::new(key.unwrap_or(random)))
}

#[cfg(test)]
mod tests {
    use super::TokenHash;

    #[test]
    fn only_the_whole_token_matches() {
        let hash = TokenHash::of("secret");
        assert!(hash.matches("secret"));
        for wrong in ["", "secre", "secret ", "Secret"] {
            assert!(!hash.matches(wrong), "{wrong:?}");
        }
    }
}
