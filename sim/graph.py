"""The organisation as the arrays that the rules read."""

from __future__ import annotations

import weakref

import numpy as np

from sim.block import Graph
from sim.organisation import Organisation, Role

_graphs: weakref.WeakKeyDictionary[Organisation, Graph] = weakref.WeakKeyDictionary()


def graph_of(organisation: Organisation) -> Graph:
    """The organisation as the arrays the rules read (made once for each organisation)."""
    if organisation not in _graphs:
        _graphs[organisation] = _graph(organisation)
    return _graphs[organisation]


def _graph(organisation: Organisation) -> Graph:
    headcount = organisation.headcount
    has_reports = np.diff(organisation.reports_offsets) > 0
    people = np.flatnonzero(has_reports)
    people = people[np.argsort(organisation.level[people], kind="stable")]  # bosses before their reports
    leader = np.full(headcount, -1, np.int32)
    leader[people] = np.arange(len(people), dtype=np.int32)
    manager = organisation.manager
    boss = np.where(manager >= 0, leader[np.maximum(manager, 0)], -1).astype(np.int32)
    report_counts = np.diff(organisation.reports_offsets)[people]
    report_start = np.concatenate([[0], np.cumsum(report_counts)]).astype(np.int64)
    reports = np.empty(report_start[-1], np.int32)
    inside = np.arange(report_start[-1]) - np.repeat(report_start[:-1], report_counts)
    reports[:] = organisation.reports[np.repeat(organisation.reports_offsets[:-1][people], report_counts) + inside]
    ties = organisation.ties
    counts = np.diff(ties.offsets)
    total = np.zeros(headcount)
    np.add.at(total, np.repeat(np.arange(headcount), counts), ties.weights.astype(np.float64))
    weight = ties.weights / np.repeat(np.where(total > 0, total, 1.0), counts)
    unit_start = np.searchsorted(organisation.unit, np.arange(organisation.n_units + 1)).astype(np.int64)
    return Graph(
        organisation.unit.astype(np.int32),
        unit_start,
        boss,
        leader,
        people.astype(np.int32),
        boss[people],
        (organisation.role[people] == Role.EXECUTIVE).astype(np.uint8),
        report_start,
        reports,
        ties.offsets.astype(np.int64),
        ties.neighbours.astype(np.int32),
        weight.astype(np.float32),
    )
