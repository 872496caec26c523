"""How stages and outcomes are called and coloured, in whichever figure they stand."""

from __future__ import annotations

from experiments.figures.colours import BLUE, GREEN, GREY, ORANGE, PALE, PURPLE, SKY, VERMILLION, YELLOW
from sim.people import Stage

STAGES: tuple[tuple[Stage, str, str], ...] = (
    (Stage.HABITUAL, "habitual", GREEN),
    (Stage.USING, "using", SKY),
    (Stage.TRIALLING, "trialling", YELLOW),
    (Stage.AWARE, "aware", GREY),
    (Stage.UNAWARE, "unaware", PALE),
    (Stage.DORMANT, "dormant", ORANGE),
    (Stage.LAPSED, "lapsed", PURPLE),
    (Stage.REJECTED, "rejected", VERMILLION),
)
"""From the bottom: those who use it, those who have not begun, those who were lost."""

TRIED = ("tried", "ever tried", ORANGE)
LOGGED = ("logged_active", "logged any action", VERMILLION)
CHOSEN = ("weekly_active", "used it by choice", BLUE)
HABITUAL = ("habitual", "habitual", GREEN)
"""Outcome, label and colour: cumulative and current, logged and meaningful."""
PEOPLE = "share of all people"
