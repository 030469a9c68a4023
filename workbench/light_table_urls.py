"""Addresses of the desk: the light table."""

from django.urls import URLPattern, path

from workbench.views import light_table, lots

urlpatterns: list[URLPattern] = [
    path("light-table/", light_table.batches, name="light_tables"),
    path("light-table/<int:batch>/", light_table.table, name="light_table"),
    path("light-table/<int:batch>/undo/", light_table.undo, name="light_table_undo"),
    path("light-table/<int:batch>/pages/<int:page>/", light_table.large, name="light_table_page"),
    path("light-table/<int:batch>/pages/<int:page>/act/", light_table.act, name="light_table_act"),
    path("light-table/<int:batch>/findings/<int:finding>/", light_table.decide, name="light_table_decide"),
    path("light-table/thumbnails/<int:page>.jpg", light_table.thumbnail, name="light_table_thumbnail"),
    path("light-table/<int:batch>/lot/", lots.lot, name="lot"),
    path("light-table/<int:batch>/lot/draw/", lots.draw, name="lot_draw"),
    path("light-table/<int:batch>/lot/sign/", lots.sign, name="lot_sign"),
    path("light-table/<int:batch>/lot/<int:key>/report.<slug:form>", lots.report, name="lot_report"),
]
