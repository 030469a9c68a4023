// The text and the image of a page, line by line: what is pointed at in one is shown in the other.
(function () {
  "use strict";

  const text = document.getElementById("page-text");
  const reader = window.reader;
  if (!text) {
    return;
  }
  const lines = Array.from(text.querySelectorAll(".line[data-box]"));
  const direction = document.getElementById("text-direction");
  let active = null;

  function boxOf(line) {
    return line.dataset.box.split(",").map(Number).reduce((box, value, place) => ({ ...box, [["x", "y", "w", "h"][place]]: value }), {});
  }

  function activate(line, { moves = true } = {}) {
    if (active) {
      active.classList.remove("line--active");
    }
    active = line;
    if (active) {
      active.classList.add("line--active");
    }
    if (reader) {
      reader.draw("line", active ? boxOf(active) : null);
      if (active && moves) {
        reader.show(boxOf(active), false);
      }
    }
  }

  function lineAt(point) {
    const holding = lines.filter((line) => {
      const box = boxOf(line);
      return point.x >= box.x && point.y >= box.y && point.x < box.x + box.w && point.y < box.y + box.h;
    });
    const size = (line) => boxOf(line).w * boxOf(line).h;
    return holding.sort((one, other) => size(one) - size(other))[0] || null;
  }

  function choose(line) {
    activate(line);
    document.dispatchEvent(new CustomEvent("reader:choose", { detail: boxOf(line) }));
  }

  text.setAttribute("role", "group");
  text.setAttribute("aria-label", text.dataset.help);
  lines.forEach((line, place) => {
    line.tabIndex = place === 0 ? 0 : -1;
    line.querySelector(".line__number").tabIndex = -1;
  });
  text.addEventListener("mouseover", (event) => {
    const line = event.target.closest(".line[data-box]");
    if (line && reader) {
      reader.draw("line", boxOf(line));
    }
  });
  text.addEventListener("mouseleave", () => {
    if (reader) {
      reader.draw("line", active ? boxOf(active) : null);
    }
  });
  text.addEventListener("click", (event) => {
    const line = event.target.closest(".line[data-box]");
    if (!line || (window.getSelection() && !window.getSelection().isCollapsed)) {
      return;
    }
    if (event.target.closest(".line__number")) {
      event.preventDefault();
      choose(line);
    } else {
      activate(line);
    }
  });
  text.addEventListener("focusin", (event) => {
    const line = event.target.closest(".line[data-box]");
    if (line && line.matches(":focus-visible")) {
      activate(line);
    }
  });
  text.addEventListener("keydown", (event) => {
    const line = event.target.closest(".line[data-box]");
    const step = { ArrowDown: 1, ArrowUp: -1, ArrowLeft: 1, ArrowRight: -1 }[event.key];
    const isAcross = event.key === "ArrowLeft" || event.key === "ArrowRight";
    if (!line || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    if (event.key === "Enter") {
      event.preventDefault();
      choose(line);
    } else if (step && (!isAcross || text.classList.contains("page-text--vertical"))) {
      const next = lines[lines.indexOf(line) + step];
      event.preventDefault();
      event.stopPropagation();
      if (next) {
        line.tabIndex = -1;
        next.tabIndex = 0;
        next.focus();
      }
    }
  });
  if (reader) {
    reader.onPress((point) => {
      const line = lineAt(point);
      activate(line, { moves: false });
      if (line) {
        line.scrollIntoView({ block: "nearest", inline: "nearest" });
      }
    });
    reader.frame.addEventListener("pointermove", (event) => {
      if (event.buttons) {
        return;
      }
      const line = lineAt(reader.toPage(event));
      lines.forEach((each) => each.classList.toggle("line--pointed", each === line));
    });
    reader.frame.addEventListener("pointerleave", () => lines.forEach((line) => line.classList.remove("line--pointed")));
  }
  if (direction) {
    direction.hidden = false;
    direction.addEventListener("click", () => {
      const isVertical = text.classList.toggle("page-text--vertical");
      direction.setAttribute("aria-pressed", String(isVertical));
    });
  }
})();
