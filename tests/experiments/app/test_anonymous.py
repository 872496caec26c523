"""People without names: the same organisation to the model, and nothing of a person in what is kept."""

from __future__ import annotations

import json

import numpy as np
import pytest

from experiments.app.anonymous import anonymous, as_document, from_document
from experiments.compare import compare
from experiments.inputs import Source, samples
from sim import generate
from sim.organisation import OrganisationError
from sim.scenario import load


@pytest.mark.parametrize("sample", samples())
def test_no_number_changes(sample):
    known = Source(sample).load()
    nobody = anonymous(known)
    assert not set(known.ids) & set(nobody.ids) and nobody.title is nobody.location is nobody.hired is None
    ours, theirs = (
        compare([load("middling")], people, weeks=30, replicates=4).ensembles["middling"].series
        for people in (known, nobody)
    )
    assert np.array_equal(ours, theirs)


@pytest.mark.parametrize("title", ["", "Director"])
def test_a_unit_read_off_the_line_does_not_carry_its_head_s_id(tmp_path, title):
    """Three heads below the top, with a title each, and who reports to them; told before and after ids are gone."""
    heads = [f"K{number},K0,{title}" for number in (1, 2, 3)]
    staff = [f"S{head}{number},K{head}," for head in (1, 2, 3) for number in range(5)]
    (tmp_path / "people.csv").write_text("\n".join(["person_id,manager_id,title", "K0,,", *heads, *staff]))
    known = Source(str(tmp_path / "people.csv")).load()
    assert known.n_units == 4
    assert not any(person in name for name in known.unit_names for person in known.ids)
    assert anonymous(known).unit_names == known.unit_names


@pytest.mark.parametrize("people", [generate(10), generate(300), anonymous(Source("meridian").load())])
def test_a_file_gives_the_same_people_back(people):
    nobody = anonymous(people)
    again = from_document(json.loads(json.dumps(as_document(nobody))), 20_000)
    assert again.fingerprint == nobody.fingerprint


@pytest.mark.parametrize(
    "change",
    [
        {"manager": [0]},
        {"manager": "all"},
        {"unit": [9, 0, 0]},
        {"role": [0, 1, 7]},
        {"manager": [1, 2, 0]},
        {"manager": [-1, 0, 99]},
        {"ties": [[0], [5], [1.0]]},
        {"ties": [[0], [1, 2], [1.0]]},
        {"units": None},
    ],
)
def test_what_does_not_fit_is_refused(change):
    good = {"name": "x", "units": ["A"], "unit": [0, 0, 0], "manager": [-1, 0, 0], "role": [0, 2, 2],
            "ties": [[0], [1], [1.0]]}  # fmt: skip
    assert from_document(good, 10).headcount == 3
    with pytest.raises(OrganisationError):
        from_document({**good, **change}, 10)
    with pytest.raises(OrganisationError, match="at most"):
        from_document(good, 2)
