//! An explanation in words, with what was found underlined where a terminal can show it.

use std::io::{self, Write};
use std::ops::Range;

use super::explanation::{Explanation, Finding, RuleExplanation, Weighed};
use super::tree::Branch;
use crate::model::{Event, Evidence, Field, Value};

/// The most tellings shown of one rule; `--json` has them all.
const TELLINGS: usize = 5;
/// The most words shown of an article's gist; `--json` has them all.
const GIST_WORDS: usize = 8;
/// Bold and underlined, and back (ECMA-48 §8.3.117).
const HIGHLIGHT: (&str, &str) = ("\x1b[1;4m", "\x1b[0m");

/// Writes an explanation; `highlight` underlines in title and body what the rules found there.
pub(super) fn write(out: &mut impl Write, explanation: &Explanation, highlight: bool) -> io::Result<()> {
    let Explanation { title, body, part, judged_at, state, rules } = explanation;
    let shown = |text: &str, field| if highlight { highlighted(text, &spans(rules, field)) } else { text.to_owned() };
    writeln!(out, "{}\n\n{}\n\njudged at {judged_at}; {state}", shown(title, Field::Title), shown(body, Field::Body))?;
    part.iter().try_for_each(|part| writeln!(out, "{part}"))?;
    rules.iter().try_for_each(|rule| write_rule(out, rule))
}

fn write_rule(out: &mut impl Write, rule: &RuleExplanation) -> io::Result<()> {
    let fired = if rule.fired { "fires" } else { "is silent" };
    writeln!(out, "\n{} {fired}: {}", rule.rule, rule.because)?;
    rule.failed.iter().try_for_each(|failed| line(out, "failed", failed))?;
    rule.found.iter().try_for_each(|found| write_finding(out, found))?;
    rule.tree.iter().try_for_each(|tree| tree.write(out, 0))?;
    rule.tellings.iter().take(TELLINGS).try_for_each(|telling| write_telling(out, telling))?;
    match rule.tellings.len().saturating_sub(TELLINGS) {
        0 => {}
        more => writeln!(out, "    and {more} weaker")?,
    }
    if rule.gist.is_empty() {
        return Ok(());
    }
    let words = rule.gist.iter().take(GIST_WORDS).map(|word| format!("{} {:+.2}", word.feature, word.weight));
    line(out, "gist", &words.collect::<Vec<_>>().join(", "))
}

fn line(out: &mut impl Write, label: &str, value: &str) -> io::Result<()> {
    writeln!(out, "    {label:<7}  {value}")
}

fn write_finding(out: &mut impl Write, found: &Finding) -> io::Result<()> {
    found.event.iter().try_for_each(|event| line(out, "event", &event_words(event)))?;
    match &found.frame {
        Some(frame) => frame.lines().iter().try_for_each(|(label, value)| line(out, label, value))?,
        None => line(out, "why", &quotes(&found.why))?,
    }
    if let Some(story) = &found.story {
        let title = story.title.as_ref().map(|title| format!(" “{title}”")).unwrap_or_default();
        line(out, "story", &format!("{} {}{title}: {}", story.place, story.story, story.because))?;
        story.changes.iter().try_for_each(|news| line(out, "new", &news.words))?;
    }
    found
        .nearest
        .iter()
        .try_for_each(|miss| line(out, "near", &format!("{} “{}”: {}", miss.story, miss.title, miss.compared.join(", "))))
}

fn write_telling(out: &mut impl Write, telling: &Weighed) -> io::Result<()> {
    writeln!(out, "    {:+.2}  {}: {}", telling.score, telling.key.join(", "), quotes(&telling.evidence))?;
    let (heavy, light): (Vec<_>, Vec<_>) = telling.features.iter().partition(|feature| feature.weight != 0.0);
    let heavy = heavy.iter().map(|feature| format!("{:+.2} {}", feature.weight, feature.feature));
    let words: Vec<String> = heavy.chain(light.iter().map(|feature| feature.feature.clone())).collect();
    writeln!(out, "           {}", words.join(", "))
}

fn event_words(event: &Event) -> String {
    let date = event.date.map_or_else(|| "undated".to_owned(), |date| date.to_string());
    let fields = event.fields.iter().filter_map(|(name, value)| match value {
        Value::One(value) => Some(format!("{name} {value}")),
        Value::Many(values) => Some(format!("{name} {}", values.join(", "))),
        Value::Unknown(()) => None,
    });
    let words: Vec<String> = [event.kind.clone(), event.status.as_str().to_owned(), date].into_iter().chain(fields).collect();
    words.join("; ")
}

fn quotes(evidence: &[Evidence]) -> String {
    let quotes: Vec<String> = evidence.iter().map(|evidence| format!("“{}”", evidence.text)).collect();
    quotes.join(", ")
}

/// Where in a field the rules found something, in order.
fn spans(rules: &[RuleExplanation], field: Field) -> Vec<Range<usize>> {
    let of_rules = rules.iter().flat_map(|rule| &rule.found).flat_map(|found| &found.why);
    let of_parts = rules.iter().filter_map(|rule| rule.tree.as_ref()).flat_map(Branch::evidence);
    let mut spans: Vec<_> =
        of_rules.chain(of_parts).filter(|place| place.field == field).map(|place| place.start..place.end).collect();
    spans.sort_by_key(|span| (span.start, span.end));
    spans
}

/// The text with its spans highlighted; where they overlap, their union.
fn highlighted(text: &str, spans: &[Range<usize>]) -> String {
    let (mut shown, mut done) = (String::new(), 0);
    for span in spans {
        let start = span.start.max(done);
        if start >= span.end {
            continue;
        }
        let (Some(before), Some(inside)) = (text.get(done..start), text.get(start..span.end)) else { continue };
        shown.extend([before, HIGHLIGHT.0, inside, HIGHLIGHT.1]);
        done = span.end;
    }
    shown.push_str(text.get(done..).unwrap_or_default());
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_underlined_once_even_where_they_overlap() {
        let text = highlighted("Xi spoke to Trump", &[0..2, 0..8, 12..17]);
        assert_eq!(text, "\x1b[1;4mXi\x1b[0m\x1b[1;4m spoke\x1b[0m to \x1b[1;4mTrump\x1b[0m");
    }

    #[test]
    fn a_span_inside_another_adds_nothing() {
        assert_eq!(highlighted("abcd", &[0..4, 0..4, 1..2]), "\x1b[1;4mabcd\x1b[0m");
    }
}
