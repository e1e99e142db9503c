"""The address that a request is counted by: no header gives somebody another one."""

import pytest
from django.test import RequestFactory

from coastguard.client_address import client_address

PEER = "198.51.100.7"


def seen(settings, proxies, *, peer=PEER, **headers):
    settings.TRUSTED_PROXIES = proxies
    return client_address(RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers))


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Client-IP", "X-Client-IP", "Via"]
)
def test_without_proxies_no_header_is_believed(settings, header):
    assert seen(settings, 0, **{header: "203.0.113.9"}) == PEER


@pytest.mark.parametrize("header", ["Forwarded", "X-Real-IP", "Client-IP", "True-Client-IP"])
def test_behind_a_proxy_other_headers_are_not_believed_either(settings, header):
    told = {header: "203.0.113.9", "X-Forwarded-For": "192.0.2.1"}
    assert seen(settings, 1, **told) == "192.0.2.1"


@pytest.mark.parametrize(
    ("proxies", "expected"), [(0, PEER), (1, "192.0.2.3"), (2, "192.0.2.2"), (3, "192.0.2.1")]
)
def test_as_many_are_counted_from_the_right_as_there_are_proxies(settings, proxies, expected):
    hops = "192.0.2.1, 192.0.2.2,192.0.2.3"
    assert seen(settings, proxies, **{"X-Forwarded-For": hops}) == expected


def test_what_somebody_wrote_before_the_proxy_is_hearsay(settings):
    forged = [f"203.0.113.{number}, 192.0.2.1" for number in range(50)]
    assert {seen(settings, 1, **{"X-Forwarded-For": each}) for each in forged} == {"192.0.2.1"}


@pytest.mark.parametrize(
    "hops",
    ["", ",", "unknown", "192.0.2.1:80", "[2001:db8::1]", "1", "192.0.2.1\u00e9", "0192.0.2.1"],
)
def test_what_is_no_address_is_passed_over_for_the_connections_own(settings, hops):
    assert seen(settings, 1, **{"X-Forwarded-For": hops}) == PEER


def test_fewer_than_the_proxies_are_passed_over_too(settings):
    assert seen(settings, 2, **{"X-Forwarded-For": "192.0.2.1"}) == PEER
    assert seen(settings, 1) == PEER


@pytest.mark.parametrize(
    "one",
    ["2001:db8:1:2::", "2001:db8:1:2::1", "2001:0DB8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::1%1"],
)
def test_a_network_of_ipv6_is_one_address(settings, one):
    assert seen(settings, 0, peer=one) == "2001:db8:1:2::"
    assert seen(settings, 1, **{"X-Forwarded-For": one}) == "2001:db8:1:2::"
    assert seen(settings, 0, peer="2001:db8:1:3::1") == "2001:db8:1:3::"


def test_an_address_of_ipv4_is_the_same_when_written_in_ipv6(settings):
    assert seen(settings, 0, peer="::ffff:192.0.2.1") == "192.0.2.1"


@pytest.mark.parametrize("peer", ["", "unix:"])
def test_a_connection_without_an_address_has_none(settings, peer):
    assert seen(settings, 0, peer=peer) == ""
