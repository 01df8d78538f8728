"""Write `language.jsonl`: labelled texts for `language_mix`, from the sentences and the clean texts beside it.

    python tests/data/build_language.py

A row: `{"id", "part": "tuned"|"held_out", "kind", "target", "prompt", "text", "mixed"}`. Every fragment is put into
some text of another language in several ways; the choice is a hash, so the file is the same every time.
"""

import hashlib
import json
from pathlib import Path

import language_held_out
import language_sentences

HERE = Path(__file__).parent
LIKE = {frozenset(p.split()) for p in ("sv no", "sv da", "cs sk", "ru uk", "es ca", "hr sr")}


def pick(key, choices):
    return choices[int(hashlib.blake2b(key.encode(), digest_size=4).hexdigest(), 16) % len(choices)]


def join(reasoning, answer="Done."):
    return f"<think>\n{reasoning}\n</think>\n\n{answer}"


def halves(reasoning):
    """The reasoning cut at an inner sentence end."""
    for stop in (". ", "。"):
        parts = [p for p in reasoning.split(stop) if p]
        if len(parts) > 1:
            cut = len(parts) // 2
            return stop.join(parts[:cut]) + stop, stop.join(parts[cut:])
    return reasoning + " ", ""


def put(fragment, reasoning, way):
    first, second = halves(reasoning)
    if way == "own sentence":
        return f"{first}{fragment[0].upper()}{fragment[1:].rstrip('.。')}. {second}"
    if way == "inside":
        return f"{first.rstrip().rstrip('.。')}, {fragment.rstrip('.。')}, {second[:1].lower()}{second[1:]}"
    if way == "at the end":
        return f"{reasoning} {fragment}"
    if way == "at the start":
        return f"{fragment} {reasoning}"
    if way == "latex":
        return f"{first}$x = 5 \\text{{ {fragment} }}$ {second}"
    return f"{first}\n```python\n# {fragment}\nx = 5\n```\n{second}"


def rows(part, source):
    for target, bases in source.BASES.items():
        for question, reasoning, answer in bases:
            yield "plain", target, question, join(reasoning, answer), False
            yield (
                "string in code",
                target,
                question,
                join(f"{reasoning}\n```python\ns = '{pick(question, ['因为', 'привет', 'donc'])}'\n```", answer),
                False,
            )
    for question, reasoning in source.CLEAN:
        yield "hard clean", "", question, join(reasoning), False
    for line in (HERE / "language_clean.tsv").read_text("utf-8").splitlines() if part == "tuned" else ():
        question, reasoning = line.split("\t")
        yield "hard clean", "", question, join(reasoning), False
    for question, reasoning in source.MIXED:
        yield "by hand", "", question, join(reasoning), True
    for language, fragments in source.FRAGMENTS.items():
        for fragment in fragments:
            targets = [t for t in source.BASES if t != language and frozenset({t, language}) not in LIKE]
            latin = [t for t in targets if t not in ("zh", "ja", "ko", "ru", "ar", "hi", "uk", "fa", "el")]
            yield from mixtures(
                source, language, fragment, ["en", "en", pick(fragment + "a", latin), pick(fragment + "b", targets)]
            )


def mixtures(source, language, fragment, targets):
    for turn, target in enumerate(targets):
        if target == language:
            continue
        question, reasoning, answer = pick(f"{fragment}{turn}", source.BASES[target])
        ways = ["own sentence", "inside", "at the end", "at the start"]
        # English comments and English \text{} are at home in every language.
        ways += ["latex", "comment"] if language != "en" and target == "en" else []
        yield (
            pick(f"{turn}{fragment}", ways),
            target,
            question,
            join(put(fragment, reasoning, pick(f"{turn}{fragment}", ways)), answer),
            True,
        )


def main():
    seen, lines = set(), []
    for part, source in (("tuned", language_sentences), ("held_out", language_held_out)):
        for kind, target, question, text, mixed in rows(part, source):
            if text in seen:
                continue
            seen.add(text)
            row = {
                "id": f"{part}-{len(lines)}",
                "part": part,
                "kind": kind,
                "target": target,
                "prompt": question,
                "text": text,
                "mixed": mixed,
            }
            lines.append(json.dumps(row, ensure_ascii=False))
    (HERE / "language.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(len(lines), "rows")  # noqa: T201


if __name__ == "__main__":
    main()
