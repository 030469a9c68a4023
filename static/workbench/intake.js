// Handing files over: dropped or chosen, each with its progress; after a broken connection it goes on where it was.
(function () {
  "use strict";

  const zone = document.querySelector("[data-intake]");
  if (!zone) {
    return;
  }
  const words = { ...zone.dataset, ...document.getElementById("intake-words").dataset };
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const list = document.getElementById("intake-files");
  const row = document.getElementById("intake-row");
  const said = document.getElementById("intake-said");
  const chooser = zone.querySelector("input[type=file]");
  const canResume = Boolean(window.tus && window.tus.isSupported);
  const PIECE = 8 * 1024 * 1024;
  const AGAIN = [0, 1000, 3000, 5000, 10000, 20000];
  const queue = [];
  let current = null;
  let finished = 0;
  let refused = 0;

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");

  function tell() {
    const total = queue.length;
    said.textContent = total ? fill(words.saidProgress, { done: finished, total, refused }) : "";
  }

  function show(item, state, text) {
    item.state = state;
    item.node.dataset.state = state;
    item.node.querySelector("[data-said]").textContent = text;
    const isMoving = state === "moving";
    const mayGoOn = state === "paused" || state === "broken";
    const button = item.node.querySelector("[data-pause]");
    button.hidden = !(isMoving || mayGoOn);
    button.textContent = isMoving ? words.wordPause : words.wordResume;
    button.setAttribute("aria-label", `${button.textContent}: ${item.name}`);
    item.node.querySelector("[data-remove]").hidden = state === "done" || state === "refused";
    item.node.querySelector("progress").hidden = state === "refused" || state === "done";
  }

  function end(item, state, text) {
    const isFirst = item.state !== "done" && item.state !== "refused";
    show(item, state, text);
    if (isFirst) {
      finished += state === "done" ? 1 : 0;
      refused += state === "refused" ? 1 : 0;
    }
    current = current === item ? null : current;
    tell();
    next();
  }

  async function ask(url) {
    const answer = await fetch(url, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": token },
    });
    return answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)));
  }

  async function learn(item) {
    show(item, "checking", words.wordChecking);
    try {
      const outcome = await ask(`${item.upload.url.replace(/\/?$/, "/")}outcome/`);
      end(item, outcome.refusal ? "refused" : "done", outcome.message);
    } catch {
      interrupt(item, words.wordBroken);
    }
  }

  function interrupt(item, text) {
    show(item, "broken", text);
    tell();
  }

  function failed(item, error) {
    const answer = error.originalResponse;
    const status = answer ? answer.getStatus() : 0;
    if (status >= 400 && status < 500 && status !== 423 && status !== 409) {
      end(item, "refused", answer.getBody() || String(status));
    } else {
      interrupt(item, (status === 503 && answer.getBody()) || words.wordBroken);
    }
  }

  function prepare(item) {
    const options = {
      chunkSize: PIECE,
      retryDelays: AGAIN,
      headers: { "X-CSRFToken": token },
      removeFingerprintOnSuccess: true,
      metadata: { name: item.file.name, unit: words.unit || "" },
      fingerprint: () =>
        Promise.resolve(["intake", words.unit, item.file.name, item.file.size, item.file.lastModified].join("|")),
      onProgress: (sent, total) => {
        item.node.querySelector("progress").value = total ? (sent / total) * 100 : 100;
        if (item.state === "moving") {
          show(item, "moving", fill(words.wordMoving, { percent: Math.floor((sent / total) * 100) }));
        }
      },
      onError: (error) => failed(item, error),
      onSuccess: () => learn(item),
    };
    if (item.url) {
      options.uploadUrl = item.url;
      options.storeFingerprintForResuming = false;
    } else {
      options.endpoint = words.endpoint;
    }
    item.upload = new window.tus.Upload(item.file, options);
  }

  async function start(item) {
    current = item;
    show(item, "moving", words.wordBeginning);
    if (!item.upload) {
      prepare(item);
      if (!item.url) {
        const earlier = await item.upload.findPreviousUploads();
        if (earlier.length) {
          item.upload.resumeFromPreviousUpload(earlier[0]);
        }
      }
    }
    if (item.state === "moving") {
      item.upload.start();
    }
  }

  // One after the other, so that pages come in order.
  function next() {
    if (!current) {
      const item = queue.find((each) => each.state === "waiting");
      if (item) {
        start(item);
      }
    }
  }

  async function pause(item) {
    await item.upload.abort();
    show(item, "paused", words.wordPaused);
  }

  async function drop(item) {
    if (item.upload) {
      await item.upload.abort(Boolean(item.upload.url)).catch(() => undefined);
    }
    queue.splice(queue.indexOf(item), 1);
    const beside = item.node.nextElementSibling || item.node.previousElementSibling;
    item.node.remove();
    current = current === item ? null : current;
    const target = beside && beside.querySelector("button:not([hidden])");
    (target || chooser).focus();
    tell();
    next();
  }

  function add(file, path, url) {
    const node = row.content.firstElementChild.cloneNode(true);
    const item = { file, name: path || file.name, url, node, state: "waiting", upload: null };
    node.querySelector("[data-name]").textContent = item.name;
    node.querySelector("progress").setAttribute("aria-label", item.name);
    node.querySelector("[data-pause]").addEventListener("click", () =>
      item.state === "moving" ? pause(item) : start(item)
    );
    const remove = node.querySelector("[data-remove]");
    remove.setAttribute("aria-label", `${remove.textContent.trim()}: ${item.name}`);
    remove.addEventListener("click", () => drop(item));
    list.append(node);
    queue.push(item);
    show(item, "waiting", words.wordWaiting);
    return item;
  }

  const natural = new Intl.Collator("zh", { numeric: true });
  const inOrder = (found) => found.sort((one, other) => natural.compare(one.path, other.path));

  function entries(reader) {
    return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
  }

  async function walk(entry, found) {
    if (entry.name.startsWith(".")) {
      return;
    }
    if (entry.isFile) {
      const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
      found.push({ file, path: entry.fullPath.replace(/^\//, "") });
      return;
    }
    const reader = entry.createReader();
    for (let some = await entries(reader); some.length; some = await entries(reader)) {
      for (const each of some) {
        await walk(each, found);
      }
    }
  }

  async function dropped(transfer) {
    const found = [];
    const plain = [...transfer.files].map((file) => ({ file, path: file.name }));
    const roots = [...transfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry()).filter(Boolean);
    for (const root of roots) {
      await walk(root, found);
    }
    return inOrder(roots.length ? found : plain);
  }

  function chosen(input) {
    return inOrder([...input.files].map((file) => ({ file, path: file.webkitRelativePath || file.name })));
  }

  // The page of a delivery first matches the names with the catalogue.
  const form = document.getElementById("intake-delivery");
  const report = document.getElementById("intake-report");
  const held = new Map();

  async function match(found) {
    held.clear();
    found.forEach((each) => held.set(each.path, each.file));
    form.elements.namedItem("names").value = found.map((each) => `${each.path}\t${each.file.size}`).join("\n");
    await fetchReport();
  }

  async function fetchReport() {
    report.setAttribute("aria-busy", "true");
    said.textContent = words.wordMatching;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Part": "report" },
      });
      const text = await answer.text();
      if (answer.ok) {
        report.innerHTML = text;
        said.textContent = "";
        const heading = report.querySelector("h2");
        if (heading) {
          heading.focus();
        }
      } else {
        const page = new DOMParser().parseFromString(text, "text/html");
        said.textContent = (page.querySelector("[role=alert], .lead, main p") || page.body).textContent.trim();
      }
      const button = report.querySelector("[data-confirm]");
      if (button) {
        button.hidden = !(canResume && held.size);
      }
    } catch {
      said.textContent = words.wordBroken;
    }
    report.removeAttribute("aria-busy");
  }

  async function confirm(button) {
    button.disabled = true;
    const body = new FormData(form);
    const first = held.keys().next().value || "";
    body.set("label", first.includes("/") ? first.split("/")[0] : "");
    try {
      const answer = await fetch(words.confirm, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
      });
      if (!answer.ok) {
        throw new Error(String(answer.status));
      }
      const opened = await answer.json();
      opened.files.forEach((each) => held.has(each.path) && add(held.get(each.path), each.path, each.url));
      list.closest("section").hidden = false;
      tell();
      next();
    } catch {
      button.disabled = false;
      said.textContent = words.wordBroken;
    }
  }

  function receive(found) {
    if (form) {
      match(found);
      return;
    }
    found.forEach((each) => add(each.file, each.file.name, ""));
    tell();
    next();
  }

  if (form) {
    form.addEventListener("submit", (event) => {
      const asks = event.submitter && event.submitter.name === "as";
      if (!asks) {
        event.preventDefault();
        fetchReport();
      }
    });
    report.addEventListener("click", (event) => {
      const button = event.target.closest("[data-confirm]");
      if (button) {
        confirm(button);
      }
    });
  }
  if (!form && !canResume) {
    return;
  }
  document.documentElement.classList.add("intake-live");
  zone.querySelectorAll("input[type=file]").forEach((input) => {
    input.required = false;
    input.addEventListener("change", () => {
      const found = chosen(input);
      input.value = "";
      if (found.length) {
        receive(found);
      }
    });
  });
  ["dragenter", "dragover"].forEach((name) =>
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.add("intake-zone--over");
    })
  );
  zone.addEventListener("dragleave", () => zone.classList.remove("intake-zone--over"));
  zone.addEventListener("drop", async (event) => {
    event.preventDefault();
    zone.classList.remove("intake-zone--over");
    const found = await dropped(event.dataTransfer);
    if (found.length) {
      receive(found);
    }
  });
  window.addEventListener("online", () => {
    if (current && current.state === "broken") {
      start(current);
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (queue.some((item) => ["moving", "waiting", "checking"].includes(item.state))) {
      event.preventDefault();
    }
  });
})();
