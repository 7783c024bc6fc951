#!/usr/bin/env python3
"""Runs a peer from PyPI over a file of cases and prints what `measure` prints: peers.py chardet|normalizer|cchardet CASES."""
import struct
import sys
import time

NAMES = {"utf-8": "UTF-8", "ascii": "UTF-8", "utf_8": "UTF-8", "big5": "Big5", "big5hkscs": "Big5", "cp950": "Big5",
         "gb2312": "GBK", "gbk": "GBK", "gb18030": "gb18030", "euc-tw": "EUC-TW", "hz": "HZ-GB-2312",
         "hz-gb-2312": "HZ-GB-2312", "iso-2022-cn": "ISO-2022-CN"}
SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "cp950": "big5hkscs", "ascii": "utf-8",
             "euc-kr": "cp949", "shift_jis": "cp932", "iso-8859-1": "cp1252", "iso-8859-9": "cp1254", "tis-620": "cp874"}


def detector(name):
    if name == "chardet":
        import chardet
        return lambda data: (chardet.detect(data)["encoding"], chardet.detect(data)["confidence"])
    if name == "cchardet":
        import cchardet
        return lambda data: (cchardet.detect(data)["encoding"], cchardet.detect(data)["confidence"])
    import charset_normalizer

    def detect(data):
        best = charset_normalizer.from_bytes(data).best()
        return (best.encoding, 1 - best.chaos) if best else (None, 0)
    return detect


def share(text, expected, group):
    if not group.startswith(("mixed", "damage")):
        return float(text == expected)
    pairs = [(a, b) for a, b in zip(text.split("\n"), expected.split("\n")) if b != "\x01"]
    lines = sum(line != "\x01" for line in expected.split("\n"))
    return sum(a == b for a, b in pairs) / max(1, lines)


def main(name, path):
    detect = detector(name)
    data = open(path, "rb").read()
    at, elapsed = 0, 0.0
    while at < len(data):
        parts = []
        for _ in range(3):
            (size,) = struct.unpack_from("<I", data, at)
            parts.append(data[at + 4:at + 4 + size])
            at += 4 + size
        head, expected, case = parts[0].decode(), parts[1].decode("utf-8", "surrogatepass"), parts[2]
        start = time.perf_counter()
        try:
            found, confidence = detect(case)
        except Exception:
            found, confidence = None, 0
        elapsed += time.perf_counter() - start
        label = (found or "none").lower()
        try:
            text = case.decode(SUPERSETS.get(label, label), "replace") if found else ""
        except LookupError:
            text = ""
        text = text.removeprefix("\ufeff")
        shown = "".join(c for c in text[:24] if c.isprintable())
        print(f"{head}\t{NAMES.get(label, found)}\t{confidence or 0:.4f}\t{share(text, expected, head):.4f}\t{shown}")
    print(f"{name}: {elapsed:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
