//! A TOML table being read key by key: what is wrong is reported in its place, and what nobody asked for at the end.
//!
//! Deserialising with serde would stop at the first mistake of a table; this goes on to the last.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::diagnostic::{Diagnostics, Located, Spot, nearest};
use super::value::FromItem;

/// A value with its place and the dotted path that leads to it.
pub(super) struct Item<'t> {
    pub(super) source: usize,
    pub(super) path: String,
    pub(super) value: &'t Spanned<DeValue<'t>>,
}

impl<'t> Item<'t> {
    /// Where it stands.
    pub(super) fn spot(&self) -> Spot {
        Spot { source: self.source, span: self.value.span() }
    }

    /// Reports that something else was expected, and reads as nothing.
    pub(super) fn expected<T>(&self, what: &str, diagnostics: &mut Diagnostics) -> Option<T> {
        let found = self.value.get_ref().type_str();
        diagnostics.error(&self.spot(), format!("`{}` must be {what}, but is of type {found}", self.path));
        None
    }

    /// Reports that the value is of the right type but of no use, and reads as nothing.
    pub(super) fn unusable<T>(&self, why: impl std::fmt::Display, hint: &str, diagnostics: &mut Diagnostics) -> Option<T> {
        diagnostics.error(&self.spot(), format!("`{}`: {why}", self.path)).hint(hint);
        None
    }

    /// What parsing the value came to; a failure is reported, and reads as nothing.
    pub(super) fn parsed<T, E: std::fmt::Display>(
        &self,
        parsed: Result<T, E>,
        hint: &str,
        diagnostics: &mut Diagnostics,
    ) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(why) => self.unusable(why, hint, diagnostics),
        }
    }

    /// The value as text.
    pub(super) fn text(&self, what: &str, diagnostics: &mut Diagnostics) -> Option<&'t str> {
        self.value.get_ref().as_str().or_else(|| self.expected(what, diagnostics))
    }

    /// The value as a table.
    pub(super) fn table(&self, diagnostics: &mut Diagnostics) -> Option<Reader<'t>> {
        match self.value.get_ref() {
            DeValue::Table(table) => Some(Reader::new(self.source, self.path.clone(), table, self.spot())),
            _ => self.expected("a table", diagnostics),
        }
    }

    /// The elements of the value, if it is an array.
    pub(super) fn elements(&self) -> Option<Vec<Item<'t>>> {
        let array = self.value.get_ref().as_array()?;
        let item = |value| Item { source: self.source, path: self.path.clone(), value };
        Some(array.iter().map(item).collect())
    }
}

/// A table whose keys are asked for by name.
pub(super) struct Reader<'t> {
    source: usize,
    path: String,
    table: &'t DeTable<'t>,
    spot: Spot,
    asked: Vec<&'static str>,
}

impl<'t> Reader<'t> {
    /// Reads a table that stands at `spot` under the dotted `path`, empty for a whole file.
    pub(super) fn new(source: usize, path: String, table: &'t DeTable<'t>, spot: Spot) -> Self {
        Self { source, path, table, spot, asked: Vec::new() }
    }

    /// Where the table stands: its header, or its braces.
    pub(super) fn spot(&self) -> &Spot {
        &self.spot
    }

    /// Whether a key is there, usable or not.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// The value of a key, if it is there.
    pub(super) fn item(&mut self, key: &'static str) -> Option<Item<'t>> {
        self.asked.push(key);
        let value = self.table.get(key)?;
        Some(Item { source: self.source, path: self.path_of(key), value })
    }

    /// The value of a key that may be absent.
    pub(super) fn optional<T: FromItem>(&mut self, key: &'static str, diagnostics: &mut Diagnostics) -> Option<T> {
        let item = self.item(key)?;
        T::read(&item, diagnostics)
    }

    /// The value of a key that must be there.
    pub(super) fn required<T: FromItem>(&mut self, key: &'static str, diagnostics: &mut Diagnostics) -> Option<T> {
        match self.item(key) {
            Some(item) => T::read(&item, diagnostics),
            None => {
                diagnostics.error(&self.spot, format!("[{}] lacks `{key}`", self.path)).hint(format!("add `{key} = …`"));
                None
            }
        }
    }

    /// A table under a key that may be absent.
    pub(super) fn table(&mut self, key: &'static str, diagnostics: &mut Diagnostics) -> Option<Reader<'t>> {
        self.item(key)?.table(diagnostics)
    }

    /// What stands under a key whose own keys are names the user chose, one after the other: there may be many.
    pub(super) fn named_items(
        &mut self,
        key: &'static str,
        diagnostics: &mut Diagnostics,
    ) -> impl Iterator<Item = (Located<String>, Item<'t>)> + use<'t> {
        let (source, table) = (self.source, self.table(key, diagnostics));
        table.into_iter().flat_map(move |table| {
            table.table.iter().map(move |(name, value)| {
                let spot = Spot { source, span: name.span() };
                let path = table.path_of(name.get_ref());
                (Located { value: name.get_ref().to_string(), spot }, Item { source, path, value })
            })
        })
    }

    /// The values under a key whose own keys the user chose.
    pub(super) fn map<T: FromItem>(&mut self, key: &'static str, diagnostics: &mut Diagnostics) -> BTreeMap<String, T> {
        let Some(values) = self.table(key, diagnostics) else { return BTreeMap::new() };
        let mut read = |(name, value): (&'t Spanned<DeString<'t>>, &'t Spanned<DeValue<'t>>)| {
            let item = Item { source: self.source, path: values.path_of(name.get_ref()), value };
            Some((name.get_ref().to_string(), T::read(&item, diagnostics)?))
        };
        values.table.iter().filter_map(&mut read).collect()
    }

    /// Reports every key that nobody asked for.
    pub(super) fn finish(&self, diagnostics: &mut Diagnostics) {
        for key in self.table.keys().filter(|key| !self.asked.contains(&key.get_ref().as_ref())) {
            let place = if self.path.is_empty() { "the top level".to_owned() } else { format!("[{}]", self.path) };
            let hint = match nearest(key.get_ref(), self.asked.iter().copied()) {
                Some(known) => format!("did you mean `{known}`?"),
                None => format!("known here: {}", self.asked.join(", ")),
            };
            let spot = Spot { source: self.source, span: key.span() };
            diagnostics.error(&spot, format!("unknown key `{}` in {place}", key.get_ref())).hint(hint);
        }
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}
