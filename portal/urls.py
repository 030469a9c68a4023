"""Addresses of the public site."""

from django.urls import path

from portal.views import browse, home, pages, reader, records, search

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("catalogue/", browse.catalogue, name="catalogue"),
    path("browse/", browse.ways, name="browse"),
    path("browse/<slug:by>/", browse.shelves, name="browse"),
    path("browse/<slug:by>/<str:value>/", browse.shelf, name="browse"),
    path("about/", pages.about, name="about"),
    path("progress/", pages.progress, name="progress"),
    path("ark:<slug:naan>/<slug:name>", records.record, name="record"),
    path("ark:/<slug:naan>/<slug:name>", records.old_form, name="record_old_form"),
    path("ark:<slug:naan>/<slug:name>/pages/<int:number>/", reader.read, name="reader"),
    path("robots.txt", pages.robots, name="robots"),
    path("sitemap.xml", pages.sitemap, name="sitemap"),
    path("sitemap-<int:part>.xml", pages.sitemap_part, name="sitemap_part"),
    path("feed.atom", pages.feed, name="feed"),
]
