"""A company's own server for single sign-on, run beside the desk: who is signed in there is whom it vouches for."""

from typing import ClassVar

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from django.urls import include, path

from puntuale.conf.urls import urlpatterns as desk

urlpatterns = [*desk, path("", include("allauth.idp.urls"))]


class Vouching(DefaultOIDCAdapter):
    """Says of whoever is signed in there what a test wants it to say."""

    says: ClassVar[dict[str, object]] = {}

    def get_claims(self, purpose, user, client, scopes, email=None, **kwargs):
        return {"sub": f"sub-{self.says['email']}", **self.says}
