//! `[state]`, `[http]`, `[feeds.*]` and `[rules.*]`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use bytesize::ByteSize;

use super::diagnostic::{Diagnostics, Located, Spot, nearest};
use super::reader::Reader;
use super::value::OneOrMany;
use super::{Condition, EventCondition, Expression, Feed, HealthCondition, Http, Rule, State};
use crate::model::{Ailment, Status};

/// The shortest fixed pause between polls: less is an attack, not a subscription.
pub(super) const MIN_EVERY: Duration = Duration::from_secs(1);
/// How fresh an article must be to ring at the first fetch, unless the feed says otherwise.
const BACKLOG: Duration = Duration::from_secs(24 * 60 * 60);
/// The largest body taken, unless configured.
const MAX_BODY: ByteSize = ByteSize::mib(8);
/// The longest an exchange may take, unless configured.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Requests under way at once, unless configured.
const MAX_CONNECTIONS: usize = 64;

/// Named things as far as they could be read, with every name that was declared: one that could not be read is no reason to
/// report those who refer to it.
pub(super) struct Named<T> {
    pub(super) values: BTreeMap<String, T>,
    pub(super) declared: BTreeMap<String, Spot>,
}

/// Reads the tables under `key` of all files; a name given twice is an error.
pub(super) fn named<T>(
    files: &mut [Reader<'_>],
    key: &'static str,
    diagnostics: &mut Diagnostics,
    mut read: impl FnMut(&Located<String>, &mut Reader<'_>, &mut Diagnostics) -> Option<T>,
) -> Named<T> {
    let mut named = Named { values: BTreeMap::new(), declared: BTreeMap::new() };
    for file in files {
        for (name, item) in file.named_items(key, diagnostics) {
            let Some(mut table) = item.table(diagnostics) else { continue };
            if let Some(first) = named.declared.get(&name.value) {
                let place = diagnostics.place(first);
                diagnostics
                    .error(&name.spot, format!("[{key}.{}] is defined twice", name.value))
                    .hint(format!("first at {place}"));
                continue;
            }
            if let Some(value) = read(&name, &mut table, diagnostics) {
                named.values.insert(name.value.clone(), value);
            }
            table.finish(diagnostics);
            named.declared.insert(name.value, name.spot);
        }
    }
    named
}

/// The one table `key` among all files.
pub(super) fn single<'t>(files: &mut [Reader<'t>], key: &'static str, diagnostics: &mut Diagnostics) -> Option<Reader<'t>> {
    let mut first: Option<Reader<'t>> = None;
    for file in files {
        let Some(table) = file.table(key, diagnostics) else { continue };
        match &first {
            None => first = Some(table),
            Some(first) => {
                let place = diagnostics.place(first.spot());
                diagnostics.error(table.spot(), format!("[{key}] is given twice")).hint(format!("first at {place}"));
            }
        }
    }
    first
}

pub(super) fn state(files: &mut [Reader<'_>], diagnostics: &mut Diagnostics) -> State {
    let mut sqlite = PathBuf::from("wirewatch.db");
    if let Some(mut table) = single(files, "state", diagnostics) {
        if let Some(url) = table.required::<Located<String>>("url", diagnostics) {
            match url.value.strip_prefix("sqlite:").filter(|path| !path.is_empty()) {
                Some(path) => sqlite = path.strip_prefix("//").unwrap_or(path).into(),
                None => {
                    let message = format!("`{}` is not a place for state that this version knows", url.value);
                    diagnostics.error(&url.spot, message).hint("write \"sqlite:wirewatch.db\", with the path of a local file");
                }
            }
        }
        table.finish(diagnostics);
    }
    State { sqlite }
}

pub(super) fn http(files: &mut [Reader<'_>], diagnostics: &mut Diagnostics) -> Http {
    let mut http = Http {
        user_agent: user_agent(None),
        max_body: MAX_BODY.as_u64(),
        timeout: TIMEOUT,
        max_connections: MAX_CONNECTIONS,
        max_connections_per_host: 1,
        allow_private_addresses: false,
        allow_networks: Vec::new(),
    };
    let Some(mut table) = single(files, "http", diagnostics) else { return http };
    let contact = header_text(&mut table, "contact", diagnostics);
    http.user_agent = header_text(&mut table, "user_agent", diagnostics).unwrap_or_else(|| user_agent(contact.as_deref()));
    http.max_body = table.optional("max_body", diagnostics).unwrap_or(MAX_BODY).as_u64();
    http.timeout = table.optional("timeout", diagnostics).unwrap_or(TIMEOUT);
    http.max_connections = table.optional("max_connections", diagnostics).unwrap_or(MAX_CONNECTIONS);
    http.max_connections_per_host = table.optional("max_connections_per_host", diagnostics).unwrap_or(1);
    http.allow_private_addresses = table.optional("allow_private_addresses", diagnostics).unwrap_or(false);
    http.allow_networks = table.optional("allow_networks", diagnostics).unwrap_or_default();
    table.finish(diagnostics);
    http
}

fn user_agent(contact: Option<&str>) -> String {
    let contact = contact.map(|contact| format!("; {contact}")).unwrap_or_default();
    format!("wirewatch/{} (+{}{contact})", env!("CARGO_PKG_VERSION"), env!("CARGO_PKG_REPOSITORY"))
}

/// Text that goes into a header field: visible ASCII and spaces (RFC 9110 §5.5), so that it cannot carry another field.
fn header_text(table: &mut Reader<'_>, key: &'static str, diagnostics: &mut Diagnostics) -> Option<String> {
    let text = table.optional::<Located<String>>(key, diagnostics)?;
    if text.value.chars().all(|c| c == ' ' || c.is_ascii_graphic()) {
        return Some(text.value);
    }
    diagnostics.error(&text.spot, format!("`http.{key}` goes into a header field")).hint("use printable ASCII on one line");
    None
}

pub(super) fn feeds(files: &mut [Reader<'_>], diagnostics: &mut Diagnostics) -> Named<Feed> {
    named(files, "feeds", diagnostics, |name, table, diagnostics| {
        let url = table.required("url", diagnostics);
        let every = table.optional::<Located<Duration>>("every", diagnostics);
        if let Some(every) = every.as_ref().filter(|every| every.value < MIN_EVERY) {
            diagnostics.error(&every.spot, "a feed cannot be polled that often").hint("the shortest pause is \"1s\"");
        }
        Some(Feed {
            every: every.map(|every| every.value),
            outlet: table.optional("outlet", diagnostics).unwrap_or_else(|| name.value.clone()),
            backlog: table.optional("backlog", diagnostics).unwrap_or(BACKLOG),
            tags: table.optional("tags", diagnostics).unwrap_or_default(),
            hints: table.optional("hints", diagnostics).unwrap_or(true),
            full_text: table.optional("full_text", diagnostics).unwrap_or_default(),
            allow_networks: table.optional("allow_networks", diagnostics).unwrap_or_default(),
            url: url?,
        })
    })
}

pub(super) fn rules(
    files: &mut [Reader<'_>],
    feeds: &Named<Feed>,
    kinds: &BTreeMap<String, Spot>,
    diagnostics: &mut Diagnostics,
) -> Named<Rule> {
    named(files, "rules", diagnostics, |name, table, diagnostics| {
        let condition = condition(name, table, kinds, diagnostics);
        let patterns: Option<Vec<Located<glob::Pattern>>> = table.optional("feeds", diagnostics);
        Some(Rule {
            severity: table.optional("severity", diagnostics).unwrap_or_default(),
            updates: table.optional("updates", diagnostics).unwrap_or_default(),
            alert: table.optional("alert", diagnostics).unwrap_or(true),
            feeds: patterns
                .map(|patterns| patterns.iter().flat_map(|pattern| chosen_feeds(pattern, feeds, diagnostics)).collect()),
            spot: name.spot.clone(),
            condition: condition?,
        })
    })
}

/// What a rule asks: `when`, or `event` with its conditions.
fn condition(
    name: &Located<String>,
    table: &mut Reader<'_>,
    kinds: &BTreeMap<String, Spot>,
    diagnostics: &mut Diagnostics,
) -> Option<Condition> {
    if table.has("health") {
        return health(name, table, diagnostics);
    }
    let given = (table.has("when"), table.has("event"));
    let (when, event) = (table.optional("when", diagnostics), table.optional::<Located<String>>("event", diagnostics));
    let dialect = table.optional("dialect", diagnostics).unwrap_or_default();
    let stem = table.optional("stem", diagnostics);
    let actors = table.optional("actors", diagnostics).unwrap_or_default();
    let status = table.optional::<OneOrMany<Status>>("status", diagnostics).map_or(vec![Status::Occurred], |status| status.0);
    match given {
        (true, false) => when.map(|text| Condition::When(Expression { text, dialect, stem })),
        (false, true) => {
            let kind = known_kind(event?, kinds, diagnostics)?;
            Some(Condition::Event(EventCondition { kind, actors, status }))
        }
        _ => {
            let message = format!("[rules.{}] must have either `when` or `event`", name.value);
            diagnostics
                .error(&name.spot, message)
                .hint("write `when = \'…\'` with an expression, or `event = \"…\"` with a kind");
            None
        }
    }
}

/// `health` and `for`: of a rule on feeds, to which nothing else applies that is asked of articles.
fn health(name: &Located<String>, table: &mut Reader<'_>, diagnostics: &mut Diagnostics) -> Option<Condition> {
    let ailments = table.optional::<OneOrMany<Ailment>>("health", diagnostics);
    let patience = table.optional("for", diagnostics);
    if ["when", "event"].iter().any(|key| table.has(key)) {
        let message = format!("[rules.{}] cannot ask for articles and for the health of feeds at once", name.value);
        diagnostics.error(&name.spot, message).hint("make two rules of it");
        let _ = (table.item("when"), table.item("event"));
    }
    Some(Condition::Health(HealthCondition { ailments: ailments?.0, patience }))
}

fn known_kind(kind: Located<String>, kinds: &BTreeMap<String, Spot>, diagnostics: &mut Diagnostics) -> Option<String> {
    if !kinds.contains_key(&kind.value) {
        let hint = suggestion(&kind.value, kinds.keys().map(String::as_str), "kinds are defined in [events.KIND]");
        diagnostics.error(&kind.spot, format!("there is no kind of event `{}`", kind.value)).hint(hint);
        return None;
    }
    Some(kind.value)
}

/// The feeds that `tag:…` or a pattern of names stands for; none at all is a mistake.
fn chosen_feeds(pattern: &Located<glob::Pattern>, feeds: &Named<Feed>, diagnostics: &mut Diagnostics) -> BTreeSet<String> {
    let text = pattern.value.as_str();
    let chosen: BTreeSet<String> = match text.strip_prefix("tag:") {
        Some(tag) => {
            feeds.values.iter().filter(|(_, feed)| feed.tags.iter().any(|t| t == tag)).map(|(name, _)| name.clone()).collect()
        }
        None => feeds.declared.keys().filter(|name| pattern.value.matches(name)).cloned().collect(),
    };
    if chosen.is_empty() {
        let known: BTreeSet<String> = match text.strip_prefix("tag:") {
            Some(_) => feeds.values.values().flat_map(|feed| &feed.tags).map(|tag| format!("tag:{tag}")).collect(),
            None => feeds.declared.keys().cloned().collect(),
        };
        let hint = suggestion(text, known.iter().map(String::as_str), "feeds are named in [feeds.NAME], tags in their `tags`");
        diagnostics.error(&pattern.spot, format!("no feed is meant by `{text}`")).hint(hint);
    }
    chosen
}

/// "did you mean …?" where something is near, else the general advice.
pub(super) fn suggestion<'a>(word: &str, known: impl IntoIterator<Item = &'a str>, otherwise: &str) -> String {
    nearest(word, known).map_or_else(|| otherwise.to_owned(), |known| format!("did you mean `{known}`?"))
}
