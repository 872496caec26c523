"""Page *Workshop*: open one, join one; the facilitator's side, a team's side, and the results for all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import reacton.ipyvuetify as rv
import solara

from experiments.app import rooms, session, sharing, workshop_file
from experiments.app.components import Upload
from experiments.app.pages.workshop_facilitator import Facilitator
from experiments.app.pages.workshop_team import TeamSide
from experiments.app.pages.workshop_terms import TermsForm, terms_in_words
from experiments.app.uploads import MOST_BYTES
from experiments.app.views import View
from experiments.app.work import Work
from experiments.app.workshop import Terms, Workshop, joined, opened, taken_over
from sim.organisation import OrganisationError
from sim.passports import InputError

VIEWS = (View("", "Where the teams stand"),)


@solara.component
def Page() -> None:
    """The side of the workshop that this browser is on."""
    work = session.work.value
    workshop = rooms.use_workshop(work.workshop)
    if workshop is None:
        if work.workshop:
            solara.Warning(f"There is no workshop {work.workshop} on this machine.")
        _Door()
        return
    team = workshop.team_of(session.session_id())
    if workshop.key == session.session_id():
        Facilitator(workshop)
    elif team is not None:
        TeamSide(workshop, team, by_facilitator=False)
    else:
        _Join(workshop)


def enter(workshop: Workshop) -> None:
    """Take this page into a workshop: its people, weeks, worlds and seed hold on the other pages too."""
    terms = workshop.terms
    rooms.people(workshop)
    session.change(
        lambda work: replace(work, people=terms.people, weeks=terms.weeks, replicates=terms.replicates,
                             seed=terms.seed, workshop=workshop.code)
    )  # fmt: skip


@solara.component
def _Door() -> None:
    """Open a workshop, join one, or reopen one from its file."""
    error = solara.use_reactive("")
    with rv.Row():
        with rv.Col(cols=12, md=7):
            _Open(error.set)
        with rv.Col(cols=12, md=5):
            _JoinByCode(error.set)
            _Mine()
            _Reopen(error.set)
    if error.value:
        solara.Error(error.value)


@solara.component
def _Open(said: Callable[[str], None]) -> None:
    work = session.work.value
    title = solara.use_reactive("Strategy workshop")
    terms = solara.use_reactive(_terms_of(work))

    def open_it() -> None:
        try:
            found = opened(title.value, replace(terms.value, people=work.people), session.session_id())
            uploaded = session.organisation() if work.people.uploaded else None
            enter(sharing.shelf().add(found, uploaded))
        except (InputError, OrganisationError, OSError) as error:
            said(str(error))

    with rv.Card(outlined=True):
        rv.CardTitle(children=["Open a workshop"])
        with rv.CardText():
            solara.Text("You are the facilitator. Teams join by a code, build a plan within the budget, write down "
                        "their guess, and then all plans run on the same worlds.")  # fmt: skip
            rv.TextField(label="Title", v_model=title.value, on_v_model=title.set, class_="mt-4")
            TermsForm(terms.value, terms.set)
            solara.Button("Open the workshop", on_click=open_it, color="primary", classes=["mt-3"])


def _terms_of(work: Work) -> Terms:
    return Terms(work.people, work.weeks, work.replicates, work.seed)


@solara.component
def _JoinByCode(said: Callable[[str], None]) -> None:
    code = solara.use_reactive("")

    def join() -> None:
        try:
            enter(sharing.shelf().get(code.value))
        except (InputError, OrganisationError) as error:
            said(str(error))

    with rv.Card(outlined=True):
        rv.CardTitle(children=["Join as a team"])
        with rv.CardText():
            rv.TextField(label="Code on the facilitator's screen", v_model=code.value, on_v_model=code.set, counter=5)
            solara.Button("Join", on_click=join, color="primary", disabled=not code.value.strip())


@solara.component
def _Mine() -> None:
    """Workshops that this browser opened."""
    shelf, session_id = sharing.shelf(), session.session_id()
    mine = [w for w in map(shelf.get, shelf.codes()) if w.key == session_id]
    if mine:
        with rv.Card(outlined=True, class_="mt-3"):
            rv.CardTitle(children=["Go on with"])
            with rv.CardText():
                for workshop in mine:
                    label = f"{workshop.title} ({workshop.code})"
                    solara.Button(label, text=True, on_click=lambda w=workshop: enter(w))


@solara.component
def _Reopen(said: Callable[[str], None]) -> None:
    """A workshop's file from another laptop."""

    def received(sent: dict) -> None:
        path = sharing.UPLOADS.take(session.session_id(), sent["ticket"], sent["name"])
        if path is None:
            said("the file did not arrive; send it again")
            return
        try:
            found, organisation = workshop_file.from_text(path.read_text(encoding="utf-8"))
            enter(sharing.shelf().add(taken_over(found, session.session_id()), organisation))
        except (InputError, OrganisationError, OSError, UnicodeDecodeError) as error:
            said(f"{sent['name']}: {error}")
        finally:
            path.unlink(missing_ok=True)

    with rv.Card(outlined=True, class_="mt-3"):
        rv.CardTitle(children=["Reopen from a file"])
        with rv.CardText():
            Upload(label="A workshop saved on another laptop", accept=".json", most=MOST_BYTES,
                   event_received=received, event_refused=said)  # fmt: skip


@solara.component
def _Join(workshop: Workshop) -> None:
    """A browser that knows the code and is no team yet."""
    name, error = solara.use_reactive(""), solara.use_reactive("")

    def join() -> None:
        try:
            after = sharing.shelf().change(workshop.code, lambda w: joined(w, name.value, session.session_id()))
            enter(after)
        except (InputError, OrganisationError, OSError) as problem:
            error.set(str(problem))

    with rv.Card(outlined=True, max_width=560, class_="mx-auto mt-4"):
        rv.CardTitle(children=[workshop.title])
        with rv.CardText():
            solara.Text(terms_in_words(workshop.terms))
            rv.TextField(label="Your team's name", v_model=name.value, on_v_model=name.set, counter=60, class_="mt-4")
            if error.value:
                solara.Error(error.value)
            solara.Button("Join", on_click=join, color="primary", disabled=not name.value.strip())
            solara.Button("Another workshop", on_click=session.leave_workshop, text=True)
