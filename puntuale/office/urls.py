"""The routes of the managers' door."""

from django.urls import path

from puntuale.office.views import chains, promises, rotas, welcome

urlpatterns = [
    path("office/welcome/<str:secret>/", welcome.welcome, name="welcome"),
    path("office/promises/", promises.promises, name="office_promises"),
    path("office/rotas/", rotas.rotas, name="office_rotas"),
    path("office/rotas/new/", rotas.new, name="office_new_rota"),
    path("office/rotas/<int:key>/", rotas.rota, name="office_rota"),
    path("office/rotas/<int:key>/retirement/", rotas.retirement, name="office_rota_retirement"),
    path("office/chains/new/", chains.new, name="office_new_chain"),
    path("office/chains/<int:key>/", chains.chain, name="office_chain"),
    path("office/chains/<int:key>/retirement/", chains.retirement, name="office_chain_retirement"),
]
