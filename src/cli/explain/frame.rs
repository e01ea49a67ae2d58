//! The frame of an event as an article tells it: trigger, participants, status with its cue, date with its expression.

use jiff::civil::Date;
use serde::Serialize;

use crate::model::{Event, Evidence, Precision, Role, Status};

/// What an event consists of, each part with the words that show it.
#[derive(Debug, Serialize)]
pub(super) struct Frame {
    pub(super) trigger: Vec<String>,
    /// Ids of those who took part; for a measure whose it is, and behind `to` whom it is for.
    pub(super) participants: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) to: Vec<String>,
    pub(super) named: Vec<String>,
    pub(super) status: Status,
    /// The word that speaks for the status, where there is one beside what the weights say.
    pub(super) cue: Option<String>,
    pub(super) date: Option<Date>,
    /// The expression that names the day; without one it is taken from the publication.
    pub(super) expression: Option<String>,
}

impl Frame {
    /// The frame of an event with its evidence.
    pub(super) fn of(event: &Event, why: &[Evidence]) -> Self {
        let words = |role| why.iter().filter(move |place| place.role == role).map(|place| place.text.clone());
        let (date, expression) = (event.date, words(Role::Date).next());
        Self {
            trigger: words(Role::Trigger).collect(),
            participants: [event.values("actors"), event.values("imposer")].concat(),
            to: event.values("target").to_vec(),
            named: words(Role::Actor).collect(),
            status: event.status,
            cue: words(Role::Cue).next(),
            date,
            expression: expression.filter(|_| event.date_precision == Precision::Day),
        }
    }

    /// Its lines, each with a label.
    pub(super) fn lines(&self) -> [(&'static str, String); 4] {
        let to = if self.to.is_empty() { String::new() } else { format!(" to {}", self.to.join(", ")) };
        let participants = if self.participants.is_empty() { "nobody named".to_owned() } else { self.participants.join(", ") };
        let date = match (self.date, &self.expression) {
            (Some(date), Some(_)) => date.to_string(),
            (Some(date), None) => format!("{date}, taken from its publication"),
            (None, _) => "not said".to_owned(),
        };
        [
            ("trigger", quotes(&self.trigger)),
            ("who", format!("{participants}{to}{}", beside(&self.named))),
            ("status", format!("{}{}", self.status.as_str(), beside(self.cue.as_slice()))),
            ("date", format!("{date}{}", beside(self.expression.as_slice()))),
        ]
    }
}

/// Words in quotes, each once.
pub(super) fn quotes(words: &[String]) -> String {
    let mut quoted: Vec<String> = Vec::new();
    for word in words.iter().map(|word| format!("“{word}”")) {
        if !quoted.contains(&word) {
            quoted.push(word);
        }
    }
    quoted.join(", ")
}

fn beside(words: &[String]) -> String {
    if words.is_empty() { String::new() } else { format!(" ({})", quotes(words)) }
}
