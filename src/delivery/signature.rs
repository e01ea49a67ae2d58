//! Signatures by which a receiver knows that a webhook is ours, as the Standard Webhooks specification has them.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::config::Secret;

/// What the specification puts before a secret that is shared by both sides.
const PREFIX: &str = "whsec_";

/// Signs with one key, or with several while an old one is being replaced.
#[derive(Clone)]
pub struct Signer {
    keys: Vec<Hmac<Sha256>>,
}

impl Signer {
    /// Reads `whsec_` secrets, one or several with white space between them. The error says what is wrong and shows nothing of
    /// the secret.
    pub fn parse(secret: &Secret) -> Result<Self, String> {
        let keys = secret.expose().split_whitespace().map(key).collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() { Err("the secret is empty".to_owned()) } else { Ok(Self { keys }) }
    }

    /// The `webhook-signature` field: one signature a key. `timestamp` is in seconds since 1970.
    pub fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        let signatures: Vec<String> = self.keys.iter().map(|key| signature(key.clone(), id, timestamp, body)).collect();
        signatures.join(" ")
    }
}

fn key(secret: &str) -> Result<Hmac<Sha256>, String> {
    let encoded = secret.strip_prefix(PREFIX).ok_or_else(|| format!("a webhook secret starts with `{PREFIX}`"))?;
    let bytes = BASE64_STANDARD.decode(encoded).map_err(|_| format!("what follows `{PREFIX}` is not Base64"))?;
    if bytes.is_empty() {
        return Err(format!("nothing follows `{PREFIX}`"));
    }
    Hmac::new_from_slice(&bytes).map_err(|error| error.to_string())
}

fn signature(mut key: Hmac<Sha256>, id: &str, timestamp: i64, body: &[u8]) -> String {
    key.update(format!("{id}.{timestamp}.").as_bytes());
    key.update(body);
    format!("v1,{}", BASE64_STANDARD.encode(key.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const TIMESTAMP: i64 = 1_614_265_330;
    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    fn signer(secret: &str) -> Result<Signer, String> {
        Signer::parse(&Secret::new(secret))
    }

    #[test]
    fn the_specification_s_example_is_signed_as_it_says() {
        let signer = signer("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        assert_eq!(signer.sign(ID, TIMESTAMP, BODY), SIGNATURE);
    }

    #[test]
    fn while_keys_change_every_one_signs() {
        let signer = signer("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD\n").unwrap();
        let signatures = signer.sign(ID, TIMESTAMP, BODY);
        let (first, second) = signatures.split_once(' ').unwrap();
        assert_eq!(first, SIGNATURE);
        assert!(second.starts_with("v1,") && second != first, "{second}");
    }

    #[test]
    fn a_secret_that_cannot_be_meant_is_an_error_that_does_not_show_it() {
        for secret in ["", " \n", "hunter22", "whsec_", "whsec_hunter22!", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw oops"] {
            let error = signer(secret).err().unwrap();
            assert!(!error.contains("hunter22") && !error.contains("oops"), "{error}");
        }
    }
}
