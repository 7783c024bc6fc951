//! Where the fields of a JSON object lie in its text.
//!
//! The scanning is `serde_json`'s: values are passed over as raw text, so that their bytes stay what they are,
//! however deep they nest and however long their numbers are.

use std::fmt;
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The key that marks a record which an earlier run could not do.
const ERROR: &str = "zxtool_error";

/// Where the values lie that matter.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Object {
    /// For each name asked for, every value it has: a name may come twice, and readers differ in which they take.
    pub(crate) fields: Vec<Vec<Range<usize>>>,
    /// The last value of the stamp's key.
    pub(crate) stamp: Option<Range<usize>>,
    pub(crate) is_error_record: bool,
    pub(crate) is_empty: bool,
}

/// Finds the values of `names`, and of `stamp`, at the top of the object that `text` is.
///
/// # Errors
/// Why `text` is no JSON object.
pub(crate) fn object(text: &str, names: &[&str], stamp: &str) -> Result<Object, String> {
    let mut found = Object { fields: vec![Vec::new(); names.len()], is_empty: true, ..Object::default() };
    scan(text, |key, value| {
        found.is_empty = false;
        for (name, ranges) in names.iter().zip(&mut found.fields) {
            if key == name.as_bytes() {
                ranges.push(value.clone());
            }
        }
        if key == stamp.as_bytes() {
            found.stamp = Some(value);
        } else if key == ERROR.as_bytes() {
            found.is_error_record = true;
        }
    })?;
    Ok(found)
}

/// The value of `id` as it stands in `text`, even if the object is damaged further on.
pub(crate) fn id(text: &str) -> Option<&str> {
    let mut id = None;
    let _ = scan(text, |key, value| {
        if key == b"id" {
            id = text.get(value);
        }
    });
    id
}

/// The value of a JSON string, and how many lone surrogates in it became U+FFFD. `None` if `raw` is no string.
pub(crate) fn string(raw: &str) -> Option<(String, u64)> {
    let mut deserializer = serde_json::Deserializer::from_str(raw);
    let bytes = Bytes.deserialize(&mut deserializer).ok()?;
    match String::from_utf8(bytes) {
        Ok(text) => Some((text, 0)),
        Err(not_utf8) => Some(without_surrogates(not_utf8.as_bytes())),
    }
}

/// Text in "WTF-8", each lone surrogate replaced.
fn without_surrogates(bytes: &[u8]) -> (String, u64) {
    let mut out = Vec::with_capacity(bytes.len());
    let mut count = 0;
    let mut rest = bytes;
    while let Some((first, behind)) = rest.split_first() {
        if let [0xED, 0xA0..=0xBF, _, behind @ ..] = rest {
            out.extend_from_slice("\u{FFFD}".as_bytes());
            count += 1;
            rest = behind;
        } else {
            out.push(*first);
            rest = behind;
        }
    }
    (String::from_utf8_lossy(&out).into_owned(), count)
}

/// Appends `text` as a JSON string.
pub(crate) fn push_string(text: &str, out: &mut String) {
    // Writing a string to memory cannot fail.
    out.push_str(&serde_json::to_string(text).unwrap_or_default());
}

/// Appends JSON, with what readers take for the end of a line escaped or, where it is mere white space, left out.
pub(crate) fn push_escaped(json: &str, out: &mut Vec<u8>) {
    let bytes = json.as_bytes();
    let mut done = 0;
    for at in memchr::memchr3_iter(b'\r', 0xC2, 0xE2, bytes) {
        let (escape, len): (&[u8], usize) = match bytes.get(at..) {
            Some([b'\r', ..]) => (b"", 1),
            Some([0xC2, 0x85, ..]) => (b"\\u0085", 2),
            Some([0xE2, 0x80, 0xA8, ..]) => (b"\\u2028", 3),
            Some([0xE2, 0x80, 0xA9, ..]) => (b"\\u2029", 3),
            _ => continue,
        };
        out.extend_from_slice(bytes.get(done..at).unwrap_or_default());
        out.extend_from_slice(escape);
        done = at + len;
    }
    out.extend_from_slice(bytes.get(done..).unwrap_or_default());
}

/// Calls `each` with the keys of the object and where their values lie.
fn scan(text: &str, each: impl FnMut(&[u8], Range<usize>)) -> Result<(), String> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let visitor = Entries { text, each };
    deserializer.deserialize_map(visitor).and_then(|()| deserializer.end()).map_err(|error| {
        match error.classify() {
            serde_json::error::Category::Data => "no JSON object".to_owned(),
            _ => format!("no JSON: {}", without_line(&error)),
        }
    })
}

/// An error's text; of a line, only the column says where.
fn without_line(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let what = text.split(" at line ").next().unwrap_or_default();
    format!("{what} at byte {}", error.column())
}

struct Entries<'a, F> {
    text: &'a str,
    each: F,
}

impl<'de, F: FnMut(&[u8], Range<usize>)> Visitor<'de> for Entries<'de, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(Bytes)? {
            let value: &'de RawValue = map.next_value()?;
            let start = value.get().as_ptr().addr() - self.text.as_ptr().addr();
            (self.each)(&key, start..start + value.get().len());
        }
        Ok(())
    }
}

/// A string as bytes: lone surrogates, which no `String` can hold, come as "WTF-8".
struct Bytes;

impl<'de> DeserializeSeed<'de> for Bytes {
    type Value = Vec<u8>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<u8>, D::Error> {
        deserializer.deserialize_bytes(self)
    }
}

impl<'de> Visitor<'de> for Bytes {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
        Ok(bytes.to_vec())
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<u8>, A::Error> {
        // An array would do for bytes, but it is no string.
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Err(serde::de::Error::custom("a string is expected"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_where_they_stand() {
        let text = r#" { "id" : 7, "te\u0078t": "一\n" , "k":1e400,"d":{"text":"内"}, "text":"二" } "#;
        let found = object(text, &["text", "none"], "zxtool").unwrap();
        let values: Vec<&str> = found.fields[0].iter().filter_map(|range| text.get(range.clone())).collect();
        assert_eq!(values, [r#""一\n""#, r#""二""#]);
        assert!(found.fields[1].is_empty() && found.stamp.is_none() && !found.is_error_record);
        assert_eq!(id(text), Some("7"));
    }

    #[test]
    fn what_is_no_object_is_said() {
        assert_eq!(object("[1]", &[], "s").unwrap_err(), "no JSON object");
        assert_eq!(object(&"[".repeat(100_000), &[], "s").unwrap_err(), "no JSON object");
        assert!(
            object("{\"a\":1} x", &[], "s").unwrap_err().starts_with("no JSON: trailing characters at byte")
        );
        assert!(object("{\"a\":\"\t\"}", &[], "s").is_err());
        assert!(object("", &[], "s").is_err());
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(object(&deep, &[], "s").is_ok());
    }

    #[test]
    fn the_id_is_read_from_a_damaged_object() {
        assert_eq!(id(r#"{"id":"x","text":"未"#), Some("\"x\""));
        assert_eq!(id(r#"{"text":"未"#), None);
        assert_eq!(id("[1]"), None);
    }

    #[test]
    fn what_ends_a_line_for_some_readers_leaves_escaped() {
        let mut out = Vec::new();
        push_escaped("{\"甲\u{85}乙\":\r\"\u{2028}\u{2029}\u{2027}\u{A9}\"}\r", &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), "{\"甲\\u0085乙\":\"\\u2028\\u2029\u{2027}\u{A9}\"}");
    }

    #[test]
    fn lone_surrogates_become_one_replacement_each() {
        assert_eq!(string(r#""坏\ud800尾""#), Some(("坏\u{FFFD}尾".to_owned(), 1)));
        assert_eq!(string(r#""\ud842\udfb7野家""#), Some(("𠮷野家".to_owned(), 0)));
        assert_eq!(string(r#""\udfb7\ud842""#), Some(("\u{FFFD}\u{FFFD}".to_owned(), 2)));
        assert_eq!(string("42"), None);
        assert_eq!(string("[97]"), None);
    }
}
