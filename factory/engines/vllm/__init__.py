"""vLLM in this process as an engine.

engine.py       the engine, and its start
growing.py    the text of a growing sample at a token count
arguments.py    what vLLM is given, for this machine and for a sample
process.py      its processes: quiet, logged, deaf to our signals
passthrough.py  names that users give it, checked before anything loads
"""
