//! Words of Western text that were UTF-8 and were read in an encoding of two bytes a character: `r茅seau`, `It鈥檚`, `caf챕`.
//!
//! One letter in a line of ASCII weighs little for the lattice, and the ideograph that stands for it is often an everyday one.
//! What tells it is its place: an ideograph within a word of small letters. A line is believed if each of its words that is
//! not ASCII makes everyday letters and marks, and a few of them, here or nearby, have a letter amid others; or one has the
//! `鈥` of a quotation mark, which nobody writes. Where several lines nearby are proof, a line without any is believed, too.

use super::Evidence;
use super::codec::{Reader, Writer};
use super::line::Mixup;
use super::telltale::{is_everyday, is_quoted};
use crate::document::{Change, Span, Stage};

/// From which weight on the words of a line are believed, with those of the lines around.
const MIN_WEIGHT: u32 = 4;

/// A letter amid small letters, and one at the beginning or the end of some.
const AMID: u32 = 2;
const BESIDE: u32 = 1;

/// How far off other lines of the same mix-up are counted.
const REACH_BYTES: usize = 16 << 10;

const READERS: [Reader; 5] = [Reader::Gb18030, Reader::ShiftJis, Reader::EucKr, Reader::Big5, Reader::EucJp];

/// Whether `c`, which stands beside ASCII, may be such a letter or a sign.
pub(crate) fn is_candidate(c: char) -> bool {
    READERS.iter().any(|reader| {
        reader.encode(c).is_some_and(|bytes| match bytes.as_slice() {
            [lead] => matches!(lead, 0xC2..=0xC5),
            [lead, trail] => matches!((lead, trail), (0xC2..=0xC5, 0x80..0xC0)),
            _ => false,
        })
    })
}

/// The words to restore in `text`; `beside_letters` are its [candidates](is_candidate).
pub(crate) fn find(text: &str, beside_letters: &[usize], evidence: &Evidence) -> Vec<Change> {
    let mut lines: Vec<Line> = Vec::new();
    let mut done = 0;
    for &at in beside_letters {
        if at < done {
            continue;
        }
        let start = text.get(..at).and_then(|t| t.rfind('\n')).map_or(0, |nl| nl + 1);
        done = text.get(at..).and_then(|t| t.find('\n')).map_or(text.len(), |nl| at + nl);
        let line = text.get(start..done).unwrap_or_default();
        lines.extend(READERS.iter().filter_map(|reader| Line::of(line, start, *reader)));
    }
    let mut changes = Vec::new();
    let mut end = 0;
    for reader in READERS {
        let known = evidence.of(Mixup { reader, writer: Writer::Utf8 }) > 0;
        let near: Vec<&Line> = lines.iter().filter(|line| line.reader == reader).collect();
        for line in &near {
            let first = near.partition_point(|other| other.start + REACH_BYTES < line.start);
            let around = near.get(first..).unwrap_or_default();
            let around = around.iter().take_while(|other| other.start <= line.start + REACH_BYTES);
            let proofs: u32 = around.filter(|other| other.start != line.start).map(|other| other.proof).sum();
            let is_proved = line.proof + proofs >= AMID && line.weight + proofs >= MIN_WEIGHT;
            if proofs >= 2 * MIN_WEIGHT || line.weight > 0 && (known || is_proved) {
                changes.extend(line.changes());
            }
        }
    }
    changes.sort_by_key(|change: &Change| change.span.start);
    changes.retain(|change| {
        let is_apart = change.span.start >= end;
        end = end.max(change.span.end);
        is_apart
    });
    changes
}

/// A line as a reader misread it.
struct Line {
    /// Where it begins in the text.
    start: usize,
    reader: Reader,
    words: Vec<(Span, String)>,
    weight: u32,
    /// Of the weight, that of letters amid others.
    proof: u32,
}

impl Line {
    /// `None` if there is a word in it that cannot be so.
    fn of(line: &str, start: usize, reader: Reader) -> Option<Self> {
        let mut this = Self { start, reader, words: Vec::new(), weight: 0, proof: 0 };
        let mut open = 0;
        for word in line.split_ascii_whitespace().filter(|word| !word.is_ascii()) {
            let at = word.as_ptr() as usize - line.as_ptr() as usize;
            let span = Span::new(at, at + word.len());
            if word.chars().all(|c| c.is_ascii() || is_mark(c)) {
                continue;
            }
            let meant = undone(word, reader, &mut open)?;
            let is_western = |c: char| c.is_ascii() || (is_everyday(c) && c < '\u{2200}');
            if !meant.chars().all(is_western) {
                return None;
            }
            let (weight, proof) = if is_quoted(line, span) { (0, 0) } else { weight(word, &meant) };
            this.weight += weight;
            this.proof += proof;
            this.words.push((span, meant));
        }
        (!this.words.is_empty()).then_some(this)
    }

    fn changes(&self) -> impl Iterator<Item = Change> {
        self.words.iter().map(|(span, meant)| Change {
            stage: Stage::Repair,
            rule: super::RULE,
            span: span.shifted(self.start),
            replacement: meant.as_str().into(),
            score: 0,
            note: format!("utf-8 → {}", self.reader.name()).into(),
        })
    }
}

/// What GBK makes of the first two bytes of a quotation mark, a dash or an ellipsis.
pub(crate) const QUOTATION: char = '鈥';

/// Stands for a mark that lost its last byte.
const LOST_MARK: char = '\u{1}';

/// `word` as it was before `reader` misread it; `open` quotation marks stand before it in the line.
fn undone(word: &str, reader: Reader, open: &mut i32) -> Option<String> {
    let marked: String;
    let mixup = Mixup { reader, writer: Writer::Utf8 };
    let has_lost = reader == Reader::Gb18030 && (word.contains("鈥?") || word.contains("鈥\u{FFFD}"));
    let word = if has_lost {
        let mark = LOST_MARK.to_string();
        marked = word.replace("鈥?", &mark).replace("鈥\u{FFFD}", &mark);
        &marked
    } else {
        word
    };
    let mut meant = String::with_capacity(word.len());
    let mut chars = mixup.undone(word)?.chars().collect::<Vec<char>>().into_iter().peekable();
    while let Some(c) = chars.next() {
        let is_behind_letter = meant.ends_with(|c: char| c.is_alphabetic());
        let c = match c {
            LOST_MARK if !has_lost => return None,
            LOST_MARK if is_behind_letter && chars.peek().is_some_and(|c| c.is_lowercase()) => '’',
            LOST_MARK if *open > 0 => '”',
            LOST_MARK => char::REPLACEMENT_CHARACTER,
            c => c,
        };
        *open += i32::from(c == '“') - i32::from(c == '”');
        meant.push(c);
    }
    Some(meant)
}

/// Punctuation that stands beside anything.
fn is_mark(c: char) -> bool {
    matches!(c, '–' | '—' | '‘'..='”' | '…' | '•' | '·' | '\u{A0}')
}

/// What `word`, which meant `meant`, tells: its weight, and how much of that is proof.
fn weight(word: &str, meant: &str) -> (u32, u32) {
    let chars: Vec<char> = word.chars().collect();
    let is_small =
        |nth: Option<usize>| nth.and_then(|nth| chars.get(nth)).is_some_and(char::is_ascii_lowercase);
    if word.contains(QUOTATION) {
        let has_letter = word.chars().any(|c| c.is_ascii_alphabetic());
        return if has_letter { (MIN_WEIGHT, MIN_WEIGHT) } else { (0, 0) };
    }
    // Letters that are right, each in a word of small letters.
    let is_letter = |c: char| c.is_ascii() || c.is_alphabetic();
    let has_case =
        !meant.chars().zip(meant.chars().skip(1)).any(|(a, b)| a.is_lowercase() && b.is_uppercase());
    if !meant.chars().all(is_letter) || !has_case {
        return (0, 0);
    }
    let is_odd = |nth: usize| chars.get(nth).is_some_and(|c| !c.is_ascii());
    let starts = (0..chars.len()).filter(|nth| is_odd(*nth) && !nth.checked_sub(1).is_some_and(is_odd));
    let (mut weight, mut proof) = (0, 0);
    for start in starts {
        let end = (start..chars.len()).find(|nth| !is_odd(*nth)).unwrap_or(chars.len());
        // `Vérifier`: a capital at the beginning, too.
        let is_first = |nth: usize| nth == 0 && chars.first().is_some_and(char::is_ascii_uppercase);
        let before = is_small(start.checked_sub(1)) || start.checked_sub(1).is_some_and(is_first);
        let after = is_small(Some(end));
        let is_word = (before && is_small(start.checked_sub(2))) || (after && is_small(Some(end + 1)));
        if before && after {
            weight += AMID;
            proof += AMID;
        } else if is_word {
            weight += BESIDE;
        }
    }
    (weight, proof)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::apply;
    use crate::repair::scan::Scan;

    fn mended(text: &str) -> String {
        let scan = Scan::of(text);
        apply(text, 0, &find(text, &scan.beside_letters, &Evidence::default())).into_owned()
    }

    #[test]
    fn words_of_western_text_are_restored() {
        for (input, expect) in [
            ("Le r茅seau est pr锚t 脿 茅couter", "Le réseau est prêt à écouter"),
            ("It鈥檚 fine, don鈥檛 worry.", "It’s fine, don’t worry."),
            ("鈥淪top,鈥\u{FFFD} she said.", "“Stop,” she said."),
            ("rﾃｩseau et tﾃｩlﾃｩ", "réseau et télé"),
            ("r챕seau et t챕l챕", "réseau et télé"),
            ("für\n", "für\n"),
            ("W盲hlen Sie\nG眉ltig f眉r alle\nzur眉ck", "Wählen Sie\nGültig für alle\nzurück"),
        ] {
            assert_eq!(mended(input), expect);
        }
    }

    #[test]
    fn ideographs_beside_letters_stay() {
        for text in [
            "手机app没反应",
            "我的phone没charge，毛茸茸",
            "app没\nweb么\nios毛\nbug没\nphone没\nok么",
            "a没b",
            "“It鈥檚”",
            "T恤, K歌, x轴",
            "the word 么 in pinyin is me, 没 is mei",
            "SK하이닉스 caf",
        ] {
            assert_eq!(mended(text), text);
        }
    }
}
