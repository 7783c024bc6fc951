#!/usr/bin/env python3
"""Learns src/strip/rules/weights.tsv from labelled pages.

Usage: pip install numpy==2.4.6 scipy==1.17.1 && cargo build --release --example strip-features
       python3 tools/strip/train.py [--cv] [--held=FOLDER] [--worst] [--write] FEATURES_BINARY FOLDER...

A folder holds NAME.txt with NAME.labels beside it (K keep, D drop, M metadata, B blank, X not scored). Each
page is learnt three times: as it is; cleaned (its K lines alone), so that a clean page stays clean; and with the
header and the footer of other pages, so that no kind of article belongs to a kind of furniture.

The model is a chain over the lines that are not blank, with the parts header, body, insert, footer. K is body;
D is one of the others; M and X may be any. What is maximised is the probability of those sequences that the
labels allow, with a margin (a K line lost costs more than a D line left) and an L2 penalty. The weights of
header, insert and footer share a common part, with a penalty of its own, and differ as far as the data insist.
--cv prints the scores of five-fold cross-validation (pages that share lines of furniture are in one fold),
--held=FOLDER those of a folder that nothing was learnt from, --worst also the pages with the lowest.
"""
import pathlib
import random
import subprocess
import sys
import unicodedata

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

PARTS = 4  # header, body, insert, footer
ALLOWED = [(0, 0), (0, 1), (1, 1), (1, 2), (1, 3), (2, 2), (2, 1), (3, 3)]
NEVER = -1e6
SHARED_L2, OWN_L2, STEP_L2 = 0.4, 1.6, 0.05
LOSS_COST, LEFT_COST = 2.5, 0.7
MIXED_WEIGHT = 0.5
SEED_WEIGHT = 4.0
MAX_LINES = 320  # of a longer page the middle is left out
WEIGHT_LINES = 40  # a page of more lines weighs as one of so many
SOLID = set()  # numbers of the features that running text must have to be held
PROSE_FREE = set()  # numbers of the features that only lines that are no running text have
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def size(text):
    return sum(not c.isspace() for c in unicodedata.normalize("NFKC", text))


class Doc:
    def __init__(self, name, lines, labels, weight=1.0):
        self.name, self.lines, self.labels, self.weight = name, lines, labels, weight


def load(folders):
    docs = []
    for folder in folders:
        for path in sorted(pathlib.Path(folder).glob("*.txt")):
            labels_path = path.with_suffix(".labels")
            if not labels_path.exists():
                continue
            lines = path.read_text("utf-8").split("\n")
            labels = labels_path.read_text("utf-8").split()
            lines = (lines + [""] * len(labels))[: len(labels)]
            weight = SEED_WEIGHT if path.parent.name == "seeds" else 1.0
            docs.append(Doc(f"{path.parent.name}/{path.stem}", lines, labels, weight))
    return docs


def cleaned(doc):
    kept = [(l, "K") for l, y in zip(doc.lines, doc.labels) if y in "K"]
    title = [i for i, y in enumerate(doc.labels) if y == "M"]
    if not kept:
        return None
    if title and title[0] < 60:
        kept.insert(0, (doc.lines[title[0]], "M"))
    return Doc(doc.name + "#clean", [l for l, _ in kept], [y for _, y in kept], 0.5 * doc.weight)


def segments(doc):
    """Header, body with its title, footer; the body may have D lines inside."""
    keeps = [i for i, y in enumerate(doc.labels) if y == "K"]
    if not keeps:
        return None
    start, end = keeps[0], keeps[-1] + 1
    while start > 0 and doc.labels[start - 1] != "D":
        start -= 1
    while end < len(doc.labels) and doc.labels[end] != "D":
        end += 1
    rows = list(zip(doc.lines, doc.labels))
    return rows[:start], rows[start:end], rows[end:]


def mixed(docs, seed):
    """Each body between the header of another page and the footer of a third; some without one or the other."""
    rng = random.Random(seed)
    parts = [(d, s) for d in docs if (s := segments(d))]
    out = []
    for doc, (_, body, _) in parts:
        head = rng.choice(parts)[1][0] if rng.random() < 0.85 else []
        foot = rng.choice(parts)[1][2] if rng.random() < 0.85 else []
        rows = head + body + foot
        out.append(Doc(doc.name + "#mixed", [l for l, _ in rows], [y for _, y in rows], MIXED_WEIGHT))
    return out


def featurise(binary, docs):
    text = "\f".join("\n".join(line.replace("\f", " ") for line in d.lines) for d in docs)
    out = subprocess.run([binary], input=text.encode(), capture_output=True, check=True).stdout.decode()
    for doc, page in zip(docs, out.split("\f")):
        rows = page.split("\n")
        names = rows[0].split(" ")
        doc.rows = [(i, [int(f) for f in rows[i + 1].split()]) for i in range(len(doc.lines)) if rows[i + 1].strip()]
    return names


class Batch:
    """Pages side by side, padded."""

    def __init__(self, docs, n_features):
        self.docs, self.n = docs, n_features
        self.len = [len(d.rows) for d in docs]
        steps = max(self.len)
        self.shape = (len(docs), steps)
        row, column = [], []
        self.mask = np.zeros(self.shape, bool)
        self.allow = np.zeros((*self.shape, PARTS))
        self.cost = np.zeros((*self.shape, PARTS))
        self.weight = np.array([d.weight * min(1.0, WEIGHT_LINES / max(1, len(d.rows))) for d in docs])
        for n, d in enumerate(docs):
            for t, (i, features) in enumerate(d.rows):
                self.mask[n, t] = True
                label = d.labels[i]
                if label == "K":
                    self.allow[n, t] = [NEVER, 0, NEVER, NEVER]
                    self.cost[n, t] = [LOSS_COST, 0, LOSS_COST, LOSS_COST]
                elif label == "D":
                    self.allow[n, t] = [0, NEVER, 0, 0]
                    self.cost[n, t] = [0, LEFT_COST, 0, 0]
                row += [n * steps + t] * len(features)
                column += features
        size = (len(docs) * steps, n_features)
        self.features = csr_matrix((np.ones(len(row)), (row, column)), shape=size)

    def emissions(self, weights):
        return (self.features @ weights).reshape(*self.shape, PARTS)

    def chain(self, e, steps, start, end):
        """Log of the sum over sequences, and the expected parts and steps."""
        docs, length = self.shape
        alpha = np.zeros((length, docs, PARTS))
        alpha[0] = start + e[:, 0]
        for t in range(1, length):
            m = alpha[t - 1][:, :, None] + steps[None]
            top = m.max(1)
            new = top + np.log(np.exp(m - top[:, None]).sum(1)) + e[:, t]
            alpha[t] = np.where(self.mask[:, t, None], new, alpha[t - 1])
        last = alpha[-1] + end
        top = last.max(1)
        z = top + np.log(np.exp(last - top[:, None]).sum(1))
        beta = np.zeros((length, docs, PARTS))
        beta[-1] = end
        pair = np.zeros((docs, PARTS, PARTS))
        for t in range(length - 1, 0, -1):
            m = steps[None] + (e[:, t] + beta[t])[:, None, :]
            top = m.max(2)
            new = top + np.log(np.exp(m - top[:, :, None]).sum(2))
            live = self.mask[:, t]
            p = np.exp(alpha[t - 1][:, :, None] + m - z[:, None, None])
            pair += np.where(live[:, None, None], p, 0)
            beta[t - 1] = np.where(live[:, None], new, beta[t])
        node = np.exp(alpha + beta - z[None, :, None]).transpose(1, 0, 2) * self.mask[:, :, None]
        first = np.exp(alpha[0] + beta[0] - z[:, None])
        final = np.exp(last - z[:, None])
        return z, node, pair, first, final


def unpack(x, n):
    shared, own = x[:n], x[n : n + 3 * n].reshape(n, 3)
    weights = np.zeros((n, PARTS))
    for k, part in enumerate((0, 2, 3)):
        weights[:, part] = shared + own[:, k]
    rest = x[4 * n :]
    steps = np.full((PARTS, PARTS), NEVER)
    for value, (a, b) in zip(rest, ALLOWED):
        steps[a, b] = value
    s = rest[len(ALLOWED) :]
    start = np.array([s[0], s[1], NEVER, NEVER])
    end = np.array([s[2], s[3], NEVER, s[4]])
    return weights, steps, start, end


def train(docs, n, x0=None, iterations=80):
    docs = sorted(docs, key=lambda d: len(d.rows))
    batches, bound = [], 0
    while bound < len(docs):
        limit = max(24, 1.6 * len(docs[bound].rows))
        group = [d for d in docs[bound:] if len(d.rows) <= limit]
        batches.append(Batch(group, n))
        bound += len(group)
    size_x = 4 * n + len(ALLOWED) + 5

    def objective(x):
        weights, steps, start, end = unpack(x, n)
        value, g = 0.0, np.zeros(size_x)
        for batch in batches:
            e = batch.emissions(weights)
            free = batch.chain(e + batch.cost, steps, start, end)
            held = batch.chain(e + batch.allow, steps, start, end)
            w = batch.weight
            value += float((w * (free[0] - held[0])).sum())
            node = (free[1] - held[1]) * w[:, None, None]
            pair = ((free[2] - held[2]) * w[:, None, None]).sum(0)
            first = ((free[3] - held[3]) * w[:, None]).sum(0)
            final = ((free[4] - held[4]) * w[:, None]).sum(0)
            own = (batch.features.T @ node.reshape(-1, PARTS))[:, [0, 2, 3]]
            g[:n] += own.sum(1)
            g[n : 4 * n] += own.ravel()
            g[4 * n : 4 * n + len(ALLOWED)] += [pair[a, b] for a, b in ALLOWED]
            g[4 * n + len(ALLOWED) :] += [first[0], first[1], final[0], final[1], final[3]]
        l2 = np.concatenate([np.full(n, SHARED_L2), np.full(3 * n, OWN_L2), np.full(len(ALLOWED) + 5, STEP_L2)])
        return value + 0.5 * float((l2 * x * x).sum()), g + l2 * x

    x0 = np.zeros(size_x) if x0 is None else x0
    return minimize(objective, x0, jac=True, method="L-BFGS-B", options={"maxiter": iterations}).x


def decode(doc, x, n):
    """The best sequence; with running text held if too much of it would go, as src/strip/page.rs does it."""
    weights, steps, start, end = unpack(x, n)
    plain = np.array([weights[f].sum(0) for _, f in doc.rows])
    prose = np.array([not PROSE_FREE & set(f) and bool(SOLID & set(f)) for _, f in doc.rows])
    chars = np.array([size(doc.lines[i]) for i, _ in doc.rows])
    own = plain[:, [0, 2, 3]].max(1) - plain[:, 1]
    for bonus in (0, 2, 4, 8, 16):
        e = plain.copy()
        e[:, 1] += bonus * prose
        parts = best(e, steps, start, end)
        gone = np.array(parts) != 1
        lost = (chars * (prose & gone & (own < 1.0))).sum()
        left = (chars * (prose & ~gone)).sum()
        if lost * 3 <= lost + left:
            break
    return parts


def best(e, steps, start, end):
    score, back = start + e[0], []
    for t in range(1, len(e)):
        m = score[:, None] + steps
        back.append(m.argmax(0))
        score = m.max(0) + e[t]
    at = int((score + end).argmax())
    parts = [at]
    for b in reversed(back):
        at = int(b[at])
        parts.append(at)
    return parts[::-1]


def scores(docs, decoded):
    f1s, lost, kept_k, left, all_d, big = [], 0, 0, 0, 0, 0
    worst = []
    for doc, parts in zip(docs, decoded):
        kk = kd = ak = ad = 0
        for (i, _), part in zip(doc.rows, parts):
            c = size(doc.lines[i])
            if doc.labels[i] == "K":
                ak += c
                kk += c * (part == 1)
            elif doc.labels[i] == "D":
                ad += c
                kd += c * (part == 1)
        p = kk / (kk + kd) if kk + kd else 1.0
        r = kk / ak if ak else 1.0
        f = 2 * p * r / (p + r) if p + r else 0.0
        if ak == 0:
            f = 1.0 if kd == 0 else 0.0
        f1s.append(f)
        worst.append((f, doc.name, round(1 - r, 3), kd))
        lost, kept_k, left, all_d = lost + ak - kk, kept_k + ak, left + kd, all_d + ad
        big += ak > 0 and kk < 0.95 * ak
    text = (f"F1 {np.mean(f1s):.3f}  loss {100 * lost / max(1, kept_k):.2f} %  left {100 * left / max(1, all_d):.1f} %"
            f"  >5 %: {big} of {len(docs)}")
    return text, sorted(worst)


def trim(doc):
    if len(doc.rows) > MAX_LINES:
        half = MAX_LINES // 2
        short = Doc(doc.name, doc.lines, doc.labels, doc.weight)
        short.rows = doc.rows[:half] + doc.rows[-half:]
        return short
    return doc


def folds(docs, k=5):
    owner, parent = {}, list(range(len(docs)))

    def find(i):
        while parent[i] != i:
            i = parent[i]
        return i

    for n, d in enumerate(docs):
        shared = {}
        for line, label in zip(d.lines, d.labels):
            if label == "D" and len(line.strip()) >= 6:
                other = owner.setdefault(line.strip(), n)
                shared[other] = shared.get(other, 0) + 1
        for other, count in shared.items():
            if count >= 3 and find(other) != find(n):
                parent[find(n)] = find(other)
    groups = {}
    for n in range(len(docs)):
        groups.setdefault(find(n), []).append(n)
    out = [[] for _ in range(k)]
    for group in sorted(groups.values(), key=lambda g: (-len(g), g)):
        min(out, key=len).extend(group)
    return out


def report(title, docs, decoded):
    print(title)
    for folder in sorted({d.name.split("/")[0] for d in docs}):
        own = [n for n, d in enumerate(docs) if d.name.split("/")[0] == folder]
        text, worst = scores([docs[n] for n in own], [decoded[n] for n in own])
        print(f"  {folder:14} {text}")
        if "--worst" in sys.argv:
            for row in worst[:14]:
                print("      %.3f %s loss %.3f left %d" % row)


def main():
    args = [a for a in sys.argv[1:] if not a.startswith("--")]
    binary, folders = args[0], args[1:]
    docs = load(folders)
    copies = [cleaned(d) for d in docs]
    known = [c for c in copies if c]
    names = featurise(binary, docs + known)
    SOLID.update(i for i, name in enumerate(names) if name in ("end=stop", "length=161+"))
    PROSE_FREE.update(i for i, name in enumerate(names) if name.startswith("prose-above="))
    n = len(names)
    if "--cv" in sys.argv:
        decoded, clean = [None] * len(docs), {}
        for fold in folds(docs):
            held = set(fold)
            part = [trim(d) for i, d in enumerate(docs) if i not in held and d.rows]
            part += [trim(c) for i, c in enumerate(copies) if c and i not in held]
            more = mixed([d for i, d in enumerate(docs) if i not in held], 1)
            featurise(binary, more)
            part += [trim(d) for d in more if d.rows]
            x = train(part, n)
            for i in fold:
                decoded[i] = decode(docs[i], x, n)
                if copies[i]:
                    clean[i] = decode(copies[i], x, n)
        report("cross-validated, one round", docs, decoded)
        keys = sorted(clean)
        report("cross-validated, cleaned pages", [copies[i] for i in keys], [clean[i] for i in keys])
    for held in [a[7:] for a in sys.argv if a.startswith("--held=")]:
        part = [d for d in docs if not d.name.startswith(held)]
        more = mixed(part, 1)
        featurise(binary, more)
        part += [c for c in known if not c.name.startswith(held)] + more
        x = train([trim(d) for d in part if d.rows], n)
        rest = [d for d in docs if d.name.startswith(held)]
        report(f"held out: {held}", rest, [decode(d, x, n) for d in rest])
    if "--write" in sys.argv:
        more = mixed(docs, 1)
        featurise(binary, more)
        x = train([trim(d) for d in docs + known + more if d.rows], n, iterations=120)
        report("on the training pages", docs, [decode(d, x, n) for d in docs])
        weights, steps, start, end = unpack(x, n)
        cent = lambda row: "\t".join(str(max(-100000000, round(100 * v))) for v in row)
        rows = ["# Weights of the features for header, body, insert and footer, in hundredths of a nat.",
                "# Generated by tools/strip/train.py; do not edit."]
        rows += [f"start\t{cent(start)}", f"end\t{cent(end)}"]
        rows += [f"from {part}\t{cent(steps[i])}" for i, part in enumerate(("header", "body", "insert", "footer"))]
        rows += [f"{name}\t{cent(w)}" for name, w in zip(names, weights)]
        (ROOT / "src/strip/rules/weights.tsv").write_text("\n".join(rows) + "\n", "utf-8")


if __name__ == "__main__":
    main()
