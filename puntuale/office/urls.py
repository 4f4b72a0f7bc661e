"""The routes of the managers' door."""

from django.urls import path

from puntuale.office.views import chains, domains, joining, promises, rotas, welcome

urlpatterns = [
    path("office/welcome/<str:secret>/", welcome.welcome, name="welcome"),
    path("office/joining/", joining.joining, name="office_joining"),
    path("office/joining/<int:key>/review/", joining.review, name="office_sign_up_review"),
    path("office/domains/", domains.domains, name="office_domains"),
    path("office/domains/rules/", domains.rules, name="office_domain_rules"),
    path("office/domains/rules/<int:key>/removal/", domains.rule_removal, name="office_domain_rule_removal"),
    path("office/domains/organisations/", domains.gifts, name="office_domain_gifts"),
    path("office/domains/organisations/<int:key>/removal/", domains.gift_removal, name="office_domain_gift_removal"),
    path("office/promises/", promises.promises, name="office_promises"),
    path("office/rotas/", rotas.rotas, name="office_rotas"),
    path("office/rotas/new/", rotas.new, name="office_new_rota"),
    path("office/rotas/<int:key>/", rotas.rota, name="office_rota"),
    path("office/rotas/<int:key>/retirement/", rotas.retirement, name="office_rota_retirement"),
    path("office/chains/new/", chains.new, name="office_new_chain"),
    path("office/chains/<int:key>/", chains.chain, name="office_chain"),
    path("office/chains/<int:key>/retirement/", chains.retirement, name="office_chain_retirement"),
]
