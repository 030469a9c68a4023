// Saving at the proofreading desk: without leaving the page, and never losing what was typed.
(function () {
  "use strict";

  const desk = window.proofreading;
  if (!desk) {
    return;
  }
  const { form, list } = desk;
  const textKey = form.elements.namedItem("text_key");
  let seen = form.elements.namedItem("seen");
  const prefix = `proofreading:${form.dataset.person}:${form.dataset.page}:`;
  const notice = document.getElementById("proof-draft");
  const noticeText = document.getElementById("proof-draft-said");
  let waiting = 0;
  let isSaving = false;

  const nameOfDraft = () => prefix + textKey.value;

  function stored(name) {
    try {
      return JSON.parse(window.localStorage.getItem(name));
    } catch {
      return null;
    }
  }

  function drafts() {
    try {
      return Object.keys(window.localStorage).filter((name) => name.startsWith(prefix));
    } catch {
      return [];
    }
  }

  function forget(name) {
    try {
      window.localStorage.removeItem(name);
    } catch {
      // A browser that keeps nothing has nothing to forget.
    }
  }

  function keep() {
    window.clearTimeout(waiting);
    if (!desk.isChanged()) {
      forget(nameOfDraft());
      desk.say("");
      return;
    }
    try {
      window.localStorage.setItem(nameOfDraft(), JSON.stringify({ lines: desk.content() }));
      desk.say(form.dataset.draftSaid, "draft");
    } catch {
      desk.say("");
    }
  }

  function changed() {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(keep, 250);
  }

  function bringBack() {
    const own = stored(nameOfDraft());
    if (own && form.dataset.unsaved !== "yes") {
      desk.fill(own.lines);
      if (desk.isChanged()) {
        noticeText.textContent = form.dataset.restoredSaid;
        notice.hidden = false;
      } else {
        forget(nameOfDraft());
      }
      return;
    }
    const older = drafts().find((name) => name !== nameOfDraft() && (!seen || name !== prefix + seen.value));
    const lines = older ? stored(older) : null;
    if (lines && form.dataset.unsaved !== "yes") {
      noticeText.textContent = form.dataset.olderSaid;
      document.getElementById("proof-draft-text").textContent = lines.lines.map((line) => line.text).join("\n");
      document.getElementById("proof-draft-other").hidden = false;
      notice.hidden = false;
    }
  }

  // The form goes the usual way: a conflict is answered with a page that shows both texts.
  function sendAsForm(order) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "order";
    field.value = order;
    form.append(field);
    form.dataset.leaving = "yes";
    form.submit();
  }

  function see(key) {
    if (!seen) {
      seen = document.createElement("input");
      seen.type = "hidden";
      seen.name = "seen";
      form.append(seen);
    }
    seen.value = key;
  }

  // By address, never by reloading: this page may itself be the answer to a form.
  function leaveFor(place) {
    form.dataset.leaving = "yes";
    window.location.assign(place);
  }

  async function answered(response, order) {
    const isJson = (response.headers.get("Content-Type") || "").startsWith("application/json");
    if (response.status === 409) {
      sendAsForm(order);
      return null;
    }
    if (!response.ok || !isJson) {
      desk.say(form.dataset.failedSaid, "failed");
      return null;
    }
    return response.json();
  }

  async function save(order) {
    if (isSaving) {
      return false;
    }
    keep();
    isSaving = true;
    desk.say(form.dataset.savingSaid, "saving");
    const sent = new FormData(form);
    sent.set("order", order);
    const name = nameOfDraft();
    const before = JSON.stringify(desk.content());
    let answer = null;
    try {
      const headers = { Accept: "application/json" };
      answer = await answered(await fetch(form.action, { method: "POST", body: sent, headers }), order);
    } catch {
      desk.say(form.dataset.failedSaid, "failed");
    }
    isSaving = false;
    if (!answer) {
      return false;
    }
    drafts().forEach(forget);
    forget(name);
    notice.hidden = true;
    if (answer.next) {
      leaveFor(answer.next);
      return true;
    }
    document.getElementById("proof-state").textContent = answer.state;
    if (JSON.stringify(desk.content()) !== before) {
      // Somebody who types fast: the lines still count those of the earlier text, and the saved one is known.
      see(answer.text);
      keep();
      return true;
    }
    if (seen || order !== "save" || !desk.settle(answer.lines)) {
      leaveFor(form.action);
      return true;
    }
    textKey.value = answer.text;
    desk.say(answer.refusal || form.dataset.savedSaid, "saved");
    return true;
  }

  form.addEventListener("proof:changed", changed);
  form.addEventListener("submit", (event) => {
    const order = event.submitter && event.submitter.name === "order" ? event.submitter.value : "save";
    event.preventDefault();
    save(order);
  });
  window.addEventListener("pagehide", () => form.dataset.leaving === "yes" || keep());
  document.getElementById("proof-draft-drop").addEventListener("click", () => {
    drafts().forEach(forget);
    leaveFor(form.action);
  });

  bringBack();
  window.proofreading.save = save;
  window.proofreading.list = list;
})();
