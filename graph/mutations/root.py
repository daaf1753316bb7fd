"""Everything that can be written: a table of contents."""

import strawberry

from graph.mutations.activity import ACTIVITIES, CreateActivityPayload, DeleteActivityPayload, UpdateActivityPayload
from graph.mutations.activity_commands import (
    ApproveActivityPayload,
    CommentActivityPayload,
    ProofActivityPayload,
    QueueActivityPayload,
    RequestApprovalPayload,
    TriggerActivityPayload,
    approve_activity,
    comment_activity,
    proof_activity,
    queue_activity,
    request_approval,
    trigger_activity,
)
from graph.mutations.anonymize import AnonymizeSubscriberPayload, anonymize_subscriber
from graph.mutations.audience import (
    CreateAudiencePayload,
    DeleteAudiencePayload,
    UpdateAudiencePayload,
    create_audience,
    delete_audience,
    update_audience,
)
from graph.mutations.campaign import CAMPAIGNS, CreateCampaignPayload, DeleteCampaignPayload, UpdateCampaignPayload
from graph.mutations.customer_profile import (
    ChangeAudiencesPayload,
    ChangeCustomerAudiencesPayload,
    UpdateCustomerProfilePayload,
    change_audiences,
    change_customer_audiences,
    update_customer_profile,
)
from graph.mutations.delete_contacts import DeleteContactsPayload, delete_contacts
from graph.mutations.erase import EraseSubscriberPayload, erase_subscriber
from graph.mutations.import_subscribers import ImportSubscribersPayload, import_subscribers
from graph.mutations.imports import (
    IMPORTS,
    CreateImportPayload,
    DeleteImportPayload,
    ProcessImportPayload,
    UpdateImportPayload,
    process_import,
)
from graph.mutations.list import (
    LISTS,
    CreateListPayload,
    DeleteListPayload,
    ExtractListPayload,
    UpdateListPayload,
    extract_list,
)
from graph.mutations.membership import SetListMembershipPayload, set_list_membership
from graph.mutations.message import SendMessagePayload, send_message
from graph.mutations.partition import UpsertPartitionPayload, upsert_partition
from graph.mutations.person_everywhere import (
    ErasePersonPayload,
    UnsubscribePersonPayload,
    UpsertPersonPayload,
    erase_person,
    unsubscribe_person,
    upsert_person,
)
from graph.mutations.profile_events import LogEventPayload, LogEventsPayload, log_event, log_events
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
    UpsertSubscribersPayload,
    create_subscriber,
    update_subscriber,
    upsert_subscriber,
    upsert_subscribers,
)
from graph.mutations.template import TEMPLATES, CreateTemplatePayload, DeleteTemplatePayload, UpdateTemplatePayload
from graph.mutations.unsubscribe import (
    ResubscribePayload,
    UnsubscribeFromTypesPayload,
    UnsubscribePayload,
    resubscribe,
    unsubscribe,
    unsubscribe_from_types,
)
from graph.mutations.view import VIEWS, CreateViewPayload, DeleteViewPayload, UpdateViewPayload
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
    upsert_subscribers: UpsertSubscribersPayload | None = upsert_subscribers
    set_list_membership: SetListMembershipPayload | None = set_list_membership
    unsubscribe: UnsubscribePayload | None = unsubscribe
    resubscribe: ResubscribePayload | None = resubscribe
    unsubscribe_from_types: UnsubscribeFromTypesPayload | None = unsubscribe_from_types
    delete_contacts: DeleteContactsPayload | None = delete_contacts
    import_subscribers: ImportSubscribersPayload | None = import_subscribers
    erase_subscriber: EraseSubscriberPayload | None = erase_subscriber
    anonymize_subscriber: AnonymizeSubscriberPayload | None = anonymize_subscriber
    upsert_person: UpsertPersonPayload | None = upsert_person
    unsubscribe_person: UnsubscribePersonPayload | None = unsubscribe_person
    erase_person: ErasePersonPayload | None = erase_person
    send_message: SendMessagePayload | None = send_message
    record_payment: RecordPaymentPayload | None = record_payment
    link_client_user: LinkClientUserPayload | None = link_client_user
    confirm_user: ConfirmUserPayload | None = confirm_user
    mark_online: MarkOnlinePayload | None = mark_online
    log_event: LogEventPayload | None = log_event
    log_events: LogEventsPayload | None = log_events
    upsert_partition: UpsertPartitionPayload | None = upsert_partition
    update_customer_profile: UpdateCustomerProfilePayload | None = update_customer_profile
    change_customer_audiences: ChangeCustomerAudiencesPayload | None = change_customer_audiences
    change_audiences: ChangeAudiencesPayload | None = change_audiences
    create_audience: CreateAudiencePayload | None = create_audience
    update_audience: UpdateAudiencePayload | None = update_audience
    delete_audience: DeleteAudiencePayload | None = delete_audience
    create_list: CreateListPayload | None = LISTS.create
    update_list: UpdateListPayload | None = LISTS.update
    delete_list: DeleteListPayload | None = LISTS.delete
    create_campaign: CreateCampaignPayload | None = CAMPAIGNS.create
    update_campaign: UpdateCampaignPayload | None = CAMPAIGNS.update
    delete_campaign: DeleteCampaignPayload | None = CAMPAIGNS.delete
    create_view: CreateViewPayload | None = VIEWS.create
    update_view: UpdateViewPayload | None = VIEWS.update
    delete_view: DeleteViewPayload | None = VIEWS.delete
    create_template: CreateTemplatePayload | None = TEMPLATES.create
    update_template: UpdateTemplatePayload | None = TEMPLATES.update
    delete_template: DeleteTemplatePayload | None = TEMPLATES.delete
    create_activity: CreateActivityPayload | None = ACTIVITIES.create
    update_activity: UpdateActivityPayload | None = ACTIVITIES.update
    delete_activity: DeleteActivityPayload | None = ACTIVITIES.delete
    create_import: CreateImportPayload | None = IMPORTS.create
    update_import: UpdateImportPayload | None = IMPORTS.update
    delete_import: DeleteImportPayload | None = IMPORTS.delete
    process_import: ProcessImportPayload | None = process_import
    extract_list: ExtractListPayload | None = extract_list
    proof_activity: ProofActivityPayload | None = proof_activity
    request_approval: RequestApprovalPayload | None = request_approval
    comment_activity: CommentActivityPayload | None = comment_activity
    approve_activity: ApproveActivityPayload | None = approve_activity
    queue_activity: QueueActivityPayload | None = queue_activity
    trigger_activity: TriggerActivityPayload | None = trigger_activity
