r"""Templates: how a prompt is put to the checkpoint, and how it is trained on.

    description = "one worked example, thinking prefilled"
    [ask]                        # what the engine sees
    messages = [{ role = "user", content = "... {{prompt}}" }]     # or raw: text = "Question: {{prompt}}\nAnswer:"
    prefill = "<think>\n"        # optional: the answer's beginning
    [train]                      # optional: what goes into the training rows; default the prompt as it was given
    messages = [{ role = "user", content = "{{prompt}}" }]

`{{prompt}}` stands once, in the last turn, a user's; it is replaced literally by the prompt's last user turn, and a
prompt that itself says `{{prompt}}` is left alone. Earlier turns of a multi-turn prompt come right before that turn,
after the template's own (worked examples). System texts are joined, the template's first: it says how to answer,
the prompt's what about. Does not cover the checkpoint's chat template, which the engine applies.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from factory.errors import BadInput
from factory.records import Message, Prompt
from factory.shipped import find_toml
from factory.toml import check_keys, text_of_key

PLACEHOLDER: Final = "{{prompt}}"


@dataclass(frozen=True, slots=True)
class Template:
    """A checked template. Without `ask_messages` and `ask_text` a prompt is asked as it was given.

    `source` is the TOML it was read from, for `run.json`; empty for the default.
    """

    name: str = ""
    description: str = ""
    ask_messages: tuple[Message, ...] | None = None
    ask_text: str | None = None
    prefill: str = ""
    train_messages: tuple[Message, ...] | None = None
    source: str = ""


class Asked(NamedTuple):
    """What an engine is given: `messages`, or `text` and no messages; `prefill` begins the answer either way."""

    messages: tuple[Message, ...]
    prefill: str = ""
    text: str | None = None


AS_GIVEN: Final = Template()


def load_template(name: str | None) -> Template:
    """A template by path or by the bare name of a shipped one; None is the prompt as it was given.

    Raises BadInput naming the file and the key.
    """
    if name is None:
        return AS_GIVEN
    path = find_toml("template", "prompts", name)
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: not a readable template: {error}") from error
    return load_template_text(source, path.stem, str(path))


def load_template_text(source: str, name: str = "", where: str = "template") -> Template:
    """A template from its TOML, as `run.json` keeps it. Raises BadInput naming the key."""
    try:
        tables = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{where}: not valid TOML: {error}") from error
    check_keys(tables, {"description", "ask", "train"}, where)
    asked = _table(tables, "ask", {"messages", "text", "prefill"}, where)
    trained = _table(tables, "train", {"messages"}, where)
    if ("messages" in asked) == ("text" in asked):
        raise BadInput(f"{where}: [ask] needs either messages or text")
    text = _once(text_of_key(asked, "text", f"{where}: ask"), f"{where}: ask.text") if "text" in asked else None
    return Template(
        name=name,
        description=text_of_key(tables, "description", where),
        ask_messages=_messages(asked, f"{where}: ask.messages"),
        ask_text=text,
        prefill=text_of_key(asked, "prefill", f"{where}: ask"),
        train_messages=_messages(trained, f"{where}: train.messages"),
        source=source,
    )


def ask(template: Template, prompt: Prompt) -> Asked:
    """What the engine sees. Raises BadInput where a raw text template meets more than one user turn."""
    if template.ask_text is not None:
        if len(prompt.messages) > 1:
            raise BadInput(
                f"prompt {prompt.source_id or prompt.id}: has {len(prompt.messages)} turns; template "
                f"{template.name!r} is raw text (ask.text) and takes one: use a template with ask.messages"
            )
        return Asked((), template.prefill, fill(template.ask_text, prompt.question))
    if template.ask_messages is None:
        return Asked(prompt.messages, template.prefill)
    return Asked(_place(template.ask_messages, prompt), template.prefill)


def train(template: Template, prompt: Prompt) -> tuple[Message, ...]:
    """The turns a training row begins with: the prompt as it was given unless the template has a [train]."""
    return prompt.messages if template.train_messages is None else _place(template.train_messages, prompt)


def fill(text: str, question: str) -> str:
    """The text with its placeholder replaced; nothing in the question is expanded."""
    return text.replace(PLACEHOLDER, question, 1)


def _place(turns: tuple[Message, ...], prompt: Prompt) -> tuple[Message, ...]:
    systems = [m["content"] for m in (*turns, *prompt.messages) if m["role"] == "system"]
    system = [Message(role="system", content="\n\n".join(systems))] if systems else []
    worked = [m for m in turns[:-1] if m["role"] != "system"]
    earlier = [m for m in prompt.messages[:-1] if m["role"] != "system"]
    return (*system, *worked, *earlier, Message(role="user", content=fill(turns[-1]["content"], prompt.question)))


def _table(tables: Mapping[str, Any], key: str, known: set[str], where: str) -> Mapping[str, Any]:
    table = tables.get(key, {})
    if not isinstance(table, dict):
        raise BadInput(f"{where}: {key} should be a table, [{key}]")
    check_keys(table, known, f"{where}: [{key}]")
    return table


def _messages(table: Mapping[str, Any], where: str) -> tuple[Message, ...] | None:
    value = table.get("messages")
    if value is None:
        return None
    if not isinstance(value, list) or not value or not all(isinstance(turn, dict) for turn in value):
        raise BadInput(f"{where}: should be a list of turns {{ role, content }}")
    for turn in value:
        check_keys(turn, {"role", "content"}, where)
        if turn.get("role") not in ("system", "user", "assistant"):
            raise BadInput(f"{where}: role {turn.get('role')!r} should be system, user or assistant")
        if not isinstance(turn.get("content"), str):
            raise BadInput(f"{where}: a turn needs a content, text")
    if value[-1]["role"] != "user":
        raise BadInput(f"{where}: the last turn should be the user's; begin the answer with ask.prefill")
    _once("\n".join(turn["content"] for turn in value), where)
    _once(value[-1]["content"], f"{where}: the last turn")
    return tuple(Message(role=turn["role"], content=turn["content"]) for turn in value)


def _once(text: str, where: str) -> str:
    count = text.count(PLACEHOLDER)
    if count != 1:
        raise BadInput(f"{where}: should hold {PLACEHOLDER} once, holds it {count or 'not at all'}")
    return text
