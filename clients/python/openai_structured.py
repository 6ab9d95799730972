#!/usr/bin/env python3
"""An answer in a form of yours, with the OpenAI SDK. Needs: pip install openai"""

import os
import sys

from openai import OpenAI
from pydantic import BaseModel

client = OpenAI(
    base_url=os.environ.get("BASE_URL", "http://127.0.0.1:8000/v1"),
    api_key=os.environ.get("MOM_API_KEY", "none"),
)


class City(BaseModel):
    name: str
    country: str


question = sys.argv[1] if len(sys.argv) > 1 else "What is the capital of France?"
completion = client.chat.completions.parse(
    model="mom", messages=[{"role": "user", "content": question}], response_format=City
)
city = completion.choices[0].message.parsed
print(f"{city.name} in {city.country}")
