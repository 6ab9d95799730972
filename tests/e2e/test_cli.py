"""The command-line client `mom`: questions, exit codes, Ctrl-C, models, health."""

import json
import re
import signal
import socket
import subprocess
import tempfile

from harness import cli, paths
from harness.cli import CUT, DONE, FAILED, UNREACHABLE, USAGE, WRONG_KEY, CliTest, held
from harness.process import clean_environment, free_port, wait_until


class AskTest(CliTest):
    def test_the_answer_is_all_that_is_on_stdout(self):
        self.script_mixture()
        result = self.mom("ask", "Which", "capital?")
        self.assertEqual(
            (result.returncode, result.stdout, result.stderr), (DONE, "Paris it is.\n", "")
        )
        self.assertEqual(self.asked(), [("user", "Which capital?")])

    def test_it_is_printed_while_it_is_written(self):
        self.script_mixture(judge=held("one two three four", token=3))
        terminal = self.terminal("ask", "Which?")
        terminal.wait_for("one two three")
        self.emulator.open("answer")
        self.assertEqual(terminal.wait(), DONE)
        self.assertEqual(terminal.screen.text(), "one two three four")

    def test_without_a_stream_it_is_printed_when_it_is_whole(self):
        # An answer that breaks off has an anchor then.
        self.script_mixture(
            judge={"text": "one two three", "fault": {"kind": "reset", "after_tokens": 3}},
            spare=WRONG_KEY,
        )
        result = self.mom("ask", "--no-stream", "Which?")
        self.assertEqual((result.returncode, result.stdout), (DONE, "Paris.\n"))
        self.assertIn("mom: degraded: critic judge: UPSTREAM_CONNECTION_LOST", result.stderr)

    def test_one_model(self):
        self.script(beta="From beta.")
        self.assertEqual(self.ok("ask", "--model", "beta", "Hello"), "From beta.\n")

    def test_the_question_is_words_files_and_what_is_piped(self):
        self.script_mixture()
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write("of a file\n")
            file.flush()
            self.ok("ask", "Tell", "--file", file.name, "--system", "Be brief.", stdin="piped\n")
        question = "Tell\n\nof a file\n\npiped"
        self.assertEqual(self.asked(), [("system", "Be brief."), ("user", question)])

    def test_a_question_is_typed_at_a_terminal(self):
        self.script_mixture()
        terminal = self.terminal("ask")
        terminal.wait_for("Type the question")
        terminal.type("Which capital?\n\x04")
        self.assertEqual(terminal.wait(), DONE)
        self.assertIn("Paris it is.", terminal.screen.text())
        self.assertEqual(self.asked(), [("user", "Which capital?")])

    def test_json_is_the_whole_response(self):
        self.script_mixture(beta=WRONG_KEY)
        answer = json.loads(self.ok("ask", "--json", "Which?"))
        self.assertEqual(answer["message"]["content"], [{"text": "Paris."}])
        self.assertEqual(answer["answered_by"], "alpha")
        self.assertEqual([c["model"] for c in answer["candidates"]], ["alpha", "beta"])
        self.assertTrue(answer["degraded"])

    def test_json_of_a_stream_is_a_line_for_each_event(self):
        self.script_mixture()
        events = [
            json.loads(line) for line in self.ok("ask", "--json", "--stream", "?").splitlines()
        ]
        self.assertEqual([int(e["sequence"]) for e in events], list(range(1, len(events) + 1)))
        self.assertIn("started", events[0])
        self.assertEqual(sum("candidate_finished" in e for e in events), 2)
        text = "".join(e["delta"]["text"] for e in events if "delta" in e)
        self.assertEqual(text, events[-1]["completed"]["message"]["content"][0]["text"])

    def test_json_of_a_failure(self):
        self.script(alpha=WRONG_KEY)
        result = self.mom("ask", "--json", "--model", "alpha", "?")
        self.assertEqual(result.returncode, FAILED)
        error = json.loads(result.stdout)["error"]
        self.assertEqual((error["code"], error["reason"]), ("FAILED_PRECONDITION", "UPSTREAM_AUTH"))
        self.assertEqual(error["metadata"]["config_key"], "providers.emulator.api_key")

    def test_a_model_cannot_steer_the_terminal(self):
        text = "\x1b]0;owned\x07 \x1b[2J done"
        self.script(alpha=text)
        terminal = self.terminal("ask", "--model", "alpha", "?")
        self.assertEqual(terminal.wait(), DONE)
        self.assertNotIn(b"\x1b", terminal.output)
        self.assertIn("\ufffd[2J done", terminal.screen.text())
        self.assertEqual(self.ok("ask", "--model", "alpha", "?"), text + "\n")

    def test_an_answer_that_is_cut_by_its_limit_is_noted(self):
        self.script(alpha={"text": "Once upon", "finish_reason": "length"})
        result = self.mom("ask", "--model", "alpha", "?")
        self.assertEqual((result.returncode, result.stdout), (DONE, "Once upon\n"))
        self.assertIn("mom: the answer is cut by the limit of tokens", result.stderr)


class ExitCodesTest(CliTest):
    def fails(self, code, *arguments, **options):
        result = self.mom(*arguments, **options)
        self.assertEqual(result.returncode, code, result.stderr)
        self.assertTrue(result.stderr.startswith("mom: "), result.stderr)
        return result.stderr

    def test_usage(self):
        for arguments, words in (
            (["aks"], 'unknown command "aks"; did you mean "ask"?'),
            (["--model", "alpha", "ask", "?"], "behind the command, as in mom ask --model ..."),
            (["ask", "--modle", "x", "?"], "did you mean --model?"),
            (["ask"], "there is no question"),
            (["ask", "--file", "/nonexistent"], "--file /nonexistent cannot be read"),
            (["ask", "--watch", "--json", "?"], "--watch shows a stream"),
            (
                ["ask", "--address", "example.com:80", "?"],
                "--address: the host is not this machine",
            ),
            (["models", "--config", "/nonexistent.yaml"], "/nonexistent.yaml"),
            (["health", "now"], 'takes no argument like "now"'),
            (["doctor"], "agree with --yes"),
            (["doctor", "--yes", "alhpa"], 'did you mean "alpha"?\n'),
        ):
            with self.subTest(arguments=arguments):
                self.assertIn(words, self.fails(USAGE, *arguments))
        self.assertEqual(self.mom().returncode, USAGE)

    def test_a_failure_of_the_request(self):
        self.script(alpha=WRONG_KEY)
        self.assertIn("UPSTREAM_AUTH", self.fails(FAILED, "ask", "--model", "alpha", "?"))
        self.assertIn("MODEL_NOT_FOUND", self.fails(FAILED, "ask", "--model", "alhpa", "?"))

    def test_nobody_there(self):
        address = f"127.0.0.1:{free_port()}"
        for command in (["ask", "?"], ["models"], ["health"], ["why"], ["doctor", "--yes"]):
            with self.subTest(command=command):
                message = self.fails(UNREACHABLE, *command, "--address", address)
                self.assertIn(f"no momd answers at {address}; start it", message)

    def test_somebody_there_who_says_nothing(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            address = f"127.0.0.1:{server.getsockname()[1]}"
            for command in (["ask", "?"], ["ask", "--watch", "?"], ["health"]):
                with self.subTest(command=command):
                    message = self.fails(UNREACHABLE, *command, "--address", address)
                    self.assertIn(f"no momd answers at {address}", message)

    def test_an_answer_that_breaks_off(self):
        self.script(
            alpha={"text": "one two three four", "fault": {"kind": "reset", "after_tokens": 3}}
        )
        result = self.mom("ask", "--model", "alpha", "?")
        self.assertEqual((result.returncode, result.stdout), (CUT, "one two three\n"))
        self.assertIn("(ANSWER_CUT)", result.stderr)

    def test_a_service_that_goes_away_in_the_middle(self):
        self.script(alpha={"tokens": ["one ", "two"], "gates": [{"name": "g", "token": 1}]})
        command = cli.command("ask", "--model", "alpha", "?")
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.env(),
            text=True,
        )
        self.assertEqual(process.stdout.read(4), "one ")
        self.gateway.momd.kill()
        _, problem = process.communicate(timeout=60)
        self.gateway.start_momd()
        self.assertEqual(process.returncode, CUT, problem)
        self.assertIn("the answer broke off: ", problem)

    def test_output_that_cannot_be_written(self):
        self.script_mixture()
        with open("/dev/full", "w") as full:
            result = subprocess.run(
                cli.command("ask", "?"),
                stdin=subprocess.DEVNULL,
                stdout=full,
                stderr=subprocess.PIPE,
                env=self.env(),
                text=True,
                timeout=60,
                check=False,
            )
        self.assertEqual(result.returncode, FAILED)
        self.assertIn("cannot write to standard output: No space left", result.stderr)


class InterruptTest(CliTest):
    """Ctrl-C stops every call upstream, wherever the answer is."""

    def interrupt(self, *arguments, count, printed="", number=signal.SIGINT):
        """Once so many answers are held, and so much is printed."""
        process = subprocess.Popen(
            cli.command(*arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.env(),
        )
        self.emulator.wait_held("answer", count)
        self.assertEqual(process.stdout.read(len(printed)).decode(), printed)
        process.send_signal(number)
        rest, err = process.communicate(timeout=60)
        cli.check_sanitizer(err.decode())
        self.emulator.wait_idle()
        self.assertEqual(process.returncode, -number, err)
        self.assertEqual(sum(i["cut_by_client"] for i in self.emulator.invoices()), count)
        self.assertEqual(rest.decode(), "\n" if printed else "")

    def test_while_the_members_work(self):
        self.script(alpha=held("Paris."), beta=held("Paris."))
        self.interrupt("ask", "Which?", count=2)

    def test_while_the_answer_streams(self):
        self.script_mixture(judge=held("one two three four", token=3))
        self.interrupt("ask", "Which?", count=1, printed="one two three")

    def test_without_a_stream(self):
        self.script_mixture(judge=held("one two three four", token=3))
        self.interrupt("ask", "--no-stream", "Which?", count=1)

    def test_sigterm_does_the_same(self):
        self.script(alpha=held("Paris."), beta=held("Paris."))
        self.interrupt("ask", "?", count=2, number=signal.SIGTERM)

    def test_all_calls_of_the_doctor(self):
        models = {name: held("1 2 3") for name in ("alpha", "beta", "judge", "spare")}
        self.script(**models)
        self.interrupt("doctor", "--yes", count=4)

    def test_a_question_that_is_not_asked_yet(self):
        terminal = self.terminal("ask")
        terminal.wait_for("Type the question")
        terminal.type("\x03")
        self.assertEqual(terminal.wait(), -signal.SIGINT)

    def test_a_reader_that_leaves(self):
        self.script(alpha={"text": "word " * 50, "gates": [{"name": "g", "token": 40}]})
        process = subprocess.Popen(
            cli.command("ask", "--model", "alpha", "?"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            env=self.env(),
        )
        self.emulator.wait_held("g")
        process.stdout.close()
        self.emulator.open("g")
        self.assertEqual(process.wait(timeout=60), -signal.SIGPIPE)


class ModelsAndHealthTest(CliTest):
    def test_models(self):
        lines = self.ok("models").splitlines()
        self.assertEqual(lines[0].split(), ["NAME", "KIND", "CONTEXT", "WHAT"])
        self.assertEqual(
            lines[1].split(), "mom mixture - synthesize: alpha, beta; critic judge".split()
        )
        self.assertIn("alpha model - alpha at emulator".split(), [line.split() for line in lines])

    def test_models_as_json(self):
        models = json.loads(self.ok("models", "--json"))["models"]
        self.assertEqual(models[0]["name"], "mom")
        self.assertEqual(models[0]["members"], ["alpha", "beta"])

    def test_each_way_to_say_where_momd_is(self):
        unix = self.gateway.config["server"]["listen"][1]
        nowhere = clean_environment(MOM_ADDRESS=f"127.0.0.1:{free_port()}")
        for options in (
            ["--address", f"localhost:{self.gateway.grpc_port}"],
            ["--address", unix],
            ["--config", self.gateway.config_file],
        ):
            with self.subTest(options=options):
                result = cli.run("health", *options, env=nowhere)
                self.assertEqual(result.returncode, DONE, result.stderr)
                self.assertTrue(result.stdout.endswith(": serving\n"))
        self.assertEqual(cli.run("health", env=self.env()).returncode, DONE)

    def test_a_draining_service_is_not_healthy(self):
        self.script(alpha=held("Paris."))
        client = self.rest.start(model="alpha")
        self.emulator.wait_held("answer")
        self.gateway.momd.send(signal.SIGTERM)
        wait_until(lambda: "draining" in self.gateway.momd.output(), "the drain")
        result = self.mom("health")
        self.emulator.open("answer")
        self.assertEqual(client.response().status, 200)
        self.gateway.momd.wait()
        self.gateway.start_momd()
        self.assertEqual(result.returncode, FAILED)
        self.assertIn("shutting down", result.stdout)


class HelpTest(CliTest):
    """docs/cli.md and --help tell of the same commands and options."""

    def documented(self):
        """Options by the heading of the section that lists them."""
        out = {}
        for line in (paths.ROOT / "docs/cli.md").read_text().splitlines():
            if heading := re.match(r"## (?:`mom (\w+)`|(Options of all))", line):
                options = out.setdefault(heading.group(1) or "all", set())
            elif option := re.match(r"\| `(--[\w-]+)", line):
                options.add(option.group(1))
        return out

    def test_every_option_is_documented_and_every_documented_option_exists(self):
        documented = self.documented()
        common = documented.pop("all")
        commands = re.findall(r"^  (\w+)  ", self.ok("--help"), re.MULTILINE)
        self.assertEqual(set(commands), set(documented))
        for command in commands:
            with self.subTest(command=command):
                options = set(
                    re.findall(r"^  (--[\w-]+)", self.ok(command, "--help"), re.MULTILINE)
                )
                self.assertEqual(options - common, documented[command])

    def test_version(self):
        self.assertRegex(self.ok("--version"), r"^mom \d+\.\d+\.\d+\n$")
