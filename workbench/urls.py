"""Addresses of the desk."""

from django.urls import URLPattern, path

from workbench import intake_urls, light_table_urls, masking_urls, proofreading_urls, unit_urls
from workbench.views import desk, digitisation, sign_in, upload

app_name = "workbench"
urlpatterns: list[URLPattern] = [
    path("", desk.desk, name="desk"),
    path("sign-in/", sign_in.SignIn.as_view(), name="sign_in"),
    path("sign-out/", sign_in.SignOut.as_view(), name="sign_out"),
    path("upload/", upload.upload, name="upload"),
    path("digitisation/", digitisation.digitisation, name="digitisation"),
    path("digitisation/<int:key>/", digitisation.job, name="job"),
    path("digitisation/<int:key>/retry/", digitisation.retry_job, name="retry_job"),
    path("steps/<int:key>/retry/", digitisation.retry_step, name="retry_step"),
    *intake_urls.urlpatterns,
    *light_table_urls.urlpatterns,
    *proofreading_urls.urlpatterns,
    *masking_urls.urlpatterns,
    *unit_urls.urlpatterns,
]
