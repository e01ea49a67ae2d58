//! How many requests are under way at once, in all and to one host.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

/// The turnstiles every request passes.
#[derive(Debug)]
pub(super) struct Limits {
    all: Semaphore,
    per_host: usize,
    /// Only hosts that somebody is asking or waits to ask.
    hosts: Mutex<HashMap<String, Arc<Semaphore>>>,
}

/// The right to make one request; dropped, the next in line has it. Dropped in this order: a host is forgotten last.
#[derive(Debug)]
pub(super) struct Permit<'a> {
    _all: Option<SemaphorePermit<'a>>,
    _host: Option<OwnedSemaphorePermit>,
    _queue: Queue<'a>,
}

impl Limits {
    pub(super) fn new(all: usize, per_host: usize) -> Self {
        Self { all: Semaphore::new(all.max(1)), per_host: per_host.max(1), hosts: Mutex::default() }
    }

    /// Waits for a turn. The host's turn comes first, so that a queue before one host blocks nobody else. The semaphores are
    /// never closed, so that both turns do come.
    pub(super) async fn wait(&self, host: &str) -> Permit<'_> {
        let queue = self.join(host);
        let host = Arc::clone(&queue.semaphore).acquire_owned().await.ok();
        Permit { _all: self.all.acquire().await.ok(), _host: host, _queue: queue }
    }

    fn join(&self, host: &str) -> Queue<'_> {
        let semaphore =
            Arc::clone(self.hosts().entry(host.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(self.per_host))));
        Queue { limits: self, host: host.to_owned(), semaphore }
    }

    fn hosts(&self) -> MutexGuard<'_, HashMap<String, Arc<Semaphore>>> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place in the queue before one host, also while being served.
#[derive(Debug)]
struct Queue<'a> {
    limits: &'a Limits,
    host: String,
    semaphore: Arc<Semaphore>,
}

impl Drop for Queue<'_> {
    fn drop(&mut self) {
        /// One reference in the map, one here: nobody else waits.
        const LAST: usize = 2;
        let mut hosts = self.limits.hosts();
        if Arc::strong_count(&self.semaphore) <= LAST {
            hosts.remove(&self.host);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Waker};

    use super::*;

    fn is_ready<F: Future>(future: std::pin::Pin<&mut F>) -> bool {
        future.poll(&mut Context::from_waker(Waker::noop())).is_ready()
    }

    #[tokio::test]
    async fn one_host_is_asked_once_at_a_time_while_others_go_on() {
        let limits = Limits::new(10, 1);
        let first = limits.wait("a.example").await;
        let mut second = pin!(limits.wait("a.example"));
        assert!(!is_ready(second.as_mut()));
        let _other = limits.wait("b.example").await;
        drop(first);
        assert!(is_ready(second.as_mut()));
    }

    #[tokio::test]
    async fn all_hosts_together_are_bounded() {
        let limits = Limits::new(2, 5);
        let first = limits.wait("a.example").await;
        let _second = limits.wait("b.example").await;
        let mut third = pin!(limits.wait("c.example"));
        assert!(!is_ready(third.as_mut()));
        drop(first);
        assert!(is_ready(third.as_mut()));
    }

    #[tokio::test]
    async fn hosts_nobody_asks_are_forgotten_even_when_a_wait_is_given_up() {
        let limits = Limits::new(1, 1);
        let first = limits.wait("a.example").await;
        {
            let mut second = pin!(limits.wait("a.example"));
            let mut third = pin!(limits.wait("b.example"));
            assert!(!is_ready(second.as_mut()) && !is_ready(third.as_mut()));
        }
        assert_eq!(limits.hosts().len(), 1);
        drop(first);
        assert_eq!(limits.hosts().len(), 0);
    }
}
