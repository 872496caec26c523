"""Imports run one way, read from the source: experiments -> sim; model, engine -> week -> mechanisms -> people, rng."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from sim.mechanisms import MECHANISMS

ROOT = Path(sim.__file__).parent
SOURCES = sorted(ROOT.rglob("*.py"))
OUTSIDE = {"experiments", "solara", "matplotlib", "plotly", "rich", "typer", "ipyvuetify", "tests"}
FOUNDATION = {"tallies", "compiled", "numeric", "rng", "exposure", "people"}
"""What a mechanism may import."""
LAYERS = (
    {"compiled", "people", "passports"},
    {"numeric", "rng", "exposure", "tallies", "organisation"},
    {"block"},
    {"mechanisms"},
    {"week", "scenario"},
    {"programme"},
    {"graph", "orders"},
    {"population", "sizing"},
    {"engine"},
)
"""From the ground up: each imports only what stands below it. Whatever is not listed stands above all of these."""
HEIGHT = {name: height for height, layer in enumerate(LAYERS) for name in layer}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT.parent).with_suffix("").parts)


MODULES = {name_of(path) for path in SOURCES}


def imported(path: Path) -> set[str]:
    """Every module a file imports, at any depth, in full; imports for type checkers alone do not count."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    unread = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in unread:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: relative import"
            for alias in node.names:  # a module taken from its package, or a name taken from a module
                inner = f"{node.module}.{alias.name}"
                found.add(inner if node.module == "sim" or inner in MODULES else node.module or "")
    return found


def parts_of_sim(path: Path) -> set[str]:
    """Which files or folders directly below sim a file imports."""
    return {name.split(".")[1] for name in imported(path) if name.startswith("sim.")}


def test_something_is_read() -> None:
    assert {"sim.week", "sim.engine", "sim.mechanisms.trying"} <= {name_of(p) for p in SOURCES}
    assert "sim.mechanisms.trying" in imported(ROOT / "week.py")


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_nothing_in_sim_imports_what_stands_outside(path: Path) -> None:
    assert not {name.split(".")[0] for name in imported(path)} & OUTSIDE


@pytest.mark.parametrize("path", [p for p in SOURCES if p.parent.name == "mechanisms"], ids=name_of)
def test_a_mechanism_imports_no_other_and_nothing_above_it(path: Path) -> None:
    assert parts_of_sim(path) <= FOUNDATION


@pytest.mark.parametrize("name", sorted(HEIGHT))
def test_lower_files_import_only_what_stands_below(name: str) -> None:
    """Files of one folder may import one another; ``test_there_are_no_circles`` looks inside."""
    paths = [p for p in SOURCES if name in (p.stem, p.parent.name) and p.parent in (ROOT, ROOT / name)]
    assert paths
    for path in paths:
        for other in parts_of_sim(path) - {name}:
            assert HEIGHT.get(other, len(LAYERS)) < HEIGHT[name], f"{name_of(path)} imports {other}"


@pytest.mark.parametrize("path", [p for p in SOURCES if p.parent.name == "organisation"], ids=name_of)
def test_the_organisation_knows_nothing_of_the_model(path: Path) -> None:
    assert parts_of_sim(path) <= {"organisation", "passports"}


def test_mesa_is_known_to_the_model_and_its_agents_alone() -> None:
    users = {name_of(p) for p in SOURCES if any(n.split(".")[0] == "mesa" for n in imported(p))}
    assert users <= {"sim.model", "sim.agents"}


def test_the_compiler_is_known_to_one_file_alone() -> None:
    users = {name_of(p) for p in SOURCES if any(n.split(".")[0] == "numba" for n in imported(p))}
    assert users == {"sim.compiled"}


def test_there_are_no_circles() -> None:
    """Modules of sim can be put in an order in which each imports only earlier ones."""
    names = {name_of(p).removesuffix(".__init__") for p in SOURCES}
    needs = {name_of(p).removesuffix(".__init__"): imported(p) & names for p in SOURCES if p != ROOT / "__init__.py"}
    placed: set[str] = {"sim"}
    while needs:
        ready = {n for n, wanted in needs.items() if wanted - {n} <= placed}
        assert ready, f"circle among {sorted(needs)}"
        placed |= ready
        needs = {n: wanted for n, wanted in needs.items() if n not in ready}


def test_every_mechanism_that_can_be_switched_has_a_file() -> None:
    files = {p.stem for p in (ROOT / "mechanisms").glob("*.py")}
    assert set(MECHANISMS) <= files


def test_import_sim_loads_neither_mesa_nor_the_compiler() -> None:
    """In a fresh interpreter, and the names it promises load on use."""
    program = (
        "import sys, sim; "
        "assert not {'mesa', 'numba', 'numpy', 'pandas', 'scipy'} & set(sys.modules); "
        "assert set(sim.__all__) <= set(dir(sim)); "
        "sim.levers(); assert 'numba' not in sys.modules; "
        "assert all(getattr(sim, name) is not None for name in sim.__all__)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
