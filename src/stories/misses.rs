//! The stories that an article nearly joined, and what keeps it apart from them.

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::{WINDOW, as_known, identity, similarity};
use crate::model::{Candidate, Event, Match, Story, StoryId};

/// A story that an article does not join.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Miss {
    /// Which.
    pub story: StoryId,
    /// The headline of its first article.
    pub title: String,
    /// When that appeared.
    pub opened: Timestamp,
    /// What they share and what they do not, in words.
    pub compared: Vec<String>,
}

/// How far apart an article and a story are; the least first.
type Distance = (usize, i64);

/// The nearest stories of a match's rule that are not its own, at most `most`.
pub fn misses(candidate: &Candidate, matched: &Match, stories: &[Story], most: usize) -> Vec<Miss> {
    let of_rule = stories.iter().filter(|story| *story.rule == *matched.rule);
    let mut found: Vec<(Distance, Miss)> = of_rule.map(|story| miss(candidate, matched, story)).collect();
    found.sort_by(|(a, one), (b, other)| a.cmp(b).then_with(|| one.story.cmp(&other.story)));
    found.into_iter().take(most).map(|(_, miss)| miss).collect()
}

fn miss(candidate: &Candidate, matched: &Match, story: &Story) -> (Distance, Miss) {
    let ((differing, days), mut compared) = match (&matched.event, as_known(story)) {
        (Some(own), Some(known)) => events(own, &known),
        _ => texts(candidate, story),
    };
    let apart = candidate.article.when().duration_since(story.opened).unsigned_abs();
    if apart > WINDOW {
        compared.push(format!("told {} apart, and a story is open for {}", in_days(apart), in_days(WINDOW)));
    }
    let miss = Miss { story: story.id.clone(), title: story.title.clone(), opened: story.opened, compared };
    ((differing + usize::from(apart > WINDOW), days), miss)
}

fn events(own: &Event, known: &Event) -> (Distance, Vec<String>) {
    let days = own.date.zip(known.date).map(|(own, known)| i64::from((own - known).get_days().abs()));
    let date = match days {
        None => "a day is not known".to_owned(),
        Some(0) => "same day".to_owned(),
        Some(1) => "1 day apart".to_owned(),
        Some(days) => format!("{days} days apart"),
    };
    let mut compared: Vec<(bool, String)> =
        if own.values("actors").is_empty() { measures(own, known) } else { vec![persons(own, known)] };
    compared.push((days.unwrap_or(0) <= 1, date));
    let differing = compared.iter().filter(|(same, _)| !same).count();
    ((differing, days.unwrap_or(0)), compared.into_iter().map(|(_, words)| words).collect())
}

fn persons(own: &Event, known: &Event) -> (bool, String) {
    let (a, b) = (own.values("actors"), known.values("actors"));
    let common: Vec<&str> = a.iter().filter(|actor| b.contains(actor)).map(String::as_str).collect();
    match () {
        () if a.len() == b.len() && common.len() == a.len() => (true, "same actors".to_owned()),
        () if identity::is_part(a, b) => (true, format!("{} in both", common.join(", "))),
        () if common.is_empty() => (false, format!("other actors ({})", b.join(", "))),
        () => (false, format!("only {} in both ({} there)", common.join(", "), b.join(", "))),
    }
}

fn measures(own: &Event, known: &Event) -> Vec<(bool, String)> {
    let told = |event: &Event, field| event.values(field).join(", ");
    let issuer = if own.values("imposer") == known.values("imposer") {
        (true, "same issuer".to_owned())
    } else {
        (false, format!("another issuer ({})", told(known, "imposer")))
    };
    let object = if identity::are_alike(own, known) {
        (true, "about the same".to_owned())
    } else {
        (false, format!("about something else ({})", told(known, "object")))
    };
    vec![issuer, object]
}

fn texts(candidate: &Candidate, story: &Story) -> (Distance, Vec<String>) {
    let resemblance = similarity::resemblance(&candidate.sketch, &story.sketch);
    // the distance counts down from a whole: what resembles most is nearest
    let unlike = ((1.0 - resemblance) * 100.0).round() as i64;
    ((1, unlike), vec!["another link".to_owned(), format!("{:.0} % the same text", resemblance * 100.0)])
}

fn in_days(span: Duration) -> String {
    match span.as_secs() / 86_400 {
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Place;
    use crate::stories::testing::{call, measure, report};
    use crate::stories::{Sides, place};

    fn story(candidate: &Candidate) -> Story {
        match place(candidate, &candidate.matches[0], &[], &Sides::default()) {
            Some(Place::Opens(story)) => story,
            other => panic!("{other:?}"),
        }
    }

    fn compared(candidate: &Candidate, known: &[Candidate]) -> Vec<String> {
        let stories: Vec<Story> = known.iter().map(story).collect();
        let misses = misses(candidate, &candidate.matches[0], &stories, 2);
        misses.iter().map(|miss| format!("{}: {}", miss.title, miss.compared.join(", "))).collect()
    }

    #[test]
    fn the_same_persons_on_another_day_are_nearer_than_other_persons() {
        let own = report("own", call(&["ada", "bo"], "2025-06-10"));
        let known = [
            report("x", call(&["cy", "di"], "2025-06-10")),
            report("y", call(&["ada", "bo"], "2025-06-08")),
            report("z", call(&["bo", "cy"], "2025-06-07")),
        ];
        assert_eq!(compared(&own, &known), ["x: other actors (cy, di), same day", "y: same actors, 2 days apart"]);
        let late = report("late", call(&["ada", "bo"], "2025-06-18"));
        let told = "y: same actors, 10 days apart, told 10 days apart, and a story is open for 7 days";
        assert_eq!(compared(&late, &known[1..2]), [told]);
    }

    #[test]
    fn a_measure_says_whether_issuer_and_object_differ() {
        let (steel, zinc) = (measure("impose", "steel", &["ca"], None), measure("impose", "zinc", &["ca"], None));
        let known = [report("x", steel)];
        assert_eq!(compared(&report("own", zinc), &known), ["x: same issuer, about something else (steel), same day"]);
    }
}
