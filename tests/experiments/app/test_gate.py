"""Who comes in at the explorer's door: plain ASGI, no browser."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.responses import PlainTextResponse

from experiments.app.server import gate
from experiments.app.server.gate import GUEST, KEY, Gate, is_guest
from experiments.app.server.keys import Keys

SECRET, CODE, HOST = "the-key", "AB2CD", "127.0.0.1:8765"


async def _inside(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
    else:
        await PlainTextResponse("in")(scope, receive, send)


def _door(key: str | None) -> Gate:
    return Gate(_inside, Keys(key, "a-guest") if key else None, lambda: [CODE])


@pytest.mark.parametrize("name", [HOST, "localhost:8765", "[::1]:8765", "localhost"])
def test_without_a_key_this_machine_comes_in_by_its_own_names(ask, name):
    own = {"host": name, "origin": f"http://{name}"}
    assert ask(_door(None), headers={"host": name}).text == "in"
    assert ask(_door(None), method="POST", headers=own).text == "in"
    assert ask(_door(None), kind="websocket", headers=own).status == 101


@pytest.mark.parametrize("name", ["evil.example", "evil.example:8765", "127.0.0.1.evil.example", "", "[::1", "x@evil"])
def test_without_a_key_another_name_is_a_page_in_disguise(ask, name):
    for how in ({}, {"method": "POST"}, {"kind": "websocket"}):
        headers = {"host": name, "origin": f"http://{name}"}
        assert ask(_door(None), headers=headers, **how).status == (gate.REFUSED if "kind" in how else 403)


@pytest.mark.parametrize("key", [None, SECRET])
@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9", "http://[", ""])
def test_another_sites_page_can_neither_post_nor_open_a_websocket(ask, key, origin):
    """Not even with the right cookie, which a browser sends along."""
    headers = {"origin": origin, "cookie": f"{KEY}={SECRET}"}
    assert ask(_door(key), method="POST", headers=headers).status == 403
    assert ask(_door(key), kind="websocket", headers=headers).status == gate.REFUSED
    assert ask(_door(key), kind="websocket", headers={**headers, "origin": f"http://{HOST}"}).status == 101


@pytest.mark.parametrize("path", ["/", "/workshop", "/uptake/plotly/plotly.min.js", "/_solara/cdn", "/uptake/upload"])
def test_with_a_key_a_stranger_sees_only_the_question_for_a_code(ask, path):
    for method in ("GET", "POST"):
        heard = ask(_door(SECRET), path, method=method, headers={"host": "192.168.1.5:8765"})
        assert heard.status == 401
        assert "The workshop's code" in heard.text
        assert "set-cookie" not in heard.headers


@pytest.mark.parametrize(
    "headers", [{}, {"origin": f"http://{HOST}"}, {"cookie": f"{KEY}=no", "origin": f"http://{HOST}"}]
)
def test_with_a_key_a_websocket_needs_its_cookie(ask, headers):
    query = {"key": SECRET, "code": CODE}  # only a page's address opens
    assert ask(_door(SECRET), kind="websocket", headers=headers, query=query).status == gate.REFUSED


def test_the_key_in_the_address_becomes_a_cookie_that_scripts_cannot_read(ask):
    heard = ask(_door(SECRET), query={"key": SECRET})
    assert (heard.status, heard.headers["location"]) == (303, "/")
    cookie, *rules = heard.headers["set-cookie"].lower().split("; ")
    assert cookie == f"{KEY}={SECRET}"
    assert {"httponly", "samesite=lax"} <= set(rules)
    assert ask(_door(SECRET), headers={"cookie": cookie}).text == "in"
    assert not is_guest({KEY: SECRET}, SECRET)


@pytest.mark.parametrize("typed", [CODE, CODE.lower(), f" {CODE} "])
def test_a_workshops_code_lets_a_guest_in_without_the_key(ask, typed):
    heard = ask(_door(SECRET), "/join", query={"code": typed})
    assert (heard.status, heard.headers["location"]) == (303, f"/workshop?workshop={CODE}")
    cookie = heard.headers["set-cookie"].split(";")[0]
    assert cookie == f"{GUEST}=a-guest"
    assert SECRET not in str(heard)
    assert ask(_door(SECRET), "/workshop", headers={"cookie": cookie}).text == "in"
    assert is_guest({GUEST: "a-guest"}, SECRET)


@pytest.mark.parametrize("name", [KEY, GUEST, ""])
@pytest.mark.parametrize("value", ["no", "", "\xe9", "a-guest\xff"])
def test_a_wrong_cookie_is_no_cookie(ask, name, value):
    assert ask(_door(SECRET), headers={"cookie": f"{name}={value}"}).status == 401
    assert is_guest({KEY: value}, SECRET)


def test_wrong_codes_are_counted_by_address_and_must_wait(ask, monkeypatch):
    now, door = [1000.0], _door(SECRET)
    monkeypatch.setattr(gate.time, "monotonic", lambda: now[0])
    for n in range(gate.TRIES):
        assert ask(door, query={"code" if n % 2 else "key": f"X{n}"}).status == 401
    assert ask(door, query={"code": CODE}).status == 429
    assert ask(door, query={"key": SECRET}).status == 429
    assert ask(door).status == 401  # the page itself may be asked for
    assert ask(door, query={"code": CODE}, address="10.0.0.2").status == 303  # and from elsewhere
    now[0] += gate.PAUSE + 1
    assert ask(door, query={"code": CODE}).status == 303


def test_addresses_that_tried_are_forgotten_in_time(ask, monkeypatch):
    now, door = [1000.0], _door(SECRET)
    monkeypatch.setattr(gate.time, "monotonic", lambda: now[0])
    for n in range(50):
        ask(door, query={"code": "WRONG"}, address=f"10.0.0.{n}")
    now[0] += gate.PAUSE + 1
    ask(door, query={"code": "WRONG"}, address="10.0.1.1")
    assert list(door._wrong) == ["10.0.1.1"]


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "<!--said-->"])
def test_what_is_typed_for_a_code_does_not_come_back(ask, typed):
    """The page is the same to the letter whatever was typed."""
    heard = ask(_door(SECRET), "/join", query={"code": typed})
    assert heard.status == 401
    assert "There is no workshop of that code." in heard.text
    assert heard.text == ask(_door(SECRET), "/join", query={"code": "WRONG"}).text
