//! What changed, in words, with people and countries by their names.

use std::collections::BTreeMap;

use crate::config::Config;
use crate::model::{Change, News};

/// What people and countries are called.
#[derive(Debug, Clone, Default)]
pub struct Names {
    actors: BTreeMap<String, String>,
    countries: BTreeMap<String, String>,
}

impl Names {
    /// Takes the first name of each actor and country of a configuration.
    pub fn of(config: &Config) -> Self {
        let actors = config.actors.iter().filter_map(|(id, actor)| Some((id.clone(), actor.names.first()?.value.clone())));
        let countries = config.countries.iter().filter_map(|(code, known)| Some((code.clone(), known.names.first()?.clone())));
        Self { actors: actors.collect(), countries: countries.collect() }
    }

    /// A change with its words.
    pub fn news(&self, change: &Change) -> News {
        News { change: change.clone(), words: self.words(change) }
    }

    fn words(&self, change: &Change) -> String {
        match change {
            Change::Rate { from, to } => format!("a rate of {to}{}", so_far(from.as_ref())),
            Change::Date { from, to } => format!("it was on {to}{}", so_far(from.as_ref())),
            Change::Action { from, to } => format!("{}{}", spaced(to), so_far(Some(&spaced(from)))),
            Change::Actor { actor } => format!("{} took part as well", self.actors.get(actor).unwrap_or(actor)),
            Change::Target { country } => format!("{} is hit as well", self.country(country)),
            Change::Status { from, to } => format!("now told as {}{}", to.as_str(), so_far(Some(&from.as_str()))),
            Change::Denied { by, side: Some(country) } => format!("denied by {by}, for {}", self.country(country)),
            Change::Denied { by, side: None } => format!("denied, by the account of {by}"),
            Change::Health { .. } => super::health::words(change),
            Change::Side { country, by } => format!("{by} tells it, for {}", self.country(country)),
        }
    }

    fn country<'a>(&'a self, code: &'a String) -> &'a str {
        self.countries.get(code).unwrap_or(code)
    }
}

fn so_far(from: Option<&impl std::fmt::Display>) -> String {
    from.map(|from| format!(" ({from} so far)")).unwrap_or_default()
}

/// A name such as `strike_down` as words.
fn spaced(name: &str) -> String {
    name.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_says_what_was_known_before() {
        let words = |change| Names::default().news(&change).words;
        let rate = |from: Option<&str>| Change::Rate { from: from.map(str::to_owned), to: "25%".to_owned() };
        assert_eq!(words(rate(None)), "a rate of 25%");
        assert_eq!(words(rate(Some("10%"))), "a rate of 25% (10% so far)");
        let action = Change::Action { from: "impose".to_owned(), to: "strike_down".to_owned() };
        assert_eq!(words(action), "strike down (impose so far)");
    }

    #[test]
    fn people_and_countries_go_by_their_names_where_they_have_one() {
        let entry = |id: &str, name: &str| BTreeMap::from([(id.to_owned(), name.to_owned())]);
        let names = Names { actors: entry("ada", "Ada Amber"), countries: entry("fr", "France") };
        let words = |change| names.news(&change).words;
        assert_eq!(words(Change::Actor { actor: "ada".to_owned() }), "Ada Amber took part as well");
        assert_eq!(words(Change::Actor { actor: "bo".to_owned() }), "bo took part as well");
        let denied = Change::Denied { by: "Palace".to_owned(), side: Some("fr".to_owned()) };
        assert_eq!(words(denied), "denied by Palace, for France");
    }

    #[test]
    fn a_change_is_kept_with_its_values_and_its_words() {
        let news = Names::default().news(&Change::Rate { from: None, to: "25%".to_owned() });
        let kept = serde_json::to_string(&news).unwrap();
        assert_eq!(kept, r#"{"what":"rate","from":null,"to":"25%","words":"a rate of 25%"}"#);
        assert_eq!(serde_json::from_str::<News>(&kept).unwrap(), news);
    }
}
