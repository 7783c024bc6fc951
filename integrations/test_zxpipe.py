"""The wrapper against a child with every fault that engines have shown, and against zxtool itself.

    ZXTOOL=target/release/zxtool python3 -m unittest discover integrations
"""

import json
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(__file__))
import zxpipe  # noqa: E402

LINES = [json.dumps({"id": n, "text": f"開會第{n}次"}).encode() for n in range(2000)]

# A filter that answers each line with itself, until its fault. FAULT is the mode, N the line.
CHILD = """
import os, sys, time
fault, n = sys.argv[1], int(sys.argv[2])
for at, line in enumerate(sys.stdin.buffer, 1):
    if at == n:
        if fault == "die": sys.exit(1)
        if fault == "kill": sys.stdout.buffer.flush(); os.kill(os.getpid(), 9)
        if fault == "torn": sys.stdout.buffer.write(line[:5]); sys.stdout.buffer.flush(); os._exit(0)
        if fault == "hang": time.sleep(60)
        if fault == "drop": continue
        if fault == "double": sys.stdout.buffer.write(line)
    sys.stdout.buffer.write(line)
if fault == "exit": sys.exit(3)
"""


def child(fault, n=300, timeout=3.0, lines=LINES):
    return list(zxpipe.stream(lines, ["-c", CHILD, fault, str(n)], tool=sys.executable, timeout=timeout))


class Faults(unittest.TestCase):
    def test_a_good_child_gives_every_line(self):
        self.assertEqual(child("none"), LINES)

    def test_no_fault_passes_in_silence(self):
        for fault in ["die", "kill", "torn", "hang", "drop", "double", "exit"]:
            with self.subTest(fault), self.assertRaises(zxpipe.PipeError):
                child(fault)

    def test_errors_of_the_feeder_are_raised(self):
        with self.assertRaises(UnicodeEncodeError):
            child("none", lines=["\ud800"])
        with self.assertRaises(ValueError):
            child("none", lines=[b"a\nb"])

    def test_a_consumer_that_stops_leaves_no_child(self):
        lines = zxpipe.stream(LINES, ["-c", CHILD, "hang", "2"], tool=sys.executable, timeout=5.0)
        lines.close()


@unittest.skipUnless(os.environ.get("ZXTOOL"), "ZXTOOL names no binary")
class Real(unittest.TestCase):
    def test_zxtool_answers_every_line_in_order(self):
        answers = [json.loads(line) for line in zxpipe.stream(LINES, ["convert", "--jsonl"])]
        self.assertEqual([answer["id"] for answer in answers], list(range(2000)))
        self.assertEqual(answers[7]["text"], "开会第7次")


if __name__ == "__main__":
    unittest.main()
