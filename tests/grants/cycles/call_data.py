"""Calls in the call format, made for tests."""

import copy
from typing import Any

from tests.factories import question

CALL: dict[str, Any] = {
    "source": [{"title": "Better Blocks", "address": "https://tilden.example/blocks"}],
    "not_visible": ["the rubric's weights"],
    "city": {
        "slug": "tilden", "name": "Tilden", "region": "IL", "country": "US", "timezone": "America/Chicago", "currency": "USD",
        "languages": ["en", "es"], "population": 40_000,
    },
    "cycle": {
        "name": "Better Blocks 2026", "year": 2026, "purpose": "Greener blocks.", "opens_at": "2026-04-01T09:00:00-05:00",
        "closes_at": "2026-04-30", "decision_by": "2026-06-01", "project_starts": None, "project_ends": None,
        "min_request": "500", "max_request": "2500.50", "pool": None, "expected_awards": 12, "stages": ["full"],
        "workshop": {"required": True, "dates": ["2026-04-10"]},
    },
    "eligibility": [
        {
            "key": "lives_here", "label": "Do you live in Tilden?", "type": "yes_no", "options": [],
            "must": {"words": "You live in Tilden.", "test": {"op": "eq", "value": True}}, "stops": True,
        }
    ],
    "sections": [
        {
            "key": "project", "title": "Project",
            "questions": [question("project_title", required=True), question("amount", "money", max="2500.50")],
        }
    ],
    "budget": {
        "columns": ["requested"],
        "categories": [
            {"key": "tools", "label": "Tools", "max_percent": "20", "max_amount": None},
            {"key": "plants", "label": "Plants", "max_percent": None, "max_amount": "400.00"},
        ],
        "disallowed": ["Alcohol"], "match_required": None, "vendor_quotes_over": None,
    },
    "attachments": [{"key": "permission", "label": "Owner's permission", "required": True, "when": None}],
    "rubric": {
        "gates": [{"key": "complete", "label": "It is complete"}],
        "criteria": [{"key": "benefit", "label": "Benefit", "max_points": 20, "guidance": None}],
        "bonus": [], "minimum_total": None, "reviewers": "Staff",
    },
    "award": {
        "payment_modes": ["reimbursement"], "sponsor_fee_max_percent": None, "reports": [{"kind": "final_report", "due": "June"}],
        "conditions": ["Work ends in a year"], "city_services": [{"key": "mulch", "label": "Mulch"}],
    },
}  # fmt: skip


def call_data(**cycle: Any) -> dict[str, Any]:
    """A valid call of one stage; keywords change its ``cycle``."""
    data = copy.deepcopy(CALL)
    data["cycle"] |= cycle
    return data


def two_stages() -> dict[str, Any]:
    data = call_data(stages=["idea", "full"])
    data["sections"] = [
        {"key": "idea_project", "title": "Idea", "questions": [question("project_title", required=True)]},
        {"key": "full_money", "title": "Money", "questions": [question("amount", "money")]},
    ]
    return data
