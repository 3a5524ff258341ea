from django.urls import path

from providers.enterprises.views.accounts import (
    enterprise_account_appoint,
    enterprise_account_rank,
    enterprise_account_remove,
    enterprise_accounts,
)
from providers.enterprises.views.facts import district_choices, enterprise_facts, enterprise_register

urlpatterns = [
    path("enterprise/register/", enterprise_register, name="enterprise_register"),
    path("districts/choices/", district_choices, name="district_choices"),
    path("enterprise/facts/", enterprise_facts, name="enterprise_facts"),
    path("enterprise/accounts/", enterprise_accounts, name="enterprise_accounts"),
    path("enterprise/accounts/new/", enterprise_account_appoint, name="enterprise_account_appoint"),
    path("enterprise/accounts/<int:pk>/rank/", enterprise_account_rank, name="enterprise_account_rank"),
    path("enterprise/accounts/<int:pk>/remove/", enterprise_account_remove, name="enterprise_account_remove"),
]
