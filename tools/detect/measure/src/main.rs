//! Runs zxtool and chardetng over a file of cases; one line a case: name, confidence, whether the text is right.
//!
//! `measure speed TEXT` compares the time with that of encoding_rs alone on 64 MiB of a text.
//! `measure zxtool|chardetng CASES` prints the answers for score.py. The file is a run of records: three times u32
//! length and bytes (set and label, expected text in UTF-8, the bytes to detect), little-endian.

use std::io::Write;
use std::time::Instant;

fn record<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (len, after) = rest.split_first_chunk::<4>()?;
    let (data, left) = after.split_at(u32::from_le_bytes(*len) as usize);
    *rest = left;
    Some(data)
}

/// Whether the text is right; of damaged and mixed files, which share of the lines.
fn share(text: &str, expected: &str, head: &[u8]) -> f64 {
    if !head.starts_with(b"mixed") && !head.starts_with(b"damage") {
        return f64::from(u8::from(text == expected));
    }
    let expected: Vec<&str> = expected.split('\n').collect();
    // A line that was damaged itself is marked so and not counted.
    let pairs = || text.split('\n').zip(&expected).filter(|(_, expected)| **expected != "\u{1}");
    let right = pairs().filter(|(line, expected)| line == *expected).count();
    right as f64 / pairs().count().max(1) as f64
}

/// Seconds that this thread has run on a processor; where the system does not tell, that it has been there.
fn seconds() -> f64 {
    static BEGUN: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split(' ').next()?.parse::<f64>().ok())
        .map_or_else(|| BEGUN.get_or_init(Instant::now).elapsed().as_secs_f64(), |nanoseconds| nanoseconds / 1e9)
}

/// Decodes 64 MiB of a text in each encoding, with encoding_rs alone and with detection; five times, the best counts.
fn speed(path: &str) {
    let text = std::fs::read_to_string(path).expect("text");
    for encoding in [encoding_rs::UTF_8, encoding_rs::GB18030, encoding_rs::BIG5] {
        let (once, _, _) = encoding.encode(&text);
        let bytes = once.repeat((64 << 20) / once.len() + 1);
        let best = |run: &dyn Fn() -> usize| {
            (0..5)
                .map(|_| {
                    let start = seconds();
                    std::hint::black_box(run());
                    seconds() - start
                })
                .fold(f64::MAX, f64::min)
        };
        let alone = best(&|| encoding.decode_without_bom_handling(&bytes).0.len());
        let ours = best(&|| zxtool::decode::decode(&bytes, &zxtool::decode::Options::default()).text.len());
        let mib = bytes.len() as f64 / f64::from(1 << 20);
        println!(
            "{}: encoding_rs {:.0} MiB/s, zxtool {:.0} MiB/s, ratio {:.2}",
            encoding.name(),
            mib / alone,
            mib / ours,
            alone / ours
        );
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (Some(tool), Some(path)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: measure zxtool|chardetng CASES");
        std::process::exit(2);
    };
    if tool == "speed" {
        return speed(&path);
    }
    let file = std::fs::read(path).expect("cases");
    let mut rest = file.as_slice();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut elapsed = std::time::Duration::ZERO;
    while let Some(head) = record(&mut rest) {
        let (Some(expected), Some(bytes)) = (record(&mut rest), record(&mut rest)) else { break };
        let start = Instant::now();
        let (name, confidence, text) = match tool.as_str() {
            "zxtool" => {
                let mut decoder = zxtool::decode::Decoder::new(zxtool::decode::Options::default());
                let text = decoder.whole(bytes).text;
                let found = decoder.detection();
                (found.encoding.name().to_owned(), found.confidence, text)
            }
            _ => {
                let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
                detector.feed(bytes, true);
                let encoding = detector.guess(None, chardetng::Utf8Detection::Allow);
                (encoding.name().to_owned(), 1.0, encoding.decode(bytes).0)
            }
        };
        elapsed += start.elapsed();
        let right = share(&text, &String::from_utf8_lossy(expected), head);
        let shown: String = text.chars().take(24).filter(|c| !c.is_control()).collect();
        writeln!(out, "{}\t{name}\t{confidence:.4}\t{right:.4}\t{shown}", String::from_utf8_lossy(head))
            .expect("stdout");
    }
    eprintln!("{tool}: {:.3} s", elapsed.as_secs_f64());
}
