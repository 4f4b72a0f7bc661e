"""How a person wants to be spoken to: language, time zone, keys."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language_from_path, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from puntuale.guarantee.zones import UnknownZone, zone
from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted
from puntuale.people import calendar_links
from puntuale.people.models import Person
from puntuale.people.preferences import prefer, speak


class Preferences(forms.Form):
    """What a person says about herself."""

    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    zone_name = forms.CharField(label=gettext_lazy("Time zone"), max_length=64)
    uses_keys = forms.BooleanField(label=gettext_lazy("Keyboard shortcuts"), required=False)
    quiet_from = forms.TimeField(required=False)
    quiet_until = forms.TimeField(required=False)

    def __init__(self, person: Person, data: Mapping[str, object] | None = None) -> None:
        known = {
            "language": person.language,
            "zone_name": person.zone_name,
            "uses_keys": person.uses_keys,
            "quiet_from": _time_of(person.quiet_from),
            "quiet_until": _time_of(person.quiet_until),
        }
        super().__init__(data, initial=known)

    def clean_zone_name(self) -> str:
        """Return the zone, if there is one of that name."""
        name = str(self.cleaned_data["zone_name"])
        try:
            zone(name)
        except UnknownZone as problem:
            raise forms.ValidationError(_("%(zone)s is not a time zone.") % {"zone": name}) from problem
        return name

    def clean(self) -> dict[str, Any]:
        """Return what was filled in, with quiet hours that begin and end."""
        filled: dict[str, Any] = super().clean() or self.cleaned_data
        filled["quiet"] = begins, ends = filled.pop("quiet_from", None), filled.pop("quiet_until", None)
        if (begins is None) != (ends is None) or (begins is not None and begins == ends):
            self.add_error("quiet_until", _("Quiet hours need a beginning and another time at which they end."))
        return filled


def _time_of(minute: int | None) -> str:
    return "" if minute is None else f"{minute // 60:02}:{minute % 60:02}"


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: Admitted) -> HttpResponseBase:
    """Show a person's preferences, and take them."""
    form = Preferences(request.person, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        prefer(request.person, **form.cleaned_data)
        with override(form.cleaned_data["language"]):
            messages.success(request, _("Saved."))
            return redirect("preferences")
    return _page(request, form)


@admitted
@require_POST
def language(request: Admitted) -> HttpResponseBase:
    """Let a person be spoken to in the language of an address of ours from now on, and lead there."""
    address = request.POST.get("address", "")
    chosen = get_language_from_path(address)
    if chosen is None or not url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        raise Http404
    speak(request.person, chosen)
    return redirect(address)


@admitted
@require_POST
def new_calendar_address(request: Admitted) -> HttpResponseBase:
    """Replace the secret address of a person's calendar."""
    calendar_links.renew(request.person)
    messages.success(request, _("Calendar address replaced. The old one no longer works."))
    return redirect(reverse("preferences") + "#calendar")


def _page(request: Admitted, form: Preferences) -> HttpResponse:
    zones = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    address = reverse("promises_calendar", args=[calendar_links.token_of(request.person)])
    shown = {"form": form, "zones": zones, "calendar": request.build_absolute_uri(address)}
    return render(request, "looks/preferences.html", shown, status=422 if form.is_bound else 200)
