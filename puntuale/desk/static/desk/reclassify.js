// Shows what a change of priority would do as soon as something is chosen. What was written by hand stays.

const choice = document.querySelector("[data-choice]");
const preview = document.getElementById("preview");
let asked = 0;

// Which reasons there are depends on what is chosen. Options that come one by one do not keep which of them is.
function offer(reasons, fresh) {
  const keys = (list) => [...list.options].map((option) => option.value).join();
  if (keys(reasons) === keys(fresh)) return;
  const { value } = fresh;
  reasons.replaceChildren(...fresh.childNodes);
  reasons.value = value;
}

async function look(event) {
  event?.preventDefault();
  const mine = ++asked;
  const address = `${location.pathname}?${new URLSearchParams(new FormData(choice))}`;
  const answer = await fetch(address);
  if (!answer.ok || mine !== asked) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [before, offers] = [preview.querySelector("#text"), page.getElementById("choice").querySelectorAll("[name=to]")];
  const written = before && before.value !== before.defaultValue ? before.value : null;
  preview.replaceChildren(...page.getElementById("preview").childNodes);
  const after = preview.querySelector("#text");
  if (written !== null && after) after.value = written;
  offer(document.getElementById("because"), page.getElementById("because"));
  // Which priorities there are depends on where it happens.
  offers.forEach((one) => {
    const there = document.getElementById(one.id);
    there.disabled = one.disabled;
    if (one.disabled) there.checked = false;
    there.closest(".choice").className = one.closest(".choice").className;
    there.closest(".choice").querySelector(".promised").replaceChildren(...one.closest(".choice").querySelector(".promised").childNodes);
  });
}

choice.addEventListener("change", look);
choice.addEventListener("submit", look);
