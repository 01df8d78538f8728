"""Servers that are asked.

llm.py     what a language model is asked, and what its reply means
asking.py  asks, many at once, each with a deadline      journal.py   remembers and counts
"""
