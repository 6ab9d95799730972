"""Cases for grafts: answers of which none applies, each broken in its own place.

A case says what must come of it: the files as the first answer wants them, or no graft.
"""

import dataclasses

import answers

# What says where its changes go by the lines around them.
PLACED = ("diff", "diff-fenced", "editor-diff", "udiff")

OWN = "each its own"  # the case that can be grafted


@dataclasses.dataclass
class Case:
    name: str
    answers: list
    must_not: bool  # nothing is proven: there must be no graft


def misplaced(change, badly=False):
    """The change with a line around it that the file does not have, if it has any around it.

    Where `badly`, with all of the file's lines wrong but for one around it.
    """
    kept = [line for line in change.before if line in change.after and line.strip()]
    if not kept or change.is_new or change.is_gone:
        return None
    lines = [line for line in change.before if line.strip() and line != kept[-1]]
    wrong = {
        line: line[: len(line) // 2] + "Q_" + line[len(line) // 2 :]
        for line in (lines if badly else kept[:1])
    }
    before, after = ([wrong.get(line, line) for line in ls] for ls in (change.before, change.after))
    return dataclasses.replace(change, before=before, after=after)


def otherwise(change):
    """Another change in the same place: somebody else's idea of it."""
    after = [line.replace("# new", "# other") for line in change.after]
    if after == change.after:
        after = [*change.after, "    other = True"]
    return dataclasses.replace(change, after=after)


def with_gaps(text, path, files):
    """The listing of that file with its first lines that are the file's own left out."""
    lines = text.split("\n")
    begin = lines.index(path) + 2
    own = files[path].splitlines()
    same = 0
    while same < len(own) and lines[begin + same] == own[same]:
        same += 1
    if same < 4:
        return None
    lines[begin : begin + same - 1] = ["# ... rest of the code ..."]
    return "\n".join(lines)


def placed(edit_format, changes, files, fence):
    """Two answers, each with another block broken."""
    badly = edit_format == "udiff"  # aider applies most hunks, if need be in parts
    can = [i for i, change in enumerate(changes) if misplaced(change)]
    if len(can) < 2:
        return
    first, second = can[:2]

    def answer(*, without, by=lambda change: change):
        said = [misplaced(by(c), badly) if i in without else by(c) for i, c in enumerate(changes)]
        return answers.render(edit_format, said, files, fence)

    yield Case(OWN, [answer(without=[first]), answer(without=[second])], False)
    yield Case("all the same", [answer(without=[first]), answer(without=[first])], True)
    yield Case("two designs", [answer(without=[first]), answer(without=[second], by=otherwise)], True)
    yield Case("one beyond it", [answer(without=can), answer(without=can[1:])], True)


def listed(edit_format, changes, files, fence):
    """The same of listings, which leave lines out."""
    good = answers.render(edit_format, changes, files, fence)
    other = answers.render(edit_format, [otherwise(c) for c in changes], files, fence)
    paths = [c.path for c in changes if not c.is_new and not c.is_gone]
    paths = sorted(path for path in set(paths) if with_gaps(good, path, files))
    if len(paths) < 2:
        return
    first, second = (with_gaps(good, path, files) for path in paths[:2])
    yield Case(OWN, [first, second], False)
    yield Case("all the same", [first, first], True)
    if gaps := with_gaps(other, paths[1], files):
        yield Case("two designs", [first, gaps], True)


def cases(edit_format, changes, files, fence):
    """The cases that can be made of these changes; a patch has no blocks."""
    if edit_format in PLACED:
        yield from placed(edit_format, changes, files, fence)
    elif edit_format.endswith("whole"):
        yield from listed(edit_format, changes, files, fence)
