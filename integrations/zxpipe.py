"""One partition of JSON lines through one `zxtool` process, with nothing lost in silence.

    for line in zxpipe.stream(lines, ["clean", "--jsonl"]): ...

Lines are bytes without their line feed. Raises `PipeError` when lines come back lost, doubled or torn, when the
child exits with an error, or when it gives nothing for `timeout` seconds (ZXTOOL_TIMEOUT_S, or 300). The child never
outlives the generator. Needs nothing beyond Python 3.9. ZXTOOL names the binary if it is not on the PATH.
"""

import collections
import os
import queue
import subprocess
import threading


class PipeError(RuntimeError):
    """The child did not answer every line."""


def stream(lines, args=("clean", "--jsonl"), tool=None, timeout=None):
    """Yields the child's answer to each of `lines`, in order."""
    command = [tool or os.environ.get("ZXTOOL", "zxtool"), *args]
    timeout = timeout or float(os.environ.get("ZXTOOL_TIMEOUT_S", "300"))
    pipe = subprocess.PIPE
    child = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe)
    fed, failed = [0], []
    said = collections.deque(maxlen=20)
    answers = queue.Queue(maxsize=1024)  # the only buffer: beyond it the pipes hold the feeder back

    def feed():
        try:
            for line in lines:
                line = line.encode() if isinstance(line, str) else bytes(line)
                if b"\n" in line:
                    raise ValueError("a record holds a raw line feed")
                child.stdin.write(line + b"\n")
                fed[0] += 1
        except BrokenPipeError:
            pass  # the child is gone; its exit code says why
        except BaseException as error:  # of the caller's iterator: raised again where the caller is
            failed.append(error)
        finally:
            try:
                child.stdin.close()
            except OSError:
                pass

    def read():
        for line in child.stdout:
            answers.put(line)
        answers.put(None)

    threads = [threading.Thread(target=task, daemon=True) for task in (feed, lambda: said.extend(child.stderr), read)]
    for thread in threads:
        thread.start()
    count = 0
    try:
        while (line := answers.get(timeout=timeout)) is not None:
            if not line.endswith(b"\n"):
                raise PipeError(f"torn last line after {count} lines")
            count += 1
            yield line[:-1]
        threads[0].join()
        code = child.wait()
        if failed:
            raise failed[0]
        if code:
            raise PipeError(f"exit {code} after {count} of {fed[0]} lines: {b''.join(said)[-300:]!r}")
        if count != fed[0]:
            raise PipeError(f"{fed[0]} lines in, {count} out")
    except queue.Empty:
        raise PipeError(f"nothing for {timeout} s after {fed[0]} lines in, {count} out") from None
    finally:
        child.kill()
        child.wait()
        while threads[2].is_alive():  # past a full queue, so that no thread is left behind
            try:
                answers.get(timeout=0.05)
            except queue.Empty:
                pass
