// Backup codes: copied, kept as a file, printed. Without it the buttons stay hidden, and the codes can be selected.
(() => {
  "use strict";
  const sheet = document.getElementById("two-factor-sheet");
  if (!sheet) return;
  const said = document.getElementById("two-factor-said");
  const codes = [...sheet.querySelectorAll("code")].map((code) => code.textContent.trim());
  const lines = [...sheet.querySelectorAll("[data-line]")].map((line) => line.textContent.trim());
  const text = `${[...lines, "", ...codes].join("\r\n")}\r\n`;
  const on = (id, act) => document.getElementById(id).addEventListener("click", act);
  const say = (words) => {
    // A screen reader speaks of what changes, so that a second press is heard too.
    said.textContent = "";
    setTimeout(() => { said.textContent = words; }, 50);
  };

  // Where there is no clipboard (a page without https), or it is refused: what is selected can be copied by hand.
  const select = () => {
    const range = document.createRange();
    range.selectNodeContents(document.getElementById("two-factor-codes"));
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  };
  on("two-factor-copy", async () => {
    try {
      await navigator.clipboard.writeText(text);
      say(said.dataset.copied);
    } catch {
      select();
      say(said.dataset.selected);
    }
  });
  on("two-factor-download", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
    link.download = sheet.dataset.file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  });
  on("two-factor-print", () => print());
})();
