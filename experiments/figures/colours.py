"""Colours and dashes: those of Okabe & Ito (2008, "Color Universal Design"), which the colour-blind tell apart too."""

from __future__ import annotations

from typing import Literal

BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILLION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
GREY, PALE = "#A6A6A6", "#E3E3E3"
INK, EDGE, RULE = "#222222", "#999999", "#DDDDDD"
"""Of words, of axes, of the grid."""
SHADE = 0.13
"""Opacity of a band."""
PROGRAMMES = (BLACK, BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY)
"""The base first. Yellow is left out: a thin line of it cannot be seen on white."""

Dash = Literal["solid", "dash", "dot"]
DASHES: tuple[Dash, ...] = ("solid", "dash", "dot")

Scale = Literal["rising", "around"]
SCALES: dict[Scale, tuple[str, ...]] = {
    "rising": ("#440154", "#482878", "#3E4A89", "#31688E", "#26828E", "#1F9E89", "#35B779", "#6DCD59", "#B4DE2C",
               "#FDE725"),
    "around": ("#7F3B08", "#B35806", "#E08214", "#FDB863", "#FEE0B6", "#F7F7F7", "#D8DAEB", "#B2ABD2", "#8073AC",
               "#542788", "#2D004B"),
}  # fmt: skip
"""Colours of heat maps from the lowest value to the highest. Rising: viridis (Smith & van der Walt 2015), dark to light
in even steps for every eye and in grey print. Around: brown, white, purple (PuOr; Brewer 2003), for values on two sides
of the middle of the scale, such as differences around nought."""


def style_of(position: int) -> tuple[str, Dash]:
    """Colour and dash of the programme at a position: colours first, then the same ones dashed."""
    return PROGRAMMES[position % len(PROGRAMMES)], DASHES[position // len(PROGRAMMES) % len(DASHES)]
