"""Files, and changes to them that a model might be asked for."""

import dataclasses

WORDS = "alpha beta gamma delta omega route value total index cache token parse".split()
FOREIGN = "naïve Größe données 猫 данные ☃ emoji🙂 ﬁn".split()


@dataclasses.dataclass
class Change:
    """Some lines of a file and those in their place; both have the context around them."""

    path: str
    before: list  # context, then the old lines, then context
    after: list
    is_new: bool = False
    is_gone: bool = False


def code(random, lines, words=WORDS):
    """Something like a program, of about so many lines."""
    out = ["import os", "import sys", ""]
    while len(out) < lines:
        name = f"{random.choice(words)}_{random.randrange(1000)}".replace("🙂", "x")
        out += [f"def {name}(x):", f'    """Gives the {random.choice(words)}."""']
        for _ in range(random.randint(1, 5)):
            out.append(f"    y = x + {random.randrange(50)}  # {random.choice(words)}")
        if random.random() < 0.5:
            out += ["    if y:", f"        print('{random.choice(words)}', y)", ""]
        out += ["    return y", "", ""]
    return out


def text_of(lines, newline="\n", at_end=True):
    return newline.join(lines) + (newline if at_end else "")


def plain(random):
    return {"main.py": text_of(code(random, 40))}


def crlf(random):
    return {"main.py": text_of(code(random, 40), "\r\n")}


def unicode(random):
    return {"src/größe.py": text_of(code(random, 40, FOREIGN))}


def nested_fences(random):
    lines = ["# Manual", "", "Run this:", "", "```bash", "make all", "```", ""]
    return {"README.md": text_of(lines + code(random, 20))}


def four_backticks(random):
    lines = ["# Manual", "", "````", "```", "inner", "```", "````", ""]
    return {"docs/manual.md": text_of(lines + code(random, 20))}


def no_newline_at_end(random):
    return {"main.py": text_of(code(random, 30) + ["main()"], at_end=False)}


def duplicates(random):
    block = ["    if x:", "        x = 1", "    return x", ""]
    lines = []
    for i in range(6):
        lines += [f"def f{i}(x):", *block]
    return {"main.py": text_of(lines)}


def two_files(random):
    return {
        "app/main.py": text_of(code(random, 30)),
        "app/other.py": text_of(code(random, 30)),
    }


def odd_breaks(random):
    lines = code(random, 30)
    lines[3] += "\f"
    lines[8] += " \u2028 end"
    return {"main.c": text_of(lines)}


def tabs(random):
    lines = [line.replace("    ", "\t") for line in code(random, 30)]
    return {"Makefile": text_of(lines), "lib/util.go": text_of(lines[5:])}


def huge(random):
    return {"main.py": text_of(code(random, 3000))}


KINDS = {
    "plain": plain,
    "crlf": crlf,
    "unicode": unicode,
    "nested fences": nested_fences,
    "four backticks": four_backticks,
    "no newline at end": no_newline_at_end,
    "duplicates": duplicates,
    "two files": two_files,
    "odd line breaks": odd_breaks,
    "tabs": tabs,
    "huge": huge,
    "new file": plain,
    "deleted file": two_files,
}


def change_in(random, path, text, taken):
    """A change of one to three lines somewhere in the file, away from the lines in `taken`."""
    lines = text.splitlines()
    count = random.randint(1, 3)
    places = [
        i
        for i in range(len(lines) - count)
        if lines[i].strip() and not taken.intersection(range(i - 3, i + count + 3))
    ]
    if not places:
        return None
    at = random.choice(places)
    begin, end = max(0, at - random.randint(0, 3)), at + count + random.randint(0, 3)
    taken.update(range(begin, end))
    old = lines[at : at + count]
    new = [line.replace("x", "value").replace("y", "z") + "  # new" for line in old]
    way = random.random()
    if way < 0.15:
        new = old + ["    added = True"]
    elif way < 0.25:
        new = []
    head, tail = lines[begin:at], lines[at + count : end]
    return Change(path, head + old + tail, head + new + tail)


def task(random, kind):
    """The files, and the changes to make."""
    files = KINDS[kind](random)
    taken = {path: set() for path in files}
    changed = [*files, *random.sample(list(files), random.random() < 0.3)]
    changes = [change_in(random, path, files[path], taken[path]) for path in changed]
    changes = [change for change in changes if change]
    if kind == "new file" or random.random() < 0.15:
        changes.append(Change("new/made.py", [], code(random, 8), is_new=True))
    if kind == "deleted file" or len(files) > 1 and random.random() < 0.2:
        changes[0] = Change(changes[0].path, [], [], is_gone=True)
    return files, changes
