"""The generator: draws are pure functions of their key, uniform, and independent along every axis of the key."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import stats

from sim.rng import (
    BEFORE,
    Slot,
    counter,
    fill_words,
    lower,
    mix,
    named_uniforms,
    pack,
    replicate_keys,
    uniforms,
    upper,
)

U64 = np.uint64


def words(keys: np.ndarray, people: int, week: int, slot: int, first: int = 0) -> np.ndarray:
    """uint64 [people, keys]."""
    out = np.empty(people * len(keys), np.uint64)
    fill_words(out, keys, first, people, week, slot)
    return out.reshape(people, len(keys))


def halves(drawn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both 24-bit numbers of each word, float64 in [0, 1)."""
    return (drawn >> U64(40)).astype(float) * 2.0**-24, (drawn & U64(0xFFFFFF)).astype(float) * 2.0**-24


def uncorrelated(a: np.ndarray, b: np.ndarray) -> bool:
    """Sample correlation within four standard errors of none."""
    return abs(np.corrcoef(a.ravel(), b.ravel())[0, 1]) < 4 / np.sqrt(a.size)


def uniform(values: np.ndarray, bins: int = 256) -> bool:
    """A chi-square test that leaves one false alarm in a hundred thousand."""
    return stats.chisquare(np.bincount((values.ravel() * bins).astype(int), minlength=bins)).pvalue > 1e-5


@pytest.fixture(scope="module")
def keys(seed: int) -> np.ndarray:
    return replicate_keys(seed, np.arange(64))


def test_a_draw_is_a_pure_function_of_its_key(keys: np.ndarray) -> None:
    """Whatever the company it is drawn in: other people, other lanes, another order."""
    whole = words(keys, 100, 5, 0)
    assert np.array_equal(words(keys, 40, 5, 0, first=37), whole[37:77])
    assert np.array_equal(words(keys[::-1].copy(), 100, 5, 0), whole[:, ::-1])
    assert np.array_equal(words(keys[13:14], 100, 5, 0)[:, 0], whole[:, 13])
    for person, lane in itertools.product((0, 57, 99), (0, 31, 63)):
        assert mix(counter(person, 5, 0) ^ keys[lane]) == whole[person, lane]


def test_the_array_and_the_compiled_mixer_agree(keys: np.ndarray) -> None:
    from sim.rng import _mix_array

    assert [int(mix(k)) for k in keys] == [int(k) for k in _mix_array(keys)]


def test_pack_is_injective() -> None:
    """Every person, week and slot at its own place, also at the corners of its range."""
    people, weeks = [0, 1, 2, 999_999, 2**31 - 1, 2**32 - 1], [0, 1, 2, 519, BEFORE - 1, BEFORE]
    slots = [*(int(s) for s in Slot), 2**16 - 1]
    packed = {int(pack(p, w, s)): (p, w, s) for p in people for w in weeks for s in slots}
    assert len(packed) == len(people) * len(weeks) * len(slots)
    for word, (person, week, slot) in packed.items():
        assert (word >> 32, word >> 16 & 0xFFFF, word & 0xFFFF) == (person, week, slot)


def test_slots_have_each_their_own_place() -> None:
    assert len({int(s) for s in Slot}) == len(Slot.__members__)
    assert all(0 <= int(s) < 2**16 for s in Slot)


def test_mix_is_a_bijection_with_full_avalanche(seed: int) -> None:
    """No two words meet, and one bit changed in changes every bit out about half the time."""
    from sim.rng import _mix_array

    rng = np.random.default_rng(seed)
    z = rng.integers(0, 2**64, 20_000, dtype=np.uint64)
    assert len(np.unique(_mix_array(np.arange(200_000, dtype=np.uint64)))) == 200_000
    for bit in range(0, 64, 7):
        changed = _mix_array(z) ^ _mix_array(z ^ U64(1 << bit))
        share = np.array([(changed >> U64(b) & U64(1)).mean() for b in range(64)])
        assert np.all(np.abs(share - 0.5) < 0.02)


def test_both_halves_hold_24_bits_and_meet_neither_end() -> None:
    assert lower(U64(0xFFFFFF)) == upper(U64(0xFFFFFF << 40)) == np.float32(1 - 2**-24) < 1
    assert lower(U64(0xFFFFFF << 40)) == upper(U64(0xFFFFFFFFFF)) == 0
    assert lower(U64(1)) == upper(U64(1 << 40)) == np.float32(2**-24)


@pytest.mark.parametrize("week", [0, 51, BEFORE])
@pytest.mark.parametrize("slot", [Slot.TRY_SUCCEED, Slot.FIT_DREAD, Slot.CONVERTED])
def test_draws_are_uniform(keys: np.ndarray, week: int, slot: Slot) -> None:
    for half in halves(words(keys, 4000, week, int(slot))):
        assert uniform(half)
        assert uniform(half * 65536 % 1)  # the low bits as well


def test_draws_are_uniform_along_each_axis_alone(seed: int) -> None:
    """One person over weeks, one person over replicates, one week over people: nothing hides in a mean."""
    one = replicate_keys(seed, np.arange(1))
    over_weeks = np.concatenate([words(one, 4, week, 0) for week in range(20_000)])
    over_replicates = words(replicate_keys(seed, np.arange(60_000)), 1, 3, 0)
    over_people = words(one, 60_000, 3, 0)
    over_seeds = np.array([words(replicate_keys(s, np.arange(1)), 1, 3, 0)[0, 0] for s in range(20_000)])
    for drawn in (over_weeks, over_replicates, over_people, over_seeds):
        for half in halves(drawn):
            assert uniform(half)


def test_neighbours_on_every_axis_are_uncorrelated(keys: np.ndarray, seed: int) -> None:
    """Persons, weeks, slots, replicates and seeds at small distances; both halves of a word; squares as well."""
    here = words(keys, 2000, 10, 0)
    base = halves(here)[0]
    others = [
        *(words(keys, 2000, 10, 0, first=lag) for lag in (1, 2, 64)),
        *(words(keys, 2000, 10 + lag, 0) for lag in (1, 2, 13, 52)),
        *(words(keys, 2000, 10, lag) for lag in (1, 2, 5)),
        *(words(replicate_keys(seed, np.arange(64) + lag), 2000, 10, 0) for lag in (1, 2, 32)),
        *(words(replicate_keys(seed + lag, np.arange(64)), 2000, 10, 0) for lag in (1, 2, 1000)),
    ]
    for other in others:
        for half in halves(other):
            assert uncorrelated(base, half)
            assert uncorrelated((base - 0.5) ** 2, (half - 0.5) ** 2)
    first, second = halves(here)
    assert uncorrelated(first, second) and uncorrelated((first - 0.5) ** 2, (second - 0.5) ** 2)


def test_both_halves_of_a_word_are_independent(keys: np.ndarray) -> None:
    """A chi-square test on the 16 by 16 table of both decisions."""
    first, second = halves(words(keys, 4000, 7, int(Slot.TRY_SUCCEED)))
    cells = (first * 16).astype(int) * 16 + (second * 16).astype(int)
    assert stats.chisquare(np.bincount(cells.ravel(), minlength=256)).pvalue > 1e-5


def test_no_word_repeats_within_an_ensemble(keys: np.ndarray) -> None:
    """3.2 million words of 64 bits: a repeat would mean that the key, not chance, makes them equal."""
    drawn = np.concatenate([words(keys, 500, week, slot).ravel() for week in range(50) for slot in (0, 1)])
    assert len(np.unique(drawn)) == len(drawn)


def test_different_seeds_share_no_replicate() -> None:
    """10^5 keys of each of several seeds, neighbouring ones and far ones, are all different."""
    seeds = [0, 1, 2, 3, 64, 1000, 2**32, 2**63, 2**64 - 1]
    every = np.concatenate([replicate_keys(s, np.arange(100_000)) for s in seeds])
    assert len(np.unique(every)) == len(every)


def test_keys_are_mixed_from_seed_and_replicate_not_added() -> None:
    """Keys of seed s + 1 are not those of seed s moved on by a place, nor off by any constant."""
    a, b = replicate_keys(5, np.arange(1000)), replicate_keys(6, np.arange(1000))
    assert not np.intersect1d(a, b).size
    with np.errstate(over="ignore"):
        assert len(np.unique(a - b)) == 1000 and len(np.unique(np.diff(a))) == 999
    assert len(np.unique(a ^ b)) == 1000


def test_a_replicate_has_its_key_whatever_the_company() -> None:
    assert replicate_keys(9, np.array([77]))[0] == replicate_keys(9, np.arange(100))[77]


def test_named_draws_are_uniform_and_independent_of_one_another(seed: int) -> None:
    keys = replicate_keys(seed, np.arange(20_000))
    a, b = named_uniforms(keys, "trying.base"), named_uniforms(keys, "trying.bases")
    assert uniform(a) and uniform(b) and uncorrelated(a, b)
    assert a.min() >= 0 and a.max() < 1
    trait = uniforms(keys, 1, Slot.TRUST_SKILL)[0].astype(float)
    assert uncorrelated(a, trait)


def test_traits_come_from_the_same_words(keys: np.ndarray) -> None:
    drawn = words(keys, 50, BEFORE, int(Slot.QUEUE))
    first, second = halves(drawn)
    assert np.array_equal(uniforms(keys, 50, Slot.QUEUE), first.astype(np.float32))
    assert np.array_equal(uniforms(keys, 50, Slot.QUEUE, half="lower"), second.astype(np.float32))
