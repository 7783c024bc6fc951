"""datatrove: a pipeline step that cleans each document's text.

    pipeline = [JsonlReader(...), ZxtoolStep(), JsonlWriter(...)]

A document whose record zxtool could not do goes on as it is, counted under `zxtool_error`.
"""

import collections
import json

import zxpipe
from datatrove.pipeline.base import PipelineStep


class ZxtoolStep(PipelineStep):
    """Cleans `document.text`, keeping order, ids and metadata."""

    name = "zxtool clean"
    type = "FORMATTER"

    def __init__(self, args=("clean",)):
        super().__init__()
        self.args = [*args, "--jsonl"]

    def run(self, data, rank=0, world_size=1):
        """Sends the texts through one process for the rank; documents wait here for their answers."""
        waiting = collections.deque()

        def lines():
            for document in data:
                waiting.append(document)
                # ASCII only: a lone surrogate in a text leaves as an escape, and the child replaces it.
                yield json.dumps({"id": document.id, "text": document.text})

        for answer in zxpipe.stream(lines(), self.args):
            record = json.loads(answer)
            if not waiting or record.get("id") != waiting[0].id:
                raise zxpipe.PipeError(f"the answer to {record.get('id')} in the place of another's")
            document = waiting.popleft()
            with self.track_time():
                if "zxtool_error" in record:
                    self.stat_update("zxtool_error")
                else:
                    self.stat_update("changed" if record["text"] != document.text else "unchanged")
                    document.text = record["text"]
            yield document
