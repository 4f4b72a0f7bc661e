// Shows what a change of priority would do as soon as something is chosen. What was written by hand stays.

const choice = document.querySelector("[data-choice]");
const preview = document.getElementById("preview");
let asked = 0;

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
  const reasons = document.getElementById("because");
  reasons.replaceChildren(...page.getElementById("because").childNodes);
  // Which priorities there are depends on where it happens.
  offers.forEach((offer) => {
    const there = document.getElementById(offer.id);
    there.disabled = offer.disabled;
    if (offer.disabled) there.checked = false;
    there.closest(".choice").className = offer.closest(".choice").className;
    there.closest(".choice").querySelector(".promised").replaceChildren(...offer.closest(".choice").querySelector(".promised").childNodes);
  });
}

choice.addEventListener("change", look);
choice.addEventListener("submit", look);
