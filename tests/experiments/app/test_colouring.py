"""The colours of the chart of an organisation: everyone has one of those that are named."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.app.pages.organisation.colouring import COLOURED_BY, colouring
from sim.organisation import generate
from sim.organisation.organisation import assemble

DEEP = assemble([str(number) for number in range(12)], np.arange(12) - 1, unit=["line"] * 12)


@pytest.mark.parametrize("by", COLOURED_BY)
@pytest.mark.parametrize("people", [DEEP, generate(300, 1)], ids=["a line", "generated"])
def test_everyone_has_a_colour_and_its_name_is_that_colours(people, by):
    codes, colours, names = colouring(people, by)
    assert len(codes) == people.headcount and 0 <= codes.min() <= codes.max() < len(colours)
    assert [colour for _, colour in names] == ([] if by == "Unit" else colours)


def test_layers_beyond_the_colours_share_the_last():
    codes, _, names = colouring(DEEP, "Layer")
    assert names[-1][0] == f"layer {len(names)} and below"
    assert codes.tolist() == [min(layer, len(names) - 1) for layer in range(12)]


def test_roles_are_said_in_words():
    assert [name for name, _ in colouring(DEEP, "Role")[2]] == ["executive", "middle manager", "rep"]
