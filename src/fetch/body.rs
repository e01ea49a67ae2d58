//! Bodies: read whole or not at all, never beyond the cap, before decompression or after.

use std::borrow::Cow;
use std::io::{self, Read};

use brotli_decompressor::Decompressor;
use flate2::read::MultiGzDecoder;
use reqwest::Response;
use reqwest::header::{self, HeaderMap};

use super::room::{Growing, Room, Rooms, SMALL, Space};
use super::{Beyond, FetchError, Time};

/// The codings that are offered.
pub(super) const ACCEPT_ENCODING: &str = "gzip, br";

/// Codings undone on one body; more than one is a mistake, more than two an attack.
const MAX_CODINGS: usize = 2;

/// Bodies up to this many bytes on the wire, if they are small decoded too, are decoded in place; longer ones would hold up the
/// other requests.
const DECODED_IN_PLACE: usize = 16 * 1024;

/// Bytes set aside before a body comes, whatever length it promises.
const FIRST_ALLOCATION: u64 = 64 * 1024;

/// How much more is tried where a coded body turns out to be larger: what is done in vain is little beside the rest.
const STEP: u64 = 16;

/// Bytes handed to the brotli decoder at once.
const BROTLI_BUFFER: usize = 4096;

/// A body as it came, then decompressed, with the room it has.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    pub(super) space: Space,
}

/// Reads and decompresses a body of at most `cap` bytes, or of a longer one its beginning, in what is left of the time.
///
/// # Errors
/// A body that breaks off, is too large, or is not coded as it says.
pub(super) async fn read(
    response: Response,
    (cap, beyond): (u64, Beyond),
    rooms: &Rooms,
    time: &mut Time,
) -> Result<Body, FetchError> {
    let codings = codings(response.headers())?;
    let mut coming = Growing::default();
    let bytes = download(response, (cap, beyond), rooms, &mut coming, time).await?;
    if !codings.is_empty() && !bytes.is_empty() || is_gzip_file(&bytes) {
        return decoded(bytes, &codings, cap, beyond, &rooms.whole).await;
    }
    let space = if coming.is_small() { Space::default() } else { rooms.whole.take(bytes.len() as u64).await };
    Ok(Body { bytes, space })
}

/// Tries whether the body is a small one, which needs no room, and takes ever more for one that is not.
async fn decoded(mut bytes: Vec<u8>, codings: &[Coding], cap: u64, beyond: Beyond, room: &Room) -> Result<Body, FetchError> {
    let (mut limit, mut space) = (cap.min(SMALL), Space::default());
    loop {
        let beyond = if limit < cap { Beyond::Fail } else { beyond };
        let decoded = match bytes.len() <= DECODED_IN_PLACE && limit <= SMALL {
            true => decode(&bytes, codings, limit, beyond),
            false => aside(&mut bytes, codings, limit, beyond).await,
        };
        if limit < cap && matches!(decoded, Err(FetchError::TooLarge(_))) {
            limit = limit.saturating_mul(STEP).min(cap);
            // two that kept what they have could wait for each other
            drop(space);
            space = room.take(limit).await;
            continue;
        }
        let bytes = decoded?;
        space.shrink_to(bytes.len());
        return Ok(Body { bytes, space });
    }
}

/// Decodes on a thread where that holds up nobody.
async fn aside(bytes: &mut Vec<u8>, codings: &[Coding], limit: u64, beyond: Beyond) -> Result<Vec<u8>, FetchError> {
    let (coded, codings) = (std::mem::take(bytes), codings.to_owned());
    let decoding = tokio::task::spawn_blocking(move || (decode(&coded, &codings, limit, beyond), coded));
    let (decoded, coded) = decoding.await.map_err(|error| FetchError::Cut(error.to_string()))?;
    *bytes = coded;
    decoded
}

/// Reads a body as it comes. One that is not small takes room as it grows.
async fn download(
    mut response: Response,
    (cap, beyond): (u64, Beyond),
    rooms: &Rooms,
    coming: &mut Growing,
    time: &mut Time,
) -> Result<Vec<u8>, FetchError> {
    let promised = response.content_length();
    if beyond == Beyond::Fail && promised.is_some_and(|promised| promised > cap) {
        return Err(FetchError::TooLarge(cap));
    }
    let mut bytes = Vec::with_capacity(promised.unwrap_or(0).min(FIRST_ALLOCATION) as usize);
    let most = promised.unwrap_or(cap).min(cap);
    while let Some(chunk) = time.spend(response.chunk()).await?? {
        let length = bytes.len() + chunk.len();
        let room = rooms.grow(coming, length as u64, most).await;
        if length > bytes.capacity() && length as u64 > SMALL {
            bytes.reserve_exact(length.max(room as usize) - bytes.len());
        }
        bytes.extend_from_slice(&chunk);
        if bytes.len() as u64 > cap {
            return beyond.of(bytes, cap);
        }
    }
    // a stream of HTTP/2 that is reset without an error ends like one that is complete
    if promised.is_some_and(|promised| promised != bytes.len() as u64) {
        return Err(FetchError::Cut("it is shorter than it was said to be".to_owned()));
    }
    Ok(bytes)
}

impl Beyond {
    /// What becomes of a body that has grown beyond the cap.
    fn of(self, mut bytes: Vec<u8>, cap: u64) -> Result<Vec<u8>, FetchError> {
        match self {
            Self::Fail => Err(FetchError::TooLarge(cap)),
            Self::Cut => {
                bytes.truncate(cap as usize);
                Ok(bytes)
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Gzip,
    Brotli,
}

/// The codings of a body in the order in which they were applied (RFC 9110 §8.4).
fn codings(headers: &HeaderMap) -> Result<Vec<Coding>, FetchError> {
    let mut codings = Vec::new();
    for field in headers.get_all(header::CONTENT_ENCODING) {
        for word in String::from_utf8_lossy(field.as_bytes()).split(',') {
            match word.trim().to_ascii_lowercase().as_str() {
                "" | "identity" => {}
                "gzip" | "x-gzip" => codings.push(Coding::Gzip),
                "br" => codings.push(Coding::Brotli),
                other => return Err(FetchError::UnknownCoding(other.to_owned())),
            }
        }
    }
    if codings.len() > MAX_CODINGS {
        return Err(FetchError::TooManyCodings(MAX_CODINGS));
    }
    Ok(codings)
}

fn decode(bytes: &[u8], codings: &[Coding], cap: u64, beyond: Beyond) -> Result<Vec<u8>, FetchError> {
    let mut bytes = Cow::Borrowed(bytes);
    for coding in codings.iter().rev() {
        bytes = Cow::Owned(match coding {
            // every member of the file (RFC 1952 §2.2), not only the first
            Coding::Gzip => inflate(MultiGzDecoder::new(&*bytes), "gzip", cap, beyond),
            Coding::Brotli => inflate(Decompressor::new(&*bytes, BROTLI_BUFFER), "br", cap, beyond),
        }?);
    }
    if is_gzip_file(&bytes) { inflate(MultiGzDecoder::new(&*bytes), "gzip", cap, beyond) } else { Ok(bytes.into_owned()) }
}

/// Whether a body is a file that was packed by itself, as sitemaps are; nothing else that is read begins so (RFC 1952 §2.3.1).
fn is_gzip_file(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b, 8])
}

fn inflate(decoder: impl Read, coding: &'static str, cap: u64, beyond: Beyond) -> Result<Vec<u8>, FetchError> {
    let mut bytes = Vec::new();
    let read = decoder.take(cap.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|error: io::Error| FetchError::Undecodable { coding, reason: error.to_string() })?;
    if bytes.len() as u64 > cap { beyond.of(bytes, cap) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    const CAP: u64 = 1 << 20;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// Bytes as one uncompressed brotli meta-block (RFC 7932 §9.2), for fewer than 65,536 bytes.
    fn brotli(bytes: &[u8]) -> Vec<u8> {
        let header = ((bytes.len() as u32 - 1) << 4) | 1 << 20;
        let mut stream = header.to_le_bytes()[..3].to_vec();
        stream.extend_from_slice(bytes);
        stream.push(3);
        stream
    }

    fn named(fields: &[&str]) -> Result<Vec<Coding>, FetchError> {
        let headers = fields.iter().map(|field| (header::CONTENT_ENCODING, field.parse().unwrap()));
        codings(&headers.collect())
    }

    #[test]
    fn every_member_of_a_gzip_body_is_read() {
        let body = [gzip(b"first, "), gzip(b"second")].concat();
        assert_eq!(decode(&body, &[Coding::Gzip], CAP, Beyond::Fail), Ok(b"first, second".to_vec()));
    }

    #[test]
    fn brotli_is_read() {
        assert_eq!(decode(&brotli(b"a short text"), &[Coding::Brotli], CAP, Beyond::Fail), Ok(b"a short text".to_vec()));
    }

    #[test]
    fn codings_are_undone_last_first() {
        let body = gzip(&brotli(b"twice"));
        assert_eq!(decode(&body, &[Coding::Brotli, Coding::Gzip], CAP, Beyond::Fail), Ok(b"twice".to_vec()));
    }

    #[test]
    fn of_a_body_whose_beginning_is_enough_the_beginning_is_taken() {
        let long = gzip(&vec![b'a'; 4 << 20]);
        assert_eq!(decode(&long, &[Coding::Gzip], CAP, Beyond::Cut).map(|bytes| bytes.len() as u64), Ok(CAP));
    }

    #[test]
    fn a_file_that_is_packed_by_itself_is_unpacked_whether_its_coding_says_so_or_not() {
        let file = gzip(b"<urlset/>");
        for (body, codings) in [(file.clone(), &[][..]), (file.clone(), &[Coding::Gzip]), (gzip(&file), &[Coding::Gzip])] {
            assert_eq!(decode(&body, codings, CAP, Beyond::Fail), Ok(b"<urlset/>".to_vec()));
        }
        assert_eq!(decode(&gzip(&vec![0; 2 << 20]), &[], CAP, Beyond::Fail), Err(FetchError::TooLarge(CAP)));
    }

    #[test]
    fn a_bomb_is_too_large_and_not_a_body() {
        let bomb = gzip(&vec![0; 4 << 20]);
        assert!(bomb.len() < 8192);
        assert_eq!(decode(&bomb, &[Coding::Gzip], CAP, Beyond::Fail), Err(FetchError::TooLarge(CAP)));
        assert_eq!(decode(&gzip(&bomb), &[Coding::Gzip, Coding::Gzip], CAP, Beyond::Fail), Err(FetchError::TooLarge(CAP)));
        assert_eq!(decode(&brotli(&[0; 5000]), &[Coding::Brotli], 4999, Beyond::Fail), Err(FetchError::TooLarge(4999)));
    }

    #[test]
    fn a_cut_body_is_an_error_and_never_a_short_page() {
        let text = [b'x'; 5000];
        for (whole, coding) in [(gzip(&text), Coding::Gzip), (brotli(&text), Coding::Brotli)] {
            for kept in [1, 5, whole.len() / 2, whole.len() - 1] {
                let cut = decode(&whole[..kept], &[coding], CAP, Beyond::Fail);
                assert!(matches!(cut, Err(FetchError::Undecodable { .. })), "{coding:?} {kept}: {cut:?}");
            }
        }
    }

    #[test]
    fn a_coding_nobody_asked_for_is_an_error() {
        assert_eq!(named(&[]), Ok(vec![]));
        assert_eq!(named(&["identity", "br, GZIP"]), Ok(vec![Coding::Brotli, Coding::Gzip]));
        assert_eq!(named(&["zstd"]), Err(FetchError::UnknownCoding("zstd".into())));
        assert_eq!(named(&["gzip, gzip", "gzip"]), Err(FetchError::TooManyCodings(2)));
    }
}
