"""Reject thinking or an answer that has nothing to do with its prompt: no word, no number in common; an option chosen
where the prompt has none, or named by another one's letter; the question given back as its answer; a bare refusal.

Words are compared by their beginning, function words aside; short texts and prompts that share no script with the
sample are not compared. Whether what is said is right is no concern of this rule (`correct`). The score is 1.0 or 0.0.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

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
_LEAST_ASKED, _LEAST_SAID, _LEAST_THOUGHT = 4, 3, 7
_CHOSEN = re.compile(
    r"\b(?:correct|right|best|final)?\s?(?:option|choice|answer)(?: (?:is|would be"
    r"|must be))?:? \*{0,2}\(?\\?(?:boxed\{|text\{)*([A-E])\)?\}*\*{0,2}[.)\s]*\Z"
)
_OPTIONS = re.compile(
    r"(?:^|[\s(\[*])[A-Ea-e][).:\]]|\b[A-E]\b[^a-z]{0,3}\b[B-E]\b|options?|choices?|choose|which of|multiple"
    r"|points? [A-E]\b|(?:triangle|segment|line|angle|side|set|matrix|vector|player|person|box|city|team|bag|town"
    r"|event) [A-E]{1,4}\b",
    re.M,
)
_REFUSES = re.compile(
    r"\W*(?:(?:I['’]m |I am )?(?:sorry|afraid|unfortunately)[,.]? (?:but )?)?(?:I (?:cannot|can['’]t|can not"
    r"|am unable to|am not able to|could not|couldn['’]t|won['’]t) (?:answer|help|solve|determine|do|provide|assist"
    r"|find|complete|process|comply)|I (?:do not|don['’]t|did not|didn['’]t) (?:(?:know|understand)(?=[.,!]|\s*\Z"
    r"| the (?:answer|question)| how| enough)|have an answer)|(?:something|an error) (?:went wrong|occurred)"
    r"|please (?:try again|provide|clarify|specify|rephrase)|(?:could|can|would) you (?:please )?(?:clarify|provide"
    r"|specify|rephrase|tell me|give me|share)|(?:no|not enough) (?:answer|information|data)|我(?:不知道|无法回答"
    r"|不能回答)|请(?:提供|说明)|unable to)",
    re.I,
)
_LONGEST_REFUSAL = 220
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
    if len(options := _options(question)) > 1 and _misnames(answer, options):
        return "wrong_letter"
    if len(prompt.messages) > 2:
        return ""
    if CJK.search(question):
        return "off_topic" if _shares_no_pair(question, sample) else ""
    plain = question.isascii() and _nearly_ascii(sample.text)
    asked = _content(question if plain else _QUOTED.sub(" ", question))
    if "```" in sample.text or not _comparable(question, sample.text):
        return ""
    thought, said = _content(sample.reasoning), _content(answer)
    by_chance = len(said) // _ONE_BY_CHANCE
    if (
        len(said) >= _MUCH_TO_SHARE
        and _is_prose(answer)
        and len(said & thought) <= by_chance
        and said.isdisjoint(asked)
    ):
        return "answer_off_topic"
    if len(asked) < (_LEAST_ASKED if plain else _LEAST_ABROAD):
        return ""
    if not _is_prose(sample.reasoning) or sum(map(str.isalpha, thought)) < _LEAST_THOUGHT:
        return ""
    if not plain and len(thought | said) < _MUCH_SAID:
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


@lru_cache(maxsize=PROMPTS_AT_WORK)
def _options(question: str) -> dict[str, str]:
    """Letter -> words of the options that a prompt lists in order, each on its line or after the one before."""
    found = [(letter, _option(words)) for letter, words in _OPTION.findall(question)]
    letters = "".join(letter for letter, _ in found)
    listed = len(letters) > 1 and any(row.startswith(letters) for row in _ROWS)
    return dict(found) if listed and len({words for _, words in found}) == len(found) else {}


_OPTION = re.compile(
    r"(?:^|(?<=[\s;,]))[(（]?([A-HА-Еa-hа-е])[)）.:、．：](?!\w\.)\s*((?:(?![;\n]|\s[(（]?[B-HБ-Еb-hб-е][)）.:]).){1,120})",
    re.M,
)
_ROWS = ("ABCDEFGH", "abcdefgh", "АБВГДЕ", "абвгде")


def _option(words: str) -> str:
    return " ".join(_NAMED.findall(lower(words)))


_NAMED = re.compile(r"\d+(?:[.,]\d+)*|[^\W_]+|[-+−±√π%=<>/^]")
_NAMING = re.compile(
    r"(?<![\w])[(（]?([A-HА-Еa-hа-е])(?!\w)[)）.:、．：]*\*{0,2}[)）.:、．：]*\s?[-–—:：]?\s*[(（]?\**([^\n]{1,150})"
)
_LEAST_NAMED = 2


def _misnames(answer: str, options: dict[str, str]) -> bool:
    """Whether an answer puts a letter before the words of another option: "(B) Nitrogen" where B is oxygen."""
    for letter, words in _NAMING.findall(answer):
        said = _option(words)
        named = [key for key, option in options.items() if len(option) >= _LEAST_NAMED and _begins(said, option)]
        if letter in options and named and letter not in named and not _begins(said, options[letter]):
            return True
    return False


def _nearly_ascii(text: str) -> bool:
    return sum(not letter.isascii() for letter in text[:2_000]) * _LEAST_PLAIN <= len(text[:2_000])


_QUOTED = re.compile(r"[\"“„«「][^\"”“»」\n]*[\"”“»」]")
_LEAST_PLAIN, _LEAST_ABROAD, _MUCH_SAID, _MUCH_TO_SHARE, _ONE_BY_CHANCE = 25, 5, 30, 12, 25
"""Languages with endings and compounds say the same in other letters: more must be asked and said to compare."""


def _begins(said: str, option: str) -> bool:
    return said == option or (said.startswith(option + " ") and said[len(option) + 1 :][:1] not in "-+−±√π%=/^")


def _shares_no_pair(question: str, sample: Sample) -> bool:
    """Whether no two characters in a row of a Chinese question stand in what was thought and said."""
    asked = _pairs(question)
    thought, said = _pairs(sample.reasoning), _pairs(sample.answer)
    if (
        len(asked) < _LEAST_PAIRS
        or len(thought) < 4 * _LEAST_PAIRS
        or set(re.findall(r"\d+", question)) & set(re.findall(r"\d+", sample.text))
    ):
        return False
    words = [word for word in re.findall(r"[A-Za-z]{2,}", question) if word in sample.text]
    signs = {sign for sign in CJK.findall(question) if sign not in _EMPTY_SIGNS and sign in sample.reasoning}
    return (
        not words
        and len(signs) < _FEW_SIGNS
        and len(asked & thought) <= len(asked) // 20
        and len(asked & said) <= len(asked) // 20
    )


def _pairs(text: str) -> set[str]:
    return {pair for pair in map("".join, pairwise(text[:20_000])) if CJK.match(pair) and CJK.match(pair[1])}


_LEAST_PAIRS, _FEW_SIGNS = 8, 2
_EMPTY_SIGNS = "的了是在不有一个和中怎样才能什么为吗呢如何请我你他这那はがをにでとのるいか"


def _comparable(question: str, text: str) -> bool:
    """Whether both are sentences of one alphabet, Latin or Cyrillic."""
    for alphabet in _ALPHABETS:
        if all(
            len(alphabet.findall(part)) * 10 >= 9 * sum(map(str.isalpha, part)) for part in (question, text[:2_000])
        ):
            return not CJK.search(text) and _is_prose(question)
    return False


_ALPHABETS = (re.compile("[a-zA-ZÀ-ɏ]"), re.compile("[\u0400-\u04ff]"))


def _is_prose(text: str) -> bool:
    """Whether function words are as many as in sentences."""
    found = _LETTERED.findall(lower(text[:4_000]))
    return sum(map(_FUNCTION.__contains__, found)) * 5 >= len(found) > 0


_LETTERED = re.compile(r"[^\W\d_]{2,}")


_ENDING = re.compile(r"(?<=\w{3})(?:ing|ed|es|s|e)\Z")


def _content(text: str) -> set[str]:
    """Numbers, and the beginnings of words that say something."""
    found = _WORD.findall(lower(text[:40_000]))
    return {
        _ENDING.sub("", word)[:_STEM]
        for word in found
        if word not in _FUNCTION and word not in _ASKING and (len(word) > 2 or word.isdigit())
    }
