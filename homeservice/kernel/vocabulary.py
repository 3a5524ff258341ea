"""Codes that several apps share: roles, recipients' groups, care levels, credentials, units.

One concept, one word. English is the source text; the Chinese stands in the message catalogue.
"""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """Six kinds of people. Every signed-in person is a resident as well."""

    RESIDENT = "resident", _("Resident")
    WORKER = "worker", _("Worker")
    MANAGER = "manager", _("Enterprise manager")
    STAFF = "staff", _("Community staff")
    SUPERVISOR = "supervisor", _("Supervisor")
    ADMIN = "admin", _("Administrator")


STAFF_ROLES = frozenset({Role.STAFF, Role.SUPERVISOR, Role.ADMIN})


class Admission(TextChoices):
    """How far an enterprise or a worker has come on the platform; the steps between stand in `providers.admission`."""

    AWAITING_AUTHORISATION = "awaiting_authorisation", _("Awaiting authorisation")
    SUBMITTED = "submitted", _("Submitted")
    CHECKING = "checking", _("Being checked")
    RETURNED = "returned", _("Returned")
    ADMITTED = "admitted", _("Admitted")
    SUSPENDED = "suspended", _("Suspended")
    EXITED = "exited", _("Exited")
    BLACKLISTED = "blacklisted", _("Blacklisted")


class EnterpriseRight(TextChoices):
    """What a sub-account may be closed to. The legal representative has all of them."""

    OFFICE = "office", _("Licences, admission and exit")
    ACCOUNTS = "accounts", _("Sub-accounts")
    PRICES = "prices", _("Prices and listings")
    STAFFING = "staffing", _("Workers and their papers")
    BOOKINGS = "bookings", _("Bookings")


class Group(TextChoices):
    """Recipients' groups of the catalogue (domain §4)."""

    NEWBORN = "newborn", _("Newborn")
    INFANT = "infant", _("Infant")
    CHILD = "child", _("Child")
    OFFICE = "office", _("Working people")
    SINGLE_PARENT = "single_parent", _("Single parent")
    ELDER = "elder", _("Elder")
    DISABLED = "disabled", _("Disabled")
    EVERYONE = "everyone", _("Everyone")


CHILD_GROUPS = frozenset({Group.NEWBORN, Group.INFANT, Group.CHILD})


class CareLevel(IntegerChoices):
    """Ability levels of GB/T 42195-2022."""

    INTACT = 0, _("Fully able")
    MILD = 1, _("Mild loss of ability")
    MODERATE = 2, _("Moderate loss of ability")
    SEVERE = 3, _("Severe loss of ability")
    COMPLETE = 4, _("Complete loss of ability")


class Circumstance(TextChoices):
    """What a job may involve, so that the law asks more of who does it (conditions of the enforcement table)."""

    HEIGHT = "height", _("Work at height, outside or on high windows")
    REFRIGERANT = "refrigerant", _("Work on refrigerant or an outdoor unit")
    WIRING = "wiring", _("Work on wiring")
    LOCK_OPENING = "lock_opening", _("Opening a lock")
    MEDICAL_ACT = "medical_act", _("An invasive or medical act")
    CHEMICAL = "chemical", _("Work with hazardous chemicals")


class OrderMode(TextChoices):
    """How an item may be ordered (点 时 享)."""

    MENU = "menu", _("From the menu")
    SLOT = "slot", _("By time slot")
    SHARED = "shared", _("Shared with neighbours")


class Subsidy(TextChoices):
    """Who else may pay a part (M H L V G)."""

    MEAL = "meal", _("Meal subsidy")
    HOME_CARE = "home_care", _("Home-care subsidy")
    LONG_TERM_CARE = "long_term_care", _("Long-term-care insurance")
    VOUCHER = "voucher", _("Voucher")
    GROUP = "group", _("Group purchase")


class Unit(TextChoices):
    """What a price is counted in."""

    HOUR = "hour", _("hour")
    SQUARE_METRE = "square_metre", _("m²")
    VISIT = "visit", _("visit")
    ROOM = "room", _("room")
    PIECE = "piece", _("piece")
    MEAL = "meal", _("meal")
    TABLE = "table", _("table")
    MONTH = "month", _("month")
    TERM_26_DAYS = "term_26_days", _("26 days")
    TRIP = "trip", _("trip")
    SESSION = "session", _("session")
    HALF_DAY = "half_day", _("half day")
    DAY = "day", _("day")
    PERSON_HOUR = "person_hour", _("hour per person")
    APPLIANCE = "appliance", _("appliance")


class Place(TextChoices):
    """Where the service is given."""

    HOME = "home", _("At home")
    POINT = "point", _("At the service point")


class TransportMode(TextChoices):
    """How a worker travels; the speeds stand in `kernel.geo`."""

    WALK = "walk", _("On foot")
    BIKE = "bike", _("Bicycle")
    EBIKE = "ebike", _("E-bike")
    TRANSIT = "transit", _("Public transport")
    CAR = "car", _("Car")


class Channel(TextChoices):
    """How an order or a consent reached us."""

    WEB = "web", _("Online")
    DESK = "desk", _("At the desk")
    PHONE = "phone", _("By telephone")
    API = "api", _("By API")


class Sex(TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")


class CredentialCode(TextChoices):
    """Credential codes of domain §3.3, with those that it lacks (pest control, rehabilitation …)."""

    ID = "ID", _("Identity verified")
    EXAM = "HX", _("Health exam")
    FOOD_EXAM = "HX-F", _("Food handler's health exam")
    CRIME_CHECK = "BG1", _("Crime-background check")
    CHILD_PROTECTION = "BG2", _("Child-protection record check")
    PRE_JOB_TRAINING = "TR0", _("Pre-job training")
    FIRST_AID = "FA", _("First aid")
    SKILL_HOUSEKEEPING = "SK-JW", _("Home-service worker")
    SKILL_MATERNITY = "SK-MY", _("Maternity carer")
    SKILL_HOME_CARE = "SK-ZH", _("Home carer")
    SKILL_INFANT_CARE = "SK-YY", _("Infant carer")
    SKILL_NURSERY = "SK-BY", _("Nursery carer")
    SKILL_EARLY_DEVELOPMENT = "SK-YD", _("Early-development guide")
    SKILL_ELDER_CARE = "SK-YL", _("Elder carer")
    SKILL_LONG_TERM_CARE = "SK-CZ", _("Long-term carer")
    SKILL_ORGANISING = "SK-SN", _("Home organiser")
    SKILL_COOKING = "SK-PR", _("Cook")
    SKILL_APPLIANCE = "SK-JD", _("Appliance repairer")
    SKILL_HOSPITAL_CARE = "SK-YH", _("Hospital carer")
    SKILL_PEST_CONTROL = "SK-PC", _("Pest controller")
    TRAINING = "TR-X", _("Training certificate for this service")
    NURSE = "LIC-N", _("Nurse's licence")
    DOCTOR = "LIC-D", _("Doctor's licence")
    REHABILITATION = "LIC-RT", _("Rehabilitation therapist's licence")
    ASSESSOR = "LIC-AS", _("Ageing-home assessor")
    REFRIGERATION = "LIC-HV", _("Special operation: refrigeration")
    WORK_AT_HEIGHT = "LIC-HI", _("Special operation: work at height")
    LOW_VOLTAGE = "LIC-EL", _("Special operation: low-voltage electrician")
    LOCKSMITH = "LIC-LK", _("Locksmith filed with the police")
    COUNSELLING = "PSY", _("Counselling certificate")
    FAMILY_EDUCATION = "FED", _("Family-education guide")
    MARRIAGE_COUNSELLING = "MAR", _("Marriage and family counsellor")
    INSURANCE = "INS", _("Liability and accident insurance")
    CITY_CARD = "CARD", _("City home-service card")
    BUSINESS_LICENCE = "O-BL", _("Business licence")
    LABOUR_AGENCY = "O-HR", _("Labour-agency licence")
    FOOD_BUSINESS = "O-FD", _("Food-business licence")
    MEDICAL_INSTITUTION = "O-MED", _("Medical-institution licence")
    TRAINING_SCHOOL = "O-EDU", _("Training-school licence")
    LTC_PROVIDER = "O-LTC", _("Designated long-term-care provider")
    HOME_CARE_SUPPLIER = "O-HC", _("Home-care supplier")
    NURSERY_FILING = "O-CC", _("Nursery filing")


class ExamClass(IntegerChoices):
    """Health-exam classes by strictness; a higher class satisfies the lower ones."""

    GENERAL = 1, _("A, general")
    HOME = 2, _("B, home")
    ELDER_CARE = 3, _("C, elder care")
    MATERNITY = 4, _("D, maternity and infant care")
