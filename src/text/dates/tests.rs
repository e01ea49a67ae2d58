//! What sentences say of days, read on Thursday, 5 June 2025.

use jiff::civil::date;
use proptest::prelude::*;

use super::*;

const TODAY: Date = date(2025, 6, 5);

fn mentions(sentence: &str) -> Vec<(String, Resolved)> {
    let text = Text::of(sentence);
    find(&text, TODAY)
        .into_iter()
        .map(|mention| (text.plain()[text.bytes(mention.words.start, mention.words.end - 1)].to_owned(), mention.date))
        .collect()
}

/// The days of every expression in a sentence: one, or the first and the last.
fn days(sentence: &str) -> Vec<String> {
    let show = |date: Resolved| date.day().map_or(format!("{}..{}", date.from, date.to), |day| day.to_string());
    mentions(sentence).into_iter().map(|(_, date)| show(date)).collect()
}

fn assert_days(expected: &[(&str, &str)]) {
    for (sentence, day) in expected {
        assert_eq!(days(sentence), [*day], "{sentence}");
    }
}

#[test]
fn english_days() {
    assert_days(&[
        ("They spoke on Thursday", "2025-06-05"),
        ("They spoke on Wednesday evening", "2025-06-04"),
        ("They spoke by phone Friday", "2025-05-30"),
        ("They spoke last Friday", "2025-05-30"),
        ("They spoke last Thursday", "2025-05-29"),
        ("They meet next Tuesday", "2025-06-10"),
        ("They meet this Friday", "2025-06-06"),
        ("They met on Tuesday of last week", "2025-05-27"),
        ("They met on Friday, June 6", "2025-06-06"),
        ("They met on Friday, June 6, 2008", "2008-06-06"),
        ("They spoke on June 5", "2025-06-05"),
        ("They last spoke on Jan. 17", "2025-01-17"),
        ("They spoke on 5 June 2024", "2024-06-05"),
        ("They spoke on the 5th of May", "2025-05-05"),
        ("They meet on Dec. 1", "2025-12-01"),
        ("It was in force on Dec. 10", "2024-12-10"),
        ("Dated 2025-06-04", "2025-06-04"),
        ("The talks of June 9-10", "2025-06-09..2025-06-10"),
        ("They spoke today", "2025-06-05"),
        ("They spoke yesterday", "2025-06-04"),
        ("It was agreed overnight", "2025-06-05"),
        ("They spoke this morning", "2025-06-05"),
        ("He will speak tonight", "2025-06-05"),
        ("As he said earlier in the day", "2025-06-05"),
        ("As he said a day earlier", "2025-06-04"),
        ("They speak tomorrow", "2025-06-06"),
        ("It was a year ago today", "2024-06-05"),
        ("They met three days ago", "2025-06-02"),
        ("THEY SPOKE ON MAY 29", "2025-05-29"),
    ]);
}

#[test]
fn english_spans() {
    assert_days(&[
        ("They met last week", "2025-05-26..2025-06-01"),
        ("They met last month", "2025-05-01..2025-05-31"),
        ("They met last year", "2024-01-01..2024-12-31"),
        ("They met in April", "2025-04-01..2025-04-30"),
        ("They met in December", "2024-12-01..2024-12-31"),
        ("They met in May", "2025-05-01..2025-05-31"),
        ("They met in late May 2024", "2024-05-01..2024-05-31"),
        ("They met last August", "2024-08-01..2024-08-31"),
        ("They met in March last year", "2024-03-01..2024-03-31"),
        ("They met earlier this year", "2025-01-01..2025-06-05"),
        ("They meet later this week", "2025-06-05..2025-06-08"),
        ("They met two weeks ago", "2025-05-19..2025-05-25"),
        ("They met three months ago", "2025-02-18..2025-03-20"),
        ("The first since 2021", "2021-01-01..2021-12-31"),
        ("They met in 2019", "2019-01-01..2019-12-31"),
        ("They meet in the coming days", "2025-06-06..2025-06-12"),
        ("By the end of the year", "2025-06-05..2025-12-31"),
        ("By year-end", "2025-06-05..2025-12-31"),
        ("They spoke over the weekend", "2025-05-31..2025-06-01"),
        ("They speak this weekend", "2025-06-07..2025-06-08"),
        ("Within two weeks", "2025-06-06..2025-06-19"),
    ]);
}

#[test]
fn german_dates() {
    assert_days(&[
        ("Sie sprachen am Donnerstag", "2025-06-05"),
        ("Sie sprachen am Mittwochabend", "2025-06-04"),
        ("Sie sprachen am vergangenen Freitag", "2025-05-30"),
        ("Sie treffen sich am kommenden Dienstag", "2025-06-10"),
        ("Sie sprachen gestern", "2025-06-04"),
        ("Sie sprachen heute Morgen", "2025-06-05"),
        ("Sie sprechen morgen", "2025-06-06"),
        ("Sie sprachen am Freitag, den 30. Mai", "2025-05-30"),
        ("Sie sprachen am 5. Juni 2024", "2024-06-05"),
        ("Stand 05.06.2025", "2025-06-05"),
        ("Sie sprachen im März", "2025-03-01..2025-03-31"),
        ("Sie trafen sich vor zwei Wochen", "2025-05-19..2025-05-25"),
        ("Das war im vergangenen Jahr", "2024-01-01..2024-12-31"),
        ("Das war letzte Woche", "2025-05-26..2025-06-01"),
        ("Die Zölle gelten bis Jahresende", "2025-06-05..2025-12-31"),
        ("Sie treffen sich in den kommenden Tagen", "2025-06-06..2025-06-12"),
    ]);
}

#[test]
fn french_dates() {
    assert_days(&[
        ("Ils se sont parlé jeudi", "2025-06-05"),
        ("Ils se sont parlé mercredi soir", "2025-06-04"),
        ("Ils se sont vus vendredi dernier", "2025-05-30"),
        ("Ils se verront mardi prochain", "2025-06-10"),
        ("Ils se sont parlé hier", "2025-06-04"),
        ("Ils se parlent aujourd’hui", "2025-06-05"),
        ("Ils se verront le 1er août", "2025-08-01"),
        ("Ils se sont vus le mardi 3 juin 2025", "2025-06-03"),
        ("Ils se sont vus la semaine dernière", "2025-05-26..2025-06-01"),
        ("Ils se sont vus l’an dernier", "2024-01-01..2024-12-31"),
        ("Ils se sont vus il y a deux mois", "2025-03-21..2025-04-20"),
        ("Ils se sont vus en mars", "2025-03-01..2025-03-31"),
        ("D’ici la fin de l’année", "2025-06-05..2025-12-31"),
        ("Dans les prochains jours", "2025-06-06..2025-06-12"),
    ]);
}

#[test]
fn spanish_dates() {
    assert_days(&[
        ("Hablaron el jueves", "2025-06-05"),
        ("Hablaron este miércoles", "2025-06-04"),
        ("Hablaron el viernes pasado", "2025-05-30"),
        ("Hablarán el próximo martes", "2025-06-10"),
        ("Hablaron ayer", "2025-06-04"),
        ("Hablaron esta mañana", "2025-06-05"),
        ("Hablarán mañana", "2025-06-06"),
        ("Hablaron el miércoles 4 de junio de 2025", "2025-06-04"),
        ("Hablaron el 17 de enero", "2025-01-17"),
        ("Hablaron hace dos semanas", "2025-05-19..2025-05-25"),
        ("Hablaron la semana pasada", "2025-05-26..2025-06-01"),
        ("Hablaron el año pasado", "2024-01-01..2024-12-31"),
        ("Hablaron en abril", "2025-04-01..2025-04-30"),
        ("Desde 2021", "2021-01-01..2021-12-31"),
        ("Este fin de semana", "2025-05-31..2025-06-01"),
    ]);
}

#[test]
fn russian_dates() {
    assert_days(&[
        ("Они поговорили в четверг", "2025-06-05"),
        ("Они поговорили в прошлую пятницу", "2025-05-30"),
        ("Они встретятся в следующий вторник", "2025-06-10"),
        ("Они поговорили вчера вечером", "2025-06-04"),
        ("Они поговорили 5 июня", "2025-06-05"),
        ("Они поговорили в среду, 4 июня 2025 года", "2025-06-04"),
        ("Они поговорили 17 января", "2025-01-17"),
        ("Они встретились на прошлой неделе", "2025-05-26..2025-06-01"),
        ("Они встретились в прошлом году", "2024-01-01..2024-12-31"),
        ("Они встретились в мае", "2025-05-01..2025-05-31"),
        ("Они встретились две недели назад", "2025-05-19..2025-05-25"),
        ("Они встретятся в ближайшие дни", "2025-06-06..2025-06-12"),
        ("Пошлины действуют до конца года", "2025-06-05..2025-12-31"),
        ("Впервые с 2021 года", "2021-01-01..2021-12-31"),
    ]);
}

#[test]
fn chinese_dates() {
    assert_days(&[
        ("两国元首6月5日通电话", "2025-06-05"),
        ("两国元首5日晚通电话", "2025-06-05"),
        ("两国元首2024年6月5日通电话", "2024-06-05"),
        ("两国元首周四通电话", "2025-06-05"),
        ("两国元首星期三晚上通电话", "2025-06-04"),
        ("两国元首上周五会晤", "2025-05-30"),
        ("两国元首下周二会晤", "2025-06-10"),
        ("两国元首昨天通电话", "2025-06-04"),
        ("两国元首今天通电话", "2025-06-05"),
        ("两国元首上个月会晤", "2025-05-01..2025-05-31"),
        ("两国元首去年4月会晤", "2024-04-01..2024-04-30"),
        ("两国元首两周前会晤", "2025-05-19..2025-05-25"),
        ("上一次通话是在一月十七日", "2025-01-17"),
        ("两国元首五月二十九日通话", "2025-05-29"),
        ("两国元首去年十二月会晤", "2024-12-01..2024-12-31"),
        ("同意在5月14日之前行动", "2025-05-14"),
        ("自2021年以来", "2021-01-01..2021-12-31"),
        ("關稅自８月１日起生效", "2025-08-01"),
    ]);
}

#[test]
fn japanese_dates() {
    assert_days(&[
        ("両首脳は5日、電話で会談した", "2025-06-05"),
        ("両首脳は６月４日に会談した", "2025-06-04"),
        ("両首脳は木曜日に会談した", "2025-06-05"),
        ("両首脳は先週の金曜日に会談した", "2025-05-30"),
        ("両首脳は昨日会談した", "2025-06-04"),
        ("両首脳は本日会談する", "2025-06-05"),
        ("両首脳は昨年4月に会談した", "2024-04-01..2024-04-30"),
        ("両首脳は2か月前に会談した", "2025-03-21..2025-04-20"),
        ("両首脳は来週会談する", "2025-06-09..2025-06-15"),
        ("両首脳は先月会談した", "2025-05-01..2025-05-31"),
    ]);
}

#[test]
fn numbers_names_and_verbs_are_no_dates() {
    for sentence in [
        "Duties under Section 301 rose by 25% to 1,200 dollars",
        "Article 5 may be invoked; Article 5 May Be Invoked",
        "A Boeing 737 and 5 people, at 12:01 a.m. Eastern time",
        "May said she would march on; the president may 5 times",
        "The Monday Club and The Sunday Times and Saturday Night Live",
        "Prices rose on Black Friday and on every Monday",
        "In May 5% more was paid",
        "A second round for the sun, sat on a bench",
        "Die Zeit ist 25 Prozent; am Ende so",
        "Sept pays et dix ministres",
        "The first time in 28 years came to an end",
        "De la mañana a la noche",
        "日本の5日間の訪問",
        "每周一例会",
        "",
    ] {
        let found: Vec<_> = mentions(sentence).into_iter().filter(|(words, _)| words != "In May").collect();
        assert!(found.is_empty(), "{sentence}: {found:?}");
    }
}

#[test]
fn the_longest_expression_is_the_mention() {
    let words = |sentence| mentions(sentence).into_iter().map(|(words, _)| words).collect::<Vec<_>>();
    assert_eq!(words("He said on Friday, June 6, that the previous Friday was bad"), ["Friday, June 6", "the previous Friday"]);
    assert_eq!(words("They met in May. Last year they had not."), ["in May", "Last year"]);
    assert_eq!(words("新华社北京6月5日电"), ["6月5日"]);
}

#[test]
fn a_bare_weekday_can_be_moved_to_the_next() {
    let (_, friday) = mentions("They will speak on Friday").remove(0);
    assert_eq!((friday.day(), friday.direction), (Some(date(2025, 5, 30)), Direction::Unknown));
    assert_eq!(friday.next_after(TODAY), Some(date(2025, 6, 6)));
    let (_, thursday) = mentions("They will speak on Thursday").remove(0);
    assert_eq!(thursday.next_after(TODAY), Some(TODAY));
    let (_, last) = mentions("They spoke last Friday").remove(0);
    assert_eq!((last.next_after(TODAY), last.direction), (None, Direction::Past));
}

#[test]
fn a_date_says_how_finely_it_is_told_and_where_it_lies() {
    for (sentence, precision, direction) in [
        ("on Monday, June 2", Precision::Day, Direction::Past),
        ("last week", Precision::Week, Direction::Past),
        ("in April", Precision::Month, Direction::Past),
        ("in June", Precision::Month, Direction::Unknown),
        ("earlier this year", Precision::Year, Direction::Past),
        ("later this week", Precision::Week, Direction::Future),
        ("in 2027", Precision::Year, Direction::Future),
        ("today", Precision::Day, Direction::Unknown),
    ] {
        let (_, date) = mentions(sentence).remove(0);
        assert_eq!((date.precision, date.direction), (precision, direction), "{sentence}");
    }
}

#[test]
fn what_begins_or_ends_on_a_day_is_told_from_what_happens_on_it() {
    for (sentence, bound) in [
        ("on August 1", Bound::At),
        ("from August 1", Bound::From),
        ("since April", Bound::From),
        ("until August 1", Bound::Until),
        ("by the end of the year", Bound::Until),
        ("ab dem 1. August", Bound::From),
        ("vor zwei Wochen", Bound::At),
        ("d’ici la fin de l’année", Bound::Until),
        ("хаос до 1 августа", Bound::Until),
        ("自8月1日起", Bound::From),
        ("8月1日まで", Bound::Until),
        ("from Thursday's call", Bound::At),
    ] {
        assert_eq!(mentions(sentence).remove(0).1.bound, bound, "{sentence}");
    }
}

#[test]
fn the_day_before_counts_from_the_day_named_last() {
    assert_eq!(days("He spoke on Monday. A day earlier they had met."), ["2025-06-02", "2025-06-01"]);
}

#[test]
fn a_weekday_beside_a_day_decides_its_year() {
    assert_eq!(days("They met on Thursday, December 5"), ["2024-12-05"]);
}

#[test]
fn the_day_of_publication_depends_on_the_place() {
    let late: Timestamp = "2025-06-05T23:30:00Z".parse().unwrap();
    assert_eq!(today(late, None), date(2025, 6, 5));
    assert_eq!(today(late, Some(8)), date(2025, 6, 6));
    assert_eq!(today(late, Some(120)), date(2025, 6, 5));
}

#[test]
fn impossible_days_are_no_dates() {
    assert_eq!(days("on June 31 and on February 30, 2024"), Vec::<String>::new());
}

proptest! {
    #[test]
    fn mentions_stand_in_order_and_never_overlap(
        words in "((last|next|on|in|the|two|weeks|ago|year|Friday|May|June|5|31|2024|,|-|de|mai|vor|5日|6月|十|周|去年) ?){0,14}",
    ) {
        let text = Text::of(&words);
        let mut end = 0;
        for mention in find(&text, TODAY) {
            prop_assert!(mention.words.start >= end && mention.words.end > mention.words.start && mention.words.end <= text.len());
            prop_assert!(mention.date.from <= mention.date.to);
            end = mention.words.end;
        }
    }
}
