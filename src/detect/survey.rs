//! What the decoded text is: script, language, line endings, format, mojibake.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Region;
use super::letters::{self, Letters};
use super::script::{self, Script};
use crate::repair::{mojibake, pinyin};
use crate::text::chars::{is_hangul, is_ideograph, is_kana};
use crate::text::format;

/// What a text is.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Text {
    /// What it is written in as a whole, by its markup or its first line.
    pub format: Format,
    /// The language, by its ISO 639-1 code: `zh`, `ja`, `ko`, or one of those that the letter model knows.
    pub language: Option<&'static str>,
    /// Simplified or Traditional Chinese, Japanese, Korean, and the shares of each.
    pub script: script::Document,
    /// Where such Chinese is written.
    pub region: Option<Region>,
    /// Characters.
    pub len_chars: u64,
    /// Line ends by kind.
    pub line_endings: LineEndings,
    /// Whether the last line is ended.
    pub has_final_newline: bool,
    /// Replacement characters that stood in the text already: characters that nobody can bring back.
    pub lost: u64,
    /// Zero bytes.
    pub nul: u64,
    /// Readings of a pinyin font that stand between the ideographs, `家jiQ 中zhTng`. No program can tell them from
    /// the text: repair leaves them.
    pub font_readings: u64,
    /// Mojibake, as [`crate::repair`] finds it.
    pub mojibake: Mojibake,
}

/// What a document is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Plain text.
    #[default]
    Text,
    /// HTML.
    Html,
    /// XML that is not HTML.
    Xml,
    /// JSON, one object a line.
    JsonLines,
    /// JSON.
    Json,
    /// WARC or WET records.
    Warc,
}

/// How the lines of a text end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LineEndings {
    /// Line feeds alone.
    pub lf: u64,
    /// Carriage return and line feed.
    pub crlf: u64,
    /// Carriage returns alone.
    pub cr: u64,
}

impl LineEndings {
    /// `lf`, `crlf`, `cr`, `mixed`, or `none`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match (self.lf, self.crlf, self.cr) {
            (0, 0, 0) => "none",
            (_, 0, 0) => "lf",
            (0, _, 0) => "crlf",
            (0, 0, _) => "cr",
            _ => "mixed",
        }
    }
}

/// Text that was decoded wrongly before it was stored.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Mojibake {
    /// Share of the text, 0.0 to 1.0, in bytes.
    pub share: f64,
    /// How often each mix-up was found: `utf-8 → gb18030`.
    pub kinds: BTreeMap<Box<str>, u64>,
}

/// Letters that a language of letters is judged by.
const MAX_SAMPLE_CHARS: usize = 4096;
/// Fewer letters tell no language.
const MIN_LETTERS: usize = 12;
/// Ideographs, kana and hangul as a share of the other letters outside markup, from which on a text is Chinese,
/// Japanese or Korean. Of 145 Chinese, Japanese and Korean files in chardet's tests, feeds full of escaped HTML among
/// them, 142 are told right; by the first 4,096 letters with the markup, 120 were.
const MIN_IDEOGRAPHIC_PERCENT: u64 = 10;

/// Surveys a text block by block, in constant memory.
#[derive(Clone, Debug, Default)]
pub(super) struct Surveyor {
    text: Text,
    len_bytes: u64,
    mojibake_bytes: u64,
    evidence: mojibake::Evidence,
    /// Ideographs, kana and hangul so far.
    ideographic: u64,
    /// Other letters outside markup so far.
    letters: u64,
    has_cr: bool,
    is_begun: bool,
    is_in_tag: bool,
    /// The first of those letters and the spaces between them.
    sample: String,
    sample_chars: usize,
    cantonese: u64,
}

impl Surveyor {
    /// Takes in the next block of decoded text. `replaced` U+FFFD of it come from decoding.
    pub(super) fn block(&mut self, text: &str, replaced: u64) {
        if !self.is_begun && !text.is_empty() {
            self.is_begun = true;
            self.text.format = format_of(text);
        }
        self.lines(text);
        let is_markup = matches!(self.text.format, Format::Html | Format::Xml);
        let mut ideographic = 0;
        for c in text.chars() {
            self.text.len_chars += 1;
            self.text.lost += u64::from(c == char::REPLACEMENT_CHARACTER);
            self.text.nul += u64::from(c == '\0');
            if c >= '\u{1100}' && (is_ideograph(c) || is_kana(c) || is_hangul(c)) {
                ideographic += 1;
                self.cantonese += u64::from(CANTONESE.contains(&c));
                continue;
            }
            if is_markup && matches!(c, '<' | '>') {
                self.is_in_tag = c == '<';
            }
            let is_letter = c.is_alphabetic();
            if self.is_in_tag || !(is_letter || c == ' ') {
                continue;
            }
            self.letters += u64::from(is_letter);
            if self.sample_chars < MAX_SAMPLE_CHARS {
                self.sample.push(c);
                self.sample_chars += 1;
            }
        }
        self.text.lost = self.text.lost.saturating_sub(replaced);
        self.add_script(&script::document(text), ideographic);
        if ideographic > 0 {
            self.text.font_readings += pinyin::count_readings(text);
        }
        for change in mojibake::find(text, 0, &mut self.evidence) {
            self.mojibake_bytes += u64::try_from(change.span.len_bytes()).unwrap_or_default();
            *self.text.mojibake.kinds.entry(change.note).or_default() += 1;
        }
        self.len_bytes += u64::try_from(text.len()).unwrap_or_default();
    }

    fn lines(&mut self, text: &str) {
        let ends = &mut self.text.line_endings;
        for at in memchr::memchr2_iter(b'\n', b'\r', text.as_bytes()) {
            let is_feed = text.as_bytes().get(at) == Some(&b'\n');
            let is_after_cr = if at == 0 { self.has_cr } else { text.as_bytes().get(at - 1) == Some(&b'\r') };
            match (is_feed, is_after_cr) {
                (true, true) => {
                    ends.crlf += 1;
                    ends.cr -= 1;
                }
                (true, false) => ends.lf += 1,
                (false, _) => ends.cr += 1,
            }
        }
        if !text.is_empty() {
            self.has_cr = text.ends_with('\r');
            self.text.has_final_newline = text.ends_with(['\n', '\r']);
        }
    }

    /// Joins the shares of a block with those of the blocks before, by their number of characters.
    #[allow(clippy::cast_precision_loss, reason = "counts of characters are far below 2^52")]
    fn add_script(&mut self, block: &script::Document, ideographic: u64) {
        let total = self.ideographic + ideographic;
        let weight = if total == 0 { 0.0 } else { ideographic as f64 / total as f64 };
        let so_far = &mut self.text.script;
        let script = if self.ideographic == 0 || so_far.script == block.script {
            block.script
        } else if ideographic == 0 || block.script == Script::Unknown {
            so_far.script
        } else if so_far.script == Script::Unknown || weight > 0.9 {
            block.script
        } else if weight < 0.1 {
            so_far.script
        } else {
            Script::Mixed
        };
        let join = |old: f64, new: f64| old * (1.0 - weight) + new * weight;
        *so_far = script::Document {
            script,
            hans: join(so_far.hans, block.hans),
            hant: join(so_far.hant, block.hant),
            mixed: join(so_far.mixed, block.mixed),
            japanese: join(so_far.japanese, block.japanese),
            korean: join(so_far.korean, block.korean),
            classical: join(so_far.classical, block.classical),
        };
        self.ideographic = total;
    }

    /// What the text is, after the blocks so far.
    #[allow(clippy::cast_precision_loss, reason = "counts of bytes are far below 2^52")]
    pub(super) fn text(&self) -> Text {
        let mut text = self.text.clone();
        text.mojibake.share = self.mojibake_bytes as f64 / self.len_bytes.max(1) as f64;
        text.language = self.language();
        text.region = match (text.language, text.script.script) {
            (Some("zh"), Script::Hans) => Some(Region::Cn),
            // Words of spoken Cantonese are not written in Taiwan.
            (Some("zh"), Script::Hant) if self.cantonese * 200 >= self.ideographic => Some(Region::Hk),
            (Some("zh"), Script::Hant) => Some(Region::Tw),
            _ => None,
        };
        text
    }

    fn language(&self) -> Option<&'static str> {
        if self.ideographic * 100 >= self.letters * MIN_IDEOGRAPHIC_PERCENT && self.ideographic > 0 {
            return Some(match self.text.script.script {
                Script::Japanese => "ja",
                Script::Korean => "ko",
                _ => "zh",
            });
        }
        if self.sample.chars().filter(|c| *c != ' ').count() < MIN_LETTERS {
            return None;
        }
        Letters::all().iter().min_by_key(|letters| letters::text_cost(letters, &self.sample)).map(|l| l.name)
    }
}

/// Characters of written Cantonese: 嘅 咗 喺 冇 佢 啲 唔 嚟 咁 嘢.
const CANTONESE: [char; 10] = ['嘅', '咗', '喺', '冇', '佢', '啲', '唔', '嚟', '咁', '嘢'];

fn format_of(text: &str) -> Format {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    if format::sniff(text) == format::Format::Html {
        return Format::Html;
    }
    if start.starts_with("WARC/") {
        return Format::Warc;
    }
    if start.starts_with("<?xml") {
        return Format::Xml;
    }
    let is_object = |line: &str| {
        let line = line.trim();
        line.starts_with('{') && line.ends_with('}') && line.contains("\":")
    };
    let mut lines = start.lines();
    match (lines.next().is_some_and(is_object), lines.next()) {
        (true, None) => Format::Json,
        (true, Some(second)) if is_object(second) => Format::JsonLines,
        _ if start.starts_with(['{', '[']) && start.contains("\":") => Format::Json,
        _ => Format::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn survey(text: &str) -> Text {
        let mut surveyor = Surveyor::default();
        surveyor.block(text, 0);
        surveyor.text()
    }

    #[test]
    fn line_endings_are_counted_across_blocks() {
        let mut surveyor = Surveyor::default();
        for block in ["a\r", "\nb\n", "c\rd"] {
            surveyor.block(block, 0);
        }
        let text = surveyor.text();
        assert_eq!(text.line_endings, LineEndings { lf: 1, crlf: 1, cr: 1 });
        assert_eq!(text.line_endings.name(), "mixed");
        assert!(!text.has_final_newline);
    }

    #[test]
    fn languages_and_regions() {
        assert_eq!(
            (survey("这是一个问题。").language, survey("这是一个问题。").region),
            (Some("zh"), Some(Region::Cn))
        );
        assert_eq!(survey("這個問題我們討論過了。").region, Some(Region::Tw));
        assert_eq!(survey("佢哋話冇問題，唔使擔心，我哋聽日嚟。").region, Some(Region::Hk));
        assert_eq!(survey("これは日本語の文章です。").language, Some("ja"));
        assert_eq!(survey("Все люди рождаются свободными и равными").language, Some("ru"));
        assert_eq!(survey("All human beings are born free and equal").language, Some("en"));
        assert_eq!(survey("1234").language, None);
    }

    #[test]
    fn formats() {
        assert_eq!(survey("<html><body>正文").format, Format::Html);
        assert_eq!(survey("{\"a\": 1}\n{\"a\": 2}\n").format, Format::JsonLines);
        assert_eq!(survey("{\n\"a\": 1}").format, Format::Json);
        assert_eq!(survey("正文").format, Format::Text);
    }

    #[test]
    fn mojibake_has_its_share_and_its_kind() {
        let text = survey("鏂伴椈鏍囬\u{E57D}\n");
        assert!(text.mojibake.share > 0.4, "{text:?}");
        assert!(survey("没有问题。\n").mojibake.kinds.is_empty());
    }
}
