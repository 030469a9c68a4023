"""Addresses of the public site."""

from django.urls import path

from portal.views import browse, exporting, home, pages, reader, records, saved, search

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("search/advanced/", search.advanced_form, name="advanced"),
    path("searches/", saved.searches, name="searches"),
    path("searches/save/", saved.save, name="save_search"),
    path("searches/<int:key>/open/", saved.open_, name="open_search"),
    path("searches/<int:key>/rename/", saved.rename, name="rename_search"),
    path("searches/<int:key>/remove/", saved.remove, name="remove_search"),
    path("searches/<int:key>/take-back/", saved.take_back, name="take_back_search"),
    path("search/export.<slug:form>", exporting.export, name="export"),
    path("catalogue/", browse.catalogue, name="catalogue"),
    path("browse/", browse.ways, name="browse"),
    path("browse/<slug:by>/", browse.shelves, name="browse"),
    path("browse/<slug:by>/<str:value>/", browse.shelf, name="browse"),
    path("about/", pages.about, name="about"),
    path("progress/", pages.progress, name="progress"),
    path("ark:<slug:naan>/<slug:name>", records.record, name="record"),
    path("ark:/<slug:naan>/<slug:name>", records.old_form, name="record_old_form"),
    path("ark:<slug:naan>/<slug:name>/pages/<int:number>/", reader.read, name="reader"),
    path("ark:<slug:naan>/<slug:name>/hits/", search.hits, name="hits"),
    path("robots.txt", pages.robots, name="robots"),
    path("sitemap.xml", pages.sitemap, name="sitemap"),
    path("sitemap-<int:part>.xml", pages.sitemap_part, name="sitemap_part"),
    path("feed.atom", search.feed, name="feed"),
]
