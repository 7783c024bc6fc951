#!/usr/bin/env python3
"""Splits pages written as `label|line` into NAME.txt and NAME.labels.

Usage: python3 tools/strip/split.py PAGES.txt FOLDER

A page begins with `=== NAME`. Every second page is written in the form of Unicode's NFKC, with ASCII marks and
spaces, as many dumps are.
"""
import pathlib
import sys
import unicodedata


def main():
    source, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    pages, name = {}, None
    for line in pathlib.Path(source).read_text("utf-8").splitlines():
        if line.startswith("=== "):
            name = line[4:]
            pages[name] = []
        elif line:
            label, text = line.split("|", 1)
            pages[name].append((label if text.strip() else "B", text))
    for n, (name, lines) in enumerate(sorted(pages.items())):
        text = "".join(line + "\n" for _, line in lines)
        if n % 2:
            text = unicodedata.normalize("NFKC", text)
        (folder / f"{name}.txt").write_text(text, "utf-8")
        (folder / f"{name}.labels").write_text("".join(label + "\n" for label, _ in lines), "utf-8")


if __name__ == "__main__":
    main()
