"""Everything that can be written: a table of contents."""

import strawberry

from graph.mutations.delete_contacts import DeleteContactsPayload, delete_contacts
from graph.mutations.erase import EraseSubscriberPayload, erase_subscriber
from graph.mutations.import_subscribers import ImportSubscribersPayload, import_subscribers
from graph.mutations.membership import SetListMembershipPayload, set_list_membership
from graph.mutations.message import SendMessagePayload, send_message
from graph.mutations.sendios_person import (
    ConfirmUserPayload,
    LinkClientUserPayload,
    MarkOnlinePayload,
    RecordPaymentPayload,
    confirm_user,
    link_client_user,
    mark_online,
    record_payment,
)
from graph.mutations.subscriber import (
    CreateSubscriberPayload,
    UpdateSubscriberPayload,
    UpsertSubscriberPayload,
    create_subscriber,
    update_subscriber,
    upsert_subscriber,
)
from graph.mutations.unsubscribe import (
    ResubscribePayload,
    UnsubscribeFromTypesPayload,
    UnsubscribePayload,
    resubscribe,
    unsubscribe,
    unsubscribe_from_types,
)
from graph.types.description import described


@described(strawberry.federation.type)
class Mutation:
    """
    Everything that can be written.

    Each mutation is entered in a ledger before it is sent, is sent at most once, and tells what became of it. Several
    in one operation are done one after the other.
    """

    create_subscriber: CreateSubscriberPayload | None = create_subscriber
    update_subscriber: UpdateSubscriberPayload | None = update_subscriber
    upsert_subscriber: UpsertSubscriberPayload | None = upsert_subscriber
    set_list_membership: SetListMembershipPayload | None = set_list_membership
    unsubscribe: UnsubscribePayload | None = unsubscribe
    resubscribe: ResubscribePayload | None = resubscribe
    unsubscribe_from_types: UnsubscribeFromTypesPayload | None = unsubscribe_from_types
    delete_contacts: DeleteContactsPayload | None = delete_contacts
    import_subscribers: ImportSubscribersPayload | None = import_subscribers
    erase_subscriber: EraseSubscriberPayload | None = erase_subscriber
    send_message: SendMessagePayload | None = send_message
    record_payment: RecordPaymentPayload | None = record_payment
    link_client_user: LinkClientUserPayload | None = link_client_user
    confirm_user: ConfirmUserPayload | None = confirm_user
    mark_online: MarkOnlinePayload | None = mark_online
