"""Sources as GB/T 7714-2025 writes them."""

from archive.models import Source


def cite(source: Source) -> str:
    """The reference for a source, without its address, which is shown as a link.

    Newspapers: ``题名[N/OL]. 报名，日期.``; web pages and data sets: ``责任者. 题名[EB/OL]. （日期）[引用日期].``;
    books and articles: ``责任者. 题名[M]. 日期.``
    """
    title = f"{source.record.title_zh}[{source.carrier}]"
    maker = source.publisher.strip()
    match Source.Carrier(source.carrier):
        case Source.Carrier.NEWSPAPER | Source.Carrier.NEWSPAPER_ONLINE:
            return _sentence(title, "，".join(part for part in (maker, source.issued) if part))
        case Source.Carrier.WEB_PAGE | Source.Carrier.DATASET:
            issued = f"（{source.issued}）" if source.issued else ""
            accessed = f"[{source.accessed_on.isoformat()}]" if source.accessed_on else ""
            return _sentence(maker, title, issued + accessed)
        case Source.Carrier.BOOK | Source.Carrier.ARTICLE:
            return _sentence(maker, title, source.issued)


def _sentence(*parts: str) -> str:
    return " ".join(f"{part.rstrip('.')}." for part in parts if part)
