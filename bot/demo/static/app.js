"use strict";
// Enter sends, but never while a Chinese word is being composed; the chat stays at its newest line, and whoever works
// without a mouse stays where the work goes on.

let asking = null; // the button of a card that was pressed, until its answer is there

const newest = () => {
  const chat = document.getElementById("chat");
  const last = chat && chat.lastElementChild;
  if (!last) return;
  chat.scrollTop = chat.scrollHeight;
  // What is higher than the window is read from its beginning, unless it ends with something to decide.
  if (last.querySelector(".buttons .primary, .buttons .danger")) return;
  const above = chat.getBoundingClientRect().top - last.getBoundingClientRect().top;
  if (above > 0) chat.scrollTop -= above + 8;
};

const write = () => {
  const box = document.getElementById("text");
  if (!box) return;
  box.focus({ preventScroll: true });
  box.setSelectionRange(box.value.length, box.value.length);
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

document.addEventListener("change", (event) => {
  // Only the names of files go along: what is in them stays on the visitor's machine.
  if (event.target.id !== "files") return;
  const { form, files } = event.target;
  const names = [...files].map((file) => file.name);
  form.querySelectorAll("[name=attachment]").forEach((old) => old.remove());
  form.append(...names.map((name) => Object.assign(document.createElement("input"), { type: "hidden", name: "attachment", value: name })));
  document.getElementById("chosen").textContent = names.length ? `附件：${names.join("、")}（演示只登记文件名）` : "";
});

document.addEventListener("click", (event) => {
  if (!event.target.matches("a[href='#chat']")) return;
  const answer = [...document.querySelectorAll("#chat .bot")].pop();
  if (!answer) return;
  event.preventDefault();
  answer.focus();
});

document.addEventListener("toggle", (event) => {
  if (event.target.open) event.target.scrollIntoView({ block: "nearest" });
}, true);

document.addEventListener("load", (event) => {
  const chat = document.getElementById("chat");
  if (chat && chat.lastElementChild && chat.lastElementChild.contains(event.target)) newest();
}, true);

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.requestConfig.verb !== "post") return;
  const { elt, xhr, target } = event.detail;
  const ofCard = Boolean(elt.closest("#chat"));
  asking = ofCard ? document.activeElement : null;
  tell("正在办理，请稍候");
  // Asked of the request itself: the form that sent it may have been replaced by then, and its events are lost.
  xhr.addEventListener("loadend", () => {
    const done = xhr.status >= 200 && xhr.status < 400;
    tell(done ? "" : xhr.responseText || "没有应答，请稍后再试。");
    if (target.id === "composer" && !ofCard) write();
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
  // Whoever pressed a button is led to the answer, unless gone elsewhere meanwhile.
  const answer = lines.find((line) => line.matches(".bot"));
  if (!answer || !asking) return;
  if (asking === document.activeElement) answer.focus({ preventScroll: true });
  asking = null;
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const { target } = event.detail;
  if (target.id !== "bar") return;
  const chat = document.getElementById("chat");
  const atEnd = chat && chat.scrollHeight - chat.scrollTop - chat.clientHeight < 60;
  const within = target.contains(document.activeElement);
  target.addEventListener("htmx:afterSwap", () => {
    if (atEnd) newest();
    // htmx finds the same button again; the one for a moment that has come is there no more.
    if (within && !target.contains(document.activeElement)) target.querySelector("button").focus();
  }, { once: true });
});

document.addEventListener("DOMContentLoaded", () => {
  newest();
  if (document.body.matches("[data-live]")) {
    const stream = new EventSource("/events");
    stream.addEventListener("news", () => htmx.trigger(document.body, "news"));
    window.addEventListener("pagehide", () => stream.close());
  }
  if (!window.location.hash && window.matchMedia("(min-width: 900px)").matches) write();
  if (window.matchMedia("(max-width: 899px)").matches) {
    for (const drawer of document.querySelectorAll("details.drawer")) drawer.open = false;
  }
});
