#!/usr/bin/env python3
"""What the checker of edit formats costs: 1 MB of answer against 5 MB of files, in each format.

    scripts/build.sh release contract_check && bench/contract_cost.py

and JSON against a schema, 540 KB of it. Prints the median and the 99th percentile of the rounds, in ms of CPU, and judges nothing. `detect`
is once a request: it finds the files and makes their index; `check` is once a candidate; `both` is
what a request with one candidate takes. Rows with a comma are made to cost the most: every line of
the answer and of the files is the same; the schema's `enum` is as long as the answer.
"""

import argparse
import json
import statistics
import subprocess

FILES = 10
DEVELOPER = "Act as an expert software developer.\n"
BLOCKS = "# *SEARCH/REPLACE block* Rules:\n"
PROMPTS = {
    "diff": BLOCKS + "1. The *FULL* file path alone on a line\n",
    "udiff": "# File editing rules:\nReturn edits similar to unified diffs\n",
    "whole": "To suggest changes to a file you MUST return the entire content\n"
    "You MUST use this *file listing* format:\n",
    "patch": "# V4A Diff Format Rules:\nYour entire response containing the patch MUST start with\n",
}


def line(number):
    return f"    total_{number} = compute(value_{number % 977}, {number})"


def make_files(size):
    """Files of this many bytes in all, no line twice."""
    files, number = {}, 0
    for i in range(FILES):
        lines, length = [], 0
        while length < size // FILES:
            lines.append(line(number))
            length += len(lines[-1]) + 1
            number += 1
        files[f"src/file_{i}.py"] = lines
    return files


def hunks(files, size):
    """Places all over the files, in their order: the path, and three lines."""
    count = size // 350
    for path, lines in files.items():
        step = max(4, len(lines) * FILES // count)
        for at in range(0, len(lines) - 3, step):
            yield path, lines[at : at + 3]


def as_diff(files, size):
    out = []
    for path, (a, b, c) in hunks(files, size):
        out.append(
            f"{path}\n```python\n<<<<<<< SEARCH\n{a}\n{b}\n{c}\n=======\n"
            f"{a}\n{b}  # changed\n{c}\n>>>>>>> REPLACE\n```\n\n"
        )
    return "".join(out)


def as_udiff(files, size):
    out = []
    for path, (a, b, c) in hunks(files, size):
        out.append(
            f"```diff\n--- {path}\n+++ {path}\n@@ ... @@\n {a}\n-{b}\n+{b}  # changed\n {c}\n```\n\n"
        )
    return "".join(out)


def as_patch(files, size):
    out, last = ["*** Begin Patch\n"], None
    for path, (a, b, c) in hunks(files, size):
        if path != last:
            out.append(f"*** Update File: {path}\n")
        last = path
        out.append(f"@@\n {a}\n-{b}\n+{b}  # changed\n {c}\n")
    return "".join([*out, "*** End Patch\n"])


def as_whole(files, size):
    out = []
    for path, lines in files.items():
        if sum(map(len, out)) < size:
            out.append(f"{path}\n```\n" + "\n".join(lines) + "  # changed\n```\n\n")
    return "".join(out)


def request(prompt, files, answer, rounds):
    shown = "I have *added these files to the chat* so you can go ahead and edit them.\n"
    for path, lines in files.items():
        shown += f"\n{path}\n```\n" + "\n".join(lines) + "\n```\n"
    messages = [
        {"role": "system", "content": DEVELOPER + prompt},
        {"role": "user", "content": shown},
        {"role": "user", "content": "Do it."},
    ]
    return {"messages": messages, "answers": [answer] * rounds}


def json_request(schema, answer, rounds):
    return {
        "messages": [{"role": "user", "content": "Do it."}],
        "response_format": {"type": "json_schema", "json_schema": {"schema": schema}},
        "answers": [answer] * rounds,
    }


def records(count):
    """A schema as people write them, and an answer that fits it."""
    properties = {
        "id": {"type": "integer", "minimum": 0},
        "name": {"type": "string", "maxLength": 100},
        "price": {"type": "number"},
        "tags": {"type": "array", "items": {"enum": ["a", "b", "c"]}},
    }
    one = {"type": "object", "required": list(properties), "additionalProperties": False}
    answer = [
        {"id": i, "name": f"item number {i}", "price": i + 0.5, "tags": ["a", "b"]}
        for i in range(count)
    ]
    schema = {"type": "array", "items": {**one, "properties": properties}}
    return schema, json.dumps(answer, separators=(",", ":"))


def percentiles(values):
    """The median and the 99th percentile, as text."""
    values = sorted(values)
    return f"{statistics.median(values):8.1f}{values[int(len(values) * 0.99)]:8.1f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", default="build/bin/contract_check", help="the program")
    parser.add_argument("--rounds", type=int, default=100)
    args = parser.parse_args()
    files = make_files(5_000_000)
    same = {path: ["}"] * 250_000 for path in files}
    size = 1_000_000
    edits = {
        "diff": ("diff", files, as_diff(files, size)),
        "udiff": ("udiff", files, as_udiff(files, size)),
        "patch": ("patch", files, as_patch(files, size)),
        "whole": ("whole", files, as_whole(files, size)),
        "diff, all alike": ("diff", same, as_diff(same, size)),
    }
    cases = {
        name: request(PROMPTS[kind], bodies, answer, 1)
        for name, (kind, bodies, answer) in edits.items()
    }
    numbers = list(range(90_000))
    cases["json"] = json_request(*records(7_800), 1)
    cases["json, all enum"] = json_request(
        {"items": {"enum": numbers}}, json.dumps(numbers, separators=(",", ":")), 1
    )
    columns = ("detect p50 p99", "check p50 p99", "both p50 p99")
    titles = "".join(f"{column:>16}" for column in columns)
    print(f"{'format':16} {'answer':>9}{titles}  verdict")
    for name, case in cases.items():
        lines = [json.dumps(case)] * args.rounds
        out = subprocess.run(
            [args.check], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True
        )
        found = [json.loads(text) for text in out.stdout.splitlines()]
        detect = [one["detect_us"] / 1000 for one in found]
        check = [one["verdicts"][0]["us"] / 1000 for one in found]
        verdict = found[0]["verdicts"][0]
        both = [a + b for a, b in zip(detect, check)]
        print(
            f"{name:16} {len(case['answers'][0]):9}"
            f"{percentiles(detect)}{percentiles(check)}{percentiles(both)}  "
            f"{'usable' if verdict['usable'] else 'unusable'} {verdict['score']} {verdict['why']}"
        )


if __name__ == "__main__":
    main()
