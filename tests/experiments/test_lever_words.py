"""Levers in sentences."""

from __future__ import annotations

import numpy as np

from experiments.lever_words import SUBJECTS, amount, turned, with_named
from sim.passports import levers


def test_every_weekly_lever_has_a_subject():
    assert set(SUBJECTS) == {key for key, lever in levers().items() if lever.weekly}


def test_amounts_have_units():
    assert amount("leaders.modelling", 0.578) == "58 % of full strength"
    assert amount("champions.time", 0.923) == "0.9 hours a week"
    assert amount("training.capacity", 0.03) == "3.0 % of headcount a week"
    assert amount("rollout.seats", 0.5) == "50 % of headcount"
    assert amount("leaders.executive_training", 2) == "hands-on"


def test_keys_in_a_text_are_named():
    assert with_named("levers.managers.inspection=2 and champions.one_per, but no file.csv or levers.x.y") == (
        "managers: inspection=2 and champions: one per, but no file.csv or levers.x.y"
    )


def test_turns_are_told_in_sentences():
    fading = np.concatenate([np.full(10, 0.6), np.linspace(0.5, 0, 6)])
    assert list(turned("leaders.endorsement", fading)) == [
        (10, "Leaders' endorsement begins to fade; from week 15 on there is none.")
    ]
    assert list(turned("leaders.executive_training", np.array([0, 2, 2, 0]))) == [
        (1, "Executives' training begins: hands-on."),
        (3, "Executives' training ends."),
    ]
    assert list(turned("environment.reliability", np.array([0.6, 0.9]))) == [
        (1, "The tool's reliability rises to 90 % of full strength.")
    ]
