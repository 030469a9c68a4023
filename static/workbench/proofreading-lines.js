// The lines of the proofreading desk: what is doubtful in them, and how they are divided, joined and moved.
(function () {
  "use strict";

  const form = document.getElementById("proof-form");
  if (!form) {
    return;
  }
  const list = document.getElementById("proof-lines");
  const template = document.getElementById("proof-line-template");
  const here = document.getElementById("proof-here");
  const said = document.getElementById("proof-said");
  // Each line of the saved text by its number: what it said, which characters are doubtful, its image and its place.
  let saved = new Map();

  const rows = () => Array.from(list.children);
  const field = (row) => row.querySelector("input[name='text']");
  const origins = (row) => row.dataset.origins.split(" ").filter(Boolean);
  const rowOf = (element) => (element instanceof Element ? element.closest(".proof-line") : null);
  const characters = (text) => Array.from(text);

  // What is said, and of what kind it is: draft, saving, saved, failed, or nothing in particular.
  function say(text, kind = "") {
    said.textContent = text;
    said.dataset.kind = kind;
  }

  function learn() {
    rows().forEach((row) => {
      const own = origins(row);
      if (own.length === 1 && !saved.has(own[0])) {
        const doubts = row.dataset.doubts.split(" ").filter(Boolean).map(Number);
        const strips = row.querySelector(".proof-line__strips");
        saved.set(own[0], { text: row.dataset.original, doubts, strips: strips.cloneNode(true), box: row.dataset.box });
      }
    });
  }

  function originalOf(row) {
    const lines = origins(row).map((number) => saved.get(number)).filter(Boolean);
    const doubts = [];
    let text = "";
    lines.forEach((line) => {
      const offset = characters(text).length;
      line.doubts.forEach((place) => doubts.push(offset + place));
      text += line.text;
    });
    return { text, doubts };
  }

  // Which characters of a line are still as the machine read them, and doubtful: those before and behind the change.
  function doubtsOf(row) {
    const original = originalOf(row);
    const before = characters(original.text);
    const after = characters(field(row).value);
    const shorter = Math.min(before.length, after.length);
    let head = 0;
    while (head < shorter && before[head] === after[head]) {
      head += 1;
    }
    let tail = 0;
    while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) {
      tail += 1;
    }
    const shift = after.length - before.length;
    return original.doubts
      .filter((place) => place < head || place >= before.length - tail)
      .map((place) => (place < head ? place : place + shift));
  }

  function mark(row) {
    const doubts = new Set(doubtsOf(row));
    const text = characters(field(row).value);
    const marks = row.querySelector(".proof-line__marks");
    const told = [];
    marks.replaceChildren(
      ...text.map((character, place) => {
        if (!doubts.has(place)) {
          return document.createTextNode(character);
        }
        told.push(character);
        const element = document.createElement("mark");
        element.textContent = character;
        return element;
      }),
    );
    marks.scrollLeft = field(row).scrollLeft;
    const description = row.querySelector(".proof-line__field > .visually-hidden");
    description.textContent = told.length ? `${form.dataset.doubtSaid} ${told.join(" ")}` : "";
    row.classList.toggle("proof-line--changed", field(row).value !== originalOf(row).text);
  }

  function number() {
    rows().forEach((row, place) => {
      const name = String(place + 1);
      row.querySelector(".proof-line__number").textContent = name;
      field(row).id = `line-${name}`;
      field(row).setAttribute("aria-label", form.dataset.lineSaid.replace("#", name));
      const description = row.querySelector(".proof-line__field > .visually-hidden");
      description.id = `doubt-${name}`;
      field(row).setAttribute("aria-describedby", description.id);
      row.querySelectorAll("[data-tool]").forEach((button) => {
        button.value = `${button.dataset.tool}:${name}`;
      });
    });
  }

  function make(text, own) {
    const row = template.content.firstElementChild.cloneNode(true);
    row.dataset.origins = own.join(" ");
    row.querySelector("input[name='origins']").value = own.join(" ");
    field(row).value = text;
    const lines = own.map((each) => saved.get(each)).filter(Boolean);
    const strips = row.querySelector(".proof-line__strips");
    lines.forEach((line) => strips.append(...line.strips.cloneNode(true).childNodes));
    if (lines.length && lines[0].box) {
      row.dataset.box = lines[0].box;
    }
    mark(row);
    return row;
  }

  function changed() {
    number();
    form.dispatchEvent(new Event("proof:changed"));
  }

  function focus(row, start, end) {
    if (!row) {
      return;
    }
    const input = field(row);
    input.focus();
    if (start !== undefined) {
      input.setSelectionRange(start, end === undefined ? start : end);
    }
    row.scrollIntoView({ block: "nearest" });
  }

  // Offsets of the input count UTF-16 units; places count characters.
  function unit(text, place) {
    return characters(text).slice(0, place).join("").length;
  }

  const tools = {
    up(row) {
      if (row.previousElementSibling) {
        row.previousElementSibling.before(row);
      }
      focus(row);
    },
    down(row) {
      if (row.nextElementSibling) {
        row.nextElementSibling.after(row);
      }
      focus(row);
    },
    join(row) {
      const next = row.nextElementSibling;
      if (!next) {
        return;
      }
      const first = field(row).value;
      const own = Array.from(new Set([...origins(row), ...origins(next)]));
      const joined = make(first + field(next).value, own);
      next.remove();
      row.replaceWith(joined);
      focus(joined, first.length);
    },
    insert(row) {
      const added = make("", []);
      row.after(added);
      focus(added);
    },
    divide(row) {
      const input = field(row);
      const own = origins(row);
      const second = make(input.value.slice(input.selectionEnd), own);
      const first = make(input.value.slice(0, input.selectionStart), own);
      row.replaceWith(first, second);
      focus(second, 0);
    },
    remove(row) {
      const neighbour = row.nextElementSibling || row.previousElementSibling;
      row.remove();
      focus(neighbour);
    },
  };

  function use(tool, row) {
    tools[tool](row);
    changed();
  }

  function doubt(step) {
    const row = rowOf(document.activeElement) || rows()[0];
    const all = rows().flatMap((each) => doubtsOf(each).map((place) => ({ row: each, place })));
    const order = (each) => rows().indexOf(each);
    const caret = row ? field(row).selectionStart : 0;
    const isOn = row && document.activeElement === field(row);
    const compare = (each) => {
      const lines = order(each.row) - order(row);
      if (lines || !isOn) {
        return lines || step;
      }
      const start = unit(field(row).value, each.place);
      const selected = field(row).selectionEnd > caret;
      return start - caret || (selected ? 0 : step);
    };
    const found = step > 0 ? all.find((each) => compare(each) > 0) : all.filter((each) => compare(each) < 0).pop();
    if (!found) {
      say(form.dataset.noneSaid);
      return;
    }
    const text = field(found.row).value;
    focus(found.row, unit(text, found.place), unit(text, found.place + 1));
  }

  function revert(row) {
    const own = origins(row);
    const shared = rows().some((other) => other !== row && origins(other).some((each) => own.includes(each)));
    if (own.length && !shared) {
      field(row).value = originalOf(row).text;
      mark(row);
      changed();
    }
  }

  function show(row) {
    rows().forEach((each) => each.classList.toggle("proof-line--here", each === row));
    if (!here) {
      return;
    }
    const box = row && row.dataset.box ? row.dataset.box.split(",") : ["0", "0", "0", "0"];
    ["x", "y", "width", "height"].forEach((name, place) => here.setAttribute(name, box[place]));
  }

  // The image follows the cursor along a line that is longer than the screen is wide.
  function follow(row) {
    const strips = row.querySelector(".proof-line__strips");
    const input = field(row);
    const share = input.value.length ? input.selectionStart / input.value.length : 0;
    strips.scrollLeft = share * strips.scrollWidth - strips.clientWidth / 2;
    row.querySelector(".proof-line__marks").scrollLeft = input.scrollLeft;
  }

  function content() {
    return rows().map((row) => ({ origins: origins(row), text: field(row).value }));
  }

  function isChanged() {
    const now = content();
    const was = Array.from(saved.keys());
    return (
      now.length !== was.length ||
      now.some((line, place) => line.origins.join() !== was[place] || line.text !== saved.get(was[place]).text)
    );
  }

  function fill(lines) {
    list.replaceChildren(...lines.map((line) => make(line.text, line.origins)));
    number();
  }

  // After saving, the lines on the screen are the saved ones, each with the image that it has now.
  function settle(lines) {
    const shown = rows().filter((row) => field(row).value.trim());
    if (shown.length !== lines.length || shown.some((row, place) => field(row).value !== lines[place].text)) {
      return false;
    }
    rows().filter((row) => !shown.includes(row)).forEach((row) => row.remove());
    saved = new Map();
    shown.forEach((row, place) => {
      row.dataset.origins = String(place);
      row.dataset.original = lines[place].text;
      row.dataset.doubts = lines[place].doubts;
      row.querySelector("input[name='origins']").value = String(place);
    });
    learn();
    shown.forEach(mark);
    number();
    return true;
  }

  list.addEventListener("input", (event) => {
    const row = rowOf(event.target);
    if (row && event.target === field(row)) {
      mark(row);
      form.dispatchEvent(new Event("proof:changed"));
    }
  });
  list.addEventListener("focusin", (event) => {
    const row = rowOf(event.target);
    show(row);
    follow(row);
  });
  list.addEventListener("keyup", (event) => rowOf(event.target) && follow(rowOf(event.target)));
  list.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-tool]") : null;
    if (button) {
      event.preventDefault();
      use(button.dataset.tool, rowOf(button));
    }
  });
  list.addEventListener(
    "scroll",
    (event) => {
      const row = rowOf(event.target);
      if (row && event.target === field(row)) {
        row.querySelector(".proof-line__marks").scrollLeft = event.target.scrollLeft;
      }
    },
    true,
  );

  learn();
  rows().forEach(mark);
  const first = document.getElementById("proof-first");
  if (first) {
    first.hidden = false;
    first.addEventListener("click", () => {
      const added = make("", []);
      list.append(added);
      changed();
      focus(added);
    });
  }

  window.proofreading = {
    form, list, rows, field, rowOf, say, use, doubt, revert, focus, content, isChanged, fill, settle,
  };
})();
