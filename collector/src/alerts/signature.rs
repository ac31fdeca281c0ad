//! Signatures of webhooks, as the Standard Webhooks specification 1.0.0 defines them: a receiver checks that a message
//! came from this collector, is unchanged and not old.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// What a secret begins with, as the specification writes it.
pub(crate) const PREFIX: &str = "whsec_";
/// Bytes of a secret; the specification allows 24 to 64.
const SECRET: usize = 32;

/// A new secret.
pub(crate) fn secret() -> Result<String, getrandom::Error> {
    let mut random = [0; SECRET];
    getrandom::fill(&mut random)?;
    Ok(format!("{PREFIX}{}", STANDARD.encode(random)))
}

/// The value of the header `webhook-signature`: a signature for each of the secrets. `None` if one of them is none.
pub(crate) fn signatures(
    secrets: &[&str],
    message: &str,
    timestamp: i64,
    body: &[u8],
) -> Option<String> {
    let signatures: Option<Vec<String>> =
        secrets.iter().map(|secret| signature(secret, message, timestamp, body)).collect();
    Some(signatures?.join(" "))
}

fn signature(secret: &str, message: &str, timestamp: i64, body: &[u8]) -> Option<String> {
    let key = STANDARD.decode(secret.strip_prefix(PREFIX)?).ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(format!("{message}.{timestamp}.").as_bytes());
    mac.update(body);
    Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// The example of the specification's reference libraries.
    const KNOWN: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    #[test]
    fn a_signature_is_that_of_the_reference_libraries() {
        let body = br#"{"test": 2432232314}"#;
        let message = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(signatures(&[KNOWN], message, 1_614_265_330, body).unwrap(), expected);
        let both = signatures(&[KNOWN, KNOWN], message, 1_614_265_330, body).unwrap();
        assert_eq!(both, format!("{expected} {expected}"));
    }

    #[test]
    fn a_secret_is_long_and_new() {
        let one = secret().unwrap();
        assert_ne!(one, secret().unwrap());
        assert_eq!(STANDARD.decode(one.strip_prefix(PREFIX).unwrap()).unwrap().len(), SECRET);
        assert_eq!(signatures(&["no secret"], "m", 1, b""), None);
    }
}
