#!/usr/bin/env node
// The OpenAI SDK against the gateway, streamed. Needs Node 18 and: npm install

import OpenAI from "openai";

const client = new OpenAI({
  baseURL: process.env.BASE_URL ?? "http://127.0.0.1:8000/v1",
  apiKey: process.env.MOM_API_KEY ?? "none",
});
const question = process.argv[2] ?? "What is the capital of France?";

const stream = await client.chat.completions.create({
  model: "mom",
  messages: [{ role: "user", content: question }],
  stream: true,
});
for await (const chunk of stream) {
  process.stdout.write(chunk.choices[0]?.delta.content ?? "");
}
console.log();
