"""The chart of a reporting line: a box for everyone, of any number of people; and the text a browser draws it from.

An icicle that wraps: whoever leads lies as a band over their part; the parts of those who report to them stand beneath
it, side by side where there is room and else in rows; people without reports fill a block of their own in rows. So
everyone keeps an area that can be seen and pointed at.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass

import numpy as np

from experiments import words
from sim.organisation import Organisation, Role
from sim.organisation.tree import spans

BAND, HALF = 0.09, 0.5
"""Height of a band at most, as a share of the chart's; and of all bands in a part, as a share of its height."""
WIDE = 3.0
"""Width of the chart to its height, for which rows are laid so that parts come out nearly square."""
LEAST = 0.1
"""Of the mean part beside it: what the smallest part is given, so that one person beside a division is seen."""
LOWEST = 0.5
"""Of the mean row: the height of the lowest."""
FIRST = ord("0")
"""The character that stands for colour 0."""


@dataclass(frozen=True, eq=False)
class Boxes:
    """Where everyone is: float64 [people], as shares of the chart's width (from the left) and height (from the top).

    The boxes lie beneath their manager's, none upon another, and together fill the chart. ``floor``: how far down the
    part of a person reaches.
    """

    left: np.ndarray
    right: np.ndarray
    top: np.ndarray
    bottom: np.ndarray
    floor: np.ndarray


@dataclass(frozen=True, eq=False)
class _Parts:
    """What stands beneath the bands, by boss and in the order they stand: a part for each report who leads, and one
    block for all who do not.

    ``owner`` whose part; a block has the number of its boss, and ``people + 1`` more. ``boss``: the number of people
    where there is none. ``weight``: people in it who lead nobody. ``step``: levels of bosses above. int64 [parts].
    """

    owner: np.ndarray
    boss: np.ndarray
    weight: np.ndarray
    step: np.ndarray


def boxes(organisation: Organisation) -> Boxes:
    """The chart of an organisation."""
    count = organisation.headcount
    leads = spans(organisation.manager) > 0
    boss = np.where(organisation.manager < 0, count, organisation.manager).astype(np.int64)
    weight, depth = _sizes(organisation, leads, boss)
    parts = _parts(organisation, leads, boss, weight)
    place = np.zeros((2 * (count + 1), 4))  # of each part: left, right, top, floor
    place[count] = 0.0, 1.0, 0.0, 1.0
    beneath = np.zeros(2 * (count + 1))  # where the band of a part ends
    for those in _by(parts.step):
        owner, above = parts.owner[those], parts.boss[those]
        room = place[above]
        room[:, 2] = beneath[above]
        place[owner] = _stacked(room, above, parts.weight[those])
        beneath[owner] = place[owner, 2]
        led = owner[owner < count]
        high = place[led, 3] - place[led, 2]
        beneath[led] += np.minimum(BAND, HALF * high / (depth[led] + 1))
    _fill(place, np.flatnonzero(~leads), boss)
    left, right, top, floor = place[:count].T
    return Boxes(left, right, top, np.where(leads, beneath[:count], floor), floor)


def _by(step: np.ndarray) -> list[np.ndarray]:
    """Places in an array of steps from 0, one array for each step."""
    return np.split(np.argsort(step, kind="stable"), np.cumsum(np.bincount(step))[:-1])


def _sizes(organisation: Organisation, leads: np.ndarray, boss: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """In everyone's part: how many lead nobody, and how many bands lie over each other; int64 [people + 1]."""
    weight, depth = np.append(~leads, False).astype(np.int64), np.append(leads, False).astype(np.int64)
    for those in reversed(_by(organisation.level)):
        np.add.at(weight, boss[those], weight[those])
        np.maximum.at(depth, boss[those], depth[those] + 1)
    return weight, depth


def _parts(organisation: Organisation, leads: np.ndarray, boss: np.ndarray, weight: np.ndarray) -> _Parts:
    """Parts in the order of people (that is, of units), a block after them."""
    count = organisation.headcount
    led = np.flatnonzero(leads)
    alone = np.bincount(boss[~leads], minlength=count + 1)
    blocks = np.flatnonzero(alone)
    owner = np.concatenate([led, blocks + count + 1])
    above = np.concatenate([boss[led], blocks])
    order = np.lexsort((owner, above))
    step = np.append(organisation.level.astype(np.int64) + 1, 0)
    weights = np.concatenate([weight[led], alone[blocks]])
    return _Parts(owner[order], above[order], weights[order], step[above[order]])


def _stacked(room: np.ndarray, boss: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Where parts go that share their boss's room: in rows, each as high and each part as wide as its weight.

    ``room`` [parts, 4]: left, right, top, floor. Parts of one boss follow each other.
    """
    left, right, top, floor = room.T
    many = _total(np.ones(len(boss)), boss)
    share = np.maximum(weight, LEAST * _total(weight, boss) / many)
    share = share / _total(share, boss)
    rows = _rows(many, (right - left) * WIDE, floor - top)
    before = _before(share, boss)
    row = np.minimum(((before + share / 2) * rows).astype(np.int64), rows - 1)
    key = boss * (int(rows.max()) + 1) + row
    within = share / _total(share, key)
    line = np.maximum(_total(share, key), LOWEST / rows)
    line = line / _total(line * within, boss)
    start = _before(line * within, boss) - _before(line * within, key)  # of the row, within the room
    wide, high, inside = right - left, floor - top, _before(within, key)
    return np.stack([
        left + wide * inside,
        left + wide * (inside + within),
        top + high * start,
        top + high * (start + line),
    ], axis=1)  # fmt: skip


def _rows(many: np.ndarray, wide: np.ndarray, high: np.ndarray) -> np.ndarray:
    """In how many rows so many boxes come out nearly square."""
    return np.clip(np.rint(np.sqrt(many * high / wide)), 1, many).astype(np.int64)


def _total(values: np.ndarray, group: np.ndarray) -> np.ndarray:
    """The sum over each one's group; groups stand together."""
    first, _ = _ends(group)
    return np.repeat(np.add.reduceat(values, first), np.diff(np.append(first, len(group))))


def _before(values: np.ndarray, group: np.ndarray) -> np.ndarray:
    """The sum over those before in each one's group."""
    first, place = _ends(group)
    before = np.cumsum(values) - values
    return before - before[first][place]


def _ends(group: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each group begins, and the place of everyone's group among them."""
    begins = np.append(True, group[1:] != group[:-1])
    return np.flatnonzero(begins), np.cumsum(begins) - 1


def _fill(place: np.ndarray, those: np.ndarray, boss: np.ndarray) -> None:
    """Give people who lead nobody their places in rows of the block they share, rows alike to one."""
    those = those[np.argsort(boss[those], kind="stable")]
    group = boss[those]
    left, right, top, floor = place[group + len(boss) + 1].T
    many = _total(np.ones(len(those), np.int64), group)
    number = _before(np.ones(len(those), np.int64), group)
    rows = _rows(many, (right - left) * WIDE, floor - top)
    row = number * rows // many
    begins, ends = -(-row * many // rows), -(-(row + 1) * many // rows)
    place[those] = np.stack([
        left + (right - left) * (number - begins) / (ends - begins),
        left + (right - left) * (number + 1 - begins) / (ends - begins),
        top + (floor - top) * row / rows,
        top + (floor - top) * (row + 1) / rows,
    ], axis=1)  # fmt: skip


def fills(codes: np.ndarray) -> str:
    """Which colour each person has (int [people], from 0), as the chart reads it: one character each."""
    return "".join(map(chr, (FIRST + codes.astype(np.int64)).tolist()))


def text(organisation: Organisation) -> str:
    """What a browser draws the chart from and says of people: no ids; titles where the organisation has any."""
    found = boxes(organisation)
    edges = np.stack([found.left, found.top, found.right, found.bottom, found.floor]).astype("<f4")
    titles: list[str] = [] if organisation.title is None else sorted(set(organisation.title.tolist()))
    index = {title: place for place, title in enumerate(titles)}
    return json.dumps(
        {
            "count": organisation.headcount,
            "boxes": base64.b64encode(edges.tobytes()).decode("ascii"),
            "manager": organisation.manager.tolist(),
            "unit": organisation.unit.tolist(),
            "level": organisation.level.tolist(),
            "span": spans(organisation.manager).tolist(),
            "role": organisation.role.tolist(),
            "title": [] if organisation.title is None else [index[title] for title in organisation.title.tolist()],
            "units": list(organisation.unit_names),
            "roles": [words.spaced(role.label) for role in Role],
            "titles": titles,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
