//! Prints the features of every line of a text on standard input, for tools/strip/train.

use std::io::{Read, Write};

use zxtool::document::Span;
use zxtool::strip::line::Line;

fn main() -> std::io::Result<()> {
    let mut text = String::new();
    std::io::stdin().lock().read_to_string(&mut text)?;
    let mut out = std::io::stdout().lock();
    // Pages are separated by form feeds.
    for page in text.split('\u{c}') {
        let lines: Vec<Line> = page.split('\n').map(|text| Line { text, span: Span::default() }).collect();
        out.write_all(zxtool::strip::dump(&lines).as_bytes())?;
        out.write_all(b"\x0c")?;
    }
    Ok(())
}
