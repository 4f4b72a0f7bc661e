// A ticket's page: says who is here and types, shows what changes, puts saved replies into the box.

import { Changes, patch } from "./changes.js";
import * as unsent from "../looks/unsent.js";

const page = document.querySelector("[data-ticket-page]");
const told = document.getElementById("told");
const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;
const HERE = 10000;
const TYPING = 5000;

function post(address, fields) {
  const body = new URLSearchParams(fields);
  return fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token() }, keepalive: true, redirect: "manual" }).catch(() => null);
}

let typedAt = -Infinity;
let toldAt = -Infinity;

function here(typing) {
  if (document.hidden) return;
  toldAt = performance.now();
  post(page.dataset.presence, { typing: typing ? "1" : "0" });
}

here(false);
setInterval(() => here(performance.now() - typedAt < HERE), HERE);
document.addEventListener("visibilitychange", () => here(false));
document.addEventListener("composer:typed", () => {
  const first = performance.now() - typedAt > HERE;
  typedAt = performance.now();
  if (first || typedAt - toldAt > TYPING) here(true);
});
window.addEventListener("pagehide", () => post(page.dataset.absence, {}));

// --- what changes -------------------------------------------------------------------------------------------

const seen = document.querySelector("#answer-form [name=seen]");
const newer = document.querySelector("[data-newer]");

function warn(last) {
  if (!seen || Number(last) <= Number(seen.value)) return;
  newer.hidden = false;
  newer.dataset.newer = last;
  newer.querySelector("[data-newer-link]").href = `#message-${last}`;
}

newer?.querySelector("[data-newer-read]").addEventListener("click", () => {
  seen.value = newer.dataset.newer;
  newer.hidden = true;
  document.getElementById("answer").focus();
});

new Changes(page.dataset.changes, told.dataset.tag, (place, part) => {
  if (place.id === "deeds" || place.id === "decisions") return patch(place, part);
  if (place.id !== "told") {
    if (place.innerHTML !== part.innerHTML) place.replaceWith(part);
    return;
  }
  patch(place.querySelector("#story"), part.querySelector("#story"));
  warn(part.dataset.last);
  // Whoever writes has the state before their eyes now.
  document.querySelector("#answer-form [name=saw]")?.setAttribute("value", part.dataset.event);
});

// --- drafts of merged tickets -------------------------------------------------------------------------------

document.querySelectorAll("[data-carries]").forEach((form) => {
  const [place, ticket] = form.dataset.carries.split(":");
  const store = unsent.place(place, ticket);
  const local = unsent.read(store);
  if (!local) return;
  // What this browser has and the server has not yet goes there first, and then along.
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await post(form.dataset.drafts, { place, ticket, body: local.body, writer: document.body.dataset.person });
    if (answer?.ok) unsent.forget(store);
    form.submit();
  });
});

// --- saved replies ------------------------------------------------------------------------------------------

const inserts = document.querySelector("[data-inserts]");
const said = document.querySelector("[data-inserted]");

function insert(box, text) {
  const [before, after] = [box.value.slice(0, box.selectionStart), box.value.slice(box.selectionEnd)];
  const gap = before.trim() && !before.endsWith("\n\n") ? (before.endsWith("\n") ? "\n" : "\n\n") : "";
  // Behind what is selected nothing is lost: the text goes in where the caret is, and replaces nothing.
  const kept = box.value.slice(box.selectionStart, box.selectionEnd);
  box.value = `${before}${kept}${kept ? "\n\n" : gap}${text}${after}`;
  const end = box.value.length - after.length;
  box.setSelectionRange(end, end);
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
}

inserts?.addEventListener("click", async (event) => {
  event.preventDefault();
  const chosen = document.getElementById("reply");
  const answer = await fetch(chosen.dataset.filled.replace(/0\/$/, `${chosen.value}/`));
  if (!answer.ok) return;
  const { text, then, takes } = await answer.json();
  insert(document.getElementById("answer"), text);
  const form = inserts.form;
  const staged = [];
  if (then) {
    form.querySelector(`[name=then][value=${then}]`).checked = true;
    staged.push(then === "waiting" ? said.dataset.thenWaiting : said.dataset.thenResolved);
  }
  const take = form.querySelector("[name=takes]");
  if (takes && take) {
    take.checked = true;
    staged.push(said.dataset.takes);
  }
  said.textContent = staged.join(", ");
});
