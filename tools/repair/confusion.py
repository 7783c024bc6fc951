"""Which chain was applied to a text, and which one was found: confusion.py ZXTOOL [STEP] < cases.jsonl

Takes cases of damage.py (every STEP-th), of whole texts and one layer, and prints a table in Markdown: for each mix-up that was applied
how many cases were undone by the same one, by one with the same writer, by another, and how many were not touched. The chain
of a case is that of its longest change. Sets that give the same text are one mix-up: what came out counts, too.
"""
import collections, json, os, subprocess, sys, tempfile

NAMES = {'cp1252': 'windows-1252', 'latin-1': 'windows-1252', 'cp1250': 'windows-1250', 'cp1251': 'windows-1251',
         'cp1253': 'windows-1253', 'cp1254': 'windows-1254', 'cp1257': 'windows-1257', 'iso8859-2': 'iso-8859-2',
         'iso8859-5': 'iso-8859-5', 'koi8-r': 'koi8-r', 'cp437': 'ibm437', 'cp850': 'ibm850', 'cp866': 'ibm866',
         'mac-roman': 'macintosh', 'gbk': 'gb18030', 'shift_jis': 'shift_jis', 'euc_kr': 'euc-kr', 'euc_jp': 'euc-jp',
         'big5hkscs': 'big5', 'cp950': 'big5'}


MULTI = ('gb18030', 'big5', 'shift_jis', 'euc-kr', 'euc-jp')


def name(codec):
    return NAMES.get(codec, codec).lower()


def main():
    zxtool, step = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1
    cases = [json.loads(line) for line in sys.stdin][::step]
    cases = [case for case in cases if case['kind'].count('>') == 1]
    with tempfile.TemporaryDirectory() as folder:
        damaged, mended = os.path.join(folder, 'damaged'), os.path.join(folder, 'mended')
        os.mkdir(damaged)
        for nth, case in enumerate(cases):
            with open(os.path.join(damaged, f'{nth}.txt'), 'w', encoding='utf-8', newline='') as out:
                out.write(case['damaged'])
        report = os.path.join(folder, 'report.jsonl')
        run = [zxtool, 'repair', '--no-config', '--from', 'utf-8', damaged, '-o', mended, '--report', report]
        subprocess.run(run, check=True)
        found = {}
        for line in open(report, encoding='utf-8'):
            row = json.loads(line)
            changes = [c for c in row.get('changes', []) if c['rule'] == 'mojibake']
            longest = max(changes, key=lambda c: c['span']['end'] - c['span']['start'], default=None)
            found[int(os.path.basename(row['name'])[:-4])] = longest and longest['note']
        texts = [open(os.path.join(mended, f'{nth}.txt'), encoding='utf-8').read() for nth in range(len(cases))]
    table = collections.defaultdict(collections.Counter)
    wrong = collections.defaultdict(collections.Counter)
    for nth, (case, text) in enumerate(zip(cases, texts)):
        writer, reader = (name(codec) for codec in case['kind'].split(' ')[-1].split('>'))
        note = found.get(nth)
        chain = [name(part.strip().lower()) for part in note.split(',')[0].split('→')] if note else None
        if text.strip() == case['clean'].strip() or chain == [writer, reader]:
            kind = 'same'
        elif chain is None:
            kind = 'none'
        elif chain[0] == writer and len(chain) == 2:
            kind = 'writer'
        else:
            kind = 'other'
        applied = writer, reader if reader in MULTI else 'an 8-bit set'
        table[applied][kind] += 1
        if kind in ('writer', 'other'):
            wrong[applied][' → '.join(chain)] += 1
    print('| applied | cases | the same | same writer | another | none | what else was found |\n| --- | --: | --: | --: | --: | --: | --- |')
    for key in sorted(table):
        row = table[key]
        others = ', '.join(f'{chain} {n}' for chain, n in wrong[key].most_common(2))
        counts = ' | '.join(str(row[kind]) for kind in ('same', 'writer', 'other', 'none'))
        print(f"| {' → '.join(key)} | {sum(row.values())} | {counts} | {others} |")


main()
