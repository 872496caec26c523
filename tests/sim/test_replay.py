"""A replay is an ensemble's replicate and a Mesa model's run, kept whole; and it can say why."""

from __future__ import annotations

import numpy as np
import pytest

from sim import AdoptionModel, engine
from sim.mechanisms.trying import TERMS
from sim.organisation import generate
from sim.passports import InputError
from sim.people import Stage, Status
from sim.programme import prepare
from sim.replay import Replay, replay, terms
from sim.scenario import load
from sim.trace import trace

WEEKS = 40


@pytest.fixture(scope="module", params=["middling", "crawl-walk-run"])
def kept(request) -> Replay:
    organisation = generate(80)
    programme = prepare(load(request.param), organisation, WEEKS)
    return replay(organisation, programme, seed=5, replicate=3)


def test_it_is_the_replicate_of_an_ensemble(kept):
    (ensemble,) = engine.run(kept.organisation, [kept.programme], 4, 5)
    assert np.array_equal(kept.series, ensemble.series[:, :, 3])
    counts = np.stack([np.bincount(week, minlength=len(Stage)) for week in kept.stage])
    assert np.array_equal((counts / 80).astype(np.float32), kept.series[:, : len(Stage)])


def test_it_is_the_run_of_a_model(kept):
    model = AdoptionModel(
        kept.organisation, kept.programme.scenario, rng=5, weeks=WEEKS, worlds=True, replicate=3
    )  # fmt: skip
    for week in range(WEEKS):
        model.step()
        people = model.block.people
        for name in ("trust", "resistance", "status"):
            assert np.array_equal(getattr(kept, name)[week], getattr(people, name)[:80])
        assert [Stage(stage).name.lower() for stage in kept.stage[week]] == [agent.stage for agent in model.by_row]
        leaders = [model.by_row[row].support for row in kept.leaders.tolist()]
        assert np.array_equal(kept.support[week], np.array(leaders, np.float32))


def test_its_reasons_are_those_of_a_trace(kept):
    """Of people of one tile and of another, in whatever order they are asked for."""
    rows = np.array([70, 0, 7, 41, 65])
    told = terms(kept, {9: rows, 30: rows[:1]})
    for place, row in enumerate(rows.tolist()):
        followed = trace(kept.organisation, kept.programme, row, seed=5, replicate=3)
        assert told[9][place].tolist() == [followed.terms[name][9] for name in TERMS]
    assert told[30].shape == (1, len(TERMS)) and terms(kept, {}) == {}


def test_waves_open_as_access_does(kept):
    access = (kept.status & np.uint32(Status.ACCESS) != 0).sum(axis=1)
    assert kept.wave[0] >= 1 and (np.diff(kept.wave) >= 0).all()
    assert (np.diff(access)[np.diff(kept.wave) > 0] > 0).all()


def test_it_can_be_stopped_and_is_bounded(kept, monkeypatch):
    shares = []
    with pytest.raises(KeyboardInterrupt):
        replay(kept.organisation, kept.programme, progress=shares.append, cancelled=lambda: len(shares) > 4)
    assert shares == [pytest.approx((week + 1) / WEEKS) for week in range(5)]
    monkeypatch.setattr("sim.replay.MOST_BYTES", 1000)
    with pytest.raises(InputError, match="too many to keep"):
        replay(kept.organisation, kept.programme)
