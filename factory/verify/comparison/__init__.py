"""Whether what was found is the reference.

compare.py     the cascade, each step deciding or passing on
verdicts.py, prose.py, reread.py   the first candidate that can be decided; sentences are none; other readings
mentions.py, sayings.py   words said in a sentence
choices.py, choosing.py   options and letters
structure.py   sets, tuples, intervals; inequalities.py, equations.py, matrices.py, families.py, congruences.py
"""
