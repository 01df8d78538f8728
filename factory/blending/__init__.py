"""What `merge.py` is made of.

    mix.py, asked.py                   what was asked: a plan in TOML or the flags
    sources.py, remote.py              what is read, brought here and laid down alike
    general.py, general_parquet.py     general data in any usual shape to conversations
    thinking.py, control.py            who thinks; a template's own tokens in a text
    inputs.py, keys.py, tokens.py      what is known of a row while planning
    selection.py, amounts.py, spread.py, blend.py   which rows go out, and where: numbers only
    decontaminate.py                   rows that hold benchmark text
    shuffle.py, turns.py               moving rows to their places with bounded memory
    handover.py, formats.py, trainers.py, template_check.py, hub.py   the hand-over to trainers and the hub
    byproducts.py, card.py, tally.py   pairs and RL prompts, the card, the counts

Does not judge samples.
"""
