//! Whether standard input and output were open when the run began.
//!
//! Rust's runtime opens `/dev/null`, for reading and writing, in the place of a standard stream that is closed:
//! `zxtool clean --jsonl >&-` would answer every line, into nothing, and end well. An engine that lost a pipe
//! would lose its records. So in record mode a `/dev/null` that is open both ways counts as closed. Shells open
//! it one way (`> /dev/null`), and that is taken as meant.

/// Whether standard input seems to have been closed.
pub(crate) fn is_stdin_closed() -> bool {
    is_placeholder(std::io::stdin())
}

/// Whether standard output seems to have been closed.
pub(crate) fn is_stdout_closed() -> bool {
    is_placeholder(std::io::stdout())
}

#[cfg(target_os = "linux")]
fn is_placeholder(stream: impl std::os::fd::AsFd) -> bool {
    use rustix::fs::{FileType, OFlags, fcntl_getfl, fstat, major, minor};
    let is_null = fstat(&stream).is_ok_and(|stat| {
        FileType::from_raw_mode(stat.st_mode) == FileType::CharacterDevice
            && (major(stat.st_rdev), minor(stat.st_rdev)) == (1, 3)
    });
    is_null && fcntl_getfl(&stream).is_ok_and(|flags| flags.contains(OFlags::RDWR))
}

#[cfg(not(target_os = "linux"))]
fn is_placeholder<T>(_: T) -> bool {
    false
}
