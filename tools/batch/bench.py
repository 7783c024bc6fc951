#!/usr/bin/env python3
"""Times runs over a directory of small files: jobs, memory, and whether it slows down with their number.

    python3 tools/batch/bench.py BINARY [FILES ...]

For each number of FILES (10000 if none is given) a tree of pages of about 2 KiB is made, 500 a directory, and
`convert` is run over it with one job and with two. Prints wall time, CPU time, files a second and peak memory, and
checks that both give the same tree.
"""

import hashlib
import os
import pathlib
import sys
import tempfile
import time

binary = os.path.abspath(sys.argv[1])
counts = [int(count) for count in sys.argv[2:]] or [10_000]


def measured(args):
    begun = time.monotonic()
    pid = os.posix_spawn(args[0], args, os.environ)
    _, status, used = os.wait4(pid, 0)
    assert status == 0, (args, status)
    return time.monotonic() - begun, used.ru_utime, used.ru_stime, used.ru_maxrss


def digest(root):
    whole = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.is_file():
            whole.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()


for count in counts:
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        for n in range(count):
            path = scratch / "in" / f"{n // 500:04}" / f"{n:07}.txt"
            if n % 500 == 0:
                path.parent.mkdir(parents=True)
            path.write_text(f"第{n}次開會，討論經濟發展的問題。\n" * 40, encoding="utf-8")
        digests = set()
        for jobs in (1, 2):
            out = scratch / f"out{jobs}"
            wall, user, system, peak = measured([binary, "convert", str(scratch / "in"), "-o", str(out), "-j", str(jobs)])
            digests.add(digest(out))
            print(f"{count} files, {jobs} jobs: {wall:.1f} s wall, {user:.1f} s user, {system:.1f} s system, "
                  f"{count / wall:.0f} files/s, {peak / 1024:.0f} MiB peak", flush=True)
        assert len(digests) == 1, "the trees differ"
