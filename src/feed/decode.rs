//! Bytes to characters: whatever a document says of its encoding, wrongly or not at all, it is read.
//!
//! Of the signs of an encoding the stronger wins: the mark or zero bytes at the start, then what the server says, then what the
//! document says, then a guess. A sign that the bytes belie gives way to the next.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use memchr::memmem;

/// How far into a document its own word on its encoding is looked for, in bytes.
const PROLOG: usize = 1024;

/// The characters of a document, without a mark at the start.
pub struct Decoded<'a> {
    /// Themselves.
    pub text: Cow<'a, str>,
    /// Whether they were in UTF-8 throughout.
    pub is_utf8: bool,
    /// Whether some had to be guessed.
    pub is_guessed: bool,
}

impl<'a> Decoded<'a> {
    fn certain(text: Cow<'a, str>, encoding: &Encoding) -> Self {
        Self { text, is_utf8: encoding == UTF_8, is_guessed: false }
    }
}

/// Reads a document as its first bytes, the content type it came with or its own declaration say, or as a guess.
pub fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Decoded<'a> {
    if let Some((text, encoding)) = by_first_bytes(bytes) {
        return Decoded::certain(text, encoding);
    }
    let labels = [content_type.and_then(charset_of), declared_in(bytes)];
    let named = labels.iter().flatten().filter_map(|label| encoding_for(label));
    let candidates: Vec<_> = named.filter(|encoding| !is_wide(encoding)).collect();
    let by_escapes = memmem::find(bytes, b"\x1b$").map(|_| &ISO_2022_JP);
    for encoding in candidates.iter().chain(by_escapes).chain([&UTF_8]) {
        if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) {
            return Decoded::certain(text, encoding);
        }
    }
    let is_declared = candidates.contains(&UTF_8);
    let text = match candidates.first() {
        Some(encoding) if !is_declared => encoding.decode_without_bom_handling(bytes).0,
        _ if is_mostly_utf8(bytes, is_declared) => Cow::Owned(mostly_utf8(bytes)),
        _ => guessed(bytes),
    };
    Decoded { text, is_utf8: false, is_guessed: true }
}

/// Whether too many characters are in UTF-8 for that to be chance, the more so if that is what is declared.
fn is_mostly_utf8(bytes: &[u8], is_declared: bool) -> bool {
    let (mut right, mut wrong) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        right += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        wrong += chunk.invalid().len();
    }
    if is_declared { 3 * right >= wrong } else { right >= wrong }
}

/// The text in the encoding that its letters speak for.
fn guessed(bytes: &[u8]) -> Cow<'_, str> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny).decode_without_bom_handling(bytes).0
}

/// What a byte order mark, or the zeros of wide characters, say beyond doubt.
fn by_first_bytes(bytes: &[u8]) -> Option<(Cow<'_, str>, &'static Encoding)> {
    let wide = |encoding: &'static Encoding, bytes| Some((encoding.decode_without_bom_handling(bytes).0, encoding));
    match *bytes {
        [0xef, 0xbb, 0xbf, ref rest @ ..] => {
            Some((str::from_utf8(rest).map_or_else(|_| mostly_utf8(rest).into(), Cow::Borrowed), UTF_8))
        }
        [0, 0, 0xfe, 0xff, ref rest @ ..] => Some((utf32(rest, u32::from_be_bytes), UTF_16BE)),
        [0xff, 0xfe, 0, 0, ref rest @ ..] => Some((utf32(rest, u32::from_le_bytes), UTF_16LE)),
        [0xfe, 0xff, ref rest @ ..] => wide(UTF_16BE, rest),
        [0xff, 0xfe, ref rest @ ..] => wide(UTF_16LE, rest),
        [0, 0, 0, 1..=255, ..] => Some((utf32(bytes, u32::from_be_bytes), UTF_16BE)),
        [1..=255, 0, 0, 0, ..] => Some((utf32(bytes, u32::from_le_bytes), UTF_16LE)),
        [0, 1..=255, 0, 1..=255, ..] => wide(UTF_16BE, bytes),
        [1..=255, 0, 1..=255, 0, ..] => wide(UTF_16LE, bytes),
        _ => None,
    }
}

fn utf32(bytes: &[u8], read: fn([u8; 4]) -> u32) -> Cow<'_, str> {
    let (units, _) = bytes.as_chunks();
    let characters = units.iter().map(|unit| char::from_u32(read(*unit)).unwrap_or(char::REPLACEMENT_CHARACTER));
    Cow::Owned(characters.collect())
}

fn is_wide(encoding: &&'static Encoding) -> bool {
    [UTF_16BE, UTF_16LE].contains(encoding)
}

/// UTF-8 into which other bytes have strayed: those are read as Windows-1252, as they were nearly always meant.
fn mostly_utf8(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
    }
    text
}

/// The parameter `charset` of a content type (RFC 9110 §8.3).
fn charset_of(content_type: &str) -> Option<&str> {
    let parameters = content_type.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
    parameters.into_iter().find(|(name, _)| name.trim().eq_ignore_ascii_case("charset")).map(|(_, value)| value)
}

/// The pseudo-attribute `encoding` of an XML declaration.
fn declared_in(bytes: &[u8]) -> Option<&str> {
    let start = bytes.get(..PROLOG).unwrap_or(bytes);
    let start = start.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let (_, declaration) = start.split_once("<?xml")?;
    let (declaration, _) = declaration.split_once('>')?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    value.get(1..)?.split(quote).next()
}

/// The encoding of a label by the Encoding Standard, or by one of the other spellings in use.
fn encoding_for(label: &str) -> Option<&'static Encoding> {
    let label = label.trim().trim_matches(['"', '\'']).to_ascii_lowercase();
    let known = |label: &str| Encoding::for_label(label.as_bytes()).filter(|encoding| *encoding != REPLACEMENT);
    known(&label).or_else(|| known(&label.replace('_', "-"))).or_else(|| known(&respelled(&label)?))
}

/// A label of the standard for another name: `win-1251`, `cp_1252`, `ms949`, `ISO_8859_2`, `EUC_JP`, `mac-roman`.
fn respelled(label: &str) -> Option<String> {
    const FAMILIES: [&str; 8] = ["windows", "xcp", "cp", "win", "msdos", "ms", "ansi", "ibm"];
    let letters: String = label.chars().filter(char::is_ascii_alphanumeric).collect();
    let letters = letters.strip_prefix("cs").unwrap_or(&letters);
    if let Some(part) = letters.strip_prefix("iso8859") {
        let number: String = part.chars().take_while(char::is_ascii_digit).collect();
        return Some(format!("iso-8859-{number}"));
    }
    if let Some(page) = FAMILIES.iter().find_map(|family| letters.strip_prefix(family)) {
        return code_page(page);
    }
    let name = match letters {
        "utf8" | "utf8mb4" | "u8" | "utf" | "unicode" => "utf-8",
        "mac" | "macroman" | "xmacroman" | "macintosh" => "macintosh",
        "maccyrillic" | "xmaccyrillic" => "x-mac-cyrillic",
        "gb180302000" => "gb18030",
        "euccn" | "gb" | "gb2312" | "gb231280" => "gbk",
        "eucjp" | "ujis" | "eucjis2004" | "eucjisx0213" => "euc-jp",
        "shiftjis" | "sjis" | "shiftjis2004" | "shiftjisx0213" => "shift_jis",
        "euckr" | "ksc5601" | "ksx1001" | "ksc56011987" => "euc-kr",
        "big5" | "big5hkscs" | "big5tw" => "big5",
        "iso2022jp" | "iso2022jp1" | "iso2022jp2" | "iso2022jp3" | "iso2022jpext" => "iso-2022-jp",
        "koi8" | "koi8r" => "koi8-r",
        "koi8u" => "koi8-u",
        "tis620" | "thai" => "windows-874",
        "hebrew" | "visual" => "iso-8859-8",
        _ => return letters.strip_prefix("latin").map(|number| format!("latin{number}")),
    };
    Some(name.to_owned())
}

/// The label of a code page of Windows by its number.
fn code_page(number: &str) -> Option<String> {
    Some(match number {
        "932" | "31j" => "shift_jis".into(),
        "936" => "gbk".into(),
        "949" => "euc-kr".into(),
        "950" => "big5".into(),
        "866" | "874" | "1250" | "1251" | "1252" | "1253" | "1254" | "1255" | "1256" | "1257" | "1258" => {
            if number == "866" {
                "ibm866".into()
            } else {
                format!("windows-{number}")
            }
        }
        "ansi" => "windows-1252".into(),
        "ee" => "windows-1250".into(),
        "cyrl" => "windows-1251".into(),
        "greek" => "windows-1253".into(),
        "turk" => "windows-1254".into(),
        "hebr" => "windows-1255".into(),
        "arab" => "windows-1256".into(),
        "10000" => "macintosh".into(),
        "20866" => "koi8-r".into(),
        "21866" => "koi8-u".into(),
        "65001" => "utf-8".into(),
        _ => format!("iso-8859-{}", number.strip_prefix("2859")?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text<'a>(bytes: &'a [u8], content_type: &str) -> Cow<'a, str> {
        decode(bytes, Some(content_type).filter(|given| !given.is_empty())).text
    }

    #[test]
    fn a_mark_is_believed_before_the_server_and_the_server_before_the_document() {
        let declared = b"<?xml version='1.0' encoding='windows-1251'?>\xe9";
        assert!(text(declared, "").ends_with('й'));
        assert!(text(declared, "text/xml; CHARSET=\"iso-8859-1\"").ends_with('é'));
        let marked = [b"\xef\xbb\xbf".as_slice(), declared, "é".as_bytes()].concat();
        assert!(text(&marked, "text/xml; charset=koi8-r").ends_with('é'));
        assert!(text("<a>é".as_bytes(), "").ends_with('é'));
    }

    #[test]
    fn a_label_that_the_bytes_belie_gives_way_to_the_next() {
        assert_eq!(text(b"<?xml encoding='iso-8859-1'?>\xe9", "text/xml; charset=utf-8"), "<?xml encoding='iso-8859-1'?>é");
        assert_eq!(text("<?xml encoding='utf-16'?>é".as_bytes(), ""), "<?xml encoding='utf-16'?>é");
        assert_eq!(text("<a>é".as_bytes(), "text/xml; charset=klingon"), "<a>é");
    }

    #[test]
    fn stray_bytes_are_read_as_they_were_meant() {
        assert_eq!(text(b"<?xml encoding='utf-8'?>caf\xe9 \xe2\x82\xac \x93q\x94", "").split_off_prolog(), "café € “q”");
        assert!(decode(b"\xff", None).is_guessed);
        assert_eq!(text(b"<?xml encoding='shift_jis'?>\x83\x41\xff", "").split_off_prolog(), "ア\u{fffd}");
    }

    #[test]
    fn what_nothing_is_said_of_is_guessed_by_its_letters() {
        let russian = "<title>Министр прибыл на переговоры в Вену</title>";
        let japanese = "<title>外相が会談のため訪問した</title>";
        for (title, encoding) in [
            (russian, encoding_rs::WINDOWS_1251),
            (russian, encoding_rs::KOI8_R),
            (japanese, encoding_rs::EUC_JP),
            (japanese, encoding_rs::SHIFT_JIS),
            (japanese, ISO_2022_JP),
        ] {
            let bytes = encoding.encode(title).0;
            assert_eq!(text(&bytes, ""), title, "{}", encoding.name());
        }
    }

    trait SplitOffProlog {
        fn split_off_prolog(&self) -> String;
    }

    impl SplitOffProlog for Cow<'_, str> {
        fn split_off_prolog(&self) -> String {
            self.split_once("?>").unwrap().1.to_owned()
        }
    }

    #[test]
    fn wide_characters_are_seen_with_and_without_a_mark_in_both_orders() {
        let document = "<?xml version='1.0' encoding='utf-16'?><a>é€😀</a>";
        for start in ["", "\u{feff}"] {
            let marked = format!("{start}{document}");
            let utf16 = |to: fn(u16) -> [u8; 2]| marked.encode_utf16().flat_map(to).collect::<Vec<_>>();
            let utf32 = |to: fn(u32) -> [u8; 4]| marked.chars().map(u32::from).flat_map(to).collect::<Vec<_>>();
            for bytes in [utf16(u16::to_le_bytes), utf16(u16::to_be_bytes), utf32(u32::to_le_bytes), utf32(u32::to_be_bytes)] {
                assert_eq!(text(&bytes, "text/xml; charset=utf-8"), document);
            }
        }
    }

    #[test]
    fn labels_are_understood_in_every_spelling_in_use() {
        for (label, name) in [
            ("UTF8", "UTF-8"),
            ("utf_8", "UTF-8"),
            (" 'Windows_1251' ", "windows-1251"),
            ("win-1250", "windows-1250"),
            ("cp_1253", "windows-1253"),
            ("ms949", "EUC-KR"),
            ("CP932", "Shift_JIS"),
            ("ISO8859_15", "ISO-8859-15"),
            ("latin-2", "ISO-8859-2"),
            ("mac-roman", "macintosh"),
            ("euc_jp", "EUC-JP"),
            ("shift-jis", "Shift_JIS"),
            ("koi8_r", "KOI8-R"),
            ("gb18030-2000", "gb18030"),
        ] {
            assert_eq!(encoding_for(label).map(Encoding::name), Some(name), "{label}");
        }
        for label in ["", "klingon", "hz-gb-2312", "iso-2022-kr", "x-unknown", "cp9999999"] {
            assert_eq!(encoding_for(label), None, "{label}");
        }
    }
}
