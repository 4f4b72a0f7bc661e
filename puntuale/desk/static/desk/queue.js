// A queue that keeps itself up to date, without losing what is selected or where the keyboard is.

import { Changes } from "./changes.js";

const form = document.getElementById("bulk");
const list = document.getElementById("list");

function keep(place, part) {
  const chosen = new Set([...place.querySelectorAll("[name=tickets]:checked")].map((box) => box.value));
  const at = place.contains(document.activeElement) ? document.activeElement : null;
  const row = at?.closest("[data-ticket]")?.dataset.ticket;
  const onBox = at?.type === "checkbox";
  const others = [...place.querySelectorAll("[data-ticket]")].map((one) => one.dataset.ticket);
  place.replaceWith(part);
  part.querySelectorAll("[name=tickets]").forEach((box) => {
    box.checked = chosen.has(box.value);
  });
  if (!at) return;
  const find = (number) => part.querySelector(`[data-ticket="${number}"] ${onBox ? "[name=tickets]" : ".subject"}`);
  // Where the row has gone, the one that stands in its place.
  const after = others.slice(others.indexOf(row));
  (after.map(find).find(Boolean) ?? part.querySelector(".subject"))?.focus();
}

// On a small screen the queues stand in one line that scrolls: start where she is.
document.querySelector("#rail [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

new Changes(form.dataset.rows, list.dataset.tag, (place, part) => {
  if (place.id === "list") keep(place, part);
  else if (!place.contains(document.activeElement)) place.replaceWith(part);
});

// Narrowing names every customer, so it comes once it is wanted.
document.querySelector("[data-filter]")?.addEventListener("click", async (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const link = event.currentTarget;
  try {
    const answer = await fetch(link.dataset.filter, { redirect: "error" });
    if (!answer.ok) throw new Error(answer.status);
    const part = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".filter");
    link.replaceWith(part);
    part.querySelector("select").focus();
  } catch {
    location.assign(link.href);
  }
});
