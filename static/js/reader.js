// The image of the reader: deep zoom where the library is there, the plain image with its marks otherwise.
// Other scripts of the reader draw and move through `window.reader`, in pixels of the full page image.
(function () {
  "use strict";

  const frame = document.getElementById("sheet");
  if (!frame) {
    return;
  }
  const tools = document.getElementById("zoom-tools");
  const drawing = document.getElementById("sheet-marks");
  const image = frame.querySelector("img");
  const width = Number(frame.dataset.width);
  const height = Number(frame.dataset.height);
  const marks = Array.from(frame.querySelectorAll("rect.mark"));
  const plain = Array.from(frame.children);
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const drawn = new Map();
  let viewer = null;
  let isDeep = false;
  let pressed = () => {};

  function boxOf(mark) {
    const [x, y, w, h] = ["x", "y", "width", "height"].map((name) => Number(mark.getAttribute(name)));
    return { x, y, w, h };
  }

  function rectangle(box) {
    return viewer.viewport.imageToViewportRectangle(new OpenSeadragon.Rect(box.x, box.y, box.w, box.h));
  }

  function overlay(className, box) {
    const element = document.createElement("div");
    element.className = className;
    viewer.addOverlay({ element, location: rectangle(box) });
    return () => viewer.removeOverlay(element);
  }

  function plainMark(className, box) {
    const mark = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    mark.setAttribute("class", className);
    Object.entries({ x: box.x, y: box.y, width: box.w, height: box.h }).forEach(([name, value]) => {
      mark.setAttribute(name, value);
    });
    drawing.append(mark);
    return () => mark.remove();
  }

  // Draws one rectangle of a kind in place of the earlier one; without a box it only goes.
  function draw(kind, box) {
    const before = drawn.get(kind);
    if (before) {
      before.remove();
      drawn.delete(kind);
    }
    if (box) {
      drawn.set(kind, { box, remove: (isDeep ? overlay : plainMark)(`mark mark--${kind}`, box) });
    }
  }

  // Moves the view so that a rectangle is seen in its surroundings; nothing moves if it is seen already.
  function show(box, always) {
    if (!isDeep) {
      if (always) {
        const top = frame.getBoundingClientRect().top + (box.y / height) * frame.clientHeight;
        window.scrollBy({ top: top - window.innerHeight / 3, behavior: still ? "auto" : "smooth" });
      }
      return;
    }
    const area = rectangle(box);
    const seen = viewer.viewport.getBounds(false);
    const isSeen = area.x >= seen.x && area.y >= seen.y && area.x + area.width <= seen.x + seen.width &&
      area.y + area.height <= seen.y + seen.height;
    if (isSeen && !always) {
      return;
    }
    if (!always && area.width < seen.width && area.height < seen.height) {
      viewer.viewport.panTo(area.getCenter());
      viewer.viewport.applyConstraints();
      return;
    }
    const room = Math.max(box.w * 0.55, box.h, width / 4);
    const around = { x: box.x + box.w / 2 - room, y: box.y + box.h / 2 - room / 2, w: 2 * room, h: room };
    viewer.viewport.fitBoundsWithConstraints(rectangle(around));
  }

  // The place on the page, in its pixels, where a pointer is.
  function toPage(event) {
    if (isDeep) {
      const corner = viewer.element.getBoundingClientRect();
      const pixel = new OpenSeadragon.Point(event.clientX - corner.left, event.clientY - corner.top);
      const found = viewer.viewport.viewerElementToImageCoordinates(pixel);
      return { x: found.x, y: found.y };
    }
    const corner = image.getBoundingClientRect();
    return {
      x: ((event.clientX - corner.left) / corner.width) * width,
      y: ((event.clientY - corner.top) / corner.height) * height,
    };
  }

  // What is seen of the page.
  function seen() {
    if (!isDeep) {
      return { x: 0, y: 0, w: width, h: height };
    }
    const found = viewer.viewport.viewportToImageRectangle(viewer.viewport.getBounds(true));
    const x = Math.max(found.x, 0);
    const y = Math.max(found.y, 0);
    return { x, y, w: Math.min(found.x + found.width, width) - x, h: Math.min(found.y + found.height, height) - y };
  }

  function toMark() {
    const target = marks.find((mark) => mark.classList.contains("mark--current")) || marks[0];
    const chosen = drawn.get("chosen");
    if (chosen || target) {
      show(chosen ? chosen.box : boxOf(target), true);
    }
  }

  function toTop() {
    viewer.viewport.fitBounds(new OpenSeadragon.Rect(0, 0, 1, 1 / viewer.viewport.getAspectRatio()), true);
  }

  const moves = {
    in: () => viewer.viewport.zoomBy(1.5),
    out: () => viewer.viewport.zoomBy(1 / 1.5),
    home: () => viewer.viewport.goHome(),
    hit: toMark,
  };

  function move(name) {
    if (isDeep) {
      moves[name]();
      viewer.viewport.applyConstraints();
    }
  }

  window.reader = {
    frame, width, height, draw, show, toPage, seen, move,
    onPress(handler) { pressed = handler; },
    boxFrom(text) {
      const parts = text.split(",").map(Number);
      return parts.length === 4 && parts.every((part) => part >= 0) && parts[2] && parts[3]
        ? { x: parts[0], y: parts[1], w: parts[2], h: parts[3] } : null;
    },
  };
  drawing.style.pointerEvents = "none";
  image.addEventListener("click", (event) => pressed(toPage(event)));

  if (!window.OpenSeadragon) {
    return;
  }

  const stage = document.createElement("div");
  stage.className = "sheet__stage";
  frame.append(stage);
  viewer = OpenSeadragon({
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

  function showPlain() {
    isDeep = false;
    viewer.destroy();
    stage.remove();
    frame.classList.remove("sheet__frame--deep", "sheet__frame--ready");
    plain.forEach((part) => { part.style.display = ""; });
    tools.hidden = true;
  }

  viewer.addHandler("open-failed", showPlain);
  viewer.addHandler("open", () => {
    const waiting = Array.from(drawn, ([kind, { box }]) => [kind, box]);
    waiting.forEach(([kind]) => draw(kind, null));
    isDeep = true;
    plain.forEach((part) => { part.style.display = "none"; });
    frame.classList.add("sheet__frame--deep");
    tools.hidden = false;
    marks.forEach((mark) => overlay(mark.getAttribute("class"), boxOf(mark)));
    waiting.forEach(([kind, box]) => draw(kind, box));
    toTop();
    requestAnimationFrame(() => {
      (marks.length || drawn.has("chosen") ? toMark : toTop)();
      requestAnimationFrame(() => frame.classList.add("sheet__frame--ready"));
    });
  });
  // A press counts however long it takes; what moves is a drag.
  let pressedAt = null;
  viewer.addHandler("canvas-press", (event) => { pressedAt = event.position; });
  viewer.addHandler("canvas-click", (event) => {
    if (pressedAt && event.position.distanceTo(pressedAt) < 6) {
      pressed(viewer.viewport.viewerElementToImageCoordinates(pressedAt));
    }
  });
  // The library focuses its canvas on a press; the page must not jump for that.
  viewer.canvas.focus = () => HTMLElement.prototype.focus.call(viewer.canvas, { preventScroll: true });
  // The library turns and flips the page on r and f, which mean something else here.
  viewer.addHandler("canvas-key", (event) => {
    if (["r", "R", "f"].includes(event.originalEvent.key)) {
      event.preventDefaultAction = true;
    }
  });

  tools.addEventListener("click", (event) => {
    const button = event.target.closest("[data-zoom]");
    if (button) {
      move(button.dataset.zoom);
    }
  });
})();
