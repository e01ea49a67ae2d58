//! Alerts by webhook, against a receiver that stumbles.

use wirewatch::config::{Channel, Secret, Webhook};
use wirewatch::delivery::{Signer, channel};
use wirewatch::model::{Alert, AlertKind};

use super::{Desk, State, alert, delivered, failed, retried, web};
use crate::support::{Call, Hook, Reply};

const SECRETS: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

fn webhook(hook: &Hook) -> Channel {
    Channel::Webhook(Webhook { url: hook.url(), secret: Some(Secret::new(SECRETS)), allow_networks: vec![] })
}

fn desk(hook: &Hook) -> Desk {
    let desk = Desk::for_receivers([("ops", webhook(hook))]);
    desk.tell("ops", alert("Trump and Xi speak"));
    desk
}

fn expected_signature(call: &Call) -> String {
    let timestamp = call.header("webhook-timestamp").parse().unwrap();
    Signer::parse(&Secret::new(SECRETS)).unwrap().sign(call.header("webhook-id"), timestamp, &call.body)
}

#[tokio::test]
async fn a_webhook_is_signed_with_every_secret_and_carries_the_alert() {
    let hook = Hook::start().await;
    let desk = desk(&hook);
    assert_eq!(desk.drain().await, delivered());
    let call = hook.wait_for(1).await.remove(0);
    assert_eq!(call.header("webhook-signature"), expected_signature(&call));
    assert_eq!(call.header("webhook-signature").split(' ').count(), 2);
    assert_eq!(call.header("webhook-timestamp"), desk.now().as_second().to_string());
    assert_eq!(call.header("content-type"), "application/json");
    let body = call.json();
    assert_eq!((&body["type"], &body["timestamp"]), (&"alert.new".into(), &"2025-06-05T14:03:10Z".into()));
    assert_eq!(body["data"]["rule"], "leader-call");
    assert_eq!(body["data"]["articles"][0]["title"], "Trump and Xi speak");
}

#[tokio::test]
async fn an_update_says_so() {
    let hook = Hook::start().await;
    let desk = Desk::for_receivers([("ops", webhook(&hook))]);
    desk.tell("ops", Alert { kind: AlertKind::Update, ..alert("Readout of the call") });
    desk.drain().await;
    assert_eq!(hook.wait_for(1).await[0].json()["type"], "alert.update");
}

#[tokio::test]
async fn a_retry_has_the_same_identity_and_a_fresh_signature() {
    let hook = Hook::start().await;
    hook.answer_next([Reply::Status(500), Reply::Status(404)]);
    let desk = desk(&hook);
    assert_eq!(desk.drain().await, retried());
    desk.wait(6);
    assert_eq!(desk.drain().await, retried());
    desk.wait(12);
    assert_eq!(desk.drain().await, delivered());
    let calls = hook.wait_for(3).await;
    for call in &calls {
        assert_eq!(call.header("webhook-id"), "msg_a1b2_ops");
        assert_eq!(call.body, calls[0].body);
        assert_eq!(call.header("webhook-signature"), expected_signature(call));
    }
    let timestamps: Vec<i64> = calls.iter().map(|call| call.header("webhook-timestamp").parse().unwrap()).collect();
    assert_eq!((timestamps[1] - timestamps[0], timestamps[2] - timestamps[1]), (6, 12));
}

#[tokio::test]
async fn nothing_but_success_is_success() {
    for status in [300, 304, 400, 401, 404, 408, 409, 413, 422, 425, 429, 500, 502, 503, 504] {
        let hook = Hook::start().await;
        hook.answer_next([Reply::Status(status)]);
        let desk = desk(&hook);
        assert_eq!(desk.drain().await, retried(), "{status}");
        assert!(desk.outbox.error(0).starts_with(&status.to_string()), "{}", desk.outbox.error(0));
    }
    for status in [200, 201, 202, 204] {
        let hook = Hook::start().await;
        hook.answer_next([Reply::Status(status)]);
        assert_eq!(desk(&hook).drain().await, delivered(), "{status}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let hook = Hook::start().await;
    hook.answer_next([Reply::With(307, "location", "/elsewhere")]);
    assert_eq!(desk(&hook).drain().await, retried());
    assert_eq!(hook.calls().len(), 1);
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_not_asked_again() {
    let hook = Hook::start().await;
    hook.answer_next([Reply::Status(410)]);
    let desk = desk(&hook);
    assert_eq!(desk.drain().await, failed());
    assert_eq!(desk.outbox.error(0), "410 Gone");
}

#[tokio::test]
async fn an_overloaded_receiver_is_left_alone_for_as_long_as_it_asks() {
    let hook = Hook::start().await;
    hook.answer_next([Reply::With(429, "retry-after", "120")]);
    let desk = desk(&hook);
    assert_eq!(desk.drain().await, retried());
    assert_eq!(desk.state(), State::Waiting { due: desk.now() + std::time::Duration::from_secs(120) });
}

#[tokio::test]
async fn a_receiver_that_hangs_delays_no_other() {
    let (silent, willing) = (Hook::start().await, Hook::start().await);
    silent.answer_next([Reply::Silence]);
    let desk = Desk::for_receivers([("silent", webhook(&silent)), ("willing", webhook(&willing))]);
    desk.tell("silent", alert("Trump and Xi speak"));
    desk.tell("willing", alert("Trump and Xi speak"));
    let both_called = async { tokio::join!(silent.wait_for(1), willing.wait_for(1)) };
    tokio::select! {
        drained = desk.drain() => panic!("silence is no answer: {drained:?}"),
        _ = both_called => {}
    }
}

#[tokio::test]
async fn a_receiver_that_is_not_there_is_tried_again_and_its_address_stays_secret() {
    let hook = Hook::start().await;
    let mut url = hook.url();
    url.set_port(Some(1)).unwrap();
    let desk = Desk::for_receivers([("ops", Channel::Webhook(Webhook { url, secret: None, allow_networks: vec![] }))]);
    desk.tell("ops", alert("Trump and Xi speak"));
    assert_eq!(desk.drain().await, retried());
    let error = desk.outbox.error(0);
    assert!(error.contains("refused") && !error.contains("s3cret"), "{error}");
}

#[tokio::test]
async fn an_address_that_is_off_limits_is_never_asked() {
    let url = "http://10.0.0.1/hook".parse().unwrap();
    let desk = Desk::for_receivers([("ops", Channel::Webhook(Webhook { url, secret: None, allow_networks: vec![] }))]);
    desk.tell("ops", alert("Trump and Xi speak"));
    assert_eq!(desk.drain().await, retried());
    assert_eq!(desk.outbox.error(0), "off limits");
}

#[test]
fn a_secret_that_is_none_is_found_before_anything_is_sent() {
    crate::support::enable_tls();
    let url = "https://hooks.example.org/".parse().unwrap();
    let webhook = Channel::Webhook(Webhook { url, secret: Some(Secret::new("hunter2")), allow_networks: vec![] });
    assert_eq!(channel(&webhook, &web()).err().unwrap(), "a webhook secret starts with `whsec_`");
}
