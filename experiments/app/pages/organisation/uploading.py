"""The upload of a roster, and of ties: what is wrong in which row, what may be decided, and what is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import reacton.ipyvuetify as rv
import solara

from experiments import words
from experiments.app import organisations, session
from experiments.app.background import use_job
from experiments.app.components import Upload
from experiments.app.pages.organisation import rosters
from experiments.app.pages.organisation.mending import Wrong
from experiments.app.pages.organisation.rosters import Draft, Sent, Trouble
from experiments.app.sent import taken
from experiments.app.server.uploads import MOST_BYTES
from experiments.app.work import MOST_PEOPLE, People
from sim.organisation import Organisation
from sim.passports import InputError

KEPT = (
    "Names, ids, titles, places and dates are dropped as the files are read; the files are removed then, or when you "
    "leave. What is to be mended is shown to you as it stands in the file. People are kept as role, unit and reporting "
    "line, in this program's memory alone and never in the address; only a workshop that is held on them saves them so."
)
FILES = (
    ("roster", "Roster: one row a person, with their id and their manager's", rosters.ROSTERS),
    ("ties", "Ties, if you have them: who works with whom", rosters.TIES),
)
arrivals: solara.Reactive[int] = solara.reactive(0)
"""How often people arrived on this page: the same ones may come again, under another name."""


@solara.component
def UploadRoster() -> None:
    """Two files and what is to be decided about them; then the people, without names."""
    people, session_id = session.work.value.people, session.session_id()
    draft, set_draft = solara.use_state(Draft())
    refused, set_refused = solara.use_state("")
    take, forget = use_files()
    job = use_job()

    def received(kind: str, given: dict[str, Any]) -> None:
        try:
            sent = take(given)
        except InputError as error:
            set_refused(str(error))
            return
        set_refused("")
        job.stop()
        set_draft(lambda now: now.sending(kind, sent))

    def read(decided: Draft) -> None:
        set_draft(decided)
        job.start(lambda *_: rosters.tried(decided))

    def arrived() -> None:
        found: Organisation | Trouble | None = job.answer.value
        if isinstance(found, Organisation):
            organisations.ROSTERS.keep(session_id, found)
            forget()
            set_draft(Draft())
            session.change(lambda work: replace(work, people=People(uploaded=found.fingerprint)))
            arrivals.set(arrivals.value + 1)

    solara.use_effect(arrived, [job.answer.value])

    if people.uploaded and organisations.ROSTERS.get(session_id, people.uploaded):
        solara.Success(f"An uploaded roster is shown (fingerprint {people.uploaded}).", dense=True)
    for kind, label, accept in FILES:
        _File(label, accept, getattr(draft, kind), partial(received, kind), set_refused).key(f"{kind} {arrivals.value}")
    solara.Button("Use these people", icon_name="mdi-account-check", color="primary", block=True,
                  classes=["text-none", "mt-4"], disabled=draft.roster is None or job.answer.busy,
                  on_click=lambda: read(draft))  # fmt: skip
    if job.answer.busy:
        rv.ProgressLinear(indeterminate=True, class_="mt-2", attributes={"aria-label": "Reading the files"})
    if wrong := refused or job.answer.error:
        solara.Error(words.first_up(wrong), dense=True)
    if isinstance(job.answer.value, Trouble):
        Wrong(job.answer.value, draft, set_draft, read)
    solara.Text(f"{KEPT} At most {MOST_PEOPLE:,} people and {MOST_BYTES >> 20} MB a file.",
                classes=["text-body-2", "text--secondary", "d-block", "mt-4"])  # fmt: skip


def use_files() -> tuple[Callable[[dict[str, Any]], Sent], Callable[[], None]]:
    """``take`` a file that has arrived, or raise InputError; ``forget`` removes all that were taken, as does leaving
    the page."""
    held: Any = solara.use_ref([])

    def take(given: dict[str, Any]) -> Sent:
        sent = Sent(taken(given), given["name"])
        held.current = [*held.current, sent]
        return sent

    def forget() -> None:
        for sent in held.current:
            sent.remove()
        held.current = []

    solara.use_effect(lambda: forget, [])
    return take, forget


@solara.component
def _File(
    label: str, accept: str, sent: Sent | None, receive: Callable[[Any], None], refuse: Callable[[Any], None]
) -> None:
    with rv.Html(tag="div", class_="mt-3"):
        Upload(label=label, accept=accept, most=MOST_BYTES, event_received=receive, event_refused=refuse)
        if sent is not None:
            with rv.Html(tag="div", class_="text-body-1 mt-1", style_="overflow-wrap: anywhere"):
                rv.Icon(children=["mdi-file-check-outline"], color="primary", class_="mr-1")
                solara.Text(sent.name)
