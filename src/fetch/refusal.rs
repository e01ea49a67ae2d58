//! What an answer that brings nothing asks of us: how long to stay away, and whether that goes for the whole host.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::header::{self, HeaderMap, HeaderName};

use super::freshness::{date, text};
use super::retry_after::{LONGEST_WISH, retry_after};

/// How long a host that says "too many requests" and nothing else is left alone.
const BUSY_PAUSE: Duration = Duration::from_secs(5 * 60);

/// The fields in which servers count down what is left of a quota, each with the one that says when it is renewed. Sources: the
/// GitHub REST documentation on rate limits, and draft-ietf-httpapi-ratelimit-headers-03.
const QUOTAS: [(&str, &str); 2] = [("x-ratelimit-remaining", "x-ratelimit-reset"), ("ratelimit-remaining", "ratelimit-reset")];

/// A number this large in a quota's reset is a time since 1970 and no span: some servers write the one, some the other.
const SPAN_OR_TIME: u64 = 1_000_000_000;

/// What a refusal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Plea {
    /// For how long the server wants to be left alone.
    pub(super) pause: Duration,
    /// Whether everything of its host is meant.
    pub(super) whole_host: bool,
}

/// What the server asks for with a status that is no success. 429 speaks for the host, 503 where it says for how long, and
/// so does a 403 that means 429: one with a wish to come back later, or with a quota used up.
pub(super) fn plea(status: StatusCode, headers: &HeaderMap, now: Timestamp) -> Plea {
    let wish = wish(headers, now).or_else(|| renewal(headers, now));
    let whole_host = match status {
        StatusCode::TOO_MANY_REQUESTS => true,
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::FORBIDDEN => wish.is_some(),
        _ => false,
    };
    Plea { pause: wish.unwrap_or(if whole_host { BUSY_PAUSE } else { Duration::ZERO }), whole_host }
}

/// `Retry-After`, its date taken by the server's own clock where it shows it.
fn wish(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let sent = date(headers, header::DATE).unwrap_or(now);
    retry_after(text(headers, header::RETRY_AFTER)?, sent)?.duration_since(sent).try_into().ok()
}

/// When a quota that is used up is renewed.
fn renewal(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let number = |name: &'static str| text(headers, HeaderName::from_static(name))?.trim().parse::<u64>().ok();
    let (_, reset) = QUOTAS.into_iter().find(|(left, _)| number(left) == Some(0))?;
    let span = match number(reset)? {
        time if time >= SPAN_OR_TIME => time.saturating_sub(u64::try_from(now.as_second()).ok()?),
        span => span,
    };
    (span > 0).then(|| Duration::from_secs(span).min(LONGEST_WISH))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(status: u16, fields: &[(&'static str, &str)]) -> (u64, bool) {
        let pairs = fields.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
        let now = "2025-06-05T12:00:00Z".parse().unwrap();
        let plea = plea(StatusCode::from_u16(status).unwrap(), &pairs.collect(), now);
        (plea.pause.as_secs(), plea.whole_host)
    }

    #[test]
    fn too_many_requests_and_a_service_that_says_when_speak_for_the_host() {
        assert_eq!(asked(429, &[("retry-after", "120")]), (120, true));
        assert_eq!(asked(429, &[("retry-after", "soon")]), (300, true));
        assert_eq!(asked(429, &[]), (300, true));
        assert_eq!(asked(503, &[("retry-after", "120")]), (120, true));
        assert_eq!(asked(503, &[]), (0, false));
        assert_eq!(asked(500, &[("retry-after", "120")]), (120, false));
        assert_eq!(asked(404, &[]), (0, false));
    }

    #[test]
    fn a_forbidden_that_means_too_many_is_taken_for_it() {
        assert_eq!(asked(403, &[("retry-after", "60")]), (60, true));
        assert_eq!(asked(403, &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1749125400")]), (600, true));
        assert_eq!(asked(403, &[("ratelimit-remaining", "0"), ("ratelimit-reset", "90")]), (90, true));
        assert_eq!(asked(403, &[("x-ratelimit-remaining", "12"), ("x-ratelimit-reset", "90")]), (0, false));
        assert_eq!(asked(403, &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1749100000")]), (0, false));
        assert_eq!(asked(403, &[]), (0, false));
    }

    #[test]
    fn a_date_is_read_by_the_servers_own_clock() {
        let (early, late) = ("Fri, 05 Jun 2015 12:00:00 GMT", "Fri, 05 Jun 2015 12:02:00 GMT");
        assert_eq!(asked(503, &[("date", early), ("retry-after", late)]), (120, true));
        assert_eq!(asked(503, &[("retry-after", late)]), (0, false));
        assert_eq!(asked(503, &[("retry-after", "Tue, 05 Jun 2035 12:00:00 GMT")]), (7 * 86_400, true));
    }
}
