"""language_mix: one language, the prompt's."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factory.judging.rules import load_module
from factory.language.foreign.tokens import Letters
from factory.language.frequencies import strange
from factory.language.languages import allowed_by
from factory.language.line import UNIT
from factory.language.main_language import main_language
from factory.language.text import lower, without_digits
from factory.records import Prompt, Sample, split_thinking
from factory.shipped import shipped

RULE = load_module(shipped("filters") / "language_mix.py")


def ask(question):
    return Prompt("p", ({"role": "user", "content": question},))


def judge(question, body, **knobs):
    text = f"<think>\n{body}\n</think>\n\n9"
    return RULE.judge(Sample("s", "p", 0, text, *split_thinking(text)), ask(question), **knobs)


EN, ZH, JA, KO, RU = (
    "What is the sum of the first nine numbers?",
    "前九个自然数的和是多少?请说明理由。",
    "最初の九つの自然数の和はいくつですか。",
    "처음 아홉 개의 자연수의 합은 얼마입니까?",
    "Чему равна сумма первых девяти натуральных чисел?",
)


ES = "¿Cuánto es la suma de los números?"
AR, MR = "ما هو مجموع الأعداد التسعة الأولى؟", "पहिल्या नऊ संख्यांची बेरीज किती आहे?"


@pytest.mark.parametrize(
    ("question", "body", "evidence"),
    [
        (EN, "We add them, 所以 the sum is 45.", "所以"),
        (EN, "We add them, значит the sum is 45.", "значит"),
        (EN, "The sum is 45, और it is odd.", "और"),
        (EN, "The sum is 45 그래서 odd.", "그래서"),
        (EN, r"We get $45 \text{因为 it is a sum}$.", "因为"),
        (EN, r"$\binom{10}{2} = 45 \text{ 种选法}$", "种选法"),
        (EN, "I run it.\n```python\nx = 45  # 求和\n```", "求和"),
        (EN, "Thе sum is 45.", "е"),
        (EN, "The sum is ο, or rather zerο.", "ο"),
        (EN, "άρα the sum is 45", "άρα"),
        (ZH, "我们把它们加起来，значит 是45。", "значит"),
        (ZH, "我们把它们加起来，したがって45。", "したがって"),
        (KO, "합은 45입니다. 所以 맞습니다.", "所以"),
        (RU, "Сумма равна 45, 所以 ответ 45.", "所以"),
        (RU, "Сумма рaвна 45.", "a"),
        ("Γιατί η θάλασσα φαίνεται γαλάζια;", "Αλλάζει το xρώμα της.", "x"),
        ("Τι είναι ο πληθωρισμός και τι μετράει;", "Είναι η αύξηση του κόστους πaραγωγής.", "a"),
    ],
)
def test_foreign_letters_are_evidence(question, body, evidence):
    said = judge(question, body)
    text = f"<think>\n{body}\n</think>\n\n9"
    assert said.keep is False
    assert evidence in [text[start:end] for start, end in said.spans]
    assert said.score is not None and said.score < 1


@pytest.mark.parametrize(
    ("question", "body"),
    [
        (EN, "4 + 5 = 9"),
        (EN, "Let α + β = γ, so Δx = λ and πr² with θ, ω and φ; αβγ = 1."),
        (EN, "Erdős, Poincaré, Gödel and Łukasiewicz proved it; 20 µm, 5 Å, naïve café."),
        (EN, "Sun Tzu (孙子) found the theorem."),
        (EN, "The group Ш(E/Q) is finite and א is a cardinal. ¯\\_(ツ)_/¯"),
        (EN, "I print `print('你好')` and open https://zh.wikipedia.org/wiki/数学 for it."),
        (EN, 'I run\n```python\nprint("你好")\n```\nonce.'),
        ("What does 你好 mean in English?", "你好 is a greeting; 你 is you and 好 is good."),
        ("Translate 'good morning' into Russian.", "In Russian it is доброе утро."),
        ("How do you say thanks in Chinese?", "It is 谢谢."),
        ("英语里 affect 和 effect 有什么区别？", "affect 是动词，例如 The weather affects my mood. effect 是名词。"),
        ("Переведи на украинский: «Завтра мы поедем».", "Получается: завтра ми поїдемо до бабусі автобусом."),
        ("Jak se v němčině pozná rod podstatných jmen?", "Ženský rod: die Zeitung, die Freiheit; dál das Mädchen."),
        ("Please check my sentence, das ist falsch. Was ist der Fehler?", "The order is fine. Der Satz ist richtig."),
        (ZH, "我们用 Python 的 list 和 GPU 来算，答案是 O(n log n)。"),
        (JA, "和は四十五です。数学的帰納法により証明終了。"),
        (KO, "합(合)은 45입니다. GCD를 구합니다."),
        (RU, "Сумма равна 45, см. GCD и Python."),
        (EN, "We had pan de muerto, papel picado and vino de la tierra; the motto is Dieu et mon droit."),
        (EN, "FIFA stands for Fédération internationale de football association."),
        (ES, "El parámetro value y la opción step, como en --value=3 o y1:step:y2."),
        (ES, "El máximo común divisor (greatest common divisor) es 9; RAM viene de random access memory."),
        (ES, 'Hay round robin, least connections y load balancing. Se llama "the show must go home".'),
        (ZH, "他导演了《致命魔术》（The Prestige，2006）。用 yes、no 表示。"),
        (ZH, "```python\nx = 9  # add up the items\n```\n得到九。"),
        ("“沙发”这个词是从哪里来的？", "来自阿拉伯语ṣuffa（صفة），意思是长凳。"),
        (
            "「ありがとう」は英語で何と言いますか。",
            '英語では "Thank you very much" と言います。I\'m grateful も使えます。',
        ),
        ("Apa arti work from home?", "Work from home berarti bekerja dari rumah, lawannya bekerja di kantor."),
        ("Hva er summen av de første ni tallene?", "Summen er 45, og det er alltid et oddetall når vi regner slik."),
        (RU, "Ладно, коли так: кто же её считал, един бог знает. На кон поставлено 45."),
        ("Колко е сборът на първите девет числа?", "Събираме ги, защото трябва да намерим сбора, който е 45."),
        (MR, "बेरीज ४५ आहे आणि ती विषम आहे, म्हणून उत्तर ४५."),
        (
            "Πόσο είναι το εμβαδόν του κύκλου;",
            "Το εμβαδόν είναι πr², άρα το xδx και το αβγx δίνουν ΔΕΖ, GPU και e-ταχυδρομείο.",
        ),
        ("12 * 7 = ?", "十二乘七等于八十四，所以答案是八十四。"),
        (EN, "The area is 5 cm * 4 cm = 20 cm^2, and 2^10 mod 11 = 1024 mod 11 = 1."),
        (EN, "Macondo is the town in Cien años de soledad by Gabriel García Márquez."),
        (EN, "We had coq au vin and mousse au chocolat; Sein und Zeit is a book."),
        (EN, "The variable donc in utils.py is None."),
        (EN, "The opera is old. Antonio Vivaldi's Le quattro stagioni is the easiest of all."),
        (ES, "Python lanza un ValueError: invalid literal for int() with base 10, como antes."),
        ("Ποιες πόλεις πρέπει να επισκεφτώ στην Ιταλία;", "Στη Φλωρεντία, Uffizi, bistecca alla fiorentina."),
        (EN, "The poets were Li Bai, Du Fu, Su Shi; Bo the dog, Och the giant."),
        (EN, "The spell is hoc est corpus. The gene dus is old; dus, the rock, is not."),
        (EN, "It is a simple INI-file parser module."),
        ("What does 'je ne sais quoi' mean?", "Literally it means I do not know what, a quality hard to name."),
        (EN, "Steps: plié, grand battement, rond de jambe, pas de bourrée, port de bras, arabesque and pas de chat."),
        (EN, "Judo has ukemi, osoto gari, seoi nage, uchi mata, kesa gatame and more."),
        ("Qu'est-ce que le marketing digital ?", "On parle de landing page, de call to action, de taux de conversion."),
        (ES, "El código es for x in xs: if x == objetivo: break, y también while True."),
        ("英語で答えてください：日本の首都はどこですか。", "英語で答えます。\n\nThe capital of Japan is Tokyo."),
        ("过去完成时怎么用？", "结构是 had done，例如 When I arrived, the train had already left."),
        (
            "Which Almodóvar films are good?",
            "Todo sobre mi madre (1999), Hable con ella (2002), Dolor y gloria (2019).",
        ),
        (EN, "The authors are 罗贯中 Luo Guanzhong and Hokusai (葛飾北斎, 1760–1849)."),
        ("Qui a écrit Le Maître et Marguerite ?", "Titre original : Мастер и Маргарита."),
        ("Por que aparece o erro no SSH?", "A chave pública não está no servidor, verifique com calma."),
        ("Какие украинские писатели известны?", "Леся Украинка («Лісова пісня») и Иван Франко («Мойсей»)."),
        ("'학교'를 한자로 어떻게 쓰나요?", "학교는 學校입니다."),
        ("bhai ye code kyu nahi chal raha?", "Python 3 mein function hai, isliye parentheses chahiye."),
        (EN, "It is the curly d of the Cyrillic д, and “Umibe no Kafuka” (海辺のカフカ) is a novel."),
        ("'빵'이라는 말은 어디에서 왔나요?", "포르투갈어에서 일본에 전해져 *パン*이 되었습니다."),
        ("“沙发”这个词是从哪里来的？", "上海话里“沙”读作 so，所以和英语很接近。"),
        ("日语的“は”和“が”怎么区分？", "“は”提示主题，谁来了用“が”。"),
        ("老板要我 present。Could you give me some tips? 中英文都可以。", "别紧张，先讲结论。\n\nGood luck!"),
        ("Canto é a suma dos ángulos dun triángulo?", "A suma é sempre 180 graos; están xuntos e debe dar un chan."),
        (ZH, "if x not in s 判断不在集合中，原名 Cien años de soledad。"),
        (ZH, "**Deductive Reasoning**：演绎推理。先写代码，sanity check 通过以后再提交。"),
        (EN, "On a label b.i.d. is bis in die and t.i.d. is ter in die."),
        ('I mix up "ser" and "estar". Is there a rule?', "Soy médico. La fiesta es en mi casa. Estoy cansado."),
        (ZH, "导演是托纳多雷，意大利语片名是 La leggenda del pianista sull'oceano，共九章。"),
        (EN, "There was an embargo on encore performances by the prima ballerina; the todo list uses proto files."),
        (EN, "Ask INSEE, the Institut national de la statistique et des études économiques."),
        (EN, "The film (기생충, Gisaengchung) is good."),
        ("Co navštívit?", "- **Ciudad de las Artes y las Ciencias**, Valencie: celý areál s operou a oceanáriem"),
        ("Evde ekmek nasıl yapılır?", "Su una göre yüzde 65 eder. Yoğurma: elle on, on iki dakika sürer."),
        ("Qual a diferença entre 'make' e 'do'?", "Make é criar: make a cake. Do é executar: do the dishes."),
        ("Каква е разликата между 'look' и 'see'?", "See е да виждаш. Look е да гледаш нарочно: look at the board."),
        ("What is the difference between por and para?", "Es para ti, lo necesito para mañana; camino por dos horas."),
        ("Ποια τυριά;", "Parmigiano Reggiano, Pecorino Romano, Gorgonzola, Mozzarella di bufala και Mascarpone."),
    ],
)
def test_clean_texts_are_kept(question, body):
    said = judge(question, body)
    assert (said.keep, said.score) == (True, 1.0)


def test_the_same_text_is_judged_by_its_prompt_or_by_the_knob():
    body = "我们把它们加起来，得到四十五。"
    assert judge(ZH, body).keep is True
    assert judge(EN, body).keep is False
    assert judge(EN, body, target="zh").keep is True


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (EN, "en"), (ZH, "zh"), (JA, "ja"), (KO, "ko"), (RU, "ru"), ("12 * 7 = ?", None),
        ("Wie groß ist die Summe der ersten neun Zahlen?", "de"),
        ("Quelle est la somme des neuf premiers nombres ?", "fr"),
        ("¿Cuál es la suma de los nueve primeros números?", "es"),
        ("Скільки буде сума перших дев'яти чисел і їх різниця?", "uk"),
        ("مجموع اعداد طبیعی چیست؟ گزینه را پیدا کنید", "fa"),
        ("ما هو مجموع الأعداد التسعة الأولى؟", "ar"),
        ("Колко е сборът на първите девет числа?", "bg"),
        ("पहिल्या नऊ संख्यांची बेरीज किती आहे?", "mr"),
        ("Quina és la suma dels nou primers nombres?", "ca"),
        ("Mis on esimese üheksa arvu summa ja miks see on paaritu?", "et"),
    ],
)  # fmt: skip
def test_the_language_of_a_question(text, language):
    assert main_language(text) == language


def test_a_language_is_allowed_only_where_the_question_is_about_language():
    assert "zh" in allowed_by(ask("Translate it into Chinese.")).languages
    assert "zh" not in allowed_by(ask("A Chinese merchant has nine horses. How many legs?")).languages
    assert "fr" in allowed_by(ask("I'm learning French. What is the imparfait?")).languages
    assert "de" not in allowed_by(ask("A German team has nine players. How many legs?")).languages
    assert allowed_by(ask("Is Il nome della rosa (1980) or Sein und Zeit (1927) the older book?")).languages == {"en"}


@pytest.mark.parametrize(
    ("question", "body", "evidence"),
    [
        (EN, "We add them, also gilt 45 here.", "gilt"),
        (EN, "2x = 90, donc x = 45.", "donc"),
        (EN, "We add them, suoyi the sum is 45.", "suoyi"),
        (EN, "Now we add. Das müssen wir noch einmal prüfen. The sum is 45.", "wir noch"),
        (EN, "We add. Preostaje još provjeriti posljednji slučaj. Fine.", "provjeriti"),
        (ZH, "五加四等于九, therefore 答案是九。", "therefore"),
        (ZH, "五加四等于九。So the answer is nine.", "the answer"),
        (JA, "五足す四は九です。所以答案是九。", "所以"),
        (JA, "五足す四です。需要注意的是、九になります。", "意的是"),
        ("Résoudre dans ℝ l'équation x² = 1.", r"On a $x^2 = 1 \quad\text{which gives}\quad x = 1$.", "which gives"),
        (RU, "Сумма равна 45, so we get the answer.", "so we get"),
        (EN, "The sum is 45, tot zover prima.", "zover"),
        (EN, "Take k = 4, jak wiadomo it is even.", "wiadomo"),
        (ZH, "五加四等于九。Let's verify it.", "Let's"),
        (ZH, "五加四等于九。That gives nine.", "That gives"),
        ("Wie groß ist die Summe?", "Die Summe ist 45. Wait, let me check this.", "let me check"),
        (EN, "We add them, zhe yang the sum is 45.", "zhe yang"),
        (EN, "We add them, suǒyǐ the sum is 45.", "suǒyǐ"),
        (EN, "The sum is odd, je vérifie, and large.", "je vérifie"),
        (EN, "## Zusammenfassung\n\nThe sum is 45.", "Zusammenfassung"),
        (EN, "Naturligtvis, the sum is 45.", "Naturligtvis"),
        (ES, "La suma es 45, makes sense. Es impar.", "makes sense"),
        (ES, "La suma es 45. Exactly. Es impar.", "Exactly"),
        (ES, "La suma es 45. A soma dos números é ímpar, portanto não serve.", "portanto"),
        ("Ile wynosi suma liczb od jeden do dziewięć?", "Suma jest duża, so 45 to wynik.", "so"),
        ("Hvad er summen af de første ni tal?", "Summen er 45. Nu ska vi bara räkna igen. Den er ulige.", "räkna"),
        (ZH, "五加四等于九。Of course，答案是九。", "Of course"),
        (ZH, "五加四等于九。En effet, 答案是九。", "En effet"),
        (ZH, "五加四等于九。Überprüfen wir das noch einmal.", "noch einmal"),
        ("Factor x^2 - 9.", "Ich suche zwei Zahlen mit der Summe null und dem Produkt neun.", "Ich"),
        (RU, "Сумма равна 45. Кожне ребро належить двом граням. Ответ 45.", "Кожне"),
        (RU, "Сумма равна 45, така отговорът е нечетен.", "отговорът"),
        ("Чому Місяць має фази?", "Когда він між Землею та Сонцем, настає молодик.", "Когда"),
        (AR, "مجموع الأعداد ٤٥. بنابراین پاسخ شش است.", "بنابراین"),
        (MR, "बेरीज ४५ आहे, इसलिए उत्तर छह है।", "है"),
        (ES, "La suma es 45, então não há mais nada.", "então"),
        (EN, "The sum is 45.\n\nHoffe das hilft!", "Hoffe das hilft"),
        (EN, "Pas mal, the numbers are clean.", "Pas mal"),
        (EN, "There are nine of them, vale a dire 45 in all.", "vale a dire"),
        (EN, "We add, à savoir nine numbers.", "à savoir"),
        (EN, "There are nine, dus we add them.", "dus"),
        (EN, "There are nine, så sums are easy.", "så"),
        (EN, "There are nine. Sí, the sum is 45.", "Sí"),
        (EN, "There are nine. Toh the sum is 45.", "Toh"),
        (EN, "There are nine, n'est-ce pas, and the sum is 45.", "n'est"),
        ("Hoeveel seconden zitten er in een kwartier?", "Een kwartier. Let me verify: 15 keer 60 is 900.", "Let me"),
        ("Hoeveel seconden zitten er in een kwartier?", "Dat is alles. Hold on, kan het korter worden?", "Hold on"),
        ("Qual é a área de um triângulo?", "A área é metade. Easy enough, dá 30.", "Easy enough"),
        ("Come si calcola la media di 6, 8 e 10?", "Divido per 3. Por lo tanto la media è 8.", "Por lo tanto"),
        (ZH, "五加四等于九。Donc答案是九。", "Donc"),
        (ZH, "得到九。\n\nA common year has **8760 hours**; a leap year has 8784.", "common year has"),
        (ZH, "得到九。\n\n## Study methods\n先做题。\n**Final Answer:** 九", "Answer"),
        (ZH, "五加四等于九，as a result 答案是九。", "as a result"),
        (KO, r"합은 45이고 $x \ge 9 \text{, equality holds if and only if } x = 9$.", "equality"),
        (
            "Které je největší město Moravy?",
            "Je to Brno, které je známé hradem i vilou. Je to aj sídlo najvyšších súdov.",
            "súdov",
        ),
        ("Wie groß ist die Summe?", "Die Summe ist 45. Hmm, but ist das richtig?", "but"),
        ("Mengapa besi berkarat?", "Besi bereaksi dengan air. Moreover, garam mempercepatnya.", "Moreover"),
        ("解不等式 x < 9。", "得 x < 9。\nThis means the set is all numbers less than nine. Let us go on.", "This"),
        (ZH, r"得到 $x = 9 \text{ by the Pythagorean theorem}$。", "by the Pythagorean"),
    ],
)
def test_foreign_words_are_evidence(question, body, evidence):
    said = judge(question, body)
    text = f"<think>\n{body}\n</think>\n\n9"
    assert (said.keep, said.reason) == (False, "foreign_words")
    assert any(evidence in text[start:end] for start, end in said.spans)


ROWS = [json.loads(line) for line in (Path(__file__).parent / "data/language.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize(("part", "precision", "f1"), [("tuned", 0.995, 0.98), ("held_out", 0.98, 0.96)])
def test_labelled_texts(part, precision, f1):
    rejected = [(row["mixed"], not RULE.judge(*of(row)).keep) for row in ROWS if row["part"] == part]
    hits = sum(mixed and found for mixed, found in rejected)
    false = sum(found and not mixed for mixed, found in rejected)
    missed = sum(mixed and not found for mixed, found in rejected)
    assert hits / (hits + false) >= precision
    assert 2 * hits / (2 * hits + false + missed) >= f1


def of(row):
    return Sample("s", "p", 0, row["text"], *split_thinking(row["text"])), ask(row["prompt"])


def test_the_score_is_the_share_of_words_at_home():
    assert judge(EN, "one two three four 所以").score == pytest.approx(1 - 2 / 6)


hostile = st.lists(
    st.sampled_from(
        ["`", "```", "$", "$$", "\\[", "\\]", "\n", " ", "因为", "所以", "a", "(", ")", "Sun ", "<think>", "#", "α"]
    ),
    max_size=30,
).map("".join)


@settings(max_examples=2 * settings.default.max_examples)
@given(hostile, hostile)
def test_what_is_doomed_stays_doomed(text, continuation):
    if RULE.doomed(text, ask(EN)) is None:
        return
    longer = text + continuation
    assert RULE.doomed(longer, ask(EN)) is not None
    assert RULE.judge(Sample("s", "p", 0, longer, *split_thinking(longer)), ask(EN)).keep is False


@settings(max_examples=5 * settings.default.max_examples)
@given(st.text(alphabet="ab'.!?:;\n \t\x0b\x1c\x01\x02A1_-(\x00éİ", max_size=40))
def test_tokens_apart_hold_what_the_text_holds(text):
    apart = [unit for token in without_digits(text).split(" ") for unit in UNIT.findall(lower(token) + " ")]
    assert apart == UNIT.findall(lower(text) + " ")


def test_what_is_known_of_a_word_does_not_depend_on_what_was_read_before():
    strange.cache_clear()
    assert Letters(frozenset({"en"}))["zover"] == Letters(frozenset({"en"}))["zover,"] == "x"
