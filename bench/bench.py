#!/usr/bin/env python3
"""The gateway beside nginx proxy_pass, both in front of the same provider emulator. See run.sh."""

import argparse
import json
import os
import pathlib
import re
import resource
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent / "tests/e2e"))

import streams  # noqa: E402  (needs the path)
from harness import paths  # noqa: E402
from harness.gateway import Gateway  # noqa: E402
from harness.process import Process, accepts_connections, free_port  # noqa: E402

CONNECTIONS = 32
ANSWER = "The quick brown fox jumps over the lazy dog. This is a canned answer, as long as a short reply."


class Target:
    """What is measured: a port and the processes behind it."""

    def __init__(self, name, port, *processes):
        self.name, self.port, self._processes = name, port, processes

    def cpu_seconds(self):
        """User and system time so far, children included."""
        return sum(_cpu_seconds(p.pid) for p in self._processes)


def _cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(_cpu_seconds(child) for child in children)


def start_nginx(program, folder, provider_port):
    port = free_port()
    text = (HERE / "nginx.conf").read_text()
    text = text.replace("@PROVIDER@", str(provider_port)).replace("@LISTEN@", str(port))
    (folder / "nginx.conf").write_text(text)
    command = [program, "-p", str(folder), "-c", "nginx.conf", "-e", "stderr"]
    process = Process("nginx", command, folder / "nginx.log", cwd=folder)
    process.wait_until(lambda: accepts_connections(port), "its port")
    return Target("nginx", port, process), process


def milliseconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def measure_unary(target, seconds):
    """One run of wrk: req/s, CPU us a request, p50 and p99 in ms."""
    before = target.cpu_seconds()
    url = f"http://127.0.0.1:{target.port}/v1/chat/completions"
    command = [
        "wrk",
        "--latency",
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{seconds}s",
        "-s",
        str(HERE / "chat.lua"),
        url,
    ]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    cpu = target.cpu_seconds() - before
    if bad := re.search(r"Non-2xx or 3xx responses: \d+|Socket errors:.*", out):
        print(f"  {target.name}: {bad.group()}")
    requests = int(re.search(r"(\d+) requests in", out).group(1))
    return (
        float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1)),
        cpu / max(requests, 1) * 1e6,
        milliseconds(re.search(r"(?m)^\s+50%\s+(\S+)", out).group(1)),
        milliseconds(re.search(r"(?m)^\s+99%\s+(\S+)", out).group(1)),
    )


def measure_streams(target, count):
    """Tokens behind their time, p50 and p99 in ms; CPU us a token; failed streams."""
    before = target.cpu_seconds()
    outcome = streams.run(target.port, count)
    cpu = target.cpu_seconds() - before
    lags = sorted(outcome.lags) or [float("nan")]
    return (
        lags[len(lags) // 2] * 1e3,
        lags[len(lags) * 99 // 100] * 1e3,
        cpu / max(len(outcome.lags), 1) * 1e6,
        outcome.failed,
    )


def interleaved(targets, rounds, measure):
    """Medians of each figure, by target; the targets take turns, so that drift hits all alike."""
    rows = {target.name: [] for target in targets}
    for _ in range(rounds):
        for target in targets:
            rows[target.name].append(measure(target))
    return {
        name: [statistics.median(column) for column in zip(*runs)] for name, runs in rows.items()
    }


def report_unary(targets, rounds, seconds):
    figures = interleaved(targets, rounds, lambda target: measure_unary(target, seconds))
    print(
        f"\nWhole answers, c={CONNECTIONS}, 1 KB body, provider at 0 ms; medians of {rounds} rounds"
    )
    print(
        f"{'':10}{'req/s':>10}{'/ nginx':>9}{'CPU us':>9}{'/ nginx':>9}{'p50 ms':>9}{'p99 ms':>9}"
    )
    rate, cpu = figures["nginx"][:2]
    for name, (r, c, p50, p99) in figures.items():
        print(
            f"{name:10}{r:10.0f}{r / rate:9.3f}{c:9.1f}{c / max(cpu, 0.1):9.1f}{p50:9.2f}{p99:9.2f}"
        )


def report_streams(targets, rounds, count):
    figures = interleaved(targets, rounds, lambda target: measure_streams(target, count))
    base = figures["direct"][0]
    print(f"\n{count} streams of {1 / streams.PACE:.0f} tokens/s; medians of {rounds} rounds")
    print(
        f"{'':10}{'late p50 ms':>12}{'p99 ms':>9}{'added p50':>11}{'CPU us/token':>14}{'failed':>8}"
    )
    for name, (p50, p99, cpu, failed) in figures.items():
        print(f"{name:10}{p50:12.2f}{p99:9.2f}{p50 - base:11.2f}{cpu:14.1f}{failed:8.0f}")


def add_models(config):
    config["server"]["log_level"] = config["rest"]["log_level"] = "error"
    for name in ("unary", "paced"):
        config["models"][name] = {"provider": "emulator"}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nginx", default="nginx", help="the program")
    parser.add_argument("--bin", default="build/bin", help="folder of our programs")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5, help="of each run of wrk")
    parser.add_argument("--streams", type=int, default=500)
    args = parser.parse_args()

    paths.use_programs(args.bin)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    gateway = Gateway(add_models)
    nginx = None
    try:
        gateway.emulator.load(
            unary=[{"text": ANSWER}],
            paced=[
                {
                    "tokens": [streams.MARK.decode() + " "] * streams.TOKENS,
                    "pace_ms": int(streams.PACE * 1000),
                }
            ],
        )
        with tempfile.TemporaryDirectory(prefix="mom-bench.") as folder:
            provider = gateway.emulator
            yardstick, nginx = start_nginx(args.nginx, pathlib.Path(folder), provider.port)
            direct = Target("direct", provider.port)
            mom = Target("mom", gateway.rest_port, gateway.momd, gateway.mom_rest)
            report_unary([direct, yardstick, mom], args.rounds, args.seconds)
            report_streams([direct, yardstick, mom], args.rounds, args.streams)
            nginx.stop()
    finally:
        if nginx and nginx.is_running():
            nginx.kill()
        gateway.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
