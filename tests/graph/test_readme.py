"""The README tells the truth: its first answer and its table of settings are what the code gives."""

import json
import re
from pathlib import Path

import httpx

from graph.settings import PREFIX, Settings

README = (Path(__file__).parents[2] / "README.md").read_text()


def build_settings_table() -> str:
    rows = ["| environment variable | default | effect |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = field.default
        shown = ", ".join(sorted(default)) if isinstance(default, frozenset) else default
        rows.append(f"| `{PREFIX}{name.upper()}` | {'unset' if shown in (None, '') else shown} | {field.description} |")
    return "\n".join(rows)


def test_the_first_query_has_the_answer_that_is_printed_below_it(served: str) -> None:
    """A newcomer who copies the first command must see the answer the README shows."""
    body = re.search(r"-d '(\{.*?\})'\n", README, re.DOTALL)
    answer = re.search(r"```json\n(.*?)\n```", README, re.DOTALL)
    assert body
    assert answer

    # what bash passes on: a JSON body may be broken between its tokens
    response = httpx.post(f"{served}/graphql", json=json.loads(body[1]))

    assert json.loads(answer[1])["data"] == response.json()["data"]


def test_every_setting_stands_in_the_table() -> None:
    """A setting that nobody can find is no setting."""
    assert build_settings_table() in README
