"""People in the administration pages: masked in lists, found by their whole phone number."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from communities.accounts.actions import forget_second_factor
from communities.accounts.models import (
    CareRecipient,
    Consent,
    Household,
    HouseholdMember,
    Identity,
    OneTimeCode,
    StaffPost,
    User,
    phone_index,
)
from communities.accounts.rules import mainland_mobile
from homeservice.foundation.admin import ReadOnlyAdmin
from homeservice.foundation.audit import record
from homeservice.kernel.access import person_of
from homeservice.kernel.clock import now
from homeservice.kernel.crypto import masked_name
from homeservice.kernel.errors import DomainError

# Authenticators are reset by an action that is on record, and nobody here has an e-mail address.
admin.site.unregister([Authenticator, EmailAddress])


class FoundByPhone:
    """Searching finds people by their whole number, through the blind index; a part of it finds nobody."""

    phone_path = "phone_index"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        try:
            number = mainland_mobile(search_term)
        except DomainError:
            return super().get_search_results(request, queryset, search_term)  # type: ignore[misc,no-any-return]
        return queryset.filter(**{self.phone_path: phone_index(number)}), False


class PostInline(admin.TabularInline):  # type: ignore[type-arg]
    model = StaffPost
    extra = 0
    autocomplete_fields = ["division"]


RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")


@admin.register(User)
class UserAdmin(FoundByPhone, admin.ModelAdmin):  # type: ignore[type-arg]
    """Accounts come from signing in; here duties are given and accounts are stopped."""

    list_display = ["id", "masked_phone", "masked_name", "community", "is_active", "is_staff", "date_joined"]
    list_filter = ["is_active", "is_staff", "is_superuser", "elder_mode", "language"]
    list_select_related = ["community"]
    search_fields = ["=pk"]
    search_help_text = _("A whole mobile number, or the account's number.")
    ordering = ["-date_joined", "-pk"]
    date_hierarchy = "date_joined"
    readonly_fields = ["masked_phone", "masked_name", "date_joined", "last_login", "closed_at"]
    fieldsets = [
        (None, {"fields": ["masked_phone", "masked_name", "community", "language", "elder_mode"]}),
        (_("Access"), {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
        (_("Dates"), {"fields": ["date_joined", "last_login", "closed_at"]}),
    ]
    autocomplete_fields = ["community"]
    filter_horizontal = ["groups", "user_permissions"]
    inlines = [PostInline]
    actions = ["reset_second_factor"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Only a superuser gives rights: who may change accounts could otherwise take all of them."""
        fixed = list(self.readonly_fields)
        return fixed if request.user.is_superuser else [*fixed, *RIGHTS]  # type: ignore[union-attr]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description=_("Reset the second factor (lost phone)"), permissions=["change"])
    def reset_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """The people enrol anew at their next sign-in; each reset is on record."""
        actor = person_of(request)
        for user in queryset.order_by("pk"):
            forget_second_factor(user=user)
            record(at=now(), actor_id=actor.pk, action="second_factor.reset", subject=user)


@admin.register(StaffPost)
class StaffPostAdmin(FoundByPhone, admin.ModelAdmin):  # type: ignore[type-arg]
    phone_path = "user__phone_index"
    list_display = ["user", "duty", "division"]
    list_filter = ["duty"]
    list_select_related = ["user", "division"]
    search_fields = ["division__name", "=division__area_code"]
    search_help_text = _("A whole mobile number, or a division.")
    ordering = ["division", "pk"]
    raw_id_fields = ["user"]
    autocomplete_fields = ["division"]


@admin.register(Identity)
class IdentityAdmin(FoundByPhone, ReadOnlyAdmin):
    phone_path = "user__phone_index"
    list_display = ["user", "masked_name", "masked_number", "state", "verifier", "verified_at"]
    list_filter = ["state", "verifier"]
    list_select_related = ["user"]
    search_fields = ["=user__pk"]
    search_help_text = _("A whole mobile number, or the account's number.")
    date_hierarchy = "verified_at"
    ordering = ["-pk"]
    fields = ["user", "masked_name", "masked_number", "sex", "state", "reason", "verifier", "verified_at"]


@admin.register(Consent)
class ConsentAdmin(FoundByPhone, ReadOnlyAdmin):
    phone_path = "user__phone_index"
    list_display = ["user", "kind", "version", "channel", "given_at", "withdrawn_at", "recorded_by"]
    list_filter = ["kind", "version", "channel"]
    list_select_related = ["user", "recorded_by"]
    search_fields = ["=user__pk"]
    search_help_text = _("A whole mobile number, or the account's number.")
    date_hierarchy = "given_at"
    ordering = ["-given_at", "-pk"]


@admin.register(OneTimeCode)
class OneTimeCodeAdmin(FoundByPhone, ReadOnlyAdmin):
    list_display = ["created_at", "expires_at", "wrong_answers", "used_at"]
    search_fields = ["=pk"]
    search_help_text = _("A whole mobile number.")
    date_hierarchy = "created_at"
    ordering = ["-created_at", "-pk"]
    fields = ["created_at", "expires_at", "wrong_answers", "used_at"]


class MemberInline(admin.TabularInline):  # type: ignore[type-arg]
    model = HouseholdMember
    fk_name = "household"
    extra = 0
    can_delete = False
    fields = ["user", "part", "relation", "granted_at", "revoked_at"]
    readonly_fields = ["user", "part", "relation", "granted_at", "revoked_at"]


@admin.register(Household)
class HouseholdAdmin(FoundByPhone, ReadOnlyAdmin):
    """Addresses are not shown here: who needs one reveals it on a booking, with a purpose."""

    phone_path = "members__user__phone_index"
    list_display = ["id", "community", "created_at"]
    list_select_related = ["community"]
    search_fields = ["community__name", "=community__area_code"]
    search_help_text = _("A whole mobile number, or a community.")
    date_hierarchy = "created_at"
    ordering = ["-created_at", "-pk"]
    fields = ["community", "created_at"]
    inlines = [MemberInline]


@admin.register(CareRecipient)
class CareRecipientAdmin(ReadOnlyAdmin):
    """No names in full and no health facts."""

    list_display = ["id", "short_name", "birth_year", "care_level", "removed_at"]
    list_filter = ["care_level", "sex"]
    search_fields = ["=household__pk"]
    search_help_text = _("The household's number.")
    ordering = ["-pk"]
    fields = ["household", "short_name", "birth_year", "sex", "groups", "care_level", "removed_at"]

    @admin.display(description=_("name"))
    def short_name(self, recipient: CareRecipient) -> str:
        return masked_name(recipient.name)
