//! The worker: who is tried when, and what it leaves behind.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use wirewatch::config::Retry;
use wirewatch::delivery::{Channel, Couriers, Drained, Receipt, Refusal};
use wirewatch::model::{Delivery, Settlement};

use super::{Desk, State, alert, failed, retried};

const GRACE: Duration = Duration::from_secs(10);

/// A receiver that takes everything, and counts.
#[derive(Clone, Default)]
struct Willing(Arc<AtomicUsize>);

/// A receiver that never answers.
struct Silent;

/// A receiver whose channel has a bug.
struct Crashing;

/// A receiver that is never ready.
struct Unwilling;

#[async_trait]
impl Channel for Willing {
    async fn send(&self, _: &Delivery, _: Timestamp) -> Result<Receipt, Refusal> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Ok(Receipt { words: "thanks".into() })
    }
}

#[async_trait]
impl Channel for Silent {
    async fn send(&self, _: &Delivery, _: Timestamp) -> Result<Receipt, Refusal> {
        std::future::pending().await
    }
}

#[async_trait]
impl Channel for Crashing {
    async fn send(&self, _: &Delivery, _: Timestamp) -> Result<Receipt, Refusal> {
        panic!("a bug")
    }
}

#[async_trait]
impl Channel for Unwilling {
    async fn send(&self, _: &Delivery, _: Timestamp) -> Result<Receipt, Refusal> {
        Err(Refusal::transient("not now"))
    }
}

fn desk(channels: Vec<(&str, Box<dyn Channel>)>) -> Desk {
    let mut couriers = Couriers::default();
    for (name, channel) in channels {
        couriers.add(name, channel, Retry::Standard);
    }
    Desk::with(couriers)
}

/// Runs the desk's worker while something else happens, then stops it. Returns how many deliveries it abandoned.
async fn while_running(desk: &Desk, wake: &Arc<Notify>, meanwhile: impl Future<Output = ()>) -> usize {
    let stop = CancellationToken::new();
    let (worker, its_wake, its_stop) = (Arc::clone(&desk.worker), Arc::clone(wake), stop.clone());
    let running = tokio::spawn(async move { worker.run(&its_wake, &its_stop, GRACE).await });
    meanwhile.await;
    stop.cancel();
    running.await.unwrap().len()
}

async fn settled(desk: &Desk) {
    while !desk.outbox.states().iter().any(|state| matches!(state, State::Settled(_))) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_receiver_that_is_no_longer_configured_fails_visibly() {
    let desk = desk(Vec::new());
    desk.tell("old", alert("Trump and Xi speak"));
    assert_eq!(desk.drain().await, failed());
    assert_eq!(desk.outbox.error(0), "receiver `old` is no longer configured");
}

#[tokio::test(start_paused = true)]
async fn a_receiver_that_hangs_delays_no_other() {
    let willing = Willing::default();
    let desk = desk(vec![("silent", Box::new(Silent)), ("willing", Box::new(willing.clone()))]);
    for _ in 0..100 {
        desk.tell("silent", alert("Trump and Xi speak"));
    }
    desk.wait(1);
    for _ in 0..10 {
        desk.tell("willing", alert("Trump and Xi speak"));
    }
    let began = tokio::time::Instant::now();
    let all_told = async {
        while willing.0.load(Ordering::SeqCst) < 10 {
            tokio::task::yield_now().await;
        }
        assert!(began.elapsed() < Duration::from_secs(1));
    };
    let abandoned = while_running(&desk, &Arc::default(), all_told).await;
    assert!((1..100).contains(&abandoned), "{abandoned}");
    let claimed = desk.outbox.states().iter().filter(|state| matches!(state, State::Claimed { .. })).count();
    assert_eq!(claimed, abandoned, "what was not tried is not claimed");
}

#[tokio::test(start_paused = true)]
async fn a_try_that_never_ends_is_ended() {
    let desk = desk(vec![("silent", Box::new(Silent))]);
    desk.tell("silent", alert("Trump and Xi speak"));
    assert_eq!(desk.drain().await, retried());
    assert_eq!(desk.outbox.error(0), "no answer within 60 s");
}

#[tokio::test]
async fn a_crash_in_one_send_is_that_delivery_s_failed_try() {
    let willing = Willing::default();
    let desk = desk(vec![("crashing", Box::new(Crashing)), ("willing", Box::new(willing))]);
    desk.tell("crashing", alert("Trump and Xi speak"));
    desk.tell("willing", alert("Trump and Xi speak"));
    assert_eq!(desk.drain().await, Drained { delivered: 1, retried: 1, failed: 0 });
    assert!(desk.outbox.error(0).contains("crashed"), "{}", desk.outbox.error(0));
}

#[tokio::test]
async fn after_the_last_try_a_delivery_is_kept_as_failed_with_the_last_words() {
    let desk = desk(vec![("unwilling", Box::new(Unwilling))]);
    desk.tell("unwilling", alert("Trump and Xi speak"));
    for _ in 1..10 {
        assert_eq!(desk.drain().await, retried());
        desk.wait(30 * 3_600);
    }
    assert_eq!(desk.drain().await, failed());
    assert_eq!(desk.state(), State::Settled(Settlement::Failed { error: "not now".into() }));
}

#[tokio::test(start_paused = true)]
async fn a_new_alert_is_delivered_as_soon_as_the_worker_is_woken() {
    let desk = desk(vec![("willing", Box::new(Willing::default()))]);
    let wake = Arc::new(Notify::new());
    let began = tokio::time::Instant::now();
    let alerting = async {
        tokio::task::yield_now().await;
        desk.tell("willing", alert("Trump and Xi speak"));
        wake.notify_one();
        settled(&desk).await;
        assert!(began.elapsed() < Duration::from_secs(1));
    };
    assert_eq!(while_running(&desk, &wake, alerting).await, 0);
}

#[tokio::test(start_paused = true)]
async fn a_state_that_cannot_be_written_is_written_later_and_nothing_is_sent_twice() {
    let willing = Willing::default();
    let desk = desk(vec![("willing", Box::new(willing.clone()))]);
    desk.tell("willing", alert("Trump and Xi speak"));
    desk.outbox.set_broken(true);
    let mending = async {
        tokio::time::advance(Duration::from_secs(60)).await;
        desk.wait(3_600);
        tokio::time::advance(Duration::from_secs(60)).await;
        desk.outbox.set_broken(false);
        tokio::time::advance(Duration::from_secs(60)).await;
        settled(&desk).await;
    };
    assert_eq!(while_running(&desk, &Arc::default(), mending).await, 0);
    assert_eq!(willing.0.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_jumps_past_a_lease_sends_nothing_twice() {
    let desk = desk(vec![("silent", Box::new(Silent))]);
    desk.tell("silent", alert("Trump and Xi speak"));
    let jump = async {
        tokio::time::sleep(Duration::from_secs(20)).await;
        desk.wait(3_600);
        tokio::time::sleep(Duration::from_secs(20)).await;
    };
    assert_eq!(while_running(&desk, &Arc::default(), jump).await, 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_in_the_air_when_stopping_may_land() {
    let desk = desk(vec![("willing", Box::new(Willing::default()))]);
    desk.tell("willing", alert("Trump and Xi speak"));
    let nothing = async { tokio::task::yield_now().await };
    assert_eq!(while_running(&desk, &Arc::default(), nothing).await, 0);
    assert_eq!(desk.state(), State::Settled(Settlement::Delivered));
}
