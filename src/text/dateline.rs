//! The dateline of an article: where, when and by whom it was written, before its first sentence.
//!
//! "LIMA, June 5 (Agency) —", "QUITO:", "Brussels, 29 October 2024" on a line of its own, "…社北京6月5日电", "【ワシントン共同】".
//! An article without one has its first sentence there, so everything before the mark must look like a place, a date or an agency.

use std::ops::Range;

use super::Text;
use super::dates;
use super::sentences::STARTERS;

/// The longest dateline, in words: a place, a region, a date, an agency, two authors.
const MAX_WORDS: usize = 24;

/// The longest dateline in a script whose letters are words of their own.
const MAX_SIGNS: usize = 40;

/// The longest place that needs neither capitals throughout nor a date to be known as one, in words.
const MAX_PLAIN_PLACE: usize = 3;

/// Headings that stand where a place might, folded.
const HEADINGS: &[&str] = &[
    "breaking",
    "exclusive",
    "update",
    "watch",
    "live",
    "opinion",
    "video",
    "analysis",
    "explainer",
    "factbox",
    "correction",
    "photo",
    "editorial",
    "note",
];

/// Small words inside the names of places and dates, folded.
const CONNECTORS: &[&str] =
    &["de", "of", "del", "la", "le", "am", "an", "der", "den", "the", "and", "el", "los", "las", "г", "года", "го"];

/// The longest place that needs only capitals throughout, in words: more are a headline.
const MAX_SHOUTED_PLACE: usize = 4;

/// News agencies, folded. None is a place.
const AGENCIES: &[&str] = &[
    "reuters",
    "ap",
    "afp",
    "dpa",
    "efe",
    "tass",
    "xinhua",
    "kyodo",
    "interfax",
    "upi",
    "ansa",
    "ians",
    "pti",
    "anadolu",
    "bloomberg",
    "prnewswire",
    "cp",
    "тасс",
    "риа",
    "интерфакс",
    "共同",
    "時事",
    "ロイター",
    "路透社",
    "法新社",
    "中央社",
];

/// A dateline, by the positions of its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dateline {
    /// The words of the place, without its region or country.
    pub place: Option<Range<usize>>,
    /// One past its last word: where the article begins.
    pub end_word: usize,
}

impl Dateline {
    /// The dateline at the start of a body, if it has one.
    pub fn of(body: &Text) -> Option<Self> {
        bracketed(body).or_else(|| telegraphed(body)).or_else(|| {
            let first = written(body, 0)?;
            // "Agency - CITY, Country --": the second one says more.
            let second = written(body, first.end_word).filter(|second| second.is_sure && second.names_place(body));
            let found = second.unwrap_or(first);
            let end_word = found.end_word + agency_sentence(body, found.end_word);
            Some(Self { place: found.names_place(body).then_some(found.place), end_word })
        })
    }
}

/// A dateline in a script with blanks.
#[derive(Debug)]
struct Written {
    place: Range<usize>,
    end_word: usize,
    is_sure: bool,
}

impl Written {
    /// "Agency -", "June 5 -" and "address.example -" name none.
    fn names_place(&self, text: &Text) -> bool {
        !self.place.is_empty() && !text.word(self.place.start).is_some_and(is_agency) && text.gap(self.place.end) != "."
    }
}

/// Reads a dateline that begins at a word.
fn written(text: &Text, start: usize) -> Option<Written> {
    let (end_word, mark) = (start + 1..=start + MAX_WORDS).find_map(|end| Some((end, mark_of(text, end)?)))?;
    let begins_no_place = |word: &str| HEADINGS.contains(&word) || STARTERS.contains(&word) && !CONNECTORS.contains(&word);
    if end_word > text.len() || text.word(start).is_some_and(begins_no_place) {
        return None;
    }
    let place_end = (start + 1..end_word).find(|next| !continues_place(text, *next)).unwrap_or(end_word);
    let place_end = if is_month(text, start) { start } else { place_end };
    let is_place =
        (start..place_end).all(|word| text.is_capitalised(word) || CONNECTORS.contains(&text.word(word).unwrap_or_default()));
    let has_agency = text.word(start).is_some_and(is_agency) || is_attributed(text, start, end_word);
    if !is_place || !text.is_capitalised(start) || !(has_agency || rest_fits(text, place_end, end_word)) {
        return None;
    }
    let is_shouted = place_end - start <= MAX_SHOUTED_PLACE && (start..place_end).all(|word| is_shouted(text.written(word)));
    let has_digits = (place_end..end_word).any(|word| text.word(word).is_some_and(begins_with_digit));
    let is_sure = has_digits || has_agency;
    let looks_plain = place_end - start <= MAX_PLAIN_PLACE && text.is_capitalised(end_word) && !is_small_word(text, start);
    let is_enough = match mark {
        Mark::Dash => is_sure || is_shouted || looks_plain,
        Mark::Colon => is_sure || is_shouted,
        Mark::Line => has_digits,
        Mark::Stop => is_shouted && (has_digits || place_end == end_word),
    };
    is_enough.then_some(Written { place: start..place_end, end_word, is_sure: is_sure || is_shouted })
}

/// What ends a dateline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Dash,
    Colon,
    /// The end of the line.
    Line,
    /// The end of a sentence: "LIMA. The", "LIMA, June 5. The".
    Stop,
}

fn mark_of(text: &Text, position: usize) -> Option<Mark> {
    let gap = text.gap(position);
    let has_space = gap.contains(' ');
    if gap.contains('\n') {
        Some(Mark::Line)
    } else if gap.contains('—') || gap.contains("--") || gap.contains(".-") || has_space && gap.contains(['–', '-', '−']) {
        Some(Mark::Dash)
    } else if gap.starts_with(':') && has_space {
        Some(Mark::Colon)
    } else {
        (text.sentence_of(position) != text.sentence_of(position - 1)).then_some(Mark::Stop)
    }
}

/// Whether a word belongs to the place that the words before it name.
fn continues_place(text: &Text, position: usize) -> bool {
    let is_joined = matches!(text.gap(position), " " | "-" | ". " | "/" | "’" | "'");
    is_joined && !text.word(position).is_some_and(begins_with_digit) && !is_month(text, position)
}

/// Whether an author or agency is named in brackets or between strokes.
fn is_attributed(text: &Text, start: usize, end: usize) -> bool {
    let is_closed = text.gap(end).trim_start_matches('.').starts_with([')', ']', '/']);
    is_closed && (start + 1..end).any(|word| text.gap(word).contains(['(', '[', '/']))
}

/// Whether what follows the place is a region or a date.
fn rest_fits(text: &Text, place_end: usize, end: usize) -> bool {
    (place_end..end).all(|position| {
        let word = text.word(position).unwrap_or_default();
        let is_known = CONNECTORS.contains(&word) || begins_with_digit(word) || is_month(text, position);
        let is_address = text.gap(position) == ".";
        (is_known || is_address || text.is_capitalised(position)) && !text.gap(position).contains(['"', '“', '”', '!', '?', ';'])
    })
}

fn is_month(text: &Text, position: usize) -> bool {
    text.word(position).is_some_and(dates::is_month)
}

fn is_agency(word: &str) -> bool {
    AGENCIES.contains(&word)
}

fn begins_with_digit(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_digit())
}

fn is_shouted(written: &str) -> bool {
    written.chars().nth(1).is_some() && !written.chars().any(char::is_lowercase)
}

/// Whether a sentence rather than a name begins here.
fn is_small_word(text: &Text, position: usize) -> bool {
    text.word(position).is_some_and(|word| word.chars().nth(2).is_none() || STARTERS.contains(&word))
}

/// How many words after a dateline only name its agency: "ЛИМА, 5 июн — РИА Новости."
fn agency_sentence(text: &Text, start: usize) -> usize {
    let names = (1..=3).find(|words| text.gap(start + words).trim_start_matches('/').starts_with('.'));
    names.filter(|_| text.word(start).is_some_and(is_agency)).unwrap_or(0)
}

/// Reads "【ワシントン共同】" and "[ワシントン 5日 ロイター] -".
fn bracketed(text: &Text) -> Option<Dateline> {
    if !text.gap(0).ends_with(['【', '[', '［']) {
        return None;
    }
    let end_word = (1..=MAX_SIGNS.min(text.len())).find(|end| text.gap(*end).starts_with(['】', ']', '］']))?;
    let stops = |position: usize| {
        text.gap(position).contains(['＝', '=', ' '])
            || text.word(position).is_some_and(begins_with_digit)
            || names_agency(text, position)
    };
    let place_end = (1..end_word).find(|position| stops(*position));
    Some(Dateline { place: place_end.map(|end| 0..end), end_word })
}

/// Whether an agency is named from here on, in letters that are words of their own.
fn names_agency(text: &Text, position: usize) -> bool {
    let rest = text.plain().get(text.bytes(position, position).start..).unwrap_or_default();
    AGENCIES.iter().any(|agency| rest.starts_with(agency))
}

/// Reads "新…社北京6月5日电": an agency, a place, a day, and the word for a telegram.
fn telegraphed(text: &Text) -> Option<Dateline> {
    let is = |position: usize, signs: &[&str]| text.word(position).is_some_and(|word| signs.contains(&word));
    let telegram = (2..MAX_SIGNS).find(|position| is(*position, &["电", "電", "讯", "訊"]) && is(position - 1, &["日"]))?;
    let date = (0..telegram).find(|position| text.word(*position).is_some_and(begins_with_digit))?;
    let agency = (0..date).find(|position| is(*position, &["社", "网", "網", "报", "報"]))?;
    let place = agency + 1..date;
    let next = telegram + 1;
    // 电话 is a telephone, not a telegram.
    if is(next, &["话", "話"]) {
        return None;
    }
    // The authors follow in brackets.
    let authors = text
        .gap(next)
        .starts_with(['（', '('])
        .then(|| (next..next + MAX_SIGNS).find(|end| text.gap(*end).contains(['）', ')'])));
    let end_word = authors.flatten().unwrap_or(next).min(text.len());
    Some(Dateline { place: (!place.is_empty()).then_some(place), end_word })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The place, and the first words of the article proper.
    fn read(body: &str) -> Option<(String, String)> {
        let text = Text::of(body);
        let dateline = Dateline::of(&text)?;
        let words = |words: Range<usize>| {
            let last = words.end.checked_sub(1)?;
            Some(text.plain()[text.bytes(words.start, last)].to_owned())
        };
        let place = dateline.place.and_then(words).unwrap_or_default();
        Some((place, text.written(dateline.end_word).to_owned()))
    }

    #[test]
    fn datelines_are_known_by_their_form() {
        for (body, place, first) in [
            ("WASHINGTON, June 5 (Agency) — The leaders spoke", "WASHINGTON", "The"),
            ("MEXICO CITY — The leaders spoke", "MEXICO CITY", "The"),
            ("BEIJING: The leaders spoke", "BEIJING", "The"),
            ("HONG KONG: Exporters will need clearance", "HONG KONG", "Exporters"),
            ("Brussels, 29 October 2024\nThe Commission decided", "Brussels", "The"),
            ("БРЮССЕЛЬ, 29 окт — РИА Новости. Комиссия решила", "БРЮССЕЛЬ", "Комиссия"),
            ("МОСКВА, 5 июня. /ТАСС/. Президенты поговорили", "МОСКВА", "Президенты"),
            ("МОСКВА, 7 ноября. Президенты поговорили", "МОСКВА", "Президенты"),
            ("DAKAR. L’Inde a interdit", "DAKAR", "L"),
            ("DECEMBER 01, 2004 (REUTERS) - The leaders", "", "The"),
            ("BERLIN (dpa) – Die Präsidenten", "BERLIN", "Die"),
            ("LONDON - The leaders spoke", "LONDON", "The"),
            ("London - Share prices rose", "London", "Share"),
            ("WASHINGTON/BEIJING, June 5 (Reuters) - The leaders", "WASHINGTON/BEIJING", "The"),
            ("ST. PETERSBURG, Russia (AP) — The leaders", "ST. PETERSBURG", "The"),
            ("Madrid, 5 jun (EFE).- Los presidentes", "Madrid", "Los"),
            ("Paris (AFP) – Les présidents", "Paris", "Les"),
            ("SPACE.com - TORONTO, Canada -- A second team", "TORONTO", "A"),
            ("Reuters - Oil prices rose", "", "Oil"),
            ("NEW YORK, June 5, 2025 /PRNewswire/ -- A company", "NEW YORK", "A"),
            ("新华社北京6月5日电（记者 张三）两国元首通话", "北京", "两"),
            ("（中央社華盛頓5日電）兩國元首", "華盛頓", "兩"),
            ("【ワシントン共同】両首脳は", "ワシントン", "両"),
            ("【ワシントン＝山田太郎】両首脳は", "ワシントン", "両"),
            ("[ワシントン ５日 ロイター] - 両首脳は", "ワシントン", "両"),
            ("【速報】両首脳は", "", "両"),
        ] {
            assert_eq!(read(body), Some((place.to_owned(), first.to_owned())), "{body}");
        }
    }

    #[test]
    fn a_first_sentence_is_no_dateline() {
        for body in [
            "The leaders spoke on Thursday - at last",
            "The president — a former actor — spoke",
            "President Brown — who had called — spoke",
            "Kremlin: telephone conversation agreed",
            "THE LEADERS SPOKE ON THE PHONE - SOURCES",
            "BREAKING: The leaders spoke",
            "On Thursday, June 5 — the day of the call — they spoke",
            "It is so – The end",
            "Brussels decided on 29 October 2024\nThe Commission",
            "“We spoke” — Brown",
            "两国元首6月5日通电话",
            "两国元首6月5日电话会晤",
            "据新华社报道6月5日电话会晤",
            "",
        ] {
            assert_eq!(read(body), None, "{body}");
        }
    }
}
