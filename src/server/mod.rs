//! What the daemon serves over HTTP: whether it is alive, whether it is ready, and what it has counted.
//!
//! Whoever asks is hostile until shown otherwise: requests are bounded in size and time, connections in number and age, and nothing
//! is answered to those who do not show the token but whether the daemon is well.

mod access;
mod callback;
mod connection;
mod listening;
mod readiness;
mod routes;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

pub use self::access::Access;
pub use self::callback::{Content, Subscriber};
pub use self::listening::Listening;
pub use self::readiness::{LATE, Punctuality};

use crate::metrics::Metrics;
use crate::store::Store;

/// Connections open at once; further ones wait to be accepted.
const MAX_CONNECTIONS: usize = 64;
/// How long a client may take to send a request's head, and how long a connection may be idle.
pub const HEAD_TIME: Duration = Duration::from_secs(10);
/// The longest a request may take to be answered.
pub const REQUEST_TIME: Duration = Duration::from_secs(15);
/// How long a connection is kept, busy or not: nobody holds a place for longer by reading or writing slowly.
pub const CONNECTION_TIME: Duration = Duration::from_secs(120);
/// How long what is under way at the end may take.
const GRACE: Duration = Duration::from_secs(5);
/// The largest head of a request, in bytes.
const MAX_HEAD: usize = 16 * 1024;

/// What answers are made of.
pub struct Desk {
    /// What was counted.
    pub metrics: Arc<Metrics>,
    /// The state.
    pub store: Arc<dyn Store>,
    /// Who may ask.
    pub access: Access,
    /// Who takes what hubs send, where they can reach us.
    pub subscriber: Option<Arc<dyn Subscriber>>,
    /// The largest body taken, in bytes.
    pub max_body: u64,
    /// What counts as late.
    pub punctuality: Punctuality,
    /// What the time is.
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

/// Answers whoever asks until told to stop, and then for as long as answers under way take, within bounds.
pub async fn serve(listening: Arc<Listening>, desk: Arc<Desk>, stop: CancellationToken) {
    connection::accept_all(&listening, &routes::router(desk), &stop).await;
}
