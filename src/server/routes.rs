//! What stands at which path.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::time::timeout;
use tracing::error;

use super::access::CHALLENGES;
use super::callback::{self, Callbacks};
use super::{Desk, REQUEST_TIME};
use crate::metrics;
use crate::store::StoreError;

/// How long the state may take to answer before it is out of reach.
const STATE_TIME: Duration = Duration::from_secs(5);

type Asked = State<Arc<Desk>>;

/// All paths. Whether the daemon is well may be known to everybody who can ask; the rest is for those who have access.
pub(super) fn router(desk: Arc<Desk>) -> Router {
    let guarded = Router::new()
        .route("/metrics", get(metrics))
        .fallback(nothing_here)
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn_with_state(Arc::clone(&desk), admit));
    hubs(&desk)
        .route("/healthz", get(alive))
        .route("/readyz", get(ready))
        .method_not_allowed_fallback(wrong_method)
        .fallback_service(guarded.with_state(Arc::clone(&desk)))
        .layer(middleware::from_fn(in_time))
        .with_state(desk)
}

/// Where hubs come to.
fn hubs(desk: &Desk) -> Router<Arc<Desk>> {
    let Some(subscriber) = &desk.subscriber else { return Router::new() };
    let callbacks = Callbacks::new(Arc::clone(subscriber), desk.max_body);
    Router::new().route("/websub/{callback}", get(callback::asked).post(callback::sent)).with_state(callbacks)
}

/// The process answers, and that is all there is to say.
async fn alive() -> &'static str {
    "alive\n"
}

/// Whether the state answers and polling is on time.
async fn ready(State(desk): Asked) -> Result<&'static str, (StatusCode, String)> {
    let not_ready = |why: String| (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {why}\n"));
    let due = of_the_state(desk.store.next_feed_due()).await.map_err(not_ready)?;
    match desk.punctuality.late(due, (desk.clock)()) {
        Some(late) => Err(not_ready(format!("polling is behind its schedule by {} seconds", late.as_secs()))),
        None => Ok("ready\n"),
    }
}

async fn metrics(State(desk): Asked) -> Result<impl IntoResponse, (StatusCode, String)> {
    let unavailable = |why: String| (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n"));
    let standing = of_the_state(desk.store.standing((desk.clock)())).await.map_err(unavailable)?;
    let text = desk.metrics.render(standing).map_err(|why| unavailable(why.to_string()))?;
    Ok(([(header::CONTENT_TYPE, metrics::CONTENT_TYPE)], text))
}

/// The state's answer, if it comes in time. What is wrong with it is for the log; who asks need only know that something is.
async fn of_the_state<T>(answer: impl Future<Output = Result<T, StoreError>>) -> Result<T, String> {
    match timeout(STATE_TIME, answer).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(why)) => {
            error!(error = %why, "the state could not be asked");
            Err("the state cannot be read".to_owned())
        }
        Err(_) => Err(format!("the state has not answered within {} seconds", STATE_TIME.as_secs())),
    }
}

async fn nothing_here() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "there is nothing here; try /healthz, /readyz or /metrics\n")
}

async fn wrong_method() -> (StatusCode, &'static str) {
    (StatusCode::METHOD_NOT_ALLOWED, "this can only be read: ask with GET or HEAD\n")
}

/// Lets those in who may ask.
async fn admit(State(desk): Asked, request: Request, next: Next) -> Response {
    match desk.access.check(request.headers()) {
        Ok(()) => next.run(request).await,
        Err((status, words)) => (status, challenges(status), words).into_response(),
    }
}

fn challenges(status: StatusCode) -> HeaderMap {
    let wanted = CHALLENGES.iter().filter(|_| status == StatusCode::UNAUTHORIZED);
    wanted.map(|challenge| (header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge))).collect()
}

/// Answers in bounded time, and as what it is: never to be kept, nor to be taken for another kind of document.
async fn in_time(request: Request, next: Next) -> Response {
    let too_slow = (StatusCode::SERVICE_UNAVAILABLE, "this takes too long; try again\n");
    let mut response = timeout(REQUEST_TIME, next.run(request)).await.unwrap_or_else(|_| too_slow.into_response());
    let fields = [(header::CACHE_CONTROL, "no-store"), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
    response.headers_mut().extend(fields.map(|(name, value)| (name, HeaderValue::from_static(value))));
    response
}
