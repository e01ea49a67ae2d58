//! Dates in German.

use super::grammar::Table;
use super::meaning::{Meaning, Unit};
use super::pattern::Class;

/// German. A day of the week and a part of the day are written as one word.
pub const TABLE: Table = Table {
    capitalises: true,
    months: &[
        "januar jänner jan",
        "februar feb",
        "märz",
        "april apr",
        "mai",
        "juni",
        "juli",
        "august aug",
        "september sept",
        "oktober okt",
        "november nov",
        "dezember dez",
    ],
    unclear_months: "",
    weekdays: &[
        "montag montagmorgen montagvormittag montagmittag montagnachmittag montagabend montagnacht",
        "dienstag dienstagmorgen dienstagvormittag dienstagmittag dienstagnachmittag dienstagabend dienstagnacht",
        "mittwoch mittwochmorgen mittwochvormittag mittwochmittag mittwochnachmittag mittwochabend mittwochnacht",
        "donnerstag donnerstagmorgen donnerstagvormittag donnerstagmittag donnerstagnachmittag donnerstagabend donnerstagnacht",
        "freitag freitagmorgen freitagvormittag freitagmittag freitagnachmittag freitagabend freitagnacht",
        "samstag sonnabend samstagmorgen samstagvormittag samstagmittag samstagnachmittag samstagabend samstagnacht",
        "sonntag sonntagmorgen sonntagvormittag sonntagmittag sonntagnachmittag sonntagabend sonntagnacht",
    ],
    words: &[
        (Class::Unit, Unit::Week.value(), "woche wochen"),
        (Class::Unit, Unit::Month.value(), "monat monats monate monaten"),
        (Class::Unit, Unit::Year.value(), "jahr jahres jahre jahren"),
        (Class::Span, Unit::Day.value(), "tag tage tagen"),
        (Class::Span, Unit::Hour.value(), "stunde stunden"),
        (Class::Number, 1, "ein eine einem einer einen"),
        (Class::Number, 2, "zwei"),
        (Class::Number, 3, "drei wenigen einigen mehreren paar"),
        (Class::Number, 4, "vier"),
        (Class::Number, 5, "fünf"),
        (Class::Number, 6, "sechs"),
        (Class::Number, 7, "sieben"),
        (Class::Number, 8, "acht"),
        (Class::Number, 9, "neun"),
        (Class::Number, 10, "zehn"),
        (Class::Number, 12, "zwölf"),
    ],
    patterns: &[
        (Meaning::Nothing, &["{guten|jeden} {morgen|abend|<weekday>}", "schwarzer <weekday>"]),
        (
            Meaning::Today(0),
            &["heute [früh|morgen|vormittag|mittag|nachmittag|abend|nacht]", "vor <number> stunden", "vor einer stunde"],
        ),
        (Meaning::Today(-1), &["gestern [früh|morgen|vormittag|mittag|nachmittag|abend|nacht]"]),
        (Meaning::Today(-2), &["vorgestern"]),
        (Meaning::Today(1), &["morgen [früh|vormittag|mittag|nachmittag|abend]"]),
        (Meaning::Today(2), &["übermorgen"]),
        (Meaning::SameDay(0), &["am {morgen|vormittag|mittag|nachmittag|abend}", "am {selben|gleichen} tag", "am gleichen tag"]),
        (Meaning::SameDay(-1), &["am vortag", "tags zuvor", "einen tag {zuvor|früher}", "am [vorigen] tag davor", "am vorabend"]),
        (Meaning::SameDay(1), &["am {folgetag|nächsten tag|folgenden tag}", "einen tag {später|danach}", "tags darauf"]),
        (Meaning::Weekday, &["<weekday> [früh|morgen|vormittag|mittag|nachmittag|abend|nacht]"]),
        (Meaning::LastWeekday, &["{letzten|letztem|letzter|vergangenen|vergangener|vorigen} <weekday>"]),
        (Meaning::ThisWeekday, &["{diesen|diesem} <weekday>"]),
        (Meaning::NextWeekday, &["{nächsten|nächster|kommenden|kommender|nächstem|kommendem} <weekday>"]),
        (Meaning::WeekdayOfWeek(-1), &["<weekday> {letzter|vergangener|voriger|der vergangenen|der letzten} woche"]),
        (Meaning::WeekdayOfWeek(1), &["<weekday> {nächster|kommender|der nächsten|der kommenden} woche"]),
        (
            Meaning::Calendar,
            &[
                "[<weekday>[,] [den|dem|der]] <day> <month>[[,] <year>]",
                "<day> {bis|und|bis zum|-}<day> <month> [<year>]",
                "{im|seit|bis|ab|vom|anfang|ende|mitte|noch im|seit anfang|seit ende|bis ende} <month> [<year>]",
                "<month> <year>",
                "{im jahr|im jahre|seit|bis|bis ende|anfang|ende|mitte|ab} <year>",
            ],
        ),
        (Meaning::LastCalendar, &["{letzten|vergangenen|vorigen} <month>"]),
        (Meaning::NextCalendar, &["{nächsten|kommenden} <month>"]),
        (Meaning::CalendarOfYear(-1), &["[im] [<day>] <month> {letzten|vergangenen|vorigen|des letzten|des vergangenen} jahres"]),
        (Meaning::CalendarOfYear(0), &["[im] [<day>] <month> {dieses|des laufenden} jahres"]),
        (Meaning::CalendarOfYear(1), &["[im] [<day>] <month> {nächsten|kommenden|des nächsten|des kommenden} jahres"]),
        (Meaning::Ago, &["vor [etwa|rund|gut|fast|knapp|mehr als] [ein] <number> <span>"]),
        (Meaning::AgoToday, &["heute vor <number> <unit>"]),
        (Meaning::Ahead, &["{in|binnen|innerhalb von} [ein] <number> <span>"]),
        (Meaning::Coming, &["[in|für] {den|die} {kommenden|nächsten} [<number>] {tagen|tage|wochen|monaten|monate|<span>}"]),
        (
            Meaning::Recent,
            &[
                "{in den|in|der|die} {letzten|vergangenen} [<number>] {tagen|wochen|monaten|jahren}",
                "{in den|die} {letzten|vergangenen} <number> <span>",
            ],
        ),
        (
            Meaning::Period(-1),
            &[
                "{letzte|letzten|letzter|letztes|vergangene|vergangenen|vergangener|vergangenes|vorige|vorigen|voriger|voriges|im vergangenen|im letzten} <unit>",
            ],
        ),
        (Meaning::Period(0), &["{diese|dieser|dieses|diesem|diesen|laufenden} <unit>"]),
        (
            Meaning::Period(1),
            &["{nächste|nächsten|nächster|nächstes|kommende|kommenden|kommender|kommendes|im kommenden|im nächsten} <unit>"],
        ),
        (
            Meaning::PeriodSoFar,
            &[
                "{früher|schon} in {dieser|diesem} <unit>",
                "{anfang|zu beginn|seit beginn} {der|des|dieser|dieses} <unit>",
                "seit jahresbeginn",
            ],
        ),
        (
            Meaning::RestOfPeriod,
            &[
                "später in {dieser|diesem} <unit>",
                "noch {diese|in dieser|in diesem|dieses} <unit>",
                "[bis] [zum] {ende|bis ende} {der|des|dieser|dieses} <unit>",
                "[bis|zum] jahresende",
            ],
        ),
        (Meaning::Weekend(0), &["am wochenende"]),
        (Meaning::Weekend(-1), &["[am] {letzten|letztes|vergangenen|vergangenes} wochenende"]),
        (Meaning::Weekend(1), &["[am] {kommenden|kommendes|nächsten|nächstes} wochenende", "{dieses|an diesem} wochenende"]),
    ],
};
