"""What `merge.py` is made of, in the order in which a merge goes.

    mix.py, asked.py        what was asked: a plan in TOML or the flags
    sources.py, remote.py   what is read, brought here and laid down alike
      general.py, general_parquet.py   general data in any usual shape to conversations
      thinking.py, tools.py, control.py   who thinks; tools, carried whole; a template's own tokens in a text
    planning.py             the first sweep, and the plan: which rows go out, and where
      inputs.py, keys.py, tokens.py, decontaminate.py   what is known of a row
      blend.py, choosing.py, amounts.py, spread.py      the choices, on numbers only
    moving.py               the second sweep: rows to their places, into shards
      shuffle.py, turns.py, formats.py   with bounded memory, flat, in the shape that was asked
    byproducts.py           pairs and RL prompts
    handover.py             what lies beside the shards: trainers.py, and template_check.py where it was asked
    tally.py, card.py, card_head.py, hub.py   the counts, the card for people and for machines, the push

Does not judge samples.
"""
