//! For how long a server says its answer stays good (RFC 9111 §4.2): asking sooner could bring nothing but the same.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{self, HeaderMap, HeaderName};

/// The longest time granted: a slip of the pen on the server's side must not silence a feed for a year.
const LONGEST_FRESHNESS: Duration = Duration::from_secs(24 * 60 * 60);

/// How much longer an answer stays fresh: its lifetime by `Cache-Control: max-age` or else `Expires`, less its `Age`. Nothing
/// where the server does not say or forbids to reuse it. Dates are only compared with the server's own `Date`, so that neither
/// clock need be right; without one, with `now`.
pub(super) fn freshness(headers: &HeaderMap, now: Timestamp) -> Duration {
    let age = seconds(text(headers, header::AGE).unwrap_or_default().trim()).unwrap_or_default();
    lifetime(headers, now).unwrap_or_default().saturating_sub(age).min(LONGEST_FRESHNESS)
}

fn lifetime(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let directives = directives(headers);
    let has = |name: &str| directives.iter().any(|(known, _)| known == name);
    if has("no-cache") || has("no-store") {
        return None;
    }
    // an unreadable lifetime is none, and `Expires` does not stand in for it (§4.2.1)
    match directives.iter().find(|(name, _)| name == "max-age") {
        Some((_, value)) => seconds(value),
        None => date(headers, header::EXPIRES)?.duration_since(date(headers, header::DATE).unwrap_or(now)).try_into().ok(),
    }
}

/// The directives of all `Cache-Control` fields, names in lower case, arguments without quotes (§5.2).
fn directives(headers: &HeaderMap) -> Vec<(String, String)> {
    let fields = headers.get_all(header::CACHE_CONTROL).iter().filter_map(|field| field.to_str().ok());
    let directive = |directive: &str| {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        (name.trim().to_ascii_lowercase(), value.trim().trim_matches('"').to_owned())
    };
    fields.flat_map(|field| field.split(',')).map(directive).collect()
}

/// Whole seconds; a number beyond all bounds is as many as there are (§1.2.2).
fn seconds(text: &str) -> Option<Duration> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| Duration::from_secs(text.parse().unwrap_or(u64::MAX)))
}

/// A field that holds an HTTP date.
pub(super) fn date(headers: &HeaderMap, name: HeaderName) -> Option<Timestamp> {
    Timestamp::try_from(httpdate::parse_http_date(text(headers, name)?.trim()).ok()?).ok()
}

/// A field as text, the first where there are several.
pub(super) fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds for which an answer with these fields, `name: value`, one a line, is fresh at noon.
    fn fresh_for(fields: &str) -> u64 {
        let pair = |line: &str| {
            let (name, value) = line.split_once(':').unwrap();
            (name.trim().parse::<HeaderName>().unwrap(), value.trim().parse().unwrap())
        };
        let mut headers = HeaderMap::new();
        for (name, value) in fields.lines().filter(|line| !line.trim().is_empty()).map(pair) {
            headers.append(name, value);
        }
        freshness(&headers, "2025-06-05T12:00:00Z".parse().unwrap()).as_secs()
    }

    #[test]
    fn an_answer_is_fresh_for_as_long_as_its_headers_say() {
        let day = LONGEST_FRESHNESS.as_secs();
        for (fields, seconds) in [
            ("", 0),
            ("cache-control: max-age=600", 600),
            ("cache-control: Max-Age = \"600\"", 600),
            ("cache-control: public, max-age=600, must-revalidate", 600),
            ("cache-control: public\ncache-control: max-age=600", 600),
            ("cache-control: max-age=600, max-age=1200", 600),
            ("cache-control: s-maxage=600", 0),
            ("cache-control: max-age=0", 0),
            ("cache-control: max-age=-1", 0),
            ("cache-control: max-age=ten", 0),
            ("cache-control: max-age", 0),
            ("cache-control: max-age=600.5", 0),
            ("cache-control: max-age=31536000", day),
            ("cache-control: max-age=99999999999999999999999", day),
            ("cache-control: no-cache, max-age=600", 0),
            ("cache-control: no-store, max-age=600", 0),
            ("cache-control: private, no-cache=\"set-cookie\", max-age=600", 0),
            ("cache-control: max-age=600\nage: 200", 400),
            ("cache-control: max-age=600\nage: 900", 0),
            ("cache-control: max-age=600\nage: old", 600),
            ("cache-control: max-age=31536000\nage: 31535000", 1_000),
            ("cache-control: max-age=600\nexpires: Thu, 05 Jun 2025 18:00:00 GMT", 600),
            ("cache-control: max-age=never\nexpires: Thu, 05 Jun 2025 18:00:00 GMT", 0),
            ("expires: Thu, 05 Jun 2025 12:30:00 GMT", 1_800),
            ("expires: Thu, 05 Jun 2025 12:30:00 GMT\nage: 600", 1_200),
            ("expires: Thu, 05 Jun 2025 11:00:00 GMT", 0),
            ("expires: 0", 0),
            ("expires: -1", 0),
            ("expires: Tue, 05 Jun 2035 12:00:00 GMT", day),
            // the server's clock is an hour, a day, ten years off
            ("date: Thu, 05 Jun 2025 13:00:00 GMT\nexpires: Thu, 05 Jun 2025 13:10:00 GMT", 600),
            ("date: Wed, 04 Jun 2025 12:00:00 GMT\nexpires: Wed, 04 Jun 2025 12:10:00 GMT", 600),
            ("date: Tue, 05 Jun 2035 12:00:00 GMT\nexpires: Tue, 05 Jun 2035 12:10:00 GMT", 600),
            ("date: noon\nexpires: Thu, 05 Jun 2025 12:10:00 GMT", 600),
            ("pragma: no-cache\ncache-control: max-age=600", 600),
            ("etag: \"x\"\nlast-modified: Thu, 05 Jun 2025 01:00:00 GMT", 0),
        ] {
            assert_eq!(fresh_for(fields), seconds, "{fields}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_header_keeps_us_away_for_more_than_a_day(
            control in ".{0,60}", directive in "(max-age|no-cache|s-maxage)[=]?[\"0-9a-z.-]{0,30}", expires in "[ -~]{0,40}", age in "[ -~]{0,30}"
        ) {
            let mut headers = HeaderMap::new();
            let named = [
                (header::CACHE_CONTROL, format!("{control},{directive}")),
                (header::CACHE_CONTROL, directive),
                (header::EXPIRES, expires),
                (header::AGE, age),
            ];
            for (name, value) in named {
                if let Ok(value) = header::HeaderValue::from_bytes(value.as_bytes()) {
                    headers.append(name, value);
                }
            }
            proptest::prop_assert!(freshness(&headers, Timestamp::MAX) <= LONGEST_FRESHNESS);
            proptest::prop_assert!(freshness(&headers, Timestamp::MIN) <= LONGEST_FRESHNESS);
        }
    }
}
