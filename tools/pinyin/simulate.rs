//! How annotated pages come about: from Traditional text to what a crawler stored of it.
//!
//! The text is written in GBK and rewritten byte-wise, then decoded: docs/pinyin.md, "Mechanism". Everything random
//! follows from a seed, so that a test that fails can be run again.

use std::collections::HashMap;

/// One program and one crawler.
#[derive(Clone, Debug)]
pub(crate) struct Style {
    /// Share of the list that the program annotates.
    pub(crate) subset: f64,
    /// Chance that a mark is put before a separator.
    pub(crate) marks: f64,
    /// The crawler drops private use characters.
    pub(crate) drops_private_use: bool,
    /// The crawler folds full-width punctuation.
    pub(crate) folds: bool,
}

/// A xorshift generator: good enough to choose with, the same everywhere.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 11
    }

    pub(crate) fn chance(&mut self, p: f64) -> bool {
        #[allow(clippy::cast_precision_loss, reason = "53 bits")]
        let x = self.next() as f64 / (1_u64 << 53) as f64;
        x < p
    }
}

/// The list: characters with their readings.
pub(crate) fn list() -> Vec<(char, String)> {
    let rows = include_str!("../../src/repair/pinyin/readings.tsv").lines();
    rows.filter(|row| !row.starts_with('#'))
        .map(|row| {
            let mut cells = row.split('\t');
            (cells.next().unwrap().chars().next().unwrap(), cells.nth(1).unwrap().to_owned())
        })
        .collect()
}

/// Separators that get a mark.
const SEPARATORS: [[u8; 2]; 7] =
    [[0xA3, 0xAC], [0xA3, 0xA1], [0xA3, 0xBB], [0xA3, 0xBF], [0xA3, 0xBA], [0xA1, 0xA2], [0xA1, 0xA3]];

/// The mark: a control character, which crawlers drop.
const MARK: u8 = 0x01;

/// What a crawler stored of `clean`; `None` if GBK cannot write it.
pub(crate) fn annotate(clean: &str, style: &Style, seed: u64) -> Option<String> {
    let mut random = Random::new(seed);
    let (bytes, _, is_lossy) = encoding_rs::GBK.encode(clean);
    if is_lossy {
        return None;
    }
    let mut bytes = bytes.into_owned();
    let mut list = list();
    // The order of the replacements decides which of two overlapping ones is hit.
    for at in (1..list.len()).rev() {
        list.swap(at, random.next() as usize % (at + 1));
    }
    for (c, reading) in list {
        if random.chance(style.subset) {
            let mut buffer = [0; 4];
            let from = encoding_rs::GBK.encode(c.encode_utf8(&mut buffer)).0.into_owned();
            let annotation = encoding_rs::GBK.encode(&format!("({reading})")).0.into_owned();
            bytes = insert(&bytes, &from, |out| {
                out.extend(&from);
                out.extend(&annotation);
            });
        }
    }
    for separator in SEPARATORS {
        bytes = insert(&bytes, &separator, |out| {
            if random.chance(style.marks) {
                out.push(MARK);
            }
            out.extend(separator);
        });
    }
    let decoded = decode(&bytes);
    Some(decoded.chars().filter_map(|c| stored(c, style)).collect())
}

/// What is to come out of the repair of such a page.
pub(crate) fn expected(clean: &str, style: &Style) -> String {
    clean.chars().filter_map(|c| stored(c, style)).collect()
}

fn stored(c: char, style: &Style) -> Option<char> {
    match c {
        '\u{1}' => None,
        '\u{E000}'..='\u{F8FF}' if style.drops_private_use => None,
        '，' | '（' | '）' | '！' | '？' | '：' | '；' if style.folds => {
            char::from_u32(u32::from(c) - 0xFEE0)
        }
        c => Some(c),
    }
}

fn insert(bytes: &[u8], from: &[u8], mut replace: impl FnMut(&mut Vec<u8>)) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() * 2);
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at..].starts_with(from) {
            replace(&mut out);
            at += from.len();
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    out
}

/// Decodes as the copying programs do: what is undecodable becomes `?`, and a second byte below 0x40 goes with it.
fn decode(bytes: &[u8]) -> String {
    let mut out = String::new();
    let mut at = 0;
    while at < bytes.len() {
        let lead = bytes[at];
        at += 1;
        if lead < 0x80 {
            out.push(char::from(lead));
            continue;
        }
        let Some(&trail) = bytes.get(at).filter(|_| lead != 0x80 && lead != 0xFF) else {
            out.push('?');
            continue;
        };
        at += 1;
        let decoded = encoding_rs::GBK
            .decode_without_bom_handling_and_without_replacement(&[lead, trail])
            .map(String::from);
        match decoded.filter(|_| trail >= 0x40) {
            Some(c) => out.push_str(&c),
            None => out.push('?'),
        }
    }
    out
}

/// The usual readings of characters, with tone.
pub(crate) fn usual_readings() -> HashMap<char, &'static str> {
    let rows = include_str!("../../src/repair/pinyin/syllables.tsv").lines();
    rows.filter(|row| !row.starts_with('#'))
        .flat_map(|row| {
            let mut cells = row.split('\t');
            let syllable = cells.next().unwrap();
            cells.next().unwrap().chars().map(move |c| (c, syllable))
        })
        .collect()
}

/// A way to strew readings over a text.
pub(crate) type Strew = fn(&str, &HashMap<char, &str>, u64) -> String;

/// Family B: a reading behind every fourth to sixth ideograph, half of them without tone, emoji now and then.
pub(crate) fn strew_evenly(clean: &str, readings: &HashMap<char, &str>, seed: u64) -> String {
    let mut random = Random::new(seed);
    let mut out = String::new();
    let mut left = 4 + random.next() % 3;
    for c in clean.chars() {
        out.push(c);
        let Some(reading) = readings.get(&c) else { continue };
        left = left.saturating_sub(1);
        if left == 0 {
            left = 4 + random.next() % 3;
            let is_toned = random.chance(0.5);
            let reading = if is_toned { (*reading).to_owned() } else { without_tone(reading) };
            out.extend(["(", &reading, ")"]);
        } else if random.chance(0.02) {
            out.push(['🆚', '🚆', '🔞', '❌', '💁'][random.next() as usize % 5]);
        }
    }
    out
}

/// Family C: toneless readings anywhere, some of them repeated.
pub(crate) fn strew_repeated(clean: &str, readings: &HashMap<char, &str>, seed: u64) -> String {
    let mut random = Random::new(seed);
    let mut out = String::new();
    for c in clean.chars() {
        out.push(c);
        let Some(reading) = readings.get(&c) else { continue };
        if random.chance(0.2) {
            let times = if random.chance(0.3) { 2 + random.next() % 2 } else { 1 };
            for _ in 0..times {
                out.extend(["(", &without_tone(reading), ")"]);
            }
        }
    }
    out
}

fn without_tone(reading: &str) -> String {
    let tones = [
        ("āáǎà", 'a'),
        ("ēéěèê", 'e'),
        ("īíǐì", 'i'),
        ("ńňǹ", 'n'),
        ("ōóǒò", 'o'),
        ("ūúǔù", 'u'),
        ("ǖǘǚǜü", 'v'),
    ];
    reading
        .chars()
        .map(|c| tones.iter().find(|(toned, _)| toned.contains(c)).map_or(c, |&(_, plain)| plain))
        .collect()
}
