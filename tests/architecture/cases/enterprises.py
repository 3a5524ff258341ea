"""An enterprise's registration, facts and accounts."""

from tests.architecture.walk import MANAGER, Case, Walk, alike, plain


def _post(walk: Walk) -> list[int]:
    return [walk.people["clerk"].enterprise_post.pk]


CASES: dict[str, Case] = {
    **plain("enterprise_register", "district_choices", "enterprise_facts", "enterprise_accounts"),
    "enterprise_account_appoint": Case(),
    **alike(Case(_post, MANAGER), "enterprise_account_rank", "enterprise_account_remove"),
}
