"""What docs/errors.md says that a failure can be."""

import functools
import re

from harness import paths


@functools.cache
def _page():
    return (paths.ROOT / "docs" / "errors.md").read_text()


@functools.cache
def reasons():
    """Those of ErrorInfo: the first column of its tables."""
    return frozenset(re.findall(r"^\| `([A-Z_]+)` \|", _page(), re.MULTILINE))


@functools.cache
def rest_errors():
    """(status, type, code) of each error over REST, written as: 404 `type`, code `code`."""
    found = re.findall(r"\b(\d{3}) `(\w+)`(?:, code `(\w+)`)?", _page())
    return frozenset((int(status), kind, code or None) for status, kind, code in found)


def has_rest_code(kind, code):
    """Whether there is such an error, with whatever status: inside a stream it has none."""
    return any(known[1:] == (kind, code) for known in rest_errors())
