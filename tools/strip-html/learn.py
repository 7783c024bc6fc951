#!/usr/bin/env python3
"""Learns the weights of src/strip/html/model.tsv from the lines of pages of which the text is known.

    python3 tools/strip-html/readability_pages.py EXTRA
    mkdir EXTRA/gold; cp ../shared/data/strip/html-*/*.gold.txt EXTRA/gold
    python3 tools/strip-html/invent.py EXTRA/gold EXTRA/invented
    ZXTOOL_SETS="html-zh html-en EXTRA/readability EXTRA/invented" ZXTOOL_LEARN=DIR \\
        cargo test --release --lib write_examples -- --ignored
    pip install numpy==2.4.6 lightgbm==4.7.0
    python3 tools/strip-html/learn.py DIR [--check] > src/strip/html/model.tsv

A page weighs by the first two letters of its name: see WEIGHTS. --check prints the F1 of pages that the model did not
see (8 folds, all pages of a site in one of them) to stderr and writes nothing else.
"""

import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

import lightgbm
import numpy

ROUNDS = 220
PARAMETERS = {
    "objective": "binary",
    "learning_rate": 0.05,
    "num_leaves": 15,
    "max_depth": 4,
    "min_data_in_leaf": 30,
    "feature_fraction": 0.15,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 10,
    "verbose": -1,
    "num_threads": 1,
    "seed": 1,
    "deterministic": True,
}
FOLDS = 8
# What a page weighs, by the set it is from: one of the development half 1. On pages of sites not seen, Chinese F1 is
# .910 without the invented pages and .914 with them, forum threads .719 and .721; they are for kinds of which the
# development half has few pages or none.
WEIGHTS = {"in": 0.4}
# Readability's pages are a peer's test suite and never learnt from: they tell how the model does on pages of others.
HELD_OUT = "mz"


class Data:
    def __init__(self, folder):
        with open(f"{folder}/lines.tsv") as lines:
            self.names = lines.readline().rstrip("\n").split("\t")[7:]
            rows = [line.rstrip("\n").split("\t") for line in lines]
        self.page = numpy.array([row[0] for row in rows])
        self.hidden = numpy.array([row[2] == "1" for row in rows])
        self.chars = numpy.array([float(row[3]) for row in rows])
        self.matched = numpy.array([float(row[4]) for row in rows])
        self.features = numpy.array([[float(cell) for cell in row[7:]] for row in rows], numpy.float32)
        # What decide.rs adds to what the model says.
        self.prior = numpy.array([float(row[6]) for row in rows])
        with open(f"{folder}/pages.tsv") as pages:
            self.gold = {name: int(n) for name, n in (line.split("\t") for line in list(pages)[1:])}
        share = self.matched / numpy.maximum(self.chars, 1)
        # A line is article if more of it is in the gold than not; a line that is half in says little.
        self.is_article = (share >= 0.5).astype(float)
        self.weight = numpy.zeros(len(rows))
        for page in self.gold:
            here = self.page == page
            root = numpy.sqrt(self.chars[here])
            self.weight[here] = WEIGHTS.get(page[:2], 1) * 100 * root / max(root.sum(), 1) * numpy.abs(2 * share[here] - 1).clip(0.1)
        self.weight[self.hidden] = 0

    def train(self, use):
        use = use & (self.weight > 0)
        data = lightgbm.Dataset(self.features[use], self.is_article[use], weight=self.weight[use])
        return lightgbm.train(PARAMETERS, data, ROUNDS)


# As in decide.rs, there in bytes.
MIN_KEPT_CHARS = 20
SHORT_PAGE_MARGIN = 1.2


def is_held_out(page):
    return page.startswith(HELD_OUT)


def site_of(page):
    """The domain that most absolute addresses of a page name, or the page itself."""
    for folder in ("html-zh", "html-en"):
        file = Path("../shared/data/strip") / folder / f"{page}.html"
        if file.exists():
            hosts = re.findall(r"""(?:href|src)=["']?https?://([^/"'\s>:]+)""", file.read_text(encoding="utf-8"))
            names = Counter(re.sub(r"^.*?([^.]+\.(?:com\.|org\.|gov\.|net\.|edu\.|co\.)?[^.]+)$", r"\1", host) for host in hosts)
            return names.most_common(1)[0][0] if names else page
    return page


def check(data):
    pages = [page for page in data.gold if not page.startswith("in")]
    site = {page: site_of(page) for page in pages}
    sites = sorted({site[page] for page in pages if not is_held_out(page)})
    order = numpy.random.RandomState(0).permutation(len(sites))
    fold_of_site = {sites[i]: n % FOLDS for n, i in enumerate(order)}
    # Pages held out are of no fold that is learnt from; invented ones of every one.
    never, always = FOLDS, FOLDS + 1
    fold_of = {page: never if is_held_out(page) else fold_of_site[site[page]] for page in pages}
    folds = numpy.array([fold_of.get(page, always) for page in data.page])
    score = numpy.zeros(len(folds))
    for fold in range(FOLDS):
        model = data.train((folds != fold) & (folds != never))
        score[folds == fold] = model.predict(data.features[folds == fold], raw_score=True)
    model = data.train(folds != never)
    score[folds == never] = model.predict(data.features[folds == never], raw_score=True)
    score += data.prior
    results = defaultdict(list)
    for page in pages:
        here = (data.page == page) & ~data.hidden
        kept = here & (score > 0)
        if data.chars[kept].sum() < MIN_KEPT_CHARS:
            kept |= here & (score > -SHORT_PAGE_MARGIN) & (data.features[:, data.names.index("links")] < 0.5)
        kept_chars, found = data.chars[kept].sum(), data.matched[kept].sum()
        f1 = 2 * found / (kept_chars + data.gold[page])
        results[page[:2] + " held out" * is_held_out(page)].append(f1)
        if page[:2] in ("ia", "ma", "mf"):
            results["Chinese"].append(f1)
    for kind, f1 in sorted(results.items()):
        below = sum(value < 0.5 for value in f1)
        print(f"{kind}\t{len(f1)} pages\tF1 {numpy.mean(f1):.4f}\tbelow 0.5: {below}", file=sys.stderr)


def write(model, names):
    print("# Generated by tools/strip-html/learn.py; do not edit.")
    print("# A row a node, in the order of the tree: tree, then feature, threshold, row to go to (counted from the")
    print("# first of its tree) if the feature is at most the threshold, row if it is more; or `leaf` and its value.")

    def walk(node, rows):
        at = len(rows)
        rows.append(None)
        if "leaf_value" in node:
            rows[at] = f"leaf\t{node['leaf_value']:.5f}"
        else:
            left, right = walk(node["left_child"], rows), walk(node["right_child"], rows)
            rows[at] = f"{names[node['split_feature']]}\t{node['threshold']:.6g}\t{left}\t{right}"
        return at

    for i, tree in enumerate(model.dump_model()["tree_info"]):
        rows = []
        walk(tree["tree_structure"], rows)
        for row in rows:
            print(f"{i}\t{row}")


def main():
    data = Data(sys.argv[1])
    if "--check" in sys.argv:
        check(data)
    else:
        write(data.train(numpy.array([not is_held_out(page) for page in data.page])), data.names)


main()
