//! What is known again, and what is not.

use super::*;

fn at(hour: i64) -> Timestamp {
    Timestamp::from_second(1_795_392_000 + hour * 3_600).unwrap()
}

/// An entry, published at an hour unless that is negative; whatever is empty is left out.
fn entry(id: &str, link: &str, title: &str, text: &str, hour: i64) -> Entry {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let entry = Entry {
        key: ArticleKey(String::new()),
        id: given(id),
        title: given(title),
        link: given(link),
        published: (hour >= 0).then(|| at(hour)),
        updated: None,
        author: None,
        summary: given(text),
        content: None,
        language: None,
        categories: vec![],
        enclosures: vec![],
        flaw: None,
    };
    super::super::identity::assign(vec![entry]).remove(0)
}

/// What is remembered of an entry that was seen at an hour.
fn seen(entry: &Entry, hour: i64) -> Seen {
    let Item { traits, .. } = Item::of(entry.clone(), at(hour));
    Seen { key: entry.key.clone(), first_seen: at(hour), last_seen: at(hour), silent: false, traits: Some(traits) }
}

/// How an entry stands at the tenth hour where another one was seen in the first.
fn standing(before: &Entry, now: &Entry) -> &'static str {
    let known = [seen(before, 1)];
    let recognised = recognise(vec![Item::of(now.clone(), at(10))], &known).remove(0);
    match recognised.standing {
        Standing::New => "new",
        Standing::Edited(_) => "edited",
        Standing::Known(_) => "known",
    }
}

const LINK: &str = "https://news.example/1";
const TITLE: &str = "Ministry puts copper under embargo";
const LONG: &str = "The ministry said on Friday that nobody may sell copper abroad.";
const OTHER: &str = "Heavy snow expected in the mountains";

#[test]
fn a_name_is_believed_unless_all_else_speaks_against_it() {
    let first = entry("1", LINK, TITLE, "a", 0);
    for (now, expected) in [
        (entry("1", LINK, TITLE, "a", 0), "known"),
        (entry("1", "https://news.example/2", TITLE, "a", 0), "known"),
        (entry("1", LINK, "Ministry puts cooper under embargo", "a", 0), "edited"),
        (entry("1", LINK, OTHER, "b", 0), "edited"),
        (entry("1", LINK, OTHER, "b", 5), "edited"),
        (entry("1", LINK, TITLE, "b", 5), "edited"),
        (entry("1", LINK, OTHER, "b", 500), "edited"),
        (entry("1", "https://news.example/2", OTHER, "b", 0), "new"),
        (entry("1", "https://news.example/2", TITLE, "b", 0), "edited"),
        (entry("1", "https://news.example/2", TITLE, "b", 5), "new"),
        (entry("1", "", OTHER, "b", -1), "new"),
        (entry("1", "", OTHER, "b", 0), "edited"),
    ] {
        assert_eq!(standing(&first, &now), expected, "{now:?}");
    }
}

#[test]
fn a_new_name_is_seen_through_by_link_or_words() {
    let first = entry("1", LINK, TITLE, LONG, 0);
    for (now, expected) in [
        (entry("2", LINK, TITLE, LONG, 0), "known"),
        (entry("2", LINK, TITLE, LONG, 5), "known"),
        (entry("2", LINK, TITLE, "b", 0), "edited"),
        (entry("2", LINK, TITLE, "b", 5), "new"),
        (entry("2", LINK, OTHER, "b", 0), "new"),
        (entry("2", "https://new.example/2", TITLE, LONG, 0), "known"),
        (entry("2", "https://new.example/2", TITLE, LONG, 5), "new"),
        (entry("2", "https://new.example/2", TITLE, "b", 0), "new"),
        (entry("", LINK, TITLE, LONG, 0), "known"),
        (entry("2", "", TITLE, LONG, -1), "known"),
    ] {
        assert_eq!(standing(&first, &now), expected, "{now:?}");
    }
}

#[test]
fn a_short_call_that_is_made_again_is_another_one() {
    let siren = |id: &str, link: &str| entry(id, link, "Sirens in the harbour", "", -1);
    assert_eq!(standing(&siren("1", ""), &siren("2", "")), "new");
    assert_eq!(standing(&siren("", LINK), &siren("", "https://news.example/2")), "new");
    assert_eq!(standing(&siren("1", LINK), &siren("2", LINK)), "known");
}

#[test]
fn two_entries_are_never_taken_for_one_that_was_seen() {
    let first = entry("1", LINK, TITLE, "a", 0);
    let both = [first.clone(), entry("2", LINK, TITLE, "a", 0)];
    let recognised = recognise(both.map(|entry| Item::of(entry, at(2))).into(), &[seen(&first, 1)]);
    assert!(matches!(recognised[0].standing, Standing::Known(_)) && recognised[1].standing == Standing::New);
    assert_ne!(recognised[0].entry.key, recognised[1].entry.key);
}

#[test]
fn what_an_older_version_has_seen_is_known_and_never_taken_for_edited() {
    let first = entry("1", LINK, TITLE, "a", 0);
    let known = [Seen { traits: None, ..seen(&first, 1) }];
    let recognised = recognise(vec![Item::of(entry("1", LINK, OTHER, "b", 5), at(10))], &known);
    assert!(matches!(recognised[0].standing, Standing::Known(_)));
}

#[test]
fn markup_and_signs_are_no_edit() {
    let plain = entry("1", LINK, TITLE, "Copper, tin &amp; zinc", 0);
    assert_eq!(standing(&plain, &entry("1", LINK, TITLE, "<p>Copper &#8211; tin <img src='x?9'>zinc.</p>", 0)), "known");
}

#[test]
fn headlines_are_alike_in_every_script_give_or_take_an_edit() {
    let sketched = |title: &str| traits(&entry("", "", title, "", -1)).0.sketch;
    let alike = |one: &str, other: &str| are_alike(&sketched(one), &sketched(other));
    assert!(alike("中国商务部宣布对镓、锗相关物项实施出口管制的公告", "中国商务部宣布对镓和锗相关物项实施出口管制的公告"));
    assert!(alike("Putin, Trump speak by phone for two hours", "Trump, Putin speak by phone for two hours: Kremlin"));
    assert!(!alike("Trump raises tariffs on steel from Canada", "EU leaders meet in Brussels on steel quotas"));
    assert!(!alike("中国商务部宣布对镓、锗相关物项实施出口管制", "外交部发言人就中美元首通话答记者问"));
    assert!(alike("", ""));
}

#[test]
fn signs_that_begin_nothing_cost_no_time() {
    let signs = "<&".repeat(500_000);
    assert_eq!(standing(&entry("1", LINK, TITLE, &signs, 0), &entry("1", LINK, TITLE, "", 0)), "known");
}

proptest::proptest! {
    #[test]
    fn no_text_is_too_odd_to_be_looked_at(title in ".{0,80}", text in ".{0,80}", other in ".{0,80}") {
        let (one, two) = (entry("1", "", &title, &text, 0), entry("1", "", &other, &text, 0));
        proptest::prop_assert_eq!(standing(&one, &one), "known");
        let _ = standing(&one, &two);
    }
}
