"""The page Organisation, used as a person would."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

ROSTER = "Employee ID,Reports To,Department,Job Title\n" + "".join(
    f"secret-{i},{'' if i == 0 else f'secret-{(i - 1) // 5}'},{('North', 'South')[i % 2]},Title of {i}\n"
    for i in range(60)
)
TIES = "ego,alter,contacts\n" + "".join(f"secret-{i},secret-{(i * 7 + 3) % 60},4\n" for i in range(60))
TABLE = "Rows to be mended"


def send(page, place, name, text):
    """Choose a file in the upload of that place (0: roster, 1: ties) and see its name."""
    page.locator("input[type=file]").nth(place).set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": text if isinstance(text, bytes) else text.encode()}
    )
    page.get_by_text(name, exact=True).wait_for()


def assert_people(page, people):
    """So many people are shown, in the end."""
    page.locator("div", has_text=re.compile(rf"^{people}people$")).first.wait_for()


def use(page):
    page.get_by_role("button", name="Use these people").click()


def test_sliders_make_another_organisation_and_the_address_holds_it(page, server, assert_pictured):
    """By keyboard, as the slider is built for; the same address in a new page shows the same people."""
    page.goto(server)
    assert_people(page, "300")
    page.get_by_role("slider", name="People").focus()
    page.keyboard.press("Home")
    assert_people(page, "10")
    page.get_by_role("slider", name="People").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("headcount=16"))
    assert_people(page, "16")
    page.get_by_role("button", name="Draw another").click()
    page.wait_for_url(re.compile("organisation_seed=2"))
    assert_pictured(page, "organisation")
    page.goto(page.url)
    assert_people(page, "16")
    expect(page).to_have_url(re.compile("headcount=16.*organisation_seed=2"))
    page.get_by_role("button", name="Start over").click()
    assert_people(page, "300")
    expect(page).to_have_url(re.compile("^[^?]*$"))


@pytest.mark.parametrize(("headcount", "said"), [(10, "10"), (5000, "5,000")])
@pytest.mark.parametrize("dark", [False, True])
def test_the_chart_works_at_ten_and_at_five_thousand(visitors, server, assert_pictured, headcount, said, dark):
    page = visitors(dark=dark)
    page.goto(f"{server}/?headcount={headcount}")
    assert_people(page, said)
    page.get_by_text(f"Everyone: {said} people").wait_for()
    painted = set()
    for by in ("unit", "role", "layer"):
        before = page.locator("canvas").first.evaluate("canvas => Number(canvas.dataset.drawn)")
        page.get_by_role("button", name=by, exact=True).click()
        page.wait_for_function("before => Number(document.querySelector('canvas').dataset.drawn) > before", arg=before)
        painted.add(page.locator("canvas").first.evaluate("canvas => canvas.toDataURL()"))
    assert len(painted) == 3, "each way of colouring shows another picture"
    assert_pictured(page, f"organisation_{headcount}{'_dark' * dark}", full=True)


def test_a_phone_shows_it_without_scrolling_sideways(visitors, server, assert_pictured):
    page = visitors(390, 844)
    page.goto(server)
    assert_people(page, "300")
    page.get_by_text("Everyone: 300 people").wait_for()
    assert_pictured(page, "organisation_phone", full=True)
    page.get_by_role("tab", name="Upload").click()
    page.get_by_role("button", name="Use these people").wait_for()
    assert_pictured(page, "organisation_phone_upload", full=True)


def test_a_sample(page, server):
    page.goto(server)
    page.get_by_role("tab", name="Sample").click()
    page.get_by_role("button", name="Show Meridian").click()
    page.get_by_role("heading", name="Meridian").wait_for()
    assert_people(page, "317")
    expect(page).to_have_url(re.compile(r"\?sample=meridian$"))


def test_an_upload_is_kept_without_names_over_a_reload_and_never_in_the_address(visitors, server, assert_pictured):
    page = visitors()
    page.goto(server)
    page.get_by_role("tab", name="Upload").click()
    send(page, 0, "people.csv", ROSTER)
    send(page, 1, "ties.csv", TIES)
    use(page)
    page.get_by_role("heading", name="people, as uploaded").wait_for()
    assert_people(page, "60")
    page.wait_for_url(re.compile("uploaded=[0-9a-f]{16}"))
    page.get_by_text("Everyone: 60 people").wait_for()
    assert_pictured(page, "organisation_uploaded")
    page.goto(page.url)
    page.get_by_role("heading", name="people, as uploaded").wait_for()
    assert "secret" not in page.content() and "secret" not in page.url and "Title of" not in page.content()
    elsewhere = visitors()
    elsewhere.goto(page.url)
    fingerprint = re.search("uploaded=([0-9a-f]+)", page.url)[1]
    elsewhere.get_by_text(f"fingerprint {fingerprint}").first.wait_for()
    assert_pictured(elsewhere, "organisation_elsewhere")
    elsewhere.get_by_role("tab", name="Upload").click()
    send(elsewhere, 0, "other.csv", ROSTER)
    send(elsewhere, 1, "ties.csv", TIES)
    use(elsewhere)
    elsewhere.get_by_role("heading", name="other, as uploaded").wait_for()
    assert fingerprint in elsewhere.url, "the same people have the same fingerprint on any machine"


def test_no_file_stays_on_disk(page, server, uploads, until):
    """Neither one that was read nor one that its sender walked away from."""
    page.goto(server)
    page.get_by_role("tab", name="Upload").click()
    send(page, 0, "people.csv", ROSTER)
    until(lambda: len(uploads()) == 1)
    use(page)
    assert_people(page, "60")
    until(lambda: uploads() == [])
    send(page, 0, "again.csv", ROSTER)
    send(page, 0, "and-again.csv", ROSTER)
    until(lambda: len(uploads()) == 2)
    page.get_by_role("tab", name="Sample").click()
    page.get_by_role("button", name="Show Meridian").wait_for()
    until(lambda: uploads() == [])


def test_what_is_wrong_stands_in_a_table_with_rows_and_may_be_decided(visitors, server, assert_pictured):
    """Someone without a manager and someone whose manager is unknown: by row, column and value, then attached."""
    for size, dark in (((1280, 720), False), ((1280, 720), True), ((390, 844), False)):
        page = visitors(*size, dark=dark)
        page.goto(server)
        page.get_by_role("tab", name="Upload").click()
        send(page, 0, "broken.csv", ROSTER + "secret-x,,North,T\nsecret-y,<script>alert(1)</script>,North,T\n")
        use(page)
        table = page.get_by_role("region", name=TABLE)
        table.get_by_role("row", name=re.compile(r"^62 Reports To nothing$")).wait_for()
        table.get_by_role("row", name="63 Reports To <script>alert(1)</script>", exact=True).wait_for()
        expect(page.locator("td script")).to_have_count(0)
        assert_pictured(page, f"organisation_wrong_{size[0]}{'_dark' * dark}", full=True)
    page.get_by_role("button", name="Hang them directly below the top").click()
    assert_people(page, "62")
    page.get_by_text("Orphans attached directly below the top: 2 people").wait_for()
    assert "secret" not in page.content() and "<script>alert" not in page.inner_text("body")


def test_thousands_of_rows_are_counted_and_the_first_shown(page, server):
    page.goto(server)
    page.get_by_role("tab", name="Upload").click()
    send(page, 0, "lost.csv", "id,manager\na,\n" + "".join(f"p{i},gone{i}\n" for i in range(2000)))
    use(page)
    page.get_by_text("2,000 rows to be mended").wait_for()
    page.get_by_text("and 1,800 more rows").wait_for()
    expect(page.get_by_role("region", name=TABLE).locator("tbody tr")).to_have_count(200)


def test_what_was_decided_holds_while_ties_are_mended(page, server):
    """People attached, then a column of the ties that is none, taken as not given; both at once in the end."""
    page.goto(server)
    page.get_by_role("tab", name="Upload").click()
    send(page, 0, "broken.csv", ROSTER + "secret-x,,North,T\n")
    send(page, 1, "ties.csv", "ego,alter,contacts,emails\nsecret-1,secret-2,4,x\n")
    use(page)
    page.get_by_role("button", name="Hang them directly below the top").click()
    page.get_by_text("2 columns could be contact").wait_for()
    page.get_by_label(re.compile("^contact")).click(force=True)
    page.locator(".menuable__content__active").get_by_role("option", name="contacts", exact=True).click()
    use(page)
    assert_people(page, "61")


def test_columns_nobody_recognises_are_named_by_hand(page, server, assert_pictured):
    page.goto(server)
    page.get_by_role("tab", name="Upload").click()
    send(page, 0, "strange.csv", ROSTER.replace("Employee ID,Reports To", "Who,Above"))
    use(page)
    for field, column in (("person id", "Who"), ("manager id", "Above")):
        page.get_by_label(re.compile(f"^{field}")).click(force=True)
        page.locator(".menuable__content__active").get_by_role("option", name=column, exact=True).click()
        page.locator(".menuable__content__active").wait_for(state="hidden")
    assert_pictured(page, "organisation_columns", full=True)
    use(page)
    assert_people(page, "60")
    expect(page).to_have_url(re.compile("uploaded="))
    assert "secret" not in page.content()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", b"", "the file is empty"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n\xff\xfe\x00", "UTF-8"),
        ("..%2f..%2fetc.csv", b"id,manager\n<script>alert(1)</script>,\n=cmd()|'/c calc'!A1,zz\n", "to be mended"),
        ("many.csv", ("id,manager\n0,\n" + "".join(f"{i},0\n" for i in range(1, 20_002))).encode(), "20,000 at most"),
    ],
)
def test_files_that_will_not_do_are_refused_in_words(page, server, name, content, said):
    page.goto(server)
    page.get_by_role("tab", name="Upload").click()
    page.locator("input[type=file]").nth(0).set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    page.get_by_text(name, exact=True).wait_for()
    use(page)
    page.get_by_text(said).wait_for()
    assert "uptake-uploads" not in page.content()
    expect(page.locator("td script")).to_have_count(0)


def test_boxes_are_called_by_who_they_are(page, server):
    """The top by its title, else as the top; leaders with their unit, which stands alone where there is little room."""
    page.goto(server)
    assert_people(page, "300")
    called = """async (titles) => {
        const { Chart } = await import('/uptake/js/chart.js');
        const p = { manager: [-1, 0, 1], span: [1, 1, 0], unit: [0, 1, 1], units: ['South', 'North'], titles,
                    title: titles.map((_, at) => at), role: [0, 1, 2], roles: ['executive', 'middle manager', 'rep'] };
        return [0, 1, 2].map((row) => Chart.prototype.names.call({ p, heads: [true, true, false] }, row));
    }"""
    assert page.evaluate(called, ["Chief executive", "Director", "Clerk"]) == [
        ["Chief executive"], ["Director, North", "North"], ["Clerk"]]  # fmt: skip
    assert page.evaluate(called, []) == [["Top"], ["Middle manager, North", "North"], ["Rep"]]
