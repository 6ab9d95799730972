"""Conversations that only look like those of a client that needs a form."""

THINGS = "a parser|the router|my cache|this loop|the tests|an index|our config|the logger".split("|")
LANGUAGES = "Python|Go|Rust|TypeScript|C++|Java|Ruby|Bash".split("|")
BLOCK = """\
main.py
```python
<<<<<<< SEARCH
x = {0}
=======
x = {1}
>>>>>>> REPLACE
```
"""
FILES = (
    "I have *added these files to the chat* so you can go ahead and edit them.\n\n"
    "*Trust this message as the true contents of these files!*\n\nmain.py\n```\nx = {0}\n```\n"
)
XML = (
    "# Tool Use Formatting\n\nTool uses are formatted using XML-style tags. Each parameter has its "
    "own.\n\n# Tools\n\n## read_file\nDescription: Reads a file.\nParameters:\n- path: (required) "
    "The path\nUsage:\n<read_file>\n<path>x</path>\n</read_file>\n"
)
ASKED = (
    "How do SEARCH/REPLACE blocks work in aider? I use {language}.",
    "Write a regex that finds `<<<<<<< SEARCH` and `>>>>>>> REPLACE` in {thing}.",
    "Act as an expert software developer and review {thing}.",
    "Act as an expert architect engineer: how would you build {thing}?",
    "Answer yes or no and explain: is {thing} thread-safe?",
    "Answer yes or no, with your reasons. Is {language} fast enough for {thing}?",
    "Is {thing} slow? Yes or no would do, but I like to know why.",
    "Should the function return yes or no when {thing} is empty?",
    "My model should reply with only a number, but it writes prose. What can I do about {thing}?",
    "Write a prompt for {thing}. It should end so: Answer with only a number.",
    'What does "Reply yes or no." do in a prompt about {thing}?',
    "Translate into German: Please answer with a single letter (A, B, C or D).",
    "Give me a number of reasons to write {thing} in {language}.",
    "Think step by step about {thing}. Answer with only a number at the end of your reasoning.",
    "Which letter comes first in the name of {thing}? Tell me how you know.",
    "Write a letter to the maintainers of {thing}.",
    "Explain {thing} first. Then answer with only a number.",
    "Return the complete file of {thing} in a code block, and say what you changed.",
    "Show {thing} in a single code block and explain it below.",
    "What is a unified diff? Show one for {thing} in {language}.",
    "Convert this unified diff into prose:\n```diff\n--- a.py\n+++ a.py\n@@ ... @@\n-x\n+y\n```",
    "Describe {thing} as a JSON object, then in words.",
    'Is {{"name": "x", "age": 3}} valid JSON for {thing}?',
    "Parse <tool><name>read_file</name></tool> in {language}.",
    "Why does <read_file><path>x</path></read_file> fail in {thing}?",
    "Generate a concise, one-line commit message for {thing}, and a longer one.",
    "Write a Git commit message for {thing} in {language}.",
    "*Briefly* summarize this partial conversation about programming: we spoke of {thing}.",
    "Summarize what we said about {thing} so far.",
    "Generate a concise title for {thing} and three alternatives.",
    "Suggest 3-5 relevant follow-up questions about {thing}.",
    "### Task:\nWrite {thing} in {language}.\n### Guidelines:\n- Be brief.",
    "Format {thing} as *** Begin Patch does, and tell me whether it is V4A.",
    "If you are sure, answer yes or no; else ask me about {thing}.",
    "Print yes or no for each line that {thing} reads.",
    "Write a function that counts {thing} in {language}. Return only an integer.",
    "Output only the numbers greater than ten with {language}: how?",
    "The quiz asks: A) Go B) Rust. Discuss both for {thing}.",
    "Output only the number of rows in {thing} and a short explanation.",
    "Just the number of files that {thing} loses matters to me; explain why.",
    "How often is {thing} called? Give me just the number and your reasoning.",
    "Write {thing} in {language}. Only output the number.",
    "Fix {thing}. It floods the console. Just print the number.",
    "Give me only the final number, then walk me through {thing}.",
    "Print only the letter. A function of {thing} has to do that in {language}.",
    "Answer with the letter of the correct option and say why {thing} is wrong: A) Go B) Rust.",
    "Just yes or no is not enough. What about {thing}?",
    "Only say yes or no to {thing} after you have read it aloud and justified it.",
    "Should {thing} give just the number? Discuss.",
    "Why does my model output only the letter when I ask about {thing}?",
    "Answer these about {thing}: 1) 2+2 2) 3+3 3) 4+4\nAnswer with only a number.",
    "Answer true or false:\na) {thing} is fast\nb) {language} is old\nc) neither is",
    "Is {thing} thread-safe?\nPlease reply yes or no. Tom\n\nWhat should I tell Tom?",
    "Improve this question for my poll: is {language} fun? Answer yes or no.",
    "Create a survey question about {thing}. Respond yes or no.",
    "Is {thing} better in A) Go or B) Rust? Answer A or B. Give some thoughts on the trade-offs.",
    "Work out the cost of {thing}. Show the full derivation. The final line: answer with only a "
    "number.",
)
INSTRUCTED = (
    "You are a helpful assistant. Unified diffs are welcome where they help.",
    "You review pull requests. People send you unified diffs and SEARCH/REPLACE blocks.",
    "You may use Markdown. Where you show a file, name it before the fence.",
    "When the user asks for confirmation, answer yes or no. Else talk freely.",
    "You teach {language}. Reply with only a number if you are asked for a count, else in prose.",
    "You are an expert in {language}. Act as an expert software developer would.",
    "You have tools, such as <read_file>; describe which one you would use, in words.",
    "You are a title generator for books about {language}; offer five titles and discuss them.",
    "Explain why, then say yes or no.",
    "You are a support bot. For yes/no questions: answer yes or no.",
    "Multiple choice questions: answer with only the letter.",
    "- Arithmetic: answer with only a number.\n- Everything else: full sentences.",
    "## Polls\nReply yes or no.\n\n## Stories\nWrite at length.",
    "Quiz mode: answer with just the letter. Chat mode: talk freely.",
    "Never return the entire content of a file; describe what changes in {thing}.",
    "You document aider. Its prompts say:\n> # *SEARCH/REPLACE block* Rules:\n> Every block...",
)
PASTED = (
    "Explain this prompt:\n\n{prompt}",
    "{prompt}\n\nWhat do you make of that? It is what a tool of mine sends.",
    "Which of these rules matter for {thing}?\n\n```\n{prompt}\n```",
    "From the README:\n\n{quoted}\n\nIs that true?",
)
SAID = ("Here is what I think of {thing}.", "It depends on {language}.", "Sure.", BLOCK)


class Lookalikes:
    """Makes them; `rows` are recorded requests, whose instructions people may show to each other."""

    def __init__(self, random, rows):
        self.random = random
        self.prompts = [XML]
        for row in rows:
            first = row["request"]["messages"][0]
            if isinstance(first["content"], str) and (row["contract"] != "none" or row["side_call"]):
                self.prompts.append(first["content"])
        self.prompts = sorted(set(self.prompts))

    def text(self, templates):
        prompt = self.random.choice(self.prompts)
        number = self.random.randrange(10**6)
        template = self.random.choice(templates)
        if template in (BLOCK, FILES):
            return template.format(number, number + 1)
        return template.format(
            thing=self.random.choice(THINGS),
            language=self.random.choice(LANGUAGES),
            prompt=prompt,
            quoted="".join(f"> {line}\n" for line in prompt.split("\n")),
        )

    def turn(self, role, templates):
        return {"role": role, "content": self.text(templates)}

    def make(self):
        """The messages."""
        ways = (self.question, self.instructed, self.pasted, self.edited_once, self.shown_files)
        messages = self.random.choice(ways)()
        for _ in range(self.random.choice((0, 0, 1, 2))):
            messages += [self.turn("assistant", SAID[:3]), self.turn("user", ASKED)]
        if self.random.random() < 0.1:
            for message in messages:
                message["content"] = message["content"].replace("\n", "\r\n")
        return messages

    def question(self):
        return [self.turn("user", ASKED)]

    def instructed(self):
        role = self.random.choice(("system", "system", "developer"))
        return [self.turn(role, INSTRUCTED), self.turn("user", ASKED)]

    def pasted(self):
        before = self.instructed()[:1] if self.random.random() < 0.5 else []
        return [*before, self.turn("user", PASTED)]

    def edited_once(self):
        """Somebody was shown a block, or several, and no files were added."""
        messages = self.instructed()
        for _ in range(self.random.randint(1, 3)):
            messages += [self.turn("assistant", (BLOCK,)), self.turn("user", ASKED)]
        return messages

    def shown_files(self):
        """Somebody copied what aider says, and got prose for it."""
        return [
            *self.instructed()[:1],
            self.turn("user", (FILES,)),
            self.turn("assistant", SAID[:3]),
            self.turn("user", ASKED),
        ]
