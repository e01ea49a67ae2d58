//! Which addresses may be asked: by default only those of the public internet, so that nobody who controls a feed, a redirect
//! or a name can make wirewatch speak to machines only it can reach.
//!
//! The guard stands in three places: before a request, for addresses written into the URL; in the resolver, where a name's
//! addresses are filtered in the step that gives them out, so that the address checked is the address dialled; and after the
//! connection, on the peer's address.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, LazyLock};

use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::FetchError;
use crate::config::Http;

/// Networks that are not the public internet, with what an address of them is. Sources: the IANA special-purpose address
/// registries (RFC 6890) and the RFCs named.
const SPECIAL: [(&str, &str); 29] = [
    ("0.0.0.0/8", "an address of this host"),          // RFC 791 §3.2
    ("10.0.0.0/8", "a private address"),               // RFC 1918
    ("100.64.0.0/10", "a carrier's private address"),  // RFC 6598
    ("127.0.0.0/8", "a loopback address"),             // RFC 1122 §3.2.1.3
    ("169.254.0.0/16", "a link-local address"),        // RFC 3927; cloud metadata services
    ("172.16.0.0/12", "a private address"),            // RFC 1918
    ("192.0.0.0/24", "a protocol assignment"),         // RFC 6890 §2.1
    ("192.0.2.0/24", "a documentation address"),       // RFC 5737
    ("192.88.99.0/24", "a 6to4 relay address"),        // RFC 7526
    ("192.168.0.0/16", "a private address"),           // RFC 1918
    ("198.18.0.0/15", "a benchmarking address"),       // RFC 2544
    ("198.51.100.0/24", "a documentation address"),    // RFC 5737
    ("203.0.113.0/24", "a documentation address"),     // RFC 5737
    ("224.0.0.0/4", "a multicast address"),            // RFC 5771
    ("255.255.255.255/32", "the broadcast address"),   // RFC 919
    ("240.0.0.0/4", "a reserved address"),             // RFC 1112 §4
    ("::/128", "the unspecified address"),             // RFC 4291 §2.5.2
    ("::1/128", "a loopback address"),                 // RFC 4291 §2.5.3
    ("::/96", "an obsolete IPv4-compatible address"),  // RFC 4291 §2.5.5.1
    ("64:ff9b:1::/48", "a local translation address"), // RFC 8215
    ("100::/64", "a discard address"),                 // RFC 6666
    ("2001::/23", "a protocol assignment"),            // RFC 2928; holds Teredo, 2001::/32 (RFC 4380)
    ("2001:db8::/32", "a documentation address"),      // RFC 3849
    ("3fff::/20", "a documentation address"),          // RFC 9637
    ("5f00::/16", "a segment routing address"),        // RFC 9602
    ("fc00::/7", "a private address"),                 // RFC 4193
    ("fe80::/10", "a link-local address"),             // RFC 4291 §2.5.6
    ("fec0::/10", "an obsolete site-local address"),   // RFC 3879
    ("ff00::/8", "a multicast address"),               // RFC 4291 §2.7
];

static NETWORKS: LazyLock<Vec<(IpNet, &str)>> =
    LazyLock::new(|| SPECIAL.iter().filter_map(|(network, kind)| Some((network.parse().ok()?, *kind))).collect());

/// Says which addresses may be asked.
#[derive(Clone)]
pub struct Guard {
    allow_all: bool,
    allowed: Arc<[IpNet]>,
    names: Arc<dyn Resolve>,
}

impl Guard {
    /// The guard that the configuration asks for.
    pub fn new(http: &Http) -> Self {
        let (allow_all, allowed) = (http.allow_private_addresses, http.allow_networks.clone().into());
        Self { allow_all, allowed, names: Arc::new(System) }
    }

    /// The same with another directory of names than the system's.
    pub fn with_names(self, names: Arc<dyn Resolve>) -> Self {
        Self { names, ..self }
    }

    /// Whether a URL may be asked, as far as it tells by itself: a host that is a name is looked at when it is resolved.
    ///
    /// # Errors
    /// A scheme other than http and https, no host, or an address that is refused.
    pub fn check(&self, url: &Url) -> Result<(), FetchError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(FetchError::Scheme(url.scheme().to_owned()));
        }
        match url.host() {
            Some(Host::Ipv4(address)) => self.check_address(address.into()),
            Some(Host::Ipv6(address)) => self.check_address(address.into()),
            Some(Host::Domain(_)) => Ok(()),
            None => Err(FetchError::NoHost),
        }
    }

    /// Whether an address may be connected to.
    ///
    /// # Errors
    /// [`FetchError::Refused`] if not.
    pub fn check_address(&self, address: IpAddr) -> Result<(), FetchError> {
        if self.allow_all || self.is_listed(address) {
            return Ok(());
        }
        special(address).map_or(Ok(()), |kind| Err(FetchError::Refused { address, kind }))
    }

    fn is_listed(&self, address: IpAddr) -> bool {
        let inner = embedded(address).unwrap_or(address);
        self.allowed.iter().any(|network| network.contains(&address) || network.contains(&inner))
    }

    /// The addresses of a name that may be connected to.
    async fn lookup(&self, name: Name) -> Result<Vec<SocketAddr>, FetchError> {
        let host = name.as_str().to_owned();
        match self.names.resolve(name).await {
            Ok(found) => self.passing(&host, found),
            Err(error) => Err(FetchError::Unresolved { host, reason: error.to_string() }),
        }
    }

    /// Those of a name's addresses that may be connected to; if none may, why the last one may not.
    fn passing(&self, host: &str, found: impl Iterator<Item = SocketAddr>) -> Result<Vec<SocketAddr>, FetchError> {
        let mut refusal = None;
        let mut allowed = Vec::new();
        for address in found {
            match self.check_address(address.ip()) {
                Ok(()) => allowed.push(address),
                Err(error) => refusal = Some(error),
            }
        }
        match refusal {
            Some(error) if allowed.is_empty() => Err(error),
            _ if allowed.is_empty() => {
                Err(FetchError::Unresolved { host: host.to_owned(), reason: "it has no address".to_owned() })
            }
            _ => Ok(allowed),
        }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move { Ok(Box::new(guard.lookup(name).await?.into_iter()) as Addrs) })
    }
}

/// The system's directory of names.
struct System;

impl Resolve for System {
    fn resolve(&self, name: Name) -> Resolving {
        // port 0 makes the client take the port of the URL
        Box::pin(async move {
            Ok(Box::new(tokio::net::lookup_host((name.as_str(), 0)).await?.collect::<Vec<_>>().into_iter()) as Addrs)
        })
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { allow_all, allowed, .. } = self;
        f.debug_struct("Guard").field("allow_all", allow_all).field("allowed", allowed).finish_non_exhaustive()
    }
}

/// What an address is if it is not one of the public internet. An address that carries another is judged by both.
fn special(address: IpAddr) -> Option<&'static str> {
    let listed = NETWORKS.iter().find(|(network, _)| network.contains(&address)).map(|(_, kind)| *kind);
    listed.or_else(|| embedded(address).and_then(special))
}

/// The IPv4 address that an IPv6 address leads to.
fn embedded(address: IpAddr) -> Option<IpAddr> {
    let IpAddr::V6(address) = address else { return None };
    let from = |high: u16, low: u16| Some(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)).into());
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] => from(high, low), // mapped, RFC 4291 §2.5.5.2
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => from(high, low), // translated, RFC 6052 §2.1
        [0x2002, high, low, ..] => from(high, low),            // 6to4, RFC 3056 §2
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn guard(allow_all: bool, networks: &[&str]) -> Guard {
        Guard::new(&Http {
            user_agent: "test".into(),
            max_body: 1,
            timeout: Duration::from_secs(1),
            max_connections: 1,
            max_connections_per_host: 1,
            allow_private_addresses: allow_all,
            allow_networks: networks.iter().map(|network| network.parse().unwrap()).collect(),
        })
    }

    fn check(guard: &Guard, url: &str) -> Result<(), FetchError> {
        guard.check(&url.parse().unwrap())
    }

    #[test]
    fn every_line_of_the_table_is_a_network() {
        assert_eq!(NETWORKS.len(), SPECIAL.len());
    }

    #[test]
    fn every_spelling_of_an_address_inside_is_refused() {
        let hosts = "127.0.0.1 127.1 0x7f.1 0x7f000001 2130706433 017700000001 0177.0.0.1 127.0.0.1. 127.255.255.254 0 0.0.0.0 \
            10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 169.254.169.254 0xa9fea9fe 172.16.0.1 172.31.255.255 192.0.0.8 \
            192.0.2.1 192.88.99.1 192.168.0.1 192.168.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 \
            239.255.255.255 240.0.0.1 255.255.255.255 １２７.０.０.１ ①②⑦.0.0.1 %31%32%37.0.0.1 127。0。0。1 \
            [::] [::1] [0:0:0:0:0:0:0:1] [::127.0.0.1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::ffff:10.0.0.1] \
            [::ffff:169.254.169.254] [64:ff9b::127.0.0.1] [64:ff9b::a00:1] [64:ff9b:1::1] [2002:7f00:1::] [2002:a00:1::1] \
            [2002:c0a8:101::] [2001::1] [2001:0:53aa:64c:0:0:8091:1] [2001:db8::1] [3fff::1] [100::1] [fc00::1] [fd12:3456::1] \
            [fe80::1] [febf::1] [fec0::1] [ff02::1] user@127.0.0.1 public.example@127.0.0.1 public.example:80@[::1]";
        for host in hosts.split_whitespace() {
            let answer = check(&guard(false, &[]), &format!("http://{host}/feed"));
            assert!(matches!(answer, Err(FetchError::Refused { .. })), "{host}: {answer:?}");
        }
    }

    #[test]
    fn public_addresses_and_names_pass() {
        let hosts = "example.org 1.1.1.1 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 172.15.255.255 172.32.0.0 192.0.1.1 \
            198.17.255.255 198.20.0.0 223.255.255.255 [2606:4700::1111] [2001:4860::8888] [::ffff:1.1.1.1] [64:ff9b::101:101]";
        for host in hosts.split_whitespace() {
            assert_eq!(check(&guard(false, &[]), &format!("https://{host}/")), Ok(()), "{host}");
        }
    }

    #[test]
    fn only_http_is_spoken() {
        for url in ["file:///etc/passwd", "ftp://example.org/", "gopher://example.org/", "data:text/xml,<rss/>"] {
            assert!(matches!(check(&guard(true, &[]), url), Err(FetchError::Scheme(_))), "{url}");
        }
    }

    #[test]
    fn listed_networks_are_open_and_nothing_else() {
        let guard = guard(false, &["10.1.0.0/16", "fd00::/8"]);
        assert_eq!(check(&guard, "http://10.1.2.3/"), Ok(()));
        assert_eq!(check(&guard, "http://[::ffff:10.1.2.3]/"), Ok(()));
        assert_eq!(check(&guard, "http://[fd00::1]/"), Ok(()));
        assert!(check(&guard, "http://10.2.0.1/").is_err());
        assert!(check(&guard, "http://127.0.0.1/").is_err());
    }

    #[test]
    fn private_addresses_are_open_when_the_configuration_says_so() {
        assert_eq!(check(&guard(true, &[]), "http://127.0.0.1/"), Ok(()));
    }

    #[test]
    fn a_name_with_addresses_inside_and_outside_leads_outside_only_and_each_answer_is_checked_anew() {
        let guard = guard(false, &[]);
        let passing = |addresses: &[&str]| {
            let found = addresses.iter().map(|address| SocketAddr::new(address.parse().unwrap(), 0));
            guard
                .passing("x.example", found)
                .map(|passed| passed.iter().map(|address| address.ip().to_string()).collect::<Vec<_>>())
        };
        assert_eq!(
            passing(&["10.0.0.1", "1.1.1.1", "::1", "2606:4700::1111"]),
            Ok(vec!["1.1.1.1".into(), "2606:4700::1111".into()])
        );
        for turn in 0..1_000 {
            let inside = turn % 2 == 1;
            let answer = passing(&[if inside { "169.254.169.254" } else { "1.1.1.1" }]);
            assert_eq!(matches!(answer, Err(FetchError::Refused { .. })), inside);
        }
        assert!(matches!(passing(&[]), Err(FetchError::Unresolved { .. })));
    }

    #[tokio::test]
    async fn a_name_of_this_machine_is_refused_where_it_is_resolved() {
        let localhost = || "localhost".parse().unwrap();
        assert!(matches!(guard(false, &[]).lookup(localhost()).await, Err(FetchError::Refused { .. })));
        assert!(guard(true, &[]).lookup(localhost()).await.is_ok());
    }
}
