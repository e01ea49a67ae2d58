//! Who is behind an act: the government that stands before it, that it belongs to, or that the article is about.

use super::act::Acts;
use super::lexis::Class;
use super::people::AND;
use super::scene::{Sentence, Standing};
use crate::text::{Hit, Text};

/// How close a bare country must stand to an act to be the one that acts, in words.
const TOUCH: usize = 5;
/// How far before an object its owner may stand, in words: "China's new 25% tariff".
const OWNS: usize = 3;
/// Governments that are tried for one act.
const MAX_ISSUERS: usize = 3;
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
/// Words between an authority and its country.
const OF: [&str; 8] = ["of", "de", "des", "del", "du", "d", "von", "der"];
/// Articles before a country.
const ARTICLES: [&str; 15] = ["the", "l", "la", "le", "les", "el", "los", "las", "der", "die", "das", "den", "dem", "il", "lo"];
/// Words behind which the one who acts stands.
const BY: [&str; 5] = ["by", "von", "par", "por", "вед"];
/// Signs behind a country, in scripts without blanks, that speak of where things come from or go to.
const OF_ITS_MAKE: [&str; 7] = ["産", "产", "製", "制", "车", "車", "向"];
/// The same in two signs.
const OF_ITS_MAKE_PAIRS: [(&str, &str); 4] = [("か", "ら"), ("に", "対"), ("へ", "の"), ("へ", "追")];

/// Who does it, and how that is known.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Issuer {
    pub(super) country: String,
    pub(super) source: &'static str,
    /// Whether it acts together with the one before it.
    pub(super) joint: bool,
}

impl Acts<'_> {
    /// The governments that may be behind an act, the likeliest first, each once.
    pub(super) fn issuers(&self, sentence: &Sentence, object: &Hit<Class>, anchor: &Hit<Class>) -> Vec<Issuer> {
        let owner = self.owner(object, sentence);
        let own = self.own_issuers(sentence, anchor);
        let elsewhere = || {
            let home = || self.scene().home.first().map(|country| self.issuer_from(*country, "home"));
            [self.first_agent(Standing::Title, "title"), self.first_agent(Standing::Lead, "lead"), home()].into_iter().flatten()
        };
        let mut issuers: Vec<Issuer> = Vec::new();
        for issuer in owner.into_iter().chain(own).chain(elsewhere()) {
            if issuers.len() < MAX_ISSUERS && !issuers.iter().any(|known| known.country == issuer.country) {
                issuers.push(issuer);
            }
        }
        issuers
    }

    fn issuer_from(&self, country: u16, source: &'static str) -> Issuer {
        Issuer { country: self.casting.code(country).to_owned(), source, joint: false }
    }

    /// Whose measure it is said to be: "US tariffs", "Beijing's ban".
    fn owner(&self, object: &Hit<Class>, sentence: &Sentence) -> Option<Issuer> {
        let text = self.scene().text(sentence.field);
        let near = sentence.hits.iter().rev().filter(|hit| hit.last < object.first && object.first - hit.last <= OWNS);
        near.filter_map(|hit| match hit.class {
            Class::Country(country) | Class::Metonym(country) | Class::People(country)
                if !self.is_towards(hit, sentence, text) =>
            {
                Some(self.issuer_from(country, "owner"))
            }
            _ => None,
        })
        .next()
    }

    /// The governments of the act's own sentence: those before the act, the nearest first, where an authority counts more than a
    /// bare country that does not touch the act; else one behind "by".
    fn own_issuers(&self, sentence: &Sentence, act: &Hit<Class>) -> Vec<Issuer> {
        let before = || sentence.hits.iter().rev().filter(|hit| hit.last < act.first);
        let agents: Vec<(&Hit<Class>, Issuer)> = before().filter_map(|hit| Some((hit, self.agent(hit, sentence)?))).collect();
        let is_loose = |hit: &Hit<Class>, issuer: &Issuer| issuer.source == "country" && act.first - hit.last > TOUCH;
        let (loose, mut firm): (Vec<_>, Vec<_>) = agents.into_iter().partition(|(hit, issuer)| is_loose(hit, issuer));
        firm.extend(loose);
        let text = self.scene().text(sentence.field);
        let mut issuers: Vec<Issuer> = Vec::new();
        let mut last: Option<&Hit<Class>> = None;
        for (hit, mut issuer) in firm {
            issuer.joint = last.is_some_and(|after| {
                after.first == hit.last + 2 && text.word(hit.last + 1).is_some_and(|word| AND.contains(&word))
            });
            last = Some(hit);
            issuers.push(issuer);
        }
        if issuers.is_empty() {
            let mut behind = sentence.hits.iter().filter(|hit| hit.first > act.last && self.is_behind_by(hit, sentence));
            issuers.extend(behind.find_map(|hit| self.agent(hit, sentence)));
        }
        issuers
    }

    /// The first government named in the headline or the lead.
    fn first_agent(&self, wanted: Standing, source: &'static str) -> Option<Issuer> {
        let sentences = self.scene().sentences.iter().filter(|other| other.standing == wanted);
        let agents = sentences.flat_map(|other| other.hits.iter().filter_map(move |hit| self.agent(hit, other)));
        agents.map(|issuer| Issuer { source, ..issuer }).next()
    }

    /// Whether a word names a government as somebody who acts.
    fn agent(&self, hit: &Hit<Class>, sentence: &Sentence) -> Option<Issuer> {
        let text = self.scene().text(sentence.field);
        let issuer = |country: &str, source| Some(Issuer { country: country.to_owned(), source, joint: false });
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
        let link = if ARTICLES.contains(&word(1)) { 2 } else { 1 };
        let is_of_government = || OF.contains(&word(link)) && self.governs(sentence, |other| other.last + link + 1 == hit.first);
        if TOWARDS.contains(&word(link)) && !is_of_government() {
            return true;
        }
        if OF_ITS_MAKE.contains(&next(1))
            || OF_ITS_MAKE_PAIRS.contains(&(next(1), next(2)))
            || sentence.hits.iter().any(|other| other.first == hit.last + 1 && self.casting.lexis.is_cue(other.class, "goods"))
        {
            return true;
        }
        let before = sentence.hits.iter().rev().find(|other| other.last < hit.first && matches!(other.class, Class::Country(_)));
        let joined = before.filter(|other| (hit.first - other.last <= 2) && AND.contains(&word(1)));
        joined.is_some_and(|other| self.is_towards(other, sentence, text))
    }

    /// Whether a nationality is a government's: "the Italian ministry", "le ministère italien".
    fn is_before_government(&self, hit: &Hit<Class>, sentence: &Sentence) -> bool {
        self.governs(sentence, |other| (other.first > hit.last && other.first - hit.last <= 2) || other.last + 1 == hit.first)
    }

    /// Whether an office or a word for an authority stands where it is looked for.
    fn governs(&self, sentence: &Sentence, stands: impl Fn(&Hit<Class>) -> bool) -> bool {
        let governs = |class: Class| matches!(class, Class::Office(_)) || self.casting.lexis.is_cue(class, "government");
        sentence.hits.iter().any(|other| stands(other) && governs(other.class))
    }

    fn is_behind_by(&self, hit: &Hit<Class>, sentence: &Sentence) -> bool {
        let text = self.scene().text(sentence.field);
        (1..=2).any(|back| hit.first.checked_sub(back).and_then(|place| text.word(place)).is_some_and(|word| BY.contains(&word)))
    }
}
