"""API v1: the published formula of the credit score, for everybody."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from homeservice.foundation.api import endpoint
from homeservice.kernel.clock import today
from providers.credit.models import CreditRule
from providers.credit.queries import rules_in_force
from providers.credit.rules import BASE, GRADES, LEAST, MOST, MOST_FOR


class CreditRuleOut(serializers.ModelSerializer[CreditRule]):
    """What moves the score, by how many points, for how many days."""

    class Meta:
        model = CreditRule
        fields = ["code", "holder", "category", "name_zh", "name_en", "points", "lasts_days", "valid_from"]
        read_only_fields = fields


class GradeOut(serializers.Serializer[object]):
    """A word and the least score that earns it."""

    code = serializers.CharField()
    name = serializers.CharField()
    least = serializers.IntegerField()


class FormulaOut(serializers.Serializer[object]):
    """`base + min(most_for, points for) − points against`, cut at `least` and `most`."""

    base = serializers.IntegerField()
    most_for = serializers.IntegerField()
    least = serializers.IntegerField()
    most = serializers.IntegerField()
    grades = GradeOut(many=True)
    rules = CreditRuleOut(many=True)


@extend_schema(responses={200: FormulaOut})
@endpoint("GET", public=True)
def credit_formula(request: Request) -> Response:
    """The formula, its grades and every rule in force today."""
    formula = {
        "base": BASE,
        "most_for": MOST_FOR,
        "least": LEAST,
        "most": MOST,
        "grades": [{"code": grade.value, "name": str(grade.label), "least": least} for least, grade in GRADES],
        "rules": rules_in_force(today()),
    }
    return Response(FormulaOut(formula).data)
