"use strict";
// Enter sends, but never while a Chinese word is being composed; the chat stays at its newest line.

const newest = () => {
  const chat = document.getElementById("chat");
  if (chat) chat.scrollTop = chat.scrollHeight;
};

const tell = (words) => {
  const busy = document.getElementById("busy");
  if (!busy) return;
  busy.textContent = words;
  busy.hidden = !words;
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
  if (event.detail.requestConfig.verb !== "post") return;
  const { xhr, target } = event.detail;
  tell("正在办理，请稍候");
  // Asked of the request itself: the form that sent it may have been replaced by then, and its events are lost.
  xhr.addEventListener("loadend", () => {
    const done = xhr.status >= 200 && xhr.status < 400;
    tell(done ? "" : xhr.responseText || "没有应答，请稍后再试。");
    const box = document.getElementById("text");
    if (box && target.id === "composer") box.focus({ preventScroll: true });
  });
});

document.addEventListener("htmx:beforeSwap", (event) => {
  // A box in which somebody is writing is not taken away.
  const box = document.getElementById("text");
  if (event.detail.target.id !== "composer" || !box) return;
  if (event.detail.requestConfig.elt.classList.contains("write")) return;
  event.detail.shouldSwap = box.value === box.defaultValue;
});

document.addEventListener("htmx:beforeSwap", (event) => {
  // Only what is new is added to a chat: whoever reads or stands on a button there is not thrown out of it.
  const chat = event.detail.target;
  if (chat.id !== "chat" || event.detail.isError) return;
  event.detail.shouldSwap = false;
  const came = document.createElement("template");
  came.innerHTML = event.detail.serverResponse;
  const known = chat.querySelector(".empty") ? 0 : chat.children.length;
  if (came.content.children.length < known) window.location.reload();
  const lines = [...came.content.children].slice(known);
  if (!lines.length) return;
  if (!known) chat.replaceChildren();
  chat.append(...lines);
  lines.forEach((line) => htmx.process(line));
  newest();
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "bar") newest();
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
