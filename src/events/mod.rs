//! Which real-world events an article reports: what kind, who, when, and did it happen.
//!
//! An event kind is data. Its words, the names of actors and countries, offices and cues are found in one walk (`lexis`); a
//! `scene` lays them out by sentence; `people` tells who is meant; `between` and `act` put tellings together, each with
//! `features` whose weights, data as well, decide. What is left is the article's word on what happened.

mod act;
mod between;
mod circumstances;
mod clause;
mod features;
mod gist;
mod issuer;
mod lexis;
mod people;
mod phrases;
mod scene;
mod settle;
mod timing;
mod titles;
mod who;
mod wording;

use std::collections::BTreeMap;

use jiff::civil::Date;

use act::Acts;
use between::Between;
use circumstances::Circumstances;
pub use features::Detail;
use lexis::Lexis;
use people::Casting;
use phrases::Phrases;
use scene::{Scene, Sentence, Standing};
use settle::{dated, settle};
use timing::When;
use who::Who;

use crate::config::{Config, Form};
use crate::model::{Article, Event, Evidence, Precision, Role, Status, Value};
use crate::text::Index;
use crate::text::vocabulary::{Vocabulary, WordId};

/// Reads articles for every kind of event.
#[derive(Debug, Default)]
pub struct Recogniser {
    lexis: Lexis,
    who: Who,
}

/// An event an article reports, with the places that say so.
#[derive(Debug, Clone, PartialEq)]
pub struct Recognised {
    /// The event.
    pub event: Event,
    /// What it rests on, in order of place.
    pub evidence: Vec<Evidence>,
}

/// The cues that speak for a status. Where an event is told as done, the kind's own words for it do, too.
pub fn cues(status: Status) -> &'static [&'static str] {
    match status {
        Status::Occurred => &["took-place", "lasted"],
        Status::Planned => &["planned", "preparing", "intent", "soon"],
        Status::Threatened => &["threatened", "condition", "proposal"],
        Status::Denied => &["denied", "none", "unanswered", "cancelled"],
        Status::Background => &["background", "recalled", "doc-look-back"],
    }
}

/// One sentence's telling of an event, weighed: news if the score is above zero.
#[derive(Debug, Clone)]
pub struct Telling {
    /// The kind of event.
    pub kind: String,
    /// The sum of its features' weights.
    pub score: f64,
    /// What spoke for and against it.
    pub features: Vec<String>,
    /// What the article as a whole weighs for the kind; part of the score.
    pub gist: f64,
    /// Where it stands.
    pub evidence: Vec<Evidence>,
    finding: Finding,
    /// The sentence and word it shares with tellings of which only one can be right.
    rivals: Option<(usize, usize)>,
}

/// What a telling says, apart from whether it is news.
#[derive(Debug, Clone)]
struct Finding {
    /// Its sentence, and the word in it that tells.
    at: (usize, usize),
    fields: BTreeMap<String, Value>,
    when: When,
    /// The recent day that the sentence or those before it name, whatever of.
    told: Option<Date>,
    /// The day of publication.
    today: Date,
    standing: Standing,
}

impl Telling {
    /// What other tellings of the event should know. Only the headline and the lead speak for the whole article: a long one says
    /// everything somewhere.
    fn says_elsewhere(&self) -> Vec<String> {
        if self.finding.standing > Standing::Lead {
            return Vec::new();
        }
        let beside =
            |feature: &String| Some(feature.strip_prefix("before:").or_else(|| feature.strip_prefix("after:"))?.to_owned());
        let doubts = self.features.iter().filter_map(beside).filter(|cue| features::DOUBTS.contains(&cue.as_str()));
        let mut said: Vec<String> = doubts.map(|cue| format!("elsewhere:{cue}")).collect();
        if self.finding.when != When::Unsaid {
            said.push(format!("elsewhere:{}", self.finding.when.as_str()));
        }
        said.extend(self.features.contains(&"infinitive".to_owned()).then(|| "elsewhere:infinitive".to_owned()));
        said
    }

    /// Whether its sentence has one of these cues.
    fn says(&self, cues: &[&str]) -> bool {
        self.features.iter().filter_map(|feature| feature.strip_prefix("cue:")).any(|cue| cues.contains(&cue))
    }

    /// Whether the headline or the lead says outright that it was not so: the cue right before what is denied, beside it or
    /// part of it.
    fn is_denied(&self) -> bool {
        let is_about_it = |feature: &String| {
            let cue = ["before:", "beside:", "on:"].iter().find_map(|place| feature.strip_prefix(place));
            cue.is_some_and(|cue| cues(Status::Denied).contains(&cue))
        };
        let is_everyday = self.features.iter().any(|feature| feature == "core:thing" || feature == "trigger:weak");
        self.finding.standing <= Standing::Lead && !is_everyday && self.features.iter().any(is_about_it)
    }

    /// The fields by which tellings of one event within an article are known.
    pub fn key(&self) -> Vec<String> {
        let actors = self.actors();
        if actors.is_empty() { self.field("imposer") } else { actors }
    }

    fn actors(&self) -> Vec<String> {
        self.field("actors")
    }

    fn field(&self, name: &str) -> Vec<String> {
        match self.finding.fields.get(name) {
            Some(Value::One(value)) => vec![value.clone()],
            Some(Value::Many(values)) => values.clone(),
            _ => Vec::new(),
        }
    }
}

impl Recogniser {
    /// Compiles the kinds of a configuration.
    pub fn compile(config: &Config, vocabulary: &mut Vocabulary) -> Self {
        Self { lexis: Lexis::of(config, vocabulary), who: Who::of(config) }
    }

    /// The words of which an article has one if it tells of a kind.
    pub fn carriers(&self, kind: &str) -> &[WordId] {
        self.lexis.kind(kind).map_or(&[], |kind| &kind.carriers)
    }

    /// The events an article reports.
    pub fn recognise(&self, article: &Article, index: &Index<'_>) -> Vec<Recognised> {
        if self.lexis.kinds.is_empty() {
            return Vec::new();
        }
        let scene = Scene::of(&self.lexis, article, index);
        let circumstances = Circumstances { lexis: &self.lexis, who: &self.who, scene: &scene };
        let recognised = |telling: Telling| {
            let event = event(&telling);
            Recognised { evidence: circumstances.evidence(&event, &telling), event }
        };
        settle(self.weigh(&scene, index, Detail::Weighed)).into_iter().map(recognised).collect()
    }

    /// Every telling of every kind, weighed.
    pub fn tellings(&self, article: &Article, index: &Index<'_>, detail: Detail) -> Vec<Telling> {
        self.weigh(&Scene::of(&self.lexis, article, index), index, detail)
    }

    /// Lets each telling know what the article's other tellings of the same event say of it.
    fn compare(&self, tellings: &mut [Telling]) {
        let said: Vec<(String, Vec<String>, Vec<String>, When)> = tellings
            .iter()
            .map(|telling| (telling.kind.clone(), telling.key(), telling.says_elsewhere(), telling.finding.when))
            .collect();
        for (own, telling) in tellings.iter_mut().enumerate() {
            let same = || said.iter().enumerate().filter(|(_, (kind, key, ..))| *kind == telling.kind && *key == telling.key());
            let heard = same().filter(|(other, _)| *other != own).flat_map(|(_, (.., said, _))| said.clone());
            let dated = dated(same().map(|(_, (.., when))| *when)).to_owned();
            for feature in heard.chain([dated]).collect::<Vec<String>>() {
                if !telling.features.contains(&feature) {
                    telling.features.push(feature);
                }
            }
            let weights = self.lexis.kind(&telling.kind).map(|known| &known.weights);
            telling.score = telling.gist + weights.map_or(0.0, |weights| features::score(&telling.features, weights));
        }
    }

    fn weigh(&self, scene: &Scene<'_>, index: &Index<'_>, detail: Detail) -> Vec<Telling> {
        let mut castings: Vec<Casting<'_>> = Vec::new();
        for kind in &self.lexis.kinds {
            if !castings.iter().any(|casting| casting.roles == kind.roles) {
                castings.push(Casting::of(&self.lexis, &self.who, scene, &kind.roles));
            }
        }
        let mut tellings: Vec<Telling> = Vec::new();
        for kind in &self.lexis.kinds {
            let Some(casting) = castings.iter().find(|casting| casting.roles == kind.roles) else { continue };
            let phrases = Phrases::of(casting, kind);
            let mut told = match kind.form {
                Form::Between => Between { casting, kind, phrases, detail }.tellings(),
                Form::Act => Acts { casting, kind, phrases, detail }.tellings(),
            };
            if !told.is_empty() {
                let gist = kind.gist.weigh(index);
                told.iter_mut().for_each(|telling| telling.gist = gist);
            }
            tellings.append(&mut told);
        }
        self.compare(&mut tellings);
        tellings
    }
}

fn event(telling: &Telling) -> Event {
    let finding = &telling.finding;
    let (date, date_precision) = match finding.when {
        When::Recent(date) | When::Old(date) => (Some(date), Precision::Day),
        // what has been decided has happened, though it may take effect later
        When::Ahead(_) | When::Unsaid if telling.score > 0.0 => match finding.told {
            Some(day) => (Some(day), Precision::Day),
            None => (Some(finding.today), Precision::Published),
        },
        When::Ahead(date) => (Some(date), Precision::Day),
        When::Unsaid => (None, Precision::Published),
    };
    let status = match telling.finding.when {
        _ if telling.score > 0.0 => Status::Occurred,
        When::Old(_) => Status::Background,
        When::Ahead(_) => Status::Planned,
        _ if telling.is_denied() => Status::Denied,
        _ if telling.says(cues(Status::Threatened)) => Status::Threatened,
        _ if telling.says(cues(Status::Planned)) => Status::Planned,
        _ => Status::Background,
    };
    Event { kind: telling.kind.clone(), date, date_precision, status, fields: telling.finding.fields.clone() }
}

fn evidence(scene: &Scene<'_>, sentence: &Sentence, first: usize, last: usize, role: Role) -> Evidence {
    scene.text(sentence.field).evidence(sentence.field, first, last, role)
}
