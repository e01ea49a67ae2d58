//! What of a list is added to a configuration, what is there already, and what is refused and why.

use std::collections::{BTreeMap, BTreeSet};

use url::{Host, Url};

use super::{Outline, Subscription, naming};
use crate::config::Feed;
use crate::feed::canonical_link;
use crate::fetch::Guard;

/// The longest address taken, in bytes: about what servers take.
const LONGEST_ADDRESS: usize = 4_000;
/// The longest piece of a list that is shown when it is refused, in characters.
const LONGEST_SHOWN: usize = 120;

/// A feed somebody wishes to add.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wish {
    /// What is known of it.
    pub outline: Outline,
    /// Labels beside its own.
    pub tags: Vec<String>,
}

/// What is to be done.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// New feeds.
    pub added: Vec<Subscription>,
    /// Addresses that are there already, with the names they go by.
    pub known: Vec<(Url, String)>,
    /// What cannot be added.
    pub refused: Vec<Refusal>,
}

/// Why something is not added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What it is: its title and its address as written.
    pub what: String,
    /// What is wrong with it.
    pub why: String,
    /// What to do about it; empty where the reason says it.
    pub hint: &'static str,
}

/// Plans to add feeds to those that a configuration has.
pub fn plan(wishes: Vec<Wish>, feeds: &BTreeMap<String, Feed>, guard: &Guard) -> Plan {
    let mut plan = Plan::default();
    let mut names: BTreeSet<String> = feeds.keys().cloned().collect();
    let mut known: BTreeMap<String, String> = feeds.iter().map(|(name, feed)| (same(&feed.url), name.clone())).collect();
    for Wish { outline, tags: more } in wishes {
        let url = match address(&outline, guard) {
            Ok(url) => url,
            Err((why, hint)) => {
                plan.refused.push(Refusal { what: shown(&outline), why, hint });
                continue;
            }
        };
        if let Some(name) = known.get(&same(&url)) {
            plan.known.push((url, name.clone()));
            continue;
        }
        let name = naming::name(outline.name.as_deref(), outline.title.as_deref(), &url, &names);
        names.insert(name.clone());
        known.insert(same(&url), name.clone());
        let mut tags = outline.tags;
        tags.extend(more.into_iter().filter(|tag| !tags.contains(tag)).collect::<Vec<_>>());
        plan.added.push(Subscription { name, url, outlet: outline.title, tags });
    }
    plan
}

/// An address in the form that its variants share.
fn same(url: &Url) -> String {
    canonical_link(url.as_str()).unwrap_or_else(|| url.to_string())
}

type Objection = (String, &'static str);

/// The address of a feed, if it may be asked.
fn address(outline: &Outline, guard: &Guard) -> Result<Url, Objection> {
    let Some(written) = &outline.address else {
        return Err(("it has no address of a feed".into(), "`wirewatch feeds add` with the address of its page finds its feed"));
    };
    if written.len() > LONGEST_ADDRESS {
        return Err((format!("its address is longer than {LONGEST_ADDRESS} bytes"), ""));
    }
    // an old way of marking feeds, for programmes that registered for it
    let plain = written.strip_prefix("feed:").unwrap_or(written);
    let whole = if plain.starts_with("//") { format!("https:{plain}") } else { plain.to_owned() };
    let url = Url::parse(&whole).map_err(|why| (format!("not an address: {why}"), "addresses begin with https:// or http://"))?;
    guard.check(&url).map_err(|why| (why.to_string(), ""))?;
    if is_this_host(&url) {
        let loopback = Url::parse("http://127.0.0.1/").map_err(|why| (why.to_string(), ""))?;
        guard.check(&loopback).map_err(|why| (why.to_string(), ""))?;
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(("its address holds a user name or a password".into(), "secrets never stand in the configuration"));
    }
    Ok(url)
}

/// Whether a name is this host's own wherever it is asked (RFC 6761 §6.3); other names are looked at when they are resolved.
fn is_this_host(url: &Url) -> bool {
    let Some(Host::Domain(host)) = url.host() else { return false };
    let host = host.trim_end_matches('.');
    host == "localhost" || host.ends_with(".localhost")
}

/// What is refused, as the list has it. Whatever stands before an @ may be a password.
fn shown(outline: &Outline) -> String {
    let address = outline.address.as_deref().or(outline.page.as_deref()).unwrap_or_default();
    let address = match (address.split_once("://"), address.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://…@{host}"),
        _ => address.to_owned(),
    };
    let both = [outline.title.as_deref().unwrap_or_default(), &address].join(" ");
    both.trim().chars().filter(|c| !c.is_control()).take(LONGEST_SHOWN).collect()
}
