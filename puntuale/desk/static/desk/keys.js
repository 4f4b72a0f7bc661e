// Single keys that do something. Never while somebody writes, never with a modifier, and not at all for people who have
// switched them off: then this is not loaded.

const dialog = document.querySelector("[data-keys]");
const WAITS = 1500;
let going = 0;

const find = (selector) => document.querySelector(selector);
const click = (selector) => find(selector)?.click();

function writes(target) {
  return target instanceof Element && (target.matches("input:not([type=checkbox], [type=radio]), textarea, select") || target.closest("[contenteditable]") !== null);
}

// --- the list -----------------------------------------------------------------------------------------------

const rows = () => [...document.querySelectorAll(".queue [data-ticket]")];
const here = () => document.activeElement?.closest?.("[data-ticket]") ?? null;

function move(step) {
  const all = rows();
  if (!all.length) return false;
  const at = all.indexOf(here());
  const to = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1);
  all[to].querySelector(".subject").focus();
  return true;
}

function select() {
  const box = here()?.querySelector("[name=tickets]");
  if (!box) return false;
  box.checked = !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

function open() {
  const subject = here()?.querySelector(".subject");
  subject?.click();
  return Boolean(subject);
}

// --- the ticket ---------------------------------------------------------------------------------------------

function write(face, box) {
  const place = document.getElementById(face);
  if (!place) return false;
  place.open = true;
  document.getElementById(box).focus();
  place.scrollIntoView({ block: "nearest" });
  return true;
}

function search() {
  const box = find("[data-searches]");
  if (box) box.focus();
  else location.assign(dialog.dataset.search);
  return true;
}

function press(selector) {
  if (!find(selector)) return false;
  click(selector);
  return true;
}

const DOES = {
  j: () => move(1),
  ArrowDown: () => move(1),
  k: () => move(-1),
  ArrowUp: () => move(-1),
  x: select,
  o: open,
  r: () => write("answer-face", "answer"),
  n: () => write("note-face", "note"),
  a: () => press("button[data-takes]"),
  c: () => press("[data-reclassifies]"),
  e: () => press("[data-resolves]"),
  "/": search,
  "]": () => press("[data-next]"),
  "?": () => {
    dialog.showModal();
    return true;
  },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (document.querySelector("dialog[open]")) return;
  if (writes(event.target)) {
    // Keys do something again once nobody writes.
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const isSecond = performance.now() - going < WAITS && going > 0;
  going = 0;
  if (isSecond) {
    const link = dialog.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    if (link) {
      event.preventDefault();
      location.assign(link.href);
    }
    return;
  }
  if (event.key === "g") {
    going = performance.now();
    return;
  }
  // Arrows choose among radio buttons; there they are not ours.
  if (event.key.startsWith("Arrow") && event.target instanceof Element && event.target.matches("[type=radio]")) return;
  if (DOES[event.key]?.()) event.preventDefault();
});

document.querySelectorAll("[data-shows-keys]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => dialog.showModal());
});
