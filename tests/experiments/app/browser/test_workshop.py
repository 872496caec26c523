"""A whole workshop in real browsers: a facilitator, three teams, guesses, a budget, the reveal, a reload, a restart."""

from __future__ import annotations

import json
import re
import subprocess
import sys

SETTING = "headcount=60&weeks=52&replicates=16"
PLANS = {
    "North": "plan=Ask|middling|levers.managers.inspection:1",
    "South": "plan=Well run|well-run",
    "West": "plan=As ever|typical",
}


def open_workshop(page, server, budget="120k"):
    page.goto(f"{server}/workshop?{SETTING}")
    page.get_by_label("Title").fill("Board day")
    page.get_by_label("Budget (money)").fill(budget)
    page.wait_for_timeout(600)
    page.get_by_role("button", name="Open the workshop").click()
    page.get_by_text("Teams join with the code").wait_for()
    return page.locator("div.text-h2").inner_text().strip()


def join(page, server, code, team):
    page.goto(f"{server}/workshop?workshop={code}&{PLANS[team]}")
    page.get_by_label("Your team's name").fill(team)
    page.wait_for_timeout(600)
    page.get_by_role("button", name="Join", exact=True).click()
    page.get_by_text("1. Your plan").wait_for()
    page.get_by_role("button", name=re.compile(PLANS[team].split("=")[1].split("|")[0])).click()
    page.get_by_text("of people's hours").wait_for()


def hand_in(page, guess, why):
    page.get_by_label("habitual after 52 weeks").fill(guess)
    page.get_by_label("Because").fill(why)
    page.wait_for_timeout(600)
    page.get_by_role("button", name="Hand in").click()


def told(*names, tmp_path):
    """What the command line says of the same plans."""
    files = []
    for name in names:
        _, plan = PLANS[name].split("=", 1)
        _, base, *changes = plan.split("|")
        levers = "".join(f"\n  {key.split('.')[1]}: {{{key.split('.')[2]}: {value}}}"
                         for key, value in (change.split(":") for change in changes))  # fmt: skip
        file = tmp_path / f"{name}.yaml"
        text = f"title: {name}\nquestion: q\nsource: s\nextends: {base}\n" + (f"levers:{levers}\n" if levers else "")
        file.write_text(text, encoding="utf-8")
        files.append(str(file))
    command = [
        sys.executable,
        "-m",
        "experiments.cli",
        "compare",
        "typical",
        *files,
        "--headcount",
        "60",
        "--weeks",
        "52",
    ]
    done = subprocess.run([*command, "--replicates", "16", "--json"], capture_output=True, text=True, check=True)
    return {name: found["outcomes"] for name, found in json.loads(done.stdout)["scenarios"].items()}


def test_a_whole_workshop(visitors, server, shot, tmp_path):
    facilitator = visitors()
    code = open_workshop(facilitator, server)
    shot(facilitator, "workshop-open")
    teams = {}
    for name in PLANS:
        teams[name] = visitors()
        join(teams[name], server, code, name)
    shot(teams["North"], "workshop-team")

    hand_in(teams["North"], "30", "managers ask")
    teams["North"].get_by_text("Handed in, with a guess of 30 %").wait_for()
    hand_in(teams["West"], "5", "nothing helps")
    teams["West"].get_by_text("Handed in").wait_for()
    hand_in(teams["South"], "90", "do it all")  # beyond the budget
    teams["South"].get_by_text(re.compile("more than there are; give up something")).wait_for()
    facilitator.get_by_text("North: handed in").wait_for()
    assert "Ask" not in facilitator.locator("main").inner_text()  # nobody's plan is shown before the reveal

    facilitator.get_by_role("button", name="Play 2 of 3 plans").click()
    facilitator.get_by_text("Reveal to the teams").wait_for()
    teams["North"].get_by_text("The facilitator will reveal").wait_for()
    facilitator.get_by_text("Reveal to the teams").click()
    for page in (facilitator, teams["North"], teams["South"]):
        page.get_by_text("What made the difference").wait_for()
    teams["North"].reload()
    teams["North"].get_by_text("What made the difference").wait_for()
    facilitator.locator("[data-drawn]").first.wait_for()
    shot(facilitator, "workshop-results", full=True)

    text = teams["North"].locator("main").inner_text()
    outcomes = told("North", "West", tmp_path=tmp_path)
    for name in ("North", "West"):
        mean = outcomes[name]["habitual"]["mean"] * 100
        assert re.search(rf"{mean:.{0 if mean >= 9.95 else 1}f} %", text), (name, mean)
        assert (
            f"{outcomes[name]['cost']['mean'] / 1e3:.1f}k of money" in text
            or f"{outcomes[name]['cost']['mean'] / 1e3:.0f}k of money" in text
        )
    assert text.index("North") < text.index("West") and "guessed 30 %" in text and "managers ask" in text

    facilitator.get_by_text("Hide from the teams").click()
    teams["North"].get_by_text("The facilitator will reveal").wait_for()


def test_a_workshop_outlives_its_server_and_moves_to_another_laptop(visitors, explorer, tmp_path):
    with explorer(tmp_path / "here") as here:
        facilitator, team = visitors(), visitors()
        code = open_workshop(facilitator, here)
        join(team, here, code, "North")
        with facilitator.expect_download() as saved:
            facilitator.get_by_text("Save to a file").click()
        file = tmp_path / saved.value.suggested_filename
        saved.value.save_as(file)
        visitors.close()  # before the server goes: a page that loses it complains
    with explorer(tmp_path / "here") as again:
        fresh = visitors()
        fresh.goto(f"{again}/workshop?workshop={code}")
        fresh.get_by_text("Board day").first.wait_for()
        visitors.close()
    with explorer(tmp_path / "there") as there:
        other = visitors()
        other.goto(f"{there}/workshop")
        other.locator("input[type=file]").set_input_files(file)
        other.get_by_text("Teams join with the code").wait_for()
        other.get_by_text("North: planning").wait_for()
        assert other.locator("div.text-h2").inner_text().strip() == code
        visitors.close()


def test_two_sessions_never_meet(visitors, server):
    one, two = visitors(), visitors()
    one.goto(f"{server}/workshop?headcount=77")
    two.goto(f"{server}/workshop")
    one.get_by_text("Open a workshop").first.wait_for()
    two.get_by_text("Open a workshop").first.wait_for()
    open_workshop(one, server)
    two.reload()
    two.get_by_text("Open a workshop").first.wait_for()
    assert two.get_by_text("Go on with").count() == 0 and "headcount" not in two.url
