"""Every lever of a family with its control, as its passport describes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import reacton.ipyvuetify as rv
import solara

from experiments.app import session
from experiments.app.tracks import changed_levers, rungs, timed, with_track
from experiments.lever_words import measured, spoken
from experiments.library import limits
from experiments.timeline import COLOURS
from sim.passports import InputError, Lever, levers
from sim.scenario import LAST_WEEK, Track, load

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
    with rv.Tabs(v_model=place, on_v_model=set_place, show_arrows=True, class_="mb-3"):
        for family in families:
            count = sum(key.startswith(f"{family}.") for key in changed)
            with rv.Tab(class_="text-none"):
                solara.Text(family.capitalize())
                if count:
                    rv.Chip(x_small=True, color="primary", class_="ml-2", children=[f"{count} changed"])
    with rv.Row():
        for key, lever in levers().items():
            if lever.family == families[place]:
                with rv.Col(cols=12, md=6).key(key):
                    Control(key, scenario.lever(key), base.lever(key), weeks)


@solara.component
def Control(key: str, track: Track, base: Track, weeks: int) -> None:
    """One lever: what it means, where it stands, what that looks like; when, and on whose word, on request."""
    lever = levers()[key]
    opened, set_opened = solara.use_state(False)
    refused, set_refused = solara.use_state("")
    name = lever.name.replace("_", " ")

    def put(wanted: Track) -> None:
        try:
            session.change(lambda work: work.with_plan(with_track(work.chosen, key, wanted)))
            set_refused("")
        except InputError as error:
            set_refused(str(error))

    edge = f"box-shadow: inset 5px 0 0 {COLOURS[lever.family]} !important" if track != base else ""
    with rv.Card(outlined=True, class_="pa-4 fill-height", style_=edge):
        with rv.Html(tag="div", class_="d-flex align-center flex-wrap"):
            rv.Html(tag="h3", class_="text-h6 mr-3", children=[name.capitalize()])
            rv.Html(tag="span", class_="text-h6 primary--text", children=[spoken(key, track.value)])
            rv.Html(tag="span", class_="text-body-2 text--secondary ml-2", children=[measured(key)])
            rv.Spacer()
            if track != base:
                rv.Chip(x_small=True, outlined=True, class_="mr-1", children=["changed"])
                solara.Button(icon_name="mdi-undo", icon=True, small=True, on_click=lambda: put(base),
                              attributes={"aria-label": f"Reset {name} to {spoken(key, base.value)}"})  # fmt: skip
        rv.Html(tag="div", class_="text-body-1", children=[lever.meaning])
        _Value(lever, track, weeks, put)
        if said := limits(track):
            rv.Html(tag="div", class_="text-body-2 primary--text mt-1", children=[said.capitalize()])
        if refused:
            solara.Error(refused, dense=True)
        with rv.Html(tag="div"):
            _More(opened, lever.weekly, lambda: set_opened(not opened))
        if opened:
            if not lever.choices:
                _Exactly(lever, track, put, set_refused)
            if lever.weekly:
                _When(track, name, put)
            _Passport(lever)


@solara.component
def _More(opened: bool, weekly: bool, act: Callable[[], None]) -> None:
    label = "Less" if opened else "When, source and evidence" if weekly else "Source and evidence"
    solara.Button(label, icon_name="mdi-chevron-up" if opened else "mdi-chevron-down", text=True, small=True,
                  classes=["text-none", "px-0"], on_click=act,
                  attributes={"aria-expanded": str(opened).lower()})  # fmt: skip


@solara.component
def _Value(lever: Lever, track: Track, weeks: int, put: Callable[[Track], None]) -> None:
    label = {"aria-label": f"{lever.name.replace('_', ' ')}, {lever.unit}"}
    if lever.choices:
        with rv.BtnToggle(v_model=round(track.value), mandatory=True, class_="my-3 flex-wrap", dense=True,
                          on_v_model=lambda place: put(replace(track, value=float(place)))):  # fmt: skip
            for choice in lever.choices:
                rv.Btn(children=[choice], class_="text-none")
        return
    values = rungs(lever.key, weeks, track.value)
    rv.Slider(v_model=values.index(track.value), min=0, max=len(values) - 1, step=1, hide_details=True,
              on_v_model=lambda place: put(replace(track, value=values[int(place)])),
              attributes=label)  # fmt: skip
    with rv.Html(tag="div", class_="d-flex justify-space-between text-caption text--secondary"):
        for align, words in zip(("left", "center", "right"), lever.observable, strict=True):
            rv.Html(tag="div", style_=f"width: 32%; text-align: {align}; line-height: 1.25", children=[words])


@solara.component
def _Exactly(lever: Lever, track: Track, put: Callable[[Track], None], refuse: Callable[[str], None]) -> None:
    """The value as a number, where the slider's steps are too wide."""

    def exactly(text: str) -> None:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if lever.low <= value <= lever.high:
            put(replace(track, value=float(round(value)) if lever.whole else value))
        else:
            refuse(f"a number from {lever.low:g} to {lever.high:g} ({lever.unit})")

    ends = (lever.low, lever.high)
    with rv.Row(class_="mt-2"), rv.Col(cols=12, sm=8, class_="py-1"):
        _Number(f"Exactly: {lever.unit}", f"{track.value:g}", False, lever.name.replace("_", " "), ends, exactly)


@solara.component
def _When(track: Track, name: str, put: Callable[[Track], None]) -> None:
    def begin(text: str) -> None:
        put(timed(track, _week(text), track.end, track.fade))

    def end(text: str) -> None:
        put(timed(track, track.start, _week(text) if text else None, track.fade))

    def fade(text: str) -> None:
        put(timed(track, track.start, track.end, _week(text)))

    always = track.end is None
    fields = (
        ("From week", str(track.start), False, begin),
        ("Until week (empty: always)", "" if always else str(track.end), False, end),
        ("Fading over weeks", str(track.fade), always, fade),
    )
    with rv.Row(class_="mt-2"):
        for label, shown, disabled, rule in fields:
            with rv.Col(cols=12, sm=4, class_="py-1"):
                _Number(label, shown, disabled, name, (0, LAST_WEEK), rule)


def _week(text: str) -> int:
    return min(int(text), LAST_WEEK) if text.isdigit() else 0


@solara.component
def _Number(
    label: str, shown: str, disabled: bool, name: str, ends: tuple[float, float], put: Callable[[str], None]
) -> None:
    """A number that counts once the field is left or Enter is pressed."""
    limits = {"min": ends[0], "max": ends[1], "step": "any", "aria-label": f"{name}: {label}"}
    field = rv.TextField(label=label, v_model=shown, disabled=disabled, dense=True, outlined=True, hide_details=True,
                         type="number", attributes=limits)  # fmt: skip
    rv.use_event(field, "change", lambda *given: put(str(given[-1])))


@solara.component
def _Passport(lever: Lever) -> None:
    looks = [f"{end}: {what}." for end, what in zip(ENDS, lever.observable, strict=True)]
    lines = (
        ("Looks like", " ".join(looks)),
        ("Unit", f"{lever.unit}; where a programme does not use it: {spoken(lever.key, lever.neutral)}"),
        ("Source", lever.source),
        ("Evidence", GRADES[lever.grade]),
    )
    with rv.Html(tag="dl", class_="text-body-2 mt-2"):
        for term, words in lines:
            rv.Html(tag="dt", class_="font-weight-medium", children=[term])
            rv.Html(tag="dd", class_="mb-1", children=[words])
