"""What languages call languages, and how a question about language is asked.

Stems, lower case: "английск" finds "по-английски". Does not cover what a question then allows (`languages.py`).
"""

from __future__ import annotations

import re
from typing import Final

_NAMES: Final = {
    "en": """english englisch anglais inglés inglesa inglese inglês angielsk engels ingilizce inggris
        anglick englanni английск 英语 英文 英語 영어 إنجليزي англійськ אנגלית انگلیسی अंग्रेज़ी अंग्रेजी
        इंग्लिश इंग्रजी อังกฤษ tiếng_anh αγγλικ angol engleză englanti angličtin ইংরেজি anglès
        انگریزی engelsk""",
    "zh": """chinese mandarin cantonese chinesisch chinois chino china cinese chińsk çince китайск 中文 한자 hanja hanzi
        汉语 漢語 中国語 普通话 중국어 китайськ סינית چینی चीनी จีน tiếng_trung κινεζικ κινέζικ kínai chinez
        kiina čínsk čínšt kinesisk tionghoa صيني chinês chinees 中国话""",
    "ja": """japanese kanji hiragana katakana japanisch japonais japonés japonesa giapponese japońsk
        japonca jepang японск 日语 日文 日本語 일본어 японськ יפנית ژاپنی जापानी ญี่ปุ่น tiếng_nhật ιαπωνικ
        japán japonez japani japonsk japonšt japansk japans ياباني japonês""",
    "ko": """korean hangul koreanisch coréen coreano корейск 韩语 韩文 韓国語 한국어 한국말 корейськ קוריאנית کره‌ای
        कोरियाई कोरियन เกาหลี tiếng_hàn κορεατικ koreai coreean korejsk korejšt koreansk koreaans
        كوري""",
    "fr": """french frenchman frenchwoman französisch français francés francesa francese francês frans fransk francusk
        fransızca prancis французск 法语 法文 フランス語 프랑스어 французьк צרפתית فرانسوی فرانسه फ्रेंच
        फ़्रेंच ฝรั่งเศส tiếng_pháp γαλλικ francia franceză franțuz ranska ranskan francouz френск
        فرنسي francès""",
    "de": """german deutsch allemand alemán alemana tedesc alemão alemã duits tysk niemieck almanca
        jerman německ немецк 德语 德文 ドイツ語 독일어 німецьк גרמנית آلمانی जर्मन เยอรมัน tiếng_đức γερμανικ
        német germană nemț saksa saksan němčin немск ألماني alemany""",
    "es": """spanish spaniard castilian spanisch espagnol español spagnol espanhol spaans spansk hiszpańsk
        ispanyolca испанск 西班牙语 西班牙文 スペイン語 스페인어 іспанськ ספרדית اسپانیایی स्पेनिश स्पैनिश สเปน
        tiếng_tây_ban_nha ισπανικ spanyol spaniol espanja španěl إسباني espanyol""",
    "it": """italian italienisch italien italiano итальянск 意大利语 イタリア語 이탈리아어 італійськ איטלקית
        ایتالیایی इतालवी อิตาลี tiếng_ý ιταλικ olasz italsk italšt italiensk إيطالي italiaans
        włosk italyanca""",
    "pt": """portuguese portugiesisch portugais portugués portoghese português португальск 葡萄牙语 ポルトガル語
        португальськ פורטוגזית پرتغالی पुर्तगाली โปรตุเกส tiếng_bồ_đào_nha πορτογαλικ portugál
        portughez portugalsk portugisisk برتغالي portugees portekizce 포르투갈어""",
    "nl": """dutch flemish holländisch niederländisch néerlandais holandés nederlands нидерландск 荷兰语
        オランダ語 нідерландськ голландск הולנדית هلندی डच ดัตช์ tiếng_hà_lan ολλανδικ holland olandez
        hollanti nizozemsk nederländsk nederlandsk هولندي olandese 네덜란드어""",
    "ru": """russian russisch russe ruso rusa russo russa rosyjsk rusça русск по-русски 俄语 俄文 ロシア語 러시아어
        російськ רוסית روسی रूसी รัสเซีย tiếng_nga ρωσικ ρώσικ orosz rusă rusește venäjä ruštin
        rysk russisk روسي руски""",
    "uk": """ukrainian ukrainisch ukrainien ucraniano украинск українськ 乌克兰语 אוקראינית اوکراینی
        यूक्रेनी ยูเครน ουκρανικ ukrán ucraine ukraina ukrajin ukrainsk أوكراني ウクライナ語 우크라이나어
        ukraińsk ukrayn""",
    "pl": """polish polnisch polonais polaco polacco polski польск 波兰语 פולנית لهستانی पोलिश โปแลนด์
        tiếng_ba_lan πολωνικ lengyel polonez puola polšt polsk بولندي ポーランド語 폴란드어 pools lehçe""",
    "cs": """czech tschechisch tchèque checo český česky 捷克语""",
    "sv": """swedish schwedisch suédois sueco svenska шведск 瑞典语 שוודית سوئدی स्वीडिश สวีเดน
        tiếng_thụy_điển σουηδικ svéd suedez ruotsi švédsk سويدي スウェーデン語 스웨덴어 zweeds szwedzk
        isveççe svedese""",
    "no": """norwegian norwegisch norvégien noruego norsk""",
    "da": """danish dänisch danois danés dansk""",
    "fi": """finnish finnisch finnois finés suomi suomeksi""",
    "tr": """turkish türkisch turc turco türkçe турецк 土耳其语 турецьк טורקית ترکی तुर्की ตุรกี tiếng_thổ
        τουρκικ török turcă turkki tureč tyrkisk turkisk تركي turks tureck トルコ語 터키어""",
    "id": """indonesian malay indonesisch indonésien indonesio bahasa 印尼语""",
    "vi": """vietnamese vietnamesisch vietnamien vietnamita tiếng вьетнамск 越南语 в'єтнамськ וייטנאמית
        ویتنامی वियतनामी เวียดนาม βιετναμ vietnámi vietnami vietnamsk فيتنامي ベトナム語 베트남어 wietnamsk
        vietnamca""",
    "ro": """romanian rumänisch roumain rumano română""",
    "hu": """hungarian ungarisch hongrois húngaro magyar""",
    "la": """latin lateinisch latín latino latein латынь 拉丁语 ラテン語 латинськ לטינית لاتین लैटिन ลาติน
        tiếng_la_tinh λατινικ latină latina latinsk لاتيني łacin latim latince 라틴어 拉丁文""",
    "el": """greek griechisch grec griego greco греческ ελληνικ 希腊语 грецьк грецк יוונית یونانی यूनानी
        ग्रीक กรีก tiếng_hy_lạp görög greacă kreikka kreikan řečtin græsk grekisk gresk يوناني
        grieks greck yunanca ギリシャ語 그리스어 희랍어""",
    "ar": """arabic arabisch arabe árabe arabo арабск 阿拉伯语 العربية عربي арабськ ערבית عربی अरबी อาหรับ
        tiếng_ả_rập αραβικ arabă arabia arabsk arapça arabisk アラビア語 아랍어""",
    "fa": """persian farsi persisch persan persa فارسی 波斯语 перськ персидск פרסית फ़ारसी फारसी เปอร์เซีย
        περσικ perzsa persia persk farsça persiano ペルシア語 ペルシャ語 페르시아어""",
    "he": """hebrew hebräisch hébreu hebreo ebraico עברית 希伯来语 іврит иврит عبری हिब्रू ฮิบรู εβραϊκ
        héber ebraică heprea hebrejšt hebraisk عبري hebreeuws hebrajsk ibranice ヘブライ語 히브리어""",
    "hi": """hindi devanagari хинди हिंदी हिन्दी 印地语 гінді הינדי هندی ฮินดี χίντι ヒンディー語 힌디어""",
    "th": """thai thailändisch thaï tailandés ไทย 泰语 тайськ тайск תאית تایلندی थाई ταϊλανδικ タイ語 태국어 泰文""",
    "bn": """bengali bangla বাংলা""",
    "ur": """urdu اردو""",
    "ta": """tamil தமிழ்""",
}
NAMES: Final = {own: [name.replace("_", " ") for name in names.split()] for own, names in _NAMES.items()}
LANGUAGE_NAMES: Final = {name: language for language, names in NAMES.items() for name in names}

LANGUAGE_ONLY: Final = re.compile(
    r"[语語话話文어말]$|^(?:tiếng |по-|bahasa|latein|latín|латын|łacin|иврит|іврит|kanji|hiragana|katakana|hangul"
    r"|mandarin|cantonese|castilian|farsi|urdu|hindi)|(?:č|št|čt)in$|št$|[cç][ae]$"
)
"""Names that a language has and its country's people and things have not: "němčina", "英语", "İngilizce"."""

INTO: Final = re.compile(
    r"(?:\b(?:learn|learning|study|studying|teach|teaching|lerne|lernen|apprend\w*|aprend\w*|impar\w*|leer|uczę się"
    r"|učím se|учу|изучаю|вивчаю|język\w*|jazy\w+|языка?|мов[аиоу]\w*|γλώσσα|dalam|sang|bằng|به|زبان|اللغة|επ)\s+"
    r"|[ב]|بال?|ال|στα )$",
    re.I,
)
"""What stands before a language's name when the language itself is meant: "learning French", "به انگلیسی"."""

SCRIPT_NAMES: Final = {
    "Cyrillic": "cyrilli kyrillisch cirílic cirillic cyrylic azbuk kyril kiril кирил 西里尔 キリル 키릴 سيريلي",
    "Han": "hanzi hanja sinograph chữ",
    "Kana": "kana",
    "Greek": "griechisch",
    "Hebrew": "aleph",
}
"""What scripts are called that don't have a language's name."""

ASKS: Final = re.compile(
    r"translat|transliterat|language|\bwords?\b|phrase|sentence|proverb|idiom|\bsay\b|saying|\bmeans?\b|meaning|poem"
    r"|\bin(?:to)?\s+[A-Z]|write|answer|respond|reply|speak|grammar|\bverbs?\b|conjugat|\bnouns?\b|adjective"
    r"|\bplural|\btense\b|vocabular|etymolog|loanword|pronounc|spell|character|origin"
    r"|übersetz|bedeut|auf\s+[A-ZÄÖÜ]|im\s+[A-ZÄÖÜ]\w+isch|sprach|wort|tradui|traduc|traduz|significa|signifie|palabra|palavra|parola|mot\b"
    r"|frase|en\s+\w|em\s+\w|på\s+\w|po\s+\w|vertaal|woord|beteken|in het\s|słow|znacz|slov|znamen|přelož|ord\b|betyd"
    r"|översätt|overs[æe]t|sana|tarkoitta|käännä|szó|jelent|fordít|cuvânt|înseamn|dịch|nghĩa|\btừ\b|câu|kata|arti|kalimat"
    r"|kelime|anlam|çevir|cümle|denir|den[iı]r|перев|перекл|слов|дум|по-|означа|значит|значен|говор|сказа|λέξη|σημαίν|μετάφρ"
    r"|翻译|翻譯|译|意思|词|詞|句|字|成语|回答|写|用|说|說|訳|言葉|単語|意味|言い|言う|言え|表現|語源|例文|발음|번역|단어|뜻|말|문장|표현|어원|써\s|쓰는|쓰나|적어"
    r"|ترجم|كلمة|معنى|يعني|قول|جملة|ترجمه|واژه|معنی|کلمه|جمله|מילה|פירוש|אומרים|תרגמ|משמעות"
    r"|語[でにへ]|어로|말로|söylen|yaz[aıdmi]|řekn|napi[šs]|przetłum|powie|zeg\s+je|schrijf|scriv|si\s+dice|escri[bv]|dalam|viết|bằng"
    r"|λέμε|γράψ|mondj|mondan|spune|scrie|sano|kirjoit|skriv|napis|напиши|اكتب|بنویس|بگو|כתוב|में"
    r"|अनुवाद|शब्द|मतलब|अर्थ|कहते|वाक्य|แปล|คำ|หมายถึง|พูด|ประโยค",
    re.I,
)
"""A question about language. Elsewhere a language's name ("a Chinese merchant") allows nothing."""

GRAMMAR: Final = re.compile(
    r"完成时|过去时|现在时|将来时|进行时|从句|不定式|动名词|虚拟语气|被动语态|現在完了|過去完了|過去形|分詞|関係代名詞|仮定法|受動態|현재완료|과거완료|관계대명사|가정법"
    r"|present\s+perfect|past\s+(?:simple|perfect|continuous)|simple\s+past|phrasal\s+verb|conditional|reported\s+speech",
    re.I,
)
"""What lessons of English grammar are called in any language."""
DIFFERENCE: Final = re.compile(
    r"differen|diferen|unterschied|verschil|różnic|rozdíl|skillnad|forskel|forskjell|ero\b|különbség|diferenț|fark|beda|khác"
    r"|razlik|разлик|разниц|отлича|різниц|відріз|διαφορ|区别|區別|不同|違い|차이|فرق|تفاوت|الفرق|अंतर",
    re.I,
)
WORDS_ASKED: Final = re.compile(
    r"translat|transliterat|\bwords?\b|phrase|proverb|idiom|saying|\bexpression\b.{0,20}\bmean|\bmeans?\b.{0,30}[\"'“‘]"
    r"|[\"'”’*]\s*means?\b|what\s+does\s+(?!it\b|that\b|this\b)\S+\s+mean|etymolog|loanword|pronounc|vocabular|symbol|\bletters?\b|alphabet"
    r"|\bscript\b|\bnamed?\s+after|\bcome\s+from|come\s+from\b|übersetz|bedeutet|\bworte?s?\b|wörter|redewendung"
    r"|sprichwort|buchstabe|heißt|tradui|traduc|traduz|signifie|veut\s+dire|\bmots?\b|prononc|palabra|palavra|parol[ae]\b"
    r"|significa|se\s+dice|si\s+dice|se\s+diz|vertaal|woord|betekent|spreekwoord|słow|znacz|przetłum|slovo|slova|znamen"
    r"|přelož|ordet|betyd|översätt|overs[æe]tt?|ordspr[åo]g|ordtak|\bsana|tarkoitta|käännä|\bszó|jelent|fordít|cuvânt"
    r"|înseamn|dịch|nghĩa|thành ngữ|\bkata\b|artinya|\barti\b|peribahasa|kelime|sözcü|anlam|çevir|ne\s+demek|atasöz"
    r"|deyim|перев|перекл|слов|означа|значит|букв|пословиц|прислів|λέξη|σημαίν|μετάφρ|παροιμ"
    r"|翻译|翻譯|意思|[词詞]|汉字|漢字|成语|读音|怎么说|怎么读|[语語]的|訳し|言葉|単語|意味|言い|言う|語源|発音|ことば|번역|단어|뜻|이라는\s*말|라는\s*말|말은|어원"
    r"|발음|속담|ترجم|كلمة|معنى|يعني|ترجمه|واژه|معنی|کلمه|מילה|פירוש|תרגמ|משמעות|अनुवाद|शब्द|मतलब|अर्थ|मुहावर|แปล|คำ|หมายถึง",
    re.I,
)
"""A question about words: what their answers set in quotes, italics or brackets may be of any language."""
