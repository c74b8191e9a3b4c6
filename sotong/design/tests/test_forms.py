"""Every Django form looks right and says its errors to everyone."""

from django import forms
from django.utils import translation

from sotong.design.examples import ExampleForm
from sotong.design.forms import FormRenderer


class Renamed(forms.Form):
    default_renderer = FormRenderer
    mail = forms.EmailField(label="이메일", help_text="회사 주소")
    secret = forms.CharField(label="비밀번호", widget=forms.PasswordInput)
    kind = forms.ChoiceField(label="쓰임", choices=[("a", "가")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="동의", required=False)
    zone = forms.ChoiceField(label="시간대", choices=[("s", "서울")])


def drawn(form):
    with translation.override("ko"):
        return str(form)


def test_a_field_is_a_label_a_control_a_hint_and_an_error_tied_together():
    html = drawn(Renamed({"mail": "narae@"}))
    assert '<label for="id_mail">이메일</label>' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_mail_helptext id_mail_error"' in html
    assert 'id="id_mail_helptext"' in html
    assert 'id="id_mail_error"' in html


def test_a_refused_form_begins_with_a_summary_that_links_to_each_field():
    html = drawn(Renamed({"mail": "narae@"}))
    assert "data-error-summary" in html
    assert '<a href="#id_mail">' in html
    assert '<a href="#id_secret">' in html
    assert drawn(Renamed()).count("data-error-summary") == 0


def test_what_was_typed_is_kept_in_a_refused_form_but_a_password_is_not():
    html = drawn(Renamed({"mail": "narae@", "secret": "hidden-word"}))
    assert 'value="narae@"' in html
    assert "hidden-word" not in html
    assert "고칠 곳이 있어요. 비밀번호: 비웠으니 다시 적어 주세요." in html
    assert "적은 것은 그대로 두었어요" not in html
    assert "적은 것은 그대로 두었어요" in drawn(Renamed({"mail": "narae@"}))


def test_radio_buttons_become_cards_in_a_named_group():
    html = drawn(Renamed())
    assert "<fieldset" in html
    assert "<legend" in html
    assert "pick-card" in html


def test_passwords_can_be_shown_and_selects_have_an_arrow():
    html = drawn(Renamed())
    assert "data-secret-toggle" in html
    assert "#chevron-down" in html


def test_an_optional_field_says_so_and_a_required_one_does_not():
    html = drawn(ExampleForm())
    note = html.split('for="id_note"')[1].split("</label>")[0]
    mail = html.split('for="id_mail"')[1].split("</label>")[0]
    assert "선택" in note
    assert "선택" not in mail


def test_djangos_own_sentences_speak_as_the_product_does():
    form = Renamed({"mail": "narae@", "kind": "z", "secret": "x", "zone": "s"})
    with translation.override("ko"):
        assert form.errors["mail"] == ["이메일 주소를 다시 봐 주세요. 이름@회사.kr 처럼 적어요."]
        assert form.errors["kind"] == ["‘z’는 고를 수 없어요. 목록에서 골라 주세요."]
    empty = Renamed({})
    with translation.override("ko"):
        assert empty.errors["secret"] == ["여기를 적어 주세요."]
    plain = Renamed({})
    with translation.override("en"):
        assert plain.errors["secret"] == ["This field is required."]


def test_text_from_outside_is_escaped_in_every_control():
    html = drawn(Renamed({"mail": '"><script>', "kind": '"><script>'}))
    assert "<script" not in html
