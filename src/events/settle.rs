//! What the tellings of one article come to together: which are of one event, and which give way to others.

use super::timing::When;
use super::{Standing, Telling};
use crate::model::Value;

/// The score from which a telling is sure: scores are log odds, and this is four to one by the weights' own account.
const SURE: f64 = 1.5;
/// The score from which it is very sure: twelve to one.
const VERY_SURE: f64 = 2.5;
/// The score below which it is little more than a guess: less than two to one.
const WEAK: f64 = 0.5;

/// The best telling of each event that an article tells of.
pub(super) fn settle(tellings: Vec<Telling>) -> Vec<Telling> {
    let mut best: Vec<Telling> = Vec::new();
    for telling in best_of_rivals(tellings) {
        match best.iter_mut().find(|known| known.kind == telling.kind && is_same(known, &telling)) {
            Some(known) => join(known, telling),
            None => best.push(telling),
        }
    }
    give_way(&mut best);
    untangle(&mut best);
    unmirror(&mut best);
    best
}

/// When an article says an event was, all its tellings together: one that names a recent day outweighs those that name older ones.
pub(super) fn dated(whens: impl Iterator<Item = When>) -> &'static str {
    let rank = |when: &When| match when {
        When::Recent(_) => 3,
        When::Ahead(_) => 2,
        When::Old(_) => 1,
        When::Unsaid => 0,
    };
    match whens.max_by_key(rank) {
        Some(When::Recent(_)) => "dated:recent",
        Some(When::Ahead(_)) => "dated:ahead",
        Some(When::Old(_)) => "dated:old",
        _ => "dated:never",
    }
}

/// Of tellings that differ only in who is taken for the one who acts, the strongest.
fn best_of_rivals(tellings: Vec<Telling>) -> Vec<Telling> {
    let mut kept: Vec<Telling> = Vec::with_capacity(tellings.len());
    for telling in tellings {
        let is_rival =
            |other: &&mut Telling| other.rivals.is_some() && other.rivals == telling.rivals && other.kind == telling.kind;
        match kept.iter_mut().find(is_rival) {
            Some(rival) if rival.score < telling.score => *rival = telling,
            Some(_) => {}
            None => kept.push(telling),
        }
    }
    kept
}

/// Whether two tellings of one article tell of one event: the same key, or one key inside the other.
fn is_same(one: &Telling, other: &Telling) -> bool {
    let (a, b) = (one.key(), other.key());
    let (small, large) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    small.iter().all(|value| large.contains(value))
}

/// Keeps the stronger telling, and takes from the weaker a recent day where the stronger has none and the headline or lead says it,
/// whom else it names, and a rate told further up: below stand older ones.
fn join(known: &mut Telling, other: Telling) {
    let (mut strong, weak) = if other.score > known.score { (other, known.clone()) } else { (known.clone(), other) };
    let dated = matches!(strong.finding.when, When::Recent(_));
    if !dated && matches!(weak.finding.when, When::Recent(_)) && (weak.score > 0.0 || weak.finding.standing <= Standing::Lead) {
        strong.finding.when = weak.finding.when;
    }
    if weak.score > 0.0 && weak.actors().len() > strong.actors().len() {
        strong.finding.fields = weak.finding.fields;
    } else if weak.score > 0.0 {
        let (above, below) = if weak.finding.at < strong.finding.at { (&weak, &strong) } else { (&strong, &weak) };
        let told = [above, below].into_iter().find_map(|telling| telling.field("rate").pop());
        if let Some(rate) = told {
            strong.finding.fields.insert("rate".to_owned(), Value::One(rate));
        }
    }
    *known = strong;
}

/// A telling gives way to one of another kind, by the same hand, if it rests on everyday words and the other says what it is about, or
/// if it is weak and the other is sure.
fn give_way(best: &mut [Telling]) {
    let is_everyday = |telling: &Telling| telling.features.iter().any(|feature| feature == "core:thing");
    let outright: Vec<(String, Vec<String>, bool, f64)> = best
        .iter()
        .filter(|telling| telling.score > 0.0)
        .map(|telling| (telling.kind.clone(), telling.key(), is_everyday(telling), telling.score))
        .collect();
    for telling in best.iter_mut().filter(|telling| telling.score > 0.0) {
        let (everyday, weak) = (is_everyday(telling), telling.score < WEAK);
        let yields = |(kind, key, other_everyday, score): &(String, Vec<String>, bool, f64)| {
            *kind != telling.kind && *key == telling.key() && (everyday && !other_everyday || weak && *score > SURE)
        };
        if outright.iter().any(yields) {
            telling.score = 0.0;
        }
    }
}

/// Of three pairs among three persons the weakest falls: who rings two others has not made those two speak.
fn untangle(best: &mut [Telling]) {
    let pairs: Vec<usize> = (0..best.len()).filter(|&at| best[at].score > 0.0 && best[at].actors().len() == 2).collect();
    for &weakest in &pairs {
        let others = || {
            pairs
                .iter()
                .filter(|&&at| at != weakest && best[at].kind == best[weakest].kind && best[at].score > best[weakest].score)
        };
        let closes = |&&one: &&usize, &&two: &&usize| {
            let mut all = [best[one].actors(), best[two].actors(), best[weakest].actors()].concat();
            all.sort();
            all.dedup();
            one != two && all.len() == 3 && best[one].actors() != best[two].actors()
        };
        if others().any(|one| others().any(|two| closes(&one, &two))) {
            best[weakest].score = 0.0;
        }
    }
}

/// Who is hit by a measure is easily taken for who imposes it: of two tellings that swap the two, the weaker must be very
/// sure.
fn unmirror(best: &mut [Telling]) {
    let stands: Vec<(String, Vec<String>, Vec<String>, f64)> = best
        .iter()
        .map(|telling| (telling.kind.clone(), telling.field("imposer"), telling.field("target"), telling.score))
        .collect();
    for telling in best.iter_mut().filter(|telling| (0.0..VERY_SURE).contains(&telling.score)) {
        let (imposer, target) = (telling.field("imposer"), telling.field("target"));
        let is_mirror = |(kind, by, on, score): &(String, Vec<String>, Vec<String>, f64)| {
            *kind == telling.kind
                && *score > telling.score
                && by.iter().any(|country| target.contains(country))
                && imposer.iter().any(|country| on.contains(country))
        };
        if stands.iter().any(is_mirror) {
            telling.score = 0.0;
        }
    }
}
