"""Counts characters and pairs, estimates an interpolated bigram model, writes model.bin: train.py WORK_DIR model.bin."""
import argparse, collections, glob, hashlib, io, json, math, os, re, struct, sys, tarfile, zipfile
import numpy as np
import opencc

ap = argparse.ArgumentParser()
ap.add_argument('work', help='folder of fetch.py and extract.py'); ap.add_argument('out', help='model.bin')
ap.add_argument('--entries', type=int, default=610_000)
A = ap.parse_args()
A.corpus, A.pypi = f'{A.work}/corpus', f'{A.work}/py'

LANGS = ['hans', 'hant', 'ja', 'ko']
# Weight of a genre's characters: running prose counts most, interface strings least.
WEIGHT = {'classic': 1.0, 'novel': 2.0, 'prose': 2.0, 'game': 1.5, 'sayings': 1.0, 'descr': 1.0, 'tech': 0.5, 'ui': 0.4, 'names': 0.3}
HELD_OUT_PACKAGES = {'wordcloud', 'maint-guide-zh-tw'}

def is_held_out(package, document):
    return package in HELD_OUT_PACKAGES or hashlib.sha256(document.encode()).hexdigest()[0] in '0123'

# ---- classes: characters that have no row of their own -------------------------------------
exec(open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'classes.py')).read())

def symbols(text):
    """Text as an array of code points, ASCII digits and letters folded into their classes."""
    a = np.frombuffer(text.encode('utf-32-le'), dtype=np.uint32).astype(np.int64)
    return fold(a)

class Counts:
    def __init__(self):
        self.pairs = collections.defaultdict(float); self.keys = []; self.weights = []
    def add(self, a, w):
        if len(a) < 2: return
        self.keys.append(a[:-1] * (1 << 21) + a[1:]); self.weights.append((len(a) - 1, w))
    def merge(self):
        k = np.concatenate(self.keys); w = np.concatenate([np.full(n, x) for n, x in self.weights])
        u, inv = np.unique(k, return_inverse=True)
        return u, np.bincount(inv, weights=w)

def texts(lang):
    byg = collections.defaultdict(list)
    for line in open(f'{A.corpus}/{lang}.jsonl', encoding='utf-8'):
        j = json.loads(line)
        if not is_held_out(j['p'], j['d']): byg[j['g']].append(j['t'])
    return {g: '\n' + '\n'.join(v) + '\n' for g, v in byg.items()}

def words():
    """Word lists with frequencies: [(name, [(word, count)])], Simplified."""
    def pypi(p): return glob.glob(f'{A.pypi}/{p}')[0]
    t = tarfile.open(pypi('jieba-*'))
    d = t.extractfile(next(m for m in t.getmembers() if m.name.endswith('jieba/dict.txt'))).read().decode('utf-8')
    jieba = [(l.split(' ')[0], float(l.split(' ')[1])) for l in d.split('\n') if l]
    z = zipfile.ZipFile(pypi('jionlp-*'))
    def inner(n):
        zz = zipfile.ZipFile(io.BytesIO(z.read(f'jionlp/dictionary/{n}.zip'))); return zz.read(zz.namelist()[0]).decode('utf-8')
    dist = []
    for l in inner('word_distribution').split('\n'):
        if l.strip():
            w, c = json.loads(l); dist.append((w, float(c)))
    idioms = [(l.split('\t')[0], 20.0 + float(l.split('\t')[1])) for l in inner('chinese_idiom').split('\n') if '\t' in l]
    chars = [(c, float(n)) for c, n in (json.loads(l) for l in inner('char_distribution').split('\n') if l.strip())]
    t2s = opencc.OpenCC('t2s')
    def simplified(ws):
        j = t2s.convert('\n'.join(w for w, _ in ws).replace('\r', ' ')).split('\n')
        return [(w, c) for (w, c), x in zip(ws, j) if w == x]
    han = lambda ws: [(w, c) for w, c in ws if HANRE.match(w)]
    chars = [(x, n if t2s.convert(x) == x else n * 0.03) for x, n in han(chars)]
    return [('jieba', simplified(han(jieba))), ('jionlp', simplified(han(dist))), ('idiom', idioms)], chars

HANRE = re.compile('^[\u3400-\u9fff]+$')
def pair_counts(ws, scale):
    """Pairs inside words, and for each character the mass with which it ends a word."""
    ws = [(w, c) for w, c in ws if HANRE.match(w)]
    tot = sum(len(w) * c for w, c in ws); f = scale / tot
    buf = np.frombuffer(''.join(w for w, _ in ws).encode('utf-32-le'), dtype=np.uint32).astype(np.int64)
    lens = np.array([len(w) for w, _ in ws]); cnt = np.repeat(np.array([c for _, c in ws]) * f, lens)
    ends = np.zeros(len(buf), bool); ends[np.cumsum(lens) - 1] = True
    inside = ~ends[:-1]
    k = buf[:-1][inside] * (1 << 21) + buf[1:][inside]
    u, inv = np.unique(k, return_inverse=True)
    e = np.bincount(buf[ends], weights=cnt[ends], minlength=0x11000)
    starts = np.zeros(len(buf), bool); starts[0] = True; starts[1:] = ends[:-1]
    s = np.bincount(buf[starts], weights=cnt[starts], minlength=0x11000)
    return u, np.bincount(inv, weights=cnt[:-1][inside]), e, s

# Effective number of characters given to each word list, beside the weighted text.
LIST_SCALE = {'jieba': 6e6, 'jionlp': 14e6, 'idiom': 0.3e6}
CHAR_SCALE = 10e6
MU = 0.25      # share of a word list's word ends that goes to the back-off
KAPPA = {'hans': 1.2, 'hant': 1.2, 'ja': 0.8, 'ko': 0.8}   # weight of a context's number of different followers

def build(lang, parts, lists, chars, list_scale):
    """parts: [(text, weight)]; lists: [(words, scale)]; returns pair keys, counts, end mass, unigram counts."""
    C = Counts()
    for t, w in parts: C.add(symbols(t), w)
    u, c = C.merge()
    end = np.zeros(0x11000); start = np.zeros(0x11000)
    allu, allc = [u], [c]
    for ws, sc in lists:
        a, b, e, s = pair_counts(ws, sc); allu.append(a); allc.append(b); end += e; start += s
    k = np.concatenate(allu); w = np.concatenate(allc)
    u, inv = np.unique(k, return_inverse=True); c = np.bincount(inv, weights=w)
    uni = np.zeros(1 << 17)
    np.add.at(uni, (u & 0x1fffff), c); uni[:len(start)] += start
    if chars:
        han = [(ord(x), n) for x, n in chars if HANRE.match(x)]
        tot = sum(n for _, n in han)
        for x, n in han: uni[x] += n / tot * CHAR_SCALE
    return u, c, end, uni

def main():
    lists, chars = words()
    T = {l: texts(l) for l in LANGS}
    for l in LANGS: print(l, {g: len(t) for g, t in T[l].items()}, file=sys.stderr)
    model = {}
    model['hans'] = build('hans', [(t, WEIGHT[g]) for g, t in T['hans'].items()], [(w, LIST_SCALE[n]) for n, w in lists], chars, 1)
    conv = {n: opencc.OpenCC(n) for n in ('s2t', 's2tw', 's2hk')}
    def convert_words(ws, cfg):
        j = conv[cfg].convert('\n'.join(w for w, _ in ws)).split('\n'); return [(a, c) for a, (_, c) in zip(j, ws)]
    parts = [(t, WEIGHT[g] * 2) for g, t in T['hant'].items()]
    one = {}
    def one_to_one(t):
        return ''.join(one.setdefault(ch, conv['s2t'].convert(ch)) for ch in t)
    for g, t in T['hans'].items():
        for cfg, w in (('s2tw', 0.6), ('s2hk', 0.25)): parts.append((conv[cfg].convert(t), WEIGHT[g] * w))
        parts.append((one_to_one(t), WEIGHT[g] * 0.15))
    hl = []
    for n, w in lists:
        hl += [(convert_words(w, 's2tw'), LIST_SCALE[n] * 0.6), (convert_words(w, 's2hk'), LIST_SCALE[n] * 0.25), ([(one_to_one(x), c) for x, c in w], LIST_SCALE[n] * 0.15)]
    hchars = collections.Counter()
    for x, n in chars:
        hchars[conv['s2tw'].convert(x)] += n
    model['hant'] = build('hant', parts, hl, list(hchars.items()), 1)
    for l in ('ja', 'ko'): model[l] = build(l, [(t, WEIGHT[g]) for g, t in T[l].items()], [], None, 1)

    # ---- vocabulary
    keep = set()
    for l, (u, c, end, uni) in model.items():
        idx = np.nonzero(uni)[0]
        order = idx[np.argsort(-uni[idx])]
        n = {'hans': 7600, 'hant': 8400, 'ja': 2900, 'ko': 2600}[l]
        got = 0
        for x in order:
            if x < CLASS_BASE and has_row(int(x)):
                keep.add(int(x)); got += 1
                if got == n: break
    vocab = sorted(keep); V = len(CLASSES) + len(vocab)
    ident = np.zeros(1 << 17, np.int64)
    for i, x in enumerate(vocab): ident[x] = len(CLASSES) + i
    for x in range(1 << 17):
        if ident[x] == 0 and not (x in keep): ident[x] = class_of_symbol(x)
    print('vocab', V, file=sys.stderr)

    U = np.zeros((4, V)); BOW = np.zeros((4, V)); cand = []
    for li, l in enumerate(LANGS):
        u, c, end, uni = model[l]
        cu = np.bincount(ident, weights=uni, minlength=V)
        floor = np.zeros(V)
        for i, name in enumerate(CLASSES): floor[i] = class_floor(name, l) * cu.sum()
        cu = np.maximum(cu, floor); cu = np.maximum(cu, cu.sum() * 2.0 ** -23)
        p1 = cu / cu.sum()
        a, b = ident[u >> 21], ident[u & 0x1fffff]
        # Scripts that the corpus hardly has: runs stay in their script.
        xa, xb, xc = [], [], []
        for n in ('latin', 'greek', 'cyrillic', 'script', 'emoji', 'symbol', 'private', 'control'):
            xa.append(CI[n]); xb.append(CI[n]); xc.append(0.5 * cu[CI[n]])
        for n, m, share in (('lower', 'latin', 2.0 ** -7), ('upper', 'latin', 2.0 ** -7)):
            xa.append(CI[n]); xb.append(CI[m]); xc.append(share * cu[CI[n]])
        for n, m, share in (('latin', 'lower', 0.3), ('latin', 'space', 0.08), ('greek', 'space', 0.15), ('cyrillic', 'space', 0.15)):
            xa.append(CI[n]); xb.append(CI[m]); xc.append(share * cu[CI[n]])
        a, b, c = np.concatenate([a, xa]), np.concatenate([b, xb]), np.concatenate([c, xc])
        k, inv = np.unique(a * 65536 + b, return_inverse=True); c2 = np.bincount(inv, weights=c)
        ka, kb = k >> 16, k & 65535
        ctx = np.bincount(ka, weights=c2, minlength=V); typ = np.bincount(ka, weights=np.minimum(c2, 1.0), minlength=V)
        e = np.bincount(ident[:len(end)], weights=end, minlength=V)
        bo = MU * e + KAPPA[l] * typ + 0.5
        den = ctx + bo
        # discounted estimate: counts below one are worth less than their face
        p = (c2 + bo[ka] * p1[kb]) / den[ka]
        back = bo / den
        gain = c2 * np.log2(p / (back[ka] * p1[kb]))
        model[l] = (ka, kb, c2, p, gain, p1, den, bo, ctx)
        U[li] = -np.log2(p1)
    # ---- pruning: pairs with the greatest gain, over the languages of a group together
    total = {l: model[l][2].sum() for l in LANGS}
    share = {'hans': 1.0, 'hant': 1.0, 'ja': 0.16, 'ko': 0.10}
    entries = {}
    for li, l in enumerate(LANGS):
        ka, kb, c2, p, gain, *_ = model[l]
        g = li // 2
        ok = gain > 0
        for x, y, q, s in zip(ka[ok].tolist(), kb[ok].tolist(), p[ok].tolist(), (gain[ok] / total[l] * share[l]).tolist()):
            e = entries.setdefault((g, x, y), [0.0, 0.0, 0.0]); e[0] += s; e[1 + li % 2] = q
    print('pairs', len(entries), file=sys.stderr)
    top = sorted(entries.items(), key=lambda kv: -kv[1][0])[:A.entries]
    print('least gain kept', top[-1][1][0], file=sys.stderr)
    # ---- back-off weights renormalised after pruning
    for li, l in enumerate(LANGS):
        p1 = model[l][5]; bo, den = model[l][7], model[l][6]
        sp = np.zeros(V); s1 = np.zeros(V)
        g = li // 2
        for (gg, x, y), e in top:
            if gg == g and e[1 + li % 2] > 0: sp[x] += e[1 + li % 2]; s1[x] += p1[y]
        w = np.maximum(1 - sp, 1e-4) / np.maximum(1 - s1, 1e-4)
        seen = model[l][8] > 0
        BOW[li] = np.where(seen, -np.log2(np.minimum(w, 1.0)), 0)
    write(vocab, U, BOW, top, V)

def kmeans_levels(x, w, n):
    lo, hi = np.quantile(x, 0.0005), np.quantile(x, 0.9995)
    c = np.linspace(lo, hi, n)
    for _ in range(40):
        i = np.abs(x[:, None] - c[None, :]).argmin(1)
        s, m = np.bincount(i, weights=x * w, minlength=n), np.bincount(i, weights=w, minlength=n)
        c = np.where(m > 0, s / np.maximum(m, 1e-9), c)
    return np.sort(c)

M64 = (1 << 64) - 1
def mix(key):
    h = (key * 0x9E3779B97F4A7C15) & M64
    h ^= h >> 32
    h = (h * 0xD6E8FEB86659FD93) & M64
    return h ^ (h >> 32)

def write(vocab, U, BOW, top, V):
    UNIT = 8
    q8 = lambda a: np.clip(np.rint(a * UNIT), 0, 255).astype(np.uint8)
    vals = np.array([-math.log2(v) for _, e in top for v in e[1:] if v > 0])
    sample = vals[np.random.RandomState(1).permutation(len(vals))[:60000]]
    lev = np.rint(kmeans_levels(sample, np.ones(len(sample)), 31) * UNIT).astype(int)
    lev = np.clip(lev, 0, 255); print('levels', lev.tolist(), file=sys.stderr)
    def code(v): return 31 if v <= 0 else int(np.abs(lev - (-math.log2(v) * UNIT)).argmin())
    nb = int(len(top) / 4 / 0.955) + 1
    buckets = [[] for _ in range(nb)]
    import random; rnd = random.Random(1)
    def place(key):
        h = mix(key); lo, hi = h & 0xffffffff, h >> 32
        return (lo * nb) >> 32, (hi * nb) >> 32, h
    def fp(h): return min(h & 0x3fff, 0x3ffe)
    for (g, x, y), e in top:
        key = (g << 32) | (x << 16) | y
        b1, b2, h = place(key)
        item = (key, fp(h) << 10 | code(e[1]) << 5 | code(e[2]))
        for b in (b1, b2):
            if len(buckets[b]) < 4: buckets[b].append(item); break
        else:
            b = rnd.choice((b1, b2))
            for _ in range(5000):
                i = rnd.randrange(4); item, buckets[b][i] = buckets[b][i], item
                p, q, _h = place(item[0]); b = q if b == p else p
                if len(buckets[b]) < 4: buckets[b].append(item); break
            else: raise SystemExit('table too full')
    body = bytearray()
    for bk in buckets:
        for i in range(4):
            v = bk[i][1] if i < len(bk) else (0x3fff << 10 | 31 << 5 | 31)
            body += v.to_bytes(3, 'little')
    voc = b''.join(struct.pack('<H', x) for x in vocab)
    corpus = hashlib.sha256()
    for l in LANGS: corpus.update(open(f'{A.corpus}/{l}.jsonl', 'rb').read())
    payload = bytes(lev.astype(np.uint8).tolist()) + b'\xff' + voc + np.stack([x for i in range(4) for x in (q8(U[i]), q8(BOW[i]))], axis=1).tobytes() + bytes(body)
    head = b'ZXMODEL\0' + struct.pack('<HHIII', 1, len(CLASSES), len(vocab), nb, len(payload)) + corpus.digest()[:8]
    open(A.out, 'wb').write(head + payload)
    print('bytes', len(head) + len(payload), 'head', len(head), file=sys.stderr)

main()
