"""What makes a password, in our own words: Django says some of these in English only."""

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class LongEnough(MinimumLengthValidator):
    """Refuses short passwords."""

    def get_error_message(self) -> str:
        """Return what is wrong."""
        return ngettext(
            "A password needs at least %(count)d character.",
            "A password needs at least %(count)d characters.",
            self.min_length,
        ) % {"count": self.min_length}


class NotYourName(UserAttributeSimilarityValidator):
    """Refuses passwords that resemble the person's name or address."""

    def get_error_message(self) -> str:
        """Return what is wrong."""
        # Django fills in which of the person's data it resembles; the sentence need not say.
        return _("This password is too much like your name or your address.")


class NotCommon(CommonPasswordValidator):
    """Refuses passwords that everybody tries first."""

    def get_error_message(self) -> str:
        """Return what is wrong."""
        return _("This password is one of the first that people try.")
