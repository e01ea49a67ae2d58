//! Whether a rule that does not hold could still, if there were more of the article's text.
//!
//! Asking for the page of every article would be bad manners, asking for none would miss what a summary leaves out. In between: a
//! rule could still fire where
//! - nothing rules it out that more text cannot change: the headline, the feed, the outlet, or a word that must not be there and is;
//! - and something of what it asks for is there already. Of an expression at least half of the things it cannot do without (of
//!   alternatives the most promising counts; a phrase is one thing). Of a rule on events between persons somebody who may take part, or
//!   a word that means such an event outright; of one on measures a word that names the measure; and with such a word somebody or
//!   some country that could be behind it.
//!
//! So an article whose summary names one leader is asked for by a rule on calls, and a football report by none. A rule that asks for one
//! word alone is given up where that word is not in the summary: there is nothing to tell by, and `full_text = "always"` is
//! there for those who want it. And under thousands of rules of two everyday words nearly every article has one of them: there
//! `auto` comes to `always`, but for the pages that a visit may ask for at most.

use std::cell::OnceCell;

use super::asked::Asked;
use super::matching::Reading;
use super::query::{Query, Scope};
use super::{Asks, Rule, RuleSet};
use crate::events::Hint;
use crate::model::{Article, Field, Match};
use crate::text::Analysis;

/// How much of what a rule cannot do without is there.
#[derive(Debug, Clone, Copy, Default)]
struct Share {
    there: usize,
    asked: usize,
}

/// An article with what it hints at.
struct Prospect<'a> {
    reading: &'a Reading<'a>,
    article: &'a Article,
    hints: OnceCell<Vec<Hint>>,
}

impl RuleSet {
    /// The rules that an article satisfies; nothing if another could be satisfied by more of its text.
    pub fn settled_matches(&self, article: &Article, analysis: &Analysis) -> Option<Vec<Match>> {
        self.read(article, analysis, |reading| {
            (!self.could_still_fire(article, reading)).then(|| self.matches_of(article, reading))
        })
    }

    /// Whether a rule that an article does not satisfy could be satisfied by more of its text.
    fn could_still_fire(&self, article: &Article, reading: &Reading<'_>) -> bool {
        let prospect = Prospect { reading, article, hints: OnceCell::new() };
        let could = |rule: &Rule| prospect.of(rule) && !rule.matches(reading).iter().any(|found| found.opens);
        let asked = self.asked.get_or_init(|| Asked::of(&self.rules));
        let mut rules = asked.rules(reading.positions().found()).filter_map(|number| self.rules.get(number as usize));
        rules.any(|rule| rule.is_asked(article) && could(rule))
    }
}

impl Share {
    fn one(is_there: bool) -> Self {
        Self { there: is_there.into(), asked: 1 }
    }

    fn and(self, other: Self) -> Self {
        Self { there: self.there + other.there, asked: self.asked + other.asked }
    }

    fn is_promising(self) -> bool {
        self.there > 0 && 2 * self.there >= self.asked
    }

    /// Whether it is more than another; what asks for nothing is there as a whole.
    fn is_more_than(self, other: Self) -> bool {
        self.asked == 0 || self.there * other.asked > other.there * self.asked
    }
}

impl Prospect<'_> {
    fn of(&self, rule: &Rule) -> bool {
        match &rule.asks {
            Asks::Query(query) => self.share(query).is_some_and(Share::is_promising),
            Asks::Event { kind, actors, .. } => self.hint(kind).is_some_and(|hint| {
                let (all, day) = (&self.reading.glossary().actors, self.reading.day());
                let takes_part = |id: &String| {
                    actors.is_empty() || actors.iter().any(|target| all.are_all_among(&[*target], std::slice::from_ref(id), day))
                };
                hint.is_spoken_of || hint.actors.iter().any(takes_part)
            }),
        }
    }

    fn hint(&self, kind: &str) -> Option<&Hint> {
        let hints = || self.reading.glossary().recogniser.hints(self.article, &self.reading.index());
        self.hints.get_or_init(hints).iter().find(|hint| hint.kind == kind)
    }

    /// How much of a query is there; nothing if it cannot hold whatever else the text says.
    fn share(&self, query: &Query) -> Option<Share> {
        match query {
            Query::Words(_) | Query::Regex { .. } => Some(Share::one(self.reading.holds(query, None))),
            Query::Mention { target, .. } => target.map(|_| Share::one(self.reading.holds(query, None))),
            Query::Event(kind) => self.hint(kind).map(|hint| Share::one(hint.is_spoken_of || !hint.actors.is_empty())),
            Query::Rule { query, .. } => self.share(query),
            Query::Close { first, then } => {
                let asked = then.iter().filter(|link| !link.negated).map(|link| &link.operand);
                self.all(std::iter::once(first.as_ref()).chain(asked))
            }
            Query::AtLeast { times, operand } => {
                Some(self.share(operand)?.and(Share::one(self.reading.count(operand, None) >= *times)))
            }
            Query::Not(operand) => (!self.reading.holds(operand, None)).then(Share::default),
            Query::And(operands) => self.all(operands.iter()),
            Query::Or(operands) => {
                let shares = operands.iter().filter_map(|operand| self.share(operand));
                shares.reduce(|best, share| if share.is_more_than(best) { share } else { best })
            }
            Query::Only(scope, operand) => self.in_scope(*scope, operand),
        }
    }

    fn all<'q>(&self, operands: impl Iterator<Item = &'q Query>) -> Option<Share> {
        operands.map(|operand| self.share(operand)).try_fold(Share::default(), |sum, share| Some(sum.and(share?)))
    }

    /// The body may grow; the headline, and what is known about an article, are what they are. Only words of the article are a
    /// sign of what it is about.
    fn in_scope(&self, scope: Scope, operand: &Query) -> Option<Share> {
        match scope {
            Scope::Lead | Scope::Top | Scope::Field(Field::Body) => self.share(operand),
            fixed if !self.reading.holds(operand, Some(fixed)) => None,
            Scope::Field(Field::Title) => self.share(operand),
            Scope::Field(_) => Some(Share::default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{Setup, article};

    /// Whether a rule could still fire on an article of the feed `ustr`, tagged `official`.
    fn could(when: &str, title: &str, text: &str) -> bool {
        let mut setup = Setup::with_leaders();
        let rules = setup.feed("ustr", &["official"]).rule("rule", when).compile();
        assert_eq!(setup.diagnostics.errors(), 0, "{}", setup.diagnostics.render(false));
        let article = Article { feed: Some("ustr".to_owned()), ..article(title, text) };
        rules.settled_matches(&article, &Analysis::of(&article)).is_none()
    }

    #[test]
    fn half_of_what_a_rule_cannot_do_without_is_enough() {
        let when = "steel AND tariff* AND (quota OR licence)";
        assert!(could("steel AND tariff*", "Steel makers meet", "") && !could("steel AND tariff*", "Rain", "over the weekend"));
        assert!(could(when, "Steel makers meet", "on the licence") && !could(when, "Steel makers meet", "on Friday"));
        assert!(could("@leaders NEAR/9 (call* OR phone*)", "Xi Jinping in Qingdao", ""));
        assert!(could("ATLEAST/3(gallium)", "Gallium is dear", "") && !could("ATLEAST/3(gallium)", "Zinc is dear", ""));
        assert!(could("steel AND tariff*", "Tariffs again", ""), "a pattern is a word like any other");
        assert!(could("/rate of \\d+/ AND duty", "The duty", ""));
    }

    #[test]
    fn a_phrase_is_one_thing_and_of_alternatives_the_most_promising_counts() {
        assert!(
            could("\"rare earth*\" AND licen?e*", "Rare earths", "") && !could("\"rare earth*\" AND licen?e*", "Rare birds", "")
        );
        let when = "(steel AND tin AND tariff*) OR (copper AND quota)";
        assert!(could(when, "Copper", "") && !could(when, "Tin", "") && could(when, "Tin", "and steel"));
    }

    #[test]
    fn a_rule_that_holds_already_or_asks_for_one_word_gives_no_reason() {
        assert!(!could("steel AND tariff*", "Steel tariffs", ""));
        assert!(!could("gallium", "Zinc is dear", "") && !could("gallium OR germanium", "Zinc is dear", ""));
        assert!(could("steel NEAR/2 tariff*", "Steel makers on the new tariff", ""), "more text may bring them together");
        assert!(could("body:(steel AND tariff*)", "Steel tariffs", ""));
    }

    #[test]
    fn what_more_text_cannot_change_decides() {
        assert!(
            could("title:steel AND tariff*", "Steel makers meet", "") && !could("title:steel AND tariff*", "Meeting", "tariff")
        );
        assert!(
            !could("steel AND tariff* AND NOT quiz", "Steel quiz", "") && could("steel AND tariff* AND NOT quiz", "Steel", "")
        );
        assert!(
            could("tag:official AND steel AND tariff*", "Steel", "") && !could("tag:press AND steel AND tariff*", "Steel", "")
        );
        assert!(!could("tag:official AND gallium", "Rain", ""), "what is known of every article of a feed is no sign");
        assert!(!could("@ghost AND steel OR title:x AND steel", "Steel", ""));
    }

    #[test]
    fn a_rule_for_other_feeds_or_that_does_not_ring_gives_no_reason() {
        let mut setup = Setup::new();
        setup.rule("a", "steel AND tariff*").rule("b", "steel AND quota");
        setup.config.rules.get_mut("a").unwrap().feeds = Some(vec!["other".to_owned()]);
        setup.config.rules.get_mut("b").unwrap().alert = false;
        let rules = setup.compile();
        let article = Article { feed: Some("ustr".to_owned()), ..article("Steel", "") };
        assert!(rules.settled_matches(&article, &Analysis::of(&article)).is_some());
    }
}
