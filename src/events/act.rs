//! Acts: an issuer does something to an object. A duty is raised, a licence required, a company listed.

use std::collections::BTreeMap;

use super::features::{Detail, Features};
use super::issuer::Issuer;
use super::lexis::{Class, Kind};
use super::people::Casting;
use super::phrases::Phrases;
use super::scene::{Scene, Sentence, Standing, country_of, gap};
use super::timing::{When, told_on, when};
use super::wording::{form, goods, rate};
use super::{Finding, Telling};
use crate::model::{Evidence, Field, Role, Value};
use crate::text::Hit;

/// How far an act may stand from its object, in words.
const REACH: usize = 16;
/// Objects of one sentence that may carry a telling.
const MAX_CORES: usize = 3;

/// Reads an article for one kind.
pub(super) struct Acts<'c> {
    pub(super) casting: &'c Casting<'c>,
    pub(super) kind: &'c Kind,
    pub(super) phrases: Phrases<'c>,
    pub(super) detail: Detail,
}

/// What carries a telling: an object and the verb nearest to it, or a phrase that is both.
struct Core<'s> {
    object: &'s Hit<Class>,
    act: Option<(&'s Hit<Class>, u16)>,
    /// The class of word it rests on.
    carries: &'static str,
}

/// What the headline has of the matter.
#[derive(Clone, Copy)]
struct Headline {
    /// Something that may carry a telling, and no everyday word.
    tells: bool,
    /// A word that says what it is about.
    names: bool,
}

impl<'s> Core<'s> {
    fn anchor(&self) -> &'s Hit<Class> {
        self.act.map_or(self.object, |(act, _)| act)
    }

    fn gap(&self) -> usize {
        self.act.map_or(usize::MAX, |(act, _)| gap((self.object.first, self.object.last), act))
    }
}

impl Acts<'_> {
    /// Every telling, weighed.
    pub(super) fn tellings(&self) -> Vec<Telling> {
        let mut tellings = Vec::new();
        let headline = self.headline();
        for (place, sentence) in self.scene().sentences.iter().enumerate() {
            for core in self.cores(sentence) {
                let when = when(self.scene(), sentence, core.anchor().first, self.kind.news_days);
                let features = self.describe(place, &core, when, headline);
                let issuers = self.issuers(sentence, core.object, core.anchor());
                let telling = |issuer| self.telling(place, &core, when, issuer, features.clone());
                if issuers.is_empty() {
                    tellings.push(telling(None));
                }
                tellings.extend(issuers.iter().map(|issuer| telling(Some(issuer))));
            }
        }
        tellings
    }

    pub(super) fn scene(&self) -> &Scene<'_> {
        self.casting.scene
    }

    /// What may carry a sentence's tellings: words that say what it is about, each with the verb nearest to it, or else everyday
    /// words beside a verb.
    fn cores<'s>(&self, sentence: &'s Sentence) -> Vec<Core<'s>> {
        let of = |carries: &'static str| {
            self.kind.words(sentence, carries).map(move |object| Core {
                object,
                act: self.nearest_act(sentence, object),
                carries,
            })
        };
        let mut cores: Vec<Core<'s>> = of("strong").chain(of("object")).collect();
        if cores.is_empty() {
            cores.extend(of("thing").filter(|core| core.act.is_some()));
        }
        cores.sort_by_key(Core::gap);
        let mut kept: Vec<Core<'s>> = Vec::new();
        for core in cores {
            if kept.len() < MAX_CORES && !kept.iter().any(|known| known.anchor().first == core.anchor().first) {
                kept.push(core);
            }
        }
        kept
    }

    /// The nearest verb of an action, which is not the object's own word.
    fn nearest_act<'s>(&self, sentence: &'s Sentence, object: &Hit<Class>) -> Option<(&'s Hit<Class>, u16)> {
        let acts = sentence.hits.iter().filter_map(|hit| match hit.class {
            Class::Act(kind, action) if kind == self.kind.number => Some((hit, action)),
            _ => None,
        });
        acts.filter(|(act, _)| (1..=REACH).contains(&gap((object.first, object.last), act)))
            .min_by_key(|(act, _)| gap((object.first, object.last), act))
    }

    /// What can be said of a telling, whoever is behind it.
    fn describe(&self, place: usize, core: &Core<'_>, when: When, headline: Headline) -> Features<'_> {
        let sentence = &self.scene().sentences[place];
        let anchor = core.anchor();
        let mut features = Features::of(self.kind, self.detail);
        features.add_surroundings(self.casting, sentence, anchor.first, anchor.last, when);
        self.phrases.describe(&mut features, place, anchor.first, anchor.last);
        self.describe_core(&mut features, sentence, core);
        let form = form(self.scene().text(sentence.field), sentence, anchor);
        features.add(format!("form:{form}"));
        features.add(format!("form:{form}+{}", sentence.standing.as_str()));
        features.add_tense(matches!(form, "past" | "passive" | "present"), when, sentence.standing.as_str());
        if headline.tells && sentence.standing != Standing::Title {
            features.add("title:core");
        }
        if headline.names {
            features.add("title:object");
        }
        features
    }

    fn telling(&self, place: usize, core: &Core<'_>, when: When, issuer: Option<&Issuer>, mut features: Features<'_>) -> Telling {
        let sentence = &self.scene().sentences[place];
        self.describe_issuer(&mut features, sentence, core, issuer);
        Telling {
            kind: self.kind.name.clone(),
            score: 0.0,
            features: features.into_inner(),
            gist: 0.0,
            finding: Finding {
                at: (place, core.object.first),
                fields: self.fields(sentence, core, issuer),
                when,
                told: told_on(self.scene(), place, self.kind.news_days),
                today: self.scene().today,
                standing: sentence.standing,
            },
            evidence: self.evidence(sentence, core),
            rivals: (!issuer.is_some_and(|issuer| issuer.joint)).then_some((place, core.anchor().first)),
        }
    }

    fn action(&self, core: &Core<'_>) -> &str {
        core.act.and_then(|(_, action)| self.kind.acts.get(usize::from(action))).map_or("impose", String::as_str)
    }

    fn describe_core(&self, features: &mut Features<'_>, sentence: &Sentence, core: &Core<'_>) {
        let text = self.scene().text(sentence.field);
        let action = self.action(core);
        features.add(format!("act:{action}"));
        features.add_words(text, core.object.first, core.object.last);
        features.add_words(text, core.anchor().first, core.anchor().last);
        features.add(format!("core:{}", core.carries));
        features.add(format!("core:{}+{}", core.carries, sentence.standing.as_str()));
        features.add(format!("act:{action}+{}", core.carries));
        match core.act {
            Some((act, _)) => {
                features.add(distance(core.object, act));
                features.add(if act.first < core.object.first { "order:act-first" } else { "order:object-first" });
            }
            None => features.add(format!("alone:{}", core.carries)),
        }
        if rate(sentence, text).is_some() {
            features.add("rate");
        }
    }

    fn describe_issuer(&self, features: &mut Features<'_>, sentence: &Sentence, core: &Core<'_>, issuer: Option<&Issuer>) {
        let source = issuer.map_or("nobody", |issuer| issuer.source);
        features.add(format!("who:{source}"));
        features.add(format!("who:{source}+{}", sentence.standing.as_str()));
        features.add(format!("who:{source}+{}", core.carries));
        if issuer.is_some_and(|issuer| issuer.joint) {
            features.add("who:joint");
        }
    }

    fn headline(&self) -> Headline {
        let sentences = || self.scene().sentences.iter().filter(|sentence| sentence.field == Field::Title);
        Headline {
            tells: sentences().any(|sentence| self.cores(sentence).iter().any(|core| core.carries != "thing")),
            names: sentences().any(|sentence| self.kind.words(sentence, "object").next().is_some()),
        }
    }

    fn fields(&self, sentence: &Sentence, core: &Core<'_>, issuer: Option<&Issuer>) -> BTreeMap<String, Value> {
        let text = self.scene().text(sentence.field);
        let one = |value: Option<String>| value.map_or(Value::Unknown(()), Value::One);
        let is_goods = |class: Class| self.casting.lexis.is_cue(class, "goods");
        BTreeMap::from([
            ("imposer".to_owned(), one(issuer.map(|issuer| issuer.country.clone()))),
            ("target".to_owned(), Value::Many(self.targets(sentence, issuer))),
            ("action".to_owned(), Value::One(self.action(core).to_owned())),
            ("object".to_owned(), one(goods(sentence, text, core.object, is_goods))),
            ("rate".to_owned(), one(rate(sentence, text))),
        ])
    }

    fn evidence(&self, sentence: &Sentence, core: &Core<'_>) -> Vec<Evidence> {
        let evidence = |hit: &Hit<Class>| super::evidence(self.scene(), sentence, hit.first, hit.last, Role::Trigger);
        std::iter::once(evidence(core.object)).chain(core.act.map(|(act, _)| evidence(act))).collect()
    }

    /// Whom it is done to: the other countries of the sentence, else of the headline, else everybody.
    fn targets(&self, sentence: &Sentence, issuer: Option<&Issuer>) -> Vec<String> {
        let own = issuer.map(|issuer| issuer.country.as_str()).unwrap_or_default();
        let countries = |sentence: &Sentence| {
            let mut found: Vec<String> = sentence
                .hits
                .iter()
                .filter_map(|hit| country_of(hit.class))
                .map(|country| self.casting.code(country).to_owned())
                .collect();
            found.retain(|country| country != own);
            found.sort();
            found.dedup();
            found
        };
        let here = countries(sentence);
        let found = if here.is_empty() { self.scene().sentences.first().map(countries).unwrap_or_default() } else { here };
        if found.is_empty() { vec!["all".to_owned()] } else { found }
    }
}

fn distance(object: &Hit<Class>, act: &Hit<Class>) -> &'static str {
    match gap((object.first, object.last), act) {
        0..=2 => "gap:none",
        3..=5 => "gap:small",
        6..=9 => "gap:some",
        _ => "gap:wide",
    }
}
