//! What the text of a page is written as, and what a page says of itself.

use zxtool::strip::html::{Finding, finding, strip_html};
use zxtool::strip::{Options, Style, Tables, strip};

const PAGE: &str = "<title>青石镇集市公告_某某网</title><ul class=nav><li><a href=/>首页</a><li><a href=/n>新闻</a></ul>\
    <div class=article><h1>青石镇集市公告</h1>\
    <p>天刚亮，镇上的集市就开了。卖菜的老人说，今年的<ruby>笋<rt>sǔn</rt></ruby>比往年都好，一早就卖完了。</p>\
    <h2>一、时间和地点</h2><p>每逢农历初五、十五、二十五，在镇东头的老戏台前面，风雨无阻，欢迎四邻八乡的人都来看看。</p>\
    <table><tr><th>品种</th><th>产地</th><th>价格</th></tr><tr><td>春笋</td><td></td><td>每斤三元</td></tr></table>\
    <ol><li>早上五点开门，晚上六点收摊，过时不候。</li><li>摊位要提前登记，先到先得，请带好身份证。</li></ol>\
    <figure><img src=x><figcaption>图为清晨的集市，记者摄。</figcaption></figure>\
    <blockquote><p>“赶集是镇上几百年的老规矩了，谁也不愿意把它丢掉。”老人说。</p></blockquote>\
    <p>[1] [2] <a href=2>下一页</a></p></div>";

#[test]
fn markdown() {
    let options = Options { style: Style::Markdown, tables: Tables::Markdown, ..Options::default() };
    let text = strip(PAGE, &options).text.into_owned();
    assert_eq!(
        text,
        "# 青石镇集市公告\n\n\
         天刚亮，镇上的集市就开了。卖菜的老人说，今年的笋比往年都好，一早就卖完了。\n\n\
         ## 一、时间和地点\n\n\
         每逢农历初五、十五、二十五，在镇东头的老戏台前面，风雨无阻，欢迎四邻八乡的人都来看看。\n\n\
         | 品种 | 产地 | 价格 |\n| --- | --- | --- |\n| 春笋 | | 每斤三元 |\n\n\
         1. 早上五点开门，晚上六点收摊，过时不候。\n2. 摊位要提前登记，先到先得，请带好身份证。\n\n\
         图为清晨的集市，记者摄。\n\n\
         > “赶集是镇上几百年的老规矩了，谁也不愿意把它丢掉。”老人说。\n"
    );
    assert_eq!(strip(&text, &options).text, text);
}

#[test]
fn an_empty_cell_keeps_the_columns_apart() {
    let text = strip_html(PAGE, &Options::default()).text;
    assert!(text.contains("\n品种\t产地\t价格\n春笋\t\t每斤三元\n"), "{text}");
}

#[test]
fn tables_captions_and_ruby_as_asked() {
    let options =
        Options { tables: Tables::Drop, drops_captions: true, keeps_ruby: true, ..Options::default() };
    let stripped = strip_html(PAGE, &options);
    for gone in ["春笋", "清晨的集市", "下一页"] {
        assert!(!stripped.text.contains(gone), "{gone}: {}", stripped.text);
    }
    assert!(stripped.text.contains("笋(sǔn)比往年"), "{}", stripped.text);
    assert_eq!((stripped.report.count("html-table"), stripped.report.count("html-caption")), (5, 1));
}

#[test]
fn a_layout_table_is_no_table() {
    let cell = "<td><p>天刚亮，镇上的集市就开了，卖菜的老人一早就来了。</p><p>今年的笋比往年都好。</p><p>一早就卖完了。</p><p>明天还会再来。</p></td>";
    let page = format!("<table><tr>{cell}{cell}</tr><tr>{cell}{cell}</tr></table>");
    let options = Options { tables: Tables::Drop, ..Options::default() };
    assert!(strip_html(&page, &options).text.contains("今年的笋"));
}

#[test]
fn bylines_and_where_they_were_found() {
    let sentence = "天刚亮，镇上的集市就开了。卖菜的老人说，今年的笋比往年都好，一早就卖完了，明天一大早还会挑着担子再来。";
    let page = format!(
        "<title>镇上的集市_某某网</title><meta property='og:site_name' content='某某网'><meta name=author content='104363'>\
         <h1>镇上的集市</h1><div class=info>2021年08月17日 09:05　来源：青石日报　作者：王小明</div>\
         <div class=article><p>{sentence}</p><p>{sentence}</p><p>责任编辑：李大力</p></div>"
    );
    let metadata = strip_html(&page, &Options::default()).metadata;
    assert_eq!(metadata.date.as_deref(), Some("2021-08-17T09:05"));
    assert_eq!(metadata.source.as_deref(), Some("青石日报"));
    assert_eq!(metadata.author.as_deref(), Some("王小明"));
    assert_eq!(metadata.editor.as_deref(), Some("李大力"));
    let from = |field: &str| metadata.from.get(field).copied();
    assert_eq!(
        (from("title"), from("source"), from("author")),
        (Some("heading"), Some("byline"), Some("byline"))
    );
    assert!(metadata.json_line().contains("\"from\":{\"author\":\"byline\""), "{}", metadata.json_line());
}

#[test]
fn findings() {
    assert_eq!(finding(PAGE), None);
    assert_eq!(finding("<title>请登录</title><form>密码<input></form>"), Some(Finding::LoginWall));
}

const POST: &str = "今年的雨水比往年多了三成，低洼处的稻田泡了好几天，镇里组织人手排水。";

/// A thread in the manner of forum software: who posted, the post, a signature, buttons.
fn thread(posts: &[&str]) -> String {
    let post = |(i, body): (usize, &&str)| {
        format!(
            "<table class=plhin><tr><td class=pls><a>河边人{i}</a><dl><dt>积分</dt><dd>{i}2</dd></dl><a>发消息</a></td>\
             <td class=plc><div class=authi>发表于 2016-7-{i} 08:10 | <a>只看该作者</a></div><div class=t_f>{body}</div>\
             <div class=sign>平安是福，知足常乐。</div><div class=po><em>回复</em> <a>举报</a></div></td></tr></table>"
        )
    };
    let posts: String = posts.iter().enumerate().map(post).collect();
    format!(
        "<meta name=generator content='Discuz! X3.2'><title>排水的事 - 河湾论坛</title><h1>排水的事</h1>\
         <div id=postlist>{posts}</div><div id=ft>Powered by Discuz! X3.2 © 2001-2013 Comsenz Inc.</div>"
    )
}

#[test]
fn a_thread_is_its_posts() {
    let page = thread(&[
        POST,
        &format!("<blockquote>{POST}</blockquote>我们村也一样，排了三天的水才把苗保住。"),
        "不知道保险赔不赔？",
    ]);
    assert_eq!(
        strip_html(&page, &Options::default()).text,
        format!("排水的事\n{POST}\n我们村也一样，排了三天的水才把苗保住。\n不知道保险赔不赔？\n")
    );
}

#[test]
fn the_only_h1_is_a_title_whatever_the_title_element_says() {
    let page =
        format!("<title>河湾网</title><h1>镇里连夜排水</h1><p>{POST}</p><p>{POST}另外，学校也放了假。</p>");
    assert!(strip(&page, &Options::default()).text.starts_with("镇里连夜排水\n"));
}

#[test]
fn a_table_goes_with_its_caption() {
    let table = "<table><caption>表一 价格</caption><tr><th>品种</th><th>价格</th></tr><tr><td>春笋</td><td>三元</td></tr></table>";
    let page = format!("<title>排水的事</title><h1>排水的事</h1><p>{POST}</p>{table}<p>{POST}</p>");
    let options = Options { tables: Tables::Drop, ..Options::default() };
    assert_eq!(strip_html(&page, &options).text, format!("排水的事\n{POST}\n{POST}\n"));
}

#[test]
fn the_last_pass_spares_what_the_markup_is_sure_of() {
    let page = format!(
        "<title>排水的事</title><div class=rich_media><h1>排水的事</h1><div class=rich_media_content>\
         <p>点击上方蓝字关注我们</p><p>{POST}</p><p>{POST}</p><p>{POST}</p></div></div>"
    );
    let text = strip(&page, &Options::default()).text;
    assert!(text.starts_with("排水的事\n") && text.matches(POST).count() == 3, "{text}");
    assert_eq!(strip(&text, &Options::default()).text, text);
}
