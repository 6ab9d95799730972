#!/usr/bin/env python3
"""Asks the gateway one question over REST and prints the answer. Needs no package.

clients/python/ask.py [--base-url URL] [--model NAME] QUESTION
"""

import argparse
import json
import os
import sys
import urllib.error
import urllib.request


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base-url", default="http://127.0.0.1:8000/v1")
    parser.add_argument("--model", default="mom")
    parser.add_argument("question")
    args = parser.parse_args()

    request = urllib.request.Request(
        args.base_url + "/chat/completions",
        data=json.dumps(
            {"model": args.model, "messages": [{"role": "user", "content": args.question}]}
        ).encode(),
        headers={
            "Content-Type": "application/json",
            "Authorization": "Bearer " + os.environ.get("MOM_API_KEY", "none"),
        },
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never through a proxy
    try:
        with opener.open(request) as response:
            completion = json.load(response)
    except urllib.error.HTTPError as error:
        print(f"HTTP {error.code}: {error.read().decode()}", file=sys.stderr)
        return 1
    print(completion["choices"][0]["message"]["content"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
