"""The upload of a roster, and of ties: what is wrong in which row, what may be decided, and what is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import reacton.ipyvuetify as rv
import solara

from experiments.app import organisations, session
from experiments.app.background import use_job
from experiments.app.components import Upload
from experiments.app.pages.organisation import rosters
from experiments.app.pages.organisation.mending import Wrong
from experiments.app.pages.organisation.rosters import Sent, Trouble
from experiments.app.server.uploads import MOST_BYTES, UPLOADS
from experiments.app.work import MOST_PEOPLE, People
from sim.organisation import Organisation
from sim.organisation.columns import ROSTER_FIELDS, TIE_FIELDS, Field

KEPT = (
    "Names, ids, titles, places and dates are dropped as the files are read; the files are removed then, or when you "
    "leave. What is to be mended is shown to you as it stands in the file. People are kept as role, unit and reporting "
    "line, in this program's memory alone and never in the address; only a workshop that is held on them saves them so."
)
arrivals: solara.Reactive[int] = solara.reactive(0)
"""How often people arrived on this page: the same ones may come again, under another name."""
Take = Callable[[Any], None]


@solara.component
def UploadRoster() -> None:
    """Two files and what is to be decided about them; then the people, without names."""
    people = session.work.value.people
    session_id = session.session_id()
    roster, set_roster = solara.use_state(cast(Sent | None, None))
    ties, set_ties = solara.use_state(cast(Sent | None, None))
    mapping, set_mapping = solara.use_state(cast(dict[str, str], {}))
    orphans, set_orphans = solara.use_state(cast(str | None, None))
    refused, set_refused = solara.use_state("")
    held: Any = solara.use_ref([])
    job = use_job()

    def forget() -> None:
        for sent in held.current:
            sent.remove()
        held.current = []

    def received(keep: Take, fields: tuple[Field, ...]) -> Take:
        def take(sent: dict[str, Any]) -> None:
            path = UPLOADS.take(session_id, sent["ticket"], sent["name"])
            if path is None:
                set_refused("the file did not arrive; send it again")
                return
            found = Sent(path, sent["name"])
            held.current = [*held.current, found]
            job.stop()
            set_refused("")
            set_orphans(None)
            set_mapping({name: header for name, header in mapping.items() if name not in {f.name for f in fields}})
            keep(found)

        return take

    def read(decided: str | None) -> None:
        set_orphans(decided)
        if roster is not None:
            job.start(lambda *_: rosters.tried(roster, ties, mapping, decided))

    def arrived() -> None:
        found: Organisation | Trouble | None = job.answer.value
        if not isinstance(found, Organisation):
            return
        organisations.ROSTERS.keep(session_id, found)
        forget()
        set_roster(None)
        set_ties(None)
        set_mapping({})
        set_orphans(None)
        session.change(lambda work: replace(work, people=People(uploaded=found.fingerprint)))
        arrivals.set(arrivals.value + 1)

    solara.use_effect(arrived, [job.answer.value])
    solara.use_effect(lambda: forget, [])

    if people.uploaded and organisations.ROSTERS.get(session_id, people.uploaded):
        solara.Success(f"An uploaded roster is shown (fingerprint {people.uploaded}).", dense=True)
    _File("Roster: one row a person, with their id and their manager's", rosters.ROSTERS, roster,
          received(set_roster, ROSTER_FIELDS), set_refused).key(f"roster {arrivals.value}")  # fmt: skip
    _File("Ties, if you have them: who works with whom", rosters.TIES, ties,
          received(set_ties, TIE_FIELDS), set_refused).key(f"ties {arrivals.value}")  # fmt: skip
    solara.Button("Use these people", icon_name="mdi-account-check", color="primary", block=True,
                  classes=["text-none", "mt-4"], disabled=roster is None or job.answer.busy,
                  on_click=lambda: read(orphans))  # fmt: skip
    if job.answer.busy:
        rv.ProgressLinear(indeterminate=True, class_="mt-2", attributes={"aria-label": "Reading the files"})
    if refused:
        solara.Error(refused, dense=True)
    if isinstance(job.answer.value, Trouble) and roster is not None:
        Wrong(job.answer.value, roster, ties, mapping, set_mapping, read)
    solara.Text(f"{KEPT} At most {MOST_PEOPLE:,} people and {MOST_BYTES >> 20} MB a file.",
                classes=["text-body-2", "text--secondary", "d-block", "mt-4"])  # fmt: skip


@solara.component
def _File(
    label: str, accept: str, sent: Sent | None, take: Callable[[Any], None], refuse: Callable[[Any], None]
) -> None:
    with rv.Html(tag="div", class_="mt-3"):
        Upload(label=label, accept=accept, most=MOST_BYTES, event_received=take, event_refused=refuse)
        if sent is not None:
            with rv.Html(tag="div", class_="text-body-1 mt-1", style_="overflow-wrap: anywhere"):
                rv.Icon(children=["mdi-file-check-outline"], color="primary", class_="mr-1")
                solara.Text(sent.name)
