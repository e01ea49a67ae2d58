//! The time that servers have for one document. What we do ourselves meanwhile, as waiting for a turn or for room, takes nothing of it.

use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::FetchError;

/// What is left of the time for all requests that one document takes.
#[derive(Debug)]
pub struct Time {
    all: Duration,
    left: Duration,
}

impl Time {
    pub(super) fn new(all: Duration) -> Self {
        Self { all, left: all }
    }

    /// What is left of it.
    pub(super) fn left(&self) -> Duration {
        self.left
    }

    /// Waits for a server.
    ///
    /// # Errors
    /// [`FetchError::TooSlow`] when the time is over.
    pub(super) async fn spend<T>(&mut self, server: impl Future<Output = T>) -> Result<T, FetchError> {
        let started = Instant::now();
        let done = timeout(self.left, server).await;
        self.left = self.left.saturating_sub(started.elapsed());
        done.map_err(|_| FetchError::TooSlow(self.all))
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::sleep;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn time_is_over_when_servers_have_taken_it_whatever_else_was_waited_for() {
        let mut time = Time::new(Duration::from_secs(30));
        assert_eq!(time.spend(sleep(Duration::from_secs(20))).await, Ok(()));
        sleep(Duration::from_secs(600)).await;
        assert!((9..=10).contains(&time.left().as_secs()));
        assert_eq!(time.spend(sleep(Duration::from_secs(20))).await, Err(FetchError::TooSlow(Duration::from_secs(30))));
        assert_eq!(time.left(), Duration::ZERO);
    }
}
