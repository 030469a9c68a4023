// The light table with keys: they work while a page has the focus, and press the buttons that stand on it.
// Without this script every button is a plain form.
(function () {
  "use strict";

  const root = document.querySelector("[data-light-table]");
  if (!root) {
    return;
  }
  const isGrid = root.dataset.lightTable === "grid";
  const said = root.querySelector("[data-said]");
  const help = root.querySelector("[data-keys]");
  const helpButton = root.querySelector("[data-help]");
  const WAIT = 2000; // milliseconds between two looks at images that are being made
  const MOST_FOLLOWED = 6;
  const HERE = `light-table ${window.location.pathname}`;
  let isBusy = false;

  function pages() {
    return Array.from(root.querySelectorAll("[data-page]"));
  }

  function say(words, isBad) {
    said.textContent = words;
    said.classList.toggle("light-said--bad", Boolean(isBad));
  }

  // One page at a time can be reached with the tabulator; the arrows lead to the others.
  function focus(page) {
    if (!page) {
      return;
    }
    for (const other of pages()) {
      other.tabIndex = other === page ? 0 : -1;
    }
    page.focus({ preventScroll: true });
    if (isGrid) {
      page.scrollIntoView({ block: "nearest" });
    }
  }

  function current() {
    return document.activeElement ? document.activeElement.closest("[data-page]") : null;
  }

  function follow(selector) {
    const way = root.querySelector(selector);
    if (way) {
      window.location.assign(way.href);
    }
    return Boolean(way);
  }

  function step(page, key) {
    if (!isGrid) {
      return follow(key === "ArrowLeft" || key === "ArrowUp" ? "[data-before]" : "[data-after]");
    }
    const all = pages();
    const at = all.indexOf(page);
    let target = null;
    if (key === "ArrowLeft" || key === "ArrowRight") {
      target = all[at + (key === "ArrowLeft" ? -1 : 1)];
    } else {
      const isDown = key === "ArrowDown";
      const others = isDown ? all.slice(at + 1) : all.slice(0, at).reverse();
      const row = others.find((other) => Math.abs(other.offsetTop - page.offsetTop) > 8);
      const inRow = row ? others.filter((other) => Math.abs(other.offsetTop - row.offsetTop) <= 8) : [];
      const distance = (other) => Math.abs(other.offsetLeft - page.offsetLeft);
      target = inRow.sort((one, other) => distance(one) - distance(other))[0];
    }
    if (target) {
      focus(target);
      return true;
    }
    return follow(key === "ArrowLeft" || key === "ArrowUp" ? "[data-before]" : "[data-after]");
  }

  function keep(key) {
    try {
      window.sessionStorage.setItem(HERE, key);
    } catch (_refused) {
      // Where nothing may be stored, the focus begins at the first page.
    }
  }

  function kept() {
    try {
      const key = window.sessionStorage.getItem(HERE);
      window.sessionStorage.removeItem(HERE);
      return key;
    } catch (_refused) {
      return null;
    }
  }

  async function send(form, button) {
    const question = button.dataset.ask;
    if (isBusy || (question && !window.confirm(question))) {
      return;
    }
    const page = form.closest("[data-page]");
    const body = new URLSearchParams(new FormData(form));
    if (button.name) {
      body.set(button.name, button.value);
    }
    isBusy = true;
    say(root.dataset.busy);
    const place = page || current();
    if (place) {
      keep(place.dataset.page);
    }
    if (page) {
      page.setAttribute("aria-busy", "true");
    }
    try {
      // A button of the name "action" hides the property of the form.
      const answer = await fetch(form.getAttribute("action"), {
        method: "POST",
        body,
        headers: { "X-Requested-With": "light-table", Accept: "application/json" },
        credentials: "same-origin",
      });
      if (answer.redirected || !(answer.headers.get("Content-Type") || "").includes("json")) {
        throw new Error("no answer of the light table");
      }
      await show(await answer.json(), answer.ok, page, button);
    } catch (_failure) {
      say(root.dataset.failed, true);
    } finally {
      isBusy = false;
      if (page && page.isConnected) {
        page.removeAttribute("aria-busy");
      }
    }
  }

  function placed(news, page) {
    const frame = document.createElement("template");
    frame.innerHTML = news.card.trim();
    const fresh = frame.content.firstElementChild;
    page.replaceWith(fresh);
    root.querySelector("[data-counts]").innerHTML = news.counts;
    return fresh;
  }

  // Looks again until the images of a page have been made; then it is shown with them.
  function awaitImages(page) {
    window.setTimeout(async () => {
      if (!page.isConnected) {
        return;
      }
      const way = isGrid ? page.querySelector("[data-large]").href : window.location.href;
      let news = null;
      try {
        const answer = await fetch(way, { headers: { "X-Requested-With": "light-table" }, credentials: "same-origin" });
        news = answer.ok && !answer.redirected ? await answer.json() : null;
      } catch (_failure) {
        news = null;
      }
      if (news && !news.is_being_made && !isBusy && !page.contains(document.activeElement.closest("details, input"))) {
        if (!isGrid) {
          window.location.reload();
          return;
        }
        const isFocused = page.contains(document.activeElement);
        const tabIndex = page.tabIndex;
        const fresh = placed(news, page);
        fresh.tabIndex = tabIndex;
        if (isFocused) {
          focus(fresh);
        }
        return;
      }
      awaitImages(page);
    }, WAIT);
  }

  function show(news, isDone, page, button) {
    if (!isDone) {
      say(news.message, true);
      return;
    }
    const isVerdict = button.value === "accept" || button.value === "rescan";
    if (!isGrid && isVerdict) {
      window.location.assign(root.dataset.next);
      return;
    }
    if (news.reload || !isGrid) {
      window.location.reload();
      return;
    }
    const fresh = placed(news, page);
    if (fresh.matches("[data-making]")) {
      awaitImages(fresh);
    }
    const all = pages();
    const following = all[all.indexOf(fresh) + 1];
    focus(isVerdict && following ? following : fresh);
    say(news.message);
    root.querySelector("[data-undo]").hidden = false;
  }

  function press(page, key) {
    const button = key === "u" ? root.querySelector('[data-key="u"]') : page.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!button) {
      return false;
    }
    send(button.form, button);
    return true;
  }

  function wanted(event) {
    const isArrow = event.key.startsWith("Arrow");
    if (isArrow && event.shiftKey) {
      return event.key === "ArrowLeft" || event.key === "ArrowUp" ? "earlier" : "later";
    }
    return event.key.length === 1 ? event.key.toLowerCase() : event.key;
  }

  root.addEventListener("keydown", (event) => {
    const page = current();
    const isTyping = event.target.closest("input, select, textarea, dialog");
    if (!page || isTyping || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) {
      return;
    }
    const key = wanted(event);
    let isDone = false;
    if (key === "?") {
      help.showModal();
      isDone = true;
    } else if (key.startsWith("Arrow")) {
      isDone = step(page, key);
    } else if (key === "Enter" && event.target === page && isGrid) {
      window.location.assign(page.querySelector("[data-large]").href);
      isDone = true;
    } else if (key === "Escape" && !isGrid) {
      window.location.assign(root.dataset.table);
      isDone = true;
    } else if (["a", "r", "[", "]", "s", "m", "u", "earlier", "later"].includes(key)) {
      isDone = press(page, key);
    }
    if (isDone) {
      event.preventDefault();
    }
  });

  root.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button && event.target.matches(".light-actions") && event.target.checkValidity()) {
      event.preventDefault();
      send(event.target, button);
    }
  });

  helpButton.hidden = false;
  helpButton.addEventListener("click", () => help.showModal());

  // A few pages that were turned are followed; a batch that is still arriving is not.
  const making = pages().filter((page) => page.matches("[data-making]"));
  if (making.length <= MOST_FOLLOWED) {
    making.forEach(awaitImages);
  }

  const hash = window.location.hash.slice(1);
  const last = kept();
  const begin = document.getElementById(hash) || root.querySelector(`[data-page="${CSS.escape(last || "")}"]`) || pages()[0];
  if (begin && begin.matches("[data-page]")) {
    focus(begin);
  }
})();
