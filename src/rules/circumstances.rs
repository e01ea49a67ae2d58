//! What in an article shows how an event stands, when it was and whose it is: the cue, the date expression and the issuer's name
//! beside its trigger.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::config::Config;
use crate::events::{Recognised, cues};
use crate::model::{Event, Evidence, Field, Precision, Role, Status};
use crate::text::{Analysis, Hit, Lexicon, Sentence, Text, dates};

/// The class of a kind's words that say it was done.
const DONE: &str = "past";

/// Finds cues, date expressions and issuers for events that were recognised.
#[derive(Debug)]
pub struct Circumstances {
    lexicon: Lexicon<usize>,
    /// The names behind the lexicon's numbers.
    classes: Vec<String>,
}

/// Where the trigger of an event stands.
struct Anchor<'a> {
    field: Field,
    text: &'a Text,
    sentence: Sentence,
    word: usize,
}

impl Circumstances {
    /// Takes the cues of a configuration, of each kind of event the words that say it was done, and what countries and their
    /// people are called.
    pub fn of(config: &Config) -> Self {
        let mut phrases: BTreeMap<String, Vec<&String>> = BTreeMap::new();
        for (cue, words) in &config.cues {
            phrases.entry(cue.clone()).or_default().extend(words);
        }
        for (kind, words) in &config.events {
            phrases.entry(done(kind)).or_default().extend(words.words.get(DONE).into_iter().flatten());
        }
        for (code, country) in &config.countries {
            let called = [&country.names, &country.people, &country.metonyms].into_iter().flatten();
            phrases.entry(issued_by(code)).or_default().extend(called);
        }
        for actor in config.actors.values() {
            let names = actor.names.iter().map(|name| &name.value);
            phrases.entry(issued_by(actor.country.as_deref().unwrap_or_default())).or_default().extend(names);
        }
        let mut lexicon = Lexicon::default();
        for (number, phrases) in phrases.values().enumerate() {
            phrases.iter().for_each(|phrase| lexicon.add(phrase, number));
        }
        Self { lexicon, classes: phrases.into_keys().collect() }
    }

    /// All that an event rests on, in order of place: what was found with it, its cue, its date.
    pub fn evidence(&self, found: &Recognised, analysis: &Analysis) -> Vec<Evidence> {
        let mut evidence = found.evidence.clone();
        if let Some(anchor) = anchor(&found.evidence, analysis) {
            let hits = self.lexicon.find(anchor.text);
            evidence.extend(self.cue(&found.event, &anchor, &hits).or_else(|| self.doubt(&found.event, analysis)));
            evidence.extend(self.issuer(&found.event, &anchor, &hits));
            evidence.extend(date(found, analysis, &anchor));
        }
        evidence.sort();
        evidence.dedup_by(|one, other| one.field == other.field && one.start == other.start && one.end == other.end);
        evidence
    }

    /// The word nearest to the trigger that speaks for the event's status. What is told as done says so beside its trigger; any
    /// doubt may stand in another sentence, as the weights know.
    fn cue(&self, event: &Event, anchor: &Anchor<'_>, hits: &[Hit<usize>]) -> Option<Evidence> {
        let done = done(&event.kind);
        let speaks = |hit: &&Hit<usize>| self.speaks(event, hit) || event.status == Status::Occurred && self.class(hit) == done;
        let inside = hits.iter().filter(|hit| anchor.holds(hit.first, hit.last)).filter(speaks);
        let nearest = inside.min_by_key(|hit| hit.first.abs_diff(anchor.word))?;
        Some(anchor.evidence(nearest.first, nearest.last, Role::Cue))
    }

    /// The first word of the article that speaks against its having happened.
    fn doubt(&self, event: &Event, analysis: &Analysis) -> Option<Evidence> {
        let fields = [Field::Title, Field::Body].into_iter().filter(|_| event.status != Status::Occurred);
        fields.into_iter().find_map(|field| {
            let text = analysis.text(field);
            let hit = self.lexicon.find(text).into_iter().find(|hit| self.speaks(event, hit))?;
            Some(text.evidence(field, hit.first, hit.last, Role::Cue))
        })
    }

    fn speaks(&self, event: &Event, hit: &Hit<usize>) -> bool {
        cues(event.status).contains(&self.class(hit))
    }

    /// The name of the government that issues a measure, or of somebody of it: in the trigger's sentence, or else the text's first.
    fn issuer(&self, event: &Event, anchor: &Anchor<'_>, hits: &[Hit<usize>]) -> Option<Evidence> {
        let class = issued_by(event.values("imposer").first()?);
        let named = || hits.iter().filter(|hit| self.class(hit) == class);
        let inside = named().filter(|hit| anchor.holds(hit.first, hit.last));
        let hit = inside.min_by_key(|hit| hit.first.abs_diff(anchor.word)).or_else(|| named().next())?;
        Some(anchor.evidence(hit.first, hit.last, Role::Actor))
    }

    fn class(&self, hit: &Hit<usize>) -> &str {
        self.classes.get(hit.class).map_or("", String::as_str)
    }
}

impl Anchor<'_> {
    fn holds(&self, first: usize, last: usize) -> bool {
        self.sentence.first_word <= first && last <= self.sentence.last_word
    }

    fn evidence(&self, first: usize, last: usize, role: Role) -> Evidence {
        self.text.evidence(self.field, first, last, role)
    }
}

fn issued_by(country: &str) -> String {
    format!("by:{country}")
}

fn done(kind: &str) -> String {
    format!("{DONE}:{kind}")
}

/// The sentence of the first trigger.
fn anchor<'a>(evidence: &[Evidence], analysis: &'a Analysis) -> Option<Anchor<'a>> {
    let trigger = evidence.iter().find(|place| place.role == Role::Trigger)?;
    let text = analysis.text(trigger.field);
    let word = (0..text.len()).find(|word| text.bytes(*word, *word).end > trigger.start)?;
    let sentence = *text.sentences().get(text.sentence_of(word)?)?;
    Some(Anchor { field: trigger.field, text, sentence, word })
}

/// The expression that names the event's day: in the trigger's sentence, or else the first that does.
fn date(found: &Recognised, analysis: &Analysis, anchor: &Anchor<'_>) -> Option<Evidence> {
    let day = found.event.date.filter(|_| found.event.date_precision == Precision::Day)?;
    let own = mentions(anchor.text, found.today, day);
    let beside = own.iter().filter(|(first, last)| anchor.holds(*first, *last));
    if let Some((first, last)) = beside.min_by_key(|(first, _)| first.abs_diff(anchor.word)) {
        return Some(anchor.evidence(*first, *last, Role::Date));
    }
    [Field::Title, Field::Body].into_iter().find_map(|field| {
        let text = analysis.text(field);
        let (first, last) = *mentions(text, found.today, day).first()?;
        Some(text.evidence(field, first, last, Role::Date))
    })
}

/// Where a text names a day, or a stretch of time that holds it.
fn mentions(text: &Text, today: Date, day: Date) -> Vec<(usize, usize)> {
    let named = dates::find(text, today).into_iter().filter(|mention| (mention.date.from..=mention.date.to).contains(&day));
    named.map(|mention| (mention.words.start, mention.words.end.saturating_sub(1))).collect()
}
