//! What the flags mean for the library: the second step after parsing, which may read files.

use std::path::Path;

use anyhow::{anyhow, bail};
use zxtool::detect::Encoding;
use zxtool::{Options, convert, detect};

use crate::args::{Captions, Converting, Engine, Hints, Reading, Repairing, Ruby, Stripping};
use crate::messages::{path_name, quoted, reason};

/// The options of all stages.
///
/// # Errors
/// An unknown label, a file of phrases that cannot be read.
pub(crate) fn resolve(
    reading: &Reading,
    repairing: Option<&Repairing>,
    converting: Option<&Converting>,
    stripping: Option<&Stripping>,
) -> anyhow::Result<Options> {
    let mut options = Options::default();
    options.decode.from = reading.from.as_deref().map(|label| encoding("--from", label)).transpose()?;
    options.decode.hints = hints(&reading.hints)?;
    let format = reading.input.map(Into::into);
    options.repair.format = format;
    options.convert.format = format;
    options.strip.format = format;
    if let Some(repairing) = repairing {
        repairing.set(&mut options.repair);
    }
    if let Some(converting) = converting {
        options.convert.variant = converting.variant.into();
        options.convert.exact = converting.exact;
        options.convert.tofu = converting.tofu;
        options.convert.words = words(converting.words.as_deref())?;
        if let Some(config) = converting.opencc_config.as_deref() {
            load_opencc(converting.engine, config, &mut options.convert)?;
        }
    }
    if let Some(stripping) = stripping {
        options.strip.meta = stripping.meta.into();
        options.strip.comments = stripping.comments.into();
        options.strip.style = stripping.format.into();
        options.strip.tables = stripping.tables.into();
        options.strip.drops_captions = stripping.captions == Captions::Drop;
        options.strip.keeps_ruby = stripping.ruby == Ruby::Keep;
        options.strip.strictness = stripping.strictness.into();
        options.strip.drop_phrases = phrases(stripping.drop_phrases.as_deref())?;
        options.strip.keep_phrases = phrases(stripping.keep_phrases.as_deref())?;
    }
    Ok(options)
}

/// What is known of the encoding.
///
/// # Errors
/// An unknown label.
pub(crate) fn hints(hints: &Hints) -> anyhow::Result<detect::Hints> {
    let encodings = hints.encodings.iter().map(|label| encoding("--encodings", label.trim()));
    Ok(detect::Hints {
        encodings: encodings.collect::<anyhow::Result<_>>()?,
        prefer: hints.prefer.as_deref().map(|label| encoding("--prefer", label)).transpose()?,
        region: hints.region.map(Into::into),
        ..detect::Hints::default()
    })
}

fn encoding(flag: &str, label: &str) -> anyhow::Result<Encoding> {
    Encoding::for_label(&quoted(label)).map_err(|error| anyhow!("{flag}: {error}"))
}

/// The lines of a file of phrases, blank ones left out.
fn phrases(file: Option<&Path>) -> anyhow::Result<Vec<String>> {
    let text = read(file)?;
    Ok(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

/// Puts OpenCC with the configuration at `config` into the options.
///
/// # Errors
/// A configuration that OpenCC cannot load.
#[cfg(feature = "opencc")]
fn load_opencc(engine: Engine, config: &Path, options: &mut convert::Options) -> anyhow::Result<()> {
    if engine != Engine::Opencc {
        bail!("--opencc-config: only with --engine opencc");
    }
    let Some(path) = config.to_str() else {
        bail!("--opencc-config: {}: a path of UTF-8 is needed", path_name(config));
    };
    let engine = convert::opencc::Engine::new(path);
    options.engine =
        Some(engine.map_err(|error| anyhow!("--opencc-config: {}: {error}", path_name(config)))?);
    Ok(())
}

/// # Errors
/// Always: this zxtool has no OpenCC.
#[cfg(not(feature = "opencc"))]
fn load_opencc(engine: Engine, _: &Path, _: &mut convert::Options) -> anyhow::Result<()> {
    if engine != Engine::Opencc {
        bail!("--opencc-config: only with --engine opencc");
    }
    bail!(
        "--engine opencc: this zxtool was built without OpenCC; build it with `--features opencc`, as docs/convert.md shows"
    );
}

/// The pairs of a file of words; lines that begin with `#` are remarks.
fn words(file: Option<&Path>) -> anyhow::Result<Vec<(String, String)>> {
    let text = read(file)?;
    let mut words = Vec::new();
    for (nth, line) in text.lines().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match line.split('\t').collect::<Vec<_>>().as_slice() {
            [from, to] if !from.is_empty() => words.push(((*from).to_owned(), (*to).to_owned())),
            _ => {
                let name = file.map(path_name).unwrap_or_default();
                bail!("{name}:{}: not two words with a tab between them: {}", nth + 1, quoted(line));
            }
        }
    }
    Ok(words)
}

fn read(file: Option<&Path>) -> anyhow::Result<String> {
    let Some(file) = file else { return Ok(String::new()) };
    std::fs::read_to_string(file)
        .map_err(|error| anyhow!("{}: cannot read: {}", path_name(file), reason(&error)))
}
