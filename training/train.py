#!/usr/bin/env python3
"""Trains the weights of event kinds on labelled articles: `[[test]]` tables in TOML, lines of labelled sentences, or JSON lines.

    training/train.py --kind leader-call ARTICLES ... [--test ARTICLES ...] [--folds 5] [--show] [--write]

Each telling of an event in an article (`cargo run --example tellings`) is a bag of features. The tellings of one event in one
article form a group that is judged by its best telling; the group is right if the article reports that event as new. Logistic
regression on the best tellings, found anew with each round's weights (Andrews et al., "Support vector machines for
multiple-instance learning", 2002). One more feature is the article's gist: what its words as a whole say, by a logistic
regression of its own, which in training has not seen the article (Wolpert, "Stacked generalization", 1992). Needs scikit-learn.
Prints the weights as TOML, or writes them into the kind's pack.
"""
import argparse, collections, json, math, pathlib, random, re, subprocess, sys, tomllib

import numpy, scipy.sparse
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

MARK = "# What each feature of a telling weighs: made by training/train.py from the labelled articles beside it; a telling is news above zero."
LEAST = 5  # a feature seen less often says nothing
SHORT_WEIGHS = 0.3  # what a lone sentence weighs, of an article
OTHERS_WEIGH = 0.5  # what all tellings of a group without news weigh beside its best one
ROUNDS = 5
LONE = "a lone sentence"  # half of them are news, which is more than of articles: a weight of its own, left out of the pack
BLOCK = 8  # neighbours in a file are told alike and stay in one fold
GIST = "the gist"
GIST_FOLDS = 4
GIST_STRENGTH = 10
GIST_WORDS = 4000  # as many words as are kept, the weightiest
HEADLINE, SHORTEST = 2, 20  # as in events/gist.rs
STANDING = re.compile(r"^(at:|title|lead|days:|when:.*\+(title|lead|early|late)|.*\+(title|lead|early|late)$)")
ROOT = pathlib.Path(__file__).resolve().parent.parent


def load(path):
    path = pathlib.Path(path)
    if path.suffix == ".jsonl":
        articles = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        for a in articles:
            a["gold"] = [dict(e, kind=e["kind"].replace("_", "-")) for e in a["events"] if e["status"] == "occurred"]
            a["either"] = re.findall(r"\[also-ok: *([^\]]*)\]", a.get("note", ""))
        return articles
    if path.suffix == ".txt":
        return sentences(path)
    tests = tomllib.loads(path.read_text(encoding="utf-8"))["test"]
    return [{"id": f"{path.stem}-{n}", "outlet": t.get("outlet", ""), "published": str(t["published"]), "title": t.get("title", ""), "text": t.get("text", ""),
             "lang": t.get("lang"), "gold": [dict(e, kind=e["rule"]) for e in t.get("expect", [])], "either": [], "note": t.get("name", "")} for n, t in enumerate(tests)]


# who leads what on the day sentences are published: id, surname, full name, office, adjective, capital, country, code
CAST = [row.split(", ") for row in """trump, Trump, Donald Trump, American president, American, Washington, the United States, us
xi, Xi, Xi Jinping, Chinese president, Chinese, Beijing, China, cn
putin, Putin, Vladimir Putin, Russian president, Russian, Moscow, Russia, ru
macron, Macron, Emmanuel Macron, French president, French, Paris, France, fr
starmer, Starmer, Keir Starmer, British prime minister, British, London, Britain, gb
zelenskyy, Zelensky, Volodymyr Zelensky, Ukrainian president, Ukrainian, Kyiv, Ukraine, ua
erdogan, Erdogan, Recep Tayyip Erdogan, Turkish president, Turkish, Ankara, Turkey, tr
modi, Modi, Narendra Modi, Indian prime minister, Indian, New Delhi, India, in
merz, Merz, Friedrich Merz, German chancellor, German, Berlin, Germany, de
meloni, Meloni, Giorgia Meloni, Italian prime minister, Italian, Rome, Italy, it
albanese, Albanese, Anthony Albanese, Australian prime minister, Australian, Canberra, Australia, au
carney, Carney, Mark Carney, Canadian prime minister, Canadian, Ottawa, Canada, ca
sheinbaum, Sheinbaum, Claudia Sheinbaum, Mexican president, Mexican, Mexico City, Mexico, mx
lula, Lula, Luiz Inácio Lula da Silva, Brazilian president, Brazilian, Brasília, Brazil, br
netanyahu, Netanyahu, Benjamin Netanyahu, Israeli prime minister, Israeli, Jerusalem, Israel, il
ramaphosa, Ramaphosa, Cyril Ramaphosa, South African president, South African, Pretoria, South Africa, za
tusk, Tusk, Donald Tusk, Polish prime minister, Polish, Warsaw, Poland, pl
ishiba, Ishiba, Shigeru Ishiba, Japanese prime minister, Japanese, Tokyo, Japan, jp""".splitlines()]
OTHERS = ["Peter Lindqvist", "Maria Santos", "Tomasz Wrona", "Amara Okoye", "Helen Brandt"]
GOODS = ["steel", "copper", "soybeans", "cars", "solar panels", "beef", "furniture", "fertiliser", "wine", "batteries", "timber", "rice", "shoes", "glass"]
PUBLISHED = "2025-06-05"
DAYS = [("on Thursday", "On Thursday", "Thursday's"), ("on Wednesday", "On Wednesday", "Wednesday's"), ("today", "Today", "today's"), ("yesterday", "Yesterday", "yesterday's")]
TOMORROW = ["tomorrow", "on Friday"]
SLOT = re.compile(r"\{(\w+)\}")


KINDS = {"t": "tariff-change", "e": "export-control-change", "r": "restriction-change", "c": "leader-call", "m": "leader-meeting"}
LINE = re.compile(r"(-|(?:\+[a-z]?)+) (.*?)((?: \+[A-C]{2,3})*)(?: \[([a-z -]+)\])?$")


def sentences(path):
    """`+ sentence` or `- sentence` with slots, told twice with other people; `+AB +AC` behind it says who if not A and B, `+t` which kind, `[ids]` who if no slots do."""
    kind, _, lang = path.stem.partition(".")
    lines = path.read_text(encoding="utf-8").splitlines()
    world = {"cast": CAST, "days": DAYS, "tomorrow": TOMORROW, "goods": GOODS, "others": OTHERS}
    for name, _, values in (line[1:].partition(" ") for line in lines if line.startswith("@")):
        rows = [row.strip() for row in values.split("|")]
        world[name] = [tuple(row.split(", ")) for row in rows] if name in ("cast", "days") else rows
    marked = [(n, LINE.match(line.strip())) for n, line in enumerate(lines) if line[:1] in "+-" and line.strip()]
    return [sentence(f"{path.stem}-{n}-{turn}", kind, lang or "en", line, world, random.Random(f"{line[0]}{turn}")) for n, line in marked for turn in range(2)]


def sentence(name, kind, lang, line, world, dice):
    mark, text, parties, named = line.groups()
    cast = dice.sample(world["cast"], 3)
    on, On, possessive = dice.choice(world["days"])
    values = {"on": on, "On": On, "On_poss": possessive, "tomorrow": dice.choice(world["tomorrow"]), "today": world["days"][0][2],
              "D": dice.choice(world["others"]), "goods": dice.choice(world["goods"]), "rate": str(dice.choice([10, 15, 25, 30, 40, 50, 100]))}
    for letter, row in zip("ABC", cast):
        values |= dict(zip((letter + part for part in ("", "F", "t", "n", "cap", "c")), row[1:7]))
    text = SLOT.sub(lambda slot: values.get(slot[1], slot[0]), text)
    text = text[:1].upper() + text[1:]
    title, _, body = text.rpartition("##") if "##" in text else ("", "", text)
    if mark == "-":
        gold = []
    elif kind.startswith("measures"):
        gold = [{"kind": KINDS[letter], "imposer": named or cast[0][7]} for letter in mark.split("+")[1:]]
    elif named:
        gold = [{"kind": kind, "actors": sorted(named.split())}]
    else:
        gold = [{"kind": kind, "actors": sorted(cast["ABC".index(letter)][0] for letter in party)} for party in parties.replace("+", "").split() or ["AB"]]
    return {"id": name, "outlet": "", "published": f"{PUBLISHED}T18:00:00Z", "title": title.strip(), "text": body.strip(), "lang": lang, "gold": gold,
            "either": [], "note": line[0][:60], "short": not kind.startswith("ordinary")}


def tellings(articles, binary, config):
    lines = "".join(json.dumps({k: a.get(k) for k in ("id", "outlet", "published", "title", "text", "lang")}) + "\n" for a in articles)
    done = subprocess.run([binary, config], input=lines, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    words = {t["article"]: [w for w in t["title"] * HEADLINE + t["body"] if not w[:1].isdigit()] for t in told if "kind" not in t}
    lengths = {t["article"]: len(t["title"]) * HEADLINE + len(t["body"]) for t in told if "kind" not in t}
    for a in articles:
        a["words"], a["length"] = words.get(a["id"], []), lengths.get(a["id"], 0)
    return [t for t in told if "kind" in t]


def blocks(articles):
    found = [articles[n:n + BLOCK] for n in range(0, len(articles), BLOCK)]
    random.Random(7).shuffle(found)
    return found


def gist(articles, kind):
    """What each word weighs, from whole articles: times `1 + ln occurrences`, over the root of the length, all summed."""
    counter = CountVectorizer(analyzer=lambda words: words, min_df=2)
    counts = counter.fit_transform([a["words"] for a in articles]).astype(float)
    rarity = numpy.log((1 + counts.shape[0]) / (1 + numpy.asarray((counts > 0).sum(0)).ravel())) + 1
    counts.data = 1 + numpy.log(counts.data)
    scale = 1 / numpy.sqrt([max(a["length"], SHORTEST) for a in articles])
    matrix = scipy.sparse.diags(scale) @ counts @ scipy.sparse.diags(rarity / 4)
    told = [any(e["kind"] == kind for e in a["gold"]) for a in articles]
    model = LogisticRegression(C=GIST_STRENGTH, solver="liblinear", max_iter=3000).fit(matrix, told)
    weights = dict(zip(counter.get_feature_names_out(), model.coef_[0] * rarity / 4))
    kept = sorted(weights, key=lambda word: -abs(weights[word]))[:GIST_WORDS]
    return {word: weights[word] for word in kept}


def gists(articles, weights):
    found = {}
    for a in articles:
        times = collections.Counter(a["words"])
        found[a["id"]] = sum(weights.get(w, 0.0) * (1 + math.log(n)) for w, n in times.items()) / math.sqrt(max(a["length"], SHORTEST))
    return found


def unseen_gists(articles, kind):
    """The gist of each article by the words of the others; sentences have none, and get what is usual."""
    whole = [a for a in articles if not a.get("short")]
    found = {}
    for fold in range(GIST_FOLDS):
        out = [a for block in blocks(whole)[fold::GIST_FOLDS] for a in block]
        ids = {a["id"] for a in out}
        found |= gists(out, gist([a for a in whole if a["id"] not in ids], kind))
    usual = float(numpy.median(list(found.values())))
    return {a["id"]: found.get(a["id"], usual) for a in articles}


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
        if t["kind"] == kind and t["article"] in by_id:
            # where a lone sentence stands says nothing
            short = by_id[t["article"]].get("short")
            found.setdefault((t["article"], tuple(t["key"])), []).append(
                [LONE, *(f for f in t["features"] if not STANDING.match(f))] if short else t["features"])
    rows = [(aid, key, bags, label(by_id[aid], kind, key)) for (aid, key), bags in found.items()]
    return [row for row in rows if row[3] is not None]


def best(bags, w, gist=0.0):
    return max((w["bias"] + w.get(GIST, 0.0) * gist + sum(w.get(f, 0.0) for f in bag), i) for i, bag in enumerate(bags))


def train(rows, gists, strength, positive, short=frozenset()):
    counts = collections.Counter(f for _, _, bags, _ in rows for bag in bags for f in bag)
    vectors = DictVectorizer()
    matrix = vectors.fit_transform([{f: 1 for f in bag if counts[f] >= LEAST} | {GIST: gists[aid]} for aid, _, bags, _ in rows for bag in bags])
    starts = numpy.cumsum([0] + [len(bags) for _, _, bags, _ in rows])
    y = numpy.array([row[3] for row in rows])
    # the first round takes the first telling that stands highest: tellings come in the order of the article
    chosen = starts[:-1].copy()
    owner = numpy.repeat(numpy.arange(len(y)), numpy.diff(starts))
    beside = numpy.where(y[owner] == 0, OTHERS_WEIGH / numpy.diff(starts)[owner], 0.0)
    share = numpy.array([SHORT_WEIGHS if row[0] in short else 1.0 for row in rows])
    beside *= share[owner]
    for _ in range(ROUNDS):
        weight = beside.copy()
        weight[chosen] = numpy.where(y == 1, positive, 1.0) * share
        told = weight > 0
        model = LogisticRegression(C=strength, solver="liblinear", max_iter=500).fit(matrix[told], y[owner][told], sample_weight=weight[told])
        scores = model.decision_function(matrix)
        chosen = numpy.array([a + int(numpy.argmax(scores[a:b])) for a, b in zip(starts[:-1], starts[1:])])
    w = dict(zip(vectors.get_feature_names_out(), model.coef_[0]))
    w["bias"] = model.intercept_[0]
    return w


def measure(rows, gists, articles, kind, w, show):
    fired = {aid for aid, _, bags, _ in rows if best(bags, w, gists[aid])[0] > 0}
    gold = {a["id"] for a in articles if any(e["kind"] == kind for e in a["gold"])}
    fired -= {a["id"] for a in articles if kind in a["either"] and a["id"] not in gold}
    tp = len(fired & gold)
    p, r = tp / max(len(fired), 1), tp / max(len(gold), 1)
    told = {aid for aid, *_ in rows}
    print(f"# {kind}: articles {len(articles)} gold {len(gold)} fired {len(fired)} P {p:.3f} R {r:.3f} F1 {2*p*r/max(p+r,1e-9):.3f}; gold without any telling {len(gold-told)}", file=sys.stderr)
    if show:
        by_id = {a["id"]: a for a in articles}
        for what, ids in (("MISSED", gold - fired), ("WRONG", fired - gold)):
            for aid in sorted(ids):
                print(f"  {what} {aid} {by_id[aid]['lang']} {by_id[aid]['title']} | {by_id[aid].get('note')}", "" if aid in told else "| no telling", file=sys.stderr)
                for a, key, bags, y in rows:
                    if a == aid and y == (what == "MISSED"):
                        score, i = best(bags, w, gists[a])
                        parts = sorted(((round(w.get(f, 0), 1), f) for f in bags[i]), key=lambda p: -abs(p[0]))
                        print("       ", "+".join(key), round(score, 1), "; ".join(f"{f} {v}" for v, f in parts[:16]), file=sys.stderr)


def learn(rows, articles, kind, strength, positive):
    """The weights of features and those of words, the latter as much as the former make of them."""
    short = {a["id"] for a in articles if a.get("short")}
    w = train(rows, unseen_gists(articles, kind), strength, positive, short)
    share = w.pop(GIST, 0.0)
    return w | {GIST: 1.0}, {word: weight * share for word, weight in gist([a for a in articles if not a.get("short")], kind).items()}


def judged_by_others(rows, articles, kind, folds, strength, positive):
    """Each article judged by weights of the others."""
    held = []
    for fold in range(folds):
        out = {a["id"] for block in blocks(articles)[fold::folds] for a in block}
        w, words = learn([r for r in rows if r[0] not in out], [a for a in articles if a["id"] not in out], kind, strength, positive)
        seen = gists([a for a in articles if a["id"] in out], words)
        held += [(aid, key, [["held"]] if best(bags, w, seen[aid])[0] > 0 else [["not"]], y) for aid, key, bags, y in rows if aid in out]
    return held, {"bias": 0, "held": 1, "not": -1}


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--kind", required=True)
    ap.add_argument("--strength", type=float, default=0.2, help="how little weights are held towards zero")
    ap.add_argument("--positive", type=float, default=1.3, help="how much worse a missed event is than a false one")
    ap.add_argument("--test", nargs="*", default=[])
    ap.add_argument("--folds", type=int, default=0)
    ap.add_argument("--show", action="store_true")
    ap.add_argument("--write", action="store_true", help="put the weights into the kind's pack")
    ap.add_argument("--binary", default=str(ROOT / "target/debug/examples/tellings"))
    ap.add_argument("--config", default=str(ROOT / "config/wirewatch.toml"))
    ap.add_argument("files", nargs="+")
    a = ap.parse_args()
    articles = [x for f in a.files for x in load(f)]
    rows = groups(articles, tellings(articles, a.binary, a.config), a.kind)
    nothing = collections.defaultdict(float)
    if a.folds:
        print(f"# {a.folds} folds, each judged by the others' weights", file=sys.stderr)
        held, w = judged_by_others(rows, articles, a.kind, a.folds, a.strength, a.positive)
        measure(held, nothing, articles, a.kind, w, a.show)
        whole = [x for x in articles if not x.get("short")]
        measure([r for r in held if r[0] in {x["id"] for x in whole}], nothing, whole, a.kind, w, False)
    w, words = learn(rows, articles, a.kind, a.strength, a.positive)
    for path in a.test:
        tested = load(path)
        print("#", path, file=sys.stderr)
        told = groups(tested, tellings(tested, a.binary, a.config), a.kind)
        measure(told, gists(tested, words), tested, a.kind, w, a.show)
    if a.write:
        pack = ROOT / "config/packs/events" / f"{a.kind}.toml"
        kept = pack.read_text(encoding="utf-8").split(MARK)[0].rstrip()
        tables = [table(f"[events.{a.kind}.weights]", {f: v for f, v in w.items() if f not in (LONE, GIST)}), table(f"[events.{a.kind}.gist]", words)]
        pack.write_text("\n\n".join([kept, MARK + "\n" + tables[0], tables[1]]) + "\n", encoding="utf-8")


def table(name, weights):
    return "\n".join([name] + [f"{json.dumps(f, ensure_ascii=False)} = {v:.2f}" for f, v in sorted(weights.items()) if abs(v) >= 0.02])


if __name__ == "__main__":
    main()
