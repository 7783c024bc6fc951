//! Errors that a caller may want to tell apart. Dirty text is none: malformed bytes are replaced and counted.

/// Why the library could not do what was asked.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// An encoding label that neither the WHATWG Encoding Standard nor zxtool knows.
    #[error("unknown encoding label \"{label}\"{}", suggestion(*nearest))]
    UnknownLabel {
        /// The label as it was given.
        label: String,
        /// A known label that is written nearly alike.
        nearest: Option<&'static str>,
    },
    /// A plan was made for another text.
    #[error(
        "the plan is of another text: edit {nth} does not find at byte {at} what it replaces; nothing was done"
    )]
    OtherText {
        /// Which of its edits does not fit, from 1 on.
        nth: usize,
        /// Where that one begins.
        at: usize,
    },
    /// OpenCC could not load its configuration, or convert.
    #[cfg(feature = "opencc")]
    #[error("opencc: {message}")]
    OpenCc {
        /// What OpenCC says.
        message: String,
    },
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map(|known| format!("; did you mean \"{known}\"?")).unwrap_or_default()
}
