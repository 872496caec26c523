"""The Mesa face of the model: agents as views, sets, collectors, Mesa's own components, and nothing left in memory."""

from __future__ import annotations

import copy
import gc
import importlib.util
import math
import subprocess
import sys
import weakref
from pathlib import Path

import mesa
import numpy as np
import pandas as pd
import pytest

import sim
from sim import AdoptionModel, InputError, OrganisationError, generate, load
from sim.agents import FACTS, Champion, Executive, MiddleManager, Person, Rep
from sim.measures import HEADLINES, OUTCOMES
from sim.model import seed_from
from sim.organisation import Role
from sim.people import LEADERS, PEOPLE, SIGHT, SURROUNDINGS, Stage

ORGANISATION = generate(120, seed=2)
WELL_RUN = load("well-run")
MANY_CHAMPIONS = load("well-run", ["levers.champions.one_per=4", "levers.champions.chosen=random"])


def made(scenario: object = WELL_RUN, weeks_run: int = 0, **options: object) -> AdoptionModel:
    model = AdoptionModel(ORGANISATION, scenario, **options)  # type: ignore[arg-type]
    for _ in range(weeks_run):
        model.step()
    return model


# People as agents


def test_everyone_is_an_agent_of_the_type_their_role_says() -> None:
    model = made()
    assert isinstance(model, mesa.Model)
    assert all(isinstance(agent, mesa.Agent) for agent in model.agents)
    assert model.agent_types == [Executive, MiddleManager, Rep, Champion]
    counts = np.bincount(ORGANISATION.role, minlength=3)
    assert [len(model.agents_by_type[kind]) for kind in model.agent_types] == [*counts, 0]
    assert [agent.unique_id for agent in model.agents] == list(range(1, 121))
    for agent in model.agents:
        assert agent.person_id == ORGANISATION.ids[agent.row]
        assert agent is model.person(agent.person_id)
        assert agent.role == Role(ORGANISATION.role[agent.row]).label
        assert agent.unit == ORGANISATION.unit_names[ORGANISATION.unit[agent.row]]
        assert agent.level == ORGANISATION.level[agent.row]
        assert isinstance(agent.title, str)
    with pytest.raises(OrganisationError, match="no person"):
        model.person("nobody")


def test_the_reporting_line_and_the_ties_lead_to_agents() -> None:
    model = made()
    tops = model.agents.select(lambda agent: agent.manager is None)
    assert len(tops) == 1
    assert sum(len(agent.reports) for agent in model.agents) == 119
    for agent in model.agents:
        assert all(report.manager is agent for report in agent.reports)
        assert all(report.level == agent.level + 1 for report in agent.reports)
        assert agent not in agent.contacts
    assert sum(len(agent.contacts) for agent in model.agents) == ORGANISATION.ties.count


def test_every_column_is_read_and_written_through_the_agent() -> None:
    model = made(weeks_run=3)
    leading = next(iter(model.agents_by_type[MiddleManager]))
    place = int(model.block.graph.leader[leading.row])
    for columns, table, row in ((PEOPLE, model.block.people, leading.row), (LEADERS, model.block.leaders, place)):
        for column in columns:
            data = getattr(table, column.name)
            assert getattr(leading, column.name) == data[row]
            before = data.copy()
            value = 1 if np.issubdtype(data.dtype, np.integer) else 0.25
            setattr(leading, column.name, value)
            assert data[row] == value == getattr(leading, column.name)
            assert np.flatnonzero(data != before).tolist() in ([row], [])
            assert isinstance(getattr(leading, column.name), int | float)


def test_no_column_hides_another_attribute() -> None:
    names = [column.name for column in PEOPLE + SIGHT + SURROUNDINGS + LEADERS] + list(FACTS)
    assert len(names) == len(set(names))
    assert not set(names) & (set(dir(mesa.Agent)) | {"model", "unique_id", "pos", "row", "unit", "level", "role"})


@pytest.mark.parametrize("value", [-0.01, 1.01, math.nan, math.inf])
def test_values_out_of_bounds_are_refused(value: float) -> None:
    agent = made().by_row[5]
    with pytest.raises(ValueError, match=r"trust must be from 0 to 1 \(belief\)"):
        agent.trust = value


def test_unknown_attributes_fail_as_on_any_object() -> None:
    model = made()
    rep = next(iter(model.agents_by_type[Rep]))
    with pytest.raises(AttributeError, match="'Rep' object has no attribute 'charm'"):
        rep.charm  # noqa: B018
    assert not hasattr(rep, "support")
    with pytest.raises(AttributeError, match="nobody reports to them"):
        rep.support = 0.5
    assert all(hasattr(agent, "support") and hasattr(agent, "fluency") for agent in model.agents_by_type[Executive])
    assert model.agents.get("support", handle_missing="default", default_value=0.0).count(0.0) >= 100


def test_facts_read_the_status_bits() -> None:
    model = made(weeks_run=12)
    status = model.block.people.status[:120]
    for name, bits in FACTS.items():
        assert model.agents.get(name) == ((status & int(bits)) != 0).tolist()
    assert model.agents.agg("used_this_week", np.mean) == pytest.approx(model.curve("weekly_active")[-1], abs=0.2)
    with pytest.raises(AttributeError):
        model.by_row[0].used_this_week = True


def test_stages_are_those_of_the_outcomes() -> None:
    model = made(weeks_run=30)
    assert model.stages == {stage.name.lower(): model.agents.get("stage").count(stage.name.lower()) for stage in Stage}
    assert sum(model.stages.values()) == 120
    for name, count in model.stages.items():
        assert model.outcome(name) == pytest.approx(count / 120)


def test_an_intervention_changes_what_follows_and_nothing_before() -> None:
    touched, untouched = (made("middling", 10) for _ in range(2))
    assert np.array_equal(touched.block.series, untouched.block.series)
    touched.agents.set("trust", 0.05).set("enthusiasm", 0.0)
    for agent in touched.agents.select(lambda agent: hasattr(agent, "support")):
        agent.resistance, agent.support = 1.0, -1.0
    for model in (touched, untouched):
        for _ in range(10):
            model.step()
    assert np.array_equal(touched.block.series[:10], untouched.block.series[:10])
    assert touched.outcome("weekly_active") < untouched.outcome("weekly_active")


def test_writing_what_is_there_already_changes_nothing() -> None:
    written, plain = (made("middling", 4) for _ in range(2))
    for agent in written.agents:
        for column in PEOPLE:
            setattr(agent, column.name, getattr(agent, column.name))
    for model in (written, plain):
        for _ in range(4):
            model.step()
    assert np.array_equal(written.block.series, plain.block.series)


def test_nobody_can_be_taken_out_unseen() -> None:
    with pytest.raises(TypeError, match=r"circumstances\.turnover"):
        made().by_row[3].remove()


# Champions


def test_a_rep_becomes_a_champion_in_the_week_of_activation() -> None:
    model = made(load("middling", ["levers.champions.one_per=5", "levers.champions.activation_week=6"]))
    before = {agent.unique_id: agent for agent in model.agents}
    order = list(before)
    for _ in range(6):  # weeks 0 to 5
        model.step()
        assert len(model.agents_by_type[Champion]) == 0
        assert not any(model.agents.get("is_champion"))
    model.step()  # week 6
    flagged = model.agents.select(lambda agent: agent.is_champion)
    champions = model.agents_by_type[Champion]
    assert len(flagged) == 24
    assert set(champions) == set(model.agents.select(agent_type=Champion))
    assert all(type(agent) is Champion and agent.role == "rep" for agent in champions)
    assert {type(agent) for agent in flagged if agent not in champions} <= {MiddleManager}
    assert [agent.unique_id for agent in model.agents] == order
    assert all(before[agent.unique_id] is agent for agent in model.agents)
    assert len(model.agents_by_type[Rep]) + len(champions) == np.sum(ORGANISATION.role == Role.REP)
    assert not set(champions) & set(model.agents_by_type[Rep])
    assert not any(isinstance(agent, Rep) for agent in champions)


def test_a_manager_chosen_as_champion_stays_a_manager() -> None:
    model = made(MANY_CHAMPIONS, 2)
    managers = model.agents_by_type[MiddleManager].select(lambda agent: agent.is_champion)
    assert len(managers) > 0
    assert all(type(agent) is MiddleManager and hasattr(agent, "support") for agent in managers)
    assert not model.agents_by_type[Executive].select(lambda agent: agent.is_champion)


def test_a_champion_who_leaves_is_a_rep_again() -> None:
    # Volunteers are asked once trained: the joiner in the seat does not become a champion at once.
    choices = ["levers.champions.one_per=4", "levers.champions.chosen=volunteers", "levers.circumstances.turnover=0.6"]
    model = made(load("well-run", choices), 1)
    ended = 0
    for _ in range(40):
        were = set(model.agents_by_type[Champion])
        model.step()
        now = set(model.agents_by_type[Champion])
        ended += len(were - now)
        assert all(type(agent) is Rep and not agent.is_champion for agent in were - now)
        assert now == {agent for agent in model.agents if agent.is_champion and agent.role == "rep"}
        assert sum(len(kind) for kind in model.agents_by_type.values()) == len(model.agents) == 120
    assert ended > 0


# Mesa's sets and collectors


def test_agent_sets_work_on_the_views() -> None:
    model = made(weeks_run=8)
    agents = model.agents
    assert agents.agg("trust", np.mean) == pytest.approx(model.block.people.trust[:120].mean(), abs=1e-6)
    assert agents.agg("skill", [min, max]) == [min(agents.get("skill")), max(agents.get("skill"))]
    assert len(agents.get(["trust", "skill"])[0]) == 2
    by_unit = agents.groupby("unit")
    assert by_unit.count() == dict(zip(*np.unique(agents.get("unit"), return_counts=True), strict=True))
    assert set(by_unit.agg("trust", np.mean)) == set(ORGANISATION.unit_names)
    assert sum(agents.groupby("stage").count().values()) == 120
    assert len(agents.select(lambda agent: agent.openness > 0, at_most=7)) == 7
    assert sorted(agents.shuffle().get("unique_id")) == agents.get("unique_id")
    by_trust = agents.sort("trust").get("trust")
    assert by_trust == sorted(by_trust, reverse=True)
    seen: list[int] = []
    agents.do(lambda agent: seen.append(agent.unique_id)).do("step")
    agents.shuffle_do(lambda agent: seen.append(agent.unique_id))
    assert len(seen) == 240
    assert agents.map(lambda agent: agent.level) == ORGANISATION.level.tolist()


def test_shuffling_and_drawing_from_mesas_generators_leaves_the_run_alone() -> None:
    shuffled, plain = made(weeks_run=2), made(weeks_run=2)
    shuffled.agents.shuffle(inplace=True)
    shuffled.random.random()
    shuffled.rng.random()
    for model in (shuffled, plain):
        model.step()
    assert np.array_equal(shuffled.block.series, plain.block.series)


def test_the_collector_holds_the_headlines_of_every_week() -> None:
    model = made(weeks_run=9)
    frame = model.datacollector.get_model_vars_dataframe()
    assert list(frame.columns) == list(HEADLINES)
    assert len(frame) == 9
    for name in set(HEADLINES) - {"payback_week"}:  # known only in hindsight
        assert np.array_equal(frame[name], model.curve(name)), name


def test_a_modellers_own_collector_takes_the_place_of_ours() -> None:
    model = made(MANY_CHAMPIONS)
    model.datacollector = mesa.DataCollector(
        model_reporters={"people": lambda m: len(m.agents), "week": "week"},
        agent_reporters={"trust": "trust", "stage": "stage", "support": "support"},
        agenttype_reporters={Champion: {"skill": "skill"}, Rep: {"habit": lambda agent: agent.habit}},
    )
    for _ in range(3):
        model.step()
    frame = model.datacollector.get_agent_vars_dataframe()
    assert frame.shape == (360, 3)
    week_two = frame.xs(2, level="Step")
    assert week_two.index.tolist() == list(range(1, 121))
    assert week_two["support"].notna().sum() == len(model.block.graph.leader_person)
    champions = model.datacollector.get_agenttype_vars_dataframe(Champion).xs(3, level="Step")
    assert champions["skill"].tolist() == model.agents_by_type[Champion].get("skill")
    assert isinstance(model.datacollector.get_model_vars_dataframe(), pd.DataFrame)
    assert model.datacollector.model_vars == {"people": [120] * 3, "week": [1, 2, 3]}


def test_a_step_makes_no_call_for_each_agent() -> None:
    def calls(headcount: int) -> int:
        model = AdoptionModel(generate(headcount), load("champions-none"))
        model.step()
        counted = 0

        def count(frame: object, event: str, argument: object) -> None:
            nonlocal counted
            counted += event == "call"

        sys.setprofile(count)
        try:
            model.step()
        finally:
            sys.setprofile(None)
        return counted

    assert calls(2000) == calls(100) < 1000


# The model


def test_running_ends_at_the_horizon() -> None:
    model = made(weeks=6)
    assert model.running and model.steps == model.week == model.time == 0
    model.run_model()
    assert not model.running
    assert model.steps == model.week == model.time == 6


def test_outcomes_before_the_first_week_and_unknown_ones() -> None:
    model = made()
    assert math.isnan(model.outcome("habitual"))
    assert model.curve("habitual").shape == (0,)
    model.step()
    for name in OUTCOMES:
        assert model.curve(name).shape == (1,)
        assert isinstance(model.outcome(name), float)
    with pytest.raises(InputError, match=r'unknown outcome "habitul"; did you mean "habitual"\?'):
        model.outcome("habitul")


def test_the_links_as_graphs() -> None:
    model = made()
    assert model.graph is model.graph
    assert set(model.graph.nodes) == set(ORGANISATION.ids)
    assert [cell.coordinate for cell in model.space.all_cells] == list(range(120))
    for agent in model.agents:
        assert agent.cell.coordinate == agent.row
        neighbours = {other for cell in agent.cell.neighborhood for other in cell.agents}
        assert {*agent.contacts, *agent.reports} <= neighbours


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"weeks": 0}, "weeks must be from 1"),
        ({"weeks": 40_000}, "weeks must be from 1"),
        ({"replicate": -1}, "replicate must be 0 or more"),
        ({"rule": "treshold"}, 'did you mean "threshold"'),
        ({"scenario": "typicl"}, 'did you mean "typical"'),
        ({"organisation": 3}, "headcount 3"),
        ({"rng": -1}, "rng must be from 0"),
        ({"rng": "one"}, "rng must be a whole number"),
        ({"rng": True}, "rng must be a whole number"),
        ({"rng": 0.5}, "rng must be a whole number"),
    ],
)
def test_bad_input_says_what_is_wrong(options: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        AdoptionModel(**{"organisation": 30, **options})


def test_scenarios_by_name_by_path_and_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("extends: well-run\ntitle: Mine\nquestion: What if?\nsource: me\n", encoding="utf-8")
    runs = [made(scenario, 3).block.series for scenario in ("well-run", WELL_RUN, path, str(path))]
    assert all(np.array_equal(series, runs[0]) for series in runs)


def test_the_seed_behind_an_rng() -> None:
    assert seed_from(7) == seed_from(np.int64(7)) == 7
    assert seed_from([1, 2]) == seed_from(np.random.SeedSequence([1, 2])) != seed_from([2, 1])
    assert seed_from(None) != seed_from(None)
    generator = np.random.default_rng(1)
    assert seed_from(generator) != seed_from(generator)
    assert seed_from(np.random.default_rng(1)) == seed_from(np.random.PCG64(1))
    model = made(rng=None, weeks_run=2)
    assert np.array_equal(made(rng=model.seed, weeks_run=2).block.series, model.block.series)
    assert made(rng=1).rng.random() == made(rng=1).rng.random()


def test_models_share_nothing() -> None:
    one, other = made(), made()
    one.agents.set("trust", 0.0)
    for _ in range(3):
        one.step()
    assert other.week == 0 and min(other.agents.get("trust")) > 0
    assert one.organisation is other.organisation is ORGANISATION


def test_a_copy_goes_its_own_way() -> None:
    model = made(MANY_CHAMPIONS, 5)
    branch = copy.deepcopy(model)
    assert all(agent.model is branch for agent in branch.agents)
    branch.agents.set("trust", 0.1)
    for step in (branch.step, model.step):
        step()
    plain = made(MANY_CHAMPIONS, 6)
    assert np.array_equal(model.block.series, plain.block.series)
    assert not np.array_equal(branch.block.series, plain.block.series)
    assert branch.week == model.week == 6


def test_a_model_can_be_subclassed() -> None:
    class Coached(AdoptionModel):
        def step(self) -> None:
            self.agents_by_type[MiddleManager].set("support", 1.0)
            super().step()

    coached = Coached(ORGANISATION, "typical", weeks=20)
    coached.run_model()
    plain = made("typical", 20)
    assert coached.week == 20 and len(coached.datacollector.model_vars["habitual"]) == 20
    assert coached.outcome("support") > plain.outcome("support")


def test_a_thousand_models_made_and_dropped_leave_nothing_behind() -> None:
    organisation = generate(12)
    known_to_mesa = len(mesa.Agent._ids)
    dropped: list[weakref.ref] = []
    objects: list[int] = []
    for number in range(1000):
        model = AdoptionModel(organisation, WELL_RUN, rng=number, weeks=2)
        model.step()
        dropped += [weakref.ref(part) for part in (model, model.by_row[3], model.block.people.trust)]
        del model
        if number % 100 == 99:
            gc.collect()
            assert len(dropped) == 300 and not any(part() is not None for part in dropped)
            dropped.clear()
            objects.append(sys.getallocatedblocks())
    assert len(mesa.Agent._ids) == known_to_mesa
    assert objects[-1] - objects[1] < 800  # less than one small object for each of the last 800 models


# Mesa's own components


@pytest.mark.skipif(
    not all(importlib.util.find_spec(name) for name in ("solara", "altair", "matplotlib")),
    reason="Mesa's components need solara, altair and matplotlib",
)
@pytest.mark.filterwarnings("ignore")
def test_mesas_components_draw_and_drive_the_model() -> None:
    import ipyvuetify
    import ipywidgets
    import matplotlib

    matplotlib.use("agg")
    import solara
    from mesa.visualization import SolaraViz, make_plot_component, make_space_component
    from mesa.visualization.components import AgentPortrayalStyle

    def portray(agent: Person) -> AgentPortrayalStyle:
        return AgentPortrayalStyle(color="tab:green" if agent.used_this_week else "tab:grey", size=20)

    model = solara.reactive(AdoptionModel(40, WELL_RUN))
    first = model.value
    components = [make_plot_component(["habitual", "weekly_active"]), make_space_component(portray)]

    @solara.component
    def page() -> None:
        with solara.AppLayout():
            SolaraViz(model, components=components, model_params={"organisation": 40, "scenario": "typical", "rng": 3})

    _, rendered = solara.render(page(), handle_error=False)
    try:
        assert len(rendered.find(ipywidgets.Image).widgets) == 2
        buttons = {button.children[0]: button for button in rendered.find(ipyvuetify.Btn).widgets}
        buttons["Step"].click()
        buttons["Step"].click()
        assert first.week == 2
        assert len(rendered.find(ipywidgets.Image).widgets) == 2
        buttons["Reset"].click()
        assert model.value is not first
        assert model.value.week == 0 and model.value.scenario.name == "typical" and model.value.seed == 3
    finally:
        rendered.close()


# The package


FRESH = """
import sys
import sim
heavy = {"mesa", "numba", "numpy", "pandas", "solara", "networkx"} & set(sys.modules)
assert not heavy, heavy
assert {"AdoptionModel", "agents", "run", "__version__"} <= set(dir(sim))
assert not {"mesa", "numba", "numpy"} & set(sys.modules)
sim.load("typical"); sim.levers()
assert "mesa" not in sys.modules and "numba" not in sys.modules
sim.OUTCOMES
assert "mesa" not in sys.modules
from sim import AdoptionModel
assert "mesa" in sys.modules
assert sim.AdoptionModel is AdoptionModel
assert sim.agents.Champion.__name__ == "Champion"
assert sim.__version__
"""


def test_importing_the_package_costs_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", FRESH], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_every_public_name_is_there() -> None:
    assert sorted(sim._HOME_OF) == sorted(sim.__all__)
    for name in (*sim.__all__, *sim._MODULES, "__version__"):
        assert getattr(sim, name) is not None
        assert name in dir(sim)
    with pytest.raises(AttributeError, match="has no attribute 'AdoptionModle'"):
        sim.AdoptionModle  # noqa: B018
