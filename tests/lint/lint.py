#!/usr/bin/env python3
"""The checks that need no build. Prints each finding as file:line and exits 1 where there is one.

With a file's name as argument, the counts "passed failed skipped" are written to it.
"""

import ast
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKIPPED_FOLDERS = {
    ".git",
    ".deps",
    ".run",
    "build",
    "debug-requests",
    "node_modules",
    "__pycache__",
}
MAX_LINES = 400

# Which of our folders (or headers) a folder may include from: the one-way order of the code.
ENGINE = ("service/base", "service/net", "service/model", "service/contract", "service/engine")
MAY_INCLUDE = {
    "service/base": ENGINE[:1],
    "service/net": ENGINE[:2],
    "service/model": ENGINE[:3],
    "service/contract": ENGINE[:4],
    "service/engine": ENGINE,
    "service/trace": (*ENGINE, "service/trace"),
    "service/rpc": (*ENGINE, "service/rpc"),
    "rest_shim": ("service/base", "rest_shim"),
    "clients/cli": (
        "service/base",
        "service/trace/reader.h",
        "service/trace/trace.h",
        "rest_shim/rpc_status.h",
        "clients/cli",
    ),
}
# Which folders a library's headers may appear in.
LIBRARY_FOLDERS = {
    r"(grpc|grpcpp|google/protobuf|google/rpc|mom/v1)/": ("service/rpc", "rest_shim", "clients/cli"),
    r"curl/": ("service/net",),
    r"rapidjson/": ("service/base", "service/contract"),
    r"valijson/": ("service/contract",),
    r"yaml-cpp/": ("service/base",),
    r"boost/beast": ("rest_shim", "tests"),
}


def files(*suffixes):
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        if path.suffix in suffixes and path.is_file() and not SKIPPED_FOLDERS & set(parts):
            yield path


def text_files():
    for path in sorted(ROOT.rglob("*")):
        relative = path.relative_to(ROOT)
        if SKIPPED_FOLDERS & set(relative.parts) or not path.is_file():
            continue
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            pass  # recorded bytes for the parsers' tests


def name(path):
    return path.relative_to(ROOT).as_posix()


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def blank_comments_and_strings(code):
    """The same text, same length, with comments and literals blanked."""
    pattern = r'R"(\w*)\((?:.|\n)*?\)\1"|//[^\n]*|/\*(?:.|\n)*?\*/|"(?:\\.|[^"\\\n])*"'
    return re.sub(pattern, lambda m: re.sub(r"[^\n]", " ", m.group()), code)


def awaited_expression(code, start):
    """What follows a co_await, up to where its expression ends."""
    depth = 0
    for i in range(start, len(code)):
        c = code[i]
        if c in "([":
            depth += 1
        elif c in ")]":
            depth -= 1
        is_body = c == "{" and depth == 0 and not re.search(r"[\w>]$", code[start:i])
        if depth < 0 or is_body or (depth == 0 and c in ";,"):
            return code[start:i]
    return code[start:]


def check_braces_in_co_await():
    """GCC 12 destroys such temporaries twice: https://gcc.gnu.org/bugzilla/show_bug.cgi?id=107288"""
    hazard = re.compile(r"[\w>]\{|[(,]\s*\{|[(,]\s*\[[^\]]+\]\s*[({]")
    for path in files(".h", ".cc"):
        code = blank_comments_and_strings(path.read_text())
        for match in re.finditer(r"\bco_await\b", code):
            if hazard.search(awaited_expression(code, match.end())):
                yield f"{name(path)}:{line_of(code, match.start())}: braces or a capturing lambda inside co_await"


def parenthesized(code, start):
    """What stands between the parenthesis at `start` and the one that closes it."""
    depth = 0
    for i in range(start, len(code)):
        depth += (code[i] == "(") - (code[i] == ")")
        if depth == 0:
            return code[start + 1 : i]
    return code[start + 1 :]


def check_co_await_in_conditions():
    """GCC 12 miscompiles such a condition where the coroutine declares no local variable."""
    for path in files(".h", ".cc"):
        code = blank_comments_and_strings(path.read_text())
        for match in re.finditer(r"\b(if|while|for|switch)\s*(?=\()", code):
            if re.search(r"\bco_await\b", parenthesized(code, match.end())):
                yield f"{name(path)}:{line_of(code, match.start())}: co_await inside a condition; await into a variable first"


def check_format():
    sources = [str(path) for path in files(".h", ".cc")]
    command = ["clang-format-16", "--dry-run", "-Werror", *sources]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    unformatted = re.findall(r"^(.*?):\d+:\d+: error: ", result.stderr, re.MULTILINE)
    for path in dict.fromkeys(unformatted):
        yield f"{path.replace(str(ROOT) + '/', '')}:1: run clang-format-16 -i on it"


def check_includes():
    include = re.compile(r'^\s*#include\s+[<"]([^>"]+)[>"]', re.MULTILINE)
    for path in files(".h", ".cc"):
        text = path.read_text()
        for match in include.finditer(text):
            where = f"{name(path)}:{line_of(text, match.start())}"
            yield from include_findings(name(path), match.group(1), where)


def include_findings(source, header, where):
    for folder, allowed in MAY_INCLUDE.items():
        inside = source.startswith(folder + "/")
        ours = header.startswith(("service/", "rest_shim/", "clients/", "tests/"))
        permitted = header in allowed or header.startswith(tuple(a + "/" for a in allowed))
        if inside and ours and not permitted:
            yield f"{where}: {folder} must not include {header}"
    for library, folders in LIBRARY_FOLDERS.items():
        if re.match(library, header) and not source.startswith((*folders, "tests/")):
            yield f"{where}: {header} belongs in {' and '.join(folders)}"


def check_length():
    allowed = (ROOT / "tests/lint/long_files.txt").read_text().splitlines()
    reasons = {line.split(":")[0] for line in allowed if not line.startswith("#")}
    for path in files(".h", ".cc", ".py", ".sh", ".proto"):
        count = len(path.read_text().splitlines())
        if count > MAX_LINES and name(path) not in reasons:
            yield f"{name(path)}:1: {count} lines; at most {MAX_LINES} (or a reason in long_files.txt)"


def check_scripts():
    for path, text in text_files():
        if path.suffix == ".py":
            try:
                ast.parse(text)
            except SyntaxError as error:
                yield f"{name(path)}:{error.lineno}: {error.msg}"
        elif re.match(r"#!.*\bbash\b", text):
            result = subprocess.run(["bash", "-n", str(path)], capture_output=True, text=True)
            yield from (line.replace(str(ROOT) + "/", "") for line in result.stderr.splitlines())


def check_words():
    """No work left undone, and no package registry's host: which one is used is the machine's business."""
    undone = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b")
    registry = re.compile(
        r"https?://[^/\s\"']*(pypi|npm|goproxy|proxy\.go|registry|deb\.)[^/\s\"']*"
    )
    for path, text in text_files():
        for pattern in (undone, registry):
            for match in pattern.finditer(text):
                yield f"{name(path)}:{line_of(text, match.start())}: {match.group()!r}"


def check_deploy():
    result = subprocess.run(
        ["/usr/bin/python3", ROOT / "tests/lint/deploy.py"], capture_output=True, text=True
    )
    yield from (line for line in (result.stdout + result.stderr).splitlines() if line)


CHECKS = (
    check_braces_in_co_await,
    check_co_await_in_conditions,
    check_deploy,
    check_format,
    check_includes,
    check_length,
    check_scripts,
    check_words,
)


def main():
    failed = 0
    for check in CHECKS:
        findings = list(check())
        failed += bool(findings)
        title = check.__name__.removeprefix("check_").replace("_", " ")
        print(f"{'FAIL' if findings else 'ok':5}{title}")
        for finding in findings:
            print(f"     {finding}")
    if len(sys.argv) > 1:
        pathlib.Path(sys.argv[1]).write_text(f"{len(CHECKS) - failed} {failed} 0\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
