#!/usr/bin/env python3
"""Other extractors over pages: OUT/TOOL/NAME.txt for the test `quality` (ZXTOOL_PEER), and their processor time.

    pip install trafilatura==2.3.1 readability-lxml==0.9 lxml_html_clean==0.4.6 resiliparse==2.0.1
    python3 tools/strip-html/peers.py OUT PAGE.html...
"""

import sys
import time
from pathlib import Path

import trafilatura
from readability import Document
from resiliparse.extract.html2text import extract_plain_text


def readability(html):
    return extract_plain_text(Document(html).summary(), main_content=False, alt_texts=False)


TOOLS = {
    "trafilatura": lambda html: trafilatura.extract(html, include_comments=False) or "",
    "readability-lxml": readability,
    "resiliparse": lambda html: extract_plain_text(html, main_content=True, alt_texts=False),
}

out = Path(sys.argv[1])
pages = {Path(page).stem: Path(page).read_text(encoding="utf-8") for page in sys.argv[2:]}
for name, extract in TOOLS.items():
    (out / name).mkdir(parents=True, exist_ok=True)
    spent = size = 0
    for page, html in pages.items():
        start = time.process_time()
        try:
            text = extract(html)
        except Exception as error:
            print(f"{name}: {page}: {type(error).__name__}", file=sys.stderr)
            text = ""
        spent += time.process_time() - start
        size += len(html.encode())
        (out / name / f"{page}.txt").write_text(text, encoding="utf-8")
    print(f"{name}\t{size / 1e6 / spent:.1f} MB/s")
