//! How many requests are under way at once, in all and to one host, and what rest a host has between them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// The longest rest of a host between two requests.
const LONGEST_REST: Duration = Duration::from_secs(1);
/// A rest too short to be worth a timer: the host is on this machine, or as good as.
const NO_REST: Duration = Duration::from_millis(10);

/// The turnstiles every request passes.
#[derive(Debug)]
pub(super) struct Limits {
    all: Arc<Semaphore>,
    per_host: usize,
    /// Only hosts that somebody is asking or waits to ask, or that are at rest.
    hosts: Mutex<HashMap<String, Arc<Host>>>,
}

#[derive(Debug)]
struct Host {
    turns: Arc<Semaphore>,
    /// Until when it wants to be left alone, as learnt while others waited.
    closed_until: Mutex<Closed>,
}

/// For whom a turn is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Crowd {
    /// Feeds and what belongs to them. What one of them is told goes for everybody.
    Feeds,
    /// Articles' pages, and hubs. Nobody misses anything if they are not asked, so what they are told does not go for feeds.
    Others,
}

/// Until when a host is closed.
#[derive(Debug, Default)]
struct Closed {
    to_all: Option<Instant>,
    to_others: Option<Instant>,
}

/// The right to make one request; dropped, the next in line has it. Dropped in this order: a host is forgotten last.
#[derive(Debug)]
pub(super) struct Permit {
    crowd: Crowd,
    all: Option<OwnedSemaphorePermit>,
    turn: Option<OwnedSemaphorePermit>,
    place: Place,
}

impl Limits {
    pub(super) fn new(all: usize, per_host: usize) -> Self {
        Self { all: Arc::new(Semaphore::new(all.max(1))), per_host: per_host.max(1), hosts: Mutex::default() }
    }

    /// Waits for a turn. The host's turn comes first, so that a queue before one host blocks nobody else.
    pub(super) async fn wait(self: &Arc<Self>, host: &str, crowd: Crowd) -> Permit {
        let place = self.join(host);
        let turn = Arc::clone(&place.host.turns).acquire_owned().await.ok();
        Permit { crowd, all: Arc::clone(&self.all).acquire_owned().await.ok(), turn, place }
    }

    /// Sends away everybody who waits for a turn, and whoever will.
    pub(super) fn close(&self) {
        self.all.close();
        self.hosts().values().for_each(|host| host.turns.close());
    }

    fn join(self: &Arc<Self>, name: &str) -> Place {
        let new = || Arc::new(Host { turns: Arc::new(Semaphore::new(self.per_host)), closed_until: Mutex::default() });
        let host = Arc::clone(self.hosts().entry(name.to_owned()).or_insert_with(new));
        Place { limits: Arc::clone(self), name: name.to_owned(), host }
    }

    fn hosts(&self) -> MutexGuard<'_, HashMap<String, Arc<Host>>> {
        lock(&self.hosts)
    }
}

impl Permit {
    /// Whether there are no turns any more.
    pub(super) fn is_void(&self) -> bool {
        self.all.is_none() || self.turn.is_none()
    }

    /// For how long the host, as others were told while we waited, still wants to be left alone.
    pub(super) fn closed_for(&self) -> Option<Duration> {
        let closed = lock(&self.place.host.closed_until);
        let until = if self.crowd == Crowd::Feeds { closed.to_all } else { closed.to_all.max(closed.to_others) };
        until.map(|until| until.saturating_duration_since(Instant::now())).filter(|left| !left.is_zero())
    }

    /// Tells whoever waits for the host, if it goes for them, that it wants to be left alone.
    pub(super) fn close(&self, pause: Duration) {
        let mut closed = lock(&self.place.host.closed_until);
        let until = if self.crowd == Crowd::Feeds { &mut closed.to_all } else { &mut closed.to_others };
        *until = Instant::now().checked_add(pause);
    }

    /// Gives the turn back, the host's own only after it has had as long a rest as the request took: whoever answers slowly is
    /// asked slowly, and is never busy with us for more than half of the time. Where several requests at once are allowed, no rest
    /// is asked for.
    pub(super) fn give_back(self, took: Duration) {
        let Self { all, turn, place, .. } = self;
        drop(all);
        if took >= NO_REST && place.limits.per_host == 1 {
            tokio::spawn(async move {
                tokio::time::sleep(took.min(LONGEST_REST)).await;
                drop(turn);
                drop(place);
            });
        }
    }
}

/// A place in the queue before one host, also while being served.
#[derive(Debug)]
struct Place {
    limits: Arc<Limits>,
    name: String,
    host: Arc<Host>,
}

impl Drop for Place {
    fn drop(&mut self) {
        /// One reference in the map, one here: nobody else waits.
        const LAST: usize = 2;
        let mut hosts = self.limits.hosts();
        if Arc::strong_count(&self.host) <= LAST {
            hosts.remove(&self.name);
        }
    }
}

fn lock<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Waker};

    use super::*;

    fn limits(all: usize, per_host: usize) -> Arc<Limits> {
        Arc::new(Limits::new(all, per_host))
    }

    fn is_ready<F: Future>(future: std::pin::Pin<&mut F>) -> bool {
        future.poll(&mut Context::from_waker(Waker::noop())).is_ready()
    }

    #[tokio::test]
    async fn one_host_is_asked_once_at_a_time_while_others_go_on() {
        let limits = limits(10, 1);
        let first = limits.wait("a.example", Crowd::Feeds).await;
        let mut second = pin!(limits.wait("a.example", Crowd::Feeds));
        assert!(!is_ready(second.as_mut()));
        let _other = limits.wait("b.example", Crowd::Feeds).await;
        drop(first);
        assert!(is_ready(second.as_mut()));
    }

    #[tokio::test]
    async fn all_hosts_together_are_bounded() {
        let limits = limits(2, 5);
        let first = limits.wait("a.example", Crowd::Feeds).await;
        let _second = limits.wait("b.example", Crowd::Feeds).await;
        let mut third = pin!(limits.wait("c.example", Crowd::Feeds));
        assert!(!is_ready(third.as_mut()));
        drop(first);
        assert!(is_ready(third.as_mut()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_rests_for_as_long_as_it_took_to_answer_and_holds_up_nobody_else() {
        let limits = limits(1, 1);
        for (took, rest) in [(5, 0), (300, 300), (60_000, 1_000)] {
            limits.wait("a.example", Crowd::Feeds).await.give_back(Duration::from_millis(took));
            let started = Instant::now();
            drop(limits.wait("b.example", Crowd::Feeds).await);
            assert_eq!(started.elapsed(), Duration::ZERO);
            drop(limits.wait("a.example", Crowd::Feeds).await);
            assert!(started.elapsed().abs_diff(Duration::from_millis(rest)) <= Duration::from_millis(2), "{took} {rest}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_for_a_host_learns_that_it_is_closed() {
        let limits = limits(9, 1);
        let first = limits.wait("a.example", Crowd::Feeds).await;
        let mut second = pin!(limits.wait("a.example", Crowd::Feeds));
        assert!(!is_ready(second.as_mut()));
        first.close(Duration::from_secs(120));
        drop(first);
        let second = second.await;
        assert_eq!(second.closed_for(), Some(Duration::from_secs(120)));
        tokio::time::advance(Duration::from_secs(121)).await;
        assert_eq!(second.closed_for(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn what_a_page_or_a_hub_is_told_goes_for_its_like_and_not_for_feeds() {
        let limits = limits(9, 3);
        let (feed, page) = (limits.wait("a.example", Crowd::Feeds).await, limits.wait("a.example", Crowd::Others).await);
        page.close(Duration::from_secs(600));
        assert_eq!((feed.closed_for(), page.closed_for()), (None, Some(Duration::from_secs(600))));
        feed.close(Duration::from_secs(900));
        assert_eq!((feed.closed_for(), page.closed_for()), (Some(Duration::from_secs(900)), Some(Duration::from_secs(900))));
    }

    #[tokio::test]
    async fn once_closed_nobody_has_a_turn_but_those_who_have_one() {
        let limits = limits(9, 1);
        let first = limits.wait("a.example", Crowd::Feeds).await;
        let mut second = pin!(limits.wait("a.example", Crowd::Feeds));
        assert!(!is_ready(second.as_mut()));
        limits.close();
        assert!(!first.is_void() && second.await.is_void() && limits.wait("b.example", Crowd::Feeds).await.is_void());
    }

    #[tokio::test]
    async fn hosts_nobody_asks_are_forgotten_even_when_a_wait_is_given_up() {
        let limits = limits(1, 1);
        let first = limits.wait("a.example", Crowd::Feeds).await;
        {
            let mut second = pin!(limits.wait("a.example", Crowd::Feeds));
            let mut third = pin!(limits.wait("b.example", Crowd::Feeds));
            assert!(!is_ready(second.as_mut()) && !is_ready(third.as_mut()));
        }
        assert_eq!(limits.hosts().len(), 1);
        drop(first);
        assert_eq!(limits.hosts().len(), 0);
    }
}
