"""Whether a text only speaks of answering: that there is a question, an answer, a thought, and that all is done.

A bag of words in eight languages decides, not a sentence: whatever order they stand in, nothing else is said. A number,
a formula or one other word is something; so is whatever ends a sentence ("the answer is no"). Does not judge
(`filters/conclusion.py`).
"""

from __future__ import annotations

import re
from typing import Final

from factory.language.text import CJK, lower
from factory.language.words import COMMON

_FUNCTION: Final = frozenset().union(*COMMON.values())
_CORE: Final = (
    "answer|solution|solv|respon[sd]|repl[iy]|result|question|request|task|problem|expla[in]|reason|th(?:ink|ought)"
    "|anal[yi]|conclu[ds]|summar|section|done|finish|complet|output|content|ready|antwort|beantwort|lösung|gelöst|ergebnis"
    "|überleg|gedank|denk|frage|aufgabe|fertig|abgeschl|beendet|erledigt|erklär|répon[sd]|résultat|réfl|raisonn|termin|fini"
    "|respues|resultado|pregunta|tarea|listo|razonam|pens|rispo[ns]|soluzione|domanda|pronto|respost|pergunta|tarefa"
    "|ответ|решен|вопрос|задач|готов|законч|заверш|рассужд|результат"
)
_AROUND: Final = (
    r"previous|earlier|above|below|follow|final|provid|present|writ|describ|shown?\b|list|mention|stat(?:e[ds]?|ing)\b"
    r"|discuss|consider|recommend|reach|help|hope|way|manner|okay|sure|certain|course|great|glad|happy|thank|welcome|need"
    r"|user|please|see|read|detail|further|anything|(?:no|every|some)thing|begin|start|next|now|steps?\b|plan\b|careful"
    r"|carry|check|first|second|third|fourth|ma(?:k|d)e|ask|want|like|work|giv|add\b|part|here|tell|text|formulat|compos"
    r"|structur|full\b|found\b|gefund|trouv|encontr|trovat|наш[её]?л|dessus|oben|unten|sieh|habe|gern|klar|natürlich|nutzer|jetzt|schreib|geb|hier|folg|accord|voici|bien|utilisateur"
    r"|maintenant|écri[rstv]|rédig|donn|demand|voilà|clair|tout|alles|todo|tutto|ahora|escrib|usuario|claro|aquí|fatto|ecco|выше|ниже|напиш"
    r"|пользоват|теперь|сейчас|конечно|объясн"
)
_EMPTY: Final = re.compile(rf"(?:({_CORE})|{_AROUND})\w*", re.I)
_EMPTY_CJK: Final = re.compile(
    "答案|回答|解答|问题|問題|如上|以上|以下|上述|前面|上面|思考|推理|过程|過程|分析|最[终終]|[结結]果|完成|完毕|[结結]束|终|已经?|现在|下面"
    "|我们?|将|会|给出|给|写|出|了|的|是|在|中|请|见|看|用户|您|你|希望|帮助|好的?|当然|没问题|为|来|答え|です|ます|しました|した|ました"
    "|上記|述べ|通り|[はをにでのからお]"
)
_ENDS: Final = re.compile(r"([^\W\d_]+)[\W_]*(?:[.!?:\n]|\Z)")
_SMALL: Final = (
    "it them you me here this that far us mir mich uns moi nous mí es sie ihn das le la les lo te vous eso это"
)
_MAY_END: Final = frozenset(_SMALL.split())
_SMALL_WORDS: Final = _FUNCTION | _MAY_END
_SAYS: Final = re.compile(
    r"[\d\\$`✗✓]|(?<![\w'’])(?:[A-HJ-Z]|[Yy]es|[Nn]o|[Jj]a|[Nn]ein|[Oo]ui|[Nn]on|[Ss]í|[Дд]а|[Нн]ет)(?![\w'’])"
)
_HEADING: Final = re.compile(r"^[ \t]*(?:#{1,6} .*|\*\*[^*\n]+\*\*)[ \t]*\n", re.M)


def says_nothing(text: str, question: str, least: int = 2) -> bool:
    """Whether all words are empty, at least so many of them, or the question's; a heading counts for one more."""
    body = _HEADING.sub("", text).strip()
    if not body or _SAYS.search(body):
        return False
    if CJK.search(body):
        count = len(_EMPTY_CJK.findall(body))
        return count >= least - _is_heading(body) and not re.search(r"[^\W_]", _EMPTY_CJK.sub("", body))
    words = re.findall(r"[^\W\d_]+", lower(body))
    said = {word: match for word in words if (match := _EMPTY.match(word))}
    rest = {word for word in words if word not in said and word not in _SMALL_WORDS and len(word) > 2}
    if len(said) < least - _is_heading(body) or not any(match[1] for match in said.values()):
        return False
    if any(word[:_STEM] not in lower(question) for word in rest):
        return False
    ends = {match.lower() for match in _ENDS.findall(body)}
    return len(rest) <= len(said) and all(word in _MAY_END or _EMPTY.match(word) for word in ends)


_STEM: Final = 4


def _is_heading(body: str) -> bool:
    return body.startswith(("#", "**")) or body.endswith((":", "："))
