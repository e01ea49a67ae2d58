//! Whether what is said to come from a hub does (§7.1, `X-Hub-Signature`).

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

/// Whether `field`, such as `sha256=…` in hexadecimal digits, is the signature of a body. All methods that the specification knows
/// are taken: as the core of an HMAC even SHA-1 is sound.
pub fn is_signed(field: &str, secret: &str, body: &[u8]) -> bool {
    let Some((method, digits)) = field.trim().split_once('=') else { return false };
    let Some(signature) = bytes(digits) else { return false };
    match method.to_ascii_lowercase().as_str() {
        "sha1" => verify::<Hmac<Sha1>>(secret, body, &signature),
        "sha256" => verify::<Hmac<Sha256>>(secret, body, &signature),
        "sha384" => verify::<Hmac<Sha384>>(secret, body, &signature),
        "sha512" => verify::<Hmac<Sha512>>(secret, body, &signature),
        _ => false,
    }
}

/// Compares in constant time.
fn verify<M: Mac + KeyInit>(secret: &str, body: &[u8], signature: &[u8]) -> bool {
    <M as KeyInit>::new_from_slice(secret.as_bytes()).is_ok_and(|mac| mac.chain_update(body).verify_slice(signature).is_ok())
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    let byte = |pair: &[u8; 2]| {
        let digit = |sign: u8| char::from(sign).to_digit(16);
        u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()
    };
    rest.is_empty().then(|| pairs.iter().map(byte).collect())?
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = b"what do ya want for nothing?";

    /// RFC 2202 (case 2 of SHA-1) and RFC 4231 (case 2 of the others).
    const SIGNED: [&str; 4] = [
        "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
        "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        "sha384=af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
        "sha512=164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
    ];

    #[test]
    fn every_method_of_the_specification_is_known() {
        for signature in SIGNED {
            assert!(is_signed(signature, "Jefe", BODY), "{signature}");
            assert!(is_signed(&signature.to_uppercase(), "Jefe", BODY), "{signature}");
        }
    }

    #[test]
    fn another_body_or_secret_or_half_a_signature_is_not_enough() {
        for signature in SIGNED {
            assert!(!is_signed(signature, "Jefe", b"something else"));
            assert!(!is_signed(signature, "Jeff", BODY));
            assert!(!is_signed(&signature[..signature.len() - 2], "Jefe", BODY));
            assert!(!is_signed(&format!("{signature}00"), "Jefe", BODY));
        }
        for field in ["", "sha256", "sha256=", "md5=00", "sha256=zz", "sha1=é", "=00"] {
            assert!(!is_signed(field, "Jefe", BODY), "{field}");
        }
    }
}
