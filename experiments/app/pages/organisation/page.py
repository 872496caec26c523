"""Page Organisation: whom programmes are tried on, and what they look like."""

from __future__ import annotations

from dataclasses import replace

import reacton.ipyvuetify as rv
import solara

from experiments import words
from experiments.app import organisations, orgchart, session
from experiments.app.background import use_latest
from experiments.app.components import OrgChart, Plot
from experiments.app.pages.organisation.colouring import COLOURED_BY, colouring
from experiments.app.pages.organisation.generating import Generate
from experiments.app.pages.organisation.uploading import UploadRoster, arrivals
from experiments.app.views import View
from experiments.app.work import People
from experiments.figures.organisation import shape
from experiments.inputs import samples
from sim.organisation import Description, Organisation, describe
from sim.organisation.generate import SMALLEST_UNIT

VIEWS = (View("", "Reporting line"),)
SOURCES = (("Generate", "mdi-tune"), ("Sample", "mdi-bookshelf"), ("Upload", "mdi-upload"))
CHART, LARGE = "380px", "calc(100vh - 18.5rem)"
"""Height of the chart of the reporting line on a page, and in a presentation."""


@solara.component
def Page() -> None:
    """Where the people come from, and what they look like."""
    people, present = session.work.value.people, session.work.value.present
    source, set_source = solara.use_state(2 if people.uploaded else 1 if people.sample else 0)
    answer = use_latest(_found, session.session_id(), people, arrivals.value)
    with rv.Row():
        with rv.Col(cols=12, md=4, style_="display: none" if present else ""), rv.Card(outlined=True):
            with rv.Tabs(v_model=source, on_v_model=set_source, grow=True):
                for label, icon in SOURCES:
                    rv.Tab(children=[rv.Icon(children=[icon], left=True), label], class_="text-none px-1")
            with rv.Html(tag="div", class_="pa-4"):
                (Generate, Samples, UploadRoster)[source]()
        with rv.Col(cols=12, md=12 if present else 8):
            if answer.error:
                solara.Error(answer.error)
            elif answer.value is None:
                solara.Text("Making the organisation …")
            else:
                Shown(answer.value, titled(people, answer.value), fewer_units(people.units, answer.value.n_units))


def _found(session_id: str, wanted: People, _: int) -> Organisation:
    return organisations.of(session_id, wanted)


@solara.component
def Samples() -> None:
    """Rosters that come with the explorer."""
    chosen = session.work.value.people.sample

    def take(name: str) -> None:
        session.change(lambda work: replace(work, people=People(name)))

    solara.Text("Invented firms, complete with who works with whom.")
    for name in samples():
        label = f"{name.capitalize()} is shown" if name == chosen else f"Show {name.capitalize()}"
        solara.Button(label, icon_name="mdi-check" if name == chosen else "mdi-domain", outlined=name != chosen,
                      color="primary", block=True, classes=["text-none", "mt-3"],
                      on_click=lambda name=name: take(name))  # fmt: skip


@solara.component
def Shown(organisation: Organisation, title: str, remark: str) -> None:
    """An organisation in numbers, with what is to be said of them; as a chart, and by layers and spans."""
    described = solara.use_memo(lambda: describe(organisation), [organisation.fingerprint, organisation.name])
    with rv.Card(outlined=True, class_="pa-4"):
        rv.Html(tag="h2", class_="text-h5", children=[title])
        with rv.Row(class_="mt-1"):
            for number, what in tiles(organisation.n_units, described):
                with rv.Col(cols=6, sm=4, lg=2, class_="py-2"):
                    rv.Html(tag="div", class_="text-h5 primary--text", children=[number])
                    rv.Html(tag="div", class_="text-body-2", children=[what])
        if remark:
            solara.Info(remark, dense=True, icon=False)
        Chart(organisation)
    if session.work.value.present:
        return
    with rv.Card(outlined=True, class_="pa-4 mt-4"):
        rv.Html(tag="h2", class_="text-h6", children=["Layers and spans"])
        Plot(shape(organisation))
    for notice in organisation.notices:
        solara.Info(words.first_up(notice), dense=True, icon=False)


@solara.component
def Chart(organisation: Organisation) -> None:
    """Everyone in the reporting line, coloured by layer, unit or role."""
    by, set_by = solara.use_state(0)
    drawn = solara.use_memo(lambda: orgchart.text(organisation), [organisation.fingerprint, organisation.name])
    codes, colours, names = colouring(organisation, COLOURED_BY[by])
    with rv.Html(tag="div", class_="d-flex flex-wrap align-center mt-2", style_="gap: 8px"):
        solara.Text("Coloured by")
        with rv.BtnToggle(v_model=by, on_v_model=set_by, mandatory=True, dense=True):
            for label in COLOURED_BY:
                rv.Btn(children=[label.lower()], class_="text-none", small=True)
        for name, colour in names:
            with rv.Html(tag="span", class_="text-body-2"):
                rv.Icon(children=["mdi-square"], color=colour, small=True, class_="mr-1")
                solara.Text(name)
    OrgChart(
        boxes=drawn, colours=colours, fills=orgchart.fills(codes), height=LARGE if session.work.value.present else CHART
    )


def titled(people: People, organisation: Organisation) -> str:
    """What the organisation is called on the page."""
    if people.uploaded:
        return f"{organisation.name}, as uploaded"
    return people.sample.capitalize() or "A generated organisation"


def tiles(units: int, d: Description) -> list[tuple[str, str]]:
    """The numbers that say most, each with what it counts."""
    spans = d.spans
    return [
        _tile(d.headcount, "person", "people"),
        _tile(d.depth + 1, "layer", "layers"),
        _tile(units, "unit", "units"),
        _tile(spans.managers, "manager", "managers"),
        ("none" if spans.median is None else f"{spans.median:g}", "direct reports, median"),
        ("none" if spans.largest is None else f"{spans.largest:,}", "direct reports, most"),
    ]


def _tile(count: int, one: str, many: str) -> tuple[str, str]:
    return f"{count:,}", one if count == 1 else many


def fewer_units(wanted: int, found: int) -> str:
    """Why there are fewer units than were wanted; empty where there are not."""
    if found >= wanted:
        return ""
    return (
        f"There {'is' if found == 1 else 'are'} {words.counted(found, 'unit')}, not {wanted}: a unit is a manager's "
        f"whole part of the reporting line, of at least {SMALLEST_UNIT} people, and there are no more of these."
    )
