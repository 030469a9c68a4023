// Keys and drawing for the masking table. Without this script every button, link and field does the same.
(function () {
  "use strict";

  const table = document.getElementById("masking");
  if (!table) {
    return;
  }
  const items = Array.from(table.querySelectorAll(".candidate"));
  let current = -1;

  function select(position, focus) {
    if (position < 0 || position >= items.length) {
      return false;
    }
    document.querySelectorAll(".is-current").forEach((part) => part.classList.remove("is-current"));
    current = position;
    const item = items[position];
    item.classList.add("is-current");
    table.querySelectorAll(`rect[data-mask="${item.dataset.mask}"]`).forEach((box) => box.classList.add("is-current"));
    if (focus) {
      item.focus({ preventScroll: true });
      item.scrollIntoView({ block: "nearest" });
    }
    return true;
  }

  function press(selector) {
    const button = current >= 0 ? items[current].querySelector(selector) : null;
    if (button) {
      button.click();
    }
  }

  function next() {
    if (!select(current + 1, true) && table.dataset.next) {
      window.location.search = table.dataset.next;
    }
  }

  const start = items.findIndex((item) => "#" + item.id === window.location.hash);
  const waiting = items.findIndex((item) => item.classList.contains("candidate--open"));
  select(start >= 0 ? start : Math.max(waiting, 0), start >= 0);
  items.forEach((item, position) => item.addEventListener("focusin", () => select(position, false)));

  // Drawing
  const frame = document.getElementById("frame");
  const details = document.getElementById("draw");
  const drawn = document.getElementById("drawn");
  const form = details ? details.querySelector("form") : null;
  const [width, height] = [Number(table.dataset.width), Number(table.dataset.height)];
  let anchor = null;

  function isDrawing() {
    return Boolean(details && details.open);
  }

  function read() {
    return ["x", "y", "w", "h"].map((name) => Number(form.elements[name].value) || 0);
  }

  function show(x, y, w, h) {
    const left = Math.round(Math.min(Math.max(x, 0), width - 1));
    const top = Math.round(Math.min(Math.max(y, 0), height - 1));
    const box = [left, top, Math.round(Math.min(Math.max(w, 1), width - left)), Math.round(Math.min(Math.max(h, 1), height - top))];
    ["x", "y", "w", "h"].forEach((name, place) => { form.elements[name].value = box[place]; });
    ["x", "y", "width", "height"].forEach((name, place) => drawn.setAttribute(name, box[place]));
  }

  function place(event) {
    const area = frame.getBoundingClientRect();
    return [((event.clientX - area.left) * width) / area.width, ((event.clientY - area.top) * height) / area.height];
  }

  if (frame && form) {
    details.addEventListener("toggle", () => {
      frame.classList.toggle("is-drawing", details.open);
      if (details.open) {
        frame.tabIndex = 0;
        frame.setAttribute("role", "application");
        frame.setAttribute("aria-describedby", "draw-help");
        frame.setAttribute("aria-label", details.querySelector("summary").textContent);
        if (!form.elements.w.value) {
          show(width * 0.3, height * 0.3, width * 0.2, height * 0.03);
        }
        frame.focus();
      } else {
        frame.removeAttribute("tabindex");
        frame.removeAttribute("role");
        ["width", "height"].forEach((name) => drawn.setAttribute(name, 0));
      }
    });
    form.addEventListener("input", () => show(...read()));
    frame.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) {
        return;
      }
      event.preventDefault();
      if (!details.open) {
        details.open = true;
      }
      anchor = place(event);
      frame.setPointerCapture(event.pointerId);
    });
    frame.addEventListener("pointermove", (event) => {
      if (anchor) {
        const [x, y] = place(event);
        show(Math.min(x, anchor[0]), Math.min(y, anchor[1]), Math.abs(x - anchor[0]), Math.abs(y - anchor[1]));
      }
    });
    frame.addEventListener("pointerup", () => { anchor = null; });
  }

  function moveBox(event) {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const step = steps[event.key];
    if (!step) {
      return false;
    }
    const by = Math.max(Math.round(width / (event.altKey ? 1000 : 150)), 1);
    const [x, y, w, h] = read();
    if (event.shiftKey) {
      show(x, y, w + step[0] * by, h + step[1] * by);
    } else {
      show(x + step[0] * by, y + step[1] * by, w, h);
    }
    return true;
  }

  function isWriting(target) {
    return target.closest("input, textarea, select") !== null;
  }

  const keys = {
    m: () => press('button[value="masked"]'),
    s: () => press('button[value="shown"]'),
    n: next,
    p: () => select(current - 1, true),
    a: () => press('a[data-form="alike"]'),
    u: () => press('form[data-form="undo"] button'),
    d: () => { if (details) { details.open = true; } },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || isWriting(event.target)) {
      return;
    }
    if (isDrawing() && document.activeElement === frame) {
      if (moveBox(event)) {
        event.preventDefault();
        return;
      }
      if (event.key === "Enter") {
        event.preventDefault();
        form.requestSubmit();
        return;
      }
    }
    if (event.key === "Escape" && isDrawing()) {
      details.open = false;
      return;
    }
    const action = keys[event.key];
    if (action && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      action();
    }
  });
})();
