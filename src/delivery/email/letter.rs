//! An alert as a mail, the same at every try but for the line between its parts.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder, MultiPart};
use lettre::{Address, Message};

use crate::delivery::{identity, message};
use crate::model::{AlertKind, Delivery};

/// A mail that is ready to be sent.
pub struct Letter {
    /// Its Message-ID.
    pub id: String,
    /// Whom a server is to tell where it cannot be delivered.
    pub from: Address,
    /// All of it, in ASCII.
    pub bytes: Vec<u8>,
}

impl Letter {
    /// Writes an alert to everybody at once. Its date is that of the alert, not of the try.
    pub fn write(from: &Mailbox, to: &[Mailbox], delivery: &Delivery) -> Result<Self, lettre::error::Error> {
        let Delivery { alert, receiver, created, .. } = delivery;
        let id = identity::message_id(alert, receiver, from.email.domain());
        let mut mail = Message::builder()
            .from(from.clone())
            .date((*created).into())
            .message_id(Some(id.clone()))
            .raw_header(subject(&message::subject(alert)))
            .raw_header(auto_submitted());
        mail = to.iter().cloned().fold(mail, MessageBuilder::to);
        if alert.kind == AlertKind::Update {
            let thread = identity::thread_id(alert, receiver, from.email.domain());
            mail = mail.in_reply_to(thread.clone()).references(thread);
        }
        let parts = MultiPart::alternative_plain_html(message::text(alert, *created), message::page(alert, *created));
        Ok(Self { id, from: from.email.clone(), bytes: mail.multipart(parts)?.formatted() })
    }
}

/// Asks that nobody's absence notice answers (RFC 3834 §5).
fn auto_submitted() -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned())
}

/// A text that looks encoded already is encoded as a whole, or readers would decode what a headline merely says.
fn subject(text: &str) -> HeaderValue {
    let name = HeaderName::new_from_ascii_str("Subject");
    if text.contains("=?") {
        HeaderValue::dangerous_new_pre_encoded(name, text.to_owned(), encoded_words(text))
    } else {
        HeaderValue::new(name, text.to_owned())
    }
}

/// Encoded words of whole characters, one a line (RFC 2047 §2 and §5).
fn encoded_words(text: &str) -> String {
    /// With this many bytes the first line, `Subject: ` and all, has 73 characters of the 76 allowed.
    const BYTES: usize = 39;
    let mut words = vec![String::new()];
    for character in text.chars() {
        match words.last_mut() {
            Some(word) if word.len() + character.len_utf8() <= BYTES => word.push(character),
            _ => words.push(character.to_string()),
        }
    }
    let encoded: Vec<String> = words.iter().map(|word| format!("=?utf-8?b?{}?=", BASE64_STANDARD.encode(word))).collect();
    encoded.join("\r\n ")
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use mailparse::{MailHeaderMap, ParsedMail};
    use proptest::prelude::*;

    use super::*;
    use crate::delivery::message::tests::alert;
    use crate::model::Alert;

    fn created() -> Timestamp {
        "2025-06-05T14:03:10Z".parse().unwrap()
    }

    fn write(alert: Alert) -> Letter {
        let delivery = Delivery { id: 1, receiver: "desk".into(), alert, attempt: 1, created: created() };
        let to = ["desk@example.org".parse().unwrap(), "Büro <b@example.net>".parse().unwrap()];
        Letter::write(&"Wirewatch <wire@example.org>".parse().unwrap(), &to, &delivery).unwrap()
    }

    fn header(mail: &ParsedMail, name: &str) -> String {
        mail.headers.get_first_value(name).unwrap_or_default()
    }

    fn names(mail: &ParsedMail) -> Vec<String> {
        mail.headers.iter().map(mailparse::MailHeader::get_key).collect()
    }

    #[test]
    fn a_letter_carries_a_text_and_a_page() {
        let letter = write(alert("Trump and Xi speak"));
        let mail = mailparse::parse_mail(&letter.bytes).unwrap();
        assert_eq!(mail.ctype.mimetype, "multipart/alternative");
        let parts: Vec<&str> = mail.subparts.iter().map(|part| part.ctype.mimetype.as_str()).collect();
        assert_eq!(parts, ["text/plain", "text/html"]);
        assert_eq!(header(&mail, "Date"), "Thu, 05 Jun 2025 14:03:10 +0000");
        assert_eq!(header(&mail, "Auto-Submitted"), "auto-generated");
        assert_eq!(header(&mail, "To"), "desk@example.org, Büro <b@example.net>");
    }

    #[test]
    fn an_update_is_threaded_under_its_alert() {
        let first = alert("Trump and Xi speak");
        let update = Alert { kind: AlertKind::Update, id: "u1".into(), ..first.clone() };
        let thread = write(first).id;
        let letter = write(update);
        let mail = mailparse::parse_mail(&letter.bytes).unwrap();
        assert_eq!(header(&mail, "In-Reply-To"), thread);
        assert_eq!(header(&mail, "References"), thread);
        assert_eq!(header(&mail, "Message-ID"), letter.id);
        assert_ne!(letter.id, thread);
    }

    #[test]
    fn a_headline_that_looks_encoded_is_not_decoded() {
        let title = "=?utf-8?b?aGFja2Vk?= Sale";
        let letter = write(alert(title));
        let mail = mailparse::parse_mail(&letter.bytes).unwrap();
        assert_eq!(header(&mail, "Subject"), format!("[high] leader-call: {title}"));
    }

    fn odd_title() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("\r\nBcc: thief@example.org\r\n\r\n".to_owned()),
            Just("\u{0}\u{1b}[31m".to_owned()),
            Just("\u{202e}olleh\u{2066}".to_owned()),
            Just("=?utf-8?q?x?=".to_owned()),
            Just("👩‍👩‍👧‍👦🇺🇳".to_owned()),
            Just(".\r\n.".to_owned()),
            "[ -~]{0,40}",
            "\\PC{0,40}",
            any::<String>(),
        ];
        (proptest::collection::vec(piece, 0..12), 1_usize..60).prop_map(|(pieces, times)| pieces.concat().repeat(times))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn an_odd_headline_arrives_intact_and_adds_no_header(title in odd_title()) {
            let plain = write(alert("Trump and Xi speak"));
            let alert = alert(&title);
            let letter = write(alert.clone());
            let mail = mailparse::parse_mail(&letter.bytes).unwrap();
            prop_assert_eq!(names(&mail), names(&mailparse::parse_mail(&plain.bytes).unwrap()));
            prop_assert_eq!(header(&mail, "Subject"), message::subject(&alert));
            let text = mail.subparts[0].get_body().unwrap().replace("\r\n", "\n");
            prop_assert_eq!(text, message::text(&alert, created()));
            prop_assert!(letter.bytes.is_ascii());
            prop_assert!(letter.bytes.split(|byte| *byte == b'\n').all(|line| line.len() <= 998));
        }
    }
}
