//! What the decision sees of a page, lines, and what it says of each.

use crate::document::Span;

/// A line of a page: all up to and with a line feed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Line<'a> {
    /// The text. White space around it, its line end too, does not matter.
    pub text: &'a str,
    /// Where the line stands in the input, its line end included.
    pub span: Span,
}

/// What a line is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Label {
    /// The article.
    #[default]
    Keep,
    /// Furniture.
    Drop,
    /// Title, date, source, author and the like.
    Metadata,
    /// Nothing but white space.
    Blank,
}

/// What was decided of a line, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    pub label: Label,
    /// The stable name of the rule that dropped the line or took it for metadata; empty of a kept line.
    pub rule: &'static str,
    /// Evidence of the line itself that it is furniture, above 0, or article, below 0; hundredths of a nat.
    pub score: i32,
    /// The two features that weighed most, each with its share of the score. Only of lines that go, and only
    /// if changes are recorded.
    pub features: [(&'static str, i32); 2],
}
