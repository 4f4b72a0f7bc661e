// Asks every few seconds whether something has changed, and puts in place what has. A page that is not looked at does
// not ask. The server answers 304 as long as nothing has happened.

const EVERY = 5000;

// The parts of an answer by their ids.
function parts(text) {
  return new DOMParser().parseFromString(text, "text/html").body.querySelectorAll(":scope > [id]");
}

export class Changes {
  constructor(address, tag, put) {
    Object.assign(this, { address, tag, put });
    setInterval(() => this.ask(), EVERY);
    document.addEventListener("visibilitychange", () => this.ask());
  }

  async ask() {
    if (document.hidden || this.asking) return;
    this.asking = true;
    try {
      const answer = await fetch(this.address, { headers: { "If-None-Match": this.tag }, redirect: "manual" });
      if (answer.type === "opaqueredirect") document.querySelector("[data-signed-out]").hidden = false;
      else if (answer.status === 200) {
        const text = await answer.text();
        this.tag = answer.headers.get("ETag") ?? "";
        parts(text).forEach((part) => {
          const place = document.getElementById(part.id);
          if (place) this.put(place, part);
        });
      }
    } catch {
      // No network: the next time will tell.
    } finally {
      this.asking = false;
    }
  }
}

// What is the same to a reader: tokens against forgery differ every time.
function bare(node) {
  const copy = node.cloneNode(true);
  copy.querySelectorAll?.("[name=csrfmiddlewaretoken]").forEach((field) => field.remove());
  return copy;
}

const isBusy = (node) => node.contains(document.activeElement) || node.querySelector("details[open]") !== null;

// Replaces what is different among the children, and leaves alone what somebody has open or is writing in.
export function patch(place, part) {
  const [old, fresh] = [[...place.children], [...part.children]];
  fresh.forEach((node, index) => {
    const there = old[index];
    if (!there) place.append(node);
    else if (!isBusy(there) && !bare(there).isEqualNode(bare(node))) there.replaceWith(node);
  });
  old.slice(fresh.length).forEach((node) => node.remove());
}
