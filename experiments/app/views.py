"""What a page shows one at a time. Each has its address; those made for a room follow each other when presented."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import reacton.ipyvuetify as rv
import solara

from experiments.app import session


@dataclass(frozen=True)
class View:
    """One thing that a page shows. ``for_a_room``: it is something to look at, not something to set. ``plans``: as many
    as it needs at least. ``ready``: whether there is anything to look at yet."""

    key: str
    label: str
    icon: str = ""
    for_a_room: bool = True
    plans: int = 1
    ready: Callable[[], bool] = lambda: True


def offered(views: tuple[View, ...]) -> list[View]:
    """Those that the page can show now; in a presentation those that are made for one."""
    work = session.work.value
    return [view for view in views if len(work.plans) >= view.plans and (view.for_a_room or not work.present)]


def shown(views: tuple[View, ...]) -> View:
    """The view that the address names, else the first."""
    found = offered(views)
    return next((view for view in found if view.key == session.work.value.view), found[0])


def use_open() -> Callable[..., None]:
    """What opens a page by its path, at a view of that key: the first where none is named."""
    router = solara.use_router()

    def open_page(path: str, view: str = "") -> None:
        session.change(lambda work: replace(work, view=view))
        router.push(f"/{path}")

    return open_page


@solara.component
def Views(views: tuple[View, ...]) -> None:
    """The tabs of a page's views; none while one of them is presented."""
    if session.work.value.present:
        return
    found = offered(views)

    def choose(place: int) -> None:
        session.change(lambda work: replace(work, view=found[place].key))

    with rv.Tabs(v_model=found.index(shown(views)), on_v_model=choose, show_arrows=True):
        for view in found:
            icon = [rv.Icon(children=[view.icon], left=True)] if view.icon else []
            rv.Tab(children=[*icon, view.label], class_="text-none")
