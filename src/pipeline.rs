//! One article in, one decision out: text → rules → stories → alerts. The daemon, `replay` and every later way of asking share it.

use std::time::Duration;

use crate::alerts::{self, HealthRules, Names, Router, Vitals};
use crate::config::{Config, Diagnostics};
use crate::feed::{link_of_article, whole_text};
use crate::model::{Article, Candidate, Decision, Episode, Judge, Match, Place, Story, Verdict};
use crate::rules::RuleSet;
use crate::stories::{self, Sides, similarity};
use crate::text::{Analysis, to_plain};

/// Words of an article from which on it is taken to be there as a whole: a teaser has some fifty, the shortest report two hundred.
const WHOLE: usize = 200;

/// What a first look at an article comes to, of which only what its feed says is there.
#[derive(Debug)]
pub enum Look {
    /// More text would change nothing: what it satisfies, if anything.
    Judged(Option<Candidate>),
    /// Some rule could still fire if there were more of its text.
    WantsMore(Article),
}

/// The compiled rules and routes.
#[derive(Debug)]
pub struct Pipeline {
    rules: RuleSet,
    router: Router,
    sides: Sides,
    names: Names,
    health: HealthRules,
}

impl Pipeline {
    /// Compiles everything that judges; each part adds its findings to one list.
    pub fn compile(config: &Config, diagnostics: &mut Diagnostics) -> Self {
        Self {
            rules: RuleSet::compile(config, diagnostics),
            router: Router::compile(config, diagnostics),
            sides: Sides::of(config),
            names: Names::of(config),
            health: HealthRules::of(config),
        }
    }

    /// The rules alone, for those who ask why.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// What is to be done about one rule that a candidate satisfies; nothing about a denial of what was never told.
    pub fn judge(&self, candidate: &Candidate, matched: &Match, recent: &[Story]) -> Option<Verdict> {
        let place = stories::place(candidate, matched, recent, &self.sides)?;
        let alert = alerts::write(candidate, matched, &place, &self.names);
        let receivers = self.router.told(matched, &place);
        Some(Verdict { place, alert, receivers })
    }

    /// Whether some rule could still fire on an article if there were more of its text than its feed gives.
    pub fn wants_more(&self, article: &Article) -> bool {
        self.settled(article, &Analysis::of(article)).is_none()
    }

    /// Reads an article under every rule unless it wants more text (see [`Pipeline::wants_more`]).
    pub fn look(&self, article: Article) -> Look {
        let analysis = Analysis::of(&article);
        match self.settled(&article, &analysis) {
            Some(matches) => Look::Judged(satisfying(article, &analysis, matches)),
            None => Look::WantsMore(article),
        }
    }

    /// The rules that an article satisfies, if more text would change nothing. One that comes whole need not be asked for.
    fn settled(&self, article: &Article, analysis: &Analysis) -> Option<Vec<Match>> {
        if analysis.body.len() < WHOLE {
            return self.rules.settled_matches(article, analysis);
        }
        Some(self.rules.matches(article, analysis))
    }

    /// Reads an article with the text of its page under every rule. What the feed says of it is never lost: a page that holds less is
    /// a wall before the article, and a rule that the feed's own words satisfy is satisfied, with evidence counted in those, whatever the
    /// page says.
    pub fn examine_whole(&self, article: Article, page: &str) -> Option<Candidate> {
        let by_feed = self.examine(article.clone());
        if page.len() <= to_plain(&article.text).len() {
            return by_feed;
        }
        let text = whole_text(Some(article.text), Some(page.to_owned()));
        let Some(mut whole) = self.examine(Article { text, ..article }) else { return by_feed };
        let fires =
            |whole: &Candidate, matched: &Match| whole.matches.iter().any(|known| known.opens && known.rule == matched.rule);
        for matched in by_feed.into_iter().flat_map(|candidate| candidate.matches) {
            if matched.opens && !fires(&whole, &matched) {
                whole.matches.push(matched);
            }
        }
        whole.matches.sort_by(|one, other| one.rule.cmp(&other.rule));
        Some(whole)
    }

    /// What is to be told of a feed after a visit, and what goes on that was told before.
    pub fn check_up(&self, vitals: Vitals<'_>) -> (Vec<Verdict>, Vec<Episode>) {
        self.health.check_up(vitals, &self.router)
    }

    /// Reads an article under every rule; nothing is returned for one that satisfies none.
    pub fn examine(&self, article: Article) -> Option<Candidate> {
        let analysis = Analysis::of(&article);
        let matches = self.rules.matches(&article, &analysis);
        satisfying(article, &analysis, matches)
    }
}

fn satisfying(article: Article, analysis: &Analysis, matches: Vec<Match>) -> Option<Candidate> {
    (!matches.is_empty()).then(|| candidate(article, analysis, matches))
}

/// An article with what it matches, ready to be placed.
pub fn candidate(article: Article, analysis: &Analysis, matches: Vec<Match>) -> Candidate {
    Candidate {
        title: analysis.title.plain().to_owned(),
        link: article.url.as_deref().and_then(link_of_article),
        sketch: similarity::sketch(analysis.title.words().chain(analysis.body.words()).map(|(_, word)| word)),
        matches,
        article,
    }
}

impl Judge for Pipeline {
    fn story_window(&self) -> Duration {
        stories::WINDOW
    }

    fn decide(&self, candidate: &Candidate, recent: &[Story]) -> Decision {
        // what an article has told of one event is nothing new where it tells of the next
        let mut recent = recent.to_vec();
        let mut decision = Decision::new();
        for matched in &candidate.matches {
            let Some(verdict) = self.judge(candidate, matched, &recent) else { continue };
            if let Place::Joins { story, known, .. } = &verdict.place {
                recent.iter_mut().filter(|open| open.id == *story).for_each(|open| open.known = known.clone());
            }
            decision.push(verdict);
        }
        decision
    }
}
