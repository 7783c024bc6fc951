#!/usr/bin/env python3
"""Writes OpenCC's Traditional-to-Simplified dictionaries to src/convert/tables/opencc/*.tsv.

Source: the crate opencc-sys, whose text dictionaries are those of OpenCC 1.4.2 row for row. The package is
fetched by cargo; VERSION and SHA256 pin it, here and nowhere else. Run from the repository's root:

    python3 tools/convert/opencc_tables.py

Of an entry's candidates the first is kept, which is the one that OpenCC uses. A character that maps to itself
is left out: in the last dictionary of a group that is the same as no entry.
"""

import hashlib
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "opencc-sys"
VERSION = "0.5.2+1.4.1"
SHA256 = "5c58e108a6bacc418b1376223c7b9cf05b037866aee5fd4f8472232f766faca3"

TABLES = Path("src/convert/tables/opencc")
CASES = Path("fixtures/convert/opencc-cases.json")
DICTIONARIES = {
    "compatibility.tsv": ("CJK_Compatibility_Ideographs", "first stage of every variant"),
    "ts-phrases.tsv": ("TSPhrases", "every variant; segmentation of all but t2s"),
    "ts-characters.tsv": ("TSCharacters", "every variant"),
    "ts-tofu.tsv": ("TSCharactersExt", "every variant, with the tofu table only"),
    "tw-words.tsv": ("TWPhrasesRev", "tw2sp"),
    "tw-phrases.tsv": ("TWVariantsRevPhrases", "tw2s, tw2sp"),
    "tw-characters.tsv": ("TWVariantsRev", "tw2s, tw2sp"),
    "hk-words.tsv": ("HKPhrasesRev", "hk2sp"),
    "hk-phrases.tsv": ("HKVariantsRevPhrases", "hk2s, hk2sp"),
    "hk-characters.tsv": ("HKVariantsRev", "hk2s, hk2sp"),
}
# Characters that Taiwan, Hong Kong or the web writes where OpenCC's Traditional has another, or that have two
# Simplified forms: which of OpenCC's words (as Traditional and Simplified character) tell the form.
CONTEXT = {
    "沈": {"沉": "沉"},
    "鍊": {"鏈": "链"},
    "覆": {"覆": "复"},
}
MAX_CONTEXT_CHARS = 4

VARIANTS = ["t2s", "tw2s", "tw2sp", "hk2s", "hk2sp"]


def fetch() -> Path:
    """The package's .crate file in cargo's cache, checked against the pinned hash."""
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch, "lib.rs").write_text("")
        Path(scratch, "Cargo.toml").write_text(
            '[package]\nname = "scratch"\nversion = "0.0.0"\nedition = "2021"\n[lib]\npath = "lib.rs"\n'
            f'[dependencies]\n{PACKAGE} = "={VERSION.partition("+")[0]}"\n'
        )
        subprocess.run(["cargo", "fetch"], cwd=scratch, check=True, capture_output=True)
    home = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))
    (crate,) = home.glob(f"registry/cache/*/{PACKAGE}-{VERSION}.crate")
    found = hashlib.sha256(crate.read_bytes()).hexdigest()
    if found != SHA256:
        sys.exit(f"{crate.name}: sha256 {found}, expected {SHA256}")
    return crate


def rows(text: str):
    """Yields key and candidates of each row, and the note `@tofu-risk` or `@reverse-prefer` lines before it."""
    notes = []
    for line in text.splitlines():
        if line.startswith("#"):
            notes.append(line)
        elif line.strip():
            key, _, values = line.partition("\t")
            yield key, values.split(), notes
            notes = []


def reverse(text: str) -> dict:
    """What data/scripts/reverse.py makes of a dictionary: value to keys, the preferred key first."""
    turned = {}
    preferred = {}
    for line in text.splitlines():
        if line.startswith("# @reverse-prefer:"):
            fields = line.partition(":")[2].split()
            preferred[fields[0]] = fields[-1]
    for key, values, _ in rows(text):
        for value in values:
            turned.setdefault(value, []).append(key)
    for key, first in preferred.items():
        turned[key].insert(0, turned[key].pop(turned[key].index(first)))
    return turned


def load(read, name: str) -> dict:
    if name in ("TWVariantsRev", "HKVariantsRev"):
        table = reverse(read(name.removesuffix("Rev")))
    elif name == "TSCharactersExt":
        table = {
            key: [v for v in values if v != key]
            for key, values, notes in rows(read("TSCharacters"))
            if any(note.startswith("# @tofu-risk:") for note in notes[-1:])
        }
    else:
        table = {key: values for key, values, _ in rows(read(name))}
    return {key: values[0] for key, values in table.items()}


def context(text: str) -> dict:
    """Words of STPhrases, rewritten with the ambiguous character, and what they become; no longer than needed."""
    found = {}
    kept = set()
    for simplified, candidates, _ in rows(text):
        traditional = candidates[0]
        if len(simplified) != len(traditional) or not 2 <= len(simplified) <= MAX_CONTEXT_CHARS:
            continue
        for at, (t, s) in enumerate(zip(traditional, simplified)):
            for ambiguous, forms in CONTEXT.items():
                word = traditional[:at] + ambiguous + traditional[at + 1 :]
                if forms.get(t) == s:
                    found.setdefault(word, simplified)
                elif t == ambiguous:
                    kept.add(word)
    found = {word: simplified for word, simplified in found.items() if word not in kept}
    return {
        word: simplified
        for word, simplified in found.items()
        if not any(
            part != word and part in word and found[part] in simplified
            for part in (word[a:b] for a in range(len(word)) for b in range(a + 2, len(word) + 1))
            if part in found
        )
    }


def main() -> None:
    TABLES.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fetch()) as archive:
        root = f"{PACKAGE}-{VERSION}/OpenCC"

        def read(path: str) -> str:
            return archive.extractfile(f"{root}/{path}").read().decode()

        for file, (name, use) in DICTIONARIES.items():
            table = load(lambda of: read(f"data/dictionary/{of}.txt"), name)
            # An identity row of one character matters only before another dictionary of its group,
            # and dictionaries of characters are the last of theirs.
            if file.endswith("-characters.tsv"):
                table = {key: value for key, value in table.items() if key != value}
            with open(TABLES / file, "w", encoding="utf-8", newline="\n") as out:
                out.write(f"# Generated by tools/convert/opencc_tables.py from {PACKAGE} {VERSION}: {name}\n")
                out.write("# Licence: Apache-2.0, see NOTICE\n")
                out.write(f"# Used by: {use}\n")
                for key in sorted(table):
                    out.write(f"{key}\t{table[key]}\n")
            print(f"{file}: {len(table)} rows")

        table = context(read("data/dictionary/STPhrases.txt"))
        with open(TABLES / "context.tsv", "w", encoding="utf-8", newline="\n") as out:
            out.write(f"# Generated by tools/convert/opencc_tables.py from {PACKAGE} {VERSION}: words of STPhrases\n")
            out.write("# Licence: Apache-2.0, see NOTICE\n# Used by: the default converter\n")
            for key in sorted(table):
                out.write(f"{key}\t{table[key]}\n")
        print(f"context.tsv: {len(table)} rows")

        # The test cases are JSON with trailing commas.
        text = read("test/testcases/testcases.json")
        lines = text.splitlines()
        kept = [
            line.rstrip().removesuffix(",")
            if at + 1 < len(lines) and lines[at + 1].strip()[:1] in ("}", "]")
            else line
            for at, line in enumerate(lines)
        ]
        cases = json.loads("\n".join(kept))["cases"]
        found = [
            {"id": case["id"], "input": case["input"], "expected": expected}
            for case in cases
            if (expected := {v: t for v, t in case["expected"].items() if v in VARIANTS})
        ]
        CASES.parent.mkdir(parents=True, exist_ok=True)
        with open(CASES, "w", encoding="utf-8", newline="\n") as out:
            json.dump(found, out, ensure_ascii=False, indent=1)
            out.write("\n")
        print(f"{CASES.name}: {sum(len(c['expected']) for c in found)} cases")


if __name__ == "__main__":
    main()
