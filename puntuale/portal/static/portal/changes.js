// What changed on the ticket comes by itself. Asked for every ten seconds; while nothing changed, nothing is sent.
// A part in which somebody is typing is left alone, and asked for again the next time.

const page = document.getElementById("changes");
const told = document.getElementById("told");
const EVERY = 10_000;
const served = new WeakMap();
let known = page.dataset.etag;

// Every form carries a token of its own, which is no change.
const plain = (element) => element.outerHTML.replace(/name="csrfmiddlewaretoken" value="\w+"/g, "");
const pieces = (part) => [...(part.querySelector(".story") ?? { children: [] }).children];

function remember(part) {
  served.set(part, plain(part));
  pieces(part).forEach((piece) => served.set(piece, plain(piece)));
}

function isInUse(element) {
  const fields = [...element.querySelectorAll("textarea, input:not([type=hidden])")];
  return element.contains(document.activeElement) || fields.some((field) => field.value !== field.defaultValue);
}

// Puts a fresh element in the place of an old one, unless they are the same. False when it had to leave it.
function renewed(old, fresh) {
  if (served.get(old) === plain(fresh)) return true;
  if (isInUse(old)) return false;
  remember(fresh);
  old.replaceWith(fresh);
  return true;
}

function renewedStory(part, fresh) {
  const story = part.querySelector(".story");
  const before = pieces(part);
  let complete = true;
  pieces(fresh).forEach((piece, place) => {
    if (before[place]) {
      complete = renewed(before[place], piece) && complete;
    } else {
      remember(piece);
      story.append(piece);
      told.textContent = page.dataset.told;
    }
  });
  before.slice(pieces(fresh).length).forEach((piece) => piece.remove());
  return complete;
}

async function ask() {
  if (document.hidden) return;
  const asked = { headers: { "If-None-Match": known }, redirect: "manual", cache: "no-store" };
  const answer = await fetch(page.dataset.address, asked).catch(() => null);
  if (answer?.status !== 200) return;
  const fresh = document.createElement("template");
  fresh.innerHTML = await answer.text();
  let complete = true;
  fresh.content.querySelectorAll("[data-part]").forEach((part) => {
    const old = document.getElementById(part.id);
    const renew = part.querySelector(".story") ? renewedStory : renewed;
    complete = renew(old, part) && complete;
  });
  if (complete) known = answer.headers.get("ETag");
}

page.querySelectorAll("[data-part]").forEach(remember);
setInterval(ask, EVERY);
document.addEventListener("visibilitychange", ask);
