//! From TOML to a [`Config`] whose values are all well-formed and whose names all resolve, or every reason why not.
//!
//! Rule texts are kept as written: the `rules` module compiles them and adds its findings to the same list.

pub mod diagnostic;
mod events;
mod full_text;
mod load;
mod people;
mod reader;
mod receivers;
mod rule;
mod rule_tests;
mod schedule;
mod secret;
mod sections;
mod server;
mod value;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use jiff::civil::Date;
use url::Url;

pub use diagnostic::{Diagnostics, Located, Spot};
pub use full_text::FullText;
pub use load::{load, load_with};
pub use rule::{Condition, Dialect, EventCondition, Expression, HealthCondition, Rule};
pub use schedule::Schedule;
pub use secret::Secret;
pub use server::Server;

use crate::model::{Article, Severity, Value};

/// Everything the configuration says.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where state is kept.
    pub state: State,
    /// How servers are asked.
    pub http: Http,
    /// Where the daemon can be asked how it is; `None` for nowhere.
    pub server: Option<Server>,
    /// How often feeds are polled.
    pub schedule: Schedule,
    /// What is watched, by name.
    pub feeds: BTreeMap<String, Feed>,
    /// Who can be named in rules, by id.
    pub actors: BTreeMap<String, Actor>,
    /// Actors under one name.
    pub groups: BTreeMap<String, Group>,
    /// Countries and blocs, by ISO 3166 code in lower case, or `eu`.
    pub countries: BTreeMap<String, Country>,
    /// The words for each office, by role.
    pub offices: BTreeMap<String, Vec<String>>,
    /// Words that say whether and when something happened, by what they say.
    pub cues: BTreeMap<String, Vec<String>>,
    /// What can happen, by kind.
    pub events: BTreeMap<String, EventKind>,
    /// What rings, by name.
    pub rules: BTreeMap<String, Rule>,
    /// Who can be told, by name; never empty.
    pub receivers: BTreeMap<String, Receiver>,
    /// Who is told of what, in order; empty means everybody of everything.
    pub routes: Vec<Route>,
    /// What the rules are tried on, in order.
    pub tests: Vec<Test>,
}

/// `[state]`
#[derive(Debug, Clone)]
pub struct State {
    /// The SQLite file, relative paths taken from the working directory.
    pub sqlite: PathBuf,
}

/// `[http]`
#[derive(Debug, Clone)]
pub struct Http {
    /// The `User-Agent` field.
    pub user_agent: String,
    /// The largest body taken, before and after decompression, in bytes.
    pub max_body: u64,
    /// The longest a whole exchange may take.
    pub timeout: Duration,
    /// Requests under way at once.
    pub max_connections: usize,
    /// Requests under way at once to one host.
    pub max_connections_per_host: usize,
    /// Whether loopback, private and link-local addresses may be asked.
    pub allow_private_addresses: bool,
    /// Networks that may be asked although they are private.
    pub allow_networks: Vec<IpNet>,
}

impl Http {
    /// The same for somebody for whom further networks are open.
    pub fn allowing(&self, networks: &[IpNet]) -> Self {
        let mut http = self.clone();
        http.allow_networks.extend_from_slice(networks);
        http
    }
}

/// `[feeds.NAME]`
#[derive(Debug, Clone)]
pub struct Feed {
    /// Where it is.
    pub url: Url,
    /// A fixed pause between polls; without one the pause adapts.
    pub every: Option<Duration>,
    /// Who publishes it, as shown to people.
    pub outlet: String,
    /// How old an article may be to ring at the first fetch.
    pub backlog: Duration,
    /// Labels for `feeds = ["tag:…"]` of a rule.
    pub tags: Vec<String>,
    /// Whether what the feed says about when to ask it is heeded.
    pub hints: bool,
    /// Of which articles the page is read.
    pub full_text: FullText,
    /// Networks that may be asked for this feed although they are private, besides those for all.
    pub allow_networks: Vec<IpNet>,
}

/// `[actors.ID]`
#[derive(Debug, Clone)]
pub struct Actor {
    /// Names, aliases and transliterations.
    pub names: Vec<Located<String>>,
    /// What they are called instead of by name.
    pub titles: Vec<Located<String>>,
    /// ISO 3166 code in lower case, or `eu`.
    pub country: Option<String>,
    /// The offices held.
    pub office: Vec<Office>,
}

/// One term of office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// Such as `head-of-state`.
    pub role: String,
    /// First day, where known.
    pub from: Option<Date>,
    /// Last day, where over.
    pub to: Option<Date>,
}

/// `[groups.NAME]`
#[derive(Debug, Clone)]
pub enum Group {
    /// Exactly these actors.
    Actors(Vec<String>),
    /// Whoever holds one of these roles on the day.
    Roles(Vec<String>),
}

/// `[countries.CODE]`
#[derive(Debug, Clone, Default)]
pub struct Country {
    /// What it is called.
    pub names: Vec<String>,
    /// What its people and things are called.
    pub people: Vec<String>,
    /// What is said for its government: a capital, a building.
    pub metonyms: Vec<String>,
    /// Where its news is written.
    pub places: Vec<String>,
    /// The office that governs it where another one ranks higher.
    pub led_by: Option<String>,
    /// Hours by which its capital is ahead of UTC.
    pub utc: Option<i8>,
}

/// How an event is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Something between persons: a call, a meeting.
    Between,
    /// Something an issuer does to an object: a measure.
    Act,
}

/// `[events.KIND]`
#[derive(Debug, Clone)]
pub struct EventKind {
    /// How it is told.
    pub form: Form,
    /// The roles of those who may take part or issue; empty for anybody.
    pub who: Vec<String>,
    /// How long an occurrence stays news.
    pub news: Duration,
    /// What it is recognised by, in classes.
    pub words: BTreeMap<String, Vec<String>>,
    /// The verbs of each action.
    pub acts: BTreeMap<String, Vec<String>>,
    /// What each feature of a telling weighs.
    pub weights: BTreeMap<String, f64>,
    /// What each word of an article weighs, wherever it stands.
    pub gist: BTreeMap<String, f64>,
}

/// `[receivers.NAME.CHANNEL]`
#[derive(Debug, Clone)]
pub struct Receiver {
    /// How it is reached.
    pub channel: Channel,
    /// When a delivery is tried again.
    pub retry: Retry,
    /// Where it is defined.
    pub spot: Spot,
}

/// How a receiver is reached.
#[derive(Debug, Clone)]
pub enum Channel {
    /// By mail.
    Email(Email),
    /// By HTTP POST.
    Webhook(Webhook),
    /// On the terminal.
    Stdout(Stdout),
}

/// `[receivers.NAME.email]`
#[derive(Debug, Clone)]
pub struct Email {
    /// The sender, name and address.
    pub from: lettre::message::Mailbox,
    /// The recipients; never empty.
    pub to: Vec<lettre::message::Mailbox>,
    /// The server.
    pub smtp: Smtp,
    /// What to authenticate with, where a user is given.
    pub password: Option<Secret>,
}

/// `smtp[s|+starttls]://[user@]host[:port]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Smtp {
    /// How the connection is secured.
    pub security: SmtpSecurity,
    /// Who logs in.
    pub user: Option<String>,
    /// The server's name or address.
    pub host: String,
    /// Its port; 25, 465 and 587 by default.
    pub port: u16,
}

/// How a connection to a mail server is secured. There is no opportunistic kind: a downgrade is never silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// Not at all (`smtp://`).
    None,
    /// TLS from the first byte (`smtps://`, RFC 8314).
    Tls,
    /// TLS after STARTTLS, or nothing (`smtp+starttls://`, RFC 3207).
    StartTls,
}

/// `[receivers.NAME.webhook]`
#[derive(Debug, Clone)]
pub struct Webhook {
    /// Where to post.
    pub url: Url,
    /// What to sign with; absent, requests go out unsigned.
    pub secret: Option<Secret>,
    /// Networks that may be asked for this receiver although they are private, besides those for all.
    pub allow_networks: Vec<IpNet>,
}

/// `[receivers.NAME.stdout]`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stdout {
    /// One JSON object a line instead of text.
    pub json: bool,
}

/// When a delivery that failed is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Retry {
    /// The schedule of the Standard Webhooks specification: ten tries over three days.
    #[default]
    Standard,
    /// Pauses that double from `first` to `max`, until `give_up` has passed since the alert.
    Doubling {
        /// The first pause.
        first: Duration,
        /// The longest pause.
        max: Duration,
        /// When to stop trying.
        give_up: Duration,
    },
}

/// `[[routes]]`
#[derive(Debug, Clone)]
pub struct Route {
    /// Rules it is for, as globs; empty for all.
    pub rules: Vec<glob::Pattern>,
    /// Severities it is for; empty for all.
    pub severities: Vec<Severity>,
    /// Names of receivers; never empty.
    pub to: Vec<String>,
    /// Whether later routes are looked at as well.
    pub go_on: bool,
}

/// `[[test]]`
#[derive(Debug, Clone)]
pub struct Test {
    /// What it shows, in a sentence.
    pub name: String,
    /// Where it is defined.
    pub spot: Spot,
    /// The article, first seen when it was published.
    pub article: Article,
    /// What must fire.
    pub expect: Vec<Expectation>,
    /// The rules that must fire for nothing else; `None` for all.
    pub silent: Option<Vec<String>>,
}

/// A match that a test expects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// The rule that must fire.
    pub rule: String,
    /// The day of its event.
    pub date: Option<Date>,
    /// Further fields of its event, by name.
    pub fields: BTreeMap<&'static str, Value>,
}
