//! What holds of every expression, whoever wrote it.

use proptest::prelude::*;

use crate::config::Dialect;
use crate::rules::testing::Setup;

/// The canonical form of an expression, if it has one; whatever is said of it stands inside it.
fn read(when: &str, dialect: Dialect) -> Option<String> {
    let mut setup = Setup::with_leaders();
    setup.rule("rule", when).expression("rule").dialect = dialect;
    let rules = setup.compile();
    let whole = &setup.expression("rule").text.spot.span.clone();
    for found in &setup.diagnostics.found {
        let spot = found.spot.as_ref().unwrap();
        assert!(whole.start <= spot.span.start && spot.span.end <= whole.end, "{found:?}");
        setup.diagnostics.render(false);
    }
    rules.expressions().map(|(_, written)| written).next()
}

fn canonical(when: &str) -> Option<String> {
    read(when, Dialect::Wirewatch)
}

fn expression() -> impl Strategy<Value = String> {
    let term = prop_oneof![
        "[a-zé中ß]{1,4}",
        "[a-z]{2,3}[*?][a-z]?",
        "\"[a-z]{1,3} [a-z'-]{1,3}[A-Z]\"",
        "[0-9]{1,2}%",
        Just("@xi".to_owned()),
        Just("@pair".to_owned()),
        Just("title:Xi".to_owned()),
        Just("CASE(Xi OR US)".to_owned()),
        Just("/a+b/".to_owned()),
    ];
    term.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} AND {b}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} OR {b}")),
            (inner.clone(), 1..9, inner.clone()).prop_map(|(a, n, b)| format!("{a} NEAR/{n} {b}")),
            (inner.clone(), 1..9, inner.clone()).prop_map(|(a, n, b)| format!("{a} NOT PRE/{n} {b}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} SENTENCE {b}")),
            (1..4, inner.clone()).prop_map(|(n, a)| format!("ATLEAST/{n}({a})")),
            inner.clone().prop_map(|a| format!("z AND NOT {a}")),
            inner.clone().prop_map(|a| format!("body:({a})")),
            inner.prop_map(|a| format!("({a})")),
        ]
    })
}

proptest! {
    #[test]
    fn the_canonical_form_reads_as_itself(when in expression()) {
        if let Some(once) = canonical(&when) {
            prop_assert_eq!(canonical(&once), Some(once));
        }
    }

    #[test]
    fn whatever_can_be_read_reads_as_its_canonical_form(when in "(AND |OR |NOT |NEAR/[0-9]{1,3} |PRE/2 |SENTENCE |ATLEAST/2|CASE|\\(|\\)|\"|@|#|/|xi|25%|title:|rule:|[*?'.,/-]| |\\PC){0,20}") {
        if let Some(once) = canonical(&when) {
            prop_assert_eq!(canonical(&once), Some(once));
        }
    }

    #[test]
    fn what_is_carried_over_from_lexisnexis_reads_as_its_canonical_form(when in "(and |or |not |w/[0-9]{1,2} |pre/2 |w/s |/p |atleast3|hlead|allcaps|\\(|\\)|\"|!|\\*|xi|tax |25% |[*?'.,/-]| |\\PC){0,20}") {
        if let Some(once) = read(&when, Dialect::Nexis) {
            prop_assert_eq!(canonical(&once), Some(once));
        }
    }

    #[test]
    fn what_is_carried_over_from_factiva_reads_as_its_canonical_form(when in "(and |or |not |w/[0-9]{1,2} |adj|near5 |same |/N3/|/F2/|atleast3 |hd=|fds=|\\(|\\]|\\[|\"|\\$|xi|tax |25% |[*?'.,/-]| |\\PC){0,20}") {
        if let Some(once) = read(&when, Dialect::Factiva) {
            prop_assert_eq!(canonical(&once), Some(once));
        }
    }
}
