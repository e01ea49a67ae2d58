//! Which happening an article tells of: it joins a recent story of its rule, or opens one.
//!
//! A story of events folds every telling of one event (`identity`); any other story folds the same article, the same link and
//! near copies of its first text (`similarity`).

mod identity;
mod known;
mod misses;
mod sides;
pub mod similarity;
#[cfg(test)]
mod testing;

use std::cmp::Ordering;
use std::time::Duration;

use jiff::civil::Date;
use sha2::{Digest, Sha256};

pub use self::misses::{Miss, misses};
pub use self::sides::Sides;

use self::known::Teller;
use crate::model::{Article, Candidate, Change, Event, Joined, Known, Match, Place, Precision, Story, StoryId};

/// How far apart the first article of a story and a later one may lie. What is three days old is still news, and one event may have
/// dates three days apart; which events are one, their own days decide.
pub const WINDOW: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// The same for texts that are only alike.
const COPY_WINDOW: Duration = Duration::from_secs(3 * 24 * 60 * 60);
/// Bytes of the hash that names a story: enough for 10⁹ stories with one chance in 10¹⁰ of two alike.
const ID_BYTES: usize = 12;

/// Places one match of a candidate among the recent stories of its rule; nowhere, if it may open none and joins none.
pub fn place(candidate: &Candidate, matched: &Match, recent: &[Story], sides: &Sides) -> Option<Place> {
    let id = id_of(matched, &candidate.article, recent);
    let of_rule = recent.iter().filter(|story| *story.rule == *matched.rule);
    let joined = of_rule.filter_map(|story| Some((story, joins(candidate, matched, &id, story)?)));
    if let Some((story, because)) = joined.max_by(|a, b| by_strength(matched, *a, *b)) {
        let (changes, known) = grow(candidate, matched, story, sides);
        return Some(Place::Joins { story: story.id.clone(), because, changes, known });
    }
    matched.opens.then(|| Place::Opens(open(candidate, matched, id, sides)))
}

fn joins(candidate: &Candidate, matched: &Match, id: &StoryId, story: &Story) -> Option<Joined> {
    if story.id == *id || story.holds && is_of_its_event(matched, story) {
        return Some(Joined::SameArticle);
    }
    let same_link = candidate.link.as_ref().is_some_and(|link| story.links.contains(link)).then_some(Joined::SameLink);
    if let (Some(own), Some(known)) = (&matched.event, as_known(story)) {
        // one article may tell of several events, so that its link alone says nothing here
        return identity::is_same(own, &known).then_some(same_link.unwrap_or(Joined::SameEvent));
    }
    let apart = candidate.article.when().duration_since(story.opened).unsigned_abs();
    let copy = || similarity::copy(&candidate.sketch, &story.sketch).filter(|_| apart <= COPY_WINDOW);
    same_link.or_else(|| copy().map(|resemblance| Joined::NearCopy { resemblance }))
}

/// The event of a story as all its articles tell it.
fn as_known(story: &Story) -> Option<Event> {
    story.event.as_ref().map(|event| known::as_known(event, &so_far(story)))
}

/// Which of two stories an article belongs to more: whatever the order in which they are looked at, the answer is one.
fn by_strength(matched: &Match, a: (&Story, Joined), b: (&Story, Joined)) -> Ordering {
    let distance = |story| Some(identity::distance(matched.event.as_ref()?, &as_known(story)?));
    let nearness = distance(b.0).cmp(&distance(a.0));
    let earlier = b.0.opened.cmp(&a.0.opened).then_with(|| b.0.id.cmp(&a.0.id));
    strength(a.1).total_cmp(&strength(b.1)).then(nearness).then(earlier)
}

/// Which of several reasons weighs most.
fn strength(joined: Joined) -> f64 {
    match joined {
        Joined::SameArticle => 3.0,
        Joined::SameEvent | Joined::SameLink | Joined::SameEpisode => 2.0,
        Joined::NearCopy { resemblance } => resemblance,
    }
}

/// What is new to a story in an article that joins it, and what the story knows then.
fn grow(candidate: &Candidate, matched: &Match, story: &Story, sides: &Sides) -> (Vec<Change>, Known) {
    let mut known = so_far(story);
    let Some(event) = matched.event.as_ref() else { return (Vec::new(), known) };
    let teller = teller(candidate, event, sides);
    let changes = known::changes(&known, event, teller);
    known::learn(&mut known, event, teller);
    (changes, known)
}

fn teller<'a>(candidate: &'a Candidate, event: &Event, sides: &'a Sides) -> Teller<'a> {
    Teller { outlet: &candidate.article.outlet, side: sides.side(&candidate.article, event) }
}

/// What a story knows; one that was written down before stories kept it knows what its first article told.
fn so_far(story: &Story) -> Known {
    match &story.event {
        Some(event) if story.known.statuses.is_empty() => known::first(event, Teller { outlet: "", side: None }),
        _ => story.known.clone(),
    }
}

fn open(candidate: &Candidate, matched: &Match, id: StoryId, sides: &Sides) -> Story {
    Story {
        id,
        rule: matched.rule.to_string(),
        title: candidate.title.clone(),
        opened: candidate.article.when(),
        links: candidate.link.iter().cloned().collect(),
        holds: false,
        sketch: candidate.sketch.clone(),
        event: matched.event.clone(),
        known: matched.event.as_ref().map(|event| known::first(event, teller(candidate, event, sides))).unwrap_or_default(),
    }
}

/// The name of the story that this article opens under this rule, for this event. An article that is rewritten may tell of one
/// event of the same persons after another; the day then takes part.
fn id_of(matched: &Match, article: &Article, recent: &[Story]) -> StoryId {
    let id = named(matched, article, None);
    let day = matched.event.as_ref().filter(|event| event.date_precision == Precision::Day).and_then(|event| event.date);
    let is_taken = |story: &Story| story.id == id && !is_of_its_event(matched, story);
    if recent.iter().any(is_taken) { named(matched, article, day) } else { id }
}

fn named(matched: &Match, article: &Article, day: Option<Date>) -> StoryId {
    let who = matched.event.iter().flat_map(|event| event.values("actors").iter().chain(event.values("imposer")));
    let mut parts = vec![&*matched.rule, article.feed.as_deref().unwrap_or_default(), &article.key.0];
    parts.extend(who.map(String::as_str));
    let day = day.map(|day| day.to_string());
    parts.extend(day.as_deref());
    let digest = Sha256::digest(parts.join("\n"));
    StoryId(digest.iter().take(ID_BYTES).map(|byte| format!("{byte:02x}")).collect())
}

/// Whether what a rule found in an article of a story is what the story is about: another event where both name its day.
fn is_of_its_event(matched: &Match, story: &Story) -> bool {
    let (Some(own), Some(known)) = (&matched.event, as_known(story)) else { return true };
    let is_exact = own.date_precision == Precision::Day && known.date_precision == Precision::Day;
    !is_exact || identity::is_same(own, &known)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    use super::testing::{call, measure, report};
    use super::*;
    use crate::model::Status;

    /// A story with the titles of its articles.
    type Told = (Story, BTreeSet<String>);

    /// The stories that articles make, and the changes in each that joined one, in the order of arrival.
    fn told(candidates: &[Candidate]) -> (Vec<Told>, Vec<Vec<Change>>) {
        let (mut stories, mut news): (Vec<Told>, _) = (Vec::new(), Vec::new());
        for candidate in candidates {
            let recent: Vec<Story> = stories.iter().map(|(story, _)| story.clone()).collect();
            match place(candidate, &candidate.matches[0], &recent, &Sides::default()) {
                None => {}
                Some(Place::Opens(story)) => stories.push((story, BTreeSet::from([candidate.title.clone()]))),
                Some(Place::Joins { story: id, changes, known, .. }) => {
                    let (story, articles) = stories.iter_mut().find(|(story, _)| story.id == id).unwrap();
                    story.known = known;
                    articles.insert(candidate.title.clone());
                    news.push(changes);
                }
            }
        }
        (stories, news)
    }

    fn partition(candidates: &[Candidate]) -> BTreeSet<BTreeSet<String>> {
        told(candidates).0.into_iter().map(|(_, articles)| articles).collect()
    }

    /// Two calls of one pair three days apart, a joint one, and measures on two goods, one of which is told without a rate.
    fn handful() -> Vec<Candidate> {
        let unsaid = |event: Event| Event { date_precision: Precision::Published, ..event };
        vec![
            report("a1", call(&["ada", "bo"], "2025-06-05")),
            report("a2", unsaid(call(&["ada", "bo"], "2025-06-05"))),
            report("a3", call(&["ada", "bo"], "2025-06-06")),
            report("b1", call(&["ada", "bo"], "2025-06-09")),
            report("b2", call(&["ada", "bo"], "2025-06-09")),
            report("c1", call(&["cy", "di"], "2025-06-05")),
            report("c2", call(&["cy", "di", "ed"], "2025-06-05")),
            report("d1", measure("impose", "steel", &["ca"], Some("25%"))),
            report("d2", measure("impose", "steel pipes", &["ca"], None)),
            report("e1", measure("impose", "zinc", &["ca"], Some("10%"))),
        ]
    }

    proptest! {
        #[test]
        fn any_order_of_arrival_gives_the_same_stories(order in Just(handful()).prop_shuffle()) {
            let expected: BTreeSet<BTreeSet<String>> = [&["a1", "a2", "a3"][..], &["b1", "b2"], &["c1", "c2"], &["d1", "d2"], &["e1"]]
                .iter()
                .map(|articles| articles.iter().map(|id| (*id).to_owned()).collect())
                .collect();
            prop_assert_eq!(partition(&order), expected);
        }
    }

    #[test]
    fn a_story_knows_what_all_its_articles_told_together() {
        let joint = report("b", call(&["ada", "bo", "cy"], "2025-06-05"));
        let stories = told(&[report("a", call(&["ada", "bo"], "2025-06-05")), joint]);
        assert_eq!(stories.1, [[Change::Actor { actor: "cy".to_owned() }]]);
        let part = report("c", call(&["bo", "cy"], "2025-06-05"));
        let recent: Vec<Story> = stories.0.into_iter().map(|(story, _)| story).collect();
        let placed = place(&part, &part.matches[0], &recent, &Sides::default());
        assert!(matches!(placed, Some(Place::Joins { changes, .. }) if changes.is_empty()));
    }

    #[test]
    fn a_denial_joins_what_it_denies_and_opens_nothing() {
        let call = call(&["ada", "bo"], "2025-06-05");
        let denial = report("no", Event { status: Status::Denied, date: None, ..call.clone() });
        assert_eq!(told(std::slice::from_ref(&denial)).0, []);
        let (stories, news) = told(&[report("yes", call), denial]);
        assert_eq!((stories.len(), news[0].len()), (1, 1));
    }

    #[test]
    fn the_same_article_read_again_brings_nothing() {
        let article = report("a", call(&["ada", "bo"], "2025-06-05"));
        assert_eq!(told(&[article.clone(), article]).1, [[]]);
    }

    #[test]
    fn a_story_kept_by_an_older_version_knows_what_its_first_article_told() {
        let candidate = report("a", measure("impose", "steel", &["ca"], Some("25%")));
        let (mut stories, _) = told(std::slice::from_ref(&candidate));
        stories[0].0.known = Known::default();
        let again = report("b", measure("impose", "steel", &["ca"], Some("25%")));
        let placed = place(&again, &again.matches[0], &[stories[0].0.clone()], &Sides::default());
        assert!(matches!(placed, Some(Place::Joins { changes, .. }) if changes.is_empty()));
    }

    #[test]
    fn of_two_stories_the_nearer_one_is_joined() {
        let recent = [("a", "2025-06-05"), ("b", "2025-06-07")];
        let mut stories: Vec<Story> = recent
            .iter()
            .flat_map(|(id, day)| told(&[report(id, call(&["ada", "bo"], day))]).0)
            .map(|(story, _)| story)
            .collect();
        let unsaid = Event { date_precision: Precision::Published, ..call(&["ada", "bo"], "2025-06-07") };
        let later = report("c", unsaid);
        for _ in 0..2 {
            let placed = place(&later, &later.matches[0], &stories, &Sides::default());
            assert!(
                matches!(placed, Some(Place::Joins { story, .. }) if story == stories.iter().find(|s| s.title == "b").unwrap().id)
            );
            stories.reverse();
        }
    }
}
