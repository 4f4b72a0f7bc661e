// Says what became of a passkey that was asked for. django-allauth asks for it, and reports only what went wrong.

const status = document.getElementById("passkey-status");
const REASONS = { NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "known" };

const say = (what) => {
  status.textContent = status.dataset[what];
};

document.getElementById(status.dataset.button).addEventListener("click", () => say("waiting"));

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  say(window.PublicKeyCredential ? (REASONS[event.detail.exception.name] ?? "failed") : "unsupported");
});
