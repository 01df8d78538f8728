"""OpenAI-compatible servers as an engine: vLLM, SGLang, DeepSeek's API, or servers of our own.

start.py       which model they have, which fields they take: what makes the engine
described.py what a server says of itself
engine.py      the engine: one streamed request a sample
wire.py      one request, and how it breaks
reply.py     what is answered
faults.py    whose fault it is when a draw keeps failing
urls.py      which URL is asked next, and with whose key
local.py       vLLM servers on this machine, one a GPU group; guard.py ends them with us
"""
