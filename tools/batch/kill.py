#!/usr/bin/env python3
"""Kills runs over 100 files at random instants and goes on with each; the tree must be the undisturbed one.

    python3 tools/batch/kill.py BINARY [ROUNDS] [SEED]

After each SIGKILL every file under a final name is compared with the undisturbed run's; after `--resume` the whole
tree is, hidden files too. Prints PASS or the first difference. ROUNDS is 1000 if not given.
"""

import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

binary = os.path.abspath(sys.argv[1])
rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
chance = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)


def tree(root):
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


with tempfile.TemporaryDirectory() as scratch:
    scratch = pathlib.Path(scratch)
    for n in range(100):
        path = scratch / "in" / f"{n % 10}" / f"{n:03}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("開會，議題一。\n" * chance.randint(1, 3000), encoding="utf-8")
    command = [binary, "convert", str(scratch / "in"), "-j", "2", "-o"]
    begun = time.monotonic()
    subprocess.run([*command, str(scratch / "expected")], check=True)
    whole_s = time.monotonic() - begun
    expected = tree(scratch / "expected")
    assert len(expected) == 100, len(expected)
    killed = partial = temporaries = 0
    for number in range(rounds):
        out = scratch / "out"
        run = subprocess.Popen([*command, str(out)])
        time.sleep(chance.uniform(0, whole_s * 1.1))
        run.kill()
        killed += run.wait() != 0
        there = tree(out) if out.exists() else {}
        partial += 0 < sum(not path.rpartition("/")[2].startswith(".zxtool-") for path in there) < 100
        temporaries += sum(path.endswith(".tmp") for path in there)
        for path, content in there.items():
            if not path.rpartition("/")[2].startswith(".zxtool-") and content != expected[path]:
                sys.exit(f"FAIL round {number}: {path} is there and is not whole")
        subprocess.run([*command, str(out), "--resume"], check=True)
        if tree(out) != expected:
            sys.exit(f"FAIL round {number}: the tree differs after --resume")
        shutil.rmtree(out)
    print(f"PASS {rounds} rounds: {killed} killed, {partial} with a part done, {temporaries} temporaries swept; "
          f"an undisturbed run takes {whole_s:.2f} s")
