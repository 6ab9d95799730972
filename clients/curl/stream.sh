#!/usr/bin/env bash
# The answer while it is written, as server-sent events: stream.sh [QUESTION]
set -euo pipefail
curl --silent --show-error --fail-with-body --no-buffer \
  "${BASE_URL:-http://127.0.0.1:8000/v1}/chat/completions" \
  --header "Content-Type: application/json" \
  --header "Authorization: Bearer ${MOM_API_KEY:-none}" \
  --data @- <<JSON
{"model": "mom", "stream": true, "stream_options": {"include_usage": true},
 "messages": [{"role": "user", "content": "${1:-What is the capital of France?}"}]}
JSON
