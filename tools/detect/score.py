#!/usr/bin/env python3
"""Scores what `measure` or `peers.py` printed: score.py ANSWERS...; -v lists what went wrong."""
import collections
import sys

CHINESE = {"GBK", "gb18030", "Big5", "EUC-TW", "HZ-GB-2312", "ISO-2022-CN"}
FAMILY = {"gb18030": {"GBK", "gb18030"}, "gb2312": {"GBK", "gb18030"}, "big5": {"Big5"}, "big5hkscs": {"Big5"}, "utf-8": {"UTF-8"}}


def main(paths):
    verbose = "-v" in paths
    tables = {}
    for path in [p for p in paths if p != "-v"]:
        table = collections.defaultdict(lambda: [0, 0, 0])
        sure = [0, 0]
        for line in open(path, encoding="utf-8", errors="replace"):
            parts = line.rstrip("\n").split("\t")
            group, label, name, confidence, right = parts[:5]
            right = float(right)
            if group.startswith("damage"):
                row = table[f"{group}-lines"]
                row[0] += 1
                row[1] += right
                right = float(name in FAMILY[label.split()[-1]])
            row = table[group]
            row[0] += 1
            row[1] += right
            row[2] += name in CHINESE
            if group.split("-")[0] in ("zh", "foreign", "euc", "seven"):
                row = table[f"~{group} {label}"]
                row[0] += 1
                row[1] += right
                row[2] += name in CHINESE
            if float(confidence) >= 0.9 and not group.startswith(("mixed", "damage")):
                sure[0] += 1
                sure[1] += right == 1
            if verbose and right < 1:
                print("  wrong", *parts)
        tables[path] = table
        print(path, f"sure: {sure[1]} of {sure[0]} = {100 * sure[1] / max(1, sure[0]):.2f} %")
    keys = sorted({key for table in tables.values() for key in table}, key=lambda k: [int(p) if p.isdigit() else p for p in k.replace(" ", "-").split("-")].__repr__())
    for key in keys:
        cells = []
        for table in tables.values():
            total, right, chinese = table[key]
            cells.append(f"{100 * right / max(1, total):6.1f}" + (f" (zh {100 * chinese / max(1, total):4.1f})" if "foreign" in key else ""))
        if not key.startswith("~") or verbose:
            print(f"{key:44} {table[key][0]:5} ", *cells)


if __name__ == "__main__":
    main(sys.argv[1:])
