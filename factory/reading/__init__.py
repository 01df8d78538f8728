"""Prompts and anybody's samples from any source, and the templates that put prompts to a checkpoint.

    rows.py             rows from files, folders, globs, Hugging Face ids; row.py is one
    gym.py              rows drawn from reasoning-gym
    columns.py          which column plays which role
    references.py       what an answer is held against
    prompts.py          rows to prompts; near_duplicates.py: those said twice
    samples.py          rows to samples; sample_columns.py, wrapped.py help
    templates.py        what the engine sees, what is trained on

Does not draw, judge or store anything.
"""
