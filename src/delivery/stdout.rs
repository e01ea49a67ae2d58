//! Alerts on the terminal or into a pipe.

use std::io::{self, Write};

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Channel, Receipt, Refusal, message};
use crate::config::Stdout;
use crate::model::Delivery;

/// The receiver that prints.
pub struct Printer {
    json: bool,
}

impl Printer {
    /// Prints as configured.
    pub fn new(stdout: Stdout) -> Self {
        Self { json: stdout.json }
    }

    fn block(&self, delivery: &Delivery) -> serde_json::Result<String> {
        if self.json {
            return Ok(serde_json::to_string(&delivery.alert)? + "\n");
        }
        Ok(message::text(&delivery.alert, delivery.created) + "\n")
    }
}

#[async_trait]
impl Channel for Printer {
    async fn send(&self, delivery: &Delivery, _now: Timestamp) -> Result<Receipt, Refusal> {
        let block = self.block(delivery).map_err(|error| Refusal::permanent(error.to_string()))?;
        // a full pipe blocks for as long as its reader likes
        let written = tokio::task::spawn_blocking(move || print(&block)).await.unwrap_or_else(|error| Err(error.into()));
        match written {
            Ok(()) => Ok(Receipt { words: "printed".to_owned() }),
            Err(error) => Err(Refusal::transient(format!("standard output: {error}"))),
        }
    }
}

/// The lock keeps alerts that are printed at once apart.
fn print(block: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(block.as_bytes())?;
    stdout.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::message::tests::alert;

    fn delivery(title: &str) -> Delivery {
        Delivery { id: 1, receiver: "screen".into(), alert: alert(title), attempt: 1, created: Timestamp::UNIX_EPOCH }
    }

    #[test]
    fn a_block_is_text_with_no_escape_codes_and_an_empty_line() {
        let block = Printer::new(Stdout { json: false }).block(&delivery("\u{1b}[2Jgone\u{7}")).unwrap();
        assert!(block.starts_with("[high] leader-call: [2Jgone\n"), "{block}");
        assert!(block.ends_with("\n\n"), "{block}");
        assert!(!block.contains('\u{1b}'), "{block}");
    }

    #[test]
    fn a_json_line_is_the_alert_as_it_is_stored() {
        let delivery = delivery("two\nlines");
        let line = Printer::new(Stdout { json: true }).block(&delivery).unwrap();
        assert_eq!(line.matches('\n').count(), 1, "{line}");
        assert_eq!(serde_json::from_str::<crate::model::Alert>(&line).unwrap(), delivery.alert);
    }
}
