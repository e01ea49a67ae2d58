//! Redirects, followed by hand so that every hop passes the guard.

use reqwest::StatusCode;
use reqwest::header::{self, HeaderMap};
use url::Url;

use super::FetchError;

/// Whether an answer of this status sends a GET elsewhere (RFC 9110 §15.4).
pub(super) fn is_followed(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Whether it does so for good (RFC 9110 §15.4.2 and §15.4.9).
pub(super) fn is_permanent(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 308)
}

/// Where an answer sends us.
///
/// # Errors
/// A `Location` that is missing or no URL; a step from https down to http.
pub(super) fn target(from: &Url, headers: &HeaderMap) -> Result<Url, FetchError> {
    let location = headers.get(header::LOCATION).and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
    let to = location.and_then(|location| from.join(location).ok()).ok_or(FetchError::LostRedirect)?;
    if from.scheme() == "https" && to.scheme() == "http" {
        return Err(FetchError::Downgrade(to.into()));
    }
    Ok(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_to(from: &str, location: &str) -> Result<String, FetchError> {
        let mut headers = HeaderMap::new();
        headers.insert(header::LOCATION, location.parse().unwrap());
        target(&from.parse().unwrap(), &headers).map(String::from)
    }

    #[test]
    fn a_location_is_taken_relative_to_where_it_was_found() {
        assert_eq!(from_to("https://a.example/x/y", "../z?q=1"), Ok("https://a.example/z?q=1".into()));
        assert_eq!(from_to("https://a.example/x", "//b.example/"), Ok("https://b.example/".into()));
        assert_eq!(from_to("http://a.example/", "https://a.example/"), Ok("https://a.example/".into()));
    }

    #[test]
    fn credentials_do_not_travel_to_another_host() {
        assert_eq!(from_to("https://user:secret@a.example/", "https://b.example/"), Ok("https://b.example/".into()));
    }

    #[test]
    fn encryption_is_never_given_up() {
        assert_eq!(from_to("https://a.example/", "http://a.example/x"), Err(FetchError::Downgrade("http://a.example/x".into())));
    }

    #[test]
    fn a_missing_or_broken_location_leads_nowhere() {
        let from = "https://a.example/".parse().unwrap();
        assert_eq!(target(&from, &HeaderMap::new()), Err(FetchError::LostRedirect));
        assert_eq!(from_to("https://a.example/", "https://[bad/"), Err(FetchError::LostRedirect));
    }
}
