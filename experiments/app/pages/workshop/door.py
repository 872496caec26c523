"""How one comes into a workshop: open one, join one by its code, go on with one, reopen one from its file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import cast

import reacton.ipyvuetify as rv
import solara
from solara.lab.utils.cookies import cookies

from experiments.app import session
from experiments.app.background import BAD_INPUT
from experiments.app.components import Upload
from experiments.app.fields import Field, NameField, Refused
from experiments.app.pages.workshop.applying import use_apply
from experiments.app.pages.workshop.terms import TermsForm, TermsInWords
from experiments.app.sent import text_of
from experiments.app.server import reach
from experiments.app.workshops import file as workshop_file
from experiments.app.workshops.rules import CODE_LENGTH, Terms, Workshop, joined, opened, taken_over
from experiments.app.workshops.shelf import Kept, shelf

Enter = Callable[[Workshop], None]
Say = Callable[[str], None]


@solara.component
def Door(enter: Enter) -> None:
    """For a browser in no workshop. Teams that came over the network can only join one."""
    error = solara.use_reactive("")
    guest = reach.by_code(cookies.value)
    Refused(error.value)
    if guest:
        with rv.Html(tag="div", class_="mx-auto", style_="max-width: 560px"):
            _JoinByCode(enter, error.set)
            _Mine(enter)
        return
    with rv.Row():
        with rv.Col(cols=12, md=7):
            _Open(enter, error.set)
        with rv.Col(cols=12, md=5):
            _JoinByCode(enter, error.set)
            _Mine(enter)
            _Reopen(enter, error.set)


@solara.component
def _Open(enter: Enter, said: Say) -> None:
    work = session.work.value
    title = solara.use_reactive("Strategy workshop")
    terms = solara.use_reactive(Terms(work.people, work.weeks, work.replicates, work.seed))

    def open_it() -> None:
        try:
            found = opened(title.value, replace(terms.value, people=work.people), session.session_id())
            uploaded = session.organisation() if work.people.uploaded else None
            enter(shelf().add(found, uploaded))
        except (*BAD_INPUT, OSError) as error:
            said(str(error))

    with rv.Card(outlined=True):
        rv.CardTitle(children=["Open a workshop"])
        with rv.CardText():
            rv.Html(tag="p", class_="text-body-1", children=[
                "You are the facilitator. Teams join by a code, build a plan within the budget and write down their "
                "guess; then all plans run on the people of the page Organisation, in the same worlds."])  # fmt: skip
            NameField("Title", title.value, title.set, class_="mt-4")
            TermsForm(terms.value, terms.set)
            solara.Button("Open the workshop", on_click=open_it, color="primary", classes=["mt-3"])


@solara.component
def _JoinByCode(enter: Enter, said: Say) -> None:
    code = solara.use_reactive("")

    def join() -> None:
        try:
            enter(shelf().get(code.value))
        except BAD_INPUT as error:
            said(str(error))

    with rv.Card(outlined=True):
        rv.CardTitle(children=["Join as a team"])
        with rv.CardText():
            Field("Code on the screen", code.value, code.set, join, counter=CODE_LENGTH)
            solara.Button("Join", on_click=join, color="primary")


@solara.component
def _Mine(enter: Enter) -> None:
    """Workshops that this browser leads or is a team of."""
    session_id = session.session_id()
    mine = [each for each in shelf().workshops() if each.led_by(session_id) or each.team_of(session_id)]
    if mine:
        with rv.Card(outlined=True, class_="mt-3"):
            rv.CardTitle(children=["Go on with"])
            with rv.CardText():
                for workshop in mine:
                    label = f"{workshop.title} ({workshop.code})"
                    solara.Button(label, text=True, on_click=lambda w=workshop: enter(w))


@solara.component
def _Reopen(enter: Enter, said: Say) -> None:
    """A workshop's file from another laptop; one that is here already does not give way unasked."""
    there, set_there = solara.use_state(cast(Kept | None, None))

    def put(found: Kept) -> None:
        try:
            enter(shelf().add(found.workshop, found.organisation))
        except (*BAD_INPUT, OSError) as error:
            said(str(error))

    def received(sent: dict) -> None:
        set_there(None)
        said("")
        try:
            workshop, organisation = workshop_file.from_text(text_of(sent, workshop_file.LARGEST))
        except (*BAD_INPUT, OSError) as error:
            said(str(error))
            return
        found = Kept(taken_over(workshop, session.session_id()), organisation)
        if workshop.code in shelf().codes():
            set_there(found)
        else:
            put(found)

    with rv.Card(outlined=True, class_="mt-3"):
        rv.CardTitle(children=["Reopen from a file"])
        with rv.CardText():
            Upload(label="A workshop saved on another laptop", accept=".json", most=workshop_file.LARGEST,
                   event_received=received, event_refused=said)  # fmt: skip
            if there is not None:
                _Replace(there.workshop, lambda: put(there), lambda: set_there(None))


@solara.component
def _Replace(workshop: Workshop, replace_it: Callable[[], None], keep: Callable[[], None]) -> None:
    """Asked before a file takes the place of a workshop that is here."""
    solara.Warning(f"“{workshop.title}” ({workshop.code}) is here already. The file would bring everything back to "
                   "when it was saved, and all teams would join again.")  # fmt: skip
    with rv.Html(tag="div", class_="d-flex flex-wrap mt-2", style_="gap: 8px"):
        solara.Button("Put the file in its place", on_click=replace_it, outlined=True)
        solara.Button("Keep what is here", on_click=keep, color="primary")


@solara.component
def Join(workshop: Workshop, enter: Enter) -> None:
    """For a browser that knows the code and is no team yet."""
    name = solara.use_reactive("")
    apply, error = use_apply(workshop.code, enter)

    def join() -> None:
        apply(lambda w: joined(w, name.value, session.session_id()))

    with rv.Card(outlined=True, max_width=640, class_="mx-auto mt-4"):
        rv.CardTitle(children=[f"Welcome to {workshop.title}"])
        with rv.CardText():
            TermsInWords(workshop.terms)
            NameField("Your team's name", name.value, name.set, join, class_="mt-4", autofocus=True)
            Refused(error)
            solara.Button("Join", on_click=join, color="primary")
            solara.Button("Another workshop", on_click=session.leave_workshop, text=True)
