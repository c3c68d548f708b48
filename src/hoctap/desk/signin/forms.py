"""The sign-in form: a name or an e-mail address, a password, and what was typed before the session ran out."""

from allauth.account.forms import LoginForm
from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hoctap.desk.signin import kept


class SignInForm(LoginForm):
    kept = forms.CharField(required=False, widget=forms.HiddenInput, max_length=1_000_000)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Tên đăng nhập hoặc thư điện tử")
        self.fields["login"].widget.attrs.update(
            autocomplete="username", autocapitalize="none", spellcheck="false"
        )
        self.fields["password"].help_text = ""
        self.fields["remember"].label = _("Giữ đăng nhập trên máy này 14 ngày")

    def login(self, request, redirect_url=None):
        held = kept.unseal(self.cleaned_data.get("kept", ""))
        if held:
            redirect_url = reverse("resume")
        response = super().login(request, redirect_url)
        if held:
            request.session["kept"] = vars(held)
        return response
