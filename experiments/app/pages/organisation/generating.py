"""The sliders of a generated organisation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import reacton.ipyvuetify as rv
import solara

from experiments.app import session
from experiments.app.work import FEWEST_PEOPLE, SPANS, People
from experiments.compare import MOST_SEED
from sim.organisation.generate import UNIT_SIZE
from sim.organisation.spans import MEAN_SPAN

PEOPLE_BY_SLIDER, UNITS_BY_SLIDER = 5_000, 100
"""The most that sliders reach; an address may ask for more."""
STEPS = 40


def ladder(low: float, high: float, *held: float) -> list[float]:
    """Whole numbers that rise geometrically, rounded to two figures; ``held`` are among them."""
    steps = np.geomspace(low, high, STEPS)
    return sorted({*(float(f"{step:.2g}") for step in steps.round()), *held})


@solara.component
def Generate() -> None:
    """Headcount, spans, units, and the seed that draws the rest."""
    people = session.work.value.people
    usual = People()
    made = people if not (people.sample or people.uploaded) else usual

    def put(**fields: Any) -> None:
        session.change(lambda work: replace(work, people=replace(made, **fields)))

    if made is not people:
        solara.Text("Moving a slider makes a new organisation in place of the one that is shown.")
    Choice("People", f"{made.headcount:,}", ladder(FEWEST_PEOPLE, PEOPLE_BY_SLIDER, made.headcount), made.headcount,
           lambda value: put(headcount=int(value)))  # fmt: skip
    spans = sorted({*np.arange(SPANS[0], SPANS[1] + 1).tolist(), MEAN_SPAN, made.span or MEAN_SPAN})
    said = f"{made.span:g}" if made.span else f"{MEAN_SPAN:.1f}, as in real firms"
    Choice("Direct reports of a manager, mean", said, spans, made.span or MEAN_SPAN,
           lambda value: put(span=0.0 if value == MEAN_SPAN else value))  # fmt: skip
    units = [0.0, *ladder(1, UNITS_BY_SLIDER, *([made.units] if made.units else []))]
    said = f"about {made.units}" if made.units else f"one to about {UNIT_SIZE} people"
    Choice("Units", said, units, made.units, lambda value: put(units=int(value)))
    with rv.Html(tag="div", class_="d-flex align-center mt-4"):
        rv.Html(tag="span", class_="text-body-1", children=["Drawn with seed "])
        rv.Html(tag="span", class_="text-h6 primary--text ml-2", children=[f"{made.seed}"])
        rv.Spacer()
        solara.Button("Draw another", icon_name="mdi-dice-multiple-outline", text=True, classes=["text-none"],
                      on_click=lambda: put(seed=(made.seed + 1) % MOST_SEED))  # fmt: skip
    if made is people and made != usual:
        solara.Button("Start over", icon_name="mdi-undo", text=True, classes=["text-none", "px-0"],
                      on_click=lambda: session.change(lambda work: replace(work, people=usual)))  # fmt: skip


@solara.component
def Choice(label: str, said: str, values: Sequence[float], value: float, put: Callable[[float], None]) -> None:
    """A slider over given values."""
    with rv.Html(tag="div", class_="d-flex align-baseline flex-wrap mt-3"):
        rv.Html(tag="span", class_="text-body-1 mr-2", children=[label])
        rv.Spacer()
        rv.Html(tag="span", class_="text-h6 primary--text", children=[said])
    rv.Slider(v_model=list(values).index(value), min=0, max=len(values) - 1, step=1, hide_details=True,
              on_v_model=lambda place: put(values[int(place)]), attributes={"aria-label": label})  # fmt: skip
