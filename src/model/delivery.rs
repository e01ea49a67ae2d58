//! An alert on its way to one receiver.

use jiff::Timestamp;

use super::Alert;

/// A row of the outbox, claimed for this process.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// The row.
    pub id: i64,
    /// The receiver's name in the configuration.
    pub receiver: String,
    /// What to tell.
    pub alert: Alert,
    /// Which try this is, from 1.
    pub attempt: u32,
    /// When the alert was written.
    pub created: Timestamp,
}

/// How a try ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    /// The receiver took it.
    Delivered,
    /// It did not, and may later.
    Retry {
        /// When to try again.
        at: Timestamp,
        /// The receiver's words.
        error: String,
    },
    /// It will not, or the retries are spent: kept, listed, counted.
    Failed {
        /// The receiver's words.
        error: String,
    },
}
