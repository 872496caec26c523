"""Read an organisation: the roster, and the ties from a file or, without one, drawn from the reporting line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sim.organisation.edges import read_ties
from sim.organisation.errors import Notice, OrganisationError
from sim.organisation.informal import informal_ties
from sim.organisation.organisation import Organisation
from sim.organisation.roster import read_roster


def read_organisation(
    path: str | Path,
    *,
    ties_path: str | Path | None = None,
    mapping: Mapping[str, str] | None = None,
    orphans: str | None = None,
    relation: str | None = None,
    seed: int = 1,
) -> Organisation:
    """The organisation of a roster file (CSV, TSV, XLSX, Parquet) with its ties (also GraphML, GEXF).

    mapping    field -> column header, for both files (see ``columns.ROSTER_FIELDS`` and ``columns.TIE_FIELDS``)
    orphans    'attach' or 'drop' people who do not hang below the top; None refuses them
    relation   which of several relations in the ties file to take; None adds them up
    seed       for drawing the ties where there is no ties file

    Bad input raises ``OrganisationError``. What was decided on the way is in ``notices``.
    """
    people = read_roster(path, mapping=mapping, orphans=orphans)
    if ties_path is not None:
        ties, notices = read_ties(ties_path, people, mapping=mapping, relation=relation)
        return people.with_ties(ties, *notices)
    if relation is not None:
        raise OrganisationError(f"relation '{relation}': there is no ties file to select it from; give one with --ties")
    drawn = f"informal ties are drawn from the reporting line (seed {seed}); they are assumed, not observed"
    return people.with_ties(informal_ties(people, seed), Notice(f"no ties file: {drawn}"))
