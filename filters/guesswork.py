"""Reject thinking that gives up and guesses its answer ("I'll just guess", "随便选一个").

A guess that is then checked, an initial guess of a numerical method, an educated form to substitute and "guess and
check" are ways of working and stay. Qwen3's report (section 4.1) drops guesswork too. The score is their number.
"""

from __future__ import annotations

import re
from itertools import islice

from factory.language.text import thinking_span
from factory.records import Prompt, Sample, Verdict

_I = (
    r"\b(?:I|we)(?:['’]ll|['’]d| will| can only| could only| have to| must| would| am going to)"
    r"(?: just| only| simply| have to)? "
)
_AT_RANDOM = r"(?:one |an? \w{1,8} )?(?:at random|randomly)"
_GUESS = re.compile(
    "|".join(
        [
            _I + r"guess\b(?! and| the form| a (?:form|solution of the form))",
            _I + r"(?:pick|choose) (?:one\b|any\b|a random|randomly|" + _AT_RANDOM + ")",
            _I + r"(?:go with|take|make) an? (?:wild |random |blind )?guess",
            r"\b(?:let me|let['’]s|I['’]m|I am) (?:just |only |simply |gonna )?guess(?:ing)?\b(?! and| the form)",
            r"\b(?:let me|let['’]s) (?:just |simply )?(?:pick|choose) " + _AT_RANDOM,
            r"\b(?:just|purely|only|merely) (?:a|my) (?:wild |random |blind )?guess\b",
            r"\b(?:wild|random|blind) guess\b|\bmy (?:best )?guess (?:is|would be)\b",
            r"\bguess(?:ing)? randomly\b|\bas a guess\b",
            r"\bpick(?:ing)? (?:an? )?(?:answer |option |number )?at random\b",
            r"\bno (?:clue|earthly idea)\b[^.\n]{0,40}\b(?:so|but|guess|just|pick|how to (?:go on|continue))\b",
            r"\bout on a limb\b|\bshot in the dark\b|\b(?:let me|I['’]ll|I will) (?:just )?roll (?:a|the) di(?:c)?e\b",
            r"\bI (?:just )?give up\b|\b(?:whatever|who cares)[,.!] I['’]ll\b",
            r"\bI['’]ll just (?:go|run|stick) with (?:it|that)\b",
            r"\bno idea\b[^.\n]{0,40}\b(?:so|but|guess|just|pick)\b",
            r"\bcan(?:['’]t|not) (?:figure|work) (?:it|this) out,? (?:so|but)\b",
            r"\b(?:can['’]?t|cannot|couldn['’]t) be bothered\b|\been(?:y|ie),? meen(?:y|ie)\b|\bhope for the best\b",
            r"\b(?:let me|I['’]ll|I will|let['’]s) (?:just )?(?:flip|toss) a coin\b",
            r"\bhoping (?:it['’]s|that it['’]s|for the best)",
            r"\b(?:no|out of|running out of) (?:more )?time\b[^.\n]{0,20}\b(?:so )?I['’]ll\b",
            r"\bI (?:really |honestly |just )?(?:don['’]t|do not) know\b"
            r"(?! (?:if|whether|how|what|why|which|that|where|the|yet))"
            r"[^.\n]{0,30}[.,;]? (?:so )?I['’]ll (?:just )?(?:say|go with|put|pick|write|answer|take)\b",
            r"\bI['’]ll (?:just )?(?:say|put|write|answer)(?: down)? [^.\n]{1,30} "
            r"(?:because it (?:sounds|looks|feels)|without checking)",
            r"\bau pif\b|je n['’]en sais rien|keine Ahnung|ni idea\b|no tengo idea|non ne ho idea|sem ideia|geen idee",
            "懒得(?:算|想|做)|不会做|наобум|понятия не имею|勘で|わからないので|모르겠(?:으니|지만).{0,10}찍|찍겠",
            "随便(?:猜|选|写|填|蒙)|瞎猜|盲猜|只能猜|猜一个|蒙一个|蒙个|我就猜|適当に(?:答え|選)|当てずっぽう",
            "наугад|просто угада|je vais deviner|au hasard|ich rate (?:einfach|mal)|voy a adivinar|al azar",
        ]
    ),
    re.I,
)
_HINTS = (
    "guess",
    "random",
    "no idea",
    "i'll pick",
    "i’ll pick",
    "figure",
    "work it",
    "work this",
    "will pick",
    "choose",
    "bothered",
    "meen",
    "hope for",
    "hoping",
    " a coin",
    "no time",
    "more time",
    "of time",
    "t know",
    "not know",
    "because it ",
    "no clue",
    "a limb",
    "the dark",
    "roll ",
    "give up",
    "whatever",
    "ll just go",
    "without check",
)
"""One of these stands in every English guess: a quick look before the pattern; other languages' words follow."""
_ELSEWHERE = re.compile(
    "随便|[瞎盲能就]猜|猜一|蒙[一个]|適当に|当てず|угада|deviner|hasard|rate |adivinar|azar|au pif|sais rien"
    "|eine ahnung|ni idea|tengo idea|ho idea|sem ideia|geen idee|懒得|不会做|наобум|понятия|勘で|わからない|모르겠|찍겠"
)
_CHECKED = re.compile(
    r"\b(?<!without )(?:verif|check|test|prove|confirm|substitut|plug|validate|refine)|验证|检验|代入|检查", re.I
)
_ABOUT = re.compile(r"guess|random|\bcoins?\b|\bdi(?:c)?e\b", re.I)
_FIRST_PERSON = re.compile(r"(?:I|we|let|my)\b", re.I)
"""Where the question is of guesses, only what the sample itself guesses counts."""
_NEXT = 120


def judge(sample: Sample, prompt: Prompt) -> Verdict:
    """No knobs: a guess not followed by a check within a sentence or two is one too many."""
    start, end = thinking_span(sample.text)
    lower, asked_of = sample.text.lower(), _ABOUT.search(prompt.question)
    if not any(hint in lower for hint in _HINTS) and not _ELSEWHERE.search(lower):
        return Verdict.accept(score=0.0)
    spans = [
        match.span()
        for match in islice(_GUESS.finditer(sample.text, start, end), 1_000)
        if not _CHECKED.search(sample.text, match.end(), min(end, match.end() + _NEXT))
        and not (asked_of and not _FIRST_PERSON.match(match.group()))
    ]
    return Verdict.reject("guess", float(len(spans)), spans[:100]) if spans else Verdict.accept(score=0.0)
