"""The library's cards: every scenario under one heading, with what it changes."""

from __future__ import annotations

from experiments.app.pages.programme.themes import HEADINGS, PRESETS, SEVERAL, START, changed, shelves
from sim.passports import levers
from sim.scenario import library


def test_every_scenario_has_one_card_and_the_presets_come_first():
    names = [scenario.name for members in shelves().values() for scenario in members]
    assert sorted(names) == sorted(library())
    assert next(iter(shelves())) == START and tuple(each.name for each in shelves()[START]) == PRESETS
    assert set(HEADINGS) == {lever.family for lever in levers().values()}, "each family has its heading"


def test_a_scenario_stands_under_what_it_changes():
    at = {scenario.name: head for head, members in shelves().items() for scenario in members}
    assert at["champions-late"] == HEADINGS["champions"] and at["crawl-walk-run"] == HEADINGS["rollout"]
    assert at["mandate-only"] == at["go-play"] == SEVERAL


def test_a_card_says_in_a_line_what_it_changes():
    for name in library():
        assert changed(name).startswith("Sets" if name == "typical" else "Against “"), name
        assert len(changed(name)) < 260, name
    assert changed("reward-speed") == "Against “A middling programme”: environment: reward quality 0.5 → 0.1"
    assert "7 levers (leaders, champions, training, environment)" in changed("mandate-only")
