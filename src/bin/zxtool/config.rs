//! `zxtool.toml`: flags that need not be typed each time.
//!
//! A key is a flag's long name; at the top it holds for every command that has the flag, in a table `[clean]`
//! for that command. What the command line says goes first. The file is looked for in the working directory
//! and upwards, unless --config names one or --no-config forbids it.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use anyhow::{anyhow, bail};
use clap::parser::ValueSource;
use clap::{ArgMatches, Command, CommandFactory};
use toml::{Table, Value};

use crate::args::Cli;
use crate::messages::{path_name, reason};

const FILE: &str = "zxtool.toml";

/// Flags that belong to one run: where things are written, and those of the file itself.
const NEVER: [&str; 11] = [
    "config",
    "no-config",
    "dump-config",
    "help",
    "version",
    "output",
    "in-place",
    "resume",
    "removed",
    "report",
    "check",
];

/// The arguments with those of the file put in; the same if there is no file.
///
/// # Errors
/// A file that cannot be read, or says what no command knows.
pub(crate) fn with_file(args: Vec<OsString>) -> anyhow::Result<Vec<OsString>> {
    // A wrong command line is said by the parser, with the arguments as they were typed.
    let Ok(matches) = Cli::command().try_get_matches_from(&args) else { return Ok(args) };
    let Some((name, of_command)) = matches.subcommand() else { return Ok(args) };
    let Some(path) = path(&matches) else { return Ok(args) };
    let text = fs::read_to_string(&path)
        .map_err(|e| anyhow!("{}: cannot read: {}", path_name(&path), reason(&e)))?;
    let table: Table =
        text.parse().map_err(|e: toml::de::Error| anyhow!("{}: {}", path_name(&path), e.message()))?;
    let flags = flags(&table, name, of_command).map_err(|e| anyhow!("{}: {e}", path_name(&path)))?;
    let Some(at) = args.iter().position(|arg| arg == name) else { return Ok(args) };
    log::debug!("{}: {} flags", path_name(&path), flags.len());
    let mut all = args;
    let of_user = all.split_off(at + 1);
    all.extend(flags.into_iter().chain(of_user));
    Ok(all)
}

/// The file to read.
fn path(matches: &ArgMatches) -> Option<PathBuf> {
    let (_, of_command) = matches.subcommand()?;
    if of_command.get_flag("no_config") {
        return None;
    }
    if let Some(path) = of_command.get_one::<PathBuf>("config") {
        return Some(path.clone());
    }
    let here = std::env::current_dir().ok()?;
    here.ancestors().map(|dir| dir.join(FILE)).find(|path| path.is_file())
}

/// The flags that the file gives to the command `name`.
fn flags(table: &Table, name: &str, given: &ArgMatches) -> anyhow::Result<Vec<OsString>> {
    let cli = Cli::command();
    let commands: Vec<&Command> = cli.get_subcommands().collect();
    let has = |command: &Command, key: &str| {
        command.get_arguments().chain(cli.get_arguments()).any(|arg| arg.get_long() == Some(key))
    };
    let mut out = Vec::new();
    for (key, value) in table {
        if let Value::Table(of_command) = value {
            let Some(command) = commands.iter().find(|command| command.get_name() == key) else {
                bail!("[{key}] is no command");
            };
            for (key, value) in of_command {
                if !has(command, key) || NEVER.contains(&key.as_str()) {
                    bail!("{key}: no flag of `{}` that a file can set", command.get_name());
                }
                if command.get_name() == name {
                    push(key, value, given, &mut out)?;
                }
            }
            continue;
        }
        if NEVER.contains(&key.as_str()) || !commands.iter().any(|command| has(command, key)) {
            bail!("{key}: no flag that a file can set");
        }
        let is_overruled =
            table.get(name).and_then(Value::as_table).is_some_and(|of_command| of_command.contains_key(key));
        if !is_overruled && commands.iter().any(|command| command.get_name() == name && has(command, key)) {
            push(key, value, given, &mut out)?;
        }
    }
    Ok(out)
}

fn push(key: &str, value: &Value, given: &ArgMatches, out: &mut Vec<OsString>) -> anyhow::Result<()> {
    let id = key.replace('-', "_");
    if given.try_contains_id(&id).is_ok() && given.value_source(&id) == Some(ValueSource::CommandLine) {
        return Ok(());
    }
    let text = |value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Integer(number) => Ok(number.to_string()),
        Value::Float(number) => Ok(number.to_string()),
        _ => bail!("{key}: give text, a number, true, or a list of texts"),
    };
    match value {
        Value::Boolean(false) => {}
        Value::Boolean(true) => out.push(format!("--{key}").into()),
        Value::Array(values) => {
            for value in values {
                out.push(format!("--{key}={}", text(value)?).into());
            }
        }
        value => out.push(format!("--{key}={}", text(value)?).into()),
    }
    Ok(())
}

/// What --dump-config prints: every flag of the command that a file can set, as it holds for this run.
///
/// # Errors
/// A value that TOML cannot hold.
pub(crate) fn dump(args: &[OsString]) -> anyhow::Result<String> {
    let matches = Cli::command().try_get_matches_from(args)?;
    let Some((name, given)) = matches.subcommand() else { return Ok(String::new()) };
    let mut table = Table::new();
    let cli = Cli::command();
    let command = cli.find_subcommand(name).ok_or_else(|| anyhow!("no such command"))?;
    for arg in command.get_arguments() {
        let (Some(long), id) = (arg.get_long(), arg.get_id().as_str()) else { continue };
        if NEVER.contains(&long) || given.try_contains_id(id).is_err() {
            continue;
        }
        let values: Vec<String> = given
            .get_raw(id)
            .into_iter()
            .flatten()
            .map(|value| value.to_string_lossy().into_owned())
            .collect();
        let value = match (arg.get_action(), values.as_slice()) {
            (_, []) => continue,
            (clap::ArgAction::SetTrue, [value]) => Value::Boolean(value == "true"),
            (clap::ArgAction::Append, values) => {
                Value::Array(values.iter().cloned().map(Value::String).collect())
            }
            (_, [value, ..]) => Value::String(value.clone()),
        };
        table.insert(long.to_owned(), value);
    }
    let mut whole = Table::new();
    whole.insert(name.to_owned(), Value::Table(table));
    toml::to_string(&whole).map_err(|e| anyhow!("--dump-config: {e}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(text: &str, args: &[&str]) -> Result<Vec<String>, String> {
        let matches = Cli::command().try_get_matches_from(args).unwrap();
        let (name, of_command) = matches.subcommand().unwrap();
        let flags = flags(&text.parse().unwrap(), name, of_command).map_err(|e| e.to_string())?;
        Ok(flags.into_iter().map(|flag| flag.into_string().unwrap()).collect())
    }

    #[test]
    fn a_key_is_a_flag_of_the_commands_that_have_it() {
        let file = "variant = \"tw2sp\"\njobs = 3\nexclude = [\"*.a\", \"*.b\"]\n[clean]\nmeta = \"json\"\njobs = 1\nhidden = true\n";
        assert_eq!(
            given(file, &["zxtool", "repair"]).unwrap(),
            ["--exclude=*.a", "--exclude=*.b", "--jobs=3"]
        );
        assert_eq!(
            given(file, &["zxtool", "clean", "--meta", "keep"]).unwrap(),
            ["--hidden", "--jobs=1", "--exclude=*.a", "--exclude=*.b", "--variant=tw2sp"]
        );
    }

    #[test]
    fn what_no_command_knows_is_an_error() {
        for (file, said) in [
            ("nosuch = 1", "nosuch: no flag that a file can set"),
            ("output = \"x\"", "output: no flag that a file can set"),
            ("[repair]\nvariant = \"t2s\"", "variant: no flag of `repair` that a file can set"),
            ("[nosuch]\na = 1", "[nosuch] is no command"),
        ] {
            assert_eq!(given(file, &["zxtool", "repair"]).unwrap_err(), said);
        }
    }
}
