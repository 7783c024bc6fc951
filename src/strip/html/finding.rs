//! Pages that are not there to be read: errors, walls, empty ones.

use serde::Serialize;

use super::decide::Decisions;
use super::page::Page;

/// What a page with nothing to read is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// It says that the page is not there, not allowed, or that the server failed.
    ErrorPage,
    /// It asks to log in, to pay or to prove oneself human.
    LoginWall,
    /// It says nothing.
    NothingToRead,
}

impl Finding {
    /// Its name in the report.
    #[must_use]
    pub fn rule(self) -> &'static str {
        match self {
            Self::ErrorPage => "html-error-page",
            Self::LoginWall => "html-login-wall",
            Self::NothingToRead => "html-nothing-to-read",
        }
    }
}

/// Longest text, in bytes, of a page that only says that there is nothing here.
const MAX_NOTICE_BYTES: usize = 600;
/// Most text, in bytes, that is looked at around it.
const MAX_SHOWN_BYTES: usize = 2400;

/// Words of pages that are an error. Those with a space before them are looked for between spaces.
const ERRORS: [&str; 44] = [
    " 404 ",
    "404 not found",
    "404错误",
    "not found",
    "page doesn't exist",
    "no longer available",
    "页面不存在",
    "頁面不存在",
    "网页不存在",
    "頁面已不存在",
    "文章不存在",
    "内容不存在",
    "帖子不存在",
    "主题不存在",
    "页面找不到",
    "找不到页面",
    "找不到該頁",
    "找不到您",
    "找不到你",
    "无法找到",
    "找不到文件",
    "无法访问",
    "無法訪問",
    "已被删除",
    "已被刪除",
    "已删除",
    "已被移除",
    "已下架",
    "该内容已被发布者删除",
    "违规无法查看",
    "您访问的页面",
    "您要查看的",
    "走丢了",
    "403 forbidden",
    "access denied",
    "没有权限",
    "無權",
    "502 bad gateway",
    "503 service",
    "500 internal",
    "服务器错误",
    "访问出错",
    "gateway time-out",
    "系统维护",
];

/// Words of pages that ask to log in, to pay, or to prove oneself human.
const WALLS: [&str; 40] = [
    "请登录",
    "请先登录",
    "請登入",
    "請先登入",
    "登录后",
    "登入後",
    "登錄後",
    "需要登录",
    "尚未登录",
    "您还没有登录",
    "扫码登录",
    "账号登录",
    "立即登录",
    "log in to",
    "sign in to",
    "please log in",
    "please sign in",
    "login required",
    "subscribe to continue",
    "安全验证",
    "安全驗證",
    "人机验证",
    "人機驗證",
    "请输入验证码",
    "请完成验证",
    "拖动滑块",
    "滑动验证",
    "访问过于频繁",
    "操作频繁",
    "captcha",
    "are you a robot",
    "unusual traffic",
    "checking your browser",
    "just a moment",
    "enable javascript and cookies",
    "付费阅读",
    "付费后",
    "开通会员",
    "訂閱會員",
    "仅限会员",
];

/// Longest text, in bytes, that goes with such a page: if its title says so, if only its text does.
const MAX_TITLED_BYTES: usize = 300;
const MAX_UNTITLED_BYTES: usize = 150;

/// Judged from the title and what is shown, where hardly anything is kept; and whether that is part of the notice.
pub(super) fn finding(page: &Page, decisions: &Decisions) -> Option<(Finding, bool)> {
    let mut kept = 0;
    let mut shown = String::from(" ");
    for (i, (line, decision)) in page.lines.iter().zip(&decisions.of_lines).enumerate() {
        let is_text = decision.keeps && decisions.title != Some(i);
        kept += if is_text { page.text_of(line).len() } else { 0 };
        if kept > MAX_NOTICE_BYTES {
            return None;
        }
        if !line.is_hidden && shown.len() < MAX_SHOWN_BYTES {
            shown.extend(page.text_of(line).chars().take(200).flat_map(char::to_lowercase));
            shown.push(' ');
        }
    }
    let title = format!(" {} ", page.head.title.to_lowercase());
    let titled = |words: &[&str]| words.iter().any(|word| title.contains(word));
    // A notice stands alone. Where more is shown, only the title can make the page one.
    let is_alone = shown.len() < MAX_SHOWN_BYTES;
    let says = |words: &[&str]| is_alone && words.iter().any(|word| shown.contains(word));
    for (finding, words) in [(Finding::ErrorPage, &ERRORS[..]), (Finding::LoginWall, &WALLS[..])] {
        if titled(words) {
            return Some((finding, kept <= MAX_TITLED_BYTES));
        }
        if says(words) {
            return Some((finding, kept <= MAX_UNTITLED_BYTES));
        }
    }
    (kept == 0).then_some((Finding::NothingToRead, false))
}

#[cfg(test)]
mod tests {
    use super::super::finding as of;
    use super::Finding;

    #[test]
    fn pages_that_are_not_there() {
        for (html, found) in [
            ("", Some(Finding::NothingToRead)),
            (
                "<title>提示信息</title><p>抱歉，指定的主题不存在或已被删除或正在被审核</p>",
                Some(Finding::ErrorPage),
            ),
            ("<title>安全验证</title><p>拖动滑块完成拼图</p>", Some(Finding::LoginWall)),
            ("<title>403 Forbidden</title><center><h1>403 Forbidden</h1></center>", Some(Finding::ErrorPage)),
            (
                "<title>Just a moment...</title><p>Enable JavaScript and cookies to continue</p>",
                Some(Finding::LoginWall),
            ),
        ] {
            assert_eq!(of(html), found, "{html}");
        }
    }

    #[test]
    fn an_article_about_them_is_one() {
        let sentence = "记者发现，许多老网页打开后只写着页面不存在，要看旧文章还得请登录后再试，读者为此写信来问是怎么一回事。";
        let html = format!(
            "<title>老网页去哪儿了</title><h1>老网页去哪儿了</h1>{}",
            format!("<p>{sentence}</p>").repeat(8)
        );
        assert_eq!(of(&html), None);
    }
}
