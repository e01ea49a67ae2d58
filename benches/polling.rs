//! What a pass over many feeds costs, beside a bare loop of GETs over the same addresses.
//!
//! `cargo bench --bench polling [FEEDS] [ROUNDS]` serves FEEDS feeds (1,000) of 30 items on loopback from a process of its own and
//! measures, as whole processes and in turn with their floors, a cold pass and one in which nothing has changed. The floor of the
//! one is GETs, feed-rs and inserts in batches; of the other, conditional GETs alone.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a measurement that cannot be made has failed")]
#![allow(missing_docs, reason = "nobody links to a benchmark")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Instant;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

const ITEMS: usize = 30;
const AT_ONCE: usize = 64;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.first().map(String::as_str) {
        Some("serve") => block_on(serve()),
        Some("floor") => block_on(floor(&arguments[1], arguments[2].parse().unwrap(), &arguments[3])),
        Some("cost") => cost_of_one(&arguments[1..]),
        _ => {
            let number = |place: usize, usual| arguments.get(place).map_or(usual, |count| count.parse().unwrap());
            measure(number(0, 1_000), number(1, 3));
        }
    }
}

fn block_on(work: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(work);
}

/// Serves `/N.xml` for any N: a feed of its own, with an entity tag that never changes.
async fn serve() {
    let router =
        Router::new().route("/{name}", get(|Path(name): Path<String>, asked: HeaderMap| async move { answer(&name, &asked) }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("{}", listener.local_addr().unwrap());
    axum::serve(listener, router).await.unwrap();
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
        let mut request = client.get(format!("http://{address}/{number}.xml"));
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

fn measure(feeds: usize, rounds: usize) {
    let (mut server, address) = start_server();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("wirewatch.toml"), configuration(&address, feeds)).unwrap();
    let own = std::env::current_exe().unwrap();
    let floor = |how: &str| cost(folder.path(), &[own.to_str().unwrap(), "floor", &address, &feeds.to_string(), how]);
    let pass = || cost(folder.path(), &[env!("CARGO_BIN_EXE_wirewatch"), "run", "--once", "--config", "wirewatch.toml"]);
    println!("{feeds} feeds of {ITEMS} items, {AT_ONCE} at once, {rounds} rounds");
    let mut ratios = [Vec::new(), Vec::new()];
    for _ in 0..rounds {
        forget(folder.path());
        let floors = [floor("new"), floor("read"), floor("known")];
        let (cold, settled, floor_again, settled_again) = (pass(), pass(), floor("known"), pass());
        print("bare GETs, cold", &floors[0], None);
        print("read and stored", &floors[1], None);
        print("bare GETs, 304", &floors[2], None);
        print("bare GETs, 304", &floor_again, None);
        print("wirewatch, cold", &cold, Some(&floors[1]));
        print("wirewatch, 304", &settled, Some(&floors[2]));
        print("wirewatch, 304", &settled_again, Some(&floor_again));
        ratios[0].push(cold.cpu / floors[1].cpu);
        ratios[1].extend([settled.cpu / floors[2].cpu, settled_again.cpu / floor_again.cpu]);
    }
    println!("median: cold {:.2} x its floor, 304 {:.2} x", median(&mut ratios[0]), median(&mut ratios[1]));
    server.kill().unwrap();
}

fn forget(folder: &std::path::Path) {
    for file in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
        if file.extension().is_none_or(|kind| kind != "toml") {
            std::fs::remove_file(file).unwrap();
        }
    }
}

fn median(of: &mut [f64]) -> f64 {
    of.sort_by(f64::total_cmp);
    of[of.len() / 2]
}

fn start_server() -> (Child, String) {
    let mut server = Command::new(std::env::current_exe().unwrap()).arg("serve").stdout(Stdio::piped()).spawn().unwrap();
    let mut address = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut address).unwrap();
    (server, address.trim().to_owned())
}

fn configuration(address: &str, feeds: usize) -> String {
    let head = format!(
        "[http]\nallow_private_addresses = true\nmax_connections = {AT_ONCE}\nmax_connections_per_host = {AT_ONCE}\n\
         [rules.rare]\nwhen = '\"export control\" AND gallium'\n"
    );
    let feed = |number| format!("[feeds.f{number}]\nurl = \"http://{address}/{number}.xml\"\n");
    head + &(0..feeds).map(feed).collect::<String>()
}

/// What a command costs. A process between keeps its costs apart from those of other commands.
fn cost(folder: &std::path::Path, command: &[&str]) -> Cost {
    let own = std::env::current_exe().unwrap();
    let told = Command::new(own).arg("cost").args(command).current_dir(folder).output().unwrap();
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

fn print(what: &str, cost: &Cost, floor: Option<&Cost>) {
    let ratio = floor.map(|floor| format!("{:.2} x the CPU of its floor", cost.cpu / floor.cpu)).unwrap_or_default();
    let Cost { wall, cpu, peak_mebibytes } = cost;
    println!("{what:16} {wall:6.3} s wall {cpu:6.3} s CPU {peak_mebibytes:5.0} MiB peak  {ratio}");
}
