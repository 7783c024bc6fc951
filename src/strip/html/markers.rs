//! Lines that only lead to more of the same text: markers of the pages of an article, "read more".

/// Longest marker, in bytes.
const MAX_MARKER_BYTES: usize = 120;

/// Words that such a line is made of, in lower case. Numbers and marks may stand between them.
///
/// Source: seen in the pages of the development half and in public page text. None of them is text by itself: on the
/// development half no line of the gold is made of them alone.
const WORDS: [&str; 58] = [
    "上一页",
    "下一页",
    "上一頁",
    "下一頁",
    "上页",
    "下页",
    "上頁",
    "下頁",
    "首页",
    "首頁",
    "末页",
    "末頁",
    "尾页",
    "尾頁",
    "阅读全文",
    "閱讀全文",
    "查看全文",
    "展开全文",
    "展開全文",
    "展开阅读全文",
    "点击展开全文",
    "点击展开",
    "点击阅读全文",
    "点击查看全文",
    "余下全文",
    "显示全文",
    "显示全部",
    "展开全部",
    "全文阅读",
    "查看更多",
    "點擊查看更多",
    "点击查看更多",
    "点击加载更多",
    "加载更多",
    "載入更多",
    "阅读更多",
    "閱讀更多",
    "看更多",
    "返回顶部",
    "回到顶部",
    "回頂部",
    "read more",
    "read the full story",
    "continue reading",
    "load more",
    "show more",
    "view more",
    "see more",
    "next page",
    "previous page",
    "back to top",
    "next",
    "previous",
    "prev",
    "last page",
    "first page",
    "更多",
    "more",
];

/// Counts of pages: `第1页`, `共3页`, `page 2 of 5`.
const COUNTS: [(&str, &str); 5] = [("第", "页"), ("第", "頁"), ("共", "页"), ("共", "頁"), ("page", "")];

/// Whether a line is nothing but such words, with numbers and marks between them.
pub(super) fn is_marker(text: &str) -> bool {
    if text.len() > MAX_MARKER_BYTES {
        return false;
    }
    let lower = text.to_lowercase();
    let bare = |part: &str| part.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    if WORDS.contains(&bare(&lower).as_str()) {
        return true;
    }
    let mut has_word = false;
    let is_part = |part: &str| {
        let part = bare(part);
        let is_number = part.bytes().all(|b| b.is_ascii_digit() || b == b'/');
        let is_count = COUNTS.iter().any(|(before, after)| {
            let number = part.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
            number.is_some_and(|n| !n.trim().is_empty() && n.trim().bytes().all(|b| b.is_ascii_digit()))
        });
        if part == "of" {
            return true;
        }
        has_word |= is_count || (!part.is_empty() && !is_number);
        is_number || is_count || WORDS.contains(&part.as_str())
    };
    let separators =
        |c: char| c.is_whitespace() || matches!(c, '|' | '[' | ']' | '·' | '，' | '、' | '(' | ')');
    lower.split(separators).all(is_part) && has_word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_of_pages() {
        for text in [
            "下一页",
            "[1] [2] [3] 下一页 尾页",
            "展开全文 >>",
            "第1页 共3页",
            "Read more »",
            "上一页 | 下一页",
            "更多>>",
        ] {
            assert!(is_marker(text), "{text}");
        }
    }

    #[test]
    fn text_is_no_marker() {
        for text in [
            "",
            "1",
            "3/5",
            "1998 2004",
            "下一页写的是他的童年",
            "更多的人来了。",
            "第3页",
            "首页设计得很好",
            "of",
        ] {
            assert_eq!(is_marker(text), text == "第3页", "{text}");
        }
    }
}
