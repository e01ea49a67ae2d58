//! When the health of a feed is told, and how.

use super::*;
use crate::config::Diagnostics;
use crate::model::{Gap, Rhythm, Validators};

fn at(hour: i64) -> Timestamp {
    Timestamp::from_second(1_795_392_000 + hour * 3_600).unwrap()
}

/// A configuration with a feed `wire` and these further lines.
fn config(rules: &str) -> Config {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wirewatch.toml");
    let feed = "[feeds.wire]\nurl = \"https://user:secret@news.example/feed\"\noutlet = \"Example Wire\"\n";
    std::fs::write(&file, format!("{feed}{rules}")).unwrap();
    let mut diagnostics = Diagnostics::default();
    let config = config::load(&file, &mut diagnostics);
    assert_eq!(diagnostics.errors(), 0, "{}", diagnostics.render(false));
    config
}

/// A feed that is visited hour by hour, and everything told of it.
struct Ward {
    config: Config,
    habits: Habits,
    failures: u32,
    outage: Outage,
    told: Vec<Verdict>,
}

impl Ward {
    fn new(rules: &str) -> Self {
        Self { config: config(rules), habits: Habits::default(), failures: 0, outage: Outage::None, told: Vec::new() }
    }

    fn visit(&mut self, hour: i64, outcome: &Outcome) -> &mut Self {
        let failed = matches!(outcome, Outcome::Failed(_));
        self.failures = if failed { self.failures + 1 } else { 0 };
        self.habits.failing_since = failed.then(|| self.habits.failing_since.unwrap_or(at(hour)));
        let feed = &self.config.feeds["wire"];
        let (failures, last_success, outage) = (self.failures, None, &self.outage);
        let vitals = Vitals { name: "wire", feed, outcome, failures, last_success, outage, habits: &self.habits, at: at(hour) };
        let router = Router::compile(&self.config, &mut Diagnostics::default());
        let (verdicts, episodes) = HealthRules::of(&self.config).check_up(vitals, &router);
        self.habits.episodes = episodes;
        self.told.extend(verdicts);
        self
    }

    fn titles(&self) -> Vec<&str> {
        self.told.iter().map(|verdict| verdict.alert.report.title.as_str()).collect()
    }
}

fn failed() -> Outcome {
    Outcome::Failed("answered 404 Not Found".to_owned())
}

fn fine() -> Outcome {
    Outcome::Unchanged(Validators::default())
}

const ALL: &str = "[rules.feeds]\nhealth = [\"failing\", \"retired\", \"stale\", \"gap\"]\n";

#[test]
fn failing_is_told_once_after_three_polls_and_an_hour_and_so_is_its_end() {
    let mut ward = Ward::new(ALL);
    for hour in 0..5 {
        ward.visit(hour, &failed());
    }
    assert_eq!(ward.titles(), ["Example Wire (wire) cannot be read: answered 404 Not Found"]);
    ward.visit(6, &fine()).visit(7, &fine());
    assert_eq!(ward.titles()[1..], ["Example Wire (wire) can be read again, after 6 hours"]);
    let (alert, end) = (&ward.told[0].alert, &ward.told[1].alert);
    assert_eq!((alert.kind, end.kind, &alert.story), (AlertKind::Alert, AlertKind::Update, &end.story));
    assert_ne!(alert.id, end.id);
    let health = alert.health.as_ref().unwrap();
    assert_eq!((health.condition, health.since, health.failures), (Some(Ailment::Failing), at(0), 3));
    assert_eq!(end.health.as_ref().unwrap().condition, None);
    assert_eq!(alert.report.url.as_deref(), Some("https://news.example/feed"), "secrets stay at home");
    for hour in 8..12 {
        ward.visit(hour, &failed());
    }
    assert_ne!(ward.told[2].alert.story, ward.told[0].alert.story, "another spell is another story");
}

#[test]
fn a_short_failure_is_nobodys_business() {
    let mut ward = Ward::new(ALL);
    ward.visit(0, &failed()).visit(1, &failed()).visit(2, &fine()).visit(3, &failed()).visit(4, &fine());
    assert_eq!(ward.titles(), [""; 0]);
}

#[test]
fn an_outage_of_everything_is_told_by_one_feed_and_no_other() {
    let says = "Example Wire (wire) cannot be read: answered 404 Not Found; nor has any other feed answered since";
    for (told, says) in [(&[][..], &[says][..]), (&["another"], &[says]), (&["another", "feeds"], &[])] {
        let mut ward = Ward::new(ALL);
        ward.outage = Outage::Told(told.iter().map(|&rule| rule.to_owned()).collect());
        (0..9).for_each(|hour| _ = ward.visit(hour, &failed()));
        assert_eq!(ward.titles(), says);
    }
}

#[test]
fn patience_is_as_long_as_the_rule_says() {
    let mut ward = Ward::new("[rules.feeds]\nhealth = \"failing\"\nfor = \"10h\"\n");
    (0..10).for_each(|hour| _ = ward.visit(hour, &failed()));
    assert_eq!(ward.told.len(), 0);
    ward.visit(10, &failed());
    assert_eq!(ward.told.len(), 1);
}

#[test]
fn gone_for_good_is_told_at_once_and_as_a_turn_of_what_was_told() {
    let mut ward = Ward::new(ALL);
    ward.visit(0, &Outcome::Retired);
    assert_eq!(ward.titles(), ["Example Wire (wire) is gone for good, its server says (410), and is asked no more"]);
    let mut ward = Ward::new(ALL);
    (0..3).for_each(|hour| _ = ward.visit(hour, &failed()));
    ward.visit(3, &Outcome::Retired);
    assert_eq!(ward.told[1].alert.changes[0].words, "gone for good by its server's word, after 3 hours");
    assert_eq!(ward.told[0].alert.story, ward.told[1].alert.story);
}

#[test]
fn a_rule_hears_only_what_and_whom_it_asks_for() {
    for rule in ["health = \"retired\"", "health = \"failing\"\nalert = false", "health = \"failing\"\nfeeds = [\"other\"]"] {
        let other = "[feeds.other]\nurl = \"https://other.example/\"\n";
        let mut ward = Ward::new(&format!("{other}[rules.feeds]\n{rule}\n"));
        (0..9).for_each(|hour| _ = ward.visit(hour, &failed()));
        assert_eq!(ward.told.len(), 0, "{rule}");
    }
    let mut quiet = Ward::new("[rules.feeds]\nhealth = \"failing\"\nupdates = \"none\"\n");
    (0..3).for_each(|hour| _ = quiet.visit(hour, &failed()));
    quiet.visit(3, &fine());
    let receivers: Vec<usize> = quiet.told.iter().map(|verdict| verdict.receivers.len()).collect();
    assert_eq!(receivers, [1, 0], "the end is kept with its story and rings nobody");
}

#[test]
fn silence_is_told_by_the_feeds_own_rhythm_or_by_the_rules() {
    let mut ward = Ward::new("[rules.own]\nhealth = \"stale\"\n[rules.fixed]\nhealth = \"stale\"\nfor = \"6h\"\n");
    let mut rhythm = Rhythm::new(at(-28 * 24));
    rhythm.at = at(0);
    rhythm.hours = [12.0; 24];
    rhythm.days = [41.0; 7];
    ward.habits.rhythm = Some(rhythm.clone());
    (0..100).for_each(|hour| _ = ward.visit(hour, &fine()));
    let rules: Vec<(&str, i64)> = ward.told.iter().map(|verdict| (verdict.alert.rule.as_str(), hours(verdict))).collect();
    assert_eq!(rules, [("fixed", 6), ("own", 24)]);
    assert!(ward.titles()[1].starts_with("Example Wire (wire) has been quiet for 24 hours, usually "), "{:?}", ward.titles());
    // while it cannot be read nobody knows whether it has something new
    ward.visit(100, &failed());
    assert_eq!(ward.told.len(), 2);
    ward.habits.rhythm = Some(Rhythm { at: at(101), ..rhythm });
    ward.visit(101, &fine());
    assert_eq!(ward.titles()[2..], ["Example Wire (wire) has something new again, after 4 days"; 2]);
}

/// Hours after the beginning at which something was told.
fn hours(verdict: &Verdict) -> i64 {
    match &verdict.place {
        Place::Opens(story) => story.opened.duration_since(at(0)).as_hours(),
        Place::Joins { .. } => -1,
    }
}

#[test]
fn a_gap_is_told_until_it_is_closed() {
    let mut ward = Ward::new(ALL);
    ward.habits.gap = Some(Gap { since: at(-1), until: at(0) });
    ward.visit(0, &fine()).visit(1, &fine());
    ward.habits.gap = None;
    ward.visit(2, &fine());
    let says = "publishes faster than it is asked: entries may have come and gone unseen";
    assert_eq!(
        ward.titles(),
        [&format!("Example Wire (wire) {says}"), "Example Wire (wire) is asked often enough again, after 3 hours"]
    );
}

#[test]
fn an_episode_of_a_rule_that_is_no_more_ends_without_a_word() {
    let mut ward = Ward::new(ALL);
    (0..3).for_each(|hour| _ = ward.visit(hour, &failed()));
    ward.config = config("[rules.other]\nhealth = \"retired\"\n");
    ward.visit(3, &failed()).visit(4, &fine());
    assert_eq!((ward.told.len(), ward.habits.episodes.len()), (1, 0));
}
