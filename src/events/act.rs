//! Acts: an issuer does something to an object. A duty is raised, a licence required, a company listed.

use std::collections::BTreeMap;

use super::features::{Detail, Features};
use super::lexis::{Class, Kind};
use super::people::Casting;
use super::phrases::Phrases;
use super::scene::{Scene, Sentence, Standing, country_of};
use super::timing::when;
use super::wording::{form, goods, rate};
use super::{Finding, Telling};
use crate::model::{Field, Role, Value};
use crate::text::{Hit, Text};

/// How far an act may stand from its object, in words.
const REACH: usize = 16;
/// Words that make the country behind them the one it is done to.
const TOWARDS: [&str; 22] = [
    "on",
    "against",
    "from",
    "to",
    "of",
    "for",
    "with",
    "into",
    "aus",
    "gegen",
    "auf",
    "contre",
    "sur",
    "de",
    "des",
    "contra",
    "a",
    "из",
    "против",
    "на",
    "对",
    "対",
];

/// How close a bare country must stand to an act to be the one that acts, in words.
const TOUCH: usize = 5;
/// Signs behind a country, in scripts without blanks, that speak of where things come from or go to.
const OF_ITS_MAKE: [&str; 7] = ["産", "产", "製", "制", "车", "車", "向"];
/// The same in two signs.
const OF_ITS_MAKE_PAIRS: [(&str, &str); 4] = [("か", "ら"), ("に", "対"), ("へ", "の"), ("へ", "追")];

/// Reads an article for one kind.
pub(super) struct Acts<'c> {
    pub(super) casting: &'c Casting<'c>,
    pub(super) number: u16,
    pub(super) kind: &'c Kind,
    pub(super) phrases: Phrases<'c>,
    pub(super) detail: Detail,
}

/// What carries a telling: an object and an act, or a phrase that is both.
struct Core<'s> {
    object: &'s Hit<Class>,
    act: Option<(&'s Hit<Class>, u16)>,
    /// The class of word it rests on.
    carries: &'static str,
}

/// Who does it, and how that is known.
struct Issuer {
    country: String,
    source: &'static str,
}

impl Acts<'_> {
    /// Every telling, weighed.
    pub(super) fn tellings(&self) -> Vec<Telling> {
        let sentences = &self.casting.scene.sentences;
        let tellings =
            sentences.iter().enumerate().filter_map(|(place, sentence)| Some(self.telling(place, &self.core(sentence)?)));
        tellings.collect()
    }

    fn scene(&self) -> &Scene<'_> {
        self.casting.scene
    }

    fn words<'s>(&self, sentence: &'s Sentence, class: &str) -> impl Iterator<Item = &'s Hit<Class>> {
        let wanted = self.kind.words.iter().position(|known| known == class).map(|word| Class::Word(self.number, word as u16));
        sentence.hits.iter().filter(move |hit| Some(hit.class) == wanted)
    }

    /// The object and act that stand closest together, by the strongest class of object there is.
    fn core<'s>(&self, sentence: &'s Sentence) -> Option<Core<'s>> {
        let strong = self.words(sentence, "strong").next();
        let strong = strong.map(|object| Core { object, act: self.nearest_act(sentence, object), carries: "strong" });
        strong.or_else(|| self.pair(sentence, "object")).or_else(|| self.pair(sentence, "thing"))
    }

    fn pair<'s>(&self, sentence: &'s Sentence, carries: &'static str) -> Option<Core<'s>> {
        let objects = self.words(sentence, carries);
        let pairs = objects.filter_map(|object| Some((object, self.nearest_act(sentence, object)?)));
        let (object, act) = pairs.min_by_key(|(object, (act, _))| gap(object, act))?;
        Some(Core { object, act: Some(act), carries })
    }

    /// The nearest verb of an action, which is not the object's own word.
    fn nearest_act<'s>(&self, sentence: &'s Sentence, object: &Hit<Class>) -> Option<(&'s Hit<Class>, u16)> {
        let acts = sentence.hits.iter().filter_map(|hit| match hit.class {
            Class::Act(kind, action) if kind == self.number => Some((hit, action)),
            _ => None,
        });
        acts.filter(|(act, _)| (1..=REACH).contains(&gap(object, act))).min_by_key(|(act, _)| gap(object, act))
    }

    fn telling(&self, place: usize, core: &Core<'_>) -> Telling {
        let sentence = &self.scene().sentences[place];
        let anchor = core.act.map_or(core.object, |(act, _)| act);
        let when = when(self.scene(), sentence, anchor.first, self.kind.news_days);
        let issuer = self.issuer(sentence, anchor);
        let action = core.act.and_then(|(_, action)| self.kind.acts.get(usize::from(action))).map_or("impose", String::as_str);
        let mut features = Features::of(self.kind, self.detail);
        features.add_surroundings(self.casting, sentence, anchor.first, anchor.last, when);
        self.phrases.describe(&mut features, place, anchor.first, anchor.last);
        features.add(format!("act:{action}"));
        features.add_words(self.scene().text(sentence.field), core.object.first, core.object.last);
        features.add_words(self.scene().text(sentence.field), anchor.first, anchor.last);
        features.add(format!("core:{}", core.carries));
        features.add(format!("core:{}+{}", core.carries, sentence.standing.as_str()));
        features.add(format!("act:{action}+{}", core.carries));
        if let Some((act, _)) = core.act {
            features.add(distance(core.object, act));
            features.add(if act.first < core.object.first { "order:act-first" } else { "order:object-first" });
        }
        features.add(format!("who:{}", issuer.as_ref().map_or("nobody", |issuer| issuer.source)));
        features.add(format!("who:{}+{}", issuer.as_ref().map_or("nobody", |issuer| issuer.source), sentence.standing.as_str()));
        features.add(format!("who:{}+{}", issuer.as_ref().map_or("nobody", |issuer| issuer.source), core.carries));
        let text = self.scene().text(sentence.field);
        let form = form(text, sentence, anchor);
        features.add(format!("form:{form}"));
        features.add(format!("form:{form}+{}", sentence.standing.as_str()));
        features.add_tense(matches!(form, "past" | "passive" | "present"), when, sentence.standing.as_str());
        let rate = rate(sentence, text);
        if rate.is_some() {
            features.add("rate");
        }
        if sentence.standing != Standing::Title
            && self
                .scene()
                .sentences
                .iter()
                .any(|other| other.field == Field::Title && self.core(other).is_some_and(|core| core.carries != "thing"))
        {
            features.add("title:core");
        }
        if self.scene().sentences.iter().any(|other| other.field == Field::Title && self.words(other, "object").next().is_some())
        {
            features.add("title:object");
        }
        let fields = BTreeMap::from([
            ("imposer".to_owned(), issuer.as_ref().map_or(Value::Unknown(()), |issuer| Value::One(issuer.country.clone()))),
            ("target".to_owned(), Value::Many(self.targets(sentence, issuer.as_ref()))),
            ("action".to_owned(), Value::One(action.to_owned())),
            ("object".to_owned(), goods(sentence, text, core.object).map_or(Value::Unknown(()), Value::One)),
            ("rate".to_owned(), rate.map_or(Value::Unknown(()), Value::One)),
        ]);
        let mut evidence = vec![super::evidence(self.scene(), sentence, core.object.first, core.object.last, Role::Trigger)];
        evidence.extend(core.act.map(|(act, _)| super::evidence(self.scene(), sentence, act.first, act.last, Role::Trigger)));
        Telling {
            kind: self.kind.name.clone(),
            score: 0.0,
            features: features.into_inner(),
            finding: Finding { fields, when, standing: sentence.standing },
            evidence,
        }
    }

    /// The government behind an act: the nearest that stands before it in its sentence, else the headline's, else the lead's.
    fn issuer(&self, sentence: &Sentence, act: &Hit<Class>) -> Option<Issuer> {
        let home = || self.scene().home.first().map(|country| self.issuer_from(*country, "home"));
        self.own_issuer(sentence, act)
            .or_else(|| self.first_agent(Standing::Title, "title"))
            .or_else(|| self.first_agent(Standing::Lead, "lead"))
            .or_else(home)
    }

    fn issuer_from(&self, country: u16, source: &'static str) -> Issuer {
        Issuer { country: self.casting.code(country).to_owned(), source }
    }

    /// The government of the act's own sentence: the nearest before the act, where an authority counts more than a bare country
    /// that does not touch the act, else one behind "by".
    fn own_issuer(&self, sentence: &Sentence, act: &Hit<Class>) -> Option<Issuer> {
        let before = || sentence.hits.iter().rev().filter(|hit| hit.last < act.first);
        let agents: Vec<(usize, Issuer)> =
            before().filter_map(|hit| Some((act.first - hit.last, self.agent(hit, sentence)?))).collect();
        let is_bare = |issuer: &Issuer| issuer.source == "country";
        let nearest_is_loose = agents.first().is_some_and(|(gap, issuer)| is_bare(issuer) && *gap > TOUCH);
        let chosen = agents.iter().position(|(_, issuer)| !nearest_is_loose || !is_bare(issuer)).unwrap_or(0);
        if let Some((_, issuer)) = agents.into_iter().nth(chosen) {
            return Some(issuer);
        }
        let mut behind = sentence.hits.iter().filter(|hit| hit.first > act.last && self.is_behind_by(hit, sentence));
        behind.find_map(|hit| self.agent(hit, sentence))
    }

    /// The first government named in the headline or the lead.
    fn first_agent(&self, wanted: Standing, source: &'static str) -> Option<Issuer> {
        let sentences = self.scene().sentences.iter().filter(|other| other.standing == wanted);
        let agents = sentences.flat_map(|other| other.hits.iter().filter_map(move |hit| self.agent(hit, other)));
        agents.map(|issuer| Issuer { country: issuer.country, source }).next()
    }

    /// Whether a word names a government as somebody who acts.
    fn agent(&self, hit: &Hit<Class>, sentence: &Sentence) -> Option<Issuer> {
        let text = self.scene().text(sentence.field);
        let issuer = |country: &str, source| Some(Issuer { country: country.to_owned(), source });
        match hit.class {
            Class::Actor(actor) => {
                let actor = actor as usize;
                let country = self.casting.who.country(actor)?;
                let source = if self.casting.who.leads(actor, self.scene().today) { "leader" } else { "authority" };
                let may = self.kind.roles.is_empty()
                    || source == "leader"
                    || self.casting.who.holds(actor, &self.kind.roles, self.scene().today);
                if may { issuer(country, source) } else { None }
            }
            Class::Metonym(country) if !self.is_towards(hit, sentence, text) => issuer(self.casting.code(country), "metonym"),
            Class::Country(country) if !self.is_towards(hit, sentence, text) => issuer(self.casting.code(country), "country"),
            Class::People(country) if self.is_before_government(hit, sentence) => issuer(self.casting.code(country), "people"),
            _ => None,
        }
    }

    /// Whether a country is the one it is done to: behind "on" or "from", joined by "and" to one that is, or before its goods.
    fn is_towards(&self, hit: &Hit<Class>, sentence: &Sentence, text: &Text) -> bool {
        let word = |back: usize| hit.first.checked_sub(back).and_then(|place| text.word(place)).unwrap_or_default();
        let next = |ahead: usize| text.word(hit.last + ahead).unwrap_or_default();
        if TOWARDS.contains(&word(1)) || word(1) == "the" && TOWARDS.contains(&word(2)) {
            return true;
        }
        if OF_ITS_MAKE.contains(&next(1))
            || OF_ITS_MAKE_PAIRS.contains(&(next(1), next(2)))
            || self.is_before_cue(hit, sentence, "goods")
        {
            return true;
        }
        let before = sentence.hits.iter().rev().find(|other| other.last < hit.first && matches!(other.class, Class::Country(_)));
        let joined = before
            .filter(|other| (hit.first - other.last <= 2) && ["and", "und", "et", "y", "и", "和", "与", "と"].contains(&word(1)));
        joined.is_some_and(|other| self.is_towards(other, sentence, text))
    }

    fn is_before_cue(&self, hit: &Hit<Class>, sentence: &Sentence, name: &str) -> bool {
        let wanted = self.casting.lexis.cues.iter().position(|cue| cue == name);
        sentence.hits.iter().any(|other| {
            matches!(other.class, Class::Cue(cue) if Some(usize::from(cue)) == wanted) && other.first == hit.last + 1
        })
    }

    fn is_before_government(&self, hit: &Hit<Class>, sentence: &Sentence) -> bool {
        sentence.hits.iter().any(|other| {
            let close = other.first > hit.last && other.first - hit.last <= 2;
            let governs = match other.class {
                Class::Office(_) => true,
                Class::Cue(cue) => self.casting.lexis.cues.get(usize::from(cue)).is_some_and(|cue| cue == "government"),
                _ => false,
            };
            close && governs
        })
    }

    fn is_behind_by(&self, hit: &Hit<Class>, sentence: &Sentence) -> bool {
        let text = self.scene().text(sentence.field);
        (1..=2).any(|back| {
            hit.first
                .checked_sub(back)
                .and_then(|place| text.word(place))
                .is_some_and(|word| ["by", "von", "par", "por", "вед"].contains(&word))
        })
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

/// How many words on one stands from the other; 0 where they share one.
fn gap(one: &Hit<Class>, other: &Hit<Class>) -> usize {
    if one.last < other.first { other.first - one.last } else { one.first.saturating_sub(other.last) }
}

fn distance(object: &Hit<Class>, act: &Hit<Class>) -> &'static str {
    match gap(object, act) {
        0..=2 => "gap:none",
        3..=5 => "gap:small",
        6..=9 => "gap:some",
        _ => "gap:wide",
    }
}
