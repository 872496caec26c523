"""Options that several commands share, with their help: written once."""

from __future__ import annotations

from typing import Annotated

import typer

Org = Annotated[
    str | None,
    typer.Option(
        "--org",
        metavar="FILE",
        help="Roster (CSV, TSV, XLSX, Parquet), or a sample that ships with Uptake (meridian). Else one is generated.",
    ),
]
Ties = Annotated[
    str | None,
    typer.Option("--ties", metavar="FILE", help="Who works with whom (CSV, GraphML, GEXF, ...). Else drawn."),
]
Map = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="FIELD=COLUMN", help='A column not recognised: manager_id="Reports To". Repeatable.'),
]
Orphans = Annotated[
    str | None,
    typer.Option(
        "--orphans", metavar="attach|drop", help="People outside the reporting line: attach to the top, or drop."
    ),
]
Relation = Annotated[
    str | None, typer.Option("--relation", metavar="NAME", help="Which of several relations in the ties file to take.")
]
Headcount = Annotated[
    int | None, typer.Option("--headcount", metavar="N", help="People in the generated organisation: 300 if not said.")
]
Weeks = Annotated[int, typer.Option("--weeks", metavar="N", help="How long, 1 to 1040 weeks.")]
Replicates = Annotated[int, typer.Option("--replicates", metavar="N", help="How many plausible worlds to run.")]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="Which draws: another seed shares no replicate.")]
Worlds = Annotated[
    bool, typer.Option("--worlds/--no-worlds", help="Draw the uncertain parameters for each replicate, or hold them.")
]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change every scenario: levers.champions.one_per=25. Repeatable."),
]
Rule = Annotated[str, typer.Option("--rule", metavar="NAME", help="Behaviour: experience, threshold or bass.")]
Out = Annotated[
    str | None, typer.Option("--out", metavar="DIR", help="Write tables (Parquet, CSV), figures and a manifest here.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Threads = Annotated[int, typer.Option("--threads", metavar="N", help="How many threads; 0 is all. Changes no result.")]
Memory = Annotated[str, typer.Option("--memory", metavar="SIZE", help="Cap on memory, such as 2GB. Changes no result.")]
