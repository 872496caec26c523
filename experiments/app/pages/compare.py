"""Page *Compare*: two to four programmes on the same people, seeds and worlds; and what a turned lever does to them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import reacton.ipyvuetify as rv
import solara

from experiments import outcomes, words
from experiments.app import session, sharing
from experiments.app.background import BAD_INPUT, use_latest
from experiments.app.components import Plot
from experiments.app.plans import Plan, setting, value_of
from experiments.app.views import View, Views, shown
from experiments.app.work import Work
from experiments.compare import Comparison, compare
from experiments.figures import style_of
from experiments.forest import differences
from experiments.gallery import adoption, logged, reach, stages
from experiments.lever_words import named
from sim.organisation import Organisation
from sim.passports import levers
from sim.sizing import Settings

FIGURES = {"adoption": adoption, "stages": stages, "logged": logged, "reach": reach, "differences": differences}
VIEWS = (View("adoption", "Who uses it"), View("stages", "Where people stand"), View("logged", "Logged, and by choice"),
         View("reach", "Tried, and in use"), View("differences", "More or less than the first"))  # fmt: skip
QUICK = ("leaders.modelling", "managers.inspection", "managers.resistant_share", "champions.one_per",
         "training.task_focus", "environment.reward_quality")  # fmt: skip
"""Levers offered first."""


@dataclass(frozen=True)
class _Asked:
    """What is compared: everything that decides the numbers."""

    organisation: Organisation
    plans: tuple[Plan, ...]
    weeks: int
    replicates: int
    seed: int


def compared(asked: _Asked) -> Comparison:
    """The comparison that ``uptake compare`` makes of the same. Raises InputError."""
    with sharing.ENGINE:
        return compare(
            [plan.scenario for plan in asked.plans],
            asked.organisation,
            weeks=asked.weeks,
            replicates=asked.replicates,
            seed=asked.seed,
            settings=Settings(),
        )


@solara.component
def Page() -> None:
    """The whole page."""
    work = session.work.value
    answer = use_latest(_answer, work)
    _Turn(work)
    if answer.error:
        solara.Error(answer.error)
        return
    comparison = answer.value
    if comparison is None:
        solara.ProgressLinear(True)
        return
    solara.ProgressLinear(answer.busy)
    _Verdict(comparison)
    with rv.Card(outlined=True, class_="my-3"):
        views = VIEWS if len(comparison.names) > 1 else VIEWS[:-1]
        Views(views)
        with rv.CardText(class_="px-2"):
            Plot(FIGURES[shown(views).key](comparison))
    _Outcomes(comparison)


def _answer(work: Work) -> Comparison:
    organisation = sharing.people(session.session_id(), work.people)
    return compared(_Asked(organisation, work.plans, work.weeks, work.replicates, work.seed))


@solara.component
def _Turn(work: Work) -> None:
    """Turn one lever of one plan and see all of it again."""
    key = solara.use_reactive(QUICK[0])
    plan, lever = work.chosen, levers()[key.value]
    names = {each.name: place for place, each in enumerate(work.plans)}
    try:
        value = value_of(plan, key.value)
    except BAD_INPUT as error:
        solara.Error(str(error))
        return

    def turn(wanted: float) -> None:
        wanted = round(wanted) if lever.whole or lever.choices else wanted
        if wanted != value:
            session.change(lambda w: w.with_plan(w.chosen.changed(f"levers.{key.value}", setting(key.value, wanted))))

    with rv.Card(outlined=True, class_="my-3"), rv.CardText(), rv.Row(align="center", dense=True):
        with rv.Col(cols=12, sm=6, md=3):
            rv.Select(
                label="Programme",
                items=list(names),
                v_model=plan.name,
                on_v_model=lambda name: session.change(lambda w: replace(w, plan=names[name])),
                dense=True,
                hide_details=True,
            )
        with rv.Col(cols=12, sm=6, md=3):
            order = [*QUICK, *(k for k in levers() if k not in QUICK)]
            rv.Select(
                label="Lever",
                items=[{"text": named(k), "value": k} for k in order],
                v_model=key.value,
                on_v_model=key.set,
                dense=True,
                hide_details=True,
            )
        with rv.Col(cols=12, md=6):
            fine = 1.0 if lever.whole or lever.choices else (lever.high - lever.low) / 40
            rv.Slider(
                v_model=value,
                on_v_model=turn,
                min=lever.low,
                max=lever.high,
                step=fine,
                hide_details=True,
                label=f"{lever.spoken(value)} ({lever.unit})" if not lever.choices else lever.spoken(value),
                inverse_label=True,
                attributes={"aria-label": named(key.value)},
            )
            solara.Text(lever.meaning, classes=["text-caption", "text--secondary"])


@solara.component
def _Verdict(c: Comparison) -> None:
    """The verdict in words, large enough for a room."""
    with rv.Card(outlined=True, class_="my-3"), rv.CardText():
        if len(c.names) == 1:
            solara.Text("Add a second programme on the page Programme to compare it with.")
        for sentence in words.verdicts(c):
            rv.Html(tag="p", children=[sentence], class_="mb-2 text-h6 font-weight-regular")
        for name in c.names[1:]:
            rest = [c.difference(name, o) for o in outcomes.SHOWN if o != outcomes.PRIMARY]
            if also := words.trade_offs(rest):
                rv.Html(tag="p", children=[f"{name}: {also}"], class_="mb-1 text-body-2 text--secondary")
        rv.Html(tag="p", children=[words.INSIGHT], class_="mb-0 text-caption text--secondary")


@solara.component
def _Outcomes(c: Comparison) -> None:
    """The outcomes at the end, with the difference from the first programme and how often each is better."""
    with rv.Card(outlined=True, class_="my-3"):
        rv.CardTitle(
            children=[f"After {words.counted(c.weeks, 'week')}, over {words.runs(c)}"], class_="text-subtitle-1"
        )
        with rv.Html(tag="div", style_="overflow-x: auto"), rv.SimpleTable(dense=True):
            with rv.Html(tag="thead"), rv.Html(tag="tr"):
                rv.Html(tag="th", children=["outcome"])
                for place, name in enumerate(c.names):
                    rv.Html(tag="th", children=[name], style_=f"border-bottom: 3px solid {style_of(place)[0]}")
            with rv.Html(tag="tbody"):
                for key in outcomes.SHOWN:
                    with rv.Html(tag="tr"):
                        _row(c, key)


def _row(c: Comparison, key: str) -> None:
    outcome = outcomes.ALL[key]
    unit = "" if outcome.is_share else f" ({outcome.unit})"
    rv.Html(tag="td", children=[f"{words.label(key)}{unit}"], attributes={"title": outcome.meaning})
    for name in c.names:
        spread = c.at_end[name][key]
        mean = rv.Html(tag="b", children=[words.number(spread.mean, outcome)])
        children = [mean, f"  {words.interval(spread, outcome)}"]
        if name != c.base:
            d = c.difference(name, key)
            if d.mean is not None and d.share_better is not None:
                span = words.interval(d, outcome)
                told = words.number(d.mean, outcome, signed=True) + (f" ({span})" if span else "")
                told += f", better in {words.percent(d.share_better)}"
                children.append(rv.Html(tag="div", children=[told], class_="text-caption text--secondary"))
        rv.Html(tag="td", children=children)
