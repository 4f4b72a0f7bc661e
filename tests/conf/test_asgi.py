"""The web application: what Django sees of a request, what clients get, and threads that nobody can hold."""

import asyncio
import gzip
import io
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.urls import reverse

from puntuale.conf import asgi
from puntuale.conf.lanes import PIECE, SPARE, WIDTH, Lanes
from puntuale.wording.languages import LANGUAGES
from tests.conf.test_bodies import session_of
from tests.conf.web import Web


@pytest.fixture
def answers(web, monkeypatch):
    """Lets the desk answer with what a function makes of each request."""

    def answer(make):
        monkeypatch.setattr(web.app.lanes, "_middleware_chain", make)
        return web

    return answer


def echoed(request):
    about = {name: value for name, value in request.META.items() if isinstance(value, str)}
    return HttpResponse(
        json.dumps({**about, "path": request.path, "body": request.body.decode(), "post": request.POST})
    )


def test_django_sees_a_request_as_it_came(answers):
    headers = [(b"x-forwarded-for", b"1.2.3.4"), (b"x-forwarded-for", b"5.6.7.8"), (b"x_forwarded_for", b"9.9.9.9")]
    sent = json.loads(answers(echoed).request("GET", "/h\u00e9/\u4f60/", headers=headers, query=b"q=%C3%A9").body)
    assert sent["path"] == "/h\u00e9/\u4f60/"
    assert (sent["REMOTE_ADDR"], sent["SERVER_NAME"], sent["SERVER_PORT"]) == ("192.0.2.7", "127.0.0.1", "8000")
    assert (sent["HTTP_X_FORWARDED_FOR"], sent["QUERY_STRING"], sent["HTTP_HOST"]) == (
        "1.2.3.4,5.6.7.8",
        "q=%C3%A9",
        "localhost",
    )


def test_a_form_is_the_same_whether_its_length_was_told_or_not(answers):
    web = answers(echoed)
    told = json.loads(web.post("/en/sign-in/", b"a=1&", b"b=2").body)
    untold = json.loads(web.post_in_chunks("/en/sign-in/", b"a=1&", b"b=2").body)
    assert told["post"] == untold["post"] == {"a": "1", "b": "2"}
    assert told["CONTENT_LENGTH"] == untold["CONTENT_LENGTH"] == "7"
    assert "HTTP_TRANSFER_ENCODING" not in untold


def test_a_query_that_cannot_be_read_is_a_bad_request(web):
    assert web.request("GET", "/en/guarantee/", query=b"q=\xff").status == 400


def test_cookies_stand_in_lines_of_their_own(answers):
    def baked(request):
        response = HttpResponse("x")
        response.set_cookie("a", "1")
        response.set_cookie("b", "2")
        return response

    assert answers(baked).request("GET", "/").header("set-cookie") == ["a=1; Path=/", "b=2; Path=/"]


def test_head_tells_the_length_and_sends_nothing(web):
    got, head = web.request("GET", "/en/guarantee/"), web.request("HEAD", "/en/guarantee/")
    assert (head.status, head.body, head.is_whole) == (200, b"", True)
    assert head.header("content-length") == got.header("content-length") == [str(len(got.body))]


def test_pages_are_compressed_as_before(web):
    page = web.request("GET", "/en/guarantee/", headers=[(b"accept-encoding", b"gzip")])
    assert b"</html>" in gzip.decompress(page.body)


def test_alive_is_told_whatever_else_is(web, monkeypatch):
    monkeypatch.setattr(web.app, "lanes", None)
    assert (web.request("GET", "/healthz").status, web.request("GET", "/healthz").body) == (200, b"ok\n")


CONTENT = bytes(range(256)) * 1_000


@pytest.mark.parametrize(
    "make",
    [
        lambda _: HttpResponse(CONTENT),
        lambda _: FileResponse(io.BytesIO(CONTENT)),
        lambda _: StreamingHttpResponse(CONTENT[start : start + 1_000] for start in range(0, len(CONTENT), 1_000)),
    ],
    ids=["page", "file", "stream"],
)
@pytest.mark.parametrize("takes", [None, 3])
def test_large_answers_go_piece_by_piece_to_whoever_takes_them(answers, monkeypatch, make, takes):
    monkeypatch.setattr(asgi, "READER_PATIENCE", 0.05)
    closed, made = [], []

    def noted(request):
        made.append(make(request))
        made[0]._resource_closers.append(lambda: closed.append(True))
        return made[0]

    sent = answers(noted).request("GET", "/", takes=takes)
    assert closed == [True]
    assert max(len(message.get("body", b"")) for message in sent.messages) <= PIECE
    if takes is None:
        assert (sent.body, sent.is_whole) == (CONTENT, True)
    else:
        # What was not sent is not said to have been: the server closes the connection.
        assert (sent.is_whole, len(sent.messages)) == (False, takes)


def test_what_fails_while_it_is_made_is_an_answer_and_no_half_of_one(answers, caplog):
    def failing():
        yield b"half"
        raise ValueError("in the middle")

    sent = answers(lambda _: StreamingHttpResponse(failing())).request("GET", "/")
    assert (sent.status, sent.body) == (500, b"")
    assert "in the middle" in caplog.text


def test_pages_that_wake_people_have_a_lane_of_their_own():
    for language in LANGUAGES:
        assert SPARE.match(reverse("page_link", args=["x"]).replace("/en/", f"/{language}/"))
    for path in ("/readyz", "/metrics", "/static/looks/puntuale.css"):
        assert SPARE.match(path)
    for path in ("/en/desk/due/", "/en/tickets/", "/en/desk/page/x/", "/readyz/x", "/hooks/x/"):
        assert not SPARE.match(path)


def test_slow_pages_hold_their_own_lanes_only(monkeypatch):
    go_on, full, lanes = threading.Event(), threading.Barrier(WIDTH + 1), Lanes()
    names = []

    def slow(request):
        names.append(threading.current_thread().name)
        if "page" not in request.path and not go_on.is_set():
            full.wait(20)
            go_on.wait(20)
        return HttpResponse("x")

    monkeypatch.setattr(lanes, "_middleware_chain", slow)
    scope = {"type": "http", "method": "GET", "query_string": b"", "headers": []}

    async def ask():
        waiting = [asyncio.create_task(lanes.answer({**scope, "path": "/slow/"}, io.BytesIO())) for _ in range(20)]
        await asyncio.to_thread(full.wait, 20)
        began = time.monotonic()
        await asyncio.wait_for(lanes.answer({**scope, "path": "/en/page/x/"}, io.BytesIO()), 10)
        took = time.monotonic() - began
        busy = len(names)
        go_on.set()
        await asyncio.gather(*waiting)
        lanes.close()
        return took, busy

    # A browser of another test may run an event loop in this thread.
    with ThreadPoolExecutor(1) as aside:
        took, busy = aside.submit(asyncio.run, ask()).result()
    assert took < 10
    assert busy <= WIDTH + 1
    assert len(set(names)) == WIDTH + 1


def test_the_application_starts_and_stops_with_the_server(company):
    web, told = Web(), []

    async def live():
        asked = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

        async def receive():
            return asked.pop(0)

        async def send(message):
            told.append(message["type"])

        await web.app({"type": "lifespan"}, receive, send)

    asyncio.run(live())
    assert told == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_a_file_goes_in_and_comes_out_whole(web, signed_in, company):
    client = signed_in("anna")
    form = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n' + CONTENT + b"\r\n--b--\r\n"
    client.get("/en/preferences/")
    token = client.cookies["csrftoken"].value.encode()
    cookies = b"; ".join(b"%s=%s" % (n.encode(), c.value.encode()) for n, c in client.cookies.items())
    headers = [(b"cookie", cookies), (b"content-type", b"multipart/form-data; boundary=b"), (b"x-csrftoken", token)]
    parts = [form[start : start + 50_000] for start in range(0, len(form), 50_000)]
    kept = web.post("/en/files/", *parts, headers=headers)
    assert kept.status == 201, kept.body
    link = web.request("GET", reverse("file", args=[json.loads(kept.body)["key"]]), headers=headers[:1])
    assert link.status == 302
    assert web.request("GET", link.header("location")[0], headers=session_of(client)[1:]).body == CONTENT
