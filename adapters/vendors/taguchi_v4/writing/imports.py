"""
Imports: the record with its manifest, and the start of its processing.

Who is in the file is known to nobody before Taguchi reads it, so whoever starts an import must say that it is not
checked; and where it may put people back on a list they had left, or clear an opt-out, why it may.
Source: taguchi-v4-api.txt, Import Resource, PROCESS and Manifest.
"""

from typing import Final

from adapters.contract import Outcome
from adapters.errors import CapabilityError, ConsentError, InputError
from adapters.recipes import Found, Step
from adapters.records import Entity
from adapters.transport.client import VendorRequest

from .ask import Ask, Draft, to_path
from .fields import to_shown, to_wire
from .held import fetch_row
from .manifests import hide_manifest, may_undo_opt_outs, read_manifest
from .records import build_create_step
from .replies import read_done
from .requests import build_write

IMPORT = Entity.IMPORT
STARTED: Final = "started"
"""The word for when an import was started the last time before: a later start is another one."""

IMPORT_CHECK: Final = (
    "Ask again until the counts stay as they are, or look at the import in Taguchi: it tells when an import has "
    "started and how many people it has brought so far, and not when it is done."
)


async def draft_process(ask: Ask) -> Draft:
    """Start an import that is there; a second start imports again."""
    _check_known(ask)
    row = await fetch_row(ask, IMPORT)
    if row.get("manifest") is None:
        raise InputError("This import has no manifest, so there is nothing to read.", path=to_path("id"))
    _check_consent(ask, row["manifest"])
    started = row.get("timestamp")
    warnings = ("This import has been processed before.",) if started else ()
    return Draft(steps=(_build_process(ask, ask.target, started),), warnings=warnings, check=IMPORT_CHECK)


async def draft_import_subscribers(ask: Ask) -> Draft:
    """
    Make an import and start it; raises `InputError` without a manifest.

    Until it is started nobody is imported: losing the first answer loses nothing but a record without effect.
    """
    _check_known(ask)
    if ask.command.items:
        raise CapabilityError(
            "Taguchi imports files, not people one by one.", hint="Give `taguchi`.", path=to_path("items")
        )
    given = ask.values.get("taguchi") or {}
    wire = {**to_wire(IMPORT, given, "taguchi"), **read_manifest(given, "taguchi")}
    if wire.get("manifest") is None:
        raise InputError("It is not said what to import.", hint="Give `manifest`.", path=to_path("taguchi", "manifest"))
    _check_consent(ask, wire["manifest"])
    steps = (build_create_step(IMPORT, ask, wire, changes=False), _build_process(ask, None))
    return Draft(steps=steps, after=hide_manifest(to_shown(IMPORT, wire)), check=IMPORT_CHECK)


def _check_known(ask: Ask) -> None:
    """Refuse an import whose caller has not said that nobody can look at its people beforehand."""
    if not ask.command.unchecked:
        raise ConsentError(
            "Who is in the file is known only to Taguchi, so nobody who has opted out or left a list can be left out.",
            hint="Say `recipientsUnchecked: true` to import all the same.",
            path=to_path("recipients_unchecked"),
        )


def _check_consent(ask: Ask, manifest: str) -> None:
    """Refuse an import that may undo an opt-out, where its caller has not said why it may."""
    if ask.command.consent is None and may_undo_opt_outs(manifest):
        raise ConsentError(
            "This import may put people back on a list they had left, or clear an opt-out or a bounce.",
            hint="Say with `consent` why it may, which needs the scope `consent`; or import plain fields into no list.",
            path=to_path("consent"),
        )


def _build_process(ask: Ask, id_: str | None, started: str | None = None) -> Step:
    """Build the start of an import: of this one, or of the one the step before has made."""
    known = {} if id_ is None else {"id": id_}

    def build(found: Found) -> VendorRequest:
        return build_write(IMPORT, "PROCESS", id_ or found["id"], None, purpose=ask.purpose)

    return Step(
        name="import.process",
        build=build,
        read=lambda reply: read_done(reply, id_, Outcome.ACCEPTED),
        known_by={**known, STARTED: started} if started else known,
    )
