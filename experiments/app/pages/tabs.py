"""The pages in the order in which a workshop goes through them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from experiments.app.pages.compare import page as compare
from experiments.app.pages.matters import page as matters
from experiments.app.pages.organisation import page as organisation
from experiments.app.pages.programme import page as programme
from experiments.app.pages.watch import page as watch
from experiments.app.pages.workshop import page as workshop
from experiments.app.views import View


@dataclass(frozen=True)
class Tab:
    """A page. ``path``: where it is, after the first slash. ``question``: what it answers, in a line.
    ``tells_results``: whether it shows what comes of plans."""

    path: str
    label: str
    icon: str
    page: Any
    views: tuple[View, ...]
    question: str
    tells_results: bool = False


TABS = (
    Tab("", "Organisation", "mdi-sitemap", organisation.Page, organisation.VIEWS,
        "Whom is it about? Generate an organisation, take a sample, or upload your own."),
    Tab("programme", "Programme", "mdi-tune", programme.Page, programme.VIEWS,
        "What will you do? Build on a scenario, set its levers, and see what happens in which week."),
    Tab("watch", "Watch", "mdi-play-circle-outline", watch.Page, watch.VIEWS,
        "How might it go? One run of one plan, week by week and person by person.", tells_results=True),
    Tab("compare", "Compare", "mdi-compare", compare.Page, compare.VIEWS,
        "Which plan does better, by how much and how often? All on the same people and in the same worlds.",
        tells_results=True),
    Tab("matters", "What matters", "mdi-scale-balance", matters.Page, matters.VIEWS,
        "Which levers decide, and where does success turn into failure?", tells_results=True),
    Tab("workshop", "Workshop", "mdi-account-group", workshop.Page, workshop.VIEWS,
        "Teams plan within a budget and write down their guess; then all plans run in the same worlds."),
)  # fmt: skip


def tab_at(path: str) -> Tab:
    """The page that the first part of a path names; the first for one that there is not."""
    name = path.strip("/").partition("/")[0]
    return next((tab for tab in TABS if tab.path == name), TABS[0])
