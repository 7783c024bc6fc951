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
