// A box to write in: keeps a draft on the server and on this computer, previews, takes files that are dropped or pasted.
// Nothing typed is lost when the tab, the network or the session ends; sending clears both copies.

const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
const PAUSE = 1200;
const ONCE = 4000;

function post(address, fields, more = {}) {
  const data = new FormData();
  Object.entries(fields).forEach(([name, value]) => data.append(name, value));
  return fetch(address, { method: "POST", body: data, headers: { "X-CSRFToken": token() }, redirect: "manual", ...more });
}

class Composer {
  constructor(root) {
    this.root = root;
    this.form = root.closest("form");
    this.box = root.querySelector("textarea");
    this.said = root.querySelector("[data-said]");
    this.subject = this.form.querySelector("[name=subject]");
    this.key = `draft:${document.body.dataset.person}:${root.dataset.place}:${root.dataset.ticket}`;
    this.restore();
    this.box.addEventListener("input", () => this.typed());
    this.subject?.addEventListener("input", () => this.typed());
    this.form.addEventListener("submit", (event) => this.sent(event));
    window.addEventListener("pagehide", () => this.leave());
    this.look();
    this.files();
    this.keys();
  }

  restore() {
    let kept = null;
    try {
      kept = JSON.parse(localStorage.getItem(this.key));
    } catch {
      localStorage.removeItem(this.key);
    }
    if (!kept || this.box.value.trim()) return;
    this.box.value = kept.body ?? "";
    if (this.subject && !this.subject.value) this.subject.value = kept.subject ?? "";
    if (this.box.value) this.said.textContent = this.said.dataset.found;
  }

  fields() {
    return { place: this.root.dataset.place, ticket: this.root.dataset.ticket, body: this.box.value, subject: this.subject?.value ?? "" };
  }

  typed() {
    this.changed = true;
    try {
      if (this.box.value.trim()) localStorage.setItem(this.key, JSON.stringify({ body: this.box.value, subject: this.subject?.value }));
      else localStorage.removeItem(this.key);
    } catch {
      // A full or forbidden store: the server's copy remains.
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
    document.dispatchEvent(new CustomEvent("composer:typed", { detail: this.root.dataset.place }));
  }

  async save() {
    this.changed = false;
    try {
      const answer = await post(this.root.dataset.drafts, this.fields());
      this.said.textContent = answer.ok ? this.said.dataset.kept : this.said.dataset.local;
    } catch {
      this.said.textContent = this.said.dataset.local;
    }
  }

  leave() {
    if (this.changed && !this.done) post(this.root.dataset.drafts, this.fields(), { keepalive: true });
  }

  sent(event) {
    // A second click while the first is on its way would send it twice.
    if (this.done) {
      event.preventDefault();
      return;
    }
    // The local copy goes only once the next page has come: the server marks a page that took the text.
    this.done = true;
    setTimeout(() => (this.done = false), ONCE);
    clearTimeout(this.timer);
    sessionStorage.setItem("sent", this.key);
  }

  look() {
    const button = this.root.querySelector("[data-look]");
    const shown = this.root.querySelector("[data-shown]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      const open = button.getAttribute("aria-pressed") === "true";
      if (!open) {
        const answer = await post(this.root.dataset.preview, { body: this.box.value });
        if (!answer.ok) return;
        shown.innerHTML = await answer.text();
      }
      button.setAttribute("aria-pressed", String(!open));
      shown.hidden = open;
      this.box.hidden = !open;
      if (open) this.box.focus();
    });
  }

  files() {
    const input = this.root.querySelector("input[type=file]");
    input.addEventListener("change", async () => {
      const chosen = [...input.files];
      input.value = "";
      for (const file of chosen) await this.upload(file);
    });
    this.root.addEventListener("dragover", (event) => {
      event.preventDefault();
      this.root.classList.add("over");
    });
    this.root.addEventListener("dragleave", () => this.root.classList.remove("over"));
    this.root.addEventListener("drop", async (event) => {
      event.preventDefault();
      this.root.classList.remove("over");
      for (const file of event.dataTransfer.files) await this.upload(file);
    });
    this.box.addEventListener("paste", async (event) => {
      const files = [...event.clipboardData.files];
      if (!files.length) return;
      event.preventDefault();
      for (const file of files) await this.upload(file);
    });
  }

  async upload(file) {
    const row = document.createElement("li");
    row.textContent = `${file.name} …`;
    this.root.querySelector("[data-files]").append(row);
    let told = {};
    try {
      const answer = await post(this.root.dataset.upload, { file });
      told = await answer.json();
    } catch {
      told = { problem: `${file.name}: ✕` };
    }
    if (told.key) {
      const label = document.createElement("label");
      const box = Object.assign(document.createElement("input"), { type: "checkbox", name: "files", value: told.key, checked: true });
      label.append(box, ` ${told.name}`);
      row.replaceChildren(label);
    } else {
      row.className = "error";
      row.textContent = told.problem;
    }
  }

  keys() {
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.form.requestSubmit(this.form.querySelector("[data-sends]") ?? undefined);
      }
    });
  }
}

const sent = sessionStorage.getItem("sent");
if (sent && !document.querySelector("[aria-invalid=true], [role=alert]:not([hidden])")) localStorage.removeItem(sent);
sessionStorage.removeItem("sent");
document.querySelectorAll("[data-composer]").forEach((root) => new Composer(root));
