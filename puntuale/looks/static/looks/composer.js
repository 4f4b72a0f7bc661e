// A box to write in: keeps a draft of its form on the server, and in this browser what the server does not have yet;
// previews; takes files that are dropped or pasted. Nothing typed is lost when the tab, the network or the session ends.

import * as unsent from "./unsent.js";

const token = () => unsent.cookie("csrftoken") || (document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "");
const PAUSE = 1200;
const ONCE = 4000;
// Browsers refuse to send more than 64 KiB while a page is left.
const MOST_WHILE_LEAVING = 60_000;
// Texts of forms besides subject and body, by the names of their fields.
const FURTHER = ["answer", "colleagues"];

function post(address, fields, more = {}) {
  const data = new FormData();
  Object.entries(fields).forEach(([name, value]) => [value].flat().forEach((each) => data.append(name, each)));
  return fetch(address, { method: "POST", body: data, headers: { "X-CSRFToken": token() }, redirect: "manual", ...more });
}

const same = (one, other) =>
  one.body.trim() === other.body.trim() &&
  (one.subject ?? "") === (other.subject ?? "") &&
  Object.entries(one.fields ?? {}).every(([name, value]) => (other.fields?.[name] ?? "") === value) &&
  String((one.files ?? []).map((file) => file.key).sort()) === String((other.files ?? []).map((file) => file.key).sort());

const textsOf = ({ body, subject, fields }) =>
  [subject, body, ...FURTHER.map((name) => fields?.[name])].map((text) => (text ?? "").trim());

// Whether one copy has all the words and all the files of another.
const holds = (one, other) =>
  textsOf(other).every((text, place) => textsOf(one)[place].includes(text)) &&
  (other.files ?? []).every(({ key }) => (one.files ?? []).some((file) => file.key === key));

class Composer {
  constructor(root) {
    this.root = root;
    this.form = root.closest("form");
    this.box = root.querySelector("textarea");
    this.status = root.querySelector("[data-said]");
    this.subject = this.form.querySelector("[name=subject]");
    this.key = this.form.querySelector("[name=key]");
    this.known = root.querySelector("[name=version]");
    this.also = root.dataset.also.split(" ").filter(Boolean);
    this.tab = unsent.freshKey();
    this.store = unsent.place(root.dataset.place, root.dataset.caller || root.dataset.ticket);
    // Going back to this page must not bring back what was sent from it; what was not sent, the draft brings back.
    const further = FURTHER.filter((name) => this.also.includes(name)).map((name) => this.form.elements[name]);
    [this.box, this.subject, ...further].forEach((field) => field?.setAttribute("autocomplete", "off"));
    this.restore();
    this.form.addEventListener("input", (event) => this.isMine(event.target) && this.typed());
    this.form.addEventListener("change", (event) => this.isMine(event.target) && this.typed());
    this.form.addEventListener("submit", (event) => this.sent(event));
    window.addEventListener("pagehide", () => this.leave());
    window.addEventListener("pageshow", (event) => event.persisted && this.returned());
    document.addEventListener("visibilitychange", () => this.forgetSent());
    root.querySelector("[data-other-use]").addEventListener("click", () => this.swap());
    root.querySelector("[data-other-drop]").addEventListener("click", () => this.drop());
    this.preview();
    this.files();
    this.keys();
    document.addEventListener("signing-out", ({ detail }) => detail.saving.push(this.flush(detail.signal)));
    document.addEventListener("signed-out", () => this.close());
  }

  // The version of the draft that this form has seen. The form is sent with it.
  get version() {
    return this.known.value;
  }

  set version(version) {
    this.known.value = version;
  }

  isMine(field) {
    return [this.box, this.subject].includes(field) || field.name === "files" || this.also.includes(field.name);
  }

  // --- what is typed ------------------------------------------------------------------------------------------

  written() {
    const fields = Object.fromEntries(this.also.map((name) => [name, new FormData(this.form).get(name) ?? ""]));
    const boxes = [...this.root.querySelectorAll("[name=files]:checked")];
    const files = boxes.map((box) => ({ key: box.value, name: box.parentElement.textContent.trim() }));
    return { body: this.box.value, subject: this.subject?.value ?? "", fields, files };
  }

  isEmpty(record) {
    return !record.files?.length && !textsOf(record).some(Boolean);
  }

  fill({ body, subject, fields, files }) {
    this.box.value = body ?? "";
    if (this.subject) this.subject.value = subject ?? "";
    this.also.forEach((name) => this.choose(name, fields?.[name] ?? ""));
    this.root.querySelector("[data-files]").replaceChildren(...(files ?? []).map((file) => this.row(file)));
    // Parts of the form that follow from others are fetched once all of the page is there.
    const follow = () => {
      this.isFollowing = true;
      this.form.querySelector("[name=environment]")?.dispatchEvent(new Event("change", { bubbles: true }));
      this.isFollowing = false;
    };
    if (document.readyState === "complete") follow();
    else window.addEventListener("load", follow, { once: true });
  }

  choose(name, value) {
    const field = this.form.elements[name];
    if (!field) return;
    const radios = [field].flatMap((each) => (each instanceof RadioNodeList ? [...each] : [each])).filter((each) => each.type === "radio");
    if (radios.length) radios.forEach((radio) => (radio.checked = radio.value === value ? !radio.disabled : radio.checked));
    else field.value = value;
  }

  record() {
    return { ...this.written(), version: this.version, key: this.key?.value, other: this.other, tab: this.tab };
  }

  typed() {
    if (this.isFollowing) return;
    this.changed = true;
    const record = this.record();
    const there = unsent.read(this.store);
    // Another window of this browser has one that the server may not have yet.
    if (there && there.tab !== this.tab && !this.other && !holds(record, there)) this.offer(there);
    else if (this.isEmpty(record) && !this.other && !this.version) unsent.forget(this.store);
    else unsent.keep(this.store, record);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
    document.dispatchEvent(new CustomEvent("composer:typed", { detail: this.root.dataset.place }));
  }

  // --- both copies --------------------------------------------------------------------------------------------

  restore() {
    const shown = this.written();
    if ("again" in this.root.dataset) {
      // What was sent and could not be taken is newer than any copy.
      if (!this.isEmpty(shown)) this.typed();
      return;
    }
    const local = unsent.read(this.store);
    if (!local) return;
    if (local.other) this.offer(local.other);
    if (same(local, shown)) {
      if (!local.other) unsent.forget(this.store);
    } else if (local.version === this.version || holds(local, shown)) this.bring(local);
    else if (holds(shown, local)) unsent.forget(this.store);
    else this.offer(local);
  }

  bring(record) {
    this.fill(record);
    // Sent once more with its own key, a text that did arrive makes no second message.
    if (record.key && this.key) this.key.value = record.key;
    this.typed();
    this.status.textContent = this.status.dataset.found;
  }

  fields() {
    const { body, subject, fields, files } = this.written();
    const { place, ticket, caller } = this.root.dataset;
    const key = this.key?.value ?? "";
    const about = { place, ticket, caller, writer: document.body.dataset.person, version: this.version, key };
    return { ...fields, ...about, body, subject, files: files.map((file) => file.key) };
  }

  async save(signal) {
    if (this.other || this.closed) return !this.other;
    clearTimeout(this.timer);
    this.changed = false;
    const before = JSON.stringify(this.written());
    let answer = null;
    try {
      answer = await post(this.root.dataset.drafts, this.fields(), { signal });
      if (answer.ok) this.saved(await answer.json(), before === JSON.stringify(this.written()));
      else if (answer.status === 409) this.offer(await answer.json(), true);
      else this.status.textContent = this.status.dataset.local;
    } catch {
      this.status.textContent = this.status.dataset.local;
    }
    return Boolean(answer?.ok) && !this.other;
  }

  saved({ version, sent, same: isTheSame }, isCurrent) {
    if (sent && isTheSame) return this.empty();
    if (sent) {
      // What was written after the form was sent is another text.
      this.renew();
      return this.typed();
    }
    this.version = version;
    if (isCurrent) unsent.forget(this.store);
    else this.typed();
    this.status.textContent = version ? this.status.dataset.kept : "";
  }

  flush(signal) {
    return this.changed || unsent.read(this.store) ? this.save(signal) : true;
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
  }

  leave() {
    if (!this.changed || this.done || this.other || this.closed) return;
    const fields = this.fields();
    // A longer text stays in this browser, and is saved when the page is opened again.
    if (new Blob([JSON.stringify(fields)]).size < MOST_WHILE_LEAVING)
      post(this.root.dataset.drafts, fields, { keepalive: true }).catch(() => null);
  }

  // --- another version of it ----------------------------------------------------------------------------------

  offer(other, isKept = false) {
    this.other = other;
    if (isKept) this.version = other.version;
    const files = (other.files ?? []).map((file) => file.name);
    this.root.querySelector("[data-other-text]").textContent = [...textsOf(other), ...files].filter(Boolean).join("\n\n");
    this.root.querySelector("[data-other]").hidden = false;
    this.status.textContent = this.status.dataset.other;
    unsent.keep(this.store, this.record());
  }

  swap() {
    const [mine, other] = [this.written(), this.other];
    this.fill(other);
    this.offer(mine);
    this.box.focus();
  }

  drop() {
    this.other = undefined;
    this.root.querySelector("[data-other]").hidden = true;
    this.typed();
    this.save();
    this.box.focus();
  }

  // --- sending ------------------------------------------------------------------------------------------------

  sent(event) {
    // A second click while the first is on its way would send it twice.
    if (this.done) {
      event.preventDefault();
      return;
    }
    // The copy in this browser goes once the server says that it took the form.
    if (this.changed) unsent.keep(this.store, this.record());
    this.done = true;
    setTimeout(() => (this.done = false), ONCE);
    clearTimeout(this.timer);
  }

  returned() {
    this.done = false;
    this.forgetSent();
  }

  forgetSent() {
    if (document.hidden || !unsent.wasTaken(this.key?.value)) return;
    if (this.changed && !this.done) this.renew();
    else this.empty();
  }

  renew() {
    this.key.value = unsent.freshKey();
    this.version = "";
  }

  empty() {
    clearTimeout(this.timer);
    this.changed = false;
    this.fill({ fields: this.written().fields });
    FURTHER.filter((name) => this.also.includes(name)).forEach((name) => this.choose(name, ""));
    this.renew();
    unsent.forget(this.store);
    this.status.textContent = this.status.dataset.sent;
  }

  // --- looking at it ------------------------------------------------------------------------------------------

  preview() {
    const button = this.root.querySelector("[data-look]");
    const label = this.root.querySelector("[data-look-label]");
    const shown = this.root.querySelector("[data-shown]");
    const labels = [label.textContent, label.dataset.back];
    button.hidden = false;
    button.addEventListener("click", async () => {
      const open = !shown.hidden;
      if (!open) {
        const answer = await post(this.root.dataset.preview, { body: this.box.value });
        if (!answer.ok) return;
        shown.firstElementChild.innerHTML = await answer.text();
      }
      label.textContent = labels[Number(!open)];
      shown.hidden = open;
      this.box.hidden = !open;
      if (open) this.box.focus();
    });
  }

  // --- files --------------------------------------------------------------------------------------------------

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

  row({ key, name }) {
    const row = document.createElement("li");
    const label = document.createElement("label");
    const box = Object.assign(document.createElement("input"), { type: "checkbox", name: "files", value: key, checked: true });
    label.append(box, ` ${name}`);
    row.append(label);
    return row;
  }

  async upload(file) {
    const row = document.createElement("li");
    row.textContent = `${file.name} …`;
    this.root.querySelector("[data-files]").append(row);
    let taken = {};
    if (this.root.querySelectorAll("[name=files]:checked").length >= Number(this.root.dataset.most)) {
      row.className = "error";
      row.textContent = `${file.name}: ${this.root.dataset.tooMany}`;
      return;
    }
    try {
      const answer = await post(this.root.dataset.upload, { file, writer: document.body.dataset.person });
      taken = await answer.json();
    } catch {
      taken = { problem: `${file.name}: ✕` };
    }
    if (taken.key) {
      row.replaceWith(this.row(taken));
      this.typed();
    } else {
      row.className = "error";
      row.textContent = taken.problem;
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

document.querySelectorAll("[data-composer]").forEach((root) => new Composer(root));
