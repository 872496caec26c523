"""Page Watch as a person uses it: the run is the command line's, it plays in the browser alone, and names nobody."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from experiments.app import orgchart
from experiments.app.pages.watch import watching
from experiments.app.work import People, Work
from experiments.figures.styles import STAGES

PEOPLE = 120
QUERY = f"headcount={PEOPLE}&replicates=8"
WORK = Work()
WEEK = "Number(document.querySelector('.uptake-week b').innerText)"
"""As the browser shows it."""


@pytest.fixture(scope="module")
def run():
    """The same run, computed here."""
    people = People(headcount=PEOPLE)
    return watching.watch("test", people, WORK.plans[0], WORK.weeks, WORK.seed, 0).found


def opened(page, server, query=QUERY):
    page.goto(f"{server}/watch?{query}")
    page.locator(".uptake-chart canvas[data-drawn]").wait_for()
    return page


def week(page) -> int:
    return int(re.search(r"Week (\d+)", page.locator(".uptake-week").inner_text())[1])


def assert_at(page, expected: int) -> None:
    expect(page.locator(".uptake-week b")).to_have_text(str(expected))


def counts(page) -> dict[str, int]:
    keys = page.locator("[data-stage]")
    shown = keys.evaluate_all("all => all.map(e => [e.dataset.stage, e.querySelector('b').innerText])")
    return {name: int(count.replace(",", "")) for name, count in shown}


def middle(page, organisation, row: int) -> tuple[float, float]:
    """Where a person is on the screen."""
    boxes = orgchart.boxes(organisation)
    chart = page.locator(".uptake-chart canvas").bounding_box()
    across, down = (boxes.left[row] + boxes.right[row]) / 2, (boxes.top[row] + boxes.bottom[row]) / 2
    return chart["x"] + across * chart["width"], chart["y"] + down * chart["height"]


def test_steps_and_jumps_by_buttons_and_keys(page, server, assert_pictured):
    opened(page, server)
    assert_at(page, 0)
    page.get_by_role("button", name="One week on").click()
    assert_at(page, 1)
    page.get_by_role("button", name="One week back").click()
    assert_at(page, 0)
    page.locator("body").click(position={"x": 5, "y": 715})
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert_at(page, 1)
    page.keyboard.press("End")
    assert_at(page, WORK.weeks - 1)
    page.keyboard.press("Home")
    assert_at(page, 0)
    page.get_by_role("slider", name="Week").focus()
    page.keyboard.press("ArrowRight")
    assert_at(page, 1)
    assert_pictured(page, "watch")


def test_plays_pauses_and_ends(page, server):
    opened(page, server)
    page.locator(".uptake-speed").click()
    page.get_by_role("option", name="20 weeks/s").click()
    page.get_by_role("button", name="Play").click()
    page.wait_for_function(f"{WEEK} > 5")
    page.get_by_role("button", name="Pause").click()
    rested = week(page)
    page.wait_for_timeout(400)
    assert week(page) == rested
    page.locator("body").click(position={"x": 5, "y": 715})
    page.keyboard.press(" ")
    page.get_by_role("button", name="Play").wait_for()  # it has come to the end by itself
    assert_at(page, WORK.weeks - 1)


def test_the_counts_of_a_week_are_those_of_the_run(page, server, run):
    opened(page, server)
    for wanted in (0, 1, 2, WORK.weeks - 1):
        page.keyboard.press("End") if wanted == WORK.weeks - 1 else None
        assert_at(page, wanted)
        assert counts(page) == {name: int((run.stage[wanted] == stage).sum()) for stage, name, _ in STAGES}
        page.keyboard.press("ArrowRight")


def test_the_events_are_those_of_the_run(page, server, run):
    from experiments import story

    opened(page, server)
    page.locator(".uptake-feed small").first.wait_for()
    page.keyboard.press("End")
    newest = story.events(run)[-1]
    expect(page.locator(".uptake-feed")).to_contain_text(newest.text)
    expect(page.locator(".uptake-feed > *").first).to_contain_text(f"Week {newest.week}")


def test_an_event_shows_where_its_unit_is(page, server, run):
    """Everyone else fades on the chart, and comes back."""
    opened(page, server)
    page.locator(".uptake-feed small").first.wait_for()
    page.keyboard.press("End")
    told = page.locator(".uptake-feed button").first
    unit = next(place for place, name in enumerate(run.organisation.unit_names) if name in told.inner_text())
    row = int(np.flatnonzero((run.organisation.unit != unit) & (run.organisation.role == 2))[0])
    x, y = middle(page, run.organisation, row)
    chart = page.locator(".uptake-chart canvas").bounding_box()
    strength = f"""() => document.querySelector('.uptake-chart canvas').getContext('2d')
        .getImageData({round(x - chart["x"])}, {round(y - chart["y"])}, 1, 1).data[3]"""
    page.wait_for_function(f"({strength})() === 255")
    told.click()
    page.wait_for_function(f"({strength})() < 128")
    told.click()
    page.wait_for_function(f"({strength})() === 255")


def test_whoever_is_clicked_says_what_the_run_says(page, server, run, assert_pictured):
    opened(page, server)
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    assert_at(page, 12)
    row = int(np.flatnonzero(run.organisation.role == 2)[7])
    page.mouse.click(*middle(page, run.organisation, row))
    card = page.get_by_role("region", name="Person")
    told = watching.person(run, row, 12)
    trust = f"Trust {told.trust:.2f}, resistance {told.resistance:.2f}"
    story = [f"Week {event.week}: {event.text}" for event in told.story]
    for expected in (told.who, watching.SIMULATED, trust, told.why, *story):
        card.get_by_text(expected).wait_for()
    card.locator("[data-drawn]").wait_for()
    assert_pictured(page, "watch-person")
    page.keyboard.press("ArrowRight")
    card.get_by_text(f"Trust {watching.person(run, row, 13).trust:.2f}").wait_for()
    card.get_by_role("heading", name="Why in week 13").wait_for()
    card.get_by_role("button", name="Close").click()
    card.wait_for(state="detached")


def test_people_of_an_uploaded_roster_are_a_role_and_a_unit(page, server, tmp_path, assert_pictured):
    """Ids, names and titles of the file are nowhere: not in the page, not in what is sent to it."""
    rows = ["id,manager,unit,title,name", "Q7-0,,Head Office,Grand Vizier,Ada Secret"]
    rows += [f"Q7-{n},Q7-{(n - 1) // 6},{('North', 'South')[n % 2]},Scribe,Ada Secret" for n in range(1, 40)]
    roster = tmp_path / "people.csv"
    roster.write_text("\n".join(rows), encoding="utf-8")
    received = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(str(frame))))
    page.goto(server)
    page.get_by_role("tab", name="Upload").click()
    page.locator("input[type=file]").first.set_input_files(roster)
    page.get_by_role("button", name="Use these people").click()
    page.wait_for_url("**uploaded=*")
    page.get_by_role("tab", name="Watch").click()
    page.locator(".uptake-chart canvas[data-drawn]").wait_for()
    page.get_by_text(watching.SIMULATED).first.wait_for()
    chart = page.locator(".uptake-chart canvas").bounding_box()
    page.mouse.move(chart["x"] + 30, chart["y"] + chart["height"] - 10)
    page.get_by_text(re.compile("^rep · (North|South) · layer")).wait_for()
    page.mouse.click(chart["x"] + 30, chart["y"] + chart["height"] - 10)
    card = page.get_by_role("region", name="Person")
    card.get_by_text(re.compile("^Rep, (North|South)$")).wait_for()
    card.get_by_text("gets access").wait_for()
    assert_pictured(page, "watch-uploaded")
    everything = page.content() + "".join(received)
    assert "North" in everything
    for secret in ("Q7-", "Vizier", "Scribe", "Ada Secret"):
        assert secret not in everything


def test_a_click_on_a_manager_goes_into_their_part_and_out_again(page, server, run):
    opened(page, server)
    manager = int(np.flatnonzero(run.organisation.level == 1)[0])
    page.mouse.click(*middle(page, run.organisation, manager))
    page.get_by_text("Reporting to:").wait_for()
    page.get_by_role("button", name="Everyone").click()
    page.get_by_text(f"Everyone: {PEOPLE} people").wait_for()
    expect(page.get_by_text("Reporting to:")).to_have_count(0)


def test_the_chart_is_walked_by_keys(page, server):
    opened(page, server)
    canvas = page.locator(".uptake-chart canvas")
    canvas.focus()
    canvas.press("ArrowDown")
    canvas.press("ArrowDown")
    canvas.press("Enter")
    page.get_by_text("Reporting to:").wait_for()
    canvas.press("Escape")
    canvas.press("Escape")
    page.get_by_text(f"Everyone: {PEOPLE} people").wait_for()
    assert week(page) == 0  # the arrow keys were the chart's


def test_plays_on_while_the_line_is_down(page, server):
    """And whoever is clicked afterwards is told of as before."""
    opened(page, server)
    page.get_by_role("button", name="Play").click()
    page.wait_for_function(f"{WEEK} > 2")
    page.evaluate("solara.debug.dropConnection()")
    before = week(page)
    page.wait_for_function(f"{WEEK} > {before} + 5")
    page.wait_for_function("solara.debug.connectionStatus === 'connected'", timeout=5_000)
    chart = page.locator(".uptake-chart canvas").bounding_box()
    page.mouse.click(chart["x"] + 30, chart["y"] + chart["height"] - 10)
    page.get_by_role("region", name="Person").get_by_text("gets access").wait_for()
    assert week(page) > before + 5


FRAME = 16.0
"""Milliseconds of a screen's frame at 60 a second."""


def test_a_thousand_people_are_painted_within_a_frame_and_weeks_keep_to_the_clock(page, server):
    opened(page, server, "headcount=1000")
    page.locator(".uptake-feed small").first.wait_for()
    page.evaluate("""async () => {
        const { Chart } = await import('/uptake/js/chart.js'), paint = Chart.prototype.paint;
        window.took = [];
        Chart.prototype.paint = function () {
            const began = performance.now();
            paint.call(this);
            window.took.push(performance.now() - began);
        };
    }""")
    page.locator(".uptake-speed").click()
    page.get_by_role("option", name="20 weeks/s").click()
    page.get_by_role("button", name="Play").click()
    page.wait_for_function(f"{WEEK} > 0")
    clock = f"[performance.now(), {WEEK}]"
    began, first = page.evaluate(clock)
    page.wait_for_timeout(2_000)
    ended, last = page.evaluate(clock)
    assert last - first == pytest.approx((ended - began) * 20 / 1_000, abs=6)
    assert np.median(page.evaluate("took")) < FRAME


def test_nothing_is_said_to_the_server_while_it_plays(page, server):
    """Playing is the browser's: no message leaves it, and so no loop runs at the other end."""
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    opened(page, server)
    page.locator(".uptake-feed small").first.wait_for()
    page.get_by_role("button", name="Play").click()
    page.wait_for_function(f"{WEEK} > 0")
    sent.clear()
    page.wait_for_function(f"{WEEK} > 10")
    assert sent == []


def test_whoever_is_followed_keeps_up_with_play_at_a_calm_pace(page, server, run):
    """About one word a second to the server, whatever the speed; nothing is read out meanwhile."""
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(str(frame))))
    opened(page, server)
    page.mouse.click(*middle(page, run.organisation, int(np.flatnonzero(run.organisation.role == 2)[7])))
    card = page.get_by_role("region", name="Person")
    card.get_by_text("Week 0:").first.wait_for()
    page.get_by_role("button", name="Play").click()
    expect(card.get_by_role("heading", name=re.compile(r"Why in week ([5-9]|\d\d+)"))).to_be_visible()
    expect(card).to_have_attribute("aria-live", "off")
    began = page.evaluate("performance.now()")
    sent.clear()
    page.wait_for_function(f"{WEEK} > 40")
    passed = page.evaluate("performance.now()") - began
    asked = [frame for frame in sent if "event_week" in frame]
    assert 1 <= len(asked) <= passed / 1_000 + 1
    page.get_by_role("button", name="Pause").click()
    expect(card.get_by_role("heading", name=f"Why in week {week(page)}")).to_be_visible()
    expect(card).to_have_attribute("aria-live", "polite")


def test_a_world_that_there_is_not_is_said(page, server):
    opened(page, server, f"{QUERY}&world=100")
    page.get_by_text("There is no world 100: this is the last, world 8.").wait_for()
    expect(page.get_by_text("World 8 of 8")).to_be_visible()
    page.get_by_role("button", name="World before").click()
    expect(page.get_by_text("World 7 of 8")).to_be_visible()
    expect(page.get_by_text("There is no world")).to_have_count(0)


def test_a_reload_keeps_plan_world_and_page(page, server):
    opened(page, server)
    page.locator(".v-select", has_text="Plan").click()
    page.get_by_role("option", name=WORK.plans[1].name).click()
    page.wait_for_url("**chosen=1*")
    page.reload()
    page.locator(".uptake-chart canvas[data-drawn]").wait_for()
    assert "/watch" in page.url
    expect(page.locator(".v-select__selection").first).to_contain_text(WORK.plans[1].name)


def test_another_world_is_another_run(page, server):
    opened(page, server)
    page.keyboard.press("End")
    assert_at(page, WORK.weeks - 1)
    first = counts(page)
    page.get_by_role("button", name="Next world").click()
    page.get_by_text("World 2 of 8").wait_for()
    shown = "[...document.querySelectorAll('[data-stage] b')].map(each => each.innerText).join()"
    page.wait_for_function(f"was => {shown} !== was", arg=",".join(f"{count:,}" for count in first.values()))
    people = People(headcount=PEOPLE)
    other = watching.watch("test", people, WORK.plans[0], WORK.weeks, WORK.seed, 1).found
    assert counts(page) == {name: int((other.stage[-1] == stage).sum()) for stage, name, _ in STAGES}


@pytest.mark.parametrize(("width", "height", "dark"), [(390, 844, False), (1280, 720, True)])
def test_it_fits_a_phone_and_the_dark(visitors, server, assert_pictured, width, height, dark):
    page = opened(visitors(width, height, dark=dark), server)
    page.keyboard.press("End")
    assert_at(page, WORK.weeks - 1)
    assert_pictured(page, f"watch-{width}-{'dark' if dark else 'light'}", full=True)
