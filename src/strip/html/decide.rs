//! Which lines of a page are its main content.

use crate::strip::site::Shown;
use crate::strip::{Comments, Options, Strictness};

use super::features::View;
use super::model;
use super::page::{Line, Page};

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
    let mut features = Vec::new();
    let stride = page.lines.len() / MAX_SCORED_LINES + 1;
    let mut last = (0, Decision::default());
    let is_asked_for =
        |line: &Line| options.keep_phrases.iter().any(|phrase| page.text_of(line).contains(phrase.as_str()));
    let decide = |(i, line): (usize, &Line)| {
        if is_asked_for(line) {
            return Decision { keeps: true, ..Decision::default() };
        }
        if line.is_hidden {
            let rule = if line.is_widget { "html-widget" } else { "html-hidden" };
            return Decision { keeps: false, rule, score: 0.0 };
        }
        let shape = page.node(line.node).shape;
        if i % stride != 0 && shape == last.0 && view.is_short(i) {
            return last.1;
        }
        view.features(i, &mut features);
        let score = model::score(&features) + prior(&view, i);
        let keeps = score + margin > 0.0 || view.title == Some(i);
        let decision = Decision { keeps, rule: if keeps { "" } else { view.reason(i) }, score };
        last = (shape, decision);
        decision
    };
    let mut of_lines: Vec<Decision> = page.lines.iter().enumerate().map(decide).collect();
    if let Some(template) = &options.site {
        let is_fixed = |i, line: &Line| view.title == Some(i) || is_asked_for(line);
        let (at, shown): (Vec<usize>, Vec<Shown>) = shown(page, &of_lines, is_fixed).into_iter().unzip();
        for (i, _) in at.into_iter().zip(template.drops(&shown)).filter(|(_, goes)| *goes) {
            if let Some(decision) = of_lines.get_mut(i) {
                *decision = Decision { keeps: false, rule: "site-template", ..*decision };
            }
        }
    }
    Decisions { of_lines, title: view.title }
}

/// A page as a template sees it: its lines that are shown, each with its index.
pub(super) fn shown<'a>(
    page: &'a Page,
    of_lines: &[Decision],
    is_fixed: impl Fn(usize, &Line) -> bool,
) -> Vec<(usize, Shown<'a>)> {
    let lines = page.lines.iter().zip(of_lines).enumerate().filter(|(_, (line, _))| !line.is_hidden);
    lines
        .map(|(i, (line, decision))| {
            let is_fixed = is_fixed(i, line);
            (i, Shown { text: page.text_of(line), keeps: decision.keeps, is_fixed })
        })
        .collect()
}
