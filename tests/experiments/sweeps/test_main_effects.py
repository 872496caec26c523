"""``uptake results DIR --out``: main effects of the first outcome at the end as a table and a picture."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from experiments.analysis import main_effects
from experiments.figures.marks import Band, Line
from experiments.sweeps import results


@pytest.fixture(scope="module")
def swept(tmp_path_factory, sweep_into):
    from tests.experiments.sweeps.conftest import SMALL

    folder = tmp_path_factory.mktemp("effects")
    wider = SMALL.replace("  leaders.modelling: {low: 0, high: 1, steps: 3}", "  leaders.modelling: {steps: 16}")
    (folder / "s.yaml").write_text(wider.replace("[typical, middling]", "[typical, well-run]"))
    sweep_into(folder / "s.yaml", folder / "out")
    return results.read(folder / "out")


def test_means_and_bands_are_those_of_the_table(swept):
    table, told = swept.table, main_effects.effects(swept)
    assert {(e.key, e.scenario) for e in told} == {(k, s) for k in swept.inputs for s in ("typical", "well-run")}
    for effect in told:
        rows = table[table["scenario"] == effect.scenario]
        assert effect.rows.sum() == len(rows)
        if effect.key == "rollout.style":
            for name, mean, low, high in zip(effect.names, effect.mean, effect.low, effect.high, strict=True):
                values = rows.loc[rows["rollout.style"] == name, "habitual@8"].astype(float)
                assert mean == pytest.approx(values.mean())
                assert (low, high) == pytest.approx(tuple(values.quantile([0.05, 0.95])))
    sizes = [max(e.size for e in told if e.key == key) for key in dict.fromkeys(e.key for e in told)]
    assert sizes == sorted(sizes, reverse=True)


def test_levels_stand_in_their_order(swept):
    told = {effect.key: effect for effect in main_effects.effects(swept) if effect.scenario == "typical"}
    assert told["champions.one_per"].names == ("none", "25", "10")
    assert told["rollout.style"].names == ("big-bang", "fixed-waves")
    modelling = told["leaders.modelling"]
    assert not modelling.names and len(modelling.places) == main_effects.BINS and (np.diff(modelling.places) > 0).all()


def test_a_panel_for_each_lever_and_a_colour_for_each_scenario(swept):
    drawn = main_effects.figure(swept, main_effects.effects(swept))
    assert [panel.title for panel in drawn.panels] == list(dict.fromkeys(e.key for e in main_effects.effects(swept)))
    assert [key.label for key in drawn.legend] == ["typical", "well-run"]
    for panel in drawn.panels:
        assert len({mark.colour for mark in panel.marks if isinstance(mark, Line)}) == 2
        assert all(panel.y.low <= mark.low.min() and mark.high.max() <= panel.y.high
                   for mark in panel.marks if isinstance(mark, Band))  # fmt: skip
        assert panel.y == drawn.panels[0].y and panel.y.suffix == " %"


def test_the_command_writes_picture_page_and_table(swept, tmp_path, uptake):
    answer = uptake("results", swept.folder, "--out", tmp_path / "drawn")
    assert answer.code == 0 and answer.out == "" and "effects.png" in answer.err
    names = {path.name for path in (tmp_path / "drawn").iterdir()}
    assert names == {"effects.png", "figures.html", "effects.csv", "effects.parquet", "results.json", "manifest.json"}
    table = pd.read_csv(tmp_path / "drawn" / "effects.csv")
    assert list(table.columns) == ["input", "scenario", "level", "rows", "mean", "low", "high"]
    document = json.loads((tmp_path / "drawn" / "results.json").read_text())
    assert document["points"]["done"] == 192 and document["effects"]["outcome"] == "habitual@8"
    assert (tmp_path / "drawn" / "effects.png").read_bytes()[:4] == b"\x89PNG"
    assert uptake("results", swept.folder, "--out", tmp_path / "drawn").code == 0  # an earlier output is replaced
    refused = uptake("results", swept.folder, "--out", swept.folder)
    assert refused.code == 2 and "not an earlier output" in refused.err


def test_nothing_to_draw(tmp_path, sweep_into, uptake):
    (tmp_path / "s.yaml").write_text("title: T\nscenario: typical\norganisation: {headcount: 20}\nweeks: 2\n")
    sweep_into(tmp_path / "s.yaml", tmp_path / "out")
    answer = uptake("results", tmp_path / "out", "--out", tmp_path / "drawn")
    assert answer.code == 2 and "no input varies" in answer.err and not (tmp_path / "drawn").exists()
