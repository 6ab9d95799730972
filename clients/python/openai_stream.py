#!/usr/bin/env python3
"""The OpenAI SDK against the gateway, streamed. Needs: pip install openai"""

import os
import sys

from openai import OpenAI

client = OpenAI(
    base_url=os.environ.get("BASE_URL", "http://127.0.0.1:8000/v1"),
    api_key=os.environ.get("MOM_API_KEY", "none"),
)
question = sys.argv[1] if len(sys.argv) > 1 else "What is the capital of France?"
stream = client.chat.completions.create(
    model="mom", messages=[{"role": "user", "content": question}], stream=True
)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)
print()
