//! Which receivers hear of a rule: the first route that matches, and further ones where a route says `continue`.

use std::collections::BTreeMap;

use crate::config::{Config, Diagnostics, Route};
use crate::model::{Joined, Match, Place, Severity, Updates};

/// The routes, ready to be asked.
#[derive(Debug, Clone)]
pub struct Router {
    routes: Vec<Route>,
    /// Told of everything where no route is configured.
    everybody: Vec<String>,
    /// Which later articles each rule tells of.
    updates: BTreeMap<String, Updates>,
}

impl Router {
    /// Takes the routes of a configuration; a rule that reaches nobody is worth a warning.
    pub fn compile(config: &Config, diagnostics: &mut Diagnostics) -> Self {
        let updates = config.rules.iter().map(|(name, rule)| (name.clone(), rule.updates)).collect();
        let everybody = config.receivers.keys().cloned().collect();
        let router = Self { routes: config.routes.clone(), everybody, updates };
        for (name, rule) in &config.rules {
            if router.receivers(name, rule.severity).is_empty() {
                let warning = diagnostics.warning(&rule.spot, format!("the rule `{name}` reaches no receiver"));
                warning.hint("no [[routes]] entry matches it: add one without `match` at the end");
            }
        }
        router
    }

    /// The names of those to tell of an article in its place: an alert goes to all of the rule's, an update if the rule tells of
    /// such, and to the same.
    pub fn told(&self, matched: &Match, place: &Place) -> Vec<String> {
        let tells = match place {
            Place::Opens(_) => true,
            Place::Joins { because, changes, .. } => match self.updates.get(&*matched.rule).copied().unwrap_or_default() {
                Updates::None => false,
                Updates::Material => !changes.is_empty(),
                // the same article again is nobody's further report
                Updates::All => !changes.is_empty() || !matches!(because, Joined::SameArticle | Joined::SameLink),
            },
        };
        if tells { self.receivers(&matched.rule, matched.severity) } else { Vec::new() }
    }

    /// The names of those to tell, each once, in the order of the routes.
    pub fn receivers(&self, rule: &str, severity: Severity) -> Vec<String> {
        if self.routes.is_empty() {
            return self.everybody.clone();
        }
        let mut told: Vec<String> = Vec::new();
        for route in self.routes.iter().filter(|route| is_for(route, rule, severity)) {
            told.extend(route.to.iter().filter(|name| !told.contains(name)).cloned().collect::<Vec<_>>());
            if !route.go_on {
                break;
            }
        }
        told
    }
}

fn is_for(route: &Route, rule: &str, severity: Severity) -> bool {
    let rule_fits = route.rules.is_empty() || route.rules.iter().any(|pattern| pattern.matches(rule));
    rule_fits && (route.severities.is_empty() || route.severities.contains(&severity))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Change, Known, StoryId};

    fn route(rule: &str, severities: &[Severity], to: &[&str], go_on: bool) -> Route {
        Route {
            rules: vec![glob::Pattern::new(rule).unwrap()],
            severities: severities.to_vec(),
            to: to.iter().map(|name| name.to_string()).collect(),
            go_on,
        }
    }

    fn router(routes: Vec<Route>, everybody: &[&str]) -> Router {
        let everybody = everybody.iter().map(|name| (*name).to_owned()).collect();
        let updates = Updates::ALL.iter().map(|updates| (updates.as_str().to_owned(), *updates)).collect();
        Router { routes, everybody, updates }
    }

    /// Whether a rule of that name, which is how it wants its updates, tells of an article that joins a story so.
    fn tells(rule: &str, because: Joined, changes: &[Change]) -> bool {
        let matched = Match { rule: rule.into(), severity: Severity::Low, evidence: Vec::new(), event: None, opens: true };
        let story = StoryId("s".to_owned());
        let place = Place::Joins { story, because, changes: changes.to_vec(), known: Known::default() };
        !router(vec![], &["screen"]).told(&matched, &place).is_empty()
    }

    #[test]
    fn an_update_rings_if_it_is_material_or_if_all_are_asked_for() {
        let material = [Change::Rate { from: None, to: "25%".to_owned() }];
        let asked = |because, changes: &[Change]| ["material", "all", "none"].map(|rule| tells(rule, because, changes));
        assert_eq!(asked(Joined::SameEvent, &material), [true, true, false]);
        assert_eq!(asked(Joined::SameEvent, &[]), [false, true, false]);
        assert_eq!(asked(Joined::NearCopy { resemblance: 0.9 }, &[]), [false, true, false]);
        assert_eq!(asked(Joined::SameLink, &[]), [false, false, false]);
        assert_eq!(asked(Joined::SameLink, &material), [true, true, false], "an edited article may say more");
        assert_eq!(asked(Joined::SameArticle, &[]), [false, false, false]);
    }

    #[test]
    fn the_first_route_that_matches_wins() {
        let routes = vec![route("leader-*", &[Severity::High], &["desk"], false), route("*", &[], &["ops"], false)];
        let router = router(routes, &[]);
        assert_eq!(router.receivers("leader-call", Severity::High), ["desk"]);
        assert_eq!(router.receivers("leader-call", Severity::Low), ["ops"]);
        assert_eq!(router.receivers("tariff-change", Severity::High), ["ops"]);
    }

    #[test]
    fn a_route_that_continues_adds_and_nobody_is_told_twice() {
        let routes = vec![route("*", &[], &["ops", "desk"], true), route("*", &[], &["desk", "screen"], false)];
        let router = router(routes, &[]);
        assert_eq!(router.receivers("any", Severity::Medium), ["ops", "desk", "screen"]);
    }

    #[test]
    fn without_routes_everybody_is_told_of_everything() {
        let router = router(vec![], &["screen"]);
        assert_eq!(router.receivers("any", Severity::Low), ["screen"]);
    }
}
