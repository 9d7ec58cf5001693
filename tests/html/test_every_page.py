"""What every page and fragment must have: plain links, ids, a title, nothing inline, all of it ours."""

import re
from collections import Counter

from bs4 import BeautifulSoup

from tests.html.conftest import on_one_database
from tests.html.pages import links
from tests.reading import one, soup

pytestmark = on_one_database


def ids(page):
    """Return how often each id stands on a page."""
    return Counter(node["id"] for node in page.select("[id]"))


def brought(part):
    """Return the ids that a fragment adds to a page: not those that take the place of the page's own."""
    return [node["id"] for node in part.select("[id]:not([hx-swap-oob], [hx-swap-oob] *)")]


def test_every_link_of_htmx_is_a_plain_link_to_the_same_address(everything):
    for url, _whole, page in everything:
        for node in page.select("[hx-get]"):
            if node.name == "a":
                assert node["href"] == node["hx-get"], url
            elif node.name == "form":
                assert node["action"] == node["hx-get"], url
            else:
                assert [a["href"] for a in node.select("a[href]")] == [node["hx-get"]], url


def test_every_target_of_htmx_is_on_the_page(everything):
    around = {url: ids(page) for url, whole, page in everything if whole}
    for url, _whole, page in everything:
        there = ids(page) | around.get(url.removesuffix("/news"), ids(BeautifulSoup("", "html.parser")))
        for node in page.select("[hx-target]"):
            target = node["hx-target"]
            if target.startswith("#"):
                assert target[1:] in there, f"{target} of {url}"
            else:
                assert node.css.closest(target.removeprefix("closest ")), f"{target} of {url}"


def test_every_swapping_control_has_an_id_that_stays(everything):
    """htmx gives the focus back by id."""
    without = {
        f"{node} of {url}"
        for url, _whole, page in everything
        for node in page.select("a[hx-get]:not([data-more])")
        if not node.get("id")
    }

    assert without == set()


def test_a_slow_list_never_overwrites_a_newer_one(everything):
    without = {
        f"{node} of {url}"
        for url, _whole, page in everything
        for node in page.select("a[hx-target^='#fragment-']")
        if node.get("hx-sync") != f"{node['hx-target']}:replace"
    }

    assert without == set()


def test_no_address_is_pushed_into_the_history_of_the_crm(everything):
    for url, _whole, page in everything:
        assert not page.select("[hx-push-url]"), url


def test_ids_are_unique_on_every_page(everything):
    for url, _whole, page in everything:
        assert [id_ for id_, times in ids(page).items() if times > 1] == [], url


def test_a_fragment_that_is_swapped_in_brings_no_id_that_the_page_has(everything):
    """The dashboard and the Chat tab show the same activities on one page."""
    parts = {url: Counter(brought(page)) for url, whole, page in everything if not whole}
    met = [
        (url, ids(page), parts[lazy["hx-get"]])
        for url, whole, page in everything
        for lazy in page.select("[data-fragment]")
        if whole and lazy["hx-get"] in parts
    ]

    assert len(met) > 8
    assert [url for url, of_page, of_part in met if of_page.keys() & of_part.keys()] == []


def test_every_id_that_is_pointed_at_exists(everything):
    for url, whole, page in everything:
        there = ids(page)
        for name in ("aria-controls", "aria-labelledby", "aria-describedby", "for"):
            for node in page.select(f"[{name}]") if whole else ():
                assert node[name] in there, f"{name}={node[name]} of {url}"


def test_every_page_has_a_title_an_icon_and_a_language(everything):
    titles = {}
    for url, whole, page in everything:
        if whole:
            assert one(page, "html")["lang"] == "en"
            assert one(page, "link[rel=icon]")["href"].startswith("/static/icon.svg")
            titles[url] = one(page, "head > title").get_text().strip()

    assert "" not in titles.values()
    assert "Ann Lee" in titles["/leads/00Q1"]
    assert len(set(titles.values())) > 10


def test_every_page_has_one_first_heading(everything):
    headings = {url: len(page.select("h1")) for url, whole, page in everything if whole}

    assert {url: count for url, count in headings.items() if count != 1} == {}


def test_nothing_is_inline(everything):
    """The Content-Security-Policy would stop it, and the page would be broken."""
    for url, _whole, page in everything:
        assert not [node for node in page.select("script") if not node.get("src") or node.get_text()], url
        assert not page.select("style, [style], [hx-on], base, iframe, object, embed"), url
        for node in page.find_all(True):
            for name, value in node.attrs.items():
                assert not name.startswith(("on", "hx-on")), f"{name} of {url}"
                assert not str(value).startswith(("js:", "javascript:")), f"{name}={value} of {url}"


def test_nothing_is_loaded_from_elsewhere(everything):
    for url, _whole, page in everything:
        loaded = [node.get("src") or node["href"] for node in page.select("[src], link[href], use[href]")]
        assert [address for address in loaded if not address.startswith(("/static/", "/pane/"))] == [], url


def test_every_icon_of_a_page_is_in_the_sprite(client, everything):
    drawn = {symbol["id"] for symbol in soup(client.get("/static/icons.svg")).select("[id]")}
    used = {use["href"].partition("#")[2] for _, _, page in everything for use in page.select("use[href]")}

    assert used
    assert used - drawn == set()


def test_every_own_link_of_every_page_leads_somewhere(client, company, everything):
    found = {link: url for url, _whole, page in everything for link in links(page, url)}
    followed = [link for link in found if not re.search(r"week=|after=|/activities/", link)]

    assert len(followed) > 20
    assert {link: found[link] for link in followed if client.get(link).status_code != 200} == {}


def test_every_file_that_a_page_needs_is_there_and_may_be_kept(client, everything):
    needed = {
        (node.get("src") or node["href"]).partition("#")[0]
        for _url, _whole, page in everything
        for node in page.select("[src], link[href], use[href]")
    }

    assert len(needed) >= 4
    for address in needed:
        answer = client.get(address)
        assert answer.status_code == 200
        assert "max-age=31536000" in answer.headers["Cache-Control"]
        assert "?v=" in address or address.startswith("/pane/")
