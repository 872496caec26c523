"""The organisation: read from an HR roster or generated, described, and held as flat arrays for the model."""

from sim.organisation.describe import Description, describe
from sim.organisation.edges import read_ties
from sim.organisation.errors import OrganisationError
from sim.organisation.generate import generate
from sim.organisation.graphs import to_networkx, write_graphml
from sim.organisation.informal import informal_ties
from sim.organisation.organisation import Organisation, assemble
from sim.organisation.reading import read_organisation
from sim.organisation.roles import Role
from sim.organisation.roster import read_roster
from sim.organisation.ties import Ties, no_ties, ties_from_pairs
from sim.organisation.write import write_roster, write_ties

__all__ = [
    "Description",
    "Organisation",
    "OrganisationError",
    "Role",
    "Ties",
    "assemble",
    "describe",
    "generate",
    "informal_ties",
    "no_ties",
    "read_organisation",
    "read_roster",
    "read_ties",
    "ties_from_pairs",
    "to_networkx",
    "write_graphml",
    "write_roster",
    "write_ties",
]
