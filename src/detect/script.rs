//! Script: Simplified, Traditional, Japanese or Korean, by line and by document.
//!
//! Evidence is counted, not weighed: characters that only Simplified or only Traditional Chinese uses, kana,
//! hangul, Japanese short forms, and words of Chinese grammar. A character that both scripts use (人, 台, 后, 著)
//! says nothing. The table of characters is generated, see `src/convert/tables/README.md`.

#![allow(clippy::similar_names, reason = "hans and hant are the names of ISO 15924")]

use std::sync::OnceLock;

use serde::Serialize;

use super::classical::is_classical;
use crate::text::chars::{ASTRAL, SPAN_BYTES, Window, codes_by_three, is_hangul, is_ideograph, is_kana};

/// What a line or a document is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Script {
    /// Simplified Chinese.
    Hans,
    /// Traditional Chinese.
    Hant,
    /// Both, neither by far.
    Mixed,
    /// Japanese.
    Japanese,
    /// Korean.
    Korean,
    /// Chinese characters that tell nothing, or none.
    #[default]
    Unknown,
}

/// Only Traditional Chinese has it.
pub(crate) const HANT: u8 = 1;
/// Only Simplified Chinese has it.
pub(crate) const HANS: u8 = 2;
/// Left free for convert: a character that it may change.
pub(crate) const FREE: u8 = 4;
/// Hiragana or katakana.
pub(crate) const KANA: u8 = 8;
/// Hangul.
pub(crate) const HANGUL: u8 = 16;
/// Only Japanese has it.
pub(crate) const JAPANESE: u8 = 32;
/// A pronoun or particle that no Japanese or Korean text has.
pub(crate) const GRAMMAR: u8 = 64;
/// Japanese text of today has it too, so that it tells Hans from Hant and not Chinese from Japanese.
pub(crate) const SHARED: u8 = 128;

/// Evidence that needs to be counted before a line is judged; a line with [`HANS`] or [`HANT`] alone is not.
pub(crate) const FOREIGN: u8 = KANA | HANGUL | JAPANESE;

const GRAMMAR_CHARS: &str = "我你他她它們们這这那是了也都就很嗎吗呢吧您咱沒没把被給给說说還还";

/// The class of each code point of the Basic Multilingual Plane.
pub(crate) type Classes = [u8; 0x1_0000];

/// The table of classes, built at the first call.
pub(crate) fn classes() -> &'static Classes {
    static CLASSES: OnceLock<Box<Classes>> = OnceLock::new();
    CLASSES.get_or_init(|| {
        #[allow(clippy::large_stack_arrays, reason = "64 KiB, once; its length spares the bounds check")]
        let mut classes = Box::new([0; 0x1_0000]);
        let mut add = |c: char, class: u8| {
            if let Some(slot) = classes.get_mut(c as usize) {
                *slot |= class;
            }
        };
        for (name, chars) in crate::convert::tables::rows(crate::convert::tables::SCRIPTS) {
            let class = match name {
                "hans" => HANS,
                "hant" => HANT,
                "japanese" => JAPANESE,
                _ => SHARED,
            };
            chars.chars().for_each(|c| add(c, class));
        }
        GRAMMAR_CHARS.chars().for_each(|c| add(c, GRAMMAR));
        // The middle dot and the mark of long vowels stand in Chinese names too.
        ('\u{3041}'..='\u{30FF}')
            .filter(|&c| is_kana(c) && c != '・' && c != 'ー')
            .for_each(|c| add(c, KANA));
        ('\u{1100}'..='\u{D7A3}').filter(|&c| is_hangul(c)).for_each(|c| add(c, HANGUL));
        // Convert knows a few characters of plane 2; telling which is its business.
        if let Some(slot) = classes.get_mut(usize::from(ASTRAL)) {
            *slot = FREE;
        }
        classes
    })
}

/// By group of three bytes of a window's span, the class of the character that begins there, 0 if none does.
#[inline]
pub(crate) fn by_three(classes: &Classes, window: &Window) -> [u8; SPAN_BYTES / 3] {
    codes_by_three(window).map(|code| classes.get(usize::from(code)).copied().unwrap_or_default())
}

/// How many characters of each kind a text has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Characters of Traditional Chinese alone.
    pub hant: u32,
    /// Characters of Simplified Chinese alone.
    pub hans: u32,
    /// Those of `hant` and `hans` that Japanese text has not, and words of Chinese grammar.
    pub chinese: u32,
    /// Words of Chinese grammar.
    pub grammar: u32,
    /// Kana, and twice the characters of Japanese alone.
    pub japanese: u32,
    /// Kana.
    pub kana: u32,
    /// Hangul.
    pub korean: u32,
}

impl Tally {
    /// Counts the characters of `text`. Linear, no allocation.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let classes = classes();
        let mut tally = Self::default();
        for c in text.chars() {
            let class = classes.get(c as usize).copied().unwrap_or_default();
            if class == 0 {
                continue;
            }
            let is = |bit: u8| u32::from(class & bit != 0);
            tally.hant += is(HANT);
            tally.hans += is(HANS);
            tally.grammar += is(GRAMMAR);
            tally.japanese += is(KANA) + 2 * is(JAPANESE);
            tally.kana += is(KANA);
            tally.korean += is(HANGUL);
            let is_chinese = class & GRAMMAR != 0 || (class & (HANT | HANS) != 0 && class & SHARED == 0);
            tally.chinese += u32::from(is_chinese);
        }
        tally
    }

    /// The script that this evidence tells.
    ///
    /// Korean with hanja and Japanese have Chinese-only characters too, so hangul and kana are held against
    /// those that are Chinese alone; a Chinese sentence with a foreign word has more of them.
    #[must_use]
    pub fn script(self) -> Script {
        let is_korean =
            if self.grammar == 0 { self.korean * 3 >= self.chinese } else { self.korean > 2 * self.chinese };
        if self.korean > 0 && is_korean {
            Script::Korean
        } else if self.japanese > self.chinese && (self.kana > 0 || self.japanese > self.hant) {
            Script::Japanese
        } else {
            match (self.hant, self.hans) {
                (0, 0) => Script::Unknown,
                (hant, hans) if hant >= 2 * hans => Script::Hant,
                (hant, hans) if hans >= 4 * hant => Script::Hans,
                _ => Script::Mixed,
            }
        }
    }
}

/// The script of one line.
///
/// ```
/// use zxtool::detect::script::{line, Script};
/// assert_eq!(line("這是繁體字"), Script::Hant);
/// assert_eq!(line("这是简体字"), Script::Hans);
/// assert_eq!(line("東京の天気"), Script::Japanese);
/// assert_eq!(line("人山人海"), Script::Unknown);
/// ```
#[must_use]
pub fn line(text: &str) -> Script {
    Tally::of(text).script()
}

/// What a document is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Document {
    /// The script of the document: that of nine tenths of what was judged, else [`Script::Mixed`].
    pub script: Script,
    /// Share of the Chinese characters, kana and hangul in lines of Simplified Chinese; 0.0 to 1.0.
    pub hans: f64,
    /// The same of Traditional Chinese.
    pub hant: f64,
    /// The same of lines with both.
    pub mixed: f64,
    /// The same of Japanese.
    pub japanese: f64,
    /// The same of Korean.
    pub korean: f64,
    /// Share of the Chinese characters in lines of classical Chinese, of either script; 0.0 to 1.0.
    pub classical: f64,
}

/// Share of the judged text that makes a document of one script.
const MIN_DOCUMENT_SHARE: f64 = 0.9;

/// Judges `text` line by line. Linear, no allocation.
///
/// ```
/// use zxtool::detect::script::{document, Script};
/// let judged = document("這是第一行\n這是第二行\nこれは日本語です\n");
/// assert_eq!(judged.script, Script::Mixed);
/// assert!(judged.hant > 0.5 && judged.japanese > 0.3);
/// ```
#[must_use]
pub fn document(text: &str) -> Document {
    let mut sums = [0_u64; 6];
    let mut classical = 0_u64;
    for line in text.lines() {
        let letters = line.chars().filter(|&c| is_ideograph(c) || is_kana(c) || is_hangul(c)).count();
        let script = Tally::of(line).script();
        if let Some(sum) = sums.get_mut(script as usize) {
            *sum += letters as u64;
        }
        if !matches!(script, Script::Japanese | Script::Korean) && is_classical(line) {
            classical += letters as u64;
        }
    }
    let [hans, hant, mixed, japanese, korean, unknown] = sums;
    let judged = hans + hant + mixed + japanese + korean;
    #[allow(clippy::cast_precision_loss, reason = "counts of characters are far below 2^52")]
    let share_of = |sum: u64, all: u64| if all == 0 { 0.0 } else { sum as f64 / all as f64 };
    let share = |sum: u64| share_of(sum, judged);
    let shares = [
        (Script::Hans, hans),
        (Script::Hant, hant),
        (Script::Mixed, mixed),
        (Script::Japanese, japanese),
        (Script::Korean, korean),
    ];
    let script = shares
        .into_iter()
        .find(|(_, sum)| judged > 0 && share(*sum) >= MIN_DOCUMENT_SHARE)
        .map_or(if judged == 0 { Script::Unknown } else { Script::Mixed }, |(script, _)| script);
    Document {
        script,
        hans: share(hans),
        hant: share(hant),
        mixed: share(mixed),
        japanese: share(japanese),
        korean: share(korean),
        classical: share_of(classical, hans + hant + mixed + unknown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::chars::over_windows;

    #[test]
    fn scripts_of_lines() {
        for (text, script) in [
            ("", Script::Unknown),
            ("plain text", Script::Unknown),
            ("我在山上", Script::Unknown),
            ("全市政协系统当先锋", Script::Hans),
            ("全市政協系統當先鋒", Script::Hant),
            ("他们說這個国家", Script::Mixed),
            ("國際 国际 发展 变化", Script::Mixed),
            ("東京都の人口は増えている", Script::Japanese),
            ("日本経済新聞", Script::Japanese),
            ("用户界面語言包", Script::Hant),
            ("按住鍵的同時選取毎一頁", Script::Hant),
            ("我最喜歡無印良品の家具，你們呢", Script::Hant),
            ("大韓民國은 民主共和國이다", Script::Korean),
            ("韓國電視劇《사랑》在臺灣播出，我們都看了", Script::Hant),
            ("우리는 학교에 간다", Script::Korean),
            ("丹尼・鮑伊是英國歌手", Script::Hant),
        ] {
            assert_eq!(line(text), script, "{text}");
        }
    }

    #[test]
    fn a_document_has_the_script_of_most_of_it() {
        let text = format!("{}これは日本語です\n", "全市政协系统当先锋作表率，助推工业化。\n".repeat(20));
        assert_eq!(document(&text).script, Script::Hans);
        assert_eq!(document("abc\n").script, Script::Unknown);
    }

    #[test]
    fn classes_are_told_by_three_bytes() {
        let seen = |text: &str| {
            let mut union = 0;
            over_windows(text.as_bytes(), |window| {
                union |= by_three(classes(), window).iter().fold(0, |union, class| union | class);
            });
            union
        };
        assert_eq!(seen("abc，。é"), 0);
        assert_eq!(seen("ab國c国の한") & (HANT | HANS | KANA | HANGUL), HANT | HANS | KANA | HANGUL);
        assert_eq!(seen("𠮷"), FREE);
    }
}
