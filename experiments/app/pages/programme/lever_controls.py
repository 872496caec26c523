"""Every lever of a family with its control, as its passport describes it."""

from __future__ import annotations

from collections.abc import Callable

import reacton.ipyvuetify as rv
import solara

from experiments.app import session
from experiments.app.pages.programme.lever_fields import Exactly, LeverSlider, When, use_put
from experiments.app.pages.programme.lever_scope import Whom
from experiments.app.tracks import changed_levers
from experiments.lever_costs import at_most, free, takes
from experiments.lever_words import measured, spoken
from experiments.library import limits
from experiments.timeline import COLOURS
from experiments.words import first_up, spaced
from sim.passports import Lever, levers
from sim.scenario import Track, load

GRADES = {
    "measured": "measured in a study",
    "reported": "reported by practitioners",
    "assumed": "assumed: no measurement is known",
}
"""What a grade of evidence says."""
ENDS = ("None of it", "Half", "All of it")


@solara.component
def Levers() -> None:
    """The levers of the chosen plan, one family at a time."""
    plan, weeks = session.work.value.chosen, session.work.value.weeks
    families = list(dict.fromkeys(lever.family for lever in levers().values()))
    place, set_place = solara.use_state(0)
    scenario, base, changed = plan.scenario, load(plan.base), changed_levers(plan)
    with rv.Html(tag="div"):
        with rv.Tabs(v_model=place, on_v_model=set_place, show_arrows=True, class_="mt-n2 mb-2"):
            for family in families:
                count = sum(key.startswith(f"{family}.") for key in changed)
                with rv.Tab(class_="text-none"):
                    solara.Text(family.capitalize())
                    if count:
                        rv.Chip(x_small=True, color="primary", class_="ml-2", children=[f"{count} changed"])
        with rv.Row(dense=True):
            for key, lever in levers().items():
                if lever.family == families[place]:
                    with rv.Col(cols=12, md=6).key(key):
                        Control(key, scenario.lever(key), base.lever(key), weeks)


@solara.component
def Control(key: str, track: Track, base: Track, weeks: int) -> None:
    """One lever: what it means, where it stands, what that looks like; when, and on whose word, on request."""
    lever = levers()[key]
    opened, set_opened = solara.use_state(False)
    put, refused = use_put(key)
    name = spaced(lever.name)
    edge = f"box-shadow: inset 5px 0 0 {COLOURS[lever.family]} !important" if track != base else ""
    with rv.Card(outlined=True, class_="pa-4 fill-height", style_=edge):
        with rv.Html(tag="div", class_="d-flex align-center flex-wrap"):
            rv.Html(tag="h3", class_="text-h6 mr-3", children=[name.capitalize()])
            rv.Html(tag="span", class_="text-h6 primary--text", children=[spoken(key, track.value)])
            rv.Html(tag="span", class_="text-body-2 text--secondary ml-2", children=[measured(key)])
            rv.Spacer()
            if track != base:
                rv.Chip(x_small=True, outlined=True, class_="mr-1", children=["changed"])
                solara.Button(icon_name="mdi-undo", icon=True, small=True, on_click=lambda: put(lambda _: base),
                              attributes={"aria-label": f"Reset {name} to {spoken(key, base.value)}"})  # fmt: skip
        rv.Html(tag="div", class_="text-body-1", children=[lever.meaning])
        LeverSlider(key, name, track, base, weeks, put)
        if not lever.choices:
            _Ends(lever)
        if said := limits(track):
            rv.Html(tag="div", class_="text-body-2 primary--text mt-1", children=[first_up(said)])
        if not free(key):
            rv.Html(tag="div", class_="text-body-2 mt-1", children=[f"Takes {takes(key, track.value)}."])
        if refused:
            solara.Error(refused, dense=True)
        with rv.Html(tag="div"):
            _More(opened, lever, lambda: set_opened(not opened))
        if opened:  # by key: what is being typed stays when a line above comes or goes
            if not lever.choices:
                Exactly(lever, track, put).key("exactly")
            if lever.weekly:
                When(track, name, put).key("when")
            if lever.scoped:
                Whom(track, name, put).key("whom")
            _Passport(lever).key("passport")


@solara.component
def _More(opened: bool, lever: Lever, act: Callable[[], None]) -> None:
    more = ["when"] * lever.weekly + ["for whom"] * lever.scoped + ["source and evidence"]
    label = "Less" if opened else ", ".join(more).capitalize()
    solara.Button(label, icon_name="mdi-chevron-up" if opened else "mdi-chevron-down", text=True, small=True,
                  classes=["text-none", "px-0"], on_click=act,
                  attributes={"aria-expanded": str(opened).lower()})  # fmt: skip


@solara.component
def _Ends(lever: Lever) -> None:
    """What the ends of the slider, and its middle, look like."""
    with rv.Html(tag="div", class_="d-flex justify-space-between text-caption text--secondary"):
        for align, words in zip(("left", "center", "right"), lever.observable, strict=True):
            rv.Html(tag="div", style_=f"width: 32%; text-align: {align}; line-height: 1.25", children=[words])


@solara.component
def _Passport(lever: Lever) -> None:
    looks = [f"{end}: {what}." for end, what in zip(ENDS, lever.observable, strict=True)]
    lines = (
        ("Looks like", " ".join(looks)),
        ("Unit", f"{lever.unit}; where a programme does not use it: {spoken(lever.key, lever.neutral)}"),
        ("Takes", at_most(lever.key)),
        ("Source", lever.source),
        ("Evidence", GRADES[lever.grade]),
    )
    with rv.Html(tag="dl", class_="text-body-2 mt-2"):
        for term, words in lines:
            rv.Html(tag="dt", class_="font-weight-medium", children=[term])
            rv.Html(tag="dd", class_="mb-1", children=[words])
