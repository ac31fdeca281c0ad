//! The secrets of a target, as they are sealed.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::access::seal::{SealError, SealKey};

/// How long messages carry a second signature after the secret was changed.
const OVERLAP: SignedDuration = SignedDuration::from_hours(24);

/// What has to be known to send to a target. `Debug` is missing on purpose.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Secrets {
    /// The whole address, which for chats is the only secret.
    pub(crate) address: String,
    /// The secret that signs, for kinds that are signed.
    pub(crate) signing: Option<String>,
    /// The secret before it, and until when it signs, too, in Unix milliseconds.
    previous: Option<(String, i64)>,
}

impl Secrets {
    pub(crate) const fn new(address: String, signing: Option<String>) -> Self {
        Self { address, signing, previous: None }
    }

    /// Signs with another secret from now on, and for a day also with the one so far.
    pub(crate) fn rotated(self, signing: String, now: Timestamp) -> Self {
        let until = (now + OVERLAP).as_millisecond();
        let previous = self.signing.map(|secret| (secret, until));
        Self { signing: Some(signing), previous, ..self }
    }

    /// The secrets that sign now, the new one first.
    pub(crate) fn signing(&self, now: Timestamp) -> Vec<&str> {
        let previous = self.previous.as_ref().filter(|(_, until)| now.as_millisecond() < *until);
        self.signing.as_deref().into_iter().chain(previous.map(|(secret, _)| &**secret)).collect()
    }

    /// Seals them for the target with this number.
    pub(crate) fn seal(&self, key: &SealKey, target: i64) -> Result<Vec<u8>, SealError> {
        let text = serde_json::to_vec(self).map_err(|_| SealError::OtherKey)?;
        key.seal(&text, &place(target))
    }

    /// Opens those of the target with this number.
    pub(crate) fn open(key: &SealKey, sealed: &[u8], target: i64) -> Result<Self, SealError> {
        let text = key.open(sealed, &place(target))?;
        serde_json::from_slice(&text).map_err(|_| SealError::OtherKey)
    }
}

fn place(target: i64) -> String {
    format!("alert target {target}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use base64::{Engine as _, engine::general_purpose::STANDARD};

    use super::*;

    #[test]
    fn a_changed_secret_signs_beside_the_one_before_it_for_a_day() {
        let now: Timestamp = "2026-11-26T08:00:00Z".parse().unwrap();
        let secrets = Secrets::new("https://a.example/".into(), Some("one".into()));
        assert_eq!(secrets.signing(now), ["one"]);
        let rotated = secrets.rotated("two".into(), now);
        assert_eq!(rotated.signing(now + SignedDuration::from_hours(23)), ["two", "one"]);
        assert_eq!(rotated.signing(now + SignedDuration::from_hours(24)), ["two"]);
        let again = rotated.rotated("three".into(), now);
        assert_eq!(again.signing(now), ["three", "two"], "two at a time");
    }

    #[test]
    fn secrets_are_opened_only_for_their_target() {
        let key = SealKey::read(&STANDARD.encode([1; 32])).unwrap();
        let secrets = Secrets::new("https://a.example/".into(), None);
        let sealed = secrets.seal(&key, 3).unwrap();
        assert!(Secrets::open(&key, &sealed, 3).is_ok_and(|opened| opened == secrets));
        assert!(Secrets::open(&key, &sealed, 4).is_err());
    }
}
