//! Passwords, hashed by Argon2id with OWASP's parameters (19 MiB, 2 passes, 1 lane; Password Storage Cheat
//! Sheet). Two are hashed at a time, on threads that answer no requests, so that a flood of logins cannot
//! exhaust memory or processors. A login that waits too long is told to try again.

use argon2::{
    Argon2,
    password_hash::{self, PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use std::{sync::Arc, time::Duration};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Characters. Length makes a password strong; there are no rules about its characters (NIST SP 800-63B,
/// 3.1.1.2).
pub(crate) const MIN_PASSWORD_LENGTH: usize = 12;
/// Characters. A longer password is a mistake or an attack.
pub(crate) const MAX_PASSWORD_LENGTH: usize = 200;

const MAX_HASHED_AT_ONCE: usize = 2;
/// How long a password waits to be hashed: long enough for some hundred others before it.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why a chosen password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weakness {
    Short,
    Long,
    /// It is the login or the name, or one character again and again.
    Obvious,
}

/// Checks a chosen password. `known` are the owner's login and name, which anybody may know.
pub(crate) fn weakness(password: &str, known: &[&str]) -> Option<Weakness> {
    let length = password.chars().count();
    if length < MIN_PASSWORD_LENGTH {
        return Some(Weakness::Short);
    }
    if length > MAX_PASSWORD_LENGTH {
        return Some(Weakness::Long);
    }
    let folded = password.trim().to_lowercase();
    let first = password.chars().next();
    let is_one_character = password.chars().all(|it| Some(it) == first);
    let is_known = known.iter().any(|it| it.trim().to_lowercase() == folded);
    (is_one_character || is_known).then_some(Weakness::Obvious)
}

/// Why a password could be neither hashed nor checked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PasswordError {
    #[error("hashing failed: {0}")]
    Hash(password_hash::Error),
    #[error("the task ended early")]
    Task(#[from] tokio::task::JoinError),
    #[error("the collector is stopping")]
    Stopping(#[from] tokio::sync::AcquireError),
    #[error("too many passwords are waiting to be checked")]
    Busy,
}

impl PasswordError {
    /// Whether a later attempt may succeed.
    pub(crate) const fn is_passing(&self) -> bool {
        matches!(self, Self::Busy)
    }
}

/// Hashes and checks passwords.
pub(crate) struct Passwords {
    permits: Arc<Semaphore>,
    /// A hash that no password has. It is checked if there is no account, so that the time does not reveal
    /// which accounts exist.
    nobody: String,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        // Well-formed, with our parameters; no password has an output of zeros.
        let nobody = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$\
                      AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        Self { permits: Arc::new(Semaphore::new(MAX_HASHED_AT_ONCE)), nobody: nobody.into() }
    }

    /// Waits for a permit to hash. The permit goes into the computation, which runs to its end even if the
    /// request is cancelled; otherwise clients that hang up could start any number of computations.
    async fn turn(&self) -> Result<OwnedSemaphorePermit, PasswordError> {
        let turn = Arc::clone(&self.permits).acquire_owned();
        Ok(tokio::time::timeout(PATIENCE, turn).await.map_err(|_| PasswordError::Busy)??)
    }

    /// The hash to store for a password, in the PHC format.
    pub(crate) async fn hash(&self, password: String) -> Result<String, PasswordError> {
        let permit = self.turn().await?;
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            Argon2::default()
                .hash_password(password.as_bytes())
                .map(|hash: PasswordHash| hash.to_string())
                .map_err(PasswordError::Hash)
        })
        .await?
    }

    /// Whether `hash` was made of `password`. Takes as long if there is no hash.
    pub(crate) async fn is_right(
        &self,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, PasswordError> {
        let exists = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        let permit = self.turn().await?;
        let matches = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let hash =
                PasswordHash::new(&hash).map_err(|error| PasswordError::Hash(error.into()))?;
            Ok::<_, PasswordError>(
                Argon2::default().verify_password(password.as_bytes(), &hash).is_ok(),
            )
        })
        .await??;
        Ok(exists && matches)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_password_must_be_long_and_uncommon() {
        let known = ["kim@shop.example", "Kim Petersen"];
        assert_eq!(weakness("correct horse battery", &known), None);
        assert_eq!(weakness("zwölf Zeiche", &known), None, "characters, not bytes");
        assert_eq!(weakness("elf Zeichen", &known), Some(Weakness::Short));
        assert_eq!(weakness(&"ab".repeat(101), &known), Some(Weakness::Long));
        assert_eq!(weakness("KIM@shop.example", &known), Some(Weakness::Obvious));
        assert_eq!(weakness("kim petersen ", &known), Some(Weakness::Obvious));
        assert_eq!(weakness("aaaaaaaaaaaa", &known), Some(Weakness::Obvious));
    }

    #[tokio::test]
    async fn a_client_that_hangs_up_frees_no_place_at_once() {
        let passwords = Arc::new(Passwords::new());
        let free = || passwords.permits.available_permits();
        for _ in 0..MAX_HASHED_AT_ONCE {
            let (own, left) = (Arc::clone(&passwords), free());
            let request = tokio::spawn(async move { own.hash("x".repeat(20)).await });
            while free() == left {
                tokio::task::yield_now().await;
            }
            request.abort();
            assert!(request.await.is_err());
        }
        assert_eq!(free(), 0, "they are still computed");
        assert!(passwords.is_right(String::new(), None).await.is_ok_and(|right| !right));
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_for_a_turn_has_a_time_limit() {
        let passwords = Passwords::new();
        let taken = Arc::clone(&passwords.permits).acquire_many_owned(2).await.unwrap();
        let error = passwords.is_right(String::new(), None).await.unwrap_err();
        assert!(error.is_passing(), "{error}");
        drop(taken);
    }

    #[tokio::test]
    async fn only_the_password_itself_is_right() {
        let passwords = Passwords::new();
        let hash = passwords.hash("correct horse battery".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let right = |password: &str, hash: Option<&str>| {
            passwords.is_right(password.into(), hash.map(Into::into))
        };
        assert!(right("correct horse battery", Some(&hash)).await.unwrap());
        assert!(!right("correct horse batterz", Some(&hash)).await.unwrap());
        assert!(!right("", Some(&hash)).await.unwrap());
        assert!(!right("correct horse battery", None).await.unwrap());
        assert_ne!(hash, passwords.hash("correct horse battery".into()).await.unwrap(), "salted");
    }
}
