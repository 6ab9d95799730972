"""Records what real clients ask, for tests/golden/conversations.

    .deps/aider/bin/python tests/contracts/record.py aider
    .deps/aider/bin/python tests/contracts/record.py opencode --program .deps/node/.../opencode
    .deps/aider/bin/python tests/contracts/record.py claude-code --program .../bin/claude

Each client runs without a person, in scratch repositories, against a server on loopback. Names of the
machine, paths and dates are taken out. The file is xz'd JSON lines: tools and instructions, which
most requests share, cost it little.
"""

import argparse
import json
import lzma
import pathlib
import random
import re

GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "golden/conversations"
SCRUBBED = (
    (r"/(?:private/)?tmp/mom-recording-[\w-]+?(?=/|-project|[^\w-]|$)", "/home/user"),
    (r"-tmp-mom-recording-[\w-]+?(?=-project)", "-home-user"),
    (r"Linux[- ]\d[\w.+-]*", "Linux"),
    (r"\b20\d\d-\d\d-\d\d\b", "2026-01-01"),
    (r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} \d\d 20\d\d\b", "Thu Jan 01 2026"),
    (r"(cc_version=[\d.]+)\.\w+", r"\1"),
)


def scrubbed(request):
    text = json.dumps(request, ensure_ascii=False)
    for pattern, by in SCRUBBED:
        text = re.sub(pattern, by, text)
    return json.loads(text)


def make_client(args):
    if args.client == "aider":
        from recording.aider_client import Aider

        return Aider(random.Random(args.seed))
    if args.client == "opencode":
        from recording.opencode_client import Opencode

        return Opencode(args.program)
    from recording.claude_client import ClaudeCode

    return ClaudeCode(args.program)


def write(path, rows):
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_bytes(lzma.compress(lines.encode(), preset=9))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("client", choices=("aider", "opencode", "claude-code"))
    parser.add_argument("--program", help="the client, where it is not aider")
    parser.add_argument("--runs", type=int, default=44, help="how often it is started")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    client = make_client(args)
    rows = []
    try:
        for number in range(args.runs):
            for contract, side_call, request in client.record(number):
                rows.append(
                    {
                        "client": client.name,
                        "version": client.version,
                        "contract": contract,
                        "side_call": side_call,
                        "request": scrubbed(request),
                    }
                )
            print(f"run {number}: {len(rows)} requests", flush=True)
    finally:
        client.close()
    path = GOLDEN / f"{args.client}.jsonl.xz"
    write(path, rows)
    print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
