#!/usr/bin/env python3
"""Makes system calls of a run fail, one at a time, and looks at what is left. Needs strace.

    python3 tools/batch/faults.py BINARY [POINTS_PER_KIND]

For each kind of fault (ENOSPC and EIO on write, EIO on fsync and rename, ENOSPC and EMFILE on open, EIO on read, EINTR)
the run over a small tree is done again with the fault at the first call of that kind, at the second, and so on, up to
POINTS_PER_KIND (200) evenly spread calls. After each run: a file under a final name is the undisturbed run's, exit code
0 means that the whole tree is, no other exit codes than 0, 1, 2 (127 when the loader was hit), and the next run, with
`--resume`, gives the undisturbed tree without any temporary file left. Prints PASS or the first difference.
"""

import collections
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

binary = os.path.abspath(sys.argv[1])
points_per_kind = int(sys.argv[2]) if len(sys.argv) > 2 else 200
KINDS = [
    ("write", "ENOSPC"), ("write", "EIO"), ("write", "EINTR"), ("fsync", "EIO"), ("fsync", "ENOSPC"), ("rename", "EIO"),
    ("rename", "ENOSPC"), ("openat", "ENOSPC"), ("openat", "EMFILE"), ("read", "EIO"), ("read", "EINTR"), ("mkdir", "ENOSPC"),
    ("ftruncate", "EIO"), ("unlink", "EIO"),
]
NAMES = {"rename": "/^rename", "mkdir": "/^mkdir", "unlink": "/^unlink", "read": "read"}


def tree(root):
    return {os.path.relpath(path, root): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def is_ours(name):
    return os.path.basename(name).startswith(".zxtool-")


def differs(there, expected):
    return sorted(set(there.items()) ^ set(expected.items()))[0][0] if there != expected else None


with tempfile.TemporaryDirectory() as scratch:
    scratch = pathlib.Path(scratch)
    for n in range(30):
        path = scratch / "in" / f"{n % 3}" / f"{n:03}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"第{n}次開會。\n" * (1 + 977 * n % 5000), encoding="utf-8")
    out = scratch / "out"
    command = [binary, "convert", str(scratch / "in"), "-j", "1", "-o", str(out)]

    log = scratch / "log"
    subprocess.run(["strace", "-f", "-qq", "-o", str(log), *command], check=True)
    expected = tree(out)
    assert len(expected) == 30, len(expected)
    calls = collections.Counter()
    for line in log.read_text(errors="replace").splitlines():
        calls[line.split(" ", 1)[-1].strip().split("(", 1)[0]] += 1
    total = collections.Counter()
    codes = collections.Counter()
    for kind, error in KINDS:
        count = sum(n for name, n in calls.items() if name == kind or (kind in ("rename", "mkdir", "unlink") and name.startswith(kind)))
        for point in sorted({1 + i * count // min(count, points_per_kind) for i in range(min(count, points_per_kind))} if count else ()):
            shutil.rmtree(out, ignore_errors=True)
            inject = f"inject={NAMES.get(kind, kind)}:error={error}:when={point}"
            done = subprocess.run(["strace", "-f", "-qq", "-o", "/dev/null", "-e", inject, *command],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=60)
            where = f"{error} at {kind} {point} of {count}, exit {done.returncode}"
            there = tree(out) if out.exists() else {}
            final = {name: content for name, content in there.items() if not is_ours(name)}
            if wrong := [name for name, content in final.items() if expected.get(name) != content]:
                sys.exit(f"FAIL {where}: {wrong[0]} is there and is not whole")
            if done.returncode == 0 and final != expected:
                sys.exit(f"FAIL {where}: {differs(final, expected)} is not as it should be, and nothing said so")
            if done.returncode not in (0, 1, 2, 127):
                sys.exit(f"FAIL {where}: {done.stderr.decode(errors='replace')[-300:]}")
            if done.returncode in (1, 2) and b"zxtool: " not in done.stderr and kind != "write":
                sys.exit(f"FAIL {where}: says nothing")
            subprocess.run([*command, "--resume"], check=True)
            if tree(out) != expected:
                sys.exit(f"FAIL {where}: after --resume {differs(tree(out), expected)} differs")
            total[kind, error] += 1
            codes[kind, error, done.returncode] += 1
    for (kind, error), n in total.items():
        said = ", ".join(f"exit {code} {m} times" for (k, e, code), m in sorted(codes.items()) if (k, e) == (kind, error))
        print(f"{error} at {kind}: {n} points, {said}")
    print(f"PASS {sum(total.values())} points")
    print("1 passed, 0 failed")
