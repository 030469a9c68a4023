// Keys of the proofreading desk. While an input method composes characters, every key is its own.
(function () {
  "use strict";

  const desk = window.proofreading;
  if (!desk || !desk.save) {
    return;
  }
  const { form } = desk;
  const keys = document.getElementById("proof-keys");
  const button = document.getElementById("proof-show-keys");
  // Enter that ends a composition reaches some browsers as a key of its own, right behind the end.
  let composedAt = -1000;

  function current() {
    return desk.rowOf(document.activeElement);
  }

  function step(by) {
    const rows = desk.rows();
    const row = current();
    const next = rows[row ? rows.indexOf(row) + by : 0];
    if (next) {
      desk.focus(next);
    }
  }

  function showKeys() {
    if (!keys.open) {
      keys.showModal();
    }
  }

  function replaceWords() {
    const row = current();
    const input = row ? desk.field(row) : null;
    const words = input ? input.value.slice(input.selectionStart, input.selectionEnd) : "";
    const address = form.dataset.replace + (words ? `&find=${encodeURIComponent(words)}` : "");
    const go = () => window.location.assign(address);
    if (desk.isChanged()) {
      desk.save("save").then((isSaved) => isSaved && go());
    } else {
      go();
    }
  }

  function onward() {
    desk.save(form.querySelector("[data-onward]").value);
  }

  function onLine(tool) {
    return () => current() && desk.use(tool, current());
  }

  const actions = {
    "Ctrl+s": () => desk.save("save"),
    "Ctrl+Enter": onward,
    "Ctrl+h": replaceWords,
    "Alt+ArrowDown": () => desk.doubt(1),
    "Alt+ArrowUp": () => desk.doubt(-1),
    "Alt+Enter": onLine("divide"),
    "Alt+j": onLine("join"),
    "Alt+i": onLine("insert"),
    "Alt+Shift+ArrowUp": onLine("up"),
    "Alt+Shift+ArrowDown": onLine("down"),
    F1: showKeys,
  };
  const inLine = {
    Enter: () => step(1),
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Escape: () => desk.revert(current()),
  };

  function nameOf(event) {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const parts = [event.ctrlKey || event.metaKey ? "Ctrl" : "", event.altKey ? "Alt" : "", event.shiftKey ? "Shift" : "", key];
    return parts.filter(Boolean).join("+");
  }

  document.addEventListener("compositionend", (event) => {
    composedAt = event.timeStamp;
  });
  document.addEventListener("keydown", (event) => {
    const isComposing = event.isComposing || event.keyCode === 229;
    const hasJustComposed = event.key === "Enter" && event.timeStamp - composedAt < 50;
    if (isComposing || hasJustComposed || keys.open) {
      if (hasJustComposed) {
        event.preventDefault();
      }
      return;
    }
    const row = current();
    const isInLine = row !== null && document.activeElement === desk.field(row);
    const isTyping = document.activeElement instanceof Element && document.activeElement.matches("input, textarea, select");
    const name = nameOf(event);
    const action = actions[name] || (isInLine ? inLine[name] : null) || (!isTyping && event.key === "?" ? showKeys : null);
    if (action) {
      event.preventDefault();
      action();
    }
  });

  button.hidden = false;
  button.addEventListener("click", showKeys);
  if (desk.rows().length && !document.querySelector("[role='alert']")) {
    desk.focus(desk.rows()[0], 0);
  }
})();
