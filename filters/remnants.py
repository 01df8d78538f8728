"""Reject rests of other kinds of text that nobody asked for: JSON and dictionaries, tool and calculator lines, tags
in brackets, a talk with an invented pupil or customer, further exercises, slots of templates, marks and feedback,
logs, training metrics, exam sheets, web pages, the end of a letter, blobs.

Goes beyond `markup`, which knows the formats of chats, tools and pages. What the prompt asks for or itself holds is
allowed. The score is the number of such places.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from factory.language.first_look import first_look
from factory.language.text import Span, without
from factory.language.words import COMMON
from factory.records import PROMPTS_AT_WORK, THINK_CLOSE, THINK_OPEN, Prompt, Sample, Verdict

_TALKERS = (
    "Student|Teacher|Tutor|Pupil|Professor|Customer|Agent|Client|Interviewer|Interviewee|Expert|Me|You|Alice|Bob"
    "|Friend|Mom|Dad|Host|Guest|Person [AB12]|Speaker [AB12]|Human|User|Assistant|AI|IA|KI|Bot|Model|Robot|Narrator"
    "|System|Schüler|Lehrer|Élève|Professeur|Alumno|Profesor|Ученик|Учитель|学生|老师|提问者|回答者|用户|生徒|先生"
)
_SPEAKS = rf"^[ \t*#>\[(-]{{0,6}}(?:{_TALKERS})\*{{0,2}}[\])]?\*{{0,2}}\s?[:：]"
_NEXT = (
    r"^[ \t*#>]{0,6}(?:Follow[- ]?up|Bonus|Extra|Practice|Similar|Related|Challenge|Additional|Further|Next|Another"
    r"|New|More) (?:questions?|problems?|exercises?|tasks?|examples?|challenges?|practice)\b[^\n]{0,30}(?:[:：]|\*\*"
    r"|\n|$)|^[ \t*#>]{0,6}(?:Example|Problem|Question|Exercise|Task|Quiz|Test|Beispiel|Aufgabe|Exercice|Ejercicio"
    r"|Задача|Пример) (?:[2-9]|[1-9]\d)\b[^\n]{0,40}(?:[:：.]|\*\*|\n|$)|^[ \t*#>]{0,6}(?:例题?|问题|題|题目"
    r"|练习) ?[二三2-9]\s?[:：.、]|^[ \t>]{0,4}(?:Thanks|Thank you|Great|Got it|OK|Okay)[!,.] (?:Can|Could|Now|And"
    r"|What|How|Please|But what)\b[^\n]{3,200}\?|^[ \t*#>]{0,6}(?:Now (?:try|solve|consider|answer)|Try) (?:this"
    r"|the following|another|a similar)\b[^\n]{0,60}[:?]|^[ \t*#>]{0,6}(?:用户(?:问题|提问|问|说|输入)|提问|问|新问题"
    r"|下一题|另一题|追问|学生问)\s?[:：]|[.!?)}\]$*\"”。！？] ?(?:Human|User|Q|Question|USER|HUMAN|用户"
    r"|人类)\s?[:：] ?\S"
)
_KINDS = {
    "json": (
        r"\{\s{0,9}[\"'][A-Za-z_][\w -]{0,30}[\"']\s{0,3}:\s{0,3}[\"'\d\[{tfnTFN-]"
        r"|^[ \t]{0,9}[\"'][a-z_]{2,30}[\"']\s{0,3}:\s{0,3}[\"'\d\[{]",
        r"json|dict|object|\bapi\b|schema|yaml|[{\[]\s*[\"']|\bmap(?:ping|s)?\b|hash|config|format|program|code"
        r"|function|python|javascript|structure|字典|代码|程序|编写|函数",
    ),
    "fields": (
        r"(?:^[a-z_]{2,20}: [^\n]{1,200}\n){2,}[a-z_]{2,20}: \S",
        r"yaml|json|format|fields?|config|structure|code|program|keys?\b|metadata|front matter|:\s",
    ),
    "form": (
        r"^[ \t*#]{0,6}(?:Instruction|Input|Output|Response|Context|Prompt|Completion|Target|Label|Sample (?:Input"
        r"|Output))s?(?: \d)?\*{0,2}\s?[:：]",
        r"input|output|instruct|function|program|task|response|context|prompt|label|code|format",
    ),
    "tool_lines": (
        r"^[ \t*#>-]{0,6}(?:Tool|Function|API|Calculator|Search|Python|Code|Query|Browser|Web) ?_?(?:call|calls"
        r"|result|results|output|response|use|input|query|invocation|interpreter|executed)s?\s?[:(\[]|\[(?:search"
        r"|result|lookup|calc|calculate|calculator|tool|tool_call|browse|retrieve|query|execute|python|API|CALC"
        r"|QA)s?\s?[:(][^\]\n]{1,200}\]|<<[^<>\n]{1,80}=[^<>\n]{1,40}>>|^(?:call|tool|function|print|search|calculate"
        r"|lookup)\.?\w*\(\"[^\"\n]{1,200}\"\)$|^(?:Thought|Action|Observation|Finish) ?\d{1,2}\s?[:\[]"
        r"|\bto=(?:python|browser|functions)",
        r"tool|function call|search|calculator|\bapi\b|code|program|python|query|<<|react\b",
    ),
    "tags": (
        r"\[/?(?:ANSWER|SOLUTION|SCRATCHPAD|OUTPUT|INPUT|RESULT|REASON|REASONING|ANALYSIS|THINKING|STEP ?\d{0,2}"
        r"|END(?: OF)? ?[A-Z ]{0,20}|BEGIN ?[A-Z ]{0,20}|START ?[A-Z ]{0,20}|FINAL(?: [A-Z]{1,12})?|EOS|EOF|EOT|STOP"
        r"|DONE|PROMPT|RESPONSE|QUESTION|CONTEXT|DOCUMENT|CODE|REDACTED|NAME|PERSON|LOCATION|MUSIC|LAUGHTER|APPLAUSE"
        r"|INAUDIBLE)\]|\[/?(?:final|thought|thinking|reasoning|response|scratchpad|user|assistant"
        r"|system)(?: ?[:=][^\]\n]{0,80})?\]|^[ \t]{0,8}</?[a-z][a-z_-]{3,24}>|</?[a-z][a-z_-]{3,24}>(?=[A-Z\d\n]|$)",
        r"\[/?[A-Z]{3,}|<[a-z][\w-]*>|\btags?\b|\bxml\b|html|placeholder|template",
    ),
    "talk": (
        rf"{_SPEAKS}\*{{0,2}} ?[^\n]+\n{{1,3}}{_SPEAKS}",
        r"\b(?:dialog(?:ue)?s?|conversations?|chat(?:bot)?s?|interviews?|transcripts?|scenes?|scripts?|speakers?"
        r"|roles?|play|says?|said|story|teacher|students?|alice|bob|customer|client|users?|agents?|speaks?)\b|对话"
        r"|聊天|会話|диалог|老师|学生|用户|dialogo|diálogo|Dialog|Gespräch",
    ),
    "next_question": (
        _NEXT,
        r"\b(?:users?|humans?|questions|problems|exercises|examples?|quiz|faq|flashcards?|worksheet|each of|tasks"
        r"|tests?|parts?|follow[- ]?up|practice|similar|dialog\w*|conversation|interview)\b|(?:Problem|Question"
        r"|Exercise|Task|Example) ?\d|问题|題|题|例|对话",
    ),
    "marks": (
        r"^[ \t*#>-]{0,6}(?:Score|Rating|Grade|Marks?|Correctness|Clarity|Completeness|Accuracy|Feedback|Evaluation"
        r"|Confidence|Overall|Difficulty|Verdict|Reward|Points|Comments?|Reviewer|Quality|评分|得分|置信度)(?: score"
        r"| level)?\*{0,2}\s?[:：=]\*{0,2} ?\S|\b(?:Score|Grade|Rating|Marks): ?\d+(?:\.\d+)? ?(?:/|out of) ?\d+"
        r"|\[?\[?rating\]?\]?: ?\[\[",
        r"\bscor|\brat(?:e|ing)|\bgrad(?:e|ing)|\bmarks?\b|evaluat|feedback|confiden|review|difficult|\bjudge"
        r"|points|verdict|assess|comment|accura|quality|分",
    ),
    "log": (
        r"^\[?\d{2}:\d{2}:\d{2}(?:[.,]\d{1,6})?\]? \S|^(?:[\w.-]{1,20};){2,}[\w.-]{1,20}$"
        r"|^\[?(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d|(?:DEBUG|INFO|WARN|WARNING|ERROR|TRACE|FATAL)\b\]?:? )"
        r"|^ {0,6}\d{1,4} {0,2}[|│] [^\n|│]{25,}$",
        r"csv|;|\btimes?\b|clock|\blogs?\b|timestamp|\[?(?:DEBUG|INFO|ERROR)|\d{4}-\d\d-\d\d|line numbers?|schedule"
        r"|table|calendar|日志",
    ),
    "slots": (
        r"\{\{\s?[#/>^&]?\s?[a-z]+(?:[_.][a-z]+)*\s?\}\}",
        r"\{\{|template|jinja|handlebars|mustache|placeholder|vue|angular|merge field|mail",
    ),
    "training": (
        r"\bgrad_norm\b|\blearning_rate\b|\b(?:train|eval|val)_loss\b|\b(?:loss|ppl"
        r"|perplexity)\s?[:=] ?\d+\.\d+[^\n]{0,40}\b(?:lr|step|epoch|grad)"
        r"|\b(?:epoch|step|iter) ?\[?\d+/\d+\]?[^\n]{0,40}\b(?:loss|lr|eta)\b|\btokens?/s\b|\bit/s\b",
        r"loss|train|learning|epoch|model|neural|network|gradient|perplexity",
    ),
    "format": (
        r"\\(?:sub)*section\*?\{|\\(?:chapter|paragraph|maketitle|bibliography|cite[pt]?|ref|label|footnote|item"
        r"|noindent|emph|textsc)\b(?=[{ ])|^\.\. [a-z-]+::|:(?:ref|class|func|meth|doc):`|^#\+(?:BEGIN|END|TITLE)"
        r"|^\*{1,4} (?:TODO|DONE) |\[\[[^\]\n|]{1,60}(?:\|[^\]\n]{1,60})?\]\]|\[\^\d{1,3}\](?!\()|^<{7} \S|^>{7} \S"
        r"|^={7}$|^commit [0-9a-f]{7,40}$|^Author: [^\n]+<[^\n]+>"
        r"|(?:[a-z)] ?\[1\][.,;:\s](?:[^\[\]]{5,300}[a-z)] ?\[\d{1,2}\][.,;:\s]){2,})|\bdoi: ?10\.\d{4}"
        r"|\barXiv:\d{4}\.\d|\([A-Z]\w+(?: et al\.| (?:and|&) [A-Z]\w+),? (?:19|20)\d\d[a-z]?[;)]"
        r"|(?:\[\d{1,3}(?:, ?\d{1,3})*\] ?){2,}$|^[.#]?[\w-]+ \{ ?[a-z-]+: [^{}\n]+;[^{}\n]*\}|^(?:PATH|HOME|SHELL"
        r"|LANG|USER)=\S+$|^\s*at [\w$.]+\([\w]+\.(?:java|js|ts|kt|cs|scala):\d+|^\w*(?:Exception|Error) in thread"
        r"|\d+%\|[█▏▎▍▌▋▊▉ #]*\||\b[45]\d\d (?:Too Many Requests|Not Found|Internal Server Error|Bad Gateway"
        r"|Forbidden|Unauthorized)|(?:(?<!\S)#[A-Za-z]\w{2,30} ?){3,}|(?<![\w.])@(?:everyone|here|channel|all)\b"
        r"|^#### ?[-$]?\d[\d,.]*$|(?:\"[^\"\n]{1,200}\" \+ ){2,}|\${3,}|\[object Object\]|\}\s?else\s?\{"
        r"|\bconsole\.log\(|\bSystem\.out\.print|=> \{",
        r"\[\d|latex|\btex\b|section|\brst\b|restructured|\borg\b|wiki|footnote|commit|\bgit\b|merge|\bdoi\b|arxiv"
        r"|citation|cite|referenc|bibliograph|paper|article|css|style"
        r"|environment|shell|trace|exception|error|log|http|status|hashtag|tweet|post|social|instagram|caption|####"
        r"|concat|string|code|program|function|java|[@#]\w",
    ),
    "exam": (
        r"[(\[](?:Total:? )?\d{1,2} (?:marks?|points?|pts)[)\]]|\[[MAB]\d(?: [^\]\n]{1,60})?\]"
        r"|^\[?(?:please )?turn over\]?$|\bPage \d+ of \d+\b|^Name: ?_{3,}|\bTotal for Question \d|\bEND OF (?:EXAM"
        r"|TEST|QUESTIONS?|PAPER|DOCUMENT|FILE)|^(?:Source|Reference|Answer key|Topic|Subject|Tags?|Level|Category"
        r"|Keywords|Difficulty|CC BY|Licen[cs]e)s?\s?: [^\n]{2,80}\n(?:Source|Topic|Subject|Tags?|Level|Category"
        r"|Keywords|Difficulty)s?\s?:",
        r"\bmarks?\b|points?\b|pts|\bgrad(?:e|ing)\b|rubric|exam|page|score|worksheet|category|tags|keywords",
    ),
    "page": (
        r"【(?:点评|考点|专题)】|本题(?:主要)?考查|\bregenerate response\b|👍 ?👎|▌|^(?:Copy|Share|Like"
        r"|Report)(?: (?:Copy|Share|Like|Report))+$|©|\ball rights reserved\b|\bterms of (?:service|use)\b"
        r"|\bprivacy policy\b|^(?:Home|About|Contact|Login|Menu|Skip to)\b(?: ?[|•·»>›] ?\w[\w ]{1,20}){2,}"
        r"|\bwas this (?:answer|article|page|information|post) helpful\b|\breport abuse\b"
        r"|\bbest answer\b[^\n]{0,40}\bago\b|\bshare (?:on|via|this on) (?:facebook|twitter|x\b|whatsapp|linkedin)"
        r"|^(?:Read more|Advertisement|Sponsored|Loading\.\.\.|Show more|Back to top|Log in|Sign up|Reply"
        r"|Follow us)\b[^\n]{0,20}$|\bbuy now\b|\blimited time offer\b|\b\d+% off\b|\bcall (?:us "
        r"|now )?(?:at )?\+?\d{3}[- ]\d{4}|\bhow would you rate this\b|\bon a scale (?:of|from) 1 to \d+, how"
        r"|\bword count: ?\d|\breproduced (?:with|by) permission\b|\bauthor['’]s note\b|\b(?:token"
        r"|word) \d{2,}\b(?=\W+(?:token|word) \d)|\blast (?:updated|modified|edited) (?:on|by|:)|\bclick (?:here"
        r"|the link|the button)\b|\b(?:subscribe|sign up) (?:to|for) (?:our|my|the|more)\b|\bsent from my \w+"
        r"|\bI hope this email finds you\b|\bview (?:all|more) (?:comments|answers|posts)\b|\b\d+ (?:likes|upvotes"
        r"|views|comments|shares|retweets)\b|\bRT @\w+|\bvisit (?:our|my) (?:web ?site|channel|blog)"
        r"|\bdownload (?:the|our) (?:app|pdf)\b|\bdon['’]t forget to (?:like|subscribe)\b|转载请注明|版权所有"
        r"|点击(?:这里|查看|下载)|关注(?:我们|公众号)|本文来自|查看更多",
        "web|page|site|html|©|copyright|rights|privacy|terms|e?-?mail|letter|post|tweet|blog|forum|newsletter"
        "|marketing|advert|social|button|link|article|video|channel|comments|likes|views|edit|reply|scale|survey"
        "|discount|网|版权|文章|点击",
    ),
    "blob": (
        r"(?<![A-Za-z0-9+/=_-])(?=[A-Za-z+/]{0,40}\d)(?=[a-z\d+/]{0,40}[A-Z])(?=[A-Z\d+/]{0,40}[a-z])[A-Za-z0-9+/]{56,}={0,2}"
        r"|(?<![\w.])(?=\d{0,30}[a-f])(?=[a-f]{0,30}\d)[0-9a-f]{80,}(?!\w)|(?:(?<![\w.])[01]{7,8} ?){6,}"
        r"|(?:(?<!\S)[.\-·–]{1,6}[ /]+){15,}|(?:(?<![\w-])\d{1,2}(?:-\d{1,2}){2,}[ ,/]+){6,}"
        r"|(?:(?<![\w.])[0-9a-f]{2} ){16,}[0-9a-f]{2}\b|(?:\\x[0-9a-f]{2}){8,}|(?:0x[0-9a-fA-F]{2},? ?){12,}",
        r"base ?64|hex|hash|\bsha|md5|encod|decod|cipher|binär|binaire|binario|morse|binary|bits?\b|bytes|crypt"
        r"|\bkeys?\b|token|checksum|digest|[0-9a-f]{32}|编码|解码|dump",
    ),
    "letter": (
        r"^(?:Hello|Hi|Dear|Hallo|Bonjour|Hola|Ciao|Olá) [A-Z][a-zà-ÿ]+[,!]|\bticket (?:no\.? |number )?#?\d{3,}"
        r"|\bsupport team\b|\b(?:thanks?|thank you) for (?:reaching out|contacting)\b|^(?:(?:Kind|Best|Warm|Warmest"
        r"|Many) (?:regards|wishes)|Regards|Sincerely(?: yours)?|Yours (?:sincerely|truly|faithfully)|Cheers"
        r"|Mit (?:freundlichen|besten|herzlichen) Grüßen|(?:Viele|Beste|Herzliche) Grüße|Cordialement"
        r"|Bien cordialement|Atentamente|Un (?:cordial )?saludo|Saludos(?: cordiales)?|Cordiali saluti|Atenciosamente"
        r"|Z poważaniem|С уважением|此致|敬具)[,!]?\n{1,2}[^\n]{1,60}(?:\n|$)",
        r"\b(?:letter|e?-?mail|message|note\b|invit|writ|draft|repl|respon|card|memo|greet|thank|apolog|compl|brief"
        r"|schreib|lettre|écri|courriel|carta|correo|escrib|escrev|lettera|scriv|list\b|napisz|письм|напиш)|信|邮件"
        r"|写|手紙|メール|書|편지|메일|메시지",
    ),
    "acting": (
        r"(?<![*\w])\*(?!(?:[dth]{0,2}[aei]s|des|was|its|dans|sans|nous|vous|mais|mas|l[aeo]s|als|bis)\b)(?:[a-z]+ly )?"
        r"[a-z]{2,15}s\b[^*\n]{0,50}\*(?![*\w])",
        r"role|act|story|scene|character|play|persona|song|lyric|poe[mt]|lied|gedicht|chanson|canci|стих|песн|诗|歌",
    ),
}
_PATTERNS = {
    kind: (re.compile(said, re.M | (re.I if kind in ("page", "training", "exam") else 0)), re.compile(asked, re.I))
    for kind, (said, asked) in _KINDS.items()
}
_LEAST = {"marks": 2, "acting": 3, "log": 3, "form": 2, "slots": 2}
_MAY_HOLD = first_look(*(said for said, _ in _KINDS.values()), multiline=True)
_MAY_HOLD_OF = {kind: first_look(said, multiline=True) for kind, (said, _) in _KINDS.items()}


def judge(sample: Sample, prompt: Prompt) -> Verdict:
    """No knobs: one is enough, of lines with marks two."""
    asked = "\n".join(message["content"] for message in prompt.messages)
    if (footer := _footer(sample)) and not _asks("page", asked):
        return Verdict.reject("page", 1.0, [footer])
    if _FENCED.fullmatch(sample.answer.strip()) and _is_prose(sample.answer) and not _asks("format", asked):
        return Verdict.reject("fenced_prose", 1.0)
    if not _MAY_HOLD(sample.text.replace(THINK_OPEN, "").replace(THINK_CLOSE, "")):  # which look like tags
        return Verdict.accept(score=0.0)
    text = without(sample.text, "fence", "code", "math", "url", "tag")
    for kind, (said, _) in _PATTERNS.items():
        if not _MAY_HOLD_OF[kind](text):
            continue
        spans = [span for span in _found(said, text) if text[slice(*span)].strip() not in asked]
        if kind == "fields":
            spans = [span for span in spans if not _goes_through(text[slice(*span)], asked)]
        if len(spans) >= _LEAST.get(kind, 1) and not _asks(kind, asked):
            return Verdict.reject(kind, float(len(spans)), spans)
    return Verdict.accept(score=0.0)


_FENCED = re.compile(r"```(?:text|txt|markdown|md|plain\w*)?\n[^`]{80,}\n```")


def _is_prose(text: str) -> bool:
    words = text.lower().split()
    return len(words) >= _SOME_WORDS and sum(map(_FUNCTION.__contains__, words)) * 4 >= len(words)


_SOME_WORDS, _FUNCTION = 15, frozenset().union(*COMMON.values())


def _footer(sample: Sample) -> Span | None:
    """Where a page goes on behind the answer: three of its words and more, or its links in a row."""
    end = len(sample.text.rstrip())
    begin = max(end - _AT_THE_END, end - len(sample.answer))
    words = {match.group().lower()[:_STEM] for match in _OF_PAGES.finditer(sample.text, begin, end)}
    return (begin, end) if len(words) >= _LEAST_OF_PAGES else None


_AT_THE_END, _LEAST_OF_PAGES, _STEM = 400, 3, 6
_OF_PAGES = re.compile(
    r"\b(?:cookies?|newsletters?|log ?in|sign ?(?:up|in)|subscri(?:be|ption)\w*|free trial|unlock this"
    r"|cancel any ?time|already a member|related (?:articles?|posts?|questions?)|read (?:also|more|next)"
    r"|share(?= [|·•])|follow(?= [|·•])|flag(?=\s*(?:[|·•\n]|\Z))|edit(?= [|·•])|votes?|add a comment|(?:un)?answered"
    r"|tagged|comments?(?= \(\d| [|·•])|print(?= [|·•])|advertisement|sponsored|privacy|imprint|terms of|back to top"
    r"|views|Impressum|Datenschutz|AGB|Anzeige|Drucken|Merken|Pinterest|Facebook|Twitter|WhatsApp|Telegram"
    r"|Bewertungen|abonnieren|anmelden|akzeptieren|Einstellungen|interessieren|Mentions légales|s['’]abonner"
    r"|abonnez-vous|partager|se connecter|commentaires|publicité|lire aussi|à lire|Aviso legal|suscr[íi]b\w+"
    r"|compartir|iniciar sesión|comentarios|publicidad|leer también)\b|★|☆|(?:Поделиться|Просмотр|Комментари"
    r"|Читайте также|Подпи(?:сат|шит)|ВКонтакте|Одноклассники|Реклама|Войти|Рассылк)\w*|点赞|收藏|分享到|评论"
    r"|阅读原文|上一篇|下一篇|相关阅读|登录|注册|广告|会員登録|ログイン|シェア|関連記事|続きを読む|広告",
    re.I,
)


def _found(pattern: re.Pattern[str], text: str) -> list[Span]:
    return [match.span() for match in islice(pattern.finditer(text), 100)]


def _goes_through(fields: str, asked: str) -> bool:
    """Whether the names of fields are words of the prompt: it is gone through word by word."""
    names = [line.partition(":")[0] for line in fields.split("\n")]
    return 2 * sum(name in asked for name in names) >= len(names)


@lru_cache(maxsize=13 * PROMPTS_AT_WORK)
def _asks(kind: str, asked: str) -> bool:
    return _PATTERNS[kind][1].search(asked) is not None
