"""Every request that public clients were seen to make (vendors/facts.md, 3.4) is served."""

from urllib.parse import urlencode

import httpx

from tests.adapters.vendors.taximail.account import BASIC, KEYS, build_account, knock

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
MAIL = {
    "transactional_group_name": "Default",
    "to_name": "John",
    "to_email": "john@example.com",
    "from_name": "Shop",
    "from_email": "shop@example.com",
    "message_id": "email_1",
    "subject": "Hello",
    "content_html": "<p>Hello</p>",
}


async def test_the_second_hubspot_app():
    """Log-in in JSON, a content type on a GET, an import with more columns than fields and a sign for the word."""
    sandbox = build_account()
    async with knock(sandbox) as client:
        opened = await client.post("/v2/user/login", json=KEYS)
        bearer = {"Authorization": f"Bearer {opened.json()['data']['session_id']}", **JSON}
        lists = await client.get("/v2/list", headers=bearer)
        given = {
            "mode_import": "copyandpaste",
            "subscribers_data": "j@example.com,J,D,1|:|a@example.com,,,",
            "field_terminator": ",",
            "matched_fields": ["email", "firstname", "lastname"],
            "not_send_optin_email": True,
            "add_to_suppression_list": "none",
        }
        begun = (await client.post("/v2/list/314/subscribers/import", json=given, headers=bearer)).json()["data"]
        path = f"/v2/list/314/subscribers/{begun['key_import']}/commit/{begun['token']}"
        done = await client.get(path, headers=bearer)

    assert lists.json()["data"]["lists"][0]["list_id"] == 314
    assert done.json()["data"] == {"subscribers_count": 2, "success": 2, "duplicate": 0, "failed": 0}
    assert sandbox.store.lists[314].find("j@example.com").values == {"firstname": "J", "lastname": "D"}


async def test_the_first_hubspot_app():
    """It makes a list by its mode alone; it deletes with the session in the token's place, which is a mistake."""
    async with knock(build_account()) as client:
        session = (await client.post("/v2/user/login", json=KEYS)).json()["data"]["session_id"]
        bearer = {"Authorization": f"Bearer {session}"}
        made = await client.post("/v2/list", json={"create_mode": "active"}, headers=bearer)
        field = {"field_name": "Age", "field_key": "AGE", "field_type": "TEXT", "field_value": "256"}
        added = await client.post("/v2/list/314/custom_fields", json=field, headers=bearer)
        deleted = await client.delete(f"/v2/list/314/subscribers/selection/{session}")

    assert (made.status_code, added.status_code, deleted.status_code) == (201, 201, 401)


async def test_the_n8n_node():
    """Keys by Basic authentication, forms, and a message looked up by the caller's own id."""
    async with knock(build_account(basic_everywhere=False), BASIC) as client:
        mailed = await client.post("/v2/transactional", content=urlencode(MAIL), headers=FORM)
        text = {"from": "TXSMS", "to": "66812345678", "text": "Hi", "message_id": "M1"}
        texted = await client.post("/v2/sms", content=urlencode(text), headers=FORM)
        password = await client.post("/v2/otp", content="to=66812345678&sms_template_key=k", headers=FORM)
        wrong = await client.get("/v2/otp/verify/M1?otp_code=123")
        status = await client.get("/v2/transactional/M1")

    assert (mailed.json()["data"], mailed.status_code) == ({"message_id": "email_1"}, 201)
    assert texted.json()["data"] == {"message_id": "M1"}
    assert set(password.json()["data"]) == {"message_id", "otp_ref_no"}
    assert wrong.status_code == 400
    assert (status.json()["data"]["message_id"], status.json()["data"]["status"]) == ("M1", "Sent")


async def test_a_right_one_time_password_is_code_202_once():
    """Source: vendors/facts.md, 3.3: valid when the status is success and the code 202."""
    sandbox = build_account()
    async with knock(sandbox, BASIC) as client:
        made = (await client.post("/v2/otp", data={"to": "66812345678", "sms_template_key": "k"})).json()["data"]
        path = f"/v2/otp/verify/{made['message_id']}?otp_code={sandbox.store.messages[made['message_id']].code}"
        first, second = await client.get(path), await client.get(path)

    assert (first.json(), second.status_code) == ({"status": "success", "code": 202}, 400)


async def test_the_mcp_server():
    """JSON with keys by Basic authentication, to a path with a slash at its end."""
    async with knock(build_account(basic_everywhere=False), BASIC) as client:
        reply: httpx.Response = await client.post("/v2/sms/", json={"from": "TXSMS", "to": "66812345678", "text": "Hi"})

    assert (reply.status_code, reply.json()["status"]) == (201, "success")
