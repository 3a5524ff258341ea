"""What enterprises of each trade do."""

GENERAL, REPAIR, CARE, CANTEEN, HEALTH = "general", "repair", "care", "canteen", "health"

# what kinds a worker of each trade does together
TRADES: dict[str, tuple[tuple[str, ...], ...]] = {
    GENERAL: (
        ("cleaning",), ("cleaning", "appliance_cleaning"), ("cleaning", "organising"), ("cleaning", "home_cooking"),
        ("home_cooking",), ("elder_care", "elder_visits"), ("infant_care", "child_minding"), ("child_minding",),
        ("elder_care", "hospital_escort", "patient_care"), ("lactation", "infant_care"),
    ),
    REPAIR: (
        ("appliance_repair", "appliance_cleaning"), ("plumbing_furniture_locks",),
        ("appliance_cleaning", "plumbing_furniture_locks"), ("pest_control", "cleaning"),
    ),
    CARE: (
        ("elder_care", "assisted_bathing", "elder_visits"), ("dementia_care", "elder_care"),
        ("disability_assistance", "elder_care", "hospital_escort"), ("assisted_bathing", "home_adaptation"),
    ),
    CANTEEN: (("meal_delivery",), ("meal_delivery", "elder_visits")),
    HEALTH: (
        ("home_nursing", "health_monitoring"), ("doctor_round",), ("rehabilitation", "health_monitoring"),
        ("counselling", "marriage_counselling"), ("family_education", "counselling"),
    ),
}  # fmt: skip
SEAT_KINDS = {CANTEEN: ("canteen",), CARE: ("elder_care", "home_nursery"), GENERAL: (), REPAIR: (), HEALTH: ()}
FIRMS = [GENERAL] * 22 + [REPAIR] * 5 + [CARE] * 6 + [CANTEEN] * 3 + [HEALTH] * 4
SUFFIX = {
    GENERAL: "家政服务有限公司",
    REPAIR: "家电维修服务部",
    CARE: "养老服务中心",
    CANTEEN: "社区餐饮有限公司",
    HEALTH: "健康管理有限公司",
}
ORG_TYPE = {GENERAL: "employer", REPAIR: "shop", CARE: "elder_care", CANTEEN: "canteen", HEALTH: "employer"}
