"""Reject thinking that checks what it has found again and again and finds nothing: a dozen times "wait, let me verify",
in other words each time, and never a number that did not stand there before.

A check counts from where it is announced to the next one. Checks that try something new bring new numbers, so searches,
case analyses and slips that are found stay; so do a few checks too many. Word for word loops are `repetition`'s. The
score is the share of checks that bring nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from factory.language.first_look import first_look
from factory.language.text import Span, sentences, thinking_span
from factory.records import Prompt, Sample, Verdict

_CUES = (
    r"wait\b|hold on\b|hmm+\b|let me (?:just )?(?:re|check|verify|confirm|double|think (?:again|about|anew)|look"
    r"|make sure|go over)|(?:once|one) (?:more|last|final)\b|again[,:]|another (?:check|verification|look)|(?:final"
    r"|last) (?:check|verification)|verify\b|alternatively\b|maybe (?:I|there)\b|perhaps I\b|am I sure|is (?:that"
    r"|this|it) (?:really |actually )?(?:right|correct|so)\b|(?:just )?to be (?:sure|safe|certain)|just to"
    r"|I (?:should|want to|will|['’]ll|must|need to) (?:re|double|check|verify|make sure)|however, maybe|actually,"
    r"|what if I|warte\b|moment\b|halt,|lass mich|ich (?:prüfe|rechne|überprüfe|schaue|kontrolliere)|noch (?:ein)?mal"
    r"|stimmt das|sicherheitshalber|zur sicherheit|ein letztes mal|prüfen wir|bin ich (?:mir )?sicher|aber ist das"
    r"|lieber noch|atten(?:ds|dez|dons)\b|est-ce (?:bien|vrai|que c)|je (?:préfère|vais|dois|veux|re)(?: |vérifi)"
    r"|voyons|reprenons|encore une|une dernière|bon, je|vérifi(?:ons|e)|suis-je|et si je|esper[ae]\b|a ver\b"
    r"|verifi(?:quemos|co|car)|comp(?:robemos|ruebo)|una vez más|otra vez|de nuevo|¿?estoy segur|¿es (?:correcto"
    r"|cierto)|déjame|por si acaso|revis(?:emos|o)\b|aspetta\b|verifichiamo|controlliamo|ancora una|ricontroll"
    r"|un['’]ultima|sono sicur|vamos (?:verificar|conferir)|mais uma|será que|tenho certeza|deix[ae]-me|подожди"
    r"|постой|стоп|хм+\b|провер(?:ю|им|ить|яю)|ещ[её] раз|на всякий случай|точно ли|а вдруг|перепровер"
    r"|давай(?:те)? (?:ещ[её]|провер)|czekaj|sprawdźmy|jeszcze raz|na pewno|dla pewności|wacht\b|nog (?:een keer"
    r"|eens)|even (?:checken|controleren)|等等|等一下|(?:还是)?(?:再|重新)(?:检查|验证|确认|算|看|仔细|想|核对|来)"
    r"|让我(?:再|重新)|不过还是|嗯|保险起见|最后再|我再|会不会|好吧|(?:确认|检查|验证)一下|待って|もう一度|念のため"
    r"|再度|うーん|本当に|잠깐|다시|한 ?번 더|정말"
)
_CHECK = re.compile(
    rf"(?:\A|[\n.!?…。！？])[\s\"“*]{{0,4}}(?:(?:but|hmm,?|ok(?:ay)?,?|no,?|yes,?|still,|aber|mais|pero|ma|mas|но"
    rf"|但(?:是)?|不过)\s?)?(?:{_CUES})",
    re.I,
)
_MAY_CHECK = first_look(_CHECK.pattern)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WORDS = (
    "two three four five six seven eight nine ten zwei drei vier fünf sechs sieben acht neun zehn deux trois"
    " quatre cinq sept huit neuf dix dos tres cuatro cinco siete ocho nueve diez due tre quattro cinque sei sette otto"
    " nove dieci dois três quatro oito два две три четыре пять шесть семь восемь девять десять"
)
_SPELT = re.compile(rf"\b(?:{'|'.join(_WORDS.split())})\b|[两二三四五六七八九十]", re.I)
_LONGEST = 400
"""Characters of a check: a longer one works something out."""


def judge(sample: Sample, prompt: Prompt, *, checks: int = 7, share: float = 0.7) -> Verdict:
    """`checks`: how many that bring nothing reject, where they are this `share` of all."""
    start, end = thinking_span(sample.text)
    if again := _said_again(sample.text, start, end):
        return Verdict.reject("same_again", 1.0, again[:100])
    if not _MAY_CHECK(sample.text):
        return Verdict.accept(score=0.0)
    begins = [match.start() for match in _CHECK.finditer(sample.text, start, end)]
    if len(begins) < checks:
        return Verdict.accept(score=0.0)
    spans = [span for span in pairwise([*begins, end]) if not _is_only_said(sample.text, span)]
    if len(spans) < checks:
        return Verdict.accept(score=0.0)
    idle = _idle(sample.text, spans, start, prompt.question)
    found = len(idle) / len(spans)
    most = sum(b - a for a, b in idle) * 2 >= end - start
    if len(idle) >= checks and found >= share and most:
        return Verdict.reject("no_progress", found, idle[:100])
    return Verdict.accept(score=found)


def _said_again(text: str, start: int, end: int) -> list[Span]:
    """Where one sentence, its connective aside ("Hence:"), comes again and again and is most of what is said."""
    said = [(a, b) for a, b in sentences(text) if start <= a and b <= end]
    if len(said) < _AGAIN:
        return []
    keys = [_CONNECTIVE.sub("", text[a:b].strip().lower()) for a, b in said]
    key, times = Counter(keys).most_common(1)[0]
    enough = times >= _AGAIN and times * 2 >= len(said) and key.count(" ") > 1 and "|" not in key
    return (
        [span for span, said_key in zip(said, keys, strict=True) if said_key == key]
        if enough and key[:1].isalnum()
        else []
    )


_CONNECTIVE = re.compile(r"^[^\W\d_]+(?: [^\W\d_]+)?\s?[:：,，]\s*")
_AGAIN = 6


def _is_only_said(text: str, span: Span) -> bool:
    """Whether a check is announced and the next one at once."""
    return span[1] - span[0] < _ANNOUNCED and not _NUMBER.search(text, *span) and not _SPELT.search(text, *span)


_ANNOUNCED = 80


def _idle(text: str, spans: list[Span], start: int, asked: str) -> list[Span]:
    """The checks that say a number or two, and none that was not known when the third of them began."""
    known = set(_NUMBER.findall(text[start : spans[2][0]])) | set(_NUMBER.findall(asked))
    found = []
    for begin, end in spans:
        said = _NUMBER.findall(text, begin, end)
        if end - begin <= _LONGEST and known.issuperset(said) and (said or _SPELT.search(text, begin, end)):
            found.append((begin, end))
    return found
