//! Quality of each stage on labelled data, with floors: `cargo test --test quality -- --nocapture`.
//!
//! `WORST=1` also prints the documents with the lowest scores.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "clippy allows these in #[test] functions only, not in what they share"
)]

mod detect;
mod strip;
