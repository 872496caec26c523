"""Read who knows whom from GraphML and GEXF, as a table of edges.

The reader is a plain stream over the elements. A document type declaration is refused before anything in it is looked
at: entities are how a small file fills a machine's memory, or fetches another file, and graph files have no use for
them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

import numpy as np

from sim.organisation.cells import clean, person_id
from sim.organisation.columns import ROSTER_FIELDS, plain
from sim.organisation.errors import OrganisationError
from sim.organisation.tables import Choose, Table, check_file, unreadable

GRAPHS = (".graphml", ".gexf")

_PERSON_ID = next(known.spellings for known in ROSTER_FIELDS if known.name == "person_id")


_SILENT = {"weight": "1"}
"""What an edge means that does not say it."""


class _Refused(Exception):
    """Raised inside the parser to stop it."""


@dataclass
class _Element:
    """A node or an edge, with what the file says of it."""

    attributes: dict[str, str]
    undirected: bool = False
    values: dict[str, str] = field(default_factory=dict)  # by the declared title of each attribute


class _Reader:
    """Collects nodes and edges while the parser runs over the file. Knows both formats: their words do not collide."""

    def __init__(self) -> None:
        self.nodes: list[_Element] = []
        self.edges: list[_Element] = []
        self._titles: dict[tuple[str, str], str] = {}  # (node or edge, key) -> title
        self._undirected = True
        self._class = "node"
        self._at: list[_Element] = []
        self._key: str | None = None
        self._text: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "graph":
            self._undirected = attributes.get("edgedefault", attributes.get("defaultedgetype")) != "directed"
        elif tag == "key":  # GraphML: <key id= for= attr.name=>
            title = attributes.get("attr.name", attributes.get("id", ""))
            for kind in ("node", "edge"):
                if attributes.get("for", "all") in (kind, "all"):
                    self._titles[kind, attributes.get("id", "")] = title
        elif tag == "attributes":  # GEXF: <attributes class=><attribute id= title=>
            self._class = attributes.get("class", "node")
        elif tag == "attribute":
            self._titles[self._class, attributes.get("id", "")] = attributes.get("title", attributes.get("id", ""))
        elif tag == "node":
            self.nodes.append(_Element(attributes))
            self._at.append(self.nodes[-1])
        elif tag == "edge":
            stated = attributes.get("directed", attributes.get("type", "")).lower()
            both = stated in ("false", "undirected", "mutual") or (
                self._undirected and stated not in ("true", "directed")
            )
            self.edges.append(_Element(attributes, both))
            self._at.append(self.edges[-1])
        elif tag == "data":
            self._key, self._text = attributes.get("key", ""), []
        elif tag == "attvalue" and self._at:
            self._say(attributes.get("for", attributes.get("id", "")), attributes.get("value", ""))

    def text(self, data: str) -> None:
        if self._key is not None:
            self._text.append(data)

    def end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag in ("node", "edge") and self._at:
            self._at.pop()
        elif tag == "data" and self._key is not None:
            if self._at:
                self._say(self._key, "".join(self._text))
            self._key = None

    def _say(self, key: str, value: str) -> None:
        kind = "edge" if self.edges and self._at[-1] is self.edges[-1] else "node"
        self._at[-1].values[self._titles.get((kind, key), key)] = value


def _refuse_declaration(*_: object) -> None:
    raise _Refused


def read_graph(path: str | Path, known: dict[str, int], choose: Choose) -> Table:
    """The edges of a graph file as a table with columns ego, alter and whatever the file says of an edge.

    An undirected edge gives two rows. People are matched to ``known`` ids by the node's own id, its label or an
    attribute that is headed like a person id, whichever matches most. Rows count the edges of the file from 1.
    """
    path = Path(path)
    check_file(path, GRAPHS)
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_declaration
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        with path.open("rb") as file:
            parser.ParseFile(file)
    except _Refused:
        raise OrganisationError(
            f"{path}: line {parser.CurrentLineNumber} declares a document type, which is not read for safety; "
            "take the <!DOCTYPE ...> out"
        ) from None
    except expat.ExpatError as error:
        raise OrganisationError(f"{path}: is not proper XML: {error}; export the graph again") from None
    except (ValueError, LookupError) as error:  # an encoding that nobody knows
        raise OrganisationError(f"{path}: is not readable XML: {error}; export the graph again as UTF-8") from None
    except OSError as error:
        raise unreadable(path, error) from None
    if not reader.edges:
        raise OrganisationError(f"{path}: there are no edges in it")
    return _edge_table(str(path), reader, known, choose)


def _edge_table(where: str, reader: _Reader, known: dict[str, int], choose: Choose) -> Table:
    """One row an edge and direction."""
    names = _names(reader.nodes, known)
    titles = list(dict.fromkeys(title for edge in reader.edges for title in edge.values))
    if any(plain(title) == "contacts" for title in titles):
        # Files written here carry the contacts and their weight (a logarithm); the contacts are what is meant.
        titles = [title for title in titles if plain(title) != "weight"]
    elif not any(plain(title) == "weight" for title in titles) and any("weight" in e.attributes for e in reader.edges):
        titles.append("weight")  # GEXF keeps the weight on the edge itself
    elif "kind" not in map(plain, titles) and any("kind" in e.attributes for e in reader.edges):
        titles.append("kind")
    records, rows = [], []
    for row, edge in enumerate(reader.edges, start=1):
        a, b = (clean(edge.attributes.get(end, "")) for end in ("source", "target"))
        a, b = names.get(a, a), names.get(b, b)
        said = [clean(edge.values.get(title, edge.attributes.get(title, _SILENT.get(title, "")))) for title in titles]
        records.append([a, b, *said])
        rows.append(row)
        if edge.undirected:
            records.append([b, a, *said])
            rows.append(row)
    headers = ["ego", "alter", *titles]
    at = choose(headers)
    return Table(
        where,
        np.array(rows, dtype=np.int64),
        {name: [record[column] for record in records] for name, column in at.items()},
        {name: headers[column] for name, column in at.items()},
    )


def _names(nodes: list[_Element], known: dict[str, int]) -> dict[str, str]:
    """Node id -> person id, by whichever part of the node matches most people."""
    titles = dict.fromkeys(title for node in nodes for title in node.values)
    ways = ["label", *(title for title in titles if plain(title) in _PERSON_ID or plain(title) in ("label", "name"))]
    best: dict[str, str] = {}
    best_count = sum(person_id(clean(node.attributes.get("id", ""))) in known for node in nodes)
    for way in ways:
        names = {
            clean(node.attributes.get("id", "")): clean(node.values.get(way, node.attributes.get(way, "")))
            for node in nodes
        }
        count = sum(person_id(name) in known for name in names.values())
        if count > best_count:
            best, best_count = names, count
    return best
