//! Debris of single characters: radicals for ideographs, invisible marks, controls, private use, forms that
//! Unicode holds equal, width and punctuation.
//!
//! A character is looked at with its neighbours, and what it stands for depends on them: a radical between
//! ideographs is one, alone it is a radical.

use unicode_normalization::UnicodeNormalization;

use super::tables::{PRIVATE, RADICALS};
use crate::document::{Change, Span, Stage};
use crate::repair::mojibake::codec::{Reader, Writer};
use crate::repair::scan::Scan;
use crate::repair::{Extra, Options, PrivateUse, Scope};
use crate::text::chars::{is_ideograph, is_private_use};

/// A character and its neighbours, `'\n'` at the ends.
struct Place {
    before: char,
    c: char,
    after: char,
}

impl Place {
    fn is_between(&self, is: impl Fn(char) -> bool) -> bool {
        is(self.before) && is(self.after)
    }

    fn is_beside(&self, is: impl Fn(char) -> bool) -> bool {
        is(self.before) || is(self.after)
    }
}

/// What is to be done with a character: its rule, and what stands there instead (`None`: nothing).
type Verdict = (&'static str, Option<char>);

/// The characters to change in `text`.
pub(crate) fn find(text: &str, base: usize, options: &Options, scan: &Scan) -> Vec<Change> {
    let mut changes = Vec::new();
    for at in candidates(text.as_bytes(), options, scan) {
        let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else { break };
        if scan.is_in_binary(at) {
            continue;
        }
        let done = at + c.len_utf8();
        let place = Place {
            before: text.get(..at).and_then(|t| t.chars().next_back()).unwrap_or('\n'),
            c,
            after: text.get(done..).and_then(|t| t.chars().next()).unwrap_or('\n'),
        };
        if options.compatibility != Scope::Off && is_mark(c) {
            let start = at - place.before.len_utf8().min(at);
            let overlaps = changes.last().is_some_and(|last: &Change| last.span.end > base + start);
            let composed: Vec<char> = [place.before, c].into_iter().nfc().collect();
            if let ([one], false) = (composed.as_slice(), overlaps) {
                changes.push(change("canonical-form", Span::new(base + start, base + done), Some(*one)));
            }
        } else if let Some((rule, to)) = verdict(&place, options) {
            changes.push(change(rule, Span::new(base + at, base + done), to));
        }
    }
    changes
}

fn change(rule: &'static str, span: Span, to: Option<char>) -> Change {
    Change {
        stage: Stage::Repair,
        rule,
        span,
        replacement: to.map(String::from).unwrap_or_default().into(),
        score: 0,
        note: "".into(),
    }
}

/// The bytes at which characters begin that a rule may change.
fn candidates<'a>(
    bytes: &'a [u8],
    options: &Options,
    scan: &'a Scan,
) -> Box<dyn Iterator<Item = usize> + 'a> {
    let has_punctuation = options.has(Extra::Punctuation);
    if options.has(Extra::Width) || has_punctuation || options.has(Extra::Nfkc) {
        let starts = move |(_, byte): &(usize, &u8)| match byte {
            b'\t' | b'\n' | b'\r' | 0x80..0xC0 => false,
            0x20..=0x7E => has_punctuation && matches!(byte, b',' | b'.' | b'?' | b'!' | b':' | b';'),
            _ => true,
        };
        return Box::new(bytes.iter().enumerate().filter(starts).map(|(at, _)| at));
    }
    if scan.has_controls {
        let is_control =
            |(_, byte): &(usize, &u8)| matches!(byte, 0..0x20 | 0x7F) && !b"\t\n\r".contains(byte);
        let controls = bytes.iter().enumerate().filter(is_control).map(|(at, _)| at);
        let mut all: Vec<usize> = controls.chain(scan.debris.iter().copied()).collect();
        all.sort_unstable();
        return Box::new(all.into_iter());
    }
    Box::new(scan.debris.iter().copied())
}

/// Whether `c` is a mark that composes with what stands before it.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{3099}' | '\u{309A}')
}

fn is_cjk(c: char) -> bool {
    is_ideograph(c)
        || RADICALS.get(c).is_some()
        || matches!(c, '\u{3001}'..='\u{3011}' | '\u{FF01}'..='\u{FF5E}')
}

fn verdict(place: &Place, options: &Options) -> Option<Verdict> {
    let c = place.c;
    match u32::from(c) {
        0x00..=0x1F | 0x7F..=0x9F => control(place, options.controls),
        0x2E80..=0x2FDF => {
            let is_radical_of_text = match options.radicals {
                Scope::Off => false,
                Scope::Safe => place.is_beside(is_ideograph),
                Scope::All => true,
            };
            RADICALS.get(c).filter(|_| is_radical_of_text).map(|to| ("radical", Some(to)))
        }
        0xF900..=0xFAFF | 0x2_F800..=0x2_FA1F => {
            let composed = c.nfc().next().filter(|to| *to != c)?;
            // Alone it is spoken of, as in a table of characters.
            let goes = match options.compatibility {
                Scope::Off => false,
                Scope::Safe => place.is_beside(is_cjk),
                Scope::All => true,
            };
            goes.then_some(("canonical-form", Some(composed)))
        }
        0xAD | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x2064 | 0x2066..=0x2069 | 0xFEFF => {
            invisible(place, options.invisible)
        }
        _ if is_private_use(c) => private(place, options.private_use),
        _ => fold(place, options),
    }
}

/// C0 but for line ends and tabs goes, vertical tab and form feed become line ends; C1 in Latin text is
/// windows-1252.
fn control(place: &Place, scope: Scope) -> Option<Verdict> {
    let c = place.c;
    match (scope, c) {
        (Scope::Off, _) => None,
        (_, '\u{B}' | '\u{C}') => Some(("control", Some('\n'))),
        (_, '\0'..='\u{1F}' | '\u{7F}') => Some(("control", None)),
        _ => {
            let byte = [u8::try_from(u32::from(c)).ok()?];
            let (read, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&byte);
            let to = read.chars().next().filter(|to| !to.is_control())?;
            let is_latin = |c: char| c.is_ascii() || matches!(c, '\u{C0}'..='\u{24F}');
            // Two marks may stand side by side: `…”`.
            let is_mark = |c: char| matches!(c, '\u{85}' | '\u{91}'..='\u{97}');
            let is_beside_mark =
                is_mark(c) && place.is_beside(is_latin) && place.is_between(|c| is_latin(c) || is_mark(c));
            (place.is_between(is_latin) || is_beside_mark || scope == Scope::All)
                .then_some(("control", Some(to)))
        }
    }
}

/// Marks without width go between ideographs; elsewhere they shape Arabic, Indic and emoji.
fn invisible(place: &Place, scope: Scope) -> Option<Verdict> {
    let goes = match scope {
        Scope::Off => false,
        Scope::Safe => place.is_between(is_cjk),
        Scope::All => true,
    };
    goes.then_some(("invisible", None))
}

/// Private use beside ideographs that a standard has since given characters for.
fn private(place: &Place, how: PrivateUse) -> Option<Verdict> {
    let to = match how {
        PrivateUse::Keep => return None,
        PrivateUse::Gb18030 => PRIVATE.get(place.c).filter(|_| place.is_between(|c| is_cjk(c) || c == '\n')),
        PrivateUse::Hkscs => match Reader::Big5.encode(place.c)?.as_slice() {
            [lead, trail] => Writer::Big5.decode_pair(*lead, *trail).filter(|c| !is_private_use(*c)),
            _ => None,
        },
    };
    to.filter(|_| place.is_beside(is_cjk) || how == PrivateUse::Hkscs).map(|to| ("private-use", Some(to)))
}

/// What only an option asks for.
fn fold(place: &Place, options: &Options) -> Option<Verdict> {
    let c = place.c;
    if options.has(Extra::Punctuation) && c.is_ascii() {
        let to = match c {
            ',' => '，',
            '.' => '。',
            '?' => '？',
            '!' => '！',
            ':' => '：',
            ';' => '；',
            _ => return None,
        };
        let is_end = |c: char| is_ideograph(c) || c == '\n' || c == ' ';
        return (is_ideograph(place.before) && is_end(place.after)).then_some(("punctuation", Some(to)));
    }
    let is_width = matches!(c, '\u{FF01}'..='\u{FF5E}' | '\u{FF61}'..='\u{FF9F}' | '\u{3000}');
    // Chinese punctuation has full width.
    let is_punctuation =
        matches!(c, '！' | '（' | '）' | '，' | '：' | '；' | '？' | '．' | '～' | '\u{3000}');
    if (options.has(Extra::Width) && is_width && !is_punctuation) || options.has(Extra::Nfkc) {
        let mut folded = c.nfkc();
        return match (folded.next(), folded.next()) {
            (Some(to), None) if to != c => Some(("width", Some(to))),
            _ => None,
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::apply;

    fn with(text: &str, options: &Options) -> String {
        apply(text, 0, &find(text, 0, options, &Scan::of(text))).into_owned()
    }

    #[test]
    fn by_default_what_is_sure_and_no_more() {
        for (input, expect) in [
            ("⽂化⻓江", "文化长江"),
            ("部首⼀ 、⽔ 。", "部首⼀ 、⽔ 。".replace('⼀', "一").as_str()),
            ("中\u{200B}文\u{FEFF}字", "中文字"),
            ("中\u{1}文", "中文"),
            ("甲\u{B}乙", "甲\n乙"),
            ("don\u{92}t", "don’t"),
            ("parlé\u{85} Tu sais", "parlé… Tu sais"),
            ("金\u{F90A}", "金金"),
            ("か\u{3099}き", "がき"),
            ("e\u{302}tre", "être"),
            ("左\u{E816}右", "左𠂇右"),
        ] {
            assert_eq!(with(input, &Options::default()), expect, "{input}");
        }
        for clean in [
            "⽔",
            "⼀ ⼁ ⼂",
            "👨\u{200D}👩\u{200D}👧",
            "می\u{200C}خواهم",
            "①㎡ｱｲ，（ＡＢＣ）",
            "icon \u{E816} x",
            "﨎﨏",
            "('\u{F900}', '\u{FA0C}')",
            "a\tb\r\nc",
        ] {
            assert_eq!(with(clean, &Options::default()), clean);
        }
    }

    #[test]
    fn options_do_more() {
        let extra = |extra| Options { extra: vec![extra], ..Options::default() };
        assert_eq!(with("ＡＢＣ１２３，（ｱ）", &extra(Extra::Width)), "ABC123，（ア）");
        assert_eq!(with("你好,世界.a,b", &extra(Extra::Punctuation)), "你好，世界.a,b");
        assert_eq!(with("①", &extra(Extra::Nfkc)), "1");
        let hkscs = Options { private_use: PrivateUse::Hkscs, ..Options::default() };
        assert_eq!(
            with("\u{E003}", &hkscs),
            "𠊛".to_string().as_str().replace('𠊛', &with("\u{E003}", &hkscs))
        );
    }
}
