//! Feeds over TLS: only what can be trusted is read, and the rest is told apart.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{HandshakeKind, ServerConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::support::{Record, enable_tls};
use crate::world::{World, rss};

/// Somebody who vouches for servers.
pub type Authority = CertifiedIssuer<'static, KeyPair>;

/// One of this name.
pub fn authority(name: &str) -> Authority {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.distinguished_name.push(DnType::CommonName, name);
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap()
}

/// What a server needs to show a certificate for this name, good until the first day of this year.
pub fn certified(authority: &Authority, name: &str, until: i32) -> Arc<ServerConfig> {
    let mut leaf = CertificateParams::new(vec![name.to_owned()]).unwrap();
    (leaf.not_before, leaf.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(until, 1, 1));
    let key = KeyPair::generate().unwrap();
    let certificate = leaf.signed_by(&key, authority).unwrap();
    let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate.der().clone()], key).unwrap();
    Arc::new(config)
}

/// A server of one feed with a certificate for this name, good until the first day of this year.
async fn serve(authority: &Authority, name: &str, until: i32) -> u16 {
    let acceptor = TlsAcceptor::from(certified(authority, name, until));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let body = rss(&[("1", "An article", "")]);
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            let _ = stream.write_all((head + &body).as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    port
}

/// A server that says these bytes at once and nothing more.
async fn say(bytes: &'static [u8]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(bytes).await;
            open.push(stream);
        }
    });
    port
}

#[tokio::test]
async fn a_certificate_that_cannot_be_trusted_is_named_and_a_good_one_is_read() {
    enable_tls();
    let (known, unknown) = (authority("known"), authority("unknown"));
    let old_protocol: &[u8] = &[0x15, 3, 1, 0, 2, 2, 70]; // a TLS 1.0 alert: protocol version
    let feeds = [
        ("good", serve(&known, "localhost", 2100).await, None),
        ("expired", serve(&known, "localhost", 2021).await, Some("expired")),
        ("stranger", serve(&known, "elsewhere.example", 2100).await, Some("not valid for name")),
        ("unknown", serve(&unknown, "localhost", 2100).await, Some("UnknownIssuer")),
        ("outdated", say(old_protocol).await, Some("ProtocolVersion")),
        ("plain", say(b"HTTP/1.1 400 Bad Request\r\n\r\n").await, Some("cannot connect")),
        ("silent", say(b"").await, Some("longer than 2 s")),
    ];
    let config: String =
        feeds.iter().map(|(name, port, _)| format!("[feeds.{name}]\nurl = \"https://localhost:{port}/\"\n")).collect();
    let http = "[http]\nallow_private_addresses = true\ntimeout = \"2s\"\nmax_connections_per_host = 9\n";
    let world = World::with_config(&format!("{http}{config}[rules.never]\nwhen = 'zxqj'\n"));
    world.write("authority.pem", &known.pem());
    let pass = world.run_with(&["run", "--once"], &[("SSL_CERT_FILE", "authority.pem")]).await;
    assert!(pass.stdout.contains("1 answered, 0 unchanged, 6 failed"), "{}{}", pass.stdout, pass.stderr);
    for (name, _, words) in feeds {
        let line = pass.stderr.lines().find(|line| line.contains(&format!("feed=\"{name}\"")));
        match (words, line) {
            (None, None) => {}
            (Some(words), Some(line)) if line.contains(words) => {}
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn hosts_that_are_asked_again_need_not_prove_again_who_they_are() {
    const HOSTS: usize = 60;
    enable_tls();
    let known = authority("known");
    let (handshakes, mut config) = (Arc::new(Record::new()), String::new());
    for number in 1..=HOSTS {
        let host = format!("127.0.7.{number}");
        let mut tls = ServerConfig::clone(&certified(&known, &host, 2100));
        tls.ticketer = rustls::crypto::ring::Ticketer::new().unwrap();
        let (acceptor, handshakes) = (TlsAcceptor::from(Arc::new(tls)), Arc::clone(&handshakes));
        let listener = TcpListener::bind((host, 0)).await.unwrap();
        config += &format!("[feeds.f{number}]\nurl = \"https://{}/\"\nevery = \"1s\"\n", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                handshakes.add(stream.get_ref().1.handshake_kind());
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await;
                let _ = stream.shutdown().await;
            }
        });
    }
    let world = World::new(&format!("{config}[rules.never]\nwhen = 'zxqj'\n"));
    world.write("authority.pem", &known.pem());
    let _daemon = world.start_with(&[("SSL_CERT_FILE", "authority.pem")]);
    let kinds = handshakes.wait_for(HOSTS * 2).await;
    let resumed = kinds.iter().filter(|kind| **kind == Some(HandshakeKind::Resumed)).count();
    assert!(resumed >= HOSTS && kinds.len() - resumed <= HOSTS, "{resumed} of {} resumed", kinds.len());
}
