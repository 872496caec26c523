"""Levers as scales to step along: which values of a lever are tried, in what order, and between which one reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from sim.passports import InputError, Lever, levers, nearest
from sim.scenario import LAST_WEEK, Scenario, Track, override

FAMILIES = ("leaders", "managers", "champions", "training", "rollout", "environment")
"""Families that a programme may pull; people and circumstances are what it meets."""
MET = frozenset({"managers.resistant_share", "managers.covertness", "leaders.withdraw_week"})
"""Levers of those families that nobody would pull for a budget: what managers are like, and leaders who turn away."""
START = ".start"
"""What follows a lever's key where its first week is meant."""
STEPS = 21
FEWEST, MOST_STEPS = 2, 41


@dataclass(frozen=True)
class Scale:
    """Values of a lever in the order of an axis, from the least of it to the most."""

    lever: Lever
    values: tuple[float, ...]

    @property
    def key(self) -> str:
        return self.lever.key

    @property
    def by_density(self) -> bool:
        """Whether the lever counts people for each of something: 0 is none, and fewer people are more of it."""
        return self.lever.unit.startswith("employees per")

    @cached_property
    def places(self) -> np.ndarray:
        """Where the values stand, rising: float64 [values]. A density stands at so many for each person."""
        return np.array([self.place(value) for value in self.values])

    def place(self, value: float) -> float:
        return (1 / value if value else 0.0) if self.by_density else value

    def value_at(self, place: float) -> float:
        """The lever's value at a place between the values; infinite where a density is none."""
        if self.by_density:
            return 1 / place if place > 0 else float("inf")
        return place

    def spoken(self, value: float) -> str:
        """``1 per 60``, ``none``, ``20 %``, ``6``."""
        if self.by_density:
            return "none" if value in (0.0, float("inf")) else f"1 per {value:.0f}"
        if self.lever.choices:
            return self.lever.spoken(value)
        if self.lever.unit.startswith("share"):
            return f"{value * 100:.{0 if self.lever.high - self.lever.low > 0.3 else 1}f} %"
        return f"{value:.0f}" if self.lever.whole else f"{round(value, 3):g}"


def scale(key: str, weeks: int, steps: int = STEPS, where: str = "--levers") -> Scale:
    """The values of a lever from its passport: each choice, evenly spaced intensities, whole numbers.

    Weeks end with the horizon; whole numbers over a wide range rise geometrically, and a density from none on.
    Raises InputError for an unknown lever.
    """
    lever = known(key, where)
    if lever.choices:
        return Scale(lever, tuple(float(i) for i in range(len(lever.choices))))
    low, high = lever.low, lever.high
    if lever.unit.startswith("employees per"):
        few, many = sorted(float(end) for end in lever.contrast)
        rungs = np.unique(np.geomspace(few / 2 if steps >= STEPS else few, many, max(steps - 1, 1)).round())[::-1]
        return Scale(lever, (0.0, *map(float, rungs)))
    if lever.whole:
        if lever.unit.startswith("week"):
            high = min(high, float(weeks))
        if high - low < steps:
            return Scale(lever, tuple(map(float, np.arange(low, high + 1))))
        rungs = np.unique(np.concatenate([[low], np.geomspace(max(low, 1), high, steps - 1).round()]))
        return Scale(lever, tuple(map(float, rungs)))
    return Scale(lever, tuple(float(f"{v:.6g}") for v in np.linspace(low, high, steps)))


def said(text: str, weeks: int, steps: int) -> Scale:
    """A scale as a user says it: ``family.lever``, ``family.lever=LOW:HIGH`` or ``family.lever=A,B,C``.

    Raises InputError for anything else, for values out of the passport's range, and for levers with named choices.
    """
    key, equals, rest = text.partition("=")
    key = key.strip().removeprefix("levers.")
    lever = known(key, text)
    if lever.choices:
        raise InputError(f"{text}: {key} is one of {', '.join(lever.choices)}; a map needs levers that are numbers")
    if not equals:
        return scale(key, weeks, steps, text)
    try:
        if ":" in rest:
            low, high = (float(part) for part in rest.split(":"))
            numbers = np.linspace(low, high, steps)
            if lever.unit.startswith("employees per") and min(low, high) > 0:
                numbers = 1 / np.linspace(1 / low, 1 / high, steps)
            values = [float(round(v)) if lever.whole else float(f"{v:.6g}") for v in numbers]
        else:
            values = [float(part) for part in rest.split(",")]
    except ValueError:
        raise InputError(f"{text}: expected {key}=LOW:HIGH or {key}=A,B,C with numbers") from None
    for value in values:
        _checked(lever, value, text)
    found = Scale(lever, tuple(dict.fromkeys(values)))
    found = replace(found, values=tuple(sorted(found.values, key=found.place)))
    if len(found.values) < FEWEST:
        raise InputError(f"{text}: a map needs at least two different values of {key}")
    return found


def spoken(key: str, value: float | str) -> str:
    """A value of a lever or parameter as a person would say it: of any key that a sweep varies."""
    if isinstance(value, str):
        return value
    return Scale(levers()[key], ()).spoken(value) if key in levers() else f"{value:g}"


def known(key: str, where: str) -> Lever:
    """The lever's passport; of ``family.lever.start``, one of the week in which it begins. Raises InputError."""
    of, _, start = key.rpartition(START)
    if of in levers() and not start and levers()[of].weekly:
        return _beginning(levers()[of])
    if key not in levers():
        raise InputError(f'{where}: unknown lever "{key}"{nearest(key, levers())} See them all with: uptake levers.')
    return levers()[key]


def chosen(words: tuple[str, ...]) -> list[str]:
    """The levers to search: those named, singly or by family; all that a programme may pull where none is named.

    A lever whose start is named is searched itself as well.
    """
    everything = [key for key, lever in levers().items() if lever.family in FAMILIES and key not in MET]
    if not words:
        return everything
    found: list[str] = []
    for word in (part.strip() for text in words for part in text.split(",")):
        lever = word.removesuffix(START)
        members = [key for key in everything if key.startswith(f"{word}.")]
        if not members:
            if lever not in levers():
                raise InputError(
                    f'--levers: unknown lever or family "{word}"{nearest(word, [*FAMILIES, *everything])} '
                    f"Families are {', '.join(FAMILIES)}; see the levers with: uptake levers."
                )
            if lever not in everything:
                raise InputError(
                    f"--levers {word}: not a decision of a programme; set it with --set levers.{lever}=VALUE instead"
                )
            if lever != word and not levers()[lever].weekly:
                raise InputError(f"--levers {word}: {lever} is decided once, for good; it has no start")
            members = list(dict.fromkeys((lever, word)))
        found += [key for key in members if key not in found]
    return found


def pulled(base: Scenario, values: Mapping[str, float], *, keep_tracks: bool = False) -> Scenario:
    """The scenario with levers at new values: for the whole horizon, or where and when the scenario had them."""
    tracks = dict(base.levers)
    for key, value in values.items():
        if not key.endswith(START):
            tracks[key] = replace(base.lever(key), value=value) if keep_tracks else Track(value)
    for key, value in values.items():
        if key.endswith(START):
            of = key.removesuffix(START)
            tracks[of] = replace(tracks.get(of) or base.lever(of), start=int(value), end=None, fade=0)
    return replace(base, levers=tracks)


def setting_of(scenario: Scenario, key: str) -> float:
    """What a scenario sets a key to: a lever's value, or the week in which it begins."""
    of = key.removesuffix(START)
    track = scenario.lever(of)
    return track.value if of == key else float(track.start)


def _beginning(lever: Lever) -> Lever:
    """When a lever that follows the weeks begins, as a lever of its own."""
    return replace(
        lever, key=lever.key + START, neutral=0.0, low=0.0, high=float(LAST_WEEK), choices=(), unit="week",
        meaning=f"Week in which {lever.key} begins.",
    )  # fmt: skip


def of_values(key: str, values: Sequence[float | str]) -> Scale:
    """The scale of values that a table holds. Raises InputError for what has no order: parameters, named choices."""
    if key not in levers():
        raise InputError(f"{key} is a parameter of the world, not a lever: a map needs two levers")
    if levers()[key].choices:
        raise InputError(f"{key} is one of {', '.join(levers()[key].choices)}: a map needs levers that are numbers")
    found = Scale(levers()[key], tuple(float(value) for value in dict.fromkeys(values)))
    return replace(found, values=tuple(sorted(found.values, key=found.place)))


def _checked(lever: Lever, value: float, text: str) -> None:
    """Raise InputError unless the lever takes the value."""
    from sim.scenario import load

    try:
        override(load("typical"), f"levers.{lever.key}={value:.9g}")
    except InputError as error:
        raise InputError(str(error).replace(f"--set levers.{lever.key}={value:.9g}", text)) from None
