#!/usr/bin/env python3
"""Learns src/strip/rules/title.tsv: what tells the title of a page among the lines of its head.

    cargo build --release --example strip-features
    tools/strip/title.py [--write] [--worst] PATH/strip-features FOLDER... [--held FOLDER...]

A folder holds pages (NAME.txt) with a label a line (NAME.labels). The title is the line labelled M that is no date, source
or credit; of pages whose markup is known (../html-zh/NAME.json beside the folder) the line that `title` there begins with or
holds; else the first line of the body if it ends no sentence. A page may have no title.

Two conditional logits share the weights, as src/strip/title.rs uses them: of the lines above the body the best with all
flags; then that one, the first lines of the body, or none, with the flags that last. Prints the share of pages right, in five
folds and on the held folders.
"""

import glob
import json
import math
import os
import random
import re
import subprocess
import sys
import unicodedata

STEPS, RATE, DECAY = 300, 0.1, 0.01
# In doubt no title: nats above none, chosen by sight: up to 3 all pages had one, from 4 on more right ones went than wrong ones.
MARGIN = 3.5
# What a line above the body has before one of the body, which stays anyhow: nats.
LOSS = 1.0
OTHER_METADATA = re.compile(
    r"^\W*\d+\W*$|^[（(]|来源|來源|作者|浏览|瀏覽|字号|字號|记者|記者|编辑|編輯|索引|文号|编号|代码|更新"
)
BODY = {"body-1", "body-2", "body-3"}
SECOND = {"first-line", "twice", "in-longer", "has-shorter", "before-metadata", "after-metadata", "longest"}


def squeeze(text):
    return "".join(unicodedata.normalize("NFKC", text).split())


def pages(folder):
    for path in sorted(glob.glob(os.path.join(folder, "*.labels"))):
        base = path[: -len(".labels")]
        lines = open(base + ".txt", encoding="utf-8").read().split("\n")
        labels = open(path, encoding="utf-8").read().split()
        beside = os.path.join(folder, "..", "html-zh", os.path.basename(base) + ".json")
        title = json.load(open(beside, encoding="utf-8")).get("title") if os.path.exists(beside) else None
        yield os.path.basename(base), lines, labels, squeeze(title or "")


def truth(lines, labels, title, candidates):
    """The lines that may be called the title, of `candidates`; `None` if that is not known."""
    label = lambda at: labels[at] if at < len(labels) else "B"
    if title:
        part = lambda text: len(text) >= 4 and (text in title or title in text)
        return {at for at in candidates if label(at) != "D" and part(squeeze(lines[at]))} or None
    first = next((at for at, label in enumerate(labels) if label == "K"), None)
    if first is None:
        return None
    marked = [at for at in candidates if label(at) == "M" and at < first and not OTHER_METADATA.search(lines[at].strip())]
    marked = [at for at in marked if len(squeeze(lines[at])) >= 3 and "metadata" not in candidates[at]]
    if marked:
        text = squeeze(lines[marked[0]])
        return {at for at in marked if text in squeeze(lines[at]) or squeeze(lines[at]) in text}
    ends = re.compile("[。，,.;；：:]$")
    return {at for at in candidates if at == first and not ends.search(lines[at].strip())} or None


def load(binary, folder):
    found = list(pages(folder))
    text = "\f".join("\n".join(lines) for _, lines, _, _ in found)
    dump = subprocess.run([binary, "--titles"], input=text.encode(), stdout=subprocess.PIPE, check=True).stdout.decode()
    out = []
    for (name, lines, labels, title), block in zip(found, dump.split("\f")):
        candidates = {}
        for row in block.splitlines():
            at, flags = row.split("\t")
            candidates[int(at)] = frozenset(flags.split())
        right = truth(lines, labels, title, candidates)
        if right is not None:
            out.append((name, lines, candidates, right))
    return out


def lasting(flags):
    if flags & BODY:
        return flags - SECOND
    return frozenset(f for f in flags - SECOND if not f.startswith("above-")) | {"above-1"}


def choose(weights, candidates):
    score = lambda flags: sum(weights.get(flag, 0) for flag in flags)
    above = [at for at in candidates if not candidates[at] & BODY]
    finals = {at: score(lasting(candidates[at])) for at in candidates if candidates[at] & BODY}
    if above:
        best = max(above, key=lambda at: (score(candidates[at]), at))
        finals[best] = score(lasting(candidates[best]))
    finals = {at: score + (LOSS if at in above else 0) for at, score in finals.items() if score >= weights["least"]}
    return max(finals, key=lambda at: (finals[at], -at), default=None)


def learn(train):
    weights = {"least": 0.0}
    for step in range(STEPS):
        slope = {name: -DECAY * len(train) * value * (name != "least") for name, value in weights.items()}
        for _, _, candidates, right in train:
            above = {at: flags for at, flags in candidates.items() if not flags & BODY}
            if above and any(at in right for at in above):
                ascend(slope, weights, above, right)
            last = {at: lasting(flags) for at, flags in candidates.items()}
            last[None] = frozenset(["least"])
            ascend(slope, weights, last, right or {None})
        for name, value in slope.items():
            weights[name] = weights.get(name, 0.0) + RATE * value / len(train) * 10
    return weights


def ascend(slope, weights, options, right):
    """Adds the slope of the log-likelihood that one of `right` is chosen among `options`."""
    scores = {at: sum(weights.get(flag, 0.0) for flag in flags) for at, flags in options.items()}
    top = max(scores.values())
    exps = {at: math.exp(score - top) for at, score in scores.items()}
    of_all, of_right = sum(exps.values()), sum(exps[at] for at in options if at in right)
    for at, flags in options.items():
        share = (exps[at] / of_right if at in right else 0.0) - exps[at] / of_all
        for flag in flags:
            slope[flag] = slope.get(flag, 0.0) + share


def is_right(weights, page):
    _, _, candidates, right = page
    chosen = choose(weights, candidates)
    return chosen in right if right else chosen is None


def report(name, weights, test, worst):
    right = sum(is_right(weights, page) for page in test)
    titled = [page for page in test if page[3]]
    print(f"{name}: {right} of {len(test)} pages right; of {len(titled)} with a title {sum(is_right(weights, p) for p in titled)}")
    for page in test if worst else []:
        if not is_right(weights, page):
            at = choose(weights, page[2])
            got = None if at is None else page[1][at].strip()[:50]
            print("   ", page[0], "got", repr(got), "want", [page[1][i].strip()[:50] for i in sorted(page[3])][:2])
    return right


def main():
    args = sys.argv[1:]
    write, worst = "--write" in args, "--worst" in args
    args = [arg for arg in args if arg not in ("--write", "--worst")]
    cut = args.index("--held") if "--held" in args else len(args)
    binary, folders, held = args[0], args[1:cut], args[cut + 1 :]
    sets = {folder: load(binary, folder) for folder in folders}
    data = [page for pages_ in sets.values() for page in pages_]
    random.Random(1).shuffle(data)
    fold = {page[0]: i % 5 for i, page in enumerate(data)}
    models = [learn([page for page in data if fold[page[0]] != i]) for i in range(5)]
    total = 0
    for folder, pages_ in sets.items():
        right = 0
        for i in range(5):
            test = [page for page in pages_ if fold[page[0]] == i]
            right += report(f"  fold {i}", models[i], test, worst) if worst else sum(is_right(models[i], p) for p in test)
        total += right
        print(f"{os.path.basename(folder)}, five folds: {right} of {len(pages_)}")
    print(f"all, five folds: {total} of {len(data)}")
    weights = learn(data)
    weights["least"] += MARGIN
    for folder in held:
        report(f"{os.path.basename(folder)}, held out", weights, load(binary, folder), worst)
    if write:
        rows = sorted((name, round(value * 100)) for name, value in weights.items())
        with open(os.path.join(os.path.dirname(__file__), "../../src/strip/rules/title.tsv"), "w", encoding="utf-8") as out:
            out.write("# What tells the title of a page, in hundredths of a nat. Generated by tools/strip/title.py; do not edit.\n")
            out.writelines(f"{name}\t{value}\n" for name, value in rows)


main()
