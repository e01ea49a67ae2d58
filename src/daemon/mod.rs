//! Starts, wires, waits, stops. Everything that runs for long runs from here.

mod allowance;
mod archive;
mod habits;
mod hubs;
mod ingest;
mod line;
mod newness;
mod notices;
mod pages;
mod patience;
mod poll;
mod pushed;
mod setup;
mod stages;
mod systemd;
mod tally;

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use jiff::Timestamp;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{error, info};

pub use self::setup::{Setup, counts};

use self::ingest::Ingest;
use self::line::Line;
use self::patience::Patience;
use self::stages::{Shared, Stages, poll};
pub use self::tally::Counts;
use self::tally::Tally;
use crate::config::{Config, Diagnostics};
use crate::delivery::{Drained, Worker};
use crate::metrics::Metrics;
use crate::schedule::{Clock, Until};
use crate::server::Listening;
use crate::store::{SqliteStore, Store, StoreError};

/// Works until SIGTERM or SIGINT. SIGHUP takes over the configuration at `path` anew, if it can be used.
///
/// # Errors
/// If the state cannot be opened or the address of `[server]` not be had, or a part of the daemon ends by itself.
pub async fn run(path: &Path, setup: Setup) -> anyhow::Result<()> {
    let mut signals = Signals::listen()?;
    let metrics = Arc::new(Metrics::new(Timestamp::now()));
    let listening = Listening::open(setup.config.server.as_ref())?;
    let mut shared = Shared { store: open(&setup.config)?, metrics, listening };
    let mut setup = Arc::new(setup);
    // a receiver that is slow to take a delivery must not keep a reload from going on
    let mut ending = JoinSet::new();
    loop {
        let mut stages = Stages::start(Arc::clone(&setup), &shared).await?;
        announce(&setup.config, &shared);
        let renewed = attend(path, &setup, &shared, &mut signals, &mut stages).await?;
        stages.stop_polling().await;
        ending.spawn(stages.stop_delivering());
        match renewed {
            Some((renewed, listening)) => {
                setup = Arc::new(renewed);
                shared.listening = listening;
            }
            None => {
                ending.join_all().await;
                return Ok(());
            }
        }
    }
}

/// Waits for something that ends these stages: a usable new configuration, or the end.
async fn attend(
    path: &Path,
    setup: &Setup,
    shared: &Shared,
    signals: &mut Signals,
    stages: &mut Stages,
) -> anyhow::Result<Option<Renewed>> {
    loop {
        tokio::select! {
            failure = stages.failed() => return Err(failure),
            () = keep_the_watchdog_calm(shared.store.as_ref()) => {}
            signal = signals.next() => match signal {
                Told::Stop => {
                    info!("stopping");
                    systemd::stopping();
                    return Ok(None);
                }
                Told::Reload => {
                    systemd::reloading();
                    let renewed = reload(path, setup, shared);
                    shared.metrics.reload(renewed.is_some(), Timestamp::now());
                    match renewed {
                        Some(renewed) => return Ok(Some(renewed)),
                        None => announce(&setup.config, shared),
                    }
                }
            },
        }
    }
}

/// A configuration that can be used, with the socket it asks for.
type Renewed = (Setup, Option<Arc<Listening>>);

/// The configuration anew, or nothing, with the reasons said, if it cannot be used.
fn reload(path: &Path, setup: &Setup, shared: &Shared) -> Option<Renewed> {
    let mut diagnostics = Diagnostics::default();
    let Some(renewed) = Setup::load(path, &mut diagnostics) else {
        error!("the configuration cannot be used and the one before stays in force:\n{}", diagnostics.render(false));
        return None;
    };
    if renewed.config.state.sqlite != setup.config.state.sqlite {
        error!("[state] cannot change while the daemon runs: restart it; the configuration before stays in force");
        return None;
    }
    match Listening::renew(shared.listening.as_ref(), renewed.config.server.as_ref()) {
        Ok(listening) => {
            info!("configuration taken over");
            Some((renewed, listening))
        }
        Err(why) => {
            error!("{why:#}; the configuration before stays in force");
            None
        }
    }
}

fn announce(config: &Config, shared: &Shared) {
    let counts: Vec<String> = counts(config).iter().map(|(what, count)| format!("{count} {what}")).collect();
    let counts = counts.join(", ");
    if let Some(listening) = &shared.listening {
        info!("serving on http://{}", listening.address());
    }
    info!("at work: {counts}");
    systemd::ready(&counts);
}

/// Says that the daemon is alive for as long as the state answers; waits for ever where nobody wants to know.
async fn keep_the_watchdog_calm(store: &dyn Store) {
    match systemd::watchdog_period() {
        None => std::future::pending().await,
        Some(period) => {
            tokio::time::sleep(period).await;
            if store.next_feed_due().await.is_ok() {
                systemd::alive();
            }
        }
    }
}

/// What one pass came to.
#[derive(Debug, Clone)]
pub struct Pass {
    polled: Counts,
    delivered: Drained,
}

impl Pass {
    /// Whether every delivery that was tried arrived.
    pub fn all_delivered(&self) -> bool {
        self.delivered.retried + self.delivered.failed == 0
    }
}

impl std::fmt::Display for Pass {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Counts { answered, unchanged, failed, recorded } = &self.polled;
        write!(f, "feeds: {answered} answered, {unchanged} unchanged, {failed} failed; ")?;
        write!(f, "articles: {} new; stories: {} new, {} retold; ", recorded.articles, recorded.alerts, recorded.updates)?;
        let Drained { delivered, retried, failed } = self.delivered;
        write!(f, "deliveries: {delivered} made, {retried} to retry, {failed} failed")
    }
}

/// One pass: every feed is asked, every delivery that is due is tried.
///
/// # Errors
/// If the state cannot be opened or read.
pub async fn run_once(setup: Setup) -> anyhow::Result<Pass> {
    let store = open(&setup.config)?;
    let (setup, stop) = (Arc::new(setup), CancellationToken::new());
    store.adopt_feeds(setup.feed_addresses(), Timestamp::now()).await?;
    store.hasten_feeds(Timestamp::now()).await?;
    let mut signals = Signals::listen()?;
    let stopper = stop.clone();
    let listening = tokio::spawn(async move {
        while signals.next().await == Told::Reload {}
        stopper.cancel();
    });
    let polled = collect(Arc::clone(&setup), Arc::clone(&store), Arc::new(Timestamp::now), stop.clone()).await?;
    let worker = Worker::new(store, Arc::clone(&setup.couriers), Arc::new(Timestamp::now));
    let delivered = if stop.is_cancelled() { Drained::default() } else { worker.drain_once().await? };
    listening.abort();
    Ok(Pass { polled, delivered })
}

/// Visits every feed that is due by the clock, until none is.
///
/// # Errors
/// If the state cannot be read.
pub async fn collect(
    setup: Arc<Setup>,
    store: Arc<dyn Store>,
    clock: Clock,
    stop: CancellationToken,
) -> Result<Counts, StoreError> {
    let tally = Arc::new(Tally::default());
    let ingest = Ingest {
        setup,
        store,
        clock,
        alerts_written: Arc::new(Notify::new()),
        patience: Patience::default(),
        line: Line::default(),
        tally: Arc::clone(&tally),
        stop: stop.clone(),
        hubs: None,
    };
    poll(Arc::new(ingest), Until::NothingDue, stop).await?;
    Ok(tally.counts())
}

fn open(config: &Config) -> anyhow::Result<Arc<dyn Store>> {
    let path = &config.state.sqlite;
    let store = SqliteStore::open(path).with_context(|| format!("cannot open the state {}", path.display()))?;
    Ok(Arc::new(store))
}

/// What the system tells the daemon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Stop,
    Reload,
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> Told {
        tokio::select! {
            _ = self.terminate.recv() => Told::Stop,
            _ = self.interrupt.recv() => Told::Stop,
            _ = self.hang_up.recv() => Told::Reload,
        }
    }
}
