//! Who may ask: whoever shows the token, or, where there is none, whoever is on this machine.

use std::net::IpAddr;

use axum::http::{HeaderMap, StatusCode, header};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::config::{Secret, Server};

/// What is asked for of those who show nothing (RFC 6750 §3, RFC 7617 §2).
pub(super) const CHALLENGES: [&str; 2] = ["Bearer realm=\"wirewatch\"", "Basic realm=\"wirewatch\", charset=\"UTF-8\""];

/// Who may ask.
#[derive(Debug, Clone)]
pub struct Access {
    token: Option<Secret>,
}

impl Access {
    /// As the configuration says.
    pub fn new(server: &Server) -> Self {
        Self { token: server.token.clone() }
    }

    /// Whether a request with these header fields is answered; if not, with which status and words.
    pub(super) fn check(&self, headers: &HeaderMap) -> Result<(), (StatusCode, &'static str)> {
        match &self.token {
            Some(token) if shown(headers).is_some_and(|shown| is_same(&shown, token.expose())) => Ok(()),
            Some(_) => Err((StatusCode::UNAUTHORIZED, "show the token: as a bearer token, or as the password of any user\n")),
            None if is_meant(headers) => Ok(()),
            None => Err((StatusCode::MISDIRECTED_REQUEST, "ask by address or as localhost, or configure a token\n")),
        }
    }
}

/// Whether a request means this server. One that a page elsewhere has talked a browser into names that page's host, which
/// resolves to this machine for once (DNS rebinding).
fn is_meant(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST).and_then(|host| host.to_str().ok()) else { return false };
    let name = match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next(),
        None => host.split(':').next(),
    };
    name.is_some_and(|name| name.parse::<IpAddr>().is_ok() || name.eq_ignore_ascii_case("localhost"))
}

/// The token that a request shows: `Bearer` (RFC 6750 §2.1), or the password of `Basic` (RFC 7617 §2), whoever the user.
fn shown(headers: &HeaderMap) -> Option<String> {
    let (scheme, rest) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let rest = rest.trim_matches(' ');
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.to_owned());
    }
    let both = String::from_utf8(BASE64_STANDARD.decode(rest).ok()?).ok()?;
    scheme.eq_ignore_ascii_case("basic").then(|| both.split_once(':').map(|(_, password)| password.to_owned()))?
}

/// Takes as long whatever differs, and tells nothing of the token's length.
fn is_same(shown: &str, token: &str) -> bool {
    Sha256::digest(shown).ct_eq(&Sha256::digest(token)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(token: Option<&str>) -> Access {
        Access { token: token.map(Secret::new) }
    }

    fn answer(access: &Access, field: header::HeaderName, value: &str) -> u16 {
        let headers = HeaderMap::from_iter([(field, value.parse().unwrap())]);
        access.check(&headers).map_or_else(|(status, _)| status.as_u16(), |()| 200)
    }

    #[test]
    fn the_token_is_shown_as_bearer_or_as_anybody_s_password() {
        let access = access(Some("correct-horse-1234"));
        let basic = |both: &str| format!("basic {}", BASE64_STANDARD.encode(both));
        let shown = |value: &str| answer(&access, header::AUTHORIZATION, value);
        assert_eq!(["Bearer correct-horse-1234", "bearer  correct-horse-1234"].map(shown), [200, 200]);
        assert_eq!(["prometheus:correct-horse-1234", ":correct-horse-1234"].map(|both| shown(&basic(both))), [200, 200]);
    }

    #[test]
    fn anything_else_is_refused() {
        let access = access(Some("correct-horse-1234"));
        let basic = format!("Basic {}", BASE64_STANDARD.encode("correct-horse-1234"));
        for value in [
            "",
            "Bearer",
            "Bearer ",
            "Bearer correct-horse-123",
            "correct-horse-1234",
            "Digest correct-horse-1234",
            "Basic %%",
            &basic,
        ] {
            assert_eq!(answer(&access, header::AUTHORIZATION, value), 401, "{value}");
        }
        assert_eq!(answer(&access, header::COOKIE, "token=correct-horse-1234"), 401);
    }

    #[test]
    fn without_a_token_a_browser_that_was_led_here_is_refused() {
        let access = access(None);
        let named = |host: &str| answer(&access, header::HOST, host);
        assert_eq!(["127.0.0.1:8420", "[::1]:8420", "localhost", "LOCALHOST:8420"].map(named), [200; 4]);
        assert_eq!(["evil.example:8420", "localhost.evil.example", "127.0.0.1.evil.example", ""].map(named), [421; 4]);
        assert_eq!(access.check(&HeaderMap::new()).unwrap_err().0, StatusCode::MISDIRECTED_REQUEST);
    }
}
