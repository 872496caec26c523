"""What one page holds: the work as it stands, restored from the address once and written back to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import solara

from experiments.app import organisations
from experiments.app.address import from_address, to_address
from experiments.app.work import Work
from sim.organisation import Organisation
from sim.passports import InputError

work: solara.Reactive[Work] = solara.reactive(Work())
refused: solara.Reactive[str] = solara.reactive("")
"""Why the address could not be restored."""
_restored: solara.Reactive[bool] = solara.reactive(False)


def restore(search: str | None) -> None:
    """Take the address up, once in a page's life."""
    if _restored.value:
        return
    _restored.set(True)
    try:
        work.set(from_address(search) if search else Work(people=organisations.first_people()))
    except InputError as error:
        refused.set(str(error))


def change(rule: Callable[[Work], Work]) -> None:
    """The work changed by a rule."""
    work.set(rule(work.value))


def enter_workshop(code: str) -> None:
    """Into a workshop, with everything else as it is."""
    change(lambda now: replace(now, workshop=code))


def leave_workshop() -> None:
    """Out of the workshop, with everything else as it is."""
    change(lambda now: replace(now, workshop=""))


def search() -> str:
    """The query that restores the work."""
    query = to_address(work.value)
    return f"?{query}" if query else ""


def session_id() -> str:
    """Whose browser this is: the same in all its tabs and after a reload."""
    return solara.get_session_id()


def organisation() -> Organisation:
    """The people the page is about. Raises InputError and OrganisationError."""
    return organisations.of(session_id(), work.value.people)
