//! A list that can be waited for.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

/// Far more than any test needs, far less than a stuck build is given.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a server was sent, in order.
pub struct Record<T>(watch::Sender<Vec<T>>);

impl<T: Clone> Record<T> {
    /// Nothing yet.
    pub fn new() -> Self {
        Self(watch::Sender::new(Vec::new()))
    }

    /// Adds one.
    pub fn add(&self, item: T) {
        self.0.send_modify(|items| items.push(item));
    }

    /// Everything so far.
    pub fn all(&self) -> Vec<T> {
        self.0.borrow().clone()
    }

    /// Everything so far, once that is at least so much.
    pub async fn wait_for(&self, count: usize) -> Vec<T> {
        let mut seen = self.0.subscribe();
        let items = timeout(PATIENCE, seen.wait_for(|items| items.len() >= count)).await;
        items.unwrap_or_else(|_| panic!("waited in vain for {count}, have {}", self.all().len())).unwrap().clone()
    }
}
