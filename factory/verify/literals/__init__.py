"""What a short text says by itself: one spelling, then exact numbers, units, dates and words of closed classes.

    normalise.py   Unicode, LaTeX spelling, delimiters      parts.py   split at marks outside brackets
    numbers.py     plain numbers as fractions; spelt.py: in words; bases.py: in other bases
    units.py       what may follow a number                 dates.py   days and times
    words.py       yes and no, true and false, equal words

The lowest room of verify: knows neither samples nor references.
"""
