"""Repair beside ftfy, on the same machine, in the same minute: speed.py ZXTOOL FILE...

ftfy 6.3.1 from PyPI (`pip install ftfy==6.3.1`), fix_text, line by line as its own command does. Processor time of each, without
the start of the process: a run over the file less a run over nothing. Best of five for zxtool, one for ftfy.
"""
import os, resource, subprocess, sys, time

import ftfy


def spent(command, path):
    with open(path, 'rb') as text:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, stdin=text, stdout=subprocess.DEVNULL, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    zxtool, *paths = sys.argv[1:]
    command = [zxtool, 'repair', '--from', 'utf-8', '--input', 'text', '-']
    start = min(spent(command, os.devnull) for _ in range(5))
    for path in paths:
        size = os.path.getsize(path)
        ours = max(min(spent(command, path) for _ in range(5)) - start, 1e-6)
        lines = open(path, encoding='utf-8', newline='').read().splitlines(True)
        begun = time.process_time()
        for line in lines:
            ftfy.fix_text(line)
        theirs = time.process_time() - begun
        rate = lambda seconds: f'{size / seconds / 1e6:10.2f} MB/s'
        print(f'{path}: zxtool {rate(ours)}, ftfy.fix_text {rate(theirs)}, ratio {theirs / ours:.0f}')


main()
