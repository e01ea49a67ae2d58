//! Drains the outbox: claims what is due, puts it into words, sends it, and writes down how that went.
//!
//! Delivery is at least once. Whoever receives something twice can tell by its identity, which is the same at every try.

mod couriers;
mod email;
mod facts;
mod flights;
mod identity;
pub mod message;
pub mod retry;
mod signature;
mod stdout;
mod webhook;
mod worker;

use async_trait::async_trait;
use jiff::Timestamp;

pub use couriers::{Couriers, Unusable, channel};
pub use email::Mailer;
pub use signature::Signer;
pub use stdout::Printer;
pub use webhook::{WebClient, Webhook};
pub use worker::{Clock, Drained, Worker};

use crate::model::Delivery;

/// A way to reach one receiver.
#[async_trait]
pub trait Channel: Send + Sync {
    /// Tries once. `now` is the moment of this try.
    async fn send(&self, delivery: &Delivery, now: Timestamp) -> Result<Receipt, Refusal>;
}

/// The receiver took it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The receiver's words.
    pub words: String,
}

/// The receiver did not take it, or nobody knows whether it did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Whether trying again is pointless.
    pub permanent: bool,
    /// The receiver's words, or what was in the way.
    pub words: String,
    /// The earliest moment the receiver wants to be asked again.
    pub not_before: Option<Timestamp>,
}

impl Refusal {
    /// One that may turn into a receipt later.
    pub fn transient(words: impl Into<String>) -> Self {
        Self { permanent: false, words: words.into(), not_before: None }
    }

    /// One that will not.
    pub fn permanent(words: impl Into<String>) -> Self {
        Self { permanent: true, words: words.into(), not_before: None }
    }
}

/// An error with everything it says about its causes, in one line.
fn in_words(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !words.contains(&text) {
            words = format!("{words}: {text}");
        }
        cause = error.source();
    }
    message::one_line(&words, message::ANSWER_CHARACTERS)
}
