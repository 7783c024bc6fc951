//! Strip, HTML: shapes of markup, hostile input, and how good the main content is.

#![allow(
    clippy::cast_precision_loss,
    clippy::format_collect,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may fail where it stands"
)]

mod clock;
mod hostile;
mod lcs;
mod markup;
mod quality;
mod written;
