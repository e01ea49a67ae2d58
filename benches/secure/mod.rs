//! Servers of TLS on many loopback addresses at one port, each a host of its own with its own certificate.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::serve::Listener;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{HandshakeKind, ServerConfig};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// The file in which the authority is left that vouches for all hosts.
pub const AUTHORITY: &str = "authority.pem";

/// Handshakes so far, by kind.
#[derive(Default)]
pub struct Handshakes {
    full: AtomicUsize,
    resumed: AtomicUsize,
}

impl Handshakes {
    /// Those since the last look: in full, and resumed.
    pub fn take(&self) -> (usize, usize) {
        (self.full.swap(0, Ordering::Relaxed), self.resumed.swap(0, Ordering::Relaxed))
    }

    fn note(&self, kind: Option<HandshakeKind>) {
        let counter = if kind == Some(HandshakeKind::Resumed) { &self.resumed } else { &self.full };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

/// Connections whose handshake is over.
pub struct Secure {
    ready: Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: SocketAddr,
}

impl Secure {
    /// Listens on every address and leaves the authority in a folder.
    pub async fn listen(folder: &Path, handshakes: Arc<Handshakes>) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let hosts = Hosts::new(folder);
        let (done, ready) = channel(64);
        tokio::spawn(accept(listener, hosts, done, handshakes));
        Self { ready, address }
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }
}

async fn accept(
    listener: TcpListener,
    hosts: Hosts,
    done: Sender<(TlsStream<TcpStream>, SocketAddr)>,
    handshakes: Arc<Handshakes>,
) {
    let hosts = Arc::new(hosts);
    while let Ok((stream, peer)) = listener.accept().await {
        let (hosts, done, handshakes) = (Arc::clone(&hosts), done.clone(), Arc::clone(&handshakes));
        tokio::spawn(async move {
            let acceptor = hosts.acceptor(stream.local_addr().unwrap().ip());
            let Ok(stream) = acceptor.accept(stream).await else { return };
            handshakes.note(stream.get_ref().1.handshake_kind());
            let _ = done.send((stream, peer)).await;
        });
    }
}

impl Listener for Secure {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(ready) => ready,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

/// The hosts that have been asked so far.
struct Hosts {
    authority: CertifiedIssuer<'static, KeyPair>,
    known: Mutex<HashMap<IpAddr, TlsAcceptor>>,
}

impl Hosts {
    fn new(folder: &Path) -> Self {
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        authority.distinguished_name.push(DnType::CommonName, "everybody's");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
        std::fs::write(folder.join(AUTHORITY), authority.pem()).unwrap();
        Self { authority, known: Mutex::default() }
    }

    fn acceptor(&self, host: IpAddr) -> TlsAcceptor {
        self.known.lock().unwrap().entry(host).or_insert_with(|| self.certify(host)).clone()
    }

    fn certify(&self, host: IpAddr) -> TlsAcceptor {
        let key = KeyPair::generate().unwrap();
        let leaf = CertificateParams::new(vec![host.to_string()]).unwrap().signed_by(&key, &self.authority).unwrap();
        let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
        let mut config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![leaf.der().clone()], key).unwrap();
        config.ticketer = rustls::crypto::ring::Ticketer::new().unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}
