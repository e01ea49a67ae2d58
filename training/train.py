#!/usr/bin/env python3
"""Trains the weights of event kinds on labelled articles: `[[test]]` tables in TOML, or JSON lines with `events`.

    training/train.py --kind leader-call [--l2 0.002] ARTICLES.toml|.jsonl ... --test ARTICLES ...

Each telling of an event in an article (`cargo run --release --example tellings`) is a bag of features. The tellings of one event in one
article form a group, whose score is that of its best telling; the group is right if the article reports that event as new.
Logistic loss on the groups, by stochastic gradient descent with L2; no library needed. Prints the weights as TOML, or writes
them into the kind's pack.
"""
import argparse, collections, json, math, pathlib, random, re, subprocess, sys, tomllib

MARK = "# What each feature of a telling weighs: made by training/train.py from the labelled articles beside it; a telling is news above zero."
LEAST = 4  # a feature seen less often says nothing
ROOT = pathlib.Path(__file__).resolve().parent.parent


def load(path):
    if path.endswith(".jsonl"):
        articles = [json.loads(line) for line in open(path, encoding="utf-8") if line.strip()]
        for a in articles:
            a["gold"] = [dict(e, kind=e["kind"].replace("_", "-")) for e in a["events"] if e["status"] == "occurred"]
            a["either"] = re.findall(r"\[also-ok: *([^\]]*)\]", a.get("note", ""))
        return articles
    tests = tomllib.loads(pathlib.Path(path).read_text(encoding="utf-8"))["test"]
    return [{"id": f"{pathlib.Path(path).stem}-{n}", "outlet": t.get("outlet", ""), "published": str(t["published"]), "title": t.get("title", ""), "text": t.get("text", ""),
             "lang": t.get("lang"), "gold": [dict(e, kind=e["rule"]) for e in t.get("expect", [])], "either": [], "note": t.get("name", "")} for n, t in enumerate(tests)]


def tellings(articles, binary, config):
    lines = "".join(json.dumps({k: a.get(k) for k in ("id", "outlet", "published", "title", "text", "lang")}) + "\n" for a in articles)
    done = subprocess.run([binary, config], input=lines, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines()]


def label(article, kind, key):
    gold = [e for e in article["gold"] if e["kind"] == kind]
    if kind in article["either"] and not gold:
        return None
    for e in gold:
        who = set(e.get("actors") or []) or {e.get("imposer")}
        if who == set(key) or (e.get("actors") and len(key) > 1 and (set(key) <= who or who <= set(key))):
            return 1
    return 0


def groups(articles, told, kind):
    by_id = {a["id"]: a for a in articles}
    found = collections.OrderedDict()
    for t in told:
        if t["kind"] == kind:
            found.setdefault((t["article"], tuple(t["key"])), []).append(t["features"])
    rows = []
    for (aid, key), bags in found.items():
        y = label(by_id[aid], kind, key)
        if y is not None:
            rows.append((aid, key, bags, y))
    return rows


def best(bags, w):
    return max(((w["bias"] + sum(w.get(f, 0.0) for f in bag)), i) for i, bag in enumerate(bags))


def descend(rows, l2, epochs, seed, positive):
    rng = random.Random(seed)
    w = collections.defaultdict(float)
    counts = collections.Counter(f for _, _, bags, _ in rows for bag in bags for f in set(bag))
    # start from something sensible, or the first choice of a best telling is blind
    for f, v in {"at:title": .5, "at:lead": .3, "when:recent": .5, "when:old": -1, "when:ahead": -1, "cue:denied": -.5, "cue:planned": -.5, "trigger:strong": .5, "core:strong": .3, "doc-unreal": -1, "doc-look-back": -1}.items():
        w[f] = v
    total, summed = 0, collections.defaultdict(float)
    for epoch in range(epochs):
        rng.shuffle(rows)
        rate = 0.2 / (1 + epoch / 10)
        for _, _, bags, y in rows:
            s, i = best(bags, w)
            g = (1 / (1 + math.exp(-max(-30, min(30, s)))) - y) * (positive if y else 1)
            w["bias"] -= rate * g
            for f in bags[i]:
                if counts[f] >= LEAST:
                    w[f] -= rate * g
        for f in w:
            if f != "bias":
                w[f] *= 1 - rate * l2
        if epoch >= epochs // 2:
            total += 1
            for f, v in w.items():
                summed[f] += v
    return collections.defaultdict(float, {f: v / total for f, v in summed.items()})


def train(rows, l2, epochs, seed, positive=1.6, descents=5):
    """The mean of several descents: which telling of a group is its best depends on where one starts."""
    each = [descend(list(rows), l2, epochs, seed + n, positive) for n in range(descents)]
    return collections.defaultdict(float, {f: sum(w[f] for w in each) / descents for f in {f for w in each for f in w}})


def measure(rows, articles, kind, w, show):
    fired = {aid for aid, _, bags, _ in rows if best(bags, w)[0] > 0}
    gold = {a["id"] for a in articles if any(e["kind"] == kind for e in a["gold"])}
    fired -= {a["id"] for a in articles if kind in a["either"] and a["id"] not in gold}
    tp = len(fired & gold)
    p, r = tp / max(len(fired), 1), tp / max(len(gold), 1)
    told = {aid for aid, *_ in rows}
    print(f"# {kind}: gold {len(gold)} fired {len(fired)} P {p:.3f} R {r:.3f} F1 {2*p*r/max(p+r,1e-9):.3f}; gold without any telling {len(gold-told)}", file=sys.stderr)
    if show:
        by_id = {a["id"]: a for a in articles}
        for what, ids in (("MISSED", gold - fired), ("WRONG", fired - gold)):
            for aid in sorted(ids):
                print(f"  {what} {aid} {by_id[aid]['lang']} {by_id[aid]['title']} | {by_id[aid].get('note')}", "" if aid in told else "| no telling", file=sys.stderr)
                for a, key, bags, y in rows:
                    if a == aid and y == (what == "MISSED"):
                        score, i = best(bags, w)
                        parts = sorted(((round(w.get(f, 0), 1), f) for f in bags[i]), key=lambda p: -abs(p[0]))
                        print("       ", "+".join(key), round(score, 1), " ".join(f"{f}={v}" for v, f in parts[:14]), file=sys.stderr)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--kind", required=True); ap.add_argument("--l2", type=float, default=0.01); ap.add_argument("--epochs", type=int, default=60); ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--test", nargs="*", default=[]); ap.add_argument("--positive", type=float, default=1.6, help="how much worse a missed event is than a false one"); ap.add_argument("--write", action="store_true", help="put the weights into the kind's pack"); ap.add_argument("--folds", type=int, default=0); ap.add_argument("--show", action="store_true")
    ap.add_argument("--binary", default=str(ROOT / "target/debug/examples/tellings")); ap.add_argument("--config", default=str(ROOT / "config/wirewatch.toml"))
    ap.add_argument("files", nargs="+")
    a = ap.parse_args()
    articles = [x for f in a.files for x in load(f)]
    rows = groups(articles, tellings(articles, a.binary, a.config), a.kind)
    w = train(list(rows), a.l2, a.epochs, a.seed, a.positive)
    measure(rows, articles, a.kind, w, False)
    if a.folds:
        ids = sorted({x["id"] for x in articles})
        random.Random(7).shuffle(ids)
        held = []
        for fold in range(a.folds):
            out = set(ids[fold::a.folds])
            model = train([r for r in rows if r[0] not in out], a.l2, a.epochs, a.seed, a.positive)
            held += [(aid, key, [["held"]] if best(bags, model)[0] > 0 else [["not"]], y) for aid, key, bags, y in rows if aid in out]
        print(f"# {a.folds} folds, each judged by the others' weights", file=sys.stderr)
        measure(held, articles, a.kind, collections.defaultdict(float, {"held": 1, "not": -1}), a.show)
    for path in a.test:
        tested = load(path)
        print("#", path, file=sys.stderr)
        measure(groups(tested, tellings(tested, a.binary, a.config), a.kind), tested, a.kind, w, a.show)
    lines = [f"[events.{a.kind}.weights]"] + [f'"{f}" = {v:.2f}' for f, v in sorted(w.items()) if abs(v) >= 0.02]
    if not a.write:
        return print("\n".join(lines))
    pack = ROOT / "config/packs/events" / f"{a.kind}.toml"
    kept = pack.read_text(encoding="utf-8").split(MARK)[0].rstrip()
    pack.write_text(kept + "\n\n" + MARK + "\n" + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
