//! Which receivers hear of a rule: the first route that matches, and further ones where a route says `continue`.

use crate::config::{Config, Diagnostics, Route};
use crate::model::Severity;

/// The routes, ready to be asked.
#[derive(Debug, Clone)]
pub struct Router {
    routes: Vec<Route>,
    /// Told of everything where no route is configured.
    everybody: Vec<String>,
}

impl Router {
    /// Takes the routes of a configuration; a rule that reaches nobody is worth a warning.
    pub fn compile(config: &Config, diagnostics: &mut Diagnostics) -> Self {
        let router = Self { routes: config.routes.clone(), everybody: config.receivers.keys().cloned().collect() };
        for (name, rule) in &config.rules {
            if router.receivers(name, rule.severity).is_empty() {
                let warning = diagnostics.warning(&rule.spot, format!("the rule `{name}` reaches no receiver"));
                warning.hint("no [[routes]] entry matches it: add one without `match` at the end");
            }
        }
        router
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

    fn route(rule: &str, severities: &[Severity], to: &[&str], go_on: bool) -> Route {
        Route {
            rules: vec![glob::Pattern::new(rule).unwrap()],
            severities: severities.to_vec(),
            to: to.iter().map(|name| name.to_string()).collect(),
            go_on,
        }
    }

    #[test]
    fn the_first_route_that_matches_wins() {
        let routes = vec![route("leader-*", &[Severity::High], &["desk"], false), route("*", &[], &["ops"], false)];
        let router = Router { routes, everybody: vec![] };
        assert_eq!(router.receivers("leader-call", Severity::High), ["desk"]);
        assert_eq!(router.receivers("leader-call", Severity::Low), ["ops"]);
        assert_eq!(router.receivers("tariff-change", Severity::High), ["ops"]);
    }

    #[test]
    fn a_route_that_continues_adds_and_nobody_is_told_twice() {
        let routes = vec![route("*", &[], &["ops", "desk"], true), route("*", &[], &["desk", "screen"], false)];
        let router = Router { routes, everybody: vec![] };
        assert_eq!(router.receivers("any", Severity::Medium), ["ops", "desk", "screen"]);
    }

    #[test]
    fn without_routes_everybody_is_told_of_everything() {
        let router = Router { routes: vec![], everybody: vec!["screen".to_owned()] };
        assert_eq!(router.receivers("any", Severity::Low), ["screen"]);
    }
}
