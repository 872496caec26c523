"""People without their names: what the explorer keeps of an uploaded roster, and how it stands in a workshop's file.

Ids, titles, places and dates go; units (those read off the reporting line bear no ids), roles, the reporting line and
ties stay. Nothing in the model reads an id, so every number is the same as on the roster itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from sim.organisation import Organisation, OrganisationError
from sim.organisation.organisation import assemble
from sim.organisation.ties import ties_from_pairs

MOST_TIES = 2_000_000
LONGEST_NAME = 80
"""Letters of an organisation's name, which a file may have given it."""


def anonymous(organisation: Organisation) -> Organisation:
    """The same people in the same order, numbered."""
    ids = np.empty(organisation.headcount, dtype=object)
    ids[:] = _numbers(organisation.headcount)
    return replace(organisation, ids=ids, title=None, location=None, hired=None)


def as_document(organisation: Organisation) -> dict[str, Any]:
    """Anonymous people as plain values."""
    ties = organisation.ties
    return {
        "name": organisation.name,
        "units": list(organisation.unit_names),
        "unit": organisation.unit.tolist(),
        "manager": organisation.manager.tolist(),
        "role": organisation.role.tolist(),
        "ties": [ties.egos.tolist(), ties.neighbours.tolist(), ties.contacts.tolist()],
    }


def from_document(given: Mapping[str, Any], most: int) -> Organisation:
    """People from a file, checked like any roster. Raises OrganisationError for anything else."""
    try:
        units = [str(name) for name in given["units"]]
        unit = np.array(given["unit"], np.int64)
        manager = np.array(given["manager"], np.int64)
        role = np.array(given["role"], np.int64)
        egos, alters, contacts = (np.array(column) for column in given["ties"])
        name = str(given["name"])
    except (KeyError, TypeError, ValueError, OverflowError):
        raise OrganisationError("the people in this file cannot be read; save the workshop again") from None
    count = len(manager)
    whole = all(column.ndim == 1 and len(column) == count for column in (unit, manager, role))
    inside = whole and count and unit.min() >= 0 and unit.max() < len(units) and role.min() >= 0 and role.max() < 3
    paired = egos.ndim == alters.ndim == contacts.ndim == 1 and len(egos) == len(alters) == len(contacts) <= MOST_TIES
    if not inside or not paired or manager.min() < -1:
        raise OrganisationError("the people in this file do not fit together; save the workshop again")
    if count > most:
        raise OrganisationError(f"{count:,} people; the explorer takes {most:,} at most")
    if len(egos) and (min(egos.min(), alters.min()) < 0 or max(egos.max(), alters.max()) >= count):
        raise OrganisationError("the ties in this file name people who are not there")
    people = assemble(
        _numbers(count),
        manager,
        unit=[units[place] for place in unit.tolist()],
        role=role.astype(np.uint8),
        name=name[:LONGEST_NAME],
    )
    ties = ties_from_pairs(count, egos.astype(np.int64), alters.astype(np.int64), contacts.astype(np.float64))
    return people.with_ties(ties)


def _numbers(count: int) -> list[str]:
    """What stands for ids: ``001``, ``002``; of one width, so that they sort as they count."""
    width = len(str(count))
    return [f"{number:0{width}d}" for number in range(1, count + 1)]
