"""Plausible names for the units and jobs of a generated organisation."""

from __future__ import annotations

from collections.abc import Sequence

UNITS = (
    "Sales North", "Customer Success", "Marketing", "Sales South", "Operations", "Finance", "Sales West",
    "Inside Sales", "Product", "Sales East", "People", "Service Desk", "Partner Sales", "Key Accounts",
    "Sales Operations", "IT", "Demand Generation", "Field Service", "Public Sector Sales", "Engineering", "Renewals",
    "Logistics", "Product Marketing", "Onboarding", "Procurement", "Quality", "Business Development",
    "Technical Support", "Legal", "Brand", "Analytics", "Facilities",
)  # fmt: skip

TOP_TITLE = "Chief executive"
LEADER_TITLES = ("Vice president", "Director", "Head of department", "Manager")
TEAM_LEAD_TITLE = "Team lead"
STAFF_TITLE = "Specialist"


def unit_names(count: int, given: Sequence[str] = UNITS) -> list[str]:
    """``count`` different names: the list once, then numbered from 2."""
    rounds = range(1, count // len(given) + 2)
    return [name if turn == 1 else f"{name} {turn}" for turn in rounds for name in given][:count]
