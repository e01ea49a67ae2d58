//! The plain values everyone speaks: articles, matches, stories, alerts, and what one poll or delivery came to.
//!
//! Nothing here does IO or asks the clock; every other module may import it and it imports none.

mod alert;
mod article;
mod change;
mod delivery;
mod habits;
mod health;
mod matching;
mod seen;
mod standing;
mod story;
mod subscription;
mod visit;

pub use alert::{Alert, AlertKind, Report, Severity, Updates};
pub use article::{Article, ArticleKey};
pub use change::{Change, Known, News};
pub use delivery::{Delivery, Settlement};
pub use habits::{Gap, Habits, Hints, Move, Rhythm};
pub use health::{Ailment, Episode, Health, Outage};
pub use matching::{Event, Evidence, Field, Match, Precision, Role, Status, Value};
pub use seen::{Ask, Seen, Sighting, Traits};
pub use standing::{FeedStanding, FeedStatus, HubStanding, OutboxStanding, Standing};
pub use story::{Joined, Place, Sketch, Story, StoryId};
pub use subscription::{ClaimedFeed, HubOffer, Subscribing, Subscription};
pub use visit::{
    BusyHost, Candidate, Decision, DueFeed, FeedReport, FeedState, Judge, Outcome, Recorded, Validators, Verdict, Visit,
};
