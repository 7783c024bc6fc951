//! Which lines of a page are its main content.

use std::collections::HashSet;

use crate::strip::{Comments, Options, Strictness, Tables as Written};

use super::markers::{is_button, is_marker, is_notice};
use super::model;
use super::page::{Line, Page};
use super::table::Tables;
use super::view::{View, link_ratio};
use super::words::Words;

/// What was decided of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Decision {
    pub(super) keeps: bool,
    /// Why it goes; empty of a kept line.
    pub(super) rule: &'static str,
    /// Log-odds that the line is article.
    score: f32,
}

/// Least log-odds of a line that stays whatever its text alone would say.
const SURE: f32 = 1.0;

impl Decision {
    /// Whether the line is article for sure.
    pub(super) fn is_sure(self) -> bool {
        self.score >= SURE
    }

    /// Log-odds that the line is furniture, in hundredths.
    #[allow(clippy::cast_possible_truncation, reason = "log-odds are small")]
    pub(super) fn score_hundredths(self) -> i32 {
        (self.score * -100.0) as i32
    }
}

/// What was decided of a page.
#[derive(Debug, Default)]
pub(super) struct Decisions {
    pub(super) of_lines: Vec<Decision>,
    /// The line that is the title.
    pub(super) title: Option<usize>,
}

impl Decisions {
    /// Drops every line that is kept.
    pub(super) fn drop_all(&mut self, rule: &'static str) {
        self.title = None;
        for decision in self.of_lines.iter_mut().filter(|decision| decision.keeps) {
            *decision = Decision { keeps: false, rule, ..*decision };
        }
    }
}

/// What a line gains by standing in a post where posts are the text. The development pages have seven threads, too
/// few to learn from.
///
/// Swept 0, 2, 3, 4 on pages that the model did not see: F1 of threads 0.63, 0.67, 0.71, 0.73.
const POST_BONUS: f32 = 3.5;

/// What a line loses by standing in comments below an article: few development pages have comments in their source.
///
/// Swept 0, 1, 2, 3, 5 on pages that the model did not see: F1 of Chinese pages 0.909, 0.911, 0.913, 0.913, 0.913, of
/// English ones 0.956, 0.957, 0.958, 0.958, 0.958.
const COMMENT_PENALTY: f32 = 3.0;

/// What a line gains or loses by [`Strictness`].
///
/// The threshold moved by -1, -0.5, 0, 0.5 on pages that the model did not see (an earlier model): F1 of Chinese pages
/// 0.896, 0.896, 0.891, 0.896. The margin itself was not tuned.
const STRICTNESS_MARGIN: f32 = 1.0;

/// Lines of a page that are looked at one by one. Of a page with more, short lines of blocks of one shape that follow
/// each other are decided together. The longest development page has 3,078 lines; a page of a million lines of one
/// letter costs no more than one of that many letters.
const MAX_SCORED_LINES: usize = 20_000;

/// What is known of line `i` besides what was learnt.
pub(super) fn prior(view: &View, i: usize) -> f32 {
    if view.posts_are_text {
        if view.is_of_poster(i) {
            -POST_BONUS
        } else if view.is_in_post(i) {
            POST_BONUS
        } else {
            0.0
        }
    } else if view.is_comment(i) {
        -COMMENT_PENALTY
    } else {
        0.0
    }
}

/// The rule that line `i` goes by whatever the model says of it: a marker of pages, the buttons of a post. Empty if there
/// is none.
pub(super) fn frame_rule(page: &Page, view: &View, i: usize, line: &Line) -> &'static str {
    let text = page.text_of(line);
    if is_marker(text) {
        view.reason(i)
    } else if is_notice(text) {
        "html-phrase"
    } else if view.posts_are_text && !page.node(line.node).words.has(Words::POST) && is_button(text) {
        // The post itself may be one word of these.
        "html-frame"
    } else if view.posts_are_text && view.is_signature_or_repeat(i) {
        "html-frame"
    } else {
        ""
    }
}

/// Decides of each line of `page`.
pub(super) fn decide(page: &Page, options: &Options) -> Decisions {
    let view = View::of(page, options.comments == Comments::Keep);
    let margin = match options.strictness {
        Strictness::Lenient => STRICTNESS_MARGIN,
        Strictness::Default => 0.0,
        Strictness::Strict => -STRICTNESS_MARGIN,
    };
    let tables = (options.tables == Written::Drop).then(|| Tables::of(page));
    let mut features = Vec::new();
    let stride = page.lines.len() / MAX_SCORED_LINES + 1;
    let mut last = (0, Decision::default());
    let decide = |(i, line): (usize, &Line)| {
        let text = page.text_of(line);
        if options.keep_phrases.iter().any(|phrase| text.contains(phrase.as_str())) {
            return Decision { keeps: true, ..Decision::default() };
        }
        if line.is_hidden {
            let rule = if line.is_widget { "html-widget" } else { "html-hidden" };
            return Decision { keeps: false, rule, score: 0.0 };
        }
        let is_in_table = tables.as_ref().is_some_and(|tables| tables.holds(line));
        let rule = if is_in_table {
            "html-table"
        } else if options.drops_captions && page.is_caption(line) {
            "html-caption"
        } else {
            frame_rule(page, &view, i, line)
        };
        if !rule.is_empty() {
            return Decision { keeps: false, rule, score: 0.0 };
        }
        let shape = page.node(line.node).shape;
        if i % stride != 0 && shape == last.0 && view.is_short(i) {
            return last.1;
        }
        view.features(i, &mut features);
        features.resize(model::MAX_FEATURES, 0.0);
        let score = features.first_chunk().map_or(0.0, model::score) + prior(&view, i);
        let keeps = score + margin > 0.0 || view.title == Some(i);
        let decision = Decision { keeps, rule: if keeps { "" } else { view.reason(i) }, score };
        last = (shape, decision);
        decision
    };
    let mut of_lines: Vec<Decision> = page.lines.iter().enumerate().map(decide).collect();
    if margin >= 0.0 {
        keep_the_likeliest(page, &view, &mut of_lines);
        keep_verse(page, &view, &mut of_lines);
    }
    Decisions { of_lines, title: view.title }
}

/// Least text, in bytes, of a page that has some, its title left out. Below it, lines that are only a little likelier
/// furniture than text stay: verse and short notices have no sentence that tells them.
const MIN_KEPT_BYTES: usize = 60;
/// How much likelier, in log-odds.
const SHORT_PAGE_MARGIN: f32 = 1.2;

/// How unlikely the likeliest running text of such a page may be.
const MIN_PROSE_SCORE: f32 = -3.0;

/// Of a page of which hardly anything is kept: the lines that are not links and nearly were kept, or that are nearly as
/// likely as the likeliest running text.
fn keep_the_likeliest(page: &Page, view: &View, of_lines: &mut [Decision]) {
    let mut kept = 0;
    let mut best = MIN_PROSE_SCORE;
    for (i, (line, decision)) in page.lines.iter().zip(of_lines.iter()).enumerate() {
        if decision.keeps && view.title != Some(i) {
            kept += page.text_of(line).len();
        } else if !decision.keeps && decision.score < 0.0 && view.is_prose(i) {
            best = best.max(decision.score);
        }
    }
    if kept >= MIN_KEPT_BYTES {
        return;
    }
    let least = if best > MIN_PROSE_SCORE { best - SHORT_PAGE_MARGIN } else { -SHORT_PAGE_MARGIN };
    for (line, decision) in page.lines.iter().zip(of_lines) {
        // No score is zero but that of lines decided without the model.
        let is_near = decision.score < 0.0 && decision.score > least;
        if is_near && link_ratio(line) < 0.5 {
            *decision = Decision { keeps: true, rule: "", ..*decision };
        }
    }
}

/// How unlikely a line of verse may be.
const MIN_VERSE_SCORE: f32 = -2.5;

/// Where nothing that is kept is running text: the lines beside those that are kept, in the same block. A block of short
/// lines is verse, a list or a notice as a whole.
fn keep_verse(page: &Page, view: &View, of_lines: &mut [Decision]) {
    let mut blocks = HashSet::new();
    for (i, (line, decision)) in page.lines.iter().zip(of_lines.iter()).enumerate() {
        if decision.keeps && view.title != Some(i) {
            if view.is_prose(i) {
                return;
            }
            blocks.insert(line.node);
        }
    }
    for (line, decision) in page.lines.iter().zip(of_lines) {
        let is_beside =
            decision.score < 0.0 && decision.score > MIN_VERSE_SCORE && blocks.contains(&line.node);
        if is_beside && link_ratio(line) < 0.5 {
            *decision = Decision { keeps: true, rule: "", ..*decision };
        }
    }
}
