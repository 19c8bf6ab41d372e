// Fields that depend on an answer: data-show='[["category", ["housing", "municipal"]]]', every condition must hold.
// What is hidden is disabled and so not sent; the server decides again on what it receives.
import { on, onContent } from "./on.js";

function refresh(form) {
  for (const part of form.querySelectorAll("[data-show]")) {
    const given = new FormData(form); // without what a part above has just disabled
    const holds = ([name, wanted]) => given.getAll(name).some((value) => wanted.includes(value));
    part.toggleAttribute("data-off", !JSON.parse(part.dataset.show).every(holds));
    for (const control of part.querySelectorAll("input, select, textarea, button")) {
      control.disabled = control.closest("[data-off]") !== null;
    }
  }
}

on("change", "form", refresh);
onContent(() => document.querySelectorAll("form").forEach(refresh));
