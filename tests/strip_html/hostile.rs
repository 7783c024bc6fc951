//! Hostile input: time grows with the length, the stack does not, and the text of the page is not lost.
//!
//! Measure: `ZXTOOL_HOSTILE_BYTES=8000000 cargo test --release --test strip_html hostile -- --nocapture`

use std::time::Duration;

use zxtool::strip::Options;
use zxtool::strip::html::strip_html;

use crate::clock::cpu_time;

/// A page of some shape around a paragraph, of about `bytes` bytes.
struct Shape {
    name: &'static str,
    make: fn(usize) -> String,
    /// Whether the paragraph must come out.
    keeps_text: bool,
}

const TEXT: &str = "天刚亮，镇上的集市就开了。卖菜的老人说，今年的笋比往年都好，一早就卖完了，明天还会再来。";

fn repeat(unit: &str, bytes: usize) -> String {
    unit.repeat(bytes / unit.len())
}

fn around(before: &str, after: &str, bytes: usize) -> String {
    let n = bytes / (before.len() + after.len()).max(1);
    format!("{}<p>{TEXT}</p>{}", before.repeat(n), after.repeat(n))
}

const SHAPES: &[Shape] = &[
    Shape { name: "div nested", make: |n| around("<div>", "</div>", n), keeps_text: true },
    Shape { name: "div never closed", make: |n| around("<div>", "", n), keeps_text: true },
    Shape { name: "span nested", make: |n| around("<span>", "</span>", n), keeps_text: true },
    Shape { name: "b never closed", make: |n| around("<b>", "", n), keeps_text: true },
    Shape { name: "b and i misnested", make: |n| around("<b><i>", "</b></i>", n), keeps_text: true },
    Shape {
        name: "b over p",
        make: |n| format!("{}<p>{TEXT}</p>", repeat("<b><p>x</b>", n)),
        keeps_text: true,
    },
    Shape {
        name: "a over div",
        make: |n| format!("{}<p>{TEXT}</p>", repeat("<a href=x><div>x", n)),
        keeps_text: false,
    },
    Shape { name: "tables nested", make: |n| around("<table><tr><td>", "</table>", n), keeps_text: true },
    Shape { name: "tables never closed", make: |n| around("<table><tr><td>", "", n), keeps_text: true },
    Shape { name: "text in tables", make: |n| around("<table>x", "", n), keeps_text: true },
    Shape { name: "lists nested", make: |n| around("<ul><li>", "</ul>", n), keeps_text: true },
    Shape {
        name: "li never closed",
        make: |n| format!("<ul>{}</ul><p>{TEXT}</p>", repeat("<li>x", n)),
        keeps_text: true,
    },
    Shape {
        name: "p never closed",
        make: |n| format!("{}<p>{TEXT}</p>", repeat("<p>x", n)),
        keeps_text: true,
    },
    Shape {
        name: "end tags alone",
        make: |n| format!("{}<p>{TEXT}</p>", repeat("</div></b></p>", n)),
        keeps_text: true,
    },
    Shape {
        name: "end tags of nothing below many",
        make: |n| format!("{}{}<p>{TEXT}</p>", "<i>".repeat(500), repeat("</q>", n)),
        keeps_text: true,
    },
    Shape {
        name: "end tags behind a scope",
        make: |n| {
            format!("<section><table><tr><td>{}{}<p>{TEXT}</p>", "<div>".repeat(500), repeat("</section>", n))
        },
        keeps_text: true,
    },
    Shape {
        name: "attributes, many",
        make: |n| {
            let many: String = (0..n / 9).map(|i| format!(" a{i}=b")).collect();
            format!("<div{many}><p>{TEXT}</p></div>")
        },
        keeps_text: true,
    },
    Shape {
        name: "attribute, long",
        make: |n| format!("<div class=\"{}\"><p>{TEXT}</p>", repeat("ab ", n)),
        keeps_text: true,
    },
    Shape {
        name: "classes, distinct",
        make: |n| {
            (0..n / 30).map(|i| format!("<div class=\"c{i:x}z\">x</div>")).collect::<String>()
                + &format!("<p>{TEXT}</p>")
        },
        keeps_text: true,
    },
    Shape {
        name: "quotations in a thread",
        make: |n| {
            let quoted: String = (0..n / 60)
                .map(|i| format!("<blockquote class=quote>第{i}个人说过的一句话</blockquote>"))
                .collect();
            format!("<meta name=generator content=Discuz><div class=t_f><p>{TEXT}</p>{quoted}</div>")
        },
        keeps_text: false,
    },
    Shape {
        name: "entities",
        make: |n| format!("<p>{TEXT}</p><p>{}</p>", repeat("&amp;&#x4e2d;", n)),
        keeps_text: true,
    },
    Shape {
        name: "ampersands",
        make: |n| format!("<p>{TEXT}</p><p>{}</p>", repeat("&", n)),
        keeps_text: true,
    },
    Shape {
        name: "less-than signs",
        make: |n| format!("<p>{TEXT}</p><p>{}</p>", repeat("< ", n)),
        keeps_text: true,
    },
    Shape { name: "comments", make: |n| format!("{}<p>{TEXT}</p>", repeat("<!--x-->", n)), keeps_text: true },
    Shape {
        name: "comments never closed",
        make: |n| format!("<p>{TEXT}</p>{}", repeat("<!--", n)),
        keeps_text: true,
    },
    Shape {
        name: "comment never closed",
        make: |n| format!("<!-- <p>{TEXT}</p>{}", repeat("x ", n)),
        keeps_text: true,
    },
    Shape {
        name: "titles never closed",
        make: |n| format!("<p>{TEXT}</p>{}", repeat("<title>", n)),
        keeps_text: true,
    },
    Shape {
        name: "title never closed",
        make: |n| format!("<title><p>{TEXT}</p>{}", repeat("x ", n)),
        keeps_text: true,
    },
    Shape {
        name: "scripts",
        make: |n| format!("{}<p>{TEXT}</p>", repeat("<script>x</script>", n)),
        keeps_text: true,
    },
    Shape {
        name: "plaintext",
        make: |n| format!("<p>{TEXT}</p><plaintext>{}", repeat("<b>x", n)),
        keeps_text: true,
    },
    Shape {
        name: "svg",
        make: |n| format!("{}<p>{TEXT}</p>", repeat("<svg><g><title>x</title></svg>", n)),
        keeps_text: true,
    },
    Shape {
        name: "math",
        make: |n| format!("{}<p>{TEXT}</p>", repeat("<math><mi>x</math>", n)),
        keeps_text: true,
    },
    Shape {
        name: "select",
        make: |n| format!("<p>{TEXT}</p><select>{}", repeat("<option>x", n)),
        keeps_text: true,
    },
    Shape {
        name: "buttons never closed",
        make: |n| format!("<p>{TEXT}</p>{}", repeat("<button>", n)),
        keeps_text: true,
    },
    Shape { name: "br", make: |n| format!("<p>{TEXT}</p>{}", repeat("x<br>", n)), keeps_text: true },
    Shape { name: "headings", make: |n| format!("{}<p>{TEXT}</p>", repeat("<h1>", n)), keeps_text: true },
    Shape { name: "forms", make: |n| around("<form>", "", n), keeps_text: true },
    Shape { name: "ruby", make: |n| format!("<p>{TEXT}</p>{}", repeat("<ruby>x<rt>y", n)), keeps_text: true },
    Shape {
        name: "templates",
        make: |n| format!("<p>{TEXT}</p>{}", repeat("<template>", n)),
        keeps_text: true,
    },
    Shape {
        name: "pre with line feeds",
        make: |n| format!("<p>{TEXT}</p><pre>{}", repeat("x\n", n)),
        keeps_text: true,
    },
    Shape { name: "one word", make: |n| format!("<p>{TEXT}</p>{}", repeat("x", n)), keeps_text: true },
    Shape { name: "white space", make: |n| format!("<p>{TEXT}</p>{}", repeat(" \n", n)), keeps_text: true },
    Shape { name: "nul", make: |n| format!("<p>{TEXT}</p>{}", repeat("\0", n)), keeps_text: true },
    Shape {
        name: "html and body again",
        make: |n| format!("{}<p>{TEXT}</p>", repeat("</html><html><body>", n)),
        keeps_text: true,
    },
    Shape {
        name: "doctypes",
        make: |n| format!("{}<p>{TEXT}</p>", repeat("<!DOCTYPE html>", n)),
        keeps_text: true,
    },
    Shape { name: "processing", make: |n| format!("{}<p>{TEXT}</p>", repeat("<?x?>", n)), keeps_text: true },
    Shape {
        name: "cdata",
        make: |n| format!("{}<p>{TEXT}</p>", repeat("<![CDATA[x]]>", n)),
        keeps_text: true,
    },
    Shape {
        name: "tag never closed",
        make: |n| format!("<p>{TEXT}</p><div {}", repeat("a ", n)),
        keeps_text: true,
    },
    Shape { name: "dl", make: |n| around("<dl><dd>", "", n), keeps_text: true },
];

/// Stack of the thread that reads them. The main thread of a program has 8 MiB, a thread of Rust 2 MiB.
const STACK_BYTES: usize = 256 << 10;

fn bytes() -> usize {
    std::env::var("ZXTOOL_HOSTILE_BYTES").ok().and_then(|n| n.parse().ok()).unwrap_or(200_000)
}

fn time(page: &str) -> (Duration, String) {
    let start = cpu_time();
    let text = strip_html(page, &Options::default()).text.into_owned();
    (cpu_time().saturating_sub(start), text)
}

#[test]
fn hostile_shapes() {
    let run = || {
        println!("shape\tMB/s\texponent");
        let mut failures = Vec::new();
        // Reads the tables.
        time(TEXT);
        for shape in SHAPES {
            let bytes = bytes();
            let (small, _) = time(&(shape.make)(bytes / 8));
            let page = (shape.make)(bytes);
            let (large, text) = time(&page);
            let exponent = (large.as_secs_f64() / small.as_secs_f64().max(1e-6)).log2() / 3.0;
            let speed = page.len() as f64 / 1e6 / large.as_secs_f64().max(1e-6);
            println!("{}\t{speed:.0}\t{exponent:.2}", shape.name);
            if shape.keeps_text && !text.contains(TEXT) {
                failures.push(format!("{}: text lost", shape.name));
            }
            // Loose: caches and other work count too. A quadratic shape takes 64 times as long, not 8.
            if exponent > 1.6 && large > Duration::from_millis(200) {
                failures.push(format!("{}: exponent {exponent:.2}", shape.name));
            }
        }
        assert!(failures.is_empty(), "{failures:#?}");
    };
    std::thread::Builder::new().stack_size(STACK_BYTES).spawn(run).unwrap().join().unwrap();
}
