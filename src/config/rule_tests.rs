//! `[[test]]`: an article, with what the rules must find in it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::diagnostic::{Diagnostics, Located, Spot};
use super::reader::{Item, Reader};
use super::sections::suggestion;
use super::value::{FromItem, OneOrMany};
use super::{Expectation, Test};
use crate::model::{Article, ArticleKey, Value};

/// The fields of an event that a test may hold to its word, apart from its date.
const FIELDS: [&str; 8] = ["kind", "status", "actors", "imposer", "target", "action", "object", "rate"];

/// The names a test may refer to.
pub(super) struct Known<'a> {
    pub(super) rules: &'a BTreeMap<String, Spot>,
    pub(super) feeds: &'a BTreeMap<String, Spot>,
}

pub(super) fn tests(files: &mut [Reader<'_>], known: &Known<'_>, diagnostics: &mut Diagnostics) -> Vec<Test> {
    let mut tests = Vec::new();
    for file in files {
        let Some(item) = file.item("test") else { continue };
        let Some(tables) = item.elements().or_else(|| item.expected("tables under [[test]]", diagnostics)) else { continue };
        tests.extend(tables.iter().filter_map(|table| test(&mut table.table(diagnostics)?, known, diagnostics)));
    }
    tests
}

fn test(table: &mut Reader<'_>, known: &Known<'_>, diagnostics: &mut Diagnostics) -> Option<Test> {
    let name = table.required::<String>("name", diagnostics);
    let article = article(table, name.clone().unwrap_or_default(), known, diagnostics);
    let expect = expectations(table, known, diagnostics);
    let silent = table.optional::<Vec<Located<String>>>("silent", diagnostics);
    table.finish(diagnostics);
    for rule in silent.iter().flatten() {
        check("rule", rule, known.rules, diagnostics);
    }
    let silent = silent.map(|rules| rules.into_iter().map(|rule| rule.value).collect());
    Some(Test { name: name?, spot: table.spot().clone(), article: article?, expect, silent })
}

/// The article, judged at the moment it was published.
fn article(table: &mut Reader<'_>, name: String, known: &Known<'_>, diagnostics: &mut Diagnostics) -> Option<Article> {
    let published: Option<Timestamp> = table.required("published", diagnostics);
    let title = table.required("title", diagnostics);
    let feed = table.optional::<Located<String>>("feed", diagnostics);
    if let Some(feed) = &feed {
        check("feed", feed, known.feeds, diagnostics);
    }
    let mut text = |key| table.optional::<String>(key, diagnostics);
    Some(Article {
        key: ArticleKey(name),
        outlet: text("outlet").unwrap_or_default(),
        url: text("url"),
        text: text("text").unwrap_or_default(),
        author: text("author"),
        language: text("lang"),
        feed: feed.map(|feed| feed.value),
        title: title?,
        published,
        first_seen: published?,
    })
}

fn expectations(table: &mut Reader<'_>, known: &Known<'_>, diagnostics: &mut Diagnostics) -> Vec<Expectation> {
    let Some(item) = table.item("expect") else { return Vec::new() };
    let Some(tables) = item.elements().or_else(|| item.expected("a list of tables", diagnostics)) else { return Vec::new() };
    tables.iter().filter_map(|item| expectation(item, known, diagnostics)).collect()
}

fn expectation(item: &Item<'_>, known: &Known<'_>, diagnostics: &mut Diagnostics) -> Option<Expectation> {
    let mut table = item.table(diagnostics)?;
    let rule = table.required::<Located<String>>("rule", diagnostics);
    if let Some(rule) = &rule {
        check("rule", rule, known.rules, diagnostics);
    }
    let date = table.optional::<Date>("date", diagnostics);
    let fields = FIELDS.into_iter().filter_map(|field| Some((field, table.optional::<Value>(field, diagnostics)?))).collect();
    table.finish(diagnostics);
    Some(Expectation { rule: rule?.value, date, fields })
}

fn check(what: &str, name: &Located<String>, known: &BTreeMap<String, Spot>, diagnostics: &mut Diagnostics) {
    if !known.contains_key(&name.value) {
        let hint = suggestion(&name.value, known.keys().map(String::as_str), &format!("{what}s are defined in [{what}s.NAME]"));
        diagnostics.error(&name.spot, format!("there is no {what} `{}`", name.value)).hint(hint);
    }
}

impl FromItem for Value {
    fn read(item: &Item<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        match item.elements() {
            Some(_) => OneOrMany::read(item, diagnostics).map(|values| Self::Many(values.0)),
            None => String::read(item, diagnostics).map(Self::One),
        }
    }
}

impl FromItem for Timestamp {
    fn read(item: &Item<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let text = match item.value.get_ref().as_datetime() {
            Some(moment) => moment.to_string(),
            None => item.text("a moment", diagnostics)?.to_owned(),
        };
        let moment = text.parse::<Self>().map_err(|_| format!("`{text}` is not a moment"));
        item.parsed(moment, "write moments like \"2025-06-05T14:00:00Z\"", diagnostics)
    }
}
