//! What stands between operators: words, phrases, names, groups, and whatever a prefix makes of them.

use std::sync::Arc;

use regex::RegexBuilder;

use super::parser::{Joint, Parser, Part};
use super::symbols::{Capitals, NOT, Symbol, TIGHTEST, Tightness, prefix};
use super::terms::Term;
use crate::config::Dialect;
use crate::rules::query::{Element, Form, Query, Scope};
use crate::text::vocabulary::{Stemming, Vocabulary, is_wildcard};

/// The largest compiled regular expression, in bytes.
const MAX_REGEX: usize = 1 << 20;

/// How words of the expression become words of the vocabulary.
pub(super) struct Words<'a> {
    pub(super) vocabulary: &'a mut Vocabulary,
    stemming: Option<Stemming>,
    /// Inside CASE what is done to capitals.
    capitals: Option<Capitals>,
    /// Whether inside EXACT.
    exact: bool,
}

impl<'a> Words<'a> {
    /// Words outside CASE and EXACT.
    pub(super) fn new(vocabulary: &'a mut Vocabulary, stemming: Option<Stemming>) -> Self {
        Self { vocabulary, stemming, capitals: None, exact: false }
    }

    fn query(&mut self, terms: &[Term]) -> Query {
        Query::Words(terms.iter().map(|term| self.element(term)).collect())
    }

    fn element(&mut self, term: &Term) -> Element {
        let form = match self.capitals {
            _ if term.is_percent => Form::Percent,
            Some(Capitals::AsWritten) => Form::Written(term.written.as_str().into()),
            Some(Capitals::All) => Form::Written(term.written.to_uppercase().into()),
            Some(Capitals::None) => Form::Written(term.written.to_lowercase().into()),
            None if self.exact => Form::Exact,
            None => Form::Any,
        };
        let is_word = term.folded.chars().all(char::is_alphabetic);
        let word = match self.stemming.filter(|_| form == Form::Any && is_word) {
            Some(stemming) => self.vocabulary.stem(&term.folded, stemming),
            None => self.vocabulary.word(&term.folded),
        };
        Element { word, form }
    }
}

impl Parser<'_> {
    /// Reads one operand; what cannot be one is reported and reads as nothing.
    pub(super) fn operand(&mut self) -> Part {
        let start = self.at;
        match self.peek() {
            Some(Symbol::Words(terms)) => {
                self.check_exact(terms);
                let query = self.words.query(terms);
                self.advance();
                Part { joint: Some(Joint::Words), ..self.part(start, query) }
            }
            Some(Symbol::Not) => self.prefixed(NOT, |operand| Query::Not(Box::new(operand))),
            Some(Symbol::AndNot) if self.dialect == Dialect::Factiva => {
                self.prefixed(NOT, |operand| Query::Not(Box::new(operand)))
            }
            Some(Symbol::Regex(written)) => self.regex(written),
            Some(Symbol::Actor(name)) => self.mention(name),
            Some(Symbol::Event(kind)) => self.event(kind),
            Some(Symbol::Rule(name)) => self.rule(name),
            Some(Symbol::Field(scope)) => self.only(*scope),
            Some(Symbol::AtLeast(times)) => self.at_least(*times),
            Some(Symbol::Case(capitals)) => self.in_form(Some(*capitals), false),
            Some(Symbol::Exact) => self.in_form(None, true),
            Some(Symbol::Open) => self.group(),
            _ => {
                self.report_unexpected();
                self.part(start, Query::nothing())
            }
        }
    }

    fn check_exact(&mut self, terms: &[Term]) {
        if let Some(term) = terms.iter().find(|term| self.words.exact && term.folded.contains(is_wildcard)) {
            let message = format!("EXACT takes no wildcards, but `{}` has", term.folded);
            self.report.error(self.span_of(self.at), message).hint("write the word in full, or take it out of EXACT");
        }
    }

    /// What one symbol makes of the operand after it.
    fn prefixed(&mut self, floor: Tightness, make: impl FnOnce(Query) -> Query) -> Part {
        let start = self.at;
        self.advance();
        let operand = self.deeper(|parser| if floor == TIGHTEST { parser.operand() } else { parser.joined(floor) });
        Part { mixture: operand.mixture, ..self.part(start, make(operand.query)) }
    }

    fn mention(&mut self, name: &str) -> Part {
        let start = self.at;
        self.advance();
        let target = self.known.actors.resolve(name).map_err(|unresolved| {
            // A bare `@` has been reported already.
            if !name.is_empty() {
                self.report_unresolved(start, name, &unresolved);
            }
        });
        self.part(start, Query::Mention { name: name.to_owned(), target: target.ok() })
    }

    fn event(&mut self, kind: &str) -> Part {
        let start = self.at;
        self.advance();
        if !kind.is_empty() && !self.known.kinds.contains(&kind) {
            self.report_unknown(
                start,
                "kind of event",
                kind,
                self.known.kinds.iter().copied(),
                "kinds are defined in [events.KIND]",
            );
        }
        self.part(start, Query::Event(kind.to_owned()))
    }

    fn rule(&mut self, name: &str) -> Part {
        let start = self.at;
        self.advance();
        let query = match self.known.rules.get(name) {
            Some(Some(query)) => Query::Rule { name: name.to_owned(), query: Arc::clone(query) },
            Some(None) => {
                self.report_useless_rule(start, name);
                Query::nothing()
            }
            None => {
                self.report_unknown(start, "rule", name, self.known.rules.keys().copied(), "rules are named in [rules.NAME]");
                Query::nothing()
            }
        };
        self.part(start, query)
    }

    fn regex(&mut self, written: &str) -> Part {
        let start = self.at;
        self.advance();
        let cased = self.words.capitals.is_some();
        let compiled = RegexBuilder::new(written).case_insensitive(!cased).size_limit(MAX_REGEX).build();
        let query = match compiled {
            Ok(regex) => Query::Regex { regex, cased },
            Err(why) => {
                self.report_regex(start, &why);
                Query::nothing()
            }
        };
        self.part(start, query)
    }

    fn only(&mut self, scope: Scope) -> Part {
        let part = self.prefixed(prefix(self.dialect), |operand| Query::Only(scope, Box::new(operand)));
        self.check_scope(&part, scope);
        part
    }

    fn at_least(&mut self, times: usize) -> Part {
        let part = self.prefixed(prefix(self.dialect), |operand| Query::AtLeast { times, operand: Box::new(operand) });
        if let Query::AtLeast { operand, .. } = &part.query {
            self.check_countable(&part.span, operand);
        }
        part
    }

    fn in_form(&mut self, capitals: Option<Capitals>, exact: bool) -> Part {
        let before = (self.words.capitals, self.words.exact);
        (self.words.capitals, self.words.exact) = (capitals.or(before.0), exact || before.1);
        let part = self.prefixed(TIGHTEST, |operand| operand);
        (self.words.capitals, self.words.exact) = before;
        part
    }

    fn group(&mut self) -> Part {
        let start = self.at;
        self.advance();
        if self.peek() == Some(&Symbol::Close) {
            self.advance();
            let part = self.part(start, Query::nothing());
            self.report_empty_group(&part);
            return part;
        }
        let inside = self.deeper(|parser| parser.joined(0));
        if self.peek() == Some(&Symbol::Close) {
            self.advance();
        } else {
            self.report_unclosed(start);
        }
        self.warn_of_mixture(&inside);
        self.part(start, inside.query)
    }
}
