// Repeats beside the button what the chosen priority promises. The times themselves come from the server.

const said = document.getElementById("answer-by");

function repeat() {
  const chosen = document.querySelector("input[name=priority]:checked");
  if (!chosen) return;
  const { due } = chosen.dataset;
  const text = due ? said.dataset.with.replace("%(due)s", due) : said.dataset.without;
  if (said.textContent !== text) said.textContent = text;
}

// The button that asks for the times anew is for browsers that do not run this.
document.getElementById("without-scripts").remove();
document.addEventListener("change", (event) => {
  // Whoever chooses a priority anew wants that one.
  if (event.target.matches("input[name=priority]")) document.querySelector("input[name=wanted]")?.remove();
  repeat();
});
document.addEventListener("htmx:afterSettle", repeat);
repeat();
