//! Which lines of a page are its main content.

use crate::strip::{Comments, Options, Strictness, Tables as Written};

use super::features::{View, link_ratio};
use super::markers::is_marker;
use super::model;
use super::page::{Line, Page};
use super::table::Tables;

/// What was decided of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Decision {
    pub(super) keeps: bool,
    /// Why it goes; empty of a kept line.
    pub(super) rule: &'static str,
    /// Log-odds that the line is article.
    score: f32,
}

impl Decision {
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
        if view.is_in_post(i) { POST_BONUS } else { 0.0 }
    } else if view.is_comment(i) {
        -COMMENT_PENALTY
    } else {
        0.0
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
        let text = page.text_of(line);
        let is_in_table = tables.as_ref().is_some_and(|tables| tables.cell(page, line).is_some());
        let rule = if is_in_table {
            "html-table"
        } else if options.drops_captions && page.is_caption(line) {
            "html-caption"
        } else if is_marker(text) {
            view.reason(i)
        } else {
            ""
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
    }
    Decisions { of_lines, title: view.title }
}

/// Least text, in bytes, of a page that has some, its title left out. Below it, lines that are only a little likelier
/// furniture than text stay: verse and short notices have no sentence that tells them.
const MIN_KEPT_BYTES: usize = 60;
/// How much likelier, in log-odds.
const SHORT_PAGE_MARGIN: f32 = 1.2;

/// Of a page of which hardly anything is kept: the lines that are not links and nearly were kept.
fn keep_the_likeliest(page: &Page, view: &View, of_lines: &mut [Decision]) {
    let kept: usize = page
        .lines
        .iter()
        .zip(of_lines.iter())
        .enumerate()
        .filter(|(i, (_, decision))| decision.keeps && view.title != Some(*i))
        .map(|(_, (line, _))| page.text_of(line).len())
        .sum();
    if kept >= MIN_KEPT_BYTES {
        return;
    }
    for (line, decision) in page.lines.iter().zip(of_lines) {
        // No score is zero but that of lines decided without the model.
        let is_near = decision.score < 0.0 && decision.score + SHORT_PAGE_MARGIN > 0.0;
        if is_near && link_ratio(line) < 0.5 {
            *decision = Decision { keeps: true, rule: "", ..*decision };
        }
    }
}
