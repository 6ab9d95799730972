"""Runs the end-to-end tests: `.deps/clients/bin/python tests/e2e --bin build/bin`.

Both programs, the provider emulator and real clients, on free ports of 127.0.0.1. Prints the
slowest tests; with --counts FILE writes "passed failed skipped" to it.
"""

import argparse
import fnmatch
import pathlib
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from harness import paths  # noqa: E402  (needs the path)
from harness.process import accept_interrupts  # noqa: E402


class TimedResult(unittest.TextTestResult):
    """Keeps how long each test took, and counts failed subtests' tests once."""

    def __init__(self, *args):
        super().__init__(*args)
        self.seconds = {}
        self._begin = 0.0

    def startTest(self, test):
        self._begin = time.monotonic()
        super().startTest(test)

    def stopTest(self, test):
        self.seconds[test.id()] = time.monotonic() - self._begin
        super().stopTest(test)


def flatten(suite):
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from flatten(item)
        else:
            yield item


def selected(tests, only, gateway_only):
    for test in tests:
        if only and not fnmatch.fnmatch(test.id(), f"*{only}*"):
            continue
        if gateway_only and getattr(test, "tries_other_programs", False):
            continue
        yield test


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", default="build/bin", help="folder of the programs")
    parser.add_argument("--only", help="part of the names of the tests to run")
    parser.add_argument(
        "--gateway-only",
        action="store_true",
        help="leave out the tests of scripts and of other programs, for a sanitizer's build",
    )
    parser.add_argument("--counts", type=pathlib.Path, help="file for the counts")
    args = parser.parse_args()
    paths.use_programs(args.bin)
    accept_interrupts()

    tests = flatten(unittest.defaultTestLoader.discover(str(HERE)))
    suite = unittest.TestSuite(selected(tests, args.only, args.gateway_only))
    result = unittest.TextTestRunner(stream=sys.stdout, resultclass=TimedResult, verbosity=2).run(
        suite
    )

    slowest = sorted(result.seconds.items(), key=lambda item: -item[1])[:5]
    print("slowest:", ", ".join(f"{name} {seconds:.1f} s" for name, seconds in slowest))
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    skipped = len(result.skipped)
    passed = max(0, result.testsRun - failed - skipped)
    if result.testsRun == 0:
        failed = 1  # a run of no test has shown nothing
    if args.counts:
        args.counts.write_text(f"{passed} {failed} {skipped}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
