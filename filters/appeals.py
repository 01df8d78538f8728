"""Reject text that appeals to what its prompt doesn't hold: a solution, hint, answer key, grader, reward, figure, an
earlier problem or a numbered theorem of some book, its own training, a length to reach, a search or run it never did.

Such text was learned from books, forums or a reward, and teaches to claim sources. A word that the prompt itself
uses is allowed. The score is the number of such places.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from factory.language.faults.claims import ABROAD, ASKED_ABROAD
from factory.language.first_look import first_look
from factory.language.text import Span, bare
from factory.records import PROMPTS_AT_WORK, Prompt, Sample, Verdict

_SAYS = (
    "(?:says?|said|states?|stated|gives?|gave|shows?|claims?|suggests?|tells?|told|mentions?|reads|indicates?|notes?"
    "|uses?|recommends?|asks|wants|has|is|was|must|confirms?|arrives?|provides?|lists?|expects?)"
)
_KINDS = {
    "solution": (
        r"\b(?:provided|official|reference|model|sample|editorial|published|posted|suggested|worked|accompanying"
        r"|standard|author['’]s|given) (?:solution|answer|proof|explanation)s? " + _SAYS + r"\b"
        r"|\b(?:the )?(?:reference|official|gold(?:en)?|target|expected|intended|desired|correct) (?:answer"
        r"|solution|label|output|response|result) (?:is|says|was|given|provided|must be|should be|seems to be"
        r"|appears to be|they|that)\b|\baccording to the (?:\w+ )?(?:solutions?|answers?|editorial"
        r"|explanation)\b(?! of\b)|\b(?:match|matches|agree|agrees|compare|compared|consistent"
        r"|line up)(?: \w+){0,2} (?:to|with)? ?the (?:\w+ )?(?:given|provided|reference|official|expected|known"
        r"|correct) (?:answer|solution|result|output)\b|\bsolutions? manual\b|\banswer (?:key|sheet|book)\b"
        r"|\bground[- ]truth\b|参考答案|标准答案|官方(?:解答|答案)|Musterlösung|Lösungs(?:buch|heft|schlüssel)"
        r"|решебник|эталонн|официальн\w+ решени|模範解答|模范答案",
        "solution|answer key|manual|answer sheet|editorial|mark(?:ing)? scheme|ground|reference|official|expected"
        "|correct|model answer|proof|explanation|答案|题解|解答|lösung|corrigé|soluc|реш|ответ|given answer",
    ),
    "hint": (
        r"\b(?:the|this|that|your|a|given|provided) hints? (?:" + _SAYS[3:-1] + r"|given|provided|above|below|to)\b"
        r"|\b(?:using|use|following|follow|from|by|per|as per|according to|thanks to|as) the (?:\w+ )?hints?\b"
        r"|根据提示|提示(?:说|告诉|给出|中)|\bder Hinweis (?:sagt|gibt)|l['’]indice (?:dit|donne)"
        r"|\bla pista (?:dice|da)|подсказк|ヒント(?:によ|に従|では)",
        r"hint|提示|hinweis|indice|pista|подсказ|ヒント|clue|tip\b",
    ),
    "grader": (
        r"\b(?:auto[- ]?)?(?:grader|grading script|grading system|evaluator|checker|marker|examiner|scorer"
        r"|reward model|evaluation script|verifier)s? (?:expects?|wants?|will|would|only|checks?|looks?|is looking"
        r"|are looking|accepts?|requires?|gives?|may|might|can|cannot|can['’]t|should|needs?|likes?|prefers?|does"
        r"|doesn['’]t|sees?|won['’]t|compares?|parses?|is|are)\b|\b(?:please|satisfy|fool|trick|pass"
        r"|convince) the (?:grader|checker|evaluator|verifier|examiner|reward\w*)\b|\b(?:full|maximum|partial"
        r"|max) (?:credit|marks|reward)\b|\b(?:maximi[sz]e|increase|get|earn|collect|boost|improve|raise) (?:the|my|a"
        r"|our|this|more) (?:\w+ )?(?:reward|score|grade)\b|\breward(?:ed)? (?:is given|will be|function|signal"
        r"|for)\b|\b(?:format|correctness|accuracy|length) reward\b|\b(?:hidden|unit) tests? (?:will|only|may|might"
        r"|probably|check|expect)|\btest cases? (?:will |probably |only )?(?:check|expect|compare|verify|want)s?\b"
        r"|\b(?:so|and) (?:it|this|that) (?:will |should )?pass(?:es)? the (?:tests?|check(?:er)?|grader)\b"
        r"|\bgraders?\b|评分(?:器|系统|标准|员)|阅卷|得(?:满分|高分)|奖励(?:函数|模型)",
        r"grad(?:e|ing)|evaluat|checker|marker|examin|scor|reward|credit|marks|tests?\b|verif|评分|分|奖|bewert"
        r"|correct|провер",
    ),
    "figure": (
        r"\b(?:as |is |are )?(?:shown|seen|depicted|illustrated|given|labelled|labeled|drawn|visible) (?:in|on"
        r"|by) the (?:figure|diagram|picture|image|photo|screenshot|sketch|illustration|attachment)\b|\b(?:figure"
        r"|diagram|picture|image|screenshot|photo|illustration) (?:above|below|provided|shown|attached|shows"
        r"|on the (?:left|right|page)|given|in the (?:problem|question))\b|\b(?:attached|uploaded|enclosed) (?:file"
        r"|image|document|picture|figure|pdf|photo|text|spreadsheet)\b|\b(?:you|the user|user) (?:have |has |just "
        r"|kindly )?(?:uploaded|attached|enclosed)\b|如图(?![片像标形层])|见图|图中|上图|下图"
        r"|\b(?:Material|Quelle|Dokument|Document|Source|Karikatur|Schaubild|Grafik|documento"
        r"|fuente) (?:in )?[A-ZМ]?\d{1,2}\b|\bin (?:den )?Zeilen? \d+"
        r"|\blines? \d+[^.\n]{0,12} of the (?:text|passage|poem|extract)"
        r"|\blignes? \d+ à \d+|\b(?:las )?líneas? \d+ a \d+|в строках \d+|第\d+(?:段|行)(?:说|提到|中)"
        r"|\bsiehe Abbildung\b|in der Abbildung|dans la figure|en la figura|на рисунке|図のよう",
        r"figure|diagram|picture|image|photo|screenshot|sketch|illustrat|attach|upload|enclos|shown|drawn|draw|graph"
        r"|chart|plot|\[asy\]|!\[|图|abbildung|figur|рисун|図|table|file|document|material|quelle|source|fuente"
        r"|karikatur|zeile|lines?|ligne|línea|строк|行|段|text",
    ),
    "instructions": (
        r"\b(?:ignore|disregard|forget) (?:all |any |the |your )*(?:previous|prior|above|earlier) (?:instructions?"
        r"|prompts?|messages?|rules)|\b(?:must|should|can|may) ?not (?:reveal|disclose|mention|share|show"
        r"|tell)(?: \w+){0,3} (?:instructions?|prompt|rules|guidelines)|\b(?:required|target|desired|requested"
        r"|allotted) (?:length|number of (?:words|tokens)|(?:word|token) (?:count|limit|budget))|\b(?:reach|fill|meet"
        r"|hit|use up|exceed) the (?:required |token |word |length |thinking |full )*(?:budget|length|limit|quota"
        r"|count)\b|\bI (?:need|have|ought) to (?:write|think|say|generate|produce|continue)(?: \w+){0,3} (?:longer"
        r"|more (?:words|tokens|text)|until)\b|\bmy (?:response|answer|thinking) (?:must|should"
        r"|needs to) be (?:at least|longer|under|between) ",
        "instruction|length|words|tokens|limit|characters|count|budget|ignore|reveal|secret|longer|short|budget|quota"
        "|rules",
    ),
    "elsewhere": (
        r"\b(?:from|in|as in|like in|see|unlike|recall|solved|did|similar to|same as) (?:the |our |a "
        r"|my )?(?:previous|preceding|last|earlier|prior) (?:problem|question|exercise|conversation|message|chat"
        r"|chapter|lesson|lecture|homework|assignment|class)\b|\b(?:Theorem|Lemma|Proposition|Corollary|Example"
        r"|Chapter|Exercise|Section|Figure|Table|Equation) \d{1,2}\.\d{1,2}\b|\b(?:search"
        r"|retrieval) results? (?:\[?\d|say|show|indicate|above|provided|confirm|suggest)"
        r"|\baccording to (?:the )?(?:search results|web ?page|retrieved|wikipedia article|source \[?\d"
        r"|document \[?\d)|\bsystem (?:prompt|message|instructions?)\b|\bmy (?:system )?instructions (?:say|are|tell"
        r"|state)\b|\b(?:as|like) (?:I|we) (?:said|explained|discussed|covered|learned|saw|proved|solved"
        r"|did) (?:last time|yesterday|last week|in class|in the lecture|in (?:a|our|the) (?:previous|last"
        r"|earlier) \w+)\b|\bthe (?:textbook|lecture notes|course notes|worksheet"
        r"|handout) (?:" + _SAYS[3:-1] + r")\b|上一题|前一题|上节课|上次(?:讲|说)|系统提示|课本(?:上|中)说"
        r"|\bvorige Aufgabe|\bprevious? exercice|problema anterior|предыдущ\w+ задач|前の問題",
        "previous|preceding|last|earlier|prior|theorem|lemma|propos|coroll|example|chapter|exercise|section|equation"
        "|search|result|retriev|system|instruction|textbook|notes|worksheet|上|课|vorig|précéd|anterior|предыдущ|前"
        "|document|source",
    ),
}
_KINDS = {
    kind: (
        "|".join(filter(None, (_KINDS.get(kind, ("",))[0], ABROAD.get(kind, "")))),
        _KINDS.get(kind, ("", ""))[1] + ASKED_ABROAD.get(kind, ""),
    )
    for kind in {**_KINDS, **ABROAD}
}
_PATTERNS = {kind: (re.compile(said, re.I), re.compile(asked, re.I)) for kind, (said, asked) in _KINDS.items()}
_MAY_APPEAL = first_look(*(said for said, _ in _KINDS.values()))


def judge(sample: Sample, prompt: Prompt) -> Verdict:
    """No knobs: one appeal is enough. Prompts of several turns may have said what is appealed to."""
    if len(prompt.messages) > 2:
        return Verdict.accept(score=0.0)
    if not _MAY_APPEAL(sample.text) and not _NUMBERED.search(sample.text):
        return Verdict.accept(score=0.0)
    text = bare(sample.text)
    if missing := _missing(text, prompt.question):
        return Verdict.reject("elsewhere", float(len(missing)), missing)
    for kind, (said, asked) in _PATTERNS.items():
        spans = [match.span() for match in islice(said.finditer(text), 100)]
        if spans and not _asks(asked, prompt.question):
            return Verdict.reject(kind, float(len(spans)), spans)
    return Verdict.accept(score=0.0)


_NUMBERED = re.compile(
    r"\b(?:equations?|eqs?\.|Gleichung|équation|ecuación|equazione|equação|równanie|lemma|proposition|corollary|Lemme"
    r"|Hilfssatz)\s?(?:\((\d{1,2})\)|(\d{1,2})\b(?!\.\d))|(?:уравнени\w+|式|公式|方程|引理)\s?[(（](\d{1,2})[)）]",
    re.I,
)


def _missing(text: str, asked: str) -> list[Span]:
    """Equations and lemmas that are named by a number which nothing else in text and prompt bears."""
    named = list(islice(_NUMBERED.finditer(text), 100))
    if len(named) < _LEAST_MISSING or re.search("[①-⑳]", text + asked):
        return []
    places = {match.span() for match in named}
    known = {next(filter(None, match.groups())) for match in _BEARER.finditer(asked)}
    for match in _BEARER.finditer(text):
        if not any(start <= match.start() < end for start, end in places):
            known.add(next(filter(None, match.groups())))
    found = [match.span() for match in named if next(filter(None, match.groups())) not in known]
    return found if len(found) >= _LEAST_MISSING else []


_BEARER = re.compile(
    r"[(（](\d{1,2})[)）]|\\tag\{(\d{1,2})\}|\b(?:lemma|proposition|corollary|lemme) (\d{1,2})\b|^\W{0,3}(\d{1,2})[.)]",
    re.I | re.M,
)
_LEAST_MISSING = 2


@lru_cache(maxsize=7 * PROMPTS_AT_WORK)
def _asks(pattern: re.Pattern[str], asked: str) -> bool:
    return pattern.search(asked) is not None
