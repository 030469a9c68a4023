// A region of the page, chosen by pointer or keys: its link, the address of its image, and its citation, to be copied.
(function () {
  "use strict";

  const reader = window.reader;
  const sharing = document.getElementById("sharing");
  if (!sharing) {
    return;
  }
  const heading = document.getElementById("sharing-heading");
  const said = document.getElementById("sharing-said");
  const fields = { place: "share-place", image: "share-image", citation: "share-citation" };

  function say(text) {
    said.textContent = "";
    requestAnimationFrame(() => { said.textContent = text; });
  }

  function fill(box) {
    const region = [box.x, box.y, box.w, box.h].join(",");
    const place = `${sharing.dataset.page}?region=${region}`;
    const values = {
      place,
      image: `${sharing.dataset.service}/${region}/max/0/default.jpg`,
      citation: sharing.dataset.citation.replace("{place}", place),
    };
    Object.entries(fields).forEach(([name, id]) => {
      const field = document.getElementById(id);
      if (field) {
        field.value = values[name];
      }
    });
    heading.textContent = sharing.dataset.place;
    const asked = new URLSearchParams(window.location.search);
    asked.delete("region");
    const rest = asked.toString();
    window.history.replaceState(null, "", `${window.location.pathname}?${rest ? `${rest}&` : ""}region=${region}`);
  }

  function whole(box) {
    const x = Math.max(0, Math.min(Math.round(box.x), reader.width - 1));
    const y = Math.max(0, Math.min(Math.round(box.y), reader.height - 1));
    return {
      x, y,
      w: Math.max(1, Math.min(Math.round(box.w), reader.width - x)),
      h: Math.max(1, Math.min(Math.round(box.h), reader.height - y)),
    };
  }

  async function copy(button) {
    const field = document.getElementById(button.dataset.copy);
    field.focus();
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy");
    }
    say(sharing.dataset.copied);
    const label = button.textContent;
    button.textContent = sharing.dataset.copied;
    button.focus();
    setTimeout(() => { button.textContent = label; }, 2000);
  }

  sharing.querySelectorAll("[data-copy]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  });
  const badge = document.getElementById("iiif-drag");
  if (badge) {
    badge.addEventListener("dragstart", (event) => {
      event.dataTransfer.setData("text/uri-list", badge.href);
      event.dataTransfer.setData("text/plain", document.getElementById("share-manifest").value);
    });
  }
  if (!reader) {
    return;
  }

  // A place in the address: #xywh=x,y,w,h, as in IIIF and media fragments, in pixels or percent.
  function fromFragment() {
    const found = /^#xywh=(pixel:|percent:)?([\d.,]+)$/.exec(window.location.hash);
    const box = found && reader.boxFrom(found[2]);
    if (!box) {
      return;
    }
    const [across, down] = found[1] === "percent:" ? [reader.width / 100, reader.height / 100] : [1, 1];
    take(whole({ x: box.x * across, y: box.y * down, w: box.w * across, h: box.h * down }));
  }

  function take(box) {
    document.querySelectorAll(".mark--region").forEach((mark) => mark.remove());
    reader.draw("chosen", box);
    fill(box);
    reader.show(box, false);
  }

  const button = document.getElementById("choose-region");
  const help = document.getElementById("region-help");
  let layer = null;
  let box = null;
  let start = null;

  function draft(next) {
    box = whole(next);
    reader.draw("chosen", box);
  }

  function end() {
    if (layer) {
      layer.remove();
    }
    layer = null;
    start = null;
    help.hidden = true;
    button.setAttribute("aria-pressed", "false");
  }

  function finish(byKeys) {
    const chosen = box;
    end();
    if (document.fullscreenElement) {
      document.exitFullscreen();
    }
    take(chosen);
    sharing.scrollIntoView({ block: "nearest" });
    if (byKeys) {
      heading.focus();
    }
  }

  function cancel() {
    end();
    reader.draw("chosen", null);
    button.focus();
  }

  function drag(event) {
    const point = reader.toPage(event);
    draft({
      x: Math.min(start.x, point.x), y: Math.min(start.y, point.y),
      w: Math.abs(start.x - point.x), h: Math.abs(start.y - point.y),
    });
  }

  function pressKey(event) {
    const step = Math.max(1, Math.round(reader.seen().w / (event.altKey ? 400 : 50)));
    const [across, down] = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key] || [0, 0];
    event.stopPropagation();
    if (event.key === "Escape") {
      cancel();
    } else if (event.key === "Enter") {
      event.preventDefault();
      finish(true);
    } else if (across || down) {
      event.preventDefault();
      const moved = event.shiftKey
        ? { ...box, w: box.w + across, h: box.h + down }
        : { ...box, x: Math.min(Math.max(box.x + across, 0), reader.width - box.w), y: Math.min(Math.max(box.y + down, 0), reader.height - box.h) };
      draft(moved);
      reader.show(box, false);
    }
  }

  function begin() {
    const view = reader.seen();
    layer = document.createElement("div");
    layer.className = "region-layer";
    layer.tabIndex = 0;
    layer.setAttribute("role", "application");
    layer.setAttribute("aria-label", help.textContent);
    reader.frame.append(layer);
    help.hidden = false;
    button.setAttribute("aria-pressed", "true");
    draft({ x: view.x + view.w / 3, y: view.y + view.h / 3, w: view.w / 3, h: view.h / 6 });
    layer.focus({ preventScroll: true });
    layer.addEventListener("keydown", pressKey);
    layer.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      layer.setPointerCapture(event.pointerId);
      start = reader.toPage(event);
    });
    layer.addEventListener("pointermove", (event) => { if (start) { drag(event); } });
    layer.addEventListener("pointerup", (event) => {
      const point = start && reader.toPage(event);
      if (point && Math.hypot(point.x - start.x, point.y - start.y) > reader.width / 200) {
        drag(event);
        finish(false);
      }
      start = null;
    });
  }

  button.addEventListener("click", () => (layer ? cancel() : begin()));
  document.addEventListener("reader:choose", (event) => {
    take(whole(event.detail));
  });
  window.addEventListener("hashchange", fromFragment);
  fromFragment();
})();
