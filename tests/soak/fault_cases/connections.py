"""Cases 1 to 7: the connection."""

from fault_cases.case import Case, Fault, ends, fails
from fault_cases.scripts import said, some_tokens

BAD_CERTIFICATES = (
    "expired",
    "not_yet_valid",
    "wrong_host",
    "self_signed",
    "unknown_ca",
    "old_tls",
)


def refused(rng, text):
    return Fault([], fails("UPSTREAM_CONNECT"), target="refused")


def bad_certificate(rng, text):
    return Fault([], fails("UPSTREAM_TLS"), target=rng.choice(BAD_CERTIFICATES))


def idle_connection_closed(rng, text):
    return Fault([said(rng, text, connection="drop")], ends(text))


def goes_away(rng, text):
    fault = {"kind": rng.choice(("goaway", "refuse"))}
    if rng.random() < 0.5:  # not accepted: it is sent again
        return Fault([{"fault": fault}, said(rng, text)], ends(text), target="http2")
    count = some_tokens(rng, text)
    call = said(rng, text, fault={**fault, "after_tokens": count})
    effect = fails("UPSTREAM_CONNECTION_LOST", text=text, begins=count > 0)
    return Fault([call], effect, target="http2")


def stream_stalls(rng, text):
    count = some_tokens(rng, text)
    call = said(rng, text, fault={"kind": "stall", "after_tokens": count})
    effect = fails("FIRST_TOKEN_TIMEOUT", "IDLE_TIMEOUT", text=text, begins=count > 0)
    return Fault([call], effect, target="http2-impatient")


CASES = (
    Case(
        1,
        "DNS fails",
        blanks={"all": "the resolver is no part of a provider: tests/net/resolver_test.cc has it"},
    ),
    Case(
        2,
        "the first address is black-holed",
        blanks={"all": "loopback has no address that swallows packets"},
    ),
    Case(3, "connection refused", refused),
    Case(4, "a certificate that is not valid", bad_certificate),
    Case(5, "a reused idle connection was closed", idle_connection_closed),
    Case(6, "HTTP/2 GOAWAY and REFUSED_STREAM, with and without the call covered", goes_away),
    Case(7, "an HTTP/2 stream stalls", stream_stalls),
)
