// Copying and printing recovery codes. Without this they can be selected and downloaded.

const codes = document.getElementById("recovery-codes");
const copy = document.getElementById("copy-codes");
const print = document.getElementById("print-codes");

const select = () => {
  const range = document.createRange();
  range.selectNodeContents(codes);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
};

if (codes) {
  copy.hidden = print.hidden = false;
  copy.addEventListener("click", async () => {
    const status = document.getElementById("codes-status");
    const text = [...codes.children].map((code) => code.textContent).join("\n");
    try {
      await navigator.clipboard.writeText(text);
      status.textContent = copy.dataset.copied;
    } catch {
      // Browsers keep the clipboard from pages that are not encrypted.
      select();
      status.textContent = copy.dataset.failed;
    }
  });
  print.addEventListener("click", () => window.print());
}
