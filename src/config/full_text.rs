//! `full_text` of a feed: of which articles the page is read.

use super::diagnostic::Diagnostics;
use super::reader::Item;
use super::value::FromItem;

/// Of which articles of a feed the page is read, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FullText {
    /// Of none.
    Never,
    /// Of those that some rule could still fire on if there were more text. The default: most feeds give a headline and a sentence, and a missed
    /// event is worse than a page that was asked for in vain.
    #[default]
    Auto,
    /// Of all.
    Always,
}

impl FullText {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Never, Self::Auto, Self::Always];

    /// The word used in configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Auto => "auto",
            Self::Always => "always",
        }
    }
}

impl FromItem for FullText {
    fn read(item: &Item<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let words = Self::ALL.map(Self::as_str);
        let text = item.text("\"never\", \"auto\" or \"always\"", diagnostics)?;
        Self::ALL.into_iter().find(|choice| choice.as_str() == text).or_else(|| {
            let hint = format!("`full_text` is {}", words.join(", "));
            item.unusable(format!("`{text}` does not say of which articles the page is read"), &hint, diagnostics)
        })
    }
}
