-- wrk: a chat request of about 1 KB.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer none"
local text = string.rep("The quick brown fox jumps over the lazy dog. ", 20)
wrk.body = '{"model":"unary","messages":[{"role":"user","content":"' .. text .. '"}]}'
