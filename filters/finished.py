"""Require a sample that came to its end by itself.

Where the engine says why it stopped, that decides; a thought that a token budget cut (`think_forced`) came to no end.
An imported sample that does not say is judged by its structure: thinking closed, an answer there, nothing left open, no
sentence broken off. The score is 1.0 or 0.0.
"""

from __future__ import annotations

import re

from factory.language.faults.nonsense import known
from factory.language.text import STYLES, style_of
from factory.records import THINK_FORCED, Prompt, Sample, Verdict

_REASONS = {"length": "cut_off", "stopped_early": "stopped_early"}
_END = re.compile(r"[.!?…。！？](?:[\"')\]»”’*`]*)(?:\s|$)|[。！？]")
_LEADS_ON = re.compile(
    r"(?:[,;，、；(\[{=+\-/×÷<≤≥]|\s\*|\\(?:[dt]?frac|sqrt|cdot|times|left|text|boxed|begin|leq?|geq?|neq?|in|sum|int"
    r"|approx)?|\b(?:the|a|an|of|and|or|to|is|are|with|that|because|so|for|(?<!\d )in|we|if|but|then|by|as|than|from"
    r"|at|which|where|into|our|its|their|see))$"
)
_LEADS_ON_ABROAD = re.compile(
    r"(?:\s(?:und|oder|dass|weil|sowie|et|le|les|des|que|parce|los|las|del|para|porque|di|che|perché|и|или|что|для"
    r"|чтобы|потому|oraz|że|ponieważ|(?:durch|für|in|mit|von|an|auf|bei|aus|über|unter|nach|um|zu|gegen) (?:d(?:er|ie"
    r"|as|en|em)|eine?[nmr]?)|(?:dans|par|pour|sur|avec|de|à) (?:la|une?)|(?:en|por|para|con|de) (?:el|la|una?))"
    r"|(?:以及|因为|而且|例如|比如|并且|如果|和|与|或|を|および|または|그리고|때문에))$"
)
_CJK_REST = re.compile(r"[。！？；][^。！？；\n]{25,}[\u3040-\u30ff\u4e00-\u9fff]$")
_DANGLES = re.compile(r"[:：]$|\n[ \t]*[-*•]$|\([^()\]\n]{0,80}$|(?<![\\$])\$(?=[\\a-zA-Z{])[^$\n]{1,200}$")
"""Ends that promise more: a colon, an item without words, a bracket or a formula that never closes."""
_LISTS = re.compile(
    r"(?:\b(?:steps|order|follow\w*|points|reasons|schritte|folgende\w*|étapes|suivante?s|pasos|siguientes|шаги"
    r"|следующ\w+)\b[^\n.]{0,40}|如下|以下[^\n。]{0,12})[:：]\s*1[.)]\Z",
    re.I,
)
"""A list of which only the first number came; "The answer is: 1." is whole."""
_STUB = re.compile(
    r"(?:\*\*)?(?:\d{1,3}[.)]|[一二三四五六七八九十]{1,3}[、.．]|[b-h][.)]"
    r"|(?:Step|Schritt|Étape|Paso|Шаг) \d{1,2}[.:)]?)"
)
_CUT = (
    "[truncated]", "[cut off]", "[output truncated]", "[continued]", "to be continued", "continued in the next",
    "continued on next", "continued on the next", "continued in next", "will follow in part", "continues in part",
    'type "continue', "type 'continue", "type continue", 'say "continue', 'reply "continue', "fortsetzung folgt",
    "suite au prochain", "continuará", "продолжение следует", "未完待续", "下回に続く",
)  # fmt: skip
_LEADS_ON_ELSEWHERE = re.compile(
    r"(?:[\u4e00-\u9fff](?:的|和|与|及|或|把|被|从|向|而|但|因此|所以|因为|如果|以及|[的数案果值龄]是|等于)"
    r"|[\u3040-\u9fff](?:は|が|を|に|と|の|へ|から|ので|そして)|[^\W\d_]+ (?:der|das|dem|des|ein|eine|einen|einem"
    r"|einer|und|oder|dass|weil|mit|von|für|durch|le|la|les|un|une|du|et|ou|que|qui|dans|avec|el|los|las|una|y|por"
    r"|del|gli|della|che|и|или|что|в|на|с|для|от|из|по|к))$"
)
"""Words and particles of other languages that lead on, where sentences before had their stops."""
_BROKEN_WORDS = 8


def judge(sample: Sample, prompt: Prompt, *, forced: bool = False) -> Verdict:
    """`forced` keeps samples whose thought was cut by a token budget. An unknown ending is read from the text."""
    if sample.stop_reason == THINK_FORCED and not forced:
        return Verdict.reject(THINK_FORCED, 0.0)
    if sample.finish_reason == "stop":
        return Verdict.accept(score=1.0)
    if sample.finish_reason in _REASONS:
        return Verdict.reject(_REASONS[sample.finish_reason], 0.0)
    text = sample.text.rstrip()
    reason = _open_end(text)
    if reason:
        return Verdict.reject(reason, 0.0, [(max(0, len(text) - 40), len(text))] if text else ())
    return Verdict.accept("by_structure", 1.0)


def _open_end(text: str) -> str:
    """What was left open at the end of a text, or ""."""
    opener, closer = STYLES[style_of(text)]
    if not text:
        return "no_answer"
    if opener in text and closer not in text:
        return "cut_off"
    answer = text.rpartition(closer)[2].strip()
    if not answer:
        return "no_answer"
    if answer.count("```") % 2 or answer.count("$$") % 2 or answer.count("\\[") > answer.count("\\]"):
        return "left_open"
    if any(map(answer[-100:].lower().__contains__, _CUT)):
        return "cut_off"
    last, _, before = reversed(answer.rpartition("\n"))
    if last.startswith("|") and last.count("|") < before.rpartition("\n")[2].count("|"):
        return "left_open"
    if _STUB.fullmatch(last.strip()) and any(map(_ITEM.match, map(str.strip, before.split("\n")))):
        return "left_open"
    if _DANGLES.search(answer[-400:]) or _LISTS.search(answer[-200:]) or _bold_is_open(answer.rpartition("\n")[2]):
        return "left_open"
    return "broken_off" if _breaks_off(answer) else ""


def _bold_is_open(line: str) -> bool:
    """Whether a pair of stars opens that no later one closes. Powers ("2**3") and stars apart open nothing."""
    is_open = False
    for stars in _BOLD.finditer(line):
        before, after = line[stars.start() - 1 : stars.start()], line[stars.end() : stars.end() + 1]
        opens = not after.isspace() and after != "" and not (before.isascii() and before.isalnum())
        is_open = before.isspace() if is_open else opens
    return is_open


_BOLD = re.compile(r"(?<!\*)\*\*(?!\*)")


def _breaks_off(answer: str) -> bool:
    line = answer.rpartition("\n")[2].strip()
    if " " in line and _LEADS_ON.search(line[-60:]) and not line.startswith(("|", "-", "+", "=")):
        return len(line) > 1
    if len(line) >= _LONG_LINE and (_LEADS_ON_ABROAD.search(line[-60:]) or _CJK_REST.search(line[-200:])):
        return True
    if line.count("\\boxed{") and line.count("{") > line.count("}"):
        return True
    if len(line) >= _BROKEN_WORDS and _LEADS_ON_ELSEWHERE.search(line[-24:]) and _END.search(answer):
        return True
    # A last sentence of prose without its stop, after others that had theirs.
    ends = [match.end() for match in _END.finditer(line) if match.start() >= _LONGEST_NUMBER]  # "3." of an item is none
    if ends and len(line[ends[-1] :].split()) >= _BROKEN_WORDS and line[-1].isalpha():
        return True
    if line[-1:].isalpha() and len(line.split()) >= _LONG_REST and _others_stop(answer, line):
        return True
    return line[-1:].isalpha() and (_breaks_a_word(line) or _breaks_a_list(answer))


def _others_stop(answer: str, last: str) -> bool:
    """Whether the lines before the last, sentences, all have their stops."""
    before = [line.rstrip() for line in answer.split("\n")[:-1] if len(line.split()) >= _BROKEN_WORDS]
    return len(before) > 1 and all(_END.search(line[-4:]) for line in before) and not _ITEM.match(last)


_LONG_LINE, _LONG_REST, _LONGEST_NUMBER = 12, 12, 4


def _breaks_a_word(line: str) -> bool:
    """Whether a sentence of English words ends in a piece of one."""
    words = _WORDS.findall(line)
    if len(words) < _BROKEN_WORDS or not words[-1].islower() or len(words[-1]) < 2:
        return False
    told = known(frozenset({"en"}))
    familiar = sum(word.lower() in told for word in words[:-1])
    return familiar * 10 >= 9 * (len(words) - 1) and words[-1] not in told


def _breaks_a_list(answer: str) -> bool:
    """Whether the last of three or more items, all sentences, is left without its stop."""
    items = [line.strip() for line in answer.split("\n") if line.strip()]
    before = items[-4:-1]
    numbered = len(before) >= 2 and all(_ITEM.match(item) for item in (*before[-2:], items[-1]))
    return numbered and all(item.endswith((".", "!", "。")) for item in before[-2:])


_WORDS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ITEM = re.compile(
    r"(?:\*\*)?(?:\d{1,2}[.)] |[-*•] |[一二三四五六七八九十][、.．]|[a-h][.)] |(?:Step|Schritt|Étape|Paso|Шаг) \d)"
)
