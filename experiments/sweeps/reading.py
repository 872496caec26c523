"""Studies read from YAML, every mistake with its file, line and way out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from experiments import outcomes
from experiments.defaults import MOST_REPLICATES, MOST_SEED, RULE
from experiments.inputs import samples
from experiments.sweeps.factors import factor_of, is_blank, passport_of, value_of, whole
from experiments.sweeps.study import (
    BASE,
    DESIGNS,
    MOST_POINTS,
    OUTCOMES,
    POINTS,
    REPLICATES,
    SEED,
    SIZED,
    TRAJECTORIES,
    WEEKS,
    Factor,
    Place,
    Study,
    label_of,
)
from sim.organisation.generate import HEADCOUNTS
from sim.passports import InputError, nearest
from sim.scenario import RULES, library
from sim.scenario.nodes import LAST_WEEK, At, entries_of, mapping_of, shown, text_of, texts_of

SIZES = {"points": (1, MOST_POINTS, POINTS), "trajectories": (2, 10_000, TRAJECTORIES), "base": (8, 1 << 20, BASE)}
"""Least, most and usual value of the fields that give a sample's size."""
FIELDS = ("title", "question", "scenario", "scenarios", "organisation", "organisations", "levers", "design", *SIZES,
          "uncertainties", "replicates", "seed", "seeds", "weeks", "outcomes", "at", "agents", "rule",
          "set")  # fmt: skip
PLACE = ("label", "headcount", "seed", "org", "ties", "map", "orphans", "relation")
UNREADABLE = (yaml.YAMLError, RecursionError, ValueError, OverflowError)


def read(text: str, label: str, folder: Path) -> Study:
    """A study from its text; files it names are looked for in ``folder`` first."""
    at = At(label)
    given = entries_of(_root(text, label), at, FIELDS, "field")
    fields = {name: node for name, node in given.items() if not is_blank(node)}
    for one, many in (("scenario", "scenarios"), ("organisation", "organisations"), ("seed", "seeds")):
        if one in fields and many in fields:
            raise InputError(f"{at(fields[many])}: both {one} and {many}; keep one")
    title = text_of(fields["title"], at).strip() if "title" in fields else ""
    if not title:
        raise InputError(f"{label}: missing title; a study says what it is about")
    question = text_of(fields["question"], at) if "question" in fields else ""
    factors = _factors(fields.get("levers"), at)
    worlds, uncertain = _uncertainties(fields.get("uncertainties"), at)
    factors = (*factors, *uncertain)
    weeks = whole(fields.get("weeks"), at, "weeks", 1, LAST_WEEK, WEEKS)
    design = _one_of(fields.get("design"), at, "design", DESIGNS, "grid")
    listed: tuple[tuple[float | str, ...], ...] = ()
    if design == "list":
        factors, listed = _listed(fields.pop("points", None), at, factors, label)
    sizes = _sizes(fields, at, design)
    if design in ("morris", "saltelli") and not any(factor.varies for factor in factors):
        raise InputError(f"{label}: design: {design} needs at least one lever or uncertainty that varies")
    kept = _kept(fields.get("at"), at, weeks)
    return Study(
        title,
        question,
        _scenarios(fields, at, label, folder),
        _places(fields, at, folder),
        factors,
        design,
        sizes["points"],
        listed,
        worlds,
        whole(fields.get("replicates"), at, "replicates", 1, MOST_REPLICATES, REPLICATES),
        _seeds(fields, at),
        weeks,
        _outcomes(fields.get("outcomes"), at),
        kept,
        sizes["trajectories"],
        sizes["base"],
        _one_of(fields.get("rule"), at, "rule", RULES, RULE),
        texts_of(fields["set"], at) if "set" in fields else (),
        text,
        _agents(fields.get("agents"), at),
    )


def _root(text: str, label: str) -> yaml.MappingNode:
    try:
        root = yaml.compose(text)
    except UNREADABLE as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        why = getattr(error, "problem", None) or "cannot be read"
        raise InputError(f"{label}{line}: not valid YAML ({why})") from None
    if not isinstance(root, yaml.MappingNode):
        raise InputError(f"{label}: a study is a mapping with title, scenario, organisation and levers")
    return root


def _factors(node: yaml.Node | None, at: At) -> tuple[Factor, ...]:
    return tuple(factor_of(key.value, inner, at(key)) for key, inner in mapping_of(node, at, "levers").items())


def _uncertainties(node: yaml.Node | None, at: At) -> tuple[bool, tuple[Factor, ...]]:
    """Whether each replicate draws its world, and the parameters that are factors of the design."""
    if node is None:
        return True, ()
    if isinstance(node, yaml.MappingNode):
        found = mapping_of(node, at, "uncertainties").items()
        return False, tuple(
            factor_of(f"parameters.{key.value.removeprefix('parameters.')}", inner, at(key)) for key, inner in found
        )
    if text_of(node, at) not in ("drawn", "held"):
        raise InputError(
            f"{at(node)}: uncertainties are drawn (each replicate its own world), held, or a mapping of parameters "
            f"to ranges, not {shown(node)}"
        )
    return text_of(node, at) == "drawn", ()


def _sizes(fields: dict[str, yaml.Node], at: At, design: str) -> dict[str, int]:
    """The fields of SIZES; only the one that goes with the design may be given."""
    own = SIZED.get(design)
    for name in SIZES:
        if name in fields and name != own:
            instead = f"give its size as {own}" if own else "its size comes from its steps, values or points"
            raise InputError(f"{at(fields[name])}: not for design: {design}; leave out {name}: {instead}")
    return {name: whole(fields.get(name), at, name, *limits) for name, limits in SIZES.items()}


def _listed(
    node: yaml.Node | None, at: At, factors: Sequence[Factor], label: str
) -> tuple[tuple[Factor, ...], tuple[tuple[float | str, ...], ...]]:
    if factors:
        raise InputError(f"{label}: a list names its values under points; leave out levers and sampled uncertainties")
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        raise InputError(f"{at(node) if node else label}: design: list takes points: a list of {{key: value}}")
    rows = [{k.value: (k, v) for k, v in mapping_of(item, at, "a point").items()} for item in node.value]
    keys = list(rows[0])
    passports = [passport_of(key, at(rows[0][key][0])) for key in keys]
    for item, row in zip(node.value, rows, strict=True):
        if set(row) != set(keys):
            odd = sorted(set(row) ^ set(keys))
            raise InputError(f"{at(item)}: every point names the same keys; this one differs in {', '.join(odd)}")
    listed = tuple(tuple(value_of(f, row[f.key][1], at) for f in passports) for row in rows)
    held = tuple(replace(f, values=tuple(dict.fromkeys(row[n] for row in listed))) for n, f in enumerate(passports))
    return held, listed


def _scenarios(fields: dict[str, yaml.Node], at: At, label: str, folder: Path) -> tuple[str, ...]:
    node = fields.get("scenarios", fields.get("scenario"))
    if node is None:
        raise InputError(f"{label}: missing scenario; name one or more of the library (uptake scenarios), or a file")
    names = []
    for name in texts_of(node, at):
        beside = folder / name
        names.append(str(beside) if name not in library() and Path(name).suffix and beside.exists() else name)
    if not names or len({label_of(name) for name in names}) < len(names):
        raise InputError(f"{at(node)}: name at least one scenario, and none of them twice")
    return tuple(names)


def _places(fields: dict[str, yaml.Node], at: At, folder: Path) -> tuple[Place, ...]:
    node = fields.get("organisations", fields.get("organisation"))
    items = node.value if isinstance(node, yaml.SequenceNode) else [node]
    places = tuple(_place(item, at, folder) for item in items)
    twice = [p.label for n, p in enumerate(places) if p.label in [q.label for q in places[:n]]]
    if twice or not places:
        what = f'two are labelled "{twice[0]}"; give each a label' if twice else "name at least one"
        raise InputError(f"{at(node) if node else at}: organisations: {what}")
    return places


def _place(node: yaml.Node | None, at: At, folder: Path) -> Place:
    if isinstance(node, yaml.ScalarNode) and node.value:  # a sample's name, or a file
        node = yaml.MappingNode("map", [(yaml.ScalarNode("str", "org"), node)], node.start_mark, node.end_mark)
    mapping_of(node, at, "organisation")
    given = entries_of(node, at, PLACE, "field of organisation") if isinstance(node, yaml.MappingNode) else {}
    texts: dict[str, Any] = {k: text_of(given[k], at) for k in ("org", "ties", "orphans", "relation") if k in given}
    if "org" not in texts:
        roster = [k for k in ("ties", "map", "orphans", "relation") if k in given]
        if roster:
            raise InputError(f"{at(given[roster[0]])}: {roster[0]} goes with a roster; name it under org")
        headcount = whole(given.get("headcount"), at, "headcount", *HEADCOUNTS, 300)
        seed = whole(given.get("seed"), at, "seed of the organisation", 0, MOST_SEED, 1)
        label = f"{headcount} people" if seed == 1 else f"{headcount} people, seed {seed}"
        return Place(text_of(given["label"], at) if "label" in given else label, headcount, seed)
    for name in ("headcount", "seed"):
        if name in given:
            raise InputError(
                f"{at(given[name])}: {name} is for a generated organisation; leave it out, or leave out org"
            )
    for name in ("org", "ties"):
        if name in texts and texts[name] not in samples() and (folder / texts[name]).exists():
            texts[name] = str(folder / texts[name])
    label = text_of(given["label"], at) if "label" in given else Path(texts["org"]).stem
    return Place(label, map=texts_of(given["map"], at) if "map" in given else (), **texts)


def _seeds(fields: dict[str, yaml.Node], at: At) -> tuple[int, ...]:
    node = fields.get("seeds", fields.get("seed"))
    items = node.value if isinstance(node, yaml.SequenceNode) else [node]
    seeds = tuple(whole(item, at, "a seed", 0, MOST_SEED, SEED) for item in items)
    if not seeds or len(set(seeds)) < len(seeds):
        raise InputError(f"{at(node) if node else at}: give at least one seed, and none of them twice")
    return seeds


def _outcomes(node: yaml.Node | None, at: At) -> tuple[str, ...]:
    names = texts_of(node, at) if node is not None else OUTCOMES
    for name in names:
        if name not in outcomes.ALL:
            where = at(node) if node is not None else at
            raise InputError(f'{where}: unknown outcome "{name}"{nearest(name, outcomes.ALL)} '
                             f"Outcomes are {', '.join(outcomes.ALL)}.")  # fmt: skip
    return tuple(dict.fromkeys(names))


def _agents(node: yaml.Node | None, at: At) -> tuple[str, ...]:
    if node is None:
        return ()
    from experiments.sweeps.agents import states

    names = texts_of(node, at)
    for name in names:
        if name not in states():
            raise InputError(f'{at(node)}: agents: unknown state "{name}"{nearest(name, states())} '
                             f"States are {', '.join(states())}.")  # fmt: skip
    return tuple(dict.fromkeys(names))


def _kept(node: yaml.Node | None, at: At, weeks: int) -> tuple[int, ...]:
    items = node.value if isinstance(node, yaml.SequenceNode) else [node]
    return tuple(sorted({whole(item, at, "at", 1, weeks, weeks) for item in items})) or (weeks,)


def _one_of(node: yaml.Node | None, at: At, what: str, words: Sequence[str], usual: str) -> str:
    if node is None:
        return usual
    word = text_of(node, at)
    if word not in words:
        raise InputError(f"{at(node)}: {what} is one of {', '.join(words)}, not {shown(node)}{nearest(word, words)}")
    return word
