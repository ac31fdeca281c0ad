//! Secrets that have to be sent again, and are therefore stored sealed and not hashed: the addresses of webhooks, which
//! often are secrets themselves, and the secrets that sign what is sent there.
//!
//! The key comes from the environment or from a file, never from the database: a copy of the database alone opens
//! nothing. XChaCha20-Poly1305 takes nonces that are long enough to be random.

use std::{fmt, fs, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305,
    aead::{Aead as _, Payload},
};

/// Bytes of a nonce, which stands before what it sealed.
const NONCE: usize = 24;

/// The key that seals secrets. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct SealKey([u8; 32]);

/// Why a secret could not be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SealError {
    /// The system gave no random bits.
    #[error("the system has no random bits")]
    Random(#[source] getrandom::Error),
    /// It was sealed with another key, or was changed since.
    #[error("it was sealed with another key")]
    OtherKey,
}

impl SealKey {
    /// Reads a key: 32 bytes in base64, as `openssl rand -base64 32` prints them.
    ///
    /// # Errors
    /// A sentence about the allowed form.
    pub fn read(text: &str) -> Result<Self, String> {
        let bytes = STANDARD.decode(text.trim()).ok();
        let key = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        key.map(Self).ok_or_else(|| {
            "must be 32 random bytes in base64, as `openssl rand -base64 32` prints them".to_owned()
        })
    }

    /// Reads a key from a file.
    ///
    /// # Errors
    /// A sentence about why it cannot be read, or about the allowed form.
    pub fn read_file(path: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(path)
            .map_err(|error| format!("cannot be read from {}: {error}", path.display()))?;
        Self::read(&text)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.0.into())
    }

    /// Seals a secret. It can be opened only with the same `place`, so that a sealed secret cannot be moved to another.
    pub(crate) fn seal(&self, secret: &[u8], place: &str) -> Result<Vec<u8>, SealError> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(SealError::Random)?;
        let payload = Payload { msg: secret, aad: place.as_bytes() };
        // It fails only for secrets of more than 256 GB.
        let sealed =
            self.cipher().encrypt(&nonce.into(), payload).map_err(|_| SealError::OtherKey)?;
        Ok(nonce.into_iter().chain(sealed).collect())
    }

    /// Opens what [`seal`](Self::seal) made.
    pub(crate) fn open(&self, sealed: &[u8], place: &str) -> Result<Vec<u8>, SealError> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE).ok_or(SealError::OtherKey)?;
        let nonce = <[u8; NONCE]>::try_from(nonce).map_err(|_| SealError::OtherKey)?;
        let payload = Payload { msg: sealed, aad: place.as_bytes() };
        self.cipher().decrypt(&nonce.into(), payload).map_err(|_| SealError::OtherKey)
    }
}

impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealKey(…)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_secret_is_opened_only_by_its_key_in_its_place_and_unchanged() {
        let key = SealKey([7; 32]);
        let sealed = key.seal(b"https://hooks.example/secret", "target 1").unwrap();
        assert_eq!(key.open(&sealed, "target 1").unwrap(), b"https://hooks.example/secret");
        assert!(!sealed.windows(6).any(|part| part == b"secret"));
        assert_ne!(key.seal(b"https://hooks.example/secret", "target 1").unwrap(), sealed);
        assert!(key.open(&sealed, "target 2").is_err());
        assert!(SealKey([8; 32]).open(&sealed, "target 1").is_err());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(key.open(&changed, "target 1").is_err(), "{at}");
        }
        assert!(key.open(&[], "target 1").is_err());
    }

    #[test]
    fn a_key_has_32_bytes_and_is_not_shown() {
        let text = STANDARD.encode([7; 32]);
        let key = SealKey::read(&format!(" {text}\n")).unwrap();
        assert_eq!(key, SealKey([7; 32]));
        assert!(!format!("{key:?}").contains('7'));
        for wrong in ["", "secret", &text[..40], &STANDARD.encode([7; 31])] {
            assert!(SealKey::read(wrong).unwrap_err().contains("openssl"), "{wrong}");
        }
        assert!(SealKey::read_file(Path::new("/no/such/file")).unwrap_err().contains("/no/such"));
    }
}
