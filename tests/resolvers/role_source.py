"""
A source that fills the roles beside reading: it finds people, tells parts of records and judges addresses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from adapters.calls import CallScope
from adapters.contract import MatchReason, PersonMatch, PersonQuery, Source
from adapters.errors import FacadeError, InputError
from adapters.identity import to_e164, to_email_key
from adapters.records import EmailCheckRecord, Entity, Record, SubscriberRecord
from tests.resolvers.fake_source import FakeAdapter, adapter_of, build_source


@dataclass
class RoleAdapter(FakeAdapter):
    """
    Answers what its rows say.

    `parts` are by (part, id), `refused` what a search for people is refused with, `region` completes numbers.
    """

    region: str | None = None
    parts: dict[tuple[str, str], object] = field(default_factory=dict)
    refused: InputError | None = None

    async def fetch_people(self, query: PersonQuery, scope: CallScope, *, purpose: str) -> tuple[PersonMatch, ...]:
        """Find people by anything the query holds."""
        if self.refused is not None:
            raise self.refused
        await self._call("people", scope, purpose)
        people = [row for row in self.of(Entity.SUBSCRIBER) if isinstance(row, SubscriberRecord)]
        matches = (PersonMatch(row, self._judge(row, query)) for row in people)
        return tuple(match for match in matches if match.reasons)

    async def fetch_parts(
        self, entity: Entity, part: str, ids: Sequence[str], scope: CallScope, *, purpose: str
    ) -> Mapping[str, object | FacadeError | None]:
        """Tell what is known of each; the reply leaves out what is not, and stands in another order."""
        assert len(set(ids)) == len(ids), "a key is asked for once"
        await self._call(f"{entity} {part}", scope, purpose)
        return {id_: self.parts[part, id_] for id_ in reversed(ids) if (part, id_) in self.parts}

    async def fetch_email_check(self, email: str, scope: CallScope, *, purpose: str) -> EmailCheckRecord:
        """Find every address to be fine."""
        await self._call("check", scope, purpose)
        return EmailCheckRecord(source=self.name, email=email, valid=True)

    def _judge(self, row: SubscriberRecord, query: PersonQuery) -> tuple[MatchReason, ...]:
        phone = to_e164(query.phone, self.region) if query.phone else None
        said = {
            MatchReason.EMAIL: bool(query.email and row.email and to_email_key(row.email) == query.email),
            MatchReason.PHONE: bool(phone and row.phone and to_e164(row.phone, self.region) == phone),
            MatchReason.REF: bool(query.ref and row.ref == query.ref),
        }
        return tuple(reason for reason, holds in said.items() if holds)


def build_role_source(name: str, *records: Record, region: str | None = None) -> Source:
    """Open a source that fills every role over some rows."""
    plain = build_source(name)
    adapter = RoleAdapter(name, adapter_of(plain).table, region=region)
    adapter.put(*records)
    return replace(plain, adapter=adapter, region=region)


def role_of(source: Source) -> RoleAdapter:
    """Return the fake behind a source."""
    assert isinstance(source.adapter, RoleAdapter)
    return source.adapter
