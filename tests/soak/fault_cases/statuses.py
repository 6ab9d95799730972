"""Cases 8 to 19: what the provider says instead of an answer."""

import json

from fault_cases.case import Case, Fault, ends, ends_in_the_end, fails, is_lesser
from fault_cases.scripts import said

PAGE = "<html><body><h1>Bad Gateway</h1></body></html>"
LATER = 10**9  # seconds: after every deadline


def error(status, message="m", headers=None, **more):
    return {"status": status, "headers": headers or {}, "error": {"message": message, **more}}


def html_page(rng, text):
    status = rng.choice((200, 502))
    call = {"status": status, "headers": {"Content-Type": "text/html"}, "body": PAGE}
    return Fault([call], fails("UPSTREAM_PROTOCOL" if status == 200 else "UPSTREAM_ERROR"))


def too_many(headers, rng, text, *, is_soon):
    """A 429 and then an answer, for a retry that waits no longer than the request may take."""
    call = error(429, headers=headers, code=rng.choice(("rate_limit_exceeded", "slow_down")))
    effect = ends_in_the_end(text) if is_soon else fails("UPSTREAM_RATE_LIMITED")
    return Fault([call, said(rng, text)], effect)


def retry_after(rng, text):
    soon = rng.choice(
        (
            {"Retry-After": "0"},
            {"Retry-After": "-5"},
            {"Retry-After": "NaN"},
            {"Retry-After": "soon"},
            {"Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT"},
            {"retry-after-ms": "20"},
            {},
        )
    )
    late = rng.choice(
        (
            {"Retry-After": str(LATER)},
            {"Retry-After": "1e9"},
            {"retry-after-ms": "1e300"},
            {"Retry-After": "Wed, 01 Jan 2200 00:00:00 GMT"},
        )
    )
    if rng.random() < 0.5:
        return too_many(soon, rng, text, is_soon=True)
    return too_many(late, rng, text, is_soon=False)


def reset_headers(rng, text):
    """Only the exhausted dimension counts."""
    soon, late = ("20ms", "0s"), ("6m0s", "2199-01-01T00:00:00Z")
    is_soon = rng.random() < 0.5
    kind = rng.choice(("x-ratelimit-{}-tokens", "anthropic-ratelimit-tokens-{}"))
    other = rng.choice(("x-ratelimit-{}-requests", "anthropic-ratelimit-requests-{}"))
    headers = {
        kind.format("remaining"): "0",
        kind.format("reset"): rng.choice(soon if is_soon else late),
        other.format("remaining"): "17",
        other.format("reset"): "59m",
    }
    return too_many(headers, rng, text, is_soon=is_soon)


def nearly_exhausted(rng, text):
    headers = {"x-ratelimit-remaining-requests": "0", "x-ratelimit-remaining-tokens": "3"}
    return Fault([said(rng, text, headers=headers)], ends(text))


def no_credit(rng, text):
    call = rng.choice(
        (
            error(429, code="insufficient_quota", type="insufficient_quota"),
            error(429, code="credit_balance_exhausted"),
            error(402),
        )
    )
    return Fault([call], fails("UPSTREAM_QUOTA"))


def overloaded(rng, text):
    call = rng.choice(
        (error(529, type="overloaded_error"), {"error": {"type": "overloaded_error", "message": "m"}})
    )
    if rng.random() < 0.5:
        return Fault([call, said(rng, text)], ends_in_the_end(text))
    return Fault([call], fails("UPSTREAM_OVERLOADED"))


def burst(rng, text):
    calls = [error(rng.choice((500, 502, 503, 504))) for _ in range(rng.randint(1, 3))]
    if len(calls) == 1:
        return Fault([*calls, said(rng, text)], ends_in_the_end(text))
    return Fault(calls, fails("UPSTREAM_ERROR", "UPSTREAM_OVERLOADED"))


def bad_key(rng, text):
    return Fault([error(rng.choice((401, 403)), "sk-...")], fails("UPSTREAM_AUTH"))


def model_gone(rng, text):
    if rng.random() < 0.5:
        return Fault([said(rng, text, model="another-2025")], ends(text))
    return Fault([error(404, code="model_not_found")], fails("UPSTREAM_MODEL_NOT_FOUND"))


def context_too_long(rng, text):
    if rng.random() < 0.5:
        call = said(rng, text, finish_reason="model_context_window_exceeded")
        return Fault([call], is_lesser(text))
    call = error(400, code="context_length_exceeded", type="invalid_request_error")
    return Fault([call], fails("CONTEXT_LENGTH_EXCEEDED"))


def too_large(rng, text):
    return Fault([error(413, "request too large")], fails("UPSTREAM_BAD_REQUEST"))


def error_in_json(rng, text):
    code, reason = rng.choice(
        (
            ("server_error", "UPSTREAM_ERROR"),
            (502, "UPSTREAM_ERROR"),
            (429, "UPSTREAM_RATE_LIMITED"),
            ("insufficient_quota", "UPSTREAM_QUOTA"),
            ("overloaded_error", "UPSTREAM_OVERLOADED"),
        )
    )
    body = json.dumps({"error": {"message": "m", "code": code}})
    call = {"headers": {"Content-Type": "application/json"}, "body": body}
    return Fault([call], fails(reason))


CASES = (
    Case(8, "a web page, with status 200 or 502", html_page),
    Case(9, "429 with every kind of Retry-After", retry_after),
    Case(10, "429 with reset headers alone", reset_headers),
    Case(11, "200 with nothing remaining", nearly_exhausted),
    Case(12, "no credit: 429 insufficient_quota, 402", no_credit),
    Case(13, "overloaded: 529, or as the first event", overloaded),
    Case(14, "a burst of 5xx, then recovery", burst),
    Case(15, "401 and 403", bad_key),
    Case(16, "404 model_not_found, or another model answers", model_gone),
    Case(17, "the context is too long", context_too_long),
    Case(18, "413", too_large),
    Case(19, "an error object in a 200 that is not streamed", error_in_json),
)
