//! An alert in words: a subject line, a text and a page that all say the same.

use jiff::Timestamp;
use maud::{DOCTYPE, html};
use unicode_segmentation::UnicodeSegmentation;

use super::facts::facts;
use crate::model::{Alert, AlertKind};

/// The longest headline in a subject line, in characters.
pub const SUBJECT_CHARACTERS: usize = 150;
/// The longest of a receiver's answers that is kept, in characters.
pub const ANSWER_CHARACTERS: usize = 300;
/// The longest value in a message, in characters: far above any honest headline or address.
pub(super) const VALUE_CHARACTERS: usize = 4_000;

/// `[severity] rule: what happened`, in one line.
pub fn subject(alert: &Alert) -> String {
    format!("{} {}", opening(alert), headline(alert, SUBJECT_CHARACTERS))
}

/// The alert as plain text: its subject with the whole headline, what is new in an update, then what is known of it, a line each.
pub fn text(alert: &Alert, created: Timestamp) -> String {
    let mut text = format!("{} {}\n", opening(alert), headline(alert, VALUE_CHARACTERS));
    if let Some(news) = news(alert) {
        text.push_str(&format!("{news}\n"));
    }
    for (label, value) in facts(alert, created) {
        text.push_str(&format!("  {label:<9}  {value}\n"));
    }
    text
}

/// The alert as an HTML page that loads nothing and sets no colours, so that it reads on light and dark ground.
pub fn page(alert: &Alert, created: Timestamp) -> String {
    let headline = headline(alert, VALUE_CHARACTERS);
    let page = html! {
        (DOCTYPE)
        html {
            head {
                meta charset="utf-8";
                meta name="color-scheme" content="light dark";
                title { (subject(alert)) }
            }
            body style="font-family: sans-serif; line-height: 1.4; max-width: 40em" {
                p style="margin: 0; opacity: 0.7" { (opening(alert)) }
                h1 style="font-size: 1.3em; margin: 0.2em 0 0.6em" {
                    @match web_address(alert) {
                        Some(address) => a href=(address) { (headline) },
                        None => (headline),
                    }
                }
                @if let Some(news) = news(alert) {
                    p style="font-weight: bold" { (news) }
                }
                table style="border-spacing: 0" {
                    @for (label, value) in facts(alert, created) {
                        tr style="vertical-align: top" {
                            td style="padding: 0 1em 0.3em 0; opacity: 0.7" { (label) }
                            td style="padding: 0 0 0.3em; overflow-wrap: anywhere" { (value) }
                        }
                    }
                }
            }
        }
    };
    page.into_string()
}

/// A text from outside in one line of at most `most` characters, without what could change how the rest of the line reads:
/// control characters, and the marks that override the direction of writing (UAX #9 §2).
pub fn one_line(text: &str, most: usize) -> String {
    let harmless: String =
        text.chars().filter(|sign| !overrides_direction(*sign)).map(|sign| if sign.is_control() { ' ' } else { sign }).collect();
    let words: Vec<&str> = harmless.split_whitespace().collect();
    cut(words.join(" "), most)
}

fn overrides_direction(sign: char) -> bool {
    matches!(sign, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Cuts between signs as people see them, never inside an emoji or under an accent.
fn cut(line: String, most: usize) -> String {
    if line.chars().count() <= most {
        return line;
    }
    let mut taken = 0;
    let kept: String = line
        .graphemes(true)
        .take_while(|grapheme| {
            taken += grapheme.chars().count();
            taken < most
        })
        .collect();
    format!("{}…", kept.trim_end())
}

fn opening(alert: &Alert) -> String {
    let update = match alert.kind {
        AlertKind::Alert => "",
        AlertKind::Update => " update:",
    };
    format!("[{}] {}:{update}", alert.severity, one_line(&alert.rule, SUBJECT_CHARACTERS))
}

/// What an update adds, in a line: nobody should have to compare it with the alert.
fn news(alert: &Alert) -> Option<String> {
    let words: Vec<String> = alert.changes.iter().map(|news| one_line(&news.words, VALUE_CHARACTERS)).collect();
    match alert.kind {
        AlertKind::Alert => None,
        AlertKind::Update if words.is_empty() => {
            Some(format!("Nothing new; also reported by {}", one_line(&alert.report.outlet, VALUE_CHARACTERS)))
        }
        AlertKind::Update => Some(format!("What is new: {}", words.join("; "))),
    }
}

fn headline(alert: &Alert, most: usize) -> String {
    let headline = one_line(&alert.report.title, most);
    if headline.is_empty() { "(no headline)".to_owned() } else { headline }
}

/// The article's address where a browser may be sent there: a feed can say `javascript:` too.
fn web_address(alert: &Alert) -> Option<&str> {
    let address = alert.report.url.as_deref()?;
    let scheme = address.split_once(':')?.0;
    ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web)).then_some(address)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::model::{Change, Event, Evidence, Field, News, Precision, Report, Role, Severity, Status, StoryId, Value};

    /// An alert with this headline.
    pub fn alert(title: &str) -> Alert {
        let report = Report {
            article: "a1".into(),
            outlet: "Reuters".into(),
            title: title.into(),
            url: Some("https://example.org/a?b=1&c=2".into()),
            published: Some("2025-06-05T14:02:00Z".parse().unwrap()),
        };
        let why = vec![evidence("Trump", Role::Actor), evidence("spoke", Role::Trigger), evidence("Trump", Role::Actor)];
        Alert {
            kind: AlertKind::Alert,
            id: "a1b2".into(),
            rule: "leader-call".into(),
            story: StoryId("s1".into()),
            severity: Severity::High,
            report,
            changes: Vec::new(),
            event: None,
            why,
            health: None,
        }
    }

    fn evidence(text: &str, role: Role) -> Evidence {
        Evidence { field: Field::Title, start: 0, end: text.len(), text: text.into(), role }
    }

    fn created() -> Timestamp {
        "2025-06-05T14:03:10Z".parse().unwrap()
    }

    #[test]
    fn what_happened_comes_first_where_an_event_was_recognised() {
        let mut alert = alert("Leaders speak by phone");
        let fields = [("actors".to_owned(), Value::Many(vec!["amber".to_owned(), "birch".to_owned()]))];
        alert.event = Some(Event {
            kind: "leader-call".to_owned(),
            date: Some("2025-06-05".parse().unwrap()),
            date_precision: Precision::Day,
            status: Status::Occurred,
            fields: fields.into(),
        });
        let text = text(&alert, "2025-06-05T14:03:10Z".parse().unwrap());
        assert_eq!(text.lines().nth(1).unwrap(), "  event      leader-call: actors amber, birch; occurred on 2025-06-05");
    }

    #[test]
    fn a_subject_says_how_much_which_rule_and_what() {
        assert_eq!(subject(&alert("Trump and Xi speak")), "[high] leader-call: Trump and Xi speak");
    }

    #[test]
    fn an_update_says_so() {
        let update = Alert { kind: AlertKind::Update, ..alert("Trump and Xi speak") };
        assert_eq!(subject(&update), "[high] leader-call: update: Trump and Xi speak");
        assert!(text(&update, created()).starts_with("[high] leader-call: update: Trump"));
    }

    #[test]
    fn an_update_says_first_what_is_new() {
        let news = |words: &str| News { change: Change::Rate { from: None, to: "25%".into() }, words: words.into() };
        let changes = vec![news("a rate of 25%"), news("Ada <Amber>\ntook part as well")];
        let update = Alert { kind: AlertKind::Update, changes, ..alert("A headline") };
        let line = "What is new: a rate of 25%; Ada <Amber> took part as well";
        assert_eq!(text(&update, created()).lines().nth(1), Some(line));
        assert!(page(&update, created()).contains("a rate of 25%; Ada &lt;Amber&gt; took part as well</p>"));
        let retold = Alert { changes: Vec::new(), ..update };
        assert_eq!(text(&retold, created()).lines().nth(1), Some("Nothing new; also reported by Reuters"));
    }

    #[test]
    fn a_text_says_everything_that_is_known() {
        let expected = "\
[high] leader-call: Trump and Xi speak
  outlet     Reuters
  published  2025-06-05 14:02:00 UTC
  link       https://example.org/a?b=1&c=2
  why        “Trump” (actor), “spoke” (trigger)
  story      s1
  created    2025-06-05 14:03:10 UTC
";
        assert_eq!(text(&alert("Trump and Xi speak"), created()), expected);
    }

    #[test]
    fn what_is_unknown_is_not_invented() {
        let mut alert = alert("A headline");
        alert.report.published = None;
        alert.report.url = None;
        let text = text(&alert, created());
        assert!(text.contains("published  time unknown"), "{text}");
        assert!(!text.contains("link"), "{text}");
    }

    #[test]
    fn control_signs_and_direction_overrides_do_not_survive() {
        assert_eq!(one_line("a\r\nBcc: b\u{1b}[31m\u{202e}c\u{2066}\u{0}d\u{2028}e\u{9b}", 100), "a Bcc: b [31mc d e");
    }

    #[test]
    fn a_long_headline_is_cut_between_visible_signs() {
        let family = "👩‍👩‍👧‍👦";
        let cut = one_line(&family.repeat(100), 20);
        assert_eq!(cut, format!("{}…", family.repeat(2)));
        assert!(subject(&alert(&"x".repeat(2_000))).chars().count() < 200);
    }

    #[test]
    fn a_page_escapes_everything_and_loads_nothing() {
        let page = page(&alert("<script>alert(1)</script> & <img src=//e.org>"), created());
        assert!(!page.contains("<script") && !page.contains("<img"), "{page}");
        assert!(page.contains("&lt;script&gt;"), "{page}");
    }

    #[test]
    fn only_web_addresses_become_links() {
        let mut alert = alert("A headline");
        assert!(page(&alert, created()).contains("<a href=\"https://example.org/a?b=1&amp;c=2\">"));
        alert.report.url = Some("javascript:alert(1)".into());
        assert!(!page(&alert, created()).contains("<a "));
    }

    #[test]
    fn evidence_beyond_a_dozen_is_counted() {
        let mut alert = alert("A headline");
        alert.why = (0..15).map(|n| evidence(&format!("w{n}"), Role::Term)).collect();
        assert!(text(&alert, created()).contains("“w11” (term) and 3 more"));
    }
}
