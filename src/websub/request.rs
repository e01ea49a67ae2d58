//! What is asked of a hub (§5.1), and what it comes back with (§5.2, §5.3).

use std::time::Duration;

use jiff::Timestamp;
use url::{Url, form_urlencoded};

use crate::model::Subscription;
use crate::schedule::interval::later;

/// The lease that is asked for; hubs grant what they like.
const LEASE: Duration = Duration::from_secs(10 * 24 * 60 * 60);
/// The pause before a hub that does not want us is asked again.
pub const AFTER_DENIAL: Duration = Duration::from_secs(24 * 60 * 60);
/// The longest lease that is believed.
const LONGEST_LEASE: Duration = Duration::from_secs(90 * 24 * 60 * 60);
/// The shortest pause before a lease is renewed, however short it is.
const SHORTEST_RENEWAL: Duration = Duration::from_secs(60);

/// The form that asks a hub for a subscription, or for more of it (§5.1). `callbacks` is the address below which it reaches us.
///
/// The secret goes along whether the hub's address is https or not, where the specification says "should only": read on the way
/// it protects no worse than none.
pub fn form(subscription: &Subscription, callbacks: &Url) -> String {
    let callback = format!("{callbacks}{}", subscription.callback);
    let pairs = [
        ("hub.callback", callback.as_str()),
        ("hub.mode", "subscribe"),
        ("hub.topic", &subscription.offer.topic),
        ("hub.lease_seconds", &LEASE.as_secs().to_string()),
        ("hub.secret", &subscription.secret),
    ]
    .map(|(name, value)| (name, value.to_owned()));
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Why a hub has come to a callback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intent {
    /// To hear whether it was us who asked (§5.3).
    Verify {
        /// What the subscription is said to be to.
        topic: String,
        /// What to say if it was.
        challenge: String,
        /// The lease it grants.
        lease: Duration,
    },
    /// To say that there is, or remains, no subscription (§5.2).
    Deny {
        /// To what.
        topic: String,
        /// Why, if it says so.
        reason: Option<String>,
    },
}

impl Intent {
    /// Reads the query of a callback. We never ask to unsubscribe, so that nobody has to be told that we did.
    pub fn read(query: &str) -> Option<Self> {
        let field = |name: &str| {
            form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        let topic = field("hub.topic")?;
        match field("hub.mode")?.as_str() {
            "subscribe" => {
                let lease = field("hub.lease_seconds").map_or(Some(LEASE.as_secs()), |seconds| seconds.parse().ok())?;
                let lease = Duration::from_secs(lease).min(LONGEST_LEASE);
                Some(Self::Verify { topic, challenge: field("hub.challenge").filter(|text| !text.is_empty())?, lease })
            }
            "denied" => Some(Self::Deny { topic, reason: field("hub.reason") }),
            _ => None,
        }
    }
}

/// When a lease granted now ends, and when to ask for the next: with a quarter of it left, in which to try again.
pub fn renewal(lease: Duration, now: Timestamp) -> (Timestamp, Timestamp) {
    (later(now, lease), later(now, (lease * 3 / 4).max(SHORTEST_RENEWAL)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::HubOffer;

    #[test]
    fn a_request_is_a_form_with_everything_in_it() {
        let subscription = Subscription {
            feed: "news".to_owned(),
            offer: HubOffer { hub: "https://hub.example/".to_owned(), topic: "https://news.example/f?a=b&c".to_owned() },
            callback: "c4llb4ck".to_owned(),
            secret: "s3cret".to_owned(),
            asked_until: None,
            lease_until: None,
            delivers: false,
            failures: 0,
        };
        let form = form(&subscription, &"https://ww.example.org/websub/".parse().unwrap());
        assert_eq!(
            form,
            "hub.callback=https%3A%2F%2Fww.example.org%2Fwebsub%2Fc4llb4ck&hub.mode=subscribe\
             &hub.topic=https%3A%2F%2Fnews.example%2Ff%3Fa%3Db%26c&hub.lease_seconds=864000&hub.secret=s3cret"
        );
    }

    #[test]
    fn a_hub_comes_back_to_verify_or_to_deny() {
        let verify = "hub.mode=subscribe&hub.topic=https%3A%2F%2Fnews.example%2Ff&hub.challenge=a%2Bb&hub.lease_seconds=600";
        let (topic, challenge) = ("https://news.example/f".to_owned(), "a+b".to_owned());
        assert_eq!(
            Intent::read(verify),
            Some(Intent::Verify { topic: topic.clone(), challenge, lease: Duration::from_secs(600) })
        );
        let deny = "hub.mode=denied&hub.topic=https%3A%2F%2Fnews.example%2Ff&hub.reason=full";
        assert_eq!(Intent::read(deny), Some(Intent::Deny { topic, reason: Some("full".to_owned()) }));
    }

    #[test]
    fn everything_else_is_nothing_to_answer() {
        for query in [
            "",
            "hub.mode=subscribe&hub.challenge=a",
            "hub.mode=subscribe&hub.topic=t",
            "hub.mode=subscribe&hub.topic=t&hub.challenge=",
            "hub.mode=subscribe&hub.topic=t&hub.challenge=a&hub.lease_seconds=soon",
            "hub.mode=unsubscribe&hub.topic=t&hub.challenge=a",
            "hub.mode=publish&hub.topic=t",
        ] {
            assert_eq!(Intent::read(query), None, "{query}");
        }
    }

    #[test]
    fn a_lease_is_renewed_before_it_ends_and_never_at_once() {
        let now = Timestamp::UNIX_EPOCH;
        let seconds = |lease| {
            let (end, renew) = renewal(Duration::from_secs(lease), now);
            (end.as_second(), renew.as_second())
        };
        assert_eq!([seconds(864_000), seconds(0)], [(864_000, 648_000), (0, 60)]);
    }
}
