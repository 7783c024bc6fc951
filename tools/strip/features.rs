//! Prints the features of every line of a text on standard input, for tools/strip/train;
//! with `--titles` those of the lines that may be its title, for tools/strip/title.py.

use std::io::{Read, Write};

use zxtool::document::Span;
use zxtool::strip::line::Line;
use zxtool::strip::{Options, dump, dump_titles};

fn main() -> std::io::Result<()> {
    let titles = std::env::args().any(|arg| arg == "--titles");
    let mut text = String::new();
    std::io::stdin().lock().read_to_string(&mut text)?;
    let mut out = std::io::stdout().lock();
    // Pages are separated by form feeds.
    for page in text.split('\u{c}') {
        let lines: Vec<Line> = page.split('\n').map(|text| Line { text, span: Span::default() }).collect();
        let dump = if titles { dump_titles(&lines, &Options::default()) } else { dump(&lines) };
        out.write_all(dump.as_bytes())?;
        out.write_all(b"\x0c")?;
    }
    Ok(())
}
