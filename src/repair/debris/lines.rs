//! Debris of lines: their ends, spaces that are none, characters set apart, lines broken in mid-sentence.

use crate::document::{Change, Span, Stage};
use crate::model::Model;
use crate::repair::scan::Scan;
use crate::repair::{Extra, Options, Scope};
use crate::text::chars::is_ideograph;

/// Share of neighbouring ideographs on a line that a space stands between, from which on it is a manner of
/// setting: 60 % (../docs/repair.md).
const MIN_SPACED_PERCENT: usize = 60;

/// Least ideographs on a line that is taken to be set apart; shorter ones are names in lists.
const MIN_SPACED_IDEOGRAPHS: usize = 8;

/// Most bits a character costs of a line that reads well without its spaces.
const MAX_JOINED_BITS: f64 = 8.0;

/// What to change in `text`.
pub(crate) fn find(text: &str, base: usize, options: &Options, scan: &Scan) -> Vec<Change> {
    let mut changes = Vec::new();
    if options.spaces != Scope::Off {
        let mut done = 0;
        for &at in &scan.spaces {
            if at >= done {
                let start = text.get(..at).and_then(|t| t.rfind('\n')).map_or(0, |nl| nl + 1);
                done = text.get(at..).and_then(|t| t.find('\n')).map_or(text.len(), |nl| at + nl + 1);
                let line = text.get(start..done).unwrap_or_default();
                in_line(line, base + start, options.spaces, &mut changes);
            }
        }
    }
    if options.line_ends != Scope::Off && scan.has_line_ends {
        ends(text, base, &mut changes);
    }
    if options.has(Extra::Indents) || options.has(Extra::Unwrap) {
        by_line(text, base, options, &mut changes);
    }
    changes.sort_by_key(|change| (change.span.start, change.span.end));
    changes.dedup_by(|later, earlier| later.span.start < earlier.span.end);
    changes
}

fn change(rule: &'static str, start: usize, end: usize, to: &str) -> Change {
    Change {
        stage: Stage::Repair,
        rule,
        span: Span::new(start, end),
        replacement: to.into(),
        score: 0,
        note: "".into(),
    }
}

/// CR LF, CR, NEL, LS and PS are line feeds.
fn ends(line: &str, base: usize, changes: &mut Vec<Change>) {
    let bytes = line.as_bytes();
    for at in memchr::memchr3_iter(b'\r', 0xC2, 0xE2, bytes) {
        let rest = bytes.get(at..).unwrap_or_default();
        let len = match rest {
            [b'\r', b'\n', ..] | [0xC2, 0x85, ..] => 2,
            [b'\r', ..] => 1,
            [0xE2, 0x80, 0xA8 | 0xA9, ..] => 3,
            _ => continue,
        };
        changes.push(change("line-end", base + at, base + at + len, "\n"));
    }
}

/// No-break spaces between ideographs are spaces, at the end of a line nothing; and ideographs set apart are
/// joined.
fn in_line(line: &str, base: usize, scope: Scope, changes: &mut Vec<Change>) {
    let content = line.trim_end_matches(['\n', '\r']);
    let full = content.trim_end_matches([' ', '\u{A0}', '\u{3000}']);
    let is_padded = content.get(full.len()..).is_some_and(|tail| tail.contains(['\u{A0}', '\u{3000}']));
    if is_padded && full.ends_with(is_chinese) {
        changes.push(change("space", base + full.len(), base + content.len(), ""));
    }
    for (at, _) in full.match_indices('\u{A0}') {
        // In other scripts they keep a mark or a unit with its word.
        let is_space = |c: char| matches!(c, ' ' | '\u{A0}' | '\u{3000}');
        let before = full.get(..at).and_then(|t| t.trim_end_matches(is_space).chars().next_back());
        let after = full.get(at + 2..).and_then(|t| t.trim_start_matches(is_space).chars().next());
        if before.is_none_or(is_chinese) && after.is_none_or(is_chinese) {
            changes.push(change("space", base + at, base + at + 2, " "));
        }
    }
    set_apart(full, base, scope, changes);
}

/// Whether `c` is an ideograph or a mark that stands between ideographs.
fn is_chinese(c: char) -> bool {
    is_ideograph(c) || matches!(u32::from(c), 0x3000..=0x303F | 0xFF00..=0xFF65 | 0x2018..=0x201D | 0x2026)
}

fn set_apart(line: &str, base: usize, scope: Scope, changes: &mut Vec<Change>) {
    let mut gaps = Vec::new();
    let mut beside_marks = Vec::new();
    let (mut ideographs, mut pairs) = (0, 0);
    let mut chars = line.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if is_chinese(c)
            && let Some((gap, ' ')) = chars.peek().copied()
            && let Some(next) = line.get(gap + 1..).and_then(|rest| rest.chars().next())
            && is_chinese(next)
            && !(is_ideograph(c) && is_ideograph(next))
        {
            beside_marks.push((gap, 1));
        }
        if !is_ideograph(c) {
            continue;
        }
        ideographs += 1;
        match chars.peek().copied() {
            Some((_, next)) if is_ideograph(next) => pairs += 1,
            Some((gap, ' ' | '\u{3000}')) => {
                let len = if line.as_bytes().get(gap) == Some(&b' ') { 1 } else { 3 };
                if line.get(gap + len..).is_some_and(|rest| rest.starts_with(is_ideograph)) {
                    pairs += 1;
                    gaps.push((at + c.len_utf8(), len));
                }
            }
            _ => {}
        }
    }
    // Ideographs that have no neighbour, as in `世(shì)界`, are not set apart either.
    if ideographs < MIN_SPACED_IDEOGRAPHS || gaps.len() * 100 < pairs.max(ideographs - 1) * MIN_SPACED_PERCENT
    {
        return;
    }
    let joined: String = line.chars().filter(|c| is_ideograph(*c)).collect();
    // Numbers and lists of names are set apart on purpose.
    let is_prose = Model::get().zh_cost(&joined).bits_per_char() <= MAX_JOINED_BITS
        && !joined.chars().all(|c| "一二三四五六七八九十百千〇零甲乙丙丁戊己庚辛壬癸".contains(c));
    if is_prose || scope == Scope::All {
        gaps.extend(beside_marks);
        changes.extend(gaps.iter().map(|&(at, len)| change("set-apart", base + at, base + at + len, "")));
    }
}

/// Indents stripped, and lines joined that were broken in mid-sentence: an ideograph at the end, one at the
/// beginning of the next line, and a line not shorter than the next.
fn by_line(text: &str, base: usize, options: &Options, changes: &mut Vec<Change>) {
    let mut at = 0;
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let content = line.trim_end_matches(['\n', '\r']);
        let inner = content.trim_start_matches([' ', '\u{3000}', '\u{A0}', '\t']);
        if options.has(Extra::Indents) && inner.len() < content.len() {
            changes.push(change("indent", base + at, base + at + content.len() - inner.len(), ""));
        }
        if options.has(Extra::Unwrap)
            && let Some(next) = lines.peek()
            && content.ends_with(is_ideograph)
            && next.starts_with(is_ideograph)
            && content.chars().count() >= next.trim_end().chars().count()
            && content.chars().count() >= MIN_SPACED_IDEOGRAPHS
        {
            changes.push(change("hard-wrap", base + at + content.len(), base + at + line.len(), ""));
        }
        at += line.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::apply;

    fn with(text: &str, options: &Options) -> String {
        apply(text, 0, &find(text, 0, options, &Scan::of(text))).into_owned()
    }

    #[test]
    fn line_ends_and_spaces() {
        for (input, expect) in [
            ("一\r\n二\r三\u{85}四\u{2028}五\n", "一\n二\n三\n四\n五\n"),
            ("中\u{A0}文　\n", "中 文\n"),
            ("中国人民 政 治 协 商 会 议 全 国 委 员 会\n", "中国人民政治协商会议全国委员会\n"),
            ("今 天 下 雨 ， 我 们 不 去 公 园 。\n", "今天下雨，我们不去公园。\n"),
        ] {
            assert_eq!(with(input, &Options::default()), expect);
        }
        for clean in [
            "　　段首缩进。\n",
            "à Paris\u{A0}?\n",
            "张 三 李 四\n",
            "一 二 三 四 五 六 七 八 九\n",
            "床前明月光 疑是地上霜\n",
            "two spaces  \n",
            "　\n",
        ] {
            assert_eq!(with(clean, &Options::default()), clean);
        }
    }

    #[test]
    fn options_do_more() {
        let extra = |extra| Options { extra: vec![extra], ..Options::default() };
        assert_eq!(with("　　正文。\n", &extra(Extra::Indents)), "正文。\n");
        assert_eq!(
            with("这一行没有写完就换到下\n一行去了。\n", &extra(Extra::Unwrap)),
            "这一行没有写完就换到下一行去了。\n"
        );
    }
}
