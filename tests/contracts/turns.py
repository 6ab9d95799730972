"""Real aider against MoM, turn after turn: a part of `make contracts`.

Each turn asks a mixture as a user has it, with all defaults, for an edit, of which three scripted
members each give theirs, some of them broken, and the judge prefers any. Prints for each of aider's formats in how many turns each member alone would
have been well-formed, as aider's own code judges, and in how many MoM was. Fails where MoM was not
although a member was. With --counts FILE writes "passed failed skipped" to it.
"""

import argparse
import contextlib
import io
import os
import pathlib
import random
import sys

import answers
import oracle
import samples

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

from aider.models import Model  # noqa: E402  (after the oracle, which sets it up)
from harness import paths  # noqa: E402  (needs the path)
from harness.gateway import Gateway  # noqa: E402

MEMBERS = ("alpha", "beta", "spare")
BROKEN = 0.4  # of a member's answers
MOST_ALONE = 0.9  # of a member's turns may be well-formed, where there are enough to say so
ENOUGH_TURNS = 30
# Huge files would only take long; where a file has odd line breaks, aider fails to show a whole
# listing of it that was not streamed, whoever wrote it. Files come and go in the corpus.
LEFT_OUT = ("huge", "odd line breaks", "new file", "deleted file")
MARKERS = ("<<<<<<< ", ">>>>>>> ")
KINDS = [kind for kind in samples.KINDS if kind not in LEFT_OUT]


def use_defaults(config):
    """Only that each answer counts: a member's grace may end while the machine is busy."""
    config["mixtures"]["mom"] = {"members": list(MEMBERS), "critic": "judge", "quorum": 3}


class Turns:
    def __init__(self, gateway, seed):
        self.gateway = gateway
        self.random = random.Random(seed)
        self.aider = oracle.Oracle()
        with contextlib.redirect_stdout(io.StringIO()):
            self.model = Model("openai/mom")
        self.model.token_count = lambda messages: 0

    def is_well_formed(self, edit_format, files, text):
        """Whether aider would write it, and no conflict's markers into a file."""
        outcome, _, after = self.aider.apply(edit_format, files, text)
        return outcome == oracle.EDITED and not any(
            line.startswith(MARKERS) and line not in (files.get(path) or "")
            for path, whole in after.items()
            for line in (whole or "").splitlines()
        )

    def answer(self, edit_format, good, files):
        """A member's, and whether it is well-formed alone."""
        text = good
        if self.random.random() < BROKEN:
            for _ in range(20):  # some ways to break an answer do no harm to some answers
                text = self.random.choice(answers.BREAKS)(self.random, good, files)
                if not self.is_well_formed(edit_format, files, text):
                    return text, False
        return text, self.is_well_formed(edit_format, files, text)

    def turn(self, edit_format, streamed):
        """Which members are well-formed alone, and whether the turn with MoM is."""
        files, changes = samples.task(self.random, self.random.choice(KINDS))
        changes = [change for change in changes if not change.is_new and not change.is_gone]
        messages = self.aider.messages(edit_format, files)
        good = answers.render(edit_format, changes, files, answers.fence_of(messages))
        said = [self.answer(edit_format, good, files) for _ in MEMBERS]
        alone = [is_fine for _, is_fine in said]
        scripts = {member: [{"text": text}] for member, (text, _) in zip(MEMBERS, said)}
        scripts["judge"] = [{"text": self.random.choice("AB")} for _ in range(4)]
        self.gateway.emulator.load(**scripts)
        edited = self.edits(edit_format, files, streamed)
        if any(alone) and not edited:
            for member, (text, is_fine) in zip(MEMBERS, said):
                print(f"-- {edit_format}: {member}, {'fine' if is_fine else 'broken'}", text)
        return alone, edited

    def edits(self, edit_format, files, streamed):
        """Whether aider makes an edit of what MoM answers, without asking again."""
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            coder = self.aider.coder(edit_format, files, self.model, streamed)
            coder.cur_messages = []
            coder.max_reflections = 0
            coder.run(with_message="Do it.", preproc=False)
        return coder.num_malformed_responses == 0 and bool(coder.aider_edited_files)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", default="build/bin", help="folder of the programs")
    parser.add_argument("--turns", type=int, default=6, help="how many in each format")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of the random")
    parser.add_argument("--counts", type=pathlib.Path, help="file for the counts")
    args = parser.parse_args()
    paths.use_programs(args.bin)
    counts = args.counts and args.counts.resolve()
    print(f"seed {args.seed}; {args.turns} turns in each format")
    print(f"{'format':13}" + "".join(f"{name:>8}" for name in (*MEMBERS, "any", "MoM")))
    failed = 0
    with Gateway(use_defaults) as gateway:
        os.environ["OPENAI_API_BASE"] = f"http://127.0.0.1:{gateway.rest_port}/v1"
        os.environ["OPENAI_API_KEY"] = "x"
        turns = Turns(gateway, args.seed)
        try:
            for edit_format in answers.FORMATS:
                done = [turns.turn(edit_format, bool(i % 2)) for i in range(args.turns)]
                each = [sum(alone[i] for alone, _ in done) for i in range(len(MEMBERS))]
                any_of_them = sum(any(alone) for alone, _ in done)
                mom = sum(edited for alone, edited in done if any(alone))
                failed += any_of_them - mom
                if args.turns >= ENOUGH_TURNS and max(each) >= MOST_ALONE * args.turns:
                    print(f"-- {edit_format}: a member is too good alone to show anything")
                    failed += 1
                print(f"{edit_format:13}" + "".join(f"{n:8}" for n in (*each, any_of_them, mom)))
        finally:
            turns.aider.close()
    total = args.turns * len(answers.FORMATS)
    print(f"{total} turns: {failed} in which a member was well-formed and MoM was not")
    if counts:
        counts.write_text(f"{total - failed} {failed} 0\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
