"""A person joins: signature, checked identity, binding and identity paper, together.

The verifier is asked before, outside any lock; what it said is kept even if joining is refused after that.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from communities.accounts.actions import check_code, verify_identity
from communities.accounts.models import Identity, OneTimeCode, User
from communities.accounts.queries import identity_of
from communities.accounts.rules import IdNumber, checked_text, parsed_id_number
from communities.divisions.models import Division
from homeservice.foundation.models import Upload
from homeservice.foundation.rules import UploadPurpose
from homeservice.foundation.uploads import store_upload
from homeservice.kernel.clock import local_day
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Channel, CredentialCode, Sex
from providers.bindings.actions import (
    Signing,
    apply_to_enterprise,
    checked_letter,
    join,
    refuse_bound,
    register_worker,
    sign_authorisation,
)
from providers.bindings.models import Binding
from providers.bindings.queries import is_authorised, worker_of
from providers.bindings.rules import same_name, why_not_answer
from providers.credentials.actions import issue_credential
from providers.credentials.models import Credential
from providers.enterprises.models import Enterprise
from providers.workers.actions import NAME_MAX, Person
from providers.workers.models import Worker
from providers.workers.rules import why_not_worker

ISSUER = "平台实名核验"  # on the paper itself, like the name of any issuer


@dataclass(frozen=True, slots=True)
class Applicant:
    """What somebody enters who says yes. Of a person whose identity is verified the number is not asked again;
    of a worker who is authorised nothing is."""

    version: str = ""
    signed_name: str = ""
    agreed: bool = False
    community: Division | None = None
    id_number: str = ""
    consented: bool = False


def join_enterprise(*, binding: Binding, applicant: Applicant, at: datetime) -> Worker:
    """The invited person works for the enterprise, and holds an identity paper if the verifier said yes.

    Without a verdict the office checks the identity on the desk. Raises `binding_…`, `worker_bound`,
    `worker_too_young`, `identity_refused`, `signed_name_…`, `community_needed`, and what `verify_identity` and
    `join` raise.
    """
    user = binding.user
    _refuse_early(binding)
    person = _person(user, applicant, at, channel=Channel.WEB, recorded_by=user)
    with transaction.atomic():
        worker = join(binding=binding, person=person, signing=_signing(applicant, user), at=at)
        _issue_identity(worker, actor=user, at=at)
    return worker


def join_in_person(
    *, binding: Binding, applicant: Applicant, code: str, scan: "UploadedFile[Any] | None", manager: User, at: datetime
) -> Worker:
    """As `join_enterprise`, of somebody who signed on paper and reads out the code that went to their own phone.

    Raises also `scan_missing`, `code_…`, and what `store_upload` raises. The code is used up only by success.
    """
    user = binding.user
    _refuse_early(binding)
    if scan is None:
        raise DomainError("scan_missing", _("Add a picture of the letter that was signed on paper."), field="scan")
    answer = {"phone": user.phone, "code": code, "purpose": OneTimeCode.Purpose.BINDING, "at": at}
    check_code(**answer, use_up=False)
    person = _person(user, applicant, at, channel=Channel.DESK, recorded_by=manager)
    with transaction.atomic():
        kept = store_upload(scan, purpose=UploadPurpose.AUTHORISATION, owner_id=manager.pk, at=at)
        signing = _signing(applicant, manager, channel=Channel.DESK, scan=kept)
        worker = join(binding=binding, person=person, signing=signing, at=at)
        _issue_identity(worker, actor=manager, at=at)
        check_code(**answer, use_up=True)
    return worker


def apply_to_work(
    *, user: User, enterprise: Enterprise, relation: str, note: str, applicant: Applicant, at: datetime
) -> Binding:
    """The person asks to work for the enterprise; who is no worker yet becomes one by signing.

    Raises what `join_enterprise` and `apply_to_enterprise` raise.
    """
    refuse_bound(user)
    person = _person(user, applicant, at, channel=Channel.WEB, recorded_by=user)
    with transaction.atomic():
        worker = worker_of(user)
        signing = _signing(applicant, user)
        if worker is None:
            if person is None or signing is None:
                raise DomainError("person_missing", _("Please say who you are and sign the letter."))
            worker = register_worker(user=user, person=person, relation=relation, signing=signing, at=at)
        elif not is_authorised(worker.pk):
            sign_authorisation(
                worker=worker, version=applicant.version, signed_name=applicant.signed_name, agreed=applicant.agreed,
                channel=Channel.WEB, recorded_by_id=user.pk, at=at,
            )  # fmt: skip
        _issue_identity(worker, actor=user, at=at)
        return apply_to_enterprise(user=user, enterprise=enterprise, relation=relation, note=note, at=at)


def _refuse_early(binding: Binding) -> None:
    """Before anything leaves the house: an open invitation, and nobody else's worker."""
    refusal = why_not_answer(binding.state, binding.proposed_by, Binding.Side.WORKER)
    if refusal:
        raise refusal
    refuse_bound(binding.user)


def _person(user: User, applicant: Applicant, at: datetime, *, channel: str, recorded_by: User) -> Person | None:
    """Who signs, once the identity has been checked; None of one who is a worker already."""
    if worker_of(user) is not None:
        return None
    checked_letter(applicant.version, agreed=applicant.agreed, at=at)
    name = checked_text(applicant.signed_name, "signed_name", limit=NAME_MAX)
    if applicant.community is None:
        message = _("Please choose your community or village from the list.")
        raise DomainError("community_needed", message, field="community")
    identity = identity_of(user)
    if identity is None or identity.state != Identity.State.VERIFIED:
        identity = _checked_identity(user, name, applicant, at, channel=channel, recorded_by=recorded_by)
    elif not same_name(name, identity.real_name):
        message = _("Please sign with your own name as it stands on your ID card.")
        raise DomainError("signed_name_differs", message, field="signed_name")
    _refuse_young(identity.birth_date, at)
    number = IdNumber(identity.id_number, identity.id_number[:6], identity.birth_date, Sex(identity.sex))
    return Person(identity.real_name, number, applicant.community)


def _checked_identity(
    user: User, name: str, applicant: Applicant, at: datetime, *, channel: str, recorded_by: User
) -> Identity:
    """The identity as the verifier sees it now: verified, or still pending."""
    _refuse_young(parsed_id_number(applicant.id_number, today=local_day(at)).birth_date, at)
    identity = verify_identity(
        user=user, real_name=name, id_number=applicant.id_number, consented=applicant.consented, channel=channel,
        actor=recorded_by if recorded_by != user else None, at=at,
    )  # fmt: skip
    if identity.state == Identity.State.REFUSED:
        said = _(identity.reason) if identity.reason else _("Name and ID number do not belong together.")
        raise DomainError("identity_refused", said, field="id_number")
    return identity


def _refuse_young(birth_date: date, at: datetime) -> None:
    refusal = why_not_worker(birth_date, local_day(at))
    if refusal:
        raise refusal


def _signing(
    applicant: Applicant, recorded_by: User, *, channel: str = Channel.WEB, scan: Upload | None = None
) -> Signing | None:
    if not applicant.version:
        return None
    return Signing(applicant.version, applicant.signed_name, applicant.agreed, recorded_by.pk, channel, scan)


def _issue_identity(worker: Worker, *, actor: User, at: datetime) -> None:
    """The identity paper of one whose identity is verified, once. Raises `identity_differs` for a worker who was entered
    with another number: what the platform vouches for is the person's own."""
    identity = identity_of(worker.user)
    held = Credential.objects.filter(worker=worker, code=CredentialCode.ID, state=Credential.State.VERIFIED)
    if identity is None or identity.verified_at is None or held.exists():
        return
    if worker.id_number and worker.id_number != identity.id_number:
        message = _("Your enterprise entered another ID number than your verified one. Ask it to enter you anew.")
        raise DomainError("identity_differs", message)
    issue_credential(
        holder=worker, code=CredentialCode.ID, issuer=ISSUER, number=identity.id_number,
        valid_from=local_day(identity.verified_at), method=Credential.Method.REGISTER, actor_id=actor.pk, at=at,
    )  # fmt: skip
