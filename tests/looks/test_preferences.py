"""The page of preferences: one for all doors, and people find their way back through the one they came from."""

import re

import pytest

DOORS = {"anna": "/en/tickets/", "ada": "/en/desk/", "mara": "/en/desk/"}


def navigation(client, address):
    """Return where the navigation of a page leads, and which of it is called the present page."""
    shown = client.get(address).content.decode().partition("<nav")[2].partition("</nav>")[0]
    links = re.findall(r'<a href="([^"]+)"( aria-current="page")?', shown)
    return [link for link, _ in links], [link for link, is_here in links if is_here]


@pytest.mark.parametrize(("name", "door"), DOORS.items())
def test_it_has_the_navigation_of_the_door_a_person_comes_through(signed_in, company, name, door):
    client = signed_in(name)
    links, here = navigation(client, "/en/preferences/")
    assert (links, here) == (navigation(client, door)[0], ["/en/preferences/"])
    assert door in links
    assert len(links) >= 4


@pytest.mark.parametrize("name", DOORS)
def test_what_was_refused_keeps_it(signed_in, company, name):
    client = signed_in(name)
    refused = client.post("/en/preferences/", {"language": "en", "zone_name": "Mars/Olympus"})
    assert refused.status_code == 422
    for link in navigation(client, "/en/preferences/")[0]:
        assert f'<a href="{link}"' in refused.content.decode()
