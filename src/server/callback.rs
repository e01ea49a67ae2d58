//! Where hubs come to (WebSub §5.3, §7): addresses that nobody can guess, and which therefore need no token.

use std::sync::Arc;

use async_trait::async_trait;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tracing::error;

use crate::metrics::Push;
use crate::store::StoreError;

/// Bodies held at once: each may be as large as a feed.
const BODIES: usize = 4;
/// What hubs sign with.
const SIGNATURE: &str = "x-hub-signature";

/// What a hub sends.
#[derive(Debug)]
pub struct Content {
    /// The `Content-Type` field.
    pub content_type: Option<String>,
    /// The `X-Hub-Signature` field.
    pub signature: Option<String>,
    /// The body as it came.
    pub body: Vec<u8>,
    /// The room that it takes, to be held for as long as the body is, whether or not anybody waits for the answer.
    pub room: OwnedSemaphorePermit,
}

/// Whoever has subscribed.
#[async_trait]
pub trait Subscriber: Send + Sync {
    /// What to answer a hub that asks whether it was us who subscribed, or tells us that we have not; nothing, if it means nobody.
    async fn answer(&self, callback: &str, query: &str) -> Result<Option<String>, StoreError>;

    /// Whether anybody is to be reached there.
    async fn knows(&self, callback: &str) -> Result<bool, StoreError>;

    /// Takes what a hub sends.
    async fn take(&self, callback: &str, content: Content) -> Result<Push, StoreError>;
}

/// How callbacks are answered.
pub(super) struct Callbacks {
    subscriber: Arc<dyn Subscriber>,
    max_body: u64,
    bodies: Arc<Semaphore>,
}

type Refusal = (StatusCode, &'static str);

impl Callbacks {
    pub(super) fn new(subscriber: Arc<dyn Subscriber>, max_body: u64) -> Arc<Self> {
        Arc::new(Self { subscriber, max_body, bodies: Arc::new(Semaphore::new(BODIES)) })
    }
}

/// A hub asks or tells something.
pub(super) async fn asked(
    State(callbacks): State<Arc<Callbacks>>,
    Path(callback): Path<String>,
    uri: Uri,
) -> Result<String, Refusal> {
    let answer = callbacks.subscriber.answer(&callback, uri.query().unwrap_or_default()).await.map_err(out_of_reach)?;
    answer.ok_or((StatusCode::NOT_FOUND, "nothing like that was asked for\n"))
}

/// A hub sends something. Nothing is read for those whom nobody awaits.
pub(super) async fn sent(
    State(callbacks): State<Arc<Callbacks>>,
    Path(callback): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Refusal> {
    if !callbacks.subscriber.knows(&callback).await.map_err(out_of_reach)? {
        return Err((StatusCode::GONE, "there is no subscription here, or there is none any more\n"));
    }
    if headers.get(header::CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, "send it as it is, without a content coding\n"));
    }
    let busy = (StatusCode::SERVICE_UNAVAILABLE, "busy; try again\n");
    let room = Arc::clone(&callbacks.bodies).acquire_owned().await.map_err(|_| busy)?;
    let limit = usize::try_from(callbacks.max_body).unwrap_or(usize::MAX);
    let body = to_bytes(body, limit).await.map_err(|_| (StatusCode::PAYLOAD_TOO_LARGE, "too large, or cut off\n"))?;
    let field = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let content = Content { content_type: field("content-type"), signature: field(SIGNATURE), body: body.into(), room };
    match callbacks.subscriber.take(&callback, content).await.map_err(out_of_reach)? {
        // nothing that comes again would be signed or readable
        Push::Taken | Push::Unsigned | Push::Unusable => Ok(StatusCode::ACCEPTED),
        Push::Busy => Err(busy),
        Push::TooMany => Err((StatusCode::TOO_MANY_REQUESTS, "too much at once; try again later\n")),
    }
}

fn out_of_reach(why: StoreError) -> Refusal {
    error!(error = %why, "the state could not be asked");
    (StatusCode::SERVICE_UNAVAILABLE, "out of order; try again\n")
}
