#!/usr/bin/env python3
"""A tool that the models can call, with the OpenAI SDK. Needs: pip install openai"""

import json
import os
import sys

from openai import OpenAI

client = OpenAI(
    base_url=os.environ.get("BASE_URL", "http://127.0.0.1:8000/v1"),
    api_key=os.environ.get("MOM_API_KEY", "none"),
)


def temperature(city: str) -> str:
    return json.dumps({"city": city, "celsius": 21})


TEMPERATURE = {
    "type": "function",
    "function": {
        "name": "temperature",
        "description": "How warm it is in a city now.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}

question = sys.argv[1] if len(sys.argv) > 1 else "How warm is it in Paris?"
messages = [{"role": "user", "content": question}]
while True:
    completion = client.chat.completions.create(model="mom", messages=messages, tools=[TEMPERATURE])
    message = completion.choices[0].message
    if not message.tool_calls:
        break
    messages.append(message)
    for call in message.tool_calls:
        result = temperature(**json.loads(call.function.arguments))
        messages.append({"role": "tool", "tool_call_id": call.id, "content": result})
print(message.content)
