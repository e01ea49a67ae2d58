//! A folder with a configuration in it, and the `wirewatch` command run there as a user would.

use std::fs;
use std::path::Path;
use std::process::{Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::support::Record;

/// How long a command may take before the test has failed; generous, for slow machines.
const PATIENCE: Duration = Duration::from_secs(60);

/// What every command may have of memory of its own, written to or not, in KiB: half of what the unit file allows the daemon.
const MEMORY: &str = "262144";

/// A user's folder.
pub struct World {
    folder: TempDir,
}

/// A command that has come to its end.
pub struct Finished {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl World {
    /// A folder whose configuration may ask loopback addresses.
    pub fn new(config: &str) -> Self {
        Self::with_config(&format!("[http]\nallow_private_addresses = true\n{config}"))
    }

    /// A folder with exactly this configuration.
    pub fn with_config(config: &str) -> Self {
        let world = Self { folder: tempfile::tempdir().unwrap() };
        world.write("wirewatch.toml", config);
        world
    }

    /// Puts a file into the folder.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Adds to the configuration.
    pub fn append(&self, config: &str) {
        let before = fs::read_to_string(self.path().join("wirewatch.toml")).unwrap();
        self.write("wirewatch.toml", &format!("{before}{config}"));
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "ulimit -d \"$0\" && exec \"$@\"", MEMORY, env!("CARGO_BIN_EXE_wirewatch")]);
        command.args(arguments).current_dir(self.path()).env_clear().env("WIREWATCH_CONFIG", "wirewatch.toml");
        command.stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    /// Runs a command to its end.
    pub async fn run(&self, arguments: &[&str]) -> Finished {
        self.run_with(arguments, &[]).await
    }

    /// The same with these variables in its environment.
    pub async fn run_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Finished {
        let output = timeout(PATIENCE, self.command(arguments).envs(environment.iter().copied()).output())
            .await
            .expect("it does not end")
            .unwrap();
        finished(output)
    }

    /// Starts the daemon.
    pub fn start(&self) -> Daemon {
        self.start_with(&[])
    }

    /// The same with these variables in its environment.
    pub fn start_with(&self, environment: &[(&str, &str)]) -> Daemon {
        let mut command = self.command(&["run"]);
        let mut child = command.envs(environment.iter().copied()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let log = Arc::new(Record::new());
        let (stderr, kept) = (child.stderr.take().unwrap(), Arc::clone(&log));
        tokio::spawn(async move {
            let mut lines = BufReader::new(stderr).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                kept.add(line);
            }
        });
        Daemon { child, log }
    }
}

fn finished(output: Output) -> Finished {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Finished { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// A daemon at work.
pub struct Daemon {
    child: Child,
    log: Arc<Record<String>>,
}

impl Daemon {
    /// Waits until the log has said this.
    pub async fn says(&self, words: &str) -> String {
        let mut lines = 1;
        loop {
            let log = self.log.wait_for(lines).await;
            if let Some(line) = log.iter().find(|line| line.contains(words)) {
                return line.clone();
            }
            lines = log.len() + 1;
        }
    }

    /// Its number among the processes.
    pub fn id(&self) -> u32 {
        self.child.id().expect("it has ended")
    }

    /// Sends it a signal, such as `TERM`.
    pub async fn signal(&self, name: &str) {
        let id = self.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().await.unwrap().success());
    }

    /// The most memory it has had at once so far, in KiB.
    pub fn peak_memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id().expect("it has ended"))).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// Ends it as a power cut would.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Waits for its end and gives its exit status.
    pub async fn end(mut self) -> Option<i32> {
        timeout(PATIENCE, self.child.wait()).await.expect("it does not end").unwrap().code()
    }
}

/// An RSS feed of items, each `(guid, title, text)`, published now.
pub fn rss(items: &[(&str, &str, &str)]) -> String {
    let now = jiff::fmt::rfc2822::to_string(&Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC)).unwrap();
    let item = |(guid, title, text): &(&str, &str, &str)| {
        format!(
            "<item><guid isPermaLink=\"false\">{guid}</guid><title>{title}</title><description>{text}</description>\
             <link>https://news.example/{guid}</link><pubDate>{now}</pubDate></item>"
        )
    };
    let items: String = items.iter().map(item).collect();
    format!(
        "<rss version=\"2.0\"><channel><title>News</title><link>https://news.example/</link><description/>{items}</channel></rss>"
    )
}
