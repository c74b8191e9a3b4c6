"""What is written in the composer."""

from __future__ import annotations

from django import forms

from sotong.inbox.forms.fields import TEXT_LONGEST, UNKNOWN_VALUE, Id, Text, Token
from sotong.inbox.rules.taking_back import REASON_LONGEST

TABS = [("public", "public"), ("direct", "direct"), ("note", "note")]


def tab_field() -> forms.ChoiceField:
    """Which kind of answer."""
    return forms.ChoiceField(choices=TABS, error_messages=dict.fromkeys(("required", "invalid_choice"), UNKNOWN_VALUE))


class OpenPage(forms.Form):
    """Which page asks and up to when it knows the draft (milliseconds since 1970): see ``drafts.Screen``."""

    page = Token(required=False)
    seen = Id(required=False)


class ReplyForm(OpenPage):
    """A public reply or a direct message. ``seen_upto``: the newest message that was on screen; ``even_so``: send
    although someone else holds the conversation or something new came.
    """

    tab = tab_field()
    text = Text(max_length=TEXT_LONGEST)
    token = Token()
    seen_upto = Id(required=False)
    target = Id(required=False)
    channel = Id(required=False)
    even_so = forms.BooleanField(required=False)


class NoteForm(OpenPage):
    """A private note."""

    text = Text(max_length=TEXT_LONGEST)
    token = Token()


class TakeBackForm(forms.Form):
    """Why a sent reply goes."""

    reason = Text(max_length=REASON_LONGEST)


class DraftForm(OpenPage):
    """What is typed and not sent."""

    tab = tab_field()
    text = Text(max_length=TEXT_LONGEST)
    token = Token(required=False)


class TabForm(forms.Form):
    """Which draft is meant."""

    tab = tab_field()


class PresenceForm(forms.Form):
    """That someone looks, types or leaves."""

    is_typing = forms.BooleanField(required=False)
    is_leaving = forms.BooleanField(required=False)
