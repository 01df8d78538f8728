"""What `merge.py` is made of.

    general.py, general_parquet.py     general data in any usual shape to conversations
    inputs.py, keys.py                 what is read, and what is known of a row while planning
    selection.py, spread.py, blend.py  which rows go out, and where: numbers only
    decontaminate.py                   rows that hold benchmark text
    shuffle.py, turns.py               moving rows to their places with bounded memory
    formats.py, trainers.py, template_check.py   the hand-over to trainers
    byproducts.py, card.py, tally.py   pairs and RL prompts, the card, the counts

Does not judge samples.
"""
