#!/usr/bin/env bash
# One question, one answer: chat.sh [QUESTION]
set -euo pipefail
curl --silent --show-error --fail-with-body "${BASE_URL:-http://127.0.0.1:8000/v1}/chat/completions" \
  --header "Content-Type: application/json" \
  --header "Authorization: Bearer ${MOM_API_KEY:-none}" \
  --data @- <<JSON
{"model": "mom", "messages": [{"role": "user", "content": "${1:-What is the capital of France?}"}]}
JSON
