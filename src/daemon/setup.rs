//! A configuration made ready to work: compiled whole, or not at all.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use ipnet::IpNet;

use crate::config::{self, Config, Diagnostics, Feed, Http};
use crate::delivery::{Couriers, WebClient};
use crate::fetch::{self, FetchError, Fetcher, Guard};
use crate::page::Pages;
use crate::pipeline::Pipeline;

/// Everything a configuration says, compiled.
pub struct Setup {
    /// The configuration itself.
    pub config: Config,
    /// The rules and routes.
    pub pipeline: Arc<Pipeline>,
    /// How feeds are asked.
    pub fetcher: Fetcher,
    /// How the pages of articles are asked for.
    pub pages: Pages,
    /// The same for feeds to which further networks are open, by these networks.
    insiders: HashMap<Vec<IpNet>, Fetcher>,
    /// How receivers are reached.
    pub couriers: Arc<Couriers>,
}

impl Setup {
    /// Loads and compiles the configuration at `path`. Every finding is added to `diagnostics`; nothing is returned if one of
    /// them is an error.
    pub fn load(path: &Path, diagnostics: &mut Diagnostics) -> Option<Self> {
        let config = config::load(path, diagnostics);
        let pipeline = Pipeline::compile(&config, diagnostics);
        let couriers = couriers(&config, diagnostics);
        let fetchers = fetchers(&config).map_err(|why| diagnostics.error_nowhere(why.to_string())).ok();
        if diagnostics.errors() > 0 {
            return None;
        }
        let pages = Pages::new(&config.http);
        let (fetcher, insiders) = fetchers?;
        Some(Self { config, pipeline: Arc::new(pipeline), fetcher, pages, insiders, couriers: Arc::new(couriers?) })
    }

    /// How this feed is asked.
    pub fn fetcher_for(&self, feed: &Feed) -> &Fetcher {
        self.insiders.get(&feed.allow_networks).unwrap_or(&self.fetcher)
    }

    /// The feeds' names and addresses, as the state wants to know them.
    pub fn feed_addresses(&self) -> Vec<(String, String)> {
        self.config.feeds.iter().map(|(name, feed)| (name.clone(), feed.url.to_string())).collect()
    }
}

/// How feeds are asked, and how those are to which further networks are open.
fn fetchers(config: &Config) -> Result<(Fetcher, HashMap<Vec<IpNet>, Fetcher>), FetchError> {
    let fetcher = Fetcher::new(&config.http)?;
    let mut insiders = HashMap::new();
    for networks in config.feeds.values().map(|feed| &feed.allow_networks).filter(|networks| !networks.is_empty()) {
        if !insiders.contains_key(networks) {
            insiders.insert(networks.clone(), fetcher.allowing(&config.http, networks)?);
        }
    }
    Ok((fetcher, insiders))
}

fn couriers(config: &Config, diagnostics: &mut Diagnostics) -> Option<Couriers> {
    let shared = web(&config.http).map_err(|why| diagnostics.error_nowhere(why)).ok()?;
    let of_its_own = |networks: &[IpNet]| web(&config.http.allowing(networks));
    let couriers = Couriers::new(&config.receivers, |networks| match networks {
        [] => Ok(shared.clone()),
        networks => of_its_own(networks),
    });
    for unusable in couriers.as_ref().err().into_iter().flatten() {
        if let Some(receiver) = config.receivers.get(&unusable.receiver) {
            diagnostics
                .error(&receiver.spot, format!("the receiver `{}` cannot be used: {}", unusable.receiver, unusable.reason));
        }
    }
    couriers.ok()
}

fn web(http: &Http) -> Result<WebClient, String> {
    let client = fetch::client(http).map_err(|why| why.to_string())?;
    let guard = Guard::new(http);
    Ok(WebClient::new(client, move |url| guard.check(url).map_err(|why| why.to_string())))
}

/// How many of each there are, for `check` and the log.
pub fn counts(config: &Config) -> BTreeMap<&'static str, usize> {
    BTreeMap::from([
        ("feeds", config.feeds.len()),
        ("actors", config.actors.len()),
        ("rules", config.rules.len()),
        ("receivers", config.receivers.len()),
    ])
}
