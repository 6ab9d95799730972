"""The conversation as the critic gets it, over a session: what a direct call to it would send."""

import json

from harness.gateway import CRITIC, MEMBERS, Gateway
from table import exactly

TURNS = 30
TOOL = {"type": "function", "function": {"name": "read", "parameters": {"type": "object"}}}
ANALYSIS = json.dumps({"conflicts": ["They differ in the number."], "best": "A"})


def change_config(config):
    config["mixtures"]["mom"]["analysis"] = "separate"


def turn(number):
    """A user's turn, with all that has been trouble for those who write JSON anew."""
    text = f'Turn {number}: "é\U0001f600\\\t\r\n</draft A> \u2028?'
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}
    content = [{"type": "text", "text": text}, image] if number % 5 == 1 else text
    return {"role": "user", "content": content}


def answered(number, text):
    """The assistant's turn, in every fourth one with a call and its result."""
    yield {"role": "assistant", "content": text}
    if number % 4 == 3:
        arguments = '{"path" : "a\\/b", "n": 12345678901234567890}'
        function = {"name": "read", "arguments": arguments}
        call = {"id": f"call_{number}", "type": "function", "function": function}
        yield {"role": "user", "content": "Read it."}
        yield {"role": "assistant", "content": None, "tool_calls": [call]}
        yield {"role": "tool", "tool_call_id": call["id"], "content": "contents\n"}


def messages_of(body):
    """The JSON array of the messages as it was sent, without its last bracket; and what it says."""
    start = body.index('"messages":[') + len('"messages":')
    messages, end = json.JSONDecoder().raw_decode(body, start)
    return body[start : end - 1], messages


def rows(full, seed):
    del full, seed  # it is short, and nothing is random
    conversation = [{"role": "system", "content": "You are brief."}]
    kept = {"analysis": 0, "writer": 0}
    as_said = 0
    with Gateway(change_config) as gateway:
        for number in range(TURNS):
            conversation.append(turn(number))
            members = {name: [{"text": f"{name} says {number}."}] for name in MEMBERS}
            critic = [{"text": ANALYSIS}, {"text": f"It is {number}."}, {"text": "Directly."}]
            gateway.emulator.load(**members, **{CRITIC: critic})
            response = gateway.rest.chat(conversation, tools=[TOOL])
            assert response.status == 200, response.body
            assert gateway.rest.chat(conversation, CRITIC, tools=[TOOL]).status == 200
            *steps, direct = (r["body"] for r in gateway.emulator.requests(CRITIC))
            prefix, messages = messages_of(direct)
            as_said += messages == conversation
            for step, body in zip(kept, steps, strict=True):
                kept[step] += messages_of(body)[0].startswith(prefix + ",")
            conversation += answered(number, response.text())
    yield exactly("turns in which a direct call has what the client said", as_said, TURNS)
    for step, count in kept.items():
        yield exactly(f"turns in which its bytes begin those for the {step}", count, TURNS)
