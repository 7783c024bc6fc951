//! The binary as a person drives it: pipes, files, directories, and what goes wrong.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "clippy allows these in #[test] functions only, not in what they share"
)]

mod batch;
mod detect;
mod files;
mod filters;
mod help;
mod jsonl;
mod pages;
mod run;
mod show;
mod sites;
