r"""Reject an answer that goes beyond the answer: a second result where one is asked for, another task like the one
asked, a paragraph said twice, thinking under its own heading, words on thoughts that its reader never sees, a chain of
pleasantries.

What the prompt asks for stays: several values, further questions, songs and dialogues. Does not say which result is
right (`correct`) nor whether it is the thinking's (`agreement`). The score is 1.0 or 0.0.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise

from factory.language.text import CJK, Span, without
from factory.records import PROMPTS_AT_WORK, Prompt, Sample, Verdict
from factory.verify.comparison.compare import decide
from factory.verify.extraction.boxes import boxes


def judge(sample: Sample, prompt: Prompt) -> Verdict:
    """No knobs."""
    reason, spans = _fault(sample.answer, prompt.question)
    at = max(0, len(sample.text.rstrip()) - len(sample.answer))
    spans = [(at + a, at + b) for a, b in spans if at + b <= len(sample.text)]
    if not reason and _twice(sample.reasoning, _LONG_PARAGRAPH) and not _asks(_REPEATS, prompt.question):
        reason = "thought_twice"
    return Verdict.reject(reason, 0.0, spans) if reason else Verdict.accept(score=1.0)


def _fault(answer: str, question: str) -> tuple[str, list[Span]]:
    if answer.count("\\boxed") > 1 and _boxes_differ(answer, question):
        return "two_results", []
    if others := _other_tasks(answer, question):
        return "another_task", others
    if _twice(answer, _PARAGRAPH) and not _asks(_REPEATS, question):
        return "said_twice", []
    if (match := _HEADED.search(answer)) and not _asks(_ABOUT_THOUGHT, question):
        return "thinking_headed", [match.span()]
    if (match := _POINTS_BACK.search(answer)) and not _asks(_ABOUT_THOUGHT, question):
        return "points_back", [match.span()]
    if chain := _goodbyes(answer):
        return "pleasantries", [chain]
    pleased = [match.span() for match in _PLEASANTRIES.finditer(answer)]
    return ("pleasantries", pleased) if len(pleased) > _MOST_PLEASANTRIES else ("", [])


@lru_cache(maxsize=4 * PROMPTS_AT_WORK)
def _asks(pattern: re.Pattern[str], asked: str) -> bool:
    return pattern.search(asked) is not None


def _boxes_differ(answer: str, question: str) -> bool:
    """Whether a single result is asked for and two are given: the first and last box are not equal."""
    spans = boxes(answer)
    if len(spans) < 2 or _asks(_SEVERAL, question) or question.count("?") + question.count("？") > 1:
        return False
    between = [answer[a[1] : b[0]] for a, b in pairwise(spans)]
    if any(_SEVERAL_SAID.search(gap) for gap in between) or not _SAYS.search(between[-1].replace("boxed", "")):
        return False
    first, last = (answer[slice(*spans[at])] for at in (0, -1))
    return _FORMULA.search(first + last) is None and decide(first, last).correct is False


_SAYS = re.compile(r"[^\W\d_]{4}")
_SEVERAL = re.compile(
    r"(?:^|\s)[(（](?:[a-d]|[ivx]{1,3}|[1-4])[)）]\s|^[ \t]*(?:[a-d]|[1-9])[.)）]\s|\b(?:and|both|all|each"
    r"|respectively|solutions|roots|values|zeros|pairs|answers|coordinates|intersections?|points|system|then|interval"
    r"|und|sowie|beide|alle|jeweils|lösungen|werte|et|puis|tous|toutes|chaque|solutions|valeurs|y|e|todos|todas|cada"
    r"|soluciones|valores|tutti|tutte|soluções|wszystkie|oraz|i|и|все|каждый|корни|значения)\b|(?<!的)和(?!。|是|为"
    r"|等于|$)|与|及|分别|各|所有|两|と|それぞれ|각각|모든",
    re.I | re.M,
)
_SEVERAL_SAID = re.compile(
    r"\b(?:or|and|case|if|when|while|otherwise|oder|und|falls|wenn|ou|et|cas|si|sinon|o|y|caso|e|или|и|если|случа\w*"
    r"|respectively|part|minimum|maximum|step|first)\b|或|情况|如果|若|または|(?:^|\n)[ \t#*]*[(（]?(?:[a-d]"
    r"|[1-9])[)）.]",
    re.I,
)
_FORMULA = re.compile(r"[A-Za-z]{4,}|\\(?!d?frac|text|,|pi|sqrt|%|circ|\$)[a-z]+")
"""What is more than a number with its unit or its letter is not held against another."""


def _other_tasks(answer: str, question: str) -> list[Span]:
    """Paragraphs behind the first that ask or order in the words the question begins with, to another end."""
    begins = _beginning(question)
    if not begins or _asks(_ASKS_TASKS, question):
        return []
    found, at = [], 0
    for paragraph in answer.split("\n"):
        line = paragraph.strip(" \t*#>_")
        again = at and line[-1:] in _ENDS and len(line) < 2 * len(question) + 60 and _beginning(line) == begins
        if again and line not in question and question.strip() not in line:
            found.append((at, at + len(paragraph)))
        at += len(paragraph) + 1
    return found


_ENDS = frozenset(".?:。？：")
_ASKS_TASKS = re.compile(
    r"questions|problems|exercises|tasks|quiz|faq|prompts?\b|interview|examples of|sentences|Fragen|Aufgaben"
    r"|exercices"
    r"|preguntas|ejercicios|вопрос|задани|题|问题|質問|问句|rewrite|rephrase|paraphras|translat|poem|dialog|\n",
    re.I,
)


def _beginning(text: str) -> str:
    """The first two words, or four characters of Chinese; "" where they are too few to say anything."""
    words = text.lower().split()[:3]
    if words and CJK.match(words[0]):
        return words[0][:4] if len(words[0]) > _FOUR else ""
    return " ".join(words[:2]) if len(words) > 2 and all(word.isalpha() for word in words[:2]) else ""


_FOUR = 4
_PARAGRAPH, _LONG_PARAGRAPH = 70, 140
_REPEATS = re.compile(
    "songs?|lyrics|poems?|refrain|chorus|chant|repeat|times|again|template|haiku|villanelle|ballad|verse|rhyme"
    "|lullaby|dialog|诗|歌|遍|次|重复|Gedicht|Lied|poème|chanson|poema|canción|стих|песн|詩|回",
    re.I,
)


def _twice(text: str, least: int) -> bool:
    """Whether a paragraph of prose of this length stands there twice; a Chinese character counts for two."""
    if len(text) < least:
        return False
    seen = Counter(
        line.strip() for line in without(text, "fence", "code", "math").split("\n") if len(line) * 2 >= least
    )
    for line, times in seen.items():
        if times > 1 and len(line) + len(CJK.findall(line)) >= least and "|" not in line and _PROSE.search(line):
            return True
    return False


_PROSE = re.compile(r"(?:[^\W\d_]{2,}[ ,]+){6}|[\u3040-\u9fff]{12}")
_HEADED = re.compile(
    r"^[ \t]*[*#\[(<]{0,4}(?:thinking(?: again| process| aloud)?|thoughts|thought process"
    r"|(?:my )?(?:internal )?(?:chain of thought|monologue)|scratch ?pad|inner monologue|gedanken(?:gang)?"
    r"|überlegungen|réflexions?|pensées|raisonnement interne|razonamiento interno|pensamientos?|мысли|размышления"
    r"|思考(?:过程|過程)?|推理过程|想法)[\])>]?\*{0,2}\s?[:：]",
    re.I | re.M,
)
_POINTS_BACK = re.compile(
    r"\b(?:in|from|see|per|during) (?:my (?:thinking|thoughts|reasoning)|(?:my|the) (?:internal reasoning"
    r"|chain of thought|scratch ?pad|hidden reasoning|reasoning above|thinking (?:above|block|section)"
    r"|think(?:ing)? tags?))\b|\b(?:meine|die|obige) (?:Überlegungen?|Gedanken) oben\b"
    r"|\ben el razonamiento (?:anterior|previo)\b|\bdans (?:le|mon) raisonnement (?:ci-dessus|précédent)\b"
    r"|\bnel ragionamento (?:precedente|sopra)\b|\bno raciocínio (?:anterior|acima)\b|\bin meinen (?:Überlegungen"
    r"|Gedanken)\b|\bdans (?:ma réflexion|mes (?:pensées|réflexions))\b|\ben mis pensamientos\b"
    r"|\ben mi razonamiento (?:anterior|interno)\b|в (?:моих )?(?:рассуждениях|размышлениях) (?:выше|я)|(?:上面|前面"
    r"|之前)的(?:思考|推理)(?:中|过程|里)|思考过程(?:中|里)(?:已|我)|(?:上の|先ほどの)思考",
    re.I,
)
_ABOUT_THOUGHT = re.compile(
    r"\b(?:think|thought|reason|monologue|aloud|denk|gedank|pens[eéa]|réfl|мысл)|思|考|想|推理", re.I
)


def _goodbyes(answer: str) -> Span | None:
    """A dozen sentences in a row, all of a few words and of no number, and in one line: nobody ends so."""
    start, end, run = 0, 0, 0
    for match in _SHORT_SENTENCE.finditer(answer):
        run = run + 1 if run and match.start() == end else 1
        start, end = start if run > 1 else match.start(), match.end()
        if run >= _CHAIN:
            return start, end
    return None


_SHORT_SENTENCE = re.compile(r"[^.!?。！？\d\n|]{2,36}[.!?。！？]+[ \t]*")
_CHAIN = 12
_PLEASANTRIES = re.compile(
    r"\b(?:happy to help|glad to help|have a (?:great|nice|good|wonderful) (?:day|one)|feel free to (?:ask|reach out)"
    r"|(?:please )?let me know if|I hope this helps|hope that helps|thank you for (?:asking|your)"
    r"|thanks for (?:asking|your)|great question|don['’]t hesitate to|if you have any (?:other |more "
    r"|further )?questions|you['’]re (?:very )?welcome|is there anything else|anything else I can)\b|(?:希望|祝)(?:这"
    r"|对|你|您)[^。！\n]{0,12}(?:帮助|愉快|顺利)|随时(?:问我|告诉我|联系)|还有(?:其他|别的)问题",
    re.I,
)
_MOST_PLEASANTRIES = 3
