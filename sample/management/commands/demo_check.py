"""Ask the running demonstration the questions of its main job and print what it found."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from archive.models import Kind
from media import accuracy, jobs
from media.accuracy import Accuracy
from media.models import Page, PageText
from sample import reading
from search import finding

Json = dict[str, Any]  # Any: answers of the interface, read key by key

LEAST_ACCURACY = 0.97
"""Share of characters that must be right over all sheets together."""


class Command(BaseCommand):
    """Wait until every scan can be searched, then check facts, scans, accuracy and five stated questions."""

    help = "Check the running demonstration over HTTP; exits 1 if anything is missing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the site is and how long it may take."""
        parser.add_argument("--url", default="http://127.0.0.1:8000")
        parser.add_argument("--timeout", type=int, default=1800, help="seconds until the wait is given up")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's signature
        """Wait, ask, print, and fail loudly where an answer is wrong."""
        self.url: str = options["url"].rstrip("/")
        self._wait(options["timeout"])
        checks: tuple[Callable[[], list[str]], ...] = (self._facts, self._scans, self._accuracy, self._questions)
        faults = [fault for check in checks for fault in check()]
        for fault in faults:
            self.stderr.write(self.style.ERROR(fault))
        if faults:
            raise CommandError(f"{len(faults)} of the checks failed.")
        self.stdout.write(self.style.SUCCESS("Everything was found. 全部通过。"))

    def _wait(self, timeout: int) -> None:
        """Until no step is open and the index has caught up."""
        end, told = time.monotonic() + timeout, ""
        while True:
            progress, index = jobs.overview(), finding.status()
            line = f"pages read {progress.pages_done}/{progress.pages_total}, index operations waiting {index.pending}"
            if line != told:
                self.stdout.write(f"  … {line}")
                self.stdout.flush()
                told = line
            if progress.is_finished and index.pending == 0:
                return
            if time.monotonic() > end:
                raise CommandError(
                    f"Not finished within {timeout} seconds: {line}. See the logs folder of the archive."
                )
            time.sleep(2)

    def _get(self, path: str, **query: str) -> Json:
        address = f"{self.url}{path}" + (f"?{urllib.parse.urlencode(query)}" if query else "")
        return self._open(address)

    def _open(self, address: str) -> Json:
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310  (our own site, http only)
                found: Json = json.load(answer)
                return found
        except (urllib.error.URLError, TimeoutError) as fault:
            raise CommandError(f"{address} did not answer: {fault}") from fault

    def _facts(self) -> list[str]:
        self.stdout.write("\nFacts loaded, by kind 已载入的记录")
        counts = {value["value"]: value["count"] for value in self._get("/api/v1/search/", q="")["facets"]["kind"]}
        faults = []
        for kind, expected in expected_counts().items():
            found = counts.get(kind, 0)
            self.stdout.write(f"  {kind:<10} {found:>5}  (described in the sample: {expected})")
            if found < expected:
                faults.append(f"{kind}: {found} records can be found, {expected} are in the sample.")
        return faults

    def _scans(self) -> list[str]:
        sheets = reading.sheets()
        expected = sum(len(sheet.pages) for sheet in sheets)
        found = Page.objects.filter(texts__is_current=True, derived_at__isnull=False).count()
        self.stdout.write(f"\nScans digitised 已数字化\n  {found} pages of {expected}, from {len(sheets)} sheets")
        return [] if found >= expected else [f"{expected - found} pages have no text yet."]

    def _accuracy(self) -> list[str]:
        self.stdout.write("\nCharacter accuracy against the true text 识别准确率")
        total, by_layout = Accuracy(0, 0), dict[str, Accuracy]()
        texts = {
            (row.page.unit.record.local_id, row.page.number): row.text
            for row in PageText.objects.filter(is_current=True).select_related("page__unit__record")
        }
        for sheet in reading.sheets():
            for page in sheet.pages:
                truth = "\n".join(page.lines)
                result = accuracy.compare(texts.get((sheet.name, page.number), ""), truth)
                layout = f"{sheet.about['layout']} {sheet.about['script']}"
                by_layout[layout] = by_layout.get(layout, Accuracy(0, 0)) + result
                total += result
        for layout, result in sorted(by_layout.items()):
            self.stdout.write(f"  {layout:<20} {1 - result.error_rate:8.2%}  ({result.characters} characters)")
        self.stdout.write(f"  {'all sheets':<20} {1 - total.error_rate:8.2%}  ({total.characters} characters)")
        enough = 1 - total.error_rate >= LEAST_ACCURACY
        return [] if enough else [f"Accuracy {1 - total.error_rate:.2%} is below {LEAST_ACCURACY:.0%}."]

    def _questions(self) -> list[str]:
        self.stdout.write("\nQuestions asked over HTTP 检索问题")
        faults = []
        for question in reading.document("questions.json"):
            fault = self._ask(question)
            mark = "✗" if fault else "✓"
            where = f"{question['sheet']}, page {question['page']}"
            self.stdout.write(f"  {mark} {question['kind']:<20} {question['q']:<16} → {where}")
            faults += [fault] if fault else []
        return faults

    def _ask(self, question: Json) -> str:
        """Empty if the page was found with a box inside its image; else what is missing."""
        page = Page.objects.select_related("unit__record").get(
            unit__record__local_id=question["sheet"], number=question["page"]
        )
        info = self._get(f"/iiif/3/{page.pk}/info.json")
        answer = self._get("/api/v1/search/", q=question["q"])
        while True:
            for hit in answer["results"]:
                if hit["ark"] == page.unit.record.ark_text:
                    boxes = [box for p in hit["pages"] if p["page"] == page.number for box in p["boxes"]]
                    return _judged(question["q"], boxes, info)
            if not answer["next"]:
                return f"“{question['q']}”: the page was not among the results."
            answer = self._open(answer["next"])


def _judged(q: str, boxes: list[list[int]], info: Json) -> str:
    if not boxes:
        return f"“{q}”: the page was found, but without a box."
    for x, y, w, h in boxes:
        if x < 0 or y < 0 or w <= 0 or h <= 0 or x + w > info["width"] or y + h > info["height"]:
            return f"“{q}”: the box {x},{y},{w},{h} lies outside the image of {info['width']}×{info['height']}."
    return ""


def expected_counts() -> dict[str, int]:
    """How many records of each kind the sample's tables hold."""
    tables = {
        Kind.POLICY: ("policies",),
        Kind.EVENT: ("events",),
        Kind.MEETING: ("joint_conferences",),
        Kind.EXCHANGE: ("personnel",),
        Kind.FUNDING: ("funding",),
        Kind.PROJECT: ("projects",),
        Kind.VENTURE: ("industry",),
        Kind.INDICATOR: ("livelihood",),
        Kind.WORK: ("culture_education",),
        Kind.PAIRING: ("pairings",),
        Kind.AGENT: ("organisations", "persons"),
        Kind.PLACE: ("places",),
        Kind.DISPUTE: ("contradictions",),
        Kind.SOURCE: ("sources",),
    }
    return {kind.value: sum(len(reading.rows(table)) for table in names) for kind, names in tables.items()}
