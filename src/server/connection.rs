//! Connections: taken while there is room, and each let go of in bounded time, whatever the client does.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use super::{CONNECTION_TIME, GRACE, HEAD_TIME, Listening, MAX_CONNECTIONS, MAX_HEAD};

/// The pause after no connection could be accepted: files may have run out, and somebody else will give some back.
const PAUSE: Duration = Duration::from_millis(500);
/// How long a client that has just connected may take to ask when everything is ending.
const FIRST_WORD: Duration = Duration::from_secs(1);

pub(super) async fn accept_all(listening: &Listening, router: &Router, stop: &CancellationToken) {
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        let (place, stream) = tokio::select! {
            () = stop.cancelled() => break,
            Some(accepted) = accept(listening, &places) => accepted,
            else => break,
        };
        let (router, stop) = (router.clone(), stop.clone());
        connections.spawn(async move {
            attend(stream, router, &stop).await;
            drop(place);
        });
        while connections.try_join_next().is_some() {}
    }
    while connections.join_next().await.is_some() {}
}

/// The next connection, once there is room for it.
async fn accept(listening: &Listening, places: &Arc<Semaphore>) -> Option<(OwnedSemaphorePermit, TcpStream)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    loop {
        match listening.socket.accept().await {
            Ok((stream, _)) => return Some((place, stream)),
            Err(error) => {
                warn!(%error, "a connection could not be accepted");
                sleep(PAUSE).await;
            }
        }
    }
}

/// Answers the requests of one connection until it ends, has grown too old, or everything ends.
async fn attend(stream: TcpStream, router: Router, stop: &CancellationToken) {
    let asked = CancellationToken::new();
    let (answering, has_asked) = (TowerToHyperService::new(router), asked.clone());
    let service = service_fn(move |request| {
        has_asked.cancel();
        answering.call(request)
    });
    let mut protocol = http1::Builder::new();
    protocol.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_buf_size(MAX_HEAD);
    let mut connection = std::pin::pin!(protocol.serve_connection(TokioIo::new(stream), service));
    let ended = tokio::select! {
        ended = connection.as_mut() => Ok(ended),
        () = end(stop, &asked) => {
            connection.as_mut().graceful_shutdown();
            timeout(GRACE, connection).await
        }
    };
    if let Ok(Err(error)) = ended {
        debug!(%error, "a connection ended badly");
    }
}

/// Comes back when a connection is to be ended. Who has only just connected may still ask: it cannot know of the end.
async fn end(stop: &CancellationToken, asked: &CancellationToken) {
    let stopped = async {
        stop.cancelled().await;
        tokio::select! {
            () = asked.cancelled() => {}
            () = sleep(FIRST_WORD) => {}
        }
    };
    tokio::select! {
        () = stopped => {}
        () = sleep(CONNECTION_TIME) => {}
    }
}
