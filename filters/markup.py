"""Reject markup that doesn't belong into an answer: role turns, tool calls, HTML and leftover tags outside code.

Whatever the prompt itself uses or asks for (HTML, XML, JSON, a dialogue) is allowed. The score is the number of such
places.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from factory.language.first_look import first_look
from factory.language.text import Span, bare, region_at
from factory.records import PROMPTS_AT_WORK, Prompt, Sample, Verdict

_ROLES = (
    "Human|User|Assistant|AI Assistant|Chatbot|ChatGPT|GPT|Bot|用户|用户提问|助手|人类|ユーザー|アシスタント"
    "|Пользователь|Ассистент|Utilisateur|Usuario|Usuária?|Usuário|Benutzer|Nutzer|Assistent|Assistente|Asistente"
    "|Utente|Gebruiker|Użytkownik|Asystent|Kullanıcı|Asistan|KI|사용자|어시스턴트|المستخدم|المساعد"
)
_HEADINGS = "Instruction|Response|Input|Output|Human|Assistant|User"
_TURN = re.compile(
    r"^(?:assistant|user|model|bot|system) ?: (?=\S)|"
    rf"^(?:system|user|assistant)\n(?=[^\n]+\n(?:system|user|assistant)\n)"
    rf"|^[ \t#*>\[]{{0,6}}(?:(?:{_ROLES})(?: \d)?\*{{0,2}}\]?\s?[:：]|System:\s+You\s)"
    rf"|^###\s?(?:{_HEADINGS})\b",
    re.M,
)
_SYSTEM = re.compile(r"\bYou are a helpful (?:AI |and \w+ )?assistant\b")
_STAMPED = re.compile(r"^\[\d{1,2}:\d\d(?::\d\d)?\] ?(?:speaker|[A-Z][\w ]{1,20}:)", re.M | re.I)
_TOOL = re.compile(
    r"```tool_code|<function=\w|\"action_input\"\s{0,3}:|</?(?:tool_use|tool_call|tool_calls|tool_response"
    r"|function_call|function|invoke|execute|search|observation)\b[^<>\n]{0,80}>|\{\s{0,3}\"(?:name|tool"
    r"|function)\"\s{0,3}:\s{0,3}\"[^\"\n]{1,60}\"\s{0,3},\s{0,5}\"(?:arguments|parameters|args|input)\"\s{0,3}:"
    r"|^Action Input\s?:\s|^Action\s?:\s{0,3}\w+[\[(]|^Action\s?:[^\n]+\n+Observation\s?:[^\n]*\n+Thought\s?:"
    r"|\bfunctions\.[a-z_]{2,30}\s?[({]",
    re.M,
)
_HTML = re.compile(
    r"</?(?:div|span|p|table|tr|td|th|tbody|thead|script|style|html|body|head|img|ul|ol|li|h[1-6]|font|center|section"
    r"|article|button|form|input|iframe|meta|link|a|pre|code|blockquote|details|summary)(?:\s[^<>\n]{0,200})?/?>",
    re.I,
)
_CLOSING = re.compile(
    r"</(?!(?:think|answer|sub|sup|b|i|u|em|strong|small|br)>)[^\W\d_][\w:-]{1,30}>|\[/[^\W\d_]\w{2,20}\]"
)
_ASKS = re.compile(
    r"html|latex|object|dictionary|e?-?mail|letter|subtitles|time ?stamps?|images?|comments\b|\b(?:a|the|this|code"
    r"|blog|one|short) comment\b|\btex\b|bbcode|wiki|rtf|xml|svg|jsx|web\s?page|website|</?[a-z]|json|(?:tool"
    r"|function)[ _]call|css|markdown|网页|标签",
    re.I,
)
_ASKS_TURNS = re.compile(
    r"\b(?:dialog(?:ue)?s?|conversations?|chat(?:bot)?s?|interviews?|transcripts?|scenes?|scripts?|speakers?"
    r"|subtitles)\b|对话|聊天|会話|диалог",
    re.I,
)


def judge(sample: Sample, prompt: Prompt, *, html: int = 1) -> Verdict:
    """`html`: how many HTML tags may stand outside code (line breaks, sub- and superscripts never count)."""
    asked = "\n".join(message["content"] for message in prompt.messages)
    text = bare(sample.text)
    turns = [] if _asks(_ASKS_TURNS, asked) or not _MAY_TURN(text) else _found(_TURN, text)
    turns = turns or _found(_STAMPED, text)[: 0 if _asks(_ASKS_TURNS, asked) else None]
    turns = turns or (_found(_SYSTEM, text) if "You are a helpful" in text and "helpful" not in asked else [])
    turns = [turn for turn in turns if _role(text[slice(*turn)]) not in prompt.question.lower()]
    if turns:
        return Verdict.reject("role_turn", float(len(turns)), turns)
    if _asks(_ASKS, asked):
        return Verdict.accept(score=0.0)
    many = _asks(_ASKS_QUESTIONS, asked) or asked.count("?") > 1
    others = [] if many or not _MAY_ASK(text) else _new_questions(text)
    if others:
        return Verdict.reject("new_question", float(len(others)), others)
    calls = (
        [] if not _MAY_CALL(sample.text) else _found(_TOOL, text if "```tool_code" not in sample.text else sample.text)
    )
    if calls:
        return Verdict.reject("tool_call", float(len(calls)), calls)
    formats = _found(_FORMAT, sample.text) if any(hint in sample.text for hint in _FORMAT_HINTS) else []
    formats = [
        span for span in formats if not ((part := region_at(sample.text, span[0])) and part.kind in ("code", "fence"))
    ]
    if formats:
        return Verdict.reject("other_format", float(len(formats)), formats)
    tags = _found(_HTML, text) if "<" in text else []
    if len(tags) > html or _breaks(text) > _MOST_BREAKS:
        return Verdict.reject("html", float(len(tags)), tags)
    low = text.lower()
    web = _found(_WEB, text) if any(phrase in low for phrase in _WEB_HINTS) else []
    if len(web) > 1:
        return Verdict.reject("web_page", float(len(web)), web)
    if text.count("](http") > _MOST_IMAGES and len(images := _found(_IMAGE, text)) > _MOST_IMAGES:
        return Verdict.reject("images", float(len(images)), images)
    if "](" in text and (local := _found(_LOCAL_IMAGE, text)):
        return Verdict.reject("images", float(len(local)), local)
    answer = sample.answer.removeprefix("```json").removesuffix("```").strip()
    if answer.startswith("{") and answer.endswith("}") and _JSON.match(answer):
        return Verdict.reject(
            "json_answer", 1.0, [((at := text.rindex(answer)), at + len(answer))] if answer in text else ()
        )
    closing = _found(_CLOSING, text) if "</" in text or "[/" in text else []
    if closing:
        return Verdict.reject("leftover_tag", float(len(closing)), closing)
    return Verdict.accept(score=0.0)


@lru_cache(maxsize=3 * PROMPTS_AT_WORK)
def _asks(pattern: re.Pattern[str], asked: str) -> bool:
    return pattern.search(asked) is not None


def _role(turn: str) -> str:
    """The word for who speaks: a question about users may have answers that define "User:"."""
    return turn.strip(" \t#*>[]:：\n").lower() or turn


def _breaks(text: str) -> int:
    """How many HTML line breaks stand outside tables, which have no other ones."""
    return 0 if "<br" not in text else sum(line.count("<br") for line in text.split("\n") if "|" not in line)


_MOST_BREAKS = 2
_MOST_IMAGES = 2
_IMAGE = re.compile(r"!\[[^\]\n]{0,200}\]\(http")
_LOCAL_IMAGE = re.compile(r"!\[[^\]\n]{0,200}\]\((?!http)[^)\s]{1,200}\)")
_JSON = re.compile(r"\{\s{0,9}\"\w{1,40}\"\s{0,3}:")
_WEB_HINTS = ("click here", "polic", "comment", "subscribe", "share this", "posted by", "votes", " ago", "log in to")


def _new_questions(text: str) -> list[Span]:
    """Where a sample goes on with problems that nobody asked: two questions with answers, or "Next problem:"."""
    asked, said = _found(_QUESTION, text), _found(_REPLY, text)
    pairs = asked if len(asked) >= 2 and len(said) >= 2 else []
    return pairs + _found(_NEXT, text)


_QUESTION = re.compile(
    r"^[ \t*#]{0,4}(?:Q|Question|Problem|问|问题|問|質問|Frage|Pregunta|Вопрос)\*{0,2}[ \t]?\d{0,2}\*{0,2}\s?[:：]",
    re.M,
)
_REPLY = re.compile(
    r"^[ \t*#]{0,4}(?:A|Answer|Solution|答|回答|Antwort|Respuesta|Réponse|Ответ)\*{0,2}[ \t]?\d{0,2}\*{0,2}\s?[:：]",
    re.M,
)
_NEXT = re.compile(
    r"^[ \t*#]{0,6}(?:(?:Next|Another|New) (?:problem|question|exercise|task)\b[^\n:]{0,20}:|#{1,4} ?(?:Problem"
    r"|Question|Exercise) ?[2-9]\b|(?:Problem|Question|Exercise) [2-9][:.])",
    re.M,
)
_FORMAT_HINTS = (
    "=C",
    "=D",
    "=E",
    "=F",
    "\\doc",
    "\\use",
    "\\begin{doc",
    "{\\rtf",
    "{{cite",
    "[/",
    "(cid:",
    "=20",
    "[0m",
    ";",
    "<o",
    "<w",
    "</o",
    "</w",
    "<m",
    "<!--",
    "【",
    "cite",
    "turn0",
    "{{",
    "[[",
    "-->",
    "> >",
    "To: ",
    "Subject: ",
    "Sent from",
    "\\N{",
    '"step',
    '"thought',
)
_FORMAT = re.compile(
    r"\\documentclass|\\usepackage|\\begin\{document\}|\{\\rtf1|\{\{cite |\[/(?:b|i|u|url|color|quote|size)\]"
    r"|\(cid:\d+\)|=[C-F][0-9A-F]=[89AB][0-9A-F]|(?:=20[A-Za-z]+){3}|\[0m|\[\d;\d{2}m|</?[ow]:[a-z]+>|<m(?:ath|i|o|n"
    r"|row|frac)>|\[\d{1,2}(?:;\d{1,2}){0,2}m(?=\w)|【\d+(?:[:†]|\s?†)|oaicite|\bturn\d+(?:search|view|news)\d"
    r"|\{\{[A-Za-z][\w ]{2,30}\||\[\[(?:File|Image|Category|Datei|Fichier|Archivo):|<!--|^\d\d:\d\d:\d\d[,.]\d{3} -->"
    r"|^> > \S|^(?:From|To|Cc|Sent|Date): [^\n]+\n(?:To|Cc|Subject|Date|Sent): |Sent from my \w+"
    r"|\\N\{[A-Z][A-Z -]{3,40}\}|^[ \t]{0,9}[\[{]\s{0,9}\{?\s{0,9}\"(?:step|thought)\"\s?:",
    re.M,
)
_MAY_TURN = first_look(_TURN.pattern, multiline=True, ignore_case=False)
_MAY_CALL = first_look(_TOOL.pattern, multiline=True, ignore_case=False)
_MAY_ASK = first_look(_QUESTION.pattern, _NEXT.pattern, multiline=True, ignore_case=False)
_ASKS_QUESTIONS = re.compile(
    r"\b(?:questions|problems|exercises|quiz|faq|flashcards?|worksheet|each of|interviews?"
    r"|dialog\w*|conversation|q ?(?:&|and) ?a)\b|问题|題|题",
    re.I,
)
_WEB = re.compile(
    r"subscribe to our newsletter|click here to|all rights reserved|privacy policy|cookie policy|leave a comment"
    r"|posted by \w|load more comments|sign (?:up|in) to comment|\d+ (?:up|down)votes?|\breply ?[·|•] ?share"
    r"|\d+ (?:hours|minutes|days) ago\b|log in to reply|share this (?:article|post)"
    r"|your email address will not|required fields are marked|related posts",
    re.I,
)


def _found(pattern: re.Pattern[str], text: str) -> list[Span]:
    return [match.span() for match in islice(pattern.finditer(text), 100)]
