"""Words and triples of characters, to choose among characters that lost a byte: words.py WORK_DIR words.bin, after extract.py.

Everything is folded to Simplified characters one by one, so that one table serves both scripts.
"""
import os, sys
_here = os.path.dirname(os.path.abspath(__file__))
exec(open(os.path.join(_here, 'train.py')).read().replace('\nmain()\n', '\n'))

WORDS, TRIPLES, MAX_WORD = 160_000, 100_000, 5
MARKS = '，。、：；！？“”‘’《》（）「」『』…—·【】'
T2S = opencc.OpenCC('t2s')

def folding(texts):
    """Traditional characters that have one Simplified character each."""
    found = {}
    for c in sorted(set(''.join(texts))):
        x = T2S.convert(c)
        if len(x) == 1 and x != c and ord(c) < 0x10000 and ord(x) < 0x10000: found[ord(c)] = ord(x)
    return found

def word_costs(parts):
    """Bits of each word and mark, likeliest first."""
    lists, _ = words()
    count = collections.Counter()
    for name, ws in lists:
        ws = [(w, c) for w, c in ws if HANRE.match(w)]
        scale = LIST_SCALE[name] / sum(c for _, c in ws)
        for w, c in ws:
            if len(w) <= MAX_WORD: count[w] += c * scale
    # Marks by their share of the characters of running text, where a word has 1.6 characters.
    total = sum(count.values())
    chars = collections.Counter()
    for t, weight in parts:
        for c, n in collections.Counter(t).items(): chars[c] += n * weight
    han = sum(n for c, n in chars.items() if HANRE.match(c))
    for m in MARKS: count[m] = max(1, chars[m]) / han * 1.6 * total
    total = sum(count.values())
    return [(w, -math.log2(c / total)) for w, c in sorted(count.items(), key=lambda x: (-x[1], x[0]))[:WORDS]]

def triple_bonuses(parts):
    """Triples with how many bits likelier their last character is than its pair says."""
    keys, weights = [], []
    for t, weight in parts:
        a = symbols(t)
        keys.append(a[:-2] << 42 | a[1:-1] << 21 | a[2:]); weights.append(np.full(len(a) - 2, weight))
    pair_keys, pair_weights = [np.concatenate(keys) >> 21], [np.concatenate(weights)]
    for name, ws in words()[0]:
        ws = [(w, c) for w, c in ws if HANRE.match(w)]
        scale = LIST_SCALE[name] / sum(len(w) * c for w, c in ws)
        inner = [(ord(w[i]) << 42 | ord(w[i + 1]) << 21 | ord(w[i + 2]), c * scale) for w, c in ws for i in range(len(w) - 2)]
        keys.append(np.array([k for k, _ in inner], np.int64)); weights.append(np.array([c for _, c in inner]))
        k, c, _, _ = pair_counts(ws, LIST_SCALE[name]); pair_keys.append(k); pair_weights.append(c)
    def summed(k, w):
        u, at = np.unique(np.concatenate(k), return_inverse=True)
        return u, np.bincount(at, weights=np.concatenate(w))
    (u, c), (pu, pc) = summed(keys, weights), summed(pair_keys, pair_weights)
    first, second = pu >> 21, pu & 0x1fffff
    n = 1 << 17
    context, kinds = np.bincount(first, weights=pc, minlength=n), np.bincount(first, weights=np.minimum(pc, 1), minlength=n)
    single = np.bincount(second, weights=pc, minlength=n) + 0.01
    loose = 1.2 * kinds + 0.5
    p1 = single / single.sum()
    p2 = (pc + loose[first] * p1[second]) / (context[first] + loose[first])
    def of_pair(keys):
        at = np.minimum(np.searchsorted(pu, keys), len(pu) - 1)
        return at, pu[at] == keys
    head, at = np.unique(u >> 21, return_inverse=True)
    c3, t3 = np.bincount(at, weights=c), np.bincount(at, weights=np.minimum(c, 1))
    i, known = of_pair(head)
    rest = np.maximum(np.where(known, pc[i], 0) - c3, 0)
    loose3 = 0.25 * rest + t3 + 0.5
    i, known = of_pair(u & (1 << 42) - 1)
    back = np.where(known, p2[i], 2.0 ** -20)
    bonus = np.log2((c + loose3[at] * back) / (c3 + loose3)[at] / back)
    gain = c * bonus
    best = np.lexsort((u, -gain))
    best = best[(bonus[best] > 0.5)][:TRIPLES]
    return list(zip(u[best].tolist(), bonus[best].tolist()))

def key_of(kind, units):
    key = kind
    for unit in units: key = ((key ^ unit) * 0x100000001B3) & M64
    return key

def write_words(fold_, entries, out):
    """Cuckoo hash in buckets of four: fingerprint (19 bits) and code (5 bits)."""
    import random
    rnd = random.Random(1)
    nb = int(len(entries) / 4 / 0.95) + 1
    buckets = [[] for _ in range(nb)]
    def place(key):
        h = mix(key); lo, hi = h & 0xffffffff, h >> 32
        return (lo * nb) >> 32, (hi * nb) >> 32, min(h & 0x7ffff, 0x7fffe)
    for key, code in entries:
        p, q, f = place(key); item = (key, f << 5 | code)
        b = p if len(buckets[p]) < 4 else q
        for _ in range(5000):
            if len(buckets[b]) < 4: buckets[b].append(item); break
            i = rnd.randrange(4); item, buckets[b][i] = buckets[b][i], item
            p, q, _f = place(item[0]); b = q if b == p else p
        else: raise SystemExit('table too full')
    body = b''.join((bk[i][1] if i < len(bk) else 0xffffff).to_bytes(3, 'little') for bk in buckets for i in range(4))
    pairs = b''.join(struct.pack('<HH', a, b) for a, b in sorted(fold_.items()))
    open(out, 'wb').write(b'ZXWORDS\0' + struct.pack('<II', len(fold_), nb) + pairs + body)
    print(len(entries), 'entries,', 16 + len(pairs) + len(body), 'bytes', file=sys.stderr)

def main_words():
    found = {l: texts(l) for l in ('hans', 'hant')}
    table = folding([t for l in found.values() for t in l.values()])
    parts = [(t.translate(table), WEIGHT[g]) for l in found.values() for g, t in l.items()]
    entries = {}
    for w, bits in word_costs(parts):
        entries[key_of(1, map(ord, w))] = min(31, max(0, round((bits - 4) / 0.75)))
    for key, bonus in triple_bonuses(parts):
        entries[key_of(2, (key >> 42, key >> 21 & 0x1fffff, key & 0x1fffff))] = min(31, round(bonus * 2))
    write_words(table, list(entries.items()), A.out)

main_words()
