//! Paths and the patterns they are held against, in one spelling (RFC 9309 §2.2.2 and §2.2.3).

use memchr::memmem;

/// A path as a rule gives it: what it must begin with, with `*` for anything in between and `$` for its end.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pattern {
    /// The pieces between the stars, encoded.
    pieces: Vec<Box<[u8]>>,
    is_anchored: bool,
    /// Its octets, by which the rule that says most is known.
    len: usize,
}

impl Pattern {
    /// Reads a pattern. A `*` or `$` that is meant as itself is written `%2A` or `%24`.
    pub(super) fn of(written: &[u8]) -> Self {
        let unanchored = written.strip_suffix(b"$");
        let mut in_query = false;
        let pieces: Vec<Box<[u8]>> = unanchored
            .unwrap_or(written)
            .split(|byte| *byte == b'*')
            .map(|piece| encoded_from(piece, &mut in_query).into_boxed_slice())
            .collect();
        let signs = pieces.len() - 1 + usize::from(unanchored.is_some());
        let len = pieces.iter().map(|piece| piece.len()).sum::<usize>() + signs;
        Self { pieces, is_anchored: unanchored.is_some(), len }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn weight(&self) -> usize {
        self.len + self.pieces.len() * size_of::<Box<[u8]>>()
    }

    /// Whether an encoded path fits. Each piece is taken where it is first found, so that no path is read twice.
    pub(super) fn fits(&self, path: &[u8]) -> bool {
        let Some((first, further)) = self.pieces.split_first() else { return false };
        let Some(mut rest) = path.strip_prefix(&**first) else { return false };
        let Some((last, middle)) = further.split_last() else { return !self.is_anchored || rest.is_empty() };
        for piece in middle {
            let Some(after) = after(rest, piece) else { return false };
            rest = after;
        }
        if self.is_anchored { rest.ends_with(last) } else { after(rest, last).is_some() }
    }
}

fn after<'p>(path: &'p [u8], piece: &[u8]) -> Option<&'p [u8]> {
    path.get(memmem::find(path, piece)? + piece.len()..)
}

/// A path with its query in the one spelling by which it is compared octet by octet: unreserved characters as themselves, all
/// that is not ASCII, and `*` and `$`, as `%XX`.
pub(super) fn encoded(path: &[u8]) -> Vec<u8> {
    encoded_from(path, &mut false)
}

/// As [`encoded`], where the part before may have begun the query. In a query `:` and `/` are data and mean the same as `%3A`
/// and `%2F`, as in the table of RFC 9309 §2.2.2; in a path they do not.
fn encoded_from(part: &[u8], in_query: &mut bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(part.len());
    let mut rest = part;
    while let [byte, after @ ..] = rest {
        let (octet, was_encoded, after) = match after {
            [high, low, after @ ..] if *byte == b'%' => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => (high << 4 | low, true, after),
                _ => (*byte, false, rest.get(1..).unwrap_or_default()),
            },
            _ => (*byte, false, after),
        };
        *in_query |= octet == b'?' && !was_encoded;
        let as_itself = match octet {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'.' | b'_' | b'~' => true,
            b'*' | b'$' => false,
            b':' | b'/' if *in_query => false,
            b'!'..=b'~' => !was_encoded,
            _ => false,
        };
        if as_itself {
            out.push(octet);
        } else {
            out.extend_from_slice(format!("%{octet:02X}").as_bytes());
        }
        rest = after;
    }
    out
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|digit| digit as u8)
}
