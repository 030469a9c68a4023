"""Addresses of the desk: proofreading."""

from django.urls import URLPattern, path

from workbench.views import proofreading, proofreading_measures, proofreading_replacing

urlpatterns: list[URLPattern] = [
    path("proofreading/", proofreading.queue, name="proofreading"),
    path("proofreading/accuracy/", proofreading_measures.accuracy, name="text_accuracy"),
    path("proofreading/accuracy.csv", proofreading_measures.accuracy_table, name="text_accuracy_table"),
    path("proofreading/replace/", proofreading_replacing.replace, name="replace_text"),
    path("proofreading/replace/<uuid:key>/", proofreading_replacing.replaced, name="replaced_text"),
    path("proofreading/<int:key>/", proofreading.proofread, name="proofread"),
    path("proofreading/<int:key>/history/", proofreading.history, name="text_history"),
    path("proofreading/texts/<int:key>/restore/", proofreading.restore, name="restore_text"),
]
