//! What can be said of a telling, in words that have weights.

use std::fmt;

use foldhash::HashMap;

use super::clause::clause;
use super::lexis::{Class, Kind, Lexis};
use super::people::Casting;
use super::scene::{Scene, Sentence, Standing};
use super::timing::{When, judge};
use crate::model::Field;
use crate::text::Text;

/// How long most kinds stay news, in days.
const USUAL_NEWS_DAYS: i64 = 3;
/// How near a cue must stand to a word to be about it, in words.
const NEAR: usize = 5;
/// How near it must stand to be right beside it.
const BESIDE: usize = 2;

/// Cues that cast doubt on whether something happened, or happened now: they count in headlines and beside other tellings, too.
pub(super) const DOUBTS: [&str; 16] = [
    "planned",
    "preparing",
    "soon",
    "condition",
    "intent",
    "threatened",
    "proposal",
    "probe",
    "urging",
    "denied",
    "none",
    "negation",
    "cancelled",
    "unanswered",
    "background",
    "recalled",
];
/// Cues beside a word that make it something to come.
const TO_COME: [&str; 5] = ["planned", "preparing", "condition", "intent", "proposal"];
/// Cues beside a word that make it something that was not.
const UNDONE: [&str; 5] = ["denied", "none", "negation", "cancelled", "unanswered"];

/// The sum of what features weigh.
pub(super) fn score(features: &[String], weights: &HashMap<String, f64>) -> f64 {
    let bias = weights.get("bias").copied().unwrap_or_default();
    bias + features.iter().filter_map(|feature| weights.get(feature)).sum::<f64>()
}

/// Which phrases become features.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Those that weigh something.
    Weighed,
    /// Every one: weights are to be found.
    Every,
}

/// Features of a telling, each once.
#[derive(Debug, Clone)]
pub(super) struct Features<'k> {
    own: Vec<String>,
    /// The weights that decide which phrases are features; without, all are.
    weights: Option<&'k HashMap<String, f64>>,
    scratch: String,
}

impl<'k> Features<'k> {
    pub(super) fn of(kind: &'k Kind, detail: Detail) -> Self {
        let weights = (detail == Detail::Weighed).then_some(&kind.weights);
        Self { own: Vec::new(), weights, scratch: String::new() }
    }

    /// None yet, for the same kind.
    pub(super) fn blank(&self) -> Self {
        Self { own: Vec::new(), weights: self.weights, scratch: String::new() }
    }

    pub(super) fn add(&mut self, feature: impl Into<String>) {
        let feature = feature.into();
        if !self.own.contains(&feature) {
            self.own.push(feature);
        }
    }

    /// Adds a phrase if it matters.
    pub(super) fn phrase(&mut self, write: impl FnOnce(&mut String) -> fmt::Result) {
        self.scratch.clear();
        let written = write(&mut self.scratch).is_ok();
        if written && self.weights.is_none_or(|weights| weights.contains_key(&self.scratch)) && !self.own.contains(&self.scratch)
        {
            self.own.push(self.scratch.clone());
        }
    }

    /// Which words carry it.
    pub(super) fn add_words(&mut self, text: &Text, first: usize, last: usize) {
        let words: Vec<&str> = (first..=last).filter_map(|place| text.word(place)).collect();
        self.add(format!("word:{}", words.join(" ")));
    }

    /// Adds phrases found before; they are new.
    pub(super) fn extend(&mut self, phrases: &[String]) {
        self.own.extend_from_slice(phrases);
    }

    pub(super) fn into_inner(self) -> Vec<String> {
        self.own
    }

    /// What every telling is asked: where it stands, what cues stand around it and over the article, when it was.
    pub(super) fn add_surroundings(&mut self, casting: &Casting<'_>, sentence: &Sentence, first: usize, last: usize, when: When) {
        let (lexis, scene) = (casting.lexis, casting.scene);
        self.add(format!("at:{}", sentence.standing.as_str()));
        self.add(format!("when:{}", when.as_str()));
        self.add(format!("when:{}+{}", when.as_str(), sentence.standing.as_str()));
        self.add_cues(lexis, scene.text(sentence.field), sentence, first, last);
        self.add_clause(lexis, scene.text(sentence.field), sentence, first);
        for other in &scene.sentences {
            self.add_from_afar(lexis, other, sentence);
        }
        self.add(format!("days:{}", days_named(scene)));
        let text = scene.text(sentence.field);
        if text.is_quoted(first) {
            self.add("quoted");
        }
        if is_infinitive(lexis, text, sentence, first) {
            self.add("infinitive");
        }
        if text.plain().get(text.bytes(sentence.last, sentence.last).end..).is_some_and(|rest| rest.starts_with('?')) {
            self.add("question");
        }
    }

    /// How the words tell of it: as done, as to come, or both; with when it was and where it stands.
    pub(super) fn add_tense(&mut self, done: bool, when: When, standing: &str) {
        let has = |feature: &str| self.own.iter().any(|own| own == feature);
        let stands = |cue: &str, places: &[&str]| places.iter().any(|place| has(&format!("{place}:{cue}")));
        let to_come =
            has("infinitive") || has("beside:soon") || TO_COME.iter().any(|cue| stands(cue, &["before", "beside", "on"]));
        let tense = match (done, to_come) {
            (true, false) => "done",
            (false, true) => "to-come",
            (true, true) => "both",
            (false, false) => "unclear",
        };
        let doubted = UNDONE.iter().any(|cue| stands(cue, &["before", "beside"]));
        self.add(format!("tense:{tense}"));
        self.add(format!("tense:{tense}+{}", when.as_str()));
        self.add(format!("tense:{tense}+{standing}"));
        if doubted {
            self.add("doubted");
            self.add(format!("doubted+{tense}"));
        }
    }

    fn add_cues(&mut self, lexis: &Lexis, text: &Text, sentence: &Sentence, first: usize, last: usize) {
        let near = NEAR * words_in_signs(text, first);
        let beside = BESIDE * words_in_signs(text, first);
        for hit in &sentence.hits {
            let Class::Cue(cue) = hit.class else { continue };
            let Some(name) = lexis.cues.get(usize::from(cue)).filter(|name| !SILENT.contains(&name.as_str())) else { continue };
            self.add(format!("cue:{name}"));
            let (ahead, behind) = (first.checked_sub(hit.last), hit.first.checked_sub(last));
            if ahead.or(behind).is_some_and(|gap| (1..=beside).contains(&gap)) {
                self.add(format!("beside:{name}"));
            }
            match (ahead, behind) {
                (Some(gap), _) if (1..=near).contains(&gap) => self.add(format!("before:{name}")),
                (_, Some(gap)) if (1..=near).contains(&gap) => self.add(format!("after:{name}")),
                _ if hit.first <= last && first <= hit.last => self.add(format!("on:{name}")),
                _ => {}
            }
        }
    }

    /// The cues of the clause a word stands in.
    fn add_clause(&mut self, lexis: &Lexis, text: &Text, sentence: &Sentence, place: usize) {
        let clause = clause(lexis, text, sentence, place);
        for hit in &sentence.hits {
            let Class::Cue(cue) = hit.class else { continue };
            let Some(name) = lexis.cues.get(usize::from(cue)).filter(|name| !SILENT.contains(&name.as_str())) else { continue };
            if clause.contains(&hit.first) {
                self.add(format!("clause:{name}"));
            }
        }
        let dated = sentence.dates.iter().any(|date| clause.contains(&date.words.start));
        self.add(if dated { "clause:dated" } else { "clause:undated" });
        self.add(if clause.start() == &sentence.first { "clause:first" } else { "clause:later" });
    }

    fn add_from_afar(&mut self, lexis: &Lexis, other: &Sentence, own: &Sentence) {
        let is_title = other.field == Field::Title && own.field != Field::Title;
        for hit in &other.hits {
            let Class::Cue(cue) = hit.class else { continue };
            let Some(name) = lexis.cues.get(usize::from(cue)) else { continue };
            if is_title && DOUBTS.contains(&name.as_str()) {
                self.add(format!("title:{name}"));
            }
            if name.starts_with("doc-") {
                self.add(name.as_str());
            }
        }
    }
}

/// Which days the article's beginning names: recent ones, old ones, both, none.
fn days_named(scene: &Scene<'_>) -> &'static str {
    let beginning = scene.sentences.iter().filter(|sentence| sentence.standing <= Standing::Early);
    let whens: Vec<When> =
        beginning.flat_map(|sentence| &sentence.dates).map(|date| judge(date, scene.today, USUAL_NEWS_DAYS)).collect();
    let recent = whens.iter().any(|when| matches!(when, When::Recent(_)));
    let old = whens.iter().any(|when| matches!(when, When::Old(_)));
    match (recent, old) {
        (true, true) => "both",
        (true, false) => "recent",
        (false, true) => "old",
        (false, false) => "none",
    }
}

/// Whether a word hangs on a verb after "to", as in "to hold phone talks", but not in "spoke to the president by phone".
fn is_infinitive(lexis: &Lexis, text: &Text, sentence: &Sentence, first: usize) -> bool {
    sentence.hits.iter().any(|hit| {
        let before = hit.first.checked_sub(1).and_then(|place| text.word(place));
        let is_verb = lexis.is_cue(hit.class, "infinitive");
        is_verb && hit.first <= first && first - hit.first <= NEAR && before.is_some_and(|word| LEADS_TO_A_VERB.contains(&word))
    })
}

/// Words before a verb that is still to be done.
const LEADS_TO_A_VERB: [&str; 8] = ["to", "will", "would", "may", "might", "could", "shall", "should"];
/// Cues that are read where people are told apart, and say nothing of time or truth.
const SILENT: [&str; 7] = ["pronoun", "counterpart", "government", "goods", "infinitive", "clause", "courtesy"];

/// How many signs a word takes where the text at a place is written without blanks, each sign a word of its own; else 1.
fn words_in_signs(text: &Text, place: usize) -> usize {
    if text.is_sign(place) { 3 } else { 1 }
}
