"""``uptake sensitivity`` and ``uptake discover`` on the model: a small sweep, read, analysed, written, refused."""

from __future__ import annotations

import json
import shlex

import pytest
import typer

from experiments import cli
from experiments.commands.sensitivity import discover, sensitivity
from experiments.commands.sweeps import sweep
from sim.passports import InputError

STUDY = """
title: Champions against resistance
scenario: middling
organisation: {headcount: 40}
levers:
  champions.one_per: [0, 40, 10]
  managers.resistant_share: {low: 0, high: 0.9, steps: 10}
uncertainties: UNCERTAINTIES
replicates: 20
weeks: 40
outcomes: [habitual, tried]
at: [20, 40]
"""

app = typer.Typer()
app.command()(sensitivity)
app.command()(discover)
app.command()(sweep)


def run(*arguments):
    return app(list(map(str, arguments)), standalone_mode=False)


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """Two finished sweeps, one with worlds drawn and one with them held, and the study of the second."""
    place = tmp_path_factory.mktemp("sweeps")
    for name in ("drawn", "held"):
        (place / f"{name}.yaml").write_text(STUDY.replace("UNCERTAINTIES", name))
        run("sweep", place / f"{name}.yaml", "--out", place / name, "--jobs", 1)
    return place


SMALL = ("--trajectories", 4, "--base", 16, "--replicates", 4)


@pytest.fixture(scope="module")
def analysed(here):
    """The folder of an analysis of the study with worlds held."""
    run("sensitivity", here / "held.yaml", *SMALL, "--out", here / "analysed", "--jobs", 1)
    return here / "analysed"


def test_sensitivity_of_a_study(analysed):
    found = json.loads((analysed / "report" / "sensitivity.json").read_text())
    assert found["method"] == "sobol" and "managers.resistant_share" in found["kept"]
    assert {row["outcome"] for row in found["sensitivity"]} == {"habitual@20", "habitual@40", "tried@20", "tried@40"}
    assert all(row["total_low"] <= row["total"] <= row["total_high"] for row in found["sensitivity"])
    for name in ("tornado-habitual-40.png", "screening-tried-20.png", "sensitivity.csv", "chance.parquet",
                 "figures.html", "manifest.json"):  # fmt: skip
        assert (analysed / "report" / name).stat().st_size > 100


def test_a_folder_tells_the_same_again_without_running(here, analysed, capsys, monkeypatch):
    monkeypatch.setattr("experiments.sweeps.work.run_point", None)
    capsys.readouterr()
    run("sensitivity", analysed, "--json")
    assert capsys.readouterr().out == (analysed / "report" / "sensitivity.json").read_text()
    run("sensitivity", analysed, "--out", here / "again")
    for file in (analysed / "report").iterdir():
        if file.name != "manifest.json":  # says which command was given
            assert file.read_bytes() == (here / "again" / file.name).read_bytes(), file.name


def test_each_of_its_sweeps_can_be_read_by_itself(analysed, capsys):
    capsys.readouterr()
    run("sensitivity", analysed / "screening")
    assert "moves it most" in " ".join(capsys.readouterr().out.split())
    run("sensitivity", analysed / "indices")
    said = " ".join(capsys.readouterr().out.split())
    assert "with others" in said and "decides most" in said


@pytest.mark.parametrize("after", [3, 16])
def test_an_interrupted_analysis_goes_on(here, analysed, capsys, monkeypatch, after):
    """Stopped in the screening (12 points) or in the indices; what was done is not done again."""
    from experiments.sweeps import work

    out, done, carry_out = here / f"stopped{after}", [], work.run_point

    def few(*given):
        if len(done) == after:
            raise KeyboardInterrupt
        done.append(1)
        return carry_out(*given)

    monkeypatch.setattr(work, "run_point", few)
    asked = ("sensitivity", here / "held.yaml", *SMALL, "--out", out, "--jobs", 1)
    assert cli.run([*map(str, asked)]) == cli.STOPPED
    monkeypatch.setattr(work, "run_point", carry_out)
    _, _, again = capsys.readouterr().err.partition("go on with: uptake ")
    assert not (out / "report").exists()
    with pytest.raises(InputError, match="--resume"):
        run(*asked)
    run(*shlex.split(again.splitlines()[0]))
    for name in ("sensitivity.json", "sensitivity.parquet", "tornado-habitual-40.png"):
        assert (out / "report" / name).read_bytes() == (analysed / "report" / name).read_bytes()


def test_without_a_folder_nothing_is_left(here, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    run("sensitivity", here / "held.yaml", "--trajectories", 2, "--base", 8, "--replicates", 2, "--json")
    assert json.loads(capsys.readouterr().out)["method"] == "sobol"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "apart"), [("held", "Chance: "), ("drawn", "Worlds and chance: ")])
def test_sensitivity_of_a_stored_sweep(here, capsys, name, apart):
    run("sensitivity", here / name)
    said = " ".join(capsys.readouterr().out.split())
    assert apart in said and "first orders only" in said and "decides most" in said


def test_discovery_of_a_stored_sweep(here, capsys):
    out = here / "found"
    run("discover", here / "held", "--where", "habitual < 20 %", "--out", out, "--json")
    found = json.loads(capsys.readouterr().out)
    assert found["runs"] == 600 and 0 < found["cases"] < 600
    assert {row["input"] for row in found["limits"]} <= {"champions.one_per", "managers.resistant_share"}
    assert all(row["density"] > found["share"] for row in found["limits"])
    assert found["sentences"][0].startswith("Habitual after 40 weeks is below 20 % when ")
    assert (out / "discovery.png").stat().st_size > 20_000 and (out / "limits.csv").exists()


def test_discovery_among_worlds_and_by_points(here, capsys):
    run("discover", here / "drawn", "--where", "habitual < 20 %")
    assert "with how often this happens" in " ".join(capsys.readouterr().out.split())
    with pytest.raises(InputError, match="too few"):
        run("discover", here / "drawn", "--where", "habitual < 20 %", "--points")


@pytest.mark.parametrize(
    ("arguments", "needle"),
    [
        (("sensitivity", "nowhere.yaml"), "no study file"),
        (("sensitivity", "{here}"), "no sweep in that folder"),
        (("sensitivity", "{here}/held.yaml", "--base", "3"), "--base"),
        (("sensitivity", "{here}/held.yaml", "--scenario", "typical"), "It has middling"),
        (("sensitivity", "{here}/held.yaml", "--out", "{here}"), "not of a sensitivity analysis"),
        (("sensitivity", "{here}/held.yaml", "--resume"), "--out DIR"),
        (("sensitivity", "{here}/held", "--base", "64"), "goes with a study"),
        (("sensitivity", "{here}/held", "--scenario", "midling"), "middling"),
        (("sensitivity", "{here}/held", "--out", "{here}/held"), "not an earlier output"),
        (("discover", "{here}/nowhere", "--where", "habitual < 0.4"), "no such folder"),
        (("discover", "{here}/held", "--where", "habitul < 0.4"), "habitual"),
        (("discover", "{here}/held", "--where", "habitual > 2"), "move its number"),
    ],
)
def test_refusals_in_words(here, arguments, needle):
    with pytest.raises(InputError) as error:
        run(*(argument.format(here=here) for argument in arguments))
    assert needle in str(error.value)
