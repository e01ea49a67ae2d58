//! What a site's `robots.txt` lets us read (RFC 9309): the groups that speak to us, and which of their rules decides.

mod path;
#[cfg(test)]
mod tests;

use std::time::Duration;

use path::{Pattern, encoded};

/// The product token that groups are addressed to (RFC 9309 §2.2.1). The user agent sent with requests begins with it.
pub const PRODUCT: &str = "wirewatch";

/// Bytes of a file that are read (RFC 9309 §2.5 asks for 500 KiB at least); the rest is passed over.
pub const MOST_BYTES: u64 = 500 * 1024;

/// The only path that nobody can close (RFC 9309 §2.2.2).
const ROBOTS: &[u8] = b"/robots.txt";

/// The rules of one site that are for us.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Robots {
    rules: Vec<Rule>,
    delay: Option<Duration>,
}

#[derive(Debug, Clone, PartialEq)]
struct Rule {
    allows: bool,
    pattern: Pattern,
}

/// Whom a group speaks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Addressed {
    us: bool,
    everybody: bool,
}

/// What is gathered from the groups for one addressee.
#[derive(Default)]
struct Group {
    is_there: bool,
    robots: Robots,
}

impl Robots {
    /// Nothing may be read: what to assume of a site whose file cannot be had (RFC 9309 §2.3.1.4).
    pub fn closed() -> Self {
        Self { rules: vec![Rule { allows: false, pattern: Pattern::of(b"/") }], delay: None }
    }

    /// Reads a file. What it says to us by name counts, or else what it says to everybody; several groups for one are one
    /// (RFC 9309 §2.2.1). Lines that say nothing of this, such as `Sitemap`, end no group (§2.2.4).
    pub fn parse(file: &[u8]) -> Self {
        let file = file.get(..MOST_BYTES as usize).unwrap_or(file);
        let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
        let (mut us, mut everybody) = (Group::default(), Group::default());
        let (mut addressed, mut names_follow) = (Addressed::default(), false);
        for (key, value) in file.split(|byte| matches!(byte, b'\n' | b'\r')).filter_map(record) {
            match key.to_ascii_lowercase().as_slice() {
                b"user-agent" => {
                    let before = if names_follow { addressed } else { Addressed::default() };
                    addressed = before.and(value);
                    names_follow = true;
                    us.is_there |= addressed.us;
                }
                key @ (b"allow" | b"disallow") => {
                    names_follow = false;
                    let rule = (!value.is_empty()).then(|| Rule { allows: key == b"allow", pattern: Pattern::of(value) });
                    each(addressed, &mut us, &mut everybody, |robots| robots.rules.extend(rule.clone()));
                }
                b"crawl-delay" => each(addressed, &mut us, &mut everybody, |robots| robots.delay = delay(value).or(robots.delay)),
                _ => {}
            }
        }
        if us.is_there { us.robots } else { everybody.robots }
    }

    /// Whether a path with its query may be read: the rule that says most decides, and of two that say as much the one that
    /// allows (RFC 9309 §2.2.2).
    pub fn allows(&self, path: &str) -> bool {
        let path = encoded(path.as_bytes());
        let fitting = self.rules.iter().filter(|rule| rule.pattern.fits(&path));
        path == ROBOTS || fitting.max_by_key(|rule| (rule.pattern.len(), rule.allows)).is_none_or(|rule| rule.allows)
    }

    /// The pause that is asked for between requests. No part of the RFC, but plainly said.
    pub fn delay(&self) -> Option<Duration> {
        self.delay
    }

    /// Roughly the bytes kept.
    pub fn weight(&self) -> usize {
        self.rules.iter().map(|rule| size_of::<Rule>() + rule.pattern.weight()).sum::<usize>() + size_of::<Self>()
    }
}

impl Addressed {
    /// Also addressed to whom a `user-agent` line names: its product token, whatever stands behind it.
    fn and(self, value: &[u8]) -> Self {
        let end = value.iter().position(|byte| !(byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_')));
        let token = value.get(..end.unwrap_or(value.len())).unwrap_or_default();
        let all = value.strip_prefix(b"*").is_some_and(|rest| rest.first().is_none_or(u8::is_ascii_whitespace));
        Self { us: self.us || token.eq_ignore_ascii_case(PRODUCT.as_bytes()), everybody: self.everybody || all }
    }
}

fn each(addressed: Addressed, us: &mut Group, everybody: &mut Group, mut change: impl FnMut(&mut Robots)) {
    if addressed.us {
        change(&mut us.robots);
    }
    if addressed.everybody {
        change(&mut everybody.robots);
    }
}

/// The key and the value of a line, without its comment.
fn record(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let line = line.split(|byte| *byte == b'#').next()?;
    let colon = memchr::memchr(b':', line)?;
    Some((line.get(..colon)?.trim_ascii(), line.get(colon + 1..)?.trim_ascii()))
}

fn delay(value: &[u8]) -> Option<Duration> {
    let seconds: f64 = std::str::from_utf8(value).ok()?.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}
