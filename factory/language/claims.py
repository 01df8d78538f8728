"""What texts claim that their prompt can't bear out, in patterns by kind: a reward, a training, a length to reach, a
life of one's own, a search; in ten languages.

The kinds are those of `filters/appeals.py`, which adds older patterns, leaves out what the prompt itself is about
(`ASKED_ABROAD`) and judges.
"""

from typing import Final

ABROAD: Final = {
    "solution": (
        r"\blaut (?:der )?(?:Muster)?lösung\b|\b(?:d['’]après|selon) (?:le|la) (?:corrigé|solution)\b"
        r"|\bsegún la solución\b|\bsecondo la soluzione\b|\bgabarito\b|klucz\w* odpowiedzi"
        r"|\bantwoordenblad\b|согласно (?:решебнику|ответам)|根据(?:给出的|提供的)?(?:答案|解答)|정답지|모범 ?답안"
    ),
    "grader": (
        r"\bBewertungs(?:funktion|skript|modell|system|programm)\w*|\bBelohnungs\w+|\bBelohnung für (?:das|die|den)\b"
        r"|\b(?:volle|höchste|maximale)n? Punkt(?:e|zahl)\b|\bPrüf(?:skript|programm|er)\b (?:erwartet|will|prüft"
        r"|sucht)|\b(?:vérificateur|correcteur|évaluateur) automatique\b|\bl['’]évaluateur\b|\b(?:modèle|fonction"
        r"|signal) de récompense\b|\b(?:perdre|gagner|obtenir|maximiser) (?:la|ma|une) récompense\b|\b(?:modelo"
        r"|función|señal) de recompensa\b|\b(?:evaluador|corrector|verificador) automático\b|\bpuntuación (?:máxima"
        r"|de esta)\b|\b(?:modello|funzione) di ricompensa\b|\bvalutatore\b|\bpunteggio (?:massimo|pieno)\b"
        r"|\b(?:modelo|função) de recompensa\b|\b(?:avaliador|corretor)\b|\bpontuação máxima\b|\bbeloningsmodel\b"
        r"|\bbeoordelaar\b|(?:модел|функци)\w+ (?:награды|вознаграждения)|награ\w+ за (?:формат|ответ|правильн)"
        r"|проверочн\w+ скрипт|(?:высш|максимальн)\w+ балл|(?:model|funkcj)\w* nagrody|ocen\w+ od (?:modelu|sędziego)"
        r"|maksymaln\w+ (?:liczb\w+ punkt|ocen)\w*|ödül (?:modeli|fonksiyonu)|奖励(?:分|信号|会)|(?:格式|长度"
        r"|正确性)奖励|判题|打分(?:模型|器|系统|脚本)|评测(?:系统|脚本|程序)|報酬(?:モデル|関数)|満点を|採点(?:者"
        r"|基準|プログラム)|보상 ?(?:모델|함수)|채점(?:자|기|기준|관)|만점"
    ),
    "training": (
        r"\b(?:in|of|from|during) (?:the|my|our|this) training(?: set| data| corpus| run| examples?"
        r"| distribution)?\b(?! of\b)|\btraining (?:set|data|corpus|run|steps?|episodes?)\b|\brollouts?\b"
        r"|\bpolicy (?:update|gradient)s?\b|\bmy advantage\b|\b(?:previous|earlier|last) (?:episodes?|rollouts?"
        r"|checkpoints?|epochs?)\b|\b(?:this|the|a|that) (?:benchmark|test set|eval(?:uation)? set|leaderboard"
        r"|data ?set)(?:['’]s)? (?:says?|has|had|lists?|gives?|expects?|wants?|answers?|label|item|entry|question"
        r"|problem)\b|\b(?:item|entry|row|problem|question) (?:no\.? |number |#)?\d+ (?:of|in"
        r"|from) the (?:\w+ ){0,3}(?:benchmark|split|data ?set|test set|corpus)\b|\bmemori[sz]ed (?:the "
        r"|this )?(?:answer|solution|result)\b|\b(?:stored|memori[sz]ed|labell?ed) (?:answer|label)\b|\b(?:to make"
        r"|so that) it looks? (?:as if|like|derived|worked)\b|\bTrainings(?:daten|satz|lauf|korpus|beispiel\w*"
        r"|episoden?)\b|\b(?:im|aus dem|beim) Training\b|\b(?:données|jeu|épisodes?|corpus) d['’]entraînement\b"
        r"|\bépisodes? précédents?\b|\b(?:datos|conjunto|episodios?) de entrenamiento\b|\bentrenamiento anterior\b"
        r"|\bdati di addestramento\b|\bdados de trein(?:o|amento)\b|\btrainingsdata\b|обучающ\w+ (?:выборк|набор|данн"
        r"|множеств)\w*|бенчмарк|из датасета|в датасете|danych treningowych|zbior\w+ treningow\w+|训练(?:集|数据|样本"
        r"|时|阶段)|基准测试|(?:数据|测试)集(?:里|中)|记得(?:这道题的)?答案|学習データ|訓練データ|ベンチマーク"
        r"|학습 ?데이터|벤치마크"
    ),
    "instructions": (
        r"\b(?:the|our|my) (?:content |safety |usage )?(?:policy|policies|guidelines?) (?:says?|states?|allows?"
        r"|requires?|forbids?|prohibits?|don['’]t|doesn['’]t)\b|\bdisallowed\b|\bI (?:must|should) (?:comply"
        r"|refuse)\b|\bso I comply\b|\bthink tags?\b|\b(?:put|write|wrap|enclose|place) (?:my|the) (?:reasoning"
        r"|thinking|thoughts) (?:in|inside|within|between)\b|\b(?:laut|gemäß) (?:den )?Richtlinien\b|根据(?:安全"
        r"|内容)(?:政策|准则|规定)|\b(?:minimum|required|needed) (?:number|amount|count) of (?:words|tokens"
        r"|characters|sentences)\b|\b(?:minimum|required|expected|target) (?:word|token|length|thinking)[ -]?(?:count"
        r"|budget|length)?\b|\b(?:filler|padding) (?:text|words?|sentences?|tokens?|content)\b|\bpad (?:out )?(?:the"
        r"|this|my|it)\b|\b(?:make|keep) (?:my|this|the) (?:reasoning|thinking|thought|response|answer) (?:longer"
        r"|going)\b|\b(?:reasoning|thinking|thought|response|answer) (?:is|looks|seems|would be) (?:still |far "
        r"|much )?too short\b|\bMindest(?:länge|anzahl|zahl|wortzahl)\b|\bFüll(?:text|sätze|wörter)n?\b|\b(?:Wort"
        r"|Token|Zeichen)(?:zahl|anzahl|limit|budget)\b|\b(?:noch|viel) zu kurz\b|\blongueur (?:minimale|requise"
        r"|demandée|voulue)\b|\bnombre (?:minimum|minimal|requis) de (?:mots|tokens|jetons|phrases)\b|\bremplissage\b"
        r"|\blongitud (?:mínima|requerida|exigida)\b|\bnúmero mínimo de (?:palabras|tokens|palavras)\b|\b(?:texto"
        r"|frases|palabras) de relleno\b|\bcomprimento mínimo\b|\bencher linguiça\b|\blunghezza (?:minima"
        r"|richiesta)\b|\bnumero minimo di (?:parole|token)\b|\briempitivo\b|добрать объ[её]м|для объ[её]ма"
        r"|слишком коротк\w+|количеств\w+ токенов|минимальн\w+ (?:длин|количеств|объ)\w*|minimaln\w+ (?:liczb"
        r"|długoś)\w*|凑(?:够|足|满|一下)?字数|字数(?:不够|还不够|还差|要求|不足)|长度(?:要求|不够|不足|还不够)"
        r"|最低字数|篇幅(?:不够|太短)|文字数(?:が足|を満|を稼|に達)|字数(?:稼ぎ|が足)|分量が足|분량(?:을|이|에)"
        r"|글자 ?수"
    ),
    "person": (
        r"\bwhen I was (?:a (?:boy|girl|child|kid|student|teenager)|young|little|at (?:school|university)"
        r"|in (?:school|college))\b|\bmy (?:wife|husband|grand(?:father|mother|pa|ma|parents)|mother|father|mom|mum"
        r"|dad|son|daughter|kids|girlfriend|boyfriend|boss|neighbou?r|colleagues?)\b[^.\n]{0,20}\b(?:says?|said|told"
        r"|taught|thinks|always|used to|and I)\b|\bin my (?:\w+ )?(?:years|career|days) (?:as|of)\b"
        r"|\bas an? (?:doctor|teacher|mathematician|lawyer|nurse|engineer|programmer|chef|physicist|father"
        r"|mother)\b[^.\n]{0,30}\bI\b|\bI(?:['’]m| am|feel) (?:so |really |very |getting )?(?:scared|nervous|anxious"
        r"|terrified|tired|hungry|bored|sleepy|exhausted|heartbroken)\b|\bmy (?:heart|hands|head|stomach|eyes) (?:is"
        r"|are|beats?|hurts?|aches?|shak\w+|trembl\w+)\b|\b(?:fuck\w*|shit(?:ty)?|dammit|damn it|bullshit|assholes?"
        r"|bitch|dumbass|wtf|what the hell)\b|\b(?:stupid|idiotic|dumb) (?:question|user|problem|task)\b"
        r"|\bals ich (?:ein Kind|ein Junge|ein Mädchen|klein|jung|in der Schule|Student(?:in)?) war\b"
        r"|\bmeine? (?:Frau|Mann|Oma|Opa|Mutter|Vater|Lehrer(?:in)?|Chef(?:in)?) (?:sagt|sagte|hat mir|meint)"
        r"|\bich bin (?:so |total |sehr )?(?:müde|aufgeregt|nervös|hungrig)\b|\bmein Herz (?:klopft|schlägt|rast)"
        r"|\bScheiß\w*|\bverdammte?[rns]?\b|\bdumme Frage\b|\bquand j['’]étais (?:petite?|enfant|jeune|à l['’]école"
        r"|étudiante?)\b|\bm(?:a|on) (?:femme|mari|grand-(?:mère|père)|mère|père|prof\w*) (?:dit|disait|m['’]a|me)\b"
        r"|\bj['’]ai (?:tellement |si |très |trop )?(?:peur|faim|sommeil)\b|\bmon cœur bat\b|\bmes mains tremblent\b"
        r"|\bputain\b|\bmerde\b|\bquestion (?:stupide|idiote|débile)\b|\bcuando (?:yo )?era (?:niñ[oa]|pequeñ[oa]"
        r"|joven|estudiante)\b|\bmi (?:abuel[oa]|mujer|marido|madre|padre|jef[ea]) (?:dice|decía|me)\b"
        r"|\bestoy (?:muy |tan )?(?:nervios|cansad|asustad)[oa]\b|\bmierda\b|\bjoder\b|\bquando ero (?:piccol[oa]"
        r"|bambin[oa]|giovane)\b|\bquando eu era (?:criança|pequen[oa]|jovem)\b|\bcazzo\b|\bkurwa\b|\bporra\b"
        r"|когда я был[а]? (?:реб[её]нком|маленьк|студент|в школе|мал)|мо[йя] (?:жена|муж|бабушка|дедушка|мама|отец"
        r"|учитель\w*) (?:говор|сказал|учил|всегда)|мне (?:так |очень )?страшно|я (?:так |очень )?(?:устал|волнуюсь)"
        r"|бля(?:ть|дь)|тупой вопрос|我小时候|我(?:老婆|妻子|丈夫|老公|爷爷|奶奶|妈妈|爸爸)(?:说|告诉|常|教|总)"
        r"|我(?:好|很|太)(?:累|紧张|害怕|饿|困)|我的心跳|他妈的|傻逼|私が子供の(?:頃|ころ)|(?:私|うち)の(?:妻|夫|祖父"
        r"|祖母|母|父)(?:が|は)|緊張して(?:き|い)|제가 어렸을|우리 (?:할머니|할아버지|어머니|아버지)(?:가|는|께서)"
    ),
    "elsewhere": (
        r"\bI (?:have |['’]ve |just )?(?:ran|executed|run) (?:the|this|that|my|a) (?:\w+ )?(?:code|script|program"
        r"|query|simulation|notebook)\b(?! (?:through|in my head|mentally))|\b(?:I|we) (?:have |['’]ve |just "
        r"|quickly )*(?:googled|searched (?:the (?:web|internet)|online|google)|looked (?:it|this|that) up (?:on"
        r"|online)|browsed)\b|\b(?:a|my|quick) (?:web|google|internet) search (?:shows|says|gives|confirms|told"
        r"|turned)\b|\bim Internet (?:nachgeschaut|gesucht|gefunden|nachgesehen)\b|\bgegoogelt\b|\b(?:habe"
        r"|hab) (?:ich )?(?:den|das|mein) (?:Code|Skript|Programm) (?:laufen|ausgeführt|gestartet)"
        r"|\bj['’]ai (?:cherché|trouvé|vérifié|regardé) (?:\w+ )?(?:sur (?:internet|google|le web)|en ligne)\b"
        r"|\bj['’]ai exécuté (?:le|ce|mon)\b|\b(?:busqué|encontré|consulté|miré) (?:\w+ )?(?:en (?:internet|google"
        r"|la web|línea))\b|\b(?:gebe|tippe) (?:ich )?(?:\w+ ){0,3}in (?:meinen|den) Taschenrechner\b|\b(?:mein"
        r"|der) Taschenrechner (?:zeigt|sagt|ergibt)\b|\b(?:my|the) calculator (?:says|shows|gives|displays|reads)\b"
        r"|\b(?:ma|la) calculatrice (?:dit|affiche|donne|indique)\b|\b(?:mi|la) calculadora (?:dice|muestra|da"
        r"|marca)\b|калькулятор (?:показ|говор|выда)|计算器(?:显示|算出|得|上)|電卓(?:で|に|を)|\bejecuté (?:el|este"
        r"|mi)\b|\bho (?:cercato|trovato) (?:su (?:internet|google)|in rete|online)\b|\b(?:pesquisei|procurei"
        r"|encontrei) (?:no google|na internet|online)\b|погугли|в интернете (?:пишут|нашёл|нашел)|(?:нашёл|нашел"
        r"|посмотрел|проверил) в интернете|запустил (?:код|программу|скрипт)|我(?:上网|在网上|用搜索引擎)(?:查|搜|看)"
        r"|我(?:搜索|百度|谷歌)了|网上(?:说|查到|搜到)|运行了?(?:代码|程序|脚本)(?:后|，|得)|ネットで(?:調べ|検索)"
        r"|検索し(?:たところ|てみ)|コードを実行し|인터넷(?:에서|으로) (?:찾|검색|확인)"
    ),
}
ASKED_ABROAD: Final = {
    "person": r"\b(?:story|tale|writ\w*|letter|role|act|imagine|pretend|you are|you['’]re|my|our|I|me|I['’]m|poem"
    r"|speech|diary|essay|monolog\w*|dialog\w*|say|sa(?:id|ys)|swear\w*|curs\w+|insult\w*|profan\w+|slang|rude"
    r"|vulgar|feel\w*|emotion\w*|quot\w+|translat\w+|schreib\w*|Geschichte|Brief|mein\w*|ich|écri\w+|lettre"
    r"|histoire|mon|ma|mes|je|escrib\w+|carta|historia|mi|mis|yo|scriv\w+|storia|mio|mia|escrev\w+|meu|minha|eu"
    r"|napisz|mój|moja)\b|напиш|рассказ|мо[йяё]|я\b|письм|写|故事|我|作文|翻译|書|物語|私|僕|써|이야기|저는|나는"
    r"|편지",
    "grader": r"|belohn|bewert|prüf|punkt|récompens|évalu|correct|recompens|puntua|verifica|evalua|ricompens|valut"
    "|punteg"
    r"|avalia|corret|pontu|belon|beoord|награ|балл|оцен|nagro|punkt|ocen|ödül|奖|分|判|評|採点|報酬|보상|채점|점",
    "training": r"train|learn|data|benchmark|model|network|\bAI\b|machine|reinforc|episod|policy|advantage|memor"
    r"|epoch|dice|entra[iî]n|entren|addestr|trein|обуч|данн|trening|训练|数据|学习|学習|データ|모델|학습|sport"
    r"|gym|marathon|run|exercis|athlet|roll|look|Übung|Lauf",
    "instructions": r"|polic|guideline|rule|richtlinie|政策|wörter|wort|zeichen|länge|kurz|mots|longueur|phrases"
    r"|palabras|longitud|frases|parole|lunghezz|palavras|слов|длин|коротк|объ[её]м|słów|długo|字|长|短|文字|글자"
    r"|sentences|padding|pad\b|filler|remplissage|relleno|분량",
    "elsewhere": "|code|script|program|internet|google|online|web|search|such|cherch|busc|cerca|поиск|интернет|код|搜"
    "|网|代码|程序|検索|ネット|コード|검색|인터넷|query|simulat",
}
