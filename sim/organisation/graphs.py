"""An organisation as a graph for other tools: a networkx graph, or a GraphML file. Ids only, no names or addresses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from sim.organisation.organisation import Organisation
from sim.organisation.roles import Role
from sim.organisation.write import replacing

if TYPE_CHECKING:
    import networkx

REPORTS_TO, TIE = "reports_to", "tie"
"""The two kinds of edge, each from the one who reports, or names, to the other."""


def to_networkx(organisation: Organisation) -> networkx.MultiDiGraph:
    """A graph of the people (nodes are ids, with role, unit and level) and of both kinds of edge.

    A multigraph, because most people both report to their manager and name them as a tie: the edge key and the
    attribute ``kind`` tell them apart. A tie carries ``contacts`` and ``weight``, log(1 + contacts).
    """
    import networkx

    graph = networkx.MultiDiGraph(name=organisation.name)
    ids = organisation.ids.tolist()
    for person, role, unit, level in _nodes(organisation):
        graph.add_node(person, role=role, unit=unit, level=level)
    for i, boss in enumerate(organisation.manager.tolist()):
        if boss >= 0:
            graph.add_edge(ids[i], ids[boss], key=REPORTS_TO, kind=REPORTS_TO)
    for ego, alter, contacts, weight in _ties(organisation):
        graph.add_edge(ids[ego], ids[alter], key=TIE, kind=TIE, contacts=contacts, weight=weight)
    return graph


def write_graphml(organisation: Organisation, path: str | Path) -> None:
    """Write the graph of ``to_networkx`` as GraphML, an edge at a time; the file can be read back as ties."""
    ids = [quoteattr(person) for person in organisation.ids.tolist()]
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
        for key, part, kind in (
            ("role", "node", "string"),
            ("unit", "node", "string"),
            ("level", "node", "int"),
            ("kind", "edge", "string"),
            ("contacts", "edge", "double"),
            ("weight", "edge", "double"),
        ):
            file.write(f'<key id="{key}" for="{part}" attr.name="{key}" attr.type="{kind}"/>\n')
        file.write('<graph edgedefault="directed">\n')
        for i, (_, role, unit, level) in enumerate(_nodes(organisation)):
            file.write(f"<node id={ids[i]}>{_data('role', role)}{_data('unit', unit)}{_data('level', level)}</node>\n")
        for i, boss in enumerate(organisation.manager.tolist()):
            if boss >= 0:
                file.write(f"<edge source={ids[i]} target={ids[boss]}>{_data('kind', REPORTS_TO)}</edge>\n")
        for ego, alter, contacts, weight in _ties(organisation):
            said = _data("kind", TIE) + _data("contacts", contacts) + _data("weight", weight)
            file.write(f"<edge source={ids[ego]} target={ids[alter]}>{said}</edge>\n")
        file.write("</graph>\n</graphml>\n")


def _data(key: str, value: object) -> str:
    return f'<data key="{key}">{escape(str(value))}</data>'


def _nodes(organisation: Organisation) -> zip[tuple[str, str, str, int]]:
    labels = {int(role): role.label for role in Role}
    return zip(
        organisation.ids.tolist(),
        [labels[role] for role in organisation.role.tolist()],
        [organisation.unit_names[unit] for unit in organisation.unit.tolist()],
        organisation.level.tolist(),
        strict=True,
    )


def _ties(organisation: Organisation) -> zip[tuple[int, int, float, float]]:
    ties = organisation.ties
    # Six decimals of a weight are all that its 32 bits hold.
    weights = ties.weights.astype(float).round(6).tolist()
    return zip(ties.egos.tolist(), ties.neighbours.tolist(), ties.contacts.tolist(), weights, strict=True)
