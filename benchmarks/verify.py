"""How fast is the rule `correct` beside plain math-verify, on the same answers in the same run?

    python benchmarks/verify.py [--check]

Loads: gsm8k-like texts (80 prompts x 8 samples); answers in LaTeX (the labelled rows of the tests, 8 samples each,
which repeat as samples do); plain numbers of which none repeats; hostile answers; and programs with tests, beside
a bare subprocess of the same program. Caches are warm for neither at the start. math-verify runs as its authors show,
its reference parsed once a prompt. With `--check` a missed goal ends it with 1: 20 x on gsm8k-like text, 5 x on LaTeX,
10,000 pairs/s on the cheap path, no answer slower than 4 s.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import math_verify

from factory.judging.rules import load_module
from factory.records import Prompt, Sample, split_thinking
from factory.shipped import shipped
from factory.verify.programs import jail
from factory.verify.programs.code import run_code

SAMPLES = 8
BATCH = 10 * SAMPLES
DATA = Path(__file__).parent.parent / "tests/data/verify.jsonl"


def gsm_like(rng: random.Random) -> list[tuple[str, str]]:
    """(reference, response): some 500 characters, as gsm8k's solutions have; two of eight are wrong."""
    pairs = []
    for _ in range(80):
        a, b = rng.randrange(3, 90), rng.randrange(3, 40)
        for _ in range(SAMPLES):
            said = a * b + (rng.random() < 0.25)
            steps = (
                f"First we look at what is given. There are {b} boxes in the storeroom, each with {a} pens.\n"
                f"To find the number of pens we multiply the number of boxes by the number of pens in a box.\n"
                f"We can split the product: {a} * {b} = {a} * {b - 1} + {a} = {a * (b - 1)} + {a} = {said}.\n"
                f"Let us check this once more: {said} / {b} is about {said / b:.1f}, as it should be.\n"
                "Nothing was taken out of the boxes and nothing was put into them since, so this is what is left.\n"
            )
            end = rng.choice(
                [f"The answer is {said}.", f"#### {said}", f"\\boxed{{{said}}}", f"There are {said} pens."]
            )
            pairs.append((str(a * b), steps + end))
    return pairs


def latex(rng: random.Random) -> list[tuple[str, str]]:
    """(reference, response): the labelled rows in LaTeX, each response drawn until its prompt has 8."""
    groups: dict[str, list[str]] = {}
    for line in DATA.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["tag"] in ("expr", "parts", "frac", "sci"):
            groups.setdefault(row["reference"], []).append(row["response"])
    return [
        (reference, f"So we get \\boxed{{{a}}}.")
        for reference, said in groups.items()
        for a in rng.choices(said, k=SAMPLES)
    ]


def ours(pairs: list[tuple[str, str]], clock: Callable[[], float] = time.thread_time) -> list[float]:
    """Seconds of each verdict; of the processor, so that what else runs doesn't count."""
    judge = load_module(shipped("filters") / "correct.py").judge
    times = []
    for reference, response in pairs:
        prompt = Prompt("p", ({"role": "user", "content": "How many?"},), task="math", reference=reference)
        sample = Sample("p-0", "p", 0, response, *split_thinking(response))
        start = clock()
        judge(sample, prompt)
        times.append(clock() - start)
    return times


def theirs(pairs: list[tuple[str, str]], clock: Callable[[], float] = time.thread_time) -> list[float]:
    """Seconds of each verdict; the reference is parsed once a prompt, as a careful user would."""
    times, golds = [], {}
    for reference, response in pairs:
        start = clock()
        if reference not in golds:
            golds[reference] = math_verify.parse(f"${reference}$")
        math_verify.verify(golds[reference], math_verify.parse(response))
        times.append(clock() - start)
    return times


def cheap(rng: random.Random) -> list[tuple[str, str]]:
    """Short answers of plain numbers, none twice: what no cache answers and no algebra needs."""
    numbers = rng.sample(range(10_000, 99_999), 4_000)
    return [(str(n), f"So the answer is \\boxed{{{n + (n % 4 == 0)}}}.") for n in numbers]


def hostile() -> list[tuple[str, str]]:
    """Answers that hang or cost others seconds."""
    answers = [
        "9^" * 2000 + "9",
        "9" * 1_000_000,
        "{" * 500_000 + "5" + "}" * 500_000,
        "(" * 50_000 + "5" + ")" * 50_000,
        "((((((9!)!)!)!)!)!",
        "(10^{1000000})^{1000000}",
        "\\sqrt{" * 400 + "5" + "}" * 400,
        "\\frac{1}{" * 400 + "5" + "}" * 400,
        "1," * 100_000 + "1",
        "+".join(["x"] * 190),
        "\\sum_{k=1}^{10^{9}} \\sin(k)^{k}",
        "\\int_0^1 x^{x^{x}} dx",
        "\\lim_{x \\to 0} \\frac{\\sin(\\tan x) - \\tan(\\sin x)}{x^7}",
        "2^{2^{2^{2^{2^{2}}}}}",
    ]
    references = ["5", "x^2+\\sqrt{2}", "\\{1, 2\\}", "\\sum_{k=1}^{n} k"]
    return [(reference, f"\\boxed{{{answer}}}") for reference in references for answer in answers]


def programs() -> tuple[float, float]:
    """Programs a second: with tests in two jails, and as a bare subprocess that runs program and test together."""
    reference = json.dumps({"test_list": ["assert double(2) == 4", "assert double(-3) == -6"]})
    bodies = [f"def double(x):\n    return 2 * x + {n} - {n}\n" for n in range(40)]
    run_code(f"```python\n{bodies[0]} \n```", reference)
    start = time.perf_counter()
    passed = [run_code(f"```python\n{body}\n```", reference)[0] for body in bodies]
    jailed = len(bodies) / (time.perf_counter() - start)
    assert all(passed), "a right program failed"
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        for body in bodies:
            code = body + "assert double(2) == 4\nassert double(-3) == -6\n"
            subprocess.run([sys.executable, "-I", "-S", "-c", code], cwd=folder, check=True)
    return jailed, len(bodies) / (time.perf_counter() - start)


def main() -> None:
    rng = random.Random(7)
    math_verify.parse("$1$")  # its import is not what is measured
    for once in (r"\boxed{1}", r"\boxed{2^{0.5}}", r"\boxed{\sum_{k=1}^{n} k}"):
        ours([(r"\sqrt{2}", once)])  # nor what a process loads once
    missed = []
    for name, pairs, goal in (("gsm8k-like", gsm_like(rng), 20), ("LaTeX", latex(rng), 5)):
        mine, plain = [], []
        for start in range(0, len(pairs), BATCH):  # in turns, so that a busy machine is as busy for both
            mine += ours(pairs[start : start + BATCH])
            plain += theirs(pairs[start : start + BATCH])
        ratio = sum(plain) / sum(mine)
        rates = f"{len(pairs) / sum(mine):.0f} pairs/s, math-verify {len(pairs) / sum(plain):.0f}"
        slowest = f"slowest {max(mine):.3f} s, math-verify {max(plain):.3f} s"
        print(f"{name}: {len(pairs)} pairs, {rates}, ratio {ratio:.1f} (goal {goal}); {slowest}")
        missed += [name] if ratio < goal else []
    rate = 4_000 / sum(ours(cheap(rng)))
    print(f"cheap path: {rate:.0f} pairs/s on one core (goal 10,000)")
    slowest_hostile = max(ours(hostile(), time.perf_counter))
    print(f"hostile answers: slowest {slowest_hostile:.2f} s (goal below 4)")
    if not jail.why_not():
        jailed, bare = programs()
        print(f"programs: {jailed:.0f}/s with tests apart in two jails, {bare:.0f}/s as a bare subprocess")
    missed += ["cheap path"] if rate < 10_000 else []
    missed += ["hostile answers"] if slowest_hostile >= 4 else []
    if "--check" in sys.argv[1:] and missed:
        sys.exit(f"missed: {', '.join(missed)}")


if __name__ == "__main__":
    main()
