#!/usr/bin/env python3
"""Makes src/decode/cns11643.bin: CNS 11643 planes 1 to 7 and 15 to Unicode.

Usage: cns11643.py UNICODE_DATA_DEB OUT

Source: the Unihan database in Debian's package unicode-data 15.0.0-1 (sha256 below), Unicode License.
Ideographs: kIRG_TSource, and kCNS1992 and kCNS1986 where it has none. Symbols (plane 1, rows 1 to 6 and 34):
the rows of Big5 that CNS 11643 took over in the same order (RFC 1922 names them), as Python's codec cp950 reads
them, with the control pictures U+2400 to U+2421 in row 34.

Layout: 4 bytes "CNS1", then 8 planes of 94 rows of 94 cells, 3 bytes each: the code point, least significant
byte first, 0 for none. The planes are 1, 2, 3, 4, 5, 6, 7, 15.
"""
import bz2
import hashlib
import pathlib
import re
import subprocess
import sys
import tempfile

SHA256 = "5efef23bbb1c6a133ecbdd63a2cfa07159ccacf5466a49e2426101c5ecd691fc"
PLANES = [1, 2, 3, 4, 5, 6, 7, 15]
# First Big5 code, last Big5 code, first CNS 11643 plane 1 code.
SYMBOLS = [
    (0xA140, 0xA1F5, 0x2121),
    (0xA1F6, 0xA1F6, 0x2258),
    (0xA1F7, 0xA1F7, 0x2257),
    (0xA1F8, 0xA2AE, 0x2259),
    (0xA2AF, 0xA3BF, 0x2421),
]

# Where CNS 11643 has another character than the Big5 of code page 950, or more (row 6), after the names and
# glyphs of the standard's table; agrees with the EUC-TW of the GNU C library.
CORRECTIONS = {
    0x2126: "\u30fb", 0x2136: "\ufe31", 0x2137: "\u2014", 0x2138: "\ufe32", 0x2139: "\u2013",
    0x216A: "\u2032", 0x216B: "\u2035", 0x2223: "\u203e", 0x2242: "\ufe66", 0x2243: "\ufe65",
    0x2244: "\u223c", 0x2253: "\u2641", 0x2254: "\u2609", 0x225D: "\u2016", 0x225E: "\uff5c",
    **{0x2621 + n: chr(0x2460 + n) for n in range(10)},
    **{0x262B + n: chr(0x2474 + n) for n in range(10)},
    **{0x2635 + n: chr(0x2170 + n) for n in range(10)},
}


def big5_codes(first, last):
    for lead in range(first >> 8, (last >> 8) + 1):
        for trail in [*range(0x40, 0x7F), *range(0xA1, 0xFF)]:
            if first <= lead << 8 | trail <= last:
                yield bytes([lead, trail])


def main(package, out):
    data = pathlib.Path(package).read_bytes()
    assert hashlib.sha256(data).hexdigest() == SHA256, "another unicode-data"
    cells = {}
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["dpkg-deb", "-x", package, folder], check=True)
        unihan = pathlib.Path(folder, "usr/share/unicode")
        fields = {"kIRG_TSource": {}, "kCNS1992": {}, "kCNS1986": {}}
        for name in ("IRGSources", "OtherMappings"):
            for line in bz2.open(unihan / f"Unihan_{name}.txt.bz2", "rt", encoding="utf-8"):
                parts = line.rstrip("\n").split("\t")
                if len(parts) == 3 and parts[1] in fields:
                    for value in parts[2].split():
                        found = re.fullmatch(r"T?([0-9A-F]+)-([0-9A-F]{4})", value)
                        if found:
                            plane = int(found[1], 16)
                            code = int(found[2], 16)
                            fields[parts[1]].setdefault((plane, code), int(parts[0][2:], 16))
        for mapping in fields.values():
            for key, code_point in mapping.items():
                cells.setdefault(key, code_point)
    for first, last, start in SYMBOLS:
        row, cell = start >> 8, start & 0xFF
        for code in big5_codes(first, last):
            cells[1, row << 8 | cell] = ord(code.decode("cp950"))
            row, cell = (row, cell + 1) if cell < 0x7E else (row + 1, 0x21)
    for nth in range(33):
        cells[1, 0x4221 + nth] = 0x2400 + nth if nth < 32 else 0x2421
    for code, character in CORRECTIONS.items():
        cells[1, code] = ord(character)
    table = bytearray(b"CNS1")
    for plane in PLANES:
        for row in range(0x21, 0x7F):
            for cell in range(0x21, 0x7F):
                table += cells.get((plane, row << 8 | cell), 0).to_bytes(3, "little")
    pathlib.Path(out).write_bytes(table)
    print(len(table), "bytes,", sum(1 for p, _ in cells if p in PLANES), "characters")


if __name__ == "__main__":
    main(*sys.argv[1:])
