//! The rule language once more, as plainly as it can be said: an article is a list of words, and an expression is asked about
//! every pair of places. What it answers is what the matcher must answer, whatever the number of rules.

use std::fmt;

/// An expression over words, each of one lower-case letter or two.
#[derive(Debug, Clone)]
pub enum Naive {
    Word(&'static str),
    /// A word that begins so.
    Beginning(&'static str),
    Phrase(Vec<&'static str>),
    /// Within so many words of each other, the second after the first if so wished.
    Close {
        ordered: bool,
        negated: bool,
        within: usize,
        one: Box<Naive>,
        other: Box<Naive>,
    },
    Sentence(Box<Naive>, Box<Naive>),
    AtLeast(usize, Box<Naive>),
    Either(Vec<Naive>),
    Title(Box<Naive>),
    Body(Box<Naive>),
    And(Vec<Naive>),
    Or(Vec<Naive>),
    AndNot(Box<Naive>, Box<Naive>),
}

/// The words that everything is made of.
pub const WORDS: [&str; 8] = ["a", "b", "c", "d", "ab", "ac", "bd", "cd"];

/// What every sentence begins with.
const FIRST: &str = "xx";

/// A text as sentences of words.
pub type Text = Vec<Vec<&'static str>>;

/// A title and a body.
#[derive(Debug, Clone)]
pub struct Article {
    pub title: Text,
    pub body: Text,
}

/// Choices, one after the other, all first ones when they have run out.
pub struct Choices<'a>(pub &'a [u8]);

impl Choices<'_> {
    /// A number below another.
    pub fn below(&mut self, bound: usize) -> usize {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        usize::from(*first) % bound
    }

    fn word(&mut self) -> &'static str {
        WORDS[self.below(WORDS.len())]
    }

    /// An expression no deeper than so many levels.
    pub fn expression(&mut self, depth: usize) -> Naive {
        if depth == 0 {
            return self.place(0);
        }
        match self.below(8) {
            0 | 1 => self.place(depth),
            2 => Naive::And((0..2 + self.below(2)).map(|_| self.expression(depth - 1)).collect()),
            3 => Naive::Or((0..2 + self.below(2)).map(|_| self.expression(depth - 1)).collect()),
            4 => Naive::AndNot(Box::new(self.expression(depth - 1)), Box::new(self.expression(depth - 1))),
            5 => Naive::Title(Box::new(self.place(depth - 1))),
            6 => Naive::Body(Box::new(self.expression_without_fields(depth - 1))),
            _ => Naive::AtLeast(1 + self.below(3), Box::new(self.place(depth - 1))),
        }
    }

    fn expression_without_fields(&mut self, depth: usize) -> Naive {
        let (one, other) = (self.place(depth), self.place(depth));
        if self.below(2) == 0 { Naive::And(vec![one, other]) } else { Naive::AndNot(Box::new(one), Box::new(other)) }
    }

    /// An expression that has places.
    fn place(&mut self, depth: usize) -> Naive {
        match self.below(if depth == 0 { 4 } else { 7 }) {
            0 | 1 => Naive::Word(self.word()),
            2 => Naive::Beginning(["ab", "ac", "bd", "cd"][self.below(4)]),
            3 => Naive::Phrase((0..2 + self.below(2)).map(|_| self.word()).collect()),
            4 => Naive::Either(vec![self.place(depth - 1), self.place(depth - 1)]),
            5 => Naive::Sentence(Box::new(self.place(depth - 1)), Box::new(self.place(depth - 1))),
            _ => Naive::Close {
                ordered: self.below(2) == 0,
                negated: self.below(4) == 0,
                within: 1 + self.below(5),
                one: Box::new(self.place(depth - 1)),
                other: Box::new(self.place(depth - 1)),
            },
        }
    }

    /// An article of a few sentences.
    pub fn article(&mut self) -> Article {
        let (title, body) = (self.text(2), self.text(5));
        Article { title, body }
    }

    fn text(&mut self, most: usize) -> Text {
        let mut sentence = || std::iter::once(FIRST).chain((0..1 + self.below(7)).map(|_| self.word())).collect();
        (0..most).map(|_| sentence()).collect()
    }
}

/// A place in a text, its first and its last word. Close places count as one for each of the words they rest on.
type Place = (usize, usize);

impl Naive {
    /// Whether it holds for an article.
    pub fn holds(&self, article: &Article) -> bool {
        self.holds_in(&[&article.title, &article.body], article)
    }

    fn holds_in(&self, texts: &[&Text], article: &Article) -> bool {
        match self {
            Self::And(operands) => operands.iter().all(|operand| operand.holds_in(texts, article)),
            Self::Or(operands) => operands.iter().any(|operand| operand.holds_in(texts, article)),
            Self::AndNot(one, other) => one.holds_in(texts, article) && !other.holds_in(texts, article),
            Self::Title(operand) => operand.holds_in(&[&article.title], article),
            Self::Body(operand) => operand.holds_in(&[&article.body], article),
            Self::AtLeast(times, operand) => texts.iter().map(|text| operand.places(text).len()).sum::<usize>() >= *times,
            _ => texts.iter().any(|text| !self.places(text).is_empty()),
        }
    }

    /// Every place in a text, each once.
    fn places(&self, text: &Text) -> Vec<Place> {
        let words: Vec<&str> = text.iter().flatten().copied().collect();
        let mut places = match self {
            Self::Word(word) => (0..words.len()).filter(|at| words[*at] == *word).map(|at| (at, at)).collect(),
            Self::Beginning(beginning) => {
                (0..words.len()).filter(|at| words[*at].starts_with(beginning)).map(|at| (at, at)).collect()
            }
            Self::Phrase(row) => {
                let stands = |at: &usize| words[*at..].starts_with(row);
                (0..words.len()).filter(stands).map(|at| (at, at + row.len() - 1)).collect()
            }
            Self::Either(operands) => operands.iter().flat_map(|operand| operand.places(text)).collect(),
            Self::Sentence(one, other) => pairs(&one.places(text), &other.places(text), |a, b| {
                sentence(text, a.0) == sentence(text, b.0)
                    && sentence(text, a.0) == sentence(text, b.1)
                    && sentence(text, a.1) == sentence(text, b.1)
            }),
            Self::Close { ordered, negated, within, one, other } => {
                let (left, right) = (one.places(text), other.places(text));
                let is_close =
                    |a: Place, b: Place| (b.0 > a.1 && b.0 - a.1 <= *within) || (!ordered && a.0 > b.1 && a.0 - b.1 <= *within);
                if *negated {
                    left.into_iter().filter(|a| !right.iter().any(|b| is_close(*a, *b))).collect()
                } else {
                    pairs(&left, &right, is_close)
                }
            }
            _ => Vec::new(),
        };
        places.sort_unstable();
        places.dedup();
        places
    }
}

/// Both places of every pair that is as it must be, of different words.
fn pairs(left: &[Place], right: &[Place], is_so: impl Fn(Place, Place) -> bool) -> Vec<Place> {
    let all = left.iter().flat_map(|a| right.iter().map(move |b| (*a, *b)));
    let apart = |(a, b): &(Place, Place)| a.1 < b.0 || b.1 < a.0;
    all.filter(apart).filter(|(a, b)| is_so(*a, *b)).flat_map(|(a, b)| [a, b]).collect()
}

fn sentence(text: &Text, position: usize) -> usize {
    let mut end = 0;
    text.iter()
        .position(|sentence| {
            end += sentence.len();
            position < end
        })
        .unwrap_or(usize::MAX)
}

impl fmt::Display for Naive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |operands: &[Self], operator: &str| {
            operands.iter().map(|operand| format!("({operand})")).collect::<Vec<_>>().join(operator)
        };
        match self {
            Self::Word(word) => f.write_str(word),
            Self::Beginning(beginning) => write!(f, "{beginning}*"),
            Self::Phrase(row) => write!(f, "\"{}\"", row.join(" ")),
            Self::Close { ordered, negated, within, one, other } => {
                let (not, how) = (if *negated { "NOT " } else { "" }, if *ordered { "PRE" } else { "NEAR" });
                write!(f, "({one}) {not}{how}/{within} ({other})")
            }
            Self::Sentence(one, other) => write!(f, "({one}) SENTENCE ({other})"),
            Self::AtLeast(times, operand) => write!(f, "ATLEAST/{times}({operand})"),
            Self::Either(operands) | Self::Or(operands) => f.write_str(&joined(operands, " OR ")),
            Self::Title(operand) => write!(f, "title:({operand})"),
            Self::Body(operand) => write!(f, "body:({operand})"),
            Self::And(operands) => f.write_str(&joined(operands, " AND ")),
            Self::AndNot(one, other) => write!(f, "({one}) AND NOT ({other})"),
        }
    }
}

/// A text as it is published: every sentence begins with a capital and ends with a mark.
pub fn published(text: &Text) -> String {
    let sentence = |words: &Vec<&str>| format!("X{}!", words.join(" ").split_at(1).1);
    text.iter().map(sentence).collect::<Vec<_>>().join(" ")
}
