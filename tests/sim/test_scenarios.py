"""Scenario files and overrides: what is read, what is refused and with which words, and whom a scope reaches."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.mechanisms import MECHANISMS
from sim.organisation import Organisation, Role
from sim.passports import InputError, Lever, levers, parameters
from sim.programme import field_of, prepare
from sim.scenario import LAST_WEEK, ROLES, Scenario, Scope, Track, library, load, override, weekly_values

TEXTS = 'title: A\nquestion: "B?"\nsource: C\n'


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    """Write a scenario file (texts added unless told otherwise) and give its path."""

    def make(body: str | bytes, name: str = "mine.yaml", texts: bool = True) -> str:
        path = tmp_path / name
        path.write_bytes(body if isinstance(body, bytes) else ((TEXTS if texts else "") + body).encode())
        return str(path)

    return make


def refusal(call: Callable[[], Any]) -> str:
    with pytest.raises(InputError) as caught:
        call()
    return str(caught.value)


# Body after the three lines of texts; what the message must say. Line numbers count from the top of the file.
BAD: list[tuple[str, tuple[str, ...]]] = [
    ("lever: {}", ("line 4", "unknown field", '"lever"', '"levers"')),
    ("tilte: x", ("line 4", '"tilte"', '"title"')),
    ("levers:\n  leader:\n    mandate: 1", ("line 5", '"leader"', '"leaders"')),
    ("levers:\n  leaders:\n    mandat: 1", ("line 6", '"leaders.mandat"', '"leaders.mandate"')),
    ("levers:\n  leaders:\n    coaching: 1", ("line 6", '"leaders.coaching"', "did you mean")),
    ("levers:\n  leaders:\n    mandate: 2", ("line 6", "leaders.mandate", "from 0 to 1", "not 2")),
    ("levers:\n  leaders:\n    mandate: -0.1", ("line 6", "from 0 to 1", "-0.1")),
    ("levers:\n  leaders:\n    mandate: lots", ("line 6", "must be a number", '"lots"')),
    ("levers:\n  leaders:\n    mandate: .nan", ("line 6", "leaders.mandate", "number")),
    ("levers:\n  leaders:\n    mandate: nan", ("line 6", "finite")),
    ("levers:\n  leaders:\n    mandate: inf", ("line 6", "finite")),
    ("levers:\n  leaders:\n    mandate: [1]", ("line 6", "must be a number", "structure")),
    ("levers:\n  leaders:\n    mandate: ", ("line 6", "must be a number")),
    ("levers:\n  leaders:\n    mandate: {valeu: 1}", ("line 6", '"valeu"', '"value"')),
    ("levers:\n  leaders:\n    mandate:\n      value: 1\n      start: -1", ("line 8", "start", "from 0")),
    ("levers:\n  leaders:\n    mandate: {start: 1.5}", ("whole number", "1.5")),
    ("levers:\n  leaders:\n    mandate: {start: 99999}", ("start", str(LAST_WEEK))),
    ("levers:\n  leaders:\n    mandate: {start: 9, end: 3}", ("ends in week 3", "starts in week 9")),
    ("levers:\n  leaders:\n    mandate: {value: 1, fade: 3}", ("fade", "end")),
    ("levers:\n  leaders:\n    mandate: {value: 1, value: 1}", ('"value" stands twice',)),
    ("levers:\n  leaders:\n    mandate: 1\n    mandate: 0", ("line 7", '"mandate" stands twice')),
    ("levers: {}\nlevers: {}", ("line 5", '"levers" stands twice')),
    ("levers:\n  leaders:\n    staying_power: {value: 1, start: 3}", ("staying_power", "takes no start")),
    ("levers:\n  rollout:\n    seats: {value: 1, scope: {roles: [rep]}}", ("seats", "no scope")),
    ("levers:\n  leaders:\n    mandate: {scope: rep}", ("scope", "roles")),
    ("levers:\n  leaders:\n    mandate: {scope: {role: rep}}", ('"role"', '"roles"')),
    ("levers:\n  leaders:\n    mandate: {scope: {roles: [reps]}}", ('"reps"', '"rep"')),
    ("levers:\n  leaders:\n    mandate: {scope: {roles: [[rep]]}}", ("text",)),
    ("levers:\n  leaders:\n    mandate: {scope: {waves: [0]}}", ("waves", "from 1 to 12")),
    ("levers:\n  leaders:\n    mandate: {scope: {waves: [13]}}", ("waves", "from 1 to 12")),
    ("levers:\n  leaders:\n    mandate: {scope: {waves: [²]}}", ("waves", "from 1 to 12")),
    ("levers:\n  leaders:\n    mandate: {scope: {waves: [" + "9" * 5000 + "]}}", ("waves", "from 1 to 12")),
    ("levers:\n  champions:\n    one_per: 2.5", ("whole number", "2.5")),
    ("levers:\n  champions:\n    chosen: per_unit", ('"per_unit"', '"per-unit"')),
    ("levers:\n  rollout:\n    style: 1", ("big-bang, fixed-waves, evidence-gated", '"1"')),
    ("levers:\n  rollout:\n    style: [big-bang]", ("one of", "structure")),
    ("levers: [leaders]", ("line 4", "mapping")),
    ("levers:\n  leaders: 3", ("line 5", "leaders", "mapping")),
    ("levers:\n  ? [a]\n  : 3", ("line 5", "plain words")),
    ("parameters:\n  trying.bas: 1", ("line 5", '"trying.bas"', '"trying.base"')),
    ("parameters:\n  trying: {base: 1}", ("line 5", '"trying"')),
    ("parameters:\n  trying.base: low", ("line 5", "trying.base", '"low"')),
    ("parameters:\n  trying.base: 1e9", ("line 5", "1e6")),
    ("mechanisms:\n  influenc: off", ("line 5", '"influenc"', '"influence"')),
    ("mechanisms:\n  influence: maybe", ("line 5", "on or off", '"maybe"')),
    ("extends: typcal", ("line 4", '"typcal"', '"typical"')),
    ("extends: nowhere/else.yaml", ("line 4", "nowhere/else.yaml")),
    ("extends: ~nobody-at-all/x.yaml", ("line 4", "nobody-at-all")),
    ("extends: " + "long" * 200 + ".yaml", ("line 4", "no scenario file")),
    ('extends: "nul\\0.yaml"', ("line 4", "no scenario")),
    ("extends: [typical]", ("line 4", "text")),
    ("claims: [[A1]]", ("line 4", "text")),
    ("? {a: b}\n: 1", ("line 4", "structure")),
    ("levers: {unclosed", ("line", "not valid YAML")),
    ("\tlevers: {}", ("line 4", "not valid YAML")),
    ("levers: *nowhere", ("line 4", "not valid YAML")),
    ('moves: "\\UFFFFFFFF"', ("not valid YAML",)),
    ("---\na: 1", ("not valid YAML",)),
    ("<<: {a: 1}", ("line 4", '"<<"')),
]


@pytest.mark.parametrize(("body", "words"), BAD, ids=[b[:40].replace("\n", " ") for b, _ in BAD])
def test_a_mistake_is_named_with_file_place_and_a_way_out(write: Callable, body: str, words: tuple[str, ...]) -> None:
    path = write(body)
    message = refusal(lambda: load(path))
    assert "mine.yaml" in message
    for word in words:
        assert word in message, message


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        (b"", "mapping"),
        (b"- a\n", "mapping"),
        (b"just text", "mapping"),
        (b"title: A\nquestion: B\n", "missing source"),
        (b"title: ''\nquestion: ' '\nsource: x\n", "missing title, question"),
        (b"title: A\xff\xfe", "UTF-8"),
        (b"\x00\x01", "not valid YAML"),
        (b"[" * 100_000, "deeply"),
        (b"a" * 1_000_001, "too large"),
        (b"title: {a: b}\n", "text"),
    ],
)
def test_a_file_that_is_no_scenario_says_so(write: Callable, raw: bytes, word: str) -> None:
    path = write(raw)
    message = refusal(lambda: load(path))
    assert "mine.yaml" in message and word in message


def test_names_and_paths_that_lead_nowhere(tmp_path: Path) -> None:
    assert '"crawl-walk-run"' in refusal(lambda: load("crawl-walk-ran"))
    assert "no scenario" in refusal(lambda: load(""))
    assert "no scenario file" in refusal(lambda: load(tmp_path / "none.yaml"))
    assert "no scenario file" in refusal(lambda: load("~nobody-at-all/x.yaml"))
    assert "no scenario file" in refusal(lambda: load("x" * 5000 + ".yaml"))
    (tmp_path / "folder.yaml").mkdir()
    assert "cannot be read" in refusal(lambda: load(tmp_path / "folder.yaml"))


def test_a_chain_passes_everything_on_and_the_nearest_wins(write: Callable) -> None:
    write("levers:\n  leaders: {mandate: 0.5, modelling: 0.1}\nparameters: {trying.base: -3}\nclaims: [A1]", "a.yaml")
    write("extends: a.yaml\nlevers:\n  leaders: {mandate: {end: 10}}\nmechanisms: {influence: off}", "b.yaml")
    top = load(write("extends: b.yaml\nlevers:\n  leaders: {modelling: 0.9}\nmechanisms: {influence: on}", "c.yaml"))
    assert top.levers == {"leaders.mandate": Track(0.5, end=10), "leaders.modelling": Track(0.9)}
    assert dict(top.parameters) == {"trying.base": -3.0} and top.mechanisms_off == ()
    assert (top.name, top.extends, top.claims) == ("c", "b", ())
    assert top.changes == ("leaders.modelling", "mechanisms.influence")


def test_a_file_may_extend_the_library(write: Callable) -> None:
    mine = load(write("extends: middling\nlevers: {leaders: {mandate: 0.9}}"))
    base = load("middling")
    assert {k: t for k, t in mine.levers.items() if k != "leaders.mandate"} == {
        k: t for k, t in base.levers.items() if k != "leaders.mandate"
    }


@pytest.mark.parametrize(
    "files",
    [
        {"mine.yaml": "mine.yaml"},
        {"mine.yaml": "b.yaml", "b.yaml": "mine.yaml"},
        {"mine.yaml": "b.yaml", "b.yaml": "c.yaml", "c.yaml": "b.yaml"},
        {"mine.yaml": "../{folder}/mine.yaml"},
    ],
)
def test_a_circle_is_refused_also_in_disguise(write: Callable, tmp_path: Path, files: dict[str, str]) -> None:
    for name, parent in files.items():
        write(f"extends: {parent.format(folder=tmp_path.name)}", name)
    assert "circle" in refusal(lambda: load(tmp_path / "mine.yaml"))


SET_BAD = [
    ("levers.leaders.mandate", ("key=value",)),
    ("mandate=1", ('"mandate"', '"levers.leaders.mandate"')),
    ("lever.leaders.mandate=1", ('"lever.leaders.mandate"', '"levers"')),
    ("levers.leaders.mandat=1", ('"leaders.mandate"',)),
    ("levers.leaders.mandate=7", ("from 0 to 1",)),
    ("levers.leaders.mandate=", ("number",)),
    ("levers.leaders.mandate=#", ("cannot read",)),
    ("levers.leaders.mandate.end=#", ("cannot read",)),
    ("levers.leaders.mandate.end=x", ("end", '"x"')),
    ("levers.leaders.mandate.stop=3", ('"stop"',)),
    ("levers.leaders.mandate.scope=rep", ("scope",)),
    ("levers.leaders.mandat.end=3", ('"leaders.mandate"',)),
    ("levers.leaders.mandate.fade.more=3", ("unknown lever",)),
    ("levers.leaders.staying_power.start=3", ("takes no start",)),
    ("levers.leaders.mandate={value: 1, end: ", ("cannot read",)),
    ('levers.leaders.mandate="\\UFFFFFFFF"', ("cannot read",)),
    ("levers.leaders.mandate=" + "[" * 5000, ("",)),
    ("levers=1", ('"levers"',)),
    ("=1", ("unknown key",)),
    ("parameters.trying.bose=1", ('"trying.base"',)),
    ("parameters.trying.base=one", ('"one"',)),
    ("mechanisms.influence=no", ("on or off",)),
    ("mechanisms.hope=off", ("Mechanisms are",)),
]


@pytest.mark.parametrize(("text", "words"), SET_BAD, ids=[t[:40] for t, _ in SET_BAD])
def test_a_bad_override_says_what_is_wrong(text: str, words: tuple[str, ...]) -> None:
    base = load("typical")
    message = refusal(lambda: override(base, text))
    assert message.startswith("--set ")
    for word in words:
        assert word in message, message


def test_overrides_change_what_they_name_and_nothing_else() -> None:
    base = load("typical")
    made = load("typical", ["levers.champions.one_per=25", "parameters.trying.base=-2.5", "mechanisms.habit=off"])
    assert made.levers == {**base.levers, "champions.one_per": Track(25.0)}
    assert dict(made.parameters) == {**base.parameters, "trying.base": -2.5}
    assert made.mechanisms_off == ("habit",)
    assert override(made, "mechanisms.habit=on").mechanisms_off == ()
    assert load("typical") == base and base.levers["champions.one_per"].value == 200


def test_an_override_of_one_field_keeps_the_rest_of_the_track() -> None:
    base = load("typical")
    old = base.lever("leaders.endorsement")
    assert (old.value, old.end, old.fade) == (0.6, 26, 26)
    changed = override(base, "levers.leaders.endorsement.end=40").lever("leaders.endorsement")
    assert changed == Track(0.6, end=40, fade=26)
    scoped = override(base, "levers.leaders.endorsement.scope={roles: [rep], units: [largest], waves: [1, 2]}")
    assert scoped.lever("leaders.endorsement") == Track(
        0.6, end=26, fade=26, scope=Scope(("rep",), ("largest",), (1, 2))
    )
    assert override(base, "levers.leaders.endorsement=0.2").lever("leaders.endorsement") == Track(0.2)
    by_name = override(base, "levers.rollout.style=evidence-gated")
    assert by_name.lever("rollout.style").value == 2


def values_of(lever: Lever) -> st.SearchStrategy:
    if lever.choices:
        return st.sampled_from(lever.choices)
    if lever.whole:
        return st.integers(math.ceil(lever.low), math.floor(lever.high))
    return st.floats(lever.low, lever.high)


LEVER_VALUES = st.sampled_from(list(levers().values())).flatmap(
    lambda lever: st.tuples(st.just(lever), values_of(lever))
)


@settings(max_examples=300, deadline=None)
@given(LEVER_VALUES)
def test_every_value_in_range_comes_back_as_it_was_given(case: tuple[Lever, Any]) -> None:
    """From an override and through YAML text: the same number; a choice is its place."""
    lever, value = case
    wanted = float(lever.choices.index(value)) if lever.choices else float(value)
    text = yaml.safe_dump({"v": value}).partition(":")[2].strip()
    made = override(load("typical"), f"levers.{lever.key}={text}")
    assert made.lever(lever.key).value == wanted
    assert lever.spoken(wanted) == (value if lever.choices else f"{wanted:g}")


@settings(max_examples=200, deadline=None)
@given(LEVER_VALUES, st.integers(0, 60), st.integers(0, 60), st.integers(0, 20))
def test_a_track_is_neutral_outside_its_weeks_and_fades_between(
    case: tuple[Lever, Any], begin: int, length: int, fade: int
) -> None:
    lever, _ = case
    value, neutral = lever.high, lever.neutral
    track = Track(value, begin, begin + length, fade)
    weeks = weekly_values(track, 150, neutral).tolist()
    assert weeks[:begin] == [neutral] * begin
    assert weeks[begin : begin + length] == [value] * length
    assert weeks[begin + length + fade :] == [neutral] * (150 - begin - length - fade)
    falling = np.abs(np.array(weeks[begin + length : begin + length + fade]) - neutral)
    assert np.all(falling < abs(value - neutral) + 1e-12) and np.all(np.diff(falling) <= 1e-9)
    assert (weekly_values(Track(value, begin), begin + 200, neutral)[begin:] == value).all()


# Anything at all: text, bytes, and mappings that almost make sense. Never anything but a scenario or an InputError.
NAMES = [*levers(), *parameters(), *MECHANISMS, *library()]
WORDS = st.one_of(
    st.text(max_size=12),
    st.sampled_from([*NAMES, *(k.split(".")[0] for k in NAMES), *ROLES]),
    st.sampled_from(
        ["title", "levers", "parameters", "mechanisms", "extends", "claims", "value", "start", "end", "fade"]
    ),
    st.sampled_from(
        ["scope", "roles", "units", "waves", "largest", "off", "on", "~", "null", "1e400", "0x1", "²", "-0"]
    ),
)
SCALARS = st.one_of(WORDS, st.none(), st.booleans(), st.integers(), st.floats(), st.dates())
TREES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=4)),
    max_leaves=12,
)
TRACKS = st.one_of(
    SCALARS, st.dictionaries(st.sampled_from(["value", "start", "end", "fade", "scope"]), TREES, max_size=4)
)
NESTED = st.dictionaries(
    st.sampled_from(sorted({k.split(".")[0] for k in levers()})),
    st.dictionaries(st.sampled_from([k.split(".")[1] for k in levers()]), TRACKS, max_size=3),
    max_size=3,
)
FILES = st.fixed_dictionaries(
    {"title": st.text(min_size=1, max_size=5), "question": st.just("q"), "source": st.just("s")},
    optional={
        "levers": st.one_of(NESTED, TREES),
        "parameters": st.one_of(st.dictionaries(st.sampled_from(list(parameters())), SCALARS, max_size=3), TREES),
        "mechanisms": st.one_of(st.dictionaries(st.sampled_from(MECHANISMS), SCALARS, max_size=3), TREES),
        "extends": WORDS,
        "claims": TREES,
        "moves": TREES,
    },
)


def assert_loaded_or_refused(path: Path, organisation: Organisation | None = None) -> None:
    with contextlib.suppress(InputError):
        scenario = load(path)
        assert isinstance(scenario, Scenario) and len(scenario.fingerprint) == 16
        if organisation is not None:
            prepare(scenario, organisation, 5)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scenarios") / "random.yaml"


@settings(max_examples=1000, deadline=None)
@given(FILES)
def test_scenarios_that_almost_make_sense_never_crash(small: Organisation, scratch: Path, content: dict) -> None:
    scratch.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8", errors="replace")
    assert_loaded_or_refused(scratch, small)


@settings(max_examples=600, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda t: t.encode("utf-8", "replace"))))
def test_bytes_never_crash(scratch: Path, raw: bytes) -> None:
    scratch.write_bytes(raw)
    assert_loaded_or_refused(scratch)
    scratch.write_bytes(TEXTS.encode() + raw)
    assert_loaded_or_refused(scratch)


YAML_PIECES = st.lists(
    st.sampled_from(
        [*"[]{}:,-?&*!|>'\"%@#\n\t .", "a", "&x ", "*x", "!!int ", "---\n", "...\n", "<<", ": ", "- ", "\\U0011FFFF"]
    ),
    max_size=40,
).map("".join)


@settings(max_examples=600, deadline=None)
@given(YAML_PIECES)
def test_pieces_of_yaml_never_crash(scratch: Path, text: str) -> None:
    scratch.write_text(TEXTS + "levers: " + text, encoding="utf-8")
    assert_loaded_or_refused(scratch)


@settings(max_examples=1000, deadline=None)
@given(
    st.one_of(
        st.text(max_size=60),
        st.tuples(
            st.sampled_from(["levers.", "parameters.", "mechanisms.", "levers.leaders.", ""]),
            WORDS,
            st.sampled_from(["", ".end", ".value", ".scope", ".fade", ".start.x"]),
            st.sampled_from(["=", "", "=="]),
            st.one_of(TREES.map(lambda tree: yaml.safe_dump(tree, default_flow_style=True)), YAML_PIECES, WORDS),
        ).map("".join),
    )
)
def test_overrides_never_crash(text: str) -> None:
    with contextlib.suppress(InputError):
        assert isinstance(override(load("typical"), text), Scenario)


# Whom a scope reaches.


def reached(start: Callable, organisation: Organisation, scope: Scope, **levers_set: Any) -> np.ndarray:
    """Who is included, bool [people, lanes], by the bit that the rules read."""
    build = levers_set.pop("build")
    scenario = build(
        {"leaders.mandate": Track(1.0, scope=scope), **{k.replace("__", "."): v for k, v in levers_set.items()}}
    )
    programme, block = start(organisation, scenario, 3)
    mask = programme.scope[field_of("leaders.mandate")]
    bits = block.people.scopes[: organisation.headcount * 4].reshape(-1, 4)
    assert np.all(bits & np.uint32(1))  # scope 0 is everyone
    return (bits & mask) != 0


def test_scopes_by_role_reach_exactly_that_role(start: Callable, build: Callable, medium: Organisation) -> None:
    for role in Role:
        got = reached(start, medium, Scope(roles=(role.name.lower(),)), build=build)
        assert np.array_equal(got, np.repeat((medium.role == role)[:, None], 4, axis=1))
    both = reached(start, medium, Scope(roles=("rep", "executive")), build=build)
    assert np.array_equal(both[:, 0], medium.role != Role.MIDDLE_MANAGER)


def test_scopes_by_unit_reach_exactly_that_unit(start: Callable, build: Callable, medium: Organisation) -> None:
    sizes = np.bincount(medium.unit)
    for number, name in enumerate(medium.unit_names):
        for spelt in (name, name.upper()):
            got = reached(start, medium, Scope(units=(spelt,)), build=build)
            assert np.array_equal(got[:, 2], medium.unit == number)
    assert np.array_equal(
        reached(start, medium, Scope(units=("largest",)), build=build)[:, 1], medium.unit == sizes.argmax()
    )
    smallest = reached(start, medium, Scope(units=("smallest",)), build=build)
    assert np.array_equal(smallest[:, 1], medium.unit == sizes.argmin())
    named = tuple(medium.unit_names[:2])
    assert np.array_equal(reached(start, medium, Scope(units=named), build=build)[:, 0], medium.unit < 2)


def test_half_the_units_is_half_by_draw_and_whole_units(start: Callable, build: Callable, medium: Organisation) -> None:
    half = reached(start, medium, Scope(units=("half",)), build=build)
    by_unit = np.stack([half[medium.unit == u].mean(axis=0) for u in range(medium.n_units)])
    assert set(np.unique(by_unit)) == {0.0, 1.0}
    assert np.all(by_unit.sum(axis=0) == (medium.n_units + 1) // 2)
    assert len({tuple(row) for row in by_unit.T}) > 1  # lanes draw their own


def test_scopes_of_several_kinds_meet_in_their_intersection(
    start: Callable, build: Callable, medium: Organisation
) -> None:
    got = reached(start, medium, Scope(roles=("rep",), units=("largest",)), build=build)
    wanted = (medium.role == Role.REP) & (medium.unit == np.bincount(medium.unit).argmax())
    assert np.array_equal(got[:, 3], wanted) and wanted.any()


def test_scopes_by_wave_reach_those_who_get_access_with_it(
    start: Callable, build: Callable, week_by_week: Callable, medium: Organisation
) -> None:
    staged: dict[str, Any] = {
        "rollout__style": "fixed-waves",
        "rollout__waves": 4,
        "rollout__gap": 1,
        "rollout__by": "person",
    }
    waves = [reached(start, medium, Scope(waves=(w,)), build=build, **staged) for w in (1, 2, 3, 4)]
    assert np.all(sum(w.astype(int) for w in waves) == 1)
    assert np.array_equal(reached(start, medium, Scope(waves=(1, 3)), build=build, **staged), waves[0] | waves[2])
    programme, block = start(medium, build({k.replace("__", "."): v for k, v in staged.items()}), 8)
    for _ in week_by_week(programme, block):
        pass
    opened = block.people.access_week[: medium.headcount * 4].reshape(-1, 4)
    weeks = np.unique(opened)
    assert len(weeks) == 4
    for week, wave in zip(weeks, waves, strict=True):
        assert np.array_equal(opened == week, wave)


def test_a_scoped_lever_acts_inside_its_scope_alone(finish: Callable, build: Callable, medium: Organisation) -> None:
    """A mandate for reps: without influence between people, no one else logs an action only to comply."""
    off = ("influence", "managers", "leadership")
    scope = Scope(roles=("rep",))
    block = finish(medium, build({"leaders.mandate": Track(1.0, scope=scope)}, off=off), 20)
    history, logged = (
        getattr(block.people, name)[: medium.headcount * 4].reshape(-1, 4) for name in ("history", "logged")
    )
    complied = ((history ^ logged) != 0).any(axis=1)
    assert complied[medium.role == Role.REP].any()
    assert not complied[medium.role != Role.REP].any()


def test_a_unit_the_organisation_lacks_is_refused_with_the_nearest(build: Callable, small: Organisation) -> None:
    near = small.unit_names[0][:-1]
    scenario = build({"leaders.mandate": Track(1.0, scope=Scope(units=(near,)))})
    message = refusal(lambda: prepare(scenario, small, 4))
    assert "leaders.mandate" in message and near in message and small.unit_names[0] in message and "largest" in message


def test_every_scoped_lever_may_have_a_scope_of_its_own(build: Callable, small: Organisation) -> None:
    """As many scopes as there are levers that take one, as long as there are bits; beyond that, a refusal."""
    keys = [k for k, lever in levers().items() if lever.scoped]
    scopes = [Scope(roles=(r,), waves=(w,)) for r in ROLES for w in range(1, 13)][: len(keys)]
    tracks = {k: Track(levers()[k].high, scope=s) for k, s in zip(keys, scopes, strict=True)}
    if len(tracks) > 31:
        assert "32" in refusal(lambda: prepare(build(tracks), small, 4))
    few = dict(list(tracks.items())[:31])
    programme = prepare(build(few), small, 4)
    assert len(programme.scopes) == len(few) + 1 <= 32
    assert sorted(int(programme.scope[field_of(key)]) for key in few) == [1 << n for n in range(1, len(few) + 1)]


def test_an_unknown_rule_is_refused_with_the_nearest(small: Organisation) -> None:
    assert '"threshold"' in refusal(lambda: prepare(load("typical"), small, 4, "treshold"))
