//! Whose word an article is: an outlet that speaks for a government, and whether that government has part in an event.

use std::collections::BTreeMap;

use crate::config::{Config, Feed};
use crate::model::{Article, Event};

/// Tags that make a feed speak for the country whose code stands beside them.
const SPEAKS_FOR: [&str; 2] = ["official", "state"];

/// Who speaks for which country.
#[derive(Debug, Clone, Default)]
pub struct Sides {
    feeds: BTreeMap<String, String>,
    /// For articles that no feed brought.
    outlets: BTreeMap<String, String>,
    actors: BTreeMap<String, String>,
}

impl Sides {
    /// Takes the tags of the feeds and the countries of the actors of a configuration.
    pub fn of(config: &Config) -> Self {
        let speaking = || config.feeds.iter().filter_map(|(name, feed)| Some((name, feed, country(feed, config)?)));
        let actors = config.actors.iter().filter_map(|(id, actor)| Some((id.clone(), actor.country.clone()?)));
        Self {
            feeds: speaking().map(|(name, _, country)| (name.clone(), country)).collect(),
            outlets: speaking().map(|(_, feed, country)| (feed.outlet.clone(), country)).collect(),
            actors: actors.collect(),
        }
    }

    /// The country for which an article speaks, if it is a side of the event.
    pub fn side(&self, article: &Article, event: &Event) -> Option<&str> {
        let country = match &article.feed {
            Some(feed) => self.feeds.get(feed),
            None => self.outlets.get(&article.outlet),
        };
        country.filter(|country| self.takes_part(country, event)).map(String::as_str)
    }

    fn takes_part(&self, country: &String, event: &Event) -> bool {
        event.values("actors").iter().any(|actor| self.actors.get(actor) == Some(country))
            || event.values("imposer").contains(country)
            || event.values("target").contains(country)
    }
}

/// The one country among a feed's tags, where it speaks for somebody.
fn country(feed: &Feed, config: &Config) -> Option<String> {
    let speaks = feed.tags.iter().any(|tag| SPEAKS_FOR.contains(&tag.as_str()));
    feed.tags.iter().find(|tag| speaks && config.countries.contains_key(*tag)).cloned()
}
