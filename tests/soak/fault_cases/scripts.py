"""Pieces of which the cases make their scripts."""

import json

WORDS = (
    "amber birch cedar delta ember fjord grove heron inlet juniper kelp larch maple north opal "
    "pebble quartz river slate thyme umber valley willow yarrow größer straße naïve 日本 東京 "
    "жизнь 🙂 👩‍💻"
).split()
EVENT_STREAM = {"Content-Type": "text/event-stream"}


def sentence(rng, mark, least=6, most=30):
    """A text that no other leg or run has. Its blanks cut it into tokens."""
    words = [rng.choice(WORDS) for _ in range(rng.randint(least, most))]
    return " ".join([mark, *words]) + "."


def token_count(text):
    return len(text.split(" "))


def said(rng, text, **more):
    """The script of an answer, cut and paced at random."""
    call = {
        "text": text,
        "split": rng.choice((0, 0, 0, 1, 3, 7, 50)),
        "pace_ms": rng.choice((0, 0, 1)),
        "chunk_chars": rng.choice((0, 0, 1, 4)) if "fault" not in more else 0,
    }
    return {**call, **more}


def some_tokens(rng, text):
    """How many tokens of a text to let pass: none, some or all."""
    return rng.choice((0, 1, 2, rng.randint(0, token_count(text)), token_count(text)))


def streamed(*parts, **more):
    """The script of a stream that is written by hand: strings, and what is repeated."""
    return {"headers": dict(EVENT_STREAM), "body": list(parts), **more}


def event(payload, **dumps):
    return "data: " + json.dumps(payload, **dumps) + "\n\n"


def chunk(delta=None, finish=None, **more):
    choice = {"index": 0, "delta": delta or {}, "finish_reason": finish}
    base = {"id": "chatcmpl-x", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    return {**base, "choices": [choice], **more}


def content(text):
    return chunk({"content": text})


def pieces(rng, text):
    """The text, cut at random."""
    parts = []
    while text:
        size = rng.randint(1, 12)
        parts.append(text[:size])
        text = text[size:]
    return parts


DONE = "data: [DONE]\n\n"
END = event(chunk(finish="stop")) + DONE


def whole_json(message, finish="stop"):
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}
    return {"id": "chatcmpl-x", "object": "chat.completion", "created": 1, "choices": [choice]}
