//! Shapes of markup: what is text, what is not, and that none is lost. Fixtures are written in the manner of real
//! pages: `fixtures/strip-html/NAME.html` gives `NAME.txt`.

use std::path::Path;

use zxtool::document::Record;
use zxtool::strip::html::{Origin, facts, strip_html};
use zxtool::strip::{Comments, Options, strip};

const SENTENCE: &str = "天刚亮，镇上的集市就开了。卖菜的老人说，今年的笋比往年都好，一早就卖完了。";

fn text(html: &str) -> String {
    strip_html(html, &Options::default()).text.into_owned()
}

#[test]
fn fixtures() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/strip-html");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let page = entry.unwrap().path();
        if page.extension().is_some_and(|e| e == "html") {
            let html = std::fs::read_to_string(&page).unwrap();
            let wanted = std::fs::read_to_string(page.with_extension("txt")).unwrap();
            assert_eq!(text(&html), wanted, "{}", page.display());
            count += 1;
        }
    }
    assert!(count >= 4);
}

#[test]
fn a_paragraph_in_any_wrapping() {
    for page in [
        format!("<p>{SENTENCE}"),
        format!("<html><body></body></html><html><p>{SENTENCE}</p>"),
        format!("<table><tr><td>{SENTENCE}"),
        format!("<table>{SENTENCE}</table>"),
        format!("<frameset><noframes><p>{SENTENCE}</p></noframes></frameset>"),
        format!("<noscript><p>{SENTENCE}</p></noscript>"),
        format!("<title><p>{SENTENCE}</p>"),
        format!("<!-- <p>{SENTENCE}</p>"),
        format!("<b><p>{SENTENCE}</b></p>"),
        format!("<pre>{SENTENCE}</pre>"),
        format!("<div style='display:none'>{SENTENCE}</div>"),
        SENTENCE.to_owned(),
    ] {
        assert_eq!(text(&page).trim_end(), SENTENCE, "{page}");
    }
}

#[test]
fn what_is_not_shown_goes() {
    let page = format!(
        "<p>{SENTENCE}</p><script>var 甲=1</script><style>p{{}}</style><template>乙</template><p hidden>丙</p>\
         <select><option>丁</select><textarea>戊</textarea><svg><text>己</text></svg><button>庚</button>"
    );
    assert_eq!(text(&page).trim_end(), SENTENCE);
}

#[test]
fn readings_of_ruby_go() {
    let page =
        format!("<p>{}</p>", SENTENCE.replace('笋', "<ruby>笋<rp>(</rp><rt>sǔn</rt><rp>)</rp></ruby>"));
    assert_eq!(text(&page).trim_end(), SENTENCE);
}

#[test]
fn entities_and_white_space() {
    let page = format!("<p>\u{3000}\u{3000}&nbsp;{}\n  A&amp;B\n</p>", SENTENCE.replace('，', "，\n    "));
    assert_eq!(text(&page).trim_end(), format!("{SENTENCE} A&B"));
}

#[test]
fn line_breaks_make_lines_and_two_make_a_gap() {
    let page = format!("<div>{SENTENCE}<br>{SENTENCE}<br><br>{SENTENCE}</div>");
    assert_eq!(text(&page), format!("{SENTENCE}\n{SENTENCE}\n\n{SENTENCE}\n"));
}

#[test]
fn nothing_to_read_is_empty_and_named() {
    let options = Options::default();
    for (page, rule) in [
        ("", "html-nothing-to-read"),
        ("<title>404 Not Found</title><h1>404 Not Found</h1><hr>nginx", "html-error-page"),
        ("<title>登录</title><form>请登录 <input type=password></form>", "html-login-wall"),
    ] {
        let stripped = strip_html(page, &options);
        assert_eq!(stripped.text, "", "{page}");
        assert_eq!(stripped.report.count(rule), 1, "{page}");
    }
}

#[test]
fn a_second_run_changes_nothing() {
    let page = format!("<title>镇上的集市</title><h1>镇上的集市</h1><p>{SENTENCE}</p><p>{SENTENCE}</p>");
    let once = strip(&page, &Options::default()).text.into_owned();
    assert!(once.contains(SENTENCE));
    assert_eq!(strip(&once, &Options::default()).text, once);
}

#[test]
fn what_goes_is_in_the_report_and_removed() {
    let page = format!("<ul class=nav><li><a href=/a>首页</a><li><a href=/b>新闻</a></ul><p>{SENTENCE}</p>");
    let options = Options { record: Record::Changes, ..Options::default() };
    let stripped = strip_html(&page, &options);
    assert_eq!(stripped.removed, "首页\n新闻\n");
    assert_eq!(stripped.report.changes.len(), 2);
    assert!(stripped.report.changes.iter().all(|change| change.rule == "html-links"));
    assert_eq!(stripped.report.changes[0].span.of(&page), "首页");
}

#[test]
fn comments_stay_on_request() {
    let article =
        format!("<h1>镇上的集市</h1><div class=article>{}</div>", format!("<p>{SENTENCE}</p>").repeat(5));
    let page = format!(
        "{article}<div class=comments><h3>评论</h3><div class=comment><p>我也去过那个集市，笋确实好，可惜去晚了就没有了。</p></div></div>"
    );
    let keep = Options { comments: Comments::Keep, ..Options::default() };
    assert!(!text(&page).contains("去晚了"));
    assert!(strip_html(&page, &keep).text.contains("去晚了"));
}

#[test]
fn metadata_of_the_head() {
    let page = format!(
        "<title>镇上的集市_某某网</title><meta property='article:published_time' content='2021-08-17T09:05:03+08:00'>\
         <script type='application/ld+json'>{{\"headline\":\"镇上的集市\",\"author\":{{\"name\":\"王小明\"}}}}</script>\
         <link rel=canonical href='https://example.com/a'><p>{SENTENCE}</p>"
    );
    let metadata = strip_html(&page, &Options::default()).metadata;
    assert_eq!(metadata.title.as_deref(), Some("镇上的集市"));
    assert_eq!(metadata.date.as_deref(), Some("2021-08-17T09:05:03"));
    assert_eq!(metadata.author.as_deref(), Some("王小明"));
    assert_eq!(metadata.url.as_deref(), Some("https://example.com/a"));
    let origin = |field: &str| facts(&page).iter().find(|fact| fact.field == field).map(|fact| fact.origin);
    assert_eq!(origin("author"), Some(Origin::JsonLd));
    assert_eq!(origin("date"), Some(Origin::Meta));
}
