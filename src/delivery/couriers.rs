//! One courier for each receiver: its channel, and how patient it is.

use std::collections::BTreeMap;
use std::time::Duration;

use ipnet::IpNet;
use jiff::Timestamp;
use tokio::time::timeout;

use super::{Channel, Mailer, Printer, Receipt, Refusal, WebClient, Webhook, retry};
use crate::config::{self, Receiver, Retry};
use crate::model::{Delivery, Settlement};

/// The longest that one try may take on any channel: neither a mail server's silence nor a full pipe ends by itself.
pub const TIME_LIMIT: Duration = Duration::from_secs(60);

/// Everybody who can be told, by the receiver's name.
#[derive(Default)]
pub struct Couriers {
    by_receiver: BTreeMap<String, Courier>,
}

struct Courier {
    channel: Box<dyn Channel>,
    retry: Retry,
}

/// A receiver whose configuration is well-formed and yet cannot work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("receiver `{receiver}`: {reason}")]
pub struct Unusable {
    /// Its name.
    pub receiver: String,
    /// Why, in words.
    pub reason: String,
}

impl Couriers {
    /// A courier for each configured receiver, or every reason why not. `web` gives a client that may also ask networks of the
    /// receiver's own.
    pub fn new(
        receivers: &BTreeMap<String, Receiver>,
        web: impl Fn(&[IpNet]) -> Result<WebClient, String>,
    ) -> Result<Self, Vec<Unusable>> {
        let mut couriers = Self::default();
        let mut unusable = Vec::new();
        for (name, receiver) in receivers {
            match web(networks(&receiver.channel)).and_then(|web| channel(&receiver.channel, &web)) {
                Ok(channel) => couriers.add(name, channel, receiver.retry),
                Err(reason) => unusable.push(Unusable { receiver: name.clone(), reason }),
            }
        }
        if unusable.is_empty() { Ok(couriers) } else { Err(unusable) }
    }

    /// Adds a receiver, or gives it another channel.
    pub fn add(&mut self, receiver: &str, channel: Box<dyn Channel>, retry: Retry) {
        self.by_receiver.insert(receiver.to_owned(), Courier { channel, retry });
    }

    /// Tries a delivery once.
    pub async fn send(&self, delivery: &Delivery, now: Timestamp) -> Result<Receipt, Refusal> {
        let Some(courier) = self.by_receiver.get(&delivery.receiver) else {
            return Err(Refusal::permanent(format!("receiver `{}` is no longer configured", delivery.receiver)));
        };
        timeout(TIME_LIMIT, courier.channel.send(delivery, now))
            .await
            .unwrap_or_else(|_| Err(Refusal::transient(format!("no answer within {} s", TIME_LIMIT.as_secs()))))
    }

    /// What is to be written down of a try that ended at `now`. `jitter` is from 0 to 1.
    pub fn settlement(&self, delivery: &Delivery, outcome: &Result<Receipt, Refusal>, now: Timestamp, jitter: f64) -> Settlement {
        let Err(refusal) = outcome else { return Settlement::Delivered };
        let error = refusal.words.clone();
        let next =
            self.by_receiver.get(&delivery.receiver).filter(|_| !refusal.permanent).and_then(|courier| {
                retry::next(&courier.retry, delivery.attempt, delivery.created, now, jitter, refusal.not_before)
            });
        match next {
            Some(at) => Settlement::Retry { at, error },
            None => Settlement::Failed { error },
        }
    }
}

/// The networks that are open for a channel alone.
fn networks(channel: &config::Channel) -> &[IpNet] {
    match channel {
        config::Channel::Webhook(webhook) => &webhook.allow_networks,
        config::Channel::Email(_) | config::Channel::Stdout(_) => &[],
    }
}

/// The channel that a receiver's configuration describes. The error says in words what cannot work.
pub fn channel(channel: &config::Channel, web: &WebClient) -> Result<Box<dyn Channel>, String> {
    Ok(match channel {
        config::Channel::Email(email) => Box::new(Mailer::new(email)?),
        config::Channel::Webhook(webhook) => Box::new(Webhook::new(webhook, web.clone())?),
        config::Channel::Stdout(stdout) => Box::new(Printer::new(*stdout)),
    })
}
