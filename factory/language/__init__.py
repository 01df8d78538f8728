"""What the rules know of a text: its regions, loops, scripts, words and languages.

    text.py         thinking, code, LaTeX and URLs; sentences; what is prose
    cycles.py       loops at any distance
    scripts.py      letters by writing system
    words.py        function words, reasoning words
    markers.py      sentence adverbs
    romanised.py    connectives in Latin letters, pinyin
    loans.py        words at home in two languages
    lexicon.py      which words speak for other languages
    tokens.py       what is remembered of each written word
    language_names.py  what languages call languages
    languages.py    which languages a prompt allows
    frequencies.py  how usual a word is in a language
    elsewhere.py    stretches more usual in another language
    odd_runs.py     stretches without function words of the target's
    asides.py       short English asides
    nonsense.py     words no list has, pairs no sentence has
    foreign.py      foreign words where the target writes Latin
    cited.py        titles, Latin, mentions, lists: foreign words that are no evidence
    terms.py        terms and sentences where it doesn't
    neighbours.py   neighbours in the same script where it doesn't
    labels.py       headings of one word
    glosses.py      names, terms and quotations by how they stand
    identify.py     two libraries that name a language

Does not judge: that is `filters/`.
"""
