//! `[actors.*]` and `[groups.*]`.

use std::collections::BTreeMap;

use super::diagnostic::{Diagnostics, Located, Spot};
use super::reader::Reader;
use super::sections::{Named, named, suggestion};
use super::value::{FromItem, OneOrMany};
use super::{Actor, Group, Office};

pub(super) fn actors(files: &mut [Reader<'_>], diagnostics: &mut Diagnostics) -> Named<Actor> {
    named(files, "actors", diagnostics, |name, table, diagnostics| {
        let actor = Actor {
            names: table.optional("names", diagnostics).unwrap_or_default(),
            titles: table.optional("titles", diagnostics).unwrap_or_default(),
            country: table.optional("country", diagnostics),
            office: table.optional("office", diagnostics).unwrap_or_default(),
        };
        if actor.names.is_empty() && actor.titles.is_empty() {
            diagnostics
                .error(&name.spot, format!("[actors.{}] has no `names`", name.value))
                .hint("nothing in an article could ever mean it");
        }
        Some(actor)
    })
}

impl FromItem for Office {
    fn read(item: &super::reader::Item<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let mut table = item.table(diagnostics)?;
        let role = table.required("role", diagnostics);
        let (from, to) = (table.optional("from", diagnostics), table.optional("to", diagnostics));
        table.finish(diagnostics);
        if let (Some(first), Some(last)) = (from, to)
            && last < first
        {
            return item.unusable(
                format!("the office ends ({last}) before it begins ({first})"),
                "swap `from` and `to`",
                diagnostics,
            );
        }
        Some(Self { role: role?, from, to })
    }
}

pub(super) fn groups(
    files: &mut [Reader<'_>],
    actors: &BTreeMap<String, Spot>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, Group> {
    let groups = named(files, "groups", diagnostics, |name, table, diagnostics| {
        let listed = table.optional::<Vec<Located<String>>>("actors", diagnostics);
        let roles = roles(table, diagnostics);
        match (listed, roles) {
            (Some(listed), None) => Some(Group::Actors(known(&listed, actors, diagnostics))),
            (None, Some(roles)) => Some(Group::Roles(roles)),
            _ => {
                let message = format!("[groups.{}] must have either `actors` or `where`", name.value);
                diagnostics.error(&name.spot, message).hint("write `actors = [\"…\"]` or `where = { role = \"…\" }`");
                None
            }
        }
    });
    for (name, spot) in groups.declared.iter().filter(|(name, _)| actors.contains_key(*name)) {
        diagnostics
            .error(spot, format!("`{name}` is an actor already"))
            .hint("`@name` in a rule could mean either: rename one of them");
    }
    groups.values
}

fn roles(table: &mut Reader<'_>, diagnostics: &mut Diagnostics) -> Option<Vec<String>> {
    let mut condition = table.table("where", diagnostics)?;
    let roles = condition.required::<OneOrMany<String>>("role", diagnostics);
    condition.finish(diagnostics);
    roles.map(|roles| roles.0)
}

fn known(listed: &[Located<String>], actors: &BTreeMap<String, Spot>, diagnostics: &mut Diagnostics) -> Vec<String> {
    for name in listed.iter().filter(|name| !actors.contains_key(&name.value)) {
        let hint = suggestion(&name.value, actors.keys().map(String::as_str), "actors are defined in [actors.ID]");
        diagnostics.error(&name.spot, format!("there is no actor `{}`", name.value)).hint(hint);
    }
    listed.iter().map(|name| name.value.clone()).collect()
}
