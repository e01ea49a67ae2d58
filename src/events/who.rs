//! Who holds which office on a day.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use crate::config::{Actor, Config};
use crate::text::Tokens;

/// Roles of those who lead a country.
pub(super) const LEADING: [&str; 3] = ["head-of-state", "head-of-government", "head-of-state-elect"];
/// The longest wait between an election and an oath, in days.
const LONGEST_WAIT_DAYS: i32 = 130;

/// Who is who on one day.
#[derive(Debug, Default)]
pub(super) struct Who {
    actors: Vec<(String, Actor)>,
    /// Those of each country.
    by_country: HashMap<String, Vec<usize>>,
    /// The office that governs a country, where another one ranks higher.
    led_by: BTreeMap<String, String>,
}

impl Who {
    pub(super) fn of(config: &Config) -> Self {
        let led_by = config.countries.iter().filter_map(|(code, country)| Some((code.clone(), country.led_by.clone()?)));
        let mut by_country: HashMap<String, Vec<usize>> = HashMap::new();
        for (number, actor) in config.actors.values().enumerate() {
            if let Some(country) = &actor.country {
                by_country.entry(country.clone()).or_default().push(number);
            }
        }
        let actors = config.actors.iter().map(|(id, actor)| (id.clone(), actor.clone())).collect();
        Self { actors, by_country, led_by: led_by.collect() }
    }

    pub(super) fn id(&self, actor: usize) -> &str {
        self.actors.get(actor).map_or("", |(id, _)| id)
    }

    pub(super) fn country(&self, actor: usize) -> Option<&str> {
        self.actors.get(actor).and_then(|(_, actor)| actor.country.as_deref())
    }

    /// Whether an actor holds one of these roles on a day; without roles, everybody does.
    pub(super) fn holds(&self, actor: usize, roles: &[String], day: Date) -> bool {
        let offices = self.actors.get(actor).map_or(&[][..], |(_, actor)| &actor.office);
        roles.is_empty()
            || offices.iter().any(|office| {
                let fits = roles.iter().any(|role| {
                    *role == office.role || (office.role.ends_with("-elect") && office.role.starts_with(role.as_str()))
                });
                fits && office.from.is_none_or(|from| from <= day) && office.to.is_none_or(|to| day <= to)
            })
    }

    /// Whether an actor leads a country on a day.
    pub(super) fn leads(&self, actor: usize, day: Date) -> bool {
        self.holds(actor, &LEADING.map(str::to_owned), day)
    }

    /// Whether an actor is to lead a country within the longest wait between an election and an oath.
    pub(super) fn will_lead(&self, actor: usize, day: Date) -> bool {
        let offices = self.actors.get(actor).map_or(&[][..], |(_, actor)| &actor.office);
        offices.iter().any(|office| {
            let wait = office.from.map(|from| (from - day).get_days());
            LEADING.contains(&office.role.as_str()) && wait.is_some_and(|days| (0..=LONGEST_WAIT_DAYS).contains(&days))
        })
    }

    /// Whether a word is part of one of an actor's names.
    pub(super) fn is_called(&self, actor: usize, word: &str) -> bool {
        let names = self.actors.get(actor).map_or(&[][..], |(_, actor)| &actor.names);
        names.iter().any(|name| Tokens::of(&name.value).words().any(|own| own == word))
    }

    /// Those of a country who hold one of these roles on a day, whoever governs it first.
    pub(super) fn holders(&self, country: &str, roles: &[String], day: Date) -> Vec<usize> {
        let of_country = self.by_country.get(country).into_iter().flatten().copied();
        let mut holders: Vec<usize> = of_country.filter(|actor| self.holds(*actor, roles, day)).collect();
        if let Some(role) = self.led_by.get(country) {
            let role = [role.clone()];
            holders.sort_by_key(|actor| !self.holds(*actor, &role, day));
        }
        holders
    }
}

/// Whether a role is one of those who lead a country.
pub(super) fn is_leading_role(role: &str) -> bool {
    LEADING.contains(&role)
}
