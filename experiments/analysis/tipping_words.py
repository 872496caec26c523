"""A tipping map in sentences: where it flips, how sharply, and where worlds split."""

from __future__ import annotations

import numpy as np

from experiments import words
from experiments.analysis.flips import HALF
from experiments.analysis.report import listed
from experiments.analysis.scales import Scale
from experiments.analysis.tipping import Tipping
from experiments.lever_words import named

ROWS_SPOKEN = 3


def title(t: Tipping) -> str:
    """Which levers, in which programme."""
    return f"Where success flips: {_lever(t.x)} and {_lever(t.y)} in {t.scenario}"


def success(t: Tipping) -> str:
    """``habitual at least 50 % in week 104``."""
    level = words.number(t.success, t.outcome)
    side = "at least" if t.outcome.good > 0 else "at most"
    return f"{words.label(t.outcome.name)} {side} {level} in week {t.runs.setting.weeks}"


def sentences(t: Tipping) -> list[str]:
    """Where it flips, how sharply, where worlds split; or that it does not flip within the map."""
    head = f"Success is {success(t)}."
    crossed = [row for row, f in enumerate(t.along_x) if f.half is not None]
    if not crossed:
        so, *others = _unflipped(t)
        return [so, head, *others]
    chosen = sorted({crossed[round(i)] for i in np.linspace(0, len(crossed) - 1, min(ROWS_SPOKEN, len(crossed)))})
    first, *rest = chosen
    text = f"Success flips at {_along(t, first)}" + "".join(f", at {_along(t, row)}" for row in rest) + "."
    found = [text, head]
    found += [_width(t, row) for row in chosen[:1] + chosen[-1:] if len(chosen) > 1 or row == first][:2]
    held = [row for row in range(len(t.along_x)) if row not in crossed]
    if held:
        found.append(_held(t, held))
    found.append(_split(t))
    worst = max(f.reversal for f in t.along_x)
    if worst > 3 * np.sqrt(0.25 / t.replicates):
        found.append(
            f"Along {_lever(t.x)} the share of worlds does not only rise or only fall (by up to {words.percent(worst)} "
            "against the trend): read the map rather than the boundary."
        )
    return found


def _along(t: Tipping, row: int) -> str:
    flip = t.along_x[row]
    assert flip.half is not None
    return f"{_spoken(t.x, flip.half)} where {held_at(t.y, row)}"


def _spoken(scale: Scale, place: float) -> str:
    """``about one champion per 60``, ``"champions: time" of about 3``."""
    value = scale.value_at(place)
    if scale.by_density:
        return f"about one {scale.lever.family.removesuffix('s')} per {value:.0f}"
    return f"{_lever(scale)} of about {scale.spoken(value)}"


def held_at(scale: Scale, row: int) -> str:
    """``"champions: time" is 3``, ``champions are 1 per 60``, ``there are no champions``."""
    said = scale.spoken(scale.values[row])
    if not scale.by_density:
        return f"{_lever(scale)} is {said}"
    return f"{_lever(scale)} are {said}" if scale.values[row] else f"there are no {_lever(scale)}"


def lever_label(scale: Scale) -> str:
    """A lever's name on an axis: ``champions: time``, ``champions``."""
    return scale.lever.family if scale.by_density else named(scale.key)


def _lever(scale: Scale) -> str:
    return words.quoted(lever_label(scale))


def _width(t: Tipping, row: int) -> str:
    flip, where = t.along_x[row], held_at(t.y, row)
    if flip.few is None or flip.most is None:
        return f"Where {where}, the boundary is wider than the map: it does not hold both 10 % and 90 % of worlds."
    low, high = (t.x.spoken(t.x.value_at(place)) for place in (flip.few, flip.most))
    return (
        f"Where {where}, a tenth of worlds succeed at {low} and nine tenths at {high}: that is its width over worlds."
    )


def _held(t: Tipping, rows: list[int]) -> str:
    """What rows without a boundary are like."""
    other = f"{_lever(t.x)} there are" if t.x.by_density else f"{_lever(t.x)} is"
    parts = []
    for succeeds, text in ((True, "succeed"), (False, "fail")):
        those = [row for row in rows if (t.shares[row].mean() > HALF) == succeeds]
        if those:
            values = [t.y.spoken(t.y.values[row]) for row in those]
            span = values[0] if len(values) == 1 else f"{values[0]} to {values[-1]}"
            parts.append(f"with {_lever(t.y)} at {span} most worlds {text} whatever {other}")
    return f"{words.first_up('; '.join(parts))}."


def _unflipped(t: Tipping) -> list[str]:
    low, high = t.shares.min(), t.shares.max()
    if np.any(t.shares >= HALF) and np.any(t.shares < HALF):
        places = [t.x.spoken(t.x.value_at(f.half)) for f in t.along_x if f.half is not None]
        return [f"Success flips along {_lever(t.y)} only{': ' + listed(places) if places else ''}.", _split(t)]
    verb = "succeed" if low >= HALF else "fail"
    return [
        f"Success does not flip within this map: most worlds {verb} everywhere (from {words.percent(low)} to "
        f"{words.percent(high)} of them succeed). Widen the levers' ranges, or judge by another level of success.",
        _split(t),
    ]


def _split(t: Tipping) -> str:
    count, points = int(t.split.sum()), t.split.size
    if not count:
        return "At no point do worlds fall into two camps: the mean over worlds hides no split."
    row, column = np.unravel_index(np.argmax(np.where(t.split, np.nan_to_num(t.sarle), -1)), t.split.shape)
    lower, middle, upper = t.thirds[row, column]
    return (
        f"At {count} of {points} points worlds fall into two camps, so that their mean describes neither: most of all "
        f"where {held_at(t.x, int(column))} and {held_at(t.y, int(row))}; there {words.percent(lower)} end in the "
        f"lowest third of the range, {words.percent(upper)} in the highest, {words.percent(middle)} between."
    )
