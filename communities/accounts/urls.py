"""URLs of the accounts."""

from django.urls import path

from communities.accounts.views import homes, me, second_factor, sign_in

urlpatterns = [
    path("sign-in", sign_in.sign_in, name="sign_in"),
    path("sign-in/code", sign_in.sign_in_code, name="sign_in_code"),
    path("sign-in/resend", sign_in.sign_in_resend, name="sign_in_resend"),
    path("sign-out", sign_in.sign_out, name="sign_out"),
    path("privacy", sign_in.privacy_notice, name="privacy_notice"),
    path("second-factor", second_factor.second_factor, name="second_factor"),
    path("second-factor/recovery-codes", second_factor.recovery_codes, name="recovery_codes"),
    path("me", me.me, name="me"),
    path("me/name", me.change_name, name="change_name"),
    path("me/identity", me.verify_identity_page, name="verify_identity"),
    path("me/consents", me.my_consents, name="my_consents"),
    path("me/consents/<slug:kind>/withdraw", me.withdraw_consent_page, name="withdraw_consent"),
    path("me/close", me.close_account_page, name="close_account"),
    path("me/communities", homes.community_choices, name="community_choices"),
    path("me/homes/new", homes.household_new, name="household_new"),
    path("me/homes/<int:pk>", homes.household_page, name="household_page"),
    path("me/homes/<int:pk>/edit", homes.household_edit, name="household_edit"),
    path("me/homes/<int:pk>/leave", homes.household_leave, name="household_leave"),
    path("me/homes/<int:pk>/proxies", homes.proxy_add, name="proxy_add"),
    path("me/homes/<int:pk>/proxies/<int:member_pk>/revoke", homes.proxy_revoke, name="proxy_revoke"),
    path("me/homes/<int:pk>/people/new", homes.recipient_new, name="recipient_new"),
    path("me/homes/<int:pk>/people/<int:recipient_pk>", homes.recipient_edit, name="recipient_edit"),
    path("me/homes/<int:pk>/people/<int:recipient_pk>/remove", homes.recipient_remove, name="recipient_remove"),
]
