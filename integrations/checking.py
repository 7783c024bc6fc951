"""What the checks of the engines share: odd lines, their right answers, and runs with faults."""

import contextlib
import json
import os
import pathlib
import subprocess
import tempfile

import faulty

HERE = pathlib.Path(__file__).resolve().parent
REAL = os.path.abspath(os.environ.get("ZXTOOL") or "zxtool")

# Lines that engines have been seen to cut, lose or rewrite.
ODD = [
    '{"id":1,"text":"開會\\u2028第二行\\u0085第三行"}',
    '{"id":12345678901234567890123,"text":"繁體","n":1e400}',
    '{"id":2,"text":"歸\\r\\n來"}',
    '{"id":3,"text":""}',
    '{"id":4,"text":null}',
    '{"id":5,"text":"\\ud800"}',
    '{"id":6,"id":7,"text":"兩個\\tid"}',
    '{"id":8,"text":"' + "長句，" * 30_000 + '"}',
    "not json",
    "",
]
LINES = [line.encode() for line in ODD] + [
    json.dumps({"id": n, "text": f"第{n}次開會，討論經濟發展。"}, ensure_ascii=n % 2 == 0).encode() for n in range(3000)
]


def right():
    """What the binary itself answers."""
    done = subprocess.run([REAL, "clean", "--jsonl"], input=b"".join(line + b"\n" for line in LINES),
                          stdout=subprocess.PIPE, check=True)
    return done.stdout.removesuffix(b"\n").split(b"\n")


@contextlib.contextmanager
def faults():
    """A function that sets the fault of the tool which ZXTOOL names meanwhile."""
    with tempfile.TemporaryDirectory() as scratch:
        file = pathlib.Path(scratch, "fault")
        os.environ.update(ZXTOOL=str(HERE / "faulty.py"), ZXTOOL_REAL=REAL, FAULT_FILE=str(file), ZXTOOL_TIMEOUT_S="5")
        file.write_text("none")
        yield file.write_text


def check(name, run, set_fault):
    """`run` gives the right answers, and raises under each fault."""
    got = run()
    expected = right()
    assert len(got) == len(expected), f"{name}: {len(expected)} lines in, {len(got)} out"
    for number, (one, other) in enumerate(zip(got, expected)):
        assert one == other, f"{name}: line {number}: {one[:200]!r} for {other[:200]!r}"
    print(f"{name}: {len(got)} lines, as the binary gives them")
    passed = []
    for fault in faulty.FAULTS:
        set_fault(fault)
        try:
            run()
            passed.append(fault)
        except Exception as raised:  # engines raise errors of their own around the wrapper's
            said = next((line for line in str(raised).splitlines() if "PipeError" in line), repr(raised))
            print(f"{name}: {fault}: raised: {said.strip()[:150]}")
    assert not passed, f"{name}: passed as good: {passed}"
    print("1 passed, 0 failed")
