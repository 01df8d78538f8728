"""Reject thinking or an answer that has nothing to do with its prompt: no word, no number in common; an option chosen
where the prompt has none; the question given back as its answer; a bare refusal.

Words are compared by their beginning, function words aside; short texts and prompts that share no script with the
sample are not compared. Whether what is said is right is no concern of this rule (`correct`). The score is 1.0 or 0.0.
"""

from __future__ import annotations

import re
from functools import lru_cache

from factory.language.text import CJK, lower
from factory.language.words import COMMON
from factory.records import PROMPTS_AT_WORK, Prompt, Sample, Verdict

_FUNCTION = frozenset().union(*COMMON.values())
_TO_ASK = (
    "find what which write give explain briefly show prove compute calculate determine solve answer question "
    "problem one many much does name list describe tell using following sentence sentences word words please "
    "make let get say"
)
_ASKING = frozenset(_TO_ASK.split())
_WORD = re.compile(r"[^\W_]+")
_STEM = 4
_LEAST_ASKED, _LEAST_SAID, _LEAST_THOUGHT = 3, 3, 7
_CHOSEN = re.compile(
    r"\b(?:correct|right|best)?\s?(?:option|choice|answer) (?:is|would be|must be):? \*{0,2}\(?\\?(?:boxed\{"
    r"|text\{)*([A-E])\)?\}*\*{0,2}[.)\s]*\Z"
)
_OPTIONS = re.compile(
    r"(?:^|[\s(\[*])[A-Ea-e][).:\]]|\b[A-E]\b[^a-z]{0,3}\b[B-E]\b|options?|choices?|choose|which of|multiple"
    r"|points? [A-E]\b"
    r"|(?:triangle|segment|line|angle|side|set|matrix|vector|player|person|box|city|team|bag|town"
    r"|event) [A-E]{1,4}\b",
    re.M,
)
_REFUSES = re.compile(
    r"\W*(?:(?:I['’]m |I am )?(?:sorry|afraid|unfortunately)[,.]? (?:but )?)?(?:I (?:cannot|can['’]t|can not"
    r"|am unable to|am not able to|could not|couldn['’]t|won['’]t)"
    r" (?:answer|help|solve|determine|do|provide|assist|find|complete|process|comply)|I (?:do not|don['’]t|did not"
    r"|didn['’]t) (?:(?:know|understand)(?=[.,!]|\s*\Z| the (?:answer|question)| how| enough)|have an answer)"
    r"|(?:something|an error) (?:went wrong|occurred)|please (?:try again|provide|clarify|specify|rephrase)"
    r"|(?:could|can|would) you (?:please )?(?:clarify|provide|specify"
    r"|rephrase|tell me|give me|share)|(?:no|not enough) (?:answer|information|data)|我(?:不知道|无法回答|不能回答)"
    r"|请(?:提供|说明)|unable to)",
    re.I,
)
_LONGEST_REFUSAL, _LEAST_PLAIN = 220, 25
_ASKS_FOR_REFUSAL = re.compile(
    r"know|refus|enough|sufficient|possible|impossible|error|apolog|sorry|reply|respond|say|dialog|polite|clarif"
    r"|customer|email|support",
    re.I,
)


def judge(sample: Sample, prompt: Prompt) -> Verdict:
    """No knobs."""
    reason = _fault(sample, prompt)
    return Verdict.reject(reason, 0.0) if reason else Verdict.accept(score=1.0)


def _fault(sample: Sample, prompt: Prompt) -> str:
    answer, question = sample.answer, prompt.question
    if len(answer) <= _LONGEST_REFUSAL and _REFUSES.match(answer) and not _asks(_ASKS_FOR_REFUSAL, question):
        return "refusal"
    if len(question) >= 25 and question.strip() in answer and len(answer) < len(question) + 15:
        return "question_back"
    if len(answer) < 400 and (chosen := _CHOSEN.search(answer)) and not _asks(_OPTIONS, question):
        return "" if chosen.group(1) in _letters(question) else "no_options"
    if len(prompt.messages) > 2:
        return ""
    asked = _content(question)
    if len(asked) < _LEAST_ASKED or "```" in sample.text or not _comparable(question, sample.text):
        return ""
    thought, said = _content(sample.reasoning), _content(answer)
    if not _is_prose(sample.reasoning) or sum(map(str.isalpha, thought)) < _LEAST_THOUGHT:
        return ""
    if asked.isdisjoint(thought) and (said.isdisjoint(thought) or said.isdisjoint(asked)):
        return "" if _is_within(said, question) and not said.isdisjoint(thought) else "off_topic"
    if len(said) >= _LEAST_SAID and _is_prose(answer) and said.isdisjoint(thought | asked):
        return "answer_off_topic"
    return ""


@lru_cache(maxsize=2 * PROMPTS_AT_WORK)
def _asks(pattern: re.Pattern[str], asked: str) -> bool:
    return pattern.search(asked) is not None


@lru_cache(maxsize=PROMPTS_AT_WORK)
def _letters(question: str) -> frozenset[str]:
    return frozenset(re.findall(r"\b[A-E]\b", question))


def _is_within(said: set[str], question: str) -> bool:
    """Whether part of a compound of the question is taken up: "dough" where it asks of sourdough."""
    asked = lower(question)
    return any(len(word) == _STEM and word in asked for word in said)


def _comparable(question: str, text: str) -> bool:
    """Whether both are written in plain Latin letters: elsewhere the beginnings of words tell less."""
    odd = sum(not letter.isascii() for letter in text[:2_000])
    return (
        question.isascii() and not CJK.search(text) and odd * _LEAST_PLAIN <= len(text[:2_000]) and _is_prose(question)
    )


def _is_prose(text: str) -> bool:
    """Whether function words are as many as in sentences."""
    found = text[:4_000].lower().split()
    return sum(map(_FUNCTION.__contains__, found)) * 5 >= len(found) > 0


def _content(text: str) -> set[str]:
    """Numbers, and the beginnings of words that say something."""
    found = _WORD.findall(lower(text[:40_000]))
    return {
        word[:_STEM]
        for word in found
        if word not in _FUNCTION and word not in _ASKING and (len(word) > 2 or word.isdigit())
    }
