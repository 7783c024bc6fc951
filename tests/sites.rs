//! Site templates: what they gain on pages of simulated sites, and what they must never drop.
//!
//! A site is the furniture of one labelled page (what stands above and below its article) around the articles of
//! others, with what differs from page to page on a real site: a line of furniture missing here and there, other
//! numbers, headlines of other articles. `cargo test --test sites -- --nocapture` prints the scores.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "clippy allows these in #[test] functions only, not in what they share"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use zxtool::document::Record;
use zxtool::strip::site::{Learner, Lines, Site};
use zxtool::strip::{Options, strip};
use zxtool::text::format::Format;

/// A labelled page, cut into what stands above its article, the article, and what stands below.
struct Labelled {
    name: String,
    head: Vec<String>,
    article: Vec<String>,
    tail: Vec<String>,
}

fn labelled(folder: &str) -> Vec<Labelled> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("skipped: {} is absent", folder.display());
        return Vec::new();
    };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
        .iter()
        .filter(|path| path.extension().is_some_and(|e| e == "labels"))
        .filter_map(|path| {
            let text = fs::read_to_string(path.with_extension("txt")).unwrap();
            let labels = fs::read_to_string(path).unwrap();
            let lines: Vec<(&str, &str)> = text.lines().zip(labels.split_whitespace()).collect();
            let first = lines.iter().position(|(_, label)| *label == "K")?;
            let last = lines.iter().rposition(|(_, label)| *label == "K")?;
            let of = |lines: &[(&str, &str)], wanted: &str| -> Vec<String> {
                let lines = lines.iter().filter(|(line, label)| *label == wanted && !line.trim().is_empty());
                lines.map(|(line, _)| (*line).to_owned()).collect()
            };
            Some(Labelled {
                name: path.file_stem().unwrap().to_string_lossy().into_owned(),
                head: of(&lines[..first], "D"),
                article: of(&lines[first..=last], "K"),
                tail: of(&lines[last..], "D"),
            })
        })
        .collect()
}

/// A small generator of numbers, the same everywhere.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }
}

/// The pages of a site: lines, each with whether it is article.
fn pages(site: &Labelled, others: &[&Labelled], chance: &mut Chance) -> Vec<Vec<(String, bool)>> {
    let mut pages = Vec::new();
    for (n, page) in others.iter().enumerate() {
        let mut furniture = |lines: &[String]| -> Vec<(String, bool)> {
            let kept = lines.iter().filter(|_| chance.below(12) > 0);
            let renumbered = |line: &String| -> String {
                line.chars()
                    .map(|c| {
                        if c.is_ascii_digit() {
                            char::from(b'0' + u8::try_from(other_digit(n, c)).unwrap())
                        } else {
                            c
                        }
                    })
                    .collect()
            };
            kept.map(|line| (renumbered(line), false)).collect()
        };
        let mut lines = furniture(&site.head);
        let body = page.article.iter().map(|line| (line.clone(), true));
        let tail = furniture(&site.tail);
        lines.extend(body);
        lines.extend(tail);
        pages.push(lines);
    }
    pages
}

/// Another digit for each page.
fn other_digit(page: usize, digit: char) -> usize {
    (usize::try_from(u32::from(digit)).unwrap() + 7 * page) % 10
}

fn text(page: &[(String, bool)]) -> String {
    page.iter().fold(String::new(), |mut text, (line, _)| {
        text.push_str(line);
        text.push('\n');
        text
    })
}

/// The same page as markup in which only the lines tell anything.
fn markup(page: &[(String, bool)]) -> String {
    let mut html = "<!doctype html><html><body><div class=wrap>".to_owned();
    for (line, _) in page {
        let line = line.replace('&', "&amp;").replace('<', "&lt;");
        let _ = write!(html, "<div><p>{line}</p></div>");
    }
    html + "</div></body></html>"
}

#[derive(Clone, Copy, Debug, Default)]
struct Score {
    article: usize,
    lost: usize,
    furniture: usize,
    left: usize,
    f1_sum: f64,
    pages: usize,
}

fn size(line: &str) -> usize {
    line.chars().filter(|c| !c.is_whitespace()).count()
}

#[allow(clippy::cast_precision_loss, reason = "counts of characters of a few pages")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

impl Score {
    fn add(&mut self, page: &[(String, bool)], stripped: &str) {
        // Lines of an article and of furniture that read the same count as what comes first.
        let mut left: Vec<&str> = stripped.lines().map(str::trim).collect();
        let (mut article, mut lost, mut furniture, mut stayed) = (0, 0, 0, 0);
        for (line, is_article) in page.iter().filter(|(_, a)| *a).chain(page.iter().filter(|(_, a)| !*a)) {
            let squeezed = line.split_whitespace().collect::<Vec<_>>().join(" ");
            let at = left.iter().position(|out| *out == line.trim() || *out == squeezed);
            if let Some(at) = at {
                left.remove(at);
            }
            match (is_article, at) {
                (true, Some(_)) => article += size(line),
                (true, None) => lost += size(line),
                (false, Some(_)) => stayed += size(line),
                (false, None) => furniture += size(line),
            }
        }
        let (precision, recall) = (ratio(article, article + stayed), ratio(article, article + lost));
        self.f1_sum += if article == 0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) };
        self.article += article + lost;
        self.lost += lost;
        self.furniture += furniture + stayed;
        self.left += stayed;
        self.pages += 1;
    }

    #[allow(clippy::cast_precision_loss, reason = "a number of pages")]
    fn f1(&self) -> f64 {
        self.f1_sum / self.pages as f64
    }

    fn show(&self) -> String {
        format!(
            "F1 {:.4}  article lost {:.3} %  furniture left {:.2} %",
            self.f1(),
            100.0 * ratio(self.lost, self.article),
            100.0 * ratio(self.left, self.furniture)
        )
    }
}

fn learnt(pages: &[String], options: &Options) -> Site {
    let mut learner = Learner::default();
    for page in pages {
        learner.add(Lines::of(page, options));
    }
    learner.site("site")
}

/// Scores without and with templates over all sites of `sites`; articles of `articles`.
fn gain(sites: &[Labelled], articles: &[Labelled], format: Format) -> (usize, Score, Score) {
    let (mut alone, mut together) = (Score::default(), Score::default());
    let mut chance = Chance(20_261_123);
    let mut count = 0;
    let with_furniture = sites.iter().filter(|site| site.head.len() + site.tail.len() >= 6);
    for site in with_furniture {
        let others: Vec<&Labelled> = articles
            .iter()
            .filter(|page| page.name != site.name && page.article.len() >= 4)
            .take(30)
            .collect();
        let pages = pages(site, &others, &mut chance);
        let sources: Vec<String> =
            pages.iter().map(|page| if format == Format::Html { markup(page) } else { text(page) }).collect();
        let options = Options { format: Some(format), record: Record::Changes, ..Options::default() };
        let template = learnt(&sources, &options).template();
        let with_site = Options { site: template.map(Arc::new), ..options.clone() };
        let (mut site_alone, mut site_together) = (Score::default(), Score::default());
        for (page, source) in pages.iter().zip(&sources) {
            site_alone.add(page, &strip(source, &options).text);
            let stripped = strip(source, &with_site);
            site_together.add(page, &stripped.text);
            alone.add(page, &strip(source, &options).text);
            together.add(page, &stripped.text);
            if std::env::var_os("WORST").is_some() {
                for change in stripped.report.changes.iter().filter(|change| change.rule == "site-template") {
                    let line = change.span.of(source).trim();
                    if page.iter().any(|(article, is)| *is && article.trim() == line) {
                        println!("    lost {line}");
                    }
                }
            }
        }
        println!("  {:24} {}\n  {:24} {}", site.name, site_alone.show(), "", site_together.show());
        count += 1;
    }
    (count, alone, together)
}

fn check(name: &str, sites: &[Labelled], articles: &[Labelled], may_leave_hundredths: usize) {
    if sites.is_empty() {
        return;
    }
    for format in [Format::Text, Format::Html] {
        let (count, alone, together) = gain(sites, articles, format);
        println!("{name}, {format:?}, {count} sites, {} pages", alone.pages);
        println!("  page alone    {}\n  with template {}", alone.show(), together.show());
        assert!(count >= 10, "{count} sites");
        let (left, of) = (together.left, alone.left);
        assert!(left * 100 <= of * may_leave_hundredths, "furniture left: {left} of {of}");
        assert!(ratio(together.lost.saturating_sub(alone.lost), alone.article) <= 0.0005, "article lost");
        assert!(together.f1() >= alone.f1());
    }
}

#[test]
fn templates_drop_furniture_that_the_page_alone_does_not_show() {
    let (dev, test) = (labelled("fixtures/strip/text-dev"), labelled("fixtures/strip/text-test"));
    check("text-test furniture, text-dev articles", &test, &dev, 80);
    check("text-dev furniture, text-test articles", &dev, &test, 80);
}

#[test]
fn templates_of_real_furniture() {
    let real = labelled("../shared/data/strip/text-zh");
    check("text-zh", &real, &real, 95);
}
