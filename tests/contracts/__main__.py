"""Compares our checker of aider's edit formats with aider: `make contracts`.

Made-up edits in every format, whole and broken in many ways, are given to contract_check and to
aider's own code. Prints how often the two agree, and each way in which they do not. Fails where
aider would have applied an answer of a case and the one that we rate best is none of those, where a
contract is not found, and where a graft does not come to the files that it should. With --counts FILE writes "passed failed skipped" to it.
"""

import argparse
import collections
import json
import pathlib
import random
import re
import subprocess
import sys

import answers
import grafts
import oracle
import samples

CANDIDATES = 4
# What we refuse and aider writes: it would spoil the file.
STRICTER = "stricter: "
SPOILS = ("conflict's markers", "left out with `...`", "listing is empty")


class Checker:
    """contract_check, as a filter that stays."""

    def __init__(self, program):
        self.process = subprocess.Popen(
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )

    def __call__(self, messages, candidates):
        self.process.stdin.write(json.dumps({"messages": messages, "answers": candidates}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def contract_of(edit_format):
    return edit_format.removeprefix("editor-")


def best_of(verdicts):
    """The number of the answer that MoM would give: usable, then the best score, then the first."""
    return max(range(len(verdicts)), key=lambda i: (verdicts[i]["usable"], verdicts[i]["score"], -i))


def changed(before, after):
    """The files that are not as they were, as aider reads and writes them."""
    before, after = (
        {path: text and text.replace("\r\n", "\n") for path, text in files.items()}
        for files in (before, after)
    )
    paths = set(before) | set(after)
    return {path: after.get(path) for path in paths if before.get(path) != after.get(path)}


def comparison(verdict, outcome, files, after):
    """One word or two on how a verdict and aider's outcome fit."""
    ours = "usable" if verdict["usable"] else "unusable"
    if outcome == oracle.EDITED and any(words in verdict["why"] for words in SPOILS):
        return STRICTER + next(words for words in SPOILS if words in verdict["why"])
    if (outcome == oracle.REFUSED) == verdict["usable"]:
        reason = re.sub(r"[\w./-]*\d+|\(.*?\)|^[^:]*: ", "", verdict["why"])
        return f"aider: {outcome}, we: {ours} ({reason.strip(' :') or 'nothing wrong'})"
    if outcome != oracle.EDITED or not verdict["usable"]:
        return "agree"
    ours = {p: t for p, t in verdict["changes"].items() if files.get(p) != t}
    return "agree" if changed(files, after) == changed(files, {**files, **ours}) else "other text"


class Corpus:
    def __init__(self, args):
        self.args = args
        self.random = random.Random(args.seed)
        self.aider = oracle.Oracle()
        self.check = Checker(args.check)
        self.kinds = collections.Counter()
        self.files = collections.Counter()
        self.ways = collections.defaultdict(collections.Counter)
        self.examples = {}
        self.failures = []
        self.solvable = 0
        self.grafts = collections.defaultdict(collections.Counter)

    def run(self):
        for number in range(self.args.cases):
            formats, kinds = self.args.formats, self.args.kinds
            kind = kinds[number // len(formats) % len(kinds)]
            self.try_case(formats[number % len(formats)], kind)
        own = [counts for (_, name), counts in self.grafts.items() if name == grafts.OWN]
        if own and not any(counts["grafted"] for counts in own):
            self.failures.append(f"no case of `{grafts.OWN}` was grafted")

    def try_case(self, edit_format, kind):
        self.files[kind] += 1
        files, changes = samples.task(self.random, kind)
        messages = self.aider.messages(edit_format, files)
        good = answers.render(edit_format, changes, files, answers.fence_of(messages))
        ways = self.random.sample(answers.BREAKS, CANDIDATES - 1)
        candidates = [good, *(way(self.random, good, files) for way in ways)]
        names = ["good", *(way.__name__ for way in ways)]
        order = self.random.sample(range(CANDIDATES), CANDIDATES)
        candidates = [candidates[i] for i in order]
        names = [names[i] for i in order]
        found = self.check(messages, candidates)
        if found["contract"] != contract_of(edit_format) or sorted(found["files"]) != sorted(files):
            self.failures.append(f"{edit_format}, {kind}: found {found['contract']} {found['files']}")
            return
        outcomes = [self.aider.apply(edit_format, files, candidate) for candidate in candidates]
        self.try_grafts(edit_format, kind, files, changes, messages)
        self.try_broken(edit_format, kind, files, messages, candidates, outcomes)
        applied = [i for i, (outcome, _, _) in enumerate(outcomes) if outcome == oracle.EDITED]
        self.solvable += bool(applied)
        best = best_of(found["verdicts"])
        wrong = bool(applied) and best not in applied
        for i, verdict in enumerate(found["verdicts"]):
            outcome, said, after = outcomes[i]
            word = comparison(verdict, outcome, files, after)
            self.kinds[edit_format, word] += 1
            self.ways[names[i]][outcome] += 1
            if wrong and i in (best, applied[0]):
                word = "wrong choice: " + ("taken" if i == best else "not taken")
            example = (kind, names[i], files, candidates[i], verdict, said, after)
            self.examples.setdefault((edit_format, word), example)
        if wrong:
            self.failures.append(
                f"{edit_format}, {kind}: took {names[best]} ({found['verdicts'][best]['why']}), "
                f"aider applies {[names[i] for i in applied]} "
                f"({[found['verdicts'][i]['why'] for i in applied]})"
            )

    def try_grafts(self, edit_format, kind, files, changes, messages):
        """Answers of which none applies: what is made of them, by aider, is what was meant."""
        fence = answers.fence_of(messages)
        good = answers.render(edit_format, changes, files, fence)
        for case in grafts.cases(edit_format, changes, files, fence):
            found = self.check(messages, case.answers)
            if any(verdict["usable"] for verdict in found["verdicts"]):
                continue  # this format takes it all the same
            meant = self.aider.apply(edit_format, files, good)[2]
            self.judge_graft(case.name, edit_format, kind, files, found["graft"], case.must_not, meant)

    def try_broken(self, edit_format, kind, files, messages, candidates, outcomes):
        """Answers broken by chance: where they can be grafted, aider has to apply it."""
        broken = [a for a, (outcome, _, _) in zip(candidates, outcomes) if outcome == oracle.REFUSED]
        if len(broken) > 1:
            found = self.check(messages, broken)
            if not any(verdict["usable"] for verdict in found["verdicts"]):
                self.judge_graft("by chance", edit_format, kind, files, found["graft"], False, None)

    def judge_graft(self, name, edit_format, kind, files, graft, must_not, meant):
        counts = self.grafts[edit_format, name]
        counts["cases"] += 1
        if graft is None:
            return
        counts["grafted"] += 1
        outcome, said, after = self.aider.apply(edit_format, files, graft)
        if must_not or outcome != oracle.EDITED or meant not in (None, after):
            counts["wrong"] += 1
            self.failures.append(f"{edit_format}, {kind}: graft ({name}): {outcome} {said}\n{graft}")

    def report(self):
        print("cases by files:", ", ".join(f"{kind} {n}" for kind, n in self.files.items()))
        for way, outcomes in sorted(self.ways.items()):
            counts = ", ".join(f"{outcome} {n}" for outcome, n in sorted(outcomes.items()))
            print(f"{way:20} {sum(outcomes.values()):7}  by aider: {counts}")
        for (edit_format, word), count in sorted(self.kinds.items()):
            print(f"{edit_format:13} {count:7}  {word}")
        total = sum(self.kinds.values())
        agreed = sum(count for (_, word), count in self.kinds.items() if word == "agree")
        stricter = sum(count for (_, word), count in self.kinds.items() if word.startswith(STRICTER))
        print(
            f"{total} answers: {agreed / total:.2%} judged as aider does, {stricter / total:.2%} "
            f"more strictly by rule, {1 - (agreed + stricter) / total:.2%} otherwise"
        )
        for (edit_format, name), counts in sorted(self.grafts.items()):
            print(
                f"{edit_format:13} {counts['cases']:7}  graft, {name}: {counts['grafted']} grafted, "
                f"{counts['wrong']} wrong"
            )
        print(
            f"{self.args.cases} cases: in {self.solvable} aider applies an answer; "
            f"{len(self.failures)} wrong choices"
        )
        for failure in self.failures[:20]:
            print("WRONG:", failure)

    def close(self):
        self.aider.close()
        self.check.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", default="build/bin/contract_check", help="the program")
    parser.add_argument("--cases", type=int, default=700, help="how many; 4 answers each")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of the random")
    parser.add_argument("--formats", nargs="+", default=answers.FORMATS, help="these alone")
    parser.add_argument("--kinds", nargs="+", default=list(samples.KINDS), help="these alone")
    parser.add_argument("--show", help="print the first example of each disagreement with this")
    parser.add_argument("--counts", type=pathlib.Path, help="file for the counts")
    args = parser.parse_args()
    args.check = str(pathlib.Path(args.check).resolve())
    print(f"seed {args.seed}")
    corpus = Corpus(args)
    try:
        corpus.run()
    finally:
        corpus.close()
    corpus.report()
    if args.show:
        for key, example in corpus.examples.items():
            if args.show in " ".join(key):
                kind, name, files, candidate, verdict, said, after = example
                print("=" * 80, key, kind, name, verdict["why"], verdict["score"], sep="\n")
                print("-- answer", candidate, "-- aider says", said, sep="\n")
                for path in {*after, *verdict["changes"]}:
                    ours, theirs = verdict["changes"].get(path, files.get(path)), after.get(path)
                    if ours != theirs:
                        print("-- file", path, repr(files.get(path)), "ours", repr(ours), sep="\n")
                        print("theirs", repr(theirs), sep="\n")
    if args.counts:
        failed = len(corpus.failures)
        args.counts.write_text(f"{args.cases - failed} {failed} 0\n")
    return 1 if corpus.failures else 0


if __name__ == "__main__":
    sys.exit(main())
