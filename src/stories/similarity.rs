//! How much of one text stands in another.
//!
//! A. Broder, "On the resemblance and containment of documents" (1997): the share of word triples two texts have in common,
//! estimated from the smallest hashes of each.

use xxhash_rust::xxh3::xxh3_64;

use crate::model::Sketch;

/// Words in a row that make a shingle.
const SHINGLE: usize = 3;
/// Hashes kept of a text. The standard error of an estimate is about 1/√128, nine points of a hundred.
const KEPT: usize = 128;
/// Texts of fewer shingles are headlines: one other word may be another event, so only the same words are a copy.
const SHORT: usize = 24;
/// From this resemblance on, a text is a copy or a light edit of another.
const COPY: f64 = 0.6;
/// The same for short texts.
const SHORT_COPY: f64 = 0.95;

/// The sketch of a text, given its folded words.
pub fn sketch<'a>(words: impl IntoIterator<Item = &'a str>) -> Sketch {
    let words: Vec<u64> = words.into_iter().map(|word| xxh3_64(word.as_bytes())).collect();
    let mut hashes: Vec<u64> = words.windows(SHINGLE.min(words.len()).max(1)).map(shingle).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes.truncate(KEPT);
    Sketch(hashes)
}

/// The estimated resemblance of two texts, if one is a copy of the other.
pub fn copy(a: &Sketch, b: &Sketch) -> Option<f64> {
    let resemblance = resemblance(a, b);
    let enough = if a.0.len().min(b.0.len()) < SHORT { SHORT_COPY } else { COPY };
    (resemblance >= enough).then_some(resemblance)
}

/// The share of shingles two texts have in common, 0 to 1: of the smallest hashes of both together, how many both have.
pub fn resemblance(a: &Sketch, b: &Sketch) -> f64 {
    let mut union: Vec<u64> = a.0.iter().chain(&b.0).copied().collect();
    union.sort_unstable();
    union.dedup();
    union.truncate(KEPT);
    let both = union.iter().filter(|hash| a.0.binary_search(hash).is_ok() && b.0.binary_search(hash).is_ok()).count();
    if union.is_empty() { 0.0 } else { both as f64 / union.len() as f64 }
}

/// One hash of several, in their order. XXH3 is stable, so that kept sketches stay comparable.
fn shingle(words: &[u64]) -> u64 {
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    xxh3_64(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "the ministry said on tuesday that exporters of the two metals will need a permit from the first of august \
        and that applications must name the final user the notice gives national security as its reason and lists fourteen products";

    fn of(text: &str) -> Sketch {
        sketch(text.split_whitespace())
    }

    #[test]
    fn a_copy_under_another_introduction_is_a_copy() {
        let edited = format!("{} story updates with reaction", REPORT.replace("on tuesday ", ""));
        assert!(copy(&of(REPORT), &of(&edited)).is_some());
    }

    #[test]
    fn another_report_is_no_copy() {
        let other = "the ministry said on friday that the duty on imported cars will fall to ten percent from the first of august and \
            that parts are not covered the notice gives no reason and lists six tariff lines that are to be reviewed within a year";
        assert_eq!(copy(&of(REPORT), &of(other)), None);
    }

    #[test]
    fn a_headline_with_one_other_word_may_be_another_event() {
        let (steel, zinc) =
            ("country raises its import duty to 25 percent on steel", "country raises its import duty to 25 percent on zinc");
        assert_eq!(copy(&of(steel), &of(zinc)), None);
        assert_eq!(copy(&of(steel), &of(steel)), Some(1.0));
    }

    #[test]
    fn texts_without_words_are_copies_of_nothing() {
        assert_eq!(copy(&of(""), &of("")), None);
    }
}
