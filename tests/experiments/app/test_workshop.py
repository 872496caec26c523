"""The rules of a workshop, its file, and the shelf that keeps it through crashes."""

from __future__ import annotations

import json
from dataclasses import replace
from math import inf

import pytest
from starlette.requests import Request

from experiments import outcomes
from experiments.app.anonymous import anonymous
from experiments.app.plans import plan
from experiments.app.server.uploads import Uploads
from experiments.app.work import MOST_PEOPLE, People
from experiments.app.workshops import file as workshop_file
from experiments.app.workshops.guess import read_guess
from experiments.app.workshops.rules import (
    PLANNING,
    PLAYED,
    REVEALED,
    Terms,
    another_round,
    changed,
    drafted,
    guessed,
    handed_in,
    joined,
    opened,
    played,
    released,
    removed,
    shown,
    taken_back,
    taken_over,
)
from experiments.app.workshops.shelf import SUFFIX, Shelf
from experiments.inputs import Source
from sim.passports import InputError

TERMS = Terms(People(headcount=60), weeks=52, replicates=16, budget=100_000.0, hours=inf)


def with_teams(*names):
    workshop = opened("Strategy day", TERMS, "facilitator")
    for name in names:
        workshop = joined(workshop, name, f"session of {name}")
        workshop = drafted(workshop, name, plan("x", "middling", {"levers.managers.inspection": "0.9"}))
    return workshop


def hands_in(workshop, name, guess, why, cost, hours):
    return handed_in(guessed(workshop, name, guess, why), name, cost, hours)


def test_a_round_from_joining_to_revealing():
    workshop = with_teams("North", "South")
    assert workshop.team("North").plan.name == "North"
    workshop = hands_in(workshop, "North", 0.4, "managers ask", 90_000, 100)
    with pytest.raises(InputError, match="take it back"):
        drafted(workshop, "North", plan("x", "typical"))
    with pytest.raises(InputError, match="take it back"):
        guessed(workshop, "North", 0.6, "I know better now")
    workshop = drafted(taken_back(workshop, "North"), "North", plan("x", "well-run"))
    workshop = hands_in(workshop, "North", 0.5, "", 90_000, 100)
    workshop = played(workshop)
    assert workshop.phase == PLAYED
    for rule in (lambda w: drafted(w, "South", plan("x", "typical")), lambda w: guessed(w, "North", 0.6, ""),
                 lambda w: joined(w, "Late"),
                 lambda w: hands_in(w, "South", 0.1, "", 1, 1), played, lambda w: removed(w, "South"),
                 lambda w: changed(w, TERMS)):  # fmt: skip
        with pytest.raises(InputError, match="another round"):
            rule(workshop)
    assert shown(workshop, True).phase == REVEALED and shown(shown(workshop, True), False).phase == PLAYED
    again = another_round(workshop)
    assert again.phase == PLANNING and again.team("North").guess is None and again.team("North").plan.base == "well-run"


@pytest.mark.parametrize("amount", [0.0, -1.0, float("nan")])
@pytest.mark.parametrize("which", ["budget", "hours"])
def test_a_limit_is_an_amount(which, amount):
    with pytest.raises(InputError, match=f"{which} must be an amount above nought"):
        opened("Strategy day", replace(TERMS, **{which: amount}), "facilitator")


@pytest.mark.parametrize(
    ("guess", "cost", "hours", "said"),
    [
        (None, 1, 1, "guess"),
        (float("nan"), 1, 1, "a guess is a number"),
        (float("inf"), 1, 1, "a guess is a number"),
        (1.2, 1, 1, "from 0 to 100"),
        (0.5, 100_001, 1, "takes 1 more money than there is"),
        (0.5, 1, 502, "takes 2 more hours of people's time than there is"),
    ],
)
def test_handing_in_needs_a_guess_and_keeps_to_the_budget(guess, cost, hours, said):
    workshop = with_teams("North")
    workshop = replace(workshop, terms=replace(workshop.terms, hours=500))
    with pytest.raises(InputError, match=said):
        hands_in(workshop, "North", guess, "", cost, hours)
    assert not workshop.team("North").ready


@pytest.mark.parametrize(("outcome", "what"), [("capacity_gain", "working time"), ("sinking", "managers")])
def test_a_guess_says_what_it_is_a_share_of(outcome, what):
    workshop = changed(with_teams("North"), replace(TERMS, outcome=outcome))
    with pytest.raises(InputError, match=f"what will {outcome.replace('_', ' ')} be"):
        handed_in(workshop, "North", 1, 1)
    with pytest.raises(InputError, match=f"a share of {what}, from 0 to 100 %, not 120 %"):
        hands_in(workshop, "North", 1.2, "", 1, 1)


def test_what_is_too_long_is_named_and_never_cut():
    with pytest.raises(InputError, match="the title has 61 letters"):
        opened("x" * 61, TERMS, "facilitator")
    with pytest.raises(InputError, match="give it a title"):
        opened(" ", TERMS, "facilitator")
    with pytest.raises(InputError, match="the name has 61 letters"):
        with_teams("x" * 61)
    with pytest.raises(InputError, match="the reason has 501 letters; keep it within 500"):
        guessed(with_teams("North"), "North", 0.3, "x" * 501)


def test_names_are_taken_once_and_nothing_plays_or_shows_too_soon():
    workshop = with_teams("North")
    with pytest.raises(InputError, match="already"):
        joined(workshop, " north ")
    with pytest.raises(InputError, match="handed in"):
        played(workshop)
    with pytest.raises(InputError, match="before the plans are played"):
        shown(workshop, True)
    with pytest.raises(InputError, match="no team"):
        removed(workshop, "South")


def test_the_week_of_payback_ranks_nothing():
    """Its mean is over the worlds that pay back at all."""
    with pytest.raises(InputError, match="let “paid back” count"):
        changed(with_teams("North"), replace(TERMS, outcome="payback_week"))
    assert changed(with_teams("North"), replace(TERMS, outcome="paid_back")).terms.outcome == "paid_back"


@pytest.mark.parametrize(
    ("text", "outcome", "guess"),
    [("", "habitual", None), (" 30 % ", "habitual", 0.3), ("5,5", "habitual", 0.055), ("0.4", "trust", 0.4),
     ("190,000", "cost", 190_000), ("190k", "cost", 190_000), ("1.2M", "value", 1.2e6), ("-40k", "value", -40_000),
     ("0", "value", 0), ("1,657", "hours", 1657)],
)  # fmt: skip
def test_a_guess_is_taken_as_people_write_it(text, outcome, guess):
    assert read_guess(text, outcomes.ALL[outcome]) == (None if guess is None else pytest.approx(guess))


@pytest.mark.parametrize("text", ["much", "nan", "inf", "-inf", "1e999", "%"])
def test_a_guess_that_is_no_number_is_refused(text):
    with pytest.raises(InputError, match="a number, such as 30"):
        read_guess(text, outcomes.ALL["habitual"])


def test_a_guess_is_kept_while_it_is_written_and_handed_in_as_it_stands():
    workshop = guessed(with_teams("North"), "North", 0.3, " managers ask ")
    assert not workshop.team("North").ready
    again, _ = workshop_file.from_text(workshop_file.to_text(workshop, None))
    assert again == workshop
    done = handed_in(again, "North", 1, 1).team("North")
    assert (done.guess, done.why, done.ready) == (0.3, "managers ask", True)


def test_the_same_terms_change_nothing():
    workshop = hands_in(with_teams("North"), "North", 0.4, "", 1, 1)
    assert changed(workshop, replace(TERMS)) is workshop


def test_other_terms_ask_for_handing_in_again():
    workshop = hands_in(with_teams("North"), "North", 0.4, "", 1, 1)
    after = changed(workshop, replace(TERMS, budget=5.0))
    assert not after.team("North").ready and after.team("North").plan is not None
    with pytest.raises(InputError, match="above nought"):
        changed(workshop, replace(TERMS, budget=0.0))
    with pytest.raises(InputError, match="neither more nor less"):
        changed(workshop, replace(TERMS, outcome="trialling"))


def test_a_browser_is_known_by_its_key():
    workshop = joined(with_teams("North"), "South", "theirs")
    assert workshop.team_of("theirs").name == "South" and workshop.team_of("guess") is None
    with pytest.raises(InputError, match="release"):
        joined(workshop, "South", "another laptop")
    free = released(workshop, "South")
    assert free.team_of("theirs") is None and free.team_of("") is None
    again = joined(free, "south", "another laptop")
    assert again.team_of("another laptop") == replace(workshop.team("South"), key="another laptop")


def test_results_are_hidden_from_all_but_the_facilitator_until_they_are_revealed():
    workshop = hands_in(with_teams("North", "South"), "North", 0.4, "", 1, 1)
    for hidden in (workshop, played(workshop), shown(shown(played(workshop), True), False)):
        assert hidden.hides_from("session of North") and hidden.hides_from("session of South")
        assert not hidden.hides_from("facilitator")
        assert not replace(hidden, key="session of North").hides_from("session of North")  # who leads it sees them
    revealed = shown(played(workshop), True)
    assert not revealed.hides_from("session of North") and not revealed.hides_from("session of South")
    assert another_round(revealed).hides_from("session of North")


def test_the_facilitators_browser_is_known_by_its_key():
    workshop = with_teams("North")
    assert workshop.led_by("facilitator")
    assert not any(workshop.led_by(key) for key in ("", "session of North", "facilitatör", "\ud800"))
    assert not taken_over(workshop, "").led_by("")
    assert workshop.team_of("\ud800") is None


def test_another_facilitator_takes_over():
    after = taken_over(with_teams("North"), "mine")
    assert after.key == "mine" and after.team("North").plan is not None
    assert joined(after, "North", "new").team_of("new").name == "North"


@pytest.mark.parametrize("uploaded", [False, True])
def test_the_file_holds_it_all_and_no_name_of_a_person(uploaded):
    known = Source("meridian").load()
    people = anonymous(known) if uploaded else None
    workshop = hands_in(with_teams("North", "Süd | <b>"), "North", 0.4, "because", 1, 1)
    if people is not None:
        workshop = replace(workshop, terms=replace(TERMS, people=People(uploaded=people.fingerprint)))
    text = workshop_file.to_text(workshop, people)
    again, carried = workshop_file.from_text(text)
    assert again == workshop
    assert (carried and carried.fingerprint) == (people and people.fingerprint)
    assert not any(str(person) in text for person in known.ids)


@pytest.mark.parametrize(
    "change",
    [
        {"uptake_workshop": 2},
        {"teams": 3},
        {"teams": [{"name": "a"}]},
        {"phase": "won"},
        {"base": "../x"},
        {"code": "../../x"},
        {"budget": "much"},
        {"budget": -1},
        {"ground": "headcount=1"},
        {"people": {"name": 1}},
        {"title": ""},
        {"outcome": "__class__"},
    ],
)
def test_a_damaged_file_is_refused(change):
    good = json.loads(workshop_file.to_text(with_teams("North"), None))
    with pytest.raises(ValueError):  # InputError or OrganisationError
        workshop_file.from_text(json.dumps({**good, **change}))


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "[" * 100_000, '{"uptake_workshop": 1}'])
def test_what_is_no_workshop_is_refused(text):
    with pytest.raises(InputError):
        workshop_file.from_text(text)


def test_the_shelf_survives_and_tells(tmp_path):
    shelf, heard = Shelf(tmp_path / "deep" / "shelf"), []
    code = shelf.add(with_teams("North"), None).code
    end = shelf.listen(lambda: heard.append(shelf.get(code).teams[-1].name))
    shelf.change(code.lower(), lambda workshop: joined(workshop, "South"))
    assert heard == ["South"]
    with pytest.raises(InputError):
        shelf.change(code, lambda workshop: joined(workshop, "South"))
    end()
    shelf.change(code, lambda workshop: joined(workshop, "West"))
    assert heard == ["South"]
    (tmp_path / "deep" / "shelf" / f"BROKEN{SUFFIX}").write_text("{")
    again = Shelf(tmp_path / "deep" / "shelf")
    assert again.get(code) == shelf.get(code) and again.codes() == [code] and "BROKEN" in again.damaged[0]
    with pytest.raises(InputError, match="ask the facilitator"):
        again.get("XXXXX")


def test_what_is_saved_for_elsewhere_proves_nobody_and_our_own_copy_everyone(tmp_path):
    shelf = Shelf(tmp_path)
    code = shelf.add(with_teams("North"), None).code
    saved = shelf.text(code)
    assert "facilitator" not in saved and "session of" not in saved
    again, _ = workshop_file.from_text(saved)
    assert again == taken_over(shelf.get(code), "")
    assert Shelf(tmp_path).get(code) == shelf.get(code)


def test_the_largest_organisation_goes_there_and_back(ask, tmp_path):
    people = anonymous(People(headcount=MOST_PEOPLE).make())
    workshop = replace(with_teams("North"), terms=replace(TERMS, people=People(uploaded=people.fingerprint)))
    here, uploads = Shelf(tmp_path / "here"), Uploads(tmp_path)
    sent = here.text(here.add(workshop, people).code).encode("utf-8")
    headers = {"cookie": "solara-session-id=theirs"}

    async def receive(scope, receive, send):
        await (await uploads.receive(Request(scope, receive)))(scope, receive, send)

    answer = ask(receive, method="POST", headers=headers, parts=(sent,))
    assert answer.status == 200
    path = uploads.take("theirs", json.loads(answer.text)["ticket"], "x.workshop.json")
    again, carried = workshop_file.from_text(path.read_text(encoding="utf-8"))
    assert again == taken_over(workshop, "")
    assert carried.fingerprint == people.fingerprint


def test_what_could_not_be_opened_again_is_not_kept(tmp_path, monkeypatch):
    workshop = with_teams("North")
    size = len(workshop_file.to_text(workshop, None).encode("utf-8"))
    monkeypatch.setattr(workshop_file, "LARGEST", size - 1)
    with pytest.raises(InputError, match="fewer people"):
        Shelf(tmp_path).add(workshop, None)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(workshop_file, "LARGEST", size)
    assert Shelf(tmp_path).add(workshop, None) == workshop


def test_a_full_disk_changes_nothing(tmp_path, monkeypatch):
    shelf = Shelf(tmp_path)
    code = shelf.add(with_teams("North"), None).code
    before, file = shelf.get(code), (tmp_path / f"{code}{SUFFIX}").read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.write", full)
    with pytest.raises(OSError, match="space"):
        shelf.change(code, lambda workshop: joined(workshop, "South"))
    monkeypatch.undo()
    assert shelf.get(code) == before and (tmp_path / f"{code}{SUFFIX}").read_bytes() == file
