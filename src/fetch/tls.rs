//! TLS: whoever the system trusts, and sessions that are resumed. A host that is asked every few minutes need not prove every time
//! who it is, which is most of the work of a handshake for both sides.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustls::client::{ClientSessionStore, Resumption, Tls12ClientSessionValue, Tls13ClientSessionValue};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, NamedGroup};
use rustls_platform_verifier::BuilderVerifierExt;

use super::FetchError;

/// Hosts remembered in each half of the memory; one takes some 5 KB, most of it the certificates.
const HALF: usize = 2048;

/// How to speak TLS.
///
/// # Errors
/// [`FetchError::Setup`] where the process has installed no TLS provider or the system trusts nobody.
pub(super) fn config() -> Result<ClientConfig, FetchError> {
    let setup = |why: String| FetchError::Setup(why);
    let provider = CryptoProvider::get_default().cloned().ok_or_else(|| setup("no TLS provider".to_owned()))?;
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.and_then(BuilderVerifierExt::with_platform_verifier).map_err(|error| setup(error.to_string()))?;
    let mut config = builder.with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config.resumption = Resumption::store(Arc::new(Sessions::default()));
    Ok(config)
}

/// The last session of each host. The usual memory is for few hosts and many tickets of each; feeds are on many hosts, which are
/// asked one thing at a time.
#[derive(Debug, Default)]
struct Sessions(Mutex<Halves>);

/// Who is used moves to the first half; when that is full it becomes the second, and what was there is forgotten.
#[derive(Debug, Default)]
struct Halves {
    first: HashMap<ServerName<'static>, Session>,
    second: HashMap<ServerName<'static>, Session>,
}

#[derive(Debug, Default)]
struct Session {
    group: Option<NamedGroup>,
    tls12: Option<Tls12ClientSessionValue>,
    tls13: Option<Tls13ClientSessionValue>,
}

impl Sessions {
    fn halves(&self) -> MutexGuard<'_, Halves> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, host: ServerName<'static>, note: impl FnOnce(&mut Session)) {
        let Halves { first, second } = &mut *self.halves();
        let known = second.remove(&host);
        if first.len() >= HALF && !first.contains_key(&host) {
            *second = std::mem::take(first);
        }
        note(first.entry(host).or_insert_with(|| known.unwrap_or_default()));
    }

    fn look<T>(&self, host: &ServerName<'_>, look: impl FnOnce(&mut Session) -> Option<T>) -> Option<T> {
        let Halves { first, second } = &mut *self.halves();
        // a borrowed name is none to look up a map of owned ones by
        let host = host.to_owned();
        first.get_mut(&host).or_else(|| second.get_mut(&host)).and_then(look)
    }
}

impl ClientSessionStore for Sessions {
    fn set_kx_hint(&self, host: ServerName<'static>, group: NamedGroup) {
        self.note(host, |session| session.group = Some(group));
    }

    fn kx_hint(&self, host: &ServerName<'_>) -> Option<NamedGroup> {
        self.look(host, |session| session.group)
    }

    fn set_tls12_session(&self, host: ServerName<'static>, value: Tls12ClientSessionValue) {
        self.note(host, |session| session.tls12 = Some(value));
    }

    fn tls12_session(&self, host: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        self.look(host, |session| session.tls12.clone())
    }

    fn remove_tls12_session(&self, host: &ServerName<'static>) {
        self.look(host, |session| session.tls12.take());
    }

    fn insert_tls13_ticket(&self, host: ServerName<'static>, value: Tls13ClientSessionValue) {
        self.note(host, |session| session.tls13 = Some(value));
    }

    // a ticket is used once (RFC 8446 §C.4)
    fn take_tls13_ticket(&self, host: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        self.look(host, |session| session.tls13.take())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(number: usize) -> ServerName<'static> {
        format!("host-{number}.example").try_into().unwrap()
    }

    #[test]
    fn the_hosts_asked_last_are_remembered_and_never_more_than_both_halves_hold() {
        let sessions = Sessions::default();
        for number in 0..5 * HALF {
            sessions.set_kx_hint(host(number), NamedGroup::X25519);
            sessions.set_kx_hint(host(0), NamedGroup::secp256r1);
        }
        assert_eq!(sessions.kx_hint(&host(5 * HALF - 1)), Some(NamedGroup::X25519));
        assert_eq!(sessions.kx_hint(&host(0)), Some(NamedGroup::secp256r1));
        assert_eq!(sessions.kx_hint(&host(1)), None);
        let halves = sessions.halves();
        assert!(halves.first.len() <= HALF && halves.second.len() <= HALF);
    }
}
