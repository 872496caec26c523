"""Every emergent result disappears with its cause: the mechanism switched off, or its reason removed."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest

from sim.engine import run
from sim.measures import curves, final
from sim.organisation import read_organisation
from sim.programme import prepare
from sim.scenario import load

REPLICATES = 256


@pytest.fixture(scope="module")
def organisation():
    orgs = files("scenarios").joinpath("orgs")
    return read_organisation(str(orgs / "meridian.csv"), ties_path=str(orgs / "meridian_ties.csv"))


def ensemble(organisation, name, *overrides, weeks=104, replicates=REPLICATES, worlds=True):
    return run(organisation, [prepare(load(name, overrides), organisation, weeks)], replicates, 1, worlds=worlds)[0]


def gain(organisation, name, against, *overrides, outcome="habitual"):
    """Mean paired difference and half its 95 % interval."""
    a, b = (final(ensemble(organisation, n, *overrides), outcome) for n in (name, against))
    return (a - b).mean(), 1.97 * (a - b).std(ddof=1) / np.sqrt(REPLICATES)


def test_staging_wins_by_what_is_learned_before_the_broad_launch(organisation):
    """With enablement unlimited, governance mature and the library full, crawl-walk-run no longer beats big bang."""
    with_cause, half = gain(organisation, "crawl-walk-run", "big-bang")
    assert with_cause - half > 0
    removed = (
        "levers.training.capacity=0.25",
        "parameters.enablement.governance_start=1",
        "parameters.building.start=1",
        "parameters.building.decay=0",
    )
    without, half = gain(organisation, "crawl-walk-run", "big-bang", *removed)
    assert without - half < 0 or abs(without) < half
    assert without < with_cause


NO_FEEDBACK = (
    # live support, example and attention no longer answer to results
    "mechanisms.influence=off",
    "parameters.managers.own_use=0",
    "parameters.managers.trust=0",
    "parameters.trying.habit=0",
    "parameters.leadership.attention_speed=0",
)


def test_two_attractors_need_the_feedbacks(organisation):
    """Started empty or converted, typical ends in different places; without feedback it forgets where it started."""

    def apart(*overrides):
        ends = [
            final(ensemble(organisation, "typical", f"levers.people.converted_share={share}", *overrides, weeks=520,
                           replicates=32, worlds=False), "habitual").mean()
            for share in (0, 1)
        ]  # fmt: skip
        return ends[1] - ends[0]

    assert apart() > 0.4
    assert apart(*NO_FEEDBACK) < 0.1


def test_the_spread_over_chance_comes_from_the_feedbacks(organisation):
    """One world, many runs: middling splits; without feedback all runs end alike."""
    split = final(ensemble(organisation, "middling", replicates=128, worlds=False), "habitual")
    alike = final(ensemble(organisation, "middling", *NO_FEEDBACK, replicates=128, worlds=False), "habitual")
    assert split.std() > 0.2
    assert alike.std() < 0.05


def test_attention_lost_is_what_reverts(organisation):
    """Where leaders, managers, champions and training do nothing, there is next to nothing to withdraw."""
    kept, half = gain(organisation, "attention-kept", "attention-withdrawn")
    assert kept - half > 0.1
    off = ("mechanisms.leadership=off", "mechanisms.managers=off", "mechanisms.champions=off",
           "mechanisms.enablement=off", "levers.environment.reward_quality=0.4")  # fmt: skip
    left = gain(organisation, "attention-kept", "attention-withdrawn", *off)[0]
    assert abs(left) < 0.01  # recipes for first tries, which end too


def test_the_dip_before_the_rise_is_learning_time_and_training(organisation):
    """Capacity dips below its start before it rises; without the time they cost there is no dip."""
    dips = curves(ensemble(organisation, "well-run"), "capacity_gain").mean(axis=1)
    assert dips[:20].min() < -0.003
    assert dips[-1] > 0.1
    free = ("parameters.measuring.learning_time=0", "parameters.measuring.training_hours=0")
    assert curves(ensemble(organisation, "well-run", *free), "capacity_gain").mean(axis=1).min() >= 0


def test_the_fall_after_launch_is_fading_curiosity(organisation):
    """Use peaks at the launch and falls; without launch curiosity and workshop buzz there is no peak to fall from."""

    def fall(*overrides):
        active = ensemble(organisation, "typical", *overrides).series[:, 8].mean(axis=1)
        peak = active[:26].argmax()
        return active[peak] - active[peak + 13]

    none = ("parameters.trying.curiosity=0", "parameters.trying.curiosity_base=0", "parameters.enablement.buzz=0")
    assert fall() > 0.15
    assert fall(*none) < 0.05


def test_champions_help_through_their_time(organisation):
    """More champions, more habit; without time, voice and what appointment gives them, the same as none."""
    with_time, half = gain(organisation, "champions-1-in-10", "champions-none")
    assert with_time - half > 0
    idle = ("levers.champions.time=0", "levers.champions.voice=0", "parameters.champions.skill_gain=0",
            "parameters.champions.trust_gain=0")  # fmt: skip
    assert gain(organisation, "champions-1-in-10", "champions-none", *idle)[0] == 0


def test_resistance_harms_through_the_managers(organisation):
    harm, half = gain(organisation, "managers-60-resistant", "managers-0-resistant")
    assert harm + half < 0
    alike = gain(
        organisation, "managers-60-resistant", "managers-0-resistant", "parameters.traits.resistance_resistant=0"
    )
    assert abs(alike[0]) < 0.1 * abs(harm)  # a covert manager whose resistance grows later may still overstate use


def test_log_ins_without_trust_are_complying(organisation):
    """A mandate raises what is logged beyond what is used; without complying the gap closes."""

    def gap(*overrides):
        e = ensemble(organisation, "mandate-only", *overrides)
        return (final(e, "logged_active") - final(e, "weekly_active")).mean()

    assert gap() > 0.1
    assert gap("parameters.trying.comply=0", "parameters.trying.comply_inspected=0") == 0
