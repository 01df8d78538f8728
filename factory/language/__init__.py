"""What the rules know of a text: its regions, loops, scripts, words and languages.

Any text
    text.py         thinking, code, LaTeX and URLs; sentences; what is prose
    first_look.py   whether a large pattern may match at all
    cycles.py       loops at any distance; novelty.py: how much is new
    nonsense.py     words no list has; pairs.py: pairs no sentence has; rare_runs.py: words and scripts in a heap
    opposites.py    where the answer turns round what the thinking came to
    narrow_lines.py sentences in narrow lines; empty_words.py: texts that only speak of answering
    claims.py       what a text claims that its prompt can't bear out; asked.py: what a prompt asks for

Which languages
    languages.py    which ones a prompt allows; language_names.py: what languages call languages
    main_language.py  the one a text is mostly in
    identify.py     two libraries that name a language
    scripts.py      letters by writing system; letters.py: those that are cited
    words.py        function words, reasoning words; markers.py: sentence adverbs
    frequencies.py  how usual a word is in a language
    lexicon.py      which words speak for other languages; loans.py: phrases at home in two
    romanised.py    connectives in Latin letters, pinyin
    line.py         one line, read: its words and what stands between them
    tokens.py       what is remembered of each written word

Foreign words
    foreign.py      where the target writes Latin
    single_words.py words that are evidence one by one
    elsewhere.py    stretches more usual in another language
    odd_runs.py     stretches without function words of the target's
    clauses.py      short clauses that stand apart; asides.py: English ones; connectives.py: of two words and more
    labels.py       headings of one word
    terms.py        terms and sentences where the target doesn't write Latin; neighbours.py: in its own script
    cited.py        titles, Latin, mentions: no evidence; glosses.py, enumerated.py: names, terms and lists likewise

Does not judge: that is `filters/`.
"""
