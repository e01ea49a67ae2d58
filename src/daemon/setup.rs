//! A configuration made ready to work: compiled whole, or not at all.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::config::{self, Config, Diagnostics};
use crate::delivery::{Couriers, WebClient};
use crate::fetch::{self, Fetcher, Guard};
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
        let fetcher = Fetcher::new(&config.http).map_err(|why| diagnostics.error_nowhere(why.to_string())).ok();
        if diagnostics.errors() > 0 {
            return None;
        }
        let pages = Pages::new(&config.http);
        Some(Self { config, pipeline: Arc::new(pipeline), fetcher: fetcher?, pages, couriers: Arc::new(couriers?) })
    }

    /// The feeds' names and addresses, as the state wants to know them.
    pub fn feed_addresses(&self) -> Vec<(String, String)> {
        self.config.feeds.iter().map(|(name, feed)| (name.clone(), feed.url.to_string())).collect()
    }
}

fn couriers(config: &Config, diagnostics: &mut Diagnostics) -> Option<Couriers> {
    let client = fetch::client(&config.http).map_err(|why| diagnostics.error_nowhere(why.to_string())).ok()?;
    let guard = Guard::new(&config.http);
    let web = WebClient::new(client, move |url| guard.check(url).map_err(|why| why.to_string()));
    let couriers = Couriers::new(&config.receivers, &web);
    for unusable in couriers.as_ref().err().into_iter().flatten() {
        if let Some(receiver) = config.receivers.get(&unusable.receiver) {
            diagnostics
                .error(&receiver.spot, format!("the receiver `{}` cannot be used: {}", unusable.receiver, unusable.reason));
        }
    }
    couriers.ok()
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
