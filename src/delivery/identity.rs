//! The identities by which a receiver knows what it was already sent: the same at every try, and after a restart.

use sha2::{Digest, Sha256};

use crate::model::{Alert, AlertKind};

/// The `webhook-id` of an alert for one receiver (Standard Webhooks: unique, the same at every try, without a full stop).
pub fn webhook_id(alert: &Alert, receiver: &str) -> String {
    format!("msg_{}_{}", token(&alert.id), token(receiver))
}

/// The `Message-ID` of an alert for one receiver (RFC 5322 §3.6.4). `domain` is the sender's, in ASCII.
///
/// An alert is named after its story and an update after itself, so that an update can name its alert without asking anyone.
pub fn message_id(alert: &Alert, receiver: &str, domain: &str) -> String {
    match alert.kind {
        AlertKind::Alert => thread_id(alert, receiver, domain),
        AlertKind::Update => format!("<{}.{}@{domain}>", token(&alert.id), token(receiver)),
    }
}

/// The `Message-ID` of the alert that opened the story.
pub fn thread_id(alert: &Alert, receiver: &str, domain: &str) -> String {
    format!("<{}.{}@{domain}>", token(&alert.story.0), token(receiver))
}

/// A name in letters, digits and hyphens alone, so that the joints between names stay clear: the name itself where it is
/// made of these, else a hash of it.
fn token(name: &str) -> String {
    /// Longer names are hashed, to keep header lines short.
    const LONGEST: usize = 64;
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if plain && (1..=LONGEST).contains(&name.len()) { name.to_owned() } else { hash(name) }
}

fn hash(name: &str) -> String {
    /// 128 bits: no two names meet by accident.
    const BYTES: usize = 16;
    Sha256::digest(name).iter().take(BYTES).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::message::tests::alert;

    #[test]
    fn an_update_names_the_alert_of_its_story() {
        let first = alert("A headline");
        let update = Alert { kind: AlertKind::Update, id: "u1".into(), ..first.clone() };
        assert_eq!(message_id(&first, "desk", "example.org"), thread_id(&update, "desk", "example.org"));
        assert_ne!(message_id(&first, "desk", "example.org"), message_id(&update, "desk", "example.org"));
    }

    #[test]
    fn two_receivers_never_share_an_identity() {
        let alert = alert("A headline");
        assert_ne!(webhook_id(&alert, "a"), webhook_id(&alert, "b"));
        assert_ne!(message_id(&alert, "a b", "example.org"), message_id(&alert, "a-b", "example.org"));
    }

    #[test]
    fn an_odd_name_leaves_no_odd_sign_in_a_header() {
        let alert = Alert { id: "x>\r\nBcc: <e@example.org".into(), ..alert("A headline") };
        let id = webhook_id(&alert, "Wachen & Büro.7");
        assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'), "{id}");
    }
}
