"""What the portal does when something happens elsewhere."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User
from portal import saved
from portal.views.saved import token_of


@receiver(user_logged_in)
def join_saved_searches(
    sender: type, request: HttpRequest | None, user: User, **_options: Any
) -> None:  # Any: a signal
    """What a browser kept before its holder signed in belongs to the account from now on."""
    token = token_of(request) if request is not None else ""
    if token:
        saved.join(user, token)
