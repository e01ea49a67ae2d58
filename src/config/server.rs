//! `[server]`: where the daemon can be asked how it is, and by whom.

use std::net::SocketAddr;

use url::Url;

use super::diagnostic::{Diagnostics, Located, Spot};
use super::reader::{Item, Reader};
use super::secret::{Secret, secret};
use super::sections::single;
use super::value::FromItem;

/// The shortest token: sixteen characters drawn at random cannot be guessed.
const SHORTEST_TOKEN: usize = 16;

/// `[server]`
#[derive(Debug, Clone)]
pub struct Server {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// What whoever asks must show; always there unless the address is a loopback address.
    pub token: Option<Secret>,
    /// The address under which others reach it, where they do; ends with a slash.
    pub public_url: Option<Url>,
    /// Where the address to listen on is written.
    pub spot: Spot,
}

pub(super) fn server(files: &mut [Reader<'_>], diagnostics: &mut Diagnostics) -> Option<Server> {
    let mut table = single(files, "server", diagnostics)?;
    let listen = table.required::<Located<SocketAddr>>("listen", diagnostics);
    let wants_token = table.has("token_file") || table.has("token");
    let token_spot = ["token_file", "token"].iter().find_map(|key| table.item(key)).map(|item| item.spot());
    let token = secret(&mut table, "token", "token_file", diagnostics);
    let public_url = table.item("public_url").and_then(|item| public_url(&item, wants_token, diagnostics));
    table.finish(diagnostics);
    if let (Some(token), Some(spot)) = (&token, &token_spot) {
        check_token(token, spot, diagnostics);
    }
    let Located { value: listen, spot } = listen?;
    if !listen.ip().is_loopback() && !wants_token {
        let hint = "add `token_file = \"…\"` with a file that holds the token, or listen on 127.0.0.1";
        diagnostics.error(&spot, format!("`{listen}` can be reached from elsewhere, which needs a token")).hint(hint);
    }
    Some(Server { listen, token, public_url, spot })
}

/// A token must fit into a header field as it stands (RFC 6750 §2.1: `b64token`).
fn check_token(token: &Secret, spot: &Spot, diagnostics: &mut Diagnostics) {
    let hint = "make one with `head -c 32 /dev/urandom | base64`";
    let fits = |sign: char| sign.is_ascii_alphanumeric() || "-._~+/=".contains(sign);
    if token.expose().len() < SHORTEST_TOKEN {
        diagnostics.error(spot, format!("the token is shorter than {SHORTEST_TOKEN} characters")).hint(hint);
    } else if !token.expose().chars().all(fits) {
        diagnostics.error(spot, "the token holds other characters than letters, digits and -._~+/=").hint(hint);
    }
}

/// A base for other addresses: nothing may follow its path, which is taken for a folder. Whoever passes requests on to us passes on
/// those for other paths, too, which is why they need a token.
fn public_url(item: &Item<'_>, has_token: bool, diagnostics: &mut Diagnostics) -> Option<Url> {
    let mut url = Url::read(item, diagnostics)?;
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        let hint = "write it like \"https://wirewatch.example.org/\"";
        return item.unusable("only a host and a path belong here", hint, diagnostics);
    }
    if !has_token {
        let hint = "add `token_file = \"…\"` with a file that holds the token";
        return item.unusable("what can be reached from elsewhere needs a token", hint, diagnostics);
    }
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Some(url)
}

impl FromItem for SocketAddr {
    fn read(item: &Item<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let text = item.text("an address in quotes", diagnostics)?;
        let address = text.parse::<Self>().map_err(|_| format!("`{text}` is not an address to listen on"));
        item.parsed(address, "write an IP address and a port, like \"127.0.0.1:8420\" or \"[::]:8420\"", diagnostics)
    }
}
