"""The organisation: read from an HR roster or generated, described, and held as flat arrays for the model."""

from sim.organisation.edges import read_ties
from sim.organisation.errors import OrganisationError
from sim.organisation.generate import generate
from sim.organisation.informal import informal_ties
from sim.organisation.organisation import Organisation, assemble
from sim.organisation.reading import read_organisation
from sim.organisation.roles import Role
from sim.organisation.roster import read_roster
from sim.organisation.ties import Ties

__all__ = [
    "Organisation",
    "OrganisationError",
    "Role",
    "Ties",
    "assemble",
    "generate",
    "informal_ties",
    "read_organisation",
    "read_roster",
    "read_ties",
]
