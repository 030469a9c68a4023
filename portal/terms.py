"""Words of open vocabularies, so that both languages have them; a word not listed is shown as entered."""

from django.utils.translation import gettext, gettext_noop

_KNOWN = frozenset(
    {
        # types of place
        gettext_noop("province"),
        gettext_noop("autonomous region"),
        gettext_noop("prefecture-level city"),
        gettext_noop("county-level city"),
        gettext_noop("county"),
        gettext_noop("district"),
        gettext_noop("town"),
        gettext_noop("village"),
        gettext_noop("region"),
        # categories of agents
        gettext_noop("enterprise"),
        gettext_noop("government"),
        gettext_noop("research"),
        gettext_noop("education"),
        gettext_noop("medical"),
        gettext_noop("team"),
        gettext_noop("chamber"),
        gettext_noop("social"),
        gettext_noop("culture"),
        gettext_noop("media"),
        # categories of works
        gettext_noop("school"),
        gettext_noop("TV drama"),
        gettext_noop("award"),
        gettext_noop("book"),
        gettext_noop("museum"),
        gettext_noop("press"),
        gettext_noop("pairing"),
        gettext_noop("broadcast"),
        gettext_noop("serial"),
        gettext_noop("compilation"),
        gettext_noop("exhibition"),
        gettext_noop("reference"),
        gettext_noop("proposal"),
        # categories of chronicle entries
        gettext_noop("joint conference"),
        gettext_noop("inspection"),
        gettext_noop("founding"),
        gettext_noop("exchange"),
        gettext_noop("agreement"),
        gettext_noop("decision"),
        gettext_noop("event"),
        gettext_noop("personnel"),
        gettext_noop("resettlement"),
        gettext_noop("conference"),
        gettext_noop("project start"),
        gettext_noop("policy"),
        gettext_noop("milestone"),
        gettext_noop("background"),
        gettext_noop("report"),
        gettext_noop("campaign"),
        gettext_noop("labour"),
        # levels of issuing bodies and of pairings; states of policies
        gettext_noop("central"),
        gettext_noop("provincial"),
        gettext_noop("municipal"),
        gettext_noop("city"),
        gettext_noop("township"),
        gettext_noop("institution"),
        gettext_noop("joint"),
        gettext_noop("historical"),
        gettext_noop("in force"),
        gettext_noop("superseded"),
        gettext_noop("expired"),
        gettext_noop("unknown"),
        gettext_noop("completed"),
        gettext_noop("running"),
        gettext_noop("planned"),
        # categories of sources
        gettext_noop("official"),
        gettext_noop("dataset"),
        gettext_noop("secondary"),
        gettext_noop("mirror"),
        gettext_noop("seed"),
    }
)


def shown(word: str) -> str:
    """The word in the reader's language where it is a known one; the word as entered otherwise."""
    return gettext(word) if word in _KNOWN else word
