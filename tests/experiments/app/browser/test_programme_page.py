"""The page Programme, used as a person would."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from experiments.app.plans import read
from experiments.app.tracks import changed_levers
from sim.passports import levers
from sim.scenario import load

ADDRESS = "plan=Ours|middling|levers.managers.inspection:0.9"


def lever(page, name):
    """The card of a lever."""
    heading = page.get_by_role("heading", name=name, exact=True)
    return page.locator(".v-card", has=heading).last


def saved(page, folder: Path):
    """The plan as the file that is downloaded holds it."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save as a file").click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def test_a_plan_is_built_saved_loaded_and_shared(page, server, shot, tmp_path, visitors):
    """From a scenario card and sliders to a file that the command line takes, and to another browser."""
    page.goto(f"{server}/programme")
    page.get_by_label("Find by a word").fill("well-run")
    page.get_by_role("button", name="Build on A well-run programme").click()
    page.get_by_text("This plan builds on it").wait_for()
    name = page.get_by_label("Name of this plan")
    name.fill("Ours")
    name.press("Enter")
    page.get_by_role("button", name="Ours").wait_for()
    shot(page, "programme_cards")
    page.get_by_role("tab", name="Levers").click()
    page.get_by_role("tab", name="Managers").click()
    page.get_by_role("slider", name=re.compile("^inspection")).focus()
    page.keyboard.press("Home")
    page.get_by_text("managers: inspection 0.8 → 0").wait_for()
    shot(page, "programme_levers")
    path = saved(page, tmp_path)
    assert path.name == "ours.yaml"
    assert load(path).lever("managers.inspection").value == 0
    page.get_by_role("button", name="Load a file").click()
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Ours 2").wait_for()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the address of all this").click()
    page.get_by_text("Address copied").wait_for()
    elsewhere = visitors()
    elsewhere.goto(page.evaluate("navigator.clipboard.readText()"))
    elsewhere.get_by_role("button", name="Ours 2").wait_for()
    elsewhere.get_by_text("managers: inspection 0.8 → 0").wait_for()
    assert load(saved(elsewhere, tmp_path)).fingerprint == load(path).fingerprint


def test_a_lever_says_when_on_whose_word_and_is_taken_back(page, server, shot, tmp_path):
    page.goto(f"{server}/programme?plan=Ours|middling")
    page.get_by_role("tab", name="Levers").click()
    page.get_by_role("tab", name="Champions").click()
    card = lever(page, "Time")
    card.get_by_role("button", name="When, source and evidence").click()
    passport = levers()["champions.time"]
    card.get_by_text(passport.source).wait_for()
    card.get_by_text("assumed: no measurement is known").wait_for()
    for label, value in (("From week", "8"), ("Until week", "40"), ("Fading over weeks", "12"), ("Exactly", "3.25")):
        field = card.get_by_label(re.compile(label))
        field.fill(value)
        field.press("Enter")
        page.wait_for_timeout(300)
    card.get_by_text("From week 8 until week 40, fading over 12 weeks").wait_for()
    shot(page, "programme_when", full=True)
    track = read(saved(page, tmp_path).read_text(encoding="utf-8")).scenario.lever("champions.time")
    assert (track.value, track.start, track.end, track.fade) == (3.25, 8, 40, 12)
    field = card.get_by_label(re.compile("Exactly"))
    field.fill("99")
    field.press("Enter")
    card.get_by_text("a number from 0 to 10 (hours a week)").wait_for()
    card.get_by_role("button", name="Reset time to 2 hours a week").click()
    page.get_by_text("champions: time").wait_for(state="hidden")
    assert changed_levers(read(saved(page, tmp_path).read_text(encoding="utf-8"))) == []


def test_every_lever_has_a_control(page, server):
    page.goto(f"{server}/programme")
    page.get_by_role("tab", name="Levers").click()
    for family in dict.fromkeys(each.family for each in levers().values()):
        page.get_by_role("tab", name=family.capitalize()).last.click()
        for each in levers().values():
            if each.family == family:
                card = lever(page, each.name.replace("_", " ").capitalize())
                card.get_by_text(each.meaning).wait_for()
                for choice in each.choices:
                    assert card.get_by_role("button", name=choice, exact=True).count() == 1
                assert card.get_by_role("slider").count() == (0 if each.choices else 1)


def test_plans_are_added_copied_removed_and_four_at_most(page, server):
    page.goto(f"{server}/programme")
    page.get_by_role("button", name="Add a plan").click()
    page.get_by_role("button", name="A typical programme", exact=True).wait_for()
    page.get_by_role("button", name="Copy plan").click()
    page.get_by_role("button", name="A typical programme 2", exact=True).wait_for()
    page.get_by_role("button", name="Add a plan").wait_for(state="hidden")
    for left in (3, 2, 1):
        page.get_by_role("button", name="Remove", exact=True).click()
        page.wait_for_function(f"document.querySelectorAll('button[aria-pressed]').length === {left}")
    page.get_by_role("button", name="Remove", exact=True).wait_for(state="hidden")
    assert page.locator("button[aria-pressed]").count() == 1


@pytest.mark.parametrize("scenario", ["well-run", "champions-late", "fixed-waves"])
def test_the_timeline_shows_what_happens_when(page, server, shot, scenario):
    page.goto(f"{server}/programme?plan=Ours|{scenario}")
    page.get_by_role("tab", name="Timeline").click()
    page.locator("[data-drawn]").wait_for()
    page.locator(".annotation-text", has_text="access").wait_for()
    shot(page, f"timeline_{scenario}", full=True)


@pytest.mark.parametrize(("width", "height", "dark"), [(390, 844, False), (1280, 720, True)])
def test_it_fits_a_phone_and_a_dark_room(visitors, server, shot, width, height, dark):
    page = visitors(width, height, dark=dark)
    page.goto(f"{server}/programme?{ADDRESS}")
    for view in ("Scenario", "Levers", "Timeline"):
        page.get_by_role("tab", name=view).click()
        page.wait_for_timeout(1000)
        shot(page, f"programme_{view.lower()}_{width}{'_dark' * dark}", full=True)


def test_a_parameter_beyond_its_range_is_marked_and_may_be_taken_back(page, server, tmp_path):
    file = tmp_path / "far.yaml"
    file.write_text("title: Far\nextends: middling\nparameters: {trying.base: -40}\n", encoding="utf-8")
    page.goto(f"{server}/programme")
    page.get_by_role("button", name="Load a file").click()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_text("beyond its plausible range").wait_for()
    assert "trying.base" in page.url
    page.get_by_role("button", name=re.compile("^Take back: ")).click()
    page.get_by_text("beyond its plausible range").wait_for(state="hidden")
    page.wait_for_function("!location.search.includes('trying.base')")
    assert "trying.base" not in page.url


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: <img src=x onerror=alert(1)>\nextends: nowhere", "no scenario"),
        ("extends: middling\nlevers: {managers: {inspection: 7}}", "from 0 to 1"),
        ("!!python/object/apply:os.system ['true']", "mapping"),
    ],
)
def test_files_that_are_no_plan_are_refused_in_words(page, server, tmp_path, text, said):
    file = tmp_path / "bad.yaml"
    file.write_text(text, encoding="utf-8")
    page.goto(f"{server}/programme")
    page.get_by_role("button", name="Load a file").click()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_text(said).first.wait_for()
    assert "plan=" not in page.url, "nothing of the file was taken"


def test_html_in_a_name_stays_text(page, server):
    page.goto(f"{server}/programme?plan=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E|middling")
    page.get_by_role("button", name="<img src=x").wait_for()
    page.get_by_role("tab", name="Timeline").click()
    page.locator("[data-drawn]").wait_for()
    assert page.locator("img[src=x]").count() == 0
