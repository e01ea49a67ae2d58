//! The socket: bound when the daemon starts or takes over a new address, or handed over by systemd, and kept over reloads.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use anyhow::{Context, bail};
use listenfd::ListenFd;

use crate::config::Server;

/// A socket that takes connections.
#[derive(Debug)]
pub struct Listening {
    /// The address it was asked for.
    asked: SocketAddr,
    /// Whether systemd had opened it (sd_listen_fds(3)).
    handed_over: bool,
    pub(super) socket: tokio::net::TcpListener,
}

impl Listening {
    /// Listens where the configuration says, or on the socket that systemd has handed over instead.
    ///
    /// # Errors
    /// If the address cannot be had, or a socket was handed over that anybody could reach and there is no token.
    pub fn open(server: Option<&Server>) -> anyhow::Result<Option<Arc<Self>>> {
        let Some(server) = server else { return Ok(None) };
        let handed_over = ListenFd::from_env().take_tcp_listener(0).context("systemd has not handed over a TCP socket")?;
        match handed_over {
            Some(socket) => Self::new(server, socket, true).map(Some),
            None => Self::bind(server).map(Some),
        }
    }

    /// The socket for another configuration: this very one if that asks for the same address, or systemd has chosen it.
    ///
    /// # Errors
    /// As [`Listening::open`]; the socket before is as it was.
    pub fn renew(before: Option<&Arc<Self>>, server: Option<&Server>) -> anyhow::Result<Option<Arc<Self>>> {
        match (before, server) {
            (_, None) => Ok(None),
            (None, server) => Self::open(server),
            (Some(same), Some(server)) if same.handed_over || same.asked == server.listen => {
                same.check(server).map(|()| Some(Arc::clone(same)))
            }
            (_, Some(server)) => Self::bind(server).map(Some),
        }
    }

    /// The address that clients see.
    pub fn address(&self) -> SocketAddr {
        self.socket.local_addr().unwrap_or(self.asked)
    }

    fn bind(server: &Server) -> anyhow::Result<Arc<Self>> {
        let socket = TcpListener::bind(server.listen).with_context(|| format!("cannot listen on {}", server.listen))?;
        Self::new(server, socket, false)
    }

    fn new(server: &Server, socket: TcpListener, handed_over: bool) -> anyhow::Result<Arc<Self>> {
        socket.set_nonblocking(true)?;
        let new = Self { asked: server.listen, handed_over, socket: tokio::net::TcpListener::from_std(socket)? };
        new.check(server)?;
        Ok(Arc::new(new))
    }

    /// What the configuration was held to, a socket from elsewhere must be, too.
    fn check(&self, server: &Server) -> anyhow::Result<()> {
        let address = self.address();
        if server.token.is_none() && !address.ip().is_loopback() {
            bail!("{address}, handed over by systemd, can be reached from elsewhere, which needs [server] token_file");
        }
        Ok(())
    }
}
