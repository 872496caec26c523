"""The command line: what every command prints, exit codes, and bad input answered in words."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from experiments.version import version
from sim.passports import levers, parameters
from sim.scenario import library

SMALL = ("--headcount", "60", "--weeks", "20", "--replicates", "8")
GOOD_ROSTER = "person_id,manager_id,unit\n" + "\n".join(
    f"{i:03d},{'' if i == 1 else '001' if i < 6 else f'{2 + i % 4:03d}'},{'North' if i % 2 else 'South'}"
    for i in range(1, 31)
)
GOOD_SCENARIO = """
extends: typical
title: A louder launch
question: "Does it help to shout?"
source: "A test"
levers:
  leaders:
    endorsement: 1.0
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "people.csv").write_text(GOOD_ROSTER)
    (tmp_path / "louder.yaml").write_text(GOOD_SCENARIO)
    (tmp_path / "broken.yaml").write_text(GOOD_SCENARIO.replace("endorsement", "endorsment"))
    (tmp_path / "notyaml.yaml").write_text("levers: [unclosed")
    (tmp_path / "untitled.yaml").write_text("levers: {}\n")
    (tmp_path / "circle.yaml").write_text(GOOD_SCENARIO.replace("typical", "circle.yaml"))
    (tmp_path / "cycle.csv").write_text("person_id,manager_id\n1,2\n2,1\n3,1\n")
    (tmp_path / "two.csv").write_text("person_id,manager_id\n1,\n2,1\n3,\n4,3\n5,9\n")
    (tmp_path / "twice.csv").write_text("person_id,manager_id\n1,\n2,1\n2,1\n")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "headed.csv").write_text("person_id,manager_id\n")
    (tmp_path / "columns.csv").write_text("who,whom\n1,\n2,1\n")
    (tmp_path / "latin.csv").write_bytes("person_id,manager_id\nJosé,\nx,José\n".encode("latin-1"))
    (tmp_path / "folder").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("years of work")
    (tmp_path / "manifest.json").write_text("{}")
    (tmp_path / "list.json").write_text("[1]")
    (tmp_path / "torn.json").write_text('{"tool": "uptake", "format')
    (tmp_path / "hollow.json").write_text('{"tool": "uptake", "format": 1}')
    (tmp_path / "future.json").write_text('{"tool": "uptake", "format": 99}')
    return tmp_path


BAD = [
    ("compar typical well-run", "compare"),
    ("compare", "BASE"),
    ("compare typical", "OTHER"),
    ("compare typical midling", "middling"),
    ("compare typical broken.yaml", "endorsement"),
    ("compare typical notyaml.yaml", "not valid YAML"),
    ("compare typical untitled.yaml", "missing title"),
    ("compare typical circle.yaml", "circle"),
    ("compare typical nowhere.yaml", "nowhere.yaml"),
    ("compare typical folder/", "folder"),
    ("run", "name a scenario"),
    ("run typical --weeks 0", "from 1 to 1,040"),
    ("run typical --weeks 1041", "from 1 to 1,040"),
    ("run typical --weeks -4", "from 1 to 1,040"),
    ("run typical --weeks ten", "integer"),
    ("run typical --weeks 1.5", "integer"),
    ("run typical --replicates 0", "--replicates"),
    ("run typical --replicates -1", "--replicates"),
    ("run typical --replicates 1000000", "--replicates"),
    ("run typical --replicates many", "integer"),
    ("run typical --seed -1", "--seed"),
    ("run typical --seed 99999999999999999999999", "--seed"),
    ("run typical --headcount 3", "headcount 3"),
    ("run typical --headcount 0", "headcount 0"),
    ("run typical --headcount 2000000", "headcount 2000000"),
    ("run typical --rule expert", "experience"),
    ("run typical --rule basss", "bass"),
    ("run typical --threads -1", "--threads"),
    ("run typical --threads 9999", "--threads"),
    ("run typical --memory lots", "2GB"),
    ("run typical --memory 1KB", "64MB"),
    ("run typical --memory 64MB --replicates 90000", "--memory"),
    ("run typical --replicate 5", "--replicates"),
    ("run typical --set nonsense", "key=value"),
    ("run typical --set levers.champion.one_per=5", "champions.one_per"),
    ("run typical --set levers.champions.one_per=-5", "from 0"),
    ("run typical --set levers.champions.one_per=2.5", "whole number"),
    ("run typical --set levers.champions.one_per=many", "number"),
    ("run typical --set levers.champions.chosen=best", "random"),
    ("run typical --set levers.leaders.mandate=nan", "finite"),
    ("run typical --set parameters.trying.basis=1", "unknown parameter"),
    ("run typical --set mechanisms.influence=maybe", "on or off"),
    ("run typical --set mechanisms.influenza=off", "influence"),
    ("run typical --set rollout=1", "unknown key"),
    ("run typical --set levers.managers.coaching.scope={units:[Atlantis]}", "Atlantis"),
    ("run typical --org nowhere.csv", "nowhere.csv"),
    ("run typical --org meridan", "meridian"),
    ("run typical --org folder", "folder"),
    ("run typical --org empty.csv", "empty"),
    ("run typical --org cycle.csv", "cycle"),
    ("run typical --org people.csv --headcount 50", "--headcount"),
    ("run typical --org people.csv --ties nowhere.csv", "nowhere.csv"),
    ("run typical --org people.csv --relation email", "--ties"),
    ("run typical --org two.csv --orphans keep", "attach"),
    ("run typical --ties people.csv", "--org"),
    ("run typical --map person_id=Id", "--org"),
    ("run typical --orphans drop", "--org"),
    ("run typical --out people.csv", "is a file"),
    ("run typical --out people.csv/deeper", "is a file"),
    ("run typical --out full", "not an earlier output"),
    ("run typical --from manifest.json", "leave out"),
    ("run --from manifest.json", "not a manifest"),
    ("run --from list.json", "not a manifest"),
    ("run --from torn.json", "not valid JSON"),
    ("run --from hollow.json", "damaged"),
    ("run --from future.json", "format 99"),
    ("run --from nowhere.json", "no manifest"),
    ("run --from folder", "no manifest"),
    ("run --from hollow.json --seed 3", "leave out --seed"),
    ("run --from hollow.json --no-worlds", "leave out --worlds"),
    ("scenarios show midling", "middling"),
    ("scenarios check nowhere.yaml", "nowhere.yaml"),
    ("scenarios check broken.yaml", "line 8"),
    ("scenarios check people.csv", "no scenario"),
    ("scenarios delete typical", "No such command"),
    ("org check nowhere.csv", "no such file"),
    ("org check folder", "folder"),
    ("org check cycle.csv", "cycle"),
    ("org check two.csv", "--orphans"),
    ("org check twice.csv", "more than once"),
    ("org check headed.csv", "no people"),
    ("org check columns.csv", "person_id"),
    ("org check latin.csv", "UTF-8"),
    ("org check louder.yaml", ".yaml"),
    ("org check columns.csv --map person_id", "field=Column"),
    ("org check columns.csv --map person_id=nobody", "nobody"),
    ("org check columns.csv --map personid=who", "person_id"),
    ("org check columns.csv --map person_id=who --map person_id=whom", "twice"),
    ("org make --headcount 5 --out new.csv", "from 10"),
    ("org make --headcount 50 --out new.doc", ".doc"),
    ("org make --headcount 50 --out folder", "folder"),
    ("org make --headcount 50 --out nowhere/new.csv", "nowhere"),
    ("org make --headcount 50 --out new.csv --ties new.csv", "same file"),
    ("org make --headcount 50", "--out"),
    ("org make --headcount some --out new.csv", "integer"),
    ("org describe two.csv", "--orphans"),
    ("org describe people.csv --graphml nowhere/graph.graphml", "nowhere"),
    ("levers champoins", "champions"),
    ("parameters nothing-like-it", "no parameter"),
    ("trace typical", "--person"),
    ("trace typical --person P9999", "P9999"),
    ("trace typical --person P0001 --replicate -1", "--replicate"),
    ("trace typical --person P0001 --weeks 0", "--weeks"),
    ("trace midling --person P0001", "middling"),
    ("--versoin", "--version"),
]


@pytest.mark.parametrize("line, says", BAD, ids=[line for line, _ in BAD])
def test_bad_input_is_answered_in_words(here, uptake, line, says):
    before = sorted(path.relative_to(here) for path in here.rglob("*"))
    answer = uptake(*line.split())
    assert answer.code == 2, answer.err
    assert says.lower() in answer.err.lower()
    assert "Traceback" not in answer.err and answer.out == ""
    assert sorted(path.relative_to(here) for path in here.rglob("*")) == before


def test_scenarios_lists_all(uptake):
    answer = uptake("scenarios")
    assert answer.code == 0 and all(name in answer.out for name in library())
    found = uptake("scenarios", "--json").json
    assert [s["name"] for s in found] == library() and all(s["title"] and s["question"] for s in found)


def test_scenarios_show(here, uptake):
    shown = uptake("scenarios", "show", "louder.yaml", "--json").json
    assert [c["key"] for c in shown["changes"]] == ["leaders.endorsement"]
    assert shown["changes"][0]["after"] == "1" and shown["extends"] == "typical"
    answer = uptake("scenarios", "show", "well-run")
    assert "Against middling" in answer.out and "champions.one_per" in answer.out


def test_what_is_set_as_it_is_anyway_is_no_difference(uptake):
    """Eight weeks between waves is what holds where nothing is said."""
    shown = uptake("scenarios", "show", "fixed-waves", "--json").json
    assert {"key": "rollout.gap", "value": "8"} in shown["settings"]
    assert [c["key"] for c in shown["changes"]] == ["rollout.style", "rollout.waves", "rollout.first_share"]
    assert all(c["before"] != c["after"] for c in shown["changes"])


@pytest.mark.parametrize("name", library())
def test_every_scenario_can_be_shown(uptake, name):
    assert uptake("scenarios", "show", name).code == 0


def test_scenarios_check(here, uptake):
    answer = uptake("scenarios", "check", "louder.yaml")
    assert answer.code == 0 and "usable" in answer.out


def test_levers_and_parameters(uptake):
    assert [e["name"] for e in uptake("levers", "--json").json] == list(levers())
    found = uptake("parameters", "--json").json
    assert [e["name"] for e in found] == list(parameters())
    assert {"value", "range", "unit", "meaning", "source", "grade"} <= set(found[0])
    answer = uptake("levers", "one_per")
    assert "champions.one_per" in answer.out and "leaders.mandate" not in answer.out
    assert "Source:" in uptake("parameters", "trust_start").out


def test_org_make_check_describe(here, uptake):
    assert uptake("org", "make", "--headcount", 80, "--seed", 7, "--out", "a.csv", "--ties", "t.csv").code == 0
    assert uptake("org", "make", "--headcount", 80, "--seed", 7, "--out", "b.csv").code == 0
    assert (here / "a.csv").read_bytes() == (here / "b.csv").read_bytes()
    assert "80 people" in uptake("org", "check", "a.csv").out
    described = uptake("org", "describe", "a.csv", "--ties", "t.csv", "--graphml", "g.graphml", "--json").json
    assert described["headcount"] == 80 and (here / "g.graphml").stat().st_size
    assert "leading fewer than 5" in uptake("org", "describe", "a.csv").out


def test_org_with_orphans_and_columns_named(here, uptake):
    answer = uptake("org", "check", "two.csv", "--orphans", "attach", "--json")
    assert answer.json["people"] == 5 and answer.json["notices"]
    named = uptake("org", "check", "columns.csv", "--map", "person_id=who", "--map", "manager_id=whom")
    assert named.code == 0


def test_sample_by_name(uptake):
    answer = uptake("org", "check", "meridian", "--json")
    assert answer.code == 0 and answer.json["ties"] > 1000


def test_compare_tells_in_words(uptake):
    answer = uptake("compare", "typical", "well-run", *SMALL)
    assert answer.code == 0
    for part in ("habitual", "payback week", "of paired worlds", "not a forecast", "▁"):
        assert part in answer.out
    assert "\x1b" not in answer.out
    assert max(map(len, answer.out.splitlines())) <= 80


def test_json_is_one_document_and_nothing_else(here, uptake):
    answer = uptake("compare", "typical", "well-run", "--org", "people.csv", "--weeks", 8, "--replicates", 4, "--json")
    assert answer.json["people"] == 30 and "no ties file" in answer.err


def test_set_applies_to_every_scenario(uptake):
    one = uptake("compare", "typical", "middling", *SMALL, "--json", "--set", "levers.leaders.mandate=0").json
    both = uptake("compare", "typical", "middling", *SMALL, "--json").json
    for name in ("typical", "middling"):
        assert one["scenarios"][name]["fingerprint"] != both["scenarios"][name]["fingerprint"]


@pytest.mark.parametrize("rule", ["threshold", "bass"])
def test_rivals_run(uptake, rule):
    assert uptake("run", "typical", *SMALL, "--rule", rule, "--no-worlds", "--json").json["rule"] == rule


def test_seeds_differ_and_one_seed_repeats(uptake):
    first, again, other = (uptake("run", "middling", *SMALL, "--seed", s, "--json").out for s in (1, 1, 2))
    assert first == again != other


def test_trace_follows_one_person(here, uptake):
    found = uptake("trace", "typical", "--person", "007", "--org", "people.csv", "--weeks", 12, "--json").json
    assert found["person"] == "007" and found["week"] == list(range(12))
    assert all(len(values) == 12 for values in (*found["terms"].values(), *found["facts"].values()))
    assert "enthusiasm" in found["terms"]
    answer = uptake("trace", "typical", "--person", "007", "--org", "people.csv", "--weeks", 12)
    assert answer.code == 0 and "not a forecast" in answer.out


def test_results_hold_no_id(here, uptake):
    answer = uptake("compare", "typical", "middling", "--org", "people.csv", "--weeks", 8, "--replicates", 2, "--json")
    assert '"007"' not in answer.out


def test_version_and_help(uptake):
    assert uptake("--version").out.strip() == f"uptake {version()}"
    for command in ("", "run", "compare", "scenarios", "org", "org make", "levers", "parameters", "trace"):
        answer = uptake(*command.split(), "--help")
        assert answer.code == 0 and "Usage" in answer.out


def test_help_loads_nothing_heavy():
    """What would make ``uptake --help`` slow is not imported by it."""
    heavy = "{'numpy', 'numba', 'pandas', 'pyarrow', 'matplotlib', 'plotly', 'yaml', 'mesa'}"
    check = (
        "import sys; from experiments.cli import run; run(['--help']);"
        f"print(sorted({heavy} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_a_closed_pipe_is_no_fault():
    command = f"{sys.executable} -m experiments.cli parameters | head -n 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert done.stdout and "Traceback" not in done.stderr


def test_the_process_itself_prints_json_only():
    done = subprocess.run(
        [sys.executable, "-m", "experiments.cli", "run", "typical", *SMALL, "--json"], capture_output=True, text=True
    )
    assert done.returncode == 0 and json.loads(done.stdout)["people"] == 60
