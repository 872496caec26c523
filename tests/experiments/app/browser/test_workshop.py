"""A whole workshop in real browsers, held to the command line's numbers; its screen; a restart; another laptop."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from experiments import outcomes, words
from experiments.app.pages.hiding import SHUT
from experiments.app.pages.tabs import TABS
from experiments.app.plans import plan
from experiments.app.server.reach import Address
from experiments.app.work import People
from experiments.app.workshops.rules import Terms, drafted, guessed, handed_in, joined, opened, played, shown
from experiments.app.workshops.shelf import Shelf
from experiments.paired import Spread
from sim.scenario import load

WEEKS, WORLDS = 52, 16
QUESTIONS = {tab.label: tab.question for tab in TABS}
HABITUAL = outcomes.ALL["habitual"]
SECRET = "Geheim"
"""Stands in every id, name and title of the roster, and may reach nobody."""


def uptake(*options) -> str:
    command = [sys.executable, "-m", "experiments.cli", *map(str, options)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    """The files of a roster and of ties, as ``--org`` and ``--ties`` take them."""
    folder = tmp_path_factory.mktemp("people")
    made, roster, ties = folder / "made.csv", folder / "roster.csv", folder / "ties.csv"
    uptake("org", "make", "--headcount", 60, "--seed", 3, "--out", made, "--ties", ties)
    with made.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row |= {"title": f"{SECRET} title", "name": f"{SECRET} {row['person_id']}"}
        row |= {key: f"{SECRET}{row[key]}" for key in ("person_id", "manager_id") if row[key]}
    _write(roster, rows)
    with ties.open(encoding="utf-8") as file:
        pairs = list(csv.DictReader(file))
    ends = list(pairs[0])[:2]
    _write(ties, [row | {end: f"{SECRET}{row[end]}" for end in ends} for row in pairs])
    return SimpleNamespace(roster=roster, ties=ties)


def _write(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def uploads(page, people):
    """On the page Organisation, to which the key brought the facilitator."""
    page.get_by_role("tab", name="Upload").click()
    for place, file in enumerate((people.roster, people.ties)):
        page.locator("input[type=file]").nth(place).set_input_files(file)
        page.get_by_text(file.name).wait_for()
    page.get_by_role("button", name="Use these people").click()
    page.get_by_text("An uploaded roster is shown").wait_for()


def opens_a_workshop(page, **terms):
    """From the page Organisation, once it is drawn, or from the door; the workshop's code."""
    page.locator("canvas[data-drawn]").or_(page.get_by_label("Title")).first.wait_for()
    page.get_by_role("tab", name="Workshop").click()
    for label, value in {"Title": "Board day", **terms}.items():
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Open the workshop").click()
    page.get_by_role("heading", name="Board day").wait_for()
    return page.locator(".uptake-code").inner_text().strip()


def comes_by_the_code_alone(page, address, code):
    page.goto(f"{address}/")
    page.get_by_label("The workshop's code").fill(code.lower())
    page.get_by_role("button", name="Join").click()


def assert_may_only_join(page, address):
    """Who came in by a code cannot open a workshop, nor put a file in the place of one."""
    there = page.url
    page.goto(f"{address}/workshop")
    page.get_by_text("Join as a team").wait_for()
    expect(page.get_by_text("Open a workshop").or_(page.get_by_text("Reopen from a file"))).to_have_count(0)
    page.goto(there)
    page.get_by_text("1. Your plan").wait_for()


def joins(page, team):
    page.get_by_label("Your team's name").fill(team)
    page.get_by_role("button", name="Join", exact=True).click()
    page.get_by_text("1. Your plan").wait_for()


def builds(page, name, scenario="", lever=""):
    """On the page Programme: what a new plan builds on as it stands or another scenario; a lever is turned up fully."""
    page.get_by_role("button", name=re.compile("on the page Programme")).click()
    page.get_by_label("Name of this plan").fill(name)
    page.get_by_label("Name of this plan").press("Enter")
    page.get_by_role("button", name=name).wait_for()
    if scenario:
        page.get_by_role("button", name=f"Build on {scenario}", exact=True).click()
        page.get_by_text(f"Builds on “{scenario}”").wait_for()
    if lever:
        family, _, which = lever.partition(".")
        page.get_by_role("tab", name="Levers").click()
        page.get_by_role("tab", name=family.capitalize()).last.click()
        page.get_by_role("slider", name=re.compile(f"^{which}")).focus()
        page.keyboard.press("End")
        page.get_by_text(re.compile(f"{family}: {which} .* → ")).first.wait_for()


def saves_the_plan(page, path):
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save as a file").click()
    waiting.value.save_as(path)
    return path


def takes(page, name):
    """What was built, as the team's plan; it is then priced."""
    page.get_by_role("tab", name="Workshop").click()
    take = page.get_by_role("button", name=f"Take “{name}”")
    take.click()
    take.wait_for(state="hidden")
    page.get_by_text("Money: ").wait_for()


def guesses(page, guess, why):
    page.get_by_label(f"Habitual after {WEEKS} weeks").fill(guess)
    page.get_by_label("Because").fill(why)


def opens_the_page(page, label):
    page.get_by_role("tab", name=label).click()
    page.get_by_text(QUESTIONS[label]).wait_for()


def assert_results_are_shut(page):
    """No page tells what comes of a plan to a team before that is revealed, though it has handed in."""
    for label in ("Watch", "Compare", "What matters"):
        opens_the_page(page, label)
        page.get_by_text(SHUT).wait_for()
        expect(page.locator(".uptake-player, [data-drawn]")).to_have_count(0)
    opens_the_page(page, "Workshop")
    page.get_by_text("1. Your plan").wait_for()


def assert_results_are_open(page):
    opens_the_page(page, "Watch")
    page.locator(".uptake-player").wait_for()
    expect(page.get_by_text(SHUT)).to_have_count(0)
    opens_the_page(page, "Workshop")
    page.get_by_text("What made the difference").wait_for()


def hands_in(page):
    page.get_by_role("button", name="Hand in").click()


def what_it_takes(page):
    """Money and hours as a team sees them beside its limits."""
    return page.locator(".v-card", has_text="2. What it takes").last.inner_text()


def ranking(page):
    """The card that says who got how far."""
    return page.locator(".v-card", has_text="Who got how far").last


def told(plans, people):
    """What the command line says of the plans' files: comparison and worlds won."""
    ground = ("--org", people.roster, "--ties", people.ties, "--weeks", WEEKS, "--replicates", WORLDS, "--json")
    return SimpleNamespace(
        compared=json.loads(uptake("compare", "typical", *plans.values(), *ground)),
        change=json.loads(uptake("compare", "middling", plans["North"], *ground)),
        won={one["name"]: one["won"] for one in json.loads(uptake("robust", *plans.values(), *ground))["programmes"]},
    )


def expected_lines(said, guessed):
    """The ranking in the words of the page, with the command line's numbers."""
    ends = {team: said.compared["scenarios"][team]["outcomes"] for team in guessed}
    order = sorted(guessed, key=lambda team: -ends[team]["habitual"]["mean"])
    closest = min(guessed, key=lambda team: abs(guessed[team] - ends[team]["habitual"]["mean"]))
    for rank, team in enumerate(order, 1):
        reached = Spread(**ends[team]["habitual"])
        yield str(rank)
        yield team
        yield " · ".join((
            f"best in {words.percent(said.won[team])} of worlds",
            expected_guess(guessed[team], reached.mean) + (": the closest" if team == closest else ""),
            f"{words.money(ends[team]['cost']['mean'])} of money, {ends[team]['hours']['mean']:,.0f} hours",
        ))  # fmt: skip
        yield f"“{team} thinks so”"
        yield words.number(reached.mean, HABITUAL)
        yield f"in nine of ten worlds: {words.interval(reached, HABITUAL)} %"


def expected_guess(guess, mean):
    off = words.change(abs(guess - mean), HABITUAL).lstrip("+")
    return f"guessed {words.number(guess, HABITUAL)}, {off} too {'high' if guess > mean else 'low'}"


def expected_change(said):
    """What North's one change was worth."""
    found = next(d for d in said.change["differences"] if d["outcome"] == "habitual")
    mean = words.number(found["mean"], HABITUAL, signed=True, unit=False)
    low, high = (words.number(found[end], HABITUAL, unit=False) for end in ("low", "high"))
    share = words.percent(found["share_better"])
    change = f"managers: inspection {load('middling').lever('managers.inspection').value:g} → 1"
    return f"{change}: {mean} points habitual ({low} to {high}), better in {share} of worlds."


def heard_by(page):
    """Everything that a page's websockets receive from now on."""
    frames = []

    def listen(payload):
        frames.append(payload if isinstance(payload, bytes) else payload.encode())

    page.on("websocket", lambda socket: socket.on("framereceived", listen))
    return frames


def test_a_whole_workshop(visitors, explorer, people, assert_pictured, tmp_path):
    guessed = {"North": 0.3, "South": 0.15, "West": 0.05}
    with explorer(tmp_path / "here", "--host", "0.0.0.0") as printed:
        address, key = printed.split("/?key=")
        facilitator = visitors()
        facilitator.goto(f"{printed}&weeks={WEEKS}&replicates={WORLDS}")
        facilitator.goto(f"{address}/?weeks={WEEKS}&replicates={WORLDS}")
        uploads(facilitator, people)
        code = opens_a_workshop(facilitator, **{"Budget (money)": "120k", "People's hours": "2000"})
        for guests in Address("0.0.0.0", int(address.rpartition(":")[2]), key).guests:
            facilitator.get_by_text(guests).wait_for()
        with facilitator.expect_popup() as opened:
            facilitator.get_by_role("link", name="Open on the projector").click()
        screen = visitors.watched(opened.value)
        screen.get_by_text("No team has joined yet.").wait_for()
        expect(screen.locator(".uptake-code")).to_have_text(code)
        assert_pictured(screen, "workshop_screen_code")

        windows = (visitors(), visitors(390, 844), visitors(1024, 768, dark=True))
        teams = dict(zip(guessed, windows, strict=True))
        frames = [heard_by(page) for page in teams.values()]
        for team, page in teams.items():
            comes_by_the_code_alone(page, address, code)
            joins(page, team)
        assert_may_only_join(teams["West"], address)
        assert all("401" in error for error in visitors.errors)  # the door, before the code was given
        visitors.errors.clear()
        north, south, west = teams.values()

        plans = {}
        for page, team, name, scenario, lever in (
            (north, "North", "Ask", "A middling programme", "managers.inspection"),
            (south, "South", "Everything", "A well-run programme", ""),
            (west, "West", "As ever", "", ""),
        ):
            builds(page, name, scenario, lever)
            plans[team] = saves_the_plan(page, tmp_path / f"{team}.yaml")
            takes(page, name)
            guesses(page, f"{guessed[team] * 100:g}", f"{team} thinks so")
        assert_results_are_shut(north)
        expect(north.get_by_label("Because")).to_have_value("North thinks so")
        hands_in(north)
        north.get_by_text("Handed in, with a guess of 30 %").wait_for()
        assert_pictured(north, "workshop_team_handed_in")
        assert_results_are_shut(north)
        south.get_by_text("Too dear").wait_for()
        hands_in(south)
        south.get_by_text(re.compile("This plan takes .* more money than there is; give up something")).wait_for()
        assert_pictured(south, "workshop_team_too_dear", full=True)
        south.reload()  # with a guess that is not handed in
        expect(south.get_by_label("Because")).to_have_value("South thinks so")
        builds(south, "Some of it", "A middling programme")
        plans["South"] = saves_the_plan(south, plans["South"])
        takes(south, "Some of it")
        south.get_by_text("Write down your guess, then hand in.").wait_for()
        taken = {"South": what_it_takes(south)}
        hands_in(south)
        taken["West"] = what_it_takes(west)
        hands_in(west)
        west.get_by_text("Handed in, like all teams.").wait_for()
        screen.get_by_text("West: handed in").wait_for()
        assert_pictured(screen, "workshop_screen_teams")

        facilitator.get_by_role("button", name="Play 3 of 3 plans").click()
        facilitator.get_by_text("Only you see these results.").wait_for()
        for page in teams.values():
            page.get_by_text("The facilitator will reveal").wait_for()
            expect(page.get_by_label("Because")).to_have_count(0)  # a guess stands
        screen.get_by_text("What the teams expect").wait_for()
        assert_pictured(screen, "workshop_screen_guesses")
        screen.keyboard.press("PageDown")
        screen.get_by_text("What came of them is still hidden.").wait_for()

        said = told(plans, people)
        expected = list(expected_lines(said, guessed))
        assert_reads(facilitator, expected)
        facilitator.get_by_role("button", name="Reveal to the teams").click()
        for page in (*teams.values(), screen):
            page.get_by_text(expected_lines_of(expected, "North")).wait_for()
        for page in teams.values():
            assert_reads(page, expected)
            page.get_by_text(expected_change(said)).wait_for()
        assert_pictured(screen, "workshop_screen_ranking")
        base = said.compared["scenarios"]["typical"]["outcomes"]["habitual"]["mean"]
        screen.get_by_text(f"With “A typical programme” alone: {words.number(base, HABITUAL)}.").wait_for()
        screen.keyboard.press("PageDown")
        screen.get_by_text(expected_change(said)).wait_for()
        assert_pictured(screen, "workshop_screen_difference")
        screen.keyboard.press("PageDown")
        screen.locator("[data-drawn]").first.wait_for()
        assert_pictured(screen, "workshop_screen_curves")

        facilitator.get_by_role("button", name="Hide from the teams").click()
        for page in teams.values():
            page.get_by_text("The facilitator will reveal").wait_for()
        screen.get_by_text("What came of them is still hidden.").wait_for()
        for page in (north, facilitator):
            page.reload()
        north.get_by_text("The facilitator will reveal").wait_for()
        facilitator.get_by_role("button", name="Reveal to the teams").click()
        north.get_by_text("What made the difference").wait_for()
        for page in (north, facilitator):
            assert_reads(page, expected)
        assert_results_are_open(north)
        assert_pictured(facilitator, "workshop_results", full=True)
        for team in taken:
            ends = said.compared["scenarios"][team]["outcomes"]
            assert f"Money: {words.money(ends['cost']['mean'])} of 120k" in taken[team]
            assert f"Hours of people's time: {ends['hours']['mean']:,.0f} of 2,000" in taken[team]
        with facilitator.expect_download() as waiting:
            facilitator.get_by_text("Save to a file").click()
        file = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(file)
        visitors.close()  # before the server goes: a page that loses it complains
    assert frames[0] and not any(SECRET.encode() in frame for heard in frames for frame in heard)
    assert SECRET not in file.read_text(encoding="utf-8")

    with explorer(tmp_path / "there") as there:
        other = visitors()
        other.goto(f"{there}/workshop")
        other.locator("input[type=file]").set_input_files(file)
        other.get_by_role("button", name="Hide from the teams").wait_for()
        assert_reads(other, expected)
        visitors.close()


def expected_lines_of(expected, team):
    """The line of a team's share of worlds, guess, money and hours."""
    return expected[expected.index(team) + 1]


def assert_reads(page, expected):
    """The page ranks the teams as the command line's numbers do, to the letter."""
    page.get_by_text(expected_lines_of(expected, "North")).wait_for()
    expect(ranking(page)).to_have_text(re.compile(r"\s*".join(map(re.escape, expected))))


def test_a_workshop_outlives_its_server(visitors, explorer, tmp_path):
    with explorer(tmp_path / "here") as here:
        facilitator, team = visitors(), visitors()
        facilitator.goto(f"{here}/?headcount=60&weeks={WEEKS}&replicates={WORLDS}")
        code = opens_a_workshop(facilitator)
        team.goto(f"{here}/workshop?workshop={code}")
        joins(team, "North")
        visitors.close()
    with explorer(tmp_path / "here") as again:
        fresh = visitors()
        fresh.goto(f"{again}/workshop?workshop={code}")
        expect(fresh.get_by_text("Welcome to Board day")).to_be_visible()
        visitors.close()


def test_a_limit_that_cannot_be_read_is_refused_and_the_rest_stays(page, server):
    page.goto(f"{server}/workshop")
    page.get_by_label("Title").fill("Board day")
    page.get_by_label("Budget (money)").fill("700k")
    page.get_by_label("People's hours").fill("many")
    page.get_by_role("button", name="Open the workshop").click()
    page.get_by_text("The hours must be an amount above nought").wait_for()
    typed = [page.get_by_label(label).input_value() for label in ("Title", "Budget (money)", "People's hours")]
    assert typed == ["Board day", "700,000", "many"]
    page.get_by_label("People's hours").fill("2,000")
    page.get_by_role("button", name="Open the workshop").click()
    page.get_by_text("You may spend at most 700k of money and 2,000 hours of people's time until then.").wait_for()


def test_what_is_being_typed_outlasts_what_others_do(visitors, server):
    one, two = visitors(), visitors()
    one.goto(f"{server}/?headcount=60")
    code = opens_a_workshop(one)
    two.goto(f"{server}/workshop?workshop={code}")
    joins(two, "North")
    two.get_by_label("Because").press_sequentially("managers")
    one.get_by_label("A team on this screen").fill("South")
    one.get_by_role("button", name="Add").click()
    two.get_by_label("Because").press_sequentially(" ask")
    one.get_by_label("Budget (money)").fill("90k")
    one.get_by_label("Budget (money)").press("Enter")
    two.get_by_text("You may spend at most 90.0k of money").wait_for()
    expect(two.get_by_label("Because")).to_have_value("managers ask")


def test_two_sessions_never_meet(visitors, server):
    one, two = visitors(), visitors()
    one.goto(f"{server}/?headcount=77")
    two.goto(f"{server}/workshop")
    two.get_by_text("Open a workshop").first.wait_for()
    opens_a_workshop(one)
    two.reload()
    two.get_by_text("Open a workshop").first.wait_for()
    expect(two.get_by_text("Go on with")).to_have_count(0)
    assert "headcount" not in two.url


def test_a_team_sees_no_results_in_any_page_of_its_browser(visitors, server, assert_pictured):
    """Not even on a page whose address names no workshop, and which was open before the team joined."""
    facilitator, team = visitors(), visitors()
    facilitator.goto(f"{server}/?headcount=60&weeks={WEEKS}&replicates={WORLDS}")
    code = opens_a_workshop(facilitator)
    compare = visitors.watched(team.context.new_page())
    compare.goto(f"{server}/compare?headcount=60&replicates={WORLDS}")
    expect(compare.locator("[data-drawn]").first).to_be_visible()
    team.goto(f"{server}/workshop?workshop={code}")
    joins(team, "North")
    expect(compare.get_by_text(f"You are the team “North” in the workshop “Board day”. {SHUT}")).to_be_visible()
    expect(compare.locator("[data-drawn]")).to_have_count(0)
    assert_pictured(compare, "workshop_shut")
    for path in ("watch", "compare", "matters", "compare?present=1"):
        compare.goto(f"{server}/{path}")
        expect(compare.get_by_text(SHUT)).to_be_visible()
    compare.get_by_role("button", name="Go to the workshop").click()
    expect(compare.get_by_text("1. Your plan")).to_be_visible()
    opens_the_page(facilitator, "Compare")
    expect(facilitator.locator("[data-drawn]").first).to_be_visible()
    opens_the_page(compare, "Compare")
    expect(compare.get_by_text(SHUT)).to_be_visible()
    team.get_by_role("button", name="Leave the workshop").click()
    expect(compare.locator("[data-drawn]").first).to_be_visible()
    expect(compare.get_by_text(SHUT)).to_have_count(0)


def test_a_name_that_is_too_long_is_counted_and_refused_where_it_is_typed(page, server):
    page.goto(f"{server}/workshop?headcount=60")
    page.get_by_label("Title").fill("x" * 61)
    expect(page.get_by_text("61 / 60")).to_be_visible()
    page.get_by_role("button", name="Open the workshop").click()
    expect(page.get_by_text("The title has 61 letters; keep it within 60")).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("x" * 61)
    opens_a_workshop(page)
    team = page.get_by_label("A team on this screen")
    team.fill("y" * 61)
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("The name has 61 letters; keep it within 60")).to_be_visible()
    expect(team).to_have_value("y" * 61)
    team.fill("North")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("North: no plan yet")).to_be_visible()
    opens_the_page(page, "Programme")
    plan = page.get_by_label("Name of this plan")
    plan.fill("z" * 61)
    plan.press("Enter")
    expect(page.get_by_text("61 / 60")).to_be_visible()
    expect(page.get_by_text("The name has 61 letters; keep it within 60")).to_be_visible()


LONG = "Because managers who ask every week make the difference. " * 8
SMALLEST = """() => {
  const lines = [], end = document.querySelector('footer').getBoundingClientRect().top;
  const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const holder = walker.currentNode.parentElement, box = holder.getBoundingClientRect();
    if (box.height > 1) lines.push([parseFloat(getComputedStyle(holder).fontSize), box.bottom <= end + 1,
                                    holder.textContent]);
  }
  const scrolls = document.documentElement.scrollHeight > window.innerHeight;
  return { type: Math.min(...lines.map(([type]) => type)) / window.innerHeight, scrolls,
           hidden: lines.filter(([, inside]) => !inside).map(([, , said]) => said) };
}"""


def revealed_with(count):
    """A workshop of so many teams whose results all may see."""
    workshop = opened("Board day", Terms(People(headcount=20), 26, 4), "nobody's")
    for place in range(count):
        name = f"Team {place} {'W' * (52 if place == 1 else 10)}"
        made = plan(name, "middling", {f"levers.{lever}": "0.9" for lever in CHANGED[: place % 4]})
        workshop = guessed(drafted(joined(workshop, name), name, made), name, 0.3, LONG)
        workshop = handed_in(workshop, name, 1, 1)
    return shown(played(workshop), True)


CHANGED = ("managers.inspection", "leaders.modelling", "environment.reward_quality")


def test_a_room_reads_all_that_came_of_the_plans(visitors, explorer, tmp_path, assert_pictured):
    """From the back: no type below a fortieth of the screen's height, nothing scrolled, however many teams."""
    shelf = Shelf(tmp_path / "here")
    codes = {count: shelf.add(revealed_with(count), None).code for count in (1, 2, 5, 6, 10)}
    with explorer(tmp_path / "here") as here:
        for width, height in ((1280, 720), (1920, 1080)):
            page = visitors(width, height)
            for count, code in codes.items():
                for view in ("ranking", "difference", ""):
                    page.goto(f"{here}/workshop?workshop={code}&present=1&view={view}")
                    expect(page.get_by_text("Team 0 ")).to_be_visible()
                    assert_pictured(page, f"room_{view or 'guesses'}_{count}_{width}")
                    found = page.evaluate(SMALLEST)
                    assert found["type"] >= 1 / 40 - 1e-6, (count, view, found)
                    assert not found["scrolls"] and not found["hidden"], (count, view, found)
        visitors.close()


def test_a_file_takes_the_place_of_a_workshop_that_is_here_only_when_told(page, server, tmp_path):
    page.goto(f"{server}/?headcount=60")
    code = opens_a_workshop(page)
    with page.expect_download() as waiting:
        page.get_by_text("Save to a file").click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    page.get_by_label("A team on this screen").fill("South")
    page.get_by_role("button", name="Add").click()
    page.get_by_text("South").first.wait_for()
    for answer, teams in (("Keep what is here", 1), ("Put the file in its place", 0)):
        page.goto(f"{server}/workshop")
        page.locator("input[type=file]").set_input_files(file)
        page.get_by_text(f"“Board day” ({code}) is here already.").wait_for()
        page.get_by_role("button", name=answer).click()
        expect(page.get_by_role("button", name=answer)).to_have_count(0)
        page.goto(f"{server}/workshop?workshop={code}")
        page.get_by_role("heading", name="Board day").wait_for()
        expect(page.get_by_text("South")).to_have_count(teams)
