"""Signed webhooks and TwiML, held against Twilio's own library; and a retry rule for each way of failing."""

import hashlib
from collections.abc import Iterable
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from multidict import MultiDict
from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse

from channels.base import ForgedError, MalformedError, Reference, Wire
from channels.twilio import (
    FORM,
    TwilioAccount,
    form_pairs,
    is_signed,
    messaging_response,
    read_form,
    signature,
)

TOKEN = "12345"
URL = "https://hotline.example/webhooks/twilio/sms"
ACCOUNT = TwilioAccount("AC1", TOKEN, "", "https://hotline.example")
Pairs = list[tuple[str, str]]

words = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)
forms = st.lists(st.tuples(st.sampled_from(["Body", "From", "To", "a", "暖"]) | words, words))
urls = st.builds(
    "{}://{}{}{}{}".format,
    st.sampled_from(["https", "http"]),
    st.sampled_from(["hotline.example", "12345.beijing.gov.cn", "127.0.0.1"]),
    st.sampled_from(["", ":80", ":443", ":8080", ":1"]),
    st.sampled_from(["/webhooks/twilio/sms", "/", ""]),
    st.sampled_from(["", "?ref=1-2-0", "?a=b&a=c&d", "?q=%E6%9A%96"]),
)


def wire(
    pairs: Pairs, *, url: str = URL, signed_url: str = "", algorithm: str = "", token: str = TOKEN
) -> Wire:
    """A webhook as Twilio sends it; `signed_url` where Twilio had another spelling."""
    headers = {"content-type": f"{FORM}; charset=UTF-8"}
    if algorithm:
        headers["x-twilio-webhooks-signature-settings"] = f"key=k1,algorithm={algorithm}"
    hashed = "sha256" if algorithm == "HMAC_SHA256" else "sha1"
    headers["x-twilio-signature"] = signature(token, signed_url or url, pairs, hashed)
    return Wire(url, headers, urlencode(pairs).encode())


def test_twilios_published_example_is_accepted() -> None:
    """https://www.twilio.com/docs/usage/security#validating-requests."""
    pairs = [
        ("CallSid", "CA1234567890ABCDE"),
        ("Caller", "+14158675310"),
        ("Digits", "1234"),
        ("From", "+14158675310"),
        ("To", "+18005551212"),
    ]
    signed = {"x-twilio-signature": "L/OH5YylLD5NRKLltdqwSvS0BnU="}
    request = Wire("https://example.com/myapp.php?foo=1&bar=2", signed, b"")
    assert is_signed(TOKEN, request, pairs) == RequestValidator(TOKEN).validate(
        request.url, dict(pairs), signed["x-twilio-signature"]
    )


@given(urls, urls | st.none(), forms, st.sampled_from(["", "HMAC_SHA1", "HMAC_SHA256"]))
@example("https://h.example:443/", None, [("a", "1"), ("a", "2")], "")
def test_we_accept_what_twilios_validator_accepts_and_nothing_else(
    url: str, signed_url: str | None, pairs: Pairs, algorithm: str
) -> None:
    request = wire(pairs, url=url, signed_url=signed_url or url, algorithm=algorithm)
    theirs = RequestValidator(TOKEN).validate(
        url, MultiDict(pairs), request.headers["x-twilio-signature"], algorithm or None
    )
    assert is_signed(TOKEN, request, pairs) == theirs
    assert theirs or signed_url


@given(forms)
def test_forms_come_out_as_they_went_in(pairs: Pairs) -> None:
    assert form_pairs(urlencode(pairs).encode()) == pairs
    assert form_pairs(urlencode(pairs, quote_via=quote, safe="").lower().encode()) == [
        *lowered_ascii(pairs)
    ]


def lowered_ascii(pairs: Pairs) -> Iterable[tuple[str, str]]:
    """As `bytes.lower` leaves them, whose escapes are case-blind."""
    table = str.maketrans({chr(c): chr(c + 32) for c in range(ord("A"), ord("Z") + 1)})
    return [(name.translate(table), value.translate(table)) for name, value in pairs]


@given(st.binary(max_size=300))
def test_a_body_of_anything_is_forged_at_most(body: bytes) -> None:
    with pytest.raises(ForgedError):
        read_form(ACCOUNT, Wire(URL, {"x-twilio-signature": "x"}, body))


@pytest.mark.parametrize(
    ("url", "signed_url"),
    [
        (URL, "https://hotline.example:443/webhooks/twilio/sms"),
        ("https://hotline.example:8443/x", "https://hotline.example/x"),
        ("http://hotline.example/x", "http://hotline.example:80/x"),
        ("http://hotline.example:80/x?a=1", "http://hotline.example/x?a=1"),
        ("https://u:p@hotline.example/x", "https://u:p@hotline.example:443/x"),
    ],
)
def test_either_spelling_of_the_port_will_do(url: str, signed_url: str) -> None:
    pairs = [("Body", "暖气不热")]
    assert read_form(ACCOUNT, wire(pairs, url=url, signed_url=signed_url)) == dict(pairs)


@pytest.mark.parametrize(
    "forged",
    [
        wire([("Body", "x")], token="another"),
        Wire(URL, {"content-type": FORM}, b"Body=x"),
        Wire(URL, {"content-type": FORM, "x-twilio-signature": "暖气"}, b"Body=x"),
        wire([("Body", "x")], signed_url=URL + "?ref=1-2-0"),
        Wire(URL, wire([("Body", "x")]).headers, b"Body=y"),
        wire([("Body", "x")], algorithm="HMAC_MD5"),
        Wire(URL, {**wire([]).headers, "content-type": "application/json"}, b"{}"),
    ],
)
def test_a_forged_webhook_is_refused(forged: Wire) -> None:
    with pytest.raises(ForgedError):
        read_form(ACCOUNT, forged)


def test_a_json_body_is_verified_by_its_hash_and_is_no_form() -> None:
    body = '{"a": "暖"}'.encode()
    url = f"{URL}?bodySHA256={hashlib.sha256(body).hexdigest()}"
    headers = {"content-type": "application/json", "x-twilio-signature": signature(TOKEN, url, [])}
    assert RequestValidator(TOKEN).validate(url, body.decode(), headers["x-twilio-signature"])
    with pytest.raises(MalformedError):
        read_form(ACCOUNT, Wire(url, headers, body))
    with pytest.raises(ForgedError):
        read_form(ACCOUNT, Wire(url, headers, body + b" "))


def test_a_huge_body_is_refused_unread() -> None:
    with pytest.raises(MalformedError):
        read_form(ACCOUNT, Wire(URL, {}, b"x" * 65_537))


# What XML can say at all: beyond that, their document is not well-formed, and ours leaves it out.
printable = st.text(
    alphabet=st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
    min_size=1,
)


@given(st.lists(st.tuples(printable, st.builds(Reference, *[st.integers(0, 10**9)] * 3))))
def test_our_twiml_means_what_twilios_classes_would_say(sent: list[tuple[str, Reference]]) -> None:
    theirs = MessagingResponse()
    for text, reference in sent:
        url = ACCOUNT.status_url(reference) + "&more=<>"
        theirs.message(text, action=url, status_callback=url, method="POST")
    ours = messaging_response([(t, ACCOUNT.status_url(r) + "&more=<>") for t, r in sent])
    assert canonical(ours) == canonical(str(theirs).encode())


def canonical(document: bytes) -> str:
    """One spelling for documents that mean the same."""
    return ElementTree.canonicalize(document.decode().replace("&#13;", ""))


@given(st.text(alphabet=st.characters()))
def test_our_twiml_is_well_formed_whatever_is_echoed(text: str) -> None:
    url = "https://hotline.example/?ref=1"
    root = ElementTree.fromstring(messaging_response([(text, url)]))  # noqa: S314 - our own
    assert root[0].get("action") == root[0].get("statusCallback") == url
