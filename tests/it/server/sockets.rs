//! Which socket the daemon listens on, and how it changes.

use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::process::Stdio;

use reqwest::{Client, StatusCode};

use super::{TOKEN, ask, base, config, world};

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[tokio::test]
async fn a_port_in_use_is_a_clear_failure_at_the_start() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let (_feeds, world) = world(&format!("listen = \"{address}\"")).await;
    let run = world.run(&["run"]).await;
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains(&format!("cannot listen on {address}: Address already in use")), "{}", run.stderr);
}

#[tokio::test]
async fn a_reload_takes_over_another_address_and_leaves_the_one_before() {
    let (feeds, world) = world("listen = \"127.0.0.1:0\"").await;
    let daemon = world.start();
    let before = base(&daemon).await;
    let after = format!("127.0.0.1:{}", free_port());
    let private = "[http]\nallow_private_addresses = true\n";
    world.write("wirewatch.toml", &format!("{private}{}", config(&feeds, &format!("listen = \"{after}\""))));
    daemon.signal("HUP").await;
    daemon.says(&format!("serving on http://{after}")).await;
    assert_eq!(ask(&format!("http://{after}"), "/healthz").await.status(), StatusCode::OK);
    assert!(Client::new().get(format!("{before}/healthz")).send().await.is_err());
}

#[tokio::test]
async fn an_address_that_cannot_be_had_leaves_the_configuration_before_in_force() {
    let (feeds, world) = world("listen = \"127.0.0.1:0\"").await;
    let daemon = world.start();
    let base = base(&daemon).await;
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let private = "[http]\nallow_private_addresses = true\n";
    let wish = format!("listen = \"{}\"", taken.local_addr().unwrap());
    world.write("wirewatch.toml", &format!("{private}{}", config(&feeds, &wish)));
    daemon.signal("HUP").await;
    let said = daemon.says("the configuration before stays in force").await;
    assert!(said.contains("cannot listen on"), "{said}");
    assert_eq!(ask(&base, "/healthz").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_reload_that_leaves_the_address_alone_changes_the_token_without_losing_the_socket() {
    let (feeds, world) = world("listen = \"127.0.0.1:0\"").await;
    let daemon = world.start();
    let base = base(&daemon).await;
    world.write("token", TOKEN);
    let private = "[http]\nallow_private_addresses = true\n";
    let wish = "listen = \"127.0.0.1:0\"\ntoken_file = \"token\"";
    world.write("wirewatch.toml", &format!("{private}{}", config(&feeds, wish)));
    daemon.signal("HUP").await;
    daemon.says("configuration taken over").await;
    // whatever is asked meanwhile waits, and nothing is refused
    while ask(&base, "/metrics").await.status() != StatusCode::UNAUTHORIZED {}
    assert_eq!(Client::new().get(format!("{base}/metrics")).bearer_auth(TOKEN).send().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn a_socket_that_systemd_hands_over_is_taken_instead() {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    let (_feeds, world) = world("listen = \"127.0.0.1:8420\"").await;
    let shell = "exec 3<&0; LISTEN_FDS=1 LISTEN_PID=$$ exec \"$0\" run";
    let mut command = tokio::process::Command::new("/bin/sh");
    command.args(["-c", shell, env!("CARGO_BIN_EXE_wirewatch")]).current_dir(world.path()).env_clear();
    command.env("WIREWATCH_CONFIG", "wirewatch.toml").stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    let _daemon = command.stdin(Stdio::from(OwnedFd::from(socket))).spawn().unwrap();
    assert_eq!(ask(&format!("http://{address}"), "/healthz").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn without_a_server_in_the_configuration_nothing_listens() {
    let (feeds, world) = world("listen = \"127.0.0.1:0\"").await;
    let without = config(&feeds, "").replace("[server]", "");
    world.write("wirewatch.toml", &format!("[http]\nallow_private_addresses = true\n{without}"));
    let daemon = world.start();
    daemon.says("at work").await;
    let sockets = std::fs::read_dir(format!("/proc/{}/fd", daemon.id())).unwrap();
    let numbers: Vec<String> = sockets
        .filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok()?.to_str().map(str::to_owned))
        .filter_map(|target| Some(target.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned()))
        .collect();
    let listening =
        |table: &str| std::fs::read_to_string(table).unwrap_or_default().lines().any(|line| is_listening(line, &numbers));
    assert!(!listening("/proc/net/tcp") && !listening("/proc/net/tcp6"));
}

/// Whether a line of the kernel's table is about one of these sockets, listening (state 0A).
fn is_listening(line: &str, sockets: &[String]) -> bool {
    let columns: Vec<&str> = line.split_whitespace().collect();
    columns.get(3) == Some(&"0A") && columns.get(9).is_some_and(|inode| sockets.iter().any(|socket| socket == inode))
}
