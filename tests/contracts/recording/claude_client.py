"""Conversations of Claude Code, which speaks Anthropic's Messages API, as a proxy translates them."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile

from recording.server import RecordingServer

TASKS = (
    "Read main.py and tell me what it does.",
    "Write a greeting in French into greeting.txt.",
    "Answer yes or no, and explain: is main.py tested?",
    "Rename the function `add` to `sum_of` everywhere.",
    "List the files here. Return a JSON object with their names.",
    "Explain aider's SEARCH/REPLACE blocks.",
    "Make a unified diff of the change that you would make.",
    "Schreibe einen Test für main.py.",
    "What is 17 * 3? Work it out with a command.",
    "Summarize this conversation so far.",
)
SETTINGS = (
    [],
    ["--append-system-prompt", "Be brief."],
    ["--model", "claude-sonnet-4-5"],
    ["--allowedTools", "Read,Write,Bash"],
    ["--output-format", "json"],
    ["--system-prompt", "You are a reviewer of Python code."],
    ["--model", "claude-haiku-4-5", "--verbose"],
)


def to_openai(body):
    """The request in OpenAI's form."""
    messages = []
    system = body.get("system", [])
    if system:
        messages.append({"role": "system", "content": parts_of(system)})
    for message in body["messages"]:
        content = message["content"]
        blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
        results = [block for block in blocks if block["type"] == "tool_result"]
        for block in results:
            said = block.get("content", "")
            said = said if isinstance(said, str) else "".join(b.get("text", "") for b in said)
            messages.append({"role": "tool", "tool_call_id": block["tool_use_id"], "content": said})
        calls = [
            {
                "id": block["id"],
                "type": "function",
                "function": {"name": block["name"], "arguments": json.dumps(block["input"])},
            }
            for block in blocks
            if block["type"] == "tool_use"
        ]
        texts = [block for block in blocks if block["type"] == "text"]
        if texts or calls:
            turn = {"role": message["role"], "content": parts_of(texts) or None}
            messages.append({**turn, "tool_calls": calls} if calls else turn)
    tools = [
        {
            "type": "function",
            "function": {
                "name": tool["name"],
                "description": tool.get("description", ""),
                "parameters": tool["input_schema"],
            },
        }
        for tool in body.get("tools", [])
        if "input_schema" in tool
    ]
    request = {"model": "mom", "messages": messages, "max_tokens": body["max_tokens"]}
    output = body.get("output_config", {}).get("format")
    if output:
        schema = {"name": "answer", "schema": output["schema"]}
        request["response_format"] = {"type": "json_schema", "json_schema": schema}
    return {**request, "tools": tools} if tools else request


def parts_of(content):
    if isinstance(content, str):
        return content
    return [{"type": "text", "text": block["text"]} for block in content]


class ClaudeCode:
    """`record(number)` gives [(the contract and the side call that it must be known as, request)]."""

    name = "claude-code"

    def __init__(self, program):
        self.program = str(pathlib.Path(program).resolve())
        self.server = RecordingServer(self.answer)
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="mom-recording-"))
        self.version = self.run(self.root, "--version").stdout.split()[0]

    def run(self, folder, *arguments):
        keep = ("PATH", "LANG")
        env = {name: os.environ[name] for name in keep if name in os.environ}
        env |= {
            "HOME": str(self.root),
            "ANTHROPIC_BASE_URL": self.server.url,
            "ANTHROPIC_API_KEY": "x",
            "DISABLE_TELEMETRY": "1",
            "DISABLE_AUTOUPDATER": "1",
            "DISABLE_ERROR_REPORTING": "1",
        }
        return subprocess.run(
            [self.program, *arguments],
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def answer(self, body):
        tools = {tool["name"] for tool in body.get("tools", [])}
        if not tools:
            return "Greeting in French"
        turns = sum(message["role"] == "assistant" for message in body["messages"])
        main = f"{self.folder}/main.py"
        script = [
            [("Read", {"file_path": main})],
            [("Write", {"file_path": f"{self.folder}/greeting.txt", "content": "Bonjour\n"})],
            [("Bash", {"command": "ls", "description": "Lists the files"})],
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
            (self.folder / "CLAUDE.md").write_text("Use type hints. Answer in JSON if asked to.\n")
        subprocess.run(["git", "init", "--quiet"], cwd=self.folder, check=True)
        settings = SETTINGS[number % len(SETTINGS)]
        self.run(self.folder, "-p", TASKS[number % len(TASKS)], *settings)
        return [
            ("none", "", to_openai(body))
            if body.get("tools")
            else ("json_schema", "claude-code title", to_openai(body))
            for body in self.server.bodies
        ]

    def close(self):
        self.server.close()
        shutil.rmtree(self.root)
