// Suggestions while somebody types: a combobox after WAI-ARIA (1.2, editable, with a list popup).
// Without this script the search box is a plain form. While an input method composes, nothing is asked or sent.
(function () {
  "use strict";

  const WAIT = 120; // milliseconds of silence before a request
  const SHOWN = 8;

  function enhance(field, order) {
    const input = field.querySelector("input");
    const form = input.form;
    const list = document.createElement("ul");
    const status = document.createElement("span");
    let timer = 0;
    let request = null;
    let active = -1;
    let typed = input.value;
    let composing = false;

    list.id = `suggestions-${order}`;
    list.className = "suggestions";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.dataset.label);
    status.className = "visually-hidden";
    status.setAttribute("role", "status");
    field.append(list, status);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");
    const kinds = JSON.parse(field.dataset.kinds);

    function stop() {
      window.clearTimeout(timer);
      if (request) {
        request.abort();
        request = null;
      }
    }

    function close() {
      stop();
      list.hidden = true;
      list.replaceChildren();
      active = -1;
      status.textContent = "";
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function choose(text) {
      input.value = text;
      close();
      form.requestSubmit();
    }

    function mark(position) {
      const options = Array.from(list.children);
      active = position;
      options.forEach((option, place) => option.setAttribute("aria-selected", String(place === position)));
      if (position < 0) {
        input.removeAttribute("aria-activedescendant");
        input.value = typed;
        return;
      }
      input.setAttribute("aria-activedescendant", options[position].id);
      input.value = options[position].dataset.text;
      options[position].scrollIntoView({ block: "nearest" });
    }

    function option(suggestion, place) {
      const item = document.createElement("li");
      const text = document.createElement("span");
      const kind = document.createElement("span");
      item.id = `${list.id}-${place}`;
      item.dataset.text = suggestion.text;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      text.textContent = suggestion.text;
      kind.textContent = kinds[suggestion.kind] || "";
      kind.className = "suggestions__kind";
      item.append(text, " ", kind);
      item.addEventListener("click", () => choose(suggestion.text));
      return item;
    }

    function show(suggestions) {
      list.replaceChildren(...suggestions.map(option));
      list.hidden = suggestions.length === 0;
      active = -1;
      input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-expanded", String(suggestions.length > 0));
      status.textContent = suggestions.length
        ? field.dataset.some.replace("{count}", String(suggestions.length))
        : field.dataset.none;
    }

    async function ask() {
      const own = new AbortController();
      request = own;
      const address = new URL(field.dataset.suggest, window.location.href);
      address.searchParams.set("q", typed);
      address.searchParams.set("limit", String(SHOWN));
      try {
        const answer = await fetch(address, { signal: own.signal, headers: { Accept: "application/json" } });
        const found = answer.ok ? (await answer.json()).results : [];
        if (request === own && document.activeElement === input) {
          request = null;
          show(found);
        }
      } catch (fault) {
        if (fault.name !== "AbortError") {
          close();
        }
      }
    }

    function changed() {
      typed = input.value;
      stop();
      if (!typed.trim()) {
        close();
        return;
      }
      timer = window.setTimeout(ask, WAIT);
    }

    function move(event, step) {
      const count = list.children.length;
      if (list.hidden || count === 0) {
        return;
      }
      event.preventDefault();
      const next = active + step;
      mark(next >= count ? -1 : next < -1 ? count - 1 : next);
    }

    input.addEventListener("compositionstart", () => { composing = true; stop(); });
    input.addEventListener("compositionend", () => { composing = false; changed(); });
    input.addEventListener("input", (event) => {
      if (!composing && !event.isComposing) {
        changed();
      }
    });
    input.addEventListener("keydown", (event) => {
      // Some browsers end the composition before this event and say so by the key code alone.
      if (event.isComposing || composing || event.keyCode === 229) {
        if (event.key === "Enter") {
          event.preventDefault();
        }
        return;
      }
      if (event.key === "ArrowDown") {
        move(event, 1);
      } else if (event.key === "ArrowUp") {
        move(event, -1);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        mark(-1);
        close();
      } else if (event.key === "Enter" || event.key === "Tab") {
        close();
      }
    });
    form.addEventListener("submit", (event) => {
      if (composing) {
        event.preventDefault();
      }
    });
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    input.addEventListener("blur", close);
  }

  document.querySelectorAll("[data-suggest]").forEach(enhance);
})();
