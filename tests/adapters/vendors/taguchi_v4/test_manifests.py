"""Import manifests: read as documented, bounded, and without anything they might pull in."""

from pathlib import Path

import pytest

from adapters.records import (
    ManifestFieldRecord,
    ManifestFormatRecord,
    ManifestRecord,
    ManifestSourceRecord,
    Unreadable,
)
from adapters.vendors.taguchi_v4.manifests import MAX_DEPTH, MAX_ELEMENTS, MAX_MANIFEST_CHARS, to_manifest

EXAMPLE = Path(__file__).with_name("examples") / "manifest.xml"


def read(text: str) -> ManifestRecord:
    """Read a manifest that must be readable."""
    manifest = to_manifest("retail", text)
    assert isinstance(manifest, ManifestRecord)
    return manifest


def test_the_manifest_of_the_document() -> None:
    """The document's own manifest must be read as the document describes it."""
    names = ("email", "firstname", "lastname")
    expected = ManifestSourceRecord(
        source="retail",
        href="file:///tmp/example.tsv",
        format=ManifestFormatRecord(type="delimited", field_separator="\\t", line_separator="\\n"),
        fields=tuple(ManifestFieldRecord(name=name, select=f"@{place}") for place, name in enumerate(names)),
        list_ids=("1",),
    )

    assert read(EXAMPLE.read_text()) == ManifestRecord(sources=(expected,))


def test_several_files_an_xml_one_and_custom_fields() -> None:
    """Source: Import Resource, Manifest, the three options below the example."""
    found = read(
        '<manifest xmlns="http://taguchimail.com/manifest">'
        '<source href="a.tsv"><lists><list id="1"/><list id="2"/></lists></source>'
        '<source href="b.xml"><format type="xml" select="//person"/>'
        '<fields><field name="custom_shoe size" select="./shoe"/><field name="custom_"/></fields></source>'
        "</manifest>"
    )

    assert [source.list_ids for source in found.sources] == [("1", "2"), ()]
    assert found.sources[1].format == ManifestFormatRecord(type="xml", select="//person")
    assert found.sources[1].fields == (
        ManifestFieldRecord(name="custom_shoe size", select="./shoe", custom_field="shoe size"),
        ManifestFieldRecord(name="custom_", custom_field=""),
    )


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        ("<manifest/>", 0),
        ("<manifest><source/></manifest>", 1),
        ("<manifest><x/></manifest>", 0),
        ('<?xml version="1.0" encoding="made-up"?><manifest/>', 0),
    ],
)
def test_what_a_manifest_leaves_out_is_missing(text: str, sources: int) -> None:
    """A short manifest would be refused, or filled with what nobody wrote."""
    assert read(text) == ManifestRecord(sources=(ManifestSourceRecord(source="retail"),) * sources)


def test_no_manifest_is_none() -> None:
    """An import without a manifest would show an error."""
    assert to_manifest("retail", None) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "null",
        "{}",
        "<manifest>",
        "<manifest></source>",
        "<manifest/><manifest/>",
        "<import/>",
        '<manifest><source href="a" href="b"/></manifest>',
        "<manifest>&unknown;</manifest>",
        '<manifest><source><lists><list id="x"/></lists></source></manifest>',
        "<manifest><source><lists><list/></lists></source></manifest>",
        '<manifest><source><fields><field select="@0"/></fields></source></manifest>',
        "<manifest>\x00</manifest>",
        "<manifest>\ud800</manifest>",
        '<!DOCTYPE manifest [<!ENTITY a "b">]><manifest>&a;</manifest>',
        '<!DOCTYPE manifest SYSTEM "http://127.0.0.1:9/x.dtd"><manifest/>',
        '<!DOCTYPE manifest [<!ENTITY a SYSTEM "file:///etc/passwd">]><manifest><source href="&a;"/></manifest>',
        '<!DOCTYPE m [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><manifest>&b;</manifest>',
        "<source/>" * 3,
        "<manifest>" * (MAX_DEPTH + 2) + "</manifest>" * (MAX_DEPTH + 2),
        "<manifest>" + "<source/>" * MAX_ELEMENTS + "</manifest>",
        f"<manifest>{' ' * MAX_MANIFEST_CHARS}</manifest>",
    ],
    ids=lambda text: text[:40],
)
def test_what_is_no_manifest_is_unreadable(text: str) -> None:
    """It would fail the whole import, read a file of ours, or take the memory of us all."""
    found = to_manifest("retail", text)

    assert isinstance(found, Unreadable)
    assert "manifest" in found.what
    assert len(found.what) < 80
