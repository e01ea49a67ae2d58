//! Words to calls, values to words and an exit status. No logic of its own.

mod arguments;
mod article;
mod check;
mod explain;
mod feeds;
mod parse;
mod replay;
mod run;
mod send_test;
mod source;
mod test;

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;

use self::arguments::{Arguments, Command};
use crate::config::Diagnostics;
use crate::daemon::Setup;

/// Something failed: a check of the outside, a delivery.
const FAILED: u8 = 1;
/// The configuration cannot be used (EX_CONFIG of sysexits.h).
const UNUSABLE_CONFIGURATION: u8 = 78;

/// Where the configuration is looked for when nobody says.
const USUAL_PLACES: [&str; 2] = ["config/wirewatch.toml", "/etc/wirewatch/wirewatch.toml"];

/// Runs the command that was typed. Wrong usage ends the process with status 2.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log_to_stderr(&arguments.command);
    std::panic::set_hook(Box::new(
        |fault| tracing::error!(place = ?fault.location(), "a fault of wirewatch's own: {}", what_it_says(fault)),
    ));
    // TLS needs to know who does its arithmetic; a second installation is the only way this fails, and harmless
    let _ = rustls::crypto::ring::default_provider().install_default();
    match execute(&arguments) {
        Ok(code) => code,
        Err(error) => {
            complain(format_args!("wirewatch: {error:#}"));
            ExitCode::from(FAILED)
        }
    }
}

/// A fault's own words. It is told in the log like everything else, for it may be one feed's failed poll and no more.
fn what_it_says<'a>(fault: &'a std::panic::PanicHookInfo<'_>) -> &'a str {
    fault.payload_as_str().unwrap_or("without words")
}

fn execute(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let config = arguments.config.clone().unwrap_or_else(usual_place);
    match &arguments.command {
        Command::Run { once } => run::run(&config, *once),
        Command::Check(what) => check::check(&config, what),
        Command::Test(what) => test::test(&config, what),
        Command::Explain(what) => explain::explain(&config, what),
        Command::Parse(what) => parse::parse(&config, what),
        Command::Feeds(what) => feeds::feeds(&config, what),
        Command::Replay(what) => replay::replay(&config, what),
        Command::SendTest { receiver } => send_test::send_test(&config, receiver),
    }
}

fn usual_place() -> PathBuf {
    let [first, rest @ ..] = USUAL_PLACES;
    rest.into_iter().find(|place| !Path::new(first).exists() && Path::new(place).exists()).unwrap_or(first).into()
}

/// Loads the configuration and shows what is to be said of it; `None` if it cannot be used.
fn load(path: &Path) -> Option<Setup> {
    let mut diagnostics = Diagnostics::default();
    let setup = Setup::load(path, &mut diagnostics);
    show(&diagnostics);
    setup
}

/// Shows what is to be said of a configuration, and tells whether it can be used.
fn is_usable(diagnostics: &Diagnostics) -> bool {
    show(diagnostics);
    diagnostics.errors() == 0
}

fn show(diagnostics: &Diagnostics) {
    if !diagnostics.found.is_empty() {
        complain(format_args!("{}\n", diagnostics.render(io::stderr().is_terminal())));
    }
}

/// The one place that writes diagnostics; a closed stderr is nobody's failure.
fn complain(words: std::fmt::Arguments<'_>) {
    use io::Write;
    let _ = writeln!(io::stderr(), "{words}");
}

fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

/// Logs go to stderr: what the daemon does for `run`, only what goes wrong for the rest, or what `WIREWATCH_LOG` says. The
/// journal keeps its own time.
fn log_to_stderr(command: &Command) {
    let usual = if matches!(command, Command::Run { .. }) { "wirewatch=info,warn" } else { "warn" };
    let filter = EnvFilter::try_from_env("WIREWATCH_LOG").unwrap_or_else(|_| EnvFilter::new(usual));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(io::stderr().is_terminal());
    if std::env::var_os("JOURNAL_STREAM").is_some() {
        log.without_time().with_target(false).init();
    } else {
        log.with_target(false).init();
    }
}
