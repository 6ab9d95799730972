"""Whether the form that a request needs is found: a part of `make contracts`.

Conversations of real clients (tests/golden/conversations: how they were recorded is in
tests/contracts/record.py) and variations of them, then conversations that only look like them. Fails
where one is missed, or one is found that is none. Prints each such request's number and seed. With
--counts FILE writes "passed failed skipped" to it.
"""

import argparse
import collections
import json
import lzma
import pathlib
import random
import subprocess
import sys

from lookalikes import Lookalikes
from variations import variation

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "golden"
CLIENTS = ("aider", "opencode", "claude-code")
LEAST_RECORDED = 50


def recorded(client):
    lines = lzma.decompress((GOLDEN / f"conversations/{client}.jsonl.xz").read_bytes()).decode()
    return [json.loads(line) for line in lines.split("\n") if line]


def conversations(random, rows, count):
    """So many of them: the recorded ones, then variations, of every kind as many."""
    by_kind = collections.defaultdict(list)
    for row in rows:
        by_kind[row["contract"], row["side_call"]].append(row)
    kinds = list(by_kind.values())
    # Of each kind in turn, so that few of them are not all of one.
    in_turn = [kind[i] for i in range(max(map(len, kinds))) for kind in kinds if i < len(kind)]
    kept = in_turn[: max(LEAST_RECORDED, count // 2)]
    more = (variation(random, random.choice(kinds[i % len(kinds)])) for i in range(count))
    return [*kept, *(row for _, row in zip(range(count - len(kept)), more))]


def found(program, requests):
    """What the program finds in each: (contract, side call)."""
    text = "".join(json.dumps(request) + "\n" for request in requests)
    done = subprocess.run([program], input=text, capture_output=True, encoding="utf-8", check=True)
    results = map(json.loads, done.stdout.splitlines())
    return [(result["contract"], result["side_call"]) for result in results]


class Report:
    def __init__(self):
        self.passed = self.failed = 0

    def row(self, what, seed, program, rows):
        """One line for these: how many, and how many of them were taken for something else."""
        got = found(program, [row["request"] for row in rows])
        wrong = [
            (i, row, one)
            for i, (row, one) in enumerate(zip(rows, got, strict=True))
            if one != (row["contract"], row["side_call"])
        ]
        print(f"{what:46} {len(rows):6}  {len(wrong)} wrong  seed {seed}")
        for i, row, one in wrong[:20]:
            last = str(row["request"]["messages"][-1]["content"])[:200]
            print(f"WRONG: number {i} is {row['contract']!r}, {row['side_call']!r}; found {one}: {last!r}")
        self.failed += len(wrong)
        self.passed += len(rows) - len(wrong)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", default="build/bin/contract_check", help="the program")
    parser.add_argument("--cases", type=int, default=200, help="of each client; 10 times as many fakes")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of the random")
    parser.add_argument("--counts", type=pathlib.Path, help="file for the counts")
    args = parser.parse_args()
    program = str(pathlib.Path(args.check).resolve())
    source = random.Random(args.seed)
    report = Report()
    everything = []
    for client in CLIENTS:
        rows = recorded(client)
        if len(rows) < LEAST_RECORDED:
            report.failed += 1
            print(f"WRONG: only {len(rows)} requests of {client} were recorded")
        everything += rows
        cases = conversations(source, rows, args.cases)
        report.row(f"requests of {client} {rows[0]['version']}", args.seed, program, cases)
    golden = [json.loads(path.read_text()) for path in sorted((GOLDEN / "side_calls").glob("*.json"))]
    report.row("side calls kept as golden files", "none", program, golden)
    fakes = Lookalikes(source, everything)
    rows = [
        {"contract": "none", "side_call": "", "request": {"messages": fakes.make()}}
        for _ in range(10 * args.cases)
    ]
    report.row("requests that only look like theirs", args.seed, program, rows)
    print(f"{report.passed + report.failed} requests: {report.failed} missed or false")
    if args.counts:
        args.counts.write_text(f"{report.passed} {report.failed} 0\n")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
