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
    /// The two features that weighed most. Only of lines that go, and only if changes are recorded.
    pub features: [Feature; 2],
}

/// What a line has that weighed for or against it; by default nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Feature {
    /// Its number plus 1.
    pub(super) number: u16,
    /// Its share of the score, in hundredths of a nat.
    pub weight: i16,
}

impl Feature {
    /// Its name; empty of nothing.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.number.checked_sub(1).map_or("", super::text::feature_name)
    }
}
