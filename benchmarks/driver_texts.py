"""Word problems and chains of thought of some 1 KB, made up and no two alike.

Right and wrong ones, two in a hundred with a foreign sentence; the sentences are of the kind that checkpoints write.
"""

from __future__ import annotations

import random

from factory.records import Prompt, Sample, split_thinking

NAMES = (
    "Mara",
    "Jonas",
    "Ines",
    "Tobias",
    "Lena",
    "Omar",
    "Priya",
    "Hugo",
    "Sofia",
    "Kenji",
    "Amina",
    "Pavel",
    "Greta",
)
GOODS = ("marbles", "pencils", "apples", "stickers", "coins", "tickets", "books", "shells", "cards", "bricks", "roses")
PLACES = ("a market in the old town", "her uncle's shop", "the school fair", "a warehouse", "the county library")
OPENINGS = (
    "Okay, let me read the question again before I start. {name} has {a} {goods} and gets {b} more groups of {c}.",
    "So we are told that {name} begins with {a} {goods}. Then {b} boxes arrive, and each of them holds {c}.",
    "First I should write down what is given: {a} {goods} at the start, and {b} times {c} that come on top of it.",
    "Let me set this up. The number of {goods} at the start is {a}, and what is added is a product of {b} and {c}.",
)
STEPS = (
    "The product is \\({b} \\times {c} = {d}\\), which I can check by adding {c} to itself {b} times.",
    "Multiplying gives {b} * {c} = {d}. That looks plausible, since {b} tens would already be {e}.",
    "To find how many are added I compute {b} times {c}. That is {d}, if I have not slipped anywhere.",
    "Splitting it up helps here: {c} is {f} and {g}, so the product is {b} * {f} plus {b} * {g}, and this makes {d}.",
)
DOUBTS = (
    "Wait, does the question ask for the total or only for what was added? It says how many in all, so the total.",
    "Hmm, I wonder whether some of the {goods} were given away. I read it once more and nothing of this kind is said.",
    "But maybe the boxes are not all full? The text says that each holds {c}, so we may take that as it stands.",
    "Let me double-check this by estimating: {a} is close to {h}, and {d} is not far from {i}, so about {j} together.",
    "Actually, I could also count backwards from the end. Taking {d} away from the sum should leave the {a} of before.",
)
SUMS = (
    "Adding the two, \\({a} + {d} = {said}\\), and so there are {said} {goods} in the end.",
    "Now the sum: {a} and {d} together make {said}. This is what was asked for.",
    "Therefore the total is {a} + {d}, which equals {said}. I am fairly confident in this result.",
)
ANSWERS = (
    "{name} has **{said}** {goods} in all, because {b} boxes of {c} are {d}.\n\n\\[\\boxed{{{said}}}\\]",
    "The boxes hold {d} {goods} together, and with the {a} from before that is \\boxed{{{said}}}.",
    "Step 1: {b} times {c} is {d}.\nStep 2: {a} plus {d} is {said}.\n\nThe answer is \\boxed{{{said}}}.",
)
LENGTH = 1_000
"""Characters that a text is made to reach."""


def problem(number: int) -> dict[str, str]:
    """A row of a prompt file."""
    name, goods, place, a, b, c = _facts(number)
    text = f"At {place} {name} has {a} {goods}. Then {b} boxes come in, each with {c} {goods}. How many in all?"
    return {"problem": f"{text} (No. {number})", "answer": str(a + b * c), "task": "math"}


def thought(number: int, index: int) -> str:
    """Sample `index` of problem `number`: some prompts are easy and some hopeless."""
    rng = random.Random(number * 1_000_003 + index)
    name, goods, _, a, b, c = _facts(number)
    d = b * c
    said = a + d if rng.random() < number % 7 / 6 else a + d + rng.choice((-10, -1, 1, 2, 10))
    split = {"f": c // 10 * 10, "g": c % 10, "h": round(a, -1), "i": round(d, -1), "j": round(a + d, -1)}
    facts = {"name": name, "goods": goods, "a": a, "b": b, "c": c, "d": d, "e": 10 * b, "said": said, **split}
    lines, size = [rng.choice(OPENINGS).format(**facts)], 0
    middle = [*rng.sample(STEPS, 3), *rng.sample(DOUBTS, 4)]
    rng.shuffle(middle)
    answer = rng.choice(ANSWERS).format(**facts)
    for line in middle:
        size = sum(map(len, lines)) + len(answer) + 120
        if size >= LENGTH:
            break
        lines.append(line.format(**facts))
    if rng.random() < 0.02:
        lines.append("所以我们把两个数加起来就得到答案。")
    lines.append(rng.choice(SUMS).format(**facts))
    return f"<think>\n{_paragraphs(lines, rng)}\n</think>\n\n{answer}"


def worked(prompts: int, draws: int) -> list[tuple[Prompt, list[Sample]]]:
    """Problems as prompts with their references, and so many samples of each."""
    found = []
    for number in range(prompts):
        key, row = f"{number:04}"[::-1], problem(number)  # a pool goes by the first letters of an id, as of a hash
        prompt = Prompt(key, ({"role": "user", "content": row["problem"]},), task="math", reference=row["answer"])
        texts = [thought(number, index) for index in range(draws)]
        samples = [
            Sample(f"{key}-{index}", key, index, text, *split_thinking(text), finish_reason="stop")
            for index, text in enumerate(texts)
        ]
        found.append((prompt, samples))
    return found


def _paragraphs(lines: list[str], rng: random.Random) -> str:
    return "".join(line + rng.choice((" ", "\n\n")) for line in lines).strip()


def _facts(number: int) -> tuple[str, str, str, int, int, int]:
    rng = random.Random(number)
    words = rng.choice(NAMES), rng.choice(GOODS), rng.choice(PLACES)
    return (*words, rng.randint(11, 999), rng.randint(3, 40), rng.randint(12, 99))
