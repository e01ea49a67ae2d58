//! Addresses inside, in every spelling and from every place that names one: refused before anybody connects, which a listener on
//! all of them proves.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::net::TcpListener;
use tokio::process::Command;

use crate::support::{FeedServer, Hook, Page};
use crate::world::{World, rss};

/// Tells the inner run of a test that it is the one.
const INSIDE: &str = "WIREWATCH_TEST_ALONE";
/// Makes every address there is one of this machine's own, in a network that has no other; fails where that is not allowed.
const ALONE: &str =
    "ip link set lo up && ip route add local 0.0.0.0/0 dev lo && ip -6 route add local ::/0 dev lo && exec \"$@\"";

/// Hosts inside: of each kind and in each spelling that an address has.
const INSIDERS: &str = "127.0.0.1 127.1 127.0.1 0x7f.1 0x7f000001 2130706433 017700000001 0177.0.0.1 0x7F.0.0x0.01 127.0.0.1. 127.255.255.254 \
    0 0.0.0.0 10.0.0.1 10.255.255.255 012.0.0.1 0xa.0.0.1 167772161 172.16.0.1 172.31.255.255 192.168.0.1 192.168.257 0300.0250.0.1 \
    169.254.169.254 169.254.43518 0xa9fea9fe 2852039166 100.64.0.1 100.127.255.254 100.100.100.200 192.0.0.192 198.18.0.1 \
    224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 １２７.０.０.１ ①②⑦.⓪.⓪.① 127。0。0｡1 %31%32%37.0.0.1 [::] [::1] [0::0:1] \
    [0:0:0:0:0:0:0:1] [::127.0.0.1] [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:10.0.0.1] [::ffff:169.254.169.254] \
    [64:ff9b::127.0.0.1] [64:ff9b::a9fe:a9fe] [64:ff9b:1::1] [2002:7f00:1::] [2002:a9fe:a9fe::1] [2001:0:5ef5:79fd::1] \
    [fc00::1] [fd00:ec2::254] [fe80::1] [fec0::1] [ff02::1] user:secret@127.0.0.1 news.example@127.0.0.1 localhost LOCALHOST";

/// A loopback address that stands for the world outside.
const OUTSIDE: &str = "127.0.9.9";

/// A listener on every address of this machine, which counts who comes.
struct Door {
    port: u16,
    visitors: Arc<AtomicUsize>,
}

impl Door {
    async fn open() -> Self {
        let first = TcpListener::bind("[::]:0").await;
        let listener = match first {
            Ok(listener) => listener,
            Err(_) => TcpListener::bind("0.0.0.0:0").await.unwrap(),
        };
        let port = listener.local_addr().unwrap().port();
        let visitors = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&visitors);
        tokio::spawn(async move {
            while listener.accept().await.is_ok() {
                count.fetch_add(1, Ordering::SeqCst);
            }
        });
        Self { port, visitors }
    }

    fn visitors(&self) -> usize {
        self.visitors.load(Ordering::SeqCst)
    }

    /// The address of this door by way of each host.
    fn addresses(&self) -> Vec<String> {
        INSIDERS.split_whitespace().map(|host| format!("http://{host}:{}/", self.port)).collect()
    }
}

/// Runs a test over again in a network where all addresses are its own. Where the system does not allow that, it is run as it
/// is, and the door stands open to fewer addresses.
async fn alone(name: &str) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        return false;
    }
    let arguments = ["-rn", "sh", "-c", ALONE, "sh"];
    let unshare = |more: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(arguments).args(more).env(INSIDE, "1").stdin(Stdio::null());
        command
    };
    if !unshare(&["true"]).output().await.is_ok_and(|output| output.status.success()) {
        return false;
    }
    let test = std::env::current_exe().unwrap();
    let run = unshare(&[test.to_str().unwrap(), "--exact", &format!("hostile::addresses::{name}"), "--nocapture"]);
    let run = { run }.output().await.unwrap();
    assert!(run.status.success(), "{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    true
}

#[tokio::test]
async fn sixty_spellings_of_addresses_inside_are_refused_and_nobody_connects() {
    if alone("sixty_spellings_of_addresses_inside_are_refused_and_nobody_connects").await {
        return;
    }
    let door = Door::open().await;
    let feeds: String = door.addresses().iter().enumerate().map(|(n, url)| format!("[feeds.f{n}]\nurl = \"{url}\"\n")).collect();
    let count = door.addresses().len();
    assert!(count >= 60);
    let rules = format!("{feeds}[rules.never]\nwhen = 'zxqj'\n");
    let pass = World::with_config(&rules).run(&["run", "--once"]).await;
    assert!(pass.stdout.contains(&format!("0 answered, 0 unchanged, {count} failed")), "{}{}", pass.stdout, pass.stderr);
    for (number, url) in door.addresses().iter().enumerate() {
        let line = pass.stderr.lines().find(|line| line.contains(&format!("feed=\"f{number}\" ")));
        assert!(line.is_some_and(|line| line.contains("set allow_private_addresses")), "{url}: {line:?}");
    }
    assert_eq!(door.visitors(), 0);
    // the door is one: with the guard away they do come
    let open = format!("[http]\nallow_private_addresses = true\ntimeout = \"2s\"\nmax_connections_per_host = 9\n{rules}");
    World::with_config(&open).run(&["run", "--once"]).await;
    assert!(door.visitors() > if std::env::var_os(INSIDE).is_some() { 50 } else { 15 }, "{}", door.visitors());
}

#[tokio::test]
async fn no_redirect_leads_inside() {
    if alone("no_redirect_leads_inside").await {
        return;
    }
    let (door, outside) = (Door::open().await, FeedServer::start_at(OUTSIDE).await);
    let mut config =
        format!("[http]\nmax_connections_per_host = 9\nallow_networks = [\"{OUTSIDE}\"]\n[rules.never]\nwhen = 'zxqj'\n");
    let addresses = door.addresses();
    for (number, url) in addresses.iter().enumerate() {
        let path = format!("/{number}");
        outside.publish(&path, Page::status([301, 302, 303, 307, 308][number % 5]).with("location", url));
        config += &format!("[feeds.f{number}]\nurl = \"{}\"\n", outside.url(&path));
    }
    let pass = World::with_config(&config).run(&["run", "--once"]).await;
    let all = format!("0 answered, 0 unchanged, {} failed", addresses.len());
    assert!(pass.stdout.contains(&all), "{}{}", pass.stdout, pass.stderr);
    assert_eq!(pass.stderr.matches("set allow_private_addresses").count(), addresses.len(), "{}", pass.stderr);
    assert_eq!(door.visitors(), 0);
}

#[tokio::test]
async fn no_webhook_leads_inside() {
    if alone("no_webhook_leads_inside").await {
        return;
    }
    let (door, outside) = (Door::open().await, FeedServer::start_at(OUTSIDE).await);
    outside.publish("/feed.xml", Page::feed(rss(&[("1", "An embargo is announced", "")])));
    let mut config = format!(
        "[feeds.news]\nurl = \"{}\"\nallow_networks = [\"{OUTSIDE}\"]\n[rules.watch]\nwhen = 'embargo'\n",
        outside.url("/feed.xml")
    );
    let addresses = door.addresses();
    for (number, url) in addresses.iter().enumerate() {
        config += &format!("[receivers.r{number}.webhook]\nurl = \"{url}\"\n");
    }
    let pass = World::with_config(&config).run(&["run", "--once"]).await;
    assert!(pass.stdout.contains(&format!("0 made, {} to retry", addresses.len())), "{}{}", pass.stdout, pass.stderr);
    assert_eq!(door.visitors(), 0);
}

/// Wherever a feed can name an address.
fn feeds_that_point(to: &str) -> [String; 3] {
    let rss = format!(
        "<?xml version=\"1.0\"?><?xml-stylesheet href=\"{to}\" type=\"text/xsl\"?>\
         <!DOCTYPE rss SYSTEM \"{to}\" [<!ENTITY % more SYSTEM \"{to}\"> %more; <!ENTITY told SYSTEM \"{to}\">]>\
         <rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\" xmlns:media=\"http://search.yahoo.com/mrss/\" \
         xmlns:xi=\"http://www.w3.org/2001/XInclude\" xml:base=\"{to}\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         xsi:schemaLocation=\"{to} {to}\"><channel><title>t &told;</title><link>{to}</link><docs>{to}</docs><generator>{to}</generator>\
         <atom:link rel=\"self\" href=\"{to}\"/><atom:link rel=\"hub\" href=\"{to}\"/><atom:link rel=\"next\" href=\"{to}\"/>\
         <cloud domain=\"127.0.0.1\" port=\"80\" path=\"/\" protocol=\"http-post\" registerProcedure=\"\"/>\
         <image><url>{to}</url><link>{to}</link></image><textInput><link>{to}</link></textInput>\
         <item><guid>{to}</guid><title>An embargo &told;</title><link>{to}</link><comments>{to}</comments><source url=\"{to}\">s</source>\
         <enclosure url=\"{to}\" type=\"text/plain\" length=\"1\"/><media:content url=\"{to}\"/><media:thumbnail url=\"{to}\"/>\
         <description>&lt;img src=\"{to}\"&gt; &lt;iframe src=\"{to}\"&gt; &told; <xi:include href=\"{to}\" parse=\"text\"/></description>\
         <xi:include href=\"{to}\" parse=\"text\"/></item></channel></rss>"
    );
    let atom = format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:base=\"{to}\"><title>t</title><icon>{to}</icon><logo>{to}</logo><generator uri=\"{to}\"/>\
         <link href=\"{to}\"/><link rel=\"self\" href=\"{to}\"/><link rel=\"hub\" href=\"{to}\"/><link rel=\"next-archive\" href=\"{to}\"/>\
         <entry xml:base=\"{to}\"><id>{to}</id><title>An embargo elsewhere</title><link href=\"{to}\"/><link rel=\"enclosure\" href=\"{to}\"/>\
         <author><name>a</name><uri>{to}</uri></author><content src=\"{to}\" type=\"text/html\"/></entry></feed>"
    );
    let json = format!(
        "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"t\",\"home_page_url\":\"{to}\",\"feed_url\":\"{to}\",\"next_url\":\"{to}\",\
         \"icon\":\"{to}\",\"hubs\":[{{\"type\":\"WebSub\",\"url\":\"{to}\"}}],\"items\":[{{\"id\":\"1\",\"url\":\"{to}\",\"external_url\":\"{to}\",\
         \"image\":\"{to}\",\"title\":\"An embargo in JSON\",\"attachments\":[{{\"url\":\"{to}\"}}]}}]}}"
    );
    [rss, atom, json]
}

#[tokio::test]
async fn nothing_that_a_feed_points_to_is_asked_inside() {
    let (door, outside) = (Door::open().await, FeedServer::start_at(OUTSIDE).await);
    let mut config =
        format!("[http]\nallow_networks = [\"{OUTSIDE}\"]\nmax_connections_per_host = 9\n[rules.watch]\nwhen = 'embargo'\n");
    let hosts = ["127.0.0.1", "0x7f.1", "localhost", "[::ffff:127.0.0.1]"];
    for (place, host) in hosts.iter().enumerate() {
        for (number, body) in feeds_that_point(&format!("http://{host}:{}/", door.port)).into_iter().enumerate() {
            let path = format!("/{place}/{number}");
            outside.publish(&path, Page::feed(body));
            config += &format!("[feeds.f{place}-{number}]\nurl = \"{}\"\n", outside.url(&path));
        }
    }
    let pass = World::with_config(&config).run(&["run", "--once"]).await;
    assert!(pass.stdout.contains("12 answered, 0 unchanged, 0 failed; articles: 12 new"), "{}{}", pass.stdout, pass.stderr);
    assert_eq!(door.visitors(), 0);
}

#[tokio::test]
async fn a_network_that_is_open_to_one_is_open_to_nobody_else() {
    let (server, hook) = (FeedServer::start_at(OUTSIDE).await, Hook::start().await);
    server.publish("/feed.xml", Page::feed(rss(&[("1", "An embargo is announced", "")])));
    server.publish("/away.xml", Page::status(302).with("location", hook.url().as_str()));
    let (feed, away) = (server.url("/feed.xml"), server.url("/away.xml"));
    let config = format!(
        "[http]\nmax_connections_per_host = 9\n[rules.watch]\nwhen = 'embargo'\n\
         [feeds.a]\nurl = \"{feed}\"\nallow_networks = [\"{OUTSIDE}\"]\n[feeds.b]\nurl = \"{feed}\"\n\
         [feeds.c]\nurl = \"{away}\"\nallow_networks = [\"{OUTSIDE}\"]\n[feeds.d]\nurl = \"{feed}\"\nallow_networks = [\"10.0.0.0/8\"]\n\
         [receivers.open.webhook]\nurl = \"{0}\"\nallow_networks = [\"127.0.0.1\"]\n[receivers.shut.webhook]\nurl = \"{0}\"\n",
        hook.url()
    );
    let pass = World::with_config(&config).run(&["run", "--once"]).await;
    assert!(pass.stdout.contains("1 answered, 0 unchanged, 3 failed"), "{}{}", pass.stdout, pass.stderr);
    assert!(pass.stdout.contains("deliveries: 1 made, 1 to retry"), "{}{}", pass.stdout, pass.stderr);
    assert_eq!((server.requests("/feed.xml").len(), server.requests("/away.xml").len(), hook.calls().len()), (1, 1, 1));
}
