// Deep zoom for the reader: replaces the plain page image by OpenSeadragon and carries the marks over.
// Without this script, or without the library, the plain image with its drawn marks stays.
(function () {
  "use strict";

  const frame = document.getElementById("sheet");
  const tools = document.getElementById("zoom-tools");
  if (!frame || !tools || !window.OpenSeadragon) {
    return;
  }
  const marks = Array.from(frame.querySelectorAll("rect.mark"));
  const plain = Array.from(frame.children);

  function rectangle(mark) {
    const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => Number(mark.getAttribute(name)));
    return new OpenSeadragon.Rect(x, y, width, height);
  }

  function showPlain() {
    viewer.destroy();
    stage.remove();
    frame.classList.remove("sheet__frame--deep");
    plain.forEach((part) => { part.style.display = ""; });
    tools.hidden = true;
  }

  const stage = document.createElement("div");
  stage.style.position = "absolute";
  stage.style.inset = "0";
  frame.append(stage);

  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const viewer = OpenSeadragon({
    element: stage,
    tileSources: frame.dataset.description,
    showNavigationControl: false,
    animationTime: still ? 0 : 0.6,
    immediateRender: still,
    visibilityRatio: 1,
    constrainDuringPan: true,
    maxZoomPixelRatio: 2,
    gestureSettingsMouse: { scrollToZoom: false, clickToZoom: false, dblClickToZoom: true },
    gestureSettingsTouch: { flickEnabled: true, clickToZoom: false },
  });

  function toTop() {
    viewer.viewport.fitBounds(new OpenSeadragon.Rect(0, 0, 1, 1 / viewer.viewport.getAspectRatio()), true);
  }

  function toMark() {
    const target = marks.find((mark) => mark.classList.contains("mark--current")) || marks[0];
    if (!target) {
      return;
    }
    const area = rectangle(target);
    const room = Math.max(area.width, area.height, Number(frame.dataset.width) / 4);
    const centre = area.getCenter();
    const around = new OpenSeadragon.Rect(centre.x - room, centre.y - room / 2, 2 * room, room);
    viewer.viewport.fitBoundsWithConstraints(viewer.viewport.imageToViewportRectangle(around));
  }

  viewer.addHandler("open-failed", showPlain);
  viewer.addHandler("open", () => {
    plain.forEach((part) => { part.style.display = "none"; });
    frame.classList.add("sheet__frame--deep");
    tools.hidden = false;
    marks.forEach((mark) => {
      const overlay = document.createElement("div");
      overlay.className = mark.getAttribute("class");
      viewer.addOverlay({ element: overlay, location: viewer.viewport.imageToViewportRectangle(rectangle(mark)) });
    });
    toTop();
    requestAnimationFrame(() => (marks.length ? toMark() : toTop()));
  });

  const actions = {
    in: () => viewer.viewport.zoomBy(1.5),
    out: () => viewer.viewport.zoomBy(1 / 1.5),
    home: () => viewer.viewport.goHome(),
    hit: toMark,
  };
  tools.addEventListener("click", (event) => {
    const button = event.target.closest("[data-zoom]");
    if (button) {
      actions[button.dataset.zoom]();
      viewer.viewport.applyConstraints();
    }
  });
})();
