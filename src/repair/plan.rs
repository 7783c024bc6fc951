//! What a repair would do, as a list that can be kept, read by people, shortened, and carried out later.

use serde::{Deserialize, Serialize};

use super::{Options, Repairer};
use crate::document::{Record, Stage};
use crate::error::Error;
use crate::text::blocks;

/// A stretch of a text, and what is put in its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// The first byte of the text, in UTF-8.
    pub start: usize,
    /// The byte behind it.
    pub end: usize,
    /// What stands there.
    pub was: String,
    /// What is to stand there.
    pub becomes: String,
    /// The rules that did it, in the order in which they did.
    #[serde(default)]
    pub rules: Vec<String>,
    /// For mojibake, the chain that is undone: `utf-8 → gb18030`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub chain: String,
    /// Bits gained.
    #[serde(default)]
    pub gain: i32,
}

/// What [`repair`](super::repair) would do to `text`, in order.
///
/// ```
/// use zxtool::repair::{Options, plan, replay};
/// let edits = plan("他说：ÖÐÎÄ±àÂë，好。", &Options::default());
/// assert_eq!(edits[0].becomes, "中文编码");
/// assert_eq!(edits[0].chain, "gb18030 → windows-1252");
/// assert_eq!(replay("他说：ÖÐÎÄ±àÂë，好。", &edits).unwrap(), "他说：中文编码，好。");
/// assert!(replay("另一个文本，没有乱码。", &edits).is_err());
/// ```
#[must_use]
pub fn plan(text: &str, options: &Options) -> Vec<Edit> {
    let mut repairer = Repairer::new(Options { record: Record::Changes, ..options.clone() });
    let mut edits = Vec::new();
    let mut done = 0;
    while let Some(block) =
        text.get(done..).and_then(|rest| rest.get(..blocks::block_len_bytes(rest.as_bytes(), true)?))
    {
        repairer.edits(block, done, &mut edits);
        done += block.len();
    }
    edits
}

/// Carries `edits` out, which must be in order.
///
/// # Errors
/// [`Error::OtherText`] if one of them was made for another text: nothing is done then.
pub fn replay(text: &str, edits: &[Edit]) -> Result<String, Error> {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (nth, edit) in edits.iter().enumerate() {
        let other = || Error::OtherText { nth: nth + 1, at: edit.start };
        if text.get(edit.start..edit.end) != Some(edit.was.as_str()) {
            return Err(other());
        }
        out.push_str(text.get(done..edit.start).ok_or_else(other)?);
        out.push_str(&edit.becomes);
        done = edit.end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    Ok(out)
}

impl Repairer {
    /// Adds what would be done to the next block, which begins at byte `base`.
    fn edits(&mut self, block: &str, base: usize, edits: &mut Vec<Edit>) {
        let passes = self.passes(block);
        let mut shift = 0_isize;
        for &(start, end, was_len) in &passes.rewritten {
            let from = start.saturating_add_signed(shift);
            let to = from + was_len;
            shift += was_len.cast_signed() - (end - start).cast_signed();
            let (was, becomes) = (block.get(from..to), passes.text.get(start..end));
            let (Some(was), Some(becomes)) = (was, becomes) else { continue };
            if was == becomes {
                continue;
            }
            let mut edit = Edit {
                start: base + from,
                end: base + to,
                was: was.to_owned(),
                becomes: becomes.to_owned(),
                rules: Vec::new(),
                chain: String::new(),
                gain: 0,
            };
            let within = passes.report.changes.iter().filter(|change| {
                let (span, is_empty) = (change.span, change.span.start == change.span.end || was.is_empty());
                change.stage == Stage::Repair
                    && (span.start < edit.end || (is_empty && span.start == edit.end))
                    && (span.end > edit.start || (is_empty && span.end == edit.start))
            });
            for change in within {
                if !edit.rules.iter().any(|rule| rule == change.rule) {
                    edit.rules.push(change.rule.to_owned());
                }
                edit.gain = edit.gain.max(change.score);
                if change.rule == super::mojibake::RULE && edit.chain.is_empty() {
                    edit.chain = change.note.to_string();
                }
            }
            edits.push(edit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repair::repair;

    #[test]
    fn a_plan_carried_out_is_the_repair() {
        let long = "中文ÖÐÎÄ±àÂë，⽂化\r\n".repeat(60_000);
        for text in [
            "",
            "没有",
            "甲\u{1}乙\r\n丙ÖÐÎÄ±àÂë&ldquo;好&rdquo;。",
            "缂栫爜\u{A0}丁",
            "\u{FEFF}中\u{200B}文",
            &long,
        ] {
            let edits = plan(text, &Options::default());
            assert_eq!(replay(text, &edits).unwrap(), repair(text, &Options::default()).text);
            assert!(edits.iter().all(|edit| !edit.rules.is_empty()), "{edits:?}");
        }
    }

    #[test]
    fn another_text_is_refused() {
        let edits = plan("ÖÐÎÄ±àÂë", &Options::default());
        for other in ["", "中文", "a ÖÐÎÄ±àÂë"] {
            assert_eq!(replay(other, &edits), Err(Error::OtherText { nth: 1, at: 0 }));
        }
    }
}
