//! What in an article shows how an event stands, when it was and whose it is: the cue, the date expression and the issuer's name
//! beside its trigger.

use jiff::civil::Date;

use super::lexis::{Class, Kind, Lexis};
use super::scene::{Scene, Sentence};
use super::who::Who;
use super::{Telling, cues};
use crate::model::{Event, Evidence, Precision, Role, Status};
use crate::text::Hit;
use crate::text::dates::DateMention;

/// The class of a kind's words that say it was done.
const DONE: &str = "past";

/// Finds cues, date expressions and issuers for tellings of a scene.
pub(super) struct Circumstances<'s> {
    pub(super) lexis: &'s Lexis,
    pub(super) who: &'s Who,
    pub(super) scene: &'s Scene<'s>,
}

impl Circumstances<'_> {
    /// All that an event rests on, in order of place: what was found with it, its cue, its issuer, its date.
    pub(super) fn evidence(&self, event: &Event, telling: &Telling) -> Vec<Evidence> {
        let (place, word) = telling.finding.at;
        let mut evidence = telling.evidence.clone();
        if let Some(sentence) = self.scene.sentences.get(place) {
            evidence.extend(self.cue(event, sentence, word).or_else(|| self.doubt(event)));
            evidence.extend(self.issuer(event, sentence, word));
            evidence.extend(self.date(event, sentence, word));
        }
        evidence.sort();
        evidence.dedup_by(|one, other| one.field == other.field && one.start == other.start && one.end == other.end);
        evidence
    }

    /// The word nearest to the trigger that speaks for the event's status. What is told as done says so beside its trigger; any
    /// doubt may stand in another sentence, as the weights know.
    fn cue(&self, event: &Event, sentence: &Sentence, word: usize) -> Option<Evidence> {
        let kind = self.lexis.kind(&event.kind).filter(|_| event.status == Status::Occurred);
        let done = kind.into_iter().flat_map(|kind: &Kind| kind.words(sentence, DONE));
        let nearest = sentence.of(|class| self.speaks(event, class)).chain(done).min_by_key(|hit| hit.first.abs_diff(word))?;
        Some(self.named(sentence, nearest, Role::Cue))
    }

    /// The first word of the article that speaks against its having happened.
    fn doubt(&self, event: &Event) -> Option<Evidence> {
        let mut sentences = self.scene.sentences.iter().filter(|_| event.status != Status::Occurred);
        sentences.find_map(|sentence| {
            let hit = sentence.of(|class| self.speaks(event, class)).next()?;
            Some(self.named(sentence, hit, Role::Cue))
        })
    }

    fn speaks(&self, event: &Event, class: Class) -> bool {
        cues(event.status).iter().any(|cue| self.lexis.is_cue(class, cue))
    }

    /// The name of the government that issues a measure, or of somebody of it: in the trigger's sentence, or else the article's first.
    fn issuer(&self, event: &Event, own: &Sentence, word: usize) -> Option<Evidence> {
        let imposer = event.values("imposer").first()?;
        let is_meant = |class: Class| self.country(class) == Some(imposer.as_str());
        if let Some(hit) = own.of(is_meant).min_by_key(|hit| hit.first.abs_diff(word)) {
            return Some(self.named(own, hit, Role::Actor));
        }
        self.scene.sentences.iter().find_map(|sentence| Some(self.named(sentence, sentence.of(is_meant).next()?, Role::Actor)))
    }

    /// The country that a word stands for as one that acts.
    fn country(&self, class: Class) -> Option<&str> {
        match class {
            Class::Country(country) | Class::People(country) | Class::Metonym(country) => {
                self.lexis.countries.get(usize::from(country)).map(String::as_str)
            }
            Class::Actor(actor) => self.who.country(actor as usize),
            _ => None,
        }
    }

    /// The expression that names the event's day: in the trigger's sentence, or else the first that does.
    fn date(&self, event: &Event, own: &Sentence, word: usize) -> Option<Evidence> {
        let day = event.date.filter(|_| event.date_precision == Precision::Day)?;
        let named = |sentence: &Sentence, mention: &DateMention| {
            let words = &mention.words;
            self.scene.text(sentence.field).evidence(sentence.field, words.start, words.end.saturating_sub(1), Role::Date)
        };
        if let Some(nearest) = naming(own, day).min_by_key(|mention| mention.words.start.abs_diff(word)) {
            return Some(named(own, nearest));
        }
        self.scene.sentences.iter().find_map(|sentence| Some(named(sentence, naming(sentence, day).next()?)))
    }

    fn named(&self, sentence: &Sentence, hit: &Hit<Class>, role: Role) -> Evidence {
        super::evidence(self.scene, sentence, hit.first, hit.last, role)
    }
}

/// Where a sentence names a day, or a stretch of time that holds it.
fn naming(sentence: &Sentence, day: Date) -> impl Iterator<Item = &DateMention> {
    sentence.dates.iter().filter(move |mention| (mention.date.from..=mention.date.to).contains(&day))
}
