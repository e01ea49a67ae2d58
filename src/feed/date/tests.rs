//! Dates of every shape.

use super::*;

#[track_caller]
fn is(expected: &str, texts: &[&str]) {
    for text in texts {
        assert_eq!(parse(text).map(|date| date.to_string()).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn the_forms_of_the_standards_are_read() {
    is(
        "2025-06-05T12:00:00Z",
        &[
            "Thu, 05 Jun 2025 14:00:00 +0200",
            "Thu, 5 Jun 25 12:00 GMT",
            "5 June 2025 12:00:00 Z",
            "2025-06-05T12:00:00Z",
            "2025-06-05T14:00:00.123+02:00",
            "2025-06-05 12:00:00",
            "2025-156T12:00Z",
            "20250605T120000Z",
            "20250605120000",
            "Thu Jun  5 12:00:00 2025",
            "Thu Jun 5 08:00:00 EDT 2025",
            "Thu Jun 5 14:00:00 +0200 2025",
        ],
    );
}

#[test]
fn slips_and_habits_of_feeds_are_read() {
    is(
        "2025-06-05T12:00:00Z",
        &[
            "Thursday, June 5, 2025 12:00 PM",
            "Thu, 05 Jun, 2025 12:00:00 UTC",
            "Thu, 05 Jun 2025 12:00:00 GMT+00:00",
            "2025-06-05T12:00:00+00:0",
            "Thu, 05 Jun 2025 12:00:00 Etc/GMT",
            "Wed, 05 Jun 2025 12:00:00 GMT",
            "Thu, 05 June 2025 14:00:00 +0200 (CEST)",
            "Thu, 2025/06/05 08:00:00 EDT",
            "5th of June 2025 at 12:00",
            "5.6.2025 12:00",
            "2025-006-05T12:00:00Z",
            "25-06-05T12:00:00Z",
            "2025-06-05 8:00 am EDT",
        ],
    );
    is("2025-06-06T00:00:00Z", &["2025-06-05T24:00:00Z", "Fri, 06 Jun 2025 12:00 am"]);
    is("2025-06-05T23:59:59Z", &["2025-06-05T23:59:60Z"]);
}

#[test]
fn days_months_and_years_alone_begin_at_midnight() {
    is("2025-06-05T00:00:00Z", &["2025-06-05", "20250605", "250605", "25-06-05", "Thu, 05 Jun 2025"]);
    is("2025-06-01T00:00:00Z", &["2025-06", "June 2025", "-25-06", "-2506"]);
    is("2025-01-01T00:00:00Z", &["2025"]);
    is("2009-06-05T00:00:00Z", &["09156"]);
}

#[test]
fn other_languages_are_read() {
    is(
        "2025-06-05T12:00:00Z",
        &[
            "jeu., 05 juin 2025 14:00:00 +0200",
            "mar., 05 juin 2025 12:00:00 GMT",
            "Do, 05 Juni 2025 14:00:00 MESZ",
            "Thu, 05 Jun 2025 14:00:00 MEST",
            "5 de junho de 2025 12:00",
            "чт, 05 июн 2025 15:00:00 MSK",
            "Πέμ, 05 Ιούν 2025 12:00:00 GMT",
            "2025-június-05T12:00+00:00",
            "2025년 06월 05일 21:00:00",
            "2025-06-05 오후 9:00:00",
        ],
    );
}

#[test]
fn unambiguous_orders_are_read_and_ambiguous_ones_are_not() {
    is("2025-06-25T00:00:00Z", &["25/06/2025", "06/25/2025", "25-06-2025"]);
    is("2025-06-06T00:00:00Z", &["06/06/2025"]);
    assert_eq!(parse("05/06/2025"), None);
}

#[test]
fn what_is_no_date_is_none() {
    for text in [
        "",
        "yesterday",
        "Thu",
        "2025-02-30",
        "2025-13-01",
        "2025-06-05-01",
        "2025-ab-05",
        "2025-06-05T10:00:00Zulu5",
        "2025-06-05T25:00:00Z",
        "2025-06-05T10:61:00Z",
        "2025-06-05T10:00:99Z",
        "2025-06-05T10:00:00+99:99",
        "2025-06-05T10:00:00+00:ab",
        "Thu, 05 Jun 2025 1:2:3:4 GMT",
        "Thu, 05 abc 2025 10:00:00 GMT",
        "Thu, Jun x 2025 10:00:00 GMT",
        "Thu, 45 Jun 2025 10:00:00 GMT",
        "Thu, 05 Jun 2025 10:00:00 NOWHERE",
        "52025",
        "025",
        "99999999999999999999",
    ] {
        assert_eq!(parse(text), None, "{text}");
    }
    assert_eq!(parse(&"9".repeat(1_000)), None);
}
