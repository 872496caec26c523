"""The chart of a reporting line: everyone has a place of their own, beneath their manager."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest

from experiments.app import orgchart
from experiments.inputs import Source, samples
from sim.organisation import Organisation, generate
from sim.organisation.organisation import assemble

ROUNDING = 1e-9


def chain(count: int) -> Organisation:
    return assemble([str(number) for number in range(count)], np.arange(count) - 1, unit=["line"] * count)


def forest() -> Organisation:
    """Three at the top, of whom one has nobody; one part far deeper than the other."""
    manager = [-1, -1, -1, 0, 0, 0, 3, 3, 6, 6, 1, 1]
    return assemble([str(number) for number in range(len(manager))], np.array(manager), unit=["all"] * len(manager))


ORGANISATIONS = {
    "one": lambda: chain(1),
    "ten": lambda: generate(10, 1),
    "thousand": lambda: generate(1_000, 2),
    "many": lambda: generate(20_000, 3),
    "flat": lambda: generate(300, 4, mean_span=40.0),
    "steep": lambda: generate(300, 5, mean_span=3.0),
    "chain": lambda: chain(400),
    "forest": forest,
    **{name: Source(name).load for name in samples()},
}


@pytest.fixture(params=sorted(ORGANISATIONS), scope="module")
def organisation(request: pytest.FixtureRequest) -> Organisation:
    return ORGANISATIONS[request.param]()


def test_everyone_has_an_area_and_together_they_fill_the_chart(organisation: Organisation) -> None:
    found = orgchart.boxes(organisation)
    areas = (found.right - found.left) * (found.bottom - found.top)
    assert areas.min() > 0
    assert areas.sum() == pytest.approx(1.0, abs=1e-6)
    for side in (found.left, found.right, found.top, found.bottom):
        assert side.min() >= -ROUNDING
        assert side.max() <= 1 + ROUNDING


def test_everyone_lies_beneath_their_manager(organisation: Organisation) -> None:
    found = orgchart.boxes(organisation)
    below = np.flatnonzero(organisation.manager >= 0)
    boss = organisation.manager[below]
    assert (found.left[below] >= found.left[boss] - ROUNDING).all()
    assert (found.right[below] <= found.right[boss] + ROUNDING).all()
    assert (found.top[below] >= found.bottom[boss] - ROUNDING).all()
    assert (found.floor[below] <= found.floor[boss] + ROUNDING).all()


def test_nobody_lies_upon_another(organisation: Organisation) -> None:
    """At any height, boxes that cross it follow each other from left to right."""
    found = orgchart.boxes(organisation)
    for height in np.random.default_rng(7).random(60):
        crossed = np.flatnonzero((found.top <= height) & (height < found.bottom))
        order = crossed[np.argsort(found.left[crossed])]
        assert (found.right[order[:-1]] <= found.left[order[1:]] + ROUNDING).all()


def test_a_person_can_be_seen_among_five_thousand() -> None:
    """On a chart of 1,200 by 360 pixels half keep six pixels each way, and nobody less than one, or an area of nine."""
    found = orgchart.boxes(generate(5_000, 1))
    wide, high = (found.right - found.left) * 1_200, (found.bottom - found.top) * 360
    assert np.minimum(wide, high).min() >= 1
    assert (wide * high).min() >= 9
    assert np.median(np.minimum(wide, high)) >= 6


def test_the_text_holds_the_boxes_and_what_is_said_but_no_ids() -> None:
    organisation = assemble(
        ["E-1001", "E-1002", "E-1003"], np.array([-1, 0, 0]), unit=["Sales"] * 3, title=["Head", "Agent", "Agent"]
    )
    said = orgchart.text(organisation)
    given = json.loads(said)
    found = orgchart.boxes(organisation)
    edges = np.frombuffer(base64.b64decode(given["boxes"]), "<f4").reshape(5, 3)
    assert edges == pytest.approx(np.stack([found.left, found.top, found.right, found.bottom, found.floor]), abs=1e-6)
    assert given["span"] == [2, 0, 0]
    assert [given["titles"][place] for place in given["title"]] == ["Head", "Agent", "Agent"]
    assert "E-100" not in said


def test_colours_are_one_character_each() -> None:
    assert orgchart.fills(np.array([0, 7, 3], np.uint8)) == "073"
    assert [ord(letter) - ord("0") for letter in orgchart.fills(np.arange(300))] == list(range(300))
