"""Come in and leave."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from archive import access


class SignInForm(AuthenticationForm):
    """User name and password; the message names neither of the two as the wrong one."""

    error_messages = {
        "invalid_login": _("User name and password do not fit. Check both; capitals count."),
        "inactive": _("This account is closed. Ask the administrator of the archive."),
    }
    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class SignIn(LoginView):
    """The page with the form; who is signed in already goes straight to the desk."""

    template_name = "workbench/sign_in.html"
    form_class = SignInForm
    redirect_authenticated_user = True

    def get_success_url(self) -> str:
        """The page that was asked for; the desk, which is not for security officers: they go to the incidents."""
        wanted = super().get_success_url()
        user = self.request.user
        goes_to_desk = wanted == reverse("workbench:desk")
        if goes_to_desk and isinstance(user, User) and not user.is_desk_member and access.may(user, "release"):
            return reverse("workbench:incidents")
        return wanted


class SignOut(LogoutView):
    """Leave, by a form; the public site follows."""
