// What the pages do better with a script; without it, every form still works.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("scripted");
  for (const element of document.querySelectorAll("[data-with-script]")) element.hidden = false;

  // Says something to a screen reader once, where a ticking text would not stop.
  const voice = document.createElement("p");
  voice.className = "said";
  voice.setAttribute("role", "status");
  document.body.append(voice);

  // A form leaves once: its button shows that it is on its way. It can leave
  // again when the reader comes back, or when nothing came after a while.
  const leaving = new Map();
  const release = (form) => {
    const undo = leaving.get(form);
    leaving.delete(form);
    if (undo) undo();
  };
  const occupy = (button) => {
    if (!button || !button.dataset.busy) return () => {};
    const label = button.textContent;
    button.textContent = button.dataset.busy;
    button.setAttribute("aria-busy", "true");
    return () => {
      button.textContent = label;
      button.removeAttribute("aria-busy");
    };
  };
  for (const form of document.querySelectorAll("form[method=post]")) {
    form.addEventListener("submit", (event) => {
      if (leaving.has(form)) event.preventDefault();
      if (event.defaultPrevented) return;
      leaving.set(form, occupy(event.submitter || form.querySelector("button[type=submit]")));
      setTimeout(release, 10000, form);
    });
  }

  // Seconds count down; what they hold back is freed at the end.
  const countdowns = [];
  for (const text of document.querySelectorAll("[data-countdown]")) {
    const seconds = Number.parseInt(text.dataset.countdown, 10);
    if (!(seconds > 0)) continue;
    const held = document.getElementById(text.dataset.holds);
    const alert = text.closest("[role=alert]");
    if (alert) alert.removeAttribute("role");
    if (held) held.disabled = true;
    const end = Date.now() + seconds * 1000;
    const show = () => {
      const left = Math.ceil((end - Date.now()) / 1000);
      if (left > 0) {
        text.textContent = left === 1 ? text.dataset.one : text.dataset.other.replace("#", String(left));
        return true;
      }
      if (held) held.disabled = false;
      text.textContent = text.dataset.done;
      voice.textContent = text.dataset.done;
      return false;
    };
    const timer = setInterval(() => show() || clearInterval(timer), 1000);
    countdowns.push(show);
    show();
  }
  // A sleeping tab wakes up on time.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) for (const show of countdowns) show();
  });

  // A code holds digits only and leaves by itself, once, when it is whole.
  for (const input of document.querySelectorAll("input[data-digits]")) {
    const whole = Number.parseInt(input.dataset.digits, 10);
    let left = false;
    const tidy = () => {
      const before = input.value;
      const caret = input.selectionStart ?? before.length;
      const digits = before.replace(/\D/g, "").slice(0, whole);
      if (digits !== before) {
        const place = before.slice(0, caret).replace(/\D/g, "").length;
        input.value = digits;
        input.setSelectionRange(Math.min(place, whole), Math.min(place, whole));
      }
      const button = input.form && input.form.querySelector("button[type=submit]");
      if (digits.length === whole && !left && button && !button.disabled) {
        left = true;
        input.form.requestSubmit(button);
      }
    };
    input.addEventListener("input", (event) => {
      if (!event.isComposing) tidy();
    });
    input.addEventListener("compositionend", tidy);
  }

  // A password can be looked at; it leaves hidden, so that no browser keeps it as an ordinary text.
  for (const box of document.querySelectorAll("input[data-reveals]")) {
    const field = document.getElementById(box.dataset.reveals);
    if (!field) continue;
    const show = () => { field.type = box.checked ? "text" : "password"; };
    box.addEventListener("change", show);
    if (field.form) field.form.addEventListener("submit", () => { field.type = "password"; });
    show();
  }

  // Coming back with the browser's arrow finds forms that can leave again.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of [...leaving.keys()]) release(form);
    for (const show of countdowns) show();
  });
})();
