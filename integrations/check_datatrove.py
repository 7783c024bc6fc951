"""A real datatrove pipeline: documents come back in order with their text cleaned, and no fault passes as good.

    ZXTOOL=target/release/zxtool python3 integrations/check_datatrove.py
"""

import json

import checking
from datatrove.data import Document
from datatrove_clean import ZxtoolStep

# What datatrove has are documents, not lines: those of the lines that are one.
TEXTS = [
    record["text"]
    for record in map(json.loads, (line for line in checking.LINES if line.startswith(b"{")))
    if record["text"] is not None
]


def run():
    """The answers of the step, as lines."""
    documents = (Document(text=text, id=str(number)) for number, text in enumerate(TEXTS))
    done = list(ZxtoolStep().run(documents))
    assert [document.id for document in done] == [str(number) for number in range(len(TEXTS))]
    return [json.dumps({"text": document.text}).encode() for document in done]


if __name__ == "__main__":
    checking.LINES[:] = [json.dumps({"text": text}).encode() for text in TEXTS]
    lines = checking.right()
    checking.right = lambda: [json.dumps({"text": json.loads(line)["text"]}).encode() for line in lines]
    with checking.faults() as set_fault:
        checking.check("datatrove", run, set_fault)
