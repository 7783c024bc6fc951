"""Damages clean texts in every way of docs/repair.md: damage.py SEED COUNT < texts.jsonl > cases.jsonl

In: one object a line, {"lang": "hans|hant|ja|ko|ru|fr|de|...", "text": ...}. Out: one case a line,
{"family", "kind", "len", "clean", "damaged"}. Python's codecs, so that nothing of the repair's own tables is in it.
"""
import json, random, sys

SINGLE = ['cp1252', 'latin-1', 'cp1250', 'cp1251', 'cp1253', 'cp1254', 'cp1257', 'iso8859-2', 'iso8859-5',
          'koi8-r', 'cp437', 'cp850', 'cp866', 'mac-roman']
CJK = ['big5', 'shift_jis', 'euc_kr', 'euc_jp']
LENGTHS = [10, 30, 100, 300, 1000]


def sloppy(data, codec):
    """As browsers read 8-bit sets: an undefined byte is the control of its number."""
    return ''.join(bytes([b]).decode(codec, 'ignore') or chr(b) for b in data)


def strict(data, codec):
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def encode(text, codec):
    try:
        return text.encode(codec)
    except UnicodeEncodeError:
        return None


def is_private(c):
    return 0xE000 <= ord(c) <= 0xF8FF


class Source:
    def __init__(self, rng, texts):
        self.rng, self.texts = rng, texts

    def piece(self, langs, length):
        """About `length` characters of one language, from neighbouring lines."""
        lang = self.rng.choice(langs)
        lines = self.texts[lang]
        at = self.rng.randrange(len(lines))
        out = lines[at]
        while len(out) < length and at + 1 < len(lines):
            at += 1
            out += '\n' + lines[at]
        start = self.rng.randrange(max(1, len(out) - length + 1))
        return out[start:start + length].strip()


def cases(source, rng):
    """One case of every kind."""
    zh, hans, hant = ['hans', 'hant'], ['hans'], ['hant']
    length = rng.choice(LENGTHS)
    take = lambda langs, n=None: source.piece(langs, n or length)

    def case(family, kind, clean, damaged):
        if clean and damaged and clean != damaged and sum(ord(c) > 127 for c in clean) >= 4:
            yield {'family': family, 'kind': kind, 'len': length, 'clean': clean, 'damaged': damaged}

    text = take(zh)
    for codec in ('gbk', 'gb18030'):
        yield from case('utf8-as-gbk', codec, text, strict(text.encode(), codec))
    text = take(zh)
    read = text.encode().decode('gb18030', 'replace')
    yield from case('utf8-as-gbk-lost', 'replaced', text, read if '\ufffd' in read else None)
    yield from case('utf8-as-gbk-lost', 'question-mark', text, read.replace('\ufffd', '?') if '\ufffd' in read else None)
    read = ''.join(c for c in read if not is_private(c))
    yield from case('utf8-as-gbk-lost', 'private-dropped', text, read)
    text = take(zh)
    for codec in ('cp1252', 'latin-1'):
        yield from case('utf8-as-latin', codec, text, sloppy(text.encode(), codec))
    read = sloppy(text.encode(), 'cp1252')
    yield from case('utf8-as-latin-lost', 'nbsp-as-space', text, read.replace('\xa0', ' ') if '\xa0' in read else None)
    yield from case('utf8-as-latin-lost', 'c1-dropped', text,
                    ''.join(c for c in sloppy(text.encode(), 'latin-1') if not '\x7f' < c < '\xa0' and c != '\xad'))
    text = take(zh)
    codec = rng.choice(SINGLE[2:])
    yield from case('utf8-as-8bit', codec, text, sloppy(text.encode(), codec))
    text = take(zh)
    for codec in CJK:
        yield from case('utf8-as-cjk', codec, text, text.encode().decode(codec, 'replace'))
    text = take(hans)
    data = encode(text, 'gb18030')
    for codec in rng.sample(SINGLE, 4):
        yield from case('gbk-as-8bit', codec, text, sloppy(data, codec))
    text = take(hans)
    data = encode(text, 'gbk')
    for codec in CJK:
        if data:
            yield from case('gbk-as-cjk', codec, text, data.decode(codec, 'replace'))
    text = take(hant)
    data = encode(text, rng.choice(['big5', 'cp950', 'big5hkscs']))
    if data:
        for codec in rng.sample(SINGLE, 4):
            yield from case('big5-as-8bit', codec, text, sloppy(data, codec))
        for codec in ['gb18030', 'shift_jis', 'euc_kr']:
            yield from case('big5-as-cjk', codec, text, data.decode(codec, 'replace'))
    yield from layers(take, case, rng)
    yield from parts(take, case, rng)
    other = rng.choice(['ja', 'ko', 'ru', 'fr', 'de'])
    if source.texts.get(other):
        text = take([other])
        for codec in ['cp1252', rng.choice(SINGLE[2:])]:
            yield from case('other-languages', other + ' ' + codec, text, sloppy(text.encode(), codec))
        yield from case('other-languages', other + ' gb18030', text, strict(text.encode(), 'gb18030'))
    text = take(zh)
    cut = text.encode()
    yield from case('cut', 'head', text, sloppy(cut[1:], 'cp1252'))
    yield from case('cut', 'tail', text, sloppy(cut[:-1], 'cp1252'))
    yield from case('cut', 'tail gbk', text, cut[:-1].decode('gb18030', 'replace'))


def layers(take, case, rng):
    text, chain = take(['hans', 'hant']), []
    damaged = text
    for _ in range(rng.choice([2, 2, 3])):
        writer = rng.choice(['utf-8', 'utf-8', 'gb18030']) if chain else rng.choice(['utf-8', 'utf-8', 'gb18030', 'big5'])
        reader = rng.choice(['cp1252', 'gb18030', 'latin-1', rng.choice(SINGLE)])
        data = encode(damaged, writer)
        if data is None or writer == reader:
            return
        read = sloppy(data, reader) if reader in SINGLE else strict(data, reader)
        if read is None or (encode(read, reader) if reader not in SINGLE else data) != data:
            return
        damaged = read
        chain.append(writer + '>' + reader)
    if damaged.encode() != text.encode():
        yield from case('layers', f'{len(chain)}', text, damaged)


def one_way(rng, text):
    """The text damaged in one lossless way, or None."""
    writer = rng.choice(['utf-8', 'utf-8', 'gb18030'])
    reader = rng.choice(['cp1252', 'gb18030', 'latin-1', 'cp1252', 'gb18030', rng.choice(SINGLE)])
    if writer == reader:
        return None
    data = text.encode(writer)
    return sloppy(data, reader) if reader in SINGLE else strict(data, reader)


def parts(take, case, rng):
    text = take(['hans', 'hant'], 300)
    start = rng.randrange(max(1, len(text) - 12))
    word = text[start:start + rng.randint(4, 12)]
    if '\n' not in word and sum(ord(c) > 127 for c in word) >= 4:
        damaged = one_way(rng, word)
        if damaged:
            yield from case('words', 'words', text, text[:start] + damaged + text[start + len(word):])
    lines = [l for l in take(['hans', 'hant'], 1000).split('\n') if sum(ord(c) > 127 for c in l) >= 6]
    if len(lines) >= 4:
        state = rng.getrandbits(32)
        some = [one_way(random.Random(state), l) if rng.random() < 0.4 else l for l in lines]
        if None not in some:
            yield from case('lines', 'one way', '\n'.join(lines), '\n'.join(some))
        some = [one_way(rng, l) or l for l in lines]
        yield from case('lines-mixed', 'ways', '\n'.join(lines), '\n'.join(some))


def main():
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    texts = {}
    for line in sys.stdin:
        row = json.loads(line)
        texts.setdefault(row['lang'], []).append(row['text'])
    rng = random.Random(seed)
    source = Source(rng, texts)
    print(f'seed {seed}, {count} rounds', file=sys.stderr)
    for _ in range(count):
        for case in cases(source, rng):
            print(json.dumps(case, ensure_ascii=False))


main()
