r"""Reject an answer part that is none: an empty box, a bare "Sure, here it is:", a promise, a placeholder, the same
line over and over, the thinking pasted again, thinking that goes on; thinking that breaks off; and a prompt that is
recited again and again.

Does not say whether the answer is right (`correct`), agrees with the thinking (`agreement`) or is long enough
(`summary`). The score is 1.0 or 0.0.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import islice

from factory.language.faults.empty_words import says_nothing
from factory.language.text import CJK, Span, bare, sentences
from factory.records import PROMPTS_AT_WORK, Prompt, Sample, Verdict
from factory.verify.extraction.boxes import boxes

_EMPTY_BOX = re.compile(
    r"\\boxed\s?\{(?:\s|\\[ ,;!]|\?|\.{2,}|…|_|\$|\\(?:text|mathrm)\{|\}(?=\}))*"
    r"(?:(?:final |your |the )?(?:answer|result|number|value)(?: here)?\s*)?\}?\s*\}"
)
_PLACEHOLDER = re.compile(
    r"\[(?:your|insert|put|fill in|write|add|enter|final|the)\b[^\]\n]{0,40}\b(?:answer|result|number|value|solution"
    r"|here)\b[^\]\n]{0,20}\]|(?<!\w)__+(?=[.!\s]*\Z)|[\[<(](?:[^\]>)\n]{0,60}\s)?(?:einfügen|eintragen|einsetzen"
    r"|ergänzen|insérer|à compléter|insertar|completar|inserire|inserir|preencher|invoegen|wstaw|uzupełnij|вставить"
    r"|вставьте|впишите|укажите)(?:\s[^\]>)\n]{0,60})?[\]>)]|[\[【（(](?:请)?(?:在此|此处|这里|在这里)?(?:填写|插入"
    r"|填入|输入|补充)[^\]】）)\n]{0,30}[\]】）)]|[\[【（(](?:ここに|回答を|여기에)[^\]】）)\n]{0,30}[\]】）)]"
    r"|\{\{\s?[^\W\d][\w .-]{1,40}\s?\}\}|\$\{[a-z_]{3,30}\}|<(?:insert|your|name of|enter)[ _][^<>\n]{1,40}>"
    r"|\b(?:TODO|FIXME|TBD)\b\s?[:(\]]|\blorem ipsum\b|(?m:^\W{0,6}(?:final )?(?:answer|result|solution|antwort|lösung"
    r"|ergebnis|réponse|résultat|respuesta|resultado|risposta|ответ|答案)\W{0,4}[:：]"
    r"[ *]{0,4}(?:_{2,}|TODO|TBD|N/A|\?)[ *.]*$)",
    re.I,
)
_GAP = re.compile(r"\[(?=[^\]\n]{0,40}[^\W\d_]{3})[^\Wa-z_][^\]\na-z]{2,40}\](?!\()")
"""Names of blanks in capitals: "[COLOUR]"."""
_TEMPLATE = re.compile(
    r"template|placeholder|\bblanks?\b|fill|form letter|generic|\[|\{\{|Vorlage|Platzhalter|Lücken|modèle|gabarit"
    r"|plantilla|modelo|modello|segnaposto|szablon|шаблон|бланк|模板|模版|填空|テンプレ|雛形|템플릿|양식|lorem|todo",
    re.I,
)
_FILLER = re.compile(
    r"\W*(?:okay|ok|sure|certainly|of course|alright|all right|great|done|thanks?(?: you)?|you['’]re welcome|good"
    r"|well|so|(?:i )?hope (?:this|that|it) helps|let me know[\w ,]{0,60}|here(?: is|['’]s| are) (?:the|my|a"
    r"|your) [\w, -]{1,60}|gerne|klar|natürlich|bien sûr|avec plaisir|por supuesto|certo|com certeza|конечно"
    r"|물론입니다|もちろん(?:です)?|お答えします|好的|当然|没问题|希望(?:这|能)[^\n。]{1,20}"
    r"|[✅✔☑👍👌🎉])(?:[\s.,;:!?*_。！-]+|\Z)",
    re.I,
)
_LONGEST_FILLER, _LEAST_EMPTY = 250, 4
_CUE = re.compile(r"\b(?:final answer|the answer is|answer:)|最终答案|答案[是为:：]", re.I)
_MOST_ALIKE, _MANY_AGAIN = 4, 6
_SONG = re.compile(
    r"\b(?:songs?|lyrics|poems?|refrains?|chorus|chant|rounds?|repeat\w*|times|haiku|villanelle|ballad|verses?"
    r"|lullaby|limerick|rap|rhyme)\b|诗|歌|遍|次|Gedicht|Lied|poème|chanson|poema|canción|стих|песн|詩|回",
    re.I,
)
_HESITATION = re.compile(
    r"(?:\A|[.!?…\n。！？，]\s{0,3})(?:(?:but |no,? |okay,? |so,? )?(?:wait|hmm+|hold on|let me (?:think|re-?think"
    r"|re-?check|re-?consider|see|try|double|re-?read|re-?calculate|start over)|actually,|alternatively,|maybe "
    r"|perhaps I|not sure|ugh|oops)|(?:nein,? |aber |ok(?:ay)?,? )?(?:Moment\b|Warte\b|Hm+\b|lass mich"
    r"|vielleicht sollte|mal (?:sehen|überlegen)|stimmt das)|(?:mais |non,? )?(?:attends\b|attendez\b|attendons\b"
    r"|euh\b|voyons\b|laisse[- ]moi|je (?:dois|devrais) (?:vérifier|revoir)|peut-être que)|(?:pero "
    r"|no,? )?(?:espera\b|esperemos\b|a ver\b|déjame|quizás?\b|mmm+\b)|(?:ma |no,? )?(?:aspetta\b|vediamo\b|fammi"
    r"|forse dovrei)|(?:mas |não,? )?(?:deixa[- ]me|deixe[- ]me|vejamos\b|talvez eu|peraí\b)|(?:no "
    r"|nie,? )?(?:czekaj\b|zaraz\b|chwila\b|może powin)|(?:но |нет,? )?(?:подожди|постой|стоп,|погоди|хм+\b"
    r"|дай(?:те)? (?:подума|провер|посчита)|может быть, (?:нужно|стоит|я))|(?:但|不过)?(?:等等|等一下|等下|嗯|不对"
    r"|让我|我再|再想|会不会|难道|或许应该)|待って|いや|うーん|えっと|ちょっと待|もしかして|잠깐|음\b|아니,"
    r"|다시 (?:생각|계산|확인))",
    re.I,
)
_MOST_HESITATIONS = 2
_BREAKS_OFF = re.compile(
    r"(?:\b(?:the|a|an|of|and|or|is|are|was|that|because|if|but|by|as|than|from|which|our|its|their|with|we|let"
    r"|equals|into|und|der|die|das|ist|et|le|la|les|y|el|los|de)|[^\s|=+-][ \t]*[,;=+×÷(\[{]|\w -|\\(?:[dt]?frac|sqrt"
    r"|cdot|times|left|text|boxed))\Z"
)
_STORY = re.compile(
    r"\b(?:story|dialogue|scene|monologue|think aloud|stream of consciousness|novel|letter)\b|故事|小说", re.I
)
_LONG_ENOUGH = 30
"""Characters of a question from which its copies count."""


def judge(sample: Sample, prompt: Prompt) -> Verdict:
    """No knobs."""
    reason, spans = _fault(sample, prompt)
    return Verdict.reject(reason, 0.0, spans) if reason else Verdict.accept(score=1.0)


def _fault(sample: Sample, prompt: Prompt) -> tuple[str, list[Span]]:
    text, answer = sample.text, sample.answer
    at = max(0, len(text.rstrip()) - len(answer))
    thinking = sample.reasoning.rstrip()
    if thinking and (_BREAKS_OFF.search(thinking[-80:]) or _stops_short(thinking)):
        return "thinking_breaks_off", []
    whole = [(at, at + len(answer))] if answer and at + len(answer) <= len(text) else []
    if "\\boxed" in answer and _EMPTY_BOX.search(answer) and not _holds_a_box(answer):
        return "empty_box", whole
    if _holds_a_place(answer, prompt.question):
        return "placeholder", whole
    if len(answer) <= _LONGEST_FILLER and _FILLER.match(answer) and not _FILLER.sub("", answer).strip(" \n.:!*_#-"):
        return "nothing_said", whole
    if len(answer) <= _LONGEST_FILLER and says_nothing(answer, prompt.question) and not _asks(_TO_SAY, prompt.question):
        return "nothing_said", whole
    if len(thinking) <= _LONGEST_FILLER and says_nothing(thinking, "", _LEAST_EMPTY):
        return "nothing_thought", []
    if _says_one_thing(answer) and not _asks(_SONG, prompt.question):
        return "repeated_answer", whole
    hesitations = list(_HESITATION.finditer(answer))
    if len(hesitations) > _MOST_HESITATIONS and not _asks(_STORY, prompt.question):
        return "still_thinking", [
            (at + m.start(), at + m.end()) for m in hesitations[:100] if at + m.end() <= len(text)
        ]
    if len(answer) >= _LEAST_PASTED and _is_pasted(text, answer, at):
        return "thinking_again", whole
    if _falls_short(answer):
        return "items_missing", whole
    echoes = _echoes(text, prompt.question)
    if len(echoes) > 2 or sum(start >= at for start, _ in echoes) > 1:
        return "echoed_prompt", echoes[:100]
    return "", []


@lru_cache(maxsize=3 * PROMPTS_AT_WORK)
def _asks(pattern: re.Pattern[str], asked: str) -> bool:
    return pattern.search(asked) is not None


def _falls_short(answer: str) -> bool:
    """Whether a list announced by its number, "three reasons:", ends before it."""
    for match in islice(_ANNOUNCED.finditer(answer), 3):
        count = next((n for n, names in _COUNTS.items() if match.group(1).lower() in names), 0)
        items = _ITEMS.findall(answer, match.end())
        if 0 < len(items) < count and not _COUNTS_ON.search(answer, match.end()):
            return True
    return False


_COUNTS = {
    3: frozenset(["three", "drei", "trois", "tres", "tre", "três", "trzy", "три", "三"]),
    4: frozenset(["four", "vier", "quatre", "cuatro", "quattro", "quatro", "cztery", "четыре", "四"]),
    5: frozenset(["five", "fünf", "cinq", "cinco", "cinque", "pięć", "пять", "五"]),
    6: frozenset(["six", "sechs", "seis", "sei", "sześć", "шесть", "六"]),
    7: frozenset(["seven", "sieben", "sept", "siete", "sette", "sete", "siedem", "семь", "七"]),
}
_NAMES = "|".join(name for names in _COUNTS.values() for name in sorted(names))
_ANNOUNCED = re.compile(
    rf"(?:(?<!\w)|(?<=[有是为以下]))({_NAMES})(?:[个种点条项步] ?\w{{1,4}}|(?: [^\W\d_]+){{1,5}})[:：]\n+"
    r"(?=[ \t]*(?:\d[.)]|[-*•]) )",
    re.I,
)
_ITEMS = re.compile(r"^(?:\d{1,2}[.)]|[-*•]) \S", re.M)
_COUNTS_ON = re.compile(r"^[ \t]*(?:\*\*|#|\(?[a-zA-Z][.)] |\||\d)(?!\d?[.)] )", re.M)
"""What else may be an item."""


def _holds_a_place(answer: str, question: str) -> bool:
    """Whether something stands in the answer for what should have been put there."""
    if "{{" not in answer and "[" not in answer and not _PLACEHOLDER.search(answer):
        return False
    plain = bare(answer)
    if _PLACEHOLDER.search(plain) and not _PLACEHOLDER.search(question) and not _asks(_TEMPLATE, question):
        return True
    gaps = [gap for gap in _GAP.findall(plain) if gap not in question]
    return len(set(gaps)) >= _LEAST_GAPS and not _asks(_TEMPLATE, question)


_LEAST_GAPS = 2


def _stops_short(thinking: str) -> bool:
    """Whether the last sentence of several is a long one without its end, though all before it had theirs."""
    ends = [match.end() for match in _STOP.finditer(thinking)]
    if len(ends) < _LEAST_STOPS:
        return False
    rest = thinking[ends[-1] :].strip()
    if not rest or not rest[-1].isalpha() or "\n" in rest or _NO_SENTENCE.search(rest):
        return False
    lines = [line for line in thinking.split("\n") if len(line) >= _LONG_LINE]
    open_lines = sum(line.rstrip()[-1:].isalnum() for line in lines)
    long = len(CJK.findall(rest)) >= 2 * _LONG_REST or (len(rest.split()) >= _LONG_REST and not CJK.search(rest))
    return long and open_lines <= 1


_STOP = re.compile(r"[.!?…](?=\s)|[。！？；]|[.!?…][\"')”»]+(?=\s)")
_NO_SENTENCE = re.compile(r"[=|{}<>\\$`_]|^[-*+#>\d]|:\s*\S{1,30}\Z|\*\*\Z")
_LEAST_STOPS, _LONG_LINE, _LONG_REST = 3, 30, 10


def _holds_a_box(answer: str) -> bool:
    """Whether a box holds something: instructions on boxes may be quoted before it."""
    return any(not _EMPTY_BOX.fullmatch(f"\\boxed{{{answer[start:end]}}}") for start, end in boxes(answer))


_TO_SAY = re.compile(
    r"\b(?:ask|offer|polite|phrase|say|sentence|write|translat|dialog|reply|heading|title|schreib|satz|phras|frase)",
    re.I,
)


def _says_one_thing(answer: str) -> bool:
    """Whether one line or sentence makes up much of an answer by coming four times, or one result is given so often."""
    if len(answer) < 40:
        return False
    if answer.count("\\boxed") >= _MOST_ALIKE:
        found = Counter(answer[start:end].strip() for start, end in boxes(answer))
        if max(found.values(), default=0) >= _MOST_ALIKE:
            return True
    if len(_CUE.findall(answer)) > _MOST_ALIKE:
        return True
    said = Counter(_plain(piece) for piece in re.split(r"\n|(?<=[.!?])\s|[。！？]", answer) if "|" not in piece)
    again = sum((times - 1) * len(piece) for piece, times in said.items() if times > 1 and len(piece) >= 5)
    if sum(times - 1 for piece, times in said.items() if len(piece) >= 5) >= _MANY_AGAIN and again * 2 >= len(answer):
        return True
    piece, times = max(said.items(), key=lambda item: item[1] * len(item[0]), default=("", 0))
    return times >= _MOST_ALIKE and len(piece) >= 5 and times * len(piece) * 5 >= 2 * len(answer)


def _plain(piece: str) -> str:
    return "".join(filter(str.isalnum, piece.lower()))


_LEAST_PASTED = 300


def _is_pasted(text: str, answer: str, at: int) -> bool:
    """Whether the answer is the thinking once more: four of five of its sentences, and as much of the thinking's."""
    blank = bare(text)
    before = {text[a:b].strip() for a, b in sentences(text) if b <= at and b - a >= 25 and blank[a:b].strip()}
    after = [text[a:b].strip() for a, b in sentences(text) if a >= at and b - a >= 25 and blank[a:b].strip()]
    if len(after) < 4 or not before:
        return False
    again = sum(len(piece) for piece in after if piece in before)
    return again * 5 >= 4 * sum(map(len, after)) and again * 5 >= 3 * sum(map(len, before))


def _echoes(text: str, question: str) -> list[Span]:
    """Where the question stands in the text, blanks and line ends aside."""
    asked = question.strip()
    if len(asked) < _LONG_ENOUGH:
        return []
    found, start = [], text.find(asked)
    while start >= 0:
        found.append((start, start + len(asked)))
        start = text.find(asked, start + len(asked))
    return found
