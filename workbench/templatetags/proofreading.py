"""How figures of the proofreading desk are written."""

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def percent(share: float) -> str:
    """A share of 1 in hundredths, with two decimal places."""
    return f"{number_format(share * 100, 2)} %"
