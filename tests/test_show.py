"""What a person is shown can't steer the terminal, and tells kept from rejected."""

from pathlib import Path

from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from factory import schemas, shards, show
from factory.cli import cli
from factory.records import Verdict
from factory.terminal import visible
from tests import make


@given(st.text(st.characters(codec=None)))
def test_nothing_shown_can_steer_a_terminal(text: str) -> None:
    shown = visible(text)
    assert all(c in "\n\u3000" or c.isprintable() for c in shown)
    assert shown.count("\n") == text.count("\n")
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    shown.encode()


def test_kept_and_one_of_each_reason_first(tmp_path: Path) -> None:
    asked = make.prompt()
    fates = [True, "wrong", "wrong", "wrong", "unclosed", True, True]
    rows = []
    for index, fate in enumerate(fates):
        verdict = Verdict(fate is True, "" if fate is True else str(fate), rule="r")
        rows.append(schemas.judged_row(asked, make.sample(asked, index, f"text {index} \x1b[31m"), [verdict]))
    with shards.new_folder(tmp_path / "j", "judged") as folder:
        entry = shards.write_table(folder / "a.parquet", schemas.table(rows, schemas.JUDGED))
        shards.write_manifest(folder, "judged", {"files": [entry]})
    picked = show.pick(tmp_path / "j", kept=2, rejected=3)
    assert [(r["keep"], r["text"][5]) for r in picked] == [
        (True, "0"),
        (True, "5"),
        (False, "1"),
        (False, "4"),
        (False, "2"),
    ]
    text = "\n".join(show.lines(picked[2]))
    assert "REJECTED by r: wrong" in text
    assert "reference 9" in text
    assert "\\u001b[31m" in text


def test_evidence_is_marked_where_spans_meet_and_nothing_is_lost() -> None:
    assert show.marked("abcdefgh", [(5, 7), (1, 3), (2, 4), (20, 30), (6, 6)]) == "a[[bcd]]e[[fg]]h"


def test_one_sample_is_explained_whole(tmp_path: Path) -> None:
    asked = make.prompt()
    text = "x" * 3000 + " because 因为 \x1b"
    verdicts = [Verdict(True, rule="think"), Verdict(False, "foreign", 0.5, ((3009, 3011),), "language_mix")]
    row = schemas.judged_row(asked, make.sample(asked, 0, text), verdicts)
    with shards.new_folder(tmp_path / "j", "judged") as folder:
        entry = shards.write_table(folder / "a.parquet", schemas.table([row], schemas.JUDGED))
        shards.write_manifest(folder, "judged", {"files": [entry]})
    result = CliRunner().invoke(cli, ["filter", str(tmp_path / "j"), "--explain", row["id"]])
    assert result.exit_code == 0 and "[[因为]]" in result.output and "\x1b" not in result.output
    assert "language_mix         rejects  foreign  score 0.5  at '因为'" in result.output
    missing = CliRunner().invoke(cli, ["filter", str(tmp_path / "j"), "--explain", "nobody-0"])
    assert missing.exit_code == 2 and "holds no sample 'nobody-0'" in missing.output
