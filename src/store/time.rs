//! Times as databases keep them: milliseconds since 1970-01-01 UTC.

use std::time::Duration;

use jiff::Timestamp;

/// An instant as kept.
pub(super) fn millis(time: Timestamp) -> i64 {
    time.as_millisecond()
}

/// A span as kept.
pub(super) fn millis_of(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

/// A kept instant; one out of the calendar's range, which only a damaged state can hold, becomes the nearest end of it.
pub(super) fn from_millis(kept: i64) -> Timestamp {
    Timestamp::from_millisecond(kept).unwrap_or(if kept < 0 { Timestamp::MIN } else { Timestamp::MAX })
}
