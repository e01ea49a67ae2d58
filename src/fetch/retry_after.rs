//! `Retry-After`: when the server wants to be asked again.

use std::time::Duration;

use jiff::Timestamp;

/// The longest wish that is granted; a server that asks for more is asked once a week.
pub(super) const LONGEST_WISH: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The moment a `Retry-After` field speaks of, in either of its forms (RFC 9110 §10.2.3): seconds from now, or a date.
/// A moment that has passed is no wish, and neither is what cannot be read. Wishes are capped at seven days.
pub fn retry_after(field: &str, now: Timestamp) -> Option<Timestamp> {
    let field = field.trim();
    let latest = now.checked_add(LONGEST_WISH).ok()?;
    let moment = if !field.is_empty() && field.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds = field.parse().unwrap_or(u64::MAX).min(LONGEST_WISH.as_secs());
        now.checked_add(Duration::from_secs(seconds)).ok()?
    } else {
        Timestamp::try_from(httpdate::parse_http_date(field).ok()?).ok()?
    };
    (moment > now).then_some(moment.min(latest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(field: &str) -> Option<String> {
        retry_after(field, "2025-06-05T12:00:00Z".parse().unwrap()).map(|moment| moment.to_string())
    }

    #[test]
    fn both_forms_are_understood() {
        assert_eq!(asked("120").as_deref(), Some("2025-06-05T12:02:00Z"));
        assert_eq!(asked(" Thu, 05 Jun 2025 13:00:00 GMT ").as_deref(), Some("2025-06-05T13:00:00Z"));
    }

    #[test]
    fn a_wish_is_capped_at_seven_days() {
        assert_eq!(asked("315360000").as_deref(), Some("2025-06-12T12:00:00Z"));
        assert_eq!(asked("99999999999999999999999").as_deref(), Some("2025-06-12T12:00:00Z"));
        assert_eq!(asked("Tue, 05 Jun 2035 13:00:00 GMT").as_deref(), Some("2025-06-12T12:00:00Z"));
    }

    #[test]
    fn the_past_and_nonsense_are_no_wish() {
        for field in ["0", "-5", "", "soon", "1.5", "Thu, 05 Jun 2025 11:00:00 GMT"] {
            assert_eq!(asked(field), None, "{field}");
        }
    }
}
