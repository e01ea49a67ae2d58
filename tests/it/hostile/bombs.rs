//! Small bodies that say they are huge.

use flate2::{Compress, Compression, FlushCompress};

/// A gibibyte of nothing in about a mebibyte of gzip (RFC 1952): one member without end, over and over the same mebibyte.
pub fn gzip() -> Vec<u8> {
    let mut compress = Compress::new(Compression::best(), false);
    let mut mebibyte = Vec::with_capacity(64 * 1024);
    compress.compress_vec(&vec![0; 1 << 20], &mut mebibyte, FlushCompress::Full).unwrap();
    let header = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    [header.to_vec(), mebibyte.repeat(1024)].concat()
}

/// The same in less than a kibibyte of brotli (RFC 7932): each block one letter and one copy of it, 16 million letters long.
pub fn brotli() -> Vec<u8> {
    const LENGTH: u32 = 1 << 24;
    const SHORTEST_OF_THE_LONGEST: u32 = 2118;
    let mut bits = Bits::default();
    bits.push(0, 1); // a window of 64 KiB
    for _ in 0..64 {
        bits.push(0, 1); // not the last block
        bits.push(2, 2); // its length in six nibbles
        bits.push(LENGTH - 1, 24);
        bits.push(0, 1 + 3); // compressed; one type of everything
        bits.push(0, 2 + 4 + 2 + 2); // distances as they are, contexts of the first kind, one tree each
        for (symbol, width) in [(u32::from(b'x'), 8), (399, 10), (16, 6)] {
            bits.push(1, 2 + 2); // a code of one symbol, which takes no bits
            bits.push(symbol, width);
        }
        // one letter is inserted, the rest copied from where it stands
        bits.push(LENGTH - 1 - SHORTEST_OF_THE_LONGEST, 24);
        bits.push(0, 1);
    }
    bits.push(3, 2);
    bits.bytes
}

/// Bits, the lowest first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: u32,
}

impl Bits {
    fn push(&mut self, value: u32, width: u32) {
        for bit in 0..width {
            if self.used.is_multiple_of(8) {
                self.bytes.push(0);
            }
            *self.bytes.last_mut().unwrap() |= u8::try_from(value >> bit & 1).unwrap() << (self.used % 8);
            self.used += 1;
        }
    }
}

#[test]
fn a_bomb_is_as_large_as_it_says() {
    use std::io::Read;
    let (gzip, brotli) = (gzip(), brotli());
    assert!(gzip.len() < 2 << 20 && brotli.len() < 2 << 10, "{} {}", gzip.len(), brotli.len());
    let mut start = vec![0; 3 << 20];
    flate2::read::GzDecoder::new(gzip.as_slice()).read_exact(&mut start).unwrap();
    brotli_decompressor::Decompressor::new(brotli.as_slice(), 4096).read_exact(&mut start).unwrap();
    assert!(start.iter().all(|byte| *byte == b'x'));
}
