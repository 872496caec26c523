"""A lever to be set: how a plan takes it, its slider, its value exactly, and its weeks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import reacton.ipyvuetify as rv
import solara

from experiments import words
from experiments.app import session
from experiments.app.tracks import rungs, timed, with_track
from sim.passports import InputError, Lever, levers
from sim.scenario import LAST_WEEK, Track

Put = Callable[[Callable[[Track], Track]], None]
"""Sets a lever by a rule on its track as it then stands: a page may lag behind two quick entries."""


def use_put(key: str) -> tuple[Put, str]:
    """What sets a lever of the chosen plan, and why the last attempt was refused: empty where it was not."""
    refused, set_refused = solara.use_state("")

    def put(rule: Callable[[Track], Track]) -> None:
        try:
            session.change(lambda now: now.with_plan(with_track(now.chosen, key, rule(now.chosen.scenario.lever(key)))))
            set_refused("")
        except InputError as error:
            set_refused(words.first_up(str(error)))

    return put, refused


@solara.component
def LeverSlider(key: str, label: str, track: Track, base: Track, weeks: int, put: Put) -> None:
    """A lever's value: on a slider that stops where the base has it too, or as one of its choices."""
    lever = levers()[key]
    if lever.choices:
        with rv.BtnToggle(v_model=round(track.value), mandatory=True, class_="my-3 flex-wrap", dense=True,
                          on_v_model=lambda place: put(lambda now: replace(now, value=float(place))),
                          attributes={"role": "group", "aria-label": label}):  # fmt: skip
            for choice in lever.choices:
                rv.Btn(children=[choice], class_="text-none")
        return
    values = rungs(key, weeks, track.value, base.value)
    rv.Slider(v_model=values.index(track.value), min=0, max=len(values) - 1, step=1, hide_details=True,
              on_v_model=lambda place: put(lambda now: replace(now, value=values[int(place)])),
              attributes={"aria-label": f"{label}, {lever.unit}"})  # fmt: skip


@solara.component
def Exactly(lever: Lever, track: Track, put: Put) -> None:
    """The value as a number, where the slider's steps are too wide."""
    with rv.Row(class_="mt-2"), rv.Col(cols=12, sm=8, class_="py-1"):
        _Number(f"Exactly: {lever.unit}", f"{track.value:g}", False, words.spaced(lever.name),
                lambda text: put(lambda now: replace(now, value=_value(lever, text))))  # fmt: skip


def _value(lever: Lever, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not lever.low <= value <= lever.high or (lever.whole and not value.is_integer()):
        what, given = "whole number" if lever.whole else "number", text[:20] or "nothing"
        raise InputError(f"a {what} from {lever.low:g} to {lever.high:g} ({lever.unit}), not {given}")
    return value


@solara.component
def When(track: Track, name: str, put: Put) -> None:
    """The weeks in which a lever is used."""

    def begin(text: str) -> None:
        put(lambda now: timed(now, _week(text), now.end, now.fade))

    def end(text: str) -> None:
        put(lambda now: timed(now, now.start, _week(text) if text else None, now.fade))

    def fade(text: str) -> None:
        put(lambda now: timed(now, now.start, now.end, _week(text)))

    always = track.end is None
    fields = (
        ("From week", str(track.start), False, begin),
        ("Until week", "" if always else str(track.end), False, end),
        ("Fading over weeks", str(track.fade), always, fade),
    )
    with rv.Row(class_="mt-2"):
        for label, shown, disabled, rule in fields:
            with rv.Col(cols=12, sm=4, class_="py-1"):
                _Number(label, shown, disabled, name, rule)


def _week(text: str) -> int:
    """The week that is meant. Raises InputError for anything that is none."""
    if not (text.isdecimal() and len(text) <= len(str(LAST_WEEK)) and int(text) <= LAST_WEEK):
        raise InputError(f"a whole week from 0 to {LAST_WEEK:,}, not {text[:20] or 'nothing'}")
    return int(text)


@solara.component
def _Number(label: str, shown: str, disabled: bool, name: str, put: Callable[[str], None]) -> None:
    """A number that counts once the field is left or Enter is pressed; what is being typed stays while others count."""
    text, set_text = solara.use_state(shown)
    entries, set_entries = solara.use_state(0)

    def enter(given: str) -> None:
        put(given.strip())
        set_entries(lambda before: before + 1)

    solara.use_effect(lambda: set_text(shown), [shown, entries])  # an entry may have been mended, or refused
    # as text: what is no number must come here to be refused; a field of type number says "" of it
    field = rv.TextField(label=label, v_model=text, on_v_model=set_text, placeholder=shown or "always",
                         disabled=disabled, dense=True, outlined=True, hide_details=True,
                         attributes={"inputmode": "decimal", "aria-label": f"{name}: {label}"})  # fmt: skip
    rv.use_event(field, "change", lambda *given: enter(str(given[-1])))
