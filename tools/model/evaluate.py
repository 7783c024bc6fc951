"""Bits per character on held-out text, and how often the true decoding of short strings scores best."""
import argparse, collections, hashlib, json, os, random, re, struct, sys
import numpy as np
import opencc
ap = argparse.ArgumentParser(); ap.add_argument('work'); ap.add_argument('model'); ap.add_argument('--extra', action='append', default=[])
ap.add_argument('-n', type=int, default=1500)
A = ap.parse_args()
A.corpus = f'{A.work}/corpus'
exec(open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'classes.py')).read())
LANGS = ['hans', 'hant', 'ja', 'ko']
HELD_OUT_PACKAGES = {'wordcloud', 'maint-guide-zh-tw'}
def is_held_out(package, document):
    return package in HELD_OUT_PACKAGES or hashlib.sha256(document.encode()).hexdigest()[0] in '0123'
M64 = (1 << 64) - 1
def mix(key):
    h = (key * 0x9E3779B97F4A7C15) & M64; h ^= h >> 32; h = (h * 0xD6E8FEB86659FD93) & M64; return h ^ (h >> 32)
class Model:
    def __init__(s, path):
        b = open(path, 'rb').read(); assert b[:8] == b'ZXMODEL\0'
        ver, nc, nv, s.nb, n = struct.unpack_from('<HHIII', b, 8); p = 32
        s.lev = list(b[p:p+31]); p += 32
        voc = struct.unpack_from(f'<{nv}H', b, p); p += 2 * nv
        s.id = {x: nc + i for i, x in enumerate(voc)}; V = nc + nv; s.nc = nc
        s.U, s.B = [], []
        rows = np.frombuffer(b, np.uint8, 8 * V, p).reshape(V, 8); p += 8 * V
        for i in range(4): s.U.append(rows[:, 2*i].tolist()); s.B.append(rows[:, 2*i+1].tolist())
        s.t = b[p:]; assert len(s.t) == s.nb * 12
        s.sym = {}; s.memo = {}
    def symbol(s, ch):
        r = s.sym.get(ch)
        if r is None:
            x = ord(ch); i = s.id.get(x)
            if i is not None: r = (i, 0)
            else:
                n = class_name(x); r = (CI[n], WITHIN[n] * 8)
            s.sym[ch] = r
        return r
    def pair(s, g, a, b):
        key = g << 32 | a << 16 | b; r = s.memo.get(key)
        if r is not None: return r
        h = mix(key); f = min(h & 0x3fff, 0x3ffe); r = None
        for q in ((h & 0xffffffff) * s.nb >> 32, (h >> 32) * s.nb >> 32):
            for i in range(4):
                v = int.from_bytes(s.t[q*12+i*3:q*12+i*3+3], 'little')
                if r is None and v >> 10 == f: r = (v >> 5 & 31, v & 31)
        r = r or (31, 31); s.memo[key] = r; return r
    def cost(s, li, text, prev=0):
        t = 0; U, B, lev = s.U[li], s.B[li], s.lev; g, o = li // 2, li % 2
        for ch in text:
            i, w = s.symbol(ch); v = s.pair(g, prev, i)[o]
            t += (lev[v] if v < 31 else B[prev] + U[i]) + w; prev = i
        return t
if __name__ == '__main__':
    m = Model(A.model); held = {}
    s2tw = opencc.OpenCC('s2tw')
    for l in LANGS:
        by = collections.defaultdict(list)
        for line in open(f'{A.corpus}/{l}.jsonl', encoding='utf-8'):
            j = json.loads(line)
            if is_held_out(j['p'], j['d']): by[j['g'] + ('/' + j['p'] if j['p'] in HELD_OUT_PACKAGES else '')].append(j['t'])
        held[l] = by
    for x in A.extra:
        lang, name, path = x.split(':'); held[lang]['EXTRA ' + name] = [l.strip() for l in open(path, encoding='utf-8') if l.strip()]
    for k in [k for k in held['hans'] if k.startswith(('novel', 'EXTRA', 'classic'))]:
        held['hant'][k + ' (s2tw)'] = s2tw.convert('\n'.join(held['hans'][k])).split('\n')
    rnd = random.Random(7)
    HANX = re.compile('[\u4e00-\u9fff]')
    print('bits per character on held-out text; columns: scored as Hans, Hant, Ja, Ko')
    for l in LANGS:
        for g, ts in sorted(held[l].items()):
            t = rnd.sample(ts, min(len(ts), 1500)); n = sum(map(len, t))
            c = [sum(m.cost(li, x) for x in t) / 8 / n for li in range(4)]
            print(f'  {l:5} {g:32} {n:8}', ' '.join(f'{x:6.2f}' for x in c))
    CAND = [('gbk', (0, 1)), ('big5hkscs', (1,)), ('euc_kr', (3,)), ('shift_jis', (2,)), ('euc_jp', (2,))]
    CODEC = {'gbk': 'gb18030', 'euc_kr': 'cp949', 'shift_jis': 'cp932', 'euc_jp': 'euc_jp', 'big5hkscs': 'big5hkscs'}
    def decide(raw):
        best = None; res = []
        for name, ls in CAND:
            try: t = raw.decode(CODEC[name])
            except Exception: continue
            res.append((min(m.cost(li, t) for li in ls), name))
        return min(res)[1] if res else None
    runs = {}
    RE = {'hans': '[\u4e00-\u9fff，。、；：？！“”《》（）]+', 'hant': '[\u4e00-\u9fff，。、；：？！「」《》（）]+', 'ja': '[\u4e00-\u9fff\u3041-\u30fe、。「」]+', 'ko': '[\uac00-\ud7a3 .,]+'}
    def sample(ts, l, k, enc, n):
        out = []; pool = ts if len(ts) < 20000 else rnd.sample(ts, 20000); tries = 0
        while len(out) < n and tries < n * 60:
            tries += 1
            r = re.findall(RE[l], rnd.choice(pool)); r = [x for x in r if len(x) >= k]
            if not r: continue
            x = rnd.choice(r); i = rnd.randrange(len(x) - k + 1); x = x[i:i+k]
            if l in ('hans', 'hant') and not all(HANX.match(c) for c in x[:2]) : continue
            if l == 'ko' and (x[0] in ' .,' or x[-1] in ' .,'): continue
            try: out.append(x.encode(enc))
            except Exception: continue
        return out
    print('share of strings whose true decoding scores best')
    tot = collections.defaultdict(list); zh = collections.defaultdict(list)
    rows = [('hans', 'gbk', 'gbk'), ('hant', 'big5hkscs', 'big5'), ('hant', 'gbk', 'gbk'), ('ko', 'euc_kr', 'euc_kr'), ('ja', 'shift_jis', 'shift_jis'), ('ja', 'euc_jp', 'euc_jp')]
    for l, want, enc in rows:
        for g, ts in sorted(held[l].items()):
            if len(ts) < 150: continue
            o = []
            for k in (2, 4, 6, 8):
                s = sample(ts, l, k, enc, A.n // (4 if l in ('ja', 'ko') else 2))
                if len(s) < 50: o.append('     -'); continue
                d = [decide(x) for x in s]
                ok = sum(x == want for x in d) / len(s) * 100; o.append(f'{ok:6.2f}')
                if l in ('hans', 'hant') and want != 'gbk' or l == 'hans': tot[k].append(ok)
                if l in ('ja', 'ko'): zh[k].append(sum(x in ('gbk', 'big5hkscs') for x in d) / len(s) * 100)
            print(f'  {l:5} {want:10} {g:32}', ' '.join(o))
    print('  mean, Hans in GBK and Hant in Big5:', ' '.join(f'{k}: {sum(v)/len(v):.2f}' for k, v in tot.items()))
    print('  Japanese and Korean called Chinese:', ' '.join(f'{k}: {sum(v)/len(v):.2f}' for k, v in zh.items()))
    print('a lost third byte: the right one of 64 characters that share two bytes of UTF-8 ranks first, with both neighbours known;')
    print('and how many of the answers whose margin is 4 / 8 bits are right (share of cases with such a margin)')
    for l, li in (('hans', 0), ('hant', 1)):
        for g, ts in sorted(held[l].items()):
            ok = n = 0; sure = {32: [0, 0], 64: [0, 0]}
            for t in rnd.sample(ts, min(len(ts), 2000)):
                at = [i for i in range(1, len(t) - 1) if HANX.match(t[i])]
                if not at: continue
                i = rnd.choice(at); base = ord(t[i]) & ~63
                c = sorted((m.cost(li, chr(base + k) + t[i+1], m.symbol(t[i-1])[0]), k) for k in range(64))
                right = c[0][1] == ord(t[i]) & 63; ok += right; n += 1
                for b in sure:
                    if c[1][0] - c[0][0] >= b: sure[b][0] += right; sure[b][1] += 1
            if n >= 150: print(f'  {l:5} {g:32} {ok / n * 100:6.2f}', ' '.join(f'{x / max(y, 1) * 100:6.2f} ({y / n * 100:.0f})' for x, y in sure.values()))
    print('script: Hans text cheaper as Hans, Hant text as Hant (strings whose two scripts differ)')
    for l, o, cv in (('hans', 0, 's2t'), ('hant', 1, 't2s')):
        cc = opencc.OpenCC(cv)
        for g, ts in sorted(held[l].items()):
            r = []
            for k in (2, 4, 8, 16):
                ss = [x.decode('gb18030') for x in sample(ts, l, k, 'gb18030', A.n // 2)]; ss = [x for x in ss if cc.convert(x) != x]
                if len(ss) < 100: r.append('     -'); continue
                ok = sum(m.cost(o, x) < m.cost(1 - o, x) for x in ss); r.append(f'{ok / len(ss) * 100:6.2f}')
            print(f'  {l:5} {g:32}', ' '.join(r))
    print('bits per character of 16-character strings, read rightly and wrongly: median, and the extreme 1 % on the other side')
    for l, enc, readers in (('hans', 'gbk', ('big5hkscs', 'cp949', 'euc_jp', 'cp932', 'latin-1')), ('hant', 'big5hkscs', ('gbk', 'cp949', 'cp932', 'latin-1')), ('hans', 'utf-8', ('gb18030', 'latin-1', 'big5hkscs'))):
        ss = [x for g, ts in held[l].items() for x in sample(ts, l, 16, enc, 60)]
        def zh(x): return min(m.cost(0, x), m.cost(1, x)) / 8 / len(x)
        own = sorted(zh(x.decode(enc)) for x in ss)
        print(f'  {l} {enc:10} right: {own[len(own)//2]:.1f}, 99 % below {own[len(own)*99//100]:.1f};', '; '.join(f'as {r}: {w[len(w)//2]:.1f}, 99 % above {w[len(w)//100]:.1f}' for r in readers for w in [sorted(zh(x.decode(r, "replace")) for x in ss)]))
