"""Reject thinking that holds code blocks, as DeepSeek-R1 did (section 2.3.3); scope it with `except_tasks = ["code"]`.
Prompts that no task names and that hold or ask for code, or whose answer holds some, are out of its scope too.

Fences count, and so do four or more lines of code without a fence. Inline code and formulas don't. The score is the
number of blocks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from factory.language.first_look import first_look
from factory.language.text import Span, lines, regions, thinking_span
from factory.records import PROMPTS_AT_WORK, Prompt, Sample, Verdict

_STATEMENT = re.compile(
    r"\s*(?:(?:def|class)\s+\w+.*[:{]$|(?:for|while|if|elif|else|try|except|with)\b.*[:{]$|return\b|import\s+\w"
    r"|from\s+\w+\s+import\b|#include\b|print\(.*\)$|(?:int|long|double|float|char|void|auto|const|let|var|public"
    r"|private|static|func|fn)\s+[\w<>:*&\[\]]+.*[;{=(].*|.*[=(){}\[\]<>+].*;$|.*\{$|(?:break|continue|pass);?$"
    r"|\w+ (?:[-+*/%|&]|//|<<)= .*|\w+ = .*(?://|\").*"
    r"|(?:SET \w+ TO|PRINT|DISPLAY|READ|INPUT|RETURN|INCREMENT|DECREMENT|(?:ADD|SUBTRACT) \w+ (?:TO|FROM)"
    r"|END ?(?:IF|FOR|WHILE)?$|WHILE .* DO$|IF .* THEN$|FOR .* DO$|ELSE$)\b.*)"
)
_CODE_LINE = re.compile(r"\s*(?:-?\d+(?:\.\d+)?$|[\w.\[\]]+\s*(?:[-+*/%|&]?=)\s*[^=].*|\w[\w.]*\(.*\)$|[})\]]+$|#.*)")
_UNFENCED = 4


def judge(sample: Sample, prompt: Prompt, *, blocks: int = 0) -> Verdict:
    """`blocks`: how many are allowed."""
    if _asks_for_code(prompt.question) or "```" in sample.answer:
        return Verdict.accept("code_asked_for")
    start, end = thinking_span(sample.text)
    fences = [(r.start, r.end) for r in regions(sample.text) if r.kind == "fence" and start <= r.start < end]
    spans = fences + list(_unfenced(sample.text, start, end, fences))
    if len(spans) > blocks:
        return Verdict.reject("code_block", float(len(spans)), spans)
    return Verdict.accept(score=float(len(spans)))


@lru_cache(maxsize=PROMPTS_AT_WORK)
def _asks_for_code(asked: str) -> bool:
    """Whether a prompt that no task names holds code or asks for some."""
    return _may_ask()(asked) and _ASKED.search(asked) is not None


@lru_cache(maxsize=1)
def _may_ask() -> Callable[[str], bool]:
    return first_look(_ASKED.pattern, multiline=True)


_ASKED = re.compile(
    r"```|^(?:def|class|import|from|#include|public|SELECT) |`[^`\n]*[(){}=$;<>][^`\n]*`|\b(?:write|implement|fix"
    r"|debug|complete|code|create|give|refactor|optimi[sz]e|translate|port|rewrite|provide"
    r"|show)\b[^.\n]{0,60}\b(?:code|programs?|functions? (?:that|which|to|in|called|named|`)|scripts?|quer(?:y|ies)"
    r"|class(?:es)?|methods? (?:that|which|to)|regex\w*|regular expressions?|python|javascript|typescript|java|c\+\+"
    r"|rust|golang|haskell|ruby|perl|sql|bash|shell|html|css|makefile|dockerfile|one-liner|unit tests?|snippet"
    r"|algorithm in|pseudo-?code)\b|\b(?:python|javascript|typescript|java|sql|bash|c\+\+|rust|haskell) (?:code"
    r"|program|function|script|query|class|snippet|loop|error)\b|\b(?:linked list|recursi(?:on|ve)|for loop"
    r"|while loop|list comprehension|binary search tree|hash ?map|nums\b|stdin|stdout|command line|spreadsheet"
    r"|data ?frame|sorting algorithm|unit test|in (?:python|go|c|java|rust|javascript|sql|bash|ruby|r)\b|print\("
    r"|Tables?: \w+\()|\b(?:decorator|type hints?|syntax|debug\w*|Big-?O|git|docker\w*|compil(?:e|er|es)"
    r"|stack ?overflow|dictionaries|pointer|API)\b|\b[A-Z]\w+(?:Error|Exception)\b|\bSELECT\b|\b(?:while|for) ?\(|=="
    r"|\b(?:a|my|the|two|this) (?:strings?|scripts?|loops?|query|program|code|arrays?|div)\b|\bmy function\b"
    r"|\breturns? None\b|(?<!\w)\.\w{2,4} files?\b|\bfolders?\b|\bdirectory\b|\bterminal\b|^(?:Input|Output)\s?:"
    r"|\b(?:Funktion|Programm|función|programa|fonction|programme)\b|(?:写|编写|实现)[^。\n]{0,20}(?:函数|程序|代码"
    r"|脚本|查询)|代码",
    re.I | re.M,
)


def _unfenced(text: str, start: int, end: int, fences: list[Span]) -> Iterator[Span]:
    """Runs of at least `_UNFENCED` lines that read as code, outside the fences."""
    free, at = [], start
    for fence in fences:
        free.append((at, fence[0]))
        at = fence[1]
    for begin, stop in [*free, (at, end)]:
        if stop > begin:
            yield from ((begin + a, begin + b) for a, b in _runs(text[begin:stop]))


def _runs(text: str) -> Iterator[Span]:
    """Runs of code lines of which at least two are statements: assignments alone may be algebra."""
    rows = text.split("\n") if _is_unusual()(text) else _no_sentences(text)
    if sum(map(_may_be_statement, rows)) < _STATEMENTS:
        return
    run: list[Span] = []
    statements = 0
    for start, end in [*lines(text), (len(text), len(text))]:
        kind = _kind(text[start:end])
        if kind:
            run.append((start, end))
            statements += kind == 2
            continue
        if len(run) >= _UNFENCED and statements >= 2:
            yield run[0][0], run[-1][1]
        run, statements = [], 0


_SESSION = re.compile(
    r"\s*(?:>>> |\.\.\. |In \[\d+\]: |\$ [a-z./][\w./-]*(?:\s|$)|(?:SELECT|FROM|WHERE|GROUP BY|ORDER BY|HAVING"
    r"|INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE|(?:LEFT |INNER |OUTER )?JOIN)\b|(?:RUN|COPY|WORKDIR|ENTRYPOINT"
    r"|EXPOSE) \S|\w+ :: \S|module [A-Z]\w* where|Traceback \(most recent|File \"[^\"]+\", line \d|[A-Z]\w+(?:Error"
    r"|Exception): |@@ -\d|[+-]{3} [ab]/|[+-] *(?:def|return|import|class|if|for)\b|(?:mov|push|pop|jmp|ret"
    r"|call) %?e?[a-z]{2}\b)"
)


_OPENS = re.compile(
    r"\s*(?:def|class|for|while|if|elif|else|try|except|with|return|import|from|#include|print|int|long|double|float"
    r"|char|void|auto|const|let|var|public|private|static|func|fn|>>>|\.\.\.|In \[|\$|[A-Z]{3,10}\b|Traceback|File"
    r"|[A-Z]\w+(?:Error|Exception)|\w+ ::|module|@@|[+-]|mov|push|pop|jmp|ret|call)"
)


_AUGMENTED = re.compile(r"\w (?:[-+*/%|&]|//|<<)= ")


_STATEMENTS = 2


@lru_cache(maxsize=1)
def _is_unusual() -> Callable[[str], bool]:
    """Whether something stands in a text by which a line may be code that begins as a sentence or a formula does."""
    return first_look(r'//|"|Error|Exception| ::|Traceback|In \[|[-+*/%|&<]= ', ignore_case=False)


def _no_sentences(text: str) -> list[str]:
    """The lines but for those that end as no code does, and begin with a digit or a capital and a small letter."""
    return [line for line in text.split("\n") if line and (line[-1] in _CODE_ENDS or _CODE_BEGINS(line))]


_CODE_ENDS = frozenset(";{: \t\r")
_CODE_BEGINS = re.compile(r"[a-z@+$>.#\s-]|[A-Z](?![a-z ])").match


def _may_be_statement(line: str) -> bool:
    """A quick look: how every statement begins or ends, or what it assigns."""
    if line.rstrip().endswith((";", "{", ":")) or _OPENS.match(line) is not None:
        return True
    return "= " in line and ("//" in line or '"' in line or _AUGMENTED.search(line) is not None)


def _kind(line: str) -> int:
    """2 for a statement, 1 for what may stand between statements, 0 for prose and formulas."""
    if _SESSION.match(line) and line.count("$") <= 1:
        return 2
    if len(line) > 200 or "\\" in line or "$" in line:
        return 0
    line = line.rstrip()
    return 2 if _STATEMENT.match(line) else int(bool(_CODE_LINE.match(line)))
