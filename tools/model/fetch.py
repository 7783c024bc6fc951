"""Fetches what packages.tsv pins, checks each sha256 and unpacks it: fetch.py WORK_DIR.

Uses the ordinary clients, `apt-get` and `pip`, as the machine has them set up (Debian 12, `apt-get update` done).
Leaves WORK_DIR/x (unpacked Debian packages), WORK_DIR/py (archives), WORK_DIR/apt (translated descriptions).
"""
import csv, glob, hashlib, os, shutil, subprocess, sys

here = os.path.dirname(os.path.abspath(__file__))
work = os.path.abspath(sys.argv[1])
for d in ('deb', 'x', 'py', 'apt/lists/partial'):
    os.makedirs(f'{work}/{d}', exist_ok=True)
rows = list(csv.DictReader((l for l in open(f'{here}/packages.tsv', encoding='utf-8') if not l.startswith('#')), delimiter='\t'))

def run(*command, **kw):
    subprocess.run(command, check=True, **kw)

def check(path, row):
    digest = hashlib.sha256(open(path, 'rb').read()).hexdigest()
    if digest != row['sha256']:
        sys.exit(f"{row['package']}: sha256 is {digest}, packages.tsv pins {row['sha256']}")

for row in (r for r in rows if r['registry'] == 'pypi'):
    path = f"{work}/py/{row['file']}"
    if not os.path.exists(path):
        source = ['--no-binary', ':all:'] if row['file'].endswith('.tar.gz') else []
        run('pip', 'download', '-q', '--no-deps', *source, '-d', f'{work}/py', f"{row['package']}=={row['version']}")
    check(path, row)

for row in (r for r in rows if r['registry'] == 'debian'):
    path = f"{work}/deb/{row['file']}"
    if not os.path.exists(path):
        run('apt-get', 'download', '-q', f"{row['package']}={row['version']}", cwd=f'{work}/deb')
    check(path, row)
    into = f"{work}/x/{row['package']}"
    if not os.path.exists(into):
        os.makedirs(into)
        tar = subprocess.Popen(['dpkg-deb', '--fsys-tarfile', path], stdout=subprocess.PIPE)
        run('tar', '-x', '-C', into, '--exclude=*.png', '--exclude=*.jpg', '--exclude=*.svg', '--exclude=*.ogg', '--exclude=*.pdf',
            stdin=tar.stdout)

conf = f'{work}/apt/apt.conf'
open(conf, 'w').write(f'#clear Acquire::Languages;\nAcquire::Languages {{ "zh_CN"; "zh_TW"; "ja"; "ko"; }};\nDir::State::Lists "{work}/apt/lists";\n')
if not glob.glob(f'{work}/apt/*Translation-*'):
    run('apt-get', '-q', '-c', conf, 'update')
    for path in glob.glob(f'{work}/apt/lists/*_bookworm_main_i18n_Translation-*'):
        name = 'Translation-' + path.split('Translation-')[1].split('.')[0].replace('%5f', '_')
        text = subprocess.run(['/usr/lib/apt/apt-helper', 'cat-file', path], check=True, capture_output=True).stdout
        open(f'{work}/apt/{name}', 'wb').write(text)
    shutil.rmtree(f'{work}/apt/lists')
for row in (r for r in rows if r['registry'] == 'debian-index'):
    check(f"{work}/apt/{row['file']}", row)
