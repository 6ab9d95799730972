#!/usr/bin/env python3
"""count_gtest.py FOLDER OUT: adds up GoogleTest's JSON reports into "passed failed skipped"."""

import json
import pathlib
import sys


def main(folder, out):
    passed = failed = skipped = 0
    for report in pathlib.Path(folder).glob("*.json"):
        for suite in json.loads(report.read_text())["testsuites"]:
            for test in suite["testsuite"]:
                if test.get("failures"):
                    failed += 1
                elif test.get("result") == "COMPLETED":
                    passed += 1
                else:
                    skipped += 1
    pathlib.Path(out).write_text(f"{passed} {failed} {skipped}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
