//! What a document says of its own encoding: XML declaration, `<meta>`, CSS `@charset`, editors' `coding:` lines.

use serde::Serialize;

use super::encoding::{Encoding, UTF_8};

/// How far into a document a declaration is looked for. The WHATWG prescan stops at 1,024 bytes; pages with
/// scripts before the `<meta>` are common enough.
const HEAD_BYTES: usize = 8192;

/// A declaration of an encoding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Declared {
    /// What was written.
    pub label: Box<str>,
    /// What it means; none if it means nothing.
    pub encoding: Option<Encoding>,
    /// Where it was written.
    pub source: Source,
    /// Whether the bytes are in that encoding.
    pub agrees: bool,
}

/// Where a declaration stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The caller had it from the transport: HTTP's `Content-Type`.
    Transport,
    /// `<?xml encoding="…"?>`.
    Xml,
    /// `<meta charset>` or `<meta http-equiv>`.
    Meta,
    /// `@charset "…";` at the beginning of a style sheet.
    Css,
    /// `coding: …` in the first two lines of a program.
    Coding,
}

/// Finds the declaration in the first 8 KiB of `bytes`.
///
/// `agrees` is left false. A `<meta>` that says UTF-16 means UTF-8, as the HTML Standard has it: it could not be
/// read otherwise.
#[must_use]
pub(super) fn find(bytes: &[u8]) -> Option<Declared> {
    let head = bytes.get(..HEAD_BYTES).unwrap_or(bytes);
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let (label, source) = find_xml(head)
        .map(|label| (label, Source::Xml))
        .or_else(|| find_meta(head).map(|label| (label, Source::Meta)))
        .or_else(|| find_css(head).map(|label| (label, Source::Css)))
        .or_else(|| find_coding(head).map(|label| (label, Source::Coding)))?;
    let label = String::from_utf8_lossy(label).trim().to_owned();
    let encoding =
        Encoding::for_label(&label).ok().map(|encoding| if encoding.is_wide() { UTF_8 } else { encoding });
    Some(Declared { label: label.into(), encoding, source, agrees: false })
}

fn find_xml(head: &[u8]) -> Option<&[u8]> {
    let start = head.iter().position(|byte| !byte.is_ascii_whitespace())?;
    let declaration = head.get(start..)?.strip_prefix(b"<?xml")?;
    let declaration = declaration.get(..memchr::memchr(b'>', declaration)?)?;
    value_of(declaration, b"encoding")
}

fn find_meta(head: &[u8]) -> Option<&[u8]> {
    let mut rest = head;
    while let Some(at) = memchr::memchr(b'<', rest) {
        rest = rest.get(at + 1..)?;
        if rest.starts_with(b"!--") {
            let end = memchr::memmem::find(rest, b"-->")?;
            rest = rest.get(end..)?;
        } else if rest.get(..4).is_some_and(|name| name.eq_ignore_ascii_case(b"meta")) {
            let tag = rest.get(..memchr::memchr(b'>', rest).unwrap_or(rest.len()))?;
            if let Some(label) = value_of(tag, b"charset") {
                return Some(label);
            }
        }
    }
    None
}

fn find_css(head: &[u8]) -> Option<&[u8]> {
    let label = head.strip_prefix(b"@charset \"")?;
    label.get(..memchr::memchr(b'"', label)?)
}

/// Python's PEP 263, Emacs and Vim: `coding: x`, `coding=x`, `fileencoding=x` in a comment of the first two lines.
fn find_coding(head: &[u8]) -> Option<&[u8]> {
    head.split(|byte| *byte == b'\n').take(2).find_map(|line| {
        let start = line.iter().position(|byte| !byte.is_ascii_whitespace())?;
        let comment = line.get(start..)?;
        if ![&b"#"[..], b"//", b"/*", b"--", b";", b"%", b"\""].iter().any(|mark| comment.starts_with(mark)) {
            return None;
        }
        let at = memchr::memmem::find(comment, b"coding")?;
        let value = comment.get(at + b"coding".len()..)?;
        let value = value.strip_prefix(b":").or_else(|| value.strip_prefix(b"="))?;
        label_at(value)
    })
}

/// The value of `name = "value"` in a tag; quotes may lack, and other text may stand between, as in
/// `content="text/html; charset=gb2312"`.
fn value_of<'a>(tag: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let mut from = 0;
    while let Some(window) = tag.get(from..from + name.len()) {
        from += 1;
        if !window.eq_ignore_ascii_case(name) {
            continue;
        }
        let after = tag.get(from - 1 + name.len()..)?;
        let after = after.trim_ascii_start();
        if let Some(label) = after.strip_prefix(b"=").and_then(label_at) {
            return Some(label);
        }
    }
    None
}

/// The label that `value` begins with, without quotes.
fn label_at(value: &[u8]) -> Option<&[u8]> {
    let value = value.trim_ascii_start();
    let value = value.strip_prefix(b"\"").or_else(|| value.strip_prefix(b"'")).unwrap_or(value);
    let value = value.trim_ascii_start();
    let is_label = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:+".contains(byte);
    let end = value.iter().position(|byte| !is_label(byte)).unwrap_or(value.len());
    value.get(..end).filter(|label| !label.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(bytes: &[u8]) -> Option<String> {
        find(bytes).map(|declared| declared.label.into())
    }

    #[test]
    fn declarations_of_every_kind_are_found() {
        for (bytes, expected) in [
            (&b"<?xml version='1.0' encoding='Big5'?><a/>"[..], "Big5"),
            (b"<html><head><META http-equiv=Content-Type content=\"text/html; charset=gb2312\">", "gb2312"),
            (b"<meta charset=utf-8>", "utf-8"),
            (b"<meta charset = ' GBK '>", "GBK"),
            (b"<!-- <meta charset=big5> --><meta name=a><meta charset=\"euc-kr\"/>", "euc-kr"),
            (b"@charset \"GB18030\";\n", "GB18030"),
            (b"#!/usr/bin/python\n# -*- coding: gbk -*-\n", "gbk"),
        ] {
            assert_eq!(label(bytes).as_deref(), Some(expected));
        }
    }

    #[test]
    fn text_without_a_declaration_has_none() {
        for bytes in
            [&b"charset=gbk"[..], b"<meta name=charset content=gbk>", b"a\nb\n# coding: gbk", b"<meta"]
        {
            assert_eq!(label(bytes), None);
        }
    }

    #[test]
    fn meta_utf_16_means_utf_8() {
        assert_eq!(find(b"<meta charset=utf-16le>").unwrap().encoding, Some(UTF_8));
    }
}
