"""
The README's tables that are printed from the code, and the command that writes them: `python -m tests.readme_tables`.

Each stands between two comments, `<!-- table: settings -->` and `<!-- end -->`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from adapters.contract import Source, SourceSettings, WriteCapability, WriteScope
from adapters.filters.capability import EntityCapability, Support
from adapters.records import Entity, SubscriberRecord
from adapters.registry import find_vendors
from graph.server.sources import embedded_sandbox
from graph.settings import PREFIX, Settings
from graph.types.source import to_input_path
from resolvers.writes.people_parts import ERASE, UNSUBSCRIBE, UPSERT, PeopleArgs, plan_parts

README: Final = Path(__file__).parent.parent / "README.md"
_TABLE: Final = re.compile(r"<!-- table: (?P<name>[a-z0-9_ ]+) -->\n(?P<rows>.*?)\n<!-- end -->", re.DOTALL)


def build_settings() -> Iterator[str]:
    """Build the table of environment variables."""
    yield "| environment variable | default | effect |"
    yield "|---|---|---|"
    for name, field in Settings.model_fields.items():
        default = field.get_default(call_default_factory=True, validated_data={})
        shown = ", ".join(sorted(default)) if isinstance(default, frozenset) else default
        yield f"| `{PREFIX}{name.upper()}` | {'unset' if shown in (None, '') else shown} | {field.description} |"


def build_keys(fields: Mapping[str, FieldInfo]) -> Iterator[str]:
    """Build a table of what a source's table may say."""
    yield "| key | default | effect |"
    yield "|---|---|---|"
    for name, field in fields.items():
        effect = " ".join((field.description or "").split()).replace("|", "\\|")
        yield f"| `{name}` | {_describe_default(field)} | {effect} |"


def _describe_default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    if isinstance(field.default, BaseModel):
        return ", ".join(f"`{name}` = {value}" for name, value in field.default if value)
    return "unset" if field.default in (None, ()) else str(field.default)


def select_own_fields(settings: type[SourceSettings]) -> dict[str, FieldInfo]:
    """Return what one vendor's table may say beside, or otherwise than, every other one; `vendor` is its word."""
    own = settings.__annotations__.keys() - {"vendor"}
    return {name: field for name, field in settings.model_fields.items() if name in own}


def build_support() -> Iterator[str]:
    """Build the table of what each vendor answers, as its sandbox's own settings have it."""
    sources = embedded_sandbox().by_name.values()
    yield "| type | " + " | ".join(source.package.title for source in sources) + " |"
    yield "|---|" + "---|" * len(sources)
    for entity in Entity:
        cells = [_describe(source, entity) for source in sources]
        if any(cell != _NOTHING for cell in cells):
            yield f"| {entity.plural} | " + " | ".join(cells) + " |"


_NOTHING: Final = "-"
EVERYWHERE: Final = (ERASE, UNSUBSCRIBE, UPSERT)
_MOST_FIELDS: Final = 4


def _describe(source: Source, entity: Entity) -> str:
    able = source.capability.entities.get(entity)
    if able is None:
        return _NOTHING
    told = ("listed", _describe_order(able), _describe_filters(able)) if able.listable else ("looked up; no list",)
    return "; ".join(filter(None, (*told, _describe_never_told(able))))


def _describe_order(able: EntityCapability) -> str:
    names = [to_input_path(name) for name, known in able.fields.items() if known.sortable]
    return f"ordered by {_shorten(names)}" if names else "in the vendor's order"


def _describe_filters(able: EntityCapability) -> str:
    names = [
        to_input_path(name)
        for name, known in able.fields.items()
        if any(line.support is not Support.UNSUPPORTED for line in known.operators.values())
    ]
    return f"narrowed by {_shorten(names)}" if names else "filters are checked here"


def _describe_never_told(able: EntityCapability) -> str:
    names = [to_input_path(name) for name in sorted(able.never_told) if "." not in name]
    return f"never tells {_shorten(names)}" if names else ""


def _shorten(names: list[str]) -> str:
    if len(names) <= _MOST_FIELDS:
        return ", ".join(f"`{name}`" for name in names)
    return f"{len(names)} fields"


def build_writes() -> Iterator[str]:
    """Build the table of what each vendor can be told, as its sandbox's own settings have it."""
    yield "| mutation | vendor | call | sent twice is as once | read back | scope |"
    yield "|---|---|---|---|---|---|"
    told = [
        (name, source, able) for source in embedded_sandbox().by_name.values() for name, able in source.writes.items()
    ]
    for name, source, able in sorted(told, key=lambda each: (each[0], each[1].name)):
        repeat, back = ("yes" if able.repeatable else "no"), able.read_back or _NOTHING
        yield f"| `{name}` | {source.package.title} | {able.call} | {repeat} | {back} | {_describe_scope(able)} |"
    yield from _build_writes_everywhere()


def _describe_scope(able: WriteCapability) -> str:
    scope = "write, consent" if able.scope is WriteScope.CONSENT else able.scope.value
    return f"{scope}; send {able.sends_when}" if able.sends_when else scope


def _build_writes_everywhere() -> Iterator[str]:
    """Build the rows of writes to a person at every source: which mutation each vendor is asked for."""
    for kind in EVERYWHERE:
        args = PeopleArgs(kind=kind, named={"email": "ada@example.org"})
        for source in sorted(embedded_sandbox().by_name.values(), key=lambda each: each.name):
            (known,) = plan_parts(args, source, [SubscriberRecord(source=source.name, id="1")])
            (new,) = plan_parts(args, source, [])
            asked = dict.fromkeys(part.mutation for part in (known, new) if part.mutation in source.writes)
            told = " or ".join(f"`{name}`" for name in asked) or "refused"
            yield f"| `{kind}` | {source.package.title} | {told} |" + f" {'as that' if asked else _NOTHING} |" * 3


TABLES: Final[Mapping[str, Callable[[], Iterator[str]]]] = {
    "settings": build_settings,
    "keys": partial(build_keys, SourceSettings.model_fields),
    **{
        f"keys {package.name}": partial(build_keys, select_own_fields(package.settings))
        for package in find_vendors().values()
    },
    "support": build_support,
    "writes": build_writes,
}


def fill(text: str) -> str:
    """Return a text with its tables made anew."""
    return _TABLE.sub(
        lambda found: f"<!-- table: {found['name']} -->\n" + "\n".join(TABLES[found["name"]]()) + "\n<!-- end -->", text
    )


if __name__ == "__main__":
    README.write_text(fill(README.read_text(encoding="utf-8")), encoding="utf-8")
