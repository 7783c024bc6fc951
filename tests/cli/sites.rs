//! Templates that a run learns from the pages of a site, and what it must not take for one.

use std::fs;
use std::path::Path;

use crate::batch::tree;
use crate::run::run_in;

const HEAD: &str = "云州在線 > 渡口故事\n";
const TAIL: &str = "承辦：云州縣技術部\n版權所有 云州在線\n";

/// What the page alone does not show to be furniture, but takes for the title.
const BAR: &str = "云州在线 > 渡口故事";

/// What the page alone keeps of some pages.
const MENU: &str = "首页 | 新闻 | 社区 | 登录";

/// 30 pages of a site below `in/www.example.com`, in two directories.
fn site() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for n in 0..30 {
        let path = dir.path().join(format!("in/www.example.com/{}/{n:02}.txt", n % 2));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let story = format!("渡口{n}號的故事\n第{n}次開會，老人們說，今年的收成比往年好得多，路也修通了。\n");
        fs::write(path, format!("{HEAD}{story}{TAIL}")).unwrap();
    }
    dir
}

fn write(dir: &Path, texts: impl Iterator<Item = String>) {
    fs::create_dir_all(dir).unwrap();
    for (n, text) in texts.enumerate() {
        fs::write(dir.join(format!("{n:03}.txt")), text).unwrap();
    }
}

fn has(dir: &Path, text: &str) -> usize {
    tree(dir).iter().filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains(text)).count()
}

#[test]
fn what_recurs_on_the_pages_of_a_site_goes() {
    let dir = site();
    let at = |name: &str| dir.path().join(name);
    run_in(dir.path(), &["clean", "in", "-o", "alone", "--no-learn"], "").expect(0, "", "");
    let left_alone = has(&at("alone"), BAR);
    assert!(left_alone >= 5, "the page alone shows it, {left_alone} left: another example is needed");
    for jobs in ["1", "2", "7"] {
        let args =
            ["clean", "in", "-o", jobs, "-j", jobs, "--removed", "removed", "--report", "report.jsonl"];
        run_in(dir.path(), &args, "").expect(0, "", "");
        assert_eq!(has(&at(jobs), BAR), 0);
        assert_eq!(has(&at(jobs), "今年的收成比往年好得多"), 30);
        for (path, text) in tree(&at(jobs)) {
            let text = String::from_utf8(text).unwrap();
            assert!(text.contains("号的故事\n第"), "{}: {text}", path.display());
        }
        assert_eq!(tree(&at(jobs)), tree(&at("1")), "--jobs {jobs}");
        assert_eq!(fs::read_to_string(at("removed")).unwrap().matches(BAR).count(), 30);
        assert_eq!(
            fs::read_to_string(at("report.jsonl"))
                .unwrap()
                .matches("\"rule\":\"site-template\",\"score\"")
                .count(),
            left_alone
        );
    }
    // Each filter over the directory, one after the other, and once more.
    run_in(dir.path(), &["repair", "in", "-o", "repaired"], "").expect(0, "", "");
    run_in(dir.path(), &["convert", "repaired", "-o", "converted"], "").expect(0, "", "");
    run_in(dir.path(), &["strip", "converted", "-o", "stripped"], "").expect(0, "", "");
    assert_eq!(tree(&at("stripped")), tree(&at("1")), "clean is not repair | convert | strip");
    run_in(dir.path(), &["clean", "1", "-o", "again"], "").expect(0, "", "");
    assert_eq!(tree(&at("again")), tree(&at("1")), "a second run changes what the first gave");
}

#[test]
fn what_was_learnt_can_be_kept_and_given() {
    let dir = site();
    let learnt = run_in(dir.path(), &["clean", "--learn", "in"], "");
    assert!(learnt.code == Some(0) && learnt.stdout.contains(BAR), "{learnt:#?}");
    assert!(learnt.stdout.contains("\"name\": \"www.example.com\""), "{learnt:#?}");
    fs::write(dir.path().join("site.json"), &learnt.stdout).unwrap();
    run_in(dir.path(), &["clean", "--learn", "in", "-o", "same.json"], "").expect(0, "", "");
    assert_eq!(fs::read_to_string(dir.path().join("same.json")).unwrap(), learnt.stdout);
    run_in(dir.path(), &["clean", "in", "-o", "auto"], "").expect(0, "", "");
    run_in(dir.path(), &["clean", "in", "-o", "given", "--site", "site.json"], "").expect(0, "", "");
    assert_eq!(tree(&dir.path().join("given")), tree(&dir.path().join("auto")));
    // A file of one site holds for any page, records too.
    let page = format!("{HEAD}渡口的故事\n昨天開會，老人們說，今年的收成比往年好得多，路也修通了。\n{TAIL}");
    let cleaned = "渡口的故事\n昨天开会，老人们说，今年的收成比往年好得多，路也修通了。\n";
    run_in(dir.path(), &["clean", "--site", "site.json"], &page).expect(0, cleaned, "");
    let record = serde_json::json!({ "text": page });
    let ran = run_in(dir.path(), &["clean", "--jsonl", "--site", "site.json"], format!("{record}\n"));
    assert_eq!(ran.stdout, format!("{}\n", serde_json::json!({ "text": cleaned })));
    let ran = run_in(dir.path(), &["strip", "--site", "in/www.example.com/0/00.txt"], "");
    assert!(ran.code == Some(2) && ran.stderr.contains("no file of site templates"), "{ran:#?}");
}

#[test]
fn a_run_that_is_gone_on_with_learns_the_same() {
    let dir = site();
    let at = |name: &str| dir.path().join(name);
    run_in(dir.path(), &["clean", "in", "-o", "whole"], "").expect(0, "", "");
    // One page cannot be done: the manifest stays, the others are finished.
    let broken = at("in/www.example.com/1/31.txt.gz");
    fs::write(&broken, [0x1f, 0x8b, 8, 0]).unwrap();
    assert_eq!(run_in(dir.path(), &["clean", "in", "-o", "parts"], "").code, Some(1));
    fs::remove_file(broken).unwrap();
    for gone in ["00.txt", "04.txt"] {
        fs::remove_file(at("parts/www.example.com/0").join(gone)).unwrap();
    }
    run_in(dir.path(), &["clean", "in", "-o", "parts", "--resume"], "").expect(0, "", "");
    assert_eq!(tree(&at("parts")), tree(&at("whole")));
}

#[test]
fn what_recurs_in_texts_is_no_template() {
    let dir = tempfile::tempdir().unwrap();
    let numerals =
        ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四"];
    let of = |each: fn(&str) -> String| numerals.map(each).into_iter();
    write(
        &dir.path().join("in/laws"),
        of(|n| {
            format!(
                "云州县第{n}号令\n第一章　总则\n第一条　为了规范第{n}类事务，制定本办法。\n第二条　本县范围内的第{n}类事务，适用本办法。\n\
                 第二章　附则\n第三条　本办法由县政府负责解释。\n第四条　本办法自公布之日起施行。\n"
            )
        }),
    );
    write(
        &dir.path().join("in/verse"),
        of(|n| {
            format!(
                "渔歌之{n}\n\n撒网的人啊，\n第{n}个浪头打过来，\n归去来兮，\n归去来兮。\n\n收网的人啊，\n第{n}颗星星亮起来，\n归去来兮，\n归去来兮。\n"
            )
        }),
    );
    write(
        &dir.path().join("in/series"),
        of(|n| {
            format!(
                "老街旧事（{n}）\n编者按：本刊从今年起连载这一组文章，作者是在老街上住了六十年的老人，所记都是亲历。\n\
                 第{n}家铺子是卖灯笼的，掌柜姓祁，手艺是祖上传下来的，纸要糊三层，骨子要用隔年的竹子。\n（未完待续）\n"
            )
        }),
    );
    write(
        &dir.path().join("in/judgments"),
        of(|n| {
            format!(
                "云州县人民法院\n民 事 判 决 书\n（2013）云民初字第{n}号\n原告第{n}合作社。\n被告第{n}运输队。\n\
                 原告与被告买卖合同纠纷一案，本院受理后，依法公开开庭进行了审理，现已审理终结。\n判决如下：\n\
                 被告于本判决生效后十日内支付货款{n}百元。\n审判员　祁某\n书记员　罗某\n"
            )
        }),
    );
    write(
        &dir.path().join("in/novel"),
        of(|n| {
            format!(
                "第{n}章\n　　船到闸口，天已经黑透了，第{n}盏灯亮了起来，船老大把缆绳抛上岸。\n　　“到了。”他说。\n　　没有人答话，只有第{n}个人咳了一声，风从河面上吹过来。\n（本章完）\n"
            )
        }),
    );
    write(
        &dir.path().join("in/letters"),
        of(|n| {
            format!(
                "第{n}个问题\n问：第{n}类证件怎么补办，要带哪些材料，要等多少天？\n答：您好！\n\
                 第{n}类证件请到第{n}窗口办理，带上身份证和照片，五个工作日可以取。\n感谢您的来信\n"
            )
        }),
    );
    run_in(dir.path(), &["clean", "in", "-o", "alone", "--no-learn"], "").expect(0, "", "");
    run_in(dir.path(), &["clean", "in", "-o", "out"], "").expect(0, "", "");
    assert_eq!(tree(&dir.path().join("out")), tree(&dir.path().join("alone")));
    // The same on a site: the frame goes, the texts stay.
    for kind in ["laws", "verse", "series", "judgments", "novel", "letters"] {
        let texts = tree(&dir.path().join("in").join(kind)).into_iter();
        let framed =
            texts.map(|(_, text)| format!("云州在线\n{MENU}\n{}{TAIL}", String::from_utf8(text).unwrap()));
        write(&dir.path().join("site").join(kind), framed);
    }
    run_in(dir.path(), &["clean", "site", "-o", "framed", "--no-learn"], "").expect(0, "", "");
    run_in(dir.path(), &["clean", "site", "-o", "learnt"], "").expect(0, "", "");
    let (alone, learnt) = (tree(&dir.path().join("framed")), tree(&dir.path().join("learnt")));
    for ((path, before), (_, after)) in alone.iter().zip(&learnt) {
        let (before, after) = (String::from_utf8_lossy(before), String::from_utf8_lossy(after));
        let own = fs::read_to_string(dir.path().join("in").join(path)).unwrap();
        for line in own.lines().filter(|line| before.lines().any(|kept| kept == *line)) {
            assert!(after.lines().any(|kept| kept == line), "{}: lost {line}", path.display());
        }
    }
    let left = |name| has(&dir.path().join(name), MENU);
    assert_eq!(left("learnt"), 0);
}
