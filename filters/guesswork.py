"""Reject thinking that gives up and guesses its answer ("I'll just guess", "随便选一个").

Who says that he can't go on and takes some answer in the same breath guesses too. A guess that is then checked, an
initial guess of a numerical method, an educated form to substitute and "guess and check" are ways of working and
stay. Qwen3's report (section 4.1) drops guesswork too. The score is their number.
"""

from __future__ import annotations

import re
from itertools import islice

from factory.language.first_look import first_look
from factory.language.text import thinking_span
from factory.records import Prompt, Sample, Verdict

_I = (
    r"\b(?:I|we)(?:['’]ll|['’]d| will| can only| could only| have to| must| would| am going to)(?: just| only| simply"
    r"| have to)? "
)
_AT_RANDOM = r"(?:one |an? \w{1,8} )?(?:at random|randomly)"
_GUESS = re.compile(
    _I
    + r"guess\b(?! and| the form| a (?:form|solution of the form))|"
    + _I
    + r"(?:pick|choose) (?:one\b|any\b|a random|randomly|"
    + _AT_RANDOM
    + r")|"
    + _I
    + r"(?:go with|take|make) an? (?:wild |random |blind )?guess|\b(?:let me|let['’]s|I['’]m|I am) (?:just |only "
    r"|simply |gonna )?guess(?:ing)?\b(?! and| the form)|\b(?:let me|let['’]s) (?:just |simply )?(?:pick|choose) "
    + _AT_RANDOM
    + r"|(?<!not )\b(?:just|purely|only|merely) (?:a|my) (?:wild |random |blind )?guess\b|\b(?:wild|random"
    r"|blind) guess\b|\bmy (?:best )?guess (?:is|would be)\b|\bguess(?:ing)? randomly\b|\bas a guess\b"
    r"|\bpick(?:ing)? (?:an? )?(?:answer |option |number )?at random\b|\b(?:have|['’]ve|got"
    r"|with) (?:\w+ )?no (?:clue|earthly idea)\b[^.\n]{0,40}\b(?:so|but|guess|just|pick|how to (?:go on"
    r"|continue))\b|\bout on a limb\b|\bshot in the dark\b|\b(?:let me|I['’]ll|I will) (?:just )?roll (?:a"
    r"|the) di(?:c)?e\b|\bI (?:just )?give up\b(?! (?:on|the|this|that|with) (?!it\b|this\b[.,;]))|\b(?:whatever"
    r"|who cares)[,.!] I['’]ll\b|\bI['’]ll just (?:go|run|stick) with (?:it|that)\b|\b(?:can['’]?t|cannot"
    r"|couldn['’]t) be bothered\b|\been(?:y|ie),? meen(?:y|ie)\b|\bhope for the best\b|\b(?:let me|I['’]ll|I will"
    r"|let['’]s) (?:just )?(?:flip|toss) a coin\b|\b(?:pick|choose|take|go with|say|put|write"
    r"|answer) (?:[^.\n]{1,20} )?and (?:just )?hope\b|\bcoin (?:toss|flip)\b|\bfingers crossed\b|\bno (?:real "
    r"|good )?way (?:to|of) decid(?:e|ing)\b|\bhoping (?:it['’]s|that it['’]s|for the best)"
    r"|\bI['’]ll (?:just )?(?:say|put|write|answer)(?: down)? [^.\n]{1,30} (?:because it (?:sounds|looks|feels)"
    r"|without checking)|\b(?:feels|seems) (?:about )?right(?: to me)?,? (?:so|and) I['’]?(?:ll| will)?\b"
    r"|\bas good (?:a guess |an answer )?as any\b|\b(?:I['’]m|I am) (?:just |only |simply "
    r"|honestly )?making (?:this|it|that|something|one) up\b|\bI(?:['’]ve| have)? (?:think I(?:['’]ve"
    r"| have) )?(?:seen|heard|remember(?:ed)?) (?:this|it|the problem|that)(?: (?:problem|question"
    r"|one))?(?: before)?(?:,? and|:|;) (?:I (?:think|believe) )?the answer\b|\b(?:say|put|write"
    r"|call it) [^.\n]{1,20} and (?:just )?(?:move on|be done|leave it|hope)\b|\b(?:I['’]ll|I will|let me"
    r"|let['’]s) (?:just )?assume (?:that )?(?:the answer is|it['’]s (?:right|correct)|it is (?:right|correct))"
    r"|\b(?:pick|choose|mark|tick|take|go with|put|say|answer)\b[^.\n]{0,40}\bwithout (?:\w+ )?(?:knowing"
    r"|checking|computing)\b|\b(?:sin|sans) (?:saberlo|savoir si|comprobarlo|vérifier si)\b|\bohne es zu wissen\b"
    r"|\b(?:probar|por) suerte\b|\b(?:option|answer|choice|letter)s? (?:is|are) (?:usually|often|mostly|rarely"
    r"|seldom|more often|never)\b|\b(?:usually|often|mostly|most often|tends? to be) (?:the )?(?:correct"
    r"|right) (?:one|answer|option|choice)\b|\b(?:in|on) (?:\w+ ){0,2}(?:tests|exams"
    r"|quizzes)\b[^.\n]{0,60}\b(?:usually|often|mostly|rarely|tends?)\b|\bbei (?:\w+ ){0,2}(?:Tests?|Prüfungen"
    r"|Klausuren)\b[^.\n]{0,40}\b(?:meist|oft|häufig|selten)\b|\bdans (?:\w+ ){0,2}(?:tests?|examens"
    r"|QCM)\b[^.\n]{0,40}\b(?:souvent|rarement|généralement)\b|\ben (?:\w+ ){0,2}(?:exámenes"
    r"|tests?)\b[^.\n]{0,50}\b(?:suele|a menudo|casi siempre|raras)\b|в (?:\w+ ){0,2}тестах[^.\n]{0,40}(?:обычно"
    r"|часто|редко)|(?:选择题|考试|测验)[^。\n]{0,20}(?:一般|通常|往往|多半)[^。\n]{0,12}(?:选|答案|[A-D])"
    r"|\bau pif\b|je n['’]en sais rien|keine Ahnung|ni idea\b|no tengo idea|non ne ho idea|sem ideia|geen idee"
    r"|\b(?:picking|choosing|selecting|taking) (?:\S+ ){0,4}(?:at random|randomly)\b|\b(?:don['’]t"
    r"|do not) feel like (?:doing|working|computing|calculating|solving|checking|it)\b|\bnobody will (?:check"
    r"|notice)\b|\bkeine Lust\b|\b(?:rate|tippe|nehme|schätze) ich (?:einfach|mal|jetzt)\b"
    r"|\bwird schon (?:stimmen|passen)\b|\bich nehme (?:jetzt )?(?:einfach|irgend)|\bpas envie de (?:calculer"
    r"|faire|chercher|vérifier|réfléchir)\b|\bje (?:dis|mets|prends|choisis) [^.\n]{1,25} (?:comme ça"
    r"|sans (?:vérifier|savoir|calculer))\b|\b(?:a ojo|a voleo)\b|\bno (?:tengo|me dan) ganas\b|\bno me apetece\b"
    r"|лень (?:считать|решать|думать|провер)|пальцем в небо|ткну |面倒(?:なので|だから|くさい)|찍(?:어|을게|자)"
    r"|懒得(?:算|想|做)|不会做|наобум|понятия не имею|勘で|凭(?:感觉|直觉)(?:选|填|写|答)|\bà tout hasard\b"
    r"|随便(?:猜|选|写|填|蒙)|瞎猜|盲猜|只能猜|猜一个|蒙一个|蒙个|我就猜|適当に(?:答え|選)|当てずっぽう|наугад"
    r"|просто угада|au hasard|ich rate (?!(?:dir|euch|Ihnen|davon|dazu|zu|ab)[ ,.])|ich habe geraten|je devine"
    r"|voy a adivinar|al azar",
    re.I,
)
_CHECKED = re.compile(
    r"\bno,? wait\b|\blet me (?:compute|calculate|work|do|derive|count|see)\b|\bbut (?:guessing|I know|let me"
    r"|that['’]s (?:no|not|wrong)|that is (?:no|not|wrong)|I should not|I shouldn['’]t)\b|\bwas wrong\b"
    r"|\b(?<!without )(?<!n['’]t )(?<!not )(?<!never )(?<!can )(?:verif|check|test|prove|confirm|substitut|plug"
    r"|validate|refine)|验证|检验|代入|检查|\b(?:prüf|überprüf|nachrechn|vérifi|comprob|verific|controll)|провер|確認"
    r"|検算",
    re.I,
)
_NOT_CHECKED = re.compile(
    r"(?:没有必要|不必|不用|懒得|无需|不想|没有|没|不)(?:再|去){0,2}(?:验证|检验|检查|代入)|не (?:буду "
    r"|стану )?провер\w+|провер\w+(?: \w+){0,3} не (?:буду|стану|хочу)|\b(?:ohne (?:\w+ )?(?:prüf|überprüf)\w+"
    r"|(?:prüf|überprüf)\w+(?: \w+){0,3} nicht|sans (?:le |la |rien )?vérifi\w+|sin (?:comprob|verific)\w+"
    r"|senza (?:verific|controll)\w+)"
)
_IN_ANSWER = re.compile(
    r"\bI(?:['’]m| am) (?:only|just|merely|simply|really only) guessing\b|\b(?:this|it|that|which)(?:['’]s"
    r"| is) (?:only|just|merely|purely) a (?:wild |pure )?guess\b|\b(?:as|is) a shot in the dark\b"
    r"|\bich (?:rate (?:hier |jetzt )?nur|habe (?:hier )?(?:nur )?geraten)\b|(?:我是|纯属|只是)(?:瞎|乱)?猜的?",
    re.I,
)
"""An answer that owns to being a guess."""
_TAKEN_BACK = re.compile(
    r"\b(?:at first|first thought|was tempted|could have|rather than|instead of|instead I|won['’]t|will not"
    r"|should(?:n['’]t| not))\b[^.!?\n]*\Z",
    re.I,
)
_BEFORE = 60
_ABOUT = re.compile(
    r"guess|random|\btests?\b|\bexam|\bquiz|Prüfung|examen|тест|考试|\bcoins?\b|\bdice\b|\b(?:a|an|the|each|one|this"
    r"|fair|sided) die\b|hasard|azar|zufäll|caso\b|acaso|losow|случайн|随机|任意|ランダム|무작위|임의",
    re.I,
)
_FIRST_PERSON = re.compile(r"(?:I|we|let|my)\b", re.I)
"""Where the question is of guesses, only what the sample itself guesses counts."""
_NEXT = 120
_HELPLESS = re.compile(
    r"\b(?:not (?:at all |really |quite |too |entirely )?(?:sure|certain)|no idea|stuck|lost here|beyond me"
    r"|over my head|(?<!n't be )(?<!n’t be )(?<!not be )(?:too|very|so) (?:hard|difficult|complicated|complex|messy"
    r"|tedious|long)|(?:can['’]?t|cannot|can not|couldn['’]?t|could not|unable to|not able to|failed to"
    r"|don['’]t know how to|do not know how to) (?:\w+ )?(?:solve|do|work|find|derive|figure|determine|see|prove"
    r"|finish|compute|calculate|get|decide|tell|think|continue|go)|don['’]t (?:really )?(?:know"
    r"|have (?:enough )?(?:time|information))|do not (?:know|have (?:enough )?time)|(?:out of|no|enough) (?:time"
    r"|ideas)|who knows|not going anywhere|getting nowhere|gets? me nowhere)\b",
    re.I,
)
_SETTLES = re.compile(
    r"\b(?:I['’]ll|I will|I would|I['’]d|I['’]m (?:just )?going to|I am going to|I guess I['’]ll|I can only|I must"
    r"|I have to|I should|let me|let['’]s|we['’]ll|might as well|gonna|I) (?:just |simply |only "
    r"|probably )?(?:go(?:ing)? with|say|put(?: down)?|settle (?:on|for)|pick|answer|write(?: down)?|take|choose"
    r"|run with|stick with|submit|respond with|report|default to|conclude)(?: that)?(?: it['’]s"
    r"| it is)?(?: the answer(?: is| as)?)?(?: option| choice| for)? ?(?:\(?[A-E]\)?(?![\w'’])|\$?\\boxed|[$-]?\d"
    r"|[\"“]|yes\b|no\b|true\b|false\b|that (?:as|and)\b|it\b(?= as| and|[.,])|x ?=|zero\b|one\b(?=[.,])|two\b"
    r"|none\b)|,? so (?:the answer (?:is|must be|should be) (?:probably|maybe|perhaps|likely)|(?:probably|maybe"
    r"|perhaps|presumably) (?:it['’]s )?-?\d)|(?:,|\.) ?(?:so|but) -?\d[\d.,]* (?:feels|sounds|looks|seems)"
    r"|,? so (?:it(?:['’]s| is) )?-?\d[\d.,]*\.?(?=\s|\Z)",
    re.I,
)
_HELPLESS_ABROAD = re.compile(
    r"\b(?:zu (?:viel Arbeit|schwer|schwierig|mühsam|kompliziert|lang|aufwendig)|weiß (?:es|ich)?(?: auch"
    r"| einfach)? ?nicht|komme (?:hier )?nicht weiter|Überblick verloren|kriege (?:ich|das|es) (?:\w+ )?nicht"
    r"|schaffe (?:ich|das|es) (?:\w+ )?nicht|n['’]y arrive pas|trop (?:long|dur|difficile|compliqué)|ne sais (?:pas"
    r"|plus)|suis (?:perdue?|bloquée?)|m['’]y perds|no (?:lo )?sé|me (?:he perdido|pierdo|lío)|demasiado (?:largo"
    r"|difícil|complicado)|no (?:puedo|sé) seguir|não (?:sei|consigo)|me perdi|muito (?:difícil|longo|complicado)"
    r"|non (?:lo )?so\b|non riesco|mi sono perso|troppo (?:lungo|difficile|complicato)|nie (?:wiem|potrafię)"
    r"|pogubi\w+|zbyt (?:trudne|długie)|za dużo liczenia)|не (?:знаю|хочется|получается|могу)|слишком (?:сложн|долг"
    r"|трудн)|нет времени|太(?:难|麻烦|复杂|多)|不(?:会做|知道|确定|想算)|算不(?:出|下去|完)|没时间|想不(?:出|明白)"
    r"|记不清|搞不(?:清|懂)|(?:分か|わか)ら(?:な|ず)|難しすぎ|時間がない|思いつか|모르겠|너무 (?:어렵|복잡|길)"
    r"|시간이 없",
    re.I,
)
_SETTLES_ABROAD = re.compile(
    r"\b(?:schreibe|nehme|sage|setze|tippe|gebe|wähle|antworte|bleibe)\b[^.\n\d]{0,25}\d|\b(?:stimmt|passt) schon\b"
    r"|\bje (?:vais |vais juste )?(?:mettre|mets|dis|dirai|prends|réponds|répondre|écris|écrire"
    r"|choisis)\b[^.\n\d]{0,20}\d|\b(?:diré|digo|pongo|pondré|escribo|elijo|me quedo con)\b[^.\n\d]{0,15}\d"
    r"|\b(?:vou (?:dizer|colocar|pôr|responder)|coloco|respondo|dico|scrivo|metto|rispondo|dirò)\b[^.\n\d]{0,15}\d"
    r"|(?:напишу|скажу|поставлю|выберу|возьму|отвечу|пусть будет)[^.\n\d]{0,15}\d|(?:就|那就|先|直接)(?:写|填|选|答"
    r"|说|取|当)[^。\n\d]{0,4}(?:\d|[A-D])|蒙|(?:とりあえず|適当に|なんとなく)[^。\n]{0,12}(?:書|答え|して|選)"
    r"|と(?:書|答え)いて?おき|(?:그냥|일단)[^.\n]{0,12}(?:쓰|적|답|고르)",
    re.I,
)
_MAY_GUESS = first_look(_GUESS.pattern, _HELPLESS.pattern, _HELPLESS_ABROAD.pattern, _IN_ANSWER.pattern)
_SOON = 110
"""Characters in which who can't go on settles for something."""


def judge(sample: Sample, prompt: Prompt) -> Verdict:
    """No knobs: a guess not followed by a check within a sentence or two is one too many."""
    start, end = thinking_span(sample.text)
    asked_of = _ABOUT.search(prompt.question)
    if not _MAY_GUESS(sample.text):
        return Verdict.accept(score=0.0)
    spans = _settled(sample.text, start, end) or [
        match.span()
        for match in islice(_GUESS.finditer(sample.text, start, end), 1_000)
        if not _CHECKED.search(_NOT_CHECKED.sub("", sample.text[match.end() : min(end, match.end() + _NEXT)]))
        and not _TAKEN_BACK.search(sample.text, max(start, match.start() - _BEFORE), match.start())
        and not (asked_of and not _FIRST_PERSON.match(match.group()))
    ]
    if not spans and not asked_of and (owned := _IN_ANSWER.search(sample.text, end)):
        spans = [owned.span()]
    if spans:
        return Verdict.reject("guess", float(len(spans)), spans[:100])
    return Verdict.accept(score=0.0)


def _settled(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where somebody who can't go on says so and takes some answer in the same breath, unchecked."""
    found = []
    for helpless, settles in ((_HELPLESS, _SETTLES), (_HELPLESS_ABROAD, _SETTLES_ABROAD)):
        for match in islice(helpless.finditer(text, start, end), 1_000):
            taken = settles.search(text, match.end(), min(end, match.end() + _SOON))
            if taken and not _CHECKED.search(text, match.end(), min(end, taken.end() + _NEXT)):
                found.append((match.start(), taken.end()))
    return found
