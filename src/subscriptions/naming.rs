//! Names for feeds: readable, short, and unlike any other.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use url::{Host, Url};

/// The longest name made up, in bytes.
const LONGEST: usize = 40;
/// Labels of hosts that tell nothing of whose they are.
const TELL_NOTHING: [&str; 8] = ["www", "www2", "www3", "m", "rss", "feed", "feeds", "news"];
/// The longest label before the last that belongs to a registry, as in `co.uk` and `com.cn`, in bytes.
const LONGEST_REGISTRY: usize = 3;

/// A name for a feed: as it was named before, else by its title, else by its host; with a number where that is taken.
pub(super) fn name(before: Option<&str>, title: Option<&str>, url: &Url, taken: &BTreeSet<String>) -> String {
    let made_up = || title.and_then(in_kebab_case).or_else(|| of_host(url)).unwrap_or_else(|| "feed".to_owned());
    let name = before.map_or_else(made_up, str::to_owned);
    if !taken.contains(&name) {
        return name;
    }
    let numbered = (2_u64..).map(|number| format!("{name}-{number}"));
    numbered.into_iter().find(|name| !taken.contains(name)).unwrap_or(name)
}

/// Words in lower-case ASCII with hyphens between; nothing where too little of them can be told so.
fn in_kebab_case(title: &str) -> Option<String> {
    let plain: String = title.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    let plain = plain.replace(['\'', '’'], "").replace('ß', "ss").replace('æ', "ae").replace('ø', "o").replace('ł', "l");
    let mut name = String::new();
    for word in plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if !name.is_empty() && name.len() + 1 + word.len() > LONGEST {
            break;
        }
        let gap = if name.is_empty() { "" } else { "-" };
        name.extend([gap, word]);
    }
    name.truncate(LONGEST);
    let letters = plain.chars().filter(|c| c.is_alphanumeric()).count();
    let told = name.bytes().filter(u8::is_ascii_alphanumeric).count();
    // of a title in another script only a stray number or abbreviation would be left
    let is_telling = told > 0 && (told * 2 >= letters || name.len() + 12 >= LONGEST);
    is_telling.then_some(name)
}

/// What a host says of whose it is.
fn of_host(url: &Url) -> Option<String> {
    let Host::Domain(host) = url.host()? else { return in_kebab_case(url.host_str()?) };
    let mut labels: Vec<&str> = host.split('.').filter(|label| !label.is_empty()).collect();
    if labels.len() > 1 {
        labels.pop();
    }
    if labels.len() > 1
        && labels.last().is_some_and(|label| label.len() <= LONGEST_REGISTRY)
        && host.rsplit('.').next()?.len() == 2
    {
        labels.pop();
    }
    let telling: Vec<&str> = labels.iter().copied().filter(|label| !TELL_NOTHING.contains(label)).collect();
    in_kebab_case(&if telling.is_empty() { labels } else { telling }.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(title: &str, url: &str) -> String {
        name(None, Some(title), &url.parse().unwrap(), &BTreeSet::new())
    }

    #[test]
    fn a_title_is_told_in_lower_case_with_hyphens() {
        for (title, expected) in [
            ("The Guardian | World news", "the-guardian-world-news"),
            ("Agência Brasil – Últimas", "agencia-brasil-ultimas"),
            ("China's Süßwasser & Co.", "chinas-susswasser-co"),
            ("A title that goes on and on until nobody would ever want to type it", "a-title-that-goes-on-and-on-until-nobody"),
        ] {
            assert_eq!(named(title, "https://x.example/"), expected);
        }
    }

    #[test]
    fn a_title_that_cannot_be_told_so_gives_way_to_the_host() {
        for (title, url, expected) in [
            ("中国新闻网", "https://www.chinanews.com.cn/rss/scroll.xml", "chinanews"),
            ("РИА Новости 24", "https://ria.ru/export.xml", "ria"),
            ("", "https://feeds.bbci.co.uk/news/world/rss.xml", "bbci"),
            ("—", "https://en.yna.co.kr/RSS/news.xml", "en-yna"),
            ("", "https://news.un.org/feed", "un"),
            ("", "http://192.0.2.7/rss", "192-0-2-7"),
        ] {
            assert_eq!(named(title, url), expected, "{title} {url}");
        }
    }

    #[test]
    fn a_name_that_is_taken_is_numbered() {
        let taken = ["dw", "dw-2"].map(str::to_owned).into();
        let url = "https://dw.example/".parse().unwrap();
        assert_eq!(name(None, Some("DW"), &url, &taken), "dw-3");
        assert_eq!(name(Some("dw"), Some("Other"), &url, &taken), "dw-3");
        assert_eq!(name(Some("Deutsche Welle"), None, &url, &taken), "Deutsche Welle");
    }
}
