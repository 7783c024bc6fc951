//! Parts of a Markdown text that stay or go as a whole: a piece without its other half is no code and no table.

use super::line::{Label, Line, Verdict};

/// Keeps blocks of code between two fences, and tables with the row of dashes under their head.
///
/// A fence that is never closed is an ordinary line.
pub(super) fn keep(lines: &[Line], verdicts: &mut [Verdict]) {
    let mut open = None;
    let mut table = 0;
    let mut has_dashes = false;
    for (i, line) in lines.iter().enumerate() {
        let text = line.text.trim();
        if text.starts_with("```") {
            if let Some(start) = open.take() {
                keep_range(verdicts, start, i + 1);
            } else {
                open = Some(i);
            }
        }
        if text.len() > 1 && text.starts_with('|') && text.ends_with('|') {
            has_dashes |= text.contains("---") && text.bytes().all(|b| b"|-: ".contains(&b));
            continue;
        }
        if has_dashes {
            keep_range(verdicts, table, i);
        }
        has_dashes = false;
        table = i + 1;
    }
    if has_dashes {
        keep_range(verdicts, table, lines.len());
    }
}

fn keep_range(verdicts: &mut [Verdict], start: usize, end: usize) {
    for verdict in verdicts.iter_mut().skip(start).take(end.saturating_sub(start)) {
        if verdict.label != Label::Blank {
            verdict.label = Label::Keep;
            verdict.rule = "";
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::strip::{Options, strip};

    #[test]
    fn code_and_tables_stay_whole_at_the_end() {
        let text = "# 镇上的集市\n\n天刚亮，镇上的集市就开了。卖菜的老人说，今年的笋比往年都好，一早就卖完了。\n\n\
                    | 品种 | 价格 |\n| --- | --- |\n| 春笋 | 三元 |\n\n```\nfn main() {\n}\n```\n";
        assert_eq!(strip(text, &Options::default()).text, text);
    }
}
