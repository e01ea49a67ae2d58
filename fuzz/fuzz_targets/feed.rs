//! Bytes to entries: whatever comes, the reader returns, and returns the same again.
//!
//! `cargo fuzz run --sanitizer none feed -- -dict=fuzz/feed.dict`; on a stable compiler with `RUSTC_BOOTSTRAP=1`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use url::Url;
use wirewatch::feed::{FeedView, ParseError, parse};

fuzz_target!(|bytes: &[u8]| {
    let base = Url::parse("https://example.org/feeds/news.xml").ok();
    let first = parse(bytes, None, base.as_ref());
    assert_ne!(first, Err(ParseError::Indigestible), "a panic inside the reader");
    assert_eq!(first, parse(bytes, None, base.as_ref()));
    if let Ok(feed) = first {
        let _ = FeedView::from(feed);
    }
});
