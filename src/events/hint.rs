//! What an article hints at: an event that more of its text might report.

use super::Recogniser;
use super::lexis::{Class, Kind};
use super::people::{Casting, Sureness};
use super::scene::{Scene, country_of};
use crate::config::Form;
use crate::model::Article;
use crate::text::Index;

/// What an article has of one kind of event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The kind.
    pub kind: String,
    /// Those who may take part and are named, by name or by office and country. Of a measure only those whose trade it is: leaders
    /// may decide one, and do much else.
    pub actors: Vec<String>,
    /// Whether it is spoken of: a word that means it outright stands there, and somebody or some country that could be behind it.
    pub is_spoken_of: bool,
}

impl Recogniser {
    /// What an article hints at, one hint for each kind.
    pub fn hints(&self, article: &Article, index: &Index<'_>) -> Vec<Hint> {
        let scene = Scene::of(&self.lexis, article, index);
        let is_somebody_there = !scene.home.is_empty()
            || scene.has(|class| country_of(class).is_some() || matches!(class, Class::Actor(_) | Class::Office(_)));
        let hint = |kind: &Kind| Hint {
            kind: kind.name.clone(),
            actors: self.participants(kind, &scene),
            is_spoken_of: is_somebody_there && speaks_of(kind, &scene),
        };
        self.lexis.kinds.iter().map(hint).collect()
    }

    fn participants(&self, kind: &Kind, scene: &Scene<'_>) -> Vec<String> {
        let casting = Casting::of(&self.lexis, &self.who, scene, &kind.roles);
        let people = (0..scene.sentences.len()).flat_map(|place| casting.people(place));
        let surely = people.filter(|person| person.sureness <= Sureness::Titled).filter_map(|person| person.actor);
        let counts = |actor: &usize| kind.form == Form::Between || !self.who.leads(*actor, scene.today);
        let mut actors: Vec<String> = surely.filter(counts).map(|actor| self.who.id(actor).to_owned()).collect();
        actors.sort();
        actors.dedup();
        actors
    }
}

/// Whether a word of a kind stands there that is used of little else.
fn speaks_of(kind: &Kind, scene: &Scene<'_>) -> bool {
    let outright: &[&str] = if kind.form == Form::Between { &["strong"] } else { &["strong", "object"] };
    scene.sentences.iter().any(|sentence| outright.iter().any(|class| kind.words(sentence, class).next().is_some()))
}
