//! The kinds of value a key can have, and what is said when it has another.

use std::net::IpAddr;
use std::time::Duration;

use ipnet::IpNet;
use jiff::civil::Date;
use url::Url;

use super::Dialect;
use super::diagnostic::{Diagnostics, Located, nearest};
use super::reader::Item;
use crate::model::{Ailment, Severity, Status, Updates};

/// A type that can be read from a TOML value; what cannot be read is reported.
pub(super) trait FromItem: Sized {
    /// Reads the value, or reports why it cannot be.
    fn read(item: &Item<'_>, diagnostics: &mut Diagnostics) -> Option<Self>;
}

impl FromItem for String {
    fn read(item: &Item<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        item.text("text in quotes", diagnostics).map(str::to_owned)
    }
}

impl FromItem for bool {
    fn read(item: &Item<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        item.value.get_ref().as_bool().or_else(|| item.expected("true or false", diagnostics))
    }
}

impl FromItem for usize {
    fn read(item: &Item<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let number =
            item.value.get_ref().as_integer().and_then(|number| Self::from_str_radix(number.as_str(), number.radix()).ok());
        number.filter(|number| *number > 0).or_else(|| item.expected("a whole number above 0", diagnostics))
    }
}

/// Hours between two clocks.
impl FromItem for i8 {
    fn read(item: &Item<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let number = item.value.get_ref().as_integer().and_then(|number| Self::from_str_radix(number.as_str(), 10).ok());
        number.filter(|hours| (-12..=14).contains(hours)).or_else(|| item.expected("hours, from -12 to 14", diagnostics))
    }
}

impl FromItem for f64 {
    fn read(item: &Item<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let value = item.value.get_ref();
        let text = value.as_float().map(|number| number.as_str()).or_else(|| value.as_integer().map(|number| number.as_str()));
        text.and_then(|text| text.parse().ok()).or_else(|| item.expected("a number", diagnostics))
    }
}

impl FromItem for Status {
    fn read(item: &Item<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let words = Self::ALL.map(Self::as_str);
        let text = item.text("a status in quotes", diagnostics)?;
        Self::ALL.into_iter().find(|status| status.as_str() == text).or_else(|| {
            let hint = format!("an event is {}", words.join(", "));
            item.unusable(format!("`{text}` is not how an event can stand"), &hint, diagnostics)
        })
    }
}

impl FromItem for Duration {
    fn read(item: &Item<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        const HINT: &str = "write durations like \"90s\", \"5m\" or \"1h30m\"";
        let text = item.text("a duration in quotes", diagnostics)?;
        item.parsed(humantime::parse_duration(text).map_err(|_| format!("`{text}` is not a duration")), HINT, diagnostics)
    }
}

impl FromItem for bytesize::ByteSize {
    fn read(item: &Item<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let text = item.text("a size in quotes", diagnostics)?;
        let size = text.parse::<Self>().map_err(|_| format!("`{text}` is not a size"));
        item.parsed(size, "write sizes like \"512KiB\" or \"8MiB\"", diagnostics)
    }
}

impl FromItem for Url {
    fn read(item: &Item<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        const HINT: &str = "write the whole address, such as \"https://example.org/feed.xml\"";
        let text = item.text("an address in quotes", diagnostics)?;
        match Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Some(url),
            Ok(url) => item.unusable(format!("`{}:` is not http or https", url.scheme()), HINT, diagnostics),
            Err(why) => item.unusable(format!("`{text}` is not an address: {why}"), HINT, diagnostics),
        }
    }
}

impl FromItem for IpNet {
    fn read(item: &Item<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let text = item.text("a network in quotes", diagnostics)?;
        let network = text.parse::<Self>().or_else(|_| text.parse::<IpAddr>().map(Self::from));
        item.parsed(network.map_err(|_| format!("`{text}` is not a network")), "write networks like \"10.0.0.0/8\"", diagnostics)
    }
}

impl FromItem for Date {
    fn read(item: &Item<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let text = match item.value.get_ref().as_datetime() {
            Some(date) => date.to_string(),
            None => item.text("a date", diagnostics)?.to_owned(),
        };
        let date = text.parse::<Self>().map_err(|_| format!("`{text}` is not a date"));
        item.parsed(date, "write dates like \"2013-03-14\"", diagnostics)
    }
}

impl FromItem for Severity {
    fn read(item: &Item<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let words = Self::ALL.map(Self::as_str);
        let text = item.text("a severity in quotes", diagnostics)?;
        Self::ALL.into_iter().find(|severity| severity.as_str() == text).or_else(|| {
            let hint = match nearest(text, words) {
                Some(known) => format!("did you mean `{known}`?"),
                None => format!("severities are {}", words.join(", ")),
            };
            item.unusable(format!("`{text}` is not a severity"), &hint, diagnostics)
        })
    }
}

impl FromItem for Ailment {
    fn read(item: &Item<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let words = Self::ALL.map(Self::as_str);
        let text = item.text("what may be wrong with a feed in quotes", diagnostics)?;
        Self::ALL.into_iter().find(|ailment| ailment.as_str() == text).or_else(|| {
            let hint = match nearest(text, words) {
                Some(known) => format!("did you mean `{known}`?"),
                None => format!("a feed may be {}", words.join(", ")),
            };
            item.unusable(format!("`{text}` is nothing that a feed may be"), &hint, diagnostics)
        })
    }
}

impl FromItem for Updates {
    fn read(item: &Item<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let words = Self::ALL.map(Self::as_str);
        let text = item.text("\"material\", \"all\" or \"none\"", diagnostics)?;
        Self::ALL.into_iter().find(|updates| updates.as_str() == text).or_else(|| {
            let hint = format!("updates are {}", words.join(", "));
            item.unusable(format!("`{text}` is not a choice of updates"), &hint, diagnostics)
        })
    }
}

impl FromItem for Dialect {
    fn read(item: &Item<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let words = Self::ALL.map(Self::as_str);
        let text = item.text("a dialect in quotes", diagnostics)?;
        Self::ALL.into_iter().find(|dialect| dialect.as_str() == text).or_else(|| {
            let hint = format!("dialects are {}", words.join(", "));
            item.unusable(format!("`{text}` is not a dialect that is understood"), &hint, diagnostics)
        })
    }
}

impl FromItem for glob::Pattern {
    fn read(item: &Item<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let text = item.text("a name or pattern in quotes", diagnostics)?;
        item.parsed(Self::new(text), "`*` stands for any text, `?` for one character", diagnostics)
    }
}

impl FromItem for lettre::message::Mailbox {
    fn read(item: &Item<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        const HINT: &str = "write addresses like \"desk@example.org\" or \"News Desk <desk@example.org>\"";
        let text = item.text("a mail address in quotes", diagnostics)?;
        item.parsed(text.parse::<Self>().map_err(|_| format!("`{text}` is not a mail address")), HINT, diagnostics)
    }
}

impl<T: FromItem> FromItem for Located<T> {
    fn read(item: &Item<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        Some(Self { value: T::read(item, diagnostics)?, spot: item.spot() })
    }
}

impl<T: FromItem> FromItem for Vec<T> {
    fn read(item: &Item<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let elements = item.elements().or_else(|| item.expected("a list in brackets", diagnostics))?;
        Some(elements.iter().filter_map(|element| T::read(element, diagnostics)).collect())
    }
}

/// A list that may be written without brackets when it has one element.
pub(super) struct OneOrMany<T>(pub(super) Vec<T>);

impl<T: FromItem> FromItem for OneOrMany<T> {
    fn read(item: &Item<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        match item.elements() {
            Some(elements) if elements.is_empty() => {
                item.unusable("the list is empty", "name at least one, or leave it out", diagnostics)
            }
            Some(_) => Vec::read(item, diagnostics).map(Self),
            None => T::read(item, diagnostics).map(|one| Self(vec![one])),
        }
    }
}
