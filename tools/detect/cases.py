#!/usr/bin/env python3
"""Makes the cases that detection is measured on, out of unpacked Debian packages.

Usage: cases.py FOLDER dev|final OUT

FOLDER holds one folder a package, as `dpkg-deb -x` makes them. `dev` is what was tuned on: installation-guide-amd64,
wordpress-l10n (not Chinese), manpages-fi, -hu, -nb, -pl, -sr, -uk, -tr, maint-guide-zh-tw, aptitude-doc-cs.
`final` is debian-handbook, fortunes-zh and gnome-user-docs, which nothing was tuned on.
"""
import glob
import gzip
import html
import random
import re
import struct
import sys
import unicodedata

GUIDE = "installation-guide-amd64/usr/share/doc/installation-guide-amd64/{}/*.html"
WORDS = "wordpress-l10n/usr/share/wordpress/wp-content/languages/{}.mo"
MAN = "manpages-{}/usr/share/man/*/man*/*.gz"
BOOK = "debian-handbook/usr/share/doc/debian-handbook/html/{}/*.html"
DEV = {
    "hans": [GUIDE.format("zh_CN")], "hant": ["maint-guide-zh-tw/usr/share/doc/maint-guide-zh-tw/html/*.html"],
    "ja": [GUIDE.format("ja")], "ko": [GUIDE.format("ko")],
    "fr": [GUIDE.format("fr")], "de": [GUIDE.format("de")], "es": [GUIDE.format("es")], "it": [GUIDE.format("it")],
    "pt": [GUIDE.format("pt")], "sv": [GUIDE.format("sv")], "da": [GUIDE.format("da")], "ca": [GUIDE.format("ca")],
    "nl": [GUIDE.format("nl")], "ru": [GUIDE.format("ru")], "cs": [GUIDE.format("cs")], "ro": [GUIDE.format("ro")],
    "vi": [GUIDE.format("vi")], "el": [GUIDE.format("el")], "fi": [MAN.format("fi")], "hu": [MAN.format("hu")],
    "nb": [MAN.format("nb")], "pl": [MAN.format("pl")], "uk": [MAN.format("uk")], "tr": [MAN.format("tr")],
    "bg": [WORDS.format("bg_BG")], "th": [WORDS.format("th")], "he": [WORDS.format("he_IL")],
    "ar": [WORDS.format("ar")], "lv": [WORDS.format("lv")], "et": [WORDS.format("et")], "hr": [WORDS.format("hr")],
}
HELP = "gnome-user-docs/usr/share/help/{}/gnome-help/*.page"
FINAL = {
    "hans": [HELP.format("zh_CN"), "fortunes-zh/usr/share/games/fortunes/*.u8"], "hant": [BOOK.format("zh-TW")],
    **{name: [HELP.format(folder)] for name, folder in [
        *((name, name) for name in "ja ko ca cs da de el es fi fr he hr hu it nl pl ro ru sv tr uk vi lv".split()),
        ("pt", "pt_BR")]},
    "ar": [BOOK.format("ar-MA")], "nb": [BOOK.format("nb-NO")],
}
CHINESE = [("hans", "gb18030"), ("hans", "gb2312"), ("hant", "gb18030"), ("hant", "big5"), ("hant", "big5hkscs")]
FOREIGN = [
    ("ja", "shift_jis"), ("ja", "euc_jp"), ("ko", "euc_kr"), ("ru", "cp1251"), ("ru", "koi8_r"),
    ("ru", "iso8859_5"), ("ru", "cp866"), ("uk", "cp1251"), ("uk", "koi8_u"), ("bg", "cp1251"), ("fr", "cp1252"),
    ("de", "cp1252"), ("es", "cp1252"), ("it", "cp1252"), ("pt", "cp1252"), ("sv", "cp1252"), ("da", "cp1252"),
    ("ca", "cp1252"), ("nl", "cp1252"), ("fi", "cp1252"), ("nb", "cp1252"), ("cs", "cp1250"), ("cs", "iso8859_2"),
    ("pl", "cp1250"), ("pl", "iso8859_2"), ("hu", "cp1250"), ("hr", "cp1250"), ("ro", "iso8859_2"),
    ("el", "cp1253"), ("el", "iso8859_7"), ("tr", "cp1254"), ("he", "cp1255"), ("ar", "cp1256"), ("ar", "iso8859_6"),
    ("lv", "cp1257"), ("et", "cp1257"), ("vi", "cp1258"), ("th", "cp874"), ("fr", "mac_roman"), ("ru", "mac_cyrillic"),
]
HANZI = re.compile("[\u4e00-\u9fff]")


def paragraphs(folder, patterns):
    for pattern in patterns:
        for path in sorted(glob.glob(f"{folder}/{pattern}")):
            data = gzip.open(path).read() if path.endswith(".gz") else open(path, "rb").read()
            if path.endswith(".mo"):
                count, _, at = struct.unpack_from("<III", data, 8)
                parts = []
                for nth in range(count):
                    size, offset = struct.unpack_from("<II", data, at + 8 * nth)
                    parts += data[offset:offset + size].decode("utf-8", "replace").split("\0")[:1]
                text = "\n".join(parts[1:])
            else:
                text = data.decode("utf-8", "replace")
            if "man" in pattern and path.endswith(".gz"):
                text = re.sub(r"^[.'].*$", "", text, flags=re.M)
                text = re.sub(r"\\f.|\\-|\\&", "", text)
            text = re.sub(r"\x1b\[[0-9;]*m", "", text)
            if path.endswith((".html", ".page")):
                text = re.sub(r"(?s)<(script|style|pre|head).*?</\1>", "\n", text)
                text = re.sub(r"(?s)</?(p|div|li|h\d|td|dt|dd|title|br)\b[^>]*>", "\0", text)
                text = html.unescape(re.sub(r"(?s)<[^>]+>", "", text)).replace("\n", " ")
            for part in re.split(r"[\0\n]", text):
                part = unicodedata.normalize("NFC", re.sub(r"\s+", " ", part)).strip()
                if len(part) >= 2:
                    yield part


def encode(text, encoding):
    """The bytes, and the text that the encoding can hold; None if too much is lost."""
    text = text.replace("ș", "ş").replace("ț", "ţ")
    if encoding == "cp1258":
        text = vietnamese(text)
    try:
        data = text.encode(encoding)
        # Python reads two characters of GB 2312 otherwise than GBK does.
        if encoding == "gb2312" and data != text.encode("gb18030"):
            return None
        return data, text
    except UnicodeEncodeError:
        return None


def vietnamese(text):
    out = []
    for c in text:
        try:
            c.encode("cp1258")
            out.append(c)
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", c)
            tones = [p for p in parts if p in "\u0300\u0301\u0303\u0309\u0323"]
            out += [unicodedata.normalize("NFC", "".join(p for p in parts if p not in tones)), *tones]
    return "".join(out)


class Cases:
    def __init__(self, folder, which, out):
        self.random = random.Random(20261123)
        self.out = open(out, "wb")
        self.count = 0
        sources = DEV if which == "dev" else FINAL
        self.text = {name: sorted(set(paragraphs(folder, patterns))) for name, patterns in sources.items()}
        for name, parts in self.text.items():
            self.random.shuffle(parts)
            print(name, len(parts), "paragraphs", sum(map(len, parts)), "characters")
        zh = lambda part: len(HANZI.findall(part)) * 2 > len(part)
        self.text["hans"] = [p for p in self.text["hans"] if zh(p)]
        self.text["hant"] = [p for p in self.text["hant"] if zh(p)]
        for name in ("ja", "ko"):
            self.text[name] = [p for p in self.text.get(name, []) if sum(ord(c) > 127 for c in p) * 2 > len(p)]

    def put(self, group, label, text, data):
        for part in (f"{group}\t{label}".encode(), text.encode("utf-8", "surrogatepass"), data):
            self.out.write(struct.pack("<I", len(part)) + part)
        self.count += 1

    def piece(self, name, length):
        """`length` characters in a row, of which at least one is no ASCII; of Chinese, only ideographs if short."""
        for _ in range(300):
            part = self.random.choice(self.text[name])
            if name in ("hans", "hant") and length <= 8:
                runs = re.findall("[\u4e00-\u9fff]{%d,}" % length, part)
                if not runs:
                    continue
                run = self.random.choice(runs)
                at = self.random.randrange(len(run) - length + 1)
                return run[at:at + length]
            if len(part) < length:
                continue
            at = self.random.randrange(len(part) - length + 1)
            found = part[at:at + length]
            if any(ord(c) > 127 for c in found):
                return found
        return None

    def some(self, name, size, encoding="utf-8"):
        """Whole paragraphs that `encoding` has, `size` characters or a little more."""
        parts = []
        while sum(map(len, parts)) < size:
            part = self.random.choice(self.text[name])
            if encode(part, encoding):
                parts.append(part)
        return "\n".join(parts) + "\n"

    def encoded(self, make, encoding):
        for _ in range(200):
            text = make()
            if text:
                found = encode(text, encoding)
                if found and not found[0].isascii():
                    return found
        return None

    def run(self):
        pairs = [pair for pair in CHINESE + FOREIGN if self.text.get(pair[0])]
        for length in (2, 4, 6, 8, 16, 32, 64):
            for name, encoding in pairs:
                for _ in range(160 if (name, encoding) in CHINESE else 40):
                    found = self.encoded(lambda: self.piece(name, length), encoding)
                    if found:
                        kind = "zh" if (name, encoding) in CHINESE else "foreign"
                        self.put(f"{kind}-{length}", f"{name} {encoding}", found[1], found[0])
        for name, encoding in pairs:
            for _ in range(15):
                found = self.encoded(lambda: self.some(name, 600, encoding), encoding)
                if found:
                    kind = "zh" if (name, encoding) in CHINESE else "foreign"
                    self.put(f"{kind}-whole", f"{name} {encoding}", found[1], found[0])
        for name in self.text:
            for length in (4, 16, 64):
                for _ in range(10):
                    text = self.piece(name, length) if self.text[name] else None
                    if text:
                        self.put("utf-8", name, text, text.encode())
        for length in (6, 16, 64):
            for name in ("hans", "hant"):
                for encoding in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
                    for _ in range(40):
                        text = self.piece(name, length)
                        kind = "utf-16" if "16" in encoding else "utf-32"
                        if text:
                            self.put(f"{kind}-{length}", f"{name} {encoding}", text, text.encode(encoding))
        self.other_chinese()
        self.pages()
        self.damage()
        self.mixed()
        self.odd()
        print(self.count, "cases")

    def other_chinese(self):
        import subprocess
        for length in (4, 8, 32, 200):
            for _ in range(60):
                text = self.piece("hant", length)
                if not text:
                    continue
                done = subprocess.run(["iconv", "-f", "UTF-8", "-t", "EUC-TW"], input=text.encode(), capture_output=True)
                if done.returncode == 0:
                    self.put(f"euc-tw-{length}", "euc-tw", text, done.stdout)
                for encoding, name in (("hz", "hans"), ("iso2022_kr", "ko"), ("iso2022_jp", "ja")):
                    found = self.encoded_any(lambda: self.piece(name, length), encoding)
                    if found:
                        self.put(f"seven-bit-{length}", encoding, *found)
                for name in ("hans", "hant"):
                    text = self.piece(name, length) or ""
                    done = subprocess.run(["iconv", "-f", "UTF-8", "-t", "ISO-2022-CN"], input=text.encode(), capture_output=True)
                    if done.returncode == 0 and done.stdout != text.encode():
                        self.put(f"seven-bit-{length}", "iso-2022-cn", text, done.stdout)

    def encoded_any(self, make, encoding):
        for _ in range(100):
            text = make()
            try:
                if text and not text.isascii():
                    return text, text.encode(encoding)
            except UnicodeEncodeError:
                pass
        return None

    def pages(self):
        frame = (
            "<!DOCTYPE html>\n<html>\n<head>\n{meta}<title>{title}</title>\n<style>body {{ margin: 0; }} .a {{ color: "
            "#fff }}</style>\n<script>var a = 1; function f(x) {{ return x + 1; }}</script>\n</head>\n<body>\n<div id="
            '"main" class="content">{body}</div>\n<p>Copyright 2008 All Rights Reserved</p>\n</body>\n</html>\n')
        for length in (8, 32, 600):
            for name, encoding in [*CHINESE, ("hans", "utf-8")]:
                for meta in ("", "right", "wrong"):
                    for _ in range(25):
                        wrong = "big5" if encoding.startswith("gb") else "gb2312"
                        said = {"": "", "right": encoding, "wrong": wrong}[meta]
                        said = said and f'<meta http-equiv="Content-Type" content="text/html; charset={said}">\n'
                        make = lambda: frame.format(meta=said, title="Page", body=(self.piece(name, length) or "正文") if length < 100 else "<br>".join(self.some(name, length, encoding).split("\n")))
                        found = self.encoded(make, encoding)
                        if found:
                            self.put(f"html-{length}-meta-{meta or 'none'}", f"{name} {encoding}", found[1], found[0])

    def damage(self):
        for name, encoding in [*CHINESE, ("hans", "utf-8"), ("hant", "utf-8")]:
            for _ in range(30):
                data, text = self.encoded(lambda: self.some(name, 1500, encoding), encoding)
                at = self.random.randrange(200, len(data) - 400)
                self.put("damage-tail", f"{name} {encoding}", text, self.cut(data, text, encoding))
                head = self.cut_head(data, text, encoding)
                self.put("damage-head", f"{name} {encoding}", text, head)
                lines, right = data.split(b"\n"), text.split("\n")
                for _ in range(max(1, len(data) // 400)):
                    nth = self.random.choice([n for n, line in enumerate(lines) if line])
                    where = self.random.randrange(len(lines[nth]))
                    byte = self.random.choice([b"\xff", b"\x80", b"\xfe", b"\xa0", b"\xc0"])
                    lines[nth] = lines[nth][:where] + byte + lines[nth][where:]
                    right[nth] = "\x01"
                self.put("damage-stray", f"{name} {encoding}", "\n".join(right), b"\n".join(lines))
                right = text.split("\n")
                right[data[:at].count(b"\n")] = "\x01"
                burst = data[:at] + self.random.randbytes(60).replace(b"\n", b"-") + data[at:]
                self.put("damage-burst", f"{name} {encoding}", "\n".join(right), burst)

    def cut(self, data, text, encoding):
        for at in range(len(data) // 2, len(data)):
            try:
                data[:at].decode(encoding)
            except UnicodeDecodeError:
                return data[:at]
        return data[:-1]

    def cut_head(self, data, text, encoding):
        at = 0
        for c in text:
            size = len(c.encode(encoding))
            if size > 1:
                return data[at + 1:]
            at += size
        return data

    def mixed(self):
        for first, second in (("gb18030", "utf-8"), ("utf-8", "gb18030"), ("big5", "utf-8"), ("utf-8", "big5"), ("gb18030", "big5")):
            for _ in range(20):
                lines = []
                for _ in range(30):
                    encoding = second if self.random.random() < 0.3 else first
                    name = "hant" if "big5" in (first, second) and encoding != "gb18030" else "hans"
                    data, text = self.encoded(lambda: self.random.choice(self.text[name])[:80], encoding)
                    lines.append((text, data))
                self.put("mixed-lines", f"{first}+{second}", "\n".join(t for t, _ in lines), b"\n".join(d for _, d in lines))
                if first == "utf-8" or second == "utf-8":
                    lines = []
                    for _ in range(30):
                        name = "hant" if "big5" in (first, second) else "hans"
                        data, text = self.encoded(lambda: self.random.choice(self.text[name])[:60], first)
                        if self.random.random() < 0.3:
                            bytes_, more = self.encoded(lambda: self.piece(name, 12), second)
                            join = self.random.choice(["", " ", ": "])
                            text, data = text + join + more, data + join.encode() + bytes_
                        lines.append((text, data))
                    self.put("mixed-parts", f"{first}+{second}", "\n".join(t for t, _ in lines), b"\n".join(d for _, d in lines))

    def odd(self):
        for name, encoding in [*CHINESE, ("hans", "utf-8")]:
            for _ in range(10):
                data, text = self.encoded(lambda: self.some(name, 600, encoding), encoding)
                ascii_text = "The quick brown fox jumps over the lazy dog.\n" * 7000
                self.put("late", f"{name} {encoding}", ascii_text + text, ascii_text.encode() + data)
                nul = text.replace("\n", "\0\n\0")
                self.put("nul", f"{name} {encoding}", nul, data.replace(b"\n", b"\0\n\0"))


if __name__ == "__main__":
    Cases(*sys.argv[1:]).run()
