"""Requests that a client might have made as well, made of those that it made."""

import copy

NAMES = "main.py hello.go src/größe.rs lib/util.ts docs/manual.md index.html Makefile a.c".split()
WORDS = "alpha beta gamma delta omega route value total index cache token parse".split()
TASKS = (
    "Make it faster.",
    "Why does this fail?\n\n```\nTypeError: 'int' object is not callable\n```",
    "Übersetze die Kommentare ins Deutsche.",
    "リファクタリングしてください。",
    "Answer yes or no, and then make the change.",
    "Use JSON, with one object a line.",
    "Show me a unified diff first.",
    "The commit message should say why.",
    "Remove the <read_file> tag from the template.",
)
TURNS = (
    ("What does it do?", "It adds two numbers."),
    ("Thanks.", "You are welcome."),
    ("Run it.", "```\n$ python main.py\n42\n```"),
    ("Is that JSON?", '{"answer": "yes"}'),
    ("Which file?", "`main.py`, of course."),
)


def texts(request):
    """Each text of the messages, as (holder, key): they can be changed there."""
    for message in request["messages"]:
        if isinstance(message.get("content"), str):
            yield message, "content"
        for part in message.get("content") if isinstance(message.get("content"), list) else ():
            if part["type"] == "text":
                yield part, "text"


def opens(request):
    """How many messages open the conversation and are the client's own instructions."""
    roles = [message["role"] for message in request["messages"]]
    return next((i for i, role in enumerate(roles) if role not in ("system", "developer")), len(roles))


def other_names(random, request):
    for holder, key in texts(request):
        for name in ("main.py", "app/other.py", "README.md", "lib/util.go", "greeting.txt"):
            holder[key] = holder[key].replace(name, random.choice(NAMES))


def other_words(random, request):
    old, new = random.sample(WORDS, 2)
    for holder, key in texts(request):
        holder[key] = holder[key].replace(f"{old}_", f"{new}_")


def crlf(random, request):
    for holder, key in texts(request):
        holder[key] = holder[key].replace("\r\n", "\n").replace("\n", "\r\n")


def another_task(random, request):
    last = request["messages"][-1]
    if last["role"] == "user" and isinstance(last["content"], str) and len(last["content"]) < 500:
        last["content"] = random.choice(TASKS)


def more_turns(random, request):
    """Before the last message of a user, unless that belongs to a tool's turn."""
    messages = request["messages"]
    if messages[-1]["role"] != "user" or len(messages) - opens(request) < 3:
        return
    for asked, said in random.sample(TURNS, random.randint(1, 3)):
        messages[-1:-1] = [
            {"role": "user", "content": asked},
            {"role": "assistant", "content": said},
        ]


def fewer_turns(random, request):
    """Without a question and its answer, but for the first: a client that compacts."""
    messages = request["messages"]
    places = [
        i
        for i in range(opens(request) + 2, len(messages) - 2)
        if (messages[i]["role"], messages[i + 1]["role"]) == ("user", "assistant")
        and "tool_calls" not in messages[i + 1]
    ]
    if places:
        at = random.choice(places)
        del messages[at : at + 2]


def as_developer(random, request):
    for message in request["messages"][: opens(request)]:
        message["role"] = "developer"


def as_user(random, request):
    """As aider does for models without a system's role."""
    messages = request["messages"]
    if opens(request) == 1 and len(messages) > 1:
        messages[0]["role"] = "user"
        messages.insert(1, {"role": "assistant", "content": "Ok."})


def as_parts(random, request):
    for message in request["messages"]:
        if isinstance(message.get("content"), str):
            message["content"] = [{"type": "text", "text": message["content"]}]


def as_strings(random, request):
    for message in request["messages"]:
        if isinstance(message.get("content"), list):
            message["content"] = "\n".join(part["text"] for part in message["content"])


def with_a_line_before(random, request):
    """As proxies and some of aider's models have it."""
    if opens(request):
        before = random.choice(("Formatting re-enabled.", "detailed thinking off", "/no_think"))
        request["messages"].insert(0, {"role": "system", "content": before})


CHANGES = (
    other_names,
    other_words,
    crlf,
    another_task,
    more_turns,
    fewer_turns,
    as_developer,
    as_user,
    as_parts,
    as_strings,
    with_a_line_before,
)


def variation(random, row):
    """The row with some of its request changed; what it must be known as stays."""
    row = copy.deepcopy(row)
    for change in random.sample(CHANGES, random.randint(1, 4)):
        if row["side_call"] and change in (another_task, as_user):
            continue  # a side call's prompt stays the client's own
        change(random, row["request"])
    return row
