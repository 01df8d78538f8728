"""Rules of form: what tells a fault from its innocent twin, kind by kind."""

from itertools import pairwise

import pytest

from tests.test_rules_readability import Prompt, judge, thought


def reason(rule, text, question="What is 4 + 5?"):
    said = judge(rule, text, prompt=Prompt("p", ({"role": "user", "content": question},)))
    return said.reason if said.keep is False else ""


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("x³ − 6 = **(x − 1)(x − 2)**.", ""),
        ("Le prix est de **72 €**.", ""),
        ("가장 큰 행성은 **목성**입니다.", ""),
        ("It is 2**3 in Python.", ""),
        ("So the sum is **9", "left_open"),
        ("The **first** one is **9", "left_open"),
    ],
)
def test_bold_that_is_closed_beside_a_sign_or_a_letter(answer, expected):
    assert reason("finished", f"<think>\nI add.\n</think>\n\n{answer}") == expected


def test_lists_of_numbers_in_sentences_are_no_marked_words():
    primes = (
        "Strike the multiples of 2: 4, 6, 8, 10, 12, 14, 16. Of what is left and is not a 3: 9, 15, 21, 27, 33, 39."
    )
    assert reason("layout", thought(primes + " So the rest are: 2, 3, 5, 7, 11, 13, 17, 19, 23, 29.")) == ""


def test_what_the_prompt_quotes_or_asks_for_may_be_spoken_of():
    assert reason("characters", thought("It shows Ã© for é."), "Why does my text show cafÃ©?") == ""
    assert reason("characters", thought("It shows Ã¶ for é."), "Why does my text show cafÃ©?") == "mojibake"
    assert reason("remnants", thought("Right (1 point)."), "Grade this answer by the rubric.") == ""


def test_part_of_a_compound_is_about_it():
    body = "Weak starter, too cold, too short a time, or flour without strength; and it may have stood for too long."
    answer = "Feed the starter twice a day, keep the dough warm and go by the dough and not by the clock."
    assert reason("relevance", f"<think>\n{body}\n</think>\n\n{answer}", "My sourdough won't rise, what is up?") == ""


def test_thinking_that_stops_in_a_long_sentence_breaks_off():
    begun = (
        "The rate is 5. The term is one year. It grows each year. It grows fast. I could look at it by month too, "
        "but the task says that it is all ad"
    )
    assert reason("conclusion", thought(begun)) == "thinking_breaks_off"
    assert reason("conclusion", thought(begun + "ded up.")) == ""


OPTIONS = "Which gas is it? (A) oxygen (B) argon (C) nitrogen"
RATES = "Should I take the fixed rate of 3 % or the variable rate of 2 %?"


@pytest.mark.parametrize(
    ("thinking", "answer", "question", "expected"),
    [
        ("So the answer is \\boxed{9}.", "The answer is 9.", "What is 4 + 5?", ""),
        ("So the answer is \\boxed{9}.", "The answer is \\boxed{8}.", "What is 4 + 5?", "disagrees"),
        ("So x = 1/2, \\boxed{\\frac{1}{2}}", "\\boxed{0.5}", "What is 4 + 5?", ""),
        ("The sum is four and five. So the final result is 45.", "It is **90 m**.", "What is 4 + 5?", "disagrees"),
        ("4 + 5 = 9, and 9 - 5 = 4, and 9 - 4 = 5.", "The sum is **17**.", "What is 4 + 5?", "unfounded"),
        ("4 + 5 = 9, and 9 - 5 = 4, and 1/2 of 9 is 4.5.", "The share is **50%**.", "What is 4 + 5?", ""),
        ("So it goes 180 km.", "It goes **180 m**.", "What is 4 + 5?", "disagrees"),
        ("So it goes 180 km.", "It goes **180 km**.", "What is 4 + 5?", ""),
        ("So the answer is 20? No, 100 has one more, so 21.", "There are **21**.", "What is 4 + 5?", ""),
        ("So the statement is false.", "True. It holds.", "What is 4 + 5?", "turned_round"),
        ("So the number is not odd.", "The number is **even**.", "What is 4 + 5?", ""),
        ("So the answer is no, it decreases.", "Yes. It increases.", "Does it increase?", "turned_round"),
        ("So the answer is no, it decreases.", "No, it decreases.", "Does it increase?", ""),
        ("So the answer is no more than 5.", "Yes, there is one.", "Is there one?", ""),
        ("Die Antwort ist nein.", "Ja, das stimmt.", "Stimmt das?", "turned_round"),
        ("So the right letter is C.", "It is **(A) oxygen**.", OPTIONS, "turned_round"),
        ("So the right letter is C.", "It is **nitrogen**, (C), and not **(A)**.", OPTIONS, ""),
        ("Divide by −2: x = −4. It fits, so x = −4.", "So **x = 4**.", "Find x.", "turned_round"),
        ("So x = −4, and the distance |x| = 4.", "So **x = 4**.", "Find x.", ""),
        ("Four days on: it is a Friday.", "It was a **Sunday**.", "Which day was it?", "turned_round"),
        ("From Monday on it is a Friday.", "It was a **Friday**, not a **Sunday**.", "Which day was it?", ""),
        ("So the number is odd.", "The number is **even**.", "What is it?", "turned_round"),
        ("So: fixed, and check the fees.", "Take the **variable rate**.", RATES, "turned_round"),
        ("The fixed rate is dear. So: variable.", "Take the **variable rate**.", RATES, ""),
        ("So fixed is no worse than variable.", "Take the **variable rate**.", RATES, ""),
        ("So the second oldest is Anna.", "The second oldest is **Ben**.", "Anna or Ben?", "turned_round"),
        ("So the second oldest is Anna, not Ben.", "The second oldest is **Ben**.", "Are Anna and Ben old?", ""),
        ("So the average speed is 18 km/h.", "The average speed is **20 km/h**.", "How fast?", "turned_round"),
        ("So the average speed is 5 m/s.", "The average speed is **18 km/h**.", "How fast?", ""),
        ("So the average speed is 17.6 km/h.", "The average speed is **18 km/h**.", "How fast?", ""),
        ("两种方法一样，有36颗。所以还剩30颗。", "答：还剩 **36 颗**。", "还剩多少颗？", "turned_round"),
        ("两种方法一样，有36颗。所以还剩36颗。", "答：还剩 **36 颗**。", "还剩多少颗？", ""),
    ],
)
def test_an_answer_that_turns_its_thinking_round(thinking, answer, question, expected):
    assert reason("agreement", f"<think>\n{thinking}\n</think>\n\n{answer}", question) == expected


SALAD = "sodium nor apron beneath lattice quite, ladder him vinegar octave whose turbine moss and gravel upward invoice"


@pytest.mark.parametrize(
    ("body", "question", "expected"),
    [
        (f"We add the two and then it is all there is to {SALAD} kilobyte therein", "What is 4 + 5?", "lost_thread"),
        (f"We add the two and then it is all there is to {SALAD} kilobyte therein", "Give rare words.", ""),
        ("So it is 36. книгами ゆっくり 결국 ისინი and it is so.", "What is 4 + 5?", "lost_thread"),
        ("Arabic: سلام. Hebrew: שלום. Russian: мир. Hindi: शांति", "How is peace called in other places?", ""),
        ("Russian книгами, Korean 결국 and Georgian ისინი.", "Say it in three languages.", ""),
        ("起床以后，铁锅向橘子曾经螺旋七月跑步机桌布们因而氧化地毯被蓝色着钢琴于是猪肝之间磁铁慢慢所以屋檐香皂。",
         "怎样早起？", "lost_thread"),
        ("The spliceosome is a large ribonucleoprotein that removes introns from transcribed RNA.", "What is it?", ""),
    ],
)  # fmt: skip
def test_what_has_lost_its_thread(body, question, expected):
    assert reason("token_soup", thought(body), question) == expected


@pytest.mark.parametrize(
    ("body", "answer", "expected"),
    [
        ("Ich rate jetzt und nehme 9.", "9", "guess"),
        ("Ich rate dir, nachzurechnen.", "9", ""),
        ("I can't tell, so I'll pick B and hope that it is right.", "9", "guess"),
        ("随便猜一个，也没有必要去验证。", "9", "guess"),
        ("随便猜一个，再去验证一下。", "9", ""),
        ("I add.", "To be honest I'm only guessing: 9.", "guess"),
        ("I add.", "It is 9, and I'm not guessing.", ""),
        ("I have no idea, so I'll just guess.", "9", "guess"),
        ("I'll guess 3 and then verify it: it works.", "9", ""),
        ("My initial guess is 3, Newton's method refines it.", "9", ""),
        ("I am not sure how to go on, so I'll just say 9.", "9", "guess"),
        ("I'm not sure, so I'll say 9 and check it: 4 + 5 = 9.", "9", ""),
        ("I'll guess 8... no, wait, let me compute it: 4 + 5 = 9.", "9", ""),
        ("At first I thought I'd just guess 8, but 4 + 5 = 9.", "9", ""),
        ("I can't find integer roots, so I'll use the formula.", "9", ""),
    ],
)
def test_guesses_and_what_is_none(body, answer, expected):
    assert reason("guesswork", f"<think>\n{body}\n</think>\n\n{answer}") == expected


@pytest.mark.parametrize(
    ("rule", "answer", "question", "expected"),
    [
        ("finished", "一共5小时。上午8点出发，因此到达乙地的", "几点？", "broken_off"),
        ("finished", "一共5小时。上午8点出发，因此到达是下午1点", "几点？", ""),
        ("finished", "Zuerst addieren wir. Dann teilen wir das Ergebnis durch das", "Wie?", "broken_off"),
        ("markup", "9.\n\nNutzer: Und 5 + 5?\nAssistent: 10.", "Was ist 4 + 5?", "role_turn"),
        ("markup", "<div>9</div>\n<div>neuf</div>", "Comment additionner ?", "html"),
        ("markup", "<div>9</div>\n<div>neuf</div>", "What does the comment in this page say?", ""),
        ("remnants", "Dear {{first_name}},\nthank you for {{shift_date}}.", "Thank a colleague.", "slots"),
        ("remnants", "Dear {{first_name}},\nthank you for {{shift_date}}.", "Give a mail template.", ""),
        ("layout", "# Answer\n##\n###\n-\n- -\n1.\n**42**\n-\n####\n*\n##", "What is 6 times 7?", "empty_rows"),
        ("layout", "# Answer\n\n- one\n-\n- two\n-\n- three\n-\n", "Name three.", ""),
    ],
)
def test_small_remains(rule, answer, question, expected):
    assert reason(rule, f"<think>\nI add.\n</think>\n\n{answer}", question) == expected


@pytest.mark.parametrize(
    ("answer", "question", "expected"),
    [
        ("As explained in my thoughts above.", "How does a fridge cool?", "nothing_said"),
        ("Now I'll write the final answer, in which I present it.", "How does a fridge cool?", "nothing_said"),
        ("Would you like me to tell you the result?", "What is 3/8?", "nothing_said"),
        ("Would you like me to tell you the result?", "Offer help in one sentence.", ""),
        ("## 回答", "円周率は？", "nothing_said"),
        ("## 42", "What is 6 times 7?", ""),
        ("As explained above, heat is moved outwards.", "How does a fridge cool?", ""),
    ],
)
def test_answers_that_only_announce(answer, question, expected):
    assert reason("conclusion", f"<think>\nI add.\n</think>\n\n{answer}", question) == expected


DOUBTS = "\n\n".join(
    f"{doubt} The word has one c and two s in it, {words}."
    for doubt in ("Wait.", "Hmm.", "But wait.", "Is it right?")
    for words in ("and that is right", "so the word is right", "one c and two s")
)
WORDS = "bakery bread flour grain field farmer village region river valley mountain cloud winter garden"
CHAIN = WORDS.split()
DRIFT = " ".join(f"The {a} should be thought about in its {b}." for a, b in pairwise(CHAIN))
FOOT = "Nine.\n\nDrucken | Merken | Newsletter abonnieren | Impressum"
SONG = "Nine. Bye! See you! Take care! So long! All the best! Cheers! Good day! Farewell! Adieu! Ciao! Until then! Bye!"
NAMES = 'I think of "Crumbs and Pages" or "Leaf and Layer", and the first is better.'
CAFE = "I have found a very good one for your new place, and I hope that you and all of your guests will like it."
FOUNDED = "It was first named in 1147. The feast is in September."
SIGHTS = "It is the largest town of the country, with many sights, and it is best to go round it by the underground."
PLAIN = "the kidneys clean the blood and keep all the salts in it and then what is left of it goes to the other parts"


@pytest.mark.parametrize(
    ("rule", "body", "answer", "question", "expected"),
    [
        ("rechecks", "\n".join(f"By {a} and {b} it is 91." for a, b in pairwise(CHAIN)), "91", "?", "no_progress"),
        ("rechecks", "\n".join(f"{word}, 7 times {n} is {7 * n}." for n, word in enumerate(CHAIN)), "91", "?", ""),
        ("rechecks", DOUBTS, "Yes.", "Is the word right?", "no_progress"),
        ("rechecks", DRIFT, "Yes.", "Should a bakery sell online?", "same_shape"),
        ("rechecks", " ".join(f"The {word} is cut and sold. " * 2 for word in CHAIN[:5]), "9", "?", "same_again"),
        ("conclusion", "I will read the question, make a plan and give the answer.", "9", "4 + 5?", "nothing_thought"),
        ("conclusion", "I add.", "The answer to the question is no.", "Is it 8?", ""),
        ("agreement", NAMES, CAFE, "Suggest a name for my café.", "left_out"),
        ("agreement", NAMES, CAFE, "How is my café?", ""),
        ("agreement", FOUNDED, SIGHTS, "When was it founded?", "left_out"),
        ("agreement", FOUNDED, SIGHTS, "What is it like?", ""),
        ("agreement", "If it is asked otherwise, the answer is 19. Here it is 20.", "It is **20**.", "How many?", ""),
        ("spacing", "I add.", "广场（Marienplatz）、教堂（Frauenkirche）、市场（Viktualienmarkt）" * 4, "玩？", ""),
        ("agreement", "So 2027 isn't a leap year.", "It is: **Yes, it is.**", "Is 2027 a leap year?", "turned_round"),
        ("agreement", "It is odd. So 2027 isn't a leap year.", "**Yes**, it is one.", "Is 2027 no leap year?", ""),
        ("agreement", "So 2027 isn't even. It has no factor.", "**Yes**, it is prime.", "Is 2027 a prime number?", ""),
        ("remnants", "I add.", FOOT, "Was ist 4 + 5?", "page"),
        ("remnants", "I add.", FOOT, "What stands at the foot of a web page?", ""),
        ("remnants", "I add.", f"```\n{PLAIN}\n```", "What do kidneys do?", "fenced_prose"),
        ("surplus", "I add.", SONG, "What is 4 + 5?", "pleasantries"),
        ("finished", "I add.", "1. Four.\n\n2. Five.\n\n3.", "Three numbers?", "left_open"),
        ("finished", "I add.", "The answer is:\n\n3.", "1 + 2?", ""),
        ("special_tokens", "The token <|im_end|> closes a turn.", "9", "What is <|im_end|>?", ""),
        ("special_tokens", "It closes a turn. <|im_end|>", "9", "What is <|im_end|>?", "special_token"),
        ("remnants", "I add.", "*das der Regen bringt*\n" * 3, "Was?", ""),
        ("finished", "I add.", "Do it in these steps, one by one:\n\n1.", "How?", "left_open"),
        ("finished", "I add.", "1. Tea with milk\n2. Tea with all that you can think of and more", "What?", ""),
        ("conclusion", "I add 4 and 5.", "**Answer:** ____\n\n**Reason:** TODO", "4 + 5?", "placeholder"),
        ("conclusion", "I add.", "As you asked, I have found the solution.", "4 + 5?", "nothing_said"),
        ("typography", f"{PLAIN}. " * 9, PLAIN + " of us all and so on", "What do kidneys do?", "no_marks"),
        ("typography", f"{PLAIN}. " * 9, " ".join(f'"{word}"' for word in PLAIN.split()), "Why?", "set_apart"),
        ("spacing", f"{PLAIN}. " * 9, PLAIN.replace(" ", "   "), "What do kidneys do?", "gaps"),
        ("layout", "I add.", " ".join("肾脏的功能是过滤血液和排出废物还有调节水分"), "肾？", "spaced_letters"),
    ],
)  # fmt: skip
def test_families_in_any_words(rule, body, answer, question, expected):
    assert reason(rule, f"<think>\n{body}\n</think>\n\n{answer}", question) == expected
