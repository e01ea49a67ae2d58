//! A webhook receiver.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use url::Url;

use super::{Record, serve};

/// One request.
#[derive(Clone)]
pub struct Call {
    headers: HeaderMap,
    /// What was posted.
    pub body: Bytes,
}

impl Call {
    /// A header field, which must be there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no {name}")).to_str().unwrap()
    }

    /// What was posted, as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// How a request is answered.
#[derive(Clone, Copy)]
pub enum Reply {
    /// With this status.
    Status(u16),
    /// With this status and a header field.
    With(u16, &'static str, &'static str),
    /// Never.
    Silence,
}

/// A server that takes webhooks: 204 for everybody unless told otherwise.
pub struct Hook {
    address: SocketAddr,
    calls: Arc<Record<Call>>,
    script: Arc<Mutex<VecDeque<Reply>>>,
}

impl Hook {
    /// Starts one.
    pub async fn start() -> Self {
        let calls = Arc::new(Record::new());
        let script = Arc::new(Mutex::new(VecDeque::new()));
        let (its_calls, its_script) = (Arc::clone(&calls), Arc::clone(&script));
        let router = Router::new().fallback(move |headers, body| {
            its_calls.add(Call { headers, body });
            answer(its_script.lock().unwrap().pop_front().unwrap_or(Reply::Status(204)))
        });
        Self { address: serve(router).await, calls, script }
    }

    /// Where to post.
    pub fn url(&self) -> Url {
        format!("http://{}/hook?key=s3cret", self.address).parse().unwrap()
    }

    /// Answers the next requests like this, one each.
    pub fn answer_next(&self, replies: impl IntoIterator<Item = Reply>) {
        self.script.lock().unwrap().extend(replies);
    }

    /// The requests so far.
    pub fn calls(&self) -> Vec<Call> {
        self.calls.all()
    }

    /// The requests, once there are so many.
    pub async fn wait_for(&self, count: usize) -> Vec<Call> {
        self.calls.wait_for(count).await
    }
}

async fn answer(reply: Reply) -> Response {
    let status = |status| StatusCode::from_u16(status).unwrap();
    match reply {
        Reply::Status(code) => status(code).into_response(),
        Reply::With(code, name, value) => (status(code), [(name, value)]).into_response(),
        Reply::Silence => std::future::pending().await,
    }
}
