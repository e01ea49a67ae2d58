//! How feeds and deliveries stand, as metrics: made anew whenever somebody looks, from what the state says.

use std::collections::HashMap;
use std::fmt;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, MetricEncoder};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Unit;

use super::seconds;
use crate::model::{FeedStanding, FeedStatus, Standing};

/// What the state says, with what was counted of each feed.
#[derive(Debug)]
pub(super) struct Standings {
    standing: Standing,
    articles: Vec<u64>,
}

impl Standings {
    pub(super) fn new(standing: Standing, articles: &HashMap<String, u64>) -> Self {
        let articles = standing.feeds.iter().map(|feed| articles.get(&feed.name).copied().unwrap_or_default()).collect();
        Self { standing, articles }
    }

    /// One value for each feed that has it.
    fn of_feeds(&self, mut family: MetricEncoder<'_>, value: impl Fn(&FeedStanding) -> Option<f64>) -> fmt::Result {
        for feed in &self.standing.feeds {
            if let Some(value) = value(feed) {
                ConstGauge::new(value).encode(family.encode_family(&[("feed", feed.name.as_str())])?)?;
            }
        }
        Ok(())
    }

    fn statuses(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let mut family = encoder.encode_descriptor("feeds", "Feeds that are configured, by status.", None, MetricType::Gauge)?;
        for status in FeedStatus::ALL {
            let count = self.standing.feeds.iter().filter(|feed| feed.status == status).count();
            ConstGauge::new(count).encode(family.encode_family(&[("status", status.as_str())])?)?;
        }
        Ok(())
    }

    fn feeds(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let (gauge, in_seconds) = (MetricType::Gauge, Some(&Unit::Seconds));
        let help = "When the feed last answered, since 1970 in UTC.";
        let family = encoder.encode_descriptor("feed_last_success_timestamp", help, in_seconds, gauge)?;
        self.of_feeds(family, |feed| feed.last_success.map(seconds))?;
        let help = "The feed's pause between polls as it is now, failures left out.";
        let family = encoder.encode_descriptor("feed_interval", help, in_seconds, gauge)?;
        self.of_feeds(family, |feed| feed.interval.map(|interval| interval.as_secs_f64()))?;
        let help = "Failed polls of the feed in a row.";
        let mut family = encoder.encode_descriptor("feed_consecutive_failures", help, None, gauge)?;
        for feed in &self.standing.feeds {
            ConstGauge::new(feed.failures).encode(family.encode_family(&[("feed", feed.name.as_str())])?)?;
        }
        Ok(())
    }

    fn articles(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let help = "Articles of the feed that had not been seen before.";
        let mut family = encoder.encode_descriptor("feed_articles", help, None, MetricType::Counter)?;
        for (feed, articles) in self.standing.feeds.iter().zip(&self.articles) {
            ConstCounter::new(*articles).encode(family.encode_family(&[("feed", feed.name.as_str())])?)?;
        }
        Ok(())
    }

    fn hubs(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let help = "Feeds that name a WebSub hub, by whether it has agreed to send their news.";
        let mut family = encoder.encode_descriptor("subscriptions", help, None, MetricType::Gauge)?;
        let hubs = self.standing.hubs;
        for (state, count) in [("confirmed", hubs.confirmed), ("pending", hubs.pending)] {
            ConstGauge::new(count).encode(family.encode_family(&[("state", state)])?)?;
        }
        Ok(())
    }

    fn outbox(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let help = "Deliveries that are still tried, or were given up, by receiver.";
        let mut family = encoder.encode_descriptor("outbox_deliveries", help, None, MetricType::Gauge)?;
        for receiver in &self.standing.outbox {
            for (state, count) in [("waiting", receiver.waiting), ("failed", receiver.failed)] {
                let labels = [("receiver", receiver.receiver.as_str()), ("state", state)];
                ConstGauge::new(count).encode(family.encode_family(&labels)?)?;
            }
        }
        Ok(())
    }
}

impl Collector for Standings {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        self.statuses(&mut encoder)?;
        self.feeds(&mut encoder)?;
        self.articles(&mut encoder)?;
        self.hubs(&mut encoder)?;
        self.outbox(&mut encoder)
    }
}
