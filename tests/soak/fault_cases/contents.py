"""Cases 26 to 38 and 40: what is inside an answer."""

import gzip
import json

from fault_cases.case import Case, Fault, ends, ends_or_fails, fails, is_lesser
from fault_cases.scripts import (
    DONE,
    END,
    EVENT_STREAM,
    chunk,
    content,
    event,
    pieces,
    said,
    streamed,
    whole_json,
)

MIB = 1024 * 1024
DEEP = 100_000
TOOL = "read_file"


def events_of(rng, text, **dumps):
    return [event(content(piece), **dumps) for piece in pieces(rng, text)]


def in_bytes(*parts, **more):
    """The script of a stream of any bytes."""
    body = b"".join(part if isinstance(part, bytes) else part.encode() for part in parts)
    return {"headers": dict(EVENT_STREAM), "body_hex": body.hex(), **more}


def unknown_events(rng, text):
    others = (
        "event: ping\ndata: {}\n\n",
        "event: ping\ndata: not json\n\n",
        'event: usage_update\ndata: {"x": 1}\n\n',
        ": comment\n\n",
        "id: 7\nretry: 10\n\n",
    )
    parts = []
    for part in events_of(rng, text):
        parts += [part, *rng.sample(others, rng.randint(0, 2))]
    return Fault([streamed(*parts, END)], ends(text))


def cut_anywhere(rng, text):
    """Inside line ends, `data:`, UTF-8 sequences and escapes."""
    body = "".join((*events_of(rng, text, ensure_ascii=rng.random() < 0.5), END))
    if rng.random() < 0.5:
        body = body.replace("\n", "\r\n")
    return Fault([streamed(body, split=rng.choice((1, 1, 2, 3, 5, 11)))], ends(text))


def bad_characters(rng, text):
    bad, seen = rng.choice(
        (
            (b"\xff", "\ufffd"),
            (b"\\ud83d", "\ufffd"),
            (b"\\u0000", "\0"),
            (b"\x00", "\ufffd"),
        )
    )
    start = b"\xef\xbb\xbf" if rng.random() < 0.5 else b""
    shown = event(content("?")).encode().replace(b"?", bad)
    return Fault([in_bytes(start, event(content(text)), shown, END)], ends(text + seen))


def field_edges(rng, text):
    if rng.random() < 0.2:  # the last event is never ended: it is none
        unended = event(chunk(finish="stop")).rstrip("\n")
        call = streamed(event(content(text)), unended)
        return Fault([call], fails("UPSTREAM_INCOMPLETE", text=text, begins=True))
    parts = []
    for part in (*events_of(rng, text), event(chunk(finish="stop"))):
        form = rng.randrange(4)
        if form == 0:
            part = part.replace("data: ", "data:")
        elif form == 1:  # JSON may be cut between any two of its tokens
            part = part.replace(', "', ', \ndata: "')
        elif form == 2:
            part = f"id: 1\nevent: message\nretry: 5\n{part}"
        parts.append(part)
    body = "".join(parts) + rng.choice((DONE, "data: [DONE]", "data:[DONE]\n"))
    if rng.random() < 0.3:
        body = body.replace("\n", "\r")
    return Fault([streamed(body, split=rng.choice((0, 1, 7)))], ends(text))


def endless_line(rng, text):
    parts = events_of(rng, text) if rng.random() < 0.5 else []
    filler = {"repeat": rng.choice(("x", " ", '{"a":')), "times": 64 * MIB // 5}
    effect = fails("UPSTREAM_TOO_LARGE", text=text, begins=bool(parts))
    return Fault([streamed(*parts, "data: ", filler)], effect)


def monstrous_json(rng, text):
    parts = json.dumps(content(text)).split('"object"')
    kind = rng.randrange(5)
    if kind == 0:
        brackets = [{"repeat": side, "times": DEEP} for side in "[]"]
        call = streamed("data: ", *brackets, "\n\n", END)
        return Fault([call], fails("UPSTREAM_PROTOCOL"))
    if kind == 1:
        brackets = [{"repeat": side, "times": DEEP} for side in ('{"a":[', "]}")]
        call = streamed("data: ", parts[0], '"deep": ', brackets[0], brackets[1], "}\n\n", END)
        return Fault([call], fails("UPSTREAM_PROTOCOL", "UPSTREAM_TOO_LARGE"))
    if kind == 2:
        keys = {"repeat": '"k": 1, ', "times": 10**6}
        call = streamed("data: ", parts[0], keys, '"object"', parts[1], "\n\n", END)
        return Fault([call], fails("UPSTREAM_TOO_LARGE"))
    if kind == 3:
        keys = {"repeat": '"k": 1, ', "times": 10**5}
        call = streamed("data: ", parts[0], keys, '"object"', parts[1], "\n\n", END)
        return Fault([call], ends(text))
    number = rng.choice(("1e999", "-1e999", "9" * 10_000))
    call = streamed("data: ", parts[0], '"n": ', number, ', "object"', parts[1], "\n\n", END)
    return Fault([call], ends_or_fails(text, "UPSTREAM_PROTOCOL"))


def compression(rng, text):
    kind = rng.randrange(4)
    if kind == 0:
        bomb = {"repeat": rng.choice((" ", "data: x\n", ": c\n\n")), "times": 128 * MIB}
        return Fault([streamed(bomb, gzip=True)], fails("UPSTREAM_TOO_LARGE", "UPSTREAM_PROTOCOL"))
    if kind == 1:
        coding = {"Content-Encoding": rng.choice(("gzip", "br", "zstd", "gzip, gzip"))}
        return Fault([said(rng, text, headers=coding)], fails("UPSTREAM_PROTOCOL"))
    if kind == 2:
        zipped = gzip.compress(("".join(events_of(rng, text)) + END).encode())
        call = in_bytes(zipped[: len(zipped) // 2])
        call["headers"]["Content-Encoding"] = "gzip"
        reasons = ("UPSTREAM_INCOMPLETE", "UPSTREAM_PROTOCOL", "UPSTREAM_CONNECTION_LOST")
        return Fault([call], fails(*reasons, text=text, begins=True))
    return Fault([said(rng, text, gzip=True)], ends(text))


def without_choices(rng, text):
    filtered = chunk(prompt_filter_results=[{"prompt_index": 0}])
    filtered["choices"] = []
    usage = chunk(usage={"prompt_tokens": 7, "completion_tokens": 9, "total_tokens": 16})
    usage["choices"] = []
    bare = chunk()
    del bare["choices"][0]["delta"]
    parts = [event(filtered), *events_of(rng, text)]
    parts.insert(rng.randint(0, len(parts)), event(bare))
    return Fault([streamed(*parts, event(chunk(finish="stop")), event(usage), DONE)], ends(text))


def nothing_said(rng, text):
    call = said(rng, rng.choice(("", " ", "\n")), pace_ms=0)
    return Fault([call], fails("EMPTY_COMPLETION"))


def only_thought(rng, text):
    return Fault(
        [said(rng, "", reasoning=text, finish_reason="length")], fails("EMPTY_COMPLETION")
    )


def filtered_answer(rng, text):
    kind = rng.randrange(4)
    if kind == 0:
        reason = rng.choice(("content_filter", "SAFETY"))
        return Fault([said(rng, text, finish_reason=reason)], is_lesser(text))
    if kind == 1:
        return Fault([said(rng, "", finish_reason="content_filter")], is_lesser(""))
    if kind == 2:
        refusal = event(chunk({"refusal": "No."}))
        return Fault([streamed(refusal, END)], is_lesser(""))
    phrase = "I can't help with that."
    return Fault([said(rng, phrase)], is_lesser(phrase))


def tool_pieces(index, arguments, **first):
    """A call in two chunks."""
    half = len(arguments) // 2
    named = {"index": index, "type": "function", **first}
    function = {**named.pop("function"), "arguments": arguments[:half]}
    rest = {"index": index, "function": {"arguments": arguments[half:]}}
    return [
        event(chunk({"tool_calls": [{**named, "function": function}]})),
        event(chunk({"tool_calls": [rest]})),
    ]


def tool_calls(rng, text):
    end = event(chunk(finish="tool_calls")) + DONE
    arguments = [json.dumps({"path": f"{name}.txt", "note": text}) for name in "ab"]
    if rng.random() < 0.5:
        broken = arguments[0][: rng.randint(1, len(arguments[0]) - 1)]
        parts = tool_pieces(0, broken, id="call_a", function={"name": TOOL})
        return Fault([streamed(*parts, end)], fails("MALFORMED_TOOL_CALL"), offers_tool=True)
    calls = [
        tool_pieces(i, arguments[i], id=f"call_{i}", function={"name": TOOL}) for i in range(2)
    ]
    parts = [part for pair in zip(*calls, strict=True) for part in pair]
    effect = ends("", [(TOOL, each) for each in arguments])
    return Fault([streamed(*parts, end)], effect, offers_tool=True)


def half_json(rng, text):
    half = '{"a": [1, "' + text
    return Fault([said(rng, half, finish_reason="length")], is_lesser(half), wants_json=True)


def odd_usage(rng, text):
    usage = rng.choice(
        (
            "none",
            {"prompt": 0, "completion": 0},
            {"prompt": 10**9, "completion": 1},
            {"prompt": 3, "completion": 10**6, "cached": 10**6},
            {"prompt": 3, "completion": 0, "reasoning": 50},
        )
    )
    return Fault([said(rng, text, usage=usage)], ends(text))


CASES = (
    Case(26, "pings and unknown events", unknown_events),
    Case(27, "byte by byte, cut inside everything", cut_anywhere),
    Case(28, "invalid UTF-8, lone surrogates, NUL, BOM", bad_characters),
    Case(29, "edges of the event stream format", field_edges),
    Case(30, "a line of 64 MiB", endless_line),
    Case(31, "JSON: deep, a million keys, endless numbers", monstrous_json),
    Case(32, "gzip: a bomb, truncated, wrong", compression),
    Case(33, "chunks without choices or delta", without_choices),
    Case(34, "an empty answer", nothing_said),
    Case(35, "nothing but hidden reasoning", only_thought),
    Case(36, "filtered or refused", filtered_answer),
    Case(37, "tool calls: broken, interleaved", tool_calls),
    Case(38, "JSON cut by the token limit", half_json),
    Case(40, "usage missing, zero, contradicting", odd_usage),
)
