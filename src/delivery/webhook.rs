//! Alerts by HTTP POST, as the Standard Webhooks specification has it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode};
use serde::Serialize;
use url::Url;

use super::message::{ANSWER_CHARACTERS, one_line};
use super::{Channel, Receipt, Refusal, Signer, identity, in_words};
use crate::config;
use crate::model::{Alert, AlertKind, Delivery, Report};

/// The longest one try may take (the specification advises 15 to 30 seconds).
const TIME_LIMIT: Duration = Duration::from_secs(30);
/// The most of an answer that is read, in bytes; its status is all that counts.
const ANSWER_LIMIT: usize = 64 * 1024;

/// How an address is judged before it is asked; the error says why not.
type Check = dyn Fn(&Url) -> Result<(), String> + Send + Sync;

/// The HTTP client that webhooks share, with its guard.
#[derive(Clone)]
pub struct WebClient {
    client: Client,
    check: Arc<Check>,
}

impl WebClient {
    /// `client` must follow no redirects and resolve no names to addresses that are off limits; `check` refuses what a resolver
    /// never sees, such as an address written out.
    pub fn new(client: Client, check: impl Fn(&Url) -> Result<(), String> + Send + Sync + 'static) -> Self {
        Self { client, check: Arc::new(check) }
    }
}

/// One receiver that is reached by HTTP POST.
pub struct Webhook {
    web: WebClient,
    url: Url,
    signer: Option<Signer>,
}

impl Webhook {
    /// Fails where the secret is not one; the error says why.
    pub fn new(webhook: &config::Webhook, web: WebClient) -> Result<Self, String> {
        let signer = webhook.secret.as_ref().map(Signer::parse).transpose()?;
        Ok(Self { web, url: webhook.url.clone(), signer })
    }

    async fn post(&self, delivery: &Delivery, now: Timestamp) -> Result<Response, Refusal> {
        let id = identity::webhook_id(&delivery.alert, &delivery.receiver);
        let timestamp = now.as_second();
        let body = body(delivery).map_err(|error| Refusal::permanent(error.to_string()))?;
        let mut request = self
            .web
            .client
            .post(self.url.clone())
            .timeout(TIME_LIMIT)
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", &id)
            .header("webhook-timestamp", timestamp);
        if let Some(signer) = &self.signer {
            request = request.header("webhook-signature", signer.sign(&id, timestamp, &body));
        }
        // the address may hold a secret, so it stays out of the words
        request.body(body).send().await.map_err(|error| Refusal::transient(in_words(&error.without_url())))
    }
}

#[async_trait]
impl Channel for Webhook {
    async fn send(&self, delivery: &Delivery, now: Timestamp) -> Result<Receipt, Refusal> {
        (self.web.check)(&self.url).map_err(Refusal::transient)?;
        let response = self.post(delivery, now).await?;
        let status = response.status();
        let not_before = wish(status, response.headers(), now);
        let words = format!("{status} {}", opening(response).await).trim_end().to_owned();
        if status.is_success() {
            return Ok(Receipt { words });
        }
        Err(Refusal { permanent: status == StatusCode::GONE, words, not_before })
    }
}

#[derive(Serialize)]
struct Payload<'a> {
    r#type: &'static str,
    timestamp: Timestamp,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    #[serde(flatten)]
    alert: &'a Alert,
    articles: [&'a Report; 1],
}

/// The same bytes at every try.
fn body(delivery: &Delivery) -> serde_json::Result<Vec<u8>> {
    let alert = &delivery.alert;
    let r#type = match alert.kind {
        AlertKind::Alert => "alert.new",
        AlertKind::Update => "alert.update",
    };
    let data = Data { alert, articles: [&alert.report] };
    serde_json::to_vec(&Payload { r#type, timestamp: delivery.created, data })
}

/// When a receiver that is overloaded wants to be asked again (RFC 9110 §10.2.3).
fn wish(status: StatusCode, headers: &HeaderMap, now: Timestamp) -> Option<Timestamp> {
    if !matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
        return None;
    }
    let wish = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    match wish.parse() {
        Ok(seconds) => now.checked_add(Duration::from_secs(seconds)).ok(),
        Err(_) => httpdate::parse_http_date(wish).ok().and_then(|date| date.try_into().ok()),
    }
}

/// The beginning of an answer's body in one line, for people. That it cannot be read changes nothing.
async fn opening(mut response: Response) -> String {
    let mut opening = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        opening.extend_from_slice(&chunk);
        if opening.len() >= ANSWER_LIMIT {
            break;
        }
    }
    one_line(&String::from_utf8_lossy(&opening), ANSWER_CHARACTERS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::message::tests::alert;

    fn now() -> Timestamp {
        "2025-06-05T14:00:00Z".parse().unwrap()
    }

    fn wished(status: u16, retry_after: &str) -> Option<i64> {
        let headers = HeaderMap::from_iter([(RETRY_AFTER, retry_after.parse().unwrap())]);
        let wish = wish(StatusCode::from_u16(status).unwrap(), &headers, now())?;
        Some(wish.duration_since(now()).as_secs())
    }

    #[test]
    fn a_body_is_the_alert_as_it_is_stored_with_its_articles() {
        let delivery = Delivery { id: 1, receiver: "ops".into(), alert: alert("A headline"), attempt: 1, created: now() };
        let body: serde_json::Value = serde_json::from_slice(&body(&delivery).unwrap()).unwrap();
        assert_eq!(body["type"], "alert.new");
        assert_eq!(body["timestamp"], "2025-06-05T14:00:00Z");
        let mut data = body["data"].clone();
        let articles = data.as_object_mut().unwrap().remove("articles").unwrap();
        assert_eq!(data, serde_json::to_value(&delivery.alert).unwrap());
        assert_eq!(articles, serde_json::json!([delivery.alert.report]));
    }

    #[test]
    fn an_overloaded_receiver_may_wish_in_seconds_or_by_date() {
        assert_eq!(wished(429, "120"), Some(120));
        assert_eq!(wished(503, "Thu, 05 Jun 2025 14:10:00 GMT"), Some(600));
    }

    #[test]
    fn a_wish_that_makes_no_sense_is_no_wish() {
        assert_eq!(wished(429, "soon"), None);
        assert_eq!(wished(429, "18446744073709551615"), None);
        assert_eq!(wished(500, "120"), None);
    }
}
