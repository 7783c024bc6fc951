//! Runs over directories: what is done, what is passed over, and that nothing is lost when a run is cut short.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use crate::run::{Ran, run_in, zxtool};

/// A directory of `count` small pages below `in`, every third of them with nothing to do.
fn crawl(count: usize) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for n in 0..count {
        let path = dir.path().join(format!("in/{:02}/{n:05}.txt", n % 7));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let text = if n % 3 == 0 { "开会，议题一。\n" } else { "開會，議題二。\n" };
        fs::write(path, text.repeat(n % 11 + 1)).unwrap();
    }
    dir
}

/// Every file below `root` with its bytes, hidden ones too.
pub(crate) fn tree(root: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    let mut waiting = vec![root.to_owned()];
    while let Some(dir) = waiting.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                files.push((path.strip_prefix(root).unwrap().to_owned(), fs::read(&path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

fn stats(ran: &Ran) -> serde_json::Value {
    serde_json::from_str(ran.stderr.lines().last().unwrap()).unwrap()
}

#[test]
fn the_number_of_jobs_changes_nothing() {
    let dir = crawl(300);
    let mut first = None;
    for jobs in ["1", "2", "7"] {
        let out = format!("out{jobs}");
        run_in(dir.path(), &["convert", "in", "-o", &out, "--jobs", jobs], "").expect(0, "", "");
        let files = tree(&dir.path().join(out));
        assert_eq!(files.len(), 300);
        assert_eq!(*first.get_or_insert_with(|| files.clone()), files, "--jobs {jobs}");
    }
    let paths: Vec<String> =
        tree(&dir.path().join("in")).iter().map(|(path, _)| format!("in/{}", path.display())).collect();
    let args = |jobs| {
        ["convert", "-j", jobs].into_iter().chain(paths.iter().map(String::as_str)).collect::<Vec<_>>()
    };
    let one = run_in(dir.path(), &args("1"), "");
    assert_eq!((one.code, one.stdout.lines().count()), (Some(0), one.stdout.matches("。\n").count()));
    assert_eq!(one.stdout, run_in(dir.path(), &args("5"), "").stdout);
}

#[test]
fn every_file_ends_as_changed_unchanged_skipped_or_failed() {
    let dir = crawl(30);
    let input = dir.path().join("in");
    fs::write(input.join("picture.png"), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").unwrap();
    fs::write(input.join("damaged.txt.gz"), b"\x1f\x8b\x08\0\0\0\0\0\0\x03abc").unwrap();
    fs::write(input.join(".hidden"), "x").unwrap();
    fs::create_dir(input.join(".git")).unwrap();
    fs::write(input.join(".git/a.txt"), "x").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("00/00000.txt", input.join("link.txt")).unwrap();
    let ran = run_in(dir.path(), &["convert", "in", "-o", "out", "--stats=json"], "");
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(ran.stderr.starts_with("zxtool: in/damaged.txt.gz: cannot read: "), "{}", ran.stderr);
    let documents = &stats(&ran)["documents"];
    let skipped = serde_json::json!({ "binary": 1, "hidden": 2, "link": 1 });
    assert_eq!(
        *documents,
        serde_json::json!({ "in": 35, "changed": 20, "unchanged": 10, "failed": 1, "skipped": skipped })
    );
    assert!(!stats(&ran)["stages"]["convert"].as_object().unwrap().is_empty());
    let names: Vec<String> =
        tree(&dir.path().join("out")).iter().map(|(p, _)| p.display().to_string()).collect();
    // The manifest stays while there is something to try again.
    assert_eq!(names.iter().filter(|name| !name.starts_with(".zxtool-")).count(), 30);
    assert_eq!(names.len(), 31, "{names:?}");
    assert!(names[0].starts_with(".zxtool-") && names[0].ends_with(".manifest"), "{names:?}");
}

#[test]
fn what_is_done_can_be_selected() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["a.html", "b.txt", "c.HTM", "sub/d.html", "sub/e.txt.gz", "skip/f.html", ".h/g.html"] {
        let path = dir.path().join("in").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "开").unwrap();
    }
    let done = |args: &[&str]| {
        let out = tempfile::tempdir().unwrap();
        let all: Vec<&str> = [&["repair", "in", "-o", out.path().to_str().unwrap()], args].concat();
        run_in(dir.path(), &all, "").expect(0, "", "");
        tree(out.path()).iter().map(|(path, _)| path.display().to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(done(&[]), "a.html b.txt c.HTM skip/f.html sub/d.html sub/e.txt.gz");
    assert_eq!(done(&["--ext", "html,htm"]), "a.html c.HTM skip/f.html sub/d.html");
    assert_eq!(done(&["--ext", ".txt"]), "b.txt sub/e.txt.gz");
    assert_eq!(done(&["--include", "*.html"]), "a.html skip/f.html sub/d.html");
    assert_eq!(done(&["--include", "sub/**", "--exclude", "*.gz"]), "sub/d.html");
    assert_eq!(done(&["--exclude", "skip", "--exclude", "*.txt*"]), "a.html c.HTM sub/d.html");
    assert_eq!(done(&["--hidden", "--ext", "html"]), ".h/g.html a.html skip/f.html sub/d.html");
    let ran = run_in(dir.path(), &["repair", "in", "-o", "out", "--include", "{a"], "");
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
}

#[test]
fn binary_files_are_done_when_they_are_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("in")).unwrap();
    fs::write(dir.path().join("in/a"), b"GIF89a").unwrap();
    run_in(dir.path(), &["repair", "in", "-o", "out"], "").expect(0, "", "");
    assert!(!dir.path().join("out/a").exists());
    run_in(dir.path(), &["repair", "in", "-o", "out", "--binary"], "").expect(0, "", "");
    run_in(dir.path(), &["repair", "in/a", "--binary"], "").expect(0, "GIF89a", "");
    assert_eq!(fs::read(dir.path().join("out/a")).unwrap(), b"GIF89a");
}

#[cfg(unix)]
#[test]
fn links_are_followed_only_when_asked_and_loops_end() {
    let dir = crawl(1);
    let input = dir.path().join("in");
    std::os::unix::fs::symlink("../..", input.join("00/loop")).unwrap();
    std::os::unix::fs::symlink("00/00000.txt", input.join("link.txt")).unwrap();
    run_in(dir.path(), &["repair", "in", "-o", "out"], "").expect(0, "", "");
    assert_eq!(tree(&dir.path().join("out")).len(), 1);
    let ran = run_in(dir.path(), &["repair", "in", "-o", "out2", "--follow"], "");
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(ran.stderr.contains("which it lies in; skipped"), "{}", ran.stderr);
    assert!(dir.path().join("out2/link.txt").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn special_files_are_passed_over_and_any_name_is_kept() {
    use std::os::unix::ffi::OsStrExt;
    let dir = crawl(0);
    let input = dir.path().join("in");
    fs::create_dir(&input).unwrap();
    let name = std::ffi::OsStr::from_bytes(b"\xD6\xD0\xCE\xC4.txt");
    fs::write(input.join(name), "開").unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(input.join("socket")).unwrap();
    let ran = run_in(dir.path(), &["convert", "in", "-o", "out", "--stats=json"], "");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(stats(&ran)["documents"]["skipped"]["special"], 1);
    assert_eq!(fs::read_to_string(dir.path().join("out").join(name)).unwrap(), "开");
}

#[test]
fn an_output_directory_inside_the_input_is_not_read() {
    let dir = crawl(5);
    for _ in 0..2 {
        run_in(&dir.path().join("in"), &["convert", ".", "-o", "out"], "").expect(0, "", "");
        assert_eq!(tree(&dir.path().join("in/out")).len(), 5);
    }
    let ran = run_in(dir.path(), &["convert", "in", "-o", "in/."], "");
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
}

#[cfg(unix)]
#[test]
fn hard_links_are_not_parted_in_place() {
    let dir = crawl(1);
    let path = dir.path().join("in/00/00000.txt");
    fs::write(&path, "開").unwrap();
    fs::hard_link(&path, dir.path().join("other")).unwrap();
    let ran = run_in(dir.path(), &["convert", "-i", "in/00/00000.txt"], "");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("has 2 hard links"), "{}", ran.stderr);
    assert_eq!(fs::read_to_string(path).unwrap(), "開");
}

#[test]
fn compressed_files_stay_compressed_under_their_names() {
    let dir = tempfile::tempdir().unwrap();
    let gz = |text: &str| {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        out.write_all(text.as_bytes()).unwrap();
        out.finish().unwrap()
    };
    fs::create_dir(dir.path().join("in")).unwrap();
    // A second member, as archives have them.
    fs::write(dir.path().join("in/a.txt.gz"), [gz("開"), gz("會")].concat()).unwrap();
    run_in(dir.path(), &["convert", "in", "-o", "out"], "").expect(0, "", "");
    run_in(dir.path(), &["convert", "out/a.txt.gz"], "").expect(0, "开会", "");
    assert!(fs::read(dir.path().join("out/a.txt.gz")).unwrap().starts_with(&[0x1F, 0x8B]));
    run_in(dir.path(), &["convert", "in/a.txt.gz", "-o", "a.txt"], "").expect(0, "", "");
    assert_eq!(fs::read_to_string(dir.path().join("a.txt")).unwrap(), "开会");
    for name in ["a.zst", "a.bz2"] {
        run_in(dir.path(), &["convert", "a.txt", "-o", name], "").expect(0, "", "");
        assert_ne!(fs::read(dir.path().join(name)).unwrap(), "开会".as_bytes());
        run_in(dir.path(), &["convert"], fs::read(dir.path().join(name)).unwrap()).expect(0, "开会", "");
    }
    run_in(dir.path(), &["convert", "--in-place", "in"], "").expect(0, "", "");
    run_in(dir.path(), &["convert", "in/a.txt.gz"], "").expect(0, "开会", "");
}

#[test]
fn a_document_longer_than_allowed_is_named() {
    let dir = crawl(2);
    let ran = run_in(dir.path(), &["clean", "in", "-o", "out", "--max-record", "40"], "");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("longer than 40 bytes"), "{}", ran.stderr);
}

#[test]
fn looking_writes_nothing() {
    let dir = crawl(4);
    let before = tree(dir.path());
    let ran = run_in(dir.path(), &["convert", "in", "--check"], "");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    assert_eq!(ran.stderr.lines().count(), 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("in/01/00001.txt: would change: "), "{}", ran.stderr);
    run_in(dir.path(), &["convert", "in/00", "--check"], "").expect(0, "", "");
    let ran = run_in(dir.path(), &["convert", "in", "--dry-run", "-o", "out"], "");
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    assert_eq!(ran.stdout.lines().next().unwrap(), "in/00/00000.txt -> out/00/00000.txt: unchanged");
    assert_eq!(ran.stdout.lines().nth(1).unwrap(), "in/01/00001.txt -> out/01/00001.txt: changed");
    assert_eq!(tree(dir.path()), before);
}

#[test]
fn an_interrupted_run_is_gone_on_with() {
    let dir = crawl(40);
    run_in(dir.path(), &["convert", "in", "-o", "expected"], "").expect(0, "", "");
    // A run that failed on one document leaves its manifest, as a killed one does.
    fs::write(dir.path().join("in/z.gz"), b"\x1f\x8b\x08\0\0\0\0\0\0\x03abc").unwrap();
    assert_eq!(run_in(dir.path(), &["convert", "in", "-o", "out"], "").code, Some(1));
    let left = dir.path().join("out/00/.zxtool-abc.tmp");
    fs::write(&left, "half").unwrap();
    fs::remove_file(dir.path().join("in/z.gz")).unwrap();
    // An input that has changed since, and an output that was removed, are done again.
    fs::write(dir.path().join("in/00/00000.txt"), "開會開會\n").unwrap();
    fs::remove_file(dir.path().join("out/01/00001.txt")).unwrap();
    // Not by guess: what is there but not put down as finished would be done again; what is put down is not.
    fs::write(dir.path().join("out/02/00002.txt"), "kept").unwrap();
    let ran = run_in(dir.path(), &["convert", "in", "-o", "out", "--resume", "--stats=json"], "");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(stats(&ran)["documents"]["skipped"]["finished"], 38);
    assert_eq!(fs::read_to_string(dir.path().join("out/00/00000.txt")).unwrap(), "开会开会\n");
    assert_eq!(fs::read_to_string(dir.path().join("out/02/00002.txt")).unwrap(), "kept");
    let names =
        |root: &str| tree(&dir.path().join(root)).into_iter().map(|(path, _)| path).collect::<Vec<_>>();
    assert_eq!(names("out"), names("expected"));
    assert_eq!(
        run_in(dir.path(), &["convert", "in", "--resume", "-o", "out", "--report", "r"], "").code,
        Some(2)
    );
}

/// Kills runs at different times; each time the next run completes the tree.
#[cfg(unix)]
#[test]
fn a_killed_run_leaves_no_half_file_and_can_be_gone_on_with() {
    let dir = crawl(400);
    run_in(dir.path(), &["convert", "in", "-o", "expected"], "").expect(0, "", "");
    let expected = tree(&dir.path().join("expected"));
    let whole: std::collections::HashSet<_> = expected.iter().cloned().collect();
    for round in 0..8 {
        let out = format!("out{round}");
        let mut child =
            zxtool(&["convert", "in", "-o", &out, "-j2"]).current_dir(dir.path()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(3 * round * round));
        child.kill().unwrap();
        child.wait().unwrap();
        if dir.path().join(&out).exists() {
            for file in tree(&dir.path().join(&out)) {
                let is_hidden = file.0.file_name().unwrap().as_encoded_bytes().starts_with(b".zxtool-");
                assert!(is_hidden || whole.contains(&file), "half a file: {}", file.0.display());
            }
        }
        run_in(dir.path(), &["convert", "in", "-o", &out, "--resume"], "").expect(0, "", "");
        assert!(tree(&dir.path().join(&out)) == expected, "round {round}");
    }
}

#[cfg(unix)]
#[test]
fn a_run_told_to_stop_leaves_no_temporaries() {
    let dir = crawl(2000);
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let mut child = zxtool(&["convert", "in", "-o", "out", "-j3"])
            .current_dir(dir.path())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Under way once the first output is there.
        while !dir.path().join("out/00").exists() && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
        let sent = std::process::Command::new("kill")
            .args(["-s", signal, &child.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        let left: Vec<PathBuf> = tree(&dir.path().join("out"))
            .into_iter()
            .map(|(path, _)| path)
            .filter(|path| path.to_string_lossy().ends_with(".tmp"))
            .collect();
        assert!(left.is_empty(), "{left:?}");
        fs::remove_dir_all(dir.path().join("out")).unwrap();
    }
}

#[test]
fn counts_come_for_people_and_for_programs() {
    let dir = crawl(3);
    let ran = run_in(dir.path(), &["convert", "in", "-o", "out", "--stats"], "");
    assert!(
        ran.stderr.starts_with("3 documents: 2 changed, 1 unchanged, 0 skipped, 0 failed\n"),
        "{}",
        ran.stderr
    );
    let ran = run_in(dir.path(), &["convert", "in", "-o", "out", "-v"], "");
    assert!(ran.stderr.contains("zxtool: 3 documents: 2 changed"), "{}", ran.stderr);
}
