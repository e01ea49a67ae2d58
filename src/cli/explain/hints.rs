//! What of an event is in an article that tells of none: words that might announce one, names that might take part.

use crate::config::{Config, EventKind, Form};
use crate::text::vocabulary::Vocabulary;
use crate::text::{Analysis, Casing, Lexicon, Text};

/// Classes of words that announce an event between persons, the surest first.
const TRIGGERS: [&str; 3] = ["strong", "verb", "weak"];
/// Classes of words for what a measure is about, the surest first.
const OBJECTS: [&str; 3] = ["strong", "object", "thing"];
/// The most words quoted.
const QUOTED: usize = 3;

/// The first thing that a kind of event needs and an article does not have, in a sentence.
pub(super) fn missing(kind: &EventKind, config: &Config, analysis: &Analysis) -> String {
    match kind.form {
        Form::Between => {
            let names = config.actors.values().flat_map(|actor| actor.names.iter().map(|name| name.value.as_str()));
            let (triggers, named) = (found(of(kind, &TRIGGERS), analysis), found(names, analysis));
            match (triggers.as_slice(), named.as_slice()) {
                ([], []) => "no word announces one, and nobody known is named".to_owned(),
                ([], _) => format!("no word announces one, though {} named", quoted(&named, "is", "are")),
                (_, []) => format!("{} announce one, but nobody known is named", quoted(&triggers, "might", "might")),
                _ => {
                    let triggers = quoted(&triggers, "might", "might");
                    format!("{triggers} announce one, but no two of those who may take part stand with it")
                }
            }
        }
        Form::Act => {
            let acts = kind.acts.values().flatten().map(String::as_str);
            let (objects, steps) = (found(of(kind, &OBJECTS), analysis), found(acts, analysis));
            match (objects.as_slice(), steps.as_slice()) {
                ([], _) => "no word says that it is about such a measure".to_owned(),
                (_, []) => format!("{} it might be about, but nothing is done to it", quoted(&objects, "is what", "are what")),
                _ => format!("{} too far from what is done ({})", quoted(&objects, "stands", "stand"), steps.join(", ")),
            }
        }
    }
}

fn of<'k>(kind: &'k EventKind, classes: &'k [&str]) -> impl Iterator<Item = &'k str> {
    classes.iter().filter_map(|class| kind.words.get(*class)).flatten().map(String::as_str)
}

/// The phrases that an article has, as it writes them, each once.
fn found<'p>(phrases: impl Iterator<Item = &'p str>, analysis: &Analysis) -> Vec<String> {
    let (mut lexicon, mut vocabulary) = (Lexicon::default(), Vocabulary::default());
    for phrase in phrases {
        lexicon.add(phrase, Casing::Capitalised, (), &mut vocabulary);
    }
    vocabulary.finish();
    let written = |text: &Text| {
        let (mut hits, mut end) = (lexicon.find_in(text, &vocabulary), None);
        // "call" inside "phone call" is no word of its own
        hits.retain(|hit| {
            let outside = end.is_none_or(|end| hit.first > end);
            end = if outside { Some(hit.last) } else { end };
            outside
        });
        hits.into_iter()
            .filter_map(|hit| text.plain().get(text.bytes(hit.first, hit.last)).map(str::to_owned))
            .collect::<Vec<_>>()
    };
    let mut found: Vec<String> = Vec::new();
    for phrase in [&analysis.title, &analysis.body].into_iter().flat_map(written) {
        if !found.contains(&phrase) && found.len() < QUOTED {
            found.push(phrase);
        }
    }
    found
}

fn quoted(phrases: &[String], one: &str, several: &str) -> String {
    let quotes: Vec<String> = phrases.iter().map(|phrase| format!("“{phrase}”")).collect();
    format!("{} {}", quotes.join(", "), if quotes.len() == 1 { one } else { several })
}
