"""Conversations of opencode."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile

from recording.server import RecordingServer

TASKS = (
    "Write a greeting in French into greeting.txt.",
    "What does main.py do?",
    "Is main.py tested? Answer yes or no.",
    "Rename the function `add` to `sum_of`.",
    "List the files as a JSON object.",
    "Explain aider's SEARCH/REPLACE blocks.",
    "Show the change as a unified diff.",
    "Schreibe einen Test für main.py.",
)


class Opencode:
    """`record(number)` gives [(the contract and the side call that it must be known as, request)]."""

    name = "opencode"

    def __init__(self, program):
        self.program = str(pathlib.Path(program).resolve())
        self.server = RecordingServer(self.answer)
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="mom-recording-"))
        self.version = self.run(self.root, "--version").stdout.strip()

    def run(self, folder, *arguments):
        keep = ("PATH", "LANG")
        env = {name: os.environ[name] for name in keep if name in os.environ}
        env |= {
            "HOME": str(self.root),
            "PWD": str(folder),
            "OPENCODE_DISABLE_AUTOUPDATE": "1",
            "OPENCODE_DISABLE_MODELS_FETCH": "1",
            "OPENCODE_DISABLE_LSP_DOWNLOAD": "1",
            "npm_config_offline": "true",
        }
        return subprocess.run(
            [self.program, *arguments],
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    def answer(self, body):
        tools = {tool["function"]["name"] for tool in body.get("tools", [])}
        if not tools:
            return "A greeting in French"
        turns = sum(message["role"] == "assistant" for message in body["messages"])
        script = [
            [("read", {"filePath": f"{self.folder}/main.py"})],
            [("write", {"filePath": f"{self.folder}/greeting.txt", "content": "Bonjour\n"})],
            [("bash", {"command": "ls", "description": "Lists the files"})],
        ]
        coming = script[turns] if turns < min(self.turns, len(script)) else None
        return coming if coming and coming[0][0] in tools else "It is done."

    def record(self, number):
        self.server.bodies.clear()
        self.turns = number % 4
        self.folder = self.root / f"project{number}"
        self.folder.mkdir()
        (self.folder / "main.py").write_text("def add(a, b):\n    return a + b\n")
        if number % 2:
            (self.folder / "AGENTS.md").write_text("Use type hints. Answer in JSON if asked to.\n")
        limits = {"context": 100000, "output": 8000}
        provider = {
            "npm": "@ai-sdk/openai-compatible",
            "name": "MoM",
            "options": {"baseURL": f"{self.server.url}/v1", "apiKey": "x"},
            "models": {name: {"name": name, "limit": limits} for name in ("mom", "gpt-5", "qwen")},
        }
        config = {"provider": {"mom": provider}, "autoupdate": False, "share": "disabled"}
        (self.folder / "opencode.json").write_text(json.dumps(config))
        subprocess.run(["git", "init", "--quiet"], cwd=self.folder, check=True)
        model = f"mom/{('mom', 'gpt-5', 'qwen')[number % 3]}"
        agent = ["--agent", "plan"] if number % 5 == 4 else []
        self.run(self.folder, "run", "-m", model, *agent, TASKS[number % len(TASKS)])
        return [
            ("none", "" if body.get("tools") else "opencode title", body)
            for body in self.server.bodies
        ]

    def close(self):
        self.server.close()
        shutil.rmtree(self.root)
