"""Cases 20 to 25 and 39: how an answer breaks off, or waits."""

import json

from fault_cases.case import Case, Fault, ends, fails
from fault_cases.scripts import END, content, event, pieces, said, some_tokens, streamed, whole_json

BEYOND_THE_END = 10**6  # bytes
FIRST_EVENT = 150  # bytes; all of them before any text
LOST = ("UPSTREAM_CONNECTION_LOST", "UPSTREAM_INCOMPLETE")
TOO_LATE = ("FIRST_TOKEN_TIMEOUT", "IDLE_TIMEOUT")


def error_inside(rng, text):
    error, reason = rng.choice(
        (
            ({"message": "m", "type": "server_error"}, "UPSTREAM_ERROR"),
            ({"message": "m", "code": 502}, "UPSTREAM_ERROR"),
            ({"message": "m", "type": "overloaded_error"}, "UPSTREAM_OVERLOADED"),
            ({"message": "m", "code": "rate_limit_exceeded"}, "UPSTREAM_RATE_LIMITED"),
        )
    )
    count = some_tokens(rng, text)
    effect = fails(reason, text=text, begins=count > 0)
    if rng.random() < 0.5:
        return Fault([said(rng, text, error=error, error_after_tokens=count)], effect)
    shown = [event(content(piece)) for piece in pieces(rng, text)[:count]]
    named = "event: error\ndata: " + json.dumps({"error": error}) + "\n\n"
    return Fault([streamed(*shown, named)], effect)


def breaks_off(rng, text):
    fault = {"kind": rng.choice(("close", "reset", "half_close"))}
    if rng.random() < 0.3:
        fault["after_bytes"] = rng.randint(0, FIRST_EVENT)
        return Fault([said(rng, text, fault=fault)], fails(*LOST))
    count = some_tokens(rng, text)
    call = said(rng, text, fault={**fault, "after_tokens": count})
    return Fault([call], fails(*LOST, text=text, begins=count > 0))


def ends_without_marker(rng, text):
    if rng.random() < 0.2:
        body = json.dumps(whole_json({"content": text}, finish=None))
        call = {"headers": {"Content-Type": "application/json"}, "body": body}
        return Fault([call], fails("UPSTREAM_INCOMPLETE"))
    call = said(rng, text, finish_reason=None, done=rng.random() < 0.5)
    return Fault([call], fails("UPSTREAM_INCOMPLETE", text=text, begins=True))


def stays_open(rng, text):
    if rng.random() < 0.5:
        call = said(rng, text, fault={"kind": "stall", "after_bytes": BEYOND_THE_END})
    else:
        call = streamed(event(content(text)), END, content_length=BEYOND_THE_END)
    return Fault([call], ends(text))


def stalls(rng, text):
    count = some_tokens(rng, text)
    call = said(rng, text, fault={"kind": "stall", "after_tokens": count})
    return Fault([call], fails(*TOO_LATE, text=text, begins=count > 0), target="impatient")


def drips(rng, text):
    count = some_tokens(rng, text)
    drip = {"every_ms": rng.randint(1, 40)}
    if rng.random() < 0.5:
        drip["send"] = rng.choice((": OPENROUTER PROCESSING\n\n", "event: ping\ndata: {}\n\n", "\n"))
    call = said(rng, text, drip=drip, fault={"kind": "stall", "after_tokens": count})
    return Fault([call], fails(*TOO_LATE, text=text, begins=count > 0), target="impatient")


def thinks_first(rng, text):
    return Fault([said(rng, text, first_token_delay_ms=rng.randint(100, 600))], ends(text))


CASES = (
    Case(20, "an error event inside the stream", error_inside),
    Case(21, "the connection breaks in the middle", breaks_off),
    Case(22, "a clean end without finish_reason", ends_without_marker),
    Case(23, "[DONE], but the message stays open", stays_open),
    Case(24, "silence", stalls),
    Case(25, "comments or pings for ever", drips),
    Case(39, "silence, then the answer", thinks_first),
)
