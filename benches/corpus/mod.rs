//! News-like texts and rules of made-up words, the same at every run: words fall off as Zipf found, articles keep to topics,
//! and a rule takes its words from one article that is not in the corpus, as people take theirs from the news.

use std::fmt::Write as _;

use fastrand::Rng;

const VOCABULARY: usize = 60_000;
const TOPICS: usize = 300;
const WORDS_OF_A_TOPIC: usize = 400;
const SYLLABLES: [&str; 20] = [
    "ba", "ko", "ri", "ten", "mu", "sal", "or", "vi", "pe", "lan", "dro", "qui", "na", "ste", "fo", "gar", "he", "zi", "wu",
    "tra",
];

/// An article as the feeds bring it.
pub struct Text {
    pub title: String,
    pub body: String,
}

/// A rule as the four kinds of it that analysts write most.
pub enum Rule {
    And(Vec<String>),
    Phrase(String, String),
    Near(String, String),
    OrNot(Vec<String>, String, String),
}

impl Rule {
    /// In the rule language.
    pub fn written(&self) -> String {
        match self {
            Self::And(words) => words.join(" AND "),
            Self::Phrase(one, two) => format!("\"{one} {two}\""),
            Self::Near(one, two) => format!("{one} NEAR/5 {two}"),
            Self::OrNot(any, also, not) => format!("({}) AND {also} AND NOT {not}", any.join(" OR ")),
        }
    }

    /// Every word in it.
    pub fn words(&self) -> Vec<&str> {
        match self {
            Self::And(words) => words.iter().map(String::as_str).collect(),
            Self::Phrase(one, two) | Self::Near(one, two) => vec![one, two],
            Self::OrNot(any, also, not) => any.iter().chain([also, not]).map(String::as_str).collect(),
        }
    }
}

/// Makes texts and rules from one seed.
pub struct World {
    rng: Rng,
    words: Vec<String>,
    /// For each topic the numbers of its words.
    topics: Vec<Vec<usize>>,
}

impl World {
    pub fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let words = (0..VOCABULARY).map(word).collect();
        let topic = |rng: &mut Rng| (0..WORDS_OF_A_TOPIC).map(|_| rng.usize(200..VOCABULARY)).collect();
        let topics = (0..TOPICS).map(|_| topic(&mut rng)).collect();
        Self { rng, words, topics }
    }

    /// Articles of about 140 words.
    pub fn texts(&mut self, count: usize) -> Vec<Text> {
        (0..count)
            .map(|_| {
                let topic = self.rng.usize(0..TOPICS);
                let length = self.rng.usize(30..130);
                Text { title: self.sentence(topic, 9), body: self.body(topic, length) }
            })
            .collect()
    }

    /// Rules whose words are rarer than a rank among the words of their topic, and than a hundred times that among all.
    pub fn rules(&mut self, count: usize, rarer_than: usize) -> Vec<Rule> {
        (0..count).map(|_| self.rule(rarer_than)).collect()
    }

    fn rule(&mut self, rarer_than: usize) -> Rule {
        let topic = self.rng.usize(0..TOPICS);
        let mut some = |count: usize| (0..count).map(|_| self.rare_word(topic, rarer_than)).collect::<Vec<_>>();
        let (mut pair, any) = (some(2), some(3));
        let (two, one) = (pair.pop().unwrap(), pair.pop().unwrap());
        match self.rng.usize(0..1_000) {
            0..300 => Rule::And(vec![one, two]),
            300..600 => Rule::And(any),
            600..725 => Rule::Phrase(one, two),
            725..850 => Rule::Near(one, two),
            _ => Rule::OrNot(any, one, two),
        }
    }

    fn rare_word(&mut self, topic: usize, rarer_than: usize) -> String {
        loop {
            let of_topic = self.rng.bool();
            let rank = zipf(&mut self.rng, if of_topic { WORDS_OF_A_TOPIC } else { VOCABULARY });
            match of_topic {
                true if rank >= rarer_than => return self.words[self.topics[topic][rank]].clone(),
                false if rank >= 100 * rarer_than => return self.words[rank].clone(),
                _ => {}
            }
        }
    }

    /// Half of a text is of its topic, the other half of the language.
    fn number(&mut self, topic: usize) -> usize {
        if self.rng.bool() {
            return zipf(&mut self.rng, VOCABULARY);
        }
        let rank = zipf(&mut self.rng, WORDS_OF_A_TOPIC);
        self.topics[topic][rank]
    }

    fn sentence(&mut self, topic: usize, length: usize) -> String {
        let mut sentence = String::new();
        for position in 0..length {
            let number = self.number(topic);
            let word = &self.words[number];
            match self.rng.usize(0..40) {
                _ if position == 0 => capitalised(word, &mut sentence),
                0 => write!(sentence, ", {word}").unwrap(),
                1 => write!(sentence, " “{word}”").unwrap(),
                2 => write!(sentence, " {word}’s").unwrap(),
                3..6 => {
                    sentence.push(' ');
                    capitalised(word, &mut sentence);
                }
                _ => write!(sentence, " {word}").unwrap(),
            }
        }
        sentence
    }

    fn body(&mut self, topic: usize, length: usize) -> String {
        let mut body = String::new();
        let mut left = length;
        while left > 0 {
            let words = self.rng.usize(8..30).min(left);
            left -= words;
            let sentence = self.sentence(topic, words);
            write!(body, "{sentence}.{}", if self.rng.u8(0..4) == 0 { "\n" } else { " " }).unwrap();
        }
        body
    }
}

/// A rank from 0, each as often as one over it (Zipf with exponent 1, by the inverse of its continuous cousin).
fn zipf(rng: &mut Rng, ranks: usize) -> usize {
    (((ranks as f64 + 1.0).powf(rng.f64())) - 1.0) as usize
}

fn word(number: usize) -> String {
    let (mut word, mut rest) = (String::new(), number + 1);
    while rest > 0 {
        word.push_str(SYLLABLES[rest % SYLLABLES.len()]);
        rest /= SYLLABLES.len();
    }
    word
}

fn capitalised(word: &str, out: &mut String) {
    let (first, rest) = word.split_at(1);
    out.push_str(&first.to_uppercase());
    out.push_str(rest);
}
