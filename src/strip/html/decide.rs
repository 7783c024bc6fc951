//! Which lines of a page are its main content.

use super::features::View;
use super::model;
use super::page::Page;

/// What was decided of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Decision {
    pub(super) keeps: bool,
    /// Why it goes; empty of a kept line.
    pub(super) rule: &'static str,
    /// Log-odds that the line is article.
    pub(super) score: f32,
}

/// Decides of each line of `page`.
pub(super) fn decide(page: &Page) -> Vec<Decision> {
    let view = View::of(page);
    let mut features = Vec::new();
    (0..)
        .zip(&page.lines)
        .map(|(i, line)| {
            if line.is_hidden {
                return Decision { keeps: false, rule: "html-hidden", score: 0.0 };
            }
            view.features(i, &mut features);
            let score = model::score(&features);
            let keeps = score > 0.0 || view.title == Some(i);
            Decision { keeps, rule: if keeps { "" } else { "html-furniture" }, score }
        })
        .collect()
}
