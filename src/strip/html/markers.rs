//! Lines that only lead to more of the same text: markers of the pages of an article, "read more"; and the buttons
//! around the posts of a thread.

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

/// How the notices begin that large sites set under what their users write, in either script.
///
/// Source: seen in the pages of the development half and in public page text.
const NOTICES: [&str; 17] = [
    "特别声明：以上内容",
    "特别声明:以上内容",
    "特别声明：本文",
    "平台声明：",
    "平台声明:",
    "声明：该文观点",
    "声明:该文观点",
    "声明：本文由",
    "声明：转载此文",
    "声明：本文内容",
    "版权声明：本文为",
    "版權聲明：本文為",
    "免责声明：本文",
    "免责声明：本内容",
    "免責聲明：本文",
    "本文来自作者投稿",
    "Notice: The content above",
];
/// Longest such notice, in bytes.
const MAX_NOTICE_BYTES: usize = 600;

/// How lines begin that name the software or the owner of a site, and the longest such line, in bytes. On the development
/// half no line of the gold begins so.
const OWNERS: [&str; 9] = [
    "Powered by ",
    "Copyright ©",
    "Copyright (c)",
    "Copyright(c)",
    "CopyRight ©",
    "© 19",
    "© 20",
    "版权所有",
    "自豪地采用",
];
const MAX_OWNER_BYTES: usize = 160;

/// Whether a line is the notice of a platform that what stands above is not its own, or names the owner of the site.
pub(super) fn is_notice(text: &str) -> bool {
    let begins = |with: &[&str]| with.iter().any(|words| text.starts_with(words));
    text.len() <= MAX_OWNER_BYTES && begins(&OWNERS) || text.len() <= MAX_NOTICE_BYTES && begins(&NOTICES)
}

/// Longest line of buttons, in bytes.
const MAX_BUTTONS_BYTES: usize = 90;

/// What is written on the buttons and counters around a post, the longer before those that they begin with.
///
/// Source: Discuz!, phpwind, Flarum, Discourse, vBulletin, and question sites. Asked only of threads: on the seven of the
/// development half no line of more than six characters that the gold holds is made of them alone.
const BUTTONS: [&str; 95] = [
    "回复了此帖",
    "回复贴",
    "共页",
    "回复本楼",
    "回复楼主",
    "发表回复",
    "快速回复",
    "查看回复",
    "收起回复",
    "条回复",
    "个回复",
    "回复",
    "回復",
    "回覆",
    "全部评论",
    "写评论",
    "条评论",
    "个评论",
    "评论",
    "評論",
    "留言",
    "引用",
    "举报",
    "檢舉",
    "收藏",
    "收起",
    "分享",
    "转发",
    "转载",
    "抢首赞",
    "等人赞过",
    "已赞过",
    "已踩过",
    "点赞",
    "按讚",
    "人赞同",
    "赞同",
    "赞",
    "踩",
    "顶",
    "支持",
    "反对",
    "只看该作者",
    "只看楼主",
    "只看大图",
    "倒序看帖",
    "倒序浏览",
    "正序浏览",
    "正序看帖",
    "看全部",
    "电梯直达",
    "楼主",
    "樓主",
    "沙发",
    "板凳",
    "地板",
    "楼层",
    "楼",
    "樓",
    "使用道具",
    "道具",
    "送花",
    "鸡蛋",
    "评分",
    "加好友",
    "发消息",
    "私信",
    "关注",
    "打招呼",
    "串个门",
    "变色卡",
    "最热",
    "最新",
    "热门",
    "时间",
    "排序",
    "默认",
    "表情",
    "图片",
    "发送",
    "提交",
    "登录",
    "注册",
    "签到",
    "采纳",
    "编辑",
    "删除",
    "首赞",
    "点评",
    "展开",
    "复制链接",
    "permalink",
    "reply",
    "quote",
    "report",
];

/// How forums say that a post was edited.
const EDITED: [&str; 4] = ["本帖最后由", "本帖最後由", "[此贴子已经被", "[ 此帖被"];

/// Whether a line is nothing but buttons and counters of a thread: `回复(3) 赞 举报`, `12楼`, `0/200`.
pub(super) fn is_button(text: &str) -> bool {
    if text.len() > MAX_BUTTONS_BYTES {
        return false;
    }
    if EDITED.iter().any(|edited| text.starts_with(edited)) {
        return true;
    }
    let bare: String = text.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    if bare.is_empty() {
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        return text.split_once('/').is_some_and(|(a, b)| is_number(a.trim()) && is_number(b.trim()))
            || text.strip_prefix('#').or(text.strip_suffix('#')).is_some_and(is_number);
    }
    let mut rest = bare.as_str();
    while !rest.is_empty() {
        let Some(after) = BUTTONS.iter().find_map(|button| rest.strip_prefix(button)) else { return false };
        rest = after;
    }
    true
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
    fn notices_of_platforms() {
        assert!(is_notice("平台声明：该文观点仅代表作者本人，搜狐号系信息发布平台。"));
        assert!(!is_notice("发表声明：该文观点仅代表作者本人。"));
    }

    #[test]
    fn buttons_of_posts() {
        for text in [
            "5#",
            "回复(3) 赞 举报",
            "12楼",
            "0/200",
            "#7",
            "表情 图片",
            "抢首赞已赞过已踩过<",
            "最热 最新",
            "Reply · Report",
        ] {
            assert!(is_button(text), "{text}");
        }
        for text in ["", "2024/5/6", "支持楼主的看法", "回复得很快，谢谢！", "3", "图片说明"]
        {
            assert!(!is_button(text), "{text}");
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
