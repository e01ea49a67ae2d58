//! What a story knows of its event, and what in a later article is new to it.
//!
//! New is what somebody who was told of the story would want to hear: another number, another day, one more who took part, the
//! step back, the denial, the other side's word. What repeats, or says less, is not.

use jiff::civil::Date;

use super::identity::DAYS_BETWEEN_ZONES;
use crate::model::{Change, Event, Known, Precision, Status};

/// The target of a measure that is for everybody.
const EVERYBODY: &str = "all";
/// Steps that make a measure milder; going from one of them to another, or between others, is wording.
const MILDER: [&str; 6] = ["cut", "ease", "suspend", "exempt", "remove", "strike_down"];
/// Steps that make it harder.
const HARDER: [&str; 4] = ["impose", "raise", "extend", "tighten"];

/// Who tells: the outlet, and the country whose own side it is.
#[derive(Debug, Clone, Copy)]
pub struct Teller<'a> {
    /// Its name.
    pub outlet: &'a str,
    /// The country, if the outlet speaks for one that has part in the event.
    pub side: Option<&'a str>,
}

/// What a story knows by its first article.
pub fn first(event: &Event, teller: Teller<'_>) -> Known {
    let mut known = Known { taken_day: event.date.filter(|_| event.date_precision != Precision::Day), ..Known::default() };
    learn(&mut known, event, teller);
    known
}

/// What is materially new in an event to those who know this much.
pub fn changes(known: &Known, event: &Event, teller: Teller<'_>) -> Vec<Change> {
    if event.status == Status::Denied {
        return denial(known, teller).into_iter().collect();
    }
    let mut changes: Vec<Change> = status(known, event.status).into_iter().collect();
    changes.extend(rate(known, event));
    changes.extend(date(known, event));
    changes.extend(action(known, event));
    changes.extend(actors(known, event));
    changes.extend(targets(known, event));
    changes.extend(side(known, teller));
    changes
}

/// Adds what an event says. A denial says nothing of what it denies.
pub fn learn(known: &mut Known, event: &Event, teller: Teller<'_>) {
    known.statuses.insert(event.status);
    if event.status == Status::Denied {
        return;
    }
    known.actors.extend(event.values("actors").iter().cloned());
    known.targets.extend(event.values("target").iter().cloned());
    append(&mut known.actions, event.values("action"));
    append(&mut known.rates, event.values("rate"));
    append(&mut known.days, named_day(event).as_slice());
    known.object = known.object.take().or_else(|| event.values("object").first().cloned());
    known.sides.extend(teller.side.map(str::to_owned));
}

/// The event as all articles together tell it: with everybody who took part, the day somebody named, the object.
pub fn as_known(event: &Event, known: &Known) -> Event {
    use crate::model::Value;
    let mut whole = event.clone();
    if !event.values("actors").is_empty() {
        whole.fields.insert("actors".to_owned(), Value::Many(known.actors.iter().cloned().collect()));
    }
    if let Some(object) = known.object.as_ref().filter(|_| event.values("object").is_empty()) {
        whole.fields.insert("object".to_owned(), Value::One(object.clone()));
    }
    if let Some(day) = known.days.first() {
        (whole.date, whole.date_precision) = (Some(*day), Precision::Day);
    }
    whole
}

fn append<T: Clone + PartialEq>(known: &mut Vec<T>, told: &[T]) {
    for one in told {
        if !known.contains(one) {
            known.push(one.clone());
        }
    }
}

fn named_day(event: &Event) -> Option<Date> {
    event.date.filter(|_| event.date_precision == Precision::Day)
}

fn denial(known: &Known, teller: Teller<'_>) -> Option<Change> {
    let change = Change::Denied { by: teller.outlet.to_owned(), side: teller.side.map(str::to_owned) };
    (!known.statuses.contains(&Status::Denied)).then_some(change)
}

/// A step towards having happened; an older plan told late is nothing new.
fn status(known: &Known, to: Status) -> Option<Change> {
    let far = |status: &Status| match status {
        Status::Occurred => 4,
        Status::Planned => 3,
        Status::Threatened => 2,
        Status::Denied => 1,
        Status::Background => 0,
    };
    let from = *known.statuses.iter().max_by_key(|status| far(status))?;
    (far(&to) > far(&from)).then_some(Change::Status { from, to })
}

fn rate(known: &Known, event: &Event) -> Option<Change> {
    let to = event.values("rate").first().filter(|rate| !known.rates.contains(rate))?;
    Some(Change::Rate { from: known.rates.last().cloned(), to: to.clone() })
}

/// A day that is named for the first time and is not the one it was taken for, or one farther from every day named than the
/// zones of the world are apart.
fn date(known: &Known, event: &Event) -> Option<Change> {
    let to = named_day(event)?;
    let from = known.days.last().copied().or(known.taken_day);
    let is_near = |day: &Date| (to - *day).get_days().abs() <= DAYS_BETWEEN_ZONES;
    let is_known = if known.days.is_empty() { from == Some(to) } else { known.days.iter().any(is_near) };
    (!is_known).then_some(Change::Date { from, to })
}

fn action(known: &Known, event: &Event) -> Option<Change> {
    let (from, to) = (known.actions.last()?, event.values("action").first()?);
    let is_known = known.actions.iter().any(|action| direction(action) == direction(to));
    (!is_known).then(|| Change::Action { from: from.clone(), to: to.clone() })
}

/// The direction of a step, or the step itself where it has none that is known here.
fn direction(action: &str) -> &str {
    match action {
        milder if MILDER.contains(&milder) => "milder",
        harder if HARDER.contains(&harder) => "harder",
        other => other,
    }
}

fn actors(known: &Known, event: &Event) -> Vec<Change> {
    let further = event.values("actors").iter().filter(|actor| !known.actors.is_empty() && !known.actors.contains(*actor));
    further.map(|actor| Change::Actor { actor: actor.clone() }).collect()
}

/// A country beside others that are hit. An article that names none says everybody, which is nothing new either way.
fn targets(known: &Known, event: &Event) -> Vec<Change> {
    if known.targets.is_empty() || known.targets.contains(EVERYBODY) {
        return Vec::new();
    }
    let is_new = |target: &&String| *target != EVERYBODY && !known.targets.contains(*target);
    let further = event.values("target").iter().filter(is_new);
    further.map(|country| Change::Target { country: country.clone() }).collect()
}

fn side(known: &Known, teller: Teller<'_>) -> Option<Change> {
    let country = teller.side.filter(|side| !known.sides.contains(*side))?;
    Some(Change::Side { country: country.to_owned(), by: teller.outlet.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stories::testing::{call, measure, on};

    const WIRE: Teller<'_> = Teller { outlet: "Example Wire", side: None };

    fn news(told: &[&Event], later: &Event) -> Vec<Change> {
        let mut known = first(told[0], WIRE);
        told[1..].iter().for_each(|event| learn(&mut known, event, WIRE));
        changes(&known, later, WIRE)
    }

    fn rate(from: Option<&str>, to: &str) -> Change {
        Change::Rate { from: from.map(str::to_owned), to: to.to_owned() }
    }

    #[test]
    fn what_repeats_is_nothing_new() {
        let (call, measure) = (call(&["ada", "bo"], "2025-06-05"), measure("impose", "steel", &["ca"], Some("25%")));
        assert_eq!(news(&[&call], &call), []);
        assert_eq!(news(&[&measure], &measure), []);
    }

    #[test]
    fn a_rate_is_new_once() {
        let (none, ten, more) = (
            measure("impose", "steel", &["ca"], None),
            measure("impose", "steel", &["ca"], Some("10%")),
            measure("impose", "steel", &["ca"], Some("25%")),
        );
        assert_eq!(news(&[&none], &ten), [rate(None, "10%")]);
        assert_eq!(news(&[&none, &ten], &more), [rate(Some("10%"), "25%")]);
        assert_eq!(news(&[&ten, &more], &ten), []);
        assert_eq!(news(&[&ten], &none), []);
    }

    #[test]
    fn a_day_is_new_where_it_is_not_the_one_that_was_taken() {
        let taken = Event { date_precision: Precision::Published, ..call(&["ada", "bo"], "2025-06-06") };
        assert_eq!(news(&[&taken], &call(&["ada", "bo"], "2025-06-06")), []);
        let changed = [Change::Date { from: Some(on("2025-06-06")), to: on("2025-06-05") }];
        assert_eq!(news(&[&taken], &call(&["ada", "bo"], "2025-06-05")), changed);
        assert_eq!(news(&[&call(&["ada", "bo"], "2025-06-05")], &taken), []);
    }

    #[test]
    fn the_zones_of_a_call_are_no_correction_and_another_day_of_a_measure_is() {
        assert_eq!(news(&[&call(&["ada", "bo"], "2025-06-05")], &call(&["ada", "bo"], "2025-06-06")), []);
        let (on_the_fifth, on_the_eighth) = (
            measure("impose", "steel", &["ca"], None),
            Event { date: Some(on("2025-06-08")), ..measure("impose", "steel", &["ca"], None) },
        );
        let changed = [Change::Date { from: Some(on("2025-06-05")), to: on("2025-06-08") }];
        assert_eq!(news(&[&on_the_fifth], &on_the_eighth), changed);
    }

    #[test]
    fn one_more_on_a_joint_call_is_new_and_one_fewer_is_not() {
        let (two, three) = (call(&["ada", "bo"], "2025-06-05"), call(&["ada", "bo", "cy"], "2025-06-05"));
        assert_eq!(news(&[&two], &three), [Change::Actor { actor: "cy".to_owned() }]);
        assert_eq!(news(&[&three], &two), []);
    }

    #[test]
    fn one_more_target_is_new_unless_it_was_everybody() {
        let of = |targets: &[&str]| measure("impose", "steel", targets, None);
        assert_eq!(news(&[&of(&["ca"])], &of(&["ca", "mx"])), [Change::Target { country: "mx".to_owned() }]);
        assert_eq!(news(&[&of(&["all"])], &of(&["mx"])), []);
        assert_eq!(news(&[&of(&["mx"])], &of(&["all"])), []);
    }

    #[test]
    fn a_step_back_is_new_and_another_word_for_a_step_is_not() {
        let of = |action: &str| measure(action, "steel", &["ca"], None);
        let stepped = [Change::Action { from: "impose".to_owned(), to: "suspend".to_owned() }];
        assert_eq!(news(&[&of("impose")], &of("suspend")), stepped);
        assert_eq!(news(&[&of("impose")], &of("raise")), []);
        assert_eq!(news(&[&of("hold")], &of("release")).len(), 1, "a kind of one's own may have any steps");
    }

    #[test]
    fn a_denial_is_new_once_and_takes_nothing_back() {
        let (call, other) = (call(&["ada", "bo"], "2025-06-05"), call(&["ada", "bo", "cy"], "2025-06-05"));
        let denial = Event { status: Status::Denied, date: None, ..other.clone() };
        let denied = Change::Denied { by: "Example Wire".to_owned(), side: None };
        assert_eq!(news(&[&call], &denial), [denied]);
        assert_eq!(news(&[&call, &denial], &denial), []);
        assert_eq!(news(&[&call, &denial], &call), []);
        assert_eq!(news(&[&call, &denial], &other).len(), 1, "a denial does not make anybody known");
    }

    #[test]
    fn what_was_planned_and_has_happened_is_new_and_not_the_other_way_round() {
        let happened = call(&["ada", "bo"], "2025-06-05");
        let planned = Event { status: Status::Planned, ..happened.clone() };
        let change = [Change::Status { from: Status::Planned, to: Status::Occurred }];
        assert_eq!(news(&[&planned], &happened), change);
        assert_eq!(news(&[&happened], &planned), []);
    }

    #[test]
    fn each_side_is_new_once() {
        let call = call(&["ada", "bo"], "2025-06-05");
        let palace = Teller { outlet: "Palace", side: Some("fr") };
        let mut known = first(&call, WIRE);
        let told = [Change::Side { country: "fr".to_owned(), by: "Palace".to_owned() }];
        assert_eq!(changes(&known, &call, palace), told);
        learn(&mut known, &call, palace);
        assert_eq!(changes(&known, &call, palace), []);
    }
}
