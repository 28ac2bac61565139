"use strict";
// Enter sends, but never while a Chinese word is being composed; the chat stays at its newest line.

const newest = () => {
  const chat = document.getElementById("chat");
  if (chat) chat.scrollTop = chat.scrollHeight;
};

document.addEventListener("keydown", (event) => {
  const box = event.target;
  if (box.id !== "text" || event.key !== "Enter" || event.shiftKey) return;
  if (event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  if (box.value.trim()) box.form.requestSubmit();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.requestConfig.verb === "post") document.getElementById("busy").hidden = false;
});

document.addEventListener("htmx:afterRequest", (event) => {
  const busy = document.getElementById("busy");
  if (busy) busy.hidden = true;
  if (event.detail.requestConfig.verb === "post" && event.detail.target.id === "composer") {
    document.getElementById("text").focus({ preventScroll: true });
  }
});

document.addEventListener("htmx:beforeSwap", (event) => {
  // A box in which somebody is writing is not taken away.
  const box = document.getElementById("text");
  if (event.detail.target.id !== "composer" || !box) return;
  if (event.detail.requestConfig.elt.classList.contains("write")) return;
  event.detail.shouldSwap = box.value === box.defaultValue;
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "chat") newest();
});

document.addEventListener("DOMContentLoaded", () => {
  newest();
  if (document.body.matches("[data-live]")) {
    const stream = new EventSource("/events");
    stream.addEventListener("news", () => htmx.trigger(document.body, "news"));
    window.addEventListener("pagehide", () => stream.close());
  }
  const box = document.getElementById("text");
  if (box && window.matchMedia("(min-width: 900px)").matches) box.focus({ preventScroll: true });
  if (window.matchMedia("(max-width: 899px)").matches) {
    for (const drawer of document.querySelectorAll("details.drawer")) drawer.open = false;
  }
});
