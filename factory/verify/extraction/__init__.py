"""Where the answer stands in an answer part, in linear time, and how it was found.

    extract.py     the order in which marks are looked for
    boxes.py, cues.py   what announces an answer
    last_line.py, last_number.py   texts without a mark
    clauses.py, sentences.py, setting_out.py, remarks.py   what a sentence states, only sets out, adds
    candidates.py, trailing.py   what is in a segment: formula, bold words, number and its unit
    doubts.py      denied, doubted, taken back

Knows no reference: what was found is compared in `comparison/`.
"""
