//! `convert-bench CONFIG_DIR FILE...`: MB/s of each converter on each file, best of several runs.
//!
//! The runs of all converters take turns, so that what else the machine does meets all alike. Linking OpenCC:
//! docs/convert.md.

use std::hint::black_box;
use std::time::Instant;

use zxtool::convert::{Options, Variant, convert};

const RUNS: usize = 7;

fn main() {
    let mut args = std::env::args().skip(1);
    let configs = args.next().expect("usage: convert-bench CONFIG_DIR FILE...");
    let opencc = |name: &str| opencc_rust::OpenCC::new(format!("{configs}/{name}.json")).expect("OpenCC loads");
    let (t2s, tw2s) = (opencc("t2s"), opencc("tw2s"));
    for file in args {
        let text = std::fs::read_to_string(&file).expect("a file of UTF-8");
        let ours = |variant, exact| {
            let options = Options { variant, exact, ..Options::default() };
            convert(&text, &options).text.len()
        };
        type Job<'a> = (&'a str, Box<dyn Fn() -> usize + 'a>);
        let jobs: [Job; 8] = [
            ("copy", Box::new(|| black_box(text.as_bytes().to_vec()).len())),
            ("check UTF-8", Box::new(|| std::str::from_utf8(black_box(text.as_bytes())).map_or(0, str::len))),
            ("zxtool auto", Box::new(|| ours(Variant::Auto, false))),
            ("zxtool exact t2s", Box::new(|| ours(Variant::T2s, true))),
            ("zxtool exact tw2s", Box::new(|| ours(Variant::Tw2s, true))),
            ("zhconv zh-Hans", Box::new(|| zhconv::zhconv(&text, zhconv::Variant::ZhHans).len())),
            ("OpenCC t2s", Box::new(|| t2s.convert(&text).map_or(0, |text| text.len()))),
            ("OpenCC tw2s", Box::new(|| tw2s.convert(&text).map_or(0, |text| text.len()))),
        ];
        let mut best = [f64::INFINITY; 8];
        for _ in 0..RUNS {
            for ((_, job), best) in jobs.iter().zip(&mut best) {
                let start = Instant::now();
                black_box(job());
                *best = best.min(start.elapsed().as_secs_f64());
            }
        }
        for ((name, _), seconds) in jobs.iter().zip(best) {
            println!("{file}\t{name}\t{:.0} MB/s", text.len() as f64 / seconds / 1e6);
        }
    }
}
