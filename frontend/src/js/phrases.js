// Usual phrases: data-phrase-for="id of the text" adds the button's words as a line of their own.
import { on } from "./on.js";

on("click", "[data-phrase-for]", (button) => {
  const field = document.getElementById(button.dataset.phraseFor);
  field.value = [field.value.trimEnd(), button.textContent.trim()].filter(Boolean).join("\n");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
