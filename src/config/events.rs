//! `[countries.*]`, `[offices.*]`, `[cues]` and `[events.*]`: what there is to know about the world and its events.

use std::collections::BTreeMap;
use std::time::Duration;

use super::diagnostic::Diagnostics;
use super::reader::{Item, Reader};
use super::sections::{Named, named};
use super::value::FromItem;
use super::{Country, EventKind, Form};

/// How long an occurrence stays news, unless its kind says otherwise.
const NEWS: Duration = Duration::from_secs(3 * 24 * 60 * 60);

pub(super) fn countries(files: &mut [Reader<'_>], diagnostics: &mut Diagnostics) -> Named<Country> {
    named(files, "countries", diagnostics, |_, table, diagnostics| {
        Some(Country {
            names: table.optional("names", diagnostics).unwrap_or_default(),
            people: table.optional("people", diagnostics).unwrap_or_default(),
            metonyms: table.optional("metonyms", diagnostics).unwrap_or_default(),
            places: table.optional("places", diagnostics).unwrap_or_default(),
            led_by: table.optional("led_by", diagnostics),
            utc: table.optional("utc", diagnostics),
        })
    })
}

/// The words for each office, by role.
pub(super) fn offices(files: &mut [Reader<'_>], diagnostics: &mut Diagnostics) -> Named<Vec<String>> {
    named(files, "offices", diagnostics, |_, table, diagnostics| table.required("titles", diagnostics))
}

/// The cues of all files together, by what they say of an event.
pub(super) fn cues(files: &mut [Reader<'_>], diagnostics: &mut Diagnostics) -> BTreeMap<String, Vec<String>> {
    let mut cues: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files {
        for (cue, phrases) in file.map::<Vec<String>>("cues", diagnostics) {
            cues.entry(cue).or_default().extend(phrases);
        }
    }
    cues
}

pub(super) fn kinds(files: &mut [Reader<'_>], diagnostics: &mut Diagnostics) -> Named<EventKind> {
    named(files, "events", diagnostics, |_, table, diagnostics| {
        let form = table.required("form", diagnostics);
        Some(EventKind {
            news: table.optional("news", diagnostics).unwrap_or(NEWS),
            who: table.optional("who", diagnostics).unwrap_or_default(),
            words: table.map("words", diagnostics),
            acts: table.map("acts", diagnostics),
            weights: table.map("weights", diagnostics),
            gist: table.map("gist", diagnostics),
            form: form?,
        })
    })
}

impl FromItem for Form {
    fn read(item: &Item<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        match item.text("\"between\" or \"act\"", diagnostics)? {
            "between" => Some(Self::Between),
            "act" => Some(Self::Act),
            other => item.unusable(format!("`{other}` is not a form of event"), "write \"between\" or \"act\"", diagnostics),
        }
    }
}
