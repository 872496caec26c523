"""Uptake: how the use of AI tools spreads, or fails to spread, through an organisation.

The public names below load on first use, so that ``import sim`` costs nothing: neither Mesa nor the compiler is
imported until something asks for it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.engine import Ensemble, run
    from sim.measures import HEADLINES, OUTCOMES, Outcome, curves, final
    from sim.model import AdoptionModel
    from sim.organisation import Organisation, OrganisationError, generate, read_organisation
    from sim.passports import InputError, levers, parameters
    from sim.people import Stage, Status
    from sim.programme import Programme, prepare
    from sim.scenario import Scenario, library, load, override

_HOMES = {
    "engine": ("Ensemble", "run"),
    "sizing": ("Settings",),
    "measures": ("HEADLINES", "OUTCOMES", "Outcome", "curves", "final"),
    "model": ("AdoptionModel",),
    "organisation": ("Organisation", "OrganisationError", "generate", "read_organisation"),
    "passports": ("InputError", "levers", "parameters"),
    "people": ("Stage", "Status"),
    "programme": ("Programme", "prepare"),
    "scenario": ("Scenario", "library", "load", "override"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}
_MODULES = (*_HOMES, "agents")

__all__ = [
    "HEADLINES",
    "OUTCOMES",
    "AdoptionModel",
    "Ensemble",
    "InputError",
    "Organisation",
    "OrganisationError",
    "Outcome",
    "Programme",
    "Scenario",
    "Settings",
    "Stage",
    "Status",
    "curves",
    "final",
    "generate",
    "levers",
    "library",
    "load",
    "override",
    "parameters",
    "prepare",
    "read_organisation",
    "run",
]


def __getattr__(name: str) -> Any:
    if name in _HOME_OF:
        value = getattr(import_module(f"sim.{_HOME_OF[name]}"), name)
    elif name in _MODULES:
        return import_module(f"sim.{name}")
    elif name == "__version__":
        value = _version()
    else:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_MODULES, "__version__"})


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("uptake")
    except PackageNotFoundError:  # a source tree that was never installed
        return "0+unknown"
