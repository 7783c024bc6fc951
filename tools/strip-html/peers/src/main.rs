//! `peers OUT PAGE.html...`: the text that dom_smoothie takes from each page to `OUT/NAME.txt`, and its speed.

use std::path::Path;
use std::time::Instant;

use dom_smoothie::{Config, Readability, TextMode};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let out = arguments.next().expect("a directory");
    let (mut bytes, mut seconds) = (0, 0.0);
    for page in arguments {
        let html = std::fs::read_to_string(&page).expect("a page");
        bytes += html.len();
        let start = Instant::now();
        let config = Config { text_mode: TextMode::Formatted, ..Config::default() };
        let text = Readability::new(html.as_str(), None, Some(config))
            .and_then(|mut page| page.parse())
            .map(|article| article.text_content.to_string())
            .unwrap_or_default();
        seconds += start.elapsed().as_secs_f64();
        let name = Path::new(&page).file_stem().expect("a name").to_string_lossy().into_owned();
        std::fs::write(format!("{out}/{name}.txt"), text).expect("a directory to write to");
    }
    println!("{:.1} MB/s", bytes as f64 / 1e6 / seconds);
}
