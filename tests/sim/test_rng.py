"""The generator: draws are pure functions of their key, uniform, and independent along every axis of the key.

Every statistical check states its bound: what a perfect generator would exceed once in a million, given the size of
the sample (``FALSE_ALARM``). About 2,300 such bounds are read here, so a sound generator meets them all for 998 seeds
in a thousand.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.rng import (
    BEFORE,
    PERSON_BITS,
    SLOT_BITS,
    WEEK_BITS,
    Slot,
    counter,
    lower,
    mix,
    named_uniforms,
    pack,
    replicate_keys,
    uniforms,
    upper,
)

U64 = np.uint64
FALSE_ALARM = 1e-6
"""How often a perfect generator would break any one of the bounds."""
DISTANCES = {"person": (1, 2, 3, 64, 1000), "week": (1, 2, 4, 13, 52), "slot": (1, 2, 3, 5, 7)}
KEY_DISTANCES = {"replicate": (1, 2, 3, 32, 64), "seed": (1, 2, 3, 1000, 2**32)}
Words = Callable[..., np.ndarray]


@numba.njit
def _fill(out, people, weeks, slots, keys):  # type: ignore[no-untyped-def]
    """The word of every combination, keys fastest; compiled from the very rules that the engine inlines."""
    n = 0
    for person in people:
        for week in weeks:
            for slot in slots:
                c = counter(person, week, slot)
                for key in keys:
                    out[n] = mix(c ^ key)
                    n += 1


@numba.njit
def _keep(out, people, weeks, slots, keys, first, stop):  # type: ignore[no-untyped-def]
    """As ``_fill``, but keep only words whose uppermost 8 bits are in ``first`` to ``stop - 1``; says how many."""
    n = 0
    for person in people:
        for week in weeks:
            for slot in slots:
                c = counter(person, week, slot)
                for key in keys:
                    word = mix(c ^ key)
                    if first <= word >> U64(56) < stop and n < out.shape[0]:
                        out[n] = word
                        n += 1
    return n


def axis(values: object) -> np.ndarray:
    """Places along an axis of the key: a number or several."""
    return np.atleast_1d(np.asarray(values, np.int64))


def words_of(people: object, weeks: object, slots: object, keys: np.ndarray) -> np.ndarray:
    """uint64 [people, weeks, slots, keys]."""
    axes = axis(people), axis(weeks), axis(slots), np.asarray(keys, U64)
    shape = tuple(len(a) for a in axes)
    out = np.empty(np.prod(shape), U64)
    _fill(out, *axes)
    return out.reshape(shape)


def words(keys: np.ndarray, people: int, week: int, slot: int, first: int = 0) -> np.ndarray:
    """uint64 [people, keys]."""
    return words_of(np.arange(first, first + people), week, slot, keys)[:, 0, 0, :]


def halves(drawn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both 24-bit numbers of each word, float64 in [0, 1)."""
    return (drawn >> U64(40)).astype(float) * 2.0**-24, (drawn & U64(0xFFFFFF)).astype(float) * 2.0**-24


def most_correlated(size: int) -> float:
    """The bound on a sample correlation: 4.9 / sqrt(size)."""
    return stats.norm.isf(FALSE_ALARM / 2) / np.sqrt(size)


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])


def uncorrelated(a: np.ndarray, b: np.ndarray) -> bool:
    """Neither the draws nor their distances from one half are correlated, within the bound."""
    bound = most_correlated(a.size)
    return abs(correlation(a, b)) < bound and abs(correlation((a - 0.5) ** 2, (b - 0.5) ** 2)) < bound


def uniform(values: np.ndarray, bins: int = 256) -> bool:
    """A chi-square test over ``bins`` bins, against the quantile that the bound says."""
    counts = np.bincount((values.ravel() * bins).astype(int), minlength=bins)
    return stats.chisquare(counts).statistic < stats.chi2.isf(FALSE_ALARM, bins - 1)


def independent(a: np.ndarray, b: np.ndarray, bins: int = 16) -> bool:
    """A chi-square test over the table of both draws: what no correlation would show, it would."""
    cells = (a.ravel() * bins).astype(int) * bins + (b.ravel() * bins).astype(int)
    return stats.chisquare(np.bincount(cells, minlength=bins**2)).statistic < stats.chi2.isf(FALSE_ALARM, bins**2 - 1)


@pytest.fixture(scope="module")
def keys(seed: int) -> np.ndarray:
    return replicate_keys(seed, np.arange(64))


# what a draw is


def test_the_words_looked_at_here_are_those_that_are_drawn(keys: np.ndarray) -> None:
    """The helper of this file, the rules one by one, and the draws that the model takes before time starts."""
    for slot in (Slot.QUEUE, Slot.CONVERTED):
        drawn = words(keys, 50, BEFORE, int(slot))
        first, second = halves(drawn)
        assert np.array_equal(uniforms(keys, 50, slot), first.astype(np.float32))
        assert np.array_equal(uniforms(keys, 50, slot, half="lower"), second.astype(np.float32))
        for person, lane in itertools.product((0, 27, 49), (0, 31, 63)):
            word = U64(mix(counter(person, BEFORE, int(slot)) ^ keys[lane]))
            assert word == drawn[person, lane]
            assert upper(word) == first[person, lane] and lower(word) == second[person, lane]


def test_a_draw_is_a_pure_function_of_its_key(keys: np.ndarray) -> None:
    """Whatever the company it is drawn in: other people, other lanes, another order."""
    whole = words(keys, 100, 5, 0)
    assert np.array_equal(words(keys, 40, 5, 0, first=37), whole[37:77])
    assert np.array_equal(words(keys[::-1].copy(), 100, 5, 0), whole[:, ::-1])
    assert np.array_equal(words(keys[13:14], 100, 5, 0)[:, 0], whole[:, 13])
    alone = uniforms(keys[5:6], 100, Slot.FIT_DREAD)
    assert np.array_equal(alone[:40, 0], uniforms(keys, 40, Slot.FIT_DREAD)[:, 5])


def test_the_array_and_the_compiled_mixer_agree(keys: np.ndarray) -> None:
    from sim.rng import _mix_array

    assert [int(mix(k)) for k in keys] == [int(k) for k in _mix_array(keys)]


# the key


@given(st.integers(0, 2**PERSON_BITS - 1), st.integers(0, 2**WEEK_BITS - 1), st.integers(0, 2**SLOT_BITS - 1))
def test_pack_is_injective(person: int, week: int, slot: int) -> None:
    """A packed word tells its person, week and slot again, so no two of them share one."""
    word = int(pack(person, week, slot))
    assert (word >> 32, word >> 16 & 0xFFFF, word & 0xFFFF) == (person, week, slot)


def test_pack_is_injective_at_the_corners() -> None:
    people, weeks = [0, 1, 2, 999_999, 2**31 - 1, 2**32 - 1], [0, 1, 2, 519, BEFORE - 1, BEFORE]
    slots = [*(int(s) for s in Slot), 2**16 - 1]
    packed = {int(pack(p, w, s)) for p in people for w in weeks for s in slots}
    assert len(packed) == len(people) * len(weeks) * len(slots)


def test_a_packed_word_has_room_for_every_key() -> None:
    assert PERSON_BITS + WEEK_BITS + SLOT_BITS == 64 and BEFORE == 2**WEEK_BITS - 1


def test_slots_have_each_their_own_place() -> None:
    assert len({int(s) for s in Slot}) == len(Slot.__members__)
    assert all(0 <= int(s) < 2**SLOT_BITS for s in Slot)


def unmix(z: int) -> int:
    """The word that ``mix`` makes into this one."""

    def unshift(word: int, by: int) -> int:
        found = word
        for _ in range(64 // by):
            found = word ^ found >> by
        return found

    z = unshift(z, 31) * pow(0x94D049BB133111EB, -1, 2**64) % 2**64
    z = unshift(z, 27) * pow(0xBF58476D1CE4E5B9, -1, 2**64) % 2**64
    return unshift(z, 30)


@given(st.integers(0, 2**64 - 1))
def test_mix_is_a_bijection(z: int) -> None:
    """It can be undone, so within a replicate no two decisions share a word."""
    assert unmix(int(mix(U64(z)))) == z and int(mix(U64(unmix(z)))) == z


def test_mix_has_full_avalanche(seed: int) -> None:
    """One bit changed in changes every bit out about half the time."""
    from sim.rng import _mix_array

    z = np.random.default_rng(seed).integers(0, 2**64, 20_000, dtype=np.uint64)
    for bit in range(0, 64, 7):
        changed = _mix_array(z) ^ _mix_array(z ^ U64(1 << bit))
        share = np.array([(changed >> U64(b) & U64(1)).mean() for b in range(64)])
        assert np.all(np.abs(share - 0.5) < 0.02)


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


# the two decisions of a word


def test_both_halves_hold_24_bits_and_meet_neither_end() -> None:
    assert lower(U64(0xFFFFFF)) == upper(U64(0xFFFFFF << 40)) == np.float32(1 - 2**-24) < 1
    assert lower(U64(0xFFFFFF << 40)) == upper(U64(0xFFFFFFFFFF)) == 0
    assert lower(U64(1)) == upper(U64(1 << 40)) == np.float32(2**-24)


@given(st.integers(0, 2**64 - 1), st.integers(0, 63))
def test_every_bit_of_a_word_serves_one_decision_at_most(word: int, bit: int) -> None:
    """Bits 0 to 23 are the lower decision's, 40 to 63 the upper one's, each worth its power of two."""
    changed = word ^ 1 << bit
    moves_upper = abs(float(upper(U64(word))) - float(upper(U64(changed))))
    moves_lower = abs(float(lower(U64(word))) - float(lower(U64(changed))))
    assert moves_upper == (2.0 ** (bit - 64) if bit >= 40 else 0.0)
    assert moves_lower == (2.0 ** (bit - 24) if bit < 24 else 0.0)


@pytest.mark.parametrize("half", ["upper", "lower"])
@pytest.mark.parametrize("slot", [Slot.OPENNESS_THRESHOLD, Slot.QUEUE])
def test_a_decision_has_24_bits_and_all_of_them_vary(keys: np.ndarray, slot: Slot, half: str) -> None:
    """Draws are whole multiples of 2^-24; each bit is set in half of them, and no two bits go together."""
    drawn = uniforms(keys, 4000, slot, half=half).astype(float) * 2.0**24
    assert np.array_equal(drawn, np.floor(drawn)) and drawn.min() >= 0 and drawn.max() < 2**24
    bits = drawn.astype(np.int64).ravel()[:, None] >> np.arange(24) & 1
    assert np.all(np.abs(bits.mean(axis=0) - 0.5) < 0.5 * most_correlated(len(bits)))
    together = np.corrcoef(bits, rowvar=False)[np.triu_indices(24, 1)]
    assert np.all(np.abs(together) < most_correlated(len(bits)))


def test_both_halves_of_a_word_are_independent(keys: np.ndarray) -> None:
    for week, slot in itertools.product((0, 7, BEFORE), (Slot.TRY_SUCCEED, Slot.FIT_DREAD)):
        first, second = halves(words(keys, 4000, week, int(slot)))
        assert uncorrelated(first, second) and independent(first, second)


# uniformity


@pytest.mark.parametrize("week", [0, 51, BEFORE])
@pytest.mark.parametrize("slot", [Slot.TRY_SUCCEED, Slot.FIT_DREAD, Slot.CONVERTED])
def test_draws_are_uniform(keys: np.ndarray, week: int, slot: Slot) -> None:
    for half in halves(words(keys, 4000, week, int(slot))):
        assert uniform(half)
        assert uniform(half * 65536 % 1)  # the low bits as well
        assert abs(half.mean() - 0.5) < most_correlated(half.size) / np.sqrt(12)


def along(name: str, seed: int) -> np.ndarray:
    """Words along one axis of the key, all else at one place."""
    one = replicate_keys(seed, np.arange(1))
    if name == "person":
        return words_of(np.arange(200_000), 3, 0, one).ravel()
    if name == "week":
        return words_of(5, np.arange(2**WEEK_BITS), 0, one).ravel()
    if name == "slot":
        return words_of(5, 3, np.arange(2**SLOT_BITS), one).ravel()
    if name == "replicate":
        return words_of(5, 3, 0, replicate_keys(seed, np.arange(200_000))).ravel()
    return words_of(5, 3, 0, np.array([replicate_keys(seed + s, np.arange(1))[0] for s in range(20_000)])).ravel()


@pytest.mark.parametrize("name", ["person", "week", "slot", "replicate", "seed"])
def test_one_axis_alone_gives_a_random_sequence(seed: int, name: str) -> None:
    """Uniform, and uncorrelated at every distance up to 64: nothing hides in a mean over other axes."""
    for half in halves(along(name, seed)):
        assert uniform(half) and uniform(half * 65536 % 1)
        for distance in range(1, 65):
            assert abs(correlation(half[:-distance], half[distance:])) < most_correlated(len(half) - distance)
        assert independent(half[:-1], half[1:])


# independence


def moved(keys: np.ndarray, seed: int, name: str, by: int) -> np.ndarray:
    """The words of 2,000 people and 64 replicates at week 10, slot 0, moved along an axis."""
    if name in DISTANCES:
        person, week, slot = (by * (name == axis_name) for axis_name in ("person", "week", "slot"))
        return words(keys, 2000, 10 + week, slot, first=person)
    other = replicate_keys(seed + by, np.arange(64)) if name == "seed" else replicate_keys(seed, np.arange(64) + by)
    return words(other, 2000, 10, 0)


@pytest.mark.parametrize(
    ("name", "by"), [(n, by) for n, all_of in (DISTANCES | KEY_DISTANCES).items() for by in all_of]
)
def test_neighbours_on_every_axis_are_independent(keys: np.ndarray, seed: int, name: str, by: int) -> None:
    """Either half here against either half there: correlation of draws and of squares, and a table of both."""
    here, there = halves(moved(keys, seed, name, 0)), halves(moved(keys, seed, name, by))
    for a, b in itertools.product(here, there):
        assert uncorrelated(a, b) and independent(a, b)


def test_named_draws_are_uniform_and_independent_of_one_another(seed: int) -> None:
    keys = replicate_keys(seed, np.arange(20_000))
    a, b = named_uniforms(keys, ["trying.base", "trying.bases"])
    assert uniform(a) and uniform(b) and uncorrelated(a, b)
    assert a.min() >= 0 and a.max() < 1
    trait = uniforms(keys, 1, Slot.TRUST_SKILL)[0].astype(float)
    assert uncorrelated(a, trait)


# repeats


def test_ten_to_the_eighth_words_do_not_repeat(seed: int) -> None:
    """People x weeks x slots x replicates x seeds, near ones and far ones: 10^8 words, all different.

    By chance 0.0003 pairs of 10^8 words of 64 bits are expected to meet. A sixteenth of all words, by their uppermost
    bits, is made and sorted at a time, so that 60 MB are enough.
    """
    rng = np.random.default_rng(seed)
    people = np.concatenate([np.arange(100), [999_999, 2**31, 2**32 - 1], rng.integers(100, 2**32 - 1, 97)])
    weeks = np.concatenate([np.arange(104), [519, 1039, BEFORE - 1, BEFORE], 2000 + np.arange(17)])
    slots = np.array([*sorted(int(s) for s in Slot)[:14], 100, 2**16 - 1])
    seeds = [0, 1, 2, 3, seed, 1000, 2**32, 2**63, 2**64 - 2, 2**64 - 1]
    replicates = np.concatenate([np.arange(20), [63, 64, 511, 10_000, 2**31]])
    keys = np.concatenate([replicate_keys(s, replicates) for s in seeds])
    for places in (people, weeks, slots, keys):
        assert len(np.unique(places)) == len(places)
    total = len(people) * len(weeks) * len(slots) * len(keys)
    assert total == 10**8
    room = np.empty(total // 16 + 50_000, U64)  # 20 standard deviations above what is expected
    seen = 0
    for first in range(0, 256, 16):
        count = _keep(room, people, weeks, slots, keys, first, first + 16)
        assert count < len(room)
        seen += count
        part = room[:count]
        part.sort()
        assert not np.any(part[1:] == part[:-1])
    assert seen == total
