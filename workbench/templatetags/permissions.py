"""What a person may do, asked by the templates of the desk that show the ways to it."""

from django import template
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from archive import access
from archive.access import Action

register = template.Library()


@register.filter
def may(user: User | AnonymousUser, action: Action) -> bool:
    """Whether this person may do this."""
    return bool(access.may(user, action))
