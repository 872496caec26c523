"""Who is an executive, a middle manager, a rep: read off the tree, unless the roster says so itself."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

import numpy as np

from sim.organisation.columns import plain
from sim.organisation.errors import Cell, Fault, listed, quoted
from sim.organisation.tree import spans


class Role(IntEnum):
    """A person's place in the line. Champion is not a role but a flag that anyone can carry."""

    EXECUTIVE = 0
    MIDDLE_MANAGER = 1
    REP = 2

    @property
    def label(self) -> str:
        """``executive``, ``middle_manager`` or ``rep``: the spelling used in files and results."""
        return self.name.lower()


UNSTATED = 255
"""In an array of given roles: not given, so taken from the tree."""

SPELLINGS: dict[str, int] = {
    **dict.fromkeys(("executive", "exec", "clevel", "csuite", "leadership", "seniorleader", "seniorleadership",
                     "seniorexecutive", "topmanagement", "vorstand", "geschaftsfuhrung",
                     "geschaeftsfuehrung"), Role.EXECUTIVE),
    **dict.fromkeys(("middlemanager", "manager", "middlemanagement", "management", "linemanager", "peoplemanager",
                     "firstlinemanager", "seniormanager", "teamlead", "teamleader", "supervisor", "fuhrungskraft",
                     "fuehrungskraft", "teamleiter", "teamleiterin", "abteilungsleiter",
                     "abteilungsleiterin"), Role.MIDDLE_MANAGER),
    **dict.fromkeys(("rep", "reps", "representative", "salesrep", "salesrepresentative", "individualcontributor", "ic",
                     "contributor", "employee", "staff", "worker", "associate", "individual", "mitarbeiter",
                     "mitarbeiterin", "mitarbeitende"), Role.REP),
    # Anyone can be a champion, so the word does not tell the role: the tree does (no reports, hence rep, as a rule).
    "champion": UNSTATED,
}  # fmt: skip

ACCEPTED = ("executive", "manager", "middle manager", "rep", "individual contributor", "employee", "champion")
"""The spellings that messages show; ``SPELLINGS`` knows some more."""


def roles_from_tree(manager: np.ndarray) -> np.ndarray:
    """Roles [N] uint8 by the reporting line.

    Executive: the roots, and those directly below them who manage managers. Middle manager: anyone else with reports.
    Rep: no reports. An executive below the root always leaves a middle manager below them, so that only a flat
    organisation, in which nobody but the root has reports, is without middle managers.
    """
    leads = spans(manager) > 0
    below = manager >= 0
    leads_managers = np.zeros(len(manager), dtype=bool)
    leads_managers[manager[below & leads]] = True
    top = ~below
    second = np.zeros(len(manager), dtype=bool)
    second[below] = top[manager[below]]
    role = np.full(len(manager), Role.REP, dtype=np.uint8)
    role[leads] = Role.MIDDLE_MANAGER
    role[top | (second & leads_managers)] = Role.EXECUTIVE
    return role


def roles_as_given(cells: Sequence[str]) -> np.ndarray:
    """Roles [N] uint8 from a roster's column, ``UNSTATED`` where a cell is blank or says nothing known."""
    codes = {cell: SPELLINGS.get(plain(cell), UNSTATED) for cell in set(cells)}
    return np.fromiter((codes[cell] for cell in cells), dtype=np.uint8, count=len(cells))


def unknown_roles(cells: Sequence[str], column: str, rows: np.ndarray) -> Fault | None:
    """The fault that a roster's column of roles has words that are none."""
    unknown = {cell for cell in set(cells) if cell and plain(cell) not in SPELLINGS}
    if not unknown:
        return None
    at = tuple(Cell(int(rows[i]), column, cell) for i, cell in enumerate(cells) if cell in unknown)
    return Fault(
        "a role that is not known",
        f"column '{column}' has roles it does not know: {quoted(sorted(unknown))} in row {listed(c.row for c in at)}",
        f"Use {', '.join(ACCEPTED)}, or leave the cell blank to take the role from the reporting line",
        at,
        "columns",
        f'. If the column holds job titles, say so with --map title="{column}"',
    )
