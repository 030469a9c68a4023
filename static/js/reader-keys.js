// Keys of the reader, its full screen, and the list of the keys.
(function () {
  "use strict";

  const figure = document.getElementById("sheet-figure");
  const tools = document.getElementById("reader-tools");
  const list = document.getElementById("reader-keys");
  const reader = window.reader;

  function follow(selector) {
    const link = document.querySelector(selector);
    if (link) {
      link.click();
    }
  }

  function fullScreen() {
    if (document.fullscreenElement) {
      document.exitFullscreen();
    } else if (figure && figure.requestFullscreen) {
      figure.requestFullscreen();
    }
  }

  function showKeys() {
    if (list && !list.open) {
      list.showModal();
    }
  }

  function toText() {
    const line = document.querySelector("#page-text .line[tabindex='0']");
    if (line) {
      line.focus();
    }
  }

  const actions = {
    ArrowLeft: () => follow(".reader__turn a[rel='prev']"),
    ArrowRight: () => follow(".reader__turn a[rel='next']"),
    n: () => follow("[data-key='hit-on']"),
    p: () => follow("[data-key='hit-back']"),
    "+": () => reader && reader.move("in"),
    "=": () => reader && reader.move("in"),
    "-": () => reader && reader.move("out"),
    0: () => reader && reader.move("home"),
    t: toText,
    r: () => follow("#choose-region"),
    f: fullScreen,
    "/": () => document.getElementById("reader-q").focus(),
    "?": showKeys,
  };
  // The deep zoom moves by these itself while it has the focus.
  const ofTheImage = ["ArrowLeft", "ArrowRight", "+", "=", "-", "0"];

  document.addEventListener("keydown", (event) => {
    const at = event.target;
    const isTyping = at instanceof Element && at.closest("input, textarea, select, [contenteditable], dialog[open]");
    const isOnImage = at instanceof Element && at.closest("#sheet") && ofTheImage.includes(event.key);
    const action = actions[event.key];
    if (!action || isTyping || isOnImage || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) {
      return;
    }
    event.preventDefault();
    action();
  });

  if (tools) {
    tools.hidden = false;
    document.getElementById("show-keys").addEventListener("click", showKeys);
    const button = document.getElementById("full-screen");
    button.hidden = !figure.requestFullscreen;
    button.addEventListener("click", fullScreen);
  }
})();
