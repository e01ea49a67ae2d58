//! Words in dates: months, zones and what only fills.

use super::Half;

/// Beginnings of the names of months. English, German, French, Spanish, Portuguese, Italian, Dutch, the Scandinavian languages,
/// Polish, Hungarian, Turkish, Russian and Greek share most of them.
const MONTHS: [(i8, &[&str]); 12] = [
    (1, &["jan", "jän", "ene", "gen", "sty", "oca", "янв", "ιαν"]),
    (2, &["feb", "fév", "fev", "fév", "lut", "şub", "фев", "φεβ"]),
    (3, &["mar", "mär", "mrt", "maa", "már", "мар", "μαρ", "μάρ"]),
    (4, &["apr", "avr", "abr", "ápr", "kwi", "nis", "апр", "απρ"]),
    (5, &["may", "mai", "mei", "maj", "máj", "mag", "май", "мая", "μαϊ", "μαι", "μάι", "μαΐ"]),
    (6, &["jun", "juin", "giu", "jún", "cze", "haz", "июн", "ιουν", "ιούν", "ιον"]),
    (7, &["jul", "juil", "lug", "júl", "lip", "tem", "июл", "ιουλ", "ιούλ", "ιολ"]),
    (8, &["aug", "aoû", "aou", "ago", "sie", "ağu", "авг", "αυγ", "αύγ"]),
    (9, &["sep", "set", "szep", "wrz", "eyl", "сен", "σεπ"]),
    (10, &["oct", "okt", "out", "ott", "paź", "eki", "окт", "οκτ"]),
    (11, &["nov", "lis", "kas", "ноя", "νοε", "νοέ"]),
    (12, &["dec", "déc", "dez", "dic", "des", "gru", "ara", "дек", "δεκ"]),
];

/// Abbreviations of zones in minutes east of Greenwich: those of RFC 822, and others in use that mean one thing only, or nearly.
const ZONES: [(&str, i32); 56] = [
    ("acdt", 630),
    ("acst", 570),
    ("adt", -180),
    ("aedt", 660),
    ("aest", 600),
    ("akdt", -480),
    ("akst", -540),
    ("ast", -240),
    ("at", -240),
    ("awst", 480),
    ("brt", -180),
    ("bst", 60),
    ("cat", 120),
    ("cdt", -300),
    ("cest", 120),
    ("cet", 60),
    ("cst", -360),
    ("ct", -360),
    ("eat", 180),
    ("edt", -240),
    ("eest", 180),
    ("eet", 120),
    ("est", -300),
    ("et", -300),
    ("gmt", 0),
    ("hkt", 480),
    ("hst", -600),
    ("ict", 420),
    ("ist", 330),
    ("jst", 540),
    ("kst", 540),
    ("mdt", -360),
    ("mest", 120),
    ("mesz", 120),
    ("met", 60),
    ("mez", 60),
    ("msk", 180),
    ("mst", -420),
    ("mt", -420),
    ("ndt", -150),
    ("nst", -210),
    ("nzdt", 780),
    ("nzst", 720),
    ("pdt", -420),
    ("pht", 480),
    ("pkt", 300),
    ("pst", -480),
    ("pt", -480),
    ("sast", 120),
    ("sgt", 480),
    ("ut", 0),
    ("utc", 0),
    ("west", 60),
    ("wet", 0),
    ("wib", 420),
    ("z", 0),
];

/// A word that names no day, month or zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filler {
    Nothing,
    Half(Half),
    Korean,
}

/// The month of a name, in lower case, in full or cut short.
pub(super) fn month(word: &str) -> Option<i8> {
    MONTHS.iter().find(|(_, beginnings)| beginnings.iter().any(|beginning| word.starts_with(beginning))).map(|(month, _)| *month)
}

/// How far a zone is east of Greenwich, in minutes.
pub(super) fn zone_minutes(word: &str) -> Option<i32> {
    ZONES.binary_search_by_key(&word, |(name, _)| name).ok().and_then(|place| ZONES.get(place)).map(|(_, minutes)| *minutes)
}

pub(super) fn filler(word: &str) -> Option<Filler> {
    Some(match word {
        "t" | "at" | "à" | "de" | "of" | "den" | "the" | "st" | "nd" | "rd" | "th" | "um" | "г" | "年" | "月" | "日" => {
            Filler::Nothing
        }
        "am" | "오전" | "上午" => Filler::Half(Half::Morning),
        "pm" | "오후" | "下午" => Filler::Half(Half::Afternoon),
        "년" | "월" | "일" => Filler::Korean,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_can_be_searched() {
        assert!(ZONES.is_sorted());
        assert_eq!((zone_minutes("z"), zone_minutes("xyz")), (Some(0), None));
    }

    #[test]
    fn no_beginning_of_a_month_is_also_of_another() {
        for (month, beginnings) in MONTHS {
            for beginning in beginnings {
                assert_eq!(super::month(beginning), Some(month), "{beginning}");
            }
        }
    }
}
