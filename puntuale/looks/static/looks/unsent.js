// What a browser keeps of texts that are not sent, until the server has them. Nobody but their author is shown them:
// they go when the form was taken, when its author signs out, and when another person signs in on this computer.

const PREFIX = "draft:";
const SAVING = 5000;
const person = document.body.dataset.person;

export const place = (...parts) => [`${PREFIX}${person}`, ...parts].join(":");

export function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    forget(name);
    return null;
  }
}

export function keep(name, record) {
  try {
    localStorage.setItem(name, JSON.stringify(record));
    return true;
  } catch {
    // A full or forbidden store: the server's copy remains.
    return false;
  }
}

export function forget(name) {
  try {
    localStorage.removeItem(name);
  } catch {
    // A forbidden store holds nothing.
  }
}

export const cookie = (name) => document.cookie.match(new RegExp(`(?:^|; )${name}=([\\w.-]+)`))?.[1] ?? "";

// The server says in a cookie which of the latest forms it took, whatever page came back.
export const wasTaken = (key) => Boolean(key) && cookie("taken").split(".").includes(key);

export function freshKey() {
  // Not every desk is on an encrypted address, where browsers have crypto.randomUUID.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function names() {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
  } catch {
    return [];
  }
}

function tidy() {
  names().forEach((name) => {
    if (!name.startsWith(`${PREFIX}${person}:`) || wasTaken(read(name)?.key)) forget(name);
  });
}

// Saves what was typed on another page, and did not get through there.
async function saveLeftOver(name, address, signal) {
  const [place, of] = name.slice(`${PREFIX}${person}:`.length).split(":");
  const { body, subject, fields, files, version, key } = read(name) ?? {};
  const about = { place, [place === "phone" ? "caller" : "ticket"]: of, writer: person, version: version ?? "", key: key ?? "" };
  const data = new FormData();
  Object.entries({ ...fields, ...about, body: body ?? "", subject: subject ?? "" }).forEach(([field, value]) => data.append(field, value));
  (files ?? []).forEach((file) => data.append("files", file.key));
  try {
    const headers = { "X-CSRFToken": cookie("csrftoken") };
    const answer = await fetch(address, { method: "POST", body: data, headers, redirect: "manual", signal });
    if (answer.ok) forget(name);
    return answer.ok;
  } catch {
    return false;
  }
}

async function signOut(event) {
  const form = event.currentTarget;
  event.preventDefault();
  // Each box on the page adds the promise that it is saved.
  const saving = [];
  const signal = AbortSignal.timeout(SAVING);
  document.dispatchEvent(new CustomEvent("signing-out", { detail: { saving, signal } }));
  const saved = await Promise.all(saving);
  saved.push(...(await Promise.all(names().map((name) => saveLeftOver(name, form.dataset.drafts, signal)))));
  if (!saved.every(Boolean) && !window.confirm(form.dataset.unsaved)) return;
  document.dispatchEvent(new CustomEvent("signed-out"));
  names().forEach(forget);
  form.submit();
}

if (person) {
  tidy();
  document.querySelector("form.leave")?.addEventListener("submit", signOut);
}
