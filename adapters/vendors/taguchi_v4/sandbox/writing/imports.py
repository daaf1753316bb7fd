"""
PROCESS: people taken from the files of an import's manifest.

Source: taguchi-v4-api.txt, Import Resource, Manifest. The files are what a test has put into `Store.files`, by address;
delimited ones are read, and what cannot be had leaves the import without people. Its XML files are a gap.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from adapters.vendors.taguchi_v4.sandbox.refusals import Refusal, bad_request
from adapters.vendors.taguchi_v4.sandbox.store import Store
from adapters.vendors.taguchi_v4.sandbox.tables import Key

from .audits import Audit, Deed
from .fields import read_key

CUSTOM = "custom_"
_ESCAPES = {"\\t": "\t", "\\n": "\n", "\\r": "\r", "\\\\": "\\"}
_ESCAPE = re.compile(r"\\[tnr\\]")

Person = dict[str, Any]
Upsert = Callable[[Mapping[str, Any]], Key]


@dataclass(frozen=True, slots=True)
class ImportProcessor:
    """
    Runs one import, which exists; `upsert` is how a person is made or changed.
    """

    store: Store
    audit: Audit
    upsert: Upsert
    key: int

    def process(self) -> None:
        """
        Take the people in, and count them.

        Raises:
            Refusal: 400 for a manifest that is none.
        """
        people = list(_list_people(self._read_manifest(), self.store.files))
        before = {row["id"] for row in self.store.rows("subscriber")}
        taken, invalid = 0, 0
        for person in people:
            try:
                self.upsert(person)
                taken += 1
            except Refusal:
                invalid += 1
        new = len({row["id"] for row in self.store.rows("subscriber")} - before)
        counts = {"total": len(people), "invalid": invalid, "bounced": 0, "global_new": new, "list_new": taken}
        self.store.update("import", self.key, {"timestamp": self.audit.now, "status": "done", **counts})
        self.audit.note(Deed.PUT_THROUGH, "import", self.key)

    def _read_manifest(self) -> ET.Element:
        text = (self.store.row("import", self.key) or {})["manifest"]
        if text is None:
            raise bad_request("The import has no manifest")
        try:
            return ET.fromstring(text)  # noqa: S314 - the emulator reads made-up documents only
        except ET.ParseError as error:
            raise bad_request("The manifest is not correctly serialized") from error


def _list_people(manifest: ET.Element, files: Mapping[str, str]) -> Iterator[Person]:
    for source in manifest.findall("{*}source"):
        layout = source.find("{*}format")
        text = files.get(source.get("href", ""))
        if layout is not None and layout.get("type") == "delimited" and text is not None:
            lists = [{"list_id": read_key(each.get("id"), "list")} for each in source.findall("{*}lists/{*}list")]
            fields = [(each.get("name", ""), each.get("select", "")) for each in source.findall("{*}fields/{*}field")]
            for line in filter(None, text.split(_unescape(layout.get("line-separator", "\\n")))):
                yield _build_person(line.split(_unescape(layout.get("field-separator", "\\t"))), fields, lists)


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda found: _ESCAPES[found[0]], text)


def _build_person(values: list[str], fields: list[tuple[str, str]], lists: list[dict[str, int]]) -> Person:
    person: Person = {"lists": lists, "custom_fields": []}
    for name, select in fields:
        place = int(select.removeprefix("@"))
        value = values[place] if place < len(values) else None
        if name.startswith(CUSTOM):
            person["custom_fields"].append({"field": name.removeprefix(CUSTOM), "data": value})
        else:
            person[name] = value
    return person
