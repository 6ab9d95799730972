"""Answers that make changes, in each of aider's formats, and the ways in which models break them."""

import difflib
import re

FORMATS = ("diff", "diff-fenced", "udiff", "whole", "patch", "editor-diff", "editor-whole")


def fence_of(messages):
    """The fence that aider has chosen for these files."""
    shown = next(m["content"] for m in messages if m["content"].startswith("I have *added"))
    return ("````",) * 2 if re.search(r"^````$", shown, re.M) else ("```",) * 2


def block(change):
    head = ["<<<<<<< SEARCH", *change.before, "=======", *change.after, ">>>>>>> REPLACE"]
    return head


def as_diff(changes, files, fence):
    out = ["Here is the change.", ""]
    for change in changes:
        out += [change.path, fence[0] + "python", *block(change), fence[1], ""]
    return out


def as_diff_fenced(changes, files, fence):
    out = ["Here is the change.", ""]
    for change in changes:
        out += [fence[0] + "python", change.path, *block(change), fence[1], ""]
    return out


def as_udiff(changes, files, fence):
    out = ["Here is the change.", ""]
    for change in changes:
        hunk = list(difflib.unified_diff(change.before, change.after, lineterm="", n=9))[3:]
        if change.is_new:
            hunk = ["+" + line for line in change.after]
        source = "/dev/null" if change.is_new else change.path
        out += ["```diff", f"--- {source}", f"+++ {change.path}", "@@ ... @@", *hunk, "```", ""]
    return out


def whole_text(changes, files):
    """The files after the changes."""
    after = {}
    for change in changes:
        lines = after.get(change.path, files.get(change.path, "").splitlines())
        size = len(change.before)
        for at in range(len(lines) - size + 1):
            if lines[at : at + size] == change.before:
                lines = lines[:at] + change.after + lines[at + size :]
                break
        after[change.path] = lines
    return after


def as_whole(changes, files, fence):
    out = ["Here is the change.", ""]
    for path, lines in whole_text(changes, files).items():
        out += [path, fence[0], *lines, fence[1], ""]
    return out


def as_patch(changes, files, fence):
    out = ["*** Begin Patch"]
    by_path = {}
    for change in changes:
        by_path.setdefault(change.path, []).append(change)
    for path, group in by_path.items():
        if group[0].is_new:
            out += [f"*** Add File: {path}", *("+" + line for line in group[0].after)]
            continue
        if group[0].is_gone:
            out.append(f"*** Delete File: {path}")
            continue
        text = "\n".join(files[path].splitlines())
        group = sorted(group, key=lambda change: text.find("\n".join(change.before)))
        out.append(f"*** Update File: {path}")
        for change in group:
            out.append("@@")
            diff = difflib.unified_diff(change.before, change.after, lineterm="", n=9)
            out += list(diff)[3:]
    return [*out, "*** End Patch"]


RENDER = {
    "diff": as_diff,
    "diff-fenced": as_diff_fenced,
    "udiff": as_udiff,
    "whole": as_whole,
    "patch": as_patch,
    "editor-diff": as_diff,
    "editor-whole": as_whole,
}


def render(edit_format, changes, files, fence):
    """The answer; only a patch can take a file away."""
    if edit_format == "patch":
        gone = {change.path for change in changes if change.is_gone}
        changes = [c for c in changes if c.is_gone or c.path not in gone]
    else:
        changes = [change for change in changes if not change.is_gone]
    return "\n".join(RENDER[edit_format](changes, files, fence)) + "\n"


def a_line_of(random, answer, files):
    """The number of a line of the answer that is in a file, and what marks it."""
    known = {line for text in files.values() for line in text.splitlines() if len(line) > 4}
    lines = answer.split("\n")
    places = [i for i, line in enumerate(lines) if line in known or line[1:] in known]
    return lines, random.choice(places) if places else None


def with_typo(random, answer, files):
    lines, at = a_line_of(random, answer, files)
    if at is None:
        return answer + "\nDone."
    line = lines[at]
    cut = random.randrange(2, len(line))
    lines[at] = line[:cut] + "Q" + line[cut + 1 :]
    return "\n".join(lines)


def with_a_line_lost(random, answer, files):
    lines, at = a_line_of(random, answer, files)
    if at is not None:
        del lines[at]
    return "\n".join(lines)


def with_any_line_lost(random, answer, files):
    lines = answer.split("\n")
    del lines[random.randrange(len(lines))]
    return "\n".join(lines)


def with_a_line_twice(random, answer, files):
    lines = answer.split("\n")
    at = random.randrange(len(lines))
    lines.insert(at, lines[at])
    return "\n".join(lines)


def cut_off(random, answer, files):
    return answer[: random.randrange(len(answer) // 3, len(answer))]


def outdented(random, answer, files):
    out = []
    for line in answer.split("\n"):
        mark = line[:1] if line[:1] in "+- " else ""
        rest = line[len(mark) :]
        indented = rest.startswith(("    ", "\t"))
        out.append(mark + (rest[4 if rest[0] == " " else 1 :] if indented else rest))
    return "\n".join(out)


def indented(random, answer, files):
    out = []
    for line in answer.split("\n"):
        code = line and line[0].isalpha() or line.startswith("  ")
        out.append("    " + line if code and "." not in line.split(" ")[0] else line)
    return "\n".join(out)


def with_crlf(random, answer, files):
    return answer.replace("\n", "\r\n")


def without_names(random, answer, files):
    names = [*files, "new/made.py"]
    return "\n".join(
        line for line in answer.split("\n") if not any(line.strip() == name for name in names)
    )


def misnamed(random, answer, files):
    for path in files:
        base = path.split("/")[-1]
        other = random.choice([base, "src/" + path, path.replace("m", "n", 1), "other.py", base[1:]])
        answer = answer.replace(path, other)
    return answer


def decorated_names(random, answer, files):
    for path in files:
        answer = answer.replace(path, random.choice([f"**{path}**", f"`{path}`:", f"# {path}"]))
    return answer


def in_another_fence(random, answer, files):
    return f"```\n{answer}```\n"


def with_other_fences(random, answer, files):
    return answer.replace("```", "````") if "````" not in answer else answer.replace("````", "```")


def with_conflict(random, answer, files):
    lines = answer.split("\n")
    places = [i for i, line in enumerate(lines) if line.endswith("# new")]
    if not places:
        return answer
    at = random.choice(places)
    mark = "+" if lines[at].startswith("+") else ""
    lines[at:at] = [f"{mark}<<<<<<< HEAD", f"{mark}mine"]
    lines.insert(at + 3, f"{mark}>>>>>>> theirs")
    return "\n".join(lines)


def elided(random, answer, files):
    lines, at = a_line_of(random, answer, files)
    if at is None:
        return answer
    mark = lines[at][:1] if lines[at][:1] in "+- " else ""
    rest = random.choice(["...", "# ... rest of the code ..."])
    for i in range(at, min(at + 2, len(lines))):
        lines[i] = mark + rest
    return "\n".join(lines)


def as_prose(random, answer, files):
    return "You should rename it, and then test it.\n\n    make test\n"


def as_bare_code(random, answer, files):
    return "Use this:\n\n```python\nprint('hello')\n```\n"


def doubled(random, answer, files):
    return answer + "\n" + answer


def without_marks(random, answer, files):
    marks = ("=======", "+++ ", "@@", "*** End", "*** Begin", ">>>>>>>", "<<<<<<<")
    mark = random.choice(marks)
    return "\n".join(line for line in answer.split("\n") if not line.startswith(mark))


def trailing_space(random, answer, files):
    return "\n".join(line + " " if random.random() < 0.3 else line for line in answer.split("\n"))


def blank_lines(random, answer, files):
    return answer.replace("<<<<<<< SEARCH\n", "<<<<<<< SEARCH\n\n").replace("@@\n", "@@\n\n")


BREAKS = (
    with_typo,
    with_a_line_lost,
    with_any_line_lost,
    with_a_line_twice,
    cut_off,
    outdented,
    indented,
    with_crlf,
    without_names,
    misnamed,
    decorated_names,
    in_another_fence,
    with_other_fences,
    with_conflict,
    elided,
    as_prose,
    as_bare_code,
    doubled,
    without_marks,
    trailing_space,
    blank_lines,
)
