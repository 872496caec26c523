"""The page Programme, used as a person would."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from experiments import words
from experiments.app.address import from_address
from experiments.app.pages.programme.themes import START, shelves
from experiments.app.plans import LONGEST_NAME, plan, read
from experiments.app.tracks import changed_levers
from experiments.app.work import MOST_PLANS, Work
from experiments.compare import compare
from experiments.inputs import Source
from experiments.timeline import calendar
from sim.passports import levers, parameters
from sim.programme import prepare
from sim.scenario import Scope, Track, library, load

ADDRESS = "plan=Ours|middling|levers.managers.inspection:0.9"
MORE = "When, for whom, source and evidence"
IN_ONE_BREATH = """([fields, values]) => fields.forEach((field, place) => {
  field.value = values[place];
  field.dispatchEvent(new Event('input', { bubbles: true }));
  field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 13, bubbles: true }));
})"""
CUT = """() => [...document.querySelectorAll('.uptake-calendar li > *')]
  .filter((box) => box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).display !== 'inline'
    || box.getBoundingClientRect().right > innerWidth || box.getBoundingClientRect().left < 0)
  .map((box) => box.innerText)"""
"""Parts of the calendar whose words are wider than they are, or that leave the window."""
SAYS = """(wanted) => [...document.querySelectorAll('.uptake-calendar .lever')]
  .map((line) => line.innerText.trim().split(/\\s+/).join(' ')).join('|') === wanted.join('|')"""
"""Whether the calendar has exactly these lines."""


def lever(page, name):
    """The card of a lever."""
    heading = page.get_by_role("heading", name=name, exact=True)
    return page.locator(".v-card", has=heading).last


def enter(card, label, value):
    """A number typed into a field of a lever's card."""
    field = card.get_by_label(re.compile(label))
    field.fill(value)
    field.press("Enter")


def choose(page, card, label, item):
    """One of the items of a list in a lever's card."""
    field = card.get_by_label(re.compile(label)).first
    field.focus()
    field.press("ArrowDown")
    page.get_by_role("option", name=item, exact=True).click()
    field.press("Escape")


def saved(page, folder: Path):
    """The plan as the file that is downloaded holds it."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save as a file").click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def test_a_plan_is_built_saved_loaded_and_shared(page, server, assert_pictured, tmp_path, visitors):
    """From a scenario card and sliders to a file that the command line takes, and to another browser."""
    page.goto(f"{server}/programme")
    page.get_by_label("Find by a word").fill("well-run")
    page.get_by_role("button", name="Build on A well-run programme").click()
    page.get_by_text("This plan builds on it").wait_for()
    name = page.get_by_label("Name of this plan")
    name.fill("Ours")
    name.press("Enter")
    page.get_by_role("button", name="Ours").wait_for()
    assert_pictured(page, "programme_cards")
    page.get_by_role("tab", name="Levers").click()
    page.get_by_role("tab", name="Managers").click()
    page.get_by_role("slider", name=re.compile("^inspection")).focus()
    page.keyboard.press("Home")
    page.get_by_text("managers: inspection 0.8 → 0").wait_for()
    assert_pictured(page, "programme_levers")
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


def test_a_lever_says_when_on_whose_word_and_is_taken_back(page, server, assert_pictured, tmp_path):
    page.goto(f"{server}/programme?plan=Ours|middling")
    page.get_by_role("tab", name="Levers").click()
    page.get_by_role("tab", name="Champions").click()
    card = lever(page, "Time")
    card.get_by_role("button", name=MORE).click()
    passport = levers()["champions.time"]
    card.get_by_text(passport.source).wait_for()
    card.get_by_text("assumed: no measurement is known").wait_for()
    enter(card, "From week", "8")
    enter(card, "Until week", "40")
    card.get_by_text("From week 8 until week 40").wait_for()  # only what ends can fade
    enter(card, "Fading over weeks", "12")
    enter(card, "Exactly", "3.25")
    card.get_by_text("From week 8 until week 40, fading over 12 weeks").wait_for()
    card.get_by_text("3.25 hours a week", exact=True).wait_for()
    card.get_by_text("Takes 3.25 hours a week for each champion.").wait_for()
    assert_pictured(page, "programme_when", full=True)
    track = read(saved(page, tmp_path).read_text(encoding="utf-8")).scenario.lever("champions.time")
    assert (track.value, track.start, track.end, track.fade) == (3.25, 8, 40, 12)
    enter(card, "Exactly", "99")
    card.get_by_text("a number from 0 to 10 (hours a week)").wait_for()
    card.get_by_role("button", name="Reset time to 2 hours a week").click()
    page.get_by_text("champions: time").wait_for(state="hidden")
    assert changed_levers(read(saved(page, tmp_path).read_text(encoding="utf-8"))) == []


def test_entries_made_in_one_breath_all_count(page, server, visitors):
    """Three fields change before the page has answered to the first."""
    page.goto(f"{server}/programme?plan=Ours|middling&view=levers")
    page.get_by_role("tab", name="Managers").click()
    card = lever(page, "Inspection")
    card.get_by_role("button", name=MORE).click()
    fields = [card.get_by_label(re.compile(label)) for label in ("Exactly", "From week", "Until week")]
    handles = [field.element_handle() for field in fields]
    page.evaluate(IN_ONE_BREATH, [handles, ["0.85", "6", "30"]])
    card.get_by_text("From week 6 until week 30").wait_for()
    page.get_by_text("managers: inspection 0.4 → 0.85 from week 6 until week 30").wait_for()
    page.wait_for_function("/0.85.*6.*30/.test(decodeURIComponent(location.search))")
    track = from_address(urlsplit(page.url).query).chosen.scenario.lever("managers.inspection")
    assert (track.value, track.start, track.end) == (0.85, 6, 30)
    # the widgets' own library may remark that its count of messages under way was off, and begins anew
    visitors.errors[:] = [error for error in visitors.errors if "message throttle" not in error]


@pytest.mark.parametrize(
    ("label", "entry"), [("Until week", "2.5"), ("From week", "-1"), ("Until week", "99999999"), ("Until week", "e")]
)
def test_a_week_that_is_none_is_refused_and_changes_nothing(page, server, label, entry):
    """The field shows again what holds."""
    page.goto(f"{server}/programme?plan=Ours|typical&view=levers")
    card = lever(page, "Endorsement")
    card.get_by_role("button", name=MORE).click()
    field = card.get_by_label(re.compile(label))
    before, address = field.input_value(), page.url
    field.fill(entry)
    field.press("Enter")
    card.get_by_text("a whole week from 0 to").wait_for()
    expect(field).to_have_value(before)
    assert page.url == address


def test_half_a_champion_is_refused_not_rounded(page, server):
    page.goto(f"{server}/programme?plan=Ours|middling&view=levers")
    page.get_by_role("tab", name="Champions").click()
    card = lever(page, "One per")
    card.get_by_role("button", name=re.compile("source and evidence")).click()
    enter(card, "Exactly", "25.5")
    card.get_by_text("a whole number from").wait_for()
    enter(card, "Exactly", "25")
    expect(page.get_by_text("champions: 1 per 50 employees → 1 per 25")).to_be_visible()


def test_a_lever_is_limited_to_roles_units_and_waves(page, server, assert_pictured, tmp_path, visitors):
    """In the address, in the file, and from the file again."""
    page.goto(f"{server}/programme?plan=Ours|fixed-waves&view=levers&sample=meridian")
    page.get_by_role("tab", name="Managers").click()
    card = lever(page, "Inspection")
    card.get_by_role("button", name=MORE).click()
    choose(page, card, "Only roles", "middle manager")
    choose(page, card, "Only waves", "2")
    choose(page, card, "Only units", "the largest unit")
    unit = Source("meridian").load().unit_names[0]
    choose(page, card, "Only units", unit)
    card.get_by_text(f"units: largest, {unit}, waves: 2").wait_for()
    assert_pictured(page, "programme_scope", full=True)
    scope = Scope(("middle_manager",), ("largest", unit), (2,))
    path = saved(page, tmp_path)
    assert read(path.read_text(encoding="utf-8")).scenario.lever("managers.inspection") == Track(0.4, scope=scope)
    page.wait_for_url(re.compile("largest"))
    elsewhere = visitors()
    elsewhere.goto(page.url)
    elsewhere.get_by_text("managers: inspection 0.4 → 0.4, only").wait_for()
    elsewhere.get_by_role("button", name="Load a file").click()
    elsewhere.locator("input[type=file]").set_input_files(path)
    elsewhere.get_by_role("button", name="Ours 2").wait_for()
    assert load(saved(elsewhere, tmp_path)).fingerprint == load(path).fingerprint
    elsewhere.get_by_text(re.compile("^Takes .* of money and .* hours of people's time in 104 weeks")).wait_for()


def test_what_acts_on_everyone_takes_no_scope(page, server):
    page.goto(f"{server}/programme?view=levers")
    page.get_by_role("tab", name="Environment").click()
    card = lever(page, "Sharing")
    card.get_by_role("button", name="When, source and evidence").click()
    card.get_by_label(re.compile("From week")).wait_for()
    expect(card.get_by_label(re.compile("Only "))).to_have_count(0)
    middling = lever(page, "Clarity")
    middling.get_by_role("button", name=MORE).click()
    middling.get_by_label(re.compile("Only roles")).first.wait_for(state="attached")
    expect(middling.get_by_label(re.compile("Only waves")), "access opens for all at once").to_have_count(0)


def test_a_plan_says_what_it_takes_as_the_command_line_does(page, server):
    page.goto(
        f"{server}/programme?plan=Ours|middling|levers.managers.inspection:0.9&headcount=60&weeks=30&replicates=8"
    )
    made = plan("Ours", "middling", {"levers.managers.inspection": "0.9"})
    run = compare([made.scenario], Source(headcount=60).load(), weeks=30, replicates=8)
    cost, hours = (float(run.finals("Ours", name).mean()) for name in ("cost", "hours"))
    said = f"Takes {words.money(cost)} of money and {hours:,.0f} hours of people's time in 30 weeks"
    page.get_by_text(said, exact=True).wait_for()
    page.get_by_text("60 people, mean of 8 plausible worlds").wait_for()
    expect(page.get_by_text(said, exact=True)).to_have_count(1)


def test_cards_stand_under_headings_and_say_what_they_change(page, server, assert_pictured):
    page.goto(f"{server}/programme")
    page.get_by_role("heading", name=START).wait_for()
    first = page.get_by_role("button", name="Build on A well-run programme").bounding_box()
    assert first["y"] + first["height"] < 720, "the presets are seen without scrolling"
    expect(page.get_by_role("heading", level=2)).to_have_text(list(shelves()))
    expect(page.get_by_role("heading", level=3)).to_have_count(len(library()))
    page.get_by_text("Against “A middling programme”: champions: 1 per 50 employees → 1 per 25").wait_for()
    assert_pictured(page, "programme_all_cards", full=True)
    page.get_by_label("Find by a word").fill("reward quality")
    page.get_by_role("heading", name=START).wait_for(state="hidden")
    page.get_by_role("button", name="Build on Reward speed").wait_for()


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
                    expect(card.get_by_role("button", name=choice, exact=True)).to_have_count(1)
                expect(card.get_by_role("slider")).to_have_count(0 if each.choices else 1)


def test_plans_are_added_copied_removed_and_four_at_most(page, server):
    page.goto(f"{server}/programme")
    page.get_by_role("button", name="Add a plan").click()
    page.get_by_role("button", name="A typical programme", exact=True).wait_for()
    page.get_by_role("button", name="Copy plan").click()
    page.get_by_role("button", name="A typical programme 2", exact=True).wait_for()
    page.get_by_role("button", name="Add a plan").wait_for(state="hidden")
    for left in (3, 2, 1):
        page.get_by_role("button", name="Remove", exact=True).click()
        expect(page.locator("button[aria-pressed]")).to_have_count(left)
    expect(page.get_by_role("button", name="Remove", exact=True)).to_be_hidden()


@pytest.mark.parametrize(("width", "height", "dark", "step"), [(390, 844, True, 1), (1280, 720, False, MOST_PLANS)])
def test_the_timeline_of_every_scenario_can_be_read(visitors, server, assert_pictured, width, height, dark, step):
    """No words over others, none cut, every bar within its weeks; all on a phone, some where there is more room."""
    page = visitors(width, height, dark=dark)
    names, people = library()[::step], Source().load()
    for place, name in enumerate(names):
        if place % MOST_PLANS == 0:
            plans = "&".join(f"plan={each}|{each}" for each in names[place : place + MOST_PLANS])
            page.goto(f"{server}/programme?view=timeline&{plans}")
        page.get_by_role("button", name=name, exact=True).click()
        page.get_by_role("heading", name=f"What happens when: {name}", exact=True).wait_for()
        rows = calendar(prepare(load(name), people, 104))
        page.wait_for_function(SAYS, arg=[f"{row.label} {row.amount}" for row in rows])
        assert page.evaluate(CUT) == [], f"{name}: words that are cut"
        assert_pictured(page, f"timeline_{name}_{width}", full=True)


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080), (1024, 768)])
def test_the_timeline_fills_a_room_s_screen(visitors, server, assert_pictured, width, height):
    """The fullest of the library and the emptiest: all of it at once, as large as it can be."""
    page = visitors(width, height)
    for name in ("well-run", "mandate-only"):
        page.goto(f"{server}/programme?plan=Ours|{name}&view=timeline&present=1")
        page.get_by_text(re.compile("^Takes .* of money")).wait_for()
        assert_pictured(page, f"present_timeline_{name}_{width}")
        last = page.locator(".uptake-calendar .ticks").bounding_box()
        strip = page.locator("footer").bounding_box()
        assert last["y"] + last["height"] <= strip["y"], f"{name}: all of it above the strip"
        assert page.evaluate(CUT) == []
        size = page.locator(".uptake-calendar").evaluate("(list) => parseFloat(getComputedStyle(list).fontSize)")
        assert size >= min(height / 48, width / 72), f"{name}: type of {size} px"


@pytest.mark.parametrize("name", ["n" * LONGEST_NAME, "A name of several words that no line of a phone holds"])
def test_a_long_name_is_seen_whole_on_a_phone(visitors, server, until, name):
    page = visitors(390, 844)
    page.goto(f"{server}/programme?plan={name}|typical")
    button = page.get_by_role("button", name=name)
    until(lambda: button.evaluate("each => each.firstChild.offsetWidth <= each.clientWidth"))


@pytest.mark.parametrize(("width", "height", "dark"), [(390, 844, False), (1280, 720, True)])
def test_it_fits_a_phone_and_a_dark_room(visitors, server, assert_pictured, width, height, dark):
    page = visitors(width, height, dark=dark)
    page.goto(f"{server}/programme?{ADDRESS}")
    seen = {
        "Scenario": "This plan builds on it",
        "Levers": "How loudly leaders promise",
        "Timeline": "What happens when",
    }
    for view, text in seen.items():
        page.get_by_role("tab", name=view).click()
        page.get_by_text(text).first.wait_for()
        assert_pictured(page, f"programme_{view.lower()}_{width}{'_dark' * dark}", full=True)


def test_a_parameter_beyond_its_range_is_marked_and_may_be_taken_back(page, server, tmp_path):
    file = tmp_path / "far.yaml"
    file.write_text("title: Far\nextends: middling\nparameters: {trying.base: -40}\n", encoding="utf-8")
    page.goto(f"{server}/programme")
    page.get_by_role("button", name="Load a file").click()
    page.locator("input[type=file]").set_input_files(file)
    far = parameters()["trying.base"]
    said = f"trying.base is held at -40, beyond its plausible range of {far.low:g} to {far.high:g} {far.unit}"
    page.get_by_text(said).wait_for()
    expect(page).to_have_url(re.compile("trying.base"))
    for view in ("Levers", "Timeline"):
        page.get_by_role("tab", name=view).click()
        page.get_by_text(said).wait_for()
    page.get_by_role("button", name=re.compile("^Take back: ")).click()
    page.get_by_text("beyond its plausible range").wait_for(state="hidden")
    expect(page).not_to_have_url(re.compile("trying.base"))


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


def test_no_lever_stands_beyond_its_range(page, server):
    """Whoever sends it: an address is not taken either, and the page says why."""
    page.goto(f"{server}/programme?plan=Far|middling|levers.managers.inspection:7")
    page.get_by_text("managers.inspection must be from 0 to 1").wait_for()
    page.get_by_role("button", name="Far").wait_for(state="hidden")
    page.wait_for_url(re.compile("^((?!plan=).)*$"))
    assert from_address(urlsplit(page.url).query).plans == Work().plans


def test_html_in_a_name_stays_text(page, server):
    page.goto(f"{server}/programme?plan=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E|middling")
    page.get_by_role("button", name="<img src=x").wait_for()
    page.get_by_role("tab", name="Timeline").click()
    page.get_by_text("What happens when: <img src=x").wait_for()
    expect(page.locator("img[src=x]")).to_have_count(0)
