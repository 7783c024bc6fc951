#!/usr/bin/env python3
"""Opens `--report FILE.html` in headless Chromium and looks at it as a reader does.

    python3 tools/batch/report_check.py BINARY [SCREENSHOT.png]

Checks the totals, that the worst document comes first, that a pointer over a removed line shows the rule that removed
it, that the two sides stand beside each other, that text of a document never becomes markup, and that nothing but the
file itself is asked for. Speaks the DevTools protocol over a pipe; needs /usr/bin/chromium and nothing else.
"""

import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-extensions", "--remote-debugging-pipe",
    "--window-size=1200,900",
]
PAGES = {
    "worst.txt": "云州在线\n首页 | 新闻 | 图片 | 社区 | 登录\n渡口的早晨\n" + "天剛亮，老船工就起身了。他說，今年水位比往年高，過渡的人卻少了。\n" * 6
    + "分享到：微博 微信 QQ空间\n版权所有 云州在线 未经许可不得转载\n",
    "mild.txt": "會議開始了。\n",
    "same.txt": "会议开始了。\n",
    "hostile.txt": "<script>document.title='broken'</script><img src=http://127.0.0.1:9/x>開會，\u202e。\n",
}


class Browser:
    """Chromium, spoken to over file descriptors 3 and 4."""

    def __init__(self, profile):
        to_read, self.to = os.pipe()
        self.come, to_write = os.pipe()

        def move():
            one, other = os.dup(to_read), os.dup(to_write)
            os.dup2(one, 3)
            os.dup2(other, 4)

        self.process = subprocess.Popen(
            ["/usr/bin/chromium", *FLAGS, f"--user-data-dir={profile}"], preexec_fn=move, close_fds=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self.number, self.rest, self.session, self.events = 0, b"", None, []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def next(self):
        while b"\0" not in self.rest:
            read = os.read(self.come, 1 << 20)
            assert read, "chromium is gone"
            self.rest += read
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def ask(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.next()
            if answer.get("id") == self.number:
                assert "error" not in answer, answer
                return answer["result"]
            self.events.append(answer)

    def value(self, expression):
        answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def open(self, url):
        self.ask("Page.enable")
        self.ask("Network.enable")
        self.ask("Page.navigate", url=url)
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self.next())

    def hover(self, selector):
        """The title of what is under the pointer when it is over the element."""
        box = self.value(f"(e => (e.scrollIntoView(), (r => [r.x + 5, r.y + r.height / 2])(e.getBoundingClientRect())))"
                         f"(document.querySelector({json.dumps(selector)}))")
        self.ask("Input.dispatchMouseEvent", type="mouseMoved", x=box[0], y=box[1])
        return self.value("[...document.querySelectorAll(':hover')].pop().title")

    def close(self):
        self.process.kill()
        self.process.wait()


def main():
    binary = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        (scratch / "in").mkdir()
        for name, text in PAGES.items():
            (scratch / "in" / name).write_text(text, encoding="utf-8")
        report = scratch / "report.html"
        subprocess.run([binary, "clean", "--input", "text", str(scratch / "in"), "-o", str(scratch / "out"), "--report", str(report)], check=True)
        browser = Browser(scratch / "profile")
        try:
            browser.open(report.as_uri())
            requests = [event["params"]["request"]["url"] for event in browser.events
                        if event.get("method") == "Network.requestWillBeSent"]
            assert requests == [report.as_uri()], f"asked for {requests}"
            title = browser.value("document.title")
            assert title == "zxtool report", title
            assert browser.value("document.scripts.length + document.images.length + document.links.length") == 0
            totals = browser.value("document.querySelector('.totals').innerText")
            assert "4 documents: 3 changed, 1 unchanged, 0 skipped, 0 failed" in totals, totals
            names = browser.value("[...document.querySelectorAll('summary')].map(e => e.innerText.split('/').pop())")
            assert names[0].startswith("worst.txt") and len(names) == 3, names
            assert "same.txt" not in "".join(names)
            columns = browser.value("(r => [r[0].getBoundingClientRect(), r[1].getBoundingClientRect()]"
                                    ".map(b => [b.x, b.y, b.width]))(document.querySelectorAll('tr')[0].cells)")
            assert columns[0][1] == columns[1][1] and columns[0][0] + columns[0][2] <= columns[1][0] + 1, columns
            hovered = browser.hover("td.gone")
            assert hovered, "no reason on hovering over a line that went"
            print(f"hovering over {browser.value('document.querySelector(`td.gone`).innerText')!r} says {hovered!r}")
            assert "document.title" in browser.value("document.body.innerText"), "the hostile text is not shown as text"
            wide = browser.value("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"scrolls sideways by {wide} px"
            if len(sys.argv) > 2:
                shot = browser.ask("Page.captureScreenshot", format="png")["data"]
                pathlib.Path(sys.argv[2]).write_bytes(base64.b64decode(shot))
        finally:
            browser.close()
    print("1 passed, 0 failed")


if __name__ == "__main__":
    main()
