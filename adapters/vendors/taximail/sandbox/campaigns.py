"""
Campaigns and their contents.

Source: vendors/facts.md, 3.3. What a campaign's row holds is not in the stored part: the names of its columns are those
of the orders that can be asked for.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from adapters.sandbox import Reply

from .contacts import DEFAULT_LIMIT, MAX_LIMIT, print_time, read_page
from .envelope import Printer, Refusal, Row, not_found
from .parameters import Parameters, read_choice, read_flag, read_number, read_text, require_text
from .store import Campaign, Store

STATUSES = ("Sent", "Outbox", "Draft", "Paused", "Scheduled", "Repeatly", "PendingApproval")
ORDERS = ("campaign_name", "create_date", "sent_success_date")
EMAIL_TEXTS = ("subject", "from_name", "from_email", "reply_name", "reply_email", "content_html")


def show_campaigns(store: Store, parameters: Parameters, printer: Printer) -> Reply:
    """Answer a page of the campaigns of one status; the page on text messages calls that parameter another name."""
    asked = require_text(parameters, "campaign_status", "campaign_mode")
    status = read_choice({"status": asked}, "status", STATUSES, "")
    order = read_choice(parameters, "order_by", ORDERS, "create_date")
    falls = read_choice(parameters, "order_type", ("asc", "desc"), "desc") == "desc"
    found = [each for each in store.campaigns.values() if each.status == status]
    found.sort(key=lambda each: (*_order_key(each, order), each.id), reverse=falls)
    limit = min(read_number(parameters, "limit", DEFAULT_LIMIT), MAX_LIMIT)
    counts = {"campaign_count": len(found), "max_page": -(-len(found) // limit)}

    def around(rows: Sequence[Row]) -> Row:
        return {**counts, "campaigns": list(rows)}

    return printer.rows([_show_campaign(each) for each in read_page(parameters, found)], around)


def _order_key(campaign: Campaign, order: str) -> tuple[Any, ...]:
    if order == "campaign_name":
        return (campaign.name.lower(),)
    return (campaign.created_at if order == "create_date" else campaign.sent_at or datetime.min,)  # noqa: DTZ901 - local


def _show_campaign(campaign: Campaign) -> Row:
    return {
        "campaign_id": campaign.id,
        "campaign_name": campaign.name,
        "campaign_status": campaign.status,
        "campaign_type": campaign.channel,
        "create_date": print_time(campaign.created_at),
        "sent_success_date": print_time(campaign.sent_at),
    }


def find_campaign(store: Store, campaign_id: str) -> Campaign:
    """Find a campaign by the id in a path; 404 where there is none."""
    found = store.campaigns.get(int(campaign_id)) if campaign_id.isascii() and campaign_id.isdigit() else None
    if found is None:
        raise not_found("The campaign not found.")
    return found


def create_email(store: Store, campaign: Campaign, parameters: Parameters) -> Row:
    """Add a content; a campaign that does not compare several takes one, and only a draft takes any."""
    if campaign.status != "Draft":
        raise Refusal(403, "Can't manage email, campaign status is not on draft.")
    if campaign.contents and not campaign.split:
        raise Refusal(403, "This campaign is not A/B split testing, can't create more email.")
    texts: Mapping[str, Any] = {name: read_text(parameters, name) or None for name in EMAIL_TEXTS}
    campaign.contents.append({"email_id": store.number(), **texts})
    return {"email_id": campaign.contents[-1]["email_id"]}


def update_sms(campaign: Campaign, content_id: str, parameters: Parameters) -> None:
    """Change a text message's content."""
    found = [each for each in campaign.contents if str(each.get("sms_content_id")) == content_id]
    if not found:
        raise not_found("Email / Sms not found.")
    if campaign.status != "Draft":
        raise Refusal(403, "Can't manage sms, campaign status is not on draft.")
    for name in ("from", "text"):
        if name in parameters:
            found[0][name] = read_text(parameters, name)
    if "generate_link" in parameters:
        found[0]["generate_link"] = read_flag(parameters, "generate_link", default=False)
