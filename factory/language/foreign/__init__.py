"""Words of another language than the target's where the script doesn't tell.

foreign.py     a gate, then evidence, where the target writes Latin
tokens.py      what is remembered of each written word
lexicon.py     which words speak for other languages; loans.py: phrases at home in two
single_words.py   words that are evidence one by one
elsewhere.py   stretches more usual in another language
odd_runs.py    stretches without function words of the target's
clauses.py     short clauses that stand apart; asides.py: English ones; connectives.py: of two words and more
labels.py      headings of one word
terms.py       terms and sentences where the target doesn't write Latin; neighbours.py: in its own script
cited.py       titles, Latin, mentions: no evidence; glosses.py, enumerated.py: names, terms and lists likewise
"""
