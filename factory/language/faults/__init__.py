"""What makes a text unreadable, found for the rules that share it.

cycles.py        loops at any distance; novelty.py: how much is new
nonsense.py      words no list has; pairs.py: pairs no sentence has; rare_runs.py: words and scripts in a heap
opposites.py     where the answer turns round what the thinking came to
narrow_lines.py  sentences in narrow lines; empty_words.py: texts that only speak of answering
claims.py        what a text claims that its prompt can't bear out; asked.py: what a prompt asks for
"""
