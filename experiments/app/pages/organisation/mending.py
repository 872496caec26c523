"""What is wrong with an uploaded file, row by row; and what its sender may decide instead of mending it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import reacton.ipyvuetify as rv
import solara

from experiments import words
from experiments.app.components import Table
from experiments.app.pages.organisation.rosters import FIELDS, Draft, Trouble, headers
from sim.organisation.errors import Fault
from sim.organisation.roster import ORPHANS

DECIDED = {"attach": "Hang them directly below the top", "drop": "Leave them, and those below them, out"}
UNREAD = ("level", "location", "hired", "relation")
"""Fields that nothing here depends on: nobody is asked for their columns."""
SHOWN, LONGEST = 200, 80
"""Rows of one kind in the table, and letters of a value, before the rest is only counted or cut."""
HEADS = [{"text": "Row"}, {"text": "Column"}, {"text": "What stands there"}]
TABLE = "Rows to be mended"


@solara.component
def Wrong(
    found: Trouble, draft: Draft, set_draft: Callable[[Draft], None], read: Callable[[Draft], None]
) -> None:  # fmt: skip
    """What is wrong, and the ways to go on: mend the file, or decide here."""
    solara.Error(found.said, dense=True)
    if found.faults:
        scrolls = {"role": "region", "aria-label": TABLE, "tabindex": "0"}
        with rv.Html(tag="div", style_="max-height: 60vh; overflow: auto", attributes=scrolls):
            for fault in found.faults:
                _Rows(fault)
    if "orphans" in found.choices:
        solara.Text("Correct these rows and send the file again, or decide what becomes of people outside the line:")
        for choice in ORPHANS:
            solara.Button(DECIDED[choice], outlined=True, color="primary", block=True, classes=["text-none", "mt-2"],
                          on_click=lambda choice=choice: read(replace(draft, orphans=choice)))  # fmt: skip
    if "columns" in found.choices:
        solara.Text("Say which column is which, then use these people:")
        for kind in FIELDS:
            _Columns(kind, draft, set_draft)


@solara.component
def _Rows(fault: Fault) -> None:
    """One kind of thing that is wrong: what to do, and every row."""
    with rv.Html(tag="div", class_="text-body-1 mt-3"):
        rv.Html(tag="b", children=[f"{words.first_up(fault.wrong)}: {len(fault.cells):,}"])
        rv.Html(tag="div", class_="text-body-2", children=[f"{fault.remedy}."])
    Table(HEADS, [_row(cell.row, cell.column, cell.value) for cell in fault.cells[:SHOWN]])
    if (more := len(fault.cells) - SHOWN) > 0:
        solara.Text(f"and {words.counted(more, 'more row')}", classes=["text-body-2"])


def _row(row: int, column: str, value: str) -> list[dict[str, str]]:
    shown = value if len(value) <= LONGEST else f"{value[:LONGEST]} …"
    return [{"text": f"{row:,}"}, {"text": column or "the whole row"}, {"text": shown or "nothing"}]


@solara.component
def _Columns(kind: str, draft: Draft, set_draft: Callable[[Draft], None]) -> None:
    """Which column of a file holds what; nothing where the file was not sent."""
    sent = getattr(draft, kind)
    given = solara.use_memo(lambda: headers(sent) if sent else [], [sent])

    def choose(name: str, header: str | None) -> None:
        kept = {field: column for field, column in draft.mapping.items() if field != name}
        set_draft(replace(draft, mapping={**kept, name: header} if header else kept))

    for field in FIELDS[kind] if sent else ():
        if field.name not in UNREAD:
            rv.Select(label=f"{words.spaced(field.name)}: {field.meaning}", items=given, clearable=True,
                      v_model=draft.mapping.get(field.name), dense=True, outlined=True, hide_details=True,
                      class_="mt-3", on_v_model=partial(choose, field.name))  # fmt: skip
