//! The labels of a page: parts by the weights, then title, metadata, comments, and the reader's own phrases.

use super::fences;
use super::line::{Label, Line, Verdict};
use super::metadata::{MAX_LINE_CHARS, Metadata, Reading};
use super::text::{Class, Page, Row, Scanner, Topic, bit, fill, parts, with_room};
use super::{Comments, Meta, Options, title};

/// Lines before the first running text in which the title and the metadata of the page are looked for.
const MAX_HEAD_LINES: usize = 40;
/// Lines at the end of the body in which credits are looked for.
const MAX_TAIL_LINES: usize = 6;

/// What goes on with comments.
const DISCUSSION: u32 = bit(Topic::Comment) | bit(Topic::Forum) | bit(Topic::User) | bit(Topic::Share);

/// What one round says of a page.
pub(crate) struct Round {
    pub(crate) verdicts: Vec<Verdict>,
    pub(crate) metadata: Metadata,
    /// More than a fifth of the running text would have gone.
    pub(crate) is_refused: bool,
}

/// Decides of each line of a page whether it is article, furniture or metadata. One verdict a line.
///
/// The title is metadata of the rule `title` and always stays. This is one round: a second one on the lines
/// that stay may drop more.
#[must_use]
pub fn label(lines: &[Line], options: &Options) -> Vec<Verdict> {
    with_room(|room| {
        fill(room, lines.iter().map(|line| line.text), "");
        let rows: Vec<Option<&Row>> = room.rows.iter().map(Option::as_ref).collect();
        decide(lines, &rows, options, false, &mut room.scanner).verdicts
    })
}

/// One round over the lines of a page; `rows` are theirs.
pub(crate) fn decide(
    lines: &[Line],
    rows: &[Option<&Row>],
    options: &Options,
    has_title: bool,
    scanner: &mut Scanner,
) -> Round {
    let page = Page::new(rows.iter().copied());
    let (mut verdicts, is_refused) = parts(&page, lines, options);
    let mut metadata = Metadata::default();
    let title = |verdicts: &[Verdict], first_kept: usize| {
        // Found in an earlier round, it is not looked for where nothing stands above the body.
        let may_be = first_kept > 0 || !has_title;
        if may_be { title::find(lines, &page, verdicts, first_kept, scanner) } else { None }
    };
    find_metadata(lines, &page, &mut verdicts, &mut metadata, title);
    if options.comments == Comments::Keep {
        keep_comments(&page, &mut verdicts);
    }
    // A fence or a table; most pages have none.
    if page.rows.iter().any(|row| [b'`', b'|'].map(u16::from).contains(&row.shape.first_code)) {
        fences::keep(lines, &mut verdicts);
    }
    own_phrases(lines, options, &mut verdicts);
    Round { verdicts, metadata, is_refused }
}

/// The candidates for the title of a page and what they have: what `tools/strip/title.py` learns from.
#[must_use]
pub fn dump_titles(lines: &[Line], options: &Options) -> String {
    with_room(|room| {
        fill(room, lines.iter().map(|line| line.text), "");
        let page = Page::new(room.rows.iter().map(Option::as_ref));
        let (verdicts, _) = parts(&page, lines, options);
        title::dump(lines, &page, &verdicts, first_kept(&page, &verdicts), &mut room.scanner)
    })
}

/// The first line of the body, among the lines that are not blank.
fn first_kept(page: &Page, verdicts: &[Verdict]) -> usize {
    let is_kept = |at: &usize| verdicts.get(*at).is_some_and(|verdict| verdict.label == Label::Keep);
    page.at.iter().position(is_kept).unwrap_or(page.at.len())
}

/// Which lines stay. Blank lines go at the ends where lines went, and in all but one of the gaps of a block that went.
pub(crate) fn kept(verdicts: &[Verdict], meta: Meta) -> Vec<bool> {
    // Without a branch for the commonest.
    let stays = |verdict: &Verdict| {
        let is_metadata = verdict.label == Label::Metadata;
        verdict.label == Label::Keep || (is_metadata && (verdict.rule == "title" || meta == Meta::Keep))
    };
    let mut keeps: Vec<bool> = verdicts.iter().map(stays).collect();
    let mut start = 0;
    while start < verdicts.len() {
        let gap = keeps.iter().skip(start).take_while(|keeps| !**keeps).count();
        if gap > 0 {
            let lines = verdicts.iter().enumerate().skip(start).take(gap);
            let has_loss = lines.clone().any(|(_, v)| v.label != Label::Blank);
            let is_edge = start == 0 || start + gap == verdicts.len();
            let blanks = lines
                .skip_while(|(_, v)| v.label != Label::Blank)
                .take_while(|(_, v)| v.label == Label::Blank);
            if !has_loss || !is_edge {
                for (at, _) in blanks {
                    if let Some(keep) = keeps.get_mut(at) {
                        *keep = true;
                    }
                }
            }
        }
        start += gap + 1;
    }
    keeps
}

/// Finds title and metadata at the head, credits at the tail; relabels their lines.
///
/// `title` looks for the title, given the verdicts and the first line of the body.
fn find_metadata(
    lines: &[Line],
    page: &Page,
    verdicts: &mut [Verdict],
    metadata: &mut Metadata,
    title: impl FnOnce(&[Verdict], usize) -> Option<usize>,
) {
    let text = |i: usize| page.at.get(i).and_then(|at| lines.get(*at)).map_or("", |line| line.text);
    let reading = |i: usize| page.rows.get(i).and_then(|row| row.reading(text(i)));
    let label = |verdicts: &[Verdict], i: usize| {
        page.at.get(i).and_then(|at| verdicts.get(*at)).map_or(Label::Drop, |verdict| verdict.label)
    };
    let n = page.rows.len();
    let is_prose = |i: usize| page.rows.get(i).is_some_and(|row| row.is_prose);
    let first_prose = (0..n).find(|i| is_prose(*i) && label(verdicts, *i) == Label::Keep).unwrap_or(n);
    let first_kept = first_kept(page, verdicts);
    let mark = |verdicts: &mut [Verdict], i: usize, rule: &'static str| {
        if let Some(verdict) = page.at.get(i).and_then(|at| verdicts.get_mut(*at)) {
            verdict.label = Label::Metadata;
            verdict.rule = rule;
        }
    };
    // Head: from some lines before the first running text (or line of the body) to it.
    let to = first_prose.min(first_kept + MAX_HEAD_LINES);
    let from = first_kept.saturating_sub(MAX_TAIL_LINES);
    let mut first_meta = None;
    for i in from..to {
        if may_be_metadata(page, i)
            && let Some(reading) = reading(i)
            && reading.is_metadata()
            && (label(verdicts, i) == Label::Drop || i < first_kept + MAX_TAIL_LINES)
            && is_head_metadata(reading, first_meta, i)
        {
            metadata.take(reading);
            mark(verdicts, i, "metadata-line");
            first_meta.get_or_insert(i);
        }
    }
    if let Some(i) = title(verdicts, first_kept) {
        metadata.title = Some(text(i).trim().to_owned());
        metadata.from.insert("title", "line");
        mark(verdicts, i, "title");
    }
    // Tail: from the last running text to some lines behind the body.
    let last_kept = (0..n).rev().find(|i| label(verdicts, *i) == Label::Keep).unwrap_or(0);
    let last_prose = (0..=last_kept).rev().find(|i| is_prose(*i)).unwrap_or(last_kept);
    let behind = (last_kept + MAX_TAIL_LINES).min(n);
    for i in (last_prose + 1).max(first_kept + 1).max(last_kept.saturating_sub(MAX_TAIL_LINES))..behind {
        if may_be_metadata(page, i)
            && let Some(reading) = reading(i)
            && reading.is_credit()
        {
            metadata.take(reading);
            mark(verdicts, i, "credit-line");
        }
    }
}

/// Whether a line has what a date or a label with its value has, a digit or something between the two, and is no
/// sentence.
pub(super) fn may_be_metadata(page: &Page, i: usize) -> bool {
    page.rows.get(i).is_some_and(|Row { shape, .. }| {
        let has_value = shape.digits > 0 || shape.pieces > 1 || shape.separators > 0 || shape.colon.is_some();
        has_value && shape.chars <= MAX_LINE_CHARS && shape.last != Class::Stop && !page.is_head_in_log(i)
    })
}

/// Whether a line of the head is metadata: dates and labels near each other, not the fields of a form or a table.
fn is_head_metadata(reading: &Reading, first: Option<usize>, i: usize) -> bool {
    reading.has_date || reading.has_sure_label || first.is_some_and(|first| i <= first + 8)
}

/// With comments kept: what stands in the footer under a heading of comments, up to the next heading.
///
/// The heading stays, so that a second run finds the comments again.
fn keep_comments(page: &Page, verdicts: &mut [Verdict]) {
    let mut inside = false;
    for (at, Row { shape, .. }) in page.at.iter().zip(&page.rows) {
        let Some(verdict) = verdicts.get_mut(*at) else { continue };
        let is_furniture =
            shape.cover >= 0.5 || shape.hits.has(Topic::Licence) || shape.hits.has(Topic::Copyright);
        let opens = !inside && shape.hits.has(Topic::Comment);
        if is_furniture {
            let goes_on = shape.hits.classes & DISCUSSION != 0;
            inside = opens || inside && goes_on;
        }
        if (opens || !is_furniture) && inside && verdict.label == Label::Drop {
            verdict.label = Label::Keep;
            verdict.rule = "";
        }
    }
}

/// The reader's own phrases.
fn own_phrases(lines: &[Line], options: &Options, verdicts: &mut [Verdict]) {
    if options.drop_phrases.is_empty() && options.keep_phrases.is_empty() {
        return;
    }
    let has = |line: &Line, phrases: &[String]| {
        phrases.iter().any(|phrase| !phrase.is_empty() && line.text.contains(phrase.as_str()))
    };
    for (line, verdict) in lines.iter().zip(verdicts) {
        if verdict.label == Label::Blank {
            continue;
        }
        if has(line, &options.keep_phrases) {
            verdict.label = Label::Keep;
            verdict.rule = "";
        } else if has(line, &options.drop_phrases) {
            verdict.label = Label::Drop;
            verdict.rule = "drop-phrase";
        }
    }
}
