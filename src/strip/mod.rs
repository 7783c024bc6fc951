//! Strip: the main content of a page, from HTML or from a plain-text dump.
//!
//! A page is a sequence of lines ([`line::Line`]). [`label`] decides of each line, from the whole sequence,
//! whether it is article, furniture or metadata; [`strip`] leaves out what is not article. What stays is the
//! input's bytes. HTML becomes text first ([`html`]), by a decision of its own over what the markup says.

mod fences;
pub mod html;
mod last;
pub mod line;
mod metadata;
mod page;
pub mod site;
mod text;
mod title;

use std::borrow::Cow;
use std::sync::Arc;

use serde::Serialize;

pub use metadata::Metadata;
pub use page::{dump_titles, label};
pub use text::dump;

use crate::document::{Change, Record, Report, Span, Stage};
use crate::text::format::{Format, sniff};
use line::{Label, Line, Verdict};
use site::Frame;

/// What becomes of a page's title, date, source and the like. The title always stays as the first line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Meta {
    /// Left out of the text.
    #[default]
    Drop,
    /// Left in the text, where it stands.
    Keep,
    /// YAML before the text.
    FrontMatter,
    /// One JSON object on a line of its own before the text.
    Json,
}

/// How much evidence it takes to drop a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strictness {
    /// In doubt a line stays.
    Lenient,
    #[default]
    Default,
    /// In doubt a line goes.
    Strict,
}

/// What becomes of readers' comments below an article. Posts of a forum are no comments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Comments {
    #[default]
    Drop,
    Keep,
}

/// What the text of an HTML page is written as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// One paragraph a line.
    #[default]
    Text,
    /// Headings, lists, quotations, code and bold lines are marked as in `CommonMark`. Other characters stay as they
    /// are: nothing is escaped.
    Markdown,
}

/// What becomes of the tables of data of an HTML page. Tables that are layout are no tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tables {
    /// A row a line, its cells between tabs.
    #[default]
    Text,
    /// As in GitHub's Markdown; the first row is the head.
    Markdown,
    /// Left out.
    Drop,
}

/// What [`strip`] may do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Options {
    /// Text or HTML; sniffed if not given.
    pub format: Option<Format>,
    pub meta: Meta,
    pub strictness: Strictness,
    pub comments: Comments,
    /// What the text of an HTML page is written as.
    pub style: Style,
    pub tables: Tables,
    /// The captions of pictures go.
    pub drops_captions: bool,
    /// The readings above characters (`ruby`) stay, in parentheses; else they go.
    pub keeps_ruby: bool,
    /// A line with one of these in it goes, whatever it is.
    pub drop_phrases: Vec<String>,
    /// A line with one of these in it stays, whatever it is; stronger than `drop_phrases`.
    pub keep_phrases: Vec<String>,
    /// What recurs on the pages of the document's site.
    #[serde(skip)]
    pub site: Option<Arc<site::Template>>,
    /// Whether the report lists every change or only counts them.
    #[serde(skip)]
    pub record: Record,
}

/// What [`strip`] gives back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stripped<'a> {
    /// The main content.
    pub text: Cow<'a, str>,
    pub metadata: Metadata,
    /// Every line taken out, with the rule that took it. Of HTML, spans are those of the line's source.
    pub report: Report,
    /// The lines taken out, in order: what `--removed` receives. Empty under [`Record::Counts`].
    pub removed: String,
}

/// How often the decision is made again on what it kept. A page that has not settled by then is left as it is.
const MAX_ROUNDS: usize = 12;

/// Removes boilerplate from a document; holds the whole of it.
///
/// The decision is repeated on the lines that were kept until none goes, so that a second run finds nothing.
/// Where that would take more than a fifth of the running text, running text is given more weight until it
/// stays, and the report counts `refused-prose-loss`. Linear in the length of the text.
///
/// ```
/// use zxtool::strip::{strip, Options};
/// let article = "春天的集市\n\n天刚亮，镇上的集市就开了。卖菜的老人说，今年的笋比往年都好。\n";
/// assert_eq!(strip(article, &Options::default()).text, article);
/// ```
#[must_use]
pub fn strip<'a>(text: &'a str, options: &Options) -> Stripped<'a> {
    match options.format.unwrap_or_else(|| sniff(text)) {
        Format::Text => {
            let stripped = strip_text(text, options, Metadata::default(), &Frame::new());
            if options.format.is_none() && sniff(&stripped.text) == Format::Html {
                // What would be left begins as a page: a second run would read it as one.
                let mut report = Report::default();
                report.add(Stage::Strip, "refused-markup", 1);
                return Stripped {
                    text: Cow::Borrowed(text),
                    metadata: stripped.metadata,
                    report,
                    removed: String::new(),
                };
            }
            stripped
        }
        Format::Html => last::last_pass(html::extract(text, options, options.site.is_some()), options),
    }
}

/// The decision over the lines of a plain text. `metadata` is what the markup said of the page, `frame` are its lines;
/// of a page without markup it is empty.
fn strip_text<'a>(
    text: &'a str,
    options: &Options,
    metadata: Metadata,
    frame: &[(String, bool)],
) -> Stripped<'a> {
    text::with_room(|room| strip_lines(text, options, metadata, frame, room))
}

fn strip_lines<'a>(
    text: &'a str,
    options: &Options,
    mut metadata: Metadata,
    frame: &[(String, bool)],
    room: &mut text::Room,
) -> Stripped<'a> {
    let (header, body) = split_header(text);
    let base = header.len();
    let whole = split_lines(body, base);
    let mut lines: &[Line] = &whole;
    let mut left: Vec<Line>;
    text::fill(room, lines.iter().map(|line| line.text), body);
    let mut rows: Vec<Option<&text::Row>> = room.rows.iter().map(Option::as_ref).collect();
    let mut report = Report::default();
    let mut gone: Vec<(Line, Verdict)> = Vec::new();
    let mut settled = false;
    let mut refused = false;
    for _ in 0..MAX_ROUNDS {
        let mut round = page::decide(lines, &rows, options, metadata.title.is_some(), &mut room.scanner);
        metadata.fill_from(round.metadata);
        refused |= round.is_refused;
        let mut keeps = page::kept(&round.verdicts, options.meta);
        // What the page alone shows goes first; a template only adds to that.
        if keeps.iter().all(|keep| *keep)
            && site::drop_recurring(options, frame, &whole, lines, &mut round.verdicts)
        {
            keeps = page::kept(&round.verdicts, options.meta);
        }
        if keeps.iter().all(|keep| *keep) {
            settled = true;
            break;
        }
        let has_furniture = keeps.iter().zip(lines).any(|(keep, line)| !keep && !is_blank(line));
        gone.reserve(keeps.iter().filter(|keep| !**keep).count());
        let mut stay: Vec<Line> = Vec::with_capacity(lines.len());
        let mut left_rows = Vec::with_capacity(lines.len());
        for (((line, row), verdict), keep) in lines.iter().zip(&rows).zip(&round.verdicts).zip(keeps) {
            // Of a page that held furniture the empty lines are its layout: one of them parts two paragraphs.
            let is_layout = has_furniture
                && row.is_none()
                && is_blank(line)
                && left_rows.last().is_some_and(Option::is_none)
                && stay.last().is_some_and(is_blank);
            if keep && !is_layout {
                stay.push(*line);
                left_rows.push(*row);
            } else {
                gone.push((*line, *verdict));
            }
        }
        (left, rows) = (stay, left_rows);
        lines = &left;
    }
    report.add(Stage::Strip, "refused-prose-loss", u64::from(refused));
    if !settled {
        report.add(Stage::Strip, "refused-unsettled", 1);
        gone.clear();
        lines = &whole;
    }
    gone.sort_by_key(|(line, _)| line.span.start);
    let before = match options.meta {
        Meta::FrontMatter if header.is_empty() => metadata.front_matter(),
        Meta::Json if header.is_empty() => metadata.json_line(),
        _ => String::new(),
    };
    let out = if gone.is_empty() && before.is_empty() {
        Cow::Borrowed(text)
    } else {
        let left = lines.iter().map(|line| line.span.len_bytes()).sum::<usize>();
        let mut out = String::with_capacity(before.len() + header.len() + left);
        out.push_str(&before);
        out.push_str(header);
        for run in lines.chunk_by(|line, next| line.span.end == next.span.start) {
            if let (Some(first), Some(last)) = (run.first(), run.last()) {
                out.push_str(Span::new(first.span.start, last.span.end).of(text));
            }
        }
        Cow::Owned(out)
    };
    let mut removed = String::new();
    if options.record == Record::Changes {
        removed.extend(gone.iter().map(|(line, _)| line.span.of(text)));
        let changes = gone.iter().map(|(line, verdict)| change(line.span, verdict)).collect();
        report.take(changes, options.record);
    } else {
        // A rule has one name, nearly always in one place.
        for run in gone.chunk_by(|(_, one), (_, other)| std::ptr::eq(rule(one), rule(other))) {
            let count = u64::try_from(run.len()).unwrap_or(u64::MAX);
            report.add(Stage::Strip, run.first().map_or("", |(_, verdict)| rule(verdict)), count);
        }
    }
    Stripped { text: out, metadata, report, removed }
}

fn is_blank(line: &Line) -> bool {
    line.text.trim().is_empty()
}

/// The rule that took a line.
fn rule(verdict: &Verdict) -> &'static str {
    if verdict.label == Label::Blank { "blank-line" } else { verdict.rule }
}

/// The removal of a line, with the two features that weighed most.
fn change(span: Span, verdict: &Verdict) -> Change {
    let note = verdict
        .features
        .iter()
        .filter(|feature| !feature.name().is_empty())
        .map(|feature| format!("{} {:+.2}", feature.name(), f64::from(feature.weight) / 100.0))
        .collect::<Vec<_>>()
        .join(", ");
    Change {
        stage: Stage::Strip,
        rule: rule(verdict),
        span,
        replacement: "".into(),
        score: verdict.score,
        note: note.into(),
    }
}

/// Cuts `text` into lines, each with its line feed; spans count from `base` bytes before it.
fn split_lines(text: &str, base: usize) -> Vec<Line<'_>> {
    let mut lines = Vec::with_capacity(memchr::memchr_iter(b'\n', text.as_bytes()).count() + 1);
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
    for end in ends.chain([text.len()]) {
        if end > start {
            let span = Span::new(base + start, base + end);
            lines.push(Line { text: text.get(start..end).unwrap_or_default(), span });
        }
        start = end;
    }
    lines
}

/// The metadata that an earlier run wrote before the text, and the text. Empty if there is none.
fn split_header(text: &str) -> (&str, &str) {
    let is_entry = |line: &str| {
        line.split_once(": ").is_some_and(|(name, value)| {
            let is_ours = name == "date" || value.starts_with('"') && value.ends_with('"');
            is_ours && !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
        })
    };
    let mut end = 0;
    if let Some(rest) = text.strip_prefix("---\n") {
        end = 4;
        for line in rest.split_inclusive('\n') {
            end += line.len();
            if line == "---\n" {
                return text.split_at_checked(end).unwrap_or(("", text));
            }
            if !is_entry(line.trim_end_matches('\n')) {
                return ("", text);
            }
        }
        return ("", text);
    }
    if ["title", "date", "source", "author", "editor", "url", "document_number"].iter().any(|name| {
        text.strip_prefix("{\"").and_then(|t| t.strip_prefix(name)).is_some_and(|t| t.starts_with("\":\""))
    }) && let Some(at) = text.find('\n')
        && text.get(..at).is_some_and(|line| line.ends_with("\"}") || line.ends_with("\"}}"))
    {
        end = at + 1;
    }
    text.split_at_checked(end).unwrap_or(("", text))
}
