//! Dates in Japanese, beyond those that are written as in Chinese.

use super::grammar::Table;
use super::meaning::{Meaning, Unit};
use super::pattern::Class;

/// Japanese. A text's letters are words of one letter each.
pub const TABLE: Table = Table {
    capitalises: false,
    months: &[],
    unclear_months: "",
    weekdays: &[],
    words: &[
        (Class::WeekdaySign, 1, "月"),
        (Class::WeekdaySign, 2, "火"),
        (Class::WeekdaySign, 3, "水"),
        (Class::WeekdaySign, 4, "木"),
        (Class::WeekdaySign, 5, "金"),
        (Class::WeekdaySign, 6, "土"),
        (Class::Span, Unit::Day.value(), "日"),
    ],
    patterns: &[
        (Meaning::Nothing, &["{毎週|毎}<weekday sign>曜[日]"]),
        (Meaning::Today(0), &["{本日|きょう|今朝|けさ|今夜|今晩|今夕|今日午前|今日午後|今日夜}", "<number>時間前"]),
        (Meaning::Today(-1), &["{きのう|昨晩|ゆうべ|昨日夜|昨日午前|昨日午後}"]),
        (Meaning::Today(-2), &["{一昨日|おととい}"]),
        (Meaning::Today(1), &["{あす|あした}"]),
        (Meaning::Today(2), &["{明後日|あさって}"]),
        (Meaning::SameDay(0), &["この日"]),
        (Meaning::SameDay(-1), &["前日"]),
        (Meaning::Weekday, &["<weekday sign>曜[日]"]),
        (Meaning::WeekdayOfWeek(-1), &["{先週|前週}[の]<weekday sign>曜[日]"]),
        (Meaning::WeekdayOfWeek(0), &["今週[の]<weekday sign>曜[日]"]),
        (Meaning::WeekdayOfWeek(1), &["来週[の]<weekday sign>曜[日]"]),
        (Meaning::Calendar, &["[<month number>月]<day>日から<day>日"]),
        (Meaning::Ago, &["<number>{か|カ|ヵ|ヶ|ケ|}<span>[間]前"]),
        (Meaning::Ahead, &["<number>{か|カ|ヵ|ヶ|ケ|}<span>[間]{後|以内}"]),
        (Meaning::Coming, &["今後[<number>]{か|カ|ヵ|ヶ|ケ|}<span>[間]", "近日中"]),
        (Meaning::Recent, &["{この|過去}<number>{か|カ|ヵ|ヶ|ケ|}<span>[間]"]),
        (Meaning::Period(-1), &["先<unit>", "先々月"]),
        (Meaning::Period(1), &["{来|翌}<unit>"]),
        (Meaning::Weekend(-1), &["先週末"]),
        (Meaning::Weekend(1), &["{今|来}週末"]),
    ],
};
