"""Whom a lever reaches: roles, units, waves; nothing chosen is everyone."""

from __future__ import annotations

from typing import Any

import reacton.ipyvuetify as rv
import solara

from experiments import words
from experiments.app import organisations, session
from experiments.app.background import use_latest
from experiments.app.pages.programme.lever_fields import Put
from experiments.app.tracks import scoped, waves_of
from experiments.app.work import People
from sim.scenario import ROLES, UNIT_WORDS, Track

WORDS = {"largest": "the largest unit", "smallest": "the smallest unit", "half": "half of the units, by lot",
         **{role: words.spaced(role) for role in ROLES}}  # fmt: skip


@solara.component
def Whom(track: Track, name: str, put: Put) -> None:
    """Lists to choose from: the roles, this organisation's units, and the waves in which the plan opens access."""
    work = session.work.value
    units = use_latest(_units, session.session_id(), work.people).value or ()
    scope = track.scope
    fields: tuple[tuple[str, str, int, tuple[Any, ...], tuple[Any, ...]], ...] = (
        ("roles", "Only roles", 6, ROLES, scope.roles),
        ("waves", "Only waves", 6, tuple(range(1, waves_of(work.chosen.scenario) + 1)), scope.waves),
        ("units", "Only units", 12, (*UNIT_WORDS, *units), scope.units),
    )
    rv.Html(tag="div", class_="text-body-2 mt-2", children=["For whom; where nothing is chosen, for everyone:"])
    with rv.Row():
        for key, label, wide, offered, chosen in fields:
            items = [*offered, *(item for item in chosen if item not in offered)]
            if items:
                with rv.Col(cols=12, sm=wide, class_="py-1").key(key):
                    _Some(key, label, items, chosen, name, put)


@solara.component
def _Some(
    key: str, label: str, items: list[Any], chosen: tuple[Any, ...], name: str, put: Put
) -> None:  # fmt: skip
    listed = [{"text": WORDS.get(item, str(item)), "value": item} for item in items]
    rv.Autocomplete(label=label, items=listed, v_model=list(chosen), multiple=True, small_chips=True,
                    deletable_chips=True, outlined=True, hide_details=True,
                    on_v_model=lambda wanted: put(lambda track: scoped(track, **{key: wanted})),
                    attributes={"aria-label": f"{name}: {label}"})  # fmt: skip


def _units(session_id: str, wanted: People) -> tuple[str, ...]:
    return organisations.of(session_id, wanted).unit_names
