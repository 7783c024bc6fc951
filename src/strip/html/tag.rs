//! Elements of HTML: their names, and what the tree builder and the features need to know of each.

/// An element, as far as this crate tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Tag {
    // Blocks that say nothing.
    Div,
    Center,
    Body,
    Form,
    Details,
    // Sectioning.
    Article,
    Main,
    Section,
    Nav,
    Aside,
    Header,
    Footer,
    Address,
    // Text blocks.
    P,
    H1,
    H2,
    H3,
    H4,
    H5,
    H6,
    Pre,
    Blockquote,
    Figure,
    Figcaption,
    // Lists.
    List,
    OrderedList,
    Li,
    Dl,
    Dt,
    Dd,
    // Tables.
    Table,
    RowGroup,
    Tr,
    Td,
    Th,
    Caption,
    // Inline.
    A,
    Bold,
    Inline,
    Ruby,
    RubyText,
    // Widgets and what is never shown as text.
    Button,
    Select,
    Option,
    Textarea,
    Svg,
    Template,
    Media,
    Annotation,
    Script,
    Raw,
    Title,
    Head,
    Html,
    // Without content.
    Br,
    Hr,
    Img,
    Meta,
    Void,
}

/// How many tags there are.
pub(super) const TAGS: usize = Tag::Void as usize + 1;

impl Tag {
    /// The element called `name`, which is in lower case. Unknown ones are inline, as in browsers.
    pub(super) fn of(name: &[u8]) -> Self {
        match name {
            b"div" | b"fieldset" | b"hgroup" | b"dialog" | b"summary" | b"legend" | b"noframes"
            | b"frameset" | b"search" => Self::Div,
            b"center" => Self::Center,
            b"body" => Self::Body,
            b"form" => Self::Form,
            b"details" => Self::Details,
            b"article" => Self::Article,
            b"main" => Self::Main,
            b"section" => Self::Section,
            b"nav" => Self::Nav,
            b"aside" => Self::Aside,
            b"header" => Self::Header,
            b"footer" => Self::Footer,
            b"address" => Self::Address,
            b"p" => Self::P,
            b"h1" => Self::H1,
            b"h2" => Self::H2,
            b"h3" => Self::H3,
            b"h4" => Self::H4,
            b"h5" => Self::H5,
            b"h6" => Self::H6,
            b"pre" | b"listing" | b"xmp" | b"plaintext" => Self::Pre,
            b"blockquote" => Self::Blockquote,
            b"figure" => Self::Figure,
            b"figcaption" => Self::Figcaption,
            b"ul" | b"menu" | b"dir" => Self::List,
            b"ol" => Self::OrderedList,
            b"li" => Self::Li,
            b"dl" => Self::Dl,
            b"dt" => Self::Dt,
            b"dd" => Self::Dd,
            b"table" => Self::Table,
            b"tbody" | b"thead" | b"tfoot" => Self::RowGroup,
            b"tr" => Self::Tr,
            b"td" => Self::Td,
            b"th" => Self::Th,
            b"caption" => Self::Caption,
            b"a" => Self::A,
            b"b" | b"strong" => Self::Bold,
            b"ruby" => Self::Ruby,
            b"rt" | b"rp" | b"rtc" => Self::RubyText,
            b"button" => Self::Button,
            b"select" | b"datalist" => Self::Select,
            b"option" | b"optgroup" => Self::Option,
            b"textarea" => Self::Textarea,
            b"svg" => Self::Svg,
            b"template" => Self::Template,
            b"audio" | b"video" | b"canvas" => Self::Media,
            b"annotation" | b"annotation-xml" => Self::Annotation,
            b"script" => Self::Script,
            b"style" | b"iframe" | b"noembed" | b"noframe" | b"noscript" => Self::Raw,
            b"title" => Self::Title,
            b"head" => Self::Head,
            b"html" => Self::Html,
            b"br" => Self::Br,
            b"hr" => Self::Hr,
            b"img" | b"image" => Self::Img,
            b"meta" => Self::Meta,
            b"area" | b"base" | b"basefont" | b"bgsound" | b"col" | b"embed" | b"frame" | b"input"
            | b"keygen" | b"link" | b"param" | b"source" | b"track" | b"wbr" | b"colgroup" => Self::Void,
            _ => Self::Inline,
        }
    }

    /// Whether a line ends where the element begins and ends.
    pub(super) fn is_block(self) -> bool {
        self <= Self::Caption || matches!(self, Self::Br | Self::Hr | Self::Option | Self::Html | Self::Head)
    }

    /// Whether an open paragraph ends where the element begins (WHATWG HTML 13.2.6.4.7).
    pub(super) fn closes_paragraph(self) -> bool {
        self.is_block()
            && !matches!(
                self,
                Self::Br
                    | Self::Tr
                    | Self::Td
                    | Self::Th
                    | Self::RowGroup
                    | Self::Caption
                    | Self::Body
                    | Self::Option
                    | Self::Html
                    | Self::Head
            )
    }

    /// Whether an end tag of an element outside does not reach through this one ("has an element in scope").
    pub(super) fn is_scope(self) -> bool {
        matches!(self, Self::Table | Self::Td | Self::Th | Self::Caption | Self::Template | Self::Svg)
    }

    /// Whether the element belongs to the frame of a table.
    pub(super) fn is_table_part(self) -> bool {
        matches!(self, Self::Table | Self::RowGroup | Self::Tr | Self::Td | Self::Th | Self::Caption)
    }

    /// Whether text inside is not shown: widgets, drawings, templates, fallbacks.
    pub(super) fn hides_text(self) -> bool {
        self >= Self::Button && self <= Self::Head
    }

    /// Whether the element holds items.
    pub(super) fn is_list(self) -> bool {
        matches!(self, Self::List | Self::OrderedList)
    }

    /// Level of a heading, 1 to 6.
    pub(super) fn heading_level(self) -> Option<u8> {
        (self >= Self::H1 && self <= Self::H6).then(|| self as u8 - Self::H1 as u8 + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_have_levels() {
        assert_eq!(Tag::of(b"h1").heading_level(), Some(1));
        assert_eq!(Tag::of(b"h6").heading_level(), Some(6));
        assert_eq!(Tag::of(b"p").heading_level(), None);
    }

    #[test]
    fn unknown_elements_are_inline() {
        assert_eq!(Tag::of(b"o:p"), Tag::Inline);
        assert!(!Tag::of(b"custom-card").is_block());
    }
}
