"""
Imports: people brought into a list in two steps, of which the second, whose token works once, has the effect.

Named defaults: people who are known get the values given and no others, nobody is mailed, nobody is suppressed, and
who has left the list, or whose mail comes back, is left out without consent: the document does not say whether an
import lets them rejoin. Who is in a file nobody here can see, so a file is not imported without consent at all.
Source: taximail-contacts.txt, Importing and Results for imported contact.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any, Final

from adapters.calls import CallScope
from adapters.concurrency import work_aside
from adapters.contract import ItemResult, Outcome, WriteResult
from adapters.errors import BudgetExceededError, ConsentError, FacadeError, InputError
from adapters.identity import to_email_key
from adapters.recipes import Found, Step, StepResult
from adapters.transport.client import Reply, VendorRequest

from .ask import INPUT, Ask, Draft, Path, read_list_id
from .columns import EMAIL, read_columns, to_import_name
from .counting import WHO_FAILED, read_total
from .people import fetch_fields, fetch_members, has_left
from .replies import read_word
from .requests import KEY, TOKEN, Pairs, build_commit, build_import
from .rows import Batch, Format, Person, build_batches, choose_formats

OPTIONS: Final = (INPUT, "taximail")
_COPY, _FILE = "copyandpaste", "fromfile"
_DEFAULT: Final = Format("comma", "none")
OPTED_OUT: Final = "This person has opted out."
LEFT_OUT: Final = "has left the list, or mail to them comes back; `consent` would bring them in all the same"


async def draft_import(ask: Ask) -> Draft:
    """Prepare an import of items, or of a file that the vendor reads."""
    list_id, options = _read_options(ask)
    if _is_of_file(options):
        return _draft_file(ask, list_id, options)
    return await _draft_items(ask, list_id, options)


async def check_import(ask: Ask) -> None:
    """Refuse what an import is refused for by what it says and by its list's fields; nobody is looked up for it."""
    list_id, options = _read_options(ask)
    if _is_of_file(options):
        _draft_file(ask, list_id, options)
    else:
        await _read_items(ask, list_id, options)


def _read_options(ask: Ask) -> tuple[str, Mapping[str, Any]]:
    return read_list_id(ask.values.get("list_id"), (INPUT, "listId")), ask.values.get("taximail") or {}


def _is_of_file(options: Mapping[str, Any]) -> bool:
    return (options.get("mode") or (_FILE if options.get("path_file") else _COPY)) == _FILE


def _draft_file(ask: Ask, list_id: str, options: Mapping[str, Any]) -> Draft:
    """Prepare the import of a file: nobody here can see who is in it."""
    path, names = options.get("path_file"), options.get("matched_fields") or ()
    if ask.command.items:
        raise InputError("An import is of a file or of items.", path=(INPUT, "items"))
    if not path or not path.lower().endswith(".csv"):
        raise InputError("It is not said which CSV file is to be imported.", path=(*OPTIONS, "pathFile"))
    if EMAIL not in names:
        hint = "Say what each column holds, one of them `email`."
        raise InputError("No column of the file holds the address.", hint=hint, path=(*OPTIONS, "matchedFields"))
    check_matched(names)
    if not ask.command.unchecked:
        raise ConsentError(
            "Who is in the file is known only to the vendor, so nobody can be left out.",
            hint="Say `recipientsUnchecked: true` to import it all the same.",
            path=(INPUT, "recipientsUnchecked"),
        )
    if ask.command.consent is None:
        raise ConsentError(
            "Who has left the list may be in the file, and may be put on it again.",
            hint="Say with `consent` why they may; it needs the scope `consent`. Or import people as `items`.",
            path=(INPUT, "consent"),
        )
    between, around = options.get("field_terminator"), options.get("field_encloser")
    format_ = Format(between or _DEFAULT.terminator, around or _DEFAULT.encloser)
    matched = tuple(("matched_fields[]", to_import_name(name)) for name in names)
    form = (("mode_import", _FILE), ("path_file", path), *format_.form, *matched, *_build_options(options))
    steps = build_steps(ask, list_id, form, read=partial(read_total, ()))
    return Draft(steps=steps, check=_tell_check(list_id))


def check_matched(names: Sequence[str]) -> None:
    """Refuse columns of which two are one field; the vendor answers 409 or 503 then. Source: Response Code."""
    for place, name in enumerate(names):
        same = [to_import_name(each) for each in names[:place]]
        if name != "0" and to_import_name(name) in same:
            raise InputError("Two columns hold one field.", path=(*OPTIONS, "matchedFields", place))


async def _draft_items(ask: Ask, list_id: str, options: Mapping[str, Any]) -> Draft:
    """Prepare the import of items; who has left is left out, unless the caller says why not."""
    people = await _read_items(ask, list_id, options)
    skipped = dict.fromkeys(ask.values.get("skipped") or (), OPTED_OUT)
    skipped |= await _find_left(ask, list_id, people) if leaves_out(ask) else {}
    left = [each for each in people if each.place not in skipped]
    batches = await work_aside(len(left), lambda: _build_all(ask, list_id, left, options))
    unchecked = () if leaves_out(ask) else ("Nobody was looked up: who has left the list may be in it.",)
    return Draft(
        steps=tuple(chain.from_iterable(batches)),
        warnings=unchecked,
        skipped=skipped,
        check=_tell_check(list_id),
        independent=len(batches) > 1,
        finish=partial(_find_failed, ask, list_id, people),
    )


async def _read_items(ask: Ask, list_id: str, options: Mapping[str, Any]) -> list[Person]:
    """Read the items of an import into a list; raises `InputError` for what is wrong with any, whoever it is about."""
    if options.get("path_file") or options.get("matched_fields") is not None:
        raise InputError("Items need no file and no columns.", hint="Say FROM_FILE for a file.", path=OPTIONS)
    known = await fetch_fields(ask, list_id)
    return await work_aside(ask.command.count, lambda: _check_people(ask, known, options))


def _check_people(ask: Ask, known: frozenset[str], options: Mapping[str, Any]) -> list[Person]:
    people = read_people(ask.command.items, known)
    build_batches(people, choose_formats(options))
    return people


async def _find_failed(
    ask: Ask, list_id: str, people: Sequence[Person], result: WriteResult, scope: CallScope
) -> WriteResult:
    """Look on the list for items that nobody knows of: Taximail counts those it did not take, and names none."""
    unsure = {item.place for item in result.items if item.outcome is Outcome.UNKNOWN and _is_uncounted(item)}
    if not unsure:
        return result
    emails = {person.place: to_email_key(_email_of(person)) for person in people if person.place in unsure}
    try:
        members = await fetch_members(replace(ask, scope=scope), list_id, emails.values())
    except FacadeError:
        return result
    absent = {place for place, email in emails.items() if email not in members}
    told = len(absent) == result.facts.get("failed")
    return replace(result, items=tuple(_tell(item, unsure, absent, told=told) for item in result.items))


def _is_uncounted(item: ItemResult) -> bool:
    return item.error is not None and item.error.reason == WHO_FAILED


def _tell(item: ItemResult, unsure: set[int], absent: set[int], *, told: bool) -> ItemResult:
    """Who is not on the list was not taken; who is was, where the others are as many as Taximail counts."""
    if item.place in absent:
        return replace(item, outcome=Outcome.REJECTED)
    return replace(item, outcome=Outcome.APPLIED, error=None) if told and item.place in unsure else item


async def _find_left(ask: Ask, list_id: str, people: Sequence[Person]) -> dict[int, str]:
    """Find who has left the list, by place; raises `BudgetExceededError` where that would take too many calls."""
    try:
        members = await fetch_members(ask, list_id, (_email_of(person) for person in people))
    except BudgetExceededError as error:
        error.hint = "Import fewer people at once, or say with `consent` why nobody need be looked up."
        raise
    held = {person.place: members.get(to_email_key(_email_of(person)), ()) for person in people}
    return {place: LEFT_OUT for place, records in held.items() if any(map(has_left, records))}


def leaves_out(ask: Ask) -> bool:
    """Say whether an import leaves out who has left its list: nothing but consent lets them rejoin."""
    return ask.command.consent is None


def _build_all(ask: Ask, list_id: str, people: Sequence[Person], options: Mapping[str, Any]) -> list[tuple[Step, ...]]:
    batches = build_batches(people, choose_formats(options))
    return [_build_batch(ask, list_id, batch, number, options) for number, batch in enumerate(batches)]


def _build_batch(ask: Ask, list_id: str, batch: Batch, number: int, options: Mapping[str, Any]) -> tuple[Step, ...]:
    form = build_form(batch, options)
    return build_steps(ask, list_id, form, read=partial(read_total, batch.places), places=batch.places, number=number)


def _tell_check(list_id: str) -> str:
    return f"Look at list {list_id} in Taximail: whether the people of the import are on it."


def read_people(items: Sequence[Mapping[str, Any]], known: frozenset[str] | None) -> list[Person]:
    """Read the items of an import; raises `InputError` for one that cannot be sent, or that is there twice."""
    if not items:
        raise InputError("There is nobody to import.", path=(INPUT, "items"))
    people, places = list[Person](), dict[str, int]()
    for place, item in enumerate(items):
        path: Path = (INPUT, "items", place)
        person = Person(place, read_columns(item, path, known))
        email = _read_email(person, path)
        if item.get("memberships"):
            raise InputError("An import is into one list.", hint="Say `listId`.", path=(*path, "memberships"))
        if email in places:
            message = f"This address is in the import twice, first in item {places[email]}."
            raise InputError(message, reason="DUPLICATE_ITEM", path=(*path, EMAIL))
        places[email] = place
        people.append(person)
    return people


def _read_email(person: Person, path: Path) -> str:
    if person.columns.email is None:
        raise InputError("Everybody in an import needs an e-mail address.", path=(*path, EMAIL))
    return to_email_key(person.columns.email)


def _email_of(person: Person) -> str:
    return person.columns.texts[EMAIL]


def build_form(batch: Batch, options: Mapping[str, Any]) -> Pairs:
    """Build the form of an import of rows, in the order of the document's example."""
    return (
        ("mode_import", _COPY),
        ("subscribers_data", batch.text),
        *batch.format.form,
        *(("matched_fields[]", to_import_name(name)) for name in batch.names),
        *_build_options(options),
    )


def _build_options(options: Mapping[str, Any]) -> Pairs:
    """Name every option, also where it is the vendor's default: defaults may change."""
    updates = options.get("update_duplicates") is not False
    return (
        ("update_duplicates", str(updates).lower()),
        ("not_send_optin_email", str(not sends_mail(options)).lower()),
        ("add_to_suppression_list", options.get("add_to_suppression_list") or "none"),
    )


def sends_mail(options: Mapping[str, Any]) -> bool:
    """Say whether an import asks everybody by mail to confirm."""
    return options.get("not_send_optin_email") is False


def build_steps(
    ask: Ask, list_id: str, form: Pairs, *, read: Any, places: tuple[int, ...] = (), number: int = 0
) -> tuple[Step, Step]:
    """Build the two steps of an import; `read` reads the second one's reply, `number` tells imports apart."""
    ending = f" {number + 1}" if number else ""
    key, token = KEY + ending, TOKEN + ending
    first = build_import(list_id, form, ask.purpose)

    def take(reply: Reply) -> StepResult:
        words = {key: read_word(reply, KEY), token: read_word(reply, TOKEN)}
        return StepResult(outcome=Outcome.ACCEPTED, found=words, known_by={f"import{ending}": words[key]})

    def commit(found: Found) -> VendorRequest:
        return build_commit(list_id, found[key], found[token], ask.purpose)

    return (
        Step(name=f"import{ending}", build=lambda _found: first, read=take, changes=False, places=places),
        Step(name=f"commit{ending}", build=commit, read=read, places=places, needs=(key, token)),
    )
