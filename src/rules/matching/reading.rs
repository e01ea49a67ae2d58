//! An article prepared once for all rules: its texts laid end to end, and where in them the words of the vocabulary stand.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::{Deref, Range};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::near::{Layout, Span};
use crate::events::{Recognised, Recogniser};
use crate::model::{Article, Evidence, Field, Status};
use crate::rules::actors::{Actors, Mention};
use crate::rules::query::{DISTANCES, Scope};
use crate::text::vocabulary::Vocabulary;
use crate::text::{Analysis, Index, Language, Positions, Text};

/// How many positions lie between two texts: more than any distance that can be asked for.
const GAP: u32 = 4 * *DISTANCES.end() as u32;

/// What rules look words up in.
#[derive(Debug, Default)]
pub struct Glossary {
    /// Every word asked for.
    pub vocabulary: Vocabulary,
    /// Everybody who can be named.
    pub actors: Actors,
    /// What can happen.
    pub recogniser: Recogniser,
    /// The tags of each feed.
    pub tags: BTreeMap<String, Vec<String>>,
    /// Whether any rule asks for what is known about an article.
    pub asks_about: bool,
    /// Whether any expression asks for an event.
    pub asks_for_events: bool,
}

/// An article prepared for matching.
pub struct Reading<'a> {
    glossary: &'a Glossary,
    article: &'a Article,
    analysis: &'a Analysis,
    segments: Vec<Segment<'a>>,
    /// The position after the last word of headline and body.
    text_end: u32,
    language: Language,
    day: OnceCell<Date>,
    mentions: OnceCell<Vec<Mention>>,
    events: OnceCell<Vec<Recognised>>,
    positions: Positions,
}

/// One text, and the position of its first word.
struct Segment<'a> {
    field: Field,
    start: u32,
    text: Kept<'a>,
}

/// A text of the article's analysis, or one of its own.
enum Kept<'a> {
    Lent(&'a Text),
    Own(Box<Text>),
}

impl Deref for Kept<'_> {
    type Target = Text;

    fn deref(&self) -> &Text {
        match self {
            Self::Lent(text) => text,
            Self::Own(text) => text,
        }
    }
}

impl<'a> Reading<'a> {
    /// Looks every word of an article up.
    pub fn of(article: &'a Article, analysis: &'a Analysis, glossary: &'a Glossary, mut positions: Positions) -> Self {
        positions.start(glossary.vocabulary.count());
        let language = if glossary.vocabulary.has_stems() { analysis.language() } else { Language::Other };
        let mut reading = Self {
            glossary,
            article,
            analysis,
            segments: Vec::with_capacity(2),
            text_end: 0,
            language,
            day: OnceCell::new(),
            mentions: OnceCell::new(),
            events: OnceCell::new(),
            positions,
        };
        reading.add(Field::Title, Kept::Lent(&analysis.title));
        reading.add(Field::Body, Kept::Lent(&analysis.body));
        reading.text_end = reading.segments.last().map_or(0, |body| body.range().end);
        if glossary.asks_about {
            reading.add_what_is_known(article);
        }
        reading
    }

    /// The tables, to be used again.
    pub fn into_positions(self) -> Positions {
        self.positions
    }

    /// Where its words stand.
    pub fn positions(&self) -> &Positions {
        &self.positions
    }

    /// Where the words of headline and body stand.
    pub fn index(&self) -> Index<'_> {
        let body = self.segments.get(1).map_or(0, |body| body.start);
        Index { analysis: self.analysis, vocabulary: &self.glossary.vocabulary, positions: &self.positions, body }
    }

    /// What its words were looked up in.
    pub fn glossary(&self) -> &'a Glossary {
        self.glossary
    }

    /// The day that offices are judged by: the article's, in UTC.
    pub fn day(&self) -> Date {
        *self.day.get_or_init(|| self.article.when().to_zoned(TimeZone::UTC).date())
    }

    /// The events it reports, found when first asked for.
    pub fn events(&self) -> &[Recognised] {
        self.events.get_or_init(|| self.glossary.recogniser.recognise(self.article, &self.index()))
    }

    /// Whether it reports that an event of a kind has occurred.
    pub fn reports(&self, kind: &str) -> bool {
        self.events().iter().any(|found| found.event.kind == kind && found.event.status == Status::Occurred)
    }

    /// Whether headline and body are all that is read of it.
    pub fn is_text_alone(&self) -> bool {
        self.segments.len() == 2
    }

    /// Everybody named in headline and body, in order.
    pub fn mentions(&self) -> &[Mention] {
        self.mentions.get_or_init(|| {
            let texts = self.segments.iter().take(2);
            texts.flat_map(|segment| self.mentions_in(segment)).collect()
        })
    }

    /// The positions of a part of the article; of headline and body without one.
    pub fn range(&self, scope: Option<Scope>) -> Range<u32> {
        let Some(scope) = scope else { return 0..self.text_end };
        let of = |field| self.segments.iter().find(|segment| segment.field == field).map_or(0..0, Segment::range);
        let lead = || {
            let body = of(Field::Body);
            body.start..body.start + self.segments.get(1).map_or(0, |segment| first_paragraph(&segment.text))
        };
        match scope {
            Scope::Field(field) => of(field),
            Scope::Lead => lead(),
            Scope::Top => 0..lead().end,
        }
    }

    /// The text that holds a position, and the position in that text.
    pub fn locate(&self, position: u32) -> Option<(Field, &Text, usize)> {
        let segment = self.segment_of(position)?;
        Some((segment.field, &*segment.text, (position - segment.start) as usize))
    }

    /// The headline and the body, with the position of the first word of each.
    pub fn texts(&self) -> impl Iterator<Item = (u32, &Text)> {
        self.segments.iter().take(2).map(|segment| (segment.start, &*segment.text))
    }

    /// Words in a row as evidence.
    pub fn evidence(&self, span: Span) -> Option<Evidence> {
        let (field, text, first) = self.locate(span.first)?;
        Some(text.evidence(field, first, first + (span.last - span.first) as usize, span.role))
    }

    fn segment_of(&self, position: u32) -> Option<&Segment<'a>> {
        self.segments.iter().find(|segment| segment.range().contains(&position))
    }

    fn add(&mut self, field: Field, text: Kept<'a>) {
        let start = self.segments.last().map_or(0, |before| before.range().end + GAP);
        self.positions.read(&text, start, self.language, &self.glossary.vocabulary);
        self.segments.push(Segment { field, start, text });
    }

    fn add_what_is_known(&mut self, article: &Article) {
        let tags = article.feed.as_ref().and_then(|feed| self.glossary.tags.get(feed)).map(|tags| tags.join(" / "));
        let known = [
            (Field::Outlet, Some(article.outlet.as_str())),
            (Field::Feed, article.feed.as_deref()),
            (Field::Tag, tags.as_deref()),
            (Field::Lang, article.language.as_deref()),
            (Field::Author, article.author.as_deref()),
            (Field::Url, article.url.as_deref()),
        ];
        for (field, text) in known {
            self.add(field, Kept::Own(Box::new(Text::of(text.unwrap_or_default()))));
        }
    }

    fn mentions_in(&self, segment: &Segment<'a>) -> Vec<Mention> {
        let names = self.index().find(self.glossary.actors.names(), segment.field);
        self.glossary.actors.mentions(names, segment.start, self.day())
    }
}

impl Segment<'_> {
    fn range(&self) -> Range<u32> {
        self.start..self.start + self.text.len() as u32
    }
}

impl Layout for Reading<'_> {
    fn sentence(&self, position: u32) -> Range<u32> {
        self.around(position, |text, word| {
            let sentence = text.sentences().get(text.sentence_of(word)?)?;
            Some(sentence.first_word..sentence.last_word + 1)
        })
    }

    fn paragraph(&self, position: u32) -> Range<u32> {
        self.around(position, |text, word| {
            let at = text.bytes(word, word).start;
            let (before, after) = text.plain().split_at_checked(at)?;
            let start = before.rfind('\n').map_or(0, |newline| newline + 1);
            let end = after.find('\n').map_or(text.plain().len(), |newline| at + newline);
            Some(text.words_before(start)..text.words_before(end))
        })
    }
}

impl Reading<'_> {
    fn around(&self, position: u32, find: impl FnOnce(&Text, usize) -> Option<Range<usize>>) -> Range<u32> {
        let found = self.segment_of(position).and_then(|segment| {
            let range = find(&segment.text, (position - segment.start) as usize)?;
            Some(segment.start + range.start as u32..segment.start + range.end as u32)
        });
        found.unwrap_or(position..position + 1)
    }
}

/// How many words a text's first paragraph has.
fn first_paragraph(text: &Text) -> u32 {
    text.plain().find('\n').map_or(text.len(), |end| text.words_before(end)) as u32
}

/// Whether two places this far apart are in one text.
pub fn is_one_text(distance: u32) -> bool {
    distance < GAP
}
