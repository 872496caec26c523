"""The mechanisms: one rule a file, in the order of ``week.py``. A mechanism imports no other mechanism.

Each file holds small pure rules that can be read against their citation, and a kernel that applies them to the columns
of a block. A kernel takes ``(block, now, week, part)``: the state, this week's levers, the week's number, and which
share of the people is its own.
"""

MECHANISMS = (
    "rollout",
    "enablement",
    "champions",
    "leadership",
    "managers",
    "trying",
    "experience",
    "influence",
    "learning",
    "habit",
    "building",
)
"""The mechanisms that a scenario can switch off (``mechanisms: {influence: off}``)."""
