//! A strict reader of the OpenMetrics 1.0 text format: it takes every line apart and stands no nonsense.

use std::collections::{BTreeMap, BTreeSet};

/// Everything that was told, by family.
#[derive(Debug, Default)]
pub struct Exposition {
    pub families: BTreeMap<String, Family>,
}

/// One metric with all its values.
#[derive(Debug, Default)]
pub struct Family {
    pub kind: String,
    pub help: String,
    pub unit: Option<String>,
    /// By name and labels as written, such as `wirewatch_polls_total{outcome="failed"}`.
    pub samples: BTreeMap<String, f64>,
}

impl Exposition {
    /// Reads all of a text, or panics at what should not be there.
    pub fn read(text: &str) -> Self {
        let body = text.strip_suffix("# EOF\n").expect("the end is not marked");
        let (mut all, mut current) = (Self::default(), String::new());
        for line in body.lines() {
            match line.strip_prefix("# ") {
                Some(described) => all.describe(described, &mut current),
                None => all.sample(line, &current),
            }
        }
        all.families.iter().for_each(|(name, family)| family.check(name));
        all
    }

    /// The value of a series, written as in the text.
    pub fn value(&self, series: &str) -> Option<f64> {
        self.families.values().find_map(|family| family.samples.get(series).copied())
    }

    fn describe(&mut self, line: &str, current: &mut String) {
        let [keyword, name, rest] = line.splitn(3, ' ').collect::<Vec<_>>().try_into().unwrap();
        if name != *current {
            assert!(!self.families.contains_key(name), "{name} is told in two places");
            *current = name.to_owned();
        }
        let family = self.families.entry(name.to_owned()).or_default();
        assert!(family.samples.is_empty(), "{name} is described after its values");
        match keyword {
            "HELP" => family.help = rest.to_owned(),
            "TYPE" => family.kind = rest.to_owned(),
            "UNIT" => family.unit = Some(rest.to_owned()),
            other => panic!("what is {other}?"),
        }
    }

    fn sample(&mut self, line: &str, current: &str) {
        let (series, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("no value: {line}"));
        let name = &series[..series.find('{').unwrap_or(series.len())];
        assert!(is_name(name), "{line}");
        let names = labels(&series[name.len()..]);
        assert_eq!(names.len(), names.iter().collect::<BTreeSet<_>>().len(), "a label is told twice: {line}");
        let family = self.families.get_mut(current).unwrap_or_else(|| panic!("not described: {line}"));
        let suffix = name.strip_prefix(current).unwrap_or_else(|| panic!("does not belong to {current}: {line}"));
        let suffixes: &[&str] = match family.kind.as_str() {
            "counter" => &["_total", "_created"],
            "histogram" => &["_bucket", "_count", "_sum", "_created"],
            "gauge" => &[""],
            "info" => &["_info"],
            other => panic!("what is a {other}?"),
        };
        assert!(suffixes.contains(&suffix), "{line} is no value of a {}", family.kind);
        let value: f64 = value.parse().unwrap_or_else(|_| panic!("no number: {line}"));
        assert!(family.samples.insert(series.to_owned(), value).is_none(), "told twice: {line}");
    }
}

impl Family {
    fn check(&self, name: &str) {
        assert!(name.starts_with("wirewatch_") && self.help.ends_with('.') && self.help.len() > 10, "{name}: {}", self.help);
        assert!(self.unit.as_ref().is_none_or(|unit| name.ends_with(&format!("_{unit}"))), "{name} does not name its unit");
        assert!(self.kind == "gauge" || self.samples.values().all(|value| *value >= 0.0), "{name} counts backwards");
        if self.kind == "histogram" {
            self.check_histogram(name);
        }
    }

    fn check_histogram(&self, name: &str) {
        let bucket = |(series, value): (&String, &f64)| {
            let bound = series.strip_prefix(&format!("{name}_bucket{{le=\""))?.strip_suffix("\"}")?;
            Some((bound.parse::<f64>().unwrap(), *value))
        };
        let mut buckets: Vec<(f64, f64)> = self.samples.iter().filter_map(bucket).collect();
        buckets.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        assert!(buckets.is_sorted_by(|(_, one), (_, other)| one <= other), "{name} is not cumulative");
        let (bound, all) = buckets.last().unwrap();
        assert!(bound.is_infinite() && *all == self.samples[&format!("{name}_count")], "{name}");
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|sign: char| sign.is_ascii_alphabetic() || sign == '_')
        && name.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '_')
}

/// The names of the labels in `{name="value",…}`.
fn labels(text: &str) -> Vec<&str> {
    let Some(mut rest) = text.strip_prefix('{') else {
        assert!(text.is_empty(), "{text}");
        return Vec::new();
    };
    let mut names = Vec::new();
    while rest != "}" {
        let (name, value) = rest.trim_start_matches(',').split_once("=\"").unwrap_or_else(|| panic!("no label: {rest}"));
        assert!(is_name(name) && !name.starts_with("__"), "{name}");
        names.push(name);
        rest = &value[end_of(value)..];
    }
    names
}

/// Where a quoted value has ended, behind the closing quote.
fn end_of(value: &str) -> usize {
    let mut escaped = false;
    for (at, sign) in value.char_indices() {
        match (escaped, sign) {
            (true, '\\' | '"' | 'n') => escaped = false,
            (true, _) => panic!("no escape: {value}"),
            (false, '\\') => escaped = true,
            (false, '"') => return at + 1,
            (false, _) => {}
        }
    }
    panic!("the value does not end: {value}")
}

#[test]
fn a_text_is_taken_apart_to_its_labels() {
    let text = "# HELP wirewatch_polls Polls of feeds.\n# TYPE wirewatch_polls counter\nwirewatch_polls_total{feed=\"a \\\"b\\\" {c}\",way=\"\"} 3\n# EOF\n";
    let read = Exposition::read(text);
    assert_eq!(read.value("wirewatch_polls_total{feed=\"a \\\"b\\\" {c}\",way=\"\"}"), Some(3.0));
}

#[test]
fn nonsense_is_noticed() {
    let wrong = [
        "# HELP wirewatch_polls Polls of feeds.\n# TYPE wirewatch_polls counter\nwirewatch_polls 3\n# EOF\n",
        "# HELP wirewatch_polls Polls of feeds.\n# TYPE wirewatch_polls gauge\nwirewatch_polls three\n# EOF\n",
        "# HELP wirewatch_polls Polls of feeds.\n# TYPE wirewatch_polls gauge\nwirewatch_polls 3\n",
        "# HELP wirewatch_polls Polls of feeds.\n# TYPE wirewatch_polls gauge\nwirewatch_polls 3\nwirewatch_polls 4\n# EOF\n",
        "# HELP wirewatch_polls Polls of feeds.\n# TYPE wirewatch_polls gauge\nwirewatch_feeds 3\n# EOF\n",
        "wirewatch_polls 3\n# EOF\n",
    ];
    for text in wrong {
        assert!(std::panic::catch_unwind(|| Exposition::read(text)).is_err(), "{text}");
    }
}
