//! Alerts by mail.

mod letter;
mod relay;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use lettre::Address;
use lettre::message::Mailbox;
use lettre::transport::smtp::client::Certificate;

use self::letter::Letter;
use self::relay::{Handover, Relay};
use super::{Channel, Receipt, Refusal};
use crate::config::Email;
use crate::model::Delivery;

/// One receiver that is reached by mail.
///
/// It counts as told when every recipient is. Where a server takes a mail for some and not for others, only the others get
/// the next try. Who those are is remembered here alone: after a restart all get it again, with the same Message-ID.
pub struct Mailer {
    from: Mailbox,
    to: Vec<Mailbox>,
    relay: Relay,
    told: Mutex<HashMap<String, Vec<Address>>>,
}

impl Mailer {
    /// Trusts the certificate authorities that the system trusts. The error says in words what cannot work.
    pub fn new(email: &Email) -> Result<Self, String> {
        Self::trusting(email, Vec::new())
    }

    /// Trusts further certificate authorities as well.
    pub fn trusting(email: &Email, authorities: Vec<Certificate>) -> Result<Self, String> {
        Ok(Self {
            from: in_ascii(&email.from)?,
            to: email.to.iter().map(in_ascii).collect::<Result<_, _>>()?,
            relay: Relay::new(&email.smtp, email.password.as_ref(), authorities)?,
            told: Mutex::default(),
        })
    }

    /// The recipients who have not got this letter yet.
    fn waiting(&self, letter: &Letter) -> Vec<Address> {
        let told = self.told();
        let told = told.get(&letter.id).map(Vec::as_slice).unwrap_or_default();
        self.to.iter().map(|mailbox| mailbox.email.clone()).filter(|address| !told.contains(address)).collect()
    }

    fn conclude(&self, letter: &Letter, handover: Handover) -> Result<Receipt, Refusal> {
        if handover.refused.is_empty() {
            self.told().remove(&letter.id);
            return Ok(Receipt { words: handover.answer });
        }
        let permanent = handover.refused.iter().all(|(_, refusal)| refusal.permanent);
        let each: Vec<String> = handover.refused.iter().map(|(to, refusal)| format!("{to}: {}", refusal.words)).collect();
        self.remember(letter, handover.accepted);
        Err(Refusal { permanent, words: each.join("; "), not_before: None })
    }

    fn remember(&self, letter: &Letter, accepted: Vec<Address>) {
        /// Letters remembered at once. Beyond that all is forgotten, which costs some people a second copy.
        const LETTERS: usize = 10_000;
        let mut told = self.told();
        if told.len() >= LETTERS {
            told.clear();
        }
        told.entry(letter.id.clone()).or_default().extend(accepted);
    }

    fn told(&self) -> MutexGuard<'_, HashMap<String, Vec<Address>>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Channel for Mailer {
    async fn send(&self, delivery: &Delivery, _now: Timestamp) -> Result<Receipt, Refusal> {
        let letter = Letter::write(&self.from, &self.to, delivery).map_err(|error| Refusal::permanent(error.to_string()))?;
        let handover = self.relay.hand_over(&letter, &self.waiting(&letter)).await?;
        self.conclude(&letter, handover)
    }
}

/// A mailbox whose domain every mail server understands (RFC 5891: an internationalised one travels in its ASCII form).
fn in_ascii(mailbox: &Mailbox) -> Result<Mailbox, String> {
    let address = &mailbox.email;
    if !address.user().is_ascii() {
        return Err(format!("`{address}`: an address that is not ASCII before its @ cannot be written to"));
    }
    let domain = idna::domain_to_ascii(address.domain()).map_err(|_| format!("`{address}` has no valid domain"))?;
    let address = Address::new(address.user(), domain).map_err(|error| format!("`{address}`: {error}"))?;
    Ok(Mailbox::new(mailbox.name.clone(), address))
}
