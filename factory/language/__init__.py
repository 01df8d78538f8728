"""What the rules know of a text: its regions, scripts, words and languages, and what is wrong with it.

    text.py         thinking, code, LaTeX and URLs; sentences; what is prose
    first_look.py   whether a large pattern may match at all
    scripts.py      letters by writing system; letters.py: those that are cited
    languages.py    which ones a prompt allows; language_names.py: what languages call languages
    main_language.py  the one a text is mostly in; identify.py: two libraries that name a language
    words.py        function words, reasoning words; markers.py: sentence adverbs; romanised.py: in Latin letters
    frequencies.py  how usual a word is in a language; line.py: one line, read
    foreign/        words of another language than the target's
    faults/         what makes a text unreadable

Does not judge: that is `filters/`.
"""
