//! The help texts are pinned: what a flag says is what people rely on.

use std::path::Path;

use crate::run::run;

/// Set to rewrite the pinned texts after an intended change.
const UPDATE: &str = "ZXTOOL_UPDATE_HELP";

#[test]
fn help_texts_are_the_pinned_ones() {
    for command in ["", "detect", "repair", "convert", "strip", "clean"] {
        let args: Vec<&str> = [command, "-h"].into_iter().filter(|arg| !arg.is_empty()).collect();
        let ran = run(&args, "");
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
        assert!(ran.stdout.lines().count() <= 50, "does not fit a screen: zxtool {command} -h");
        let name = if command.is_empty() { "zxtool" } else { command };
        let pinned = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fixtures/cli/help/{name}.txt"));
        if std::env::var_os(UPDATE).is_some() {
            std::fs::create_dir_all(pinned.parent().unwrap()).unwrap();
            std::fs::write(&pinned, &ran.stdout).unwrap();
        }
        let expected = std::fs::read_to_string(&pinned).unwrap();
        assert_eq!(ran.stdout, expected, "zxtool {command} -h; {UPDATE}=1 rewrites it");
    }
}

#[test]
fn usage_errors_exit_with_two() {
    for args in [&["nosuch"][..], &[], &["clean", "--nosuch"], &["convert", "--variant", "x"]] {
        let ran = run(args, "");
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{args:?}");
        assert!(!ran.stderr.is_empty());
    }
}

#[test]
fn completions_and_manual_are_printed() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = run(&["completions", shell], "");
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
        assert!(ran.stdout.contains("zxtool"), "{shell}");
    }
    let ran = run(&["man"], "");
    assert_eq!(ran.code, Some(0));
    assert!(ran.stdout.contains(".TH zxtool 1"), "{}", ran.stdout);
}

#[test]
fn version_is_printed() {
    let ran = run(&["--version"], "");
    assert_eq!(ran.code, Some(0));
    assert!(ran.stdout.starts_with(concat!("zxtool ", env!("CARGO_PKG_VERSION"))), "{}", ran.stdout);
}
