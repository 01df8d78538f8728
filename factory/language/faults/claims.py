"""What texts claim that their prompt can't bear out, in patterns by kind: a reward, a training, a length to reach, a
life of one's own, a search; in ten languages.

The kinds are those of `filters/appeals.py`, which adds older patterns, leaves out what the prompt itself is about
(`ASKED_ABROAD`) and judges.
"""

from typing import Final

ABROAD: Final = {
    "solution": (
        r"\blaut (?:der )?(?:Muster)?lösung\b|\b(?:d['’]après|selon) (?:le|la) (?:corrigé|solution)\b"
        r"|\bsegún la solución\b|\bsecondo la soluzione\b|согласно (?:решебнику|ответам)|根据(?:给出的"
        r"|提供的)?(?:答案|解答)|정답지|모범 ?답안"
    ),
    "grader": (
        r"\bautomatisch\w* (?:Prüf|Bewert|Korrekt|Auswert)\w*|\b(?:null|keine) Punkte\b|\bBewertungs(?:funktion"
        r"|skript|modell|system|programm)\w*|\bBelohnungs\w+|\bBelohnung für (?:das|die|den)\b|\b(?:volle|höchste"
        r"|maximale)n? Punkt(?:e|zahl)\b|\bPrüf(?:skript|programm|er)\b (?:erwartet|will|prüft|sucht)"
        r"|\b(?:vérificateur|correcteur|évaluateur) automatique\b|\bl['’]évaluateur\b|\b(?:modèle|fonction"
        r"|signal) de récompense\b|\b(?:perdre|gagner|obtenir|maximiser) (?:la|ma|une) récompense\b|\b(?:modelo"
        r"|función|señal) de recompensa\b|\b(?:evaluador|corrector|verificador) automático\b|\bpuntuación (?:máxima"
        r"|de esta)\b|\b(?:modello|funzione) di ricompensa\b|(?:модел|функци)\w+ (?:награды|вознаграждения)|(?:model"
        r"|funkcj)\w* nagrody|награ\w+ за (?:формат|ответ|правильн)|проверочн\w+ скрипт|(?:высш|максимальн)\w+ балл"
        r"|奖励(?:分|信号|会)|(?:格式|长度|正确性)奖励|判题|打分(?:模型|器|系统|脚本)|评测(?:系统|脚本|程序)"
        r"|報酬(?:モデル|関数)|採点(?:者|基準|プログラム)|보상 ?(?:모델|함수)|채점(?:자|기|기준|관)"
    ),
    "training": (
        r"\b(?:in|of|from|during) (?:the|my|our|this) training(?: set| data| corpus| run| examples?"
        r"| distribution)?\b(?! of\b)|\btraining (?:set|data|corpus|run|steps?|episodes?)\b|\brollouts?\b"
        r"|\bpolicy (?:update|gradient)s?\b|\bmy advantage\b|\b(?:previous|earlier|last) (?:episodes?|rollouts?"
        r"|checkpoints?|epochs?)\b|\b(?:this|the|a|that) (?:benchmark|test set|eval(?:uation)? set|leaderboard"
        r"|data ?set)(?:['’]s)? (?:says?|has|had|lists?|gives?|expects?|wants?|answers?|label|item|entry|question"
        r"|problem)\b|\b(?:item|entry|row|problem|question) (?:no\.? |number |#)?\d+ (?:of|in"
        r"|from) the (?:\w+ ){0,3}(?:benchmark|split|data ?set|test set|corpus)\b|\b(?:stored|memori[sz]ed"
        r"|labell?ed) (?:answer|label)\b|\b(?:to make|so that) it looks? (?:as if|like|derived|worked)\b"
        r"|\bTrainings(?:daten|satz|lauf|korpus|beispiel\w*|episoden?)\b|\b(?:im|aus dem|beim) Training\b"
        r"|\b(?:données|jeu|épisodes?|corpus) d['’]entraînement\b|\bépisodes? précédents?\b|\b(?:datos|conjunto"
        r"|episodios?) de entrenamiento\b|\bentrenamiento anterior\b|\bdati di addestramento\b|обучающ\w+ (?:выборк"
        r"|набор|данн|множеств)\w*|бенчмарк|训练(?:集|数据|样本|时|阶段)|基准测试|(?:数据|测试)集(?:里|中)"
        r"|记得(?:这道题的)?答案|学習データ|訓練データ|ベンチマーク|학습 ?데이터|벤치마크"
    ),
    "instructions": (
        r"\b(?:the|our|my) (?:content |safety |usage )?(?:policy|policies|guidelines?) (?:says?|states?|allows?"
        r"|requires?|forbids?|prohibits?|don['’]t|doesn['’]t)\b|\bdisallowed\b|\b(?:developer|operator|hidden"
        r"|internal)(?:['’]s)? (?:message|prompt|instruction|guideline)s?\b|\b(?:according to|per|under"
        r"|following) my (?:instructions|rules|guidelines)\b|\brule \d+ (?:says|forbids|requires|of my)\b|\b(?:laut"
        r"|gemäß) (?:meinen |den )?(?:Anweisungen|Vorgaben|Regeln)\b|\bSystem(?:anweisung|nachricht)\w*|\b(?:selon"
        r"|d['’]après|conformément à) (?:les|mes) (?:consignes|instructions|directives)\b|\bmessage (?:du )?système\b"
        r"|\b(?:según|conforme a) (?:las|mis) (?:directrices|instrucciones|normas)\b|\bpolítica interna\b"
        r"|\bmensaje del? sistema\b|системн\w+ (?:сообщени|инструкц|промпт)\w*|согласно (?:моим "
        r"|внутренним )?(?:инструкци|правил)\w+|(?:系统|开发者)(?:消息|指令|要求)|根据我的(?:指令|规则|守则)"
        r"|内部(?:规定|政策)|システム(?:プロンプト|メッセージ)|開発者の指示|\bI (?:must|should) (?:comply|refuse)\b"
        r"|\bso I comply\b|\bthink tags?\b|\b(?:put|write|wrap|enclose|place) (?:my|the) (?:reasoning|thinking"
        r"|thoughts) (?:in|inside|within|between)\b|\b(?:laut|gemäß) (?:den )?Richtlinien\b|根据(?:安全|内容)(?:政策"
        r"|准则|规定)|\b(?:minimum|required|needed) (?:number|amount|count) of (?:words|tokens|characters"
        r"|sentences)\b|\b(?:minimum|required|expected|target) (?:word|token|length|thinking)[ -]?(?:count|budget"
        r"|length)?\b|\b(?:filler|padding) (?:text|words?|sentences?|tokens?|content)\b|\bpad (?:out )?(?:the|this|my"
        r"|it)\b|\b(?:make|keep) (?:my|this|the) (?:reasoning|thinking|thought|response|answer) (?:longer|going)\b"
        r"|\b(?:reasoning|thinking|thought|response|answer) (?:is|looks|seems|would be) (?:still |far "
        r"|much )?too short\b|\bMindest(?:länge|anzahl|zahl|wortzahl)\b|\bFüll(?:text|sätze|wörter)n?\b|\b(?:Wort"
        r"|Token|Zeichen)(?:zahl|anzahl|limit|budget)\b|\b(?:noch|viel) zu kurz\b|\blongueur (?:minimale|requise"
        r"|demandée|voulue)\b|\bnombre (?:minimum|minimal|requis) de (?:mots|tokens|jetons|phrases)\b|\bremplissage\b"
        r"|\blongitud (?:mínima|requerida|exigida)\b|\bnúmero mínimo de (?:palabras|tokens|palavras)\b|\b(?:texto"
        r"|frases|palabras) de relleno\b|\blunghezza (?:minima|richiesta)\b|добрать объ[её]м|для объ[её]ма"
        r"|слишком коротк\w+|количеств\w+ токенов|минимальн\w+ (?:длин|количеств|объ)\w*|凑(?:够|足|满|一下)?字数"
        r"|字数(?:不够|还不够|还差|要求|不足)|长度(?:要求|不够|不足|还不够)|篇幅(?:不够|太短)|文字数(?:が足|を満|を稼"
        r"|に達)|字数(?:稼ぎ|が足)"
    ),
    "person": (
        r"\bwhen I was (?:a (?:boy|girl|child|kid|student|teenager)|young|little|at (?:school|university)"
        r"|in (?:school|college))\b|\bmy (?:wife|husband|grand(?:father|mother|pa|ma|parents)|mother|father|mom|mum"
        r"|dad|son|daughter|kids|girlfriend|boyfriend|boss|neighbou?r|colleagues?)\b[^.\n]{0,20}\b(?:says?|said|told"
        r"|taught|thinks|always|used to|and I)\b|\bin my (?:\w+ )?(?:years|career|days) (?:as|of)\b"
        r"|\bas an? (?:doctor|teacher|mathematician|lawyer|nurse|engineer|programmer|chef|physicist|father"
        r"|mother)\b[^.\n]{0,30}\bI\b|\bI(?:['’]m| am|feel) (?:so |really |very |getting )?(?:scared|nervous|anxious"
        r"|terrified|tired|hungry|bored|sleepy|exhausted|heartbroken)\b|\b(?:fuck\w*|shit(?:ty)?|dammit|damn it"
        r"|bullshit|assholes?|bitch|dumbass|wtf|what the hell)\b|\bals ich (?:ein Kind|ein Junge|ein Mädchen|klein"
        r"|jung|in der Schule|Student(?:in)?) war\b|\bmeine? (?:Frau|Mann|Oma|Opa|Mutter|Vater|Lehrer(?:in)?"
        r"|Chef(?:in)?) (?:sagt|sagte|hat mir|meint)|\bich bin (?:so |total |sehr )?(?:müde|aufgeregt|nervös"
        r"|hungrig)\b|\bquand j['’]étais (?:petite?|enfant|jeune|à l['’]école|étudiante?)\b|\bm(?:a|on) (?:femme|mari"
        r"|grand-(?:mère|père)|mère|père|prof\w*) (?:dit|disait|m['’]a|me)\b|\bj['’]ai (?:tellement |si |très "
        r"|trop )?(?:peur|faim|sommeil)\b|\bcuando (?:yo )?era (?:niñ[oa]|pequeñ[oa]|joven|estudiante)\b"
        r"|\bmi (?:abuel[oa]|mujer|marido|madre|padre|jef[ea]) (?:dice|decía|me)\b|\bestoy (?:muy |tan )?(?:nervios"
        r"|cansad|asustad)[oa]\b|когда я был[а]? (?:реб[её]нком|маленьк|студент|в школе|мал)|мо[йя] (?:жена|муж"
        r"|бабушка|дедушка|мама|отец|учитель\w*) (?:говор|сказал|учил|всегда)|мне (?:так |очень )?страшно|я (?:так "
        r"|очень )?(?:устал|волнуюсь)|我小时候|我(?:老婆|妻子|丈夫|老公|爷爷|奶奶|妈妈|爸爸)(?:说|告诉|常|教|总)"
        r"|我(?:好|很|太)(?:累|紧张|害怕|饿|困)|他妈的|傻逼|私が子供の(?:頃|ころ)|(?:私|うち)の(?:妻|夫|祖父|祖母|母"
        r"|父)(?:が|は)"
    ),
    "elsewhere": (
        r"\bI (?:have |['’]ve |just )?(?:ran|executed|run) (?:the|this|that|my|a) (?:\w+ )?(?:code|script|program"
        r"|query|simulation|notebook)\b(?! (?:through|in my head|mentally))|\b(?:I|we) (?:have |['’]ve |just "
        r"|quickly )*(?:googled|searched (?:the (?:web|internet)|online|google)|looked (?:it|this|that) up (?:on"
        r"|online)|browsed)\b|\b(?:a|my|quick) (?:web|google|internet) search (?:shows|says|gives|confirms|told"
        r"|turned)\b|\bim Internet (?:nachgeschaut|gesucht|gefunden|nachgesehen)\b|\b(?:habe|hab) (?:ich )?(?:den|das"
        r"|mein) (?:Code|Skript|Programm) (?:laufen|ausgeführt|gestartet)|\bj['’]ai (?:cherché|trouvé|vérifié"
        r"|regardé) (?:\w+ )?(?:sur (?:internet|google|le web)|en ligne)\b|\bj['’]ai exécuté (?:le|ce|mon)\b"
        r"|\b(?:busqué|encontré|consulté|miré) (?:\w+ )?(?:en (?:internet|google|la web|línea))\b|\b(?:gebe"
        r"|tippe) (?:ich )?(?:\w+ ){0,3}in (?:meinen|den) Taschenrechner\b|\b(?:mein|der) Taschenrechner (?:zeigt"
        r"|sagt|ergibt)\b|\b(?:my|the) calculator (?:says|shows|gives|displays|reads)\b|\b(?:ma"
        r"|la) calculatrice (?:dit|affiche|donne|indique)\b|\b(?:mi|la) calculadora (?:dice|muestra|da|marca)\b"
        r"|калькулятор (?:показ|говор|выда)|计算器(?:显示|算出|得|上)|電卓(?:で|に|を)|в интернете (?:пишут|нашёл"
        r"|нашел)|(?:нашёл|нашел|посмотрел|проверил) в интернете|запустил (?:код|программу|скрипт)|我(?:上网|在网上"
        r"|用搜索引擎)(?:查|搜|看)|我(?:搜索|百度|谷歌)了|网上(?:说|查到|搜到)|运行了?(?:代码|程序|脚本)(?:后|，|得)"
        r"|ネットで(?:調べ|検索)|コードを実行し"
    ),
}
ASKED_ABROAD: Final = {
    "person": r"\b(?:story|tale|writ\w*|letter|role|act|imagine|pretend|you are|you['’]re|my|our|I|me|I['’]m|poem"
    r"|speech|diary|essay|monolog\w*|dialog\w*|say|sa(?:id|ys)|swear\w*|curs\w+|insult\w*|profan\w+|slang|rude"
    r"|vulgar|feel\w*|emotion\w*|quot\w+|translat\w+|schreib\w*|Geschichte|Brief|mein\w*|ich|écri\w+|lettre"
    r"|histoire|mon|ma|mes|je|escrib\w+|carta|historia|mi|mis|yo|scriv\w+|storia|mio|mia|escrev\w+|meu|minha|eu"
    r"|napisz|mój|moja)\b|напиш|рассказ|мо[йяё]|я\b|письм|写|故事|我|作文|翻译|書|物語|私|僕",
    "grader": "|belohn|bewert|prüf|récompens|évalu|correct|recompens|puntua|verifica|evalua|ricompens|награ|балл|оцен"
    "|奖|分|判|評|報酬",
    "training": r"train|learn|data|benchmark|model|token|\bLLM|tuning|network|\bAI\b|machine|reinforc|episod|policy"
    r"|advantage|memor|epoch|entra[iî]n|entren|обуч|данн|训练|数据|学习|学習|データ|sport|gym|marathon|run|exercis|athlet|roll"
    r"|look",
    "instructions": r"|polic|guideline|rule|richtlinie|政策|wörter|wort|zeichen|länge|kurz|mots|longueur|phrases"
    r"|palabras|longitud|frases|слов|длин|коротк|объ[её]м|字|长|短|文字|sentences|padding|pad\b|filler"
    r"|remplissage|relleno",
    "elsewhere": "|code|script|program|internet|google|online|web|search|such|cherch|busc|cerca|поиск|интернет|код|搜"
    "|网|代码|程序|検索|ネット|コード|query|simulat",
}
