//! What is wrong with a configuration: where, what was found, what would be right.

use std::ops::Range;
use std::path::PathBuf;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// A file of the configuration, kept whole so that messages can quote it.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its path as the user wrote it.
    pub path: PathBuf,
    /// Its text.
    pub text: std::sync::Arc<str>,
}

/// A stretch of one file: bytes `span` of source number `source`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// Index into [`Diagnostics::sources`].
    pub source: usize,
    /// Bytes of that source's text.
    pub span: Range<usize>,
}

/// A value with the place it was written at.
#[derive(Debug, Clone, PartialEq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it stands, quotes included.
    pub spot: Spot,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gravity {
    /// The configuration cannot be used.
    Error,
    /// It can, but probably does not mean what was meant.
    Warning,
}

/// One finding.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// Error or warning.
    pub gravity: Gravity,
    /// What is wrong, in a sentence without a full stop.
    pub message: String,
    /// Where; `None` for what has no place, such as a missing file.
    pub spot: Option<Spot>,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// Adds what to do about it.
    pub fn hint(&mut self, hint: impl Into<String>) -> &mut Self {
        self.hint = Some(hint.into());
        self
    }
}

/// All findings, with the files they speak of. Everybody who checks a part of the configuration adds to one list, and nobody
/// stops at the first.
#[derive(Debug, Default)]
pub struct Diagnostics {
    /// The files read so far.
    pub sources: Vec<Source>,
    /// The findings so far.
    pub found: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds an error at a place.
    pub fn error(&mut self, spot: &Spot, message: impl Into<String>) -> &mut Diagnostic {
        self.push(Gravity::Error, Some(spot.clone()), message.into())
    }

    /// Adds an error that has no place.
    pub fn error_nowhere(&mut self, message: impl Into<String>) -> &mut Diagnostic {
        self.push(Gravity::Error, None, message.into())
    }

    /// Adds a warning at a place.
    pub fn warning(&mut self, spot: &Spot, message: impl Into<String>) -> &mut Diagnostic {
        self.push(Gravity::Warning, Some(spot.clone()), message.into())
    }

    /// How many errors there are.
    pub fn errors(&self) -> usize {
        self.found.iter().filter(|diagnostic| diagnostic.gravity == Gravity::Error).count()
    }

    /// The text of a source at a place.
    pub fn text(&self, spot: &Spot) -> &str {
        self.sources.get(spot.source).and_then(|source| source.text.get(spot.span.clone())).unwrap_or_default()
    }

    /// The file that a place is in.
    pub fn file(&self, spot: &Spot) -> String {
        self.sources.get(spot.source).map(|source| source.path.display().to_string()).unwrap_or_default()
    }

    /// A place as `file:line:column`.
    pub fn place(&self, spot: &Spot) -> String {
        let Some(source) = self.sources.get(spot.source) else { return String::new() };
        let before = source.text.get(..spot.span.start).unwrap_or_default();
        let (line, last) = (before.matches('\n').count() + 1, before.rsplit('\n').next().unwrap_or_default());
        format!("{}:{line}:{}", source.path.display(), last.chars().count() + 1)
    }

    /// Every finding as a compiler would print it: file, line, column, the line itself, a caret, the hint.
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let lines: Vec<Vec<usize>> = self.sources.iter().map(|source| line_starts(&source.text)).collect();
        let in_order = self.in_reading_order().into_iter();
        let blocks: Vec<String> = in_order.map(|diagnostic| renderer.render(&self.report(diagnostic, &lines))).collect();
        blocks.join("\n\n")
    }

    fn push(&mut self, gravity: Gravity, spot: Option<Spot>, message: String) -> &mut Diagnostic {
        let place = self.found.len();
        self.found.push(Diagnostic { gravity, message, spot, hint: None });
        &mut self.found[place]
    }

    fn in_reading_order(&self) -> Vec<&Diagnostic> {
        let mut found: Vec<&Diagnostic> = self.found.iter().collect();
        found.sort_by_key(|diagnostic| diagnostic.spot.as_ref().map(|spot| (spot.source, spot.span.start)));
        found
    }

    /// Quotes only the lines meant: a configuration may be large, and what is said of it much.
    fn report<'a>(&'a self, diagnostic: &'a Diagnostic, lines: &[Vec<usize>]) -> Vec<Group<'a>> {
        let level = match diagnostic.gravity {
            Gravity::Error => Level::ERROR,
            Gravity::Warning => Level::WARNING,
        };
        let title = level.primary_title(diagnostic.message.as_str());
        let mut group = match self.located(diagnostic) {
            Some((source, number, span)) => {
                let starts = lines.get(number).map_or(&[][..], Vec::as_slice);
                let line = starts.partition_point(|start| *start <= span.start).saturating_sub(1);
                let begin = starts.get(line).copied().unwrap_or_default();
                let end = starts.get(starts.partition_point(|start| *start <= span.end)).copied().unwrap_or(source.text.len());
                title.element(
                    Snippet::source(source.text.get(begin..end).unwrap_or_default())
                        .path(source.path.to_string_lossy())
                        .line_start(line + 1)
                        .annotation(AnnotationKind::Primary.span(span.start - begin..span.end - begin)),
                )
            }
            None => Group::with_title(title),
        };
        if let Some(hint) = &diagnostic.hint {
            group = group.element(Level::HELP.message(hint.as_str()));
        }
        vec![group]
    }

    /// The source that a finding is in, its number, and the bytes meant.
    fn located(&self, diagnostic: &Diagnostic) -> Option<(&Source, usize, Range<usize>)> {
        let spot = diagnostic.spot.as_ref()?;
        let source = self.sources.get(spot.source)?;
        Some((source, spot.source, spot.span.start.min(source.text.len())..spot.span.end.min(source.text.len())))
    }
}

/// Where each line of a text begins.
fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}

/// The nearest of the known words, if it is near enough to be a slip of the fingers.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    /// Below this Jaro–Winkler similarity a suggestion confuses more than it helps.
    const NEAR_ENOUGH: f64 = 0.75;
    known
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&word.to_lowercase(), candidate), candidate))
        .filter(|(similarity, _)| *similarity >= NEAR_ENOUGH)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}
