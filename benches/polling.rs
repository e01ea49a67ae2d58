//! What a pass over many feeds costs, beside a bare loop of GETs over the same addresses.
//!
//! `cargo bench --bench polling [FEEDS] [ROUNDS] [plain|tls|tls-close]` serves FEEDS feeds (1,000) of 30 items on loopback from a process of its own and
//! measures, as whole processes and in turn with their floors, a cold pass and one in which nothing has changed. The floor of the
//! one is GETs, feed-rs and inserts in batches; of the other, conditional GETs alone. Over TLS the feeds are on a thousand hosts,
//! and the servers tell what handshakes they saw; with `tls-close` they hang up after every answer.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a measurement that cannot be made has failed")]
#![allow(missing_docs, reason = "nobody links to a benchmark")]

mod secure;

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Instant;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use axum::routing::get;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use secure::{AUTHORITY, Handshakes, Secure};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

const ITEMS: usize = 30;
const AT_ONCE: usize = 64;
/// Hosts on which feeds over TLS are.
const HOSTS: usize = 1_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.first().map(String::as_str) {
        Some("serve") => block_on(serve(&arguments[1])),
        Some("floor") => block_on(floor(&arguments[1], arguments[2].parse().unwrap(), &arguments[3])),
        Some("cost") => cost_of_one(&arguments[1..]),
        _ => {
            let number = |place: usize, usual| arguments.get(place).map_or(usual, |count| count.parse().unwrap());
            let way = arguments.get(2).map_or("plain", String::as_str);
            measure(number(0, 1_000), number(1, 3), way);
        }
    }
}

fn block_on(work: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(work);
}

/// Serves `/N.xml` for any N: a feed of its own, with an entity tag that never changes.
async fn serve(way: &str) {
    let hangs_up = way == "tls-close";
    let answer = move |Path(name): Path<String>, asked: HeaderMap| async move {
        let farewell = hangs_up.then_some([(header::CONNECTION, "close")]);
        (farewell.map(AppendHeaders), answer(&name, &asked))
    };
    let router = Router::new().route("/{name}", get(answer));
    if way == "plain" {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("http://{}", listener.local_addr().unwrap());
        return axum::serve(listener, router).await.unwrap();
    }
    let handshakes = Arc::new(Handshakes::default());
    let listener = Secure::listen(&std::env::current_dir().unwrap(), Arc::clone(&handshakes)).await;
    println!("https://127.2.HOST:{}", listener.port());
    std::thread::spawn(move || tell(&handshakes));
    axum::serve(listener, router).await.unwrap();
}

/// Tells of the handshakes whenever asked to.
fn tell(handshakes: &Handshakes) {
    for _ in std::io::stdin().lines() {
        let (full, resumed) = handshakes.take();
        println!("{full} handshakes in full, {resumed} resumed");
    }
}

/// The address of a feed: where there are hosts, they have several each.
fn url(servers: &str, number: usize) -> String {
    let host = number % HOSTS;
    format!("{}/{number}.xml", servers.replace("HOST", &format!("{}.{}", host / 250, host % 250 + 1)))
}

fn answer(name: &str, asked: &HeaderMap) -> Response {
    let tag = [(header::ETAG, "\"1\"")];
    if asked.get(header::IF_NONE_MATCH).is_some() {
        return (StatusCode::NOT_MODIFIED, tag).into_response();
    }
    (tag, [(header::CONTENT_TYPE, "application/rss+xml")], feed(name)).into_response()
}

fn feed(name: &str) -> String {
    let words = "ministry port market harvest river council season bridge weather budget ";
    let item = |number: usize| {
        format!(
            "<item><guid>{name}-{number}</guid><title>Item {number} of {name}</title><link>https://news.example/{name}/{number}</link>\
             <pubDate>Fri, 20 Nov 2026 10:00:00 GMT</pubDate><description>{}</description></item>",
            words.repeat(8)
        )
    };
    let items: String = (0..ITEMS).map(item).collect();
    format!(
        "<rss version=\"2.0\"><channel><title>{name}</title><link>https://news.example/</link><description/>{items}</channel></rss>"
    )
}

/// GETs every address, on condition that it has changed if it is `known`. The bodies are thrown away, or else `read` and stored.
async fn floor(address: &str, feeds: usize, how: &str) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::new();
    let room = Arc::new(Semaphore::new(AT_ONCE));
    let (found, waiting) = channel();
    let storing = std::thread::spawn(move || store(&waiting));
    let mut gets = JoinSet::new();
    for number in 0..feeds {
        let turn = Arc::clone(&room).acquire_owned().await.unwrap();
        let mut request = client.get(url(address, number));
        if how == "known" {
            request = request.header(header::IF_NONE_MATCH, "\"1\"");
        }
        let found = (how == "read").then(|| found.clone());
        gets.spawn(async move {
            let (mut response, mut body) = (request.send().await.unwrap(), Vec::new());
            while let Some(chunk) = response.chunk().await.unwrap() {
                body.extend_from_slice(&chunk);
            }
            drop(turn);
            if let Some(found) = found {
                let items = feed_rs::parser::parse(&*body).unwrap().entries.into_iter().map(|entry| entry.id);
                found.send((number, items.collect())).unwrap();
            }
        });
    }
    gets.join_all().await;
    drop(found);
    storing.join().unwrap();
}

/// Writes down the items of feeds, what waits in one transaction.
fn store(waiting: &Receiver<(usize, Vec<String>)>) {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = rusqlite::Connection::open(folder.path().join("floor.sqlite")).unwrap();
    let schema = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
                  CREATE TABLE seen (feed TEXT, key TEXT, seen_at INTEGER, PRIMARY KEY (feed, key)) WITHOUT ROWID;";
    connection.execute_batch(schema).unwrap();
    while let Ok(first) = waiting.recv() {
        let batch = connection.transaction().unwrap();
        for (feed, items) in std::iter::once(first).chain(waiting.try_iter().take(255)) {
            let mut insert = batch.prepare_cached("INSERT INTO seen VALUES (?1, ?2, 0)").unwrap();
            for item in items {
                insert.execute((format!("f{feed}"), item)).unwrap();
            }
        }
        batch.commit().unwrap();
    }
}

#[derive(Clone, Copy)]
struct Cost {
    wall: f64,
    cpu: f64,
    peak_mebibytes: f64,
}

fn measure(feeds: usize, rounds: usize, way: &str) {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(way, folder.path());
    let address = server.address.clone();
    std::fs::write(folder.path().join("wirewatch.toml"), configuration(&address, feeds)).unwrap();
    let own = std::env::current_exe().unwrap();
    let floor = |how: &str| cost(folder.path(), &[own.to_str().unwrap(), "floor", &address, &feeds.to_string(), how]);
    let pass = || cost(folder.path(), &[env!("CARGO_BIN_EXE_wirewatch"), "run", "--once", "--config", "wirewatch.toml"]);
    println!("{feeds} feeds of {ITEMS} items, {way}, {AT_ONCE} at once, {rounds} rounds");
    let mut ratios = [Vec::new(), Vec::new()];
    for _ in 0..rounds {
        forget(folder.path());
        let mut print = |what: &str, cost: Cost, floor: Option<&Cost>| {
            print(what, &cost, floor, &server.handshakes());
            cost
        };
        print("bare GETs, cold", floor("new"), None);
        let floors = [print("read and stored", floor("read"), None), print("bare GETs, 304", floor("known"), None)];
        let cold = print("wirewatch, cold", pass(), Some(&floors[0]));
        let settled = print("wirewatch, 304", pass(), Some(&floors[1]));
        let floor_again = print("bare GETs, 304", floor("known"), None);
        let settled_again = print("wirewatch, 304", pass(), Some(&floor_again));
        ratios[0].push(cold.cpu / floors[0].cpu);
        ratios[1].extend([settled.cpu / floors[1].cpu, settled_again.cpu / floor_again.cpu]);
    }
    println!("median: cold {:.2} x its floor, 304 {:.2} x", median(&mut ratios[0]), median(&mut ratios[1]));
    server.child.kill().unwrap();
}

fn forget(folder: &std::path::Path) {
    for file in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
        if file.extension().is_none_or(|kind| kind != "toml" && kind != "pem") {
            std::fs::remove_file(file).unwrap();
        }
    }
}

fn median(of: &mut [f64]) -> f64 {
    of.sort_by(f64::total_cmp);
    of[of.len() / 2]
}

/// The process that serves.
struct Server {
    child: Child,
    says: BufReader<ChildStdout>,
    address: String,
}

impl Server {
    fn start(way: &str, folder: &std::path::Path) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["serve", way]).current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let says = BufReader::new(child.stdout.take().unwrap());
        let mut server = Self { child, says, address: String::new() };
        server.address = server.line();
        server
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.says.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }

    /// The handshakes since the last time, where there are any.
    fn handshakes(&mut self) -> String {
        if self.address.starts_with("http:") {
            return String::new();
        }
        writeln!(self.child.stdin.as_ref().unwrap()).unwrap();
        self.line()
    }
}

fn configuration(address: &str, feeds: usize) -> String {
    // there is one host, or there are more than can be asked at once
    let at_once = if address.starts_with("http:") { AT_ONCE } else { 1 };
    let head = format!(
        "[http]\nallow_private_addresses = true\nmax_connections = {AT_ONCE}\nmax_connections_per_host = {at_once}\n\
         [rules.rare]\nwhen = '\"export control\" AND gallium'\n"
    );
    let feed = |number| format!("[feeds.f{number}]\nurl = \"{}\"\n", url(address, number));
    head + &(0..feeds).map(feed).collect::<String>()
}

/// What a command costs. A process between keeps its costs apart from those of other commands.
fn cost(folder: &std::path::Path, command: &[&str]) -> Cost {
    let own = std::env::current_exe().unwrap();
    let mut measured = Command::new(own);
    if folder.join(AUTHORITY).exists() {
        measured.env("SSL_CERT_FILE", AUTHORITY);
    }
    let told = measured.arg("cost").args(command).current_dir(folder).output().unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let told = String::from_utf8(told.stdout).unwrap();
    let mut numbers = told.split(' ').map(|number| number.parse().unwrap());
    let [wall, cpu, peak_mebibytes] = std::array::from_fn(|_| numbers.next().unwrap());
    Cost { wall, cpu, peak_mebibytes }
}

fn cost_of_one(command: &[String]) {
    let started = Instant::now();
    let ended = Command::new(&command[0]).args(&command[1..]).stdout(Stdio::null()).status().unwrap();
    assert!(ended.success());
    let (wall, usage) = (started.elapsed().as_secs_f64(), getrusage(UsageWho::RUSAGE_CHILDREN).unwrap());
    let cpu = (usage.user_time() + usage.system_time()).num_microseconds() as f64 / 1e6;
    print!("{wall} {cpu} {}", usage.max_rss() as f64 / 1_024.0);
}

fn print(what: &str, cost: &Cost, floor: Option<&Cost>, handshakes: &str) {
    let ratio = floor.map(|floor| format!("{:.2} x the CPU of its floor", cost.cpu / floor.cpu)).unwrap_or_default();
    let Cost { wall, cpu, peak_mebibytes } = cost;
    println!("{what:16} {wall:6.3} s wall {cpu:6.3} s CPU {peak_mebibytes:5.0} MiB peak  {ratio}  {handshakes}");
}
