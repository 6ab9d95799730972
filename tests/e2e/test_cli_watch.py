"""`mom ask --watch`: on a terminal, and without one."""

import re
import signal

from harness.cli import DONE, WRONG_KEY, CliTest, held
from harness.screen import Screen


class WatchTest(CliTest):
    def test_without_a_terminal_it_tells_in_lines(self):
        self.script_mixture(
            beta=WRONG_KEY, alpha={"text": "Paris.", "usage": {"prompt": 100, "completion": 10}}
        )
        result = self.mom("ask", "--watch", "Which?")
        self.assertEqual((result.returncode, result.stdout), (DONE, "Paris.\n"))
        lines = re.sub(r"\d+\.\d+ s", "N s", result.stderr).splitlines()
        self.assertRegex(lines[0], r"^mom: N s  mom \(synthesize\) asks alpha, beta; request req-\w+$")
        for line in (
            "mom: N s  alpha: first token",
            "mom: N s  alpha: usable, 100 -> 10 tokens, $0.0002",
            "mom: N s  beta: failed: UPSTREAM_AUTH",
            "mom: N s  the candidate of alpha goes out as it is",
            "mom: degraded: member beta failed: UPSTREAM_AUTH",
        ):
            self.assertIn(line, lines)
        self.assertNotIn("\x1b", result.stdout + result.stderr)

    def watch(self, *options, **env):
        """A run with a quorum and a critic; gives the screen while it writes, and the end."""
        usage = {"prompt": 100, "completion": 10}
        self.script_mixture(
            alpha={"text": "Paris.", "usage": usage},
            beta={"text": "It is Paris.", "usage": usage},
            judge={
                **held("Paris it is, on the Seine.", token=4),
                "usage": {"prompt": 300, "completion": 20},
            },
        )
        terminal = self.terminal("ask", "--watch", "Which?", *options, **env)
        terminal.wait_for("Paris it is, on")
        terminal.wait_for("writing")
        middle = re.sub(r"\d+\.\d+ s", "N.NN s", terminal.screen.text())
        self.emulator.open("answer")
        self.assertEqual(terminal.wait(), DONE)
        end = re.sub(r"\d+\.\d+ s", "N.NN s", terminal.screen.text())
        return middle, end, terminal.output

    def test_on_a_terminal_it_draws(self):
        middle, end, output = self.watch()
        lines = middle.splitlines()
        self.assertEqual(lines[0], "Paris it is, on")
        self.assertRegex(lines[1], r"^─── mom · synthesize ─+ N.NN s ───$")
        self.assertRegex(lines[-1], r"^. judge   writing +N.NN s  N.NN s +~\d+ +critic$")
        lines = end.splitlines()
        self.assertEqual(lines[0], "Paris it is, on the Seine.")
        self.assertEqual(
            lines[2:-1],
            [
                "  member  state        first    time    tokens     cost",
                "✓ alpha   usable      N.NN s  N.NN s  100 → 10  $0.0002",
                "✓ beta    usable      N.NN s  N.NN s  100 → 10  $0.0002",
                "✓ quorum  2 usable candidates, quorum 2",
                "✓ judge   wrote it    N.NN s  N.NN s  300 → 20  $0.0005  critic",
                "  in all                      N.NN s  500 → 40  $0.0009",
            ],
        )
        self.assertRegex(lines[-1], r"^✓ answered by judge  request req-\w+$")
        self.assertIn(b"\x1b[32m", output)

    def test_without_colour_and_unicode(self):
        _, end, output = self.watch(NO_COLOR="1", LC_ALL="C")
        self.assertNotRegex(output, rb"\x1b\[\d*m")
        self.assertTrue(output.isascii())
        self.assertIn("+ judge   wrote it", end)

    def test_a_dumb_terminal_gets_lines(self):
        self.script_mixture()
        terminal = self.terminal("ask", "--watch", "Which?", TERM="dumb")
        self.assertEqual(terminal.wait(), DONE)
        self.assertNotIn(b"\x1b", terminal.output)
        told = terminal.screen.text()
        self.assertRegex(told, r"mom: \d+\.\d\d s  quorum: 2 usable candidates, quorum 2")
        self.assertRegex(told, r"Paris it is\.\n(mom: .*\n)?mom: \d+\.\d\d s  answered by judge")

    def test_a_long_answer_scrolls_away_whole(self):
        text = "\n".join(f"line {i}: " + "wide パリ " * 9 for i in range(30))
        self.script_mixture(judge={"text": text, "chunk_chars": 7})
        terminal = self.terminal("ask", "--watch", "Which?", columns=61, rows=12)
        self.assertEqual(terminal.wait(), DONE)
        plain = Screen(61, 12)
        plain.write(text.replace("\n", "\r\n").encode())
        self.assertEqual(terminal.screen.text().split("\n───")[0], plain.text())

    def test_ctrl_c_leaves_what_is_there(self):
        self.script_mixture(judge=held("one two three four", token=3))
        terminal = self.terminal("ask", "--watch", "Which?")
        terminal.wait_for("one two three")
        terminal.type("\x03")
        self.assertEqual(terminal.wait(), -signal.SIGINT)
        self.emulator.wait_idle()
        self.assertEqual(sum(i["cut_by_client"] for i in self.emulator.invoices()), 1)
        self.assertTrue(terminal.screen.text().startswith("one two three\n───"))
        self.assertRegex(terminal.screen.text(), r"✗ judge   stopped")
        self.assertNotIn("^C", terminal.screen.text())
