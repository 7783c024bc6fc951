//! Damage that cannot be undone: recognised and counted, altered only on request.

use memchr::memmem;

use crate::document::{Change, Span, Stage};

/// What stands for lost characters, and how many: U+FFFD, and what became of it when it was misread again.
const LOST: [(&str, u64); 5] = [("锟斤拷", 2), ("ï¿½", 1), ("\u{FFFD}", 1), ("锟\u{FFFD}", 1), ("�斤拷", 1)];

/// Fillings of uninitialised memory: CC, CD and DD read as GBK.
const FILLINGS: [char; 3] = ['烫', '屯', '葺'];

/// From how many on fillings are no word: 水好烫烫烫 is a sentence.
const MIN_FILLING: usize = 4;

/// Characters that are lost in `text`: U+FFFD, `锟斤拷`, `ï¿½` and memory fillings.
pub(crate) fn count(text: &str) -> u64 {
    // All begin with one of two bytes of UTF-8 that are rare otherwise.
    let marked: u64 = LOST
        .iter()
        .map(|(mark, units)| memmem::find_iter(text.as_bytes(), mark.as_bytes()).count() as u64 * units)
        .sum();
    marked + FILLINGS.iter().map(|filling| filled(text, *filling)).sum::<u64>()
}

fn filled(text: &str, filling: char) -> u64 {
    let mut buffer = [0; 4];
    let one = filling.encode_utf8(&mut buffer);
    let run = one.repeat(MIN_FILLING);
    let mut count = 0;
    let mut rest = text;
    while let Some(at) = memmem::find(rest.as_bytes(), run.as_bytes()) {
        let tail = rest.get(at..).unwrap_or_default();
        let after = tail.trim_start_matches(filling);
        count += ((tail.len() - after.len()) / one.len()) as u64;
        rest = after;
    }
    count
}

/// `锟斤拷` and `ï¿½` as the U+FFFD that they were.
pub(crate) fn mark(text: &str, base: usize) -> Vec<Change> {
    let mut changes: Vec<Change> = [("锟斤拷", "\u{FFFD}\u{FFFD}"), ("ï¿½", "\u{FFFD}")]
        .into_iter()
        .flat_map(|(mark, meant)| {
            memmem::find_iter(text.as_bytes(), mark.as_bytes())
                .map(move |at| (Span::new(base + at, base + at + mark.len()), meant))
                .collect::<Vec<_>>()
        })
        .map(|(span, meant)| Change {
            stage: Stage::Repair,
            rule: "mark-lost",
            span,
            replacement: meant.into(),
            score: 0,
            note: "".into(),
        })
        .collect();
    changes.sort_by_key(|change| change.span);
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lost_characters_are_counted() {
        for (text, lost) in [
            ("", 0),
            ("锟斤拷锟斤拷", 4),
            ("中�文", 1),
            ("ï¿½", 1),
            ("烫烫烫烫烫", 5),
            ("水好烫烫烫", 0),
            ("昆吾锟铻，斤斤计较，拷问", 0),
        ] {
            assert_eq!(count(text), lost, "{text}");
        }
    }
}
