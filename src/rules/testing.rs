//! Small configurations and articles for the tests of this module.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::civil::Date;
use url::Url;

use super::RuleSet;
use crate::config::diagnostic::{Diagnostic, Source};
use crate::config::{
    Actor, Condition, Config, Diagnostics, Dialect, Expression, Feed, FullText, Group, Http, Located, Office, Rule, Schedule,
    Spot, State,
};
use crate::model::{Article, ArticleKey, Match, Severity, Updates};
use crate::text::Analysis;

/// A configuration whose source text holds what its locations say.
pub struct Setup {
    pub config: Config,
    pub diagnostics: Diagnostics,
}

impl Setup {
    pub fn new() -> Self {
        let config = Config {
            state: State { sqlite: "wirewatch.db".into() },
            http: Http {
                user_agent: "wirewatch".to_owned(),
                max_body: 1 << 20,
                timeout: Duration::from_secs(30),
                max_connections: 1,
                max_connections_per_host: 1,
                allow_private_addresses: false,
                allow_networks: Vec::new(),
            },
            server: None,
            schedule: Schedule::default(),
            feeds: BTreeMap::new(),
            actors: BTreeMap::new(),
            groups: BTreeMap::new(),
            countries: BTreeMap::new(),
            offices: BTreeMap::new(),
            cues: BTreeMap::new(),
            events: BTreeMap::new(),
            rules: BTreeMap::new(),
            receivers: BTreeMap::new(),
            routes: Vec::new(),
            tests: Vec::new(),
        };
        let source = Source { path: "test.toml".into(), text: "".into() };
        Self { config, diagnostics: Diagnostics { sources: vec![source], found: Vec::new() } }
    }

    /// Two leaders, one with two terms of office known, a ministry without offices, and three groups.
    pub fn with_leaders() -> Self {
        let mut setup = Self::new();
        setup.actor(
            "xi",
            &["Xi Jinping", "Xi", "习近平"],
            &["Chinese president", "China's leader"],
            &[office("2013-03-14", None)],
        );
        let terms = [office("2017-01-20", Some("2021-01-19")), office("2025-01-20", None)];
        setup.actor("trump", &["Donald Trump", "Trump", "Трамп"], &["US president"], &terms);
        setup.actor("mofcom", &["MOFCOM"], &["commerce ministry"], &[]);
        setup.actor("ghost", &[], &[], &[]);
        setup.group("leaders", Group::Roles(vec!["head-of-state".to_owned()]));
        setup.group("pair", Group::Actors(vec!["trump".to_owned(), "xi".to_owned()]));
        setup
    }

    pub fn actor(&mut self, id: &str, names: &[&str], titles: &[&str], office: &[Office]) -> &mut Self {
        let mut locate = |texts: &[&str]| texts.iter().map(|text| self.locate(&format!("{text:?}"), text)).collect();
        let actor = Actor { names: locate(names), titles: locate(titles), country: None, office: office.to_vec() };
        self.config.actors.insert(id.to_owned(), actor);
        self
    }

    pub fn group(&mut self, name: &str, group: Group) -> &mut Self {
        self.config.groups.insert(name.to_owned(), group);
        self
    }

    pub fn rule(&mut self, name: &str, when: &str) -> &mut Self {
        let when = self.locate(&format!("'''\n{when}'''"), when);
        let spot = when.spot.clone();
        let condition = Condition::When(Expression { text: when, dialect: Dialect::Wirewatch, stem: None });
        let (severity, updates) = (Severity::Medium, Updates::default());
        let rule = Rule { condition, spot, feeds: None, severity, updates, alert: true };
        self.config.rules.insert(name.to_owned(), rule);
        self
    }

    pub fn feed(&mut self, name: &str, tags: &[&str]) -> &mut Self {
        let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
        let url = Url::parse("https://feed.example/").unwrap();
        let feed = Feed {
            url,
            every: None,
            outlet: name.to_owned(),
            backlog: Duration::ZERO,
            tags,
            hints: true,
            full_text: FullText::Never,
            allow_networks: Vec::new(),
        };
        self.config.feeds.insert(name.to_owned(), feed);
        self
    }

    pub fn stem(&mut self, rule: &str, language: &str) -> &mut Self {
        let located = self.locate(&format!("{language:?}"), language);
        self.expression(rule).stem = Some(located);
        self
    }

    /// The expression of a rule, to be changed.
    pub fn expression(&mut self, rule: &str) -> &mut Expression {
        match &mut self.config.rules.get_mut(rule).unwrap().condition {
            Condition::When(expression) => expression,
            _ => panic!("`{rule}` has no expression"),
        }
    }

    pub fn locate(&mut self, literal: &str, value: &str) -> Located<String> {
        let source = &mut self.diagnostics.sources[0];
        let start = source.text.len() + "x = ".len();
        source.text = format!("{}x = {literal}\n", source.text).into();
        let spot = Spot { source: 0, span: start..start + literal.len() };
        Located { value: value.to_owned(), spot }
    }

    pub fn compile(&mut self) -> RuleSet {
        RuleSet::compile(&self.config, &mut self.diagnostics)
    }
}

pub fn office(from: &str, to: Option<&str>) -> Office {
    let day = |text: &str| text.parse::<Date>().unwrap();
    Office { role: "head-of-state".to_owned(), from: Some(day(from)), to: to.map(day) }
}

pub fn article(title: &str, text: &str) -> Article {
    let day = "2025-06-05T12:00:00Z".parse().unwrap();
    Article {
        key: ArticleKey("1".to_owned()),
        feed: None,
        outlet: "Test".to_owned(),
        url: None,
        title: title.to_owned(),
        text: text.to_owned(),
        author: None,
        language: None,
        published: Some(day),
        first_seen: day,
    }
}

/// What one rule finds in an article.
pub fn find_in(when: &str, article: &Article) -> Option<Match> {
    let mut setup = Setup::with_leaders();
    let rules = setup.rule("rule", when).compile();
    assert_eq!(setup.diagnostics.errors(), 0, "{}", setup.diagnostics.render(false));
    rules.matches(article, &Analysis::of(article)).pop()
}

/// The words that prove a rule in a body text, or nothing.
pub fn found(when: &str, body: &str) -> Vec<String> {
    let found = find_in(when, &article("", body));
    found.map(|found| found.evidence.into_iter().map(|evidence| evidence.text).collect()).unwrap_or_default()
}

pub fn holds(when: &str, body: &str) -> bool {
    !found(when, body).is_empty()
}

/// The first finding on an expression: its message, the text it points at, its hint.
pub fn finding(when: &str) -> (String, String, String) {
    let mut setup = Setup::with_leaders();
    setup.rule("rule", when).compile();
    let first: &Diagnostic = setup.diagnostics.found.first().unwrap_or_else(|| panic!("nothing wrong with {when:?}"));
    let place = setup.diagnostics.text(first.spot.as_ref().unwrap()).to_owned();
    (first.message.clone(), place, first.hint.clone().unwrap_or_default())
}

/// The canonical form of an expression, if it has one.
pub fn canonical(when: &str, dialect: Dialect) -> Option<String> {
    let mut setup = Setup::with_leaders();
    setup.rule("rule", when).expression("rule").dialect = dialect;
    let rules = setup.compile();
    rules.expressions().map(|(_, written)| written).next()
}

/// The first thing said of an expression in another language.
pub fn refusal(when: &str, dialect: Dialect) -> String {
    let mut setup = Setup::new();
    setup.rule("rule", when).expression("rule").dialect = dialect;
    setup.compile();
    setup.diagnostics.found.first().map(|found| found.message.clone()).unwrap_or_default()
}
