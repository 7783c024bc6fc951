#!/usr/bin/env python3
"""Kills runs over 100 files at random instants and goes on with each; the tree must be the undisturbed one.

    python3 tools/batch/kill.py BINARY [ROUNDS] [SEED]

The run is `clean` of pages of four sites, whose templates are learnt from them. After each SIGKILL every file under a
final name is compared with the undisturbed run's; after `--resume` the whole tree is, hidden files too. A kill that came
after the end of the run does not count: there are ROUNDS (1000) that did not. Prints PASS or the first difference.
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
        path = scratch / "in" / f"{n % 4}" / f"{n:03}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        body = f"第{n}次開會，討論議題，老人們說，今年的收成比往年好得多。\n" * chance.randint(3, 400)
        path.write_text(f"云州在線\n首頁 | 新聞 | 社區 | 登錄\n掌上云州 百味人生\n渡口{n}\n{body}承辦：云州縣技術部\n"
                        "清水江畔的精神家園\n版權所有 云州在線\n")
    command = [binary, "clean", str(scratch / "in"), "-j", "2", "-o"]
    begun = time.monotonic()
    subprocess.run([*command, str(scratch / "expected")], check=True)
    whole_s = time.monotonic() - begun
    expected = tree(scratch / "expected")
    assert len(expected) == 100, len(expected)
    assert not any("精神家园".encode() in content for content in expected.values()), "no template was learnt"
    killed = late = partial = temporaries = 0
    while killed < rounds:
        number = killed + late
        out = scratch / "out"
        shutil.rmtree(out, ignore_errors=True)
        run = subprocess.Popen([*command, str(out)])
        time.sleep(chance.uniform(0, whole_s))
        run.kill()
        if run.wait() == 0:
            late += 1
            continue
        killed += 1
        there = tree(out) if out.exists() else {}
        partial += 0 < sum(not path.rpartition("/")[2].startswith(".zxtool-") for path in there) < 100
        temporaries += sum(path.endswith(".tmp") for path in there)
        for path, content in there.items():
            if not path.rpartition("/")[2].startswith(".zxtool-") and content != expected[path]:
                sys.exit(f"FAIL round {number}: {path} is there and is not whole")
        subprocess.run([*command, str(out), "--resume"], check=True)
        if tree(out) != expected:
            sys.exit(f"FAIL round {number}: the tree differs after --resume")
    print(f"PASS {killed} killed ({late} more came too late), {partial} with a part done, {temporaries} temporaries "
          f"swept; an undisturbed run takes {whole_s:.2f} s")
    print("1 passed, 0 failed")
