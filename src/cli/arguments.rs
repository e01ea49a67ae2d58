//! What can be typed, and the help for it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use url::Url;

/// Watches the news wires and rings once for each new real-world event.
#[derive(Debug, Parser)]
#[command(version, about, after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// The configuration file [default: config/wirewatch.toml, else /etc/wirewatch/wirewatch.toml]
    #[arg(long, short, global = true, env = "WIREWATCH_CONFIG", value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    #[command(subcommand)]
    pub(super) command: Command,
}

const AFTER_HELP: &str = "\
Data goes to stdout, logs and diagnostics to stderr; WIREWATCH_LOG=debug shows more of them.
Exit status: 0 fine, 1 something failed, 2 wrong usage, 78 the configuration cannot be used.";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Poll the feeds, match, alert and deliver, until SIGTERM or SIGINT; SIGHUP reloads the configuration
    Run {
        /// One pass over every feed, every due delivery tried, then exit with a summary
        #[arg(long)]
        once: bool,
    },
    /// Validate the configuration: every mistake at once, each with its place and a hint
    Check(Check),
    /// Try the rules on the articles written down as [[test]] in the configuration: what must fire, and what must not
    Test(Test),
    /// Show why each rule does or does not fire on one article, and which story it joins, opens or nearly joined
    Explain(Explain),
    /// Show a feed as wirewatch sees it
    Parse(Parse),
    /// Judge kept articles as if they came in now, each at its own time; nothing is delivered
    Replay(Replay),
    /// Show how the feeds stand, and find others
    #[command(subcommand)]
    Feeds(Feeds),
    /// Send a sample alert through one receiver and show the server's answer
    SendTest {
        /// The receiver's name in the configuration
        receiver: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct Check {
    /// Print the expression of every rule as it is read, in the canonical form: all in our own language, every reading shown
    #[arg(long)]
    pub(super) rules: bool,
    /// Print one JSON object a line
    #[arg(long, requires = "rules")]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Test {
    /// More files with [[test]] tables, read as if the configuration included them
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// Print one JSON object a line
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Explain {
    /// A file, an http(s) address, or - for standard input: a JSON object as replay reads them, a web page, or plain text
    /// whose first line is the headline
    #[arg(value_name = "FILE|URL|-", default_value = "-")]
    pub(super) article: String,
    /// Print one JSON object
    #[arg(long)]
    pub(super) json: bool,
    /// Explain this rule alone
    #[arg(long, value_name = "NAME")]
    pub(super) rule: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Parse {
    /// A file, an http(s) address, or - for standard input
    pub(super) feed: String,
    /// Print one JSON object
    #[arg(long)]
    pub(super) json: bool,
    /// The media type to take it for, as in the Content-Type field
    #[arg(long, value_name = "TYPE")]
    pub(super) content_type: Option<String>,
    /// The address that relative links are relative to
    #[arg(long, value_name = "URL")]
    pub(super) base_url: Option<Url>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Feeds {
    /// Every feed with its last answer, its next poll, its rhythm and what is wrong with it
    List {
        /// Print one JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Find the feeds of a site from one of its pages; each is fetched and read before it is shown
    Discover(Discover),
    /// Add a feed to the configuration file: the one at an address, or the one that the page there offers
    Add(Add),
    /// Add the feeds of a list (OPML) to the configuration file; folders and categories become tags
    Import(Import),
    /// Print the feeds of the configuration as a list (OPML 2.0); tags become categories
    Export,
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// The address of a feed, or of a page; https:// may be left out
    #[arg(value_parser = web_address)]
    pub(super) url: Url,
    /// Its name in the configuration [default: made of its title]
    #[arg(long)]
    pub(super) name: Option<String>,
    #[command(flatten)]
    pub(super) entry: Entry,
}

#[derive(Debug, Args)]
pub(super) struct Import {
    /// A file, an http(s) address, or - for standard input
    #[arg(value_name = "FILE|URL|-")]
    pub(super) list: String,
    #[command(flatten)]
    pub(super) entry: Entry,
}

/// How feeds are written into the configuration file.
#[derive(Debug, Args)]
pub(super) struct Entry {
    /// A label for what is added; may be given several times
    #[arg(long = "tag", value_name = "TAG")]
    pub(super) tags: Vec<String>,
    /// Print what would be added, and change nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

#[derive(Debug, Args)]
pub(super) struct Discover {
    /// The address of a page, or of a feed; https:// may be left out
    #[arg(value_parser = web_address)]
    pub(super) url: Url,
    /// Print one JSON object a line
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Replay {
    /// Articles as JSON, one object a line, or feeds as XML or JSON
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// Print one JSON object a line
    #[arg(long)]
    pub(super) json: bool,
    /// Print every match on its own, without folding articles into stories
    #[arg(long)]
    pub(super) each: bool,
}

/// An address, as people write them.
fn web_address(text: &str) -> Result<Url, String> {
    let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    match Url::parse(&whole) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
        Ok(url) => Err(format!("{}: addresses are not fetched, only http: and https:", url.scheme())),
        Err(why) => Err(why.to_string()),
    }
}
