"""Memory is bounded by a formula, and a cap splits the work instead of failing."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest

from sim.engine import run
from sim.organisation import Organisation, generate
from sim.passports import InputError
from sim.population import populate_block
from sim.programme import prepare
from sim.scenario import load
from sim.sizing import Settings, block_bytes, cut

CROWDED = [
    "levers.people.converted_share=0.3",
    "levers.people.committed_share=0.1",
    "levers.champions.one_per=10",
    "levers.champions.chosen=volunteers",
]
WEEKS = 30


def peak_of(work: Callable[[], object]) -> int:
    """Bytes allocated at the peak of some work (numpy tells tracemalloc)."""
    work()
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("scenario", ["typical", "well-run", "crawl-walk-run", "champions-one-department", "crowded"])
@pytest.mark.parametrize(("headcount", "lanes"), [(10, 1), (300, 64), (3000, 16), (40_000, 1)])
def test_a_block_takes_no_more_than_the_formula_says(scenario: str, headcount: int, lanes: int) -> None:
    """And, where it is large, not much less: a bound that is always far off would split work for nothing."""
    made = (
        load("well-run", [*CROWDED, "levers.champions.chosen=volunteers"]) if scenario == "crowded" else load(scenario)
    )
    people = generate(headcount, seed=3)
    programme = prepare(made, people, WEEKS)
    peak = peak_of(lambda: populate_block(people, programme, np.arange(lanes), 1, worlds=True))
    bound = block_bytes(people, lanes, WEEKS)
    assert peak <= bound
    if headcount * lanes >= 40_000:
        assert peak >= 0.7 * bound


@pytest.mark.parametrize("by_unit", [False, True])
def test_an_ensemble_keeps_to_its_cap(by_unit: bool, medium: Organisation) -> None:
    """Blocks at work and the results returned, no more; and the results do not change."""
    programmes = [prepare(load(name), medium, WEEKS) for name in ("typical", "middling")]
    one = block_bytes(medium, 1, WEEKS, by_unit)
    free = run(medium, programmes, 70, settings=Settings(threads=2), by_unit=by_unit)
    returned = sum(e.series.nbytes + (0 if e.unit_stages is None else e.unit_stages.nbytes) for e in free)
    for cap in (one, 3 * one, 10 * one, 40 * one):
        settings = Settings(threads=2, memory=cap)
        peak = peak_of(lambda s=settings: run(medium, programmes, 70, settings=s, by_unit=by_unit))  # type: ignore[misc]
        assert peak <= cap + returned + (1 << 20)
        tight = run(medium, programmes, 70, settings=settings, by_unit=by_unit)
        for a, b in zip(free, tight, strict=True):
            assert np.array_equal(a.series, b.series, equal_nan=True)


def test_less_memory_means_fewer_lanes_then_fewer_blocks_at_once(medium: Organisation) -> None:
    roomy, lanes, at_once = Settings(threads=2), [], []
    for cap in (1 << 30, 1 << 25, 1 << 23, 1 << 22, block_bytes(medium, 1, WEEKS)):
        made = cut(medium, 640, WEEKS, Settings(threads=2, memory=cap))
        lanes.append(made.lanes)
        at_once.append(made.at_once)
        assert made.at_once * block_bytes(medium, made.lanes, WEEKS) <= cap
    assert lanes == sorted(lanes, reverse=True) and lanes[0] == cut(medium, 640, WEEKS, roomy).lanes == 64
    assert lanes[-1] == 1 and at_once == [2, 2, 2, 2, 1]


def test_a_cap_too_small_for_one_replicate_is_refused_with_what_it_takes() -> None:
    people = generate(20_000, seed=1)
    with pytest.raises(InputError, match=r"20,000 people, which takes \d+ MB"):
        cut(people, 4, 104, Settings(memory=2 << 20))


def test_threads_share_a_block_only_where_it_is_large(medium: Organisation) -> None:
    assert cut(medium, 1, WEEKS, Settings(threads=2)).inside == 1
    assert cut(generate(300_000, seed=1), 1, WEEKS, Settings(threads=2)).inside == 2
