#!/usr/bin/env python3
"""zxtool with a fault: what FAULT_FILE says happens at line 300 of the answers.

Set ZXTOOL to this file and ZXTOOL_REAL to the binary. An engine that passes such a run as good has lost lines.
"""

import os
import subprocess
import sys
import time

FAULTS = ["die", "kill", "torn", "drop", "double", "exit", "hang"]
AT = 300

if __name__ == "__main__":
    with open(os.environ["FAULT_FILE"], encoding="ascii") as file:
        fault = file.read().strip()
    child = subprocess.Popen([os.environ["ZXTOOL_REAL"], *sys.argv[1:]], stdout=subprocess.PIPE)
    out = sys.stdout.buffer
    for number, line in enumerate(child.stdout, 1):
        if number == AT:
            if fault in ("die", "kill", "torn", "hang"):
                out.write(line[:5] if fault == "torn" else b"")
                out.flush()
                child.kill()
            if fault == "die":
                os._exit(1)
            if fault == "kill":
                os.kill(os.getpid(), 9)
            if fault == "torn":
                os._exit(0)
            if fault == "hang":
                time.sleep(600)
            if fault == "double":
                out.write(line)
            if fault == "drop":
                continue
        out.write(line)
    sys.exit(3 if fault == "exit" else child.wait())
