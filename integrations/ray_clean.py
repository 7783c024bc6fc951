"""Ray Data: JSON lines through zxtool, by map_batches.

    python ray_clean.py IN OUT

Ray's read_text splits lines at U+2028, U+0085 and the like, so files are read as bytes and split at LF.
"""

import sys

import zxpipe


def clean(batch):
    """Answers the lines of a batch."""
    import numpy as np

    answers = list(zxpipe.stream(batch["line"]))
    return {"line": np.array(answers, dtype=object)}


def split(row):
    """The lines of a file; an empty line stays one."""
    data = row["bytes"]
    lines = data.removesuffix(b"\n").split(b"\n") if data else []
    return [{"line": line} for line in lines]


def main(source, target):
    """Reads, cleans and writes a file for each block."""
    import pathlib

    import ray

    ray.data.DataContext.get_current().execution_options.preserve_order = True
    rows = ray.data.read_binary_files(source).flat_map(split).map_batches(clean, batch_size=5000)
    out = pathlib.Path(target)
    out.mkdir(parents=True, exist_ok=True)
    for number, batch in enumerate(rows.iter_batches(batch_size=50_000)):
        part = out / f"part-{number:05}.jsonl"
        part.with_suffix(".tmp").write_bytes(b"".join(line + b"\n" for line in batch["line"]))
        part.with_suffix(".tmp").rename(part)


if __name__ == "__main__":
    main(*sys.argv[1:])
