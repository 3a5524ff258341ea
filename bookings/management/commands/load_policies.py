"""`manage.py load_policies`: the price and dispatch policies of the data files."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from bookings.dispatch.models import DispatchPolicy
from bookings.money.actions import load_policies
from bookings.money.models import PricePolicy

FEATURES = Path(__file__).resolve().parents[2]
PRICE_POLICIES = FEATURES / "money" / "data" / "price_policies.json"
DISPATCH_POLICIES = FEATURES / "dispatch" / "data" / "dispatch_policies.json"


class Command(BaseCommand):
    help = "Load the price policies and the dispatch policies from their data files."

    def handle(self, *args: Any, **options: Any) -> None:
        prices = load_policies(PricePolicy, json.loads(PRICE_POLICIES.read_text()))
        dispatch = load_policies(DispatchPolicy, json.loads(DISPATCH_POLICIES.read_text()))
        self.stdout.write(f"{prices} price policies, {dispatch} dispatch policies")
