"""Of the two ways in which a mail says the same, that one is read which says it."""

import io

import pytest

from puntuale.mail.incoming.parsing import Wanted, read

HTML = "<p>The gateway in the cellar is under water since noon, and nobody answers the telephone. Please call us.</p>"
SAID = "The gateway in the cellar is under water since noon, and nobody answers the telephone. Please call us."


def of(plain, html, folder, charset="; charset=utf-8"):
    parts = [f"--b\nContent-Type: text/plain; charset=utf-8\n\n{plain}\n".encode()]
    html = html if isinstance(html, bytes) else html.encode()
    parts += [f"--b\nContent-Type: text/html{charset}\n\n".encode() + html, b"\n--b--\n"]
    head = b"From: anna@northwind.test\nContent-Type: multipart/alternative; boundary=b\n\n"
    return read(io.BytesIO(head + b"".join(parts)), folder, Wanted()).text


@pytest.mark.parametrize(
    "plain",
    [
        "", "\u200b", "\u00a0\n\u2060", "&nbsp;", "[cid:image001.png@01D]", "-- \nAnna Conti\nNorthwind", "...",
        "This message requires an HTML-capable mail client.", "Your mail program cannot show this e-mail",
        "Um diese Nachricht zu lesen, verwenden Sie ein anderes Programm", "Hello",
    ],
)  # fmt: skip
def test_a_plain_text_that_is_a_stub_loses_nothing(tmp_path, plain):
    assert of(plain, HTML, tmp_path) == SAID


@pytest.mark.parametrize(
    ("plain", "html"),
    [
        ("The gateway is under water.\nPlease call.", "<p>The gateway is under water.</p><p>Please call.</p>"),
        ("See the picture", "<p><img src='cid:x'></p>"),
        ("Water! here <https://x.example/a>", "<p><b>Water!</b> <a href='https://x.example/a'>here</a></p>"),
        ("__init__", "<p>__init__</p>"),
    ],
)
def test_a_whole_plain_text_is_read_as_it_was_written(tmp_path, plain, html):
    assert of(plain, html, tmp_path) == plain


@pytest.mark.parametrize(
    ("plain", "html", "said"),
    [
        ("Delete server A: NO", "<p>Delete server A: <s>NO</s> YES</p>", "Delete server A: ~~NO~~ YES"),
        ("These fail since noon:\nBye", "<p>These fail since noon:</p><p>Router 7</p><p>Bye</p>", "Router 7"),
        ("I answer in red", "<p>I answer in red</p><p style='color:red'>Reboot it at night</p>", "Reboot it at night"),
        (
            "See the two devices in the table\n[image: table.png]\nThanks",
            "<p>See the two devices in the table</p><table><tr><td>A</td><td>77</td></tr></table><p>Thanks</p>",
            "77",
        ),
    ],
)
def test_what_only_the_html_says_is_read(tmp_path, plain, html, said):
    assert said in of(plain, html, tmp_path)


@pytest.mark.parametrize(
    ("plain", "html"),
    [
        ("Halfway there, please hurry up", "<p><b>H</b>alfway there, please <i>hu</i>rry up</p>"),
        ("Call me & hurry, the gateway is down", "<p>Call me &amp; hurry, the gateway</p>"),
        ("The gateway is down, says the log of noon: 10 hosts", "<p>The gateway is down, says log</p>"),
        ("1) Water * here", "<ol><li>Water <b>here</b></li></ol>"),
    ],
)
def test_a_plain_text_that_says_as_much_is_read_as_it_was_written(tmp_path, plain, html):
    assert of(plain, html, tmp_path) == plain


@pytest.mark.parametrize("name", ["windows-1251", "koi8-r", "iso-8859-5"])
def test_a_charset_that_only_the_html_tells_is_believed(tmp_path, name):
    for meta in (f'<meta charset="{name}">', f"<meta http-equiv=Content-Type content='text/html; charset={name}'>"):
        html = f"<html><head>{meta}</head><p>Связь пропала</p>".encode(name)
        assert of("", html, tmp_path, charset="") == "Связь пропала"
