"""Runs the soak tests: `.deps/clients/bin/python tests/soak --bin build/bin [--full]`.

Both programs and the provider emulator, for longer and harder than the end-to-end tests. Prints a
table; a count that is not what it has to be fails, times are only shown. With --counts FILE writes
"passed failed skipped" to it.
"""

import argparse
import pathlib
import random
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]

import amplification  # noqa: E402  (needs the path)
import cancel  # noqa: E402
import dead_critic  # noqa: E402
import deadlines  # noqa: E402
import faults  # noqa: E402
import grades  # noqa: E402
import overload  # noqa: E402
import poisoned  # noqa: E402
import prompt_prefix  # noqa: E402
import queued  # noqa: E402
import reload  # noqa: E402
import restart  # noqa: E402
import stragglers  # noqa: E402
import table  # noqa: E402
from harness import paths  # noqa: E402
from harness.process import accept_interrupts  # noqa: E402

TESTS = {
    "faults": faults.rows,
    "grades": grades.rows,
    "retry-amplification": amplification.rows,
    "cancel": cancel.rows,
    "cancel-queued": queued.rows,
    "deadlines": deadlines.rows,
    "stragglers": stragglers.rows,
    "dead-critic": dead_critic.rows,
    "poisoned": poisoned.rows,
    "prompt-prefix": prompt_prefix.rows,
    "overload": overload.rows,
    "restart": restart.rows,
    "reload-by-signal": reload.by_signal,
    "reload-by-file": reload.by_file,
}


def rows_of(test, args):
    """Its rows; one that breaks off ends with a row that is wrong."""
    try:
        yield from test(args.full, args.seed)
    except AssertionError as error:
        print(error)
        yield table.Row("broke off", "", right=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", default="build/bin", help="folder of the programs")
    parser.add_argument("--full", action="store_true", help="as long as it takes, not a short form")
    parser.add_argument("--only", choices=TESTS, help="this one alone")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of the random")
    parser.add_argument("--counts", type=pathlib.Path, help="file for the counts")
    args = parser.parse_args()
    paths.use_programs(args.bin)
    accept_interrupts()

    passed = failed = 0
    table.show_header()
    for name in [args.only] if args.only else TESTS:
        print(f"-- {name}", flush=True)
        for row in rows_of(TESTS[name], args):
            table.show(row)
            passed += row.right is True
            failed += row.right is False
    if args.counts:
        args.counts.write_text(f"{passed} {failed} 0\n")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
