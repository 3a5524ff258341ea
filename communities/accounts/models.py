"""People: users, who they really are, what they consented to, and the homes they order for."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from communities.divisions.models import Division
from homeservice.kernel.crypto import EncryptedTextField, blind_index, masked_id_number, masked_name, masked_phone
from homeservice.kernel.scope import Scope, ScopedQuerySet, within
from homeservice.kernel.vocabulary import CareLevel, Channel, Group, Sex


def phone_index(phone: str) -> str:
    """The blind index of an 11-digit mainland mobile number."""
    return blind_index(phone, purpose="phone")


class UserManager(BaseUserManager["User"]):
    def get_by_phone(self, phone: str) -> "User | None":
        return self.filter(phone_index=phone_index(phone)).first()


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with a phone and a one-time code. There are no passwords."""

    phone = EncryptedTextField(_("phone"))
    phone_index = models.CharField(_("index of the phone"), max_length=64, unique=True)
    name = EncryptedTextField(_("name"), blank=True, default="")
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("staff"), default=False, help_text=_("May open the administration pages."))
    language = models.CharField(_("language"), max_length=10, blank=True, default="")
    elder_mode = models.BooleanField(_("elder mode"), default=False)
    community = models.ForeignKey(
        Division, models.PROTECT, verbose_name=_("community"), null=True, blank=True, related_name="+"
    )
    date_joined = models.DateTimeField(_("date joined"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "phone_index"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("Person")
        verbose_name_plural = _("People")

    def __str__(self) -> str:
        return self.masked_phone

    @property
    def masked_phone(self) -> str:
        return masked_phone(self.phone)

    @property
    def masked_name(self) -> str:
        return masked_name(self.name)


class OneTimeCode(models.Model):
    """A code sent to a phone: only digests are kept. Five wrong answers end it. It is good for its purpose alone."""

    class Purpose(models.TextChoices):
        SIGN_IN = "sign_in", _("Signing in")
        BINDING = "binding", _("Saying yes to an enterprise in person")

    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose, default=Purpose.SIGN_IN)
    phone_index = models.CharField(_("index of the phone"), max_length=64)
    code_digest = models.CharField(_("code digest"), max_length=64)
    ip_digest = models.CharField(_("digest of the address"), max_length=64)
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"))
    wrong_answers = models.PositiveSmallIntegerField(_("wrong answers"), default=0)
    used_at = models.DateTimeField(_("used at"), null=True)

    class Meta:
        verbose_name = _("One-time code")
        verbose_name_plural = _("One-time codes")
        indexes = [
            models.Index(fields=["phone_index", "-created_at"], name="one_time_code_phone"),
            models.Index(fields=["ip_digest", "-created_at"], name="one_time_code_ip"),
            models.Index(fields=["created_at"], name="one_time_code_age"),
        ]

    def __str__(self) -> str:
        return f"code of {self.created_at}"


class Identity(models.Model):
    """A person's real name and ID number, checked (GD Art 11: no dispatch without it)."""

    class State(models.TextChoices):
        PENDING = "pending", _("Being checked")
        VERIFIED = "verified", _("Verified")
        REFUSED = "refused", _("Not verified")

    user = models.OneToOneField(User, models.PROTECT, verbose_name=_("person"), related_name="identity")
    real_name = EncryptedTextField(_("real name"))
    id_number = EncryptedTextField(_("ID number"))
    id_number_index = models.CharField(_("index of the ID number"), max_length=64)
    birth_date = models.DateField(_("birth date"))
    sex = models.CharField(_("sex"), max_length=6, choices=Sex)
    state = models.CharField(_("state"), max_length=10, choices=State)
    verifier = models.CharField(_("verifier"), max_length=60)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    verified_at = models.DateTimeField(_("verified at"), null=True)

    class Meta:
        verbose_name = _("Identity")
        verbose_name_plural = _("Identities")
        constraints = [
            models.CheckConstraint(
                name="identity_verified_has_time", condition=~Q(state="verified") | Q(verified_at__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["id_number_index"],
                condition=Q(state="verified"),
                name="identity_number_one_account",
                violation_error_message=_("This ID number is already in use by another account."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.masked_name} {self.state}"

    @property
    def masked_name(self) -> str:
        return masked_name(self.real_name)

    @property
    def masked_number(self) -> str:
        return masked_id_number(self.id_number)


class Consent(models.Model):
    """What a person agreed to, in which version, through which channel. Withdrawn, never deleted."""

    class Kind(models.TextChoices):
        PRIVACY = "privacy", _("Privacy notice and terms of use")
        IDENTITY = "identity", _("Checking of name and ID number")
        SENSITIVE = "sensitive", _("Use of health facts")
        DESK_ORDER = "desk_order", _("Orders placed by community staff")

    user = models.ForeignKey(User, models.PROTECT, verbose_name=_("person"), related_name="consents")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    version = models.CharField(_("version"), max_length=20)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    recorded_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("recorded by"), null=True, blank=True, related_name="+"
    )
    given_at = models.DateTimeField(_("given at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("Consent")
        verbose_name_plural = _("Consents")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "version"], condition=Q(withdrawn_at__isnull=True), name="consent_in_force_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class StaffPost(models.Model):
    """A post that lets a person act for a division: at its desk, as supervisor, or checking who may serve there."""

    class Duty(models.TextChoices):
        STAFF = "staff", _("Community staff")
        SUPERVISOR = "supervisor", _("Supervisor")
        REVIEWER = "reviewer", _("Reviewing staff")

    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("person"), related_name="posts")
    duty = models.CharField(_("duty"), max_length=10, choices=Duty)
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("division"), related_name="posts")

    class Meta:
        verbose_name = _("Staff post")
        verbose_name_plural = _("Staff posts")
        constraints = [models.UniqueConstraint(fields=["user", "duty", "division"], name="staff_post_once")]

    def __str__(self) -> str:
        return f"{self.duty} {self.division_id}"


class HouseholdQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "HouseholdQuerySet":
        """One's own and those one is proxy for; staff see those in their divisions."""
        if scope.everything:
            return self
        return self.filter(Q(pk__in=scope.household_ids) | within("community__area_code", scope.areas))


class Household(models.Model):
    """A home: a community, the address inside it, and a point."""

    community = models.ForeignKey(Division, models.PROTECT, verbose_name=_("community"), related_name="households")
    address = EncryptedTextField(_("address"), help_text=_("Building, unit and door."))
    lat = models.FloatField(_("latitude"))
    lon = models.FloatField(_("longitude"))
    label = models.CharField(_("label"), max_length=20, blank=True)
    created_at = models.DateTimeField(_("created at"))

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("Household")
        verbose_name_plural = _("Households")
        constraints = [
            models.CheckConstraint(name="household_in_a_community", condition=Exact(Length("community"), 12))
        ]

    def __str__(self) -> str:
        return f"household {self.pk}"


class HouseholdMember(models.Model):
    """Who may order for a household: its owner, a member, or a family proxy with a recorded mandate."""

    class Part(models.TextChoices):
        OWNER = "owner", _("Owner")
        MEMBER = "member", _("Member")
        PROXY = "proxy", _("Family proxy")

    household = models.ForeignKey(Household, models.CASCADE, verbose_name=_("household"), related_name="members")
    user = models.ForeignKey(User, models.PROTECT, verbose_name=_("person"), related_name="memberships")
    part = models.CharField(_("part"), max_length=8, choices=Part)
    relation = models.CharField(_("relation"), max_length=20, blank=True)
    granted_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("granted by"), null=True, blank=True, related_name="+"
    )
    granted_at = models.DateTimeField(_("granted at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("Household member")
        verbose_name_plural = _("Household members")
        constraints = [
            models.UniqueConstraint(
                fields=["household", "user"], condition=Q(revoked_at__isnull=True), name="household_member_once"
            )
        ]
        indexes = [models.Index(fields=["user"], condition=Q(revoked_at__isnull=True), name="household_member_of_user")]

    def __str__(self) -> str:
        return f"{self.part} of {self.household_id}"


class CareRecipient(models.Model):
    """A person of the household whom services are for."""

    household = models.ForeignKey(Household, models.CASCADE, verbose_name=_("household"), related_name="recipients")
    name = EncryptedTextField(_("name"))
    birth_year = models.PositiveSmallIntegerField(_("birth year"), null=True, blank=True)
    sex = models.CharField(_("sex"), max_length=6, choices=Sex, blank=True)
    groups = ArrayField(
        models.CharField(max_length=16, choices=Group), verbose_name=_("groups of people"), default=list, blank=True
    )
    care_level = models.PositiveSmallIntegerField(_("care level"), choices=CareLevel, default=CareLevel.INTACT)
    health_facts = EncryptedTextField(
        _("health facts"),
        blank=True,
        default="",
        help_text=_("Infectious, mental or serious illness that the law wants told (Art 13)."),
    )
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("Care recipient")
        verbose_name_plural = _("Care recipients")

    def __str__(self) -> str:
        return f"recipient {self.pk}"
