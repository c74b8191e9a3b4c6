"""The forms of people, by what they ask for."""

from sotong.people.forms.founding import FirstRunForm
from sotong.people.forms.signing_in import ChangePasswordForm, SignInForm

__all__ = ["ChangePasswordForm", "FirstRunForm", "SignInForm"]
