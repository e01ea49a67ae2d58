//! Connections that break, in every layer: each is told in words, is never taken for an answer, and is tried again.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Response, header};
use h2::server::SendResponse;
use h2::{Reason, SendStream};
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::support::{Hook, enable_tls};
use crate::tls::{Authority, authority, certified};
use crate::world::{World, rss};

/// Enough for what has been written to leave.
const A_WHILE: Duration = Duration::from_millis(200);

/// What becomes of the first connection to a server; all later ones are as they should be.
enum Slip {
    /// These bytes are said, whatever is asked, and the line is dead, or rudely cut.
    Say { bytes: Vec<u8>, rudely: bool },
    /// Nothing is ever said.
    Silence,
    /// The server shows a certificate of this kind.
    Certificate(Arc<ServerConfig>),
    /// HTTP/2 is spoken, up to here.
    Http2(Break),
}

/// Where an exchange over HTTP/2 breaks (RFC 9113).
#[derive(Clone, Copy)]
enum Break {
    /// The whole connection is given up with GOAWAY before an answer.
    GoAway,
    /// The stream is reset before an answer.
    Reset(Reason),
    /// The stream is reset in the middle of a body.
    ResetInside(Reason),
    /// The line is dead in the middle of a body.
    Dead,
    /// The body ends before the length that it was said to have.
    TooShort,
}

fn say(text: &str, rudely: bool) -> Slip {
    Slip::Say { bytes: text.as_bytes().to_vec(), rudely }
}

/// Every slip, whether it is one under TLS, and the words for it.
fn slips(known: &Authority) -> Vec<(&'static str, bool, Slip, &'static str)> {
    let whole = rss(&[("never", "An embargo that never was", "")]);
    let (half, length) = (&whole[..whole.len() / 2], whole.len());
    let fixed = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{half}");
    let chunk = |size: &str| format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{half}\r\n{size}", half.len());
    let (expired, stranger) = (certified(known, "localhost", 2021), certified(known, "elsewhere.example", 2100));
    let unknown = certified(&authority("unknown"), "localhost", 2100);
    let old_hello: &[u8] = &[0x16, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1];
    let old_hello = [old_hello, &[7; 32], &[0, 0, 0x2f, 0]].concat(); // a ServerHello of TLS 1.0 (RFC 2246 §7.4.1.3)
    vec![
        ("cut", false, say(&fixed, false), "broke off"),
        ("torn", false, say(&fixed, true), "broke off"),
        ("chunk", false, say(&chunk("not a size\r\n"), false), "broke off"),
        ("chunks", false, say(&chunk("20\r\nhalf a chunk"), false), "broke off"),
        ("torn chunk", false, say(&chunk(""), true), "broke off"),
        ("reset", false, say("", true), "broke before"),
        ("goaway", true, Slip::Http2(Break::GoAway), "broke before"),
        ("refused", true, Slip::Http2(Break::Reset(Reason::REFUSED_STREAM)), "broke before"),
        ("stream", true, Slip::Http2(Break::Reset(Reason::INTERNAL_ERROR)), "broke before"),
        ("inside", true, Slip::Http2(Break::ResetInside(Reason::INTERNAL_ERROR)), "broke off"),
        ("cancelled", true, Slip::Http2(Break::ResetInside(Reason::CANCEL)), "broke off"),
        ("kindly", true, Slip::Http2(Break::ResetInside(Reason::NO_ERROR)), "broke off"),
        ("dead", true, Slip::Http2(Break::Dead), "broke off"),
        ("short", true, Slip::Http2(Break::TooShort), "broke off"),
        ("expired", true, Slip::Certificate(expired), "expired"),
        ("stranger", true, Slip::Certificate(stranger), "not valid for name"),
        ("unknown", true, Slip::Certificate(unknown), "UnknownIssuer"),
        ("old hello", true, Slip::Say { bytes: old_hello, rudely: false }, "cannot connect"),
        ("old alert", true, Slip::Say { bytes: vec![0x15, 3, 1, 0, 2, 2, 70], rudely: false }, "cannot connect"),
        ("cleartext", true, say("HTTP/1.1 400 Bad Request\r\n\r\n", false), "cannot connect"),
        ("stalled", true, Slip::Silence, "longer than 2 s"),
    ]
}

/// Starts a server and gives its port.
async fn start(slip: Slip, good: Option<Arc<ServerConfig>>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let body = rss(&[("1", "An embargo that holds", "")]);
    tokio::spawn(async move {
        let (first, _) = listener.accept().await.unwrap();
        let held = tokio::spawn(slip.happen(first, good.clone()));
        while let Ok((stream, _)) = listener.accept().await {
            match good.clone() {
                Some(tls) => match TlsAcceptor::from(tls).accept(stream).await {
                    Ok(stream) => answer(stream, &body).await,
                    Err(_) => continue,
                },
                None => answer(stream, &body).await,
            }
        }
        drop(held);
    });
    port
}

async fn answer(mut stream: impl AsyncRead + AsyncWrite + Unpin, body: &str) {
    let _ = stream.read(&mut [0; 4096]).await;
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    let _ = stream.write_all((head + body).as_bytes()).await;
    let _ = stream.shutdown().await;
}

impl Slip {
    async fn happen(self, mut stream: TcpStream, good: Option<Arc<ServerConfig>>) {
        match self {
            Self::Say { bytes, rudely } => {
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(&bytes).await;
                if rudely {
                    // closing with a time of zero resets the connection
                    let _ = stream.set_zero_linger();
                }
            }
            Self::Silence => std::future::pending().await,
            Self::Certificate(tls) => {
                let _ = TlsAcceptor::from(tls).accept(stream).await;
            }
            Self::Http2(at) => {
                let mut tls = ServerConfig::clone(&good.unwrap());
                tls.alpn_protocols = vec![b"h2".to_vec()];
                let stream = TlsAcceptor::from(Arc::new(tls)).accept(stream).await.unwrap();
                at.happen(h2::server::handshake(stream).await.unwrap()).await;
            }
        }
    }
}

impl Break {
    async fn happen(self, mut connection: h2::server::Connection<TlsStream<TcpStream>, Bytes>) {
        let (_, mut respond) = connection.accept().await.unwrap().unwrap();
        match self {
            Self::GoAway => connection.abrupt_shutdown(Reason::INTERNAL_ERROR),
            Self::Reset(reason) => respond.send_reset(reason),
            Self::ResetInside(_) | Self::Dead | Self::TooShort => {
                let mut body = half_a_body(respond);
                // what was sent is on its way before the rest of it is given up
                let _ = timeout(A_WHILE, connection.accept()).await;
                match self {
                    Self::ResetInside(reason) => body.send_reset(reason),
                    Self::TooShort => body.send_data(Bytes::new(), true).unwrap(),
                    _ => return,
                }
            }
        }
        // one request more would be answered by nobody
        let _ = timeout(A_WHILE, connection.accept()).await;
    }
}

fn half_a_body(mut respond: SendResponse<Bytes>) -> SendStream<Bytes> {
    let whole = rss(&[("never", "An embargo that never was", "")]);
    let head = Response::builder().header(header::CONTENT_LENGTH, whole.len()).body(()).unwrap();
    let mut body = respond.send_response(head, false).unwrap();
    body.send_data(Bytes::from(whole[..whole.len() / 2].to_owned()), false).unwrap();
    body
}

#[tokio::test]
async fn what_breaks_is_told_in_words_never_taken_for_an_answer_and_tried_again() {
    enable_tls();
    let (hook, known) = (Hook::start().await, authority("known"));
    let good = certified(&known, "localhost", 2100);
    let mut config = format!(
        "[http]\nallow_private_addresses = true\ntimeout = \"2s\"\nmax_connections_per_host = 99\n[rules.watch]\nwhen = 'embargo'\n\
         [receivers.ops.webhook]\nurl = \"{}\"\n",
        hook.url()
    );
    let slips = slips(&known);
    let expected: Vec<_> = slips.iter().map(|(name, _, _, words)| (*name, *words)).collect();
    for (name, is_secure, slip, _) in slips {
        let port = start(slip, is_secure.then(|| Arc::clone(&good))).await;
        let scheme = if is_secure { "https" } else { "http" };
        config += &format!("[feeds.\"{name}\"]\nurl = \"{scheme}://localhost:{port}/\"\nevery = \"1s\"\n");
    }
    let world = World::with_config(&config);
    world.write("authority.pem", &known.pem());
    let daemon = world.start_with(&[("SSL_CERT_FILE", "authority.pem")]);
    for (name, words) in &expected {
        let line = daemon.says(&format!("feed=\"{name}\" error")).await;
        assert!(line.contains(words), "{line}");
    }
    for (name, _) in &expected {
        daemon.says(&format!("can be read again feed=\"{name}\"")).await;
    }
    let calls = hook.wait_for(1).await;
    assert!(calls.iter().all(|call| call.json()["data"]["title"] == "An embargo that holds"));
}
