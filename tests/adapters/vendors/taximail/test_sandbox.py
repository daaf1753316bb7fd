"""The emulator against the document's own examples, and its ways with sessions, envelopes and choices."""

import pytest

from tests.adapters.vendors.taximail.account import BASIC, KEYS, build_account, enter, knock

SHOW = (
    "/v2/list/314/subscribers?display_mode=all&order_by=email&order_type=desc&page=1&limit=3&keyword_search=example.com"
)
UNAUTHORIZED = {"status": "error", "code": 401, "err_msg": "Unauthorized or the session_id was expired."}


async def test_a_page_is_the_document_s_example():
    """Source: Showing, Example Result; the rows stand in the order its request asks for."""
    async with enter(build_account()) as client:
        reply = (await client.get(SHOW)).json()

    data = reply["data"]
    assert (reply["status"], reply["code"]) == ("success", 200)
    assert data["list_subscriber"][1] == {
        "subscriber_id": 2,
        "firstname": "Adam",
        "lastname": "Smith",
        "email": "adam@example.com",
        "subscription_status": "Subscribed",
        "bounce_type": "Not Bounced",
        "subscription_date": "2015-10-29 11:10:19",
        "custom_field_208": "Mr. Adam Smith",
        "custom_field_210": "",
    }
    assert [row["email"] for row in data["list_subscriber"]] == ["john@example.com", "adam@example.com"]
    assert data["field_subscriber"][-2] == {"field_name": "Customer Fullname", "field_key": "custom_field_208"}
    assert (data["subscriber_filter_count"], data["subscriber_count"]) == (2, 5)


async def test_one_contact_is_the_document_s_example():
    """Source: Contact's detail, Example Result: no subscriber_id, and fields under their number."""
    async with enter(build_account()) as client:
        reply = (await client.get("/v2/list/314/subscribers/3")).json()

    assert {name: value for name, value in reply["data"].items() if name != "custom_field"} == {
        "email": "john@example.com",
        "subscription_status": "Subscribed",
        "bounce_type": "Not Bounced",
        "subscription_date": "2015-10-29 11:10:19",
    }
    assert reply["data"]["custom_field"][::2] == [
        {
            "custom_field_id": "firstname",
            "custom_field_name": "Firstname",
            "custom_field_value": "",
            "type": "text",
            "data": "John",
        },
        {
            "custom_field_id": 208,
            "custom_field_name": "Customer Fullname",
            "custom_field_value": "",
            "type": "text",
            "data": "Mr. John Smith",
        },
    ]


async def test_an_import_takes_two_steps_and_its_token_works_once():
    """Source: Importing; Results for imported contact. The example names field 208 and ends in an empty row."""
    sandbox = build_account()
    body = (
        "mode_import=copyandpaste&subscribers_data=john%40example.com%2Cjohn+doe%7C%3A%7Cada%40example.com%2Cada+doe"
        "%7C%3A%7C&field_terminator=%2C&matched_fields%5B%5D=email&matched_fields%5B%5D=208&update_duplicates=true"
        "&not_send_optin_email=true&add_to_suppression_list=none"
    )
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    async with enter(sandbox) as client:
        first = (await client.post("/v2/list/314/subscribers/import", content=body, headers=form)).json()
        assert len(sandbox.store.lists[314].contacts) == 5
        path = f"/v2/list/314/subscribers/{first['data']['key_import']}/Commit/{first['data']['token']}"
        second, third = (await client.get(path)).json(), (await client.get(path)).json()

    assert (first["status"], first["code"]) == ("success", 201)
    assert second["data"] == {"subscribers_count": 2, "success": 1, "duplicate": 1, "failed": 0}
    assert (third["code"], third["err_msg"]) == (404, "This token has been used or invalid.")
    assert sandbox.store.lists[314].contacts[3].values["custom_field_208"] == "john doe"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"matched_fields": ["208"]}, 400),
        ({"matched_fields": ["email", "208", "FULLNAME"]}, 503),
        ({"mode_import": "other"}, 400),
        ({"subscribers_data": "|:|"}, 400),
        ({"mode_import": "fromfile", "path_file": "people.csv"}, 404),
        ({"mode_import": "fromfile", "path_file": "people.txt"}, 400),
    ],
    ids=["no address", "field twice", "unknown mode", "no rows", "no file", "no csv"],
)
async def test_an_import_that_cannot_be_is_refused(changes, code):
    """Source: Importing, Response Code."""
    given = {"mode_import": "copyandpaste", "subscribers_data": "a@example.com", "matched_fields": ["email"]} | changes

    async with enter(build_account()) as client:
        reply = await client.post("/v2/list/314/subscribers/import", json=given)

    assert (reply.status_code, reply.json()["code"], reply.json()["status"]) == (code, code, "error")


async def test_an_update_names_fields_by_their_number():
    """Source: Updating, Example Request."""
    sandbox = build_account()
    body = "custom_field%5BCustomField208%5D=Adam+doe&custom_field%5BCustomField210%5D=089-1234567"

    async with enter(sandbox) as client:
        reply = (await client.put("/v2/list/314/subscribers/3", content=body)).json()
        refused = await client.put("/v2/list/314/subscribers/3", json={"custom_field": {"custom_field_208": "x"}})

    values = sandbox.store.lists[314].contacts[3].values
    assert reply == {"status": "success", "code": 200}
    assert (values["custom_field_208"], values["custom_field_210"]) == ("Adam doe", "089-1234567")
    assert refused.status_code == 400


async def test_deleting_takes_a_selection_that_is_used_up():
    """Source: Selecting and Deleting, Example Request."""
    sandbox = build_account()

    async with enter(sandbox) as client:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        chosen = await client.post("/v2/list/314/subscribers/selection", content="subscribers_id=2%2C3", headers=form)
        path = f"/v2/list/314/subscribers/selection/{chosen.json()['data']['token']}"
        first, second = (await client.delete(path)).json(), (await client.delete(path)).json()

    assert (chosen.status_code, chosen.json()["code"]) == (202, 202)
    assert first == {"status": "success", "code": 200}
    assert second["code"] == 404
    assert list(sandbox.store.lists[314].contacts) == [1, 4, 5]


async def test_who_unsubscribes_stays_in_the_list_with_another_status():
    """Source: Unsubscribing."""
    sandbox = build_account()

    async with enter(sandbox) as client:
        done = (await client.post("/v2/list/314/subscribers/unsubscribe", content="email=john%40example.com")).json()
        unknown = await client.post("/v2/list/314/subscribers/unsubscribe", json={"email": "nobody@example.com"})

    assert done == {"status": "success", "code": 200}
    assert sandbox.store.lists[314].contacts[3].status == "Unsubscribed"
    assert (unknown.status_code, unknown.json()["err_msg"]) == (404, "The contact not found.")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/v2/list/9/subscribers?display_mode=all", "The list not found."),
        ("/v2/list/314x/subscribers?display_mode=all", "The list not found."),
        ("/v2/list/314/subscribers/9", "The contact not found."),
        ("/v2/list/314/subscribers?display_mode=all&browse=9", "The segment not found."),
        ("/v2/transactional/none", "The message not found."),
        ("/v2/nothing", "The resource not found."),
        ("/other/list", "The resource not found."),
    ],
)
async def test_what_is_not_there_is_404(path, text):
    """Source: Response Code of each call."""
    async with enter(build_account()) as client:
        reply = await client.get(path)

    assert (reply.status_code, reply.json()) == (404, {"status": "error", "code": 404, "err_msg": text})


@pytest.mark.parametrize(
    "query",
    ["", "display_mode=some", "display_mode=all&order_by=id", "display_mode=all&page=0", "display_mode=all&limit=x"],
)
async def test_a_page_asked_for_wrongly_is_400(query):
    """`display_mode` is required; the rest is of the stated words and numbers."""
    async with enter(build_account()) as client:
        reply = await client.get(f"/v2/list/314/subscribers?{query}")

    assert reply.status_code == 400


async def test_a_page_holds_at_most_a_hundred():
    """Source: Showing, limit."""
    sandbox = build_account()
    mail_list = sandbox.store.lists[314]
    for number in range(200):
        mail_list.add(f"p{number}@example.com", mail_list.created_at)

    async with enter(sandbox) as client:
        data = (await client.get("/v2/list/314/subscribers?display_mode=all&limit=500")).json()["data"]
        short = (await client.get("/v2/list/314/subscribers?display_mode=all")).json()["data"]

    assert (len(data["list_subscriber"]), data["subscriber_filter_count"]) == (100, 205)
    assert len(short["list_subscriber"]) == 25


async def test_a_segment_is_browsed():
    """Source: Showing, browse; its count is the filter's."""
    async with enter(build_account()) as client:
        data = (await client.get("/v2/list/314/subscribers?display_mode=all&browse=7")).json()["data"]

    assert [row["subscriber_id"] for row in data["list_subscriber"]] == [2]
    assert (data["subscriber_filter_count"], data["subscriber_count"]) == (1, 5)


async def test_nothing_is_said_without_a_session():
    """401, in the document's words, also for a session that is none."""
    async with knock(build_account()) as client:
        bare = await client.get("/v2/list")
        wrong = await client.get("/v2/list", headers={"Authorization": "Bearer nonsense"})

    assert (bare.status_code, bare.json()) == (401, UNAUTHORIZED)
    assert (wrong.status_code, wrong.json()) == (401, UNAUTHORIZED)


@pytest.mark.parametrize(
    "given",
    [{"api_key": "sandbox-key"}, {"api_key": "sandbox-key", "secret_key": "x"}, {"username": "x", "password": ""}, {}],
)
async def test_wrong_keys_open_nothing(given):
    """A log-in must bring both."""
    async with knock(build_account()) as client:
        reply = await client.post("/v2/user/login", json=given)

    assert (reply.status_code, reply.json()) == (401, UNAUTHORIZED)


async def test_a_session_is_carried_in_every_known_way():
    """Source: vendors/facts.md, 3.1: bearer with and without quotes, `session_id` in query and body."""
    sandbox = build_account()
    async with knock(sandbox) as client:
        given = {"username": "sandbox@example.com", "password": "pass:word"}
        session = (await client.post("/v2/user/login", data=given)).json()["data"]["session_id"]
        replies = [
            await client.get("/v2/list", headers={"Authorization": f'"Bearer {session}"'}),
            await client.get("/v2/list", headers={"Authorization": f"Bearer {session}"}),
            await client.get(f"/v2/transactional?session_id={session}"),
            await client.post(
                "/v2/list/314/webhooks",
                data={"session_id": session, "webhooks_type": "subscription", "webhooks_url": "https://a.example/"},
            ),
        ]

    assert [reply.status_code for reply in replies] == [200, 200, 200, 201]
    assert replies[3].json()["data"]["webhooks_status"] == "T"
    assert session not in repr(sandbox.calls.entries)


async def test_a_session_comes_to_its_end():
    """By time, by calls, or by the vendor: always the same 401."""
    for sandbox, end in (
        (build_account(), lambda box: box.clock.advance(3601)),
        (build_account(session_calls=1), lambda _: None),
        (build_account(), lambda box: box.credentials.end_sessions()),
    ):
        async with enter(sandbox) as client:
            first = await client.get("/v2/list")
            end(sandbox)
            second = await client.get("/v2/list")

        assert (first.status_code, second.status_code, second.json()) == (200, 401, UNAUTHORIZED)


async def test_keys_as_they_are_pass_for_messages_and_by_choice_for_all():
    """Source: vendors/facts.md, 3.1: seen on transactional, sms and otp."""
    async with knock(build_account(basic_everywhere=False), BASIC) as client:
        replies = [await client.get("/v2/transactional"), await client.get("/v2/list")]
    async with knock(build_account(), BASIC) as client:
        replies.append(await client.get("/v2/list"))

    assert [reply.status_code for reply in replies] == [200, 401, 200]


async def test_the_status_call_prints_its_code_as_text():
    """Source: vendors/facts.md, 3.1; it needs no session."""
    async with knock(build_account()) as client:
        reply = await client.get("/v2/status?pretty=true")

    assert reply.json() == {"status": "success", "code": "200", "desc": "Service is operating normally"}
    assert b"\n" in reply.content


async def test_what_the_document_leaves_open_is_a_choice():
    """Refusals inside 200, the code and numbers as text."""
    sandbox = build_account(errors_in_200=True, code_as_text=True, numbers_as_text=True)

    async with enter(sandbox) as client:
        refused = await client.get("/v2/list/9/subscribers?display_mode=all")
        shown = (await client.get("/v2/list")).json()

    assert (refused.status_code, refused.json()["code"]) == (200, "404")
    assert shown["code"] == "200"
    assert (shown["data"]["list_count"], shown["data"]["lists"][0]["list_id"]) == ("1", "314")


async def test_lists_are_shown_as_the_public_page_shows_them():
    """Source: vendors/facts.md, 3.3."""
    async with enter(build_account()) as client:
        data = (await client.get("/v2/list?order_by=list_name&page=1")).json()["data"]

    assert data == {
        "list_count": 1,
        "lists": [
            {
                "list_id": 314,
                "list_name": "Customers",
                "sync_status": "F",
                "optin_content": "T",
                "all_subscribers": 5,
                "created_date": "2015-02-08 10:01:43",
            }
        ],
    }


async def test_custom_fields_are_made_and_shown():
    """Source: vendors/facts.md, 3.3; a key is a list's own."""
    given = {"field_name": "Address", "field_key": "ADDRESS", "field_type": "Paragraph text", "validation_method": "D"}

    async with enter(build_account()) as client:
        made = await client.post("/v2/list/314/custom_fields", data=given)
        again = await client.post("/v2/list/314/custom_fields", data=given)
        shown = (await client.get("/v2/list/314/custom_fields")).json()["data"]

    assert (made.status_code, made.json()["data"]) == (201, {"custom_field_id": 211})
    assert (again.status_code, again.json()["err_msg"]) == (409, "Duplicate custom field key in list.")
    assert [row["field_key"] for row in shown] == ["FULLNAME", "TELEPHONE", "ADDRESS"]


async def test_campaigns_are_shown_by_status_only():
    """Source: vendors/facts.md, 3.3: the status is required."""
    async with enter(build_account()) as client:
        none = await client.get("/v2/campaign")
        drafts = (await client.get("/v2/campaign?campaign_status=Draft")).json()["data"]
        texts = (await client.get("/v2/campaign?campaign_mode=Sent")).json()["data"]

    assert none.status_code == 400
    assert (drafts["campaign_count"], drafts["max_page"], drafts["campaigns"][0]["campaign_id"]) == (1, 1, 315)
    assert (texts["campaign_count"], texts["campaigns"]) == (0, [])


async def test_a_campaign_takes_one_content():
    """Source: vendors/facts.md, 3.3: 403 when it is no A/B test."""
    async with enter(build_account()) as client:
        first = await client.post("/v2/campaign/315/email", data={"subject": "Hello"})
        second = await client.post("/v2/campaign/315/email")
        shown = (await client.get("/v2/campaign/315/email")).json()["data"]

    assert (first.status_code, second.status_code) == (201, 403)
    assert shown[0]["subject"] == "Hello"


async def test_the_seeded_account_is_the_same_every_time_and_small():
    """Tests, examples and people trying it out rely on it."""
    from adapters.vendors.taximail.sandbox import create_sandbox

    first, second = create_sandbox(), create_sandbox()

    assert first.store.lists == second.store.lists or repr(first.store.lists[314].contacts) == repr(
        second.store.lists[314].contacts
    )
    assert 400 < sum(len(each.contacts) for each in first.store.lists.values()) < 1000


async def test_keys_in_a_request_are_not_logged():
    """The control path shows what was called, to anyone."""
    sandbox = build_account()
    async with knock(sandbox) as client:
        await client.post("/v2/user/login", json=KEYS)
        calls = await client.get("/_sandbox/calls")

    assert "sandbox-secret" not in calls.text
    assert "/v2/user/login" in calls.text
