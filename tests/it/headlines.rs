//! Headlines alone, as most feeds bring them: the plain ones ring, in every language, and those that only sound like them do not.

use crate::events::one;

const DAY: &str = "2025-08-20T12:00:00Z";

/// The rules that a headline without a text rings, with who.
fn rung(headline: &str) -> String {
    let rung = one(DAY, headline, "");
    rung.iter().filter_map(|alert| alert.rsplit_once(' ')).map(|(what, _)| what).collect::<Vec<_>>().join("; ")
}

#[test]
fn a_plain_headline_rings_for_what_it_says() {
    let told = [
        ("Macron phones Erdogan over grain corridor", "leader-call erdogan+macron"),
        ("Putin, Erdogan discuss grain deal in phone call", "leader-call erdogan+putin"),
        ("Modi dials Putin, discusses Ukraine", "leader-call modi+putin"),
        ("Merz telefoniert mit Putin", "leader-call merz+putin"),
        ("Macron s'entretient par téléphone avec Netanyahu", "leader-call macron+netanyahu"),
        ("Sheinbaum y Trump hablaron por teléfono", "leader-call sheinbaum+trump"),
        ("Путин и Трамп поговорили по телефону", "leader-call putin+trump"),
        ("习近平同普京通电话", "leader-call putin+xi"),
        ("石破首相、トランプ大統領と電話会談", "leader-call ishiba+trump"),
        ("Trump imposes 25% tariff on steel", "tariff-change us"),
        ("Canada retaliates with 25% tariffs on US goods", "tariff-change ca"),
        ("China bans exports of gallium to US", "export-control-change cn"),
        ("India lifts ban on wheat exports", "export-control-change in"),
        ("EU adopts 18th sanctions package against Russia", "restriction-change eu"),
        ("US adds 20 Chinese firms to entity list", "restriction-change us"),
    ];
    for (headline, what) in told {
        assert_eq!(rung(headline), what, "{headline}");
    }
}

#[test]
fn a_headline_that_only_sounds_like_it_rings_nobody() {
    let told = [
        "Trump to speak with Xi on Friday",
        "Trump calls Macron 'weak'",
        "No call planned between Putin and Trump, Kremlin says",
        "Trump threatens 50% tariff on EU",
        "China considers export ban on antimony",
        "EU proposes new sanctions on Russia",
        "US-China trade talks resume in London",
        "Trump meets Putin in Alaska",
    ];
    for headline in told {
        assert_eq!(rung(headline), "", "{headline}");
    }
}
