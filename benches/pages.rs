//! What it costs to find an article in its page, also in pages made to cost much.
//!
//! `cargo bench --bench pages` prints the best of several runs for a page of 100 kB as news sites serve them, and the time that pages
//! of the most bytes taken can hold a thread up for.

#![allow(clippy::unwrap_used, reason = "a measurement that cannot be made has failed")]
#![allow(missing_docs, reason = "nobody links to a benchmark")]

use std::time::Instant;

use wirewatch::page::extract;

const RUNS: usize = 20;
/// The largest page taken.
const MOST: usize = 4 << 20;

fn main() {
    let page = page();
    let best = (0..RUNS).map(|_| time(&page)).min_by(f64::total_cmp).unwrap();
    let words = extract(page.as_bytes(), Some("text/html")).unwrap().split_whitespace().count();
    println!("a page of {} kB, {words} words of article: {:.2} ms", page.len() / 1000, best * 1e3);
    for (name, start, piece) in HOSTILE {
        let page = start.to_owned() + &piece.repeat((MOST - start.len()) / piece.len());
        println!("{name:34} {:8.1} ms", time(&page) * 1e3);
    }
}

/// Pages that cost much where nobody takes care: what they begin with, and what is repeated.
const HOSTILE: [(&str, &str, &str); 17] = [
    ("a million nodes", "", "<p>x"),
    ("deep", "", "<div>"),
    ("deep and closed amiss", "", "<div><p></section>"),
    ("formatting left open", "", "<b><i><a><font size=1><p>"),
    ("links left open", "", "<a href=/1><p>word, word</div>"),
    ("tables in tables", "", "<table><tr><td>x, y"),
    ("text in tables, misplaced", "<table>", "x<tr>y<td>"),
    ("lists", "", "<ul><li>word, word, word"),
    ("attributes", "<p ", "a=1 b='2' "),
    ("quotes left open", "", "<a b=\"1><p c='"),
    ("one long word", "<p>", "x"),
    ("commas", "<p>", "word, word, word, "),
    ("paragraphs to be scored", "", "<div><p>A sentence of words, with commas, and more than five and twenty letters.</p></div>"),
    ("breaks", "", "x<br><br>"),
    ("references", "<p>", "&amp;&notit;&#x41;"),
    ("signs of nothing", "<p>", "<<< < \0\0\r\n&&"),
    ("words in links", "", "<li><a href=/1>word, word</a> word, word<p>"),
];

fn time(page: &str) -> f64 {
    let start = Instant::now();
    std::hint::black_box(extract(page.as_bytes(), Some("text/html")));
    start.elapsed().as_secs_f64()
}

/// A page in which the article is a small part: scripts, styles, menus, teasers, drawings.
fn page() -> String {
    let sentence =
        "The ministry said on Tuesday that the new rate, which had been expected for weeks, would apply from midnight. ";
    let article: String = (0..24).map(|_| format!("<p class=\"body-text\">{}</p>\n", sentence.repeat(4))).collect();
    let teaser = |number: usize| {
        format!(
            "<li class=\"teaser item-{number}\" data-track='{{\"id\":{number}}}'><a href=\"/news/{number}\"><svg viewBox=\"0 0 9 9\"><path d=\"{}\"/></svg>\
             <h3>Another headline {number}</h3><span class=time>2 h</span></a></li>",
            "M0 1L2 3".repeat(12)
        )
    };
    let teasers: String = (0..120).map(teaser).collect();
    format!(
        "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>New rate from midnight</title><style>{}</style><script>{}</script></head>\
         <body><header class=masthead><nav><ul>{}</ul></nav></header><main><article class=story><h1>New rate from midnight</h1>{article}</article>\
         <aside class=related><ul>{teasers}</ul></aside></main><footer><p>Copyright</p></footer></body></html>",
        ".a{color:#123456;margin:0 auto}".repeat(600),
        "window.x=function(a){if(a<1)return '<p>'+a};".repeat(700),
        "<li><a href=/s>Section</a>".repeat(40),
    )
}
