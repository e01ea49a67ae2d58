//! temporary
use std::ops::Range;
use jiff::{Timestamp, civil::{Date, Weekday}, tz::TimeZone, ToSpan};
use super::Text;
/// p
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision { /// d
 Day, /// w
 Week, /// m
 Month, /// y
 Year }
/// m
#[derive(Debug, Clone, PartialEq)]
pub struct DateMention { /// w
 pub words: Range<usize>, /// f
 pub from: Date, /// t
 pub to: Date, /// p
 pub precision: Precision, /// b
 pub is_bare_day: bool }
/// t
pub fn today(published: Timestamp, offset: Option<i8>) -> Date { let _ = offset; published.to_zoned(TimeZone::UTC).date() }
/// f
pub fn find(text: &Text, today: Date) -> Vec<DateMention> {
    let mut out = Vec::new();
    let words: Vec<&str> = text.words().map(|(_, w)| w).collect();
    let wd = |w: &str| Some(match w { "monday"|"montag"|"lunes"|"lundi" => Weekday::Monday, "tuesday"|"dienstag"|"martes"|"mardi" => Weekday::Tuesday, "wednesday"|"mittwoch"|"miercoles"|"mercredi" => Weekday::Wednesday, "thursday"|"donnerstag"|"jueves"|"jeudi" => Weekday::Thursday, "friday"|"freitag"|"viernes"|"vendredi" => Weekday::Friday, "saturday"|"samstag"|"sabado"|"samedi" => Weekday::Saturday, "sunday"|"sonntag"|"domingo"|"dimanche" => Weekday::Sunday, _ => return None });
    let month = |w: &str| ["jan","feb","mar","apr","may","jun","jul","aug","sep","oct","nov","dec"].iter().position(|m| w.starts_with(m) && (w.len() == 3 || ["january","february","march","april","may","june","july","august","september","october","november","december","sept"].contains(&w))).map(|i| i as i8 + 1);
    let mut i = 0;
    while i < words.len() {
        let w = words[i];
        let mut push = |a: usize, b: usize, f: Date, t: Date, p: Precision, bare: bool| out.push(DateMention { words: a..b, from: f, to: t, precision: p, is_bare_day: bare });
        if let Some(d) = wd(w) {
            if text.is_capitalised(i) || !w.is_ascii() || ["lunes","martes","jueves","viernes","lundi","mardi","jeudi","vendredi"].contains(&w) {
            let mut day = today; while day.weekday() != d { day = day.yesterday().unwrap(); }
            let next = i > 0 && words[i-1] == "next";
            if next { let mut day = today.tomorrow().unwrap(); while day.weekday() != d { day = day.tomorrow().unwrap(); } push(i-1, i+1, day, day, Precision::Day, false); }
            else if i > 0 && words[i-1] == "last" && day == today { push(i-1, i+1, day - 7.days(), day - 7.days(), Precision::Day, false); }
            else { push(i, i+1, day, day, Precision::Day, true); } }
        } else if w == "today" || w == "earlier" && words.get(i+1) == Some(&"today") || w == "overnight" || w=="heute" || w == "hoy" { push(i, i+1, today, today, Precision::Day, false);
        } else if w == "yesterday" || w == "gestern" || w=="ayer" { let y = today.yesterday().unwrap(); push(i, i+1, y, y, Precision::Day, false);
        } else if w == "tomorrow" { let y = today.tomorrow().unwrap(); push(i, i+1, y, y, Precision::Day, false);
        } else if let Some(m) = month(w).filter(|_| text.is_capitalised(i)) {
            let num = |k: Option<usize>| k.and_then(|k| words.get(k)).and_then(|w| w.parse::<i16>().ok());
            let (d, a, b) = if let Some(d) = num(Some(i+1)).filter(|d| (1..=31).contains(d)) { (Some(d), i, i+2) } else if let Some(d) = num(i.checked_sub(1)).filter(|d| (1..=31).contains(d)) { (Some(d), i-1, i+1) } else { (None, i, i+1) };
            let y = num(Some(b)).filter(|y| (1990..2100).contains(y));
            if let Some(d) = d {
                let mk = |y: i16| Date::new(y, m, d as i8).ok();
                let date = match y { Some(y) => mk(y), None => [today.year()-1, today.year(), today.year()+1].into_iter().filter_map(mk).min_by_key(|x| { let k = (*x - today).get_days(); (if k > 180 { 10000 } else { 0 }) + k.abs() }) };
                if let Some(date) = date { push(a, if y.is_some() { b+1 } else { b }, date, date, Precision::Day, false); }
            } else if (w != "may" && w != "march") || y.is_some() || (i > 0 && ["in","since","last","of","this","early","late","until"].contains(&words[i-1])) {
                let yy = y.unwrap_or(if m > today.month() { today.year()-1 } else { today.year() });
                if let Ok(f) = Date::new(yy, m, 1) { push(a, b, f, f.last_of_month(), Precision::Month, false); }
            }
        } else if (w == "last" || w == "next" ) && words.get(i+1).is_some_and(|n| ["week","month","year"].contains(n)) {
            let n = words[i+1]; let s = if w == "last" { -1 } else { 1 };
            let (f, p) = match n { "week" => (today + (7*s).days(), Precision::Week), "month" => (today + (30*s).days(), Precision::Month), _ => (today + (365*s).days(), Precision::Year) };
            push(i, i+2, f, f, p, false);
        } else if w == "ago" { let n = i.checked_sub(1).map(|k| words[k]).unwrap_or("");
            let d = if n.starts_with("day") { 2 } else if n.starts_with("week") { 7 } else if n.starts_with("month") { 30 } else if n.starts_with("year") { 365 } else { 0 };
            if d > 2 { let f = today - (d).days(); push(i-1, i+1, f, f, Precision::Week, false); }
        } else if let Ok(y) = w.parse::<i16>() && (1990..2100).contains(&y) && i > 0 && ["in","since","of","from","by","until"].contains(&words[i-1]) && y != today.year() {
            let f = Date::new(y, 1, 1).unwrap(); push(i, i+1, f, Date::new(y,12,31).unwrap(), Precision::Year, false);
        }
        i += 1;
    }
    out
}
