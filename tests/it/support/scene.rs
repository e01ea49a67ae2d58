//! Feeds whose items are written down one by one, and a collector that reads them hour by hour.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use jiff::fmt::rfc2822;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::desk::{Desk, Scripted, Time, answer};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// An item of a feed: whatever is empty is left out.
#[derive(Clone, Debug, Default)]
pub struct Item {
    pub guid: String,
    pub link: String,
    pub title: String,
    pub text: String,
    pub date: String,
}

impl Item {
    /// An item that has everything, dated now.
    pub fn new(number: usize, title: &str, now: Timestamp) -> Self {
        Self {
            guid: format!("id-{number}"),
            link: format!("https://news.example/{number}"),
            title: title.to_owned(),
            text: format!("This is what report {number} has to say of the matter."),
            date: date(now),
        }
    }

    fn xml(&self) -> String {
        let element = |name: &str, text: &str| {
            let text = text.replace('&', "&amp;");
            if text.is_empty() { String::new() } else { format!("<{name}>{text}</{name}>") }
        };
        let guid = element("guid", &self.guid).replace("<guid>", "<guid isPermaLink=\"false\">");
        let rest = [("link", &self.link), ("title", &self.title), ("description", &self.text), ("pubDate", &self.date)];
        format!("<item>{guid}{}</item>", rest.map(|(name, text)| element(name, text)).concat())
    }
}

/// A moment as feeds write it.
pub fn date(moment: Timestamp) -> String {
    rfc2822::to_string(&moment.to_zoned(TimeZone::UTC)).unwrap()
}

/// A feed of items, with more to say about itself.
pub fn rss(items: &[Item], channel: &str) -> String {
    let items: String = items.iter().map(Item::xml).collect();
    format!(
        "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel><title>News</title>{channel}{items}</channel></rss>"
    )
}

/// Feeds that stand at paths and are asked about once an hour.
pub struct Scene {
    pub time: Time,
    pub desk: Desk,
    pub server: Scripted,
    pages: Arc<Mutex<HashMap<String, String>>>,
}

impl Scene {
    /// Feeds of these names at paths of the same, and these rules.
    pub async fn open(feeds: &[&str], rules: &str) -> Self {
        let (time, pages) = (Time::new(), Arc::new(Mutex::new(HashMap::<String, String>::new())));
        let its_pages = Arc::clone(&pages);
        let server = Scripted::start("127.0.0.1", &time, move |asked| {
            let page = its_pages.lock().unwrap().get(&asked.path).cloned();
            page.map_or_else(|| answer(404, &[], ""), |page| answer(200, &[], page))
        })
        .await;
        let config = config(&server, feeds, rules);
        Self { desk: Desk::open(&time, &config).await, time, server, pages }
    }

    pub fn publish(&self, feed: &str, document: String) {
        self.pages.lock().unwrap().insert(format!("/{feed}"), document);
    }

    /// Takes a feed away: its server finds nothing there.
    pub fn remove(&self, feed: &str) {
        self.pages.lock().unwrap().remove(&format!("/{feed}"));
    }

    /// Lets every feed be asked once more, an hour later.
    pub async fn poll(&self) {
        self.desk.visit().await;
        self.time.set(self.time.now() + HOUR);
    }

    /// Publishes items in a feed and lets it be asked.
    pub async fn bring(&self, feed: &str, items: &[Item]) {
        self.publish(feed, rss(items, ""));
        self.poll().await;
    }

    /// The headlines that rang, of alerts alone.
    pub fn alerts(&self) -> Vec<String> {
        self.of("alert")
    }

    /// The headlines of updates.
    pub fn updates(&self) -> Vec<String> {
        self.of("update")
    }

    fn of(&self, kind: &str) -> Vec<String> {
        let told = self.desk.told().into_iter().filter(|told| told["type"] == kind);
        told.map(|told| told["title"].as_str().unwrap().to_owned()).collect()
    }
}

/// A configuration of feeds that are asked every 30 minutes.
pub fn config(server: &Scripted, feeds: &[&str], rules: &str) -> String {
    let feed = |name: &&str| format!("[feeds.{name}]\nurl = \"{}\"\nevery = \"30m\"\n", server.url(&format!("/{name}")));
    feeds.iter().map(feed).collect::<String>() + rules
}
