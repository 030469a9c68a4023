"""What measurements share: a home of their own, a generated corpus, a site to ask, a report."""
