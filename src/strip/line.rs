//! What the decision sees of a page: lines with the features of their markup, and what it says of each.

use crate::document::Span;

/// A line of a page. Of plain text all that stands before a line feed; of HTML a block of text.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Line<'a> {
    /// The text, without its line end. White space around it does not matter.
    pub text: &'a str,
    /// Where the line stands in the input, its line end included.
    pub span: Span,
    pub markup: Markup,
}

/// What the markup says of a line. The default is plain text, of which nothing is known.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Markup {
    pub element: Element,
    /// Characters inside links / characters of the line, 0.0–1.0.
    pub link_ratio: f32,
    pub hint: Hint,
}

/// The element that a line comes from, as far as it tells what the line is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Element {
    /// Plain text, or an element that says nothing (`div`, `span`, `td` of a layout table).
    #[default]
    Unknown,
    Paragraph,
    /// `h1` to `h6`.
    Heading(u8),
    Item,
    /// A row of a table of data.
    Row,
    Caption,
    Quote,
    Preformatted,
}

/// What the DOM around a line says of its place: main content, or one of the parts around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Hint {
    /// Plain text, or no sign either way.
    #[default]
    None,
    /// Inside of the element that holds the main content.
    Content,
    /// Inside of a menu, a footer, an aside, a form, or outside of the main content.
    Furniture,
    /// The page's own title, byline or date.
    Metadata,
    /// Comments below an article.
    Comments,
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
    /// Evidence that the line is furniture, above 0, or article, below 0; hundredths of a nat.
    pub score: i32,
    /// The two features that weighed most, each with its share of the score.
    pub features: [(&'static str, i32); 2],
}
