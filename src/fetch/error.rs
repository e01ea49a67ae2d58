//! Why a request brought nothing, in words for the person whose feed it is.

use std::error::Error;
use std::net::IpAddr;
use std::time::Duration;

use reqwest::StatusCode;

/// Why a request brought nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// No client can be made of the configuration.
    #[error("cannot set up HTTP: {0}")]
    Setup(String),
    /// The URL asks for something else than HTTP.
    #[error("{0}: addresses are not fetched, only http: and https:")]
    Scheme(String),
    /// The URL names no host.
    #[error("the address names no host")]
    NoHost,
    /// The guard refuses the address.
    #[error("{address} is {kind} (set allow_private_addresses or allow_networks)")]
    Refused {
        /// The address that would have been, or was, connected to.
        address: IpAddr,
        /// What it is, with its article.
        kind: &'static str,
    },
    /// The name has no address.
    #[error("{host} cannot be found: {reason}")]
    Unresolved {
        /// The name.
        host: String,
        /// The resolver's words.
        reason: String,
    },
    /// No connection was made, or no TLS session on it.
    #[error("cannot connect: {0}")]
    Connect(String),
    /// No connection was made in time.
    #[error("did not connect within {} s", .0.as_secs_f64())]
    ConnectTooSlow(Duration),
    /// The whole exchange took too long.
    #[error("took longer than {} s", .0.as_secs_f64())]
    TooSlow(Duration),
    /// The connection broke before there was an answer.
    #[error("the connection broke before there was an answer: {0}")]
    Broken(String),
    /// What came is no HTTP answer.
    #[error("the answer is not valid HTTP: {0}")]
    Protocol(String),
    /// The server answered, but not with a page.
    #[error("answered {0}")]
    Status(StatusCode),
    /// One redirect after another.
    #[error("redirects more than {0} times")]
    TooManyRedirects(usize),
    /// A redirect that says not where to, or nothing intelligible.
    #[error("redirects to nowhere: its `Location` is missing or is not a URL")]
    LostRedirect,
    /// A redirect that would give up encryption.
    #[error("redirects from https to http ({0})")]
    Downgrade(String),
    /// What came is of another kind than was asked for.
    #[error("it is {0}, which was not asked for")]
    OtherType(String),
    /// The body is beyond the cap, on the wire or decompressed.
    #[error("the body is larger than {}", size(*.0))]
    TooLarge(u64),
    /// The body broke off.
    #[error("the body broke off: {0}")]
    Cut(String),
    /// The body is coded in a way that was not asked for.
    #[error("the body is coded as `{0}`, which was not asked for")]
    UnknownCoding(String),
    /// The body is coded too many times over.
    #[error("the body is compressed more than {0} times over")]
    TooManyCodings(usize),
    /// The body is not what its coding says.
    #[error("the body is not valid {coding}: {reason}")]
    Undecodable {
        /// `gzip` or `br`.
        coding: &'static str,
        /// The decoder's words.
        reason: String,
    },
}

impl FetchError {
    /// Whether no server was heard at all, so that the fault may be on our side of the line.
    pub fn is_silence(&self) -> bool {
        matches!(self, Self::Unresolved { .. } | Self::Connect(_) | Self::ConnectTooSlow(_) | Self::TooSlow(_))
    }
}

impl From<reqwest::Error> for FetchError {
    fn from(error: reqwest::Error) -> Self {
        if let Some(own) = causes(&error).find_map(|cause| cause.downcast_ref::<Self>()) {
            return own.clone();
        }
        let words = root_cause(&error);
        if error.is_connect() && error.is_timeout() {
            Self::ConnectTooSlow(super::CONNECT_TIMEOUT)
        } else if error.is_connect() {
            Self::Connect(words)
        } else if error.is_body() || error.is_decode() {
            Self::Cut(words)
        } else if causes(&error).filter_map(|cause| cause.downcast_ref::<hyper::Error>()).any(hyper::Error::is_parse) {
            Self::Protocol(words)
        } else {
            Self::Broken(words)
        }
    }
}

/// The words of the innermost cause: the outer ones only say that a request failed.
pub(super) fn root_cause(error: &reqwest::Error) -> String {
    causes(error).last().map(ToString::to_string).unwrap_or_default()
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(Some(error as &(dyn Error + 'static)), |cause| (**cause).source())
}

/// A number of bytes as the configuration writes it.
fn size(bytes: u64) -> String {
    const UNITS: [(&str, u64); 3] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
    let unit = UNITS.into_iter().find(|(_, unit)| bytes >= *unit && bytes.is_multiple_of(*unit));
    unit.map_or_else(|| format!("{bytes} bytes"), |(name, unit)| format!("{} {name}", bytes / unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_read_as_sentences_about_the_server() {
        assert_eq!(FetchError::TooLarge(8 << 20).to_string(), "the body is larger than 8 MiB");
        assert_eq!(FetchError::TooLarge(1000).to_string(), "the body is larger than 1000 bytes");
        assert_eq!(FetchError::TooSlow(Duration::from_secs(30)).to_string(), "took longer than 30 s");
        assert_eq!(FetchError::Status(StatusCode::SERVICE_UNAVAILABLE).to_string(), "answered 503 Service Unavailable");
        let refused = FetchError::Refused { address: [127, 0, 0, 1].into(), kind: "a loopback address" };
        assert_eq!(refused.to_string(), "127.0.0.1 is a loopback address (set allow_private_addresses or allow_networks)");
    }
}
