//! What a feed says about when to ask it: RSS 2.0 `ttl`, `skipHours` and `skipDays`, and the syndication module of RSS 1.0
//! (<https://web.resource.org/rss/1.0/modules/syndication/>). Whatever of it cannot be read is not said.

use super::vocabulary::Field;
use crate::model::Hints;

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// The periods of `updatePeriod`, in hours.
const PERIODS: [(&str, u64); 5] = [("hourly", 1), ("daily", 24), ("weekly", 7 * 24), ("monthly", 30 * 24), ("yearly", 365 * 24)];

/// What has been said so far.
#[derive(Debug, Default)]
pub(super) struct Said {
    hints: Hints,
    period: Option<u64>,
    frequency: Option<u64>,
    names_its_software: bool,
}

impl Said {
    /// Takes what an element says. Of those that are given twice the last counts.
    pub(super) fn note(&mut self, field: Field, words: &str) {
        let number = || words.parse::<u64>().ok();
        match field {
            Field::Ttl => self.hints.ttl_minutes = number().map_or(0, |minutes| u32::try_from(minutes).unwrap_or(u32::MAX)),
            // the hour before midnight is 23; some write 24 for midnight, as RSS 0.91 did
            Field::SkipHour => self.hints.skip_hours |= number().filter(|hour| *hour <= 24).map_or(0, |hour| 1 << (hour % 24)),
            Field::SkipDay => self.hints.skip_days |= place(&DAYS, words).map_or(0, |day| 1 << day),
            Field::UpdatePeriod => {
                self.period = PERIODS.iter().find(|(name, _)| name.eq_ignore_ascii_case(words)).map(|(_, hours)| *hours)
            }
            Field::UpdateFrequency => self.frequency = number().filter(|times| *times > 0),
            Field::UpdateBase => self.hints.update_base = words.parse().ok(),
            Field::Generator => self.names_its_software = true,
            _ => {}
        }
    }

    /// A period not given is a day, a frequency not given is one. "Hourly, once" beside a `generator` is what software writes
    /// into every feed of its own accord, and nobody's wish.
    pub(super) fn hints(self) -> Hints {
        let update_seconds = match (self.period, self.frequency) {
            (None, None) => 0,
            (Some(1), None | Some(1)) if self.names_its_software => 0,
            (period, times) => period.unwrap_or(24) * 3600 / times.unwrap_or(1),
        };
        Hints { update_seconds, ..self.hints }
    }
}

fn place(names: &[&str], name: &str) -> Option<usize> {
    names.iter().position(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use crate::feed::parse;
    use crate::model::Hints;

    fn hints(document: &[u8]) -> Hints {
        parse(document, None, None).map(|feed| feed.hints).unwrap_or_default()
    }

    fn document(channel: &str) -> String {
        format!("<rss version=\"2.0\"><channel><title>t</title>{channel}</channel></rss>")
    }

    fn of(channel: &str) -> Hints {
        hints(document(channel).as_bytes())
    }

    #[test]
    fn a_time_to_live_is_told_in_minutes() {
        let ttl = |words| of(&format!("<ttl>{words}</ttl>")).ttl_minutes;
        assert_eq!([ttl("60"), ttl(" 5 "), ttl("soon"), ttl("-5"), ttl("99999999999")], [60, 5, 0, 0, u32::MAX]);
    }

    #[test]
    fn hours_and_days_to_skip_are_collected() {
        let hints = of("<skipHours><hour>0</hour><hour>23</hour><hour>24</hour><hour>77</hour></skipHours>\
            <skipDays><day>Saturday</day><day>sunday</day><day>Caturday</day></skipDays>");
        assert_eq!((hints.skip_hours, hints.skip_days), (1 | 1 << 23, 0b110_0000));
    }

    #[test]
    fn an_update_period_is_divided_by_its_frequency() {
        let seconds = |channel| of(channel).update_seconds;
        assert_eq!(seconds("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"), 6 * 3600);
        assert_eq!(seconds("<sy:updatePeriod>\n hourly \n</sy:updatePeriod>"), 3600);
        assert_eq!(seconds("<sy:updateFrequency>2</sy:updateFrequency>"), 12 * 3600);
        assert_eq!(seconds("<sy:updatePeriod>now and then</sy:updatePeriod>"), 0);
        assert_eq!(seconds("<sy:updatePeriod>weekly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>"), 7 * 86_400);
    }

    #[test]
    fn an_update_base_is_a_moment() {
        let hints = of("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateBase>2000-01-01T12:00+00:00</sy:updateBase>");
        assert_eq!(hints.update_base, Some("2000-01-01T12:00:00Z".parse().unwrap()));
    }

    #[test]
    fn what_software_says_of_its_own_accord_is_nobodys_wish() {
        let software = "<generator>https://wordpress.org/?v=6.8</generator>";
        let hourly = "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>";
        let daily = "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>";
        assert_eq!(of(&format!("{hourly}{software}")).update_seconds, 0);
        assert_eq!(of(&format!("{daily}{software}")).update_seconds, 86_400);
        assert_eq!(of(hourly).update_seconds, 3600);
    }

    #[test]
    fn entries_have_no_say_and_what_comes_after_them_is_heard() {
        let hints = of("<item><ttl>9</ttl><title>ttl</title></item><item/><ttl>30</ttl>");
        assert_eq!(hints.ttl_minutes, 30);
    }

    #[test]
    fn hints_are_heard_in_every_encoding_and_by_every_prefix() {
        let document = document("<ttl>60</ttl><a:skipHours><a:hour>5</a:hour></a:skipHours><ttl/>")
            .replace("<rss", "<rss xmlns:s='http://purl.org/rss/1.0/modules/syndication/'");
        let document = document.replace("<ttl/>", "<s:updatePeriod><![CDATA[daily]]></s:updatePeriod>").replace("a:", "rss:");
        let utf16: Vec<u8> = document.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [document.into_bytes(), utf16] {
            let hints = hints(&bytes);
            assert_eq!((hints.ttl_minutes, hints.skip_hours, hints.update_seconds), (60, 1 << 5, 86_400));
        }
    }

    #[test]
    fn what_cannot_be_read_says_nothing() {
        for document in ["", "<ttl>", "<ttl>5", "{\"a\": \"<ttl\"}", "<a><ttl>1</b></a>", "\u{0}<ttl>\u{0}</ttl>"] {
            let _ = hints(document.as_bytes());
        }
        assert_eq!(hints(b"<rss><channel><title>updatePeriod</title></channel></rss>"), Hints::default());
    }

    proptest::proptest! {
        #[test]
        fn no_document_is_too_broken_to_be_looked_at(before in ".{0,40}", words in "(<ttl>|<skipHours>|<hour>|</hour>|&amp;|&|<!|]]>|-->|<sy:updateBase>|[0-9]{1,25}|<item>){0,12}") {
            let _ = hints(format!("{before}<ttl>{words}").as_bytes());
        }
    }
}
