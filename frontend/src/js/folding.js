// What opens and closes: data-folds="id" on a button, and <details data-pop> that closes when one looks elsewhere.
import { on } from "./on.js";

const set = (button, open) => {
  document.getElementById(button.dataset.folds).toggleAttribute("data-open", open);
  button.setAttribute("aria-expanded", open);
};
const opened = () => document.querySelector('[data-folds][aria-expanded="true"]');

on("click", "[data-folds]", (button) => set(button, button !== opened()));

document.addEventListener("click", (event) => {
  for (const pop of document.querySelectorAll("details[data-pop][open]")) {
    if (!pop.contains(event.target)) pop.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const button = opened();
  const pop = document.querySelector("details[data-pop][open]");
  if (button) set(button, false);
  if (pop) pop.open = false;
  (button || pop?.querySelector("summary"))?.focus();
});
