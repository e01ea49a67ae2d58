//! What a pass over many feeds costs, beside a bare loop of GETs over the same addresses.
//!
//! `cargo bench --bench polling [FEEDS]` serves FEEDS feeds (1,000) of 30 items on loopback from a process of its own and
//! measures, as whole processes, a cold pass and one in which nothing has changed.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a measurement that cannot be made has failed")]
#![allow(missing_docs, reason = "nobody links to a benchmark")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use nix::sys::resource::{Usage, UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

const ITEMS: usize = 30;
const AT_ONCE: usize = 64;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.first().map(String::as_str) {
        Some("serve") => block_on(serve()),
        Some("floor") => block_on(floor(&arguments[1], arguments[2].parse().unwrap(), arguments[3] == "known")),
        count => measure(count.and_then(|count| count.parse().ok()).unwrap_or(1_000)),
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

/// GETs every address and throws the bodies away.
async fn floor(address: &str, feeds: usize, known: bool) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::new();
    let room = Arc::new(Semaphore::new(AT_ONCE));
    let mut gets = JoinSet::new();
    for number in 0..feeds {
        let turn = Arc::clone(&room).acquire_owned().await.unwrap();
        let mut request = client.get(format!("http://{address}/{number}.xml"));
        if known {
            request = request.header(header::IF_NONE_MATCH, "\"1\"");
        }
        gets.spawn(async move {
            let mut response = request.send().await.unwrap();
            while response.chunk().await.unwrap().is_some() {}
            drop(turn);
        });
    }
    gets.join_all().await;
}

struct Cost {
    wall: Duration,
    cpu_seconds: f64,
    /// Of the largest process so far.
    peak_mebibytes: i64,
}

fn measure(feeds: usize) {
    let (mut server, address) = start_server();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("wirewatch.toml"), configuration(&address, feeds)).unwrap();
    let own = std::env::current_exe().unwrap();
    let floor = |known: &str| cost(Command::new(&own).args(["floor", &address, &feeds.to_string(), known]));
    let pass = || {
        cost(
            Command::new(env!("CARGO_BIN_EXE_wirewatch"))
                .args(["run", "--once", "--config", "wirewatch.toml"])
                .current_dir(&folder)
                .stdout(Stdio::null()),
        )
    };
    let (cold_floor, settled_floor) = (floor("new"), floor("known"));
    let (cold, settled) = (pass(), pass());
    println!("{feeds} feeds of {ITEMS} items, {AT_ONCE} at once");
    print("bare GETs, cold", &cold_floor, None);
    print("bare GETs, 304", &settled_floor, None);
    print("wirewatch, cold", &cold, Some(&cold_floor));
    print("wirewatch, 304", &settled, Some(&settled_floor));
    server.kill().unwrap();
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

fn cost(command: &mut Command) -> Cost {
    let (before, started) = (children(), Instant::now());
    assert!(command.status().unwrap().success());
    let (after, wall) = (children(), started.elapsed());
    let cpu = |usage: &Usage| (usage.user_time() + usage.system_time()).num_microseconds() as f64 / 1e6;
    Cost { wall, cpu_seconds: cpu(&after) - cpu(&before), peak_mebibytes: after.max_rss() / 1_024 }
}

fn children() -> Usage {
    getrusage(UsageWho::RUSAGE_CHILDREN).unwrap()
}

fn print(what: &str, cost: &Cost, floor: Option<&Cost>) {
    let ratio =
        floor.map(|floor| format!("{:.2} x the CPU of bare GETs", cost.cpu_seconds / floor.cpu_seconds)).unwrap_or_default();
    let Cost { wall, cpu_seconds, peak_mebibytes } = cost;
    println!("{what:16} {:6.3} s wall {cpu_seconds:6.3} s CPU {peak_mebibytes:5} MiB peak  {ratio}", wall.as_secs_f64());
}
