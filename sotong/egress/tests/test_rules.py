import pytest

from sotong.egress.errors import Blocked
from sotong.egress.rules import may_connect, parse_url, server_address

PRIVATE = [
    "127.0.0.1",
    "127.255.0.3",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "::1",
    "fd00::1",
]
NEVER = [
    "0.0.0.0",
    "0.1.2.3",
    "169.254.169.254",
    "192.0.0.8",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::127.0.0.1",
    "::ffff:0:127.0.0.1",
    "2002:7f00:1::",
    "2001::1",
    "2001:db8::1",
    "3fff::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "5f00::1",
    "not an address",
    "",
    "127.1",
]
PUBLIC = ["8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_of_ones_own_is_reached_only_with_an_exemption(address):
    assert not may_connect(address, is_exempt=False)
    assert may_connect(address, is_exempt=True)


@pytest.mark.parametrize("address", NEVER)
def test_an_address_that_no_web_server_has_is_refused_even_with_an_exemption(address):
    assert not may_connect(address, is_exempt=False)
    assert not may_connect(address, is_exempt=True)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_reached(address):
    assert may_connect(address, is_exempt=False)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "//example.com",
        "example.com",
        "",
        "http://",
        "http:///x",
        "http://a:b@example.com/",
        "http://127.0.0.1\\@example.com/",
        "http://x:99999/",
        "http://x:0/",
        "http://[::1",
        "http://[fe80::1%25eth0]/",
        "http://①②⑦.⓪.⓪.①/",
        "http://exa mple/",
        "http://x\r\nHost: y/",
    ],
)
def test_an_url_that_could_be_read_in_two_ways_is_refused(url):
    with pytest.raises(Blocked):
        parse_url(url)


def test_an_origin_has_its_port_spelled_out_and_its_host_in_lower_case():
    assert str(parse_url("HTTPS://Example.COM/x?y")[1]) == "https://example.com:443"
    assert str(parse_url("http://한국.kr/")[1]) == "http://xn--3e0b707e.kr:80"
    assert str(parse_url("http://[::1]:8080/")[1]) == "http://[::1]:8080"


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("pds.example", "https://pds.example"),
        (" PDS.Example/ ", "https://pds.example"),
        ("pds.example:2583", "https://pds.example:2583"),
        ("https://pds.example:443/xrpc?x#y", "https://pds.example"),
        ("192.168.0.7", "https://192.168.0.7"),
        ("127.0.0.1:8471", "http://127.0.0.1:8471"),
        ("localhost", "http://localhost"),
        ("[::1]:8471", "http://[::1]:8471"),
        ("https://127.0.0.1", "https://127.0.0.1"),
        ("localhost.example", "https://localhost.example"),
    ],
)
def test_a_server_is_read_as_it_was_typed(typed, address):
    assert server_address(typed) == address
    assert server_address(address) == address


@pytest.mark.parametrize(
    "typed", ["", " ", "//", "/xrpc", "ftp://x.example", "javascript:alert(1)", "a b", "u:p@x.example"]
)
def test_what_is_no_server_is_refused(typed):
    for takes_plain in (False, True):
        with pytest.raises(Blocked):
            server_address(typed, takes_plain=takes_plain)


@pytest.mark.parametrize(
    "typed", ["http://pds.example", "HTTP://pds.example:443", "http://192.168.0.7", "http://localhost.example"]
)
def test_a_sign_in_goes_to_another_machine_over_https_only(typed):
    with pytest.raises(Blocked):
        server_address(typed)
    assert server_address(typed, takes_plain=True).startswith("http://")
