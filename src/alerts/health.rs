//! Alerts about feeds: what a rule finds wrong with one after a visit, told once for each spell of ill health, and again when it
//! takes a turn or is over.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::Router;
use crate::config::{self, Condition, Config, Feed, HealthCondition};
use crate::model::{
    Ailment, Alert, AlertKind, Change, Episode, Habits, Health, Joined, Known, Match, News, Outage, Outcome, Place, Report,
    Severity, Sketch, Story, StoryId, Verdict,
};
use crate::schedule::health::{per_day, quiet, quiet_since, span};

/// How long a feed must have been failing, unless its rule says otherwise: servers are restarted, and lines are cut for minutes.
const PATIENCE: SignedDuration = SignedDuration::from_hours(1);
/// Failures in a row that it takes besides, however long the pauses between them.
pub const FAILURES: u32 = 3;
/// Bytes of the hash that names a story, as with stories of articles.
const ID_BYTES: usize = 12;

/// The rules that ask for a feed's health.
#[derive(Debug, Clone, Default)]
pub struct HealthRules(Vec<Rule>);

#[derive(Debug, Clone)]
struct Rule {
    name: String,
    severity: Severity,
    feeds: Option<Vec<String>>,
    asks: HealthCondition,
}

/// How a feed stands after a visit.
#[derive(Debug, Clone, Copy)]
pub struct Vitals<'a> {
    /// Its name in the configuration.
    pub name: &'a str,
    /// What the configuration says of it.
    pub feed: &'a Feed,
    /// How the visit ended.
    pub outcome: &'a Outcome,
    /// Failed polls in a row, this one included.
    pub failures: u32,
    /// When it last answered.
    pub last_success: Option<Timestamp>,
    /// Whether any other feed can be heard, if this one cannot.
    pub outage: &'a Outage,
    /// Its ways, with what this visit taught.
    pub habits: &'a Habits,
    /// When the visit was.
    pub at: Timestamp,
}

/// What a visit shows of a feed to one rule.
enum Finding {
    /// Something is wrong, since then.
    Ill(Ailment, Timestamp),
    Well,
    /// Not yet enough to say anything new.
    Unsure,
}

impl HealthRules {
    /// Takes those of a configuration that ring.
    pub fn of(config: &Config) -> Self {
        let rule = |(name, rule): (&String, &config::Rule)| match &rule.condition {
            Condition::Health(asks) if rule.alert => {
                Some(Rule { name: name.clone(), severity: rule.severity, feeds: rule.feeds.clone(), asks: asks.clone() })
            }
            _ => None,
        };
        Self(config.rules.iter().filter_map(rule).collect())
    }

    /// What is to be told after a visit, and the episodes that go on. Those of rules that ask no more end without a word.
    pub fn check_up(&self, vitals: Vitals<'_>, router: &Router) -> (Vec<Verdict>, Vec<Episode>) {
        let (mut verdicts, mut episodes) = (Vec::new(), Vec::new());
        for rule in self.0.iter().filter(|rule| rule.hears(vitals.name)) {
            let open = vitals.habits.episodes.iter().find(|episode| episode.rule == rule.name);
            match (open, rule.finding(vitals)) {
                (None, Finding::Well | Finding::Unsure) => {}
                (Some(open), Finding::Unsure) => episodes.push(open.clone()),
                (Some(open), Finding::Ill(ailment, _)) if open.ailment == ailment => episodes.push(open.clone()),
                (Some(open), Finding::Well) => verdicts.push(rule.verdict(vitals, open, Some(open.ailment), router)),
                (open, Finding::Ill(ailment, since)) => {
                    let episode = rule.episode(vitals, open, ailment, since);
                    verdicts.push(rule.verdict(vitals, &episode, open.map(|open| open.ailment), router));
                    episodes.push(episode);
                }
            }
        }
        (verdicts, episodes)
    }
}

impl Rule {
    fn hears(&self, feed: &str) -> bool {
        self.feeds.as_ref().is_none_or(|feeds| feeds.iter().any(|heard| heard == feed))
    }

    fn finding(&self, vitals: Vitals<'_>) -> Finding {
        let asks = |ailment| self.asks.ailments.contains(&ailment);
        let patience = self.asks.patience.map(|patience| SignedDuration::try_from(patience).unwrap_or(SignedDuration::MAX));
        let (habits, at) = (vitals.habits, vitals.at);
        match vitals.outcome {
            Outcome::Retired if asks(Ailment::Retired) => Finding::Ill(Ailment::Retired, at),
            // one alert tells of an outage of everything
            Outcome::Failed(_) if vitals.outage.is_told_by(&self.name) => Finding::Unsure,
            Outcome::Failed(_) if asks(Ailment::Failing) && vitals.failures >= FAILURES => {
                let since = habits.failing_since.unwrap_or(at);
                let is_enough = at.duration_since(since) >= patience.unwrap_or(PATIENCE);
                if is_enough { Finding::Ill(Ailment::Failing, since) } else { Finding::Unsure }
            }
            Outcome::Failed(_) | Outcome::Retired => Finding::Unsure,
            Outcome::Unchanged(_) | Outcome::Answered(_) => {
                let silent =
                    habits.rhythm.as_ref().filter(|_| asks(Ailment::Stale)).and_then(|rhythm| quiet_since(rhythm, patience, at));
                let gap = habits.gap.filter(|_| asks(Ailment::Gap));
                let ill = silent.map(|since| (Ailment::Stale, since)).or(gap.map(|gap| (Ailment::Gap, gap.since)));
                ill.map_or(Finding::Well, |(ailment, since)| Finding::Ill(ailment, since))
            }
        }
    }

    /// The episode that begins, or the one that takes a turn.
    fn episode(&self, vitals: Vitals<'_>, open: Option<&Episode>, ailment: Ailment, since: Timestamp) -> Episode {
        let story = || {
            let digest = Sha256::digest([&self.name, vitals.name, ailment.as_str(), &since.to_string()].join("\n"));
            StoryId(digest.iter().take(ID_BYTES).map(|byte| format!("{byte:02x}")).collect())
        };
        match open {
            Some(open) => Episode { ailment, ..open.clone() },
            None => Episode { rule: self.name.clone(), story: story(), ailment, since },
        }
    }

    /// What is told of an episode: that it begins, or else, where something else was told before, its turn. What was told before and
    /// still holds has come to an end.
    fn verdict(&self, vitals: Vitals<'_>, episode: &Episode, told: Option<Ailment>, router: &Router) -> Verdict {
        let now = Some(episode.ailment).filter(|ailment| told != Some(*ailment));
        let change =
            told.map(|from| Change::Health { from, to: now, seconds: vitals.at.duration_since(episode.since).as_secs() });
        let alert = self.alert(vitals, episode, now, change.as_ref());
        let place = match change {
            None => Place::Opens(self.story(vitals, episode, &alert)),
            Some(change) => Place::Joins {
                story: episode.story.clone(),
                because: Joined::SameEpisode,
                changes: vec![change],
                known: Known::default(),
            },
        };
        let matched =
            Match { rule: self.name.as_str().into(), severity: self.severity, evidence: Vec::new(), event: None, opens: true };
        let receivers = router.told(&matched, &place);
        Verdict { place, alert, receivers }
    }

    fn story(&self, vitals: Vitals<'_>, episode: &Episode, alert: &Alert) -> Story {
        Story {
            id: episode.story.clone(),
            rule: self.name.clone(),
            title: alert.report.title.clone(),
            opened: vitals.at,
            links: Vec::new(),
            holds: false,
            sketch: Sketch::default(),
            event: None,
            known: Known::default(),
        }
    }

    fn alert(&self, vitals: Vitals<'_>, episode: &Episode, condition: Option<Ailment>, change: Option<&Change>) -> Alert {
        let state = condition.map_or("well", Ailment::as_str);
        let article = format!("{} {state} {}", vitals.name, vitals.at);
        let changes: Vec<News> = change.map(|change| News { change: change.clone(), words: words(change) }).into_iter().collect();
        let kind = if changes.is_empty() { AlertKind::Alert } else { AlertKind::Update };
        let id = if changes.is_empty() {
            episode.story.0.clone()
        } else {
            format!("{}-{state}-{}", episode.story, vitals.at.as_second())
        };
        Alert {
            kind,
            id,
            rule: self.name.clone(),
            story: episode.story.clone(),
            severity: self.severity,
            report: Report {
                article,
                outlet: vitals.feed.outlet.clone(),
                title: title(vitals, condition, changes.first()),
                url: Some(address(vitals.feed)),
                published: None,
            },
            changes,
            event: None,
            why: Vec::new(),
            health: Some(vitals.health(episode, condition)),
        }
    }
}

impl Vitals<'_> {
    fn error(&self) -> Option<&str> {
        match self.outcome {
            Outcome::Failed(error) => Some(error),
            _ => None,
        }
    }

    fn health(&self, episode: &Episode, condition: Option<Ailment>) -> Health {
        let usual = self.habits.rhythm.as_ref().map(|rhythm| (per_day(rhythm) * 100.0).round() / 100.0);
        Health {
            feed: self.name.to_owned(),
            condition,
            since: episode.since,
            failures: self.failures,
            error: self.error().map(str::to_owned),
            last_success: self.last_success,
            per_day: usual,
        }
    }
}

/// What is wrong, in a sentence; or what was, and is not any more.
fn title(vitals: Vitals<'_>, condition: Option<Ailment>, news: Option<&News>) -> String {
    let (name, outlet) = (vitals.name, vitals.feed.outlet.as_str());
    let called = if name == outlet { name.to_owned() } else { format!("{outlet} ({name})") };
    let says = match condition {
        Some(Ailment::Retired) => "is gone for good, its server says (410), and is asked no more".to_owned(),
        Some(Ailment::Failing) => {
            let others = if *vitals.outage == Outage::None { "" } else { "; nor has any other feed answered since" };
            format!("cannot be read: {}{others}", vitals.error().unwrap_or_default())
        }
        Some(Ailment::Stale) => {
            let how = vitals.habits.rhythm.as_ref().map(|rhythm| quiet(rhythm, vitals.at));
            format!("has been {}", how.unwrap_or_else(|| "quiet".to_owned()))
        }
        Some(Ailment::Gap) => "publishes faster than it is asked: entries may have come and gone unseen".to_owned(),
        None => news.map(|news| news.words.clone()).unwrap_or_default(),
    };
    format!("{called} {says}")
}

/// The feed's address without user and password: alerts travel far.
fn address(feed: &Feed) -> String {
    let mut url = feed.url.clone();
    // neither can fail for http and https
    let _ = (url.set_username(""), url.set_password(None));
    url.into()
}

/// A change of a feed's health in words.
pub(super) fn words(change: &Change) -> String {
    let Change::Health { from, to, seconds } = change else { return String::new() };
    let after = span(SignedDuration::from_secs(*seconds));
    match (to, from) {
        (Some(Ailment::Retired), _) => format!("gone for good by its server's word, after {after}"),
        (Some(Ailment::Failing), _) => "cannot be read any more".to_owned(),
        (Some(Ailment::Stale), _) => "can be read, and has nothing new".to_owned(),
        (Some(Ailment::Gap), _) => "has something new again, of which a part may have been missed".to_owned(),
        (None, Ailment::Retired | Ailment::Failing) => format!("can be read again, after {after}"),
        (None, Ailment::Stale) => format!("has something new again, after {after}"),
        (None, Ailment::Gap) => format!("is asked often enough again, after {after}"),
    }
}

#[cfg(test)]
mod tests;
