"""
What only Taguchi V5 says of a record: the fields behind `taguchiV5 { … }`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.contract import Extension
from adapters.records import Entity

WORD: Final = "taguchi_v5"


def _about(description: str, **marks: bool) -> Mapping[str, Any]:
    return {"description": description, **marks}


@dataclass(frozen=True, slots=True, kw_only=True)
class TaguchiV5Subscriber:
    """
    A profile's own fields at Taguchi V5.

    Source: vendors/facts.md, 2.2, the full profile.
    """

    notifications: str | None = field(
        default=None, metadata=_about("Free text for message personalisation, such as notification choices.", pii=True)
    )
    extra: str | None = field(default=None, metadata=_about("Free text for message personalisation.", pii=True))
    resume_date: str | None = field(
        default=None, metadata=_about("When sending to this person goes on again, as Taguchi writes it.")
    )
    birth_date_text: str | None = field(
        default=None, metadata=_about("The date of birth as it was entered, where that is no date.", pii=True)
    )
    organization_id: str | None = field(
        default=None, metadata=_about("The Taguchi organization that owns the profile.", id=True)
    )


EXTENSIONS: Final[Mapping[Entity, Extension]] = {
    Entity.SUBSCRIBER: Extension(WORD, TaguchiV5Subscriber, "What only Taguchi V5 knows of this person."),
}
