"""Damages clean texts in every way of docs/repair.md: damage.py SEED ROUNDS < texts.jsonl > cases.jsonl

In: one object a line, {"lang": "hans|hant|ja|ko|ru|fr|de|...", "text": ...}. Out: one case a line,
{"family", "kind", "len", "clean", "damaged"}; the kind is the chain, `writer>reader` for each layer, the first to happen
first. A round has each family at each length. Python's codecs, so that nothing of the repair's own tables is in it.
"""
import json, random, sys

SINGLE = ['cp1252', 'latin-1', 'cp1250', 'cp1251', 'cp1253', 'cp1254', 'cp1257', 'iso8859-2', 'iso8859-5',
          'koi8-r', 'cp437', 'cp850', 'cp866', 'mac-roman']
CJK = ['big5', 'shift_jis', 'euc_kr', 'euc_jp']
LENGTHS = [10, 30, 100, 300, 1000]
OTHERS = ['ja', 'ko', 'ru', 'fr', 'de']


def is_private(c):
    return 0xE000 <= ord(c) <= 0xF8FF


def read(data, codec):
    """As browsers read: of 8-bit sets, an undefined byte is the control of its number; None if a byte is lost."""
    if codec in SINGLE:
        return ''.join(bytes([b]).decode(codec, 'ignore') or chr(b) for b in data)
    text = data.decode(codec, 'replace')
    return None if '\ufffd' in text else text


def written(text, codec):
    try:
        return text.encode(codec)
    except UnicodeEncodeError:
        return None


def undone(chain, damaged):
    """Whether undoing the chain gives bytes that were not lost on the way."""
    for writer, reader in reversed(chain):
        data = b''.join(c.encode(reader) if ord(c) > 0x9F or not reader in SINGLE else bytes([ord(c)])
                        for c in damaged) if reader in SINGLE else written(damaged, reader)
        damaged = data.decode(writer)
    return damaged


class Source:
    def __init__(self, rng, texts):
        self.rng, self.texts = rng, texts

    def piece(self, langs, length):
        """About `length` characters of one language, from neighbouring lines."""
        lines = self.texts[self.rng.choice(langs)]
        at = self.rng.randrange(len(lines))
        out = lines[at]
        while len(out) < length and at + 1 < len(lines):
            at += 1
            out += '\n' + lines[at]
        start = self.rng.randrange(max(1, len(out) - length + 1))
        return out[start:start + length].strip()


class Maker:
    """The cases of one round at one length."""

    def __init__(self, source, rng, length):
        self.source, self.rng, self.length, self.made = source, rng, length, []

    def take(self, *langs):
        return self.source.piece(langs, self.length)

    def add(self, family, kind, clean, damaged):
        if clean and damaged and clean != damaged and sum(ord(c) > 127 for c in clean) >= 4:
            self.made.append({'family': family, 'kind': kind, 'len': self.length, 'clean': clean, 'damaged': damaged})

    def one_layer(self):
        rng, add = self.rng, self.add
        codec = rng.choice(['gbk', 'gb18030'])
        for _ in range(40):
            # Few long texts lose nothing: each run of ideographs must have an even number of bytes.
            text = self.take('hans', 'hant')
            damaged = read(text.encode(), codec)
            if damaged:
                add('utf8-as-gbk', 'utf-8>' + codec, text, damaged)
                break
        text = self.take('hans', 'hant')
        lossy = text.encode().decode('gb18030', 'replace')
        if '\ufffd' in lossy:
            add('utf8-as-gbk-lost', 'replaced', text, lossy)
            add('utf8-as-gbk-lost', 'question-mark', text, lossy.replace('\ufffd', '?'))
        add('utf8-as-gbk-lost', 'private-dropped', text, ''.join(c for c in lossy if not is_private(c)))
        text = self.take('hans', 'hant')
        for codec in ('cp1252', 'latin-1'):
            add('utf8-as-latin', 'utf-8>' + codec, text, read(text.encode(), codec))
        spaced = read(text.encode(), 'cp1252').replace('\xa0', ' ')
        add('utf8-as-latin-nbsp', 'nbsp-as-space', text, spaced)
        bare = ''.join(c for c in read(text.encode(), 'latin-1') if not '\x7f' < c < '\xa0' and c != '\xad')
        add('utf8-as-latin-lost', 'c1-dropped', text, bare)
        for codec in rng.sample(SINGLE[2:], 3):
            text = self.take('hans', 'hant')
            add('utf8-as-8bit', 'utf-8>' + codec, text, read(text.encode(), codec))
        text = self.take('hans', 'hant')
        for codec in CJK:
            add('utf8-as-cjk', 'utf-8>' + codec, text, text.encode().decode(codec, 'replace'))
        for codec in rng.sample(SINGLE, 4):
            text = self.take('hans')
            add('gbk-as-8bit', 'gb18030>' + codec, text, read(text.encode('gb18030'), codec))
        text = self.take('hans')
        for codec in CJK:
            add('gbk-as-cjk', 'gbk>' + codec, text, text.encode('gbk', 'ignore').decode(codec, 'replace'))
        text = self.take('hant')
        writer = rng.choice(['big5', 'cp950', 'big5hkscs'])
        data = written(text, writer)
        if data:
            for codec in rng.sample(SINGLE, 4):
                add('big5-as-8bit', f'{writer}>{codec}', text, read(data, codec))
            for codec in ['gb18030', 'shift_jis', 'euc_kr']:
                add('big5-as-cjk', f'{writer}>{codec}', text, data.decode(codec, 'replace'))

    def layers(self, count):
        text = self.take('hans', 'hant')
        damaged, chain = text, []
        while len(chain) < count:
            writer = self.rng.choice(['utf-8', 'utf-8', 'gb18030'] if chain else ['utf-8', 'utf-8', 'gb18030', 'big5'])
            reader = self.rng.choice(['cp1252', 'gb18030', 'latin-1', self.rng.choice(SINGLE)])
            data = written(damaged, writer)
            if data is None or writer == reader or (chain and (reader, writer) == chain[-1]):
                return
            damaged = read(data, reader)
            if damaged is None:
                return
            chain.append((writer, reader))
        try:
            if undone(chain, damaged) != text:
                return
        except UnicodeError:
            return
        self.add(f'layers-{count}', ' '.join(f'{w}>{r}' for w, r in chain), text, damaged)

    def one_way(self, rng, text):
        """The text damaged in one lossless way, or None; and the way."""
        writer = rng.choice(['utf-8', 'utf-8', 'gb18030'])
        reader = rng.choice(['cp1252', 'gb18030', 'latin-1', 'cp1252', 'gb18030', rng.choice(SINGLE)])
        way = f'{writer}>{reader}'
        return (None if writer == reader else read(text.encode(writer), reader)), way

    def parts(self):
        rng = self.rng
        text = self.take('hans', 'hant')
        if self.length >= 30:
            for _ in range(10):
                start = rng.randrange(max(1, len(text) - 12))
                word = text[start:start + rng.randint(4, 12)]
                damaged, way = self.one_way(rng, word)
                if damaged and '\n' not in word and sum(ord(c) > 127 for c in word) >= 4:
                    self.add('words', way, text, text[:start] + damaged + text[start + len(word):])
                    break
        lines = [l for l in self.take('hans', 'hant').split('\n') if sum(ord(c) > 127 for c in l) >= 6]
        if len(lines) >= 4:
            state = rng.getrandbits(32)
            some = [self.one_way(random.Random(state), l) if rng.random() < 0.4 else (l, '') for l in lines]
            if all(damaged for damaged, _ in some) and any(way for _, way in some):
                self.add('lines', max(way for _, way in some), '\n'.join(lines), '\n'.join(d for d, _ in some))
            some = [self.one_way(rng, l)[0] or l for l in lines]
            self.add('lines-mixed', 'ways', '\n'.join(lines), '\n'.join(some))

    def others(self):
        rng = self.rng
        lang = rng.choice([lang for lang in OTHERS if lang in self.source.texts])
        text = self.take(lang)
        for codec in ['cp1252', rng.choice(SINGLE[2:])]:
            self.add('other-languages', f'{lang} utf-8>{codec}', text, read(text.encode(), codec))
        self.add('other-languages', f'{lang} utf-8>gb18030', text, read(text.encode(), 'gb18030'))
        text = self.take('hans', 'hant')
        cut = text.encode()
        self.add('cut', 'head', text, read(cut[1:], 'cp1252'))
        self.add('cut', 'tail', text, read(cut[:-1], 'cp1252'))
        self.add('cut', 'tail gb18030', text, cut[:-1].decode('gb18030', 'replace'))


def main():
    seed, rounds = int(sys.argv[1]), int(sys.argv[2])
    texts = {}
    for line in sys.stdin:
        row = json.loads(line)
        texts.setdefault(row['lang'], []).append(row['text'])
    rng = random.Random(seed)
    source = Source(rng, texts)
    print(f'seed {seed}, {rounds} rounds', file=sys.stderr)
    for _ in range(rounds):
        for length in LENGTHS:
            maker = Maker(source, rng, length)
            maker.one_layer()
            for count in (2, 2, 3, 4):
                maker.layers(count)
            maker.parts()
            maker.others()
            for case in maker.made:
                print(json.dumps(case, ensure_ascii=False))


main()
