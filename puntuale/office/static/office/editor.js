// The line a finding is about, one click away. Without scripts the number alone is there.

const source = document.getElementById("source");
const findings = document.getElementById("findings");

function offer() {
  for (const told of findings.querySelectorAll("span[data-line]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = told.className;
    button.dataset.line = told.dataset.line;
    button.textContent = told.textContent;
    told.replaceWith(button);
  }
}

function show(line) {
  const lines = source.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  source.focus();
  source.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
  source.scrollTop = (source.scrollHeight / lines.length) * Math.max(0, line - 5);
}

if (source && findings) {
  offer();
  document.body.addEventListener("htmx:afterSwap", offer);
  findings.addEventListener("click", (event) => {
    const line = event.target.closest("button[data-line]")?.dataset.line;
    if (line) show(Number(line));
  });
}
