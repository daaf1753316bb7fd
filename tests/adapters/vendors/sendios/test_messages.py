"""One mail to one person: what is sent, to whom, and by which words it is known later."""

import json
from typing import Any

import pytest

from adapters.contract import Outcome, WriteCommand
from adapters.errors import CapabilityError, IdError, InputError, NotFoundError, VendorError
from tests.adapters.vendors.sendios.world import World, build_world, scope
from tests.adapters.vendors.sendios.writing import Notes, build_command, changes, find_out, prepare, write

SYSTEM = {"kind": "system", "type_id": "1", "project_id": "1"}
EVERYTHING = {
    **SYSTEM,
    "kind": "trigger",
    "template_id": "55",
    "subject_id": "66",
    "user": {
        "name": "John",
        "gender": "m",
        "platform_number": 3,
        "country": "UKR",
        "list_id": "4",
        "client_user_id": "c-1",
        "ak": "k",
        "age": 40,
        "photo": "https://img.example.com/1.jpg",
        "language": "en",
        "channel_id": "5",
        "subchannel_id": "6",
        "vip": False,
    },
    "meta": {"tracking_id": 72348234},
}


def build_message(*recipients: dict[str, str], sendios: Any = SYSTEM, **values: Any) -> WriteCommand:
    named = list(recipients) or [{"email": "new@gmail.com"}]
    return build_command("sendMessage", recipients=named, sendios=sendios, **values)


async def test_every_documented_parameter_is_sent() -> None:
    """Broken, a parameter of the vendor's table would be lost on the way (sendios-faq.txt, 8)."""
    world = build_world()

    result = await write(world, build_message(sendios=EVERYTHING, content={"some": "hi"}))

    (call,) = [call for call in world.sandbox.calls.entries if "push" in call.line]
    assert call.line == "POST /v1/push/trigger"
    assert json.loads(call.body or "") == {
        "type_id": 1,
        "project_id": 1,
        "email": "new@gmail.com",
        "data": {
            "some": "hi",
            "user": {
                "name": "John",
                "gender": "m",
                "platform_id": 3,
                "country_id": "UKR",
                "list_id": 4,
                "client_user_id": "c-1",
                "ak": "k",
                "age": 40,
                "photo": "https://img.example.com/1.jpg",
                "language_id": "en",
                "channel_id": 5,
                "subchannel_id": 6,
                "vip": 0,
            },
            "meta": {"tracking_id": 72348234},
        },
        "transactional_mail_settings": {"template_id": 55, "subject_id": 66},
    }
    assert (result.outcome, result.error) == (Outcome.ACCEPTED, None)
    user = world.sandbox.store.find_by_email(1, "new@gmail.com")
    assert user is not None
    assert (user.name, user.country, user.list_id, user.sends) == ("John", "UKR", 4, 1)


async def test_a_person_by_id_gets_it_in_their_project() -> None:
    """Broken, the mail would go out from another project, where the person is another one."""
    world = build_world()

    result = await write(world, build_message({"id": "8424"}, sendios={"kind": "system", "type_id": "1"}))

    (call,) = [call for call in world.sandbox.calls.entries if "push" in call.line]
    assert (json.loads(call.body or "")["project_id"], json.loads(call.body or "")["email"]) == (1, "test@example.com")
    assert (result.outcome, result.id) == (Outcome.ACCEPTED, "8424")


async def test_its_words_are_written_down_before_it_is_sent() -> None:
    """Broken, what the vendor tells of a mail whose answer was lost would find no write."""
    world, notes = build_world(), Notes()
    world.strike("reset", match="push", applied=True)

    result = await write(world, build_message({"id": "8424"}, sendios={**EVERYTHING}), notes)

    assert [kind for kind, _ in notes.told] == ["known", "sending", "done"]
    assert set(notes.told[0][1]) == {"meta", "reader", "user"}
    assert "test@example.com" not in str(notes.told)
    assert result.outcome is Outcome.UNKNOWN
    assert "webhook" in (result.check or "")


@pytest.mark.parametrize("kind", ["reset", "hang", "truncate", "html"])
async def test_it_is_never_sent_again(kind: str) -> None:
    """Broken, a person would get the same mail twice: the vendor knows no key by which it would see that."""
    world = build_world(attempt_s=0.3)
    prepared = await prepare(world, build_message())
    world.strike(kind, match="push", **({"applied": True} if kind != "truncate" else {}))

    result = await world.adapter.send_write(prepared, scope(), Notes())

    assert result.outcome is Outcome.UNKNOWN
    assert changes(world) == ["POST /v1/push/system"]
    assert (await find_out(world, prepared.command)).outcome is Outcome.UNKNOWN


async def test_only_a_confirmation_is_one() -> None:
    """Broken, a mail would be told as taken that the vendor says nothing of."""
    world = build_world()
    prepared = await prepare(world, build_message())
    world.strike("json", match="push", body='{"_meta": {"status": "SUCCESS"}, "data": {"queued": false}}')

    assert (await world.adapter.send_write(prepared, scope(), Notes())).outcome is Outcome.UNKNOWN


async def test_a_corrected_address_must_be_named() -> None:
    """Broken, a mail would reach somebody nobody has named, and whose opt-out nobody has looked at."""
    world = build_world()

    with pytest.raises(InputError, match="corrected") as caught:
        await prepare(world, build_message({"email": "new@gmial.com"}))

    assert "new@gmail.com" in (caught.value.hint or "")
    assert changes(world) == []


async def test_a_doubtful_address_is_told() -> None:
    """The vendor takes the mail and rejects it later, so it is said beforehand."""
    prepared = await prepare(build_world(), build_message({"email": "a@mailinator.com"}))

    assert "blacklisted" in prepared.warnings[0]


async def test_nothing_is_sent_to_an_address_nobody_could_ask_about() -> None:
    """Broken, a mail might go to a corrected address while the check is down."""
    world = build_world()
    world.strike("status", match="email/check", status=502)

    with pytest.raises(VendorError):
        await prepare(world, build_message())
    assert changes(world) == []


BAD: dict[str, tuple[WriteCommand, type[Exception]]] = {
    "no part": (build_message(sendios=None), InputError),
    "two people": (build_message({"id": "8424"}, {"email": "new@gmail.com"}), InputError),
    "by telephone": (build_message({"phone": "+61412345678"}), CapabilityError),
    "by own key": (build_message({"ref": "r"}), CapabilityError),
    "no address": (build_message({"email": "new"}), InputError),
    "line break": (build_message({"email": "new@gmail.com\n"}), InputError),
    "unknown id": (build_message({"id": "5"}), NotFoundError),
    "id of text": (build_message({"id": "../8424"}), IdError),
    "type of text": (build_message(sendios={**SYSTEM, "type_id": "welcome"}), IdError),
    "template of text": (build_message(sendios={**SYSTEM, "template_id": "x"}), IdError),
    "foreign project": (build_message(sendios={**SYSTEM, "project_id": "9"}), InputError),
    "no project": (build_message(sendios={"kind": "system", "type_id": "1"}), InputError),
    "another project": (build_message({"id": "8424"}, sendios={**SYSTEM, "project_id": "2"}), InputError),
    "content of text": (build_message(content="hi"), InputError),
    "content of the vendor's": (build_message(content={"user": {}}), InputError),
    "meta of a list": (build_message(sendios={**SYSTEM, "meta": [1]}), InputError),
    "too large a number": (build_message(content={"n": 2**70}), InputError),
}


@pytest.mark.parametrize(("command", "error"), BAD.values(), ids=list(BAD))
async def test_bad_input_is_refused_before_anything_is_sent(command: WriteCommand, error: type[Exception]) -> None:
    """Broken, the vendor would be asked what it cannot do, or mail somebody else."""
    world = build_world()

    with pytest.raises(error):
        await prepare(world, command)
    assert changes(world) == []


async def test_a_content_of_one_person_is_refused_where_it_stands() -> None:
    """Broken, a caller would be told to name the person in another way, which is named well."""
    world = build_world()

    with pytest.raises(CapabilityError) as refused:
        await prepare(world, build_message({"email": "new@gmail.com", "content": "{}"}))
    assert refused.value.path == ("input", "recipients", 0, "content")
    assert changes(world) == []


async def test_the_only_project_need_not_be_named() -> None:
    """Broken, an account of one project would have to say so every time."""
    world: World = build_world(projects={1: "Shop"})

    prepared = await prepare(world, build_message(sendios={"kind": "system", "type_id": "1"}))

    assert prepared.requests[0].body["project_id"] == 1
