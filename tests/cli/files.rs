//! Files and directories: where results go, and that nothing is ever half there.

use std::fs;
use std::path::Path;

use crate::run::run_in;

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn dir_with(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

#[test]
fn output_to_a_file() {
    let dir = dir_with(&[("a.txt", "開\n")]);
    run_in(dir.path(), &["convert", "a.txt", "-o", "b.txt"], "").expect(0, "", "");
    assert_eq!(fs::read_to_string(dir.path().join("b.txt")).unwrap(), "开\n");
    run_in(dir.path(), &["convert", "-o", "c.txt"], "關\n").expect(0, "", "");
    assert_eq!(names(dir.path()), ["a.txt", "b.txt", "c.txt"]);
}

#[test]
fn a_directory_is_mirrored() {
    let dir = dir_with(&[("in/a.txt", "開\n"), ("in/sub/b.txt", "關\n"), ("in/.hidden", "x")]);
    run_in(dir.path(), &["clean", "in", "-o", "out"], "").expect(0, "", "");
    assert_eq!(fs::read_to_string(dir.path().join("out/a.txt")).unwrap(), "开\n");
    assert_eq!(fs::read_to_string(dir.path().join("out/sub/b.txt")).unwrap(), "关\n");
    assert_eq!(names(&dir.path().join("out")), ["a.txt", "sub"]);
}

#[test]
fn several_inputs_go_under_a_directory() {
    let dir = dir_with(&[("a/1.txt", "開\n"), ("b.txt", "關\n")]);
    run_in(dir.path(), &["convert", "a", "b.txt", "-o", "out"], "").expect(0, "", "");
    assert_eq!(fs::read_to_string(dir.path().join("out/a/1.txt")).unwrap(), "开\n");
    assert_eq!(fs::read_to_string(dir.path().join("out/b.txt")).unwrap(), "关\n");
}

#[test]
fn two_inputs_for_one_place_are_refused_before_anything_is_written() {
    let dir = dir_with(&[("x/1.txt", "開\n"), ("y/1.txt", "關\n")]);
    run_in(dir.path(), &["convert", "x/1.txt", "y/1.txt", "-o", "out"], "").expect(
        2,
        "",
        "zxtool: x/1.txt and y/1.txt would both be written to out/1.txt; give them to separate runs\n",
    );
    assert_eq!(names(dir.path()), ["x", "y"]);
}

#[test]
fn a_directory_needs_a_place() {
    let dir = dir_with(&[("in/a.txt", "開\n")]);
    run_in(dir.path(), &["convert", "in"], "").expect(
        2,
        "",
        "zxtool: in: is a directory; give -o DIR or --in-place\n",
    );
}

#[test]
fn in_place_rewrites_and_keeps_a_backup_if_asked() {
    let dir = dir_with(&[("a.txt", "開\n"), ("b.txt", "清楚\n")]);
    run_in(dir.path(), &["convert", "--in-place=.bak", "a.txt", "b.txt"], "").expect(0, "", "");
    assert_eq!(fs::read_to_string(dir.path().join("a.txt")).unwrap(), "开\n");
    assert_eq!(fs::read_to_string(dir.path().join("a.txt.bak")).unwrap(), "開\n");
    // What needs no change is not touched.
    assert_eq!(names(dir.path()), ["a.txt", "a.txt.bak", "b.txt"]);
    run_in(dir.path(), &["convert", "-i", "a.txt"], "").expect(0, "", "");
    assert_eq!(names(dir.path()), ["a.txt", "a.txt.bak", "b.txt"]);
}

#[test]
fn in_place_needs_a_file() {
    let dir = dir_with(&[]);
    let said = "zxtool: --in-place: standard input has no place; name files\n";
    run_in(dir.path(), &["convert", "-i"], "開").expect(2, "", said);
    run_in(dir.path(), &["convert", "-i", "-"], "開").expect(2, "", said);
    let ran = run_in(dir.path(), &["convert", "-i", "-o", "x"], "");
    assert_eq!(ran.code, Some(2));
}

#[cfg(unix)]
#[test]
fn in_place_keeps_mode_times_and_links() {
    use std::os::unix::fs::PermissionsExt;
    let dir = dir_with(&[("a.txt", "開\n")]);
    let file = dir.path().join("a.txt");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    let before = fs::metadata(&file).unwrap();
    std::os::unix::fs::symlink("a.txt", dir.path().join("link")).unwrap();
    run_in(dir.path(), &["convert", "-i", "link"], "").expect(0, "", "");
    let after = fs::metadata(&file).unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), "开\n");
    assert_eq!(after.permissions().mode() & 0o777, 0o640);
    assert_eq!(after.modified().unwrap(), before.modified().unwrap());
    assert!(fs::symlink_metadata(dir.path().join("link")).unwrap().is_symlink());
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_is_written_to_not_replaced() {
    let dir = dir_with(&[("a.txt", "開\n")]);
    run_in(dir.path(), &["convert", "a.txt", "-o", "/dev/null"], "").expect(0, "", "");
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
    run_in(dir.path(), &["convert", "a.txt", "-o", "/dev/full"], "").expect(
        2,
        "",
        "zxtool: /dev/full: cannot write: no space left on device\n",
    );
}

#[test]
fn an_output_that_cannot_be_written_leaves_nothing() {
    let dir = dir_with(&[("a.txt", "開\n"), ("file", "")]);
    let ran = run_in(dir.path(), &["convert", "a.txt", "-o", "file/b.txt"], "");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(ran.stderr.starts_with("zxtool: file/b.txt: cannot write: "), "{}", ran.stderr);
    assert_eq!(names(dir.path()), ["a.txt", "file"]);
}

#[test]
fn removed_lines_go_to_the_file_that_asks_for_them() {
    let input =
        crate::run::fixtures().into_iter().find(|path| path.ends_with("notice-site/input.txt")).unwrap();
    let dir = dir_with(&[]);
    let ran = run_in(dir.path(), &["clean", input.to_str().unwrap(), "--removed", "gone.txt"], "");
    assert_eq!(ran.code, Some(0));
    let gone = fs::read_to_string(dir.path().join("gone.txt")).unwrap();
    assert!(gone.contains("版权所有") && gone.contains("当前位置"), "{gone}");
    assert!(!ran.stdout.contains("版权所有"), "{}", ran.stdout);
}

#[test]
fn metadata_goes_where_it_is_asked_for() {
    let input =
        crate::run::fixtures().into_iter().find(|path| path.ends_with("notice-site/input.txt")).unwrap();
    let input = input.to_str().unwrap();
    let dir = dir_with(&[]);
    let get = |meta: &str| run_in(dir.path(), &["clean", "--meta", meta, input], "").stdout;
    assert!(!get("drop").contains("2023-05-14"));
    assert!(get("keep").contains("发布时间:2023-05-14"));
    let front = get("front-matter");
    assert!(front.starts_with("---\n") && front.contains("date: 2023-05-14"), "{front}");
    let json = get("json");
    let object: serde_json::Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    assert_eq!(object["date"], "2023-05-14");
}
